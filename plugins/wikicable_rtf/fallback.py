"""The way out: what the reader cannot make sense of is read as plain text by striprtf."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from striprtf.striprtf import rtf_to_text

from wikicable.model import Block, Para, Str
from wikicable.notices import Notices
from wikicable_rtf.lexer import end_of_group, join_surrogates

_MOST = 1 << 22
"""Bytes of a file that are read in this way."""

_FONT_TABLE = re.compile(rb"\{\s*(?:\\\*\s*)?\\fonttbl(?![a-z])")


def plain_blocks(data: bytes, notices: Notices) -> tuple[Block, ...]:
    """Give the text of a file, a paragraph for each line."""
    code = b"".join(_without_fonts(data[:_MOST])).replace(b"{\\field", b"{\\fieldx")
    try:
        text = join_surrogates(_text_of(code.decode("latin_1"), errors="replace"))
    except (ValueError, TypeError, LookupError):  # striprtf's own, on codes that lack their numbers
        return ()
    lines = [line.strip() for line in text.splitlines()]
    blocks = tuple(Para((Str(line),)) for line in lines if line)
    if blocks:
        notices.guessed("rtf.plain-text", 0, "no structure was found; this is the text of it")
    return blocks


_text_of: Callable[..., str] = rtf_to_text
"""striprtf has no types."""


def _without_fonts(data: bytes) -> Iterator[bytes]:
    """Give the file without font tables, over which striprtf may take very long."""
    at = 0
    while found := _FONT_TABLE.search(data, at):
        yield data[at : found.start()]
        at = end_of_group(data, found.end()) + 1
    yield data[at:]
