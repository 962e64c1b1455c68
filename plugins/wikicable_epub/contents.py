"""What is in a book, by the names that links use: pages with their headings, and media."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.parsers import expat

from wikicable.resources import Resource
from wikicable_epub.chapters import Chapter

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF8", "image/gif", ".gif"),
    (b"ID3", "audio/mpeg", ".mp3"),
)
_ENDINGS = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg; codecs=opus",
}
CORE = frozenset(
    (
        *("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"),
        *("audio/mpeg", "audio/mp4", "audio/ogg; codecs=opus", "video/mp4", "video/webm", "video/ogg"),
    )
)
"""Media that need no fallback (https://www.w3.org/TR/epub-33/#sec-core-media-types); of films, those that play."""

_ALLOWED_ENDING = 8


@dataclass
class Medium:
    """A media file of the book; ``is_linked`` where a link leads to it, which makes it a place in the reading order."""

    file: str
    media_type: str
    name: str
    is_linked: bool = False

    @property
    def is_core(self) -> bool:
        """Whether every reading system can show it."""
        return self.media_type in CORE

    @property
    def fallback(self) -> str:
        """The file that stands for it where it cannot be shown: a page for one that is linked, a picture otherwise."""
        if self.is_linked:
            return posixpath.splitext(self.file)[0] + ".xhtml"
        return "" if self.is_core else posixpath.splitext(self.file)[0] + "-fallback.svg"


@dataclass
class Contents:
    """The chapters in reading order, and all that links may lead to."""

    chapters: list[Chapter] = field(default_factory=list)
    media: dict[str, Medium] = field(default_factory=dict)
    """By the id of the medium, or its URL."""

    _pages: dict[str, list[Chapter]] = field(default_factory=dict)
    _of_page: dict[str, list[Chapter]] = field(default_factory=dict)

    def add(self, chapter: Chapter) -> None:
        """Take a chapter; of two pages with one id, links find the first."""
        self.chapters.append(chapter)
        if chapter.is_original:
            return
        parts = self._of_page.setdefault(chapter.of_page, [])
        parts.append(chapter)
        if chapter.page_id:
            self._pages.setdefault(chapter.page_id, parts)

    def page(self, page_id: str) -> list[Chapter]:
        """Give the chapters of a page, none if it is not in the book."""
        return self._pages.get(page_id.lstrip(":"), [])

    def parts(self, chapter: Chapter) -> list[Chapter]:
        """Give the chapters of the page that a chapter belongs to."""
        return self._of_page.get(chapter.of_page, [])

    def embed(self, media_id: str, resource: Resource) -> Medium:
        """Take a medium, and give it a file."""
        media_type, ending = _kind(media_id, resource)
        name = posixpath.basename(unquote(media_id).replace(":", "/")) or media_id
        medium = Medium(f"media/{len(self.media) + 1:04}{ending}", media_type, name)
        self.media[media_id] = medium
        return medium


def section_of(parts: list[Chapter], section: str) -> Chapter | None:
    """Give the chapter in which an id is, of those of one page."""
    return next((chapter for chapter in parts if section in chapter.ids), None)


def _kind(name: str, resource: Resource) -> tuple[str, str]:
    """Tell the media type of a file, and the ending it gets: what it begins with counts more than what it is called."""
    data = resource.data
    for signature, media_type, ending in _SIGNATURES:
        if data.startswith(signature):
            return media_type, ending
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp", ".webp"
    ending = posixpath.splitext(name.partition("?")[0])[1].lower()
    ending = ending if ending[1:].isascii() and ending[1:].isalnum() and len(ending) < _ALLOWED_ENDING else ""
    if ending == ".svg":
        return ("image/svg+xml", ending) if is_svg(data) else ("application/octet-stream", ".bin")
    if ending in _ENDINGS:
        return _ENDINGS[ending], ending
    if resource.media_type in CORE or ending in (".xhtml", ".html", ".htm", ".opf", ".css", ".js", ".ncx"):
        return "application/octet-stream", ".bin"
    return resource.media_type or "application/octet-stream", ending or ".bin"


def is_svg(data: bytes) -> bool:
    """Whether a file is an SVG picture that reading systems take: well-formed, with nothing declared."""
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: names.append(name) if not names else None
    parser.StartDoctypeDeclHandler = lambda *_: names.append("a document type")
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return False
    return names[:1] == ["http://www.w3.org/2000/svg svg"]
