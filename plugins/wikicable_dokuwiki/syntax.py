"""The syntax of DokuWiki's plugins, as values: what is read as what, and how it is written back.

A ``Container`` holds content that is converted: ``<note tip>...</note>`` is a ``Div`` with the classes ``note`` and
``tip``.  A ``Leaf`` is a token that is a node by itself, a formula say.  A ``Call`` is an instruction that is kept as
it stands: ``{{gallery>...}}``, ``~~DISCUSSION~~``.  A ``Syntax`` is what one plugin has of these; whoever gives it by
the hook ``register_dokuwiki_syntax`` teaches reader and writer that plugin.

Sort numbers, types and patterns are those of the DokuWiki plugin: of two rules that match at one place, the lower
sort number wins (https://www.dokuwiki.org/devel:parser#order_of_adding_modes_important).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any, Literal, NamedTuple, TypeAlias

from wikicable.formats import Context
from wikicable.model import Attr, Block, Div, Inline, Node, Span
from wikicable.values import Value, frozen

Type: TypeAlias = Literal["container", "formatting", "substition", "protected", "disabled"]
"""A plugin's type, which says where its syntax is looked for, in DokuWiki's own spelling."""

Holds: TypeAlias = Literal["blocks", "line", "inlines"]
"""What may stand in a container: paragraphs, lists and all; what a list item may hold; what bold text may hold."""

Content: TypeAlias = "tuple[Block, ...] | tuple[Inline, ...]"
Part: TypeAlias = "str | Content"
Markup: TypeAlias = tuple[Part, ...]
"""What a node is written as: tokens as they stand, and between them content that the writer writes."""


class Entry(NamedTuple):
    """A token that opens a container or divides its content, as it stands, and the content behind it."""

    token: str
    content: Content


@frozen
class Container(Value):
    """A plugin's syntax whose content is converted.

    ``mark`` is the class by which the writer knows its nodes.  ``opening`` is a regular expression of the opening
    token, which begins with a literal character; with ``until`` it is only the beginning of the token, which ends at
    the next ``until`` on its line.  ``closing`` is the closing token; with none ahead, the opening is text.
    ``read`` makes the node of the entries, one unless ``divider`` matches tokens that begin further ones; it gives
    None for an opening that is text after all, which it is asked with no content first.  ``write`` gives a node's
    markup, or None if the node is not its own.

    ``may_be_empty`` lets ``<x/>`` be a container without content; with ``in_paragraph`` the closing token stands in
    the same paragraph.  ``lines`` counts the line ends, two at most, before the opening token, behind it, before the closing token and
    behind it, where a ``Div`` does not say otherwise with its key ``lines``.
    """

    mark: str
    sort: int
    opening: str
    closing: str
    read: Callable[[Sequence[Entry]], Node | None]
    write: Callable[[Any], Markup | None]
    until: str = ""
    divider: str = ""
    holds: Holds = "blocks"
    type: Type = "formatting"
    has_headings: bool = False
    nests: bool = True
    may_be_empty: bool = False
    in_paragraph: bool = False
    lines: str = "2112"


@frozen
class Leaf(Value):
    """A plugin's syntax that is one token and one node.

    ``opening`` is a regular expression that begins with a literal character and takes linear time; with ``closing``,
    another one, the token goes on to its next match.  ``read`` makes the node of the whole token, or gives None if it
    is text after all; ``write`` gives the markup of a node with the class ``mark``, or None.
    """

    mark: str
    sort: int
    opening: str
    read: Callable[[str], Node | None]
    write: Callable[[Any], Markup | None] = field(default=lambda _: None)
    closing: str = ""
    type: Type = "substition"
    in_paragraph: bool = False
    lines: str = "2112"


@frozen
class Call(Value):
    """An instruction that is kept as it stands: ``{{name>...}}`` or, where the name has tildes, ``~~NAME...~~``."""

    name: str
    sort: int = 305
    type: Type = "substition"


Pattern: TypeAlias = Container | Leaf | Call


@frozen
class Syntax(Value):
    """The syntax of one DokuWiki plugin, by the plugin's name."""

    name: str
    patterns: tuple[Pattern, ...]

    def __hash__(self) -> int:
        return hash(self.name)


def given(context: Context) -> tuple[Syntax, ...]:
    """Give the syntax that plugins teach; what one of them gives and is none is named in a notice."""
    values = tuple(context.hooks("register_dokuwiki_syntax"))
    if all(isinstance(value, Syntax) for value in values):
        return values
    for value in values:
        if not isinstance(value, Syntax):
            detail = f"register_dokuwiki_syntax gave a {type(value).__name__}, which is no Syntax"
            context.notices.missing("plugin.broken", None, detail)
    return tuple(value for value in values if isinstance(value, Syntax))


# -- the common case -----------------------------------------------------------------------------


def classes(token: str) -> tuple[str, ...]:
    """Give the words of an opening token such as ``<note tip>``, the tag's name in lower case first."""
    name, *words = token.strip("<>/").split()
    return (name.lower(), *words)


def tagged(tag: str, sort: int, *, holds: Holds = "blocks", type: Type = "container") -> Container:  # noqa: A002
    """Give the container ``<tag words>...</tag>``: a ``Div`` or a ``Span`` whose classes are the tag and the words."""
    node = Span if holds == "inlines" else Div

    def read(entries: Sequence[Entry]) -> Node:
        return node(entries[0].content, Attr(classes=classes(entries[0].token)))  # type: ignore[arg-type]

    def write(given: Div | Span) -> Markup | None:
        first, *words = given.attr.classes
        return (f"<{' '.join([tag, *words])}>", given.content, f"</{tag}>") if first == tag.lower() else None

    opening = rf"<{re.escape(tag)}\b"
    return Container(tag.lower(), sort, opening, f"</{tag}>", read, write, until=">", holds=holds, type=type)
