"""TEI P5 (https://tei-c.org/release/doc/tei-p5-doc/en/html/), and CMIF, the index of letters made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from wikicable import Context, Document, Format, hookimpl
from wikicable.source import Source
from wikicable.values import Value, frozen

if TYPE_CHECKING:
    from wikicable.wiki.layouts import Layout


@frozen
class ReadOptions(Value):
    """How TEI is read where it offers more than one text."""

    choice: Literal["edited", "original", "both"] = field(
        default="edited",
        metadata={"help": "which of corr/sic, reg/orig and expan/abbr is shown"},
    )
    apparatus: Literal["note", "lemma", "all"] = field(
        default="note",
        metadata={"help": "variant readings become a footnote, are left out, or stand in the text"},
    )
    line_breaks: bool = field(default=True, metadata={"help": "<lb/> breaks the line"})
    quote_marks: bool = field(default=True, metadata={"help": "<q>, <said> and the like get quotation marks"})


@frozen
class WriteOptions(Value):
    """How TEI is written."""

    standalone: bool = field(default=True, metadata={"help": "a whole document; otherwise <text> alone"})
    base_url: str = field(default="", metadata={"help": "what a page id is put behind to make the page's address"})
    corpus_title: str = field(default="", metadata={"help": "the title of a corpus of several documents"})
    original_lang: str = field(default="en", metadata={"help": "the language of embedded originals"})


@frozen
class CmifOptions(Value):
    """What a CMIF file says of itself."""

    title: str = field(default="", metadata={"help": "the title of the index"})
    editor: str = field(default="", metadata={"help": "who made the index"})
    publisher: str = field(default="", metadata={"help": "who publishes it"})
    url: str = field(default="", metadata={"help": "where the index is published"})
    base_url: str = field(default="", metadata={"help": "what a page id is put behind to make the page's address"})
    date: str = field(
        default="", metadata={"help": "when it was last changed; otherwise when the newest of its pages was"}
    )


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a document."""
    from wikicable_tei.reader import read as read_tei  # noqa: PLC0415  start-up pays only for what is used

    return read_tei(source, options, context)


def read_all(source: Source, options: ReadOptions, context: Context) -> Iterator[Document]:
    """Read the documents of a corpus."""
    from wikicable_tei.reader import read_all as read_all_tei  # noqa: PLC0415

    return read_all_tei(source, options, context)


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a document."""
    from wikicable_tei.writer import write as write_tei  # noqa: PLC0415

    return write_tei(document, options, context)


def write_all(documents: Iterable[Document], options: WriteOptions, context: Context) -> Iterator[bytes]:
    """Write a corpus."""
    from wikicable_tei.corpus import write_all as write_all_tei  # noqa: PLC0415

    return write_all_tei(documents, options, context)


def write_cmif(document: Document, options: CmifOptions, context: Context) -> str:
    """Write the index of one letter."""
    return b"".join(write_all_cmif((document,), options, context)).decode()


def write_all_cmif(documents: Iterable[Document], options: CmifOptions, context: Context) -> Iterator[bytes]:
    """Write the index of many letters."""
    from wikicable_tei.cmif import write_all as write_letters  # noqa: PLC0415

    return write_letters(documents, options, context)


FORMAT = Format(
    name="tei",
    title="TEI P5",
    suffixes=(".tei", ".xml", ".odd"),
    media_type="application/tei+xml",
    read=read,
    write=write,
    read_options=ReadOptions,
    write_options=WriteOptions,
    tells_encoding=True,
    read_all=read_all,
    write_all=write_all,
)
CMIF = Format(
    name="cmif",
    title="CMIF, the index of letters that correspSearch reads",
    media_type="application/tei+xml",
    write=write_cmif,
    write_options=CmifOptions,
    write_all=write_all_cmif,
)


@hookimpl
def register_layouts() -> Iterable[Layout]:
    """Give the shape of a folder of documents."""
    from wikicable_tei import layouts  # noqa: PLC0415

    return [layouts.TEI]


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give TEI and CMIF."""
    return [FORMAT, CMIF]
