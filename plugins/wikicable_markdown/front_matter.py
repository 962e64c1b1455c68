"""Front matter: the metadata of a page as a YAML block at its top.

What is written is a small part of YAML 1.2 that every YAML reader takes alike.  What is read may be any YAML
without aliases; a scalar stays the text it is written as unless it is plainly a number, ``true``, ``false`` or
``null``, so that a date passes through as it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from math import inf, isfinite, nan
from typing import NamedTuple, TypeAlias

from wikicable.model import Metadata, MetaValue

_FENCED = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEYS = {"title": "title", "tags": "tags", "lang": "lang", "page_id": "id", "created": "created",
         "modified": "modified", "creator": "creator", "contributors": "contributors"}  # fmt: skip
"""The fields of ``Metadata`` that are keys, in the order in which they are written."""

_LISTS = ("tags", "contributors")
_PLAIN = re.compile(r"[^\W\d_](?:[\w./+()-]|[ ,'&](?=[\w(])|:(?=[\w/]))*\Z")
"""A text that YAML reads as itself without quotes; dates and numbers begin with a digit and are told apart."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?\Z")
_WORDS_OF_YAML = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))
_INT = re.compile(r"[-+]?(?:0|[1-9]\d{0,999})\Z")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d{1,3})?\Z")
_WORDS: Mapping[str, MetaValue] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
    ".inf": inf, "-.inf": -inf, ".nan": nan,
}  # fmt: skip
_MAX_DEPTH = 40

# PyYAML takes no lone surrogates, which stand for bytes that are not UTF-8; meanwhile they are private characters.
_HIDE = {0xDC80 + byte: 0x10F880 + byte for byte in range(0x80)}
_SHOW = {hidden: shown for shown, hidden in _HIDE.items()}


# -- writing -------------------------------------------------------------------------------------


def written(metadata: Metadata) -> str:
    """Write metadata with its fences and a blank line after them; nothing where there is nothing to say."""
    values: dict[str, MetaValue] = {key: _field(metadata, name) for name, key in _KEYS.items()}
    values = {key: value for key, value in values.items() if value is not None and value != []}
    values |= {key: value for key, value in metadata.extra.items() if key not in values}
    return f"---\n{''.join(_pairs(values, ''))}---\n\n" if values else ""


def _field(metadata: Metadata, name: str) -> MetaValue:
    value: str | tuple[str, ...] | None = getattr(metadata, name)
    return list(value) if isinstance(value, tuple) else value


def _pairs(values: Mapping[str, MetaValue], indent: str) -> Iterator[str]:
    for key, value in values.items():
        yield from _entry(f"{indent}{_text(key)}:", value, indent)


def _entry(start: str, value: MetaValue, indent: str) -> Iterator[str]:
    """Write ``start`` and the value after it, on the same line or indented below it."""
    match value:
        case dict() if value and len(indent) < 2 * _MAX_DEPTH:
            yield start + "\n"
            yield from _pairs(value, indent + "  ")
        case list() if value and len(indent) < 2 * _MAX_DEPTH:
            yield start + "\n"
            for item in value:
                yield from _entry(f"{indent}  -", item, indent + "  ")
        case _:
            yield f"{start} {_scalar(value)}\n"


def _scalar(value: MetaValue) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not isfinite(value):
        return {"Infinity": ".inf", "-Infinity": "-.inf"}.get(json.dumps(value), ".nan")
    return json.dumps(value, ensure_ascii=False)


def _text(text: str) -> str:
    if _DATE.match(text) or (_PLAIN.match(text) and text.lower() not in _WORDS_OF_YAML):
        return text
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]", _escaped, json.dumps(text, ensure_ascii=False)
    )


def _escaped(char: re.Match[str]) -> str:
    return f"\\u{ord(char[0]):04X}"


# -- reading -------------------------------------------------------------------------------------


class _Scalar(NamedTuple):
    """A scalar as written, before it is known whether a text or a number is wanted."""

    text: str
    is_plain: bool

    def value(self) -> MetaValue:
        """Give what the scalar says by itself."""
        if self.is_plain and self.text in _WORDS:
            return _WORDS[self.text]
        if self.is_plain and _INT.match(self.text):
            return int(self.text)
        return float(self.text) if self.is_plain and _FLOAT.match(self.text) else self.text


_Raw: TypeAlias = "_Scalar | list[_Raw] | dict[str, _Raw]"


class _UnreadableError(Exception):
    """YAML that says something for which front matter has no place."""


def split(text: str) -> tuple[Metadata, int]:
    """Give the metadata at the top of a page and the offset behind it; what is no YAML mapping is text of the page."""
    fenced = _FENCED.match(text) if text.startswith("---") else None
    if not fenced:
        return Metadata(), 0
    try:
        return _metadata(_mapping(fenced["yaml"])), fenced.end()
    except _UnreadableError:
        return Metadata(), 0


def _mapping(text: str) -> dict[str, _Raw]:
    import yaml  # noqa: PLC0415  only pages with front matter pay for it

    stack: list[list[_Raw]] = [[]]
    try:
        for event in yaml.parse(text.translate(_HIDE), Loader=yaml.SafeLoader):
            match event:
                case yaml.ScalarEvent(value=value, style=style, tag=tag):
                    stack[-1].append(_Scalar(value.translate(_SHOW), not style and tag is None))
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent() if len(stack) < _MAX_DEPTH:
                    stack.append([])
                case yaml.SequenceEndEvent():
                    items = stack.pop()
                    stack[-1].append(items)
                case yaml.MappingEndEvent():
                    items = stack.pop()
                    stack[-1].append(_paired(items))
                case yaml.AliasEvent() | yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    raise _UnreadableError
    except yaml.YAMLError as error:
        raise _UnreadableError from error
    match stack[0]:
        case [] | [_Scalar(text="", is_plain=True)]:
            return {}
        case [dict() as mapping]:
            return mapping
    raise _UnreadableError


def _paired(items: list[_Raw]) -> dict[str, _Raw]:
    pairs: dict[str, _Raw] = {}
    for key, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(key, _Scalar):
            raise _UnreadableError
        pairs[key.text] = value
    return pairs


def _metadata(raw: dict[str, _Raw]) -> Metadata:
    """Sort keys into fields; a value of a shape that its field cannot have stays a free one."""
    texts = {name: _one(raw.get(key)) for name, key in _KEYS.items() if name not in _LISTS}
    lists = {name: _several(raw.get(_KEYS[name])) for name in _LISTS}
    taken = {_KEYS[name] for name, value in (*texts.items(), *lists.items()) if value}
    return Metadata(
        title=texts["title"],
        tags=lists["tags"],
        lang=texts["lang"],
        page_id=texts["page_id"],
        created=texts["created"],
        modified=texts["modified"],
        creator=texts["creator"],
        contributors=lists["contributors"],
        extra={key: _free(value) for key, value in raw.items() if key not in taken},
    )


def _one(value: _Raw | None) -> str | None:
    return value.text if isinstance(value, _Scalar) and value.value() is not None else None


def _several(value: _Raw | None) -> tuple[str, ...]:
    """Give a list of texts; where there is one text instead, its parts between commas."""
    match value:
        case _Scalar(text=text):
            return tuple(filter(None, map(str.strip, text.split(","))))
        case list() if all(isinstance(item, _Scalar) for item in value):
            return tuple(item.text for item in value if isinstance(item, _Scalar))
    return ()


def _free(value: _Raw) -> MetaValue:
    match value:
        case _Scalar():
            return value.value()
        case list():
            return [_free(item) for item in value]
        case dict():
            return {key: _free(item) for key, item in value.items()}
