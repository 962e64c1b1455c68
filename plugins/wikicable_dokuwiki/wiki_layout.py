"""A DokuWiki as a target: the ``pages`` and ``media`` of a data folder, with names that DokuWiki finds by default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wikicable.links import clean_id, link_text, namespace, resolve_page, section_id
from wikicable.model import Document, Inline, Link, MediaTarget, Metadata, PageTarget, SectionTarget, Str
from wikicable.wiki.layouts import Finish, Layout, MediumPlace, PageLink, SideFile, Site
from wikicable.wikiconf import SHIPPED
from wikicable_dokuwiki.filenames import decoded, encoded


def link(place: PageLink) -> Inline:
    """Link to a page by its id, as short as it can be said, and to a heading by its text where that names it."""
    section = place.anchor
    if place.heading and section_id(place.heading, SHIPPED) == section and "|" not in place.heading:
        section = place.heading
    if not place.path:
        return _without_needless_text(replace(place.link, target=SectionTarget(section)), place)
    target = PageTarget(_written(place.page_id, place.source_id), section, place.query)
    return _without_needless_text(replace(place.link, target=target), place)


def _written(page_id: str, source_id: str) -> str:
    space = namespace(page_id)
    if space == namespace(source_id):
        return page_id.rpartition(":")[2]
    return page_id if space else f":{page_id}"


def _without_needless_text(link: Link, place: PageLink) -> Link:
    """Leave out a text that DokuWiki shows anyway; one that names the page as well as its id takes its place."""
    match link:
        case Link(content=(Str(text=text),), target=target):
            if link_text(target, SHIPPED, place.source_id) == text:
                return replace(link, content=())
            if isinstance(target, PageTarget) and _names(text, place):
                return replace(link, content=(), target=replace(target, id=text))
    return link


def _names(text: str, place: PageLink) -> bool:
    if place.anchor or place.query or any(char in text for char in "#?|>[]{}\\@~\n") or text != text.strip():
        return False
    target = PageTarget(text)
    is_shown = link_text(target, SHIPPED, place.source_id) == text
    return is_shown and resolve_page(target, place.source_id, SHIPPED) == place.page_id


def medium(place: MediumPlace) -> MediaTarget:
    """Point to a medium by its id."""
    name = place.media_id
    if clean_id(name, SHIPPED) == name:
        name = f":{name}"
    return replace(place.target, id=name)


def finish(document: Document, page: Finish) -> Document:
    """Say nothing of a page that its wiki knows by itself: its title is its first heading, its dates are in its log."""
    metadata = document.metadata
    title = None if metadata.title == page.title else metadata.title
    return replace(document, metadata=Metadata(title=title, tags=metadata.tags, extra=metadata.extra))


def redirects(site: Site) -> Iterator[SideFile]:
    """Give the pages that lead to others, for DokuWiki's redirect plugin."""
    for each in site.redirects or ():
        yield each.path, f"~~REDIRECT>:{each.page_id}~~\n"


DATA = Layout(
    name="dokuwiki",
    title="the data folder of a DokuWiki",
    format="dokuwiki",
    suffix=".txt",
    page_root="pages",
    media_root="media",
    shows_backlinks=True,
    writes_redirects=True,
    side_files=redirects,
    link=link,
    medium=medium,
    finish=finish,
    encoded=encoded,
    decoded=decoded,
)
