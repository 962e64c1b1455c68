"""Reading through pandoc."""

from __future__ import annotations

from dataclasses import replace

from wikicable import Context, Document
from wikicable.errors import WikicableError
from wikicable.native import Decoder, read_json
from wikicable.resources import Resources
from wikicable.source import Source
from wikicable_pandoc import ReadOptions
from wikicable_pandoc.blanks import with_all_blanks
from wikicable_pandoc.inward import OfficeDecoder, inward, under_title
from wikicable_pandoc.service import service

OFFICE = frozenset(("docx", "odt", "pptx", "xlsx"))


def read(name: str, source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a file of the format that pandoc calls so."""
    header = {"way": "read", "format": name + options.extensions}
    text = source.data if name in OFFICE else source.text.encode("utf-8", "replace")
    if name == "odt":
        text = with_all_blanks(text)
    try:
        answer = service().ask(header, text, {}, options.timeout)
    except WikicableError as error:
        raise type(error)(f"{source.name}: {error}") from error
    decoder = OfficeDecoder if name in OFFICE else Decoder
    document = read_json(Source(answer.text, source.name), context.notices, decoder)
    document = inward(replace(document, resources=Resources(answer.media)))
    return document if name in OFFICE else under_title(document)
