"""Elements to nodes: what a tag with its attributes and its content says.

Markdown and HTML come here alike: ``*text*`` is an element ``em``, and so is ``<em>text</em>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, TypeAlias, TypeGuard, get_args

from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    Definition,
    DefinitionList,
    Div,
    Emph,
    Feed,
    Figure,
    Header,
    Inline,
    LineBlock,
    LineBreak,
    Link,
    Macro,
    Math,
    Node,
    OrderedList,
    Para,
    Plain,
    Row,
    SmallCaps,
    SoftBreak,
    Span,
    Str,
    Strong,
    Table,
    Tags,
    UrlTarget,
)
from wikicable.walk import plain_text, walk
from wikicable_markdown.html_syntax import MARKS, as_attr

_TAG_NAME = re.compile(r'"([^"]*)"|(\S+)')
_BLOCK_KINDS = frozenset(get_args(Block))
_INLINE_KINDS = frozenset(get_args(Inline))
_UNSEEN = (Macro, Tags)


ALONE = "alone"


@dataclass(slots=True)
class Element:
    """An element while it is read.

    ``source`` is the text of an HTML tag, and empty for Markdown; ``markup`` are the delimiters of emphasis, and
    ``inner_markup`` those of the emphasis in it that was closed last.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    markup: str = ""
    inner_markup: str = ""
    at: int | None = None
    children: list[Child] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list or table that is no node by itself: an item, a term, a caption, a group of rows.

    With the tag ``ALONE`` it is a node that may be an inline too, and is a block here.
    """

    tag: str
    content: tuple[Child, ...]


Child: TypeAlias = "Node | Part"


# -- sorting children ----------------------------------------------------------------------------


def is_inline(child: Child) -> TypeGuard[Inline]:
    """Whether a child may stand in a line."""
    return type(child) in _INLINE_KINDS


def inlines(children: Iterable[Child]) -> tuple[Inline, ...]:
    """Give the inlines among children; blocks in a line give their text."""
    return tuple(child if is_inline(child) else Str(_text(child)) for child in children)


def _text(child: Child) -> str:
    return " ".join(map(_text, child.content)) if isinstance(child, Part) else plain_text(child)


def blocks(children: Iterable[Child], paragraph: type[Para | Plain] = Plain) -> tuple[Block, ...]:
    """Give children as blocks; inlines that stand together are one block."""
    out: list[Block] = []
    run: list[Inline] = []
    for child in _spliced(children):
        if is_inline(child):
            run.append(child)
            continue
        out += _run_as_block(run, paragraph)
        run = []
        if isinstance(child, Part):
            out += [each for each in child.content if isinstance(each, _UNSEEN)]
        elif type(child) in _BLOCK_KINDS:
            out.append(child)  # type: ignore[arg-type]  # mypy does not narrow by a set of classes
    out += _run_as_block(run, paragraph)
    return tuple(out)


def _spliced(children: Iterable[Child]) -> list[Child]:
    """Put the content of parts that stand outside of their list or table in their place."""
    out: list[Child] = []
    pending = list(children)[::-1]
    while pending:
        child = pending.pop()
        match child:
            case Part(tag=tag, content=content) if tag != ALONE:
                pending += content[::-1]
            case Row(cells=cells):
                pending += cells[::-1]
            case Cell(content=held):
                pending += held[::-1]
            case _:
                out.append(child)
    return out


def _run_as_block(run: Sequence[Inline], paragraph: type[Para | Plain]) -> list[Block]:
    content = trimmed(run)
    return [paragraph(content)] if content else []


def trimmed(run: Sequence[Inline]) -> tuple[Inline, ...]:
    """Take the blanks off both ends of a run."""
    nodes = list(run)
    while nodes and _is_blank(nodes[0]):
        del nodes[0]
    while nodes and _is_blank(nodes[-1]):
        nodes.pop()
    if nodes and isinstance(nodes[0], Str):
        nodes[0] = replace(nodes[0], text=nodes[0].text.lstrip(" \t\n"))
    if nodes and isinstance(nodes[-1], Str):
        nodes[-1] = replace(nodes[-1], text=nodes[-1].text.rstrip(" \t\n"))
    return tuple(nodes)


def _is_blank(node: Inline) -> bool:
    return isinstance(node, SoftBreak) or (isinstance(node, Str) and not node.text.strip(" \t\n"))


def tight(content: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give the blocks of a cell or item, where a paragraph with no other beside it is plain text."""
    if any(isinstance(one, Para) and isinstance(two, Para | Plain) for one, two in pairwise(content)):
        return content
    return tuple(
        Plain(each.content, at=each.at) if isinstance(each, Para) and not each.attr else each for each in content
    )


# -- inline elements -----------------------------------------------------------------------------


def inline_node(element: Element) -> Node | None:
    """Give the node of an inline element other than a link; None where it says nothing."""
    content = inlines(element.children)
    if element.tag == "span":
        return span_node(content, as_attr(element.attributes)) if element.source else Span(content)
    mark = MARKS[element.tag]
    attr = as_attr(element.attributes)
    if element.tag == "code" and "literal" in attr.classes:
        return Code(
            plain_text(content), replace(attr, classes=tuple(c for c in attr.classes if c != "literal")) or NO_ATTR
        )
    if mark is Emph and element.markup == "*" and (swapped := _strong_emphasis(element)):
        return swapped
    return Span((mark(content),), attr) if attr else mark(content)


def _strong_emphasis(element: Element) -> Strong | None:
    """Take ``***text***`` for strong text that is emphasised, as the writer means it; CommonMark has it the other way."""
    match element.children:
        case [Strong(content=content, at=at)] if element.inner_markup == "**":
            return Strong((Emph(content),), at=at)
    return None


def span_node(content: tuple[Inline, ...], attr: Attr) -> Node | None:
    """Give the node of a span by its classes; None where it says nothing."""
    match attr.classes:
        case ("tags",):
            return Tags(tag_names(plain_text(content)))
        case ("smallcaps",):
            return SmallCaps(content)
        case ("math", "inline" | "display" as kind):
            return Math(_as_lines(content), display=kind == "display")
        case ("underline",) if attr == Attr(classes=("underline",)):
            return MARKS["u"](content)
    return Span(content, attr) if content or attr else None


def _as_lines(content: Iterable[Inline]) -> str:
    """Give the text of inlines, the ends of its lines as they are."""
    return "".join("\n" if isinstance(each, SoftBreak) else plain_text(each) for each in content)


def tag_names(text: str) -> tuple[str, ...]:
    """Take a list of tags apart; one of several words stands in quotes."""
    return tuple(quoted or bare for quoted, bare in _TAG_NAME.findall(text))


# -- block elements ------------------------------------------------------------------------------


def block_node(element: Element) -> Child | None:
    """Give what a block element says; None where it says nothing."""
    make = _BLOCKS.get(element.tag)
    return make(element) if make else None


def _paragraph(element: Element) -> Node | None:
    content = trimmed(inlines(element.children))
    attr = as_attr(element.attributes)
    return Para(content, attr, at=element.at) if content or attr else None


def _plain(element: Element) -> Node | None:
    content = trimmed(inlines(element.children))
    return Plain(content, at=element.at) if content else None


def _heading(element: Element) -> Header:
    content = trimmed(inlines(element.children))
    return Header(int(element.tag[1]), content, as_attr(element.attributes), at=element.at)


def _list(element: Element) -> Node | None:
    items = tuple(_item(child) for child in element.children if not _is_space(child))
    attr = as_attr(element.attributes, ("start", "type"))
    if not items:
        return None
    if element.tag == "ul":
        return BulletList(items, attr, at=element.at)
    start = element.attributes.get("start", "1")
    return OrderedList(items, int(start) if _is_number(start) else 1, attr=attr, at=element.at)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _item(child: Child) -> tuple[Block, ...]:
    return blocks(child.content if isinstance(child, Part) else (child,))


def _is_space(child: Child) -> bool:
    return is_inline(child) and _is_blank(child)


def _part(element: Element) -> Part:
    """Keep a part for the element around it; of HTML, a line of text in it is no paragraph."""
    content = tuple(element.children)
    if element.source and element.tag not in ("thead", "tbody", "tfoot"):
        return Part(element.tag, _kept(tight(blocks(content))))
    return Part(element.tag, content)


def _kept(content: tuple[Block, ...]) -> tuple[Child, ...]:
    return tuple(Part(ALONE, (each,)) if isinstance(each, _UNSEEN) else each for each in content)


def _quote(element: Element) -> BlockQuote:
    return BlockQuote(blocks(element.children, Para), at=element.at)


def _definition_list(element: Element) -> DefinitionList:
    items: list[Definition] = []
    for part in element.children:
        if not isinstance(part, Part):
            continue
        if part.tag == "dt":
            items.append(Definition(_term(part), ()))
        elif items:
            items[-1] = replace(items[-1], definitions=(*items[-1].definitions, blocks(part.content)))
    return DefinitionList(tuple(items), as_attr(element.attributes), at=element.at)


def _term(part: Part) -> tuple[Inline, ...]:
    match blocks(part.content):
        case (Plain(content=content) | Para(content=content),):
            return content
        case several:
            return inlines(several)


# -- tables --------------------------------------------------------------------------------------


def _table(element: Element) -> Table:
    caption: tuple[Block, ...] = ()
    head: list[Row] = []
    body: list[Row] = []
    for child in element.children:
        match child:
            case Part(tag="caption", content=content):
                caption = blocks(content)
            case Part(tag="thead", content=content):
                head += [row for row in content if isinstance(row, Row)]
            case Part(content=content):
                body += [row for row in content if isinstance(row, Row)]
            case Row():
                body.append(child)
    if not element.source and not any(cell.content for row in head for cell in row.cells):
        head = []  # a pipe table has no other way to say that its first row is no header
    return Table((*head, *body), len(head), caption, as_attr(element.attributes), at=element.at)


def _row(element: Element) -> Row:
    cells = tuple(child for child in element.children if isinstance(child, Cell))
    return Row(cells, as_attr(element.attributes))


def _cell(element: Element) -> Cell:
    values = element.attributes
    align = _align(values)
    content = tight(blocks(element.children))
    match content:
        case (Plain(content=nodes),) if not element.source and all(isinstance(node, _UNSEEN) for node in nodes):
            content = tuple(node for node in nodes if isinstance(node, _UNSEEN))
        case ():
            align = next((each for each in _ALIGNS if f"<!-- {each} -->" == element.markup), align)
    if element.markup == "<!-- unaligned -->":
        align = None
    return Cell(
        content,
        element.tag == "th",
        align,
        _span_width(values.get("colspan")),
        _span_width(values.get("rowspan")),
        as_attr(
            values,
            ("align", "colspan", "rowspan", "style")
            if "text-align" in values.get("style", "")
            else ("align", "colspan", "rowspan"),
        ),
    )


_ALIGNS: tuple[Align, ...] = ("left", "center", "right")


def _align(values: Mapping[str, str]) -> Align | None:
    found = re.search(r"text-align:\s*(\w+)", values.get("style", ""))
    said = found[1] if found else values.get("align", "")
    return next((each for each in _ALIGNS if each == said), None)


def _span_width(text: str | None) -> int:
    return max(1, min(int(text), 1000)) if text and _is_number(text) else 1


# -- containers ----------------------------------------------------------------------------------


def _div(element: Element) -> Child:
    attr = as_attr(element.attributes)
    content = blocks(element.children)
    match attr.classes:
        case ("tags",):
            return Part(ALONE, (Tags(tag_names(" ".join(map(plain_text, content))), at=element.at),))
        case ("feed",):
            return Feed(_first_url(content), attr.get("data-options"), at=element.at)
        case ("line-block",):
            return LineBlock(_lines(content), at=element.at)
    return Div(content, attr, at=element.at)


def _first_url(content: tuple[Block, ...]) -> str:
    """Give the URL of the first link."""
    urls = (node.target.url for node in walk(content) if isinstance(node, Link) and isinstance(node.target, UrlTarget))
    return next(urls, "")


def _lines(content: tuple[Block, ...]) -> tuple[tuple[Inline, ...], ...]:
    lines: list[list[Inline]] = [[]]
    for block in content:
        for node in block.content if isinstance(block, Para | Plain) else ():
            if isinstance(node, LineBreak):
                lines.append([])
            else:
                lines[-1].append(node)
    return tuple(map(tuple, lines))


def _figure(element: Element) -> Figure:
    captions = [child for child in element.children if isinstance(child, Part) and child.tag == "figcaption"]
    rest = [child for child in element.children if child not in captions]
    caption = blocks(captions[0].content) if captions else ()
    return Figure(blocks(rest), caption, as_attr(element.attributes), at=element.at)


def _preformatted(element: Element) -> CodeBlock:
    values = element.attributes
    attr = as_attr(values, ("data-kind", "data-filename", "data-options"))
    language = next((each[9:] for each in attr.classes if each.startswith("language-")), "")
    text = "".join("\n" if isinstance(child, SoftBreak) else _text(child) for child in element.children)
    classes = tuple(each for each in attr.classes if not each.startswith("language-"))
    kind = code_kind(values.get("data-kind", ""))
    name, options = values.get("data-filename", ""), values.get("data-options", "")
    return CodeBlock(text, language, name, kind, options, replace(attr, classes=classes) or NO_ATTR, at=element.at)


def code_kind(name: str) -> Literal["code", "file", "indented"]:
    """Give the kind of a block of code; one that is none of DokuWiki's is plain code."""
    return "file" if name == "file" else "indented" if name == "indented" else "code"


_BLOCKS: Mapping[str, Callable[[Element], Child | None]] = {
    "p": _paragraph, "plain": _plain, "h1": _heading, "h2": _heading, "h3": _heading, "h4": _heading,
    "h5": _heading, "h6": _heading, "ul": _list, "ol": _list, "li": _part, "blockquote": _quote,
    "table": _table, "thead": _part, "tbody": _part, "tfoot": _part, "tr": _row, "th": _cell, "td": _cell,
    "caption": _part, "dl": _definition_list, "dt": _part, "dd": _part, "div": _div, "figure": _figure,
    "figcaption": _part, "pre": _preformatted,
}  # fmt: skip
