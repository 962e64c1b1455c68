"""What is open around a paragraph: quotes, lists, definitions and divisions, as they are being built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from wikicable.model import (
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Definition,
    DefinitionList,
    Div,
    Inline,
    OrderedList,
    Para,
    Plain,
)


@dataclass(slots=True)
class Page:
    """The page, a cell or a note: blocks one after the other."""

    at: int = 0
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Quote(Page):
    """A quote."""

    def node(self) -> Block:
        """Give the quote as it is now."""
        return BlockQuote(tidy(self.blocks), at=self.at)


@dataclass(slots=True)
class Division(Page):
    """A division; it lasts until its end is marked."""

    attr: Attr = field(default_factory=Attr)

    def node(self) -> Block:
        """Give the division as it is now."""
        return Div(tuple(self.blocks), self.attr, at=self.at)


@dataclass(frozen=True, slots=True)
class Marker:
    """The number or bullet of a paragraph: ``number`` and ``level`` tell the list, 0 where there is no list table.

    ``left`` is the indent, ``kind`` is ``bullet`` or pandoc's name of a numbering.
    """

    number: int = 0
    level: int = 0
    left: int = 0
    kind: str = "bullet"
    start: int = 1


@dataclass(slots=True)
class List(Page):
    """A list; ``blocks`` are those of its last item."""

    marker: Marker = field(default_factory=Marker)
    items: list[list[Block]] = field(default_factory=list)

    def begin_item(self) -> None:
        """Begin the next item."""
        self.blocks = []
        self.items.append(self.blocks)

    def node(self) -> Block:
        """Give the list as it is now."""
        items = tuple(tidy(item) for item in self.items)
        if self.marker.kind == "bullet":
            return BulletList(items, at=self.at)
        return OrderedList(items, self.marker.start, self.marker.kind, at=self.at)


@dataclass(slots=True)
class Definitions(Page):
    """A definition list; ``blocks`` are those of what was said last."""

    left: int = 0
    entries: list[tuple[tuple[Inline, ...], list[list[Block]]]] = field(default_factory=list)

    def define(self) -> None:
        """Begin the next thing that is said of the last term."""
        self.blocks = []
        self.entries[-1][1].append(self.blocks)

    def node(self) -> Block:
        """Give the definition list as it is now."""
        items = (Definition(term, tuple(map(tidy, said))) for term, said in self.entries)
        return DefinitionList(tuple(items), at=self.at)


Container: TypeAlias = Quote | List | Division | Definitions


def tidy(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give blocks in which a paragraph that stands beside no other is ``Plain``."""
    out: list[Block] = []
    for number, block in enumerate(blocks):
        beside = (*blocks[max(number - 1, 0) : number], *blocks[number + 1 : number + 2])
        if isinstance(block, Para) and not any(isinstance(each, Para) for each in beside):
            out.append(Plain(block.content, at=block.at))
        else:
            out.append(block)
    return tuple(out)
