"""The columns of a table: where each cell stands, and how each column is aligned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wikicable.model import Align, Row, Table


def places(rows: Iterable[Row]) -> tuple[list[list[int]], int]:
    """Give the column in which each cell of each row begins, and the number of columns."""
    left: dict[int, int] = {}
    begins: list[list[int]] = []
    width = 0
    for row in rows:
        column, line = 0, []
        now = dict(left)
        for cell in row.cells:
            while now.get(column):
                column += 1
            line.append(column)
            left.update(dict.fromkeys(range(column, column + cell.colspan), cell.rowspan))
            column += cell.colspan
        left = {at: rows_left - 1 for at, rows_left in left.items() if rows_left > 1}
        width = max(width, column, *(at + 1 for at in now), 0)
        begins.append(line)
    return begins, width


class Grid:
    """A table's columns; ``aligns`` are those on which all cells that begin in a column agree."""

    def __init__(self, table: Table) -> None:
        self.head = table.head
        self.columns, width = places(table.rows)
        self.aligns = [_agreed(found) for found in _aligns(table.rows, self.columns, width)]


def _aligns(rows: Iterable[Row], columns: Sequence[Sequence[int]], width: int) -> list[set[Align | None]]:
    found: list[set[Align | None]] = [set() for _ in range(width)]
    for row, line in zip(rows, columns, strict=True):
        for cell, column in zip(row.cells, line, strict=True):
            found[column].add(cell.align)
    return found


def _agreed(found: set[Align | None]) -> Align | None:
    return next(iter(found)) if len(found) == 1 else None
