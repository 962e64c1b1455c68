"""HTML to a document: pages that this program wrote, DokuWiki's, chapters of books, and any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from wikicable import Context, Document
from wikicable.links import section_ids
from wikicable.model import Header, Link, Metadata, Node, SectionTarget
from wikicable.notices import Notices
from wikicable.source import Source
from wikicable.tags import tags_in
from wikicable.walk import rewrite, walk
from wikicable.wikiconf import SHIPPED
from wikicable_html import ReadOptions
from wikicable_html.addresses import Addresses
from wikicable_html.blocks import Blocks
from wikicable_html.elements import Element
from wikicable_html.head import generator_of, metadata_of, of_dokuwiki, typed_signs_of, without_usual
from wikicable_html.inlines import Reading
from wikicable_html.notes import Notes
from wikicable_html.tree import Page, parsed
from wikicable_html.typography import Typed

_DOKUWIKI_LINKS = frozenset(("urlextern", "wikilink1", "wikilink2", "fn_top"))
_DOKUWIKI_CLASSES = {
    "div": frozenset(("level1", "level2", "level3", "level4", "level5", "li")),
    "table": frozenset(("inline",)),
    "pre": frozenset(("code", "file")),
}
"""The classes by which DokuWiki's elements are known; our own code stands in an element in the ``pre``."""

_KEPT_STYLE = re.compile(r"\s*(?:font-(?:weight|style|variant)|text-(?:align|decoration))\b", re.IGNORECASE)
_MEDIA = dict.fromkeys(("img", "video"), ("height", "width"))
_LOOKS: dict[str, tuple[str, ...]] = {
    "font": ("color", "face", "size"),
    "body": ("bgcolor", "text"),
    "hr": ("color", "size", "width"),
    "table": ("bgcolor", "height", "width"),
    **dict.fromkeys(("tr", "td", "th", "col"), ("bgcolor", "height", "width")),
    **_MEDIA,
}
"""Attributes of older HTML that say how something looks; the size of a medium in pixels is kept."""

_WIKIS = ("dokuwiki", "wikicable")


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a page or a fragment."""
    page = parsed(source)
    _say_what_is_lost(page, context.notices)
    generator = generator_of(page.root) if page.is_whole else ""
    metadata = metadata_of(page.root) if page.is_whole else Metadata()
    metadata = of_dokuwiki(metadata, page.root) if generator == "dokuwiki" else metadata
    metadata = replace(metadata, page_id=options.page or metadata.page_id)
    body = _shown(page, generator)
    is_set = not page.is_whole or generator in _WIKIS
    blocks = Blocks(_reading(body, metadata, options, context, is_set=is_set, root=page.root))
    document = _tagged(Document(blocks.inside(body), metadata))
    if generator in _WIKIS:
        document = without_usual(document, page.root)
    return _with_sections(document, blocks.headings)


def _say_what_is_lost(page: Page, notices: Notices) -> None:
    if page.is_flattened:
        notices.changed("html.depth", None, "what stands too deep in other elements stands higher up")
    if count := sum(1 for element in page.body.walk() for _ in _lost_styles(element)):
        notices.changed("html.style", None, f"{count} that say neither a mark nor where the text of a cell stands")


def _lost_styles(element: Element) -> Iterator[str]:
    """Give what an element says of its look that the document does not; our own pages say it a second time."""
    if "style" in element.keys and "data-style" not in element.keys:
        styles = element.get("style").split(";")
        yield from (style for style in styles if style.strip() and not _KEPT_STYLE.match(style))
    for name in _LOOKS.get(element.tag, ()):
        if name in element.keys and not (element.tag in _MEDIA and "%" not in element.get(name)):
            yield name


def _tagged(document: Document) -> Document:
    """Say which tags the page has, where only its text does."""
    metadata = document.metadata
    tags = metadata.tags or tags_in(document.blocks, document.conf)
    return replace(document, metadata=replace(metadata, tags=tags)) if tags else document


def _base(root: Element) -> str:
    return next((each.get("href").strip() for each in root.walk() if each.tag == "base"), "")


def _reading(
    body: Element, metadata: Metadata, options: ReadOptions, context: Context, *, is_set: bool, root: Element
) -> Reading:
    conf, page_id = SHIPPED, metadata.page_id or ""
    base, signs = ("", typed_signs_of(root)) if is_set else (_base(root), "")
    is_dokuwiki = any(_is_dokuwikis(each, is_set=is_set) for each in body.walk())
    is_typed = options.typography == "typed" or (options.typography == "auto" and is_set)
    return Reading(
        conf,
        page_id,
        Addresses(conf, page_id, base, is_dokuwiki=is_dokuwiki),
        Notes(body),
        context.notices,
        Typed(conf, metadata.lang or "", signs).text if is_typed else str,
        is_dokuwiki,
        is_set,
    )


def _shown(page: Page, generator: str) -> Element:
    """Give what holds the text: of a page of DokuWiki's, its content without the template."""
    if generator != "dokuwiki":
        return page.body
    pages = (each for each in page.body.walk() if each.tag == "div" and "page" in each.classes)
    return next(pages, page.body)


def _is_dokuwikis(element: Element, *, is_set: bool) -> bool:
    """Whether DokuWiki itself wrote an element: it says of links in a title where they lead, of items their level.

    Its code is known in fragments only: other pages have such a class too.
    """
    if not (classes := element.classes):
        return False
    if element.tag == "a":
        return "fn_top" in classes or ("title" in element.keys and not _DOKUWIKI_LINKS.isdisjoint(classes))
    if element.tag == "pre" and not (is_set and all(each.tag != "code" for each in element.elements)):
        return False
    return not _DOKUWIKI_CLASSES.get(element.tag, frozenset()).isdisjoint(classes)


# -- sections ------------------------------------------------------------------------------------


def _with_sections(document: Document, headings: list[tuple[str, Header]]) -> Document:
    """Lead links within the page to the headings as they are now."""
    moved = dict(_moved(document, headings))
    if not moved:
        return document

    def lead(node: Node) -> Node:
        match node:
            case Link(target=SectionTarget(section=section)) if section in moved:
                return replace(node, target=SectionTarget(moved[section]))
        return node

    return rewrite(document, lead)


def _moved(document: Document, headings: list[tuple[str, Header]]) -> Iterator[tuple[str, str]]:
    """Give the ids of headings that have another one now, with that."""
    headers = walk(document, Header)
    now = {id(header): each for header, each in zip(headers, section_ids(document), strict=True)}
    for before, header in headings:
        after = now.get(id(header), "")
        if before and after and before != after:
            yield before, after
