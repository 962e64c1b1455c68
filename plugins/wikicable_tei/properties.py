"""What the model says and TEI has no attribute for, as properties in ``@style``, and back.

``@style`` holds CSS (https://tei-c.org/release/doc/tei-p5-doc/en/html/ref-att.global.rendition.html).
Pairs of key and value are custom properties, ``--key:'value'``; what belongs to the wiki alone has a
vendor's prefix, ``-wiki-cache:nocache``; alignment and list numbering are CSS's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wikicable.model import NO_ATTR, Attr

Property: TypeAlias = tuple[str, str]

WIKI = "-wiki-"
CLASS = "-wiki-class"
ID = "-wiki-id"

_WORD = re.compile(r"[A-Za-z0-9_-]+")
_RAW_STYLE = re.compile(r"[a-z][^\\'\"\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]*")
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_\u00c0-\ud7ff-]")
_NOT_IN_STRING = re.compile("[\\\\'\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6}) ")
_NAME = r"-(?:[A-Za-z0-9_\u00c0-\ud7ff-]|\\[0-9a-f]{1,6} )*+"
_PROPERTY = re.compile(rf"\s*({_NAME}|text-align|list-style-type)\s*:\s*(?:'([^']*)'|([\w-]*))\s*(?:;|$)")
_REND = re.compile(
    r"[!-~\u00c0-\u024f\u0391-\u03a9\u03b1-\u03c9\u0410-\u044f\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3]+"
)
"""A class that may stand in ``@rend``: letters that every version of Unicode knows as such."""


# -- writing -------------------------------------------------------------------------------------


def written(properties: Iterable[Property]) -> str:
    """Write properties."""
    return ";".join([f"{name}:{_value(value)}" for name, value in properties])


def _value(value: str) -> str:
    return value if _WORD.fullmatch(value) else f"'{_NOT_IN_STRING.sub(_escaped, value)}'"


def _escaped(char: re.Match[str]) -> str:
    return f"\\{ord(char[0]):x} "


def of_pairs(pairs: Iterable[Property]) -> Iterator[Property]:
    """Give pairs of key and value as properties."""
    for key, value in pairs:
        yield "--" + _NOT_IN_NAME.sub(_escaped, key), value


def can_be_rend(classes: Iterable[str]) -> bool:
    """Whether classes can stand in ``@rend``; otherwise each is a property."""
    return all(map(_REND.fullmatch, classes))


def is_raw_style(style: str) -> bool:
    """Whether a style can stand in ``@style`` as it is, and is read as one again."""
    return _RAW_STYLE.fullmatch(style) is not None and not _PROPERTY.match(style)


# -- reading -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Style:
    """What stands in ``@style``: the wiki's properties, the pairs, and the CSS that is left."""

    own: tuple[Property, ...] = ()
    pairs: tuple[Property, ...] = ()
    css: str = ""

    def get(self, name: str, default: str = "") -> str:
        """Give the value of the property of that name."""
        return next((value for key, value in self.own if key == name), default)

    def left(self, understood: Sequence[str]) -> str:
        """Give the CSS that is nobody's own, without the properties that are understood."""
        own = [each for each in self.own if not each[0].startswith(WIKI) and each[0] not in understood]
        return "; ".join(filter(None, (written(own), self.css)))

    def all(self, name: str) -> tuple[str, ...]:
        """Give the values of all properties of that name."""
        return tuple(value for key, value in self.own if key == name)


NO_STYLE = Style()


def style_of(text: str) -> Style:
    """Read ``@style``."""
    own: list[Property] = []
    pairs: list[Property] = []
    at = 0
    while found := _PROPERTY.match(text, at):
        at = found.end()
        value = _unescaped(found[2]) if found[2] is not None else found[3]
        if found[1].startswith("--"):
            pairs.append((_unescaped(found[1][2:]), value))
        else:
            own.append((found[1], value))
    return Style(tuple(own), tuple(pairs), text[at:].strip())


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda escape: chr(min(int(escape[1], 16), 0x10FFFF)), text)


def attr_of(identifier: str, classes: tuple[str, ...], pairs: tuple[Property, ...]) -> Attr:
    """Give an ``Attr``, the shared one where it says nothing."""
    return Attr(identifier, classes, pairs) if identifier or classes or pairs else NO_ATTR
