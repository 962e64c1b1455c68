"""PHP's ``serialize()`` format, read as plain values: no object is ever made of it.

The format: https://www.php.net/manual/en/function.serialize.php.  Objects, references and classes of one's own have no
place in a ``.meta`` file; data that holds one is refused whole.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | dict[str | int, Value] | None"

_MAX_DEPTH = 64
_SCALAR = re.compile(rb"N;|([bid]):([^;{}]{1,64});|([sa]):(\d{1,9}):")


class PhpDataError(Exception):
    """Bytes that are no serialised plain value."""


def loads(data: bytes) -> Value:
    """Read one serialised value."""
    value, end = _value(data, 0, 0)
    if data[end:].strip():
        raise PhpDataError("something stands behind the value")
    return value


def _value(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    found = _SCALAR.match(data, at)
    if not found or depth > _MAX_DEPTH:
        raise PhpDataError(f"no plain value at byte {at}")
    match found[1] or found[3]:
        case None:
            return None, found.end()
        case b"s":
            return _string(data, found.end(), int(found[4]))
        case b"a":
            return _array(data, found.end(), int(found[4]), depth)
        case kind:
            return _number(kind, found[2]), found.end()


def _number(kind: bytes, digits: bytes) -> int | float | bool:
    try:
        if kind == b"d":
            return float(digits.replace(b"INF", b"inf").replace(b"NAN", b"nan"))
        return bool(int(digits)) if kind == b"b" else int(digits)
    except ValueError as error:
        raise PhpDataError(f"no number: {digits!r}") from error


def _string(data: bytes, at: int, length: int) -> tuple[str, int]:
    end = at + 1 + length
    if data[at : at + 1] != b'"' or data[end : end + 2] != b'";':
        raise PhpDataError(f"no text of {length} bytes at byte {at}")
    return data[at + 1 : end].decode("utf-8", "surrogateescape"), end + 2


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[dict[str | int, Value], int]:
    if data[at : at + 1] != b"{":
        raise PhpDataError(f"no array at byte {at}")
    items: dict[str | int, Value] = {}
    at += 1
    for _ in range(length):
        key, at = _value(data, at, depth + 1)
        if not isinstance(key, str | int):
            raise PhpDataError(f"no key before byte {at}")
        items[key], at = _value(data, at, depth + 1)
    if data[at : at + 1] != b"}":
        raise PhpDataError(f"no end of an array at byte {at}")
    return items, at + 1
