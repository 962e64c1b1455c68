"""Tables to Markdown: a pipe table where that says all, else HTML.

A pipe table says: one row of header cells or none, no other header cell, one alignment for each column, cells of
one line.  An empty cell that is aligned otherwise than its column holds a comment that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from wikicable.model import Align, Attr, Block, Cell, Inline, Macro, Note, Para, Plain, Row, Table, Tags
from wikicable.walk import walk
from wikicable_markdown.html_inlines import HtmlInlineWriter
from wikicable_markdown.html_syntax import attr_pairs, element, start_tag
from wikicable_markdown.inlines import InlineWriter
from wikicable_markdown.page import Page

_RULES: dict[Align | None, str] = {None: "---", "left": ":---", "center": ":---:", "right": "---:"}

_UNSEEN = (Macro, Tags)
"""Nodes that are both inlines and blocks; a cell with nothing else holds them as blocks, as a wiki page does."""

PIPE = r"\|"

WriteBlocks: TypeAlias = Callable[[Sequence[Block]], str]


# -- pipe tables ---------------------------------------------------------------------------------


def pipe_table(table: Table, page: Page, inlines: InlineWriter) -> str:
    """Write a pipe table, or nothing if the table says what no pipe table can say."""
    if not page.flavour.tables or not _is_plain_grid(table):
        return ""
    columns = list(zip(*(row.cells for row in table.rows), strict=True))
    aligns = [_alignments(column) for column in columns]
    if any(len(found) > 1 for found in aligns):
        return ""
    common = [next(iter(found), None) for found in aligns]
    inlines.in_cell = True
    rows = [[_pipe_cell(*each, page, inlines) for each in zip(row.cells, common, strict=True)] for row in table.rows]
    inlines.in_cell = False
    if not table.head:
        rows.insert(0, [" "] * len(common))
    rows.insert(1, [f" {_RULES[align]} " for align in common])
    return "\n".join(f"|{'|'.join(row)}|" for row in rows)


def _is_plain_grid(table: Table) -> bool:
    rows = table.rows
    if table.attr or table.caption or not rows or table.head > 1 or any(row.attr for row in rows):
        return False
    width = len(rows[0].cells)
    if not width or any(len(row.cells) != width for row in rows):
        return False
    if table.head and not any(cell.content for cell in rows[0].cells):
        return False
    return all(
        _is_plain_cell(cell, is_header=number < table.head) for number, row in enumerate(rows) for cell in row.cells
    )


def _is_plain_cell(cell: Cell, *, is_header: bool) -> bool:
    if cell.is_header != is_header or cell.colspan != 1 or cell.rowspan != 1 or cell.attr:
        return False
    match cell.content:
        case (Plain(content=inlines) | Para(content=inlines, attr=Attr(id="", classes=(), pairs=())),):
            return not all(isinstance(node, _UNSEEN) for node in inlines)
        case content:
            return all(isinstance(block, _UNSEEN) for block in content)


def _alignments(column: Sequence[Cell]) -> set[Align | None]:
    """Give the alignments of the cells that hold something; of all cells where none does."""
    return {cell.align for cell in column if cell.content}


def _pipe_cell(cell: Cell, common: Align | None, page: Page, inlines: InlineWriter) -> str:
    if not cell.content:
        return " " if cell.align == common else f" <!-- {cell.align or 'unaligned'} --> "
    text = page.escapes.line(inlines.inlines(_inlines(cell)))
    return f" {text.replace('|', PIPE)} " if "|" in text else f" {text} "


def _inlines(cell: Cell) -> tuple[Inline, ...]:
    match cell.content:
        case (Plain(content=inlines) | Para(content=inlines),):
            return inlines
        case content:
            return tuple(block for block in content if isinstance(block, _UNSEEN))


# -- HTML tables ---------------------------------------------------------------------------------


class HtmlTables:
    """Writes tables as HTML; ``blocks`` writes what a cell holds beyond one line of text."""

    def __init__(self, page: Page, blocks: WriteBlocks) -> None:
        self.inlines = HtmlInlineWriter(page)
        self._blocks = blocks

    def table(self, table: Table) -> str:
        """Write a table."""
        lines = [start_tag("table", attr_pairs(table.attr))]
        if table.caption:
            lines.append(self.box("caption", table.caption))
        if table.head:
            lines += ["<thead>", *map(self._row, table.rows[: table.head]), "</thead>"]
        if len(table.rows) > table.head:
            lines += ["<tbody>", *map(self._row, table.rows[table.head :]), "</tbody>"]
        return "\n".join([*lines, "</table>"])

    def _row(self, row: Row) -> str:
        cells = [self.box("th" if cell.is_header else "td", cell.content, _cell_pairs(cell)) for cell in row.cells]
        return "\n".join([start_tag("tr", attr_pairs(row.attr)), *cells, "</tr>"])

    def box(self, tag: str, content: Sequence[Block], pairs: Sequence[tuple[str, str]] = ()) -> str:
        """Write an element that holds blocks: on its line if it holds a line of text, else Markdown between blank lines."""
        match content:
            case ():
                return element(tag, "", pairs)
            case (Plain(content=inlines),) if not any(isinstance(node, Note) for node in walk(inlines)):
                return element(tag, self.inlines.line(inlines), pairs)
        return f"{start_tag(tag, pairs)}\n\n{self._blocks(content)}\n\n</{tag}>"


def _cell_pairs(cell: Cell) -> list[tuple[str, str]]:
    return [*_span_pairs(cell), *attr_pairs(cell.attr)]


def _span_pairs(cell: Cell) -> Iterator[tuple[str, str]]:
    if cell.align:
        yield "align", cell.align
    if cell.colspan != 1:
        yield "colspan", str(cell.colspan)
    if cell.rowspan != 1:
        yield "rowspan", str(cell.rowspan)
