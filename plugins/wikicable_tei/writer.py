"""A document to TEI P5.

Headings are nested ``div``s; what TEI has no element for is an ``ab`` or a ``seg`` with a ``type``; what it
has no attribute for stands in ``@style`` (see ``properties``).  Where blanks count, an element says
``xml:space="preserve"``; elsewhere they may be laid out anew.  An embedded original stands in ``back``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from wikicable import Context, Document
from wikicable.links import SectionIds, section_id, section_ids
from wikicable.model import (
    NO_ATTR,
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
    HorizontalRule,
    Image,
    Inline,
    LineBlock,
    LineBreak,
    Link,
    ListItem,
    Macro,
    Math,
    MediaTarget,
    Monospace,
    Note,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    RawInline,
    Row,
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
from wikicable.walk import plain_text, walk
from wikicable.xmlout import UNWRITABLE, attribute, attributes, escaped
from wikicable_tei import WriteOptions
from wikicable_tei.elements import PRESERVE, element, space
from wikicable_tei.header import Body, Language, tei_header
from wikicable_tei.identifiers import Identifiers, as_id, is_id
from wikicable_tei.phrases import phrase_of
from wikicable_tei.pointers import CHARACTER, Pointer, Prefixes, pointer, quoted
from wikicable_tei.properties import CLASS, ID, Property, can_be_rend, is_raw_style, of_pairs, written
from wikicable_tei.vocabulary import LANGUAGE, LIST_STYLES, NAMESPACE, TEXT_LANGUAGES

_DEEPEST = 100
"""How many elements deep a document may be nested; XML parsers refuse to go much deeper."""

_GLOBAL = (HorizontalRule, Macro, Figure)
"""Blocks that TEI does not count as content."""
_BESIDE_BARE_TEXT = (BulletList, OrderedList, DefinitionList, Table, CodeBlock)
"""Blocks that may follow text that has no paragraph around it."""


DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a whole TEI document, or its ``text`` alone."""
    if options.standalone:
        return DECLARATION + tei(document, options, context, NAMESPACE)
    return with_characters(_Writer(document, options, context).text(NAMESPACE)) + "\n"


def tei(document: Document, options: WriteOptions, context: Context, namespace: str = "", own_id: str = "") -> str:
    """Write one ``TEI`` element; in a corpus it has an id of its own, with which every ``xml:id`` in it begins."""
    writer = _Writer(document, options, context, own_id)
    text = writer.text()
    header = tei_header(document, writer.language, writer.body(text), context.notices)
    start = namespace + attributes([("xml:id", own_id)])
    return with_characters(f"<TEI{start}>\n{header}\n{text}\n</TEI>\n")


def with_characters(xml: str) -> str:
    """Put an element in the place of each character that XML cannot hold."""
    return UNWRITABLE.sub(lambda char: f'<g ref="{CHARACTER}:{ord(char[0]):04X}"/>', xml)


class _Writer:
    """What has come up so far on the way through a document: ids, prefixes, notes and originals."""

    def __init__(self, document: Document, options: WriteOptions, context: Context, own_id: str = "") -> None:
        self.document = document
        self.options = options
        self.notices = context.notices
        self.prefixes = Prefixes()
        self.language = Language("")
        self._ids = Identifiers(own_id)
        self._sections = SectionIds(document.conf)
        self._anchors: set[str] | None = None
        self._notes = 0
        self._originals: list[str] = []
        self._depth = 0

    # -- the whole -------------------------------------------------------------------------------

    def text(self, namespace: str = "") -> str:
        """Write ``text``: the body, and after it the originals."""
        body = self._body(self.document.blocks)
        self.language = Language.of(self.document, body)
        back = f"<back>\n{_lines(self._originals)}\n</back>\n" if self._originals else ""
        return f"<text{namespace}{attributes([('xml:lang', self.language.tag)])}>\n{body}\n{back}</text>"

    def body(self, text: str) -> Body:
        """Give what the header has to know of the text."""
        scheme = self._ids.new("wiki__tags") if self.document.metadata.tags else ""
        return Body(text, self.prefixes, scheme, self.options.base_url)

    def _body(self, blocks: Sequence[Block]) -> str:
        """Write blocks as a ``body``, each heading as a ``div`` that holds what comes below it."""
        out: list[str] = []
        levels: list[int] = []
        has_content = False
        for block in blocks:
            if isinstance(block, Header):
                while levels and levels[-1] >= block.level:
                    out.append("</div>")
                    levels.pop()
                levels.append(block.level)
                out.append(self._section(block, len(levels)))
            else:
                out.append(self._block(block))
            has_content = has_content or not isinstance(block, _GLOBAL)
        out.extend(["</div>"] * len(levels))
        return f"<body>\n{_lines(out) if has_content else _lines([*out, _FILLER])}\n</body>"

    def _section(self, header: Header, depth: int) -> str:
        """Begin the ``div`` of a heading; its level is said where the nesting does not tell it."""
        made = self._sections.of(header)
        given = self._ids.new(made) if made and not header.attr.id else ""
        level = ("section", f"level{header.level}") if header.level != depth else ("", "")
        start = attributes([("xml:id", given), ("type", level[0]), ("subtype", level[1])])
        return f"<div{start}>\n{self._element('head', self._attributes(header.attr), header.content)}"

    # -- blocks ----------------------------------------------------------------------------------

    def _block(self, block: Block) -> str:
        match block:
            case Para(content=content, attr=attr):
                return self._element("p", self._attributes(attr), content)
            case Plain(content=content):
                return self._element("ab", "", content)
            case BulletList(items=items, attr=attr):
                return self._list(items, self._attributes(attr, "bulleted"))
            case OrderedList():
                return self._ordered_list(block)
            case Header():
                return self._heading(block)
            case CodeBlock():
                return self._original(block) if block.is_original else self._code_block(block)
            case Table():
                return self._table(block)
            case BlockQuote(content=content):
                return self._container("quote", "", content)
            case HorizontalRule():
                return '<milestone unit="rule"/>'
            case Div(content=content, attr=attr):
                return self._div(content, attr)
            case Macro(text=text):
                return _instruction("wiki", text) or f'<ab type="macro"{PRESERVE}>{escaped(text)}</ab>'
            case Tags(tags=tags):
                return f'<ab type="tags">{_terms(tags)}</ab>'
            case RawBlock(format=name, text=text):
                return f'<ab type="raw"{self._attributes(NO_ATTR, "", _raw(name))}{PRESERVE}>{escaped(text)}</ab>'
            case DefinitionList(items=items, attr=attr):
                return self._definitions(items, attr)
            case Figure():
                return self._figure(block)
            case LineBlock(lines=lines):
                verses = [self._element("l", "", line) for line in lines]
                return f'<lg type="lines">\n{_lines(verses or [_NO_LINES])}\n</lg>'
            case Feed(url=url, options=options):
                end = f' type="feed"{self._attributes(NO_ATTR, "", [("-wiki-options", options)] if options else [])}'
                return f"<ab{end}><ptr{self._target(UrlTarget(url))}/></ab>"
        assert_never(block)

    def _heading(self, header: Header) -> str:
        """Write a heading where no ``div`` can be: in a list, a quote, a cell, a note."""
        made = self._sections.of(header)
        given = attributes([("xml:id", self._ids.new(made) if made else "")])
        chosen = [(ID, header.attr.id)] if header.attr.id else []
        rest = self._attributes(replace(header.attr, id=""), "", chosen)
        return self._element("ab", f'{given} type="head" subtype="level{header.level}"{rest}', header.content)

    def _element(self, name: str, start: str, content: Sequence[Inline]) -> str:
        """Write an element that holds inlines."""
        text = self._inlines(content)
        return f"<{name}{start}{space(text)}>{text}</{name}>" if text else f"<{name}{start}/>"

    def _container(self, name: str, start: str, content: Sequence[Block], levels: int = 1) -> str:
        """Write an element that holds blocks, or bare text and blocks; ``levels`` is how deep it leads."""
        if self._depth + levels > _DEEPEST:
            return self._flattened(name, start, content)
        self._depth += levels
        bare, rest = ("", content)
        if content and isinstance(content[0], Plain) and _can_stand_bare(content):
            bare, rest = self._inlines(content[0].content), content[1:]
        blocks = _lines([self._block(block) for block in rest])
        self._depth -= levels
        if bare:
            return f"<{name}{start}{space(bare)}>{bare}{blocks}</{name}>"
        return f"<{name}{start}>\n{blocks}\n</{name}>" if blocks else f"<{name}{start}/>"

    def _flattened(self, name: str, start: str, content: Sequence[Block]) -> str:
        """Write the text alone of what is nested too deep."""
        self.notices.changed("nesting.depth", content[0].at if content else None, f"deeper than {_DEEPEST}")
        text = escaped(plain_text(content))
        return f"<{name}{start}{space(text)}>{text}</{name}>"

    # -- lists -----------------------------------------------------------------------------------

    def _list(self, items: Sequence[ListItem], start: str, first: str = "") -> str:
        """Write a list; ``first`` is the number of its first item where that is not 1."""
        number = attributes([("n", first)])
        lines = [self._container("item", "" if at else number, item, 2) for at, item in enumerate(items)]
        nothing = f'<item{number} rend="none"/>'
        return f"<list{start}>\n{_lines(lines or [nothing])}\n</list>"

    def _ordered_list(self, block: OrderedList) -> str:
        style: list[Property] = []
        if block.style in LIST_STYLES:
            style.append(("list-style-type", LIST_STYLES[block.style]))
        elif block.style != "Decimal":
            style.append(("-wiki-list", block.style))
        first = str(block.start) if block.start != 1 else ""
        return self._list(block.items, self._attributes(block.attr, "numbered", style), first)

    def _definitions(self, items: Sequence[Definition], attr: Attr) -> str:
        entries = [line for item in items for line in self._definition(item)]
        return f'<list type="gloss"{self._attributes(attr)}>\n{_lines(entries or [_NOTHING])}\n</list>'

    def _definition(self, item: Definition) -> Iterator[str]:
        """Write a label before each item, as TEI wants it; only the first holds the term."""
        label = self._element("label", "", item.term)
        for said in item.definitions:
            yield label
            yield self._container("item", "", said, 2)
            label = '<label rend="continued"/>'
        if not item.definitions:
            yield label + _NOTHING

    # -- tables and figures ----------------------------------------------------------------------

    def _table(self, table: Table) -> str:
        self._sections.skip_table()
        rows = [self._row(row, is_head=number < table.head) for number, row in enumerate(table.rows)]
        caption = self._caption(table.caption)
        return f"<table{self._attributes(table.attr)}>\n{caption}{_lines(rows or [_NO_ROWS])}\n</table>"

    def _row(self, row: Row, *, is_head: bool) -> str:
        role = ' role="label"' if is_head else ""
        cells = [self._cell(cell, is_head=is_head) for cell in row.cells] or ['<cell cols="0"/>']
        return f"<row{role}{self._attributes(row.attr)}>{''.join(cells)}</row>"

    def _cell(self, cell: Cell, *, is_head: bool) -> str:
        start = ' role="label"' if cell.is_header else ' role="data"' if is_head else ""
        if cell.colspan != 1:
            start += f' cols="{cell.colspan}"'
        if cell.rowspan != 1:
            start += f' rows="{cell.rowspan}"'
        align = [("text-align", cell.align)] if cell.align else []
        return self._container("cell", start + self._attributes(cell.attr, "", align), cell.content, 3)

    def _caption(self, caption: Sequence[Block]) -> str:
        match caption:
            case ():
                return ""
            case (Plain(content=content),):
                return self._element("head", "", content) + "\n"
        return self._container("note", ' type="caption"', caption) + "\n"

    def _figure(self, figure: Figure) -> str:
        start = f'<figure type="block"{self._attributes(figure.attr)}>\n{self._caption(figure.caption)}'
        if self._depth + 1 > _DEEPEST:
            return f"{start}{self._flattened('ab', '', figure.content)}\n</figure>"
        self._depth += 1
        blocks = _lines([self._block(block) for block in figure.content])
        self._depth -= 1
        return f"{start}{blocks}\n</figure>"

    def _div(self, content: Sequence[Block], attr: Attr) -> str:
        start = self._attributes(attr)
        if self._depth + 2 > _DEEPEST:
            return self._flattened("ab", start, content)
        self._depth += 2
        body = self._body(content)
        self._depth -= 2
        return f"<floatingText{start}>\n{body}\n</floatingText>"

    # -- code and originals ----------------------------------------------------------------------

    def _code_block(self, block: CodeBlock) -> str:
        kind = "" if block.kind == "code" else f' subtype="{block.kind}"'
        options = [("-wiki-options", block.options)] if block.options else []
        name = element("label", block.filename, ' type="filename"') if block.filename else ""
        start = f' type="code"{kind}{self._attributes(block.attr, "", options)}'
        return f"<ab{start}>{name}{self._literal(block.text, block.language, PRESERVE)}</ab>"

    def _literal(self, text: str, language: str, start: str) -> str:
        """Write literal text as ``code``, or, with characters that ``code`` cannot hold, as ``seg``."""
        if not UNWRITABLE.search(text) and can_be_rend([language] if language else []):
            return f"<code{attributes([('lang', language)])}{start}>{escaped(text)}</code>"
        own = self._attributes(NO_ATTR, "", [("-wiki-lang", language)] if language else [])
        return f'<seg type="code"{own}{start}>{escaped(text)}</seg>'

    def _original(self, block: CodeBlock) -> str:
        """Put an original into ``back``, and write what stands in its place."""
        given = self._ids.new(f"original-{len(self._originals) + 1}")
        name = element("ref", block.filename, attribute("target", f"#{given}"))
        language = self._language_of_original(block)
        start = attributes([("xml:id", given), ("type", "original"), ("xml:lang", language)])
        head = element("head", block.filename)
        options = [("-wiki-options", block.options)] if block.options else []
        code = self._literal(block.text, block.language, PRESERVE)
        own = self._attributes(block.attr, "", options)
        self._originals.append(f'<div{start}>\n{head}\n<ab type="code" subtype="file"{own}>{code}</ab>\n</div>')
        return f'<ab type="original">{name}</ab>'

    def _language_of_original(self, block: CodeBlock) -> str:
        """Give the language of a text; source code has none."""
        return self.options.original_lang if block.language.lower() in TEXT_LANGUAGES else "zxx"

    # -- inlines ---------------------------------------------------------------------------------

    def _inlines(self, content: Sequence[Inline]) -> str:
        if self._depth >= _DEEPEST:
            self.notices.changed("nesting.depth", content[0].at if content else None, f"deeper than {_DEEPEST}")
            return escaped(plain_text(content))
        self._depth += 1
        out = "".join([self._inline(inline) for inline in content])
        self._depth -= 1
        return out

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Str(text=text):
                return escaped(text)
            case SoftBreak():
                return "\n"
            case Link():
                return self._link(inline)
            case Strong(content=content):
                return f'<hi rend="bold">{self._inlines(content)}</hi>'
            case Emph(content=content):
                return f'<hi rend="italic">{self._inlines(content)}</hi>'
            case Monospace(content=content):
                return f'<hi rend="monospace">{self._inlines(content)}</hi>'
            case Code(text=text, attr=attr):
                return self._code(text, attr)
            case Image():
                return self._image(inline)
            case LineBreak():
                return "<lb/>"
            case Note():
                return self._note(inline)
            case Underline(content=content):
                return f'<hi rend="underline">{self._inlines(content)}</hi>'
            case Verbatim(text=text, mark=mark):
                kind = ' subtype="nowiki"' if mark == "nowiki" else ""
                return f'<seg type="verbatim"{kind}{PRESERVE}>{escaped(text)}</seg>'
            case Span():
                return self._span(inline)
            case Strikeout(content=content):
                return f'<hi rend="strikethrough">{self._inlines(content)}</hi>'
            case Superscript(content=content):
                return f'<hi rend="superscript">{self._inlines(content)}</hi>'
            case Subscript(content=content):
                return f'<hi rend="subscript">{self._inlines(content)}</hi>'
            case Macro(text=text):
                return _instruction("wiki", text) or f'<seg type="macro"{PRESERVE}>{escaped(text)}</seg>'
            case Tags(tags=tags):
                return f'<seg type="tags">{_terms(tags)}</seg>'
            case Math(text=text, display=display):
                return _formula(text, ' rend="display"' if display else "")
            case RawInline(format=name, text=text):
                start = self._attributes(NO_ATTR, "", _raw(name))
                return f'<seg type="raw"{start}{PRESERVE}>{escaped(text)}</seg>'
            case SmallCaps(content=content):
                return f'<hi rend="smallcaps">{self._inlines(content)}</hi>'
        assert_never(inline)

    def _span(self, span: Span) -> str:
        """Write a span, as the element that its class names if TEI has one."""
        made = phrase_of(span) if span.attr.classes else None
        if made is None:
            return f"<seg{self._attributes(span.attr)}>{self._inlines(span.content)}</seg>"
        start = f"<{made.name}{made.start}{self._attributes(made.rest)}"
        if made.name == "gap" or not span.content:
            return f"{start}/>"
        written = f"{start}>{self._inlines(span.content)}</{made.name}>"
        return f"<choice>{made.original}{written}</choice>" if made.original else written

    def _link(self, link: Link) -> str:
        start = self._target(link.target) + self._attributes(link.attr, "", _media_properties(link.target))
        text = self._inlines(link.content)
        return f"<ref{start}>{text}</ref>" if link.content else f"<ptr{start}/>"

    def _target(self, target: Target) -> str:
        at = pointer(target, self.prefixes, self._section_pointer)
        return attributes([("type", at.type), ("target", at.uri), ("n", at.n)])

    def _section_pointer(self, section: str) -> Pointer:
        """Point at a heading of this document, if there is one of that name."""
        if self._anchors is None:
            self._anchors = {as_id(each) for each in section_ids(self.document)} | _author_ids(self.document)
        named = as_id(section_id(section, self.document.conf))
        given = next((each for each in (named, section) if each and each in self._anchors), "")
        if not given or not section or UNWRITABLE.search(section):
            return Pointer(f"#{quoted(section)}")
        given = self._ids.prefix + given
        return Pointer(f"#{given}", n=section if section != given else "")

    def _image(self, image: Image) -> str:
        at = pointer(image.target, self.prefixes, self._section_pointer)
        own = [("type", _image_type(image.target, at)), ("place", image.align or "")]
        start = attributes(own) + self._attributes(image.attr, "", _media_properties(image.target))
        graphic = attributes([("url", at.uri), ("width", _pixels(image.width)), ("height", _pixels(image.height))])
        return f"<figure{start}><graphic{graphic}/>{self._description(image.content)}</figure>"

    def _description(self, content: Sequence[Inline]) -> str:
        """Write an image's title; ``figDesc`` has no room for all that a title may hold."""
        text = self._inlines(content)
        fits = all(isinstance(each, Str | SoftBreak) for each in content) and not UNWRITABLE.search(text)
        name = "figDesc" if fits else "head"
        return f"<{name}{space(text)}>{text}</{name}>" if content else ""

    def _note(self, note: Note) -> str:
        self._notes += 1
        number = self._notes
        start = f' place="foot" n="{number}"{attribute("xml:id", self._ids.new(f"fn__{number}"))}'
        return self._container("note", start, note.content)

    def _code(self, text: str, attr: Attr) -> str:
        start = self._attributes(attr)
        return element("seg", text, f' type="code"{start}') if UNWRITABLE.search(text) else element("code", text, start)

    # -- attributes ------------------------------------------------------------------------------

    def _attributes(self, attr: Attr, rend: str = "", style: Iterable[Property] = ()) -> str:
        """Write ``xml:id``, ``xml:lang``, ``rend`` and ``style``; ``rend`` and ``style`` are the element's own."""
        if attr is NO_ATTR and not style:
            return f' rend="{rend}"' if rend else ""
        properties = list(style)
        given = self._ids.chosen(attr.id)
        if attr.id != given:
            properties.append((ID, attr.id))
        if can_be_rend(attr.classes):
            rend = " ".join([rend, *attr.classes] if rend else attr.classes)
        else:
            properties += [(CLASS, each) for each in attr.classes]
        pairs = list(attr.pairs)
        language = _taken_language(pairs)
        css = _taken_style(pairs, properties)
        properties += of_pairs(pairs)
        own = [("xml:id", given), ("xml:lang", language), ("rend", rend), ("style", css or written(properties))]
        return attributes(own)


# -- what needs no memory ------------------------------------------------------------------------

_FILLER = '<ab type="empty"/>'
"""What stands in a body that would have nothing in it that TEI counts as content."""
_NOTHING = '<item rend="none"/>'
_NO_ROWS = '<row rend="none"><cell/></row>'
_NO_LINES = '<l rend="none"/>'


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _can_stand_bare(content: Sequence[Block]) -> bool:
    """Whether the first block can be text without an element, and is read as that block again."""
    first, *rest = content
    if not isinstance(first, Plain) or not all(isinstance(block, _BESIDE_BARE_TEXT) for block in rest):
        return False
    return any(map(_is_solid, first.content))


def _is_solid(inline: Inline) -> bool:
    """Whether an inline tells that inlines stand here, and not blocks."""
    match inline:
        case Str(text=text):
            return bool(text.strip(" \t\r\n"))
        case SoftBreak() | Macro():
            return False
    return True


def _instruction(name: str, text: str) -> str:
    """Write a processing instruction, if it can hold the text."""
    holds = "?>" not in text and "\r" not in text and text == text.lstrip() and not UNWRITABLE.search(text)
    return f"<?{name} {text}?>" if holds else ""


def _terms(tags: Sequence[str]) -> str:
    return " ".join([element("term", tag) for tag in tags])


def _formula(text: str, start: str) -> str:
    if UNWRITABLE.search(text):
        return element("seg", text, f' type="formula"{start}')
    return element("formula", text, f' notation="TeX"{start}')


def _raw(name: str) -> list[Property]:
    return [("-wiki-format", name)]


def _media_properties(target: Target) -> list[Property]:
    """Give what a wiki says of a medium beyond its name."""
    if not isinstance(target, MediaTarget):
        return []
    own = [("linking", target.linking, "details"), ("cache", target.cache, "cache"), ("rest", target.rest, "")]
    return [(f"-wiki-{name}", value) for name, value, default in own if value != default]


def _image_type(target: Target, at: Pointer) -> str:
    """Name the kind of an image's target where the URI alone would be read as another."""
    if isinstance(target, UrlTarget) and not at.type and MediaTarget(target.url).is_external:
        return "url"
    return at.type.removeprefix("media")


def _pixels(number: int | None) -> str:
    return "" if number is None else f"{number}px"


def _author_ids(document: Document) -> set[str]:
    found = (getattr(node, "attr", NO_ATTR).id for node in walk(document))
    return {each for each in found if is_id(each)}


def _taken_language(pairs: list[Property]) -> str:
    """Take the language out of the pairs, if ``xml:lang`` can hold it."""
    at = next((at for at, (key, value) in enumerate(pairs) if key == "lang" and LANGUAGE.fullmatch(value)), None)
    return "" if at is None else pairs.pop(at)[1]


def _taken_style(pairs: list[Property], properties: Sequence[Property]) -> str:
    """Take a style out of the pairs, if it can stand alone in ``@style``."""
    if len(pairs) != 1 or properties or pairs[0][0] != "style" or not is_raw_style(pairs[0][1]):
        return ""
    return pairs.pop()[1]
