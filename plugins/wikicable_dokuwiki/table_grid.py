"""A table as DokuWiki writes it: every place of the grid has something between two bars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wikicable.model import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the grid: a cell's own, or one that the cell covers ``below`` it or to its ``right``."""

    cell: Cell
    kind: Literal["own", "below", "right"] = "own"


def grid(table: Table) -> Iterator[list[Slot]]:
    """Give the places of each row, spans resolved; all rows are of one width."""
    covered: dict[int, tuple[Cell, int, int]] = {}  # column: the cell above, its width, rows still to come
    rows = [_slots(row, covered) for row in table.rows]
    width = max(map(len, rows), default=0)
    for slots in rows:
        yield _widened(slots, width - len(slots))


def _widened(slots: list[Slot], missing: int) -> list[Slot]:
    """Fill a short row: DokuWiki leaves out cells that are empty before any other, and adds none."""
    if any(slot.kind == "below" for slot in slots):
        return slots + [Slot(Cell(()))] * missing
    return [Slot(Cell(()), "right")] * missing + slots


def _slots(row: Row, covered: dict[int, tuple[Cell, int, int]]) -> list[Slot]:
    slots: list[Slot] = []
    cells = iter(row.cells)
    starting: dict[int, tuple[Cell, int, int]] = {}
    while True:
        column = len(slots)
        if column in covered:
            cell, width, rows = covered.pop(column)
            slots += [Slot(cell, "below"), *[Slot(cell, "right")] * (width - 1)]
            if rows > 1:
                starting[column] = (cell, width, rows - 1)
            continue
        following = next(cells, None)
        if following is None and not covered:
            break
        cell = following or Cell(())
        slots += [Slot(cell), *[Slot(cell, "right")] * (cell.colspan - 1)]
        if cell.rowspan > 1:
            starting[column] = (cell, cell.colspan, cell.rowspan - 1)
        if following is None and max(covered, default=-1) < len(slots):
            break
    covered.clear()
    covered.update(starting)
    return slots
