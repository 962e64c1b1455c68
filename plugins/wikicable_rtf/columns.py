"""A table as RTF has it: rows of cells that end at edges, and cells that go on the one above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from wikicable.model import Cell, Row, Table
from wikicable.walk import plain_text

MOST_COLUMNS = 63
"""Word's limit."""

_WIDTH = 9000
_NARROWEST = 2000
_EMPTY = Cell(())


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a row, from column ``start`` to before column ``end``; ``goes_on`` where a cell above reaches here."""

    cell: Cell
    start: int
    end: int
    goes_on: bool = False


def lay_out(table: Table) -> list[list[Slot]]:
    """Give the places of each row; every row reaches as far as the longest."""
    hanging: list[tuple[Slot, int]] = []  # places of the row above that reach down, and how many rows farther
    rows = []
    for row in table.rows:
        slots = list(_slots(row, hanging))
        below = {slot.start: count - 1 for slot, count in hanging}
        hanging = [(slot, below[slot.start] if slot.goes_on else slot.cell.rowspan - 1) for slot in slots]
        hanging = [(slot, count) for slot, count in hanging if count > 0]
        rows.append(slots)
    width = max((slots[-1].end for slots in rows if slots), default=0)
    for slots in rows:
        start = slots[-1].end if slots else 0
        if start < width:
            slots.append(Slot(_EMPTY, start, width))
    return rows


def _slots(row: Row, hanging: Sequence[tuple[Slot, int]]) -> Iterator[Slot]:
    cells = iter(row.cells)
    column = 0
    for above, _ in hanging:
        while column < above.start:
            cell = next(cells, None)
            end = above.start if cell is None else min(column + _colspan(cell), above.start)
            yield Slot(cell or _EMPTY, column, end)
            column = end
        yield Slot(above.cell, above.start, above.end, goes_on=True)
        column = above.end
    for cell in cells:
        yield Slot(cell, column, column + _colspan(cell))
        column += _colspan(cell)


def _colspan(cell: Cell) -> int:
    return min(max(cell.colspan, 1), 10 * MOST_COLUMNS)


# -- widths --------------------------------------------------------------------------------------

_LETTER, _LETTER_IN_WORD, _WIDE_LETTER, _PADDING = 120, 160, 245, 260
"""Of text in cells, in twips; a word gets room for capitals and digits."""
_LONGEST_WORD = 2000

_NARROW = re.compile(r"[^\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table end, in twips; ``ends`` are the columns at which some cell ends.

    ``edges`` has an edge for each column, or is empty where there are too many columns to look at each.
    """

    left: int
    count: int
    ends: frozenset[int]
    edges: tuple[int, ...] = ()

    @classmethod
    def of(cls, rows: Sequence[Sequence[Slot]], left: int) -> Columns:
        """Divide the width of the page by what the columns hold."""
        ends = frozenset(slot.end for slots in rows for slot in slots)
        count = max(ends, default=0)
        edges = accumulate(_widths(rows, count, _page_width(left)), initial=left) if count <= MOST_COLUMNS else ()
        return cls(left, count, ends, tuple(edges))

    @property
    def is_too_wide(self) -> bool:
        """Whether Word has not so many columns; then only those are left at which some cell ends."""
        return self.count > MOST_COLUMNS

    def edge(self, end: int) -> int:
        """Give where a cell ends that reaches up to before column ``end``."""
        if self.edges:
            return self.edges[end]
        return self.left + max(_page_width(self.left) // self.count, 60) * end

    def edges_of(self, slot: Slot) -> list[int]:
        """Give where a cell ends, and before that where parts of it must end, as no other cell of a row does there."""
        inner = () if self.is_too_wide else (end for end in range(slot.start + 1, slot.end) if end not in self.ends)
        return [self.edge(end) for end in (*inner, slot.end)]


def _page_width(left: int) -> int:
    return max(_WIDTH - left, _NARROWEST)


def _widths(rows: Sequence[Sequence[Slot]], count: int, most: int) -> list[int]:
    """Give each column the width of its longest line, or if the page is too narrow, that of its longest word and more."""
    needed, wanted = [_PADDING] * count, [_PADDING] * count
    for slots in rows:
        for slot in slots:
            if slot.end - slot.start == 1 and not slot.goes_on:
                word, line = _lengths(plain_text(slot.cell.content))
                needed[slot.start] = max(needed[slot.start], word + _PADDING)
                wanted[slot.start] = max(wanted[slot.start], word + _PADDING, line + _PADDING)
    least = max(min(_NARROWEST // 2, most // max(count, 1)), 60)
    needed = [max(each, least) for each in needed]
    wanted = [max(each, least) for each in wanted]
    if sum(wanted) <= most:
        return wanted
    if sum(needed) >= most:
        return [max(each * most // sum(needed), 60) for each in needed]
    rest, more = most - sum(needed), sum(wanted) - sum(needed)
    return [need + (want - need) * rest // more for need, want in zip(needed, wanted, strict=True)]


def _lengths(text: str) -> tuple[int, int]:
    """Tell how wide the longest word of a text is, and how wide all of it; a very long word is parted."""
    words = text.split()
    if text.isascii():
        return min(_LETTER_IN_WORD * max(map(len, words), default=0), _LONGEST_WORD), _LETTER * len(text)
    wide = len(_NARROW.sub("", text))
    longest = max((min(_word_width(word), _LONGEST_WORD) for word in words), default=0)
    return longest, _LETTER * (len(text) - wide) + _WIDE_LETTER * wide


def _word_width(word: str) -> int:
    wide = len(_NARROW.sub("", word))
    return _LETTER_IN_WORD * (len(word) - wide) + _WIDE_LETTER * wide
