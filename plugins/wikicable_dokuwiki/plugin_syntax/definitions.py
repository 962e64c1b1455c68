"""Definition lists (plugins yalist and dlist): lines of ``  ? term`` and ``  : definition``."""

from __future__ import annotations

from collections.abc import Sequence

from wikicable.model import Attr, Block, Definition, DefinitionList, Div, Inline, Node, Para, Plain
from wikicable_dokuwiki.syntax import Container, Content, Entry, Markup, Part, Syntax


def _read(entries: Sequence[Entry]) -> Node:
    items: list[tuple[tuple[Inline, ...], list[tuple[Block, ...]]]] = []
    for token, content in entries:
        if token.endswith("?"):
            items.append((_inlines(content), []))
        else:
            items[-1][1].append(content)  # type: ignore[arg-type]  # a line holds blocks
    definitions = tuple(Definition(term, tuple(said)) for term, said in items)
    return Div((DefinitionList(definitions),), Attr(classes=("dlist",)))


def _inlines(content: Content) -> tuple[Inline, ...]:
    return tuple(node for block in content if isinstance(block, Para | Plain) for node in block.content)


def _write(node: Div) -> Markup | None:
    match node.content:
        case (DefinitionList(items=items),) if items:
            parts: list[Part] = []
            for item in items:
                parts += ["\n  ? ", (Plain(item.term),)]
                for said in item.definitions:
                    parts += ["\n  : ", said]
            return ("  ? ", *parts[1:])
    return None


_PATTERN = Container(
    "dlist", 9, r"\n(?: {2,}|\t+)\?(?=[ \t])", "\n", _read, _write,
    divider=r"\n(?: {2,}|\t+)[?:](?=[ \t])", holds="line", type="container", nests=False,
)  # fmt: skip

SYNTAX = (Syntax("yalist", (_PATTERN,)),)
