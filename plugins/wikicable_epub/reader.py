"""A book to documents: its chapters are read by the HTML reader, and links between them find their pages again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import unquote

from wikicable import Context, Document
from wikicable.errors import FormatError
from wikicable.formats import make_options
from wikicable.links import clean_id
from wikicable.model import (
    Block,
    CodeBlock,
    Header,
    Image,
    Link,
    MediaTarget,
    Metadata,
    Node,
    PageTarget,
    Para,
    SectionTarget,
    Str,
    Target,
    UrlTarget,
)
from wikicable.resources import Resource, Resources
from wikicable.source import Source
from wikicable.walk import rewrite, walk
from wikicable.wikiconf import SHIPPED
from wikicable_epub import ReadOptions
from wikicable_epub.archive import Archive, resolved
from wikicable_epub.chapters import UNKNOWN_LANGUAGE, derived_language, derived_title
from wikicable_epub.notes import with_notes
from wikicable_epub.opf import Entry, Opf, opened
from wikicable_epub.pages import PART_OF, Page, anchored, name_of, original_in, with_originals, without_marks

_MEDIUM = re.compile(r'<(?:img|video|audio|a)\b[^>]* data-wiki-media="[^"]*"[^>]*>(?:\s*<source\b[^>]*>)?')
_KEY = re.compile(r'\s([\w:-]+)="([^"]*)"')
_EMPTY = Document(())


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a book as one document: its only page, or all of them one after the other."""
    book = _Book(source, options, context)
    pages = book.pages()
    return book.linked(pages[0]) if len(pages) == 1 else book.together(pages)


def read_all(source: Source, options: ReadOptions, context: Context) -> Iterator[Document]:
    """Read a book page by page."""
    book = _Book(source, options, context)
    for page in book.pages():
        yield book.linked(page)


class _Book:
    """A book that is read."""

    def __init__(self, source: Source, options: ReadOptions, context: Context) -> None:
        form = context.formats.reader("html")
        assert form.read is not None
        self._read_html = form.read
        self._html_options: Any = make_options(form.read_options, {"typography": options.typography}, "the html reader")
        self._context = context
        self._archive = Archive(source)
        self._opf: Opf = opened(self._archive)
        self._by_file: dict[str, Page] = {}
        self._by_id: dict[str, Page] = {}
        self._media: dict[str, str] = {}
        """The files of media by id."""

        self._ids_of_media: dict[str, str] = {}
        self._refuse_encrypted()

    def _refuse_encrypted(self) -> None:
        hidden = self._archive.encrypted() & {entry.path for entry in self._opf.spine}
        if hidden:
            raise FormatError(f"{self._archive.name}: encrypted: {min(hidden)} can be read with a key only")

    # -- chapters --------------------------------------------------------------------------------

    def pages(self) -> list[Page]:
        """Read all chapters, and join those that are parts of one page."""
        pages: list[Page] = []
        originals: dict[str, CodeBlock] = {}
        owners: dict[str, Page] = {}
        taken: set[str] = set()
        texts = self._texts() if self._opf.is_ours else with_notes(self._texts())
        for entry, text in texts:
            document = self._chapter(entry, text)
            part_of = document.metadata.extra.get(PART_OF)
            owner = self._by_file.get(resolved(str(part_of), entry.path) or "") if part_of else None
            original = original_in(document) if self._opf.is_ours and owner else None
            if original is not None and owner is not None:
                originals[entry.path], owners[entry.path] = original, owner
                continue
            page = owner or Page(document.metadata.page_id or name_of(entry.path, taken), _EMPTY, [])
            self._join(page, entry, document, text)
            if owner is None:
                pages.append(page)
                self._by_id.setdefault(page.id.lstrip(":"), page)
        self._put_back(pages, originals, owners)
        for page in pages:
            page.document = replace(page.document, metadata=self._said(page, is_only=len(pages) == 1))
        return pages

    def _texts(self) -> Iterator[tuple[Entry, str]]:
        """Give the chapters in their order, each once."""
        seen = set()
        for entry in self._opf.spine:
            if entry.path in seen or entry.path == self._opf.nav or self._is_made_by_us(entry):
                continue
            seen.add(entry.path)
            if entry.path not in self._archive:
                self._context.notices.missing("epub.file", None, f"{entry.path}: named in the package, but not there")
            elif entry.is_page or entry.media_type == "image/svg+xml":
                yield entry, _decoded(self._archive.read(entry.path))
            else:
                self._context.notices.dropped("epub.chapter", None, f"{entry.path}: {entry.media_type} is no text")

    def _is_made_by_us(self, entry: Entry) -> bool:
        """Whether a chapter stands for something else: the cover, a file that cannot be shown."""
        return self._opf.is_ours and (entry.id == "cover" or entry.id.endswith("-fallback"))

    def _chapter(self, entry: Entry, text: str) -> Document:
        if entry.media_type == "image/svg+xml":
            return self._picture(entry, text)
        self._find_media(entry.path, text)
        document = self._read_html(
            Source(text.encode(), f"{self._archive.name}:{entry.path}"), self._html_options, self._context
        )
        return rewrite(document, without_marks) if self._opf.is_ours else document

    def _picture(self, entry: Entry, text: str) -> Document:
        """Read a chapter that is a picture: it is shown, and what is written in it is its title."""
        title = " ".join(
            unescape(re.sub(r"<(?:style|script)\b.*?</[^>]*>|<[^>]*>", " ", text, flags=re.DOTALL)).split()
        )
        return Document((Para((Image(UrlTarget("/" + entry.path), (Str(title),) if title else ()),)),))

    def _find_media(self, path: str, text: str) -> None:
        """Find out which files the media are that say their ids."""
        for found in _MEDIUM.finditer(text):
            keys = {name: unescape(value) for name, value in reversed(_KEY.findall(found[0]))}
            place = resolved(unquote(keys.get("src") or keys.get("href") or ""), path)
            if place and place in self._archive:
                self._media[keys["data-wiki-media"].replace("%25", "%")] = place

    def _join(self, page: Page, entry: Entry, document: Document, text: str) -> None:
        """Put a chapter at the end of a page."""
        chapter = anchored(page, entry.path, document, text, is_ours=self._opf.is_ours)
        chapter = self._without_ways(chapter, entry.path)
        extra = {key: value for key, value in document.metadata.extra.items() if key != PART_OF}
        said = page.document.metadata if page.files else replace(document.metadata, extra=extra)
        page.document = replace(page.document, blocks=(*page.document.blocks, *chapter.blocks), metadata=said)
        page.title = page.title or self._opf.titles.get(entry.path, "")
        page.files.append(entry.path)
        self._by_file[entry.path] = page

    def _without_ways(self, document: Document, path: str) -> Document:
        """Say of each relative address which file it means, seen from the root of the book."""

        def lead(node: Node) -> Node:
            match node:
                case Link(target=UrlTarget(url=url)) | Image(target=UrlTarget(url=url)) if _is_relative(url):
                    address, mark, section = url.partition("#")
                    place = resolved(unquote(address), path) if address else path
                    return replace(node, target=UrlTarget(f"/{place}{mark}{section}")) if place else node
                case Link(target=SectionTarget(section=section)):
                    return replace(node, target=UrlTarget(f"/{path}#{section}"))
                case _:
                    return node

        return rewrite(document, lead)

    def _put_back(self, pages: list[Page], originals: dict[str, CodeBlock], owners: dict[str, Page]) -> None:
        placed: set[str] = set()
        for page in pages:
            page.document = with_originals(page.document, "", originals, placed)
        for path, original in originals.items():
            if path not in placed:
                owner = owners[path]
                owner.document = replace(owner.document, blocks=(*owner.document.blocks, original))

    # -- metadata --------------------------------------------------------------------------------

    def _said(self, page: Page, *, is_only: bool) -> Metadata:
        """Give what is said of a page: in the package if it is the only one, in its own head otherwise."""
        own, of_book = page.document.metadata, self._opf.metadata
        if is_only:
            extra = {**of_book.extra, **own.extra}
            said = replace(of_book, page_id=own.page_id, modified=own.modified, extra=extra)
            said = replace(said, created=of_book.created or own.created, lang=_lang(own.lang, of_book.lang))
        elif self._opf.is_ours:
            said = own
        else:
            said = replace(
                of_book, page_id=page.id, title=page.title or own.title, lang=own.lang or of_book.lang, extra={}
            )
        if said.title == derived_title(replace(page.document, metadata=replace(said, title=None))):
            said = replace(said, title=None)
        if self._opf.is_ours and said.lang in (UNKNOWN_LANGUAGE, derived_language(page.document)):
            said = replace(said, lang=None)
        return said

    # -- links and media -------------------------------------------------------------------------

    def linked(self, page: Page) -> Document:
        """Give a page with its links leading to other pages, and its media."""

        def lead(target: Target) -> Target:
            if not isinstance(target, UrlTarget) or not target.url.startswith("/"):
                return target
            path, _, section = target.url[1:].partition("#")
            found = self._by_file.get(path)
            if found is None:
                return target
            number = found.number(path, section) if section else None
            heading = found.ids[number] if number is not None else section if self._opf.is_ours else ""
            if found is page:
                return SectionTarget(heading or next(iter(page.ids), ""))
            return PageTarget(found.id, heading)

        return self._finished(page.document, lead)

    def together(self, pages: list[Page]) -> Document:
        """Give all pages as one document, and links between them as links within it."""
        titled = [_titled(page) for page in pages]
        whole = Document(tuple(block for page in titled for block in page))
        starts, ids, count = {}, Page("", whole, []).ids, 0
        for page, blocks in zip(pages, titled, strict=True):
            starts[page.id] = (count, len(blocks) - len(page.document.blocks))
            count += sum(isinstance(node, Header) for node in walk(blocks))

        def place(page: Page, number: int | None) -> Target | None:
            start, added = starts[page.id]
            at = start if number is None else start + added + number
            return SectionTarget(ids[at]) if at < len(ids) else None

        def lead(target: Target) -> Target:
            match target:
                case UrlTarget(url=url) if url.startswith("/"):
                    path, _, section = url[1:].partition("#")
                    found = self._by_file.get(path)
                    return (place(found, found.number(path, section)) if found else None) or target
                case PageTarget(id=name, section=section) if name.lstrip(":") in self._by_id:
                    found = self._by_id[name.lstrip(":")]
                    sections = [found.number(file, section) for file in found.files]
                    return place(found, next((each for each in sections if each is not None), None)) or target
                case _:
                    return target

        return self._finished(replace(whole, metadata=self._opf.metadata), lead)

    def _finished(self, document: Document, lead: Any) -> Document:
        """Give links their targets, and media their ids and bytes."""
        resources: dict[str, Resource] = {}

        def finish(node: Node) -> Node:
            match node:
                case Image(target=target):
                    return replace(node, target=self._medium(target, resources))
                case Link(target=target):
                    led = lead(target)
                    return (
                        replace(node, target=self._medium(led, resources, is_linked=True)) if led is not None else node
                    )
                case _:
                    return node

        return replace(rewrite(document, finish), resources=Resources(resources))

    def _medium(self, target: Any, resources: dict[str, Resource], *, is_linked: bool = False) -> Any:
        """Give the id of a medium in the book, and take its bytes."""
        if isinstance(target, MediaTarget) and (path := self._media.get(target.id.lstrip(":").partition("#")[0])):
            self._take(target.id.lstrip(":").partition("#")[0], path, resources)
        if not isinstance(target, UrlTarget) or not target.url.startswith("/"):
            return target
        path, mark, section = target.url[1:].partition("#")
        if path not in self._archive:
            self._context.notices.missing("epub.file", None, f"{path}: referred to, but not there")
            return UrlTarget(path + mark + section)
        name = self._id_of_medium(path)
        self._take(name, path, resources)
        return MediaTarget(name, "linkonly" if is_linked else "nolink")

    def _take(self, name: str, path: str, resources: dict[str, Resource]) -> None:
        if name not in resources:
            media_type = next((each.media_type for each in self._opf.entries.values() if each.path == path), "")
            resources[name] = Resource(self._archive.read(path), media_type or "application/octet-stream")

    def _id_of_medium(self, path: str) -> str:
        """Give the id under which a wiki keeps a file of the book."""
        if path not in self._ids_of_media:
            name = clean_id(path.replace("/", ":"), SHIPPED)
            taken: Mapping[str, str] = {each: file for file, each in self._ids_of_media.items()}
            number = 2
            stem, dot, ending = name.rpartition(".")
            while name in taken:
                name = f"{stem}-{number}{dot}{ending}"
                number += 1
            self._ids_of_media[path] = name
        return self._ids_of_media[path]


def _titled(page: Page) -> tuple[Block, ...]:
    """Give the blocks of a page, below its title where they have no heading."""
    blocks = page.document.blocks
    title = page.document.metadata.title or page.title or page.id
    if any(isinstance(node, Header) for node in walk(blocks)):
        return blocks
    return (Header(1, (Str(title),)), *blocks)


def _lang(own: str | None, of_book: str | None) -> str | None:
    """Give the language of an only page: what the package says, unless only the page says it."""
    return of_book or (own if own != UNKNOWN_LANGUAGE else None)


def _is_relative(url: str) -> bool:
    return not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", url)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")
