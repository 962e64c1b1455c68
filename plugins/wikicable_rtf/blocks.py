"""The second pass: paragraphs and table rows to blocks, with a stack of what is open around them.

What a paragraph is, its style tells; where it belongs, its list and its indent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, starmap
from typing import assert_never

from wikicable.model import (
    Attr,
    Block,
    CodeBlock,
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
    Para,
    RawBlock,
    SoftBreak,
    Span,
    Str,
    Tags,
    UrlTarget,
)
from wikicable.notices import Notices
from wikicable.walk import plain_text
from wikicable_rtf.containers import Container, Definitions, Division, List, Marker, Page, Quote, tidy
from wikicable_rtf.flow import Anchor, Face, Field, FlowItem, Leaf, Marks, Paragraph, Story, TableRow
from wikicable_rtf.grid import Cells, grid
from wikicable_rtf.inlines import Inliner
from wikicable_rtf.markers import Markers
from wikicable_rtf.preamble import Style, Styles
from wikicable_rtf.styles import DEFINITION_INDENT, LEFT, MAX_LEVEL, QUOTE_INDENT, Role, read_attr, role_of

_SLACK = 150
"""Indents that differ by less, in twips, are the same: programs move tables by the width of their borders."""

_MAX_NESTING = 50
_NO_STYLE = Style()
_CODE = ("code", "file", "indented")
_JOINED = (*_CODE, "verse")
"""Kinds of paragraphs that are one block with their like before them."""


# -- the file ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Assembler:
    """Makes blocks of the texts of one file.

    ``headings`` are the heading levels of font sizes in a file without heading styles; ``hidden`` are faces
    that mean nothing, as all the file has them.  ``bookmarks`` are those of each heading met so far.
    """

    inliner: Inliner
    styles: Styles
    markers: Markers
    notices: Notices
    headings: Mapping[int, int] = field(default_factory=dict)
    hidden: frozenset[Face] = frozenset()
    bookmarks: list[tuple[str, ...]] = field(default_factory=list)
    depth: int = 0
    _told: set[str] = field(default_factory=set)

    def blocks(self, items: Sequence[FlowItem], quotes: int = 0) -> tuple[Block, ...]:
        """Make the blocks of one text; ``quotes`` are those that are around all of it."""
        return _Text(self, quotes).blocks(items)

    def note(self, story: Story) -> tuple[Block, ...]:
        """Make the blocks of a footnote."""
        return self.nested(story.items, 0, story.at)

    def nested(self, items: Sequence[FlowItem], quotes: int, at: int) -> tuple[Block, ...]:
        """Make the blocks of a text within another."""
        if self.depth >= _MAX_NESTING:
            self.say_too_deep(at)
            return ()
        self.depth += 1
        blocks = tidy(self.blocks(items, quotes))
        self.depth -= 1
        return blocks

    def style(self, paragraph: Paragraph) -> Style:
        """Give the style of a paragraph."""
        return self.styles.paragraph.get(paragraph.layout.style, _NO_STYLE)

    def role(self, paragraph: Paragraph) -> Role:
        """Tell what a paragraph is."""
        style = self.style(paragraph)
        role = role_of(style.name)
        if role.kind not in ("text", "list", "continued", "heading", "note"):
            return role
        outline = style.outline if paragraph.layout.outline is None else paragraph.layout.outline
        if outline is not None and 0 <= outline < 9:
            return replace(role, kind="heading", level=min(outline + 1, MAX_LEVEL))
        if role.kind == "text" and not self.inliner.is_own:
            return self._guessed_role(paragraph, role)
        return role

    def _guessed_role(self, paragraph: Paragraph, role: Role) -> Role:
        if Face.MONO not in self.hidden and is_all(paragraph, Face.MONO) and _is_bare(paragraph):
            return replace(role, kind="code")
        is_beside = bool(paragraph.label) or paragraph.layout.in_table
        if paragraph.size in self.headings and not is_beside and is_all(paragraph, Face.STRONG):
            self.say_guessed("heading", paragraph.at)
            return replace(role, kind="heading", level=self.headings[paragraph.size])
        return role

    def say_guessed(self, what: str, at: int) -> None:
        """Give a notice of a guess, once in a file."""
        if what not in self._told:
            self._told.add(what)
            self.notices.guessed(what, at)

    def say_too_deep(self, at: int) -> None:
        """Give a notice, once in a file, that something is nested deeper than is read."""
        if "nesting.depth" not in self._told:
            self._told.add("nesting.depth")
            self.notices.dropped("nesting.depth", at, f"nested deeper than {_MAX_NESTING} levels")


def is_all(paragraph: Paragraph, face: Face) -> bool:
    """Whether a paragraph is nothing but text, and all of it has that face."""
    seen = [(marks, leaf) for marks, leaf in paragraph.line if _shows(leaf)]
    return bool(seen) and all(face in marks and isinstance(leaf, str) for marks, leaf in seen)


def _shows(leaf: Leaf) -> bool:
    return not (isinstance(leaf, LineBreak | SoftBreak | Anchor) or (isinstance(leaf, str) and not leaf.strip()))


def _is_seen(marks: Marks, leaf: Leaf) -> bool:
    """Whether something is to be read of a piece: some text, or a place for keywords."""
    return _shows(leaf) or any(isinstance(mark, Field) and mark.command == "KEYWORDS" for mark in marks)


def _is_bare(paragraph: Paragraph) -> bool:
    """Whether nothing in a paragraph has any mark beside its font."""
    return all(mark is Face.MONO for marks, _ in paragraph.line for mark in marks)


# -- one text ------------------------------------------------------------------------------------


class _Text:
    """The blocks of one text: what is open, and what waits for the block that follows."""

    def __init__(self, file: Assembler, quotes: int) -> None:
        self.file = file
        self.quotes = quotes
        self.page = Page()
        self.open: list[Container] = []
        self.may_join = False
        self.file_name = ""
        self.code_options = ""
        self.caption: Para | None = None

    def blocks(self, items: Sequence[FlowItem]) -> tuple[Block, ...]:
        """Make blocks of all items."""
        for is_row, group in groupby(items, key=_is_row):
            if is_row:
                self.table([item for item in group if isinstance(item, TableRow)])
                continue
            for item in group:
                assert isinstance(item, Paragraph), "an item is a row or a paragraph"
                self.paragraph(item)
        self.put_waiting()
        self.close(0)
        return tuple(self.page.blocks)

    @property
    def here(self) -> list[Block]:
        """The blocks among which the next one stands."""
        return self.open[-1].blocks if self.open else self.page.blocks

    def paragraph(self, paragraph: Paragraph) -> None:
        """Put a paragraph where it belongs."""
        role = self.file.role(paragraph)
        if self.quotes:
            role = replace(role, quotes=max(0, role.quotes - self.quotes))
        if not any(starmap(_is_seen, paragraph.line)) and not paragraph.label and role.kind not in _CODE:
            self.blank(paragraph, role)
            return
        if marker := self.file.markers.of(paragraph, role):
            self.enter_item(role, marker, paragraph.at)
        else:
            self.find_place(role, self.indent(paragraph, role), paragraph.at)
        if role.kind not in (*_CODE, "file name", "code options"):
            self.put_waiting()
        self.put(paragraph, role)
        self.may_join = role.kind in _JOINED

    def put(self, paragraph: Paragraph, role: Role) -> None:
        """Put the block that a paragraph is among those that are open."""
        match role.kind:
            case "text" | "list" | "continued" | "cell" | "header cell" | "note":
                self.put_text(paragraph)
            case "heading":
                self.put_header(paragraph, role)
            case "code" | "file" | "indented" as kind:
                node = CodeBlock(self.code(paragraph), role.word, self.file_name, kind, self.code_options)
                self.put_code(replace(node, at=paragraph.at))
            case "file name":
                self.put_waiting()
                self.file_name = paragraph.text()
            case "code options":
                self.code_options = paragraph.text()
            case "rule":
                self.here.append(HorizontalRule(at=paragraph.at))
                self.put_text(paragraph)
            case "term" | "definition":
                self.put_definition(paragraph, role)
            case "verse":
                self.put_verse(paragraph)
            case "caption":
                self.put_caption(paragraph)
            case "feed":
                self.put_feed(paragraph)
            case "raw":
                self.here.append(RawBlock(role.word, self.code(paragraph), at=paragraph.at))
            case "opening":
                self.push(Division(paragraph.at, attr=read_attr(paragraph.text())))
            case "closing":
                self.close_division()
            case _:
                assert_never(role.kind)

    def blank(self, paragraph: Paragraph, role: Role) -> None:
        """Take an empty paragraph: a rule, or what keeps two quotes, tables or pieces of code apart."""
        self.put_waiting()
        if role.kind == "rule" or (paragraph.layout.is_ruled and role.kind == "text"):
            self.find_place(role, self.indent(paragraph, role), paragraph.at)
            self.here.append(HorizontalRule(at=paragraph.at))
        while self.open and isinstance(self.open[-1], Quote) and self.quotes_open() > role.quotes:
            self.close(len(self.open) - 1)
        self.may_join = False

    # -- places ----------------------------------------------------------------------------------

    def indent(self, paragraph: Paragraph, role: Role) -> int:
        """Give the indent of a paragraph beside what its style indents; that of quotes is counted as it is met."""
        left, own = paragraph.layout.left, self.file.style(paragraph).left
        if role.quotes:
            own -= QUOTE_INDENT * role.quotes
        return left - own if 0 < own <= left and role.kind != "continued" else left

    def find_place(self, role: Role, left: int, at: int) -> None:
        """Close what a paragraph that is no list item does not belong to, and open the quotes it is in."""
        self.close(self.kept(role, left))
        self.open_quotes(role, at)

    def kept(self, role: Role, left: int) -> int:
        """Count the containers that a paragraph with that indent belongs to."""
        quotes = 0
        for number, container in enumerate(self.open):
            inside = left - QUOTE_INDENT * (role.quotes - quotes)
            match container:
                case Quote():
                    if quotes == role.quotes:
                        return number
                    quotes += 1
                case List(marker=marker):
                    if inside < marker.left - _SLACK or (marker.left < _SLACK and role.kind != "continued"):
                        return number
                case Definitions(left=edge):
                    deeper = 0 if role.kind in ("term", "definition") else DEFINITION_INDENT
                    if inside < edge + deeper - _SLACK:
                        return number
                case Division():
                    pass
        return len(self.open)

    def enter_item(self, role: Role, marker: Marker, at: int) -> None:
        """Begin an item of the list that a marker tells, which may be a new one."""
        keep = len(self.open)
        quotes, same = 0, None
        for number, container in enumerate(self.open):
            if isinstance(container, Quote):
                quotes += 1
            deeper = role.quotes - quotes
            order = _order(container, replace(marker, left=marker.left - QUOTE_INDENT * deeper))
            if order < 0 or deeper < 0 or (order == 0 and deeper):
                keep = number
                break
            if order == 0:
                keep, same = number + 1, container
                break
        self.close(keep)
        start = self.file.markers.count(marker)
        if not isinstance(same, List):
            self.open_quotes(role, at)
            same = self.push(List(at, marker=replace(marker, start=start)))
        if isinstance(same, List):
            same.begin_item()

    def open_quotes(self, role: Role, at: int) -> None:
        """Open the quotes that are still missing."""
        for _ in range(role.quotes - self.quotes_open()):
            self.push(Quote(at))

    def quotes_open(self) -> int:
        """Count the quotes that are open."""
        return sum(isinstance(container, Quote) for container in self.open)

    def push(self, container: Container) -> Container | None:
        """Open a container, unless that is nested too deep; then the innermost one goes on."""
        if self.file.depth >= _MAX_NESTING:
            self.file.say_too_deep(container.at)
            return self.open[-1] if self.open else None
        self.file.depth += 1
        self.open.append(container)
        return container

    def close(self, keep: int) -> None:
        """Close all but the outermost ``keep`` containers."""
        if len(self.open) > keep:
            self.put_waiting()
        while len(self.open) > keep:
            node = self.open.pop().node()
            self.file.depth -= 1
            self.here.append(node)
            self.may_join = False

    def close_division(self) -> None:
        """Close the innermost division with what is open in it."""
        for number in range(len(self.open) - 1, -1, -1):
            if isinstance(self.open[number], Division):
                self.close(number)
                return

    # -- blocks ----------------------------------------------------------------------------------

    def inlines(self, paragraph: Paragraph, *look: Face) -> tuple[Inline, ...]:
        """Make the inlines of a paragraph; the look of its style is no emphasis."""
        hidden = self.file.style(paragraph).faces | self.file.hidden | frozenset(look)
        return self.file.inliner.inlines(paragraph.line, hidden)

    def put_text(self, paragraph: Paragraph) -> None:
        """Put a paragraph; one of nothing but macros and tags is these."""
        content = trimmed(self.inlines(paragraph))
        unseen = [inline for inline in content if isinstance(inline, Macro | Tags)]
        if unseen and all(isinstance(inline, Macro | Tags) or _is_blank(inline) for inline in content):
            self.here.extend(unseen)
        elif content:
            self.here.append(Para(content, at=paragraph.at))

    def put_header(self, paragraph: Paragraph, role: Role) -> None:
        """Put a heading; where no style says how headings look, they are bold."""
        is_styled = role_of(self.file.style(paragraph).name).kind == "heading"
        look = () if is_styled or not is_all(paragraph, Face.STRONG) else (Face.STRONG,)
        content = tuple(inline for inline in trimmed(self.inlines(paragraph, *look)) if not _is_anchor(inline))
        bookmarks = tuple(leaf.name for _, leaf in paragraph.line if isinstance(leaf, Anchor))
        chosen = next((name for name in bookmarks if not name.startswith("_")), "")
        self.file.bookmarks.append(bookmarks)
        self.here.append(Header(role.level, content, Attr(id=chosen), at=paragraph.at))

    def code(self, paragraph: Paragraph) -> str:
        """Give the text of a paragraph as it stands."""
        if any(not isinstance(leaf, str | LineBreak | SoftBreak | Anchor) for _, leaf in paragraph.line):
            self.file.notices.dropped("code.note", paragraph.at, "a note or a picture within code")
        return _literal_text(paragraph.line)

    def put_code(self, node: CodeBlock) -> None:
        """Put code; lines that stand in paragraphs of their own become one block."""
        last = self.here[-1] if self.may_join and self.here else None
        if isinstance(last, CodeBlock) and _is_more_of(node, last):
            self.here[-1] = replace(last, text=f"{last.text}\n{node.text}")
        else:
            self.here.append(node)
        self.file_name = self.code_options = ""

    def put_verse(self, paragraph: Paragraph) -> None:
        """Put lines of verse, to the verse before them if there is any."""
        lines = tuple(self.inlines(replace(paragraph, line=line)) for line in _lines(paragraph.line))
        last = self.here[-1] if self.may_join and self.here else None
        if isinstance(last, LineBlock):
            self.here[-1] = replace(last, lines=last.lines + lines)
        else:
            self.here.append(LineBlock(lines, at=paragraph.at))

    def put_definition(self, paragraph: Paragraph, role: Role) -> None:
        """Put a term, or what is said of one."""
        left = self.indent(paragraph, role)
        last = self.open[-1] if self.open else None
        if not isinstance(last, Definitions) or left > last.left + _SLACK:
            last = Definitions(paragraph.at, left=left)
            if self.push(last) is not last:
                self.put_text(paragraph)
                return
        if role.kind == "term":
            last.entries.append((trimmed(self.inlines(paragraph)), []))
            last.blocks = []
            return
        if not last.entries:
            last.entries.append(((), []))
        last.define()
        self.put_text(paragraph)

    def put_caption(self, paragraph: Paragraph) -> None:
        """Put the caption of the picture before it, or keep it for the table behind it."""
        content = Para(trimmed(self.inlines(paragraph)), at=paragraph.at)
        last = self.here[-1] if self.here else None
        if isinstance(last, Para) and all(isinstance(inline, Image) for inline in last.content):
            self.here[-1] = Figure((last,), tidy((content,)), at=last.at)
        else:
            self.caption = content

    def put_feed(self, paragraph: Paragraph) -> None:
        """Put a news feed: a link, and the feed's options behind it."""
        match trimmed(self.inlines(paragraph)):
            case (Link(target=UrlTarget(url=url)), *rest):
                self.here.append(Feed(url, plain_text(rest).strip(), at=paragraph.at))
            case content:
                self.here.append(Para(content, at=paragraph.at))

    def put_waiting(self) -> None:
        """Put what waited for a block that did not come, as paragraphs."""
        waiting = [Para((Str(text),)) for text in (self.file_name, self.code_options) if text]
        self.file_name = self.code_options = ""
        if self.caption:
            waiting.append(self.caption)
            self.caption = None
        self.here.extend(waiting)

    def table(self, rows: Sequence[TableRow]) -> None:
        """Put a table."""
        first = next((item for item in rows[0].cells[0] if isinstance(item, Paragraph)), None)
        role = self.file.role(first) if first else Role()
        quotes = role.quotes if role.kind in ("cell", "header cell") else 0
        around = Role(quotes=max(0, quotes - self.quotes))
        caption, self.caption = self.caption, None
        self.find_place(around, rows[0].form.left, rows[0].at)
        if self.file.depth >= _MAX_NESTING:
            self.file.say_too_deep(rows[0].at)
            return
        self.put_waiting()
        is_own = self.file.inliner.is_own
        cells = Cells(lambda items: self.file.nested(items, quotes, rows[0].at), self.is_header, self.is_left, is_own)
        node = grid(rows, cells)
        self.here.append(replace(node, caption=tidy((caption,))) if caption else node)
        self.may_join = False

    def is_header(self, items: Sequence[FlowItem]) -> bool:
        """Tell a header cell by the style of its paragraphs."""
        roles = [self.file.role(item) for item in items if isinstance(item, Paragraph)]
        return bool(roles) and all(role.kind == "header cell" for role in roles)

    def is_left(self, items: Sequence[FlowItem]) -> bool:
        """Tell by the style of its first paragraph that a cell was set to the left."""
        return any(isinstance(item, Paragraph) and self.file.role(item).word == LEFT for item in items[:1])


def _is_more_of(node: CodeBlock, last: CodeBlock) -> bool:
    is_alike = (node.kind, node.language) == (last.kind, last.language)
    return is_alike and not node.filename and not node.options


def _order(container: Container, marker: Marker) -> int:
    """Tell where an item belongs: in the list that is open (0), deeper (1), or not in it (-1)."""
    if isinstance(container, Definitions):
        return 1 if marker.left > container.left + DEFINITION_INDENT - _SLACK else -1
    if not isinstance(container, List):
        return 1
    mine = container.marker
    if marker.number and marker.number == mine.number:
        return (marker.level > mine.level) - (marker.level < mine.level)
    if abs(marker.left - mine.left) > _SLACK:
        return 1 if marker.left > mine.left else -1
    return 0 if not (marker.number or mine.number) and marker.kind == mine.kind else -1


# -- pieces --------------------------------------------------------------------------------------


def trimmed(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Take the blanks off both ends of a paragraph."""
    match content:
        case (Str(text=text, at=at), *rest) if text[:1] in (" ", "\t"):
            content = (*([Str(text.lstrip(" \t"), at=at)] if text.strip(" \t") else []), *rest)
    match content:
        case (*rest, Str(text=text, at=at)) if text[-1:] in (" ", "\t"):
            content = (*rest, *([Str(text.rstrip(" \t"), at=at)] if text.strip(" \t") else []))
    return content


def _is_row(item: FlowItem) -> bool:
    return isinstance(item, TableRow)


def _is_blank(inline: Inline) -> bool:
    return isinstance(inline, SoftBreak) or (isinstance(inline, Str) and not inline.text.strip())


def _is_anchor(inline: Inline) -> bool:
    return isinstance(inline, Span) and not inline.content


def _literal_text(line: Sequence[tuple[Marks, Leaf]]) -> str:
    pieces = (
        leaf if isinstance(leaf, str) else "\n" for _, leaf in line if isinstance(leaf, str | LineBreak | SoftBreak)
    )
    return "".join(pieces)


def _lines(line: Sequence[tuple[Marks, Leaf]]) -> Iterator[list[tuple[Marks, Leaf]]]:
    """Part a line at its breaks."""
    part: list[tuple[Marks, Leaf]] = []
    for piece in line:
        if isinstance(piece[1], LineBreak):
            yield part
            part = []
        else:
            part.append(piece)
    yield part
