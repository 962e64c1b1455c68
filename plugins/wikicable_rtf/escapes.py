r"""Text as RTF code: ASCII, with ``\u`` for all else."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\{}\x00-\x1f\x7f]")
_FALLBACKS = {
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "…": ".",
    "•": "*",
}
_WORDS = {
    "\\": "\\\\", "{": "\\{", "}": "\\}", "\t": "\\tab ", "\n": "\\line ", "\u00a0": "\\~", "\u00ad": "\\-",
    "\u2011": "\\_", "\u2003": "\\emspace ", "\u2002": "\\enspace ",
}  # fmt: skip

UNDECODED = "\\'"
"""What a byte that was no UTF-8 begins with; nothing else in a text does."""


class _Escapes(dict[int, str]):
    """The code of each character, made when it is first asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = made = _escape(code)
        return made


def _escape(code: int) -> str:
    char = chr(code)
    if char in _WORDS:
        return _WORDS[char]
    if 0x20 <= code < 0x7F:
        return char
    if 0xDC80 <= code < 0xDD00:
        return f"{UNDECODED}{code - 0xDC00:02x}"
    if 0xD800 <= code < 0xE000:
        return _unit(0xFFFD, "?")
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return _unit(0xD800 + high, "?") + _unit(0xDC00 + low, "?")
    return _unit(code, _FALLBACKS.get(char, "?"))


def _unit(code: int, fallback: str) -> str:
    r"""Give one UTF-16 unit; Word takes the number as signed, and shows ``fallback`` where it knows no Unicode."""
    return f"\\u{code - 0x10000 if code > 0x7FFF else code}{fallback}"


_ESCAPES = _Escapes()


def escape(text: str) -> str:
    """Give text as RTF code."""
    if text.isascii() and not _SPECIAL.search(text):
        return text
    return text.translate(_ESCAPES)
