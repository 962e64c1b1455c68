"""One page of a wiki: read, indexed, its links led to the files of the target, written.

This is the work that is done in other processes.  A ``WorkOrder`` says what is the same for all pages; a ``PageTask``
is one page.  A page whose links lead to sections of other pages waits until those are indexed.
"""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Never

from wikicable.errors import FormatError, InputError
from wikicable.formats import Context, make_options
from wikicable.links import clean_id, link_text, section_id
from wikicable.model import Document, Image, Inline, Link, MediaTarget, Metadata, Node, PageTarget, Str, UrlTarget
from wikicable.notices import Notice, Notices
from wikicable.plugins import Plugins, installed
from wikicable.source import Source, encoded
from wikicable.transforms import Steps
from wikicable.walk import rewrite
from wikicable.wiki.backlinks import with_backlinks, without_backlinks
from wikicable.wiki.bound import documents
from wikicable.wiki.index import PageIndex, index_page
from wikicable.wiki.layouts import Finish, Heading, MediumPlace, PageLink, layout_for
from wikicable.wiki.opening import source_named
from wikicable.wiki.output import Target, TargetError
from wikicable.wiki.paths import Paths, relative
from wikicable.wiki.references import (
    FileResolver,
    MediaReference,
    PageReference,
    RedirectedResolver,
    Resolver,
    WikiResolver,
    shortest_by_name,
)
from wikicable.wiki.sources import NO_FACTS, PageFacts, WikiSource
from wikicable.wiki.trees import Blob, read_blob
from wikicable.wikiconf import WikiConf


@dataclass(frozen=True)
class WorkOrder:
    """What is the same for all pages of a batch; a layout or source is named, and found again where the work is done."""

    source: str
    source_layout: str
    format: str
    layout: str
    conf: WikiConf
    paths: Paths
    source_paths: Paths = field(default_factory=Paths)
    read_options: Mapping[str, object] = field(default_factory=dict)
    write_options: Mapping[str, object] = field(default_factory=dict)
    transforms: tuple[str, ...] = ()
    backlinks: bool = False
    redirects: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None


@dataclass(frozen=True)
class PageTask:
    """One page to convert: where its bytes are, and the digest of those it was converted from before.

    ``headings`` are those of the pages whose sections it links to, and ``backlinks`` the pages that link to it, with
    their titles, once they are known; ``has_to_wait`` allows it to be put off until then.  ``kept`` is what
    ``PageResult.kept`` was when it was.
    """

    id: str
    path: str
    blob: Blob
    companions: tuple[tuple[str, Blob], ...] = ()
    part: int | None = None
    known: str = ""
    headings: Mapping[str, tuple[Heading, ...]] = field(default_factory=dict)
    backlinks: tuple[tuple[str, str], ...] = ()
    has_to_wait: bool = True
    kept: bytes = b""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What came of a page: ``unchanged``, ``waiting`` for others to be read, ``written``, ``failed`` or ``stopped``.

    ``asked`` are the pages and ``shown`` the media whose being there made a difference, with their files; ``linked``
    the pages that are to say that this one links to them.  ``kept`` is a waiting page as it was read, so that it need
    not be read again.
    """

    id: str
    outcome: str
    digest: str = ""
    index: PageIndex | None = None
    asked: Mapping[str, str | None] = field(default_factory=dict)
    shown: Mapping[str, str | None] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    size: int = 0
    notices: tuple[Notice, ...] = ()
    error: str = ""
    seconds: float = 0.0
    data: bytes | None = None
    kept: bytes = b""


class Converter:
    """Converts the pages of one order; made once in each process."""

    def __init__(self, order: WorkOrder, plugins: Plugins | None = None) -> None:
        self.order = order
        self.plugins = plugins or installed()
        self.layout = layout_for(order.layout, self.plugins)
        self.source_layout = layout_for(order.source_layout, self.plugins) if order.source_layout else None
        self.source: WikiSource = source_named(order.source, self.plugins)
        self.reader = self.plugins.formats.reader(order.format)
        self.writer = self.plugins.formats.writer(self.layout.format)
        self.read_options = make_options(
            self.reader.read_options,
            {**(self.source_layout.read_options if self.source_layout else {}), **order.read_options},
            f"the {self.reader.name} reader",
        )
        self.write_options = make_options(
            self.writer.write_options,
            {**self.layout.write_options, **order.write_options},
            f"the {self.writer.name} writer",
        )
        self.steps = Steps.named(order.transforms, self.plugins)
        self.target = Target(order.folder) if order.folder is not None else None
        self._page_of_file = {path: page_id for page_id, path in order.source_paths.pages.items()}
        self._medium_of_file = {path: media_id for media_id, path in order.source_paths.media.items()}
        self._parts: tuple[str, list[Document]] = ("", [])
        is_rooted = self.source_layout is not None and self.source_layout.is_rooted
        self._by_name = shortest_by_name([*self._page_of_file, *self._medium_of_file]) if is_rooted else {}

    def convert(self, task: PageTask) -> PageResult:
        """Convert one page; whatever goes wrong with it is its own result."""
        start = time.perf_counter()
        try:
            result = self._convert(task)
        except TargetError as error:
            result = PageResult(task.id, "stopped", error=str(error))
        except (InputError, FormatError) as error:
            result = PageResult(task.id, "failed", error=str(error))
        except RecursionError:
            result = PageResult(task.id, "failed", error=f"{task.path}: nested too deeply")
        except Exception as error:  # noqa: BLE001  a fault in one page must not cost the others
            result = PageResult(
                task.id, "failed", error=f"{task.path}: a fault of the program, {type(error).__name__}: {error}"
            )
        return replace(result, seconds=time.perf_counter() - start)

    def _convert(self, task: PageTask) -> PageResult:
        data = read_blob(task.blob, task.path)
        companions = {path: read_blob(blob, path) for path, blob in task.companions}
        digest = _digest(data, companions)
        if digest == task.known:
            return PageResult(task.id, "unchanged", digest)
        facts = self.source.describe(companions)
        return PageReading(self, task, Source(data, task.path), facts).result(digest)

    def part(self, source: Source, number: int) -> Document:
        """Give one of the pages of a file; those of the file asked for last are at hand."""
        name, parts = self._parts
        if name != source.name:
            context = Context(Notices(source), self.plugins.formats, self.plugins.ask)
            parts = list(documents(self.reader, source, self.read_options, context))
            self._parts = (source.name, parts)
        return parts[number]

    def convert_revision(
        self,
        page_id: str,
        target_path: str,
        source: Source,
        facts: PageFacts,
        headings: Callable[[Iterable[str]], Mapping[str, tuple[Heading, ...]]],
    ) -> bytes:
        """Convert an old revision of a page, as the wiki is now; ``headings`` gives those of other pages."""
        task = PageTask(page_id, source.name, _NO_BLOB, has_to_wait=False)
        page = PageReading(self, task, source, facts, target_path)
        document = page.read()
        page.task = replace(task, headings=headings(page.wanted()))
        return page.written(document)

    def resolver(self, page_id: str, exists: Callable[[str], bool]) -> Resolver:
        """Give what tells the meaning of the links on a page."""
        resolver = self._resolver(page_id, exists)
        return RedirectedResolver(resolver, self.order.redirects) if self.order.redirects else resolver

    def _resolver(self, page_id: str, exists: Callable[[str], bool]) -> Resolver:
        order = self.order
        if self.source_layout is None:
            return WikiResolver(page_id, order.conf, exists)
        path = order.source_paths.pages.get(page_id, "")
        return FileResolver(
            page_id, path, self.source_layout, order.conf, self._page_of_file, self._medium_of_file, self._by_name
        )

    @cached_property
    def old_names(self) -> Mapping[str, tuple[str, ...]]:
        """The names that lead to each page, but for its own."""
        found: dict[str, tuple[str, ...]] = {}
        for old, page_id in self.order.redirects.items():
            found[page_id] = (*found.get(page_id, ()), old)
        return found


class _NoBlob:
    """A blob that nobody reads: the bytes are at hand."""

    def open(self) -> Never:
        raise AssertionError


_NO_BLOB = _NoBlob()


def _digest(data: bytes, companions: Mapping[str, bytes]) -> str:
    digest = hashlib.blake2b(data, digest_size=16)
    for companion in companions.values():
        digest.update(b"%d:" % len(companion) + companion)
    return digest.hexdigest()


class PageReading:
    """One page on its way."""

    def __init__(
        self, converter: Converter, task: PageTask, source: Source, facts: PageFacts = NO_FACTS, path: str = ""
    ) -> None:
        self.converter = converter
        self.order = converter.order
        self.task = task
        self.source = source
        self.asked: dict[str, None] = {}
        self.notices = Notices(source)
        self.context = Context(self.notices, converter.plugins.formats, converter.plugins.ask)
        self.resolver = converter.resolver(task.id, self._exists)
        self.path = path or self.order.paths.pages[task.id]
        self.index = PageIndex(task.id, "")
        self.facts = facts

    def _exists(self, page_id: str) -> bool:
        self.asked[page_id] = None
        return page_id in self.order.paths.pages or page_id in self.order.redirects

    # -- the way ---------------------------------------------------------------------------------

    def result(self, digest: str) -> PageResult:
        """Convert the page, unless it has to wait."""
        document = self._taken_up() if self.task.kept else self.read()
        wanted = self.wanted()
        paths = self.order.paths
        asked = {page: paths.pages.get(page) for page in (*self.asked, *(each.id for each in self.index.links))}
        shown = {each.id: paths.media.get(each.id) for each in self.index.media}
        result = PageResult(self.task.id, "waiting", digest, self.index, asked, shown, wanted, self._linked())
        if self.task.has_to_wait and (self.order.backlinks or wanted):
            return replace(result, kept=self._kept(document))
        data = self.written(document)
        if self.converter.target:
            self.converter.target.write(self.path, data)
        return replace(
            result,
            outcome="written",
            size=len(data),
            notices=tuple(self.notices),
            data=None if self.converter.target else data,
        )

    def read(self) -> Document:
        """Read the page and index it."""
        converter = self.converter
        if converter.reader.reads_utf8 and not self.source.is_utf8:
            self.notices.guessed("encoding.bytes", self.source.first_bad, "not UTF-8; kept as the bytes they are")
        document = self._restored(self._document())
        metadata = replace(_with_facts(document.metadata, self.facts), page_id=self.task.id)
        document = converter.steps(replace(document, conf=self.order.conf, metadata=metadata), self.context)
        self.index = index_page(document, self.task.id, self.resolver, self.source)
        return document

    def _kept(self, document: Document) -> bytes:
        """Keep what was read, found and noted; a page that brings media along is rather read again."""
        if document.resources:
            return b""
        return pickle.dumps((document.blocks, document.metadata, self.index, self.asked, tuple(self.notices)))

    def _taken_up(self) -> Document:
        """Give the page as it was kept."""
        kept = pickle.loads(self.task.kept)  # noqa: S301  written by this run
        blocks, metadata, self.index, self.asked, notices = kept
        for notice in notices:
            self.notices.add(notice)
        return Document(blocks, metadata, conf=self.order.conf)

    def written(self, document: Document) -> bytes:
        """Lead the links of the document to the files of the target and write it."""
        converter = self.converter
        document = rewrite(document, self._led, Link, Image)
        document = with_backlinks(document, [self._link_to(*each) for each in self.task.backlinks])
        finish = self.finish()
        document = converter.layout.finish(document, finish)
        found = converter.layout.page_id(self.path, self.order.conf)
        page_id = None if found == self.task.id else self.task.id
        document = replace(document, metadata=replace(document.metadata, page_id=page_id))
        assert converter.writer.write is not None
        output = converter.writer.write(document, converter.write_options, self.context)
        return output if isinstance(output, bytes) else encoded(converter.layout.wrap(output, finish))

    def finish(self) -> Finish:
        """Give what the layout is told of a page that has been read."""
        page_id = self.task.id
        old_names = self.converter.old_names.get(page_id, ())
        return Finish(page_id, self.path, self.index.title, self.order.conf, old_names, self.facts.changes)

    def _document(self) -> Document:
        converter, part = self.converter, self.task.part
        if part is not None:
            return converter.part(self.source, part)
        assert converter.reader.read is not None
        return converter.reader.read(self.source, converter.read_options, self.context)

    def _restored(self, document: Document) -> Document:
        layout = self.converter.source_layout
        return without_backlinks(layout.restore(document)) if layout else document

    def wanted(self) -> tuple[str, ...]:
        """Name the other pages whose headings are linked to."""
        wanted = {link.id for link in self.index.links if link.section and link.id != self.task.id}
        return tuple(sorted(page for page in wanted if page in self.order.paths.pages))

    def _linked(self) -> tuple[str, ...]:
        """Name the pages that are to say that this one links to them."""
        if not self.order.backlinks:
            return ()
        linked = {link.id for link in self.index.links} - {self.task.id}
        return tuple(sorted(page for page in linked if page in self.order.paths.pages))

    # -- links -----------------------------------------------------------------------------------

    def _link_to(self, page_id: str, title: str) -> Inline:
        """Link to a page by its title."""
        link = Link(PageTarget(page_id), (Str(title),))
        target_path = self.order.paths.pages[page_id]
        path = relative(target_path, self.path)
        return self.converter.layout.link(PageLink(link, self.task.id, page_id, path, target_path))

    def _led(self, node: Node) -> Node:
        match node:
            case Link(target=target):
                match self.resolver.resolve(target):
                    case PageReference() as page:
                        return self._page_link(node, page)
                    case MediaReference(id=media_id):
                        led = self._medium(
                            target if isinstance(target, MediaTarget) else MediaTarget(media_id), media_id, node.at
                        )
                        return replace(node, target=led, content=self.shown(node))
            case Image(target=target):
                match self.resolver.resolve(target):
                    case MediaReference(id=media_id):
                        led = self._medium(
                            target if isinstance(target, MediaTarget) else MediaTarget(media_id), media_id, node.at
                        )
                        return replace(node, target=led)
        return node

    def _page_link(self, link: Link, page: PageReference) -> Inline:
        layout, order = self.converter.layout, self.order
        target_path = order.paths.pages.get(page.id) or layout.page_path(page.id, order.conf)
        if page.id not in order.paths.pages:
            self.notices.missing("link.page", link.at, page.id)
        anchor, heading = self._anchor(page, link.at) if page.section else ("", "")
        shown = replace(link, content=self.shown(link))
        path = "" if page.is_local else relative(target_path, self.path)
        is_there = page.id in order.paths.pages
        return layout.link(
            PageLink(shown, self.task.id, page.id, path, target_path, anchor, heading, page.query, is_there)
        )

    def _anchor(self, page: PageReference, at: int | None) -> tuple[str, str]:
        """Give the anchor of a section and the text of its heading; of one that is not there, the wiki's own anchor."""
        headings = self.index.headings if page.id == self.task.id else self.task.headings.get(page.id, ())
        number = self.resolver.heading(page.section, headings)
        rule = self.converter.layout.anchors
        if number is not None:
            return rule(headings)[number], headings[number].text
        if page.id in self.order.paths.pages:
            self.notices.missing("link.section", at, f"{page.id}#{page.section}")
        return section_id(clean_id(page.section, self.order.conf), self.order.conf), ""

    def shown(self, link: Link) -> tuple[Inline, ...]:
        """Give the text of a link, which shows its target where it has none."""
        return link.content or (Str(link_text(link.target, self.order.conf, self.task.id), at=link.at),)

    def _medium(self, target: MediaTarget, media_id: str, at: int | None) -> MediaTarget | UrlTarget:
        layout, order = self.converter.layout, self.order
        if media_id not in order.paths.media:
            self.notices.missing("media", at, media_id)
        path = relative(order.paths.media.get(media_id) or layout.media_path(media_id), self.path)
        return layout.medium(MediumPlace(target, self.task.id, media_id, path))


def _with_facts(metadata: Metadata, facts: PageFacts) -> Metadata:
    """Say of a page what the wiki knows of it; the page itself has the last word."""
    return replace(
        metadata,
        created=metadata.created or facts.created,
        modified=metadata.modified or facts.modified,
        creator=metadata.creator or facts.creator,
        contributors=metadata.contributors or facts.contributors,
    )
