"""A table as RTF has it: rows of cells that end at edges, and cells that go on the one above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wikicable.model import Cell, Row, Table

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


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table end, in twips; ``ends`` are the columns at which some cell ends."""

    left: int
    count: int
    ends: frozenset[int]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Slot]], left: int) -> Columns:
        """Divide the width of the page."""
        ends = frozenset(slot.end for slots in rows for slot in slots)
        return cls(left, max(ends, default=0), ends)

    @property
    def is_too_wide(self) -> bool:
        """Whether Word has not so many columns; then only those are left at which some cell ends."""
        return self.count > MOST_COLUMNS

    def edge(self, end: int) -> int:
        """Give where a cell ends that reaches up to before column ``end``."""
        width = max(_WIDTH - self.left, _NARROWEST)
        return self.left + max(width // max(self.count, 1), 60) * end

    def edges(self, slot: Slot) -> list[int]:
        """Give where a cell ends, and before that where parts of it must end, as no other cell of a row does there."""
        inner = () if self.is_too_wide else (end for end in range(slot.start + 1, slot.end) if end not in self.ends)
        return [self.edge(end) for end in (*inner, slot.end)]
