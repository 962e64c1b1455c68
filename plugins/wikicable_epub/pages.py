"""The chapters of a book that is read, with what links within the book need to find them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from urllib.parse import unquote

from wikicable.links import clean_id, section_ids
from wikicable.model import Attr, CodeBlock, Document, Header, Link, Node, Para, UrlTarget
from wikicable.walk import rewrite, walk
from wikicable.wikiconf import SHIPPED
from wikicable_epub.archive import resolved

PART_OF = "dcterms.isPartOf"
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:]*)([^<>]*)>")
_ID = re.compile(r"""\s(?:xml:)?(?:id|name)=["']([^"']*)["']""")
_CODE_DIRECTION = ("dir", "ltr")
_BREAK_ID = re.compile(r"pagebreak-\d+")


@dataclass
class Page:
    """A page that is read, from one chapter or from several that are parts of it."""

    id: str
    document: Document
    files: list[str]
    title: str = ""
    anchors: dict[str, int] = field(default_factory=dict)
    """Which heading of the page each place belongs to, by file and id: ``chapter.xhtml#id``."""

    _ids: list[str] = field(default_factory=list)

    def number(self, file: str, section: str) -> int | None:
        """Give the number of the heading that a place belongs to, if there is one."""
        return self.anchors.get(f"{file}#{section}")

    @property
    def ids(self) -> list[str]:
        """The ids of its headings, as they are now."""
        if not self._ids:
            self._ids = section_ids(self.document)
        return self._ids


def anchored(page: Page, file: str, document: Document, text: str, *, is_ours: bool) -> Document:
    """Add a chapter's places to those of a page; headings of other books lose ids that no wiki would give them."""
    start = sum(isinstance(node, Header) for node in walk(page.document))
    headers = list(walk(document, Header))
    for number, name in enumerate(section_ids(document)):
        page.anchors.setdefault(f"{file}#{name}", start + number)
    places = list(_places(text))
    if len(headers) == max((number for _, number in places), default=-1) + 1 or not headers:
        for name, number in places:
            if name and number >= 0:
                page.anchors.setdefault(f"{file}#{name}", start + number)
    return document if is_ours else rewrite(document, _without_id)


def _without_id(node: Node) -> Node:
    return replace(node, attr=replace(node.attr, id="")) if isinstance(node, Header) and node.attr.id else node


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Give each id in a chapter with the number of the heading it belongs to: the one before, or right after it."""
    waiting: list[str] = []
    number, end, is_heading = -1, 0, False
    for tag in _TAG.finditer(text):
        if waiting and text[end : tag.start()].strip() and not is_heading:
            yield from ((name, number) for name in waiting)
            waiting = []
        end = tag.end()
        is_opening = not tag[1]
        if re.fullmatch("h[1-6]", tag[2]):
            is_heading = is_opening
            if is_opening:
                number += 1
                yield "", number
                yield from ((name, number) for name in waiting)
                waiting = []
        if is_opening:
            names = [unescape(name) for name in _ID.findall(tag[3])]
            waiting += names
            if is_heading:
                yield from ((name, number) for name in waiting)
                waiting = []
    yield from ((name, number) for name in waiting)


def name_of(path: str, taken: set[str]) -> str:
    """Give a chapter an id of its own, made of its file's name."""
    wanted = clean_id(posixpath.splitext(posixpath.basename(path))[0], SHIPPED) or "chapter"
    name, number = wanted, 2
    while name in taken:
        name = f"{wanted}-{number}"
        number += 1
    taken.add(name)
    return name


# -- originals -----------------------------------------------------------------------------------


def original_in(document: Document) -> CodeBlock | None:
    """Give the file that a chapter holds, if that is all it holds."""
    shown = [block for block in document.blocks if not isinstance(block, Header)]
    only = shown[0] if len(shown) == 1 else None
    return only if isinstance(only, CodeBlock) and only.is_original else None


def with_originals(document: Document, file: str, originals: dict[str, CodeBlock], placed: set[str]) -> Document:
    """Put originals back where their pages link to them."""

    def put(node: Node) -> Node:
        match node:
            case Para(content=(Link(target=UrlTarget(url=url)),), attr=Attr(classes=("original",))):
                path = resolved(unquote(url.partition("#")[0]), file) or ""
                if path in originals:
                    placed.add(path)
                    return originals[path]
        return node

    return rewrite(document, put) if originals else document


def without_marks(node: Node) -> Node:
    """Take away what the writer adds: the ids of page breaks, the direction of code among text from right to left."""
    if isinstance(node, CodeBlock) and _CODE_DIRECTION in node.attr.pairs:
        pairs = tuple(pair for pair in node.attr.pairs if pair != _CODE_DIRECTION)
        return replace(node, attr=replace(node.attr, pairs=pairs))
    attr = getattr(node, "attr", None)
    if isinstance(attr, Attr) and _BREAK_ID.fullmatch(attr.id):
        return replace(node, attr=replace(attr, id=""))  # type: ignore[call-arg]
    return node
