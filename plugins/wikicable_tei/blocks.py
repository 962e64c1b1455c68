"""What TEI's elements mean between blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from lxml import etree

from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    CodeBlock,
    Definition,
    DefinitionList,
    Div,
    Emph,
    Feed,
    Figure,
    Header,
    HorizontalRule,
    Inline,
    LineBlock,
    ListItem,
    Macro,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    Row,
    Strong,
    Table,
    UrlTarget,
)
from wikicable_tei.content import Content, Node, Reading
from wikicable_tei.inlines import INLINES, is_inline, tags_of
from wikicable_tei.links import image
from wikicable_tei.pointers import Pointer, target_of
from wikicable_tei.properties import ID
from wikicable_tei.tree import (
    XML,
    XML_ID,
    Element,
    has_text,
    identifier_of,
    name_of,
    spelled,
    spelled_tidily,
    text_of,
)
from wikicable_tei.vocabulary import LIST_STYLES

_DIV = re.compile(r"div[0-7]?")
_LEVEL = re.compile(r"level(\d)")
_NUMBERED = frozenset(("numbered", "ordered", "number", "decimal", "enumerated"))
_BULLETED = frozenset(("bulleted", "unordered", "bullet", "bullets", "simple"))
_STYLES = {css: name for name, css in LIST_STYLES.items()}
_ALIGNS: dict[str, Align] = {"left": "left", "center": "center", "right": "right"}
_MOST_SPANNED = 1000
"""How many rows or columns a cell may span: no number that is read makes a table of another size."""


# -- divisions -----------------------------------------------------------------------------------


def _division(content: Content, element: Element) -> Iterable[Node]:
    """Read a ``div``: its heading and what is below it; one without a heading is a box if it has a type."""
    if element.get("type") == "original" and identifier_of(element) in content.places.originals:
        return
    heads = [child for child in element if name_of(child) == "head"]
    if heads:
        content.section_depth += 1
    blocks = content.blocks(element, Para)
    if heads:
        content.section_depth -= 1
    if heads or _holds_sections(element) or not element.get("type"):
        content.loses_rest(element, *_told_by_heading(element))
        yield from blocks
        return
    attr = content.attr(element, "type", "subtype")
    classes = [each for each in (element.get("type"), element.get("subtype")) if each]
    yield Div(blocks, Attr(attr.id, (*classes, *attr.classes), attr.pairs), at=content.at(element))


def _told_by_heading(division: Element) -> Iterator[str]:
    """Name the attributes that say what the heading says too."""
    yield from (XML_ID, "id")
    if division.get("type") == "section":
        yield "type"
    if _LEVEL.fullmatch(division.get("subtype") or ""):
        yield "subtype"


def _holds_sections(element: Element) -> bool:
    return any(_DIV.fullmatch(name_of(child)) for child in element)


def _head(content: Content, element: Element) -> Iterable[Node]:
    """Read the heading of a division; a second one is a paragraph of its class."""
    parent = element.getparent()
    assert parent is not None
    is_first = not any(name_of(each) == "head" for each in element.itersiblings(preceding=True))
    if not is_first or not (_DIV.fullmatch(name_of(parent)) or name_of(parent) in _TEXTS):
        attr = content.named(element)
        return (Para(content.line(element), attr, at=content.at(element)),)
    level = _level(parent, content)
    header = Header(level, content.line(element), content.attr(element), at=content.at(element))
    content.headings.append((content.own_id(parent), header))
    return (header,)


def _level(division: Element, content: Content) -> int:
    said = _LEVEL.fullmatch(division.get("subtype") or "")
    return int(said[1]) if said else min(max(content.section_depth, 1), 6)


def _text(content: Content, element: Element) -> Iterable[Node]:
    """Read a part of a text: ``front``, ``body``, ``back``, ``group``."""
    content.loses_rest(element, f"{XML}lang", "lang", XML_ID, "id")
    return content.blocks(element, Para)


def _floating_text(content: Content, element: Element) -> Iterable[Node]:
    """Read a text within the text as a box."""
    depth, content.section_depth = content.section_depth, 0
    blocks = tuple(block for child in element if name_of(child) for block in content.blocks(child, Para))
    content.section_depth = depth
    return (Div(blocks, content.attr(element), at=content.at(element)),)


# -- paragraphs ----------------------------------------------------------------------------------


def _paragraph(content: Content, element: Element) -> Iterable[Node]:
    """Read ``p``; lists and tables in it part it."""
    attr, at = content.attr(element), content.at(element)
    blocks = tuple(content.runs(element, lambda run: Para(run, attr, at=at)))
    return blocks or (Para((), attr, at=at),)


def _anonymous(content: Content, element: Element) -> Iterable[Node]:
    """Read ``ab``: what has no element of its own, by its type; without one, text with no paragraph around it."""
    reading = _TYPED.get(element.get("type") or "")
    if reading:
        return reading(content, element)
    attr, at = content.attr(element), content.at(element)
    if attr:
        return tuple(content.runs(element, lambda run: Para(run, attr, at=at)))
    return tuple(content.runs(element, lambda run: Plain(run, at=at))) or (Plain((), at=at),)


def _heading(content: Content, element: Element) -> Iterable[Node]:
    attr = replace(content.attr(element, "type", "subtype"), id=content.style(element).get(ID))
    said = _LEVEL.fullmatch(element.get("subtype") or "")
    header = Header(int(said[1]) if said else 1, content.line(element), attr, at=content.at(element))
    content.headings.append((content.own_id(element), header))
    return (header,)


def _code(content: Content, element: Element) -> Iterable[Node]:
    """Read a block of code: its file name is a label, its kind the subtype."""
    code = next((child for child in element if name_of(child) in ("code", "seg")), None)
    label = next((child for child in element if name_of(child) == "label"), None)
    name = spelled_tidily(label) if label is not None else ""
    return (_code_block(content, element, code, name),)


def _code_block(content: Content, element: Element, code: Element | None, name: str) -> CodeBlock:
    kind = element.get("subtype") or ""
    return CodeBlock(
        spelled(code) if code is not None else text_of(element),
        _language(content, code) if code is not None else "",
        name,
        kind if kind in ("file", "indented") else "code",  # type: ignore[arg-type]
        content.style(element).get("-wiki-options"),
        content.attr(element, "type", "subtype"),
        at=content.at(element),
    )


def _language(content: Content, code: Element) -> str:
    return code.get("lang") or content.style(code).get("-wiki-lang")


def _original(content: Content, element: Element) -> Iterable[Node]:
    """Read the place of an embedded original."""
    link = next((child for child in element if name_of(child) in ("ref", "ptr")), None)
    target = (link.get("target") or "") if link is not None else ""
    original = content.places.take_original(target.removeprefix("#"))
    if original is None:
        content.lost["original"] += 1
        return tuple(content.runs(element, Para))
    return (original_of(content, original),)


def original_of(content: Content, division: Element) -> CodeBlock:
    """Read an embedded original: its name is the heading of its division."""
    head = next((child for child in division if name_of(child) == "head"), None)
    block = next((child for child in division if name_of(child) == "ab"), division)
    code = next((child for child in block if name_of(child) in ("code", "seg")), None)
    name = spelled_tidily(head) if head is not None else identifier_of(division)
    return replace(_code_block(content, block, code, name), kind="file")


def _raw(content: Content, element: Element) -> Iterable[Node]:
    return (RawBlock(content.style(element).get("-wiki-format"), spelled(element), at=content.at(element)),)


def _feed(content: Content, element: Element) -> Iterable[Node]:
    link = next((child for child in element if name_of(child) in ("ptr", "ref")), element)
    target = target_of(Pointer(link.get("target") or "", link.get("type") or ""), {})
    url = target.url if isinstance(target, UrlTarget) else link.get("target") or ""
    return (Feed(url, content.style(element).get("-wiki-options"), at=content.at(element)),)


_TYPED: dict[str, Reading] = {
    "code": _code,
    "original": _original,
    "head": _heading,
    "tags": lambda _, element: (tags_of(element),),
    "raw": _raw,
    "macro": lambda _, element: (Macro(spelled(element)),),
    "feed": _feed,
    "empty": lambda *_: (),
}
"""What ``ab`` is by its type."""


# -- quotes, verse, plays ------------------------------------------------------------------------


def _quote(content: Content, element: Element) -> Iterable[Node]:
    content.loses_rest(element)
    return (BlockQuote(content.blocks(element), at=content.at(element)),)


def _quotation(content: Content, element: Element) -> Iterable[Node]:
    """Read ``q`` and ``said`` between blocks: a quote, or, with text alone, a paragraph."""
    if has_text(element):
        return (Para(tuple(_inlines_only(INLINES["q"](content, element))), at=content.at(element)),)
    return _quote(content, element)


def _inlines_only(nodes: Iterable[Node]) -> Iterator[Inline]:
    return (node for node in nodes if not isinstance(node, BlockQuote | Para | Plain))  # type: ignore[misc]


def _verse(content: Content, element: Element) -> Iterable[Node]:
    """Read ``lg``: lines in a row are a line block; what stands between stands between."""
    content.loses_rest(element, "type" if element.get("type") == "lines" else "")
    lines: list[tuple[Inline, ...]] = []
    for child in element:
        if name_of(child) == "l":
            lines += [] if child.get("rend") == "none" else [_verse_line(content, child)]
        elif name_of(child):
            if lines:
                yield LineBlock(tuple(lines), at=content.at(element))
            yield from content.block(child)
            lines = []
    if lines or not any(name_of(child) not in ("l", "") for child in element):
        yield LineBlock(tuple(lines), at=content.at(element))


def _line(content: Content, element: Element) -> Iterable[Node]:
    """Read a line of verse that stands alone, with the lines that follow it."""
    before = element.getprevious()
    if before is not None and name_of(before) == "l":
        return ()
    lines = takewhile(lambda each: name_of(each) == "l", (element, *element.itersiblings()))
    return (LineBlock(tuple(_verse_line(content, each) for each in lines), at=content.at(element)),)


def _verse_line(content: Content, element: Element) -> tuple[Inline, ...]:
    content.loses_rest(element)
    return content.line(element)


def _speech(content: Content, element: Element) -> Iterable[Node]:
    attr = content.named(element)
    return (Div(content.blocks(element, Para), attr, at=content.at(element)),)


def _speaker(content: Content, element: Element) -> Iterable[Node]:
    content.loses_rest(element)
    return (Para((Strong(content.line(element)),), at=content.at(element)),)


def _stage(content: Content, element: Element) -> Iterable[Node]:
    content.loses_rest(element)
    return (Para((Emph(content.line(element)),), at=content.at(element)),)


# -- lists ---------------------------------------------------------------------------------------


def _list(content: Content, element: Element) -> Iterable[Node]:
    """Read a list; what stands in it before, between and after its items stands there too."""
    names = [name_of(child) for child in element]
    for child in element:
        if name_of(child) in ("item", "label", "bibl", "biblStruct"):
            break
        if name_of(child):
            yield from content.block(child)
    if "label" in names or element.get("type") == "gloss":
        yield _definitions(content, element)
    else:
        yield _items(content, element)


def _items(content: Content, element: Element) -> Block:
    words = [*(element.get("rend") or "").split(), *(element.get("type") or "").split()]
    kind = next((word for word in words if word in _NUMBERED | _BULLETED), "")
    attr = content.attr(
        element, "type", rend=_classes(element, kind), css=("list-style-type",) if kind in _NUMBERED else ()
    )
    items = tuple(_entries(content, element))
    at = content.at(element)
    if kind not in _NUMBERED:
        return BulletList(items, attr, at=at)
    style = content.style(element)
    css = style.get("list-style-type")
    named = _STYLES.get(css, css) or style.get("-wiki-list", "Decimal")
    first = next((child.get("n") or "" for child in element if name_of(child) == "item"), "")
    return OrderedList(items, int(first) if re.fullmatch(r"-?[0-9]{1,9}", first) else 1, named, attr, at=at)


def _classes(element: Element, kind: str) -> list[str]:
    words = (element.get("rend") or "").split()
    if kind in words:
        words.remove(kind)
    return words + [word for word in (element.get("type") or "").split() if word != kind]


def _entries(content: Content, element: Element) -> Iterator[ListItem]:
    has_begun = False
    for child in element:
        name = name_of(child)
        if name == "item" and child.get("rend") == "none" and not len(child) and not child.text:
            has_begun = True
        elif name in ("item", "bibl", "biblStruct"):
            has_begun = True
            content.loses_rest(child, "n")
            yield content.blocks(child)
        elif name and has_begun:
            blocks = content.between(child)
            if blocks:
                yield blocks


def _definitions(content: Content, element: Element) -> Block:
    items: list[Definition] = []
    for child in element:
        match name_of(child):
            case "label" if child.get("rend") == "continued" and items:
                continue
            case "label" | "headLabel":
                content.loses_rest(child)
                items.append(Definition(content.line(child), (), at=content.at(child)))
            case "item" | "headItem" if child.get("rend") != "none" or len(child) or child.text:
                content.loses_rest(child)
                last = items.pop() if items else Definition((), ())
                items.append(replace(last, definitions=(*last.definitions, content.blocks(child))))
    attr = content.attr(element, "type")
    return DefinitionList(tuple(items), attr, at=content.at(element))


# -- tables --------------------------------------------------------------------------------------


def _table(content: Content, element: Element) -> Iterable[Node]:
    rows = [child for child in element if name_of(child) == "row" and child.get("rend") != "none"]
    content.lost.update(
        f"table/{name_of(child)}" for child in element if name_of(child) not in ("row", "head", "note", "")
    )
    head = next((number for number, row in enumerate(rows) if row.get("role") != "label"), len(rows))
    attr = content.attr(element, "rows", "cols")
    read = tuple(_row(content, row) for row in rows)
    return (Table(read, head, _caption(content, element), attr, at=content.at(element)),)


def _row(content: Content, element: Element) -> Row:
    is_label = element.get("role") == "label"
    cells = [child for child in element if name_of(child) == "cell" and child.get("cols") != "0"]
    attr = content.attr(element, "role")
    return Row(tuple(_cell(content, each, is_label=is_label) for each in cells), attr, at=content.at(element))


def _cell(content: Content, element: Element, *, is_label: bool) -> Cell:
    return Cell(
        content.blocks(element),
        element.get("role", "label" if is_label else "data") == "label",
        _ALIGNS.get(content.style(element).get("text-align")),
        _span(element, "cols"),
        _span(element, "rows"),
        content.attr(element, "role", "cols", "rows", css=("text-align",)),
        at=content.at(element),
    )


def _span(element: Element, attribute: str) -> int:
    number = element.get(attribute) or ""
    return min(max(int(number), 1), _MOST_SPANNED) if re.fullmatch("[0-9]{1,9}", number) else 1


def _caption(content: Content, element: Element) -> tuple[Block, ...]:
    """Read the caption of a table or figure: its heads, or a note that holds more than a line."""
    blocks: list[Block] = []
    for child in element:
        if name_of(child) == "head":
            content.loses_rest(child)
            blocks.append(Plain(content.line(child)))
        elif (name_of(child) == "note" and child.get("type") == "caption") or (
            name_of(child) == "note" and name_of(element) == "table"
        ):
            blocks += content.blocks(child)
    return tuple(blocks)


# -- figures -------------------------------------------------------------------------------------


def _figure(content: Content, element: Element) -> Iterable[Node]:
    """Read a figure between blocks: its graphics and its blocks, with its head for a caption."""
    caption = _caption(content, element)
    words = [child for child in element if name_of(child) == "figDesc"]
    title = tuple(inline for each in words for inline in content.line(each))
    blocks = list(_parts_of_figure(content, element, title))
    if element.get("type") != "block" and not caption and len(blocks) == 1:
        return (Para(block.content, at=block.at) if isinstance(block, Plain) else block for block in blocks)
    attr = content.attr(element, "type")
    return (Figure(tuple(blocks), caption, attr, at=content.at(element)),)


def _parts_of_figure(content: Content, element: Element, title: tuple[Inline, ...]) -> Iterator[Block]:
    for child in element:
        name = name_of(child)
        if name in ("graphic", "media"):
            yield Plain((image(content, child, title, element, NO_ATTR),), at=content.at(child))
            title = ()
        elif name not in ("head", "figDesc") and not (name == "note" and child.get("type") == "caption"):
            yield from content.between(child)
    if title:
        yield Plain(title, at=content.at(element))


# -- code in examples, and the rest --------------------------------------------------------------


def _example(content: Content, element: Element) -> Iterable[Node]:
    """Read ``eg`` and ``egXML``: markup in an example is shown as it stands."""
    is_xml = name_of(element) == "egXML"
    return (
        CodeBlock(_markup(element) if is_xml else text_of(element), "xml" if is_xml else "", at=content.at(element)),
    )


def _markup(element: Element) -> str:
    """Write what stands in an element as XML, without the namespaces that it does not declare itself."""
    parts = [element.text or ""]
    for child in element:
        spelled_out = etree.tostring(child, encoding="unicode")
        parts.append(re.sub(r' xmlns(?::\w+)?="[^"]*"', "", spelled_out))
    return "".join(parts).strip("\n")


def _rule(content: Content, element: Element) -> Iterable[Node]:
    """Read a milestone between blocks; only a rule shows."""
    if element.get("unit") == "rule":
        return (HorizontalRule(at=content.at(element)),)
    return INLINES["milestone"](content, element)


def _note(content: Content, element: Element) -> Iterable[Node]:
    """Read a note between blocks as a box, unless something in the text points at it."""
    if content.places.is_elsewhere(element):
        return ()
    return content.unknown_block(element)


def _bibliography(content: Content, element: Element) -> Iterable[Node]:
    content.unknown[name_of(element)] += 1
    return _list(content, element)


def _nothing(content: Content, element: Element) -> Iterable[Node]:
    """Read an element that shows nothing itself."""
    content.lost[name_of(element)] += 1
    return ()


_TEXTS = frozenset(("body", "front", "back", "group", "text"))

BLOCKS: dict[str, Reading] = {
    **dict.fromkeys(("div", "div0", "div1", "div2", "div3", "div4", "div5", "div6", "div7"), _division),
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(("list", "castGroup"), _list),
    **dict.fromkeys(("quote", "cit", "epigraph"), _quote),
    **dict.fromkeys(("q", "said"), _quotation),
    **dict.fromkeys(("eg", "egXML"), _example),
    **dict.fromkeys(("teiHeader", "divGen", "index", "standOff", "facsimile"), _nothing),
    **dict.fromkeys(
        ("bibl", "biblStruct", "label", "desc", "address", "u", "docAuthor", "docDate", "docEdition", "docTitle"),
        Content.unknown_block,
    ),
    "p": _paragraph,
    "head": _head,
    "ab": _anonymous,
    "table": _table,
    "lg": _verse,
    "l": _line,
    "sp": _speech,
    "speaker": _speaker,
    "stage": _stage,
    "floatingText": _floating_text,
    "figure": _figure,
    "milestone": _rule,
    "note": _note,
    "listBibl": _bibliography,
}

_BREAKS = [
    "p",
    "ab",
    "list",
    "table",
    "lg",
    "l",
    "sp",
    "floatingText",
    "egXML",
    "eg",
    "listBibl",
    "listPerson",
    "listPlace",
    "listOrg",
    "listEvent",
    "castList",
    "cit",
    "div",
]
"""Elements that end a run of inlines wherever they stand."""

IN_LINES: dict[str, Reading] = {**{name: BLOCKS.get(name, Content.unknown_block) for name in _BREAKS}, **INLINES}
"""What elements mean in a line, those that part it among them."""

__all__ = ["BLOCKS", "IN_LINES", "is_inline", "original_of"]
