"""pandoc's JSON as a document: of pandoc's own making, ours, or a filter's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, get_args

from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Cache,
    Cell,
    Code,
    CodeBlock,
    Definition,
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
    Linking,
    Macro,
    Math,
    MediaTarget,
    Metadata,
    MetaValue,
    Monospace,
    Node,
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
from wikicable.native.attributes import CELLS, CODE, DIVS, LINKS, SPANS, kind_of, of_json, take_field
from wikicable.native.encoding import NESTED_KEY
from wikicable.native.grid import places
from wikicable.notices import Notices
from wikicable.walk import plain_text, walk

_MARKS: Mapping[str, type[Any]] = {
    kind.__name__: kind for kind in (Emph, Strong, Underline, Strikeout, Superscript, Subscript, SmallCaps)
}
_QUOTES = {"SingleQuote": "‘’", "DoubleQuote": "“”"}
_ALIGNS: Mapping[str, Align] = {"AlignLeft": "left", "AlignCenter": "center", "AlignRight": "right"}


class Decoder:
    """Reads values that ``json`` has read; a value that pandoc would not take raises what Python raises."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    def document(self, value: Any) -> Document:
        """Read a whole document."""
        version = value["pandoc-api-version"]
        if version[0] != 1:
            raise ValueError(f"version {version} of pandoc's types")
        return Document(self.blocks(value["blocks"]), self._metadata(value["meta"]))

    # -- metadata --------------------------------------------------------------------------------

    def _metadata(self, meta: Mapping[str, Any]) -> Metadata:
        said = {key: self._meta_value(value) for key, value in meta.items()}
        authors = _texts(said.pop("author", None))
        keywords = _divided(said.pop("keywords", None)) or _divided(said.pop("tags", None))
        known = {
            "title": said.pop("title", None),
            "lang": said.pop("lang", None),
            "page_id": said.pop("page-id", None),
            "created": said.pop("date", None),
            "modified": said.pop("modified", None),
        }
        contributors = (*authors[1:], *_texts(said.pop("contributor", None)))
        nested = said.pop(NESTED_KEY, None)
        if isinstance(nested, dict):
            said |= nested
        elif nested is not None:
            said[NESTED_KEY] = nested
        texts = {key: None if value is None else ", ".join(_texts(value)) for key, value in known.items()}
        return Metadata(
            **texts, tags=keywords, creator=authors[0] if authors else None, contributors=contributors, extra=said
        )

    def _meta_value(self, value: Any) -> MetaValue:
        match value:
            case {"t": "MetaBool", "c": bool(given)}:
                return given
            case {"t": "MetaString", "c": str(text)}:
                return text
            case {"t": "MetaInlines", "c": []}:
                return None
            case {"t": "MetaInlines", "c": [{"t": "Span", "c": [["", ["number"], []], [{"c": str(number)}]]}]}:
                return float(number) if any(letter in number for letter in ".en") else int(number)
            case {"t": "MetaInlines", "c": content}:
                return plain_text(self.inlines(content))
            case {"t": "MetaBlocks", "c": blocks}:
                return "\n\n".join(plain_text([block]) for block in self.blocks(blocks))
            case {"t": "MetaList", "c": items}:
                return [self._meta_value(each) for each in items]
            case {"t": "MetaMap", "c": items}:
                return {key: self._meta_value(each) for key, each in items.items()}
            case _:
                raise ValueError(f"no value of metadata: {_excerpt(value)}")

    # -- blocks ----------------------------------------------------------------------------------

    def blocks(self, values: Iterable[Any]) -> tuple[Block, ...]:
        """Read blocks."""
        return tuple(block for value in values for block in self._block(value))

    def _items(self, items: Iterable[Any]) -> tuple[tuple[Block, ...], ...]:
        return tuple(map(self.blocks, items))

    def _block(self, value: Any) -> tuple[Block, ...]:
        match value["t"], value.get("c"):
            case "Para", content:
                return (Para(self.inlines(content)),)
            case "Plain", content:
                return (Plain(self.inlines(content)),)
            case "Header", [int(level), attr, content]:
                return (Header(self._level(level), self.inlines(content), of_json(attr)),)
            case "BulletList", items:
                return (BulletList(self._items(items)),)
            case "OrderedList", [[int(start), style, _], items]:
                name = "Decimal" if style["t"] == "DefaultStyle" else style["t"]
                return (OrderedList(self._items(items), start, name),)
            case "CodeBlock", [attr, str(text)]:
                return (_code_block(of_json(attr), text),)
            case "Table", content:
                return (self._table(content),)
            case "BlockQuote", content:
                return (BlockQuote(self.blocks(content)),)
            case "HorizontalRule", _:
                return (HorizontalRule(),)
            case "Div", [attr, content]:
                return self._div(of_json(attr), self.blocks(content))
            case "RawBlock", [str(name), str(text)]:
                return (RawBlock(name, text),)
            case "DefinitionList", pairs:
                return (DefinitionList(tuple(Definition(self.inlines(t), self._items(said)) for t, said in pairs)),)
            case "Figure", [attr, caption, content]:
                return (Figure(self.blocks(content), self.blocks(caption[1]), of_json(attr)),)
            case "LineBlock", lines:
                return (LineBlock(tuple(map(self.inlines, lines))),)
            case "Null", _:
                return ()
            case name, _:
                raise ValueError(f"no block: {_excerpt(name)}")

    def _level(self, level: int) -> int:
        if 1 <= level <= 6:
            return level
        self._notices.changed("header.level", detail=f"level {level}")
        return min(max(level, 1), 6)

    def _div(self, attr: Attr, content: tuple[Block, ...]) -> tuple[Block, ...]:
        kind, own = kind_of(attr, DIVS)
        match kind, content:
            case "block", (Para() | BulletList() | OrderedList() | DefinitionList() as block,):
                return (replace(block, attr=own),)
            case "macro", _:
                return (Macro(take_field(own, "text")[0]),)
            case "tags", _:
                return (Tags(_tags_in(content)),)
            case "feed", (Plain(content=(Link(target=UrlTarget(url=url)),)),):
                return (Feed(url, take_field(own, "options")[0]),)
            case _:
                return (Div(content, own),)

    # -- tables ----------------------------------------------------------------------------------

    def _table(self, value: Any) -> Table:
        attr, caption, columns, head, bodies, foot = value
        rows = [self._row(row, headers=None) for row in head[1]]
        for _, headers, intermediate, body in bodies:
            rows += [self._row(row, headers=None) for row in intermediate]
            rows += [self._row(row, headers=headers) for row in body]
        rows += [self._row(row, headers=0) for row in foot[1]]
        aligns = [_ALIGNS.get(align["t"]) for align, _ in columns]
        begins, _ = places(rows)
        aligned = tuple(_aligned(row, line, aligns) for row, line in zip(rows, begins, strict=True))
        return Table(aligned, len(head[1]), self.blocks(caption[1]), of_json(attr))

    def _row(self, value: Any, *, headers: int | None) -> Row:
        """Read a row; ``headers`` columns of it hold headers, all of them if it is ``None``."""
        attr, cells = value
        column, read = 0, []
        for cell in cells:
            is_header = headers is None or column < headers
            read.append(self._cell(cell, is_header=is_header))
            column += read[-1].colspan
        return Row(tuple(read), of_json(attr))

    def _cell(self, value: Any, *, is_header: bool) -> Cell:
        attr, align, rowspan, colspan, content = value
        kind, own = kind_of(of_json(attr), CELLS)
        is_header = kind == "header" if kind else is_header
        return Cell(self.blocks(content), is_header, _ALIGNS.get(align["t"]), max(colspan, 1), max(rowspan, 1), own)

    # -- inlines ---------------------------------------------------------------------------------

    def inlines(self, values: Iterable[Any]) -> tuple[Inline, ...]:
        """Read inlines; words and blanks that stand together are one run of text."""
        return tuple(_joined(inline for value in values for inline in self._inline(value)))

    def _inline(self, value: Any) -> tuple[Inline, ...]:
        match value["t"], value.get("c"):
            case "Str", str(text):
                return (Str(text),)
            case "Space", _:
                return (Str(" "),)
            case "SoftBreak", _:
                return (SoftBreak(),)
            case "LineBreak", _:
                return (LineBreak(),)
            case kind, content if kind in _MARKS:
                return (_MARKS[kind](self.inlines(content)),)
            case "Link", [attr, content, [str(url), str(title)]]:
                return (_link(_with_title(of_json(attr), title), self.inlines(content), url),)
            case "Image", [attr, content, [str(url), str(title)]]:
                return (_image(_with_title(of_json(attr), title), self.inlines(content), url),)
            case "Code", [attr, str(text)]:
                kind, own = kind_of(of_json(attr), CODE)
                return (Monospace((Str(text),)) if kind and not own else Code(text, own),)
            case "Note", content:
                return (Note(self.blocks(content)),)
            case "Span", [attr, content]:
                return (self._span(of_json(attr), content),)
            case "Math", [kind, str(text)]:
                return (Math(text, kind["t"] == "DisplayMath"),)
            case "RawInline", [str(name), str(text)]:
                return (RawInline(name, text),)
            case "Quoted", [kind, content]:
                marks = _QUOTES[kind["t"]]
                return (Str(marks[0]), *self.inlines(content), Str(marks[1]))
            case "Cite", [citations, content]:
                keys = " ".join(each["citationId"] for each in citations)
                return (Span(self.inlines(content), Attr(classes=("citation",), pairs=(("cites", keys),))),)
            case name, _:
                raise ValueError(f"no inline: {_excerpt(name)}")

    def _span(self, attr: Attr, values: list[Any]) -> Inline:
        kind, own = kind_of(attr, SPANS)
        match kind, values:
            case "verbatim", _:
                mark = take_field(own, "mark", "%%")[0]
                return Verbatim(_verbatim(self.inlines(values)), "nowiki" if mark == "nowiki" else "%%")
            case "monospace", _:
                return Monospace(tuple(_joined(inline for value in values for inline in self._in_code(value))))
            case "macro", _:
                return Macro(take_field(own, "text")[0])
            case "tags", _:
                return Tags(_tags_in(self.inlines(values)))
            case _:
                return Span(self.inlines(values), own)

    def _in_code(self, value: Any) -> tuple[Inline, ...]:
        match value:
            case {"t": "Code", "c": [["", ["monospace"], []], str(text)]}:
                return (Str(text),)
            case _:
                return self._inline(value)


# -- links and images ----------------------------------------------------------------------------


def _link(attr: Attr, content: tuple[Inline, ...], url: str) -> Link:
    kind, own = kind_of(attr, LINKS)
    target, own = _target(kind, url, own)
    untitled, own = take_field(own, "untitled", "\n")
    return Link(target, () if plain_text(content) == untitled else content, own)


def _image(attr: Attr, content: tuple[Inline, ...], url: str) -> Image:
    kind, own = kind_of(attr, LINKS)
    target, own = _target(kind, url, own)
    width, own = _pixels(own, "width")
    height, own = _pixels(own, "height")
    align, rest = take_field(own, "align")
    given: Align | None = next((each for each in get_args(Align) if each == align), None)
    place = target if isinstance(target, MediaTarget | InterwikiTarget) else UrlTarget(url)
    return Image(place, content, given, width, height, rest if given or not align else own)


def _pixels(attr: Attr, key: str) -> tuple[int | None, Attr]:
    """Take out a size in pixels; one in another unit stays."""
    size, rest = take_field(attr, key)
    number = size.removesuffix("px")
    if number.isascii() and number.isdecimal():
        return int(number), rest
    return None, attr if size else rest


def _target(kind: str, url: str, attr: Attr) -> tuple[Target, Attr]:
    match kind:
        case "wikilink":
            name, _, query = url.partition("?")
            name, _, section = name.partition("#")
            return PageTarget(name, section, query), attr
        case "interwiki":
            shortcut, _, page = url.partition(">")
            return InterwikiTarget(shortcut, page), attr
        case "windows":
            return ShareTarget(url), attr
        case "media":
            linking, attr = take_field(attr, "linking", "details")
            cache, attr = take_field(attr, "cache", "cache")
            rest, attr = take_field(attr, "rest")
            return MediaTarget(url, _one_of(get_args(Linking), linking), _one_of(get_args(Cache), cache), rest), attr
        case "url":
            return UrlTarget(url), attr
        case _:
            return _plain_target(url), attr


def _plain_target(url: str) -> Target:
    if url.startswith("#"):
        return SectionTarget(url[1:])
    if url.startswith("mailto:"):
        return EmailTarget(url.removeprefix("mailto:"))
    return UrlTarget(url)


def _one_of(known: tuple[Any, ...], value: str) -> Any:
    return value if value in known else known[0]


def _with_title(attr: Attr, title: str) -> Attr:
    return replace(attr, pairs=(*attr.pairs, ("title", title))) if title else attr


# -- parts ---------------------------------------------------------------------------------------


def _code_block(attr: Attr, text: str) -> CodeBlock:
    filename, attr = take_field(attr, "filename")
    kind, attr = take_field(attr, "kind", "code")
    options, attr = take_field(attr, "options")
    language = attr.classes[0] if attr.classes else ""
    attr = replace(attr, classes=attr.classes[1:])
    return CodeBlock(text, language, filename, _one_of(("code", "file", "indented"), kind), options, attr or NO_ATTR)


def _aligned(row: Row, line: list[int], aligns: list[Align | None]) -> Row:
    """Give the cells of a row the alignment of their column where they have none."""
    cells = (
        replace(cell, align=aligns[column]) if cell.align is None and column < len(aligns) else cell
        for cell, column in zip(row.cells, line, strict=True)
    )
    return replace(row, cells=tuple(cells))


def _tags_in(nodes: Iterable[Node]) -> tuple[str, ...]:
    spans = (node for node in walk(nodes) if isinstance(node, Span) and node.attr.classes[:1] == ("tag",))
    return tuple(plain_text(span) for span in spans)


def _verbatim(inlines: Iterable[Inline]) -> str:
    return "".join("\n" if isinstance(each, SoftBreak | LineBreak) else plain_text(each) for each in inlines)


def _joined(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Join texts that stand together; an empty one divides two runs, or is all there is."""
    for is_text, group in groupby(inlines, lambda inline: isinstance(inline, Str)):
        if is_text:
            yield from _runs(each.text for each in group if isinstance(each, Str))
        else:
            yield from group


def _runs(texts: Iterable[str]) -> list[Str]:
    runs = [Str("".join(run)) for is_run, run in groupby(texts, bool) if is_run]
    return runs or [Str("")]


def _texts(value: MetaValue) -> tuple[str, ...]:
    """Give a value, or those of a list, as texts."""
    match value:
        case None:
            return ()
        case list():
            return tuple(text for each in value for text in _texts(each))
        case dict():
            return (json.dumps(value, ensure_ascii=False),)
        case _:
            return (str(value),)


def _divided(value: MetaValue) -> tuple[str, ...]:
    """Give the words of a list, or of a text that commas divide."""
    parts = value.split(",") if isinstance(value, str) else _texts(value)
    return tuple(filter(None, (part.strip() for part in parts)))


def _excerpt(value: object) -> str:
    return repr(value)[:60]
