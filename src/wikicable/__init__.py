"""wikicable converts between DokuWiki markup, Markdown, HTML, TEI, EPUB and RTF, and loses nothing silently."""

from __future__ import annotations

from wikicable.convert import Conversion, conversion, convert, read, read_all, write, write_all
from wikicable.formats import Context, Format
from wikicable.hookspecs import hookimpl
from wikicable.model import Document
from wikicable.notices import Notice, Notices

__all__ = [
    "Context",
    "Conversion",
    "Document",
    "Format",
    "Notice",
    "Notices",
    "conversion",
    "convert",
    "hookimpl",
    "read",
    "read_all",
    "write",
    "write_all",
]
__version__ = "0.1.0"
