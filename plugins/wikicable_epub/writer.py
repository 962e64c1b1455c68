"""Documents to a book.

Every page is written by the HTML writer as it comes and kept; when all are there, it is known where links lead, and
the chapters are bound.  What is made is given at once, so that a book of a thousand pages needs little room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files

from wikicable import Context, Document
from wikicable.formats import make_options
from wikicable.links import resolve_media, resolve_page
from wikicable.model import Image, InterwikiTarget, Link, MediaTarget, Metadata, PageTarget, UrlTarget
from wikicable.notices import Kind, Notice
from wikicable.source import Place
from wikicable.walk import walk
from wikicable.xmlout import escaped
from wikicable_epub import WriteOptions
from wikicable_epub.accessibility import properties
from wikicable_epub.binding import IN_PACKAGE, Binding
from wikicable_epub.chapters import UNKNOWN_LANGUAGE, WIKI, Chapter, Texts, Writing, title_of
from wikicable_epub.container import Container
from wikicable_epub.contents import Contents, Medium
from wikicable_epub.cover import cover_page, cover_picture, drawn
from wikicable_epub.navigation import Ways, navigation
from wikicable_epub.package import Item, Package, identifier, is_in_package, seconds_of

_XHTML = "application/xhtml+xml"


def write(document: Document, options: WriteOptions, context: Context) -> bytes:
    """Write a book of one page."""
    return b"".join(write_all((document,), options, context))


def write_all(documents: Iterable[Document], options: WriteOptions, context: Context) -> Iterator[bytes]:
    """Write a book, and give it in pieces."""
    texts = Texts()
    try:
        yield from _Book(options, context, texts).pieces(documents)
    finally:
        texts.close()


@dataclass
class _Said:
    """What is said of the pages of a book, as far as the book says it."""

    pages: list[Metadata] = field(default_factory=list)
    """Of each page what identifies it and its dates; of an only page everything."""

    titles: list[str] = field(default_factory=list)
    tags: dict[str, list[Chapter]] = field(default_factory=dict)
    """The first chapters of the pages that have each tag."""

    people: dict[str, None] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document) -> None:
        """Take what is said of a page."""
        said = document.metadata
        if self.pages:
            self.pages[0] = _short(self.pages[0])
        self.pages.append(_short(said) if self.pages else said)
        self.titles += [] if self.titles else [document.conf.title, title_of(document)]
        self.people |= dict.fromkeys(filter(None, (said.creator, *said.contributors)))

    def begin(self, chapter: Chapter, document: Document) -> None:
        """Take the first chapter of a page."""
        self.languages[chapter.lang] += 1
        for tag in dict.fromkeys(document.metadata.tags):
            self.tags.setdefault(tag, []).append(chapter)

    @property
    def title(self) -> str:
        """What the book is called if nobody says it: as its only page, as the wiki, as its first page."""
        of_wiki, of_page = self.titles or ("", "?")
        return of_page if len(self.pages) == 1 else of_wiki or of_page

    def together(self) -> Metadata:
        """Give what is said of the book."""
        if len(self.pages) == 1:
            return self.pages[0]
        creator, *others = self.people or (None,)
        return Metadata(tags=tuple(self.tags), creator=creator, contributors=tuple(filter(None, others)))


def _short(said: Metadata) -> Metadata:
    return Metadata(page_id=said.page_id, created=said.created, modified=said.modified)


class _Book:
    """A book in the making."""

    def __init__(self, options: WriteOptions, context: Context, texts: Texts) -> None:
        form = context.formats.writer("html")
        assert form.write is not None
        given = {"standalone": True, "stylesheet": "style.css", "base_url": WIKI}
        html_options = make_options(form.write_options, given, "the html writer")
        write_html = form.write
        self._options = options
        self._notices = context.notices
        self._texts = texts
        self._writing = Writing(
            lambda document: str(write_html(document, html_options, context)),
            texts,
            lang=options.lang,
            original_lang=options.original_lang,
        )
        self._contents = Contents()
        self._container = Container(seconds_of(()))
        self._said = _Said()
        self._places: dict[str, Place | None] = {}
        self._missing: set[str] = set()

    def pieces(self, documents: Iterable[Document]) -> Iterator[bytes]:
        """Give the book in pieces."""
        yield self._container.begin()
        for document in documents:
            self._said.add(document)
            yield from self._media(document)
            for chapter in self._writing.chapters(document, self._options.split_level):
                self._contents.add(chapter)
                if chapter.part == 1:
                    self._said.begin(chapter, document)
        yield from self._bound()
        yield self._container.end()

    # -- what pages refer to ---------------------------------------------------------------------

    def _media(self, document: Document) -> Iterator[bytes]:
        """Give the media of a page that are at hand, and say which are not."""
        page_id, conf = document.metadata.page_id or "", document.conf
        for node in walk(document):
            match node:
                case Image(target=MediaTarget() as target):
                    yield from self._medium(document, resolve_media(target, page_id, conf), node)
                case Image(target=UrlTarget(url=url)):
                    yield from self._medium(document, url.partition("#")[0], node)
                case Image(target=InterwikiTarget() as shown):
                    yield from self._medium(document, shown.page, node)
                case Link(target=MediaTarget() as target):
                    yield from self._medium(document, resolve_media(target, page_id, conf), node)
                case Link(target=PageTarget() as target):
                    self._note_place(resolve_page(target, page_id, conf), node.at)
                case _:
                    pass

    def _medium(self, document: Document, media_id: str, node: Image | Link) -> Iterator[bytes]:
        medium = self._contents.media.get(media_id)
        if medium is None:
            resource = document.resources.get(media_id)
            if resource is None:
                self._say_missing(media_id, node)
                return
            medium = self._contents.embed(media_id, resource)
            yield self._container.put(medium.file, resource.data)
        medium.is_linked = medium.is_linked or isinstance(node, Link) or self._is_only_linked(medium)

    def _is_only_linked(self, medium: Medium) -> bool:
        return not medium.is_core and not medium.media_type.startswith("image/")

    def _say_missing(self, media_id: str, node: Image | Link) -> None:
        if media_id in self._missing:
            return
        self._missing.add(media_id)
        self._notices.missing("media", node.at, f"{media_id or 'a medium'}: not at hand; its title stands there")

    def _note_place(self, page_id: str, at: int | None) -> None:
        """Remember where a page is linked first; whether it is in the book shows in the end."""
        if page_id not in self._places:
            source = self._notices.source
            self._places[page_id] = source.place(at) if source and at is not None else None

    # -- binding ---------------------------------------------------------------------------------

    def _bound(self) -> Iterator[bytes]:
        """Give the chapters, and what is said of all of them."""
        options, said = self._options, self._said
        title = options.title or said.title
        metadata = said.together()
        languages = [each for each, _ in said.languages.most_common() if each != UNKNOWN_LANGUAGE]
        languages = list(dict.fromkeys(filter(None, (options.lang, *languages)))) or [UNKNOWN_LANGUAGE]
        base_url = options.base_url.removesuffix("/") + "/" if options.base_url else ""
        binding = Binding(self._contents, base_url, self._unsaid(metadata))
        for chapter in self._contents.chapters:
            yield self._put(chapter.file, binding.bound(chapter, self._texts.at(chapter.place)))
        self._say_absent(binding.found.absent)
        names = [title, *(page.page_id or "" for page in said.pages)]
        seconds = seconds_of(said.pages)
        book_id = identifier(metadata, base_url, names)
        package = Package(title, languages, book_id, metadata, seconds, properties(binding.found))
        has_cover = yield from self._cover(package, metadata.creator or "")
        ways = Ways(self._contents.chapters, said.tags if len(said.pages) > 1 else {}, binding.found.breaks)
        toc = navigation(ways, title=title, lang=languages[0], depth=options.toc_depth, has_cover=has_cover)
        yield self._put("nav.xhtml", toc)
        yield self._put("style.css", files("wikicable_epub").joinpath("style.css").read_text("utf-8"))
        yield from self._listed(package)
        yield self._put("package.opf", package.written())

    def _unsaid(self, metadata: Metadata) -> frozenset[str]:
        """Name what the heads of chapters leave to the package: it says all that it can of an only page."""
        if len(self._said.pages) != 1:
            return frozenset()
        free = {key for key, value in metadata.extra.items() if key == "identifier" or is_in_package(key, value)}
        return IN_PACKAGE | free | {f"extra.{key}" for key in free}

    def _say_absent(self, absent: dict[str, int]) -> None:
        for page_id, count in absent.items():
            links = "a link is" if count == 1 else f"{count} links are"
            detail = f"{page_id}: not in the book; {links} text (base_url would lead to the wiki)"
            self._notices.add(Notice(Kind.MISSING, "link.page", detail, self._places.get(page_id)))

    def _cover(self, package: Package, author: str) -> Generator[bytes, None, bool]:
        """Give the cover; whether there is one is returned."""
        lang = package.languages[0]
        picture = cover_picture(self._options.cover, package.title, author, lang)
        if picture is None:
            return False
        file, media_type, content = picture
        yield self._container.put(file, content)
        yield self._put("cover.xhtml", cover_page(file, package.title, lang))
        package.items += [
            Item("cover-picture", file, media_type, "cover-image"),
            Item("cover", "cover.xhtml", _XHTML),
        ]
        package.spine.append(("cover", True))
        return True

    def _listed(self, package: Package) -> Iterator[bytes]:
        """List the files in the package; fallbacks are made on the way."""
        package.items += [Item("nav", "nav.xhtml", _XHTML, "nav"), Item("style", "style.css", "text/css")]
        package.spine.append(("nav", True))
        for chapter in self._contents.chapters:
            package.items.append(Item(_name(chapter), chapter.file, _XHTML))
            package.spine.append((_name(chapter), True))
        for number, medium in enumerate(self._contents.media.values(), 1):
            name = f"media-{number:04}"
            fallback = f"{name}-fallback" if medium.fallback else ""
            package.items.append(Item(name, medium.file, medium.media_type, fallback=fallback))
            if medium.is_linked:
                package.spine.append((name, False))
            if fallback:
                yield self._put(medium.fallback, _fallback(medium))
                kind = _XHTML if medium.is_linked else "image/svg+xml"
                package.items.append(Item(fallback, medium.fallback, kind))

    def _put(self, file: str, text: str) -> bytes:
        return self._container.put(file, text.encode())


def _name(chapter: Chapter) -> str:
    return chapter.file.removesuffix(".xhtml")


def _fallback(medium: Medium) -> str:
    """Write what stands for a file that cannot be shown: its name, and what it is."""
    if not medium.is_linked:
        return drawn(medium.name, medium.media_type, UNKNOWN_LANGUAGE)
    name = escaped(medium.name)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">
<head>
<meta name="generator" content="wikicable" />
<title>{name}</title>
<link rel="stylesheet" href="../style.css" />
</head>
<body>
<h1>{name}</h1>
<p>This book holds the file, but it cannot be shown here ({escaped(medium.media_type)}).</p>
</body>
</html>
"""
