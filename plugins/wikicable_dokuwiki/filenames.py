"""File names as DokuWiki writes them for ids: as they are, percent-encoded, or in its own "safe" code.

The setting is ``fnencode`` (``utf8_encodeFN`` in ``inc/pageutils.php``, ``inc/SafeFN.class.php``).  A wiki whose setting
was changed has names of several kinds, so that each name is read by what it looks like.
"""

from __future__ import annotations

import re
import string
from urllib.parse import quote_plus, unquote_plus

_PLAIN = re.compile(r"[a-zA-Z0-9/_\-.%]+")
_PERCENT = re.compile(r"(?:[^%\]]|%[0-9A-Fa-f]{2})*")
_SAFE = re.compile(r"(?:[-./\[_0-9a-z]|(?:%[0-9a-z]*)+\])+")
_SAFE_RUN = re.compile(r"((?:%[0-9a-z]*)+)\]")
_BASE = 36
_DIGITS = string.digits + string.ascii_lowercase


def decoded(path: str) -> str:
    """Give the path without its encoding, name by name."""
    return "/".join(_decoded_name(name) for name in path.split("/")) if "%" in path or "+" in path else path


def _decoded_name(name: str) -> str:
    if _SAFE.fullmatch(name) and "%" in name:
        return _SAFE_RUN.sub(_decoded_run, name)
    if name.isascii() and _PERCENT.fullmatch(name):
        return _utf8(name)
    return name


def _utf8(name: str) -> str:
    try:
        return unquote_plus(name, errors="strict")
    except UnicodeDecodeError:
        return name


def _decoded_run(run: re.Match[str]) -> str:
    return "".join(_character(code) for code in run[1][1:].split("%"))


def _character(code: str) -> str:
    if not code:
        return "%"
    number = int(code, _BASE) + 32 if len(code) < 6 else 0x110000
    return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else f"%{code}"


def encoded(path: str) -> str:
    """Write a path as DokuWiki does by default: percent-encoded where it has a character that is not plain."""
    return path if _PLAIN.fullmatch(path) else quote_plus(path, safe="/", errors="surrogateescape").replace("~", "%7E")


def safe(path: str) -> str:
    """Write a path in DokuWiki's "safe" code."""
    out = ""
    in_run = False
    for char in path:
        is_plain = char in "-./[_]" or char in _DIGITS
        out += "]" * (in_run and is_plain) + (
            char if is_plain else "%" + ("" if char == "%" else _base36(ord(char) - 32))
        )
        in_run = not is_plain
    return out + "]" * in_run


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, _BASE)
        digits = _DIGITS[digit] + digits
    return digits or "0"
