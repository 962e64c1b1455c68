"""Every other format, through pandoc; and pandoc's own JSON, which needs no pandoc.

The formats are a table, so that pandoc is not started to learn them: those of pandoc 3.9, which ``pypandoc_binary``
brings along, without the ones that wikicable reads and writes itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from wikicable import Context, Document, Format, hookimpl
from wikicable.formats import NoOptions
from wikicable.source import Source
from wikicable.values import Value, frozen

if TYPE_CHECKING:
    from wikicable.transforms import Transform

_TIMEOUT = 60


@frozen
class ReadOptions(Value):
    """How a file is read."""

    extensions: str = field(default="", metadata={"help": "pandoc's, as behind the name of a format: +smart-raw_html"})
    timeout: int = field(default=_TIMEOUT, metadata={"help": "the seconds after which pandoc is stopped"})


@frozen
class WriteOptions(Value):
    """How a file is written."""

    extensions: str = field(default="", metadata={"help": "pandoc's, as behind the name of a format: +smart-raw_html"})
    standalone: bool = field(
        default=False, metadata={"help": "a whole file, with head and metadata, not a part of one"}
    )
    toc: bool = field(default=False, metadata={"help": "begin with a table of contents"})
    number_sections: bool = field(default=False, metadata={"help": "number the headings"})
    reference_doc: str = field(default="", metadata={"help": "a file whose styles are used: docx, odt, pptx"})
    template: str = field(default="", metadata={"help": "a file that is the template of a whole file"})
    timeout: int = field(default=_TIMEOUT, metadata={"help": "the seconds after which pandoc is stopped"})


def read(name: str, source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a file of the format that pandoc calls so."""
    from wikicable_pandoc.reader import read as read_file  # noqa: PLC0415  start-up pays only for what is used

    return read_file(name, source, options, context)


def write(name: str, document: Document, options: WriteOptions, context: Context) -> str | bytes:
    """Write a file of the format that pandoc calls so."""
    from wikicable_pandoc.writer import write as write_file  # noqa: PLC0415

    return write_file(name, document, options, context)


def read_json(source: Source, _options: NoOptions, context: Context) -> Document:
    """Read pandoc's JSON."""
    from wikicable.native import read_json as read_file  # noqa: PLC0415

    return read_file(source, context.notices)


def write_json(document: Document, _options: NoOptions, context: Context) -> str:
    """Write pandoc's JSON."""
    from wikicable.native import write_json as write_file  # noqa: PLC0415

    return write_file(document, context.notices) + "\n"


JSON = Format(
    name="json",
    title="pandoc's document, as JSON",
    suffixes=(".json",),
    media_type="application/json",
    read=read_json,
    write=write_json,
)

_FORMATS = """
    docx             rwb  .docx          Word
    odt              rwb  .odt           OpenDocument text (LibreOffice)
    pptx             rwb  .pptx          PowerPoint
    xlsx             r.b  .xlsx          Excel
    pdf              .wb  .pdf           PDF, where a program that makes it is installed
    latex            rw.  .tex           LaTeX
    context          .w.  .ctx           ConTeXt
    beamer           .w.  -              LaTeX slides
    typst            rw.  .typ           Typst
    mediawiki        rw.  .mediawiki     MediaWiki markup
    org              rw.  .org           Org mode
    rst              rw.  .rst           reStructuredText
    asciidoc         rw.  .adoc          AsciiDoc
    asciidoc_legacy  .w.  -              AsciiDoc, as asciidoc-py reads it
    commonmark_x     rw.  -              CommonMark with pandoc's extensions
    markdown_mmd     rw.  -              MultiMarkdown
    markdown_phpextra rw. -              PHP Markdown Extra
    markdown_strict  rw.  -              Markdown, as it first was
    djot             rw.  .dj            Djot
    markua           .w.  -              Markua
    textile          rw.  .textile       Textile
    tikiwiki         r..  -              TikiWiki markup
    twiki            r..  -              TWiki markup
    vimwiki          r..  -              Vimwiki
    xwiki            .w.  -              XWiki markup
    zimwiki          .w.  -              Zim markup
    jira             rw.  -              Jira and Confluence markup
    t2t              r..  .t2t           txt2tags
    muse             rw.  .muse          Muse
    haddock          rw.  -              Haddock markup
    pod              r..  .pod           Perl's documentation
    bbcode           .w.  -              BBCode
    ipynb            rw.  .ipynb         Jupyter notebook
    docbook          rw.  .dbk           DocBook 4 and 5
    docbook5         .w.  -              DocBook 5
    jats             rw.  .jats          JATS
    bits             r..  -              BITS
    fb2              rw.  .fb2           FictionBook
    opendocument     .w.  .fodt          OpenDocument, as XML
    icml             .w.  .icml          InDesign
    texinfo          .w.  .texi          GNU Texinfo
    man              rw.  .man           manual page
    mdoc             r..  -              manual page of BSD
    ms               .w.  .ms            roff, with its macros ms
    opml             rw.  .opml          OPML
    native           rw.  .native        pandoc's document, as Haskell
    plain            .w.  -              plain text
    ansi             .w.  -              text for a terminal
    vimdoc           .w.  -              Vim's help
    csv              r..  .csv           a table of values with commas
    tsv              r..  .tsv           a table of values with tabs
    revealjs         .w.  -              slides in HTML (reveal.js)
    slidy            .w.  -              slides in HTML (Slidy)
    chunkedhtml      .wb  -              HTML, a file for each section, zipped
    bibtex           rw.  .bib           BibTeX
    biblatex         rw.  -              BibLaTeX
    csljson          rw.  -              bibliography, as CSL JSON
    endnotexml       r..  -              bibliography, as EndNote has it
    ris              r..  .ris           bibliography, as RIS
"""
"""Name, whether it is read, written and binary, the suffix, and what it is."""


def _format(row: str) -> Format:
    name, ways, suffix, title = row.split(None, 3)
    return Format(
        name=name,
        title=title,
        suffixes=() if suffix == "-" else (suffix,),
        media_type="application/octet-stream" if "b" in ways else "text/plain",
        read=partial(read, name) if "r" in ways else None,
        write=partial(write, name) if "w" in ways else None,
        read_options=ReadOptions if "r" in ways else NoOptions,
        write_options=WriteOptions if "w" in ways else NoOptions,
        is_binary="b" in ways,
        through="pandoc",
    )


@hookimpl
def register_formats() -> Iterable[Format]:
    """Give pandoc's formats."""
    return [JSON, *map(_format, _FORMATS.strip().splitlines())]


@hookimpl
def register_transforms() -> Iterable[Transform]:
    """Give the filters that pandoc runs."""
    from wikicable_pandoc.filters import FILTERS  # noqa: PLC0415

    return FILTERS
