"""The chapters of a book before they are bound: each page as the HTML writer gives it, and what is in it.

Where links lead is not known before the last page was seen, so the text waits in a file that goes to disk
when it grows large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from wikicable.languages import language_by_script
from wikicable.links import SectionIds
from wikicable.model import Block, Document, Header, Metadata, Node, Table, Tags
from wikicable.tags import TagPlaces
from wikicable.walk import plain_text, rewrite, walk
from wikicable.xmlout import attributes

if TYPE_CHECKING:
    from collections.abc import Callable

WIKI = "wiki:/"
"""Where the wiki is, as long as it is open whether what a link leads to is in the book."""

BOOK = "book:/"
"""Where the files of the book are, for links that we make ourselves."""

UNKNOWN_LANGUAGE = "und"
_IN_MEMORY = 1 << 22
_HEADING = re.compile(r'<h([1-6])(?: id="([^"]*)")?[^>]*>(.*?)</h\1>', re.DOTALL)
_ID = re.compile(r'<[a-z][^>]*? id="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_ORIGINAL = re.compile(r'<pre( (?:id="[^"]*" )?class="file[^>]* data-filename="([^"]*)"[^>]*)>(.*?)</pre>', re.DOTALL)
_BODY = re.compile(r"<main>\n(.*)</main>", re.DOTALL)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z]{4})?(?:-(?:[a-zA-Z]{2}|\d{3}))?(?:-[a-zA-Z0-9]{5,8})*")
_WORD = re.compile(r"[a-z]+")
_ENGLISH = frozenset(("the", "of", "and", "to", "in", "that", "is", "for", "with", "on", "was"))


@dataclass(frozen=True)
class Heading:
    """A heading: its level, its id, and its text."""

    level: int
    id: str
    text: str


@dataclass
class Chapter:
    """A file of the book with text in it; ``part`` counts the chapters that one page is split into.

    An original has the name of the file as its title, and no part.
    """

    file: str
    title: str
    lang: str
    page_id: str = ""
    part: int = 1
    headings: list[Heading] = field(default_factory=list)
    ids: frozenset[str] = frozenset()
    place: tuple[int, int] = (0, 0)
    of_page: str = ""
    """The first file of the page that this belongs to."""

    @property
    def is_original(self) -> bool:
        """Whether it holds a file that was embedded in a page."""
        return self.part == 0


class Texts:
    """The text of chapters, kept in a file."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0

    def keep(self, text: str) -> tuple[int, int]:
        """Keep a text, and give the place where it is."""
        content = text.encode()
        self._opened().seek(self._end)
        self._opened().write(content)
        self._end += len(content)
        return self._end - len(content), len(content)

    def at(self, place: tuple[int, int]) -> str:
        """Give the text that is kept at a place."""
        self._opened().seek(place[0])
        return self._opened().read(place[1]).decode()

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            from tempfile import SpooledTemporaryFile  # noqa: PLC0415  it takes a while

            self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `close`
        assert self._file is not None
        return self._file

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


# -- from a document to chapters -------------------------------------------------------------------


class Writing:
    """Writes documents as chapters; ``html`` writes a whole page of HTML."""

    def __init__(self, html: Callable[[Document], str], texts: Texts, *, lang: str, original_lang: str) -> None:
        self._html = html
        self._texts = texts
        self._lang = lang
        self._original_lang = original_lang
        self._pages = 0
        self._originals = 0

    def chapters(self, document: Document, split_level: int) -> Iterator[Chapter]:
        """Write the chapters of a page and its originals."""
        self._pages += 1
        lang = language_of(document) or self._lang or UNKNOWN_LANGUAGE
        document = replace(document, metadata=replace(document.metadata, lang=lang))
        first = f"page-{self._pages:04}.xhtml"
        originals: list[Chapter] = []
        parts = split(document, split_level)
        for part, each in enumerate(parts, 1):
            file = first if part == 1 else f"page-{self._pages:04}-{part}.xhtml"
            html = self._html(each)
            if part == 1 < len(parts) and document.metadata.tags:  # they were settled, so the HTML writer sees none
                html = html.replace("</head>", _keywords(document.metadata.tags) + "</head>", 1)
            html = _ORIGINAL.sub(lambda found, file=file: self._apart(found, file, first, originals), html)  # type: ignore[misc]
            yield self._chapter(Chapter(file, title_of(each), lang, document.metadata.page_id or "", part), html, first)
        yield from originals

    def _apart(self, found: re.Match[str], file: str, first: str, originals: list[Chapter]) -> str:
        """Take an original out of its page; a link to it stays."""
        self._originals += 1
        name, own = f"original-{self._originals:04}.xhtml", unescape(found[2])
        lang = self._language_of_original(found[1], unescape(_TAG.sub("", found[3])))
        back = f'<p class="back"><a href="{BOOK}{file}" role="doc-backlink" title="Back">↩</a></p>'
        body = f"<h1>{label(found[2])}</h1>\n<pre{found[1]}>{found[3]}</pre>\n{back}\n"
        section = f'<section class="original" epub:type="appendix" role="doc-appendix">\n{body}</section>\n'
        head = '<meta name="generator" content="wikicable" />\n<link rel="stylesheet" href="style.css" />\n'
        html = f"<html>\n<head>\n{head}<title>{label(found[2])}</title>\n</head>\n<body>\n{section}</body>\n</html>\n"
        originals.append(self._chapter(Chapter(name, own, lang, part=0), html, first))
        return f'<p class="original"><a href="{BOOK}{name}">{label(found[2])}</a></p>'

    def _language_of_original(self, keys: str, text: str) -> str:
        said = re.search(r' lang="([^"]*)"', keys)
        return (said[1] if said else "") or self._original_lang or language_of_text(text) or UNKNOWN_LANGUAGE

    def _chapter(self, chapter: Chapter, html: str, first: str) -> Chapter:
        body = _BODY.search(html)
        text = body[1] if body else html
        chapter.headings = [
            Heading(int(found[1]), found[2] or "", _plain(found[3])) for found in _HEADING.finditer(text)
        ]
        chapter.ids = frozenset(map(unescape, _ID.findall(text)))
        chapter.place = self._texts.keep(html)
        chapter.of_page = first
        return chapter


def _keywords(tags: tuple[str, ...]) -> str:
    return f"<meta{attributes((('name', 'keywords'), ('content', ', '.join(tags))))} />\n"


def label(name: str) -> str:
    """Give what a chapter with an original is called."""
    return f"Original: {name}"


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


# -- titles and languages ------------------------------------------------------------------------


def title_of(document: Document) -> str:
    """Give the title of a page: its own, or what stands for it."""
    return document.metadata.title or derived_title(document)


def derived_title(document: Document) -> str:
    """Give what stands for the title of a page that has none."""
    headings = (" ".join(plain_text(node).split()) for node in walk(document, Header))
    return next(filter(None, headings), "") or document.metadata.page_id or document.conf.title or "?"


def language_of(document: Document) -> str:
    """Give the language that a page says it is in, or that its script makes sure of."""
    said = document.metadata.lang or document.conf.lang
    return said if _LANGUAGE.fullmatch(said) else derived_language(document)


def derived_language(document: Document) -> str:
    """Give the language that the script of a page makes sure of."""
    return language_by_script(plain_text(document.blocks))


def language_of_text(text: str) -> str:
    """Give the language of an original: by its script, or English where its commonest words are the text's."""
    words = _WORD.findall(text[:20_000].lower())
    is_english = len(words) > 20 and sum(word in _ENGLISH for word in words) > len(words) / 8
    return language_by_script(text) or ("en" if is_english else "")


# -- splitting -----------------------------------------------------------------------------------


def split(document: Document, level: int) -> list[Document]:
    """Split a page before its headings up to a level; ids and tags stay those of the page as a whole."""
    starts = [at for at, block in enumerate(document.blocks) if isinstance(block, Header) and block.level <= level]
    starts = [at for at in starts if at > 0 and any(not _is_heading(block) for block in document.blocks[:at])]
    if not starts:
        return [document]
    whole = _settled(document)
    edges = [0, *starts, len(whole.blocks)]
    parts = [whole.blocks[start:end] for start, end in pairwise(edges)]
    first, *rest = filter(None, parts)
    whole = replace(whole, metadata=replace(whole.metadata, tags=()))
    unsaid = Metadata(lang=whole.metadata.lang, page_id=whole.metadata.page_id)
    return [replace(whole, blocks=first), *(replace(whole, blocks=part, metadata=unsaid) for part in rest)]


def _is_heading(block: Block) -> bool:
    return isinstance(block, Header)


def _settled(document: Document) -> Document:
    """Say in the headings which ids they have, and at the places of tags which tags are written there."""
    ids, tags = SectionIds(document.conf), TagPlaces(document)
    settled: dict[int, Node] = {}
    for node in walk(document):
        if isinstance(node, Header):
            settled[id(node)] = replace(node, attr=replace(node.attr, id=ids.of(node)))
        elif isinstance(node, Table):
            ids.skip_table()
        elif isinstance(node, Tags):
            settled[id(node)] = Tags(tags.take(node), at=node.at)
    return rewrite(document, lambda node: settled.get(id(node), node))
