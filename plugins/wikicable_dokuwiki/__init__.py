"""DokuWiki markup, read as DokuWiki reads it and written so that DokuWiki shows the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from wikicable import Context, Document, Format, hookimpl
from wikicable.model import CodeBlock
from wikicable.source import Source
from wikicable.values import Value, frozen

if TYPE_CHECKING:
    from wikicable.wiki.layouts import Layout
    from wikicable.wiki.sources import WikiSource
    from wikicable_dokuwiki.syntax import Syntax


@frozen
class ReadOptions(Value):
    """How a page is read."""

    syntax: Literal["all", "core"] = field(
        default="all",
        metadata={"help": "all: plugins' syntax is understood; core: as a DokuWiki without plugins reads"},
    )
    release: Literal["", "2025", "2026"] = field(
        default="",
        metadata={"help": "2025: as DokuWiki up to release 2025-05-14 reads; 2026: as 2026-07-14; else as conf says"},
    )
    conf: str = field(
        default="",
        metadata={"help": "the wiki's conf folder: its shortcuts, signs, acronyms, schemes, media types, settings"},
    )
    page: str = field(default="", metadata={"help": "the page's id, by which relative links find their pages"})


@frozen
class WriteOptions(Value):
    """How a page is written."""

    syntax: Literal["all", "core"] = field(
        default="all",
        metadata={"help": "all: for a DokuWiki with plugins; core: for one without, where their syntax is but text"},
    )


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a page."""
    from wikicable_dokuwiki.reader import read as read_page  # noqa: PLC0415  start-up pays only for what is used

    return read_page(source, options, context)


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a page."""
    from wikicable_dokuwiki.writer import write as write_page  # noqa: PLC0415

    return write_page(document, options, context)


def text_of(source: Source, block: CodeBlock) -> slice | None:
    """Tell where in a page's bytes the text of ``<code>`` or ``<file>`` stands."""
    from wikicable_dokuwiki.embedded import text_of as text_of_block  # noqa: PLC0415

    return text_of_block(source, block)


FORMAT = Format(
    name="dokuwiki",
    title="DokuWiki markup",
    suffixes=(".txt", ".dokuwiki"),
    media_type="text/plain",
    read=read,
    write=write,
    read_options=ReadOptions,
    write_options=WriteOptions,
    text_of=text_of,
)


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give the format of DokuWiki pages."""
    return [FORMAT]


@hookimpl
def register_dokuwiki_syntax() -> Iterable[Syntax]:
    """Give the syntax of the plugins that are in wide use."""
    from wikicable_dokuwiki import plugin_syntax  # noqa: PLC0415

    return plugin_syntax.SYNTAX


@hookimpl
def register_sources() -> Iterable[WikiSource]:
    """Give the ways in which a DokuWiki lies in a folder or an archive."""
    from wikicable_dokuwiki import wiki_data  # noqa: PLC0415

    return [wiki_data.DUMP, wiki_data.DATA, wiki_data.TEXTS]


@hookimpl
def register_layouts() -> Iterable[Layout]:
    """Give the shape of a wiki's data folder."""
    from wikicable_dokuwiki import wiki_layout  # noqa: PLC0415

    return [wiki_layout.DATA]
