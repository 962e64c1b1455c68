"""Markdown in five flavours: pandoc's, GitHub's, Obsidian's, Python-Markdown's, and CommonMark without extensions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from wikicable import Context, Document, Format, hookimpl
from wikicable.source import Source
from wikicable.values import Value, frozen

if TYPE_CHECKING:
    from wikicable.wiki.layouts import Layout


@frozen
class ReadOptions(Value):
    """How a page is read."""

    front_matter: bool = field(default=True, metadata={"help": "take a YAML block at the top for metadata"})


@frozen
class WriteOptions(Value):
    """How a page is written."""

    front_matter: bool = field(default=True, metadata={"help": "write metadata as a YAML block at the top"})
    wiki_links: bool = field(default=True, metadata={"help": "write [[links]] to pages where the flavour has them"})
    alerts: bool = field(default=True, metadata={"help": "write boxes as GitHub's alerts or Obsidian's callouts"})


@frozen
class Flavour(Value):
    """What one flavour of Markdown reads beyond CommonMark.

    ``pandoc`` stands for pandoc's own: attributes in braces, definition lists, formulas, raw source of other
    formats, and ``[[wiki links]]``.  ``vault`` stands for Obsidian's: ``[[links/by path#Heading|text]]``, and sizes of
    pictures behind a bar.  ``python`` stands for Python-Markdown's, by which MkDocs reads: it knows a backslash before a
    few characters only, indents what is in an item by four columns, finds fences at the margin only, with attributes in
    one pair of braces, and Markdown in elements that say so.  ``autolinks`` means that bare URLs and addresses in text
    become links, ``alerts`` that a quote may be a box.
    """

    name: str
    pandoc: bool = False
    vault: bool = False
    python: bool = False
    notes: bool = False
    tables: bool = False
    strikeout: bool = False
    autolinks: bool = False
    alerts: bool = False


MARKDOWN = Flavour("markdown", pandoc=True, notes=True, tables=True, strikeout=True)
GFM = Flavour("gfm", notes=True, tables=True, strikeout=True, autolinks=True, alerts=True)
OBSIDIAN = Flavour("obsidian", vault=True, notes=True, tables=True, strikeout=True, autolinks=True, alerts=True)
PYTHON = Flavour("python-markdown", python=True, notes=True, tables=True)
COMMONMARK = Flavour("commonmark")


def read(flavour: Flavour, source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a page."""
    from wikicable_markdown import reader  # noqa: PLC0415  start-up pays only for what is used

    return reader.read(flavour, source, options, context)


def write(flavour: Flavour, document: Document, options: WriteOptions, context: Context) -> str:
    """Write a page."""
    from wikicable_markdown import writer  # noqa: PLC0415

    return writer.write(flavour, document, options, context)


def _format(flavour: Flavour, title: str, suffixes: tuple[str, ...] = (), aliases: tuple[str, ...] = ()) -> Format:
    return Format(
        name=flavour.name,
        title=title,
        suffixes=suffixes,
        aliases=aliases,
        media_type="text/markdown",
        read=partial(read, flavour),
        write=partial(write, flavour),
        read_options=ReadOptions,
        write_options=WriteOptions,
    )


FORMATS = (
    _format(MARKDOWN, "Markdown (pandoc's)", (".md", ".markdown"), ("md", "pandoc-markdown")),
    _format(GFM, "Markdown (GitHub's)", aliases=("github",)),
    _format(OBSIDIAN, "Markdown (Obsidian's)"),
    _format(PYTHON, "Markdown (Python-Markdown's, for MkDocs)"),
    _format(COMMONMARK, "Markdown (CommonMark)"),
)


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give the formats, one for each flavour."""
    return FORMATS


@hookimpl
def register_layouts() -> Iterable[Layout]:
    """Give the shapes of folders that programs for Markdown read."""
    from wikicable_markdown import layouts  # noqa: PLC0415

    return layouts.LAYOUTS
