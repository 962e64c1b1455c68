"""A document as pandoc's JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, assert_never

from wikicable.links import link_text
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
    DefinitionList,
    Div,
    Document,
    EmailTarget,
    Emph,
    Feed,
    Figure,
    Header,
    HorizontalRule,
    Image,
    Inline,
    InterwikiTarget,
    LineBlock,
    LineBreak,
    Link,
    Macro,
    Math,
    MediaTarget,
    Metadata,
    MetaValue,
    Monospace,
    Note,
    OrderedList,
    PageTarget,
    Para,
    Plain,
    RawBlock,
    RawInline,
    Row,
    SectionTarget,
    ShareTarget,
    SmallCaps,
    SoftBreak,
    Span,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Table,
    Tags,
    Target,
    Underline,
    UrlTarget,
    Verbatim,
)
from wikicable.native.attributes import CELLS, CODE, DIVS, LINKS, SPANS, as_json, of_kind, of_no_kind, with_fields
from wikicable.native.grid import Grid
from wikicable.notices import Notices
from wikicable.walk import plain_text

API_VERSION = [1, 23, 1]
DEEPEST = 60
"""How many nodes may stand in each other; what is deeper stands as text."""

STYLES = frozenset(("DefaultStyle", "Example", "Decimal", "LowerRoman", "UpperRoman", "LowerAlpha", "UpperAlpha"))
KNOWN_KEYS = ("title", "author", "contributor", "date", "modified", "lang", "keywords", "tags", "page-id")
NESTED_KEY = "extra"
"""Where free keys stand that have the name of a known one."""

_WORDS = re.compile(r"[^ ]+| ")
_PARTS = re.compile(r"[^ \n]+| |\n")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACE = {"t": "Space"}
_ALIGNS: Mapping[Align | None, str] = {
    None: "AlignDefault",
    "left": "AlignLeft",
    "center": "AlignCenter",
    "right": "AlignRight",
}


class Encoder:
    """Gives one document as values that ``json`` can write."""

    def __init__(self, document: Document, notices: Notices) -> None:
        self._document = document
        self._notices = notices
        self._depth = 0

    def document(self) -> dict[str, Any]:
        """Give the whole document."""
        if self._document.resources:
            self._notices.dropped("resources", detail=", ".join(self._document.resources))
        return {
            "pandoc-api-version": API_VERSION,
            "meta": self._meta(self._document.metadata),
            "blocks": self.blocks(self._document.blocks),
        }

    # -- metadata --------------------------------------------------------------------------------

    def _meta(self, metadata: Metadata) -> dict[str, Any]:
        known: dict[str, MetaValue] = {
            "title": metadata.title,
            "author": metadata.creator,
            "contributor": list(metadata.contributors) or None,
            "date": metadata.created,
            "modified": metadata.modified,
            "lang": metadata.lang,
            "keywords": list(metadata.tags) or None,
            "page-id": metadata.page_id,
        }
        free = {key: value for key, value in metadata.extra.items() if key not in KNOWN_KEYS and key != NESTED_KEY}
        nested: dict[str, MetaValue] = {key: value for key, value in metadata.extra.items() if key not in free}
        said = {key: value for key, value in known.items() if value is not None} | free
        if nested:
            said[NESTED_KEY] = nested
        return {key: self._meta_value(value) for key, value in said.items()}

    def _meta_value(self, value: MetaValue) -> dict[str, Any]:
        match value:
            case bool():
                return _node("MetaBool", value)
            case str():
                return _node("MetaString", self._text(value, None))
            case int() | float():
                number = _node("Span", [as_json(Attr(classes=("number",))), [_node("Str", repr(value))]])
                return _node("MetaInlines", [number])
            case list():
                return _node("MetaList", [self._meta_value(each) for each in value])
            case dict():
                return _node("MetaMap", {key: self._meta_value(each) for key, each in value.items()})
            case None:
                return _node("MetaInlines", [])
            case _:
                assert_never(value)

    # -- blocks ----------------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> list[Any]:
        """Give blocks."""
        given = tuple(blocks)
        if self._depth >= DEEPEST:
            return [_node("Plain", self._too_deep(given))] if given else []
        self._depth += 1
        try:
            return [self._block(block) for block in given]
        finally:
            self._depth -= 1

    def _too_deep(self, nodes: tuple[Block, ...] | tuple[Inline, ...]) -> list[Any]:
        self._notices.changed("nesting.depth", nodes[0].at, f"deeper than {DEEPEST}")
        return self._words(plain_text(nodes), nodes[0].at)

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Para(content=content, attr=attr):
                return _with_attr(_node("Para", self.inlines(content)), attr)
            case Plain(content=content):
                return _node("Plain", self.inlines(content))
            case Header(level=level, content=content, attr=attr):
                return _node("Header", [level, as_json(attr), self.inlines(content)])
            case BulletList(items=items, attr=attr):
                return _with_attr(_node("BulletList", [self.blocks(item) for item in items]), attr)
            case OrderedList(items=items, attr=attr):
                style = block.style if block.style in STYLES else "DefaultStyle"
                numbers = [block.start, {"t": style}, {"t": "DefaultDelim"}]
                return _with_attr(_node("OrderedList", [numbers, [self.blocks(item) for item in items]]), attr)
            case CodeBlock():
                return self._code_block(block)
            case Table():
                return self._table(block)
            case BlockQuote(content=content):
                return _node("BlockQuote", self.blocks(content))
            case HorizontalRule():
                return {"t": "HorizontalRule"}
            case Div(content=content, attr=attr):
                return _node("Div", [as_json(of_no_kind(attr, DIVS)), self.blocks(content)])
            case Macro(text=text):
                return _node("Div", [as_json(self._macro(text, block.at)), []])
            case Tags(tags=tags):
                plain = _node("Plain", self.tags(tags, block.at))
                return _node("Div", [as_json(Attr(classes=("tags",))), [plain]])
            case RawBlock(format=name, text=text):
                return _node("RawBlock", [name, self._text(text, block.at)])
            case DefinitionList(items=items, attr=attr):
                pairs = [[self.inlines(each.term), list(map(self.blocks, each.definitions))] for each in items]
                return _with_attr(_node("DefinitionList", pairs), attr)
            case Figure(content=content, caption=caption, attr=attr):
                return _node("Figure", [as_json(attr), [None, self.blocks(caption)], self.blocks(content)])
            case LineBlock(lines=lines):
                return _node("LineBlock", list(map(self.inlines, lines)))
            case Feed(url=url):
                return self._feed(block, url)
            case _:
                assert_never(block)

    def _code_block(self, block: CodeBlock) -> dict[str, Any]:
        fields = [("filename", block.filename, ""), ("kind", block.kind, "code"), ("options", block.options, "")]
        attr = block.attr
        if block.language:
            attr = of_kind(block.language, attr)
        elif attr.classes:
            attr = of_kind("", attr)
        return _node("CodeBlock", [as_json(with_fields(attr, fields)), self._text(block.text, block.at)])

    def _feed(self, feed: Feed, url: str) -> dict[str, Any]:
        attr = with_fields(Attr(classes=("feed",)), [("options", feed.options, "")])
        link = _node("Link", [as_json(NO_ATTR), [_node("Str", url)], [url, ""]])
        return _node("Div", [as_json(attr), [_node("Plain", [link])]])

    # -- tables ----------------------------------------------------------------------------------

    def _table(self, table: Table) -> dict[str, Any]:
        grid = Grid(table)
        columns = [[{"t": _ALIGNS[align]}, {"t": "ColWidthDefault"}] for align in grid.aligns]
        rows = [self._row(row, grid, number) for number, row in enumerate(table.rows)]
        head, body = rows[: table.head], rows[table.head :]
        bodies = [[as_json(NO_ATTR), 0, [], body]] if body else []
        return _node(
            "Table",
            [
                as_json(table.attr),
                [None, self.blocks(table.caption)],
                columns,
                [as_json(NO_ATTR), head],
                bodies,
                [as_json(NO_ATTR), []],
            ],
        )

    def _row(self, row: Row, grid: Grid, number: int) -> list[Any]:
        in_head = number < grid.head
        cells = [
            self._cell(cell, in_head=in_head, align=None if cell.align == grid.aligns[column] else cell.align)
            for cell, column in zip(row.cells, grid.columns[number], strict=True)
        ]
        return [as_json(row.attr), cells]

    def _cell(self, cell: Cell, *, in_head: bool, align: Align | None) -> list[Any]:
        attr = cell.attr
        if cell.is_header != in_head or (attr.classes and attr.classes[0] in CELLS):
            attr = of_kind("header" if cell.is_header else "data", attr)
        return [as_json(attr), {"t": _ALIGNS[align]}, cell.rowspan, cell.colspan, self.blocks(cell.content)]

    # -- inlines ---------------------------------------------------------------------------------

    def inlines(self, inlines: Iterable[Inline]) -> list[Any]:
        """Give inlines; runs of text are divided at their blanks."""
        given = tuple(inlines)
        if self._depth >= DEEPEST:
            return self._too_deep(given) if given else []
        self._depth += 1
        try:
            return [part for inline in _divided(given) for part in self._inline(inline)]
        finally:
            self._depth -= 1

    def _inline(self, inline: Inline) -> list[Any]:
        match inline:
            case Str(text=text):
                return self._words(text, inline.at)
            case SoftBreak() | LineBreak():
                return [{"t": type(inline).__name__}]
            case Link():
                return [self._link(inline)]
            case (
                Strong(content=content)
                | Emph(content=content)
                | Underline(content=content)
                | Strikeout(content=content)
                | Superscript(content=content)
                | Subscript(content=content)
                | SmallCaps(content=content)
            ):
                return [_node(type(inline).__name__, self.inlines(content))]
            case Monospace(content=content):
                return [self._monospace(content)]
            case Code(text=text, attr=attr):
                return [_node("Code", [as_json(of_no_kind(attr, CODE)), self._text(text, inline.at)])]
            case Image():
                return [self._image(inline)]
            case Note(content=blocks):
                return [_node("Note", self.blocks(blocks))]
            case Verbatim(text=text, mark=mark):
                attr = with_fields(Attr(classes=("verbatim",)), [("mark", mark, "%%")])
                return [_span(attr, [_word(part) for part in _PARTS.findall(self._text(text, inline.at))])]
            case Span(content=content, attr=attr):
                return [_span(of_no_kind(attr, SPANS), self.inlines(content))]
            case Macro(text=text):
                return [_span(self._macro(text, inline.at), [])]
            case Tags(tags=tags):
                return [_span(Attr(classes=("tags",)), self.tags(tags, inline.at))]
            case Math(text=text, display=display):
                kind = {"t": "DisplayMath" if display else "InlineMath"}
                return [_node("Math", [kind, self._text(text, inline.at)])]
            case RawInline(format=name, text=text):
                return [_node("RawInline", [name, self._text(text, inline.at)])]
            case _:
                assert_never(inline)

    def _words(self, text: str, at: int | None) -> list[Any]:
        return [_word(part) for part in _WORDS.findall(self._text(text, at)) or [""]]

    def _monospace(self, content: tuple[Inline, ...]) -> dict[str, Any]:
        """Give ``Code`` for a run of text; other content is a span that holds such ``Code`` for each run of text."""
        match content:
            case (Str(text=text),):
                return self._literal(text, content[0].at)
            case _:
                return _span(Attr(classes=("monospace",)), [part for each in content for part in self._in_code(each)])

    def _in_code(self, inline: Inline) -> list[Any]:
        match inline:
            case Str(text=text):
                return [self._literal(text, inline.at)]
            case Monospace(content=content):
                return [_span(Attr(classes=("monospace",)), self.inlines(content))]
            case _:
                return self.inlines((inline,))

    def _literal(self, text: str, at: int | None) -> dict[str, Any]:
        return _node("Code", [as_json(Attr(classes=("monospace",))), self._text(text, at)])

    def _macro(self, text: str, at: int | None) -> Attr:
        return Attr(classes=("macro",), pairs=(("text", self._text(text, at)),))

    def tags(self, tags: tuple[str, ...], at: int | None) -> list[Any]:
        """Give the tags that stand at a place, as inlines."""
        spans = [_span(Attr(classes=("tag",)), self._words(tag, at)) for tag in tags]
        return [part for span in spans for part in (_node("Str", ","), _SPACE, span)][2:]

    # -- links and images ------------------------------------------------------------------------

    def _link(self, link: Link) -> dict[str, Any]:
        attr, title = _without_title(link.attr)
        url, attr = address(link.target, attr)
        inlines = self.inlines(link.content)
        if not link.content:
            shown = self._text(
                link_text(link.target, self._document.conf, self._document.metadata.page_id or ""), link.at
            )
            attr = with_fields(attr, [("untitled", shown, "\n")])
            inlines = self._words(shown, link.at)
        elif any(key == "untitled" for key, _ in attr.pairs):
            attr = replace(attr, pairs=(("untitled", "\n"), *attr.pairs))
        return _node("Link", [as_json(attr), inlines, [self._text(url, link.at), title]])

    def _image(self, image: Image) -> dict[str, Any]:
        attr, title = _without_title(image.attr)
        sizes = [("width", image.width), ("height", image.height)]
        fields = [(key, "" if size is None else str(size), "") for key, size in sizes]
        url, attr = address(image.target, with_fields(attr, [*fields, ("align", image.align or "", "")]))
        return _node("Image", [as_json(attr), self.inlines(image.content), [self._text(url, image.at), title]])

    def _text(self, text: str, at: int | None) -> str:
        """Give text that JSON can hold: what is no character is replaced, and said."""
        if text.isascii() or not _SURROGATES.search(text):
            return text
        self._notices.changed("text.characters", at, "bytes that are not UTF-8")
        return _SURROGATES.sub("\ufffd", text)


def address(target: Target, attr: Attr) -> tuple[str, Attr]:
    """Give the address of a target, and attributes that say what it is where that does not show."""
    match target:
        case PageTarget(id=name, section=section, query=query):
            url = name + (f"#{section}" if section else "") + (f"?{query}" if query else "")
            return url, of_kind("wikilink", attr)
        case UrlTarget(url=url):
            is_taken = url.startswith(("#", "mailto:")) or (attr.classes and attr.classes[0] in LINKS)
            return url, of_kind("url", attr) if is_taken else attr
        case InterwikiTarget(shortcut=shortcut, page=page):
            return f"{shortcut}>{page}", of_kind("interwiki", attr)
        case SectionTarget(section=section):
            return f"#{section}", of_no_kind(attr, LINKS)
        case EmailTarget(address=mail):
            return f"mailto:{mail}", of_no_kind(attr, LINKS)
        case ShareTarget(path=path):
            return path, of_kind("windows", attr)
        case MediaTarget(id=name):
            fields = [
                ("linking", target.linking, "details"),
                ("cache", target.cache, "cache"),
                ("rest", target.rest, ""),
            ]
            return name, with_fields(of_kind("media", attr), fields)
        case _:
            assert_never(target)


def _divided(inlines: tuple[Inline, ...]) -> Iterator[Inline]:
    """Give inlines with an empty run of text between two that stand together, which would be read as one."""
    for before, inline in pairwise((None, *inlines)):
        if isinstance(before, Str) and isinstance(inline, Str):
            yield Str("")
        if inline is not None:
            yield inline


def _without_title(attr: Attr) -> tuple[Attr, str]:
    """Take out a title that stands last."""
    match attr.pairs:
        case (*_, ("title", str(title))) if title:
            return replace(attr, pairs=attr.pairs[:-1]), title
        case _:
            return attr, ""


def _with_attr(block: dict[str, Any], attr: Attr) -> dict[str, Any]:
    """Put a division around a block that has attributes, if it has any."""
    return _node("Div", [as_json(of_kind("block", attr)), [block]]) if attr else block


def _node(kind: str, content: Any) -> dict[str, Any]:
    return {"t": kind, "c": content}


def _span(attr: Attr, inlines: list[Any]) -> dict[str, Any]:
    return _node("Span", [as_json(attr), inlines])


def _word(part: str) -> dict[str, Any]:
    match part:
        case " ":
            return _SPACE
        case "\n":
            return {"t": "SoftBreak"}
        case _:
            return _node("Str", part)
