"""Pages that are made of the whole wiki: of tags, and of old names, for targets that have no other place for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wikicable.formats import Context, make_options
from wikicable.model import Block, BulletList, Document, Header, Inline, Link, Metadata, PageTarget, Para, Plain, Str
from wikicable.notices import Notices
from wikicable.plugins import Plugins
from wikicable.wiki.layouts import Finish, Layout, PageLink, SideFile, Site, SitePage
from wikicable.wiki.pages import WorkOrder
from wikicable.wiki.paths import Paths, plan, relative
from wikicable.wikiconf import SHIPPED

INDEX = "index"
"""The name of the page that lists all tags."""


def tag_paths(layout: Layout, pages: Iterable[SitePage]) -> dict[str, str]:
    """Give the file of each tag's page; none where the layout has no tag pages."""
    if not layout.tag_folder:
        return {}
    tags = sorted({tag for page in pages for tag in page.tags})
    by_name = {f"{layout.tag_folder}:{tag.replace('/', ':')}": tag for tag in tags}
    paths: Paths = plan([*by_name, f"{layout.tag_folder}:{INDEX}"], (), layout, SHIPPED, Notices())
    return {tag: paths.pages[name] for name, tag in by_name.items()}


def side_pages(site: Site, layout: Layout, order: WorkOrder, plugins: Plugins) -> Iterator[SideFile]:
    """Give the pages of the tags, and those that tell where pages have been moved."""
    writer = _Writer(layout, order, plugins)
    if site.tags:
        yield from _tag_pages(site, writer)
    if not layout.writes_redirects:
        for each in site.redirects or ():
            link = writer.link(each.page_id, each.page_path, each.path)
            yield each.path, writer.page(each.id, each.path, Para((Str("Moved to "), link)))


def _tag_pages(site: Site, writer: _Writer) -> Iterator[SideFile]:
    by_tag: dict[str, list[SitePage]] = {tag: [] for tag in site.tags}
    for page in site.pages():
        for tag in page.tags:
            by_tag[tag].append(page)
    for tag, path in site.tags.items():
        yield path, writer.list(tag, path, [(page.title, page.path) for page in by_tag[tag]])
    index = writer.layout.page_path(f"{writer.layout.tag_folder}:{INDEX}", site.conf)
    yield index, writer.list("Tags", index, [(f"{tag} ({len(by_tag[tag])})", path) for tag, path in site.tags.items()])


class _Writer:
    def __init__(self, layout: Layout, order: WorkOrder, plugins: Plugins) -> None:
        self.layout = layout
        self._conf = order.conf
        self._format = plugins.formats.writer(layout.format)
        options = {**layout.write_options, **order.write_options}
        self._options = make_options(self._format.write_options, options, f"the {self._format.name} writer")
        self._context = Context(Notices(), plugins.formats, plugins.ask)

    def list(self, title: str, path: str, entries: Iterable[tuple[str, str]]) -> str | bytes:
        items = tuple((Plain((self.link(text, target, path),)),) for text, target in entries)
        return self.page(title, path, BulletList(items))

    def page(self, title: str, path: str, content: Block) -> str | bytes:
        document = Document((Header(1, (Str(title),)), content), Metadata(title=title))
        assert self._format.write is not None
        output = self._format.write(document, self._options, self._context)
        return output if isinstance(output, bytes) else self.layout.wrap(output, Finish("", path, title, self._conf))

    def link(self, text: str, target: str, path: str) -> Inline:
        link = Link(PageTarget(target), (Str(text),))
        return self.layout.link(PageLink(link, "", "", relative(target, path), target))
