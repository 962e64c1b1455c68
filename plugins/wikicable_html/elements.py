"""Elements of a page that is read: their names, attributes, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from wikicable.model import NO_ATTR, Attr
from wikicable.xmlout import UNWRITABLE
from wikicable_html.attr import GLOBAL

_NUMBER = re.compile(r"[0-9a-f]{1,4}")

Content: TypeAlias = "Element | str"


@dataclass(slots=True)
class Element:
    """An element: its name in small letters, its attributes, and what it holds."""

    tag: str
    keys: dict[str, str] = field(default_factory=dict)
    children: list[Content] = field(default_factory=list)

    def get(self, key: str, default: str = "") -> str:
        """Give the value of an attribute."""
        return self.keys.get(key, default)

    @property
    def control(self) -> str:
        """The character for which a sign of replacement stands, where the element is one that keeps its number."""
        number = self.keys.get("data-code", "") if self.keys.get("class") == "control" else ""
        sign = chr(int(number, 16)) if _NUMBER.fullmatch(number) else ""
        return sign if UNWRITABLE.match(sign) else ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes, as they stand."""
        return tuple(self.get("class").split())

    @property
    def types(self) -> tuple[str, ...]:
        """What the element is for, by ``role`` or by ``epub:type``."""
        return (*self.get("role").split(), *self.get("epub:type").split())

    @property
    def elements(self) -> list[Element]:
        """The elements directly in this one."""
        return [child for child in self.children if isinstance(child, Element)]

    def walk(self) -> Iterator[Element]:
        """Give this element and all in it, in reading order."""
        pending = [self]
        while pending:
            element = pending.pop()
            yield element
            pending.extend(reversed(element.elements))

    def text(self) -> str:
        """Give all text in it."""
        pending: list[Content] = [self]
        parts = []
        while pending:
            content = pending.pop()
            if isinstance(content, str):
                parts.append(content)
            elif content.control:
                parts.append(content.control)
            else:
                pending.extend(reversed(content.children))
        return "".join(parts)


def page_break(element: Element) -> Attr:
    """Read where a page of the printed book begins: its number, where that is said."""
    if "doc-pagebreak" not in element.types and "pagebreak" not in element.types:
        return NO_ATTR
    number = element.get("data-n") or element.get("title") or element.get("aria-label") or element.text().strip()
    own = attr_of(element, ("title", "data-n"))
    classes = ("pb", *(name for name in own.classes if name != "pb"))
    return Attr(own.id, classes, (*((("n", number),) if number else ()), *own.pairs))


def attr_of(element: Element, taken: Collection[str] = (), classes: re.Pattern[str] | None = None) -> Attr:
    """Read attributes, save the keys and classes that are taken for something else."""
    if not element.keys:
        return NO_ATTR
    own = tuple(name for name in element.classes if not (classes and classes.fullmatch(name)))
    pairs = tuple(
        (key.removeprefix("data-"), value)
        for key, value in element.keys.items()
        if (key in GLOBAL or key.startswith("data-")) and key not in taken
    )
    name = element.get("name") if element.tag == "a" else ""
    identifier = element.get("id", name) if "id" not in taken else ""
    return Attr(identifier, own, pairs) if identifier or own or pairs else NO_ATTR
