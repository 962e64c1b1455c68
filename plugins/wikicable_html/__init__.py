"""HTML: read as it is found in the wild; written well-formed as XML, in the vocabulary of DokuWiki's own pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from wikicable import Context, Document, Format, hookimpl
from wikicable.source import Source
from wikicable.values import Value, frozen

if TYPE_CHECKING:
    from wikicable.wiki.layouts import Layout


@frozen
class ReadOptions(Value):
    """How a page is read."""

    typography: Literal["auto", "typed", "shown"] = field(
        default="auto",
        metadata={
            "help": "typed: quotes, dashes and arrows become what one types for them in a wiki; shown: they stay;"
            " auto: typed for fragments and for pages that DokuWiki or this program made"
        },
    )
    page: str = field(default="", metadata={"help": "the page's id, by which links find their pages"})


@frozen
class WriteOptions(Value):
    """How a page is written."""

    standalone: bool = field(default=False, metadata={"help": "a whole page with a head and a style sheet"})
    stylesheet: str = field(
        default="", metadata={"help": "the address of a style sheet for a whole page, in place of our own"}
    )
    typography: bool = field(
        default=True, metadata={"help": "set entities, quotes, smileys and acronyms as DokuWiki does"}
    )
    base_url: str = field(default="/", metadata={"help": "where the wiki is, for links to its pages and media"})
    raw_html: bool = field(default=False, metadata={"help": "write raw HTML as it stands: only for pages you trust"})


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a page."""
    from wikicable_html import reader  # noqa: PLC0415  start-up pays only for what is used

    return reader.read(source, options, context)


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a page."""
    from wikicable_html import writer  # noqa: PLC0415

    return writer.write(document, options, context)


FORMAT = Format(
    name="html",
    title="HTML",
    suffixes=(".html", ".xhtml", ".htm"),
    media_type="text/html",
    read=read,
    write=write,
    read_options=ReadOptions,
    write_options=WriteOptions,
)


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give the format of web pages."""
    return [FORMAT]


@hookimpl
def register_layouts() -> Iterable[Layout]:
    """Give the shape of a static web site."""
    from wikicable_html import layouts  # noqa: PLC0415

    return [layouts.SITE]
