"""Spans that have an element of their own in TEI, and so come back to it: names, dates, what an editor did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile

from wikicable.model import Attr, Inline, Span, Str
from wikicable.xmlout import UNWRITABLE, attributes, escaped
from wikicable_tei.dates import when
from wikicable_tei.pointers import is_uri
from wikicable_tei.properties import Property, can_be_rend


def _is_text(value: str) -> bool:
    return bool(value) and not UNWRITABLE.search(value)


def _is_word(value: str) -> bool:
    return bool(value) and can_be_rend([value])


def _is_date(value: str) -> bool:
    return bool(value) and when(value) == value


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


_VALUES: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("when", "notBefore", "notAfter", "from", "to"), _is_date),
    **dict.fromkeys(("ref", "facs", "hand"), is_uri),
    **dict.fromkeys(("type", "unit", "reason", "place"), _is_word),
    **dict.fromkeys(("key", "n", "extent"), _is_text),
    "level": frozenset("amjsu").__contains__,
    "value": _is_number,
    "quantity": _is_number,
}
"""What each attribute may say."""

_NAME = ("ref", "key", "type")
_DATE = ("when", "notBefore", "notAfter", "from", "to", "type")
_PHRASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("persName", "placeName", "orgName", "name", "rs", "settlement", "region", "country"), _NAME),
    **dict.fromkeys(("forename", "surname", "term", "roleName", "geogName"), _NAME),
    **dict.fromkeys(("date", "time"), _DATE),
    **dict.fromkeys(("foreign", "mentioned", "expan", "ex", "email", "sic", "corr", "orig", "reg"), ()),
    **dict.fromkeys(("supplied", "unclear"), ("reason",)),
    "title": ("level", "type", "ref", "key"),
    "abbr": ("type",),
    "num": ("type", "value"),
    "measure": ("type", "quantity", "unit"),
    "add": ("place", "hand"),
}
"""Elements that hold a phrase, and the attributes that are written on them."""

_BREAKS = {
    **dict.fromkeys(("pb", "cb", "gb"), ("n", "facs", "type")),
    "milestone": ("unit", "n", "type"),
    "gap": ("reason", "unit", "quantity", "extent"),
}
"""Elements that hold nothing."""

_EDITED = {"corr": "sic", "reg": "orig", "expan": "abbr"}
GAP = (Str("[…]"),)
"""What shows for text that is not there."""


@dataclass(frozen=True)
class Phrase:
    """An element for a span: the original beside it, its name, its attributes, and what is left of the span's."""

    original: str
    name: str
    start: str
    rest: Attr


def phrase_of(span: Span) -> Phrase | None:
    """Give the element whose name is the first class of a span, if there is one and it can hold the span."""
    name, *classes = span.attr.classes or ("",)
    known = _known(name, span.content)
    if known is None:
        return None
    pairs = span.attr.pairs
    original = _original(name, pairs[-1]) if pairs else ""
    pairs = pairs[:-1] if original else pairs
    language = pairs[:1] if pairs and pairs[0][0] == "lang" else ()
    own = tuple(takewhile(lambda pair: pair[0] in known and _VALUES[pair[0]](pair[1]), pairs[len(language) :]))
    if len(dict(own)) < len(own) or (name == "milestone" and "unit" not in dict(own)):
        return None
    rest = replace(span.attr, classes=tuple(classes), pairs=language + pairs[len(language) + len(own) :])
    return Phrase(original, name, attributes(own), rest)


def _known(name: str, content: tuple[Inline, ...]) -> tuple[str, ...] | None:
    """Give the attributes of the element of that name, if it can hold the content."""
    if name == "gap":
        return _BREAKS[name] if content == GAP else None
    return _PHRASES.get(name) if content else _BREAKS.get(name)


def _original(name: str, pair: Property) -> str:
    """Write the original beside an edited word, if the pair is that."""
    key, text = pair
    is_original = key == _EDITED.get(name) and text == " ".join(text.split()) and not UNWRITABLE.search(text)
    return f"<{key}>{escaped(text)}</{key}>" if is_original else ""
