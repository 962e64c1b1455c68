"""The second pass: paragraphs, lists, quotes and tables from the items of the first.

The rules are those of DokuWiki's ``inc/Parsing/Handler``: ``Block``, ``Lists``, ``Quote`` and ``Table``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import TypeAlias, get_args

from wikicable.model import (
    Align,
    At,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    Emph,
    Inline,
    LineBreak,
    Macro,
    Monospace,
    Note,
    OrderedList,
    Para,
    Plain,
    Row,
    SoftBreak,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Table,
    Tags,
    Underline,
)
from wikicable_dokuwiki.scanner import MAX_DEPTH, SOFT_BREAK, Blanks, Frame, Item, Mark, Scanner

_BLOCKS = frozenset(get_args(Block)) - {Macro, Tags}
_NOT_INLINE = _BLOCKS | {Mark, Blanks}
_UNSEEN = (Macro, Tags)

FormattingNode: TypeAlias = type[Strong | Emph | Underline | Monospace | Subscript | Superscript | Strikeout]


# -- paragraphs ----------------------------------------------------------------------------------


def paragraphs(items: Sequence[Item]) -> tuple[Block, ...]:
    """Make paragraphs of what stands between blocks; two line ends part them."""
    return _blocks(items, in_paragraph=True)


def contents(items: Sequence[Item]) -> tuple[Block, ...]:
    """Make blocks of a list item, a cell or a quote: what stands before any block is no paragraph."""
    return _blocks(items, in_paragraph=False)


def _blocks(items: Sequence[Item], *, in_paragraph: bool) -> tuple[Block, ...]:
    out: list[Block] = []
    run: list[Inline] = []
    ends = True  # a line end here means nothing: no text has come since the last block
    for after, item in enumerate(items, 1):
        if item is Mark.EOL:
            if ends:
                continue
            if after < len(items) and items[after] is Mark.EOL:
                out.extend(_paragraph(run, in_paragraph=in_paragraph))
                run = []
                in_paragraph = ends = True
            else:
                run.append(SOFT_BREAK)
        elif item.__class__ in _BLOCKS:
            out.extend(_paragraph(run, in_paragraph=in_paragraph))
            out.append(item)  # type: ignore[arg-type]  # mypy does not narrow by a set of classes
            run = []
            in_paragraph = ends = True
        else:
            run.append(item)  # type: ignore[arg-type]
            ends = False
    out.extend(_paragraph(run, in_paragraph=in_paragraph))
    return tuple(out)


def _paragraph(run: list[Inline], *, in_paragraph: bool) -> Iterator[Block]:
    while run and (isinstance(run[-1], SoftBreak) or (_is_blank(run[-1]) and run[-2:-1] == [SOFT_BREAK])):
        run.pop()
    seen = next((each for each in run if not _is_blank(each)), None)
    if seen is None:
        return
    if isinstance(seen, _UNSEEN) and all(_is_blank(each) or isinstance(each, _UNSEEN) for each in run):
        yield from (each for each in run if isinstance(each, _UNSEEN))
        return
    at = run[0].at
    yield Para(tuple(run), at=at) if in_paragraph else Plain(tuple(run), at=at)


def _is_blank(node: Inline) -> bool:
    return isinstance(node, SoftBreak) or (isinstance(node, Str) and not node.text.strip())


# -- formatting ----------------------------------------------------------------------------------


def formatted(node: FormattingNode, items: list[Item], at: int) -> Iterable[Item]:
    """Make a node of formatting; a block in it, such as a feed, divides it."""
    if _NOT_INLINE.isdisjoint(map(type, items)):
        return [node(tuple(items), at=at)]  # type: ignore[arg-type]  # mypy does not narrow by a set of classes
    parts = [list(part) for _, part in groupby(items, key=lambda item: type(item) in _NOT_INLINE)]
    return chain.from_iterable(part if type(part[0]) in _NOT_INLINE else [node(tuple(part), at=at)] for part in parts)  # type: ignore[arg-type]


# -- footnotes -----------------------------------------------------------------------------------


def note(frame: Frame, scan: Scanner) -> Iterable[Item]:
    """Make a footnote; a blank line in it begins a paragraph."""
    scan.in_note = False
    runs: list[Item] = []
    for item in frame.entries[0][1]:
        if item is SOFT_BREAK and runs and runs[-1] is SOFT_BREAK:
            runs[-1] = Mark.EOL
            runs.append(Mark.EOL)
        elif not (item is SOFT_BREAK and runs and runs[-1] is Mark.EOL):
            runs.append(item)
    if Mark.EOL in runs:
        return [Note(paragraphs(runs), at=frame.at)]
    return [Note(contents(runs), at=frame.at)]


# -- lists ---------------------------------------------------------------------------------------


class _OpenList:
    """A list being built from the token of its first item; its items are lists of blocks."""

    def __init__(self, token: str, depth: int) -> None:
        self.kind = token[-1]
        self.indent = token.rpartition("\n")[2][:-1]
        self.depth = depth
        self.items: list[list[Block | _OpenList]] = []

    def node(self, at: int, around: str = "") -> BulletList | OrderedList:
        items = tuple(tuple(self._block(block, at) for block in item) for item in self.items)
        place = at if self.indent == around + "  " else At(at, indent=self.indent)
        return BulletList(items, at=place) if self.kind == "*" else OrderedList(items, at=place)

    def _block(self, block: Block | _OpenList, at: int) -> Block:
        return block.node(at, self.indent) if isinstance(block, _OpenList) else block


def lists(frame: Frame, scan: Scanner) -> Iterable[Item]:
    r"""Make lists of the items, by their indent and their bullets; one token each is ``\n  *``, say."""
    top: list[Block | _OpenList] = []
    stack: list[_OpenList] = []
    for token, items in frame.entries:
        _place(stack, top, token, depth_of(token))
        if len(stack) > MAX_DEPTH:
            stack.pop()
            stack[-1].items[-1].pop()
            scan.say_too_deep(frame.at)
        stack[-1].items.append(list(contents(without_first_blank(items))))
    return [each.node(frame.at) for each in top if isinstance(each, _OpenList)]


def depth_of(indent: str) -> int:
    """Give the depth of an item with that indent: each two blanks and each tab is a level."""
    return indent.replace("\t", "  ").count("  ") + 1


def _place(stack: list[_OpenList], top: list[Block | _OpenList], token: str, depth: int) -> None:
    """Make ``stack[-1]`` the list that an item with that token and depth goes into."""
    if stack:
        depth = max(depth, stack[0].depth)
        if depth > stack[-1].depth:
            _nest(stack, top, token, depth)
            return
        while stack[-1].depth > depth:
            stack.pop()
        if stack[-1].kind == token[-1]:
            return
        depth = stack.pop().depth
    _nest(stack, top, token, depth)


def _nest(stack: list[_OpenList], top: list[Block | _OpenList], token: str, depth: int) -> None:
    opened = _OpenList(token, depth)
    (stack[-1].items[-1] if stack else top).append(opened)
    stack.append(opened)


# -- quotes --------------------------------------------------------------------------------------


def quote(frame: Frame, scan: Scanner) -> Iterable[Item]:
    """Make nested quotes of lines; lines of one depth are parted by a line break."""
    stack: list[list[Item]] = [[]]
    for token, items in frame.entries:
        depth = scan.bounded(token.count(">"), frame.at)
        if depth == len(stack) and items is not frame.entries[0][1]:
            stack[-1].append(LineBreak())
        while depth > len(stack):
            stack.append([])
        while depth < len(stack):
            inner = stack.pop()
            stack[-1].append(BlockQuote(contents(inner), at=frame.at))
        stack[-1].extend(without_first_blank(items))
    while len(stack) > 1:
        inner = stack.pop()
        stack[-1].append(BlockQuote(contents(inner), at=frame.at))
    return [BlockQuote(contents(stack[0]), at=frame.at)]


def without_first_blank(items: list[Item]) -> list[Item]:
    """Take off the blank between a bullet and what it stands before."""
    match items:
        case [Str(text=text, at=at), *rest] if text.startswith(" "):
            return [Str(text[1:], at=at), *rest] if len(text) > 1 else rest
    return items


# -- tables --------------------------------------------------------------------------------------

PADDING: Mapping[Align | None, tuple[str, str]] = {
    None: (" ", " "),
    "left": (" ", "  "),
    "right": ("  ", " "),
    "center": ("  ", "  "),
}
"""The blanks before and behind a cell's text that align it, as they are usual."""


class _OpenCell:
    """A cell being built; a span of 0 means that another cell covers it."""

    def __init__(self, token: str, items: list[Item]) -> None:
        self.bar = token[-1]
        self.items = items
        self.align: Align | None = None
        self.colspan = 1
        self.rowspan = 1

    @property
    def is_covered(self) -> bool:
        return not (self.colspan and self.rowspan)

    def node(self, at: int) -> Cell:
        padding = _padding(self.items)
        place = at if padding == PADDING[self.align] else At(at, padding=padding)
        items: list[Item] = [item for item in self.items if item is not Mark.ROWSPAN and item.__class__ is not Blanks]
        return Cell(contents(_trimmed(items)), self.bar == "^", self.align, self.colspan, self.rowspan, at=place)


def table(frame: Frame, scan: Scanner) -> Iterable[Item]:
    """Make a table of the cells; what stands behind the last bar of a row is not shown by DokuWiki."""
    rows = _rows(frame)
    if frame.is_cut:
        return [_cut_table(rows, frame, scan)]
    head = head_rows([cell.bar for cell in row] for row in rows)
    width = max(map(len, rows)) - 1
    _drop_unclosed(rows, frame, scan)
    for row in rows:
        _set_colspans(row)
    _set_rowspans(rows, head)
    nodes = tuple(Row(tuple(_cells(row, width, frame.at))) for row in rows)
    return [Table(nodes, head, at=frame.at)]


def _cut_table(rows: list[list[_OpenCell]], frame: Frame, scan: Scanner) -> Table:
    """Make a table in which a footnote ends: DokuWiki has not yet looked for spans, and shows the cell it ends in."""
    _drop_unclosed(rows[:-1], frame, scan)
    return Table(tuple(Row(tuple(cell.node(frame.at) for cell in row)) for row in rows), at=frame.at)


def _drop_unclosed(rows: list[list[_OpenCell]], frame: Frame, scan: Scanner) -> None:
    """Drop what stands behind the last bar of each row, back to where a cell last began: be it one of a table in there."""
    for row in rows:
        items = row[-1].items
        inner = next((at for at in reversed(range(len(items))) if isinstance(items[at], Table)), None)
        dropped = items[inner or 0 :]
        if any(not (isinstance(item, Mark | Blanks) or _is_blank(item)) for item in dropped):  # type: ignore[arg-type]
            scan.notices.dropped("table.unclosed-cell", frame.at, "text behind the last bar of a row")
        if inner is None:
            row.pop()
        else:
            items[inner:] = map(_without_last_cell, dropped[:1])


def _without_last_cell(table: Item) -> Item:
    assert isinstance(table, Table)
    *rows, last = table.rows
    return replace(table, rows=(*rows, Row(last.cells[:-1])))


def _rows(frame: Frame) -> list[list[_OpenCell]]:
    rows: list[list[_OpenCell]] = []
    for token, items in frame.entries:
        if "\n" in token:
            rows.append([])
        rows[-1].append(_OpenCell(token, items))
    return rows


def head_rows(rows: Iterable[Sequence[str]]) -> int:
    """Count the leading rows that DokuWiki takes for the head, by their bars; a table is never all head."""
    return next((number for number, row in enumerate(rows) if not is_head_row(row)), 0)


def is_head_row(bars: Sequence[str]) -> bool:
    """Whether DokuWiki takes a row for one of the head, by its bars."""
    headers = bars.count("^")
    others = len(bars) - headers
    return bool(headers) and others <= 2 and 2 * others <= headers


def _set_align(cell: _OpenCell) -> None:
    items = cell.items
    first = bool(items) and items[0].__class__ is Blanks
    last = bool(items) and items[-1].__class__ is Blanks
    if first and last:
        cell.align = "center" if len(items) > 1 else "left"
    elif first:
        cell.align = "right"
    elif last:
        cell.align = "left"


def _set_colspans(row: list[_OpenCell]) -> None:
    """Align each cell; one with nothing in it, not even a blank, widens the nearest cell on its left."""
    nearest: _OpenCell | None = None
    for cell in row:
        _set_align(cell)
        if cell.items:
            nearest = cell
            continue
        cell.colspan = 0
        if nearest:
            nearest.colspan += 1


def _set_rowspans(rows: list[list[_OpenCell]], head: int) -> None:
    """Let ``:::`` lengthen the cell above it; a cell of the head does not reach into the body."""
    above: dict[int, tuple[int, _OpenCell]] = {}
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            start, spanning = above.get(column, (0, None))
            reaches = spanning is not None and start + spanning.rowspan == number and not (head and number == head)
            if reaches and spanning and cell.items == [Mark.ROWSPAN]:
                spanning.rowspan += 1
                cell.rowspan = 0
            else:
                above[column] = (number, cell)


def _cells(row: list[_OpenCell], width: int, at: int) -> Iterator[Cell]:
    yield from (cell.node(at) for cell in row if not cell.is_covered)
    for _ in range(width - len(row)):
        yield Cell(())


def _padding(items: Sequence[Item]) -> tuple[str, str]:
    """Give the blanks before and behind what stands in a cell; if nothing does, all are before it."""
    if not items:
        return "", ""
    first, last = _text(items[0]), _text(items[-1])
    before = first[: len(first) - len(first.lstrip(" \t"))]
    behind = last[len(last.rstrip(" \t")) :]
    return before, behind if len(items) > 1 or before != first else ""


def _text(item: Item) -> str:
    return item if isinstance(item, Blanks) else item.text if isinstance(item, Str) else ""


def _trimmed(items: list[Item]) -> list[Item]:
    """Take the blanks off both ends of a cell."""
    if items and isinstance(items[0], Str):
        items[0] = Str(items[0].text.lstrip(" \t"), at=items[0].at)
    if items and isinstance(items[-1], Str):
        items[-1] = Str(items[-1].text.rstrip(" \t"), at=items[-1].at)
    return [item for item in items if item != Str("")]
