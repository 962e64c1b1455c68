"""A document as an expression: what case files call ``native``.

One block stands after the other, without what is no part of equality and without what has its default::

    Header(1, "Title")
    Para("some ", Strong("bold"), " text", Note(Para("a note")))
    BulletList([Plain("one")], [Plain("two")])

A string is a ``Str``; children are the arguments, everything with a default is a keyword; a list item
is a list of blocks.  Metadata and resources, where there are any, come first.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any

from wikicable import model
from wikicable.model import Document, Metadata, Node, Str
from wikicable.resources import Resource, Resources

WIDTH = 100
_KINDS: dict[str, type[Any]] = {
    name: kind for name, kind in vars(model).items() if isinstance(kind, type) and is_dataclass(kind)
} | {"Resource": Resource, "Resources": Resources}


def write_notation(document: Document) -> str:
    """Give a document as text that ``read_notation`` understands, and people too."""
    parts: list[object] = []
    if document.metadata != Metadata():
        parts.append(document.metadata)
    if document.resources:
        parts.append(document.resources)
    return "".join(_laid_out(_expression(part), "") + "\n" for part in (*parts, *document.blocks))


def read_notation(text: str) -> Document:
    """Build the document that ``write_notation`` wrote; anything else is a ``ValueError`` or ``SyntaxError``."""
    metadata, resources, blocks = Metadata(), Resources(), []
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.Expr):
            raise _misplaced(statement)
        match _value(statement.value):
            case Metadata() as metadata:
                pass
            case Resources() as resources:
                pass
            case block:
                blocks.append(block)
    return Document(tuple(blocks), metadata, resources)


# -- the shape of a call -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shape:
    """How a kind of node is called: fields given in order, one spread as arguments, the rest by keyword."""

    ordered: tuple[str, ...]
    spread: str | None
    keywords: tuple[str, ...]


def _shape(kind: type[Any]) -> _Shape:
    own = [field for field in fields(kind) if field.compare]
    required = [field for field in own if field.default is MISSING and field.default_factory is MISSING]
    tuples = [field for field in required if _is_tuple(field)]
    if not required and issubclass(kind, Node):
        tuples = [field for field in own if _is_tuple(field)]
    elif not tuples:
        tuples = [field for field in own if field.name == "content"]
    spread = tuples[0].name if len(tuples) == 1 else None
    ordered = tuple(field.name for field in required if field.name != spread)
    return _Shape(ordered, spread, tuple(f.name for f in own if f.name not in ordered and f.name != spread))


def _is_tuple(field: Field[Any]) -> bool:
    return str(field.type).startswith("tuple[")


_SHAPES = {kind: _shape(kind) for kind in _KINDS.values() if is_dataclass(kind)}
_DEFAULTS = {
    kind: {field.name: field.default for field in fields(kind)} for kind in _KINDS.values() if is_dataclass(kind)
}
_NODE_FIELDS = {
    (kind, field.name)
    for kind in _SHAPES
    for field in fields(kind)
    if any(name in str(field.type) for name in ("Inline", "Block", "ListItem"))
}
"""The fields in which a string stands for a ``Str``."""


# -- writing -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Call:
    """Something with parts in brackets: ``Para(...)`` or ``[...]``."""

    opening: str
    parts: tuple[tuple[str, _Call | str], ...]
    closing: str


def _expression(value: object) -> _Call | str:
    match value:
        case Str(text=text) | str(text):
            return _quoted(text)
        case Resources():
            return _Call("Resources(", (("", _expression(dict(value))),), ")")
        case tuple() | list():
            return _Call("[", tuple(("", _expression(item)) for item in value), "]")
        case Mapping():
            return _Call("{", tuple((f"{_quoted(key)}: ", _expression(item)) for key, item in value.items()), "}")
        case _ if is_dataclass(value):
            return _Call(f"{type(value).__name__}(", tuple(_arguments(value)), ")")
        case _:
            return repr(value)


def _arguments(value: Any) -> Iterator[tuple[str, _Call | str]]:
    kind = type(value)
    shape = _SHAPES[kind]
    for name in shape.ordered:
        yield "", _expression(getattr(value, name))
    for child in getattr(value, shape.spread) if shape.spread else ():
        yield "", _expression(child)
    for name in shape.keywords:
        given = getattr(value, name)
        if given != _DEFAULTS[kind][name] and given not in ({}, ()):
            yield f"{name}=", _expression(given)


def _quoted(text: str) -> str:
    """Give a Python string literal, always in double quotes."""
    return '"' + repr('"' + text)[2:-1].replace("\\'", "'").replace('"', '\\"') + '"'


def _on_one_line(expression: _Call | str) -> str:
    if isinstance(expression, str):
        return expression
    inner = ", ".join(before + _on_one_line(part) for before, part in expression.parts)
    return expression.opening + inner + expression.closing


def _laid_out(expression: _Call | str, indent: str) -> str:
    line = _on_one_line(expression)
    if isinstance(expression, str) or not expression.parts or len(indent) + len(line) <= WIDTH:
        return line
    deeper = indent + "  "
    parts = (f"{deeper}{before}{_laid_out(part, deeper)},\n" for before, part in expression.parts)
    return f"{expression.opening}\n{''.join(parts)}{indent}{expression.closing}"


# -- reading -------------------------------------------------------------------------------------


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Dict(keys=keys, values=values):
            return {_value(key): _value(value) for key, value in zip(keys, values, strict=True) if key}
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Call(func=ast.Name(id=name), args=given, keywords=keywords) if name in _KINDS:
            return _made(_KINDS[name], [_value(each) for each in given], {k.arg: _value(k.value) for k in keywords})
        case _:
            raise _misplaced(node)


def _made(kind: type[Any], given: list[Any], keywords: dict[str | None, Any]) -> Any:
    if kind is Resources:
        return Resources(*given)
    shape = _SHAPES[kind]
    values = dict(zip(shape.ordered, given, strict=False))
    rest = given[len(shape.ordered) :]
    if shape.spread:
        values[shape.spread] = tuple(rest)
    elif rest:
        raise ValueError(f"{kind.__name__} takes {len(shape.ordered)} arguments, the others by keyword")
    values |= {str(name): value for name, value in keywords.items()}
    return kind(**{name: _as_declared(kind, name, value) for name, value in values.items()})


def _as_declared(kind: type[Any], field: str, value: Any) -> Any:
    if (kind, field) in _NODE_FIELDS:
        return _as_nodes(value)
    return _as_lists(value) if (kind, field) == (Metadata, "extra") else value


def _as_lists(value: Any) -> Any:
    match value:
        case dict():
            return {key: _as_lists(item) for key, item in value.items()}
        case tuple():
            return [_as_lists(item) for item in value]
        case _:
            return value


def _as_nodes(value: Any) -> Any:
    match value:
        case str():
            return Str(value)
        case tuple():
            return tuple(_as_nodes(item) for item in value)
        case _:
            return value


def _misplaced(node: ast.AST) -> ValueError:
    return ValueError(f"line {getattr(node, 'lineno', '?')}: no node, string, list or number: {ast.unparse(node)}")
