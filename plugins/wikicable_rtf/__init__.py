"""RTF (Rich Text Format 1.9.1), as Word, LibreOffice and TextEdit write and read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from wikicable import Context, Document, Format, hookimpl
from wikicable.source import Source
from wikicable.values import Value, frozen


@frozen
class ReadOptions(Value):
    """How a file is read."""

    codepage: int = field(default=0, metadata={"help": "the code page of a file that names a wrong one: 949, 1251"})
    base_url: str = field(default="", metadata={"help": "where the wiki is: links to its pages are wiki links"})


@frozen
class WriteOptions(Value):
    """How a file is written."""

    base_url: str = field(default="", metadata={"help": "where the wiki is, for links that a browser can follow"})


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a file."""
    from wikicable_rtf.reader import read as read_file  # noqa: PLC0415  start-up pays only for what is used

    return read_file(source, options, context)


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a file."""
    from wikicable_rtf.writer import write as write_file  # noqa: PLC0415

    return write_file(document, options, context)


_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\\rtf(?![a-z])")


def sniff(data: bytes) -> bool:
    """Tell whether bytes are RTF code."""
    return bool(_BEGINNING.match(data))


FORMAT = Format(
    name="rtf",
    title="RTF (Word, LibreOffice, TextEdit)",
    suffixes=(".rtf",),
    media_type="application/rtf",
    read=read,
    write=write,
    read_options=ReadOptions,
    write_options=WriteOptions,
    sniff=sniff,
)


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give the format of RTF files."""
    return [FORMAT]
