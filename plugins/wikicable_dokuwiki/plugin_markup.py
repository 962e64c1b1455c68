"""How nodes are written in plugins' syntax."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from wikicable.model import (
    Attr,
    Block,
    BlockQuote,
    BulletList,
    CodeBlock,
    Div,
    Figure,
    Header,
    HorizontalRule,
    Macro,
    OrderedList,
    Para,
    Plain,
    Span,
    Table,
)
from wikicable.values import Value, frozen
from wikicable_dokuwiki.syntax import Call, Container, Entry, Leaf, Markup, Syntax

Marked: TypeAlias = Div | Span | Figure
"""The nodes with classes that a plugin's syntax may stand for."""

_NEEDS_LINE = (BulletList, OrderedList, Table, BlockQuote, HorizontalRule)
OWN_MACROS = {"~~NOTOC~~", "~~NOCACHE~~"}
"""What DokuWiki itself understands; it shows nothing of them."""

_LINES = re.compile("[012]{4}")


@frozen
class Written(Value):
    """The markup of a node; ``says_all`` unless the node has attributes that the syntax has no place for."""

    pattern: Container | Leaf
    markup: Markup
    lines: str
    says_all: bool


class Plugins:
    """The plugins that may write a node, by the classes of their nodes."""

    def __init__(self, syntaxes: Iterable[Syntax]) -> None:
        self._by_class: dict[str, list[Container | Leaf]] = {}
        for pattern in (pattern for syntax in syntaxes for pattern in syntax.patterns):
            if not isinstance(pattern, Call):
                self._by_class.setdefault(pattern.mark, []).append(pattern)

    def written(self, node: Marked) -> Written | None:
        """Write a node in the syntax of the first plugin by whose class it goes."""
        for name in node.attr.classes if self._by_class else ():
            for pattern in self._by_class.get(name, ()):
                if found := _written(pattern, node):
                    return found
        return None


def _written(pattern: Container | Leaf, node: Marked) -> Written | None:
    pairs = tuple(pair for pair in node.attr.pairs if pair[0] != "lines")
    bare = replace(node, attr=Attr(node.attr.id, node.attr.classes, pairs))
    markup = pattern.write(bare)
    if not markup or not _is_sound(pattern, markup):
        return None
    lines = node.attr.get("lines")
    usual = lines if _LINES.fullmatch(lines) else pattern.lines
    return Written(pattern, markup, usual, says_all=_says_all(pattern, markup, bare))


def _is_sound(pattern: Container | Leaf, markup: Markup) -> bool:
    """Whether the markup begins with an opening token as it is read; attributes from elsewhere may hold anything."""
    tokens = "".join(part for part in markup if isinstance(part, str))
    found = re.match(pattern.opening, tokens if not pattern.opening.startswith("\\n") else "\n" + tokens)
    if not found or isinstance(pattern, Leaf) or not pattern.until:
        return found is not None
    first = str(markup[0])
    return first.find(pattern.until, found.end()) == len(first) - len(pattern.until)


def _says_all(pattern: Container | Leaf, markup: Markup, node: Marked) -> bool:
    """Whether the node's attributes would be read again from the markup."""
    if isinstance(pattern, Leaf) or pattern.divider:
        return True
    again = pattern.read([Entry(str(markup[0]), ())])
    return isinstance(again, Div | Span | Figure) and again.attr == node.attr


def lines_inside(
    written: Written, content: tuple[Block, ...], markup_of: Callable[[Block], Written | None]
) -> tuple[int, int]:
    """Count the line ends before content and behind it; what begins or ends with a line gets one at least.

    ``markup_of`` gives the markup of a block in it, where that is a plugin's as well.
    """
    before, behind = int(written.lines[1]), int(written.lines[2])
    if not content:
        return before, behind
    first, last = content[0], content[-1]
    opening, closing = markup_of(first), markup_of(last)
    needs_before = _begins_with_line(first) or (opening is not None and opening.pattern.opening.startswith("\\n"))
    needs_behind = _begins_with_line(last) or (closing is not None and closing.pattern.closing == "\n")
    return max(before, needs_before), max(behind, needs_behind or isinstance(last, Header))


def between(above: Block | None, block: Block, written: Written | None, lines: int) -> str:
    """Give what parts two blocks: a blank line, unless the block was typed or a division says otherwise.

    A macro of DokuWiki's own stands line by line with others, as authors write it; a DokuWiki without plugins shows
    the others as text.
    """
    if above is None:
        return ""
    typed = block.line_ends[0] if block.line_ends else 0
    if isinstance(above, Macro) and isinstance(block, Macro) and {above.text, block.text} & OWN_MACROS:
        return "\n" * max(1, typed)
    if lines == 2 and not written and (typed > 2 or (typed == 1 and _may_touch(above, block))):
        return "\n" * typed
    wanted = min(lines, int(written.lines[0]) if written else 2)
    if wanted or not isinstance(above, Para | Plain | Div) or not isinstance(block, Para | Plain | Div):
        return "\n" * max(1, wanted)
    return " "


def _may_touch(above: Block, block: Block) -> bool:
    """Whether DokuWiki sees two blocks on lines right below each other; some begin with a line's end, some end with it."""
    match above:
        case Header() | HorizontalRule() | CodeBlock(kind="code" | "file"):
            return True
        case Para() | Plain():
            return _begins_with_line(block) or isinstance(block, Header | CodeBlock)
        case CodeBlock() | BulletList() | OrderedList() | Table() | BlockQuote():
            return isinstance(block, Para | Plain | Header | CodeBlock) and not _begins_with_line(block)
    return False


def _begins_with_line(node: object) -> bool:
    return isinstance(node, _NEEDS_LINE) or (isinstance(node, CodeBlock) and node.kind == "indented")
