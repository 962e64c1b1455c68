"""Columns (https://www.dokuwiki.org/plugin:columns): ``<columns 100% 50% 50%>...<newcolumn>...</columns>``."""

from __future__ import annotations

from collections.abc import Sequence

from wikicable.model import NO_ATTR, Attr, Block, Div, Node
from wikicable_dokuwiki.syntax import Container, Entry, Markup, Part, Syntax


def _words(token: str, key: str) -> Attr:
    said = " ".join(token.strip("<>").split()[1:])
    return Attr(pairs=((key, said),)) if said else NO_ATTR


def _read(entries: Sequence[Entry]) -> Node:
    columns = [_column(entries[0], NO_ATTR), *(_column(each, _words(each.token, "options")) for each in entries[1:])]
    return Div(tuple(columns), Attr(classes=("columns",), pairs=_words(entries[0].token, "widths").pairs))


def _column(entry: Entry, attr: Attr) -> Div:
    return Div(entry.content, Attr(classes=("column",), pairs=attr.pairs))  # type: ignore[arg-type]


def _write(node: Div) -> Markup | None:
    if not all(_is_column(each) for each in node.content):
        return None
    parts: list[Part] = []
    for number, column in enumerate(node.content):
        assert isinstance(column, Div)
        said = column.attr.get("options") if number else node.attr.get("widths")
        parts += [f"<{' '.join(filter(None, ('newcolumn' if number else 'columns', said)))}>", column.content]
    return (*parts, "</columns>") if parts else None


def _is_column(block: Block) -> bool:
    return isinstance(block, Div) and "column" in block.attr.classes


_PATTERN = Container(
    "columns", 65, r"<columns\b", "</columns>", _read, _write,
    until=">", divider=r"<newcolumn\b[^<>\n]*>", type="substition", has_headings=True,
)  # fmt: skip

SYNTAX = (Syntax("columns", (_PATTERN,)),)
