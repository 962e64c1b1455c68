"""The text of a TEI document: the way through its elements, white space, attributes, and what is unknown.

What each element means is told by the tables of ``blocks`` and ``inlines``.  White space counts where
``xml:space`` says so; elsewhere a run of it is one blank, or a soft break where it holds a line end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeGuard, get_args

from lxml import etree

from wikicable import Context
from wikicable.model import (
    NO_ATTR,
    Attr,
    Block,
    Code,
    CodeBlock,
    Definition,
    Div,
    Emph,
    Header,
    Inline,
    LineBlock,
    LineBreak,
    Link,
    Macro,
    Monospace,
    Para,
    Plain,
    SmallCaps,
    SoftBreak,
    Span,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Tags,
    Underline,
)
from wikicable.model import Node as ModelNode
from wikicable.source import Source
from wikicable.walk import children
from wikicable_tei import ReadOptions
from wikicable_tei.places import Places
from wikicable_tei.properties import CLASS, ID, NO_STYLE, Style, attr_of, style_of
from wikicable_tei.tree import BLANK, XML, XML_ID, XML_SPACE, Element, has_text, identifier_of, name_of, text_of

Node: TypeAlias = "Inline | Block"
Reading: TypeAlias = "Callable[[Content, Element], Iterable[Node]]"
Wrap: TypeAlias = "Callable[[tuple[Inline, ...]], Block]"

DEEPEST = 120
"""How many elements deep a text is read as structure; what is nested deeper is read as its text alone."""

_LANG = f"{XML}lang"
_STANDARD = frozenset((XML_SPACE, XML_ID, _LANG, "id", "lang", "rend", "style"))
"""Attributes that mean the same on every element; in TEI P4 two of them have no prefix."""

_RUN_OF_BLANKS = re.compile(r"[ \t\r\n]{2,}|[\t\r]")
_BLOCKS = frozenset(get_args(Block)) - {Macro, Tags}
"""The blocks that cannot be inlines too."""
_MARKS = frozenset((Strong, Emph, Monospace, Underline, Span, Strikeout, Superscript, Subscript, SmallCaps))
"""Inlines around which white space is as if they were not there."""

_SOFT_BREAK = SoftBreak()


# -- the way through -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Tables:
    """What elements mean where blocks stand and where inlines stand, and which of them tell that inlines stand."""

    blocks: Mapping[str, Reading]
    inlines: Mapping[str, Reading]
    is_inline: Callable[[Element], bool]


@dataclass(frozen=True)
class Tally:
    """What is kept as a class for want of a better word, and what is not kept, by element or attribute."""

    unknown: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def tell(self, context: Context) -> None:
        """Say once of each element and attribute what became of it, and how often."""
        for name, count in self.unknown.items():
            context.notices.unknown("tei.element", detail=f"{name}: kept as a class ({count})")
        for name, count in self.lost.items():
            context.notices.dropped("tei.element" if "@" not in name else "tei.attribute", detail=f"{name} ({count})")


class Content:
    """One text on the way from elements to nodes: how white space is read, and what has come up."""

    def __init__(
        self, tables: Tables, options: ReadOptions, source: Source | None, places: Places, tally: Tally
    ) -> None:
        self.options = options
        self.places = places
        self.unknown = tally.unknown
        self.lost = tally.lost
        self.section_depth = 0
        self.headings: list[tuple[str, Header]] = []
        self.has_section_links = False
        self._tables = tables
        self._source = source
        self._keeps_blanks = False
        self._after_blank = True
        self._depth = 0

    def at(self, element: Element) -> int | None:
        """Give the offset of the line on which an element starts."""
        if self._source is None:
            return None
        line: int = element.sourceline or 1  # type: ignore[assignment]  # the stubs do not know its type
        return self._source.line_start(line)

    # -- blocks ----------------------------------------------------------------------------------

    def blocks(self, element: Element, wrap: Wrap = Plain) -> tuple[Block, ...]:
        """Read an element that holds blocks, or bare inlines and blocks; ``wrap`` makes a block of inlines."""
        if has_text(element) or (wrap is Plain and any(map(self._tables.is_inline, element))):
            return tuple(self.runs(element, wrap))
        return tuple(_joined(self._only_blocks(element), wrap))

    def _only_blocks(self, element: Element) -> Iterator[Node]:
        if not self._enter():
            yield from self._flat(element)
            return
        keeps_blanks = self._enter_space(element)
        for child in element:
            yield from self.block(child)
        self._keeps_blanks = keeps_blanks
        self._depth -= 1

    def block(self, child: Element) -> Iterable[Node]:
        """Read an element that stands between blocks."""
        name = name_of(child)
        if not name:
            return _instruction(child)
        reading = self._tables.blocks.get(name) or self._tables.inlines.get(name) or Content.unknown_block
        return reading(self, child)

    def between(self, child: Element) -> tuple[Block, ...]:
        """Read one element that stands between blocks."""
        return tuple(_joined(self.block(child), Plain))

    def runs(self, element: Element, wrap: Wrap) -> Iterator[Block]:
        """Read an element that holds inlines, and give a block for each run of them and each block between."""
        for node in self._paragraph(element):
            yield wrap(node) if isinstance(node, tuple) else node

    def _paragraph(self, element: Element) -> Iterator[Block | tuple[Inline, ...]]:
        state, keeps_blanks = self._after_blank, self._enter_space(element)
        self._after_blank = True
        run: list[Inline] = []
        follows_block = False
        for node in self._flow(element):
            if _is_inline(node):
                run.append(node)
            elif _is_block(node):
                yield from self._trimmed(run, is_beside_blocks=True)
                yield node
                run, follows_block = [], True
        yield from self._trimmed(run, is_beside_blocks=follows_block)
        self._after_blank, self._keeps_blanks = state, keeps_blanks

    def aside(self, element: Element) -> tuple[Block, ...]:
        """Read an element that stands in a line without being part of it."""
        state = self._after_blank
        self._after_blank = True
        content = self.blocks(element)
        self._after_blank = state
        return content

    # -- inlines ---------------------------------------------------------------------------------

    def inlines(self, element: Element) -> tuple[Inline, ...]:
        """Read an element in which only inlines can stand; blocks in it become inlines."""
        keeps_blanks = self._enter_space(element)
        flow = self._flow(element)
        self._keeps_blanks = keeps_blanks
        return tuple(self._in_line(flow))

    def line(self, element: Element) -> tuple[Inline, ...]:
        """Read an element that is a line or a paragraph of its own, and holds inlines only."""
        out: list[Inline] = []
        for part in self._paragraph(element):
            out += part if isinstance(part, tuple) else self._in_line([part])
        return tuple(out)

    def _in_line(self, nodes: Sequence[Node]) -> Iterator[Inline]:
        """Give the inlines in nodes, a line break between the lines of blocks."""
        is_first = True
        for node in nodes:
            if _is_inline(node):
                yield node
                continue
            self.lost["block.in-line"] += 1
            for line in _lines_of(node):
                yield from line if is_first else (LineBreak(), *line)
                is_first = False

    def _flow(self, element: Element) -> list[Node]:
        out: list[Node] = []
        if not self._enter():
            self._text(text_of(element), out)
            return out
        if element.text:
            self._text(element.text, out)
        for child in element:
            self._child(child, out)
            if child.tail:
                self._text(child.tail, out)
        self._depth -= 1
        return out

    def _child(self, child: Element, out: list[Node]) -> None:
        name = name_of(child)
        reading = self._tables.inlines.get(name) or Content.unknown_inline
        for node in reading(self, child) if name else _instruction(child):
            self._add(node, out)

    def _add(self, node: Node, out: list[Node]) -> None:
        if isinstance(node, Str):
            self._after_blank = node.text[-1:] == " "
            self._add_text(node.text, out)
            return
        if isinstance(node, LineBreak) or _is_block(node):
            self._trim(out)
            self._after_blank = True
        elif type(node) not in _MARKS and not (isinstance(node, Link) and node.content):
            self._after_blank = False
        out.append(node)

    def _text(self, text: str, out: list[Node]) -> None:
        if self._keeps_blanks:
            self._after_blank = False
        else:
            text = _RUN_OF_BLANKS.sub(_one_blank, text)
            if self._after_blank:
                text = text.lstrip(" \n")
            if not text:
                return
            self._after_blank = text[-1] in " \n"
        if "\n" not in text:
            self._add_text(text, out)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                out.append(_SOFT_BREAK)
            if line:
                self._add_text(line, out)

    def _add_text(self, text: str, out: list[Node]) -> None:
        if out and isinstance(last := out[-1], Str):
            out[-1] = Str(last.text + text)
        else:
            out.append(Str(text))

    def _trimmed(self, run: list[Inline], *, is_beside_blocks: bool) -> Iterator[tuple[Inline, ...]]:
        """Give a run of inlines without the blank at its end, if anything is left; between blocks it lays them out."""
        self._trim(run)
        if run and not (is_beside_blocks and all(map(_is_blank, run))):
            yield tuple(run)

    def _trim(self, nodes: list[Inline] | list[Node]) -> None:
        """Take away the blank at the end, where blanks do not count."""
        if self._keeps_blanks or not nodes:
            return
        match nodes[-1]:
            case SoftBreak() | Str(text=" "):
                nodes.pop()
            case Str(text=text) if text.endswith(" "):
                nodes[-1] = Str(text[:-1])

    # -- depth and blanks ------------------------------------------------------------------------

    def _enter(self) -> bool:
        """Go one element deeper, if that is not too deep."""
        if self._depth >= DEEPEST:
            self.lost["nesting.depth"] += 1
            return False
        self._depth += 1
        return True

    def _flat(self, element: Element) -> Iterator[Block]:
        text = " ".join(text_of(element).split())
        if text:
            yield Plain((Str(text),))

    def _enter_space(self, element: Element) -> bool:
        """Keep blanks, or not, as an element says; give what was done before."""
        before = self._keeps_blanks
        if space := element.get(XML_SPACE):
            self._keeps_blanks = space == "preserve"
        return before

    # -- attributes ------------------------------------------------------------------------------

    def attr(self, element: Element, *own: str, rend: Sequence[str] | None = None, css: Sequence[str] = ()) -> Attr:
        """Read the attributes of an element as an ``Attr``.

        ``own`` are attributes that the element's reading understands, ``rend`` the classes that are
        left of ``@rend``, ``css`` the properties that the reading understands.
        """
        if not element.attrib:
            return NO_ATTR
        style = self.style(element)
        classes = tuple((element.get("rend") or "").split() if rend is None else rend) + style.all(CLASS)
        pairs = [("lang", language)] if (language := element.get(_LANG) or element.get("lang")) else []
        pairs += [(str(key).rpartition("}")[2], str(value)) for key, value in element.items() if _is_pair(key, own)]
        pairs += style.pairs
        if left := style.left(css):
            pairs.append(("style", left))
        return attr_of(style.get(ID) or identifier_of(element), classes, tuple(pairs))

    def style(self, element: Element) -> Style:
        """Read what an element says in ``@style``."""
        text = element.get("style")
        return style_of(text) if text else NO_STYLE

    def named(self, element: Element, *own: str) -> Attr:
        """Read the attributes of an element whose name is its class, and count it."""
        name = name_of(element)
        self.unknown[name] += 1
        attr = self.attr(element, *own)
        return replace(attr, classes=(name, *attr.classes))

    def loses(self, element: Element, *attributes: str) -> None:
        """Count attributes that say something for which there is no room."""
        self.lost.update(f"{name_of(element)}/@{each}" for each in attributes if element.get(each))

    def loses_rest(self, element: Element, *kept: str) -> None:
        """Count every attribute of an element but those for which its reading has room."""
        if element.attrib:
            names = (str(key).replace(XML, "xml:") for key in element.attrib if key not in kept and key != XML_SPACE)
            self.lost.update(f"{name_of(element)}/@{each.rpartition('}')[2]}" for each in names)

    # -- places ----------------------------------------------------------------------------------

    def own_id(self, element: Element) -> str:
        """Give an element's id within its document, without the document's own."""
        return identifier_of(element).removeprefix(self.places.prefix)

    def note_at(self, uri: str) -> Element | None:
        """Give the note that stands elsewhere and that a pointer leads to, once."""
        return self.places.take_note(uri[1:]) if uri.startswith("#") else None

    def note_of(self, anchor: str) -> Element | None:
        """Give the note that stands elsewhere and says that it belongs to an anchor, once."""
        return self.places.take_note(self.places.anchored.get(anchor, ""))

    # -- what no table has -----------------------------------------------------------------------

    def unknown_inline(self, element: Element) -> Iterable[Inline]:
        """Read an element as a span of its name."""
        attr = self.named(element)
        return (Span(self.inlines(element), attr),)

    def unknown_block(self, element: Element) -> Iterable[Block]:
        """Read an element as a paragraph or as a box of its name; an empty one shows nothing."""
        attr = self.named(element)
        content = self.blocks(element)
        match content:
            case ():
                return ()
            case (Plain(content=inlines),):
                return (Para(inlines, attr, at=self.at(element)),)
        return (Div(content, attr, at=self.at(element)),)


def _lines_of(node: object) -> Iterator[tuple[Inline, ...]]:
    """Give the lines of text in a block."""
    match node:
        case Plain(content=content) | Para(content=content) | Header(content=content):
            yield content
        case LineBlock(lines=lines):
            yield from lines
        case CodeBlock(text=text):
            yield (Code(text),)
        case Definition(term=term, definitions=definitions):
            yield term
            yield from (line for blocks in definitions for block in blocks for line in _lines_of(block))
        case ModelNode() as other:
            yield from (line for child in children(other) for line in _lines_of(child))


def _is_block(node: object) -> TypeGuard[Block]:
    return type(node) in _BLOCKS


def _is_inline(node: object) -> TypeGuard[Inline]:
    return type(node) not in _BLOCKS


def _is_blank(inline: Inline) -> bool:
    return isinstance(inline, SoftBreak) or (isinstance(inline, Str) and not inline.text.strip(BLANK))


def _one_blank(run: re.Match[str]) -> str:
    return "\n" if "\n" in run[0] else " "


def _is_pair(key: str | bytes, own: Sequence[str]) -> bool:
    return key not in _STANDARD and key not in own


def _instruction(node: Element) -> tuple[Macro, ...]:
    """Read a processing instruction; those of other programs are left out."""
    if isinstance(node, etree._ProcessingInstruction) and node.target == "wiki":  # noqa: SLF001
        return (Macro(node.text or ""),)
    return ()


def _joined(nodes: Iterable[Node], wrap: Wrap) -> Iterator[Block]:
    """Make blocks of the inlines between blocks: what shows nothing, a page break, goes into the next paragraph."""
    run: list[Inline] = []
    for node in nodes:
        if not _is_block(node) and not isinstance(node, Macro | Tags):
            run.append(node)  # type: ignore[arg-type]  # the guard does not tell the other kind
        elif run and isinstance(node, Para) and all(map(_shows_nothing, run)):
            yield replace(node, content=(*run, *node.content))
            run = []
        else:
            if run:
                yield wrap(tuple(run))
                run = []
            yield node
    if run:
        yield wrap(tuple(run))


def _shows_nothing(inline: Inline) -> bool:
    return isinstance(inline, Span) and not inline.content
