"""How attributes say what pandoc has no word for: kinds are first classes, fields are first pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from wikicable.model import Attr

ORDINARY = "ordinary"
"""The class in front of one that would say something it does not mean."""

SPANS = frozenset(("verbatim", "monospace", "macro", "tags", ORDINARY))
DIVS = frozenset(("macro", "tags", "feed", "block", ORDINARY))
LINKS = frozenset(("wikilink", "interwiki", "windows", "media", "url", ORDINARY))
CELLS = frozenset(("header", "data"))
CODE = frozenset(("monospace", ORDINARY))


def as_json(attr: Attr) -> list[Any]:
    """Give attributes as pandoc has them."""
    return [attr.id, list(attr.classes), [list(pair) for pair in attr.pairs]]


def of_json(value: Any) -> Attr:
    """Read attributes."""
    name, classes, pairs = value
    return Attr(_text(name), tuple(map(_text, classes)), tuple((_text(key), _text(said)) for key, said in pairs))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a {type(value).__name__} where text is expected")
    return value


def of_kind(kind: str, attr: Attr) -> Attr:
    """Put a class in front that says what a node is."""
    return replace(attr, classes=(kind, *attr.classes))


def of_no_kind(attr: Attr, kinds: Collection[str]) -> Attr:
    """Make sure that the first class of a node says nothing of it."""
    return of_kind(ORDINARY, attr) if attr.classes and attr.classes[0] in kinds else attr


def kind_of(attr: Attr, kinds: Collection[str]) -> tuple[str, Attr]:
    """Tell what a node is, and give the attributes that are its own; nothing is a node that is just itself."""
    if not attr.classes or attr.classes[0] not in kinds:
        return "", attr
    kind = attr.classes[0]
    return "" if kind == ORDINARY else kind, replace(attr, classes=attr.classes[1:])


def with_fields(attr: Attr, fields: Iterable[tuple[str, str, str]]) -> Attr:
    """Put fields in front, each with key, value and default; one that has its default is left out, unless missed."""
    own = {key for key, _ in attr.pairs}
    said = tuple((key, value) for key, value, default in fields if value != default or key in own)
    return replace(attr, pairs=said + attr.pairs) if said else attr


def take_field(attr: Attr, key: str, default: str = "") -> tuple[str, Attr]:
    """Take the first pair of that key out."""
    for at, (name, value) in enumerate(attr.pairs):
        if name == key:
            return value, replace(attr, pairs=attr.pairs[:at] + attr.pairs[at + 1 :])
    return default, attr
