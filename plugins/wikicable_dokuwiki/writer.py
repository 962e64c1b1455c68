"""A document to DokuWiki markup.

The normal form: one blank line between blocks, two blanks of indent for each level of a list, one blank on either side
of a cell's or a heading's text.  Lines stay as the author broke them; of blocks that know how they were typed, so do the
lines between them, the indent and the blanks of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from wikicable import Context, Document
from wikicable.model import (
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
    Macro,
    Math,
    Metadata,
    Monospace,
    Node,
    Note,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    RawInline,
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
    Underline,
    Verbatim,
)
from wikicable.notices import Notices
from wikicable.tags import TagPlaces
from wikicable.walk import children, plain_text, walk
from wikicable.wikiconf import WikiConf
from wikicable_dokuwiki import WriteOptions
from wikicable_dokuwiki.blocks import PADDING, depth_of
from wikicable_dokuwiki.modes import FORMATTING, grammar
from wikicable_dokuwiki.plugin_markup import Plugins, Written, between, lines_inside
from wikicable_dokuwiki.plugin_syntax import tex
from wikicable_dokuwiki.proof import Kind, Piece, literal, proven
from wikicable_dokuwiki.syntax import Container, given
from wikicable_dokuwiki.table_grid import Slot, bars, grid
from wikicable_dokuwiki.targets import BLANKS, image_markup, link_markup, tag_list

_LINE_BLOCKS = (BulletList, OrderedList, Table, BlockQuote, HorizontalRule, CodeBlock)
"""Blocks that begin with a line and end with it."""

_STANDS_IN_LINE = (CodeBlock, Macro, Tags, Feed, RawBlock, BulletList, OrderedList)
"""Blocks that stand in a list item, a cell or a quote without a break before or behind them."""

_DELIMITERS = {node: (opening, closing) for _, opening, closing, node in FORMATTING.values()}


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a page; what DokuWiki shows of it is what the document says."""
    syntaxes = given(context) if options.syntax == "all" else None
    writer = _Writer(document, Plugins(syntaxes or ()), context.notices)
    writer.page()
    text = proven(writer.pieces, document.conf, grammar(document.conf, syntaxes, ftp_hosts=True))
    return text + "\n" * writer.line_ends if text else ""


_HTML_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
"""HTML that shows nothing of its own; DokuWiki has nothing to keep it in."""

_LINE_BREAK = "\\\\ "


@dataclass(frozen=True, slots=True)
class _Place:
    """Where inlines stand: what a line end is there, and the formatting next around."""

    soft_break: str = "\n"
    line_break: str = _LINE_BREAK
    inside: type[Node] | None = None
    in_note: bool = False


_LINE = _Place(soft_break=" ")


class _Writer:
    """The pieces written so far, and what is known of the whole page."""

    def __init__(self, document: Document, plugins: Plugins, notices: Notices) -> None:
        self.document = document
        self.plugins = plugins
        self.conf: WikiConf = document.conf
        self.notices = notices
        self.pieces: list[Piece] = []
        self.line_ends = 1
        self.tag_places = TagPlaces(document)

    # -- pieces ----------------------------------------------------------------------------------

    def put(self, text: str, kind: Kind = "layout", fallback: str = "") -> None:
        if text.startswith("\n") and self.pieces and self.pieces[-1].text == _LINE_BREAK:
            self.pieces[-1] = Piece(_LINE_BREAK.rstrip(), "token")
        if text:
            self.pieces.append(Piece(text, kind, fallback))

    def changed(self, what: str, node: Node, detail: str = "") -> None:
        self.notices.changed(what, node.at, detail)

    # -- the page --------------------------------------------------------------------------------

    def page(self) -> None:
        blocks = list(self.document.blocks)
        if title := _missing_title(self.document):
            blocks.insert(0, Header(1, (Str(title),)))
        if self.tag_places.unplaced and not any(isinstance(node, Tags) for node in walk(self.document)):
            blocks.append(Tags())
        self.blocks(blocks, _Place())
        if blocks and blocks[-1].line_ends:
            self.line_ends = blocks[-1].line_ends[3]
        for key in _unsayable(self.document.metadata):
            self.notices.dropped("metadata", None, key)

    def blocks(self, blocks: Sequence[Block], place: _Place) -> None:
        before: Block | None = None
        lines = 2
        for block in blocks:
            start = len(self.pieces)
            written = self.written(block)
            self.put(between(before, block, written, lines))
            empty = len(self.pieces)
            if written:
                self.markup(written, block, place)
            else:
                self.block(block, place)
            if len(self.pieces) == empty:
                del self.pieces[start:]
            else:
                before, lines = block, int(written.lines[3]) if written else 2

    def block(self, block: Block, place: _Place) -> None:
        match block:
            case Para(content=content) | Plain(content=content):
                self.inlines(_without_outer_breaks(content), place)
            case Header():
                self.header(block)
            case BulletList() | OrderedList():
                self.list_items(block, _indent(block, ""), place)
            case CodeBlock():
                self.code(block, place, _indented(block))
            case Table():
                self.table(block, place)
            case BlockQuote():
                self.quote(block.content, 1, place, is_first=True)
            case HorizontalRule():
                self.put("----", "layout")
            case Div():
                self.div(block, place)
            case Macro(text=text) | RawBlock(format="dokuwiki", text=text):
                self.put(text, "layout")
            case Tags():
                self.tags(block)
            case RawBlock():
                self.raw_block(block)
            case DefinitionList():
                self.definitions(block, place)
            case Figure():
                self.blocks([*block.content, *block.caption], place)
            case LineBlock(lines=lines):
                self.inlines(_joined_by(LineBreak(), lines), place)
            case Feed():
                self.put(_feed(block), "token")
            case _:
                assert_never(block)

    # -- blocks ----------------------------------------------------------------------------------

    def code(self, block: CodeBlock, place: _Place, indented: str = "") -> None:
        markup = indented or _code(block)
        if markup:
            self.put(markup)
        else:
            self.changed("block.flattened", block, "it holds both </code> and </file>")
            self.inlines(_flattened(block), place)

    def header(self, header: Header) -> None:
        if any(not isinstance(node, Str | Verbatim | SoftBreak) for node in walk(header.content)):
            self.changed("header.markup", header, "DokuWiki's headings are plain text")
        if header.level > 5:
            self.changed("header.level", header, "DokuWiki has five levels")
        bar = "=" * (7 - min(header.level, 5))
        self.put(f"{bar}{_title(header)}{bar}", "layout")

    def list_items(self, block: BulletList | OrderedList, indent: str, place: _Place) -> None:
        bullet = "*" if isinstance(block, BulletList) else "-"
        for number, item in enumerate(block.items):
            if number:
                self.put("\n")
            self.put(indent + bullet)
            self.item(item, indent, replace(_LINE, in_note=place.in_note))

    def item(self, item: tuple[Block, ...], indent: str, place: _Place) -> None:
        before: Block | None = None
        inner = ""  # lists beside each other are of one depth
        for block in item:
            if isinstance(block, BulletList | OrderedList):
                inner = inner or _indent(block, indent)
                self.put("\n")
                self.list_items(block, inner, place)
            else:
                self.in_line(block, before, place, lead=" ")
            before = block

    def in_line(self, block: Block, before: Block | None, place: _Place, lead: str) -> None:
        """Write a block in a list item, a cell or a quote, where DokuWiki has no paragraphs."""
        start = len(self.pieces)
        if before is None:
            self.put(lead)
        elif not self.stands_in_line(before) and not self.stands_in_line(block):
            self.changed("paragraph.joined", block, "DokuWiki has no paragraphs here")
            self.inlines((LineBreak(), LineBreak()), place)
        match block:
            case Para(content=content) | Plain(content=content):
                self.inlines(content, place)
            case CodeBlock():
                self.put("" if self.pieces[-1].text[-1:].isspace() else " ")
                self.code(block, place)
            case Macro() | Tags() | Feed() | RawBlock(format="dokuwiki"):
                self.block(block, place)
            case Div() | Figure() if written := self.written_in_line(block):
                self.put("" if self.pieces[-1].text[-1:].isspace() else " ")
                self.markup(written, block, place)
            case _:
                self.changed("block.flattened", block, f"no {type(block).__name__} can stand here")
                self.inlines(_flattened(block), place)
        if before is None and lead and len(self.pieces) == start + 1:
            self.pieces[start] = Piece(lead.rstrip(), "layout")

    def stands_in_line(self, block: Block) -> bool:
        return isinstance(block, _STANDS_IN_LINE) or self.written_in_line(block) is not None

    def written(self, block: Block) -> Written | None:
        """Give the markup of a block in the syntax of a plugin, if there is one for it."""
        return self.plugins.written(block) if isinstance(block, Div | Figure) else None

    def written_in_line(self, block: Block) -> Written | None:
        """Give the markup of a block in the syntax of a plugin, if it may stand where DokuWiki has no paragraphs."""
        written = self.written(block)
        return written if written and written.pattern.type != "container" else None

    def quote(self, content: tuple[Block, ...], depth: int, place: _Place, *, is_first: bool) -> None:
        prefix = ">" * depth + " "
        inside = _Place(" ", "\n" + prefix, in_note=place.in_note)
        before: Block | None = None
        if not content:
            self.put(prefix.rstrip())
        for block in content:
            if isinstance(block, BlockQuote):
                if not is_first:
                    self.put("\n")
                self.quote(block.content, depth + 1, place, is_first=True)
            else:
                if isinstance(before, BlockQuote):
                    self.put("\n")
                self.in_line(
                    block,
                    None if isinstance(before, BlockQuote) else before,
                    inside,
                    lead=prefix,
                )
            before = block
            is_first = False

    def table(self, table: Table, place: _Place) -> None:
        if table.caption:
            self.blocks([*table.caption], place)
            self.put("\n\n")
        rows = grid(table)
        for number, (slots, (*opening, closing)) in enumerate(zip(rows, bars(rows), strict=True)):
            if number:
                self.put("\n")
            for bar, slot in zip(opening, slots, strict=True):
                self.put(bar)
                self.slot(slot, place)
            self.put(closing)

    def slot(self, slot: Slot, place: _Place) -> None:
        if slot.kind == "right":
            return
        if slot.kind == "below":
            self.put(" ::: ")
            return
        cell = slot.cell
        start = len(self.pieces)
        before, behind = _padding(cell)
        self.put(before)
        body = len(self.pieces)
        self.cell(cell, replace(_LINE, in_note=place.in_note))
        if len(self.pieces) == body:
            self.pieces[start:] = [Piece(_blanks_alone(cell), "layout")]
        else:
            self.put(behind)

    def cell(self, cell: Cell, place: _Place) -> None:
        first, *rest = cell.content or (Plain(()),)
        self.line((_trimmed(first), *rest), place)

    def div(self, div: Div, place: _Place) -> None:
        if div.attr:
            self.changed("div.attributes", div, "only what it holds is written")
        self.blocks(div.content, place)

    def markup(self, written: Written, node: Node, place: _Place) -> None:
        """Write a node in the syntax of a plugin."""
        if not written.says_all:
            self.changed("plugin.attributes", node, f"{written.pattern.mark} has no place for an id, a class or a key")
        holds = written.pattern.holds if isinstance(written.pattern, Container) else "inlines"
        for part in written.markup:
            if isinstance(part, str):
                self.put(part, "token")
            elif holds == "blocks":
                before, behind = lines_inside(written, part, self.written)  # type: ignore[arg-type]  # of a container of blocks
                self.put("\n" * before)
                self.blocks(part, _Place(in_note=place.in_note))  # type: ignore[arg-type]
                self.put("\n" * behind)
            elif holds == "line":
                self.line(part, replace(_LINE, in_note=place.in_note))  # type: ignore[arg-type]
            else:
                self.inlines(part, place)  # type: ignore[arg-type]

    def line(self, content: tuple[Block, ...], place: _Place) -> None:
        before: Block | None = None
        for block in content:
            self.in_line(block, before, place, lead="")
            before = block

    def raw_block(self, block: RawBlock) -> None:
        if block.format == "html" and _HTML_COMMENT.fullmatch(block.text):
            self.notices.dropped("raw.block", block.at, "a comment")
            return
        self.changed("raw.block", block, f"{block.format} stands as code")
        self.code(CodeBlock(block.text, block.format), _Place())

    def definitions(self, block: DefinitionList, place: _Place) -> None:
        self.changed("definition-list", block, "terms stand as list items, definitions below them")
        items = tuple((Plain((Strong(each.term),)), _as_list(each)) for each in block.items)
        self.list_items(BulletList(items), "  ", place)

    # -- inlines ---------------------------------------------------------------------------------

    def inlines(self, inlines: Sequence[Inline], place: _Place) -> None:
        for number, inline in enumerate(inlines):
            if isinstance(inline, SoftBreak) and _begins_line(inlines, number) and not place.inside:
                continue  # an empty line would end the paragraph
            if isinstance(inline, Str) and _begins_line(inlines, number):
                self.put(_without_indent(inline.text), "text")
            else:
                self.inline(inline, place)

    def inline(self, inline: Inline, place: _Place) -> None:
        match inline:
            case Str(text=text):
                self.put(text, "text")
            case SoftBreak():
                self.put(place.soft_break)
            case Link():
                self.link(inline)
            case Strong() | Emph() | Monospace() | Underline() | Strikeout() | Superscript() | Subscript():
                self.formatting(inline, place)
            case Code(text=text):
                self.put("''", "token")
                self.put(text if _is_plain_code(text) else literal(text))
                self.put("''", "token")
            case Image():
                self.put(image_markup(inline), "token")
            case LineBreak():
                self.put(place.line_break, "layout" if "\n" in place.line_break else "token")
            case Note():
                self.note(inline, place)
            case Verbatim():
                self.put(_verbatim(inline), "token")
            case Span(content=content):
                self.span(inline, content, place)
            case Macro(text=text) | RawInline(format="dokuwiki", text=text):
                self.put(text)
            case Tags():
                self.tags(inline)
            case Math():
                usual, other = tex.markup(inline)
                self.put(usual, "token", other)
            case RawInline(format="html", text=text) if _HTML_TAG.fullmatch(text) or _HTML_COMMENT.fullmatch(text):
                self.notices.dropped("raw.inline", inline.at, text)
            case RawInline(text=text):
                self.changed("raw.inline", inline, f"{inline.format} stands as code")
                self.inline(Code(text), place)
            case SmallCaps(content=content):
                self.changed("small-caps", inline)
                self.inlines(content, place)
            case _:
                assert_never(inline)

    def formatting(
        self, node: Strong | Emph | Monospace | Underline | Strikeout | Superscript | Subscript, place: _Place
    ) -> None:
        if type(node) is place.inside:
            self.inlines(node.content, place)
            return
        opening, closing = _DELIMITERS[type(node)]
        self.put(opening, "token")
        self.inlines(node.content, replace(place, inside=type(node), line_break=_LINE_BREAK))
        self.put(closing, "token")

    def link(self, link: Link) -> None:
        if any(not isinstance(node, Str | SoftBreak | Image | Verbatim) for node in walk(link.content)):
            self.changed("link.markup", link, "DokuWiki's link titles are plain text")
        bare, bracketed = link_markup(link, self.conf)
        self.put(bare or bracketed, "token", bracketed if bare else "")

    def note(self, note: Note, place: _Place) -> None:
        if place.in_note:
            self.changed("note.nested", note, "a footnote cannot stand in a footnote")
            self.put(" (", "text")
            self.inlines(_joined_by(Str(" "), [_flattened(block) for block in note.content]), place)
            self.put(")", "text")
            return
        self.put("((", "token")
        if note.content and isinstance(note.content[0], _LINE_BLOCKS):
            self.put("\n")
        self.blocks(note.content, _Place(in_note=True))
        if note.content and isinstance(note.content[-1], _LINE_BLOCKS):
            self.put("\n")
        self.put("))", "token")

    def span(self, span: Span, content: tuple[Inline, ...], place: _Place) -> None:
        if written := self.plugins.written(span):
            self.markup(written, span, place)
            return
        if span.attr:
            self.changed("span.attributes", span, "only what it holds is written")
        self.inlines(content, place)

    def tags(self, place: Tags) -> None:
        if names := self.tag_places.take(place):
            self.put(tag_list(names), "layout")


# -- the page as a whole -------------------------------------------------------------------------


def _missing_title(document: Document) -> str:
    """Give the title if no heading says it and no heading of the first level stands in its place."""
    title = document.metadata.title or ""
    headers = [block for block in document.blocks if isinstance(block, Header)]
    if any(header.level == 1 or plain_text(header.content) == title for header in headers):
        return ""
    return title


def _unsayable(metadata: Metadata) -> Iterator[str]:
    for key in ("lang", "created", "modified", "creator", "contributors"):
        if getattr(metadata, key):
            yield key
    yield from metadata.extra


# -- blocks --------------------------------------------------------------------------------------


def _title(header: Header) -> str:
    """Give a heading's text, set off from the bars by blanks as the author did it, or by one."""
    title = " ".join(line.strip(BLANKS) for line in plain_text(header.content).split("\n")).strip(BLANKS)
    indent = header.indent
    is_apt = indent is not None and not indent.strip(" ") and bool(indent or "=" not in title[:1] + title[-1:])
    return f"{indent}{title}{indent}" if is_apt and title else f" {title} "


_INDENT = re.compile(r" {2,}|\t+")


def _indent(block: BulletList | OrderedList, around: str) -> str:
    """Give the indent that the author of a list typed, if it is deeper than the list around, or two blanks more."""
    typed = block.indent or ""
    if _INDENT.fullmatch(typed) and depth_of(typed) > depth_of(around):
        return typed
    return around + ("\t" if around.startswith("\t") else "  ")


def _padding(cell: Cell) -> tuple[str, str]:
    """Give the blanks around a cell's text as the author typed them, if they align it, or as they are usual."""
    before, behind = usual = PADDING[cell.align]
    typed = cell.padding or usual
    is_apt = [_aligns(blanks) for blanks in typed] == [_aligns(before), _aligns(behind)]
    return typed if is_apt and not "".join(typed).strip(" \t") else usual


def _blanks_alone(cell: Cell) -> str:
    """Give what stands in an empty cell: blanks as the author typed them, if they align it, or as they are usual."""
    typed = "".join(cell.padding or ())
    is_apt = typed and not typed.strip(" \t") and _aligns(typed) == bool(cell.align)
    return typed if is_apt else "  " if cell.align else " "


def _aligns(blanks: str) -> bool:
    return len(blanks) > 1 or blanks == "\t"


def _indented(block: CodeBlock) -> str:
    """Write a block by indent where DokuWiki would read it so, or give nothing."""
    if block.kind != "indented" or block.text.lstrip(" ")[:1] in ("*", "-", "\t", ""):
        return ""
    indent = "\t" if block.indent == "\t" else "  "
    return "\n".join(indent + line for line in block.text.split("\n"))


def _code(block: CodeBlock) -> str:
    """Write a block between tags that do not stand in it, or give nothing."""
    kinds = ("file", "code") if block.kind == "file" else ("code", "file")
    kind = next((kind for kind in kinds if f"</{kind}>" not in block.text), None)
    if not kind:
        return ""
    words = [block.language or ("-" if block.filename else ""), block.filename]
    if block.options:
        words.append(f"[{block.options}]")
    head = " ".join([kind, *filter(None, words)])
    before, behind = _line_ends_inside(block)
    return f"<{head}>{before}{block.text}{behind}</{kind}>"


def _line_ends_inside(block: CodeBlock) -> tuple[str, str]:
    """Give the line ends between code and its tags, one each unless the author did without."""
    has_before = block.line_ends[1:2] != (0,) or block.text.startswith("\n")
    has_behind = block.line_ends[2:3] != (0,) or block.text.endswith("\n")
    return "\n" * has_before, "\n" * has_behind


def _feed(feed: Feed) -> str:
    return "{{rss>" + " ".join(filter(None, (feed.url, feed.options))) + "}}"


def _as_list(definition: Definition) -> BulletList:
    return BulletList(definition.definitions)


def _flattened(block: Block) -> tuple[Inline, ...]:
    """Give the inlines of a block that cannot stand where it is, its parts divided by line breaks."""
    if isinstance(block, CodeBlock):
        return _joined_by(LineBreak(), [(Code(line),) for line in block.text.split("\n")])
    return _joined_by(LineBreak(), _runs(block))


def _runs(block: Block) -> Iterator[tuple[Inline, ...]]:
    """Give the inlines of each paragraph in a block; a footnote among them stays where it is."""
    pending: list[Node] = [block]
    while pending:
        node = pending.pop()
        if isinstance(node, Para | Plain | Header):
            yield node.content
        else:
            pending.extend(reversed(list(children(node))))


def _joined_by(between: Inline, runs: Iterable[tuple[Inline, ...]]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for run in runs:
        out.extend([between, *run] if out else run)
    return tuple(out)


# -- inlines -------------------------------------------------------------------------------------


def _without_outer_breaks(content: Sequence[Inline]) -> list[Inline]:
    """Take off line ends at both ends of a block, and an indent that would make a list of it."""
    out = list(content)
    while out and (isinstance(out[0], SoftBreak) or _is_blank_line(out)):
        del out[0]
    while out and isinstance(out[-1], SoftBreak):
        del out[-1]
    if out and isinstance(out[0], Str):
        out[0] = Str(_without_indent(out[0].text), at=out[0].at)
    return out


def _is_blank_line(content: Sequence[Inline]) -> bool:
    """Whether a paragraph begins with a line of blanks, which DokuWiki does not see before it."""
    return isinstance(content[0], Str) and content[0].text.isspace() and isinstance((*content, None)[1], SoftBreak)


def _trimmed(block: Block) -> Block:
    match block:
        case Para(content=content) | Plain(content=content):
            return Plain(tuple(_without_outer_breaks(content)), at=block.at)
    return block


def _begins_line(inlines: Sequence[Inline], number: int) -> bool:
    return number > 0 and isinstance(inlines[number - 1], SoftBreak)


def _without_indent(text: str) -> str:
    """Take off an indent that would make a list or a block of a line."""
    return text.lstrip(" \t") if text.startswith(("  ", "\t", " \t")) else text


def _verbatim(node: Verbatim) -> str:
    if node.mark == "nowiki" and "</nowiki>" not in node.text:
        return f"<nowiki>{node.text}</nowiki>"
    return literal(node.text)


_CODE_NEEDS_LITERAL = re.compile(r"[^\w .,:;!?#@/-]|--|\.\.|//|__|://|[:;8]-|w\.")


def _is_plain_code(text: str) -> bool:
    """Whether DokuWiki shows text between ``''`` as it stands."""
    return bool(text) and not _CODE_NEEDS_LITERAL.search(text)
