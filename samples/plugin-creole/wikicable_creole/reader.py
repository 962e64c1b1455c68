"""Creole to a document: blocks line by line, inlines token by token.

Every text is a page.  What is not closed ends with its paragraph, and what failed once is not tried again, so that
time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wikicable import Document
from wikicable.model import (
    Attr,
    Block,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    EmailTarget,
    Emph,
    Header,
    HorizontalRule,
    Image,
    Inline,
    LineBreak,
    Link,
    MediaTarget,
    OrderedList,
    PageTarget,
    Para,
    Plain,
    Row,
    SoftBreak,
    Str,
    Strong,
    Table,
    Target,
    UrlTarget,
)
from wikicable.source import Source

_ITEM = re.compile(r"[ \t]*(?P<marks>[*#]+)[ \t]*")
_RULE = re.compile(r"[ \t]*-{4,}[ \t]*")
_HEADING = re.compile(r"[ \t]*(?P<marks>={1,6})(?!=)")
_ENDS_ITEM = re.compile(r"[ \t]*(?:=|\||-{4,}[ \t]*$|[*#]|$)|\{\{\{$")
_ENDS_PARAGRAPH = re.compile(r"[ \t]*(?:=|\||-{4,}[ \t]*$|\*(?!\*)|#(?!#)|$)|\{\{\{$")
"""The lines that end what stands before them; two marks at the beginning of a line of a paragraph are bold text."""

_TOKEN = re.compile(
    r"~(?P<escaped>(?:https?|ftp)://|\S)|(?P<url>\b(?:https?|ftp)://[^\s|]*[^\s|,.?!:;\"'])"
    r"|\*\*|//|\\\\|\[\[|\{\{\{|\{\{|\||\n"
)
_MARKS = {"**": Strong, "//": Emph}
_DEEPEST = 50


def read(source: Source) -> Document:
    """Read a page."""
    return Document(tuple(_Page(source.text).blocks()))


# -- blocks --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    text: str
    at: int

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


class _Page:
    """The lines of a page, and how far it is read."""

    def __init__(self, text: str) -> None:
        self._lines = list(_lines(text))
        self._next = 0
        self._last_fence = max((n for n, line in enumerate(self._lines) if line.text.rstrip() == "}}}"), default=-1)

    def blocks(self) -> Iterator[Block]:
        """Give the blocks of the page, one after the other."""
        while self._next < len(self._lines):
            line = self._lines[self._next]
            if line.is_blank:
                self._next += 1
            elif line.text.rstrip() == "{{{" and self._next < self._last_fence:
                yield self._code(line)
            elif _RULE.fullmatch(line.text):
                self._next += 1
                yield HorizontalRule(at=line.at)
            elif heading := _HEADING.match(line.text):
                self._next += 1
                yield _header(heading, line)
            elif line.text.lstrip().startswith("|"):
                yield self._table(line)
            elif (item := _ITEM.match(line.text)) and len(item["marks"]) == 1:
                yield from _lists(list(self._items()), 1)
            else:
                yield self._paragraph(line)

    def _code(self, first: _Line) -> CodeBlock:
        """Take lines up to the one that closes the block; a blank before ``}}}`` makes it text."""
        self._next += 1
        lines = []
        while (line := self._lines[self._next]).text.rstrip() != "}}}":
            lines.append(line.text.removeprefix(" ") if line.text.strip() == "}}}" else line.text)
            self._next += 1
        self._next += 1
        return CodeBlock("\n".join(lines), at=first.at)

    def _table(self, first: _Line) -> Table:
        rows = []
        while self._next < len(self._lines) and self._lines[self._next].text.lstrip().startswith("|"):
            rows.append(_row(self._lines[self._next]))
            self._next += 1
        head = 1 if all(cell.is_header for cell in rows[0].cells) else 0
        return Table(tuple(rows), head, at=first.at)

    def _items(self) -> Iterator[_Item]:
        """Take the items of lists that follow one another, each with the lines that continue it."""
        while self._next < len(self._lines) and (item := _ITEM.match(self._lines[self._next].text)):
            line = self._lines[self._next]
            self._next += 1
            text = [line.text[item.end() :], *self._continued(_ENDS_ITEM)]
            yield _Item(item["marks"], "\n".join(text), line.at + item.end())

    def _paragraph(self, first: _Line) -> Para:
        self._next += 1
        return Para(_inlines("\n".join([first.text, *self._continued(_ENDS_PARAGRAPH)]), first.at), at=first.at)

    def _continued(self, ends: re.Pattern[str]) -> Iterator[str]:
        while self._next < len(self._lines) and not ends.match(self._lines[self._next].text):
            yield self._lines[self._next].text
            self._next += 1


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.split("\n"):
        yield _Line(line, at)
        at += len(line) + 1


def _header(heading: re.Match[str], line: _Line) -> Header:
    content = line.text[heading.end() :].rstrip().rstrip("=").rstrip()
    return Header(len(heading["marks"]), _inlines(content.lstrip(), line.at + heading.end()), at=line.at)


def _row(line: _Line) -> Row:
    text = line.text.strip()
    text = text[1:-1] if len(text) > 1 and text.endswith("|") and not text.endswith("~|") else text[1:]
    return Row(tuple(map(_cell, _Inlines(text, line.at + 1, is_row=True).cells())), at=line.at)


def _cell(inlines: tuple[Inline, ...]) -> Cell:
    match inlines:
        case (Str(text=text, at=at), *rest) if text.startswith("="):
            bare = text[1:].lstrip()
            return Cell(_plain((Str(bare, at=at), *rest) if bare else tuple(rest)), is_header=True)
        case _:
            return Cell(_plain(inlines))


def _plain(inlines: tuple[Inline, ...]) -> tuple[Block, ...]:
    return (Plain(inlines),) if inlines else ()


@dataclass(frozen=True)
class _Item:
    marks: str
    text: str
    at: int


def _lists(items: list[_Item], level: int) -> Iterator[Block]:
    """Build the lists of a level; a list ends where its mark changes."""
    start = 0
    for end in range(1, len(items) + 1):
        is_over = end == len(items) or (
            len(items[end].marks) <= level and items[end].marks[-1] != items[start].marks[-1]
        )
        if is_over:
            kind = OrderedList if items[start].marks[-1] == "#" else BulletList
            yield kind(tuple(_grouped(items[start:end], level)), at=items[start].at)
            start = end


def _grouped(items: list[_Item], level: int) -> Iterator[tuple[Block, ...]]:
    """Give each item of a level with the lists within it."""
    starts = [n for n, item in enumerate(items) if n == 0 or len(item.marks) <= level or level >= _DEEPEST]
    for start, end in zip(starts, [*starts[1:], len(items)], strict=True):
        first = items[start]
        inner = _lists(items[start + 1 : end], level + 1) if start + 1 < end else ()
        yield (Plain(_inlines(first.text, first.at)), *inner)


# -- inlines -------------------------------------------------------------------------------------


def _inlines(text: str, at: int) -> tuple[Inline, ...]:
    return _Inlines(text, at).cells()[0]


@dataclass
class _Open:
    """A mark that is open, and what stands in it so far."""

    token: str
    content: list[Inline] = field(default_factory=list)


class _Inlines:
    """The inlines of a paragraph, or of the cells of a row."""

    def __init__(self, text: str, at: int, *, is_row: bool = False) -> None:
        self._text = text
        self._at = at
        self._is_row = is_row
        self._stack = [_Open("")]
        self._pos = 0
        self._never: set[str] = set()

    def cells(self) -> list[tuple[Inline, ...]]:
        """Give the content of each cell; a paragraph is a single one."""
        cells = []
        while found := _TOKEN.search(self._text, self._pos):
            self._put_text(self._text[self._pos : found.start()], self._pos)
            self._pos = found.end()
            if found[0] == "|" and self._is_row:
                cells.append(self._finished())
            else:
                self._take(found)
        self._put_text(self._text[self._pos :], self._pos)
        return [*cells, self._finished()]

    def _take(self, found: re.Match[str]) -> None:
        token = found[0]
        match token:
            case _ if found["escaped"]:
                self._put_text(found["escaped"], found.start())
            case _ if found["url"]:
                self._put(Link(UrlTarget(token), attr=Attr(classes=("uri",)), at=self._at + found.start()))
            case "**" | "//":
                self._toggle(token)
            case "\\\\":
                self._put(LineBreak(at=self._at + found.start()))
            case "\n":
                self._put(SoftBreak(at=self._at + found.start()))
            case "[[" | "{{" | "{{{":
                self._bracketed(token, found.start())
            case _:
                self._put_text(token, found.start())

    def _toggle(self, token: str) -> None:
        """Open a mark, or close it with all that is open in it."""
        if token not in [each.token for each in self._stack]:
            self._stack.append(_Open(token))
            return
        while self._close() != token:
            pass

    def _close(self) -> str:
        closed = self._stack.pop()
        if closed.content:
            self._put(_MARKS[closed.token](tuple(closed.content)))
        return closed.token

    def _finished(self) -> tuple[Inline, ...]:
        while len(self._stack) > 1:
            self._close()
        content, self._stack = self._stack[0].content, [_Open("")]
        return _trimmed(content)

    def _bracketed(self, opening: str, start: int) -> None:
        """Take a link, an image or code; without an end it is text."""
        closing = {"[[": "]]", "{{": "}}", "{{{": "}}}"}[opening]
        end = -1 if closing in self._never else self._end(closing)
        if end < 0:
            self._never.add(closing)
            self._put_text(opening, start)
            return
        if opening == "{{{":
            while self._text.startswith("}", end + 3):  # the last three close
                end += 1
        inner, self._pos = self._text[self._pos : end], end + len(closing)
        self._put(_bracket(opening, inner, self._at + start))

    def _end(self, closing: str) -> int:
        """Find the end of a bracket; one that is escaped is none, save in code."""
        end = self._text.find(closing, self._pos)
        while closing != "}}}" and end > 0 and _is_escaped(self._text, end):
            end = self._text.find(closing, end + 1)
        return end

    def _put(self, inline: Inline) -> None:
        self._stack[-1].content.append(inline)

    def _put_text(self, text: str, pos: int) -> None:
        content = self._stack[-1].content
        match content:
            case _ if not text:
                pass
            case [*_, Str() as before]:
                content[-1] = Str(before.text + text, at=before.at)
            case _:
                content.append(Str(text, at=self._at + pos))


def _is_escaped(text: str, at: int) -> bool:
    before = text[max(at - 50, 0) : at]
    return (len(before) - len(before.rstrip("~"))) % 2 == 1


def _bracket(opening: str, inner: str, at: int) -> Inline:
    if opening == "{{{":
        return Code(inner, at=at)
    name, _, text = inner.partition("|")
    if opening == "{{":
        return Image(MediaTarget(name.strip()), (Str(text.strip()),) if text.strip() else (), at=at)
    return Link(_target(name.strip()), _inlines(text.strip(), at) if text.strip() else (), at=at)


def _target(name: str) -> Target:
    if "://" in name:
        return UrlTarget(name)
    if name.startswith("mailto:"):
        return EmailTarget(name.removeprefix("mailto:"))
    page, _, section = name.partition("#")
    return PageTarget(page, section)


def _trimmed(inlines: list[Inline]) -> tuple[Inline, ...]:
    """Leave out blanks at the edges, and those around line ends."""
    out = list(inlines)
    for at, inline in enumerate(out):
        if isinstance(inline, Str):
            text = inline.text
            if at == 0 or isinstance(out[at - 1], SoftBreak | LineBreak):
                text = text.lstrip()
            if at + 1 == len(out) or isinstance(out[at + 1], SoftBreak | LineBreak):
                text = text.rstrip()
            out[at] = Str(text, at=inline.at)
    return tuple(inline for inline in out if inline != Str(""))
