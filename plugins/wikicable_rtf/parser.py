"""The first pass: RTF code to paragraphs and table rows, with a stack of groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from wikicable.model import SoftBreak
from wikicable.notices import Notices
from wikicable.resources import Resource
from wikicable_rtf import preamble
from wikicable_rtf.charsets import DEFAULT_CODEC, decode, decode_symbols, symbols
from wikicable_rtf.fields import read_instruction
from wikicable_rtf.flow import (
    Anchor,
    Character,
    CharacterStyle,
    Face,
    Field,
    Layout,
    Leaf,
    Mark,
    Numbering,
    OpenRow,
    Paragraph,
    RowFormat,
    Story,
    TableRow,
    Turn,
)
from wikicable_rtf.lexer import TOKEN, Group, after_binary, end_of_group, read_group, unhex
from wikicable_rtf.pictures import picture

_SYMBOLS: Mapping[bytes, str] = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"\t": "\t"}

MAX_DEPTH = 50
"""Tables and formatting nested deeper than this are read as if they were not nested."""

_MAX_STORIES = 4
"""Notes and text boxes nested deeper than this are left out; Word nests none."""

Handler: TypeAlias = "Callable[[Parser, int | None], None]"


class Parser:
    """The state of one pass.

    ``codec`` is the document's code page; ``is_own`` tells that we wrote the file ourselves.
    """

    def __init__(self, data: bytes, words: Mapping[bytes, Handler], notices: Notices, codec: str = "") -> None:
        self.data = data
        self.words = words
        self.pos = self.at = 0
        self._counted = (3, 0) if data.startswith(b"\xef\xbb\xbf") else (0, 0)
        self.notices = notices
        self.codec = codec or DEFAULT_CODEC
        self._codec_is_given = bool(codec)
        self.fonts: dict[int, preamble.Font] = {}
        self.styles = preamble.Styles()
        self.lists = Group()
        self.list_overrides = Group()
        self.information = Group()
        self.properties = Group()
        self.resources: dict[str, Resource] = {}
        self.fields: list[Field] = []
        self.is_own = False
        self.default_font = 0
        self.stories = [Story()]
        self._groups: list[
            tuple[Character, Layout, RowFormat, Field | None, int, Callable[[], Callable[[], None]] | None]
        ] = []
        self._character = Character(0)
        self.layout = Layout()
        self.row = RowFormat()
        self._field: Field | None = None
        self._fallback = 1
        self._at_close: Callable[[], Callable[[], None]] | None = None
        self._is_optional = False
        self._skip = 0
        self._raw = bytearray()
        self._high = 0
        self._serial = 0
        self._told: set[tuple[str, str]] = set()

    # -- the pass --------------------------------------------------------------------------------

    def parse(self) -> Story:
        """Go through the whole file; give what stands in the page."""
        data, size = self.data, len(self.data)
        match_token = TOKEN.match
        while self.pos < size:
            found = match_token(data, self.pos)
            if found is None:
                self.pos += 1  # a backslash at the very end
                continue
            self.at, self.pos = self.pos, found.end()
            kind = found.lastgroup
            if kind == "text":
                self._take_bytes(found[0])
            elif kind in {"word", "value"}:
                value = found["value"]
                self._word(found["word"], int(value) if value else None)
            elif kind == "hex":
                self._take_bytes(unhex(found[0]))
            elif kind == "open":
                self._open()
            elif kind == "close":
                self._close()
                if not self._groups:
                    break
            elif kind == "symbol":
                self._symbol(found["symbol"])
            elif self.is_own:
                self._end_of_line()
        return self._finish()

    def _finish(self) -> Story:
        if self._groups:
            self.say(self.notices.guessed, "rtf.truncated", "the file ends within a group")
        elif self.data[self.pos :].strip(b"\r\n\0 \t\x1a"):
            self.say(self.notices.dropped, "rtf.after-end", "text behind the last brace")
        while self._groups:
            self._close()
        self.close_rows(0)
        return self.story

    @property
    def story(self) -> Story:
        """The text that is being read."""
        return self.stories[-1]

    @property
    def place(self) -> int:
        """The offset in ``Source.text`` of the token that is being read."""
        at, place = self._counted
        passed = self.data[at : self.at]
        if passed.isascii():
            place += len(passed) - passed.count(b"\r\n")
        else:
            place += len(passed.decode("utf-8", "surrogateescape")) - passed.count(b"\r\n")
        self._counted = (max(at, self.at), place)
        return place

    def say(self, tell: Callable[[str, int | None, str], None], what: str, detail: str = "") -> None:
        """Give a notice, once in a file for all that is alike."""
        if (what, detail) not in self._told:
            self._told.add((what, detail))
            tell(what, self.place, detail)

    # -- groups and words ------------------------------------------------------------------------

    def _open(self) -> None:
        self._flush()
        self._skip = 0
        self._groups.append((self._character, self.layout, self.row, self._field, self._fallback, self._at_close))
        self._at_close = None

    def _close(self) -> None:
        self._flush()
        self._skip = 0
        self._is_optional = False
        then = self._at_close() if self._at_close else None
        if len(self._groups) == 1 and (self.story.line or self.story.beside):
            self.end_paragraph()  # the last one may lack its end
        self._character, self.layout, self.row, self._field, self._fallback, self._at_close = self._groups.pop()
        if then:
            then()

    def _word(self, word: bytes, value: int | None) -> None:
        if word == b"u" and value is not None:
            self._unicode(value)
            return
        if self._raw or self._high:
            self._flush()
        if word == b"bin":
            self.pos = after_binary(self.data, self.pos, value or 0)
        if self._skip:
            self._skip -= 1
            return
        handler = self.words.get(word)
        if handler:
            self._is_optional = False
            handler(self, value)
        elif self._is_optional:
            self.skip_group()

    def _symbol(self, symbol: bytes) -> None:
        if self._skip:
            self._skip -= 1
        elif symbol in b"\\{}":
            self._take_bytes(symbol)
        else:
            self._flush()
            if symbol == b"*":
                self._is_optional = True
            elif symbol in b"\r\n":
                self.end_paragraph()
            else:
                self.put(_SYMBOLS.get(symbol, ""))

    def rest_of_group(self) -> Group:
        """Take the rest of the group that is open, as a tree."""
        group, self.pos = read_group(self.data, self.pos)
        return group

    def skip_group(self) -> None:
        """Pass over the rest of the group that is open."""
        self._is_optional = False
        self.pos = end_of_group(self.data, self.pos)

    # -- text ------------------------------------------------------------------------------------

    def _take_bytes(self, raw: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(raw))
            self._skip -= skipped
            raw = raw[skipped:]
        if self._raw or not raw.isascii():
            self._raw += raw
        elif raw:
            self._put_decoded(raw)

    def _put_decoded(self, raw: bytes) -> None:
        font = self.fonts.get(self._character.font)
        if font and font.is_symbol and symbols(font.name):
            self.put(decode_symbols(raw, font.name))
        elif raw.isascii():
            self.put(raw.decode("ascii"))
        else:
            self.put(self._decoded(raw, font))

    def _decoded(self, raw: bytes, font: preamble.Font | None) -> str:
        if font and font.is_symbol:
            return decode_symbols(raw, font.name)
        codec = (font.codec if font else None) or self.codec
        text, is_whole = decode(raw, codec)
        if not is_whole:
            self.say(self.notices.guessed, "rtf.bytes", f"bytes that are no letters in {codec}")
        return text

    def _flush(self) -> None:
        if self._raw:
            raw = bytes(self._raw)
            self._raw.clear()
            self._put_decoded(raw)
        elif self._high:
            self.put("")

    def _unicode(self, value: int) -> None:
        if self._raw:
            self._flush()
        if self._skip:
            self._skip -= 1
            return
        self._skip = self._fallback
        code = value % 0x10000
        if 0xDC00 <= code < 0xE000 and self._high:
            code = 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00)
            self._high = 0
        elif 0xD800 <= code < 0xDC00:
            self.put("")
            self._high = code
            return
        self.put("\ufffd" if 0xD800 <= code < 0xE000 else self._private(code))

    def _private(self, code: int) -> str:
        """Give a character; in a symbol font those from F000 on are the font's own."""
        if 0xF000 <= code <= 0xF0FF:
            font = self.fonts.get(self._character.font)
            if font and font.is_symbol:
                return symbols(font.name).get(code - 0xF000) or chr(code)
        return chr(code)

    def put(self, leaf: Leaf) -> None:
        """Put text or a node at the end of the line."""
        if self._high:
            self._high = 0
            self.put("\ufffd")
        if leaf == "":
            return
        if self._character.is_hidden:
            self.say(self.notices.dropped, "text.hidden")
            return
        story, character = self.story, self._character
        if not story.line:
            story.at = self.place
            story.size = character.size
        elif character.size < story.size:
            story.size = character.size
        if character.script == "rtlch" and character.complex_marks:
            story.line.append(((*character.marks, *character.complex_marks), leaf))
        else:
            story.line.append((character.marks, leaf))

    def _end_of_line(self) -> None:
        """A line end behind a blank, in a file of our own, is where the line of the wiki page ended."""
        self._flush()
        line = self.story.line
        if not line:
            return
        marks, leaf = line[-1]
        if isinstance(leaf, str) and leaf.endswith(" "):
            line[-1:] = [(marks, leaf[:-1])] if len(leaf) > 1 else []
            self.put(SoftBreak())

    def set_codec(self, codec: str) -> None:
        """Take the document's code page, unless the caller knows better."""
        if not self._codec_is_given:
            self.codec = codec

    def set_fallback(self, count: int) -> None:
        r"""Take how many characters stand for old readers behind each ``\u``."""
        self._fallback = count

    # -- character formatting --------------------------------------------------------------------

    def set_mark(self, mark: Mark, on: bool) -> None:
        """Put a mark on the text that follows, or take it off; in files of our own it goes with its group."""
        marks = self._character.marks
        if self.is_own and isinstance(mark, Face):
            if not on or mark is Face.MONO:
                return
            self._serial += 1
            mark = Turn(mark, self._serial)
        if on and len(marks) >= MAX_DEPTH:
            self.say(self.notices.changed, "nesting.depth", f"formatting nested deeper than {MAX_DEPTH} levels")
            return
        if (mark in marks) is not on:
            marks = (*marks, mark) if on else tuple(each for each in marks if each != mark)
            self._character = replace(self._character, marks=marks)

    def set_script(self, script: str) -> None:
        """Take what kind of letters comes."""
        if script != self._character.script:
            self._character = replace(self._character, script=script)

    def set_associated(self, face: Face, on: bool) -> None:
        """Put a mark on the letters of the kind that was named last, or take it off."""
        if self._character.script == "dbch":
            self.set_mark(face, on)
        elif self._character.script == "rtlch":
            others = tuple(mark for mark in self._character.complex_marks if mark != face)
            self._character = replace(self._character, complex_marks=(*others, face) if on else others)

    def set_font(self, number: int) -> None:
        """Set text that follows in another font."""
        if number != self._character.font:
            font = self.fonts.get(number)
            self._character = replace(self._character, font=number)
            self.set_mark(Face.MONO, bool(font and font.is_monospaced))

    def set_size(self, half_points: int) -> None:
        """Set the size of the text that follows."""
        if half_points != self._character.size:
            self._character = replace(self._character, size=half_points)

    def set_character_style(self, number: int) -> None:
        """Put a character style on the text that follows, instead of the one it has."""
        style = self.styles.character.get(number)
        marks = self._character.marks
        if self.is_own:
            self._serial += 1
        else:
            marks = tuple(mark for mark in marks if not isinstance(mark, CharacterStyle))
        if style and len(marks) < MAX_DEPTH:
            marks = (*marks, CharacterStyle(style.name, self._serial))
        self._character = replace(self._character, style=number, marks=marks)

    def hide(self, on: bool) -> None:
        """Hide or show the text that follows."""
        self._character = replace(self._character, is_hidden=on)

    def plain(self) -> None:
        """Take all formatting off the text that follows; a field stays around it."""
        fields = tuple(mark for mark in self._character.marks if isinstance(mark, Field))
        self._character = Character(-1, marks=fields)
        self.set_font(self.default_font)

    # -- paragraphs ------------------------------------------------------------------------------

    def reset_layout(self) -> None:
        """Take all formatting off the paragraph."""
        self.layout = Layout()
        self.story.numbering = None

    def end_paragraph(self, nesting: int | None = None) -> None:
        """End the paragraph; ``nesting`` is the level of the table cell it ends with."""
        story, layout = self.story, self.layout
        if nesting is None:
            nesting = min(layout.nesting, MAX_DEPTH) if layout.in_table else 0
        self.close_rows(nesting)
        if nesting:
            self._open_row(nesting)
        at = story.at if story.line else self.place
        story.content.append(Paragraph(story.line, layout, at, story.label, story.numbering, story.size))
        story.content.extend(story.beside)
        story.line = []
        story.beside = []
        story.label = None

    def end_paragraph_if_begun(self) -> None:
        """End the paragraph where a page or a column ends."""
        if self.story.line:
            self.end_paragraph()

    def label(self, text: str) -> None:
        """Take the number or bullet that old readers show before the paragraph."""
        self.story.label = text

    def number(self, numbering: Numbering) -> None:
        """Number the paragraphs that follow as Word 6 did."""
        self.story.numbering = numbering

    # -- tables ----------------------------------------------------------------------------------

    def _open_row(self, nesting: int) -> None:
        rows = self.story.rows
        if not rows:
            rows.append(OpenRow(1, self.place))
        if rows[-1].nesting < nesting:
            rows.append(OpenRow(nesting, self.place))

    def close_rows(self, nesting: int) -> None:
        """End the rows that are open deeper than ``nesting``, as nothing else ended them."""
        rows = self.story.rows
        while rows and rows[-1].nesting > nesting:
            if rows[-1].content:
                rows[-1].cells.append(rows[-1].content)
            if rows[-1].cells:
                self.say(self.notices.guessed, "table.unclosed-row")
            self._put_row(RowFormat())

    def end_cell(self, is_nested: bool) -> None:
        """End the paragraph and the cell it is in."""
        rows = self.story.rows
        nesting = max(self.layout.nesting, 2) if self.layout.in_table else max(rows[-1].nesting if rows else 2, 2)
        self.end_paragraph(nesting if is_nested else 1)
        rows[-1].cells.append(rows[-1].content)
        rows[-1].content = []

    def end_row(self, is_nested: bool) -> None:
        """End a row, with the format that holds now."""
        if not is_nested:
            self.close_rows(1)
        if self.story.line:
            self.end_cell(is_nested)
        if len(self.story.rows) > is_nested:
            self._put_row(self.row)

    def _put_row(self, form: RowFormat) -> None:
        row = self.story.rows.pop()
        if row.cells:
            self.story.content.append(TableRow(row.cells, form, row.at))

    def begin_row(self) -> None:
        """Begin the format of a row."""
        self.row = RowFormat()

    # -- notes, fields, pictures -----------------------------------------------------------------

    def open_story(self, close: Callable[[Story], None]) -> None:
        """Read the rest of the group as a text of its own, and give it to ``close``."""
        if len(self.stories) > _MAX_STORIES:
            self.say(self.notices.dropped, "nesting.depth")
            self.skip_group()
            return
        outer = self.stories[-1]
        story = Story(at=self.place)
        self.stories.append(story)
        self.layout = Layout()
        self._character = Character(-1)
        self.set_font(self.default_font)

        def finish() -> Callable[[], None]:
            if story.line:
                self.end_paragraph()
            self.close_rows(0)
            self.stories.pop()
            assert self.story is outer, "stories close in the order in which they opened"
            return lambda: close(story)

        self._at_close = finish

    def open_field(self) -> None:
        """Begin a field."""
        self._field = Field(self.place)
        self.fields.append(self._field)

    def instruct(self, instruction: str) -> None:
        """Take the instruction of the field that is open."""
        if self._field and not self._field.command:
            read_instruction(instruction, self._field)

    def show_result(self) -> None:
        """Begin the text that a field shows."""
        if self._field and self._field.command:
            self.set_mark(self._field, on=True)

    def put_anchor(self, name: str) -> None:
        """Put a bookmark into the line."""
        self.put(Anchor(name))

    def put_beside(self, story: Story) -> None:
        """Put the text of a box behind the paragraph that it is fastened to."""
        self.story.beside.extend(story.items)

    def put_picture(self, group: Group) -> None:
        """Put a picture into the line, and its bytes among the resources."""
        found = picture(group, len(self.resources) + 1)
        if found is None:
            self.say(self.notices.dropped, "picture.unreadable")
            return
        self.resources[found.name] = found.resource
        self.put(found.image)
