"""The package document of a book that is read, of EPUB 2 or 3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from wikicable.errors import FormatError
from wikicable.model import Metadata, MetaValue
from wikicable_epub.archive import Archive, resolved
from wikicable_epub.package import DUBLIN_CORE

_CONTAINER = "META-INF/container.xml"
_FOLLOWED = 8


@dataclass
class Entry:
    """A file as the manifest names it; ``path`` is its place in the archive."""

    id: str
    path: str
    media_type: str
    properties: frozenset[str]
    fallback: str

    @property
    def is_page(self) -> bool:
        """Whether it is a page of text."""
        return self.media_type in ("application/xhtml+xml", "text/html", "text/x-oeb1-document")


@dataclass
class Opf:
    """What a package document says."""

    metadata: Metadata
    entries: dict[str, Entry]
    spine: list[Entry]
    titles: dict[str, str] = field(default_factory=dict)
    """What the contents call a chapter, by its file."""

    is_ours: bool = False
    nav: str = ""


def opened(archive: Archive) -> Opf:
    """Read the package document that the container names, and the contents."""
    path = _package_path(archive)
    root = archive.xml(path)
    entries = {entry.id: entry for entry in _entries(root, path, archive)}
    spine = [_page_of(entries[name], entries) for name in _spine(root) if name in entries]
    if not spine:
        raise FormatError(f"{archive.name}: no EPUB: {path} names no chapter")
    pairs = list(_metadata(root))
    is_ours = ("generator", "wikicable") in pairs
    by_property = next((entry.path for entry in entries.values() if "nav" in entry.properties), "")
    opf = Opf(_said(pairs, is_ours=is_ours), entries, spine, is_ours=is_ours, nav=by_property)
    opf.titles = dict(_titles(archive, opf))
    return opf


def _package_path(archive: Archive) -> str:
    for each in archive.xml(_CONTAINER).iter("{*}rootfile"):
        path = resolved(unquote(each.get("full-path", "")), "")
        if path and path in archive:
            return path
    raise FormatError(f"{archive.name}: no EPUB: {_CONTAINER} names no package document that is there")


# -- manifest and spine --------------------------------------------------------------------------


def _entries(root: etree._Element, package: str, archive: Archive) -> Iterator[Entry]:
    for item in root.iterfind("{*}manifest/{*}item"):
        href = unquote(item.get("href", "").partition("#")[0])
        if "://" in href or href.startswith("data:"):
            continue
        path = resolved(href, package)
        if path is None:
            raise FormatError(f"{archive.name}: refused: {package} names {href!r}, which leads out of the book")
        properties = frozenset(item.get("properties", "").split())
        yield Entry(item.get("id", ""), path, item.get("media-type", ""), properties, item.get("fallback", ""))


def _spine(root: etree._Element) -> Iterator[str]:
    for each in root.iterfind("{*}spine/{*}itemref"):
        yield each.get("idref", "")


def _page_of(entry: Entry, entries: dict[str, Entry]) -> Entry:
    """Give a page of text that stands for a file of another kind, if there is one."""
    page = entry
    for _ in range(_FOLLOWED):
        if page.is_page or page.fallback not in entries:
            break
        page = entries[page.fallback]
    return page if page.is_page else entry


# -- metadata ------------------------------------------------------------------------------------


def _metadata(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Give names and values: elements by their own names, ``meta`` by what it says."""
    for each in root.iterfind("{*}metadata//{*}*"):
        if not isinstance(each.tag, str) or each.get("refines"):
            continue
        name = etree.QName(each).localname
        value = " ".join("".join(map(str, each.itertext())).split())
        if name != "meta":
            yield name, value
        elif each.get("property"):
            yield f"@{each.get('property')}", value
        elif each.get("name"):
            yield each.get("name", ""), each.get("content", "")


def _said(pairs: list[tuple[str, str]], *, is_ours: bool) -> Metadata:
    def all_of(name: str) -> list[str]:
        return [value for key, value in pairs if key == name and value]

    creators = all_of("creator")
    languages = [each for each in all_of("language") if each != "und"]
    extra: dict[str, MetaValue] = {}
    for key in DUBLIN_CORE:
        if values := all_of(key):
            extra[key] = values[0] if len(values) == 1 else list[MetaValue](values)
    names = [each for each in all_of("identifier") if not (is_ours and each.startswith("urn:uuid:"))]
    if names:
        extra["identifier"] = names[0]
    return Metadata(
        title=next(iter(all_of("title")), None),
        tags=tuple(dict.fromkeys(all_of("subject"))),
        lang=next(iter(languages), None),
        created=next(iter(all_of("@dcterms:created")), None),
        creator=next(iter(creators), None),
        contributors=tuple(dict.fromkeys([*creators[1:], *all_of("contributor")])),
        extra=extra,
    )


# -- contents ------------------------------------------------------------------------------------


def _titles(archive: Archive, opf: Opf) -> Iterator[tuple[str, str]]:
    """Give what the contents call each file; of several entries for one, the first counts."""
    found = {}
    if opf.nav in archive:
        found = _nav_titles(archive, opf.nav)
    for entry in opf.entries.values():
        if not found and entry.media_type == "application/x-dtbncx+xml" and entry.path in archive:
            found = _ncx_titles(archive, entry.path)
    yield from found.items()


def _nav_titles(archive: Archive, path: str) -> dict[str, str]:
    titles: dict[str, str] = {}
    try:
        root = archive.xml(path)
    except FormatError:
        return titles
    for nav in root.iter("{*}nav"):
        if "toc" in nav.get("{http://www.idpf.org/2007/ops}type", "").split():
            for link in nav.iter("{*}a"):
                _call(titles, link.get("href", ""), path, "".join(map(str, link.itertext())))
    return titles


def _ncx_titles(archive: Archive, path: str) -> dict[str, str]:
    titles: dict[str, str] = {}
    try:
        root = archive.xml(path)
    except FormatError:
        return titles
    for point in root.iter("{*}navPoint"):
        texts = point.findall("{*}navLabel/{*}text")
        content = point.find("{*}content")
        if texts and content is not None:
            _call(titles, content.get("src", ""), path, texts[0].text or "")
    return titles


def _call(titles: dict[str, str], href: str, base: str, text: str) -> None:
    path = resolved(unquote(href.partition("#")[0]), base)
    text = " ".join(text.split())
    if path and text:
        titles.setdefault(path, text)
