"""RTF code as tokens and groups (RTF 1.9.1, "RTF Syntax")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from wikicable_rtf.charsets import DEFAULT_CODEC, decode

TOKEN = re.compile(
    rb"(?P<text>[^\\{}\r\n\0]+)|(?P<hex>(?:\\'[0-9a-fA-F]{2})+)|\\(?P<word>[a-zA-Z]+)(?P<value>-?[0-9]{1,10})? ?"
    rb"|(?P<open>\{)|(?P<close>\})|\\(?P<symbol>[^a-zA-Z])|(?P<newline>[\r\n\0]+)",
    re.DOTALL,
)
"""One token; ``lastgroup`` tells its kind, and is ``value`` for a word with a parameter."""

_INSIDE = re.compile(rb"[^\\{}]+|\\bin([0-9]{1,10}) ?|\\(?:[a-zA-Z]+|[^a-zA-Z])|([{}])|\\", re.DOTALL)


def unhex(token: bytes) -> bytes:
    r"""Give the bytes that a run of ``\'xx`` stands for."""
    return bytes.fromhex(token.replace(b"\\'", b"").decode("ascii"))


def end_of_group(data: bytes, at: int) -> int:
    """Give the offset of the brace that closes the group in which ``at`` is, or the end of the data."""
    depth = 1
    while found := _INSIDE.match(data, at):
        at = found.end()
        if brace := found[2]:
            depth += 1 if brace == b"{" else -1
            if not depth:
                return at - 1
        elif found[1]:
            at = after_binary(data, at, int(found[1]))
    return len(data)


def after_binary(data: bytes, at: int, length: int) -> int:
    r"""Give the offset after the bytes of a ``\bin``; a length that leads out of the file is not believed."""
    return at + length if 0 < length <= len(data) - at else at


# -- groups --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A control word and its parameter."""

    name: str
    value: int | None = None


Part: TypeAlias = "Group | Word | bytes"


@dataclass(slots=True)
class Group:
    """A group of a table or a property: words, bytes of text, and groups in it."""

    parts: list[Part] = field(default_factory=list)

    def words(self) -> dict[str, int | None]:
        """Give the words of this group itself, each with its parameter."""
        return {part.name: part.value for part in self.parts if isinstance(part, Word)}

    def groups(self) -> Iterator[Group]:
        """Give the groups directly in this one."""
        return (part for part in self.parts if isinstance(part, Group))

    def named(self, name: str) -> Iterator[Group]:
        """Give the groups directly in this one that are the destination ``name``."""
        return (group for group in self.groups() if group.name == name)

    @property
    def name(self) -> str:
        r"""The destination this group is, without ``\*``; nothing where it begins with something else."""
        for part in self.parts:
            if not isinstance(part, Word):
                return ""
            if part.name != "*":
                return part.name
        return ""

    @property
    def is_optional(self) -> bool:
        r"""Whether the group begins with ``\*``."""
        return bool(self.parts) and self.parts[0] == Word("*")

    def text(self, codec: str = DEFAULT_CODEC) -> str:
        """Give the text of the group and of the groups in it, without optional destinations."""
        return "".join(_text(self, codec))

    def binary(self) -> bytes:
        """Give the bytes of this group as they stand: the data of a picture."""
        return b"".join(part for part in self.parts if isinstance(part, bytes))


def read_group(data: bytes, at: int) -> tuple[Group, int]:
    """Read the rest of the group in which ``at`` is; give it and the offset of the brace that closes it."""
    group = Group()
    outer: list[Group] = []
    while found := TOKEN.match(data, at):
        match found.lastgroup:
            case "word" | "value":
                word = _word(found)
                group.parts.append(word)
                if word.name == "bin":
                    end = after_binary(data, found.end(), word.value or 0)
                    group.parts.append(data[found.end() : end])
                    at = end
                    continue
            case "text":
                group.parts.append(found[0])
            case "hex":
                group.parts.append(unhex(found[0]))
            case "open":
                outer.append(group)
                group = Group()
                outer[-1].parts.append(group)
            case "close":
                if not outer:
                    return group, at
                group = outer.pop()
            case "symbol":
                group.parts.append(_symbol(found["symbol"]))
        at = found.end()
    return (outer[0] if outer else group), len(data)


def _word(found: re.Match[bytes]) -> Word:
    value = found["value"]
    return Word(found["word"].decode("ascii"), int(value) if value else None)


def _symbol(symbol: bytes) -> Part:
    if symbol in b"\\{}":
        return symbol
    return Word("*") if symbol == b"*" else Word(symbol.decode("latin_1"))


_SYMBOL_TEXT = {"~": "\u00a0", "_": "\u2011", "-": "\u00ad", "tab": "\t", "lquote": "‘", "rquote": "’", "line": "\n",
                "ldblquote": "“", "rdblquote": "”", "emdash": "—", "endash": "–", "bullet": "•", "par": "\n"}  # fmt: skip


def _text(group: Group, codec: str) -> Iterator[str]:
    r"""Give pieces of text; after ``\\u`` as many characters are passed over as ``\\uc`` says."""
    fallback, skip = 1, 0
    pending = list(reversed(group.parts))
    raw = bytearray()
    while pending:
        part = pending.pop()
        if isinstance(part, bytes):
            raw += part[skip:]
            skip = max(0, skip - len(part))
            continue
        if raw:
            yield decode(bytes(raw), codec)[0]
            raw.clear()
        if isinstance(part, Group):
            skip = 0
            pending.extend(reversed(_shown(part)))
        elif part.name == "u" and part.value is not None:
            yield chr(part.value % 0x10000)
            skip = fallback
        elif skip:
            skip -= 1
        elif part.name == "uc":
            fallback = part.value or 0
        else:
            yield _SYMBOL_TEXT.get(part.name, "")
    yield decode(bytes(raw), codec)[0]


def _shown(group: Group) -> list[Part]:
    r"""Give what a group shows: of ``{\upr{ansi}{\*\ud unicode}}`` the second."""
    if group.name == "upr":
        return [part for inner in group.named("ud") for part in inner.parts]
    return [] if group.is_optional else group.parts


def join_surrogates(text: str) -> str:
    """Make one character of each surrogate pair; a half without its other half is shown as unreadable."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
