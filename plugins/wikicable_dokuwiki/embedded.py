"""Where the files that are embedded in a page stand in its bytes."""

from __future__ import annotations

import re

from wikicable.model import CodeBlock
from wikicable.source import Source

_BLOCK = re.compile(r"<(code|file)[^>]*>\n?(?P<text>.*?)\n?</\1>", re.DOTALL)


def text_of(source: Source, block: CodeBlock) -> slice | None:
    """Tell where in the page's bytes the text of a block stands, if it is there as it is."""
    found = _BLOCK.match(source.text, block.at) if block.at is not None else None
    if found is None or found["text"] != block.text:
        return None
    return slice(*map(source.byte_offset, found.span("text")))
