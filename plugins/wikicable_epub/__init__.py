"""EPUB 3.3 (https://www.w3.org/TR/epub-33/): a page or a whole wiki as one book, and any book as pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Literal

from wikicable import Context, Document, Format, hookimpl
from wikicable.source import Source
from wikicable.values import Value, frozen


@frozen
class ReadOptions(Value):
    """How a book is read."""

    typography: Literal["auto", "typed", "shown"] = field(
        default="auto", metadata={"help": "quotes and dashes in the text, as the HTML reader's option of that name"}
    )


@frozen
class WriteOptions(Value):
    """How a book is written."""

    title: str = field(default="", metadata={"help": "the title of the book; otherwise its only or its first page's"})
    lang: str = field(
        default="", metadata={"help": "the language of pages that do not say theirs; otherwise seen by their script"}
    )
    base_url: str = field(default="", metadata={"help": "where the wiki is, for links to pages not in the book"})
    split_level: int = field(
        default=0, metadata={"help": "headings up to this level begin a chapter; 0: each page is one chapter"}
    )
    toc_depth: int = field(default=3, metadata={"help": "headings up to this level stand in the table of contents"})
    cover: str = field(default="title", metadata={"help": "an image file; title: made from the title; none"})
    original_lang: str = field(
        default="", metadata={"help": "the language of embedded originals; otherwise seen by script or words"}
    )


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a book as one document."""
    from wikicable_epub import reader  # noqa: PLC0415  start-up pays only for what is used

    return reader.read(source, options, context)


def read_all(source: Source, options: ReadOptions, context: Context) -> Iterator[Document]:
    """Read the pages of a book, or its chapters, one by one."""
    from wikicable_epub import reader  # noqa: PLC0415

    return reader.read_all(source, options, context)


def write(document: Document, options: WriteOptions, context: Context) -> bytes:
    """Write a book of one page."""
    from wikicable_epub import writer  # noqa: PLC0415

    return writer.write(document, options, context)


def write_all(documents: Iterable[Document], options: WriteOptions, context: Context) -> Iterator[bytes]:
    """Write a book of several pages, and give it in pieces."""
    from wikicable_epub import writer  # noqa: PLC0415

    return writer.write_all(documents, options, context)


FORMAT = Format(
    name="epub",
    title="EPUB 3",
    suffixes=(".epub",),
    aliases=("epub3",),
    media_type="application/epub+zip",
    read=read,
    write=write,
    read_options=ReadOptions,
    write_options=WriteOptions,
    is_binary=True,
    read_all=read_all,
    write_all=write_all,
)


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give the format of books."""
    return [FORMAT]
