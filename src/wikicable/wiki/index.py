"""What a page holds, in short: enough to link to it, to list it and to say what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from wikicable.links import SectionIds
from wikicable.model import CodeBlock, Document, Header, Image, Link, Node, Table
from wikicable.source import Source
from wikicable.walk import plain_text, walk
from wikicable.wiki.layouts import Heading
from wikicable.wiki.references import MediaReference, PageReference, Resolver


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """A link on a page: the id of the page or medium it leads to, the section, and where it stands."""

    id: str
    section: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class PageIndex:
    """What a page holds."""

    id: str
    title: str
    headings: tuple[Heading, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[LinkPlace, ...] = ()
    media: tuple[LinkPlace, ...] = ()
    originals: tuple[str, ...] = ()
    modified: str = ""


def index_page(document: Document, page_id: str, resolver: Resolver, source: Source) -> PageIndex:
    """Tell what a page holds; its title is its first heading if it has none of its own."""
    ids = SectionIds(document.conf)
    headings: list[Heading] = []
    links: list[LinkPlace] = []
    media: list[LinkPlace] = []
    originals: list[str] = []
    for node in walk(document, Link, Image, Header, Table, CodeBlock):
        match node:
            case Link() | Image():
                match resolver.resolve(node.target):
                    case PageReference(id=target, section=section):
                        links.append(_place(target, section, node, source))
                    case MediaReference(id=target):
                        media.append(_place(target, "", node, source))
            case Header(level=level):
                headings.append(Heading(level, plain_text(node).strip(), node.attr.id, ids.of(node)))
            case Table():
                ids.skip_table()
            case CodeBlock(filename=name) if node.is_original:
                originals.append(name)
    metadata = document.metadata
    title = metadata.title or next((each.text for each in headings if each.text), "") or page_id.rpartition(":")[2]
    return PageIndex(
        page_id,
        title,
        tuple(headings),
        metadata.tags,
        tuple(links),
        tuple(media),
        tuple(originals),
        metadata.modified or "",
    )


def _place(target: str, section: str, node: Node, source: Source) -> LinkPlace:
    if node.at is None:
        return LinkPlace(target, section)
    place = source.place(node.at)
    return LinkPlace(target, section, place.line, place.column)
