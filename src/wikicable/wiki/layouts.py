"""The shapes in which a whole wiki is written: where each page goes, and how links lead from file to file.

``register_layouts`` gives ``Layout`` values.  A layout is data: the format of its pages, the names of its files, the
rule by which its readers find a heading, and a few functions for what is its own.  The same value reads such a folder
back, so that a page has the same id after the way there and back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote, unquote

from wikicable.formats import Format, Formats
from wikicable.model import Document, Inline, Link, MediaTarget, UrlTarget
from wikicable.plugins import Plugins
from wikicable.wiki.sources import Change
from wikicable.wikiconf import WikiConf

_UNSAFE_IN_URL = re.compile(r"[^\w.~!$'*+,;=@/()-]")
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%\ud800-\udfff]|^\.|[. ]$')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
"""Names that Windows gives to devices."""


# -- headings ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the id its author chose, or nothing, and the one the wiki gives it."""

    level: int
    text: str
    chosen: str = ""
    wiki_id: str = ""


AnchorRule: TypeAlias = Callable[[Sequence[Heading]], list[str]]
"""Gives the anchors by which the headings of one page are found, in their order."""


def wiki_ids(headings: Sequence[Heading]) -> list[str]:
    """Find headings by the ids the wiki gives them."""
    return [heading.wiki_id for heading in headings]


# -- links ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link from a page to another or to the same one, to be written into its file.

    ``path`` leads there from the folder of the file, and is empty within one page; ``anchor`` is the heading's, and
    ``heading`` its text.  ``target_path`` is the path below the root of all files.
    """

    link: Link
    source_id: str
    page_id: str
    path: str
    target_path: str
    anchor: str = ""
    heading: str = ""
    query: str = ""
    is_there: bool = True


def relative_link(place: PageLink) -> Inline:
    """Link to a file by its path, and to a heading in it by its anchor."""
    link = place.link
    query = f"?{url_path(place.query)}" if place.query else ""
    return Link(
        UrlTarget(url_path(place.path) + query + url_fragment(place.anchor)), link.content, link.attr, at=link.at
    )


@dataclass(frozen=True, slots=True)
class MediumPlace:
    """A medium that a page shows or links to: ``path`` leads to its file from the folder of the page's."""

    target: MediaTarget
    source_id: str
    media_id: str
    path: str


def relative_medium(place: MediumPlace) -> MediaTarget | UrlTarget:
    """Point to a medium by its path."""
    return UrlTarget(url_path(place.path))


def url_path(path: str) -> str:
    """Percent-encode what a path in a URL cannot hold; letters of all scripts stay as they are."""
    return _UNSAFE_IN_URL.sub(lambda char: quote(char[0], errors="surrogateescape"), path)


def url_fragment(anchor: str) -> str:
    """Give an anchor with its mark, or nothing."""
    return f"#{url_path(anchor)}" if anchor else ""


# -- the site ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page that has been written: its file, and what an index says of it."""

    id: str
    path: str
    title: str
    tags: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """An old name of a page, the file at which it is looked for, and the page it leads to, with its file."""

    id: str
    path: str
    page_id: str
    page_path: str


@dataclass(frozen=True)
class Site:
    """The wiki as it has been written; ``pages`` gives them in the order of their ids, as often as it is asked.

    ``tags`` are the files of the tags' pages; there are no ``redirects`` where nobody asked for them.
    """

    title: str
    conf: WikiConf
    pages: Callable[[], Iterator[SitePage]]
    tags: Mapping[str, str] = field(default_factory=dict)
    redirects: tuple[Redirect, ...] | None = None


SideFile: TypeAlias = tuple[str, "str | bytes"]
"""A path below the target and what is written there."""


def no_side_files(_: Site) -> Iterator[SideFile]:
    """Write nothing beside pages and media."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Finish:
    """What a layout knows of a page when it gives its document the last touch."""

    id: str
    path: str
    title: str
    conf: WikiConf
    old_names: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def unchanged(document: Document, _: Finish) -> Document:
    """Leave a document as it is."""
    return document


def as_written(text: str, _: Finish) -> str:
    """Leave a page as its format's writer gives it."""
    return text


def as_read(document: Document) -> Document:
    """Leave a document as it was read."""
    return document


def same(path: str) -> str:
    """Leave a path as it is."""
    return path


# -- layouts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """A shape for a whole wiki.

    ``start`` is the name that start pages have here, if it is not the wiki's own; ``leaf`` that of the file of any other
    page, where each has a folder of its own.  ``tag_folder`` is where a page for each tag is written, if there are such
    pages.  ``place`` gives what two files must not have in common.  ``encoded`` and ``decoded`` turn a path without its
    ending into the file's name and back.  ``marks`` are names of files that only such a folder has, ``own_files`` those
    of files that are named like pages and are none.

    ``finish`` gives a document the last touch before it is written, ``restore`` undoes that; ``wrap`` is given the text
    that was written.  ``is_rooted`` means that links are paths from the root of all files, or names of files that are
    found wherever they lie, as in a vault; ``shows_backlinks`` that the program for which it is shows by itself what
    links to a page; ``writes_redirects`` that the layout itself writes down where old names of pages lead, which else
    become pages that link to the new ones.
    """

    name: str
    title: str
    format: str
    suffix: str
    page_root: str = ""
    media_root: str = "_media"
    start: str = ""
    leaf: str = ""
    tag_folder: str = ""
    is_rooted: bool = False
    shows_backlinks: bool = False
    writes_redirects: bool = False
    marks: tuple[str, ...] = ()
    own_files: tuple[str, ...] = ()
    write_options: Mapping[str, object] = field(default_factory=dict)
    read_options: Mapping[str, object] = field(default_factory=dict)
    anchors: AnchorRule = wiki_ids
    link: Callable[[PageLink], Inline] = relative_link
    medium: Callable[[MediumPlace], MediaTarget | UrlTarget] = relative_medium
    finish: Callable[[Document, Finish], Document] = unchanged
    restore: Callable[[Document], Document] = as_read
    wrap: Callable[[str, Finish], str] = as_written
    side_files: Callable[[Site], Iterator[SideFile]] = no_side_files
    encoded: Callable[[str], str] = same
    decoded: Callable[[str], str] = unquote
    place: Callable[[str], str] = same

    def page_path(self, page_id: str, conf: WikiConf, *, is_start: bool = False) -> str:
        """Give the file of a page; ``is_start`` says that it is the start page of the namespace of its own name."""
        space, colon, name = page_id.rpartition(":")
        if self.start and name == conf.start:
            name = self.start
        elif self.leaf:
            name = f"{name}:{self.start if is_start else self.leaf}"
        return self._rooted(self.page_root, self._path(space + colon + name)) + self.suffix

    def page_id(self, path: str, conf: WikiConf) -> str | None:
        """Give the id of the page a file holds; none if it is no page."""
        inside = _inside(path, self.page_root)
        if inside is None or not inside.endswith(self.suffix) or path in self.own_files:
            return None
        if self.tag_folder and _inside(inside, self.tag_folder) is not None:
            return None
        space, slash, name = inside.removesuffix(self.suffix).rpartition("/")
        if self.start and name == self.start:
            name = conf.start
        elif self.leaf and name == self.leaf and space:
            space, slash, name = space.rpartition("/")
        return self.decoded(space + slash + name).replace("/", ":")

    def ending(self, path: str) -> str:
        """Give what the path of a page ends with whatever the page is."""
        folder = f"/{self.leaf}{self.suffix}"
        return folder if self.leaf and path.endswith(folder) else self.suffix

    def media_path(self, media_id: str) -> str:
        """Give the file of a medium."""
        return self._rooted(self.media_root, self._path(media_id))

    def media_id(self, path: str) -> str | None:
        """Give the id of the medium that a file is; none if it is none."""
        inside = _inside(path, self.media_root)
        return None if inside is None else self.decoded(inside).replace("/", ":")

    def _path(self, wiki_id: str) -> str:
        if self.encoded is not same:
            return self.encoded(wiki_id.replace(":", "/"))
        return "/".join(map(_safe_name, wiki_id.split(":")))

    @staticmethod
    def _rooted(root: str, path: str) -> str:
        return f"{root}/{path}" if root else path


def _inside(path: str, folder: str) -> str | None:
    if not folder:
        return path
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else None


def _safe_name(name: str) -> str:
    """Give a name that every file system takes: what one of them does not is percent-encoded."""
    name = _UNSAFE_IN_NAME.sub(lambda char: quote(char[0], safe="", errors="surrogateescape").replace(".", "%2E"), name)
    return f"%{ord(name[0]):02X}{name[1:]}" if _DEVICES.match(name) else name or "%3A"


def layouts(plugins: Plugins) -> dict[str, Layout]:
    """Give every layout that a plugin knows, by name."""
    return {layout.name: layout for layout in plugins.ask("register_layouts", Layout)}


def layout_for(name: str, plugins: Plugins) -> Layout:
    """Give the layout of that name, or a plain folder of files in the format of that name."""
    known = layouts(plugins)
    return known[name] if name in known else plain_layout(plugins.formats.writer(name))


def plain_layout(form: Format) -> Layout:
    """Give a folder that has one file for each page, with links by relative path."""
    return Layout(form.name, form.title, form.name, form.suffixes[0] if form.suffixes else f".{form.name}")


def layout_of_files(paths: Sequence[str], plugins: Plugins) -> Layout | None:
    """Tell by the names of its files which layout a folder most likely has."""
    marked = [each for each in layouts(plugins).values() if any(_is_marked(path, each) for path in paths)]
    if marked:
        return marked[0]
    counts: dict[str, int] = {}
    for path in filter(is_visible, paths):
        form = _format_of(path, plugins.formats)
        if form:
            counts[form] = counts.get(form, 0) + 1
    if not counts:
        return None
    name = max(sorted(counts), key=lambda each: counts[each])
    fitting = (each for each in layouts(plugins).values() if each.format == name and not each.marks)
    return next(fitting, None) or plain_layout(plugins.formats[name])


def is_visible(path: str) -> bool:
    """Whether a file is not hidden, as the settings of programs are."""
    return not path.startswith(".") and "/." not in path


def _is_marked(path: str, layout: Layout) -> bool:
    return any(path == mark or path.startswith(f"{mark}/") for mark in layout.marks)


def _format_of(path: str, formats: Formats) -> str:
    ending = path[path.rfind(".") :].lower() if "." in path else ""
    readable = (each.name for each in formats.values() if each.read and ending in each.suffixes)
    return next(readable, "")
