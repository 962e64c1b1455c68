"""A document to RTF.

What a page says is written with what Word and LibreOffice keep: names of styles, list tables, fields, bookmarks
and document properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from wikicable import Context, Document
from wikicable.model import (
    Block,
    BlockQuote,
    BulletList,
    CodeBlock,
    DefinitionList,
    Div,
    Feed,
    Figure,
    Header,
    HorizontalRule,
    Inline,
    LineBlock,
    Link,
    Macro,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    Str,
    Table,
    Tags,
    UrlTarget,
)
from wikicable.notices import Notices
from wikicable.tags import TagPlaces, spelled_tags
from wikicable.walk import walk
from wikicable_rtf import WriteOptions
from wikicable_rtf.columns import Columns, Slot, lay_out
from wikicable_rtf.escapes import UNDECODED, escape
from wikicable_rtf.properties import date_words, info_groups, title_in, user_properties
from wikicable_rtf.runs import Bookmarks, Runs
from wikicable_rtf.sheet import BULLET, LIST_INDENT, MOST_LEVELS, RIGHT_TO_LEFT, ListTables, StyleSheet, label, preamble
from wikicable_rtf.styles import (
    DEFINITION_INDENT,
    LEFT,
    NOTE_REFERENCE,
    OWN_GENERATOR,
    QUOTE_INDENT,
    Kind,
    Role,
    write_attr,
)
from wikicable_rtf.targets import Addresses

_ALIGNMENTS = {"left": r"\ql", "center": r"\qc", "right": r"\qr"}
_BORDERS = "".join(rf"\clbrdr{side}\brdrs\brdrw5\brdrcf3" for side in "tlbr")
_CODE_KINDS: dict[str, Kind] = {"code": "code", "file": "file", "indented": "indented"}
_KEPT_APART = (Table, BlockQuote, LineBlock, DefinitionList)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where blocks stand: their indent in twips, the quotes around them, and how deep they are in lists and tables.

    ``kind`` is what a paragraph is there and ``word`` says more of that, ``codes`` stand in every paragraph.
    """

    kind: Kind = "text"
    word: str = ""
    left: int = 0
    quotes: int = 0
    level: int = 0
    nesting: int = 0
    codes: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Code of a paragraph that still lacks its end, or of table rows."""

    code: str
    is_open: bool = True


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a file."""
    addresses = Addresses(document.conf, document.metadata.page_id or "", _folder(options.base_url))
    runs = Runs(document, addresses, StyleSheet(), context.notices, TagPlaces(document), Bookmarks(document))
    writer = _Writer(runs, context.notices)
    runs.blocks = writer.note
    body = _ended(writer.page(document.blocks))
    if UNDECODED in body:
        context.notices.changed("encoding.bytes", None, "bytes that are not UTF-8 stand as Latin-1 letters")
    properties = _properties(document, runs)
    head = preamble("".join(sorted(runs.letters)), document.metadata.lang)
    return f"{head}{runs.sheet.code()}{writer.lists.code()}{properties}{_PAGE}{body}}}\n"


_PAGE = r"\paperw11906\paperh16838\margl1440\margr1440\margt1440\margb1440\widowctrl\ftnbj" + "\n"


def _folder(address: str) -> str:
    return address if not address or address.endswith("/") else f"{address}/"


def _ended(pieces: Iterable[_Piece]) -> str:
    return "".join(f"{piece.code}\\par\n" if piece.is_open else piece.code for piece in pieces)


def _properties(document: Document, runs: Runs) -> str:
    metadata = replace(document.metadata, title=document.metadata.title or title_in(document))
    info = "".join(f"{{\\{name} {runs.text(text)}}}" for name, text in info_groups(metadata, spelled_tags(document)))
    for word, written in (("creatim", metadata.created), ("revtim", metadata.modified)):
        if written and (date := date_words(written)):
            info += f"{{\\{word}{date}}}"
    own = "".join(
        f"{{\\propname {escape(name)}}}\\proptype{kind}{{\\staticval {escape(value)}}}"
        for name, kind, value in user_properties(metadata)
    )
    generator = f"{{\\*\\generator {OWN_GENERATOR};}}\n"
    return generator + (f"{{\\info{info}}}\n" if info else "") + (f"{{\\*\\userprops{own}}}\n" if own else "")


class _Writer:
    """Writes the blocks of one document."""

    def __init__(self, runs: Runs, notices: Notices) -> None:
        self.runs = runs
        self.notices = notices
        self.lists = ListTables()

    def page(self, blocks: Sequence[Block]) -> list[_Piece]:
        """Give the code of the page; behind a table or a list an empty paragraph ends it, as programs want it."""
        pieces = self.blocks(blocks, _Place())
        if blocks and not isinstance(blocks[-1], Para | Header | CodeBlock):
            pieces.append(self.paragraph(Role(), "", _Place()))
        return pieces

    def blocks(self, blocks: Sequence[Block], place: _Place) -> list[_Piece]:
        """Give the code of blocks; an empty paragraph keeps apart what would be one."""
        pieces: list[_Piece] = []
        before: Block | None = None
        for block in blocks:
            code = self.block(block, place)
            if code and before and _would_join(before, block):
                pieces.append(self.paragraph(Role(quotes=place.quotes), "", place))
            pieces += code
            before = block if code else before
        return pieces

    def block(self, block: Block, place: _Place) -> list[_Piece]:
        """Give the code of a block."""
        match block:
            case Para(content=content) | Plain(content=content):
                return [self.text(place.kind, content, place)]
            case Header():
                return [self.header(block, place)]
            case BulletList() | OrderedList():
                return self.list_items(block, place)
            case CodeBlock():
                return self.code_block(block, place)
            case Table():
                return self.table(block, place)
            case BlockQuote(content=content):
                inner = replace(place, kind="text", word="", left=place.left + QUOTE_INDENT, quotes=place.quotes + 1)
                return self.blocks(content, inner)
            case HorizontalRule():
                return [self.paragraph(Role("rule", quotes=place.quotes), "", place)]
            case Div():
                return self.division(block, place)
            case Macro() | Tags():
                return [self.text(place.kind, (block,), place)]
            case RawBlock(format=name, text=text):
                if name != "dokuwiki":
                    self.notices.changed("raw.block", block.at, f"{name} stands as text")
                return [self.paragraph(Role("raw", word=name, quotes=place.quotes), self.runs.text(text), place)]
            case DefinitionList():
                return self.definitions(block, place)
            case Figure(content=content, caption=caption):
                return [*self.blocks(content, place), *self.captions(caption, place)]
            case LineBlock(lines=lines):
                code = "\\line ".join(map(self.runs.inlines, lines))
                return [self.paragraph(Role("verse", quotes=place.quotes), code, place)]
            case Feed():
                return [self.feed(block, place)]
            case _:
                assert_never(block)

    # -- paragraphs ------------------------------------------------------------------------------

    def paragraph(self, role: Role, content: str, place: _Place, codes: str = "", bullet: str = " ") -> _Piece:
        """Give the code of a paragraph; ``bullet`` stands between its format and its content."""
        left = place.left + (DEFINITION_INDENT if role.kind == "definition" else 0)
        indent = f"\\li{left}" if left else ""
        table = f"\\intbl\\itap{place.nesting}" if place.nesting > 1 else "\\intbl" if place.nesting else ""
        return _Piece(f"{self.runs.sheet.paragraph(role)}{table}{indent}{codes}{place.codes}{bullet}{content}")

    def text(
        self, kind: Kind, content: tuple[Inline, ...], place: _Place, codes: str = "", bullet: str = " "
    ) -> _Piece:
        """Give a paragraph of inlines, from right to left where its first letter is."""
        direction = r"\rtlpar\rtlch" if _is_right_to_left(content) else ""
        role = Role(kind, word=place.word if kind == place.kind else "", quotes=place.quotes)
        return self.paragraph(role, self.runs.inlines(content), place, codes + direction, bullet)

    def header(self, header: Header, place: _Place) -> _Piece:
        """Give a heading, with the bookmark that links lead to."""
        role = Role("heading", min(max(header.level, 1), 6), quotes=place.quotes)
        bookmark = self.runs.bookmarks.next_header()
        return self.paragraph(role, self.runs.marked(bookmark, self.runs.inlines(header.content)), place)

    def code_block(self, block: CodeBlock, place: _Place) -> list[_Piece]:
        """Give code in a paragraph, its file name and options in paragraphs before it."""
        pieces = []
        for kind, text in (("file name", block.filename), ("code options", block.options)):
            if text:
                role = Role("file name" if kind == "file name" else "code options", quotes=place.quotes)
                pieces.append(self.paragraph(role, self.runs.text(text), place))
        role = Role(_CODE_KINDS[block.kind], word=block.language, quotes=place.quotes)
        return [*pieces, self.paragraph(role, self.runs.text(block.text), place)]

    def captions(self, caption: Sequence[Block], place: _Place) -> list[_Piece]:
        """Give a caption."""
        inner = replace(place, kind="caption", word="")
        return self.blocks(caption, inner)

    def feed(self, feed: Feed, place: _Place) -> _Piece:
        """Give a news feed: a link, and the options behind it."""
        link = Link(UrlTarget(feed.url), (Str(feed.url),))
        options = self.runs.text(f" {feed.options}") if feed.options else ""
        return self.paragraph(Role("feed", quotes=place.quotes), self.runs.link(link) + options, place)

    # -- containers ------------------------------------------------------------------------------

    def list_items(self, block: BulletList | OrderedList, place: _Place) -> list[_Piece]:
        """Give the items of a list."""
        kind, start = (BULLET, 1) if isinstance(block, BulletList) else (block.style, block.start)
        level = min(place.level, MOST_LEVELS - 1)
        number = self.lists.add(kind, start, level)
        inner = replace(place, kind="continued", word="", left=place.left + LIST_INDENT, level=place.level + 1)
        pieces = []
        for count, item in enumerate(block.items, start):
            codes = f"\\fi-{LIST_INDENT}\\ls{number}\\ilvl{level}"
            bullet = f"{{\\listtext {label(kind, count)}\\tab}}"
            pieces += self.item(item, inner, codes, bullet)
        return pieces

    def item(self, item: Sequence[Block], place: _Place, codes: str, bullet: str) -> list[_Piece]:
        """Give an item: a paragraph with a bullet, which may be empty, and what goes on with it."""
        content: tuple[Inline, ...] = ()
        if item and isinstance(item[0], Para | Plain):
            content, item = item[0].content, item[1:]
        return [self.text("list", content, place, codes, bullet), *self.blocks(item, place)]

    def definitions(self, block: DefinitionList, place: _Place) -> list[_Piece]:
        """Give terms and what is said of them."""
        pieces = []
        inner = replace(place, kind="continued", word="", left=place.left + DEFINITION_INDENT)
        for item in block.items:
            pieces.append(self.text("term", item.term, place))
            for said in item.definitions:
                first, rest = (said[0].content, said[1:]) if said and isinstance(said[0], Para | Plain) else ((), said)
                pieces += [self.text("definition", first, place), *self.blocks(rest, inner)]
        return pieces

    def division(self, div: Div, place: _Place) -> list[_Piece]:
        """Give what a division holds, between paragraphs that tell its attributes."""
        content = self.blocks(div.content, place)
        if not div.attr:
            return content
        said = write_attr(div.attr)
        opening = self.paragraph(Role("opening", quotes=place.quotes), self.runs.text(said), place)
        closing = self.paragraph(Role("closing", quotes=place.quotes), self.runs.text("/" + said.split()[0]), place)
        return [opening, *content, closing]

    def note(self, content: Sequence[Block]) -> str:
        """Give the paragraphs of a footnote; Word shows its number only where it stands there too."""
        place = _Place("note")
        number = f"{{{self.runs.sheet.character(NOTE_REFERENCE)}\\chftn}} "
        match content:
            case (Para(content=line) | Plain(content=line), *rest):
                pieces = [self.text("note", line, place, bullet=f" {number}"), *self.blocks(rest, place)]
            case _:
                pieces = [self.paragraph(Role("note"), number, place), *self.blocks(content, place)]
        if not pieces[-1].is_open:
            pieces.append(self.paragraph(Role("note"), "", _Place("note")))
        return _ended(pieces).removesuffix("\\par\n")

    # -- tables ----------------------------------------------------------------------------------

    def table(self, table: Table, place: _Place) -> list[_Piece]:
        """Give the rows of a table."""
        rows = lay_out(table)
        columns = Columns.of(rows, place.left)
        if columns.is_too_wide:
            self.notices.changed("table.columns", table.at, "more columns than Word has")
        code = [self.row(slots, columns, place, is_head=number < table.head) for number, slots in enumerate(rows)]
        caption = self.captions(table.caption, place)
        return [*caption, _Piece("".join(code), is_open=False)] if code else caption

    def row(self, slots: Sequence[Slot], columns: Columns, place: _Place, *, is_head: bool) -> str:
        """Give a row: its format and its cells; one in a cell has its format behind the cells."""
        left = f"\\trleft{place.left}" if place.left else ""
        head = "\\trhdr" if is_head else ""
        form = f"\\trowd\\trgaph108{left}{head}" + "".join(_cell_format(slot, columns) for slot in slots)
        inner = _Place("cell", quotes=place.quotes, nesting=place.nesting + 1)
        cells = "".join(self.cell(slot, len(columns.edges_of(slot)), inner) for slot in slots)
        if place.nesting:
            return f"{cells}{{\\*\\nesttableprops{form}\\nestrow}}{{\\nonesttables\\par}}\n"
        return f"{form}\n{cells}\\row\n"

    def cell(self, slot: Slot, parts: int, place: _Place) -> str:
        """Give a cell, and the empty cells that are merged with it."""
        end = "\\nestcell\n" if place.nesting > 1 else "\\cell\n"
        cell = slot.cell
        kind: Kind = "header cell" if cell.is_header else "cell"
        align = _ALIGNMENTS[cell.align] if cell.align else ""
        place = replace(place, kind=kind, word=LEFT if cell.align == "left" else "", codes=align)
        empty = self.paragraph(Role(kind, word=place.word, quotes=place.quotes), "", place)
        pieces = [] if slot.goes_on else self.blocks(cell.content, place)
        if not pieces or not pieces[-1].is_open:
            pieces.append(empty)
        code = _ended(pieces).removesuffix("\\par\n") + end
        return code + (empty.code + end) * (parts - 1)


def _cell_format(slot: Slot, columns: Columns) -> str:
    down = "\\clvmrg" if slot.goes_on else "\\clvmgf" if slot.cell.rowspan > 1 else ""
    shade = "\\clcbpat2" if slot.cell.is_header else ""
    first, *merged = columns.edges_of(slot)
    across = "\\clmgf" if merged else ""
    code = f"{across}{down}{_BORDERS}{shade}\\cellx{first}"
    return code + "".join(f"\\clmrg{down}{_BORDERS}{shade}\\cellx{edge}" for edge in merged)


def _would_join(before: Block, block: Block) -> bool:
    """Whether readers would take two blocks for one."""
    if isinstance(before, CodeBlock) and isinstance(block, CodeBlock):
        return not (block.filename or block.options)
    if isinstance(block, _KEPT_APART) and type(before) is type(block):
        return True
    return isinstance(_at_edge(before, -1), Table) and isinstance(_at_edge(block, 0), Table)


def _at_edge(block: Block, end: Literal[0, -1]) -> Block:
    """Give the first or the last block within a block, of those whose code begins or ends where its own does."""
    match block:
        case BlockQuote(content=content) | Figure(content=content, caption=()) if content:
            return _at_edge(content[end], end)
        case Div(content=content, attr=attr) if content and not attr:
            return _at_edge(content[end], end)
        case BulletList(items=items) | OrderedList(items=items) if end and items and items[-1]:
            return _at_edge(items[-1][-1], end)
        case _:
            return block


def _is_right_to_left(content: Sequence[Inline]) -> bool:
    """Whether the first letter of a paragraph is one of those that run from right to left."""
    letters = (char for node in walk(content, Str) for char in node.text if char.isalpha())
    return bool(RIGHT_TO_LEFT.match(next(letters, "")))
