"""A table as DokuWiki writes it: every place of the grid has something between two bars."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from wikicable.model import Cell, Row, Table
from wikicable_dokuwiki.blocks import head_rows, is_head_row


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the grid: a cell's own, or one that the cell covers ``below`` it or to its ``right``."""

    cell: Cell
    kind: Literal["own", "below", "right"] = "own"

    @property
    def bar(self) -> str:
        """What stands before it."""
        return "^" if self.cell.is_header else "|"


def grid(table: Table) -> list[list[Slot]]:
    """Give the places of each row, spans resolved; all rows are of one width."""
    width = max(_widths(table.rows), default=0)
    rows = list(_laid_out(table.rows, width))
    while max(map(len, rows), default=0) > width:
        width = 2 * width + 1
        rows = list(_laid_out(table.rows, width))
    return rows


def _laid_out(rows: Iterable[Row], width: int) -> Iterator[list[Slot]]:
    """Lay out the rows; one is wider than asked for if its cells find no room between those that reach into it."""
    above: dict[int, tuple[Cell, int]] = {}  # column: a cell that reaches into the row, for so many rows from it on
    for row in rows:
        slots = _slots(row, above, width)
        yield slots
        above = _reaching(slots, above)


def _widths(rows: Iterable[Row]) -> Iterator[int]:
    """Count the columns that each row takes at least: those of its cells and one of each cell that reaches into it."""
    above: list[int] = []
    for row in rows:
        yield len(above) + sum(cell.colspan for cell in row.cells)
        above = [rows - 1 for rows in chain(above, (cell.rowspan for cell in row.cells)) if rows > 1]


def _slots(row: Row, above: dict[int, tuple[Cell, int]], width: int) -> list[Slot]:
    """Lay out a row, filled with empty places at its beginning and behind ``:::``, of which DokuWiki shows nothing."""
    slots: list[Slot] = []
    cells = deque(row.cells)
    for edge in (*above, width):
        own: list[Slot] = []
        while cells and len(slots) + len(own) + cells[0].colspan <= edge:
            own += _across(cells.popleft())
        slots += [Slot(Cell(()), "right")] * (edge - len(slots) - len(own)) + own
        if edge in above:
            slots.append(Slot(above[edge][0], "below"))
    return slots + [slot for cell in cells for slot in _across(cell)]


def _across(cell: Cell) -> list[Slot]:
    return [Slot(cell), *[Slot(cell, "right")] * (cell.colspan - 1)]


def _reaching(slots: list[Slot], above: dict[int, tuple[Cell, int]]) -> dict[int, tuple[Cell, int]]:
    """Give the cells that reach into the row below one, by column."""
    own = {column: (slot.cell, slot.cell.rowspan) for column, slot in enumerate(slots) if slot.kind == "own"}
    return {column: (cell, rows - 1) for column, (cell, rows) in sorted((own | above).items()) if rows > 1}


def bars(rows: Sequence[Sequence[Slot]]) -> list[list[str]]:
    """Give the bars of each row, before each place and behind the last; no cell spans from the head into the body."""
    found = [[*(slot.bar for slot in slots), slots[-1].bar if slots else "|"] for slots in rows]
    head = head_rows(found)
    for number in reversed(range(head)):
        if not any(slot.kind == "below" for slot in rows[head]):
            break
        fewest = [*(slot.bar if slot.kind == "own" else "|" for slot in rows[number]), "|"]
        if not is_head_row(fewest):
            found[number], head = fewest, number
    return found
