"""Going through a document and rebuilding it.

``walk`` gives every node, top down, in reading order.  ``rewrite`` builds a document anew from the
bottom up; what does not change is not copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeAlias, TypeVar, get_args, overload

from wikicable.model import (
    Block,
    Cell,
    Code,
    Definition,
    Document,
    Inline,
    LineBreak,
    Math,
    Node,
    Note,
    Row,
    SoftBreak,
    Str,
    Tags,
    Verbatim,
)

Change: TypeAlias = "Callable[[Node], Node | Iterable[Node] | None]"
D = TypeVar("D", bound="Document | Node")
N = TypeVar("N", bound=Node)


def _node_fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if str(f.type).startswith("tuple[") and f.type != "tuple[str, ...]")


_PARTS = (Cell, Definition, Document, Row)
_CHILD_FIELDS = {kind: _node_fields(kind) for kind in (*get_args(Block), *get_args(Inline), *_PARTS)}
"""The fields of each kind of node that hold nodes or tuples of nodes, in the order in which they are declared."""

_FLAT = frozenset(f"tuple[{kind}, ...]" for kind in ("Inline", "Block", "Row", "Cell", "Definition"))
_CONTENT = {
    kind: names[0]
    for kind, names in _CHILD_FIELDS.items()
    if len(names) == 1 and next(f.type for f in fields(kind) if f.name == names[0]) in _FLAT
}
"""The field of each kind that holds nodes in one field alone, and no tuples of them."""


def children(node: Node | Document) -> Iterator[Node]:
    """Give the nodes directly below a node, in reading order."""
    for name in _CHILD_FIELDS[type(node)]:
        yield from _nodes_in(getattr(node, name))


def _nodes_in(values: tuple[Any, ...]) -> Iterator[Node]:
    for value in values:
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _nodes_in(value)


@overload
def walk(start: Node | Document | Iterable[Node]) -> Iterator[Node]: ...
@overload
def walk(start: Node | Document | Iterable[Node], *kinds: type[N]) -> Iterator[N]: ...
def walk(start: Node | Document | Iterable[Node], *kinds: type[Node]) -> Iterator[Node]:
    """Give every node at and below ``start``, of these kinds if any are given, top down, in reading order."""
    if isinstance(start, Node):
        pending = [start]
    else:
        pending = list(children(start) if isinstance(start, Document) else start)
        pending.reverse()
    while pending:
        node = pending.pop()
        kind = type(node)
        if not kinds or kind in kinds:
            yield node
        if kind in _CONTENT:
            pending += getattr(node, _CONTENT[kind])[::-1]
        elif _CHILD_FIELDS[kind]:  # most nodes are leaves
            below = list(children(node))
            below.reverse()
            pending += below


def rewrite(start: D, change: Change, *kinds: type[Node]) -> D:
    """Rebuild bottom up; ``change`` gives the node to put in place, several, or none, for those of these kinds if any are given.

    A tree in which nothing changed is given back as it is.
    """
    updates: dict[str, Any] = {}
    for name in _CHILD_FIELDS[type(start)]:
        old = getattr(start, name)
        new = _rewrite_tuple(old, change, kinds)
        if new is not old:
            updates[name] = new
    return replace(start, **updates) if updates else start


def _rewrite_tuple(values: tuple[Any, ...], change: Change, kinds: tuple[type[Node], ...]) -> tuple[Any, ...]:
    out: list[Any] = []
    same = True
    for value in values:
        new = _rewrite_value(value, change, kinds)
        same = same and new is value
        if new is value or isinstance(new, Node) or isinstance(value, tuple):
            out.append(new)
        elif new is not None:
            out.extend(new)
    return values if same else tuple(out)


def _rewrite_value(value: Any, change: Change, kinds: tuple[type[Node], ...]) -> Any:
    kind = type(value)
    if kind is tuple:
        return _rewrite_tuple(value, change, kinds)
    if _CHILD_FIELDS[kind]:
        value = rewrite(value, change, *kinds)
    return change(value) if not kinds or kind in kinds else value


def plain_text(nodes: Node | Iterable[Node]) -> str:
    """Give the text a reader sees, without footnotes; a line end of either kind is a blank."""
    return "".join(_text_runs([nodes] if isinstance(nodes, Node) else list(nodes)))


def _text_runs(pending: list[Node]) -> Iterator[str]:
    pending.reverse()
    while pending:
        node = pending.pop()
        match node:
            case Str(text=text) | Verbatim(text=text) | Code(text=text) | Math(text=text):
                yield text
            case SoftBreak() | LineBreak():
                yield " "
            case Tags(tags=tags):
                yield " ".join(tags)
            case Note():
                pass
            case _:
                pending.extend(reversed(list(children(node))))
