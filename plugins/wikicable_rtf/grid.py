"""Table rows to a table: columns from the edges of cells, and cells that span them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest

from wikicable.model import Align, Block, Cell, Row, Table
from wikicable_rtf.flow import CellFormat, FlowItem, Paragraph, TableRow

_SLACK = 40
"""Edges that differ by less, in twips, are the same."""
_COLUMN = 1440


@dataclass(slots=True)
class _Area:
    """A cell in its row: its content, the edges it ends at, and how it is joined with the row above."""

    content: list[FlowItem]
    edges: list[int]
    begins: bool = False
    goes_on: bool = False
    left: int = 0
    right: int = 0
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Cells:
    """How cells are read: ``blocks`` makes their content, ``is_header`` and ``is_left`` tell by the style."""

    blocks: Callable[[list[FlowItem]], tuple[Block, ...]]
    is_header: Callable[[list[FlowItem]], bool]
    is_left: Callable[[list[FlowItem]], bool]
    is_own: bool = False


def grid(rows: Sequence[TableRow], cells: Cells) -> Table:
    """Make a table of rows that follow each other."""
    areas = [list(_areas(row)) for row in rows]
    edges = _distinct(edge for row in areas for area in row for edge in area.edges)
    for row in areas:
        _find_columns(row, edges)
    _merge_down(areas)
    by_style = cells.is_own or any(cells.is_header(area.content) for row in areas for area in row)
    nodes = []
    for form, row in zip(rows, areas, strict=True):
        shown = [_cell(area, cells, None if by_style else form.form.is_header) for area in row if not area.goes_on]
        missing = len(edges) - (row[-1].right if row else 0)
        nodes.append(Row((*shown, *[Cell(())] * missing), at=form.at))
    return Table(tuple(nodes), _head(rows, nodes, is_own=cells.is_own), at=rows[0].at)


def _areas(row: TableRow) -> Iterator[_Area]:
    """Give the cells of a row, those that are merged across as one."""
    area: _Area | None = None
    edge = row.form.left
    for content, form in zip_longest(row.cells, row.form.cells):
        form = form or CellFormat()  # noqa: PLW2901  a cell without a format
        edge = form.edge if form.edge > edge else edge + _COLUMN
        if form.across == "next" and area is not None:
            area.edges.append(edge)
            area.content.extend(content or ())
            continue
        if area is not None:
            yield area
        area = _Area(content or [], [edge], form.down == "first", form.down == "next")
    if area is not None:
        yield area


def _distinct(edges: Iterable[int]) -> list[int]:
    distinct: list[int] = []
    for edge in sorted(set(edges)):
        if not distinct or edge > distinct[-1] + _SLACK:
            distinct.append(edge)
    return distinct


def _find_columns(row: list[_Area], edges: list[int]) -> None:
    left = 0
    for area in row:
        area.left = left
        area.right = left = max(bisect_left(edges, area.edges[-1] - _SLACK), left) + 1


def _merge_down(rows: list[list[_Area]]) -> None:
    above: dict[tuple[int, int], _Area] = {}
    for row in rows:
        here: dict[tuple[int, int], _Area] = {}
        for area in row:
            place = (area.left, area.right)
            if area.goes_on and place in above:
                here[place] = above[place]
                here[place].rowspan += 1
            else:
                area.goes_on = False
                if area.begins:
                    here[place] = area
        above = here


def _cell(area: _Area, cells: Cells, is_header: bool | None) -> Cell:
    if is_header is None:
        is_header = cells.is_header(area.content)
    return Cell(
        cells.blocks(area.content), is_header, _align(area.content, cells), area.right - area.left, area.rowspan
    )


def _align(content: list[FlowItem], cells: Cells) -> Align | None:
    """Give the alignment of a cell; most programs say ``left`` of everything, which then means nothing."""
    align = next((item.layout.align for item in content if isinstance(item, Paragraph)), None)
    return align if align != "left" or cells.is_left(content) else None


def _head(rows: Sequence[TableRow], nodes: Sequence[Row], *, is_own: bool) -> int:
    """Count the rows of the head; a program that does not mark them leaves rows of nothing but header cells."""
    marked = len(list(takewhile(lambda row: row.form.is_header, rows)))
    if marked or is_own:
        return marked
    headers = len(list(takewhile(lambda row: all(cell.is_header for cell in row.cells), nodes)))
    return headers if headers < len(rows) else 0
