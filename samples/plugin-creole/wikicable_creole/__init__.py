"""WikiCreole 1.0 (http://www.wikicreole.org/wiki/Creole1.0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wikicable import Context, Document, Format, hookimpl
from wikicable.formats import NoOptions
from wikicable.source import Source


@dataclass(frozen=True)
class WriteOptions:
    """How a page is written."""

    closed_headings: bool = field(default=True, metadata={"help": "close headings with as many marks as open them"})


def read(source: Source, _options: NoOptions, _context: Context) -> Document:
    """Read a page."""
    from wikicable_creole import reader  # noqa: PLC0415  start-up pays only for what is used

    return reader.read(source)


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a page."""
    from wikicable_creole import writer  # noqa: PLC0415

    return writer.write(document, options, context.notices)


FORMAT = Format(
    name="creole",
    title="WikiCreole 1.0",
    suffixes=(".creole",),
    read=read,
    write=write,
    write_options=WriteOptions,
)


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give the format."""
    return [FORMAT]
