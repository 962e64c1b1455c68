"""What is read: bytes with a name, decoded once, with places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from wikicable.errors import InputError
from wikicable.values import Value, frozen

_LINE_END = re.compile("\n")
_ESCAPED = re.compile("[\udc80-\udcff]")
"""Bytes that are no part of a UTF-8 character, as ``surrogateescape`` has them."""
_LONE_SURROGATES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@frozen
class Place(Value):
    """A place in a source; ``line`` and ``column`` count from 1, columns in characters."""

    name: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Source:
    """The bytes of one input and the name to call it by in messages."""

    data: bytes
    name: str = "<text>"

    @classmethod
    def of(cls, given: Source | str | bytes | Path) -> Source:
        """Take text, bytes, a path or a source; a ``str`` is always text, never a file name."""
        match given:
            case Source():
                return given
            case str():
                return cls(given.encode("utf-8", "surrogateescape"))
            case bytes():
                return cls(given)
            case Path():
                return _File(given) if given.is_file() else cls(read_bytes(given), str(given))

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.data)

    def open(self) -> BinaryIO:
        """Give the bytes as a stream, for what is too large to be held as a whole."""
        return BytesIO(self.data)

    @cached_property
    def text(self) -> str:
        r"""The text, line ends as ``\n``; bytes that are not UTF-8 become lone surrogates.

        ``text.encode("utf-8", "surrogateescape")`` gives those bytes back as they were.
        """
        text = self.data.decode("utf-8", "surrogateescape")
        return text.removeprefix("\ufeff").replace("\r\n", "\n")

    @cached_property
    def is_utf8(self) -> bool:
        """Whether every byte is part of a UTF-8 character."""
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    @property
    def first_bad(self) -> int:
        """The offset of the first byte that is no part of a UTF-8 character; the length of the text if there is none."""
        found = _ESCAPED.search(self.text)
        return found.start() if found else len(self.text)

    def byte_offset(self, at: int) -> int:
        """Give the offset in ``data`` of what stands at the offset ``at`` of ``text``."""
        start = len(_BYTE_ORDER_MARK) if self.data.startswith(_BYTE_ORDER_MARK) else 0
        passed = start + len(self.text[:at].encode("utf-8", "surrogateescape"))
        ends = enumerate(end.start() for end in re.finditer(rb"\r\n", self.data))
        return passed + sum(end - before < passed for before, end in ends)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def line_start(self, line: int) -> int:
        """Give the offset in ``text`` at which a line starts, or the last line if there is no such."""
        return self._line_starts[min(line, len(self._line_starts)) - 1]

    def place(self, at: int) -> Place:
        """Tell where the offset ``at`` of ``text`` is."""
        line = bisect_right(self._line_starts, max(at, 0))
        return Place(self.name, line, max(at, 0) - self._line_starts[line - 1] + 1)


class _File(Source):
    """A file, read as a whole only when its bytes are asked for as a whole."""

    _path: Path

    def __init__(self, path: Path) -> None:
        object.__setattr__(self, "name", str(path))
        object.__setattr__(self, "_path", path)

    @cached_property
    def data(self) -> bytes:  # read once, and as constant as a field from then on
        return read_bytes(self._path)

    @property
    def size(self) -> int:
        with _said_where(self._path):
            return self._path.stat().st_size

    def open(self) -> BinaryIO:
        with _said_where(self._path):
            return self._path.open("rb")


def encoded(text: str) -> bytes:
    """Give text as UTF-8, and what was not UTF-8 in the source as it was there."""
    return _LONE_SURROGATES.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def read_bytes(path: Path) -> bytes:
    """Read a file, or say in one line why it cannot be read."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file, or use `wikicable batch` for a whole wiki")
    with _said_where(path):
        return path.read_bytes()


@contextmanager
def _said_where(path: Path) -> Iterator[None]:
    """Say in one line why a file cannot be read."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
