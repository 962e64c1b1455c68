"""Case files: a format's manual, whose examples are its tests.

A case file is Markdown.  Prose says what is shown; then comes a fence of four backticks or more::

    ## Footnotes

    A footnote stands where it is referred to.

    ````dokuwiki[syntax=core] -> markdown
    A note((here)).
    .
    A note[^1].

    [^1]: here
    ````

Above the line with a single dot is the input, below it the output.  Lines ``2> dropped table.colspan
3:1`` at the end are the notices, all of them and in their order: kind, slug, line and column.
``epub/EPUB/nav.xhtml`` shows that file of the archive which a format writes.  ``native`` names the notation of ``wikicable.testing.notation``.  A tab is shown as ``␉``, and a
blank at the end of a line as ``␣``.  The heading above a case names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TypeAlias
from zipfile import ZipFile

import wikicable
from wikicable.model import Document
from wikicable.notices import Notice, Notices
from wikicable.source import Source
from wikicable.testing.notation import read_notation, write_notation

NOTATION = "native"
_HEADING = re.compile(r"#+ +(?P<title>.+)")
_FENCE = re.compile(r"(?P<ticks>`{4,}) *(?P<reader>[^`]+?) *-> *(?P<writer>[^`]+?) *\n")
_FORMAT = re.compile(r"(?P<name>[^\s\[\]]+)(?:\[(?P<options>[^]]*)\])?")
_DOT = ".\n"

Side: TypeAlias = tuple[str, dict[str, object]]
"""One side of a case's arrow: a format's name and its options."""


@dataclass(frozen=True)
class Case:
    """One fence of a case file.

    ``expected`` is everything below the dot: the output, then the notices; it stands in the file at ``span``.
    """

    path: Path
    heading: str
    line: int
    reader: Side
    writer: Side
    given: str
    expected: str
    span: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.path.stem}:{self.line} {self.heading}"

    def outcome(self) -> str:
        """Convert what is given, and show output and notices as ``expected`` shows them."""
        notices = Notices(Source.of(_plain(self.given)))
        document = _read(self.given, self.reader, notices)
        output = _shown(_written(document, self.writer, notices).removesuffix("\n") + "\n")
        return ("" if output == "\n" else output) + "".join(map(_notice_line, notices))


def cases(folder: Path) -> list[Case]:
    """Give every case of the case files in and below a folder."""
    return [case for path in sorted(folder.rglob("*.md")) for case in _cases_of(path)]


def accept(outcomes: Iterable[tuple[Case, str]]) -> None:
    """Write what came of cases into their files, as what is expected from now on."""
    changed = sorted(outcomes, key=lambda pair: (pair[0].path, pair[0].span))
    for path, group in groupby(changed, key=lambda pair: pair[0].path):
        text = path.read_text("utf-8")
        for case, outcome in reversed(list(group)):
            text = text[: case.span[0]] + outcome + text[case.span[1] :]
        path.write_text(text, "utf-8")


# -- reading a case file -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A line of the file, with its number and its offset."""

    text: str
    number: int
    start: int


def _cases_of(path: Path) -> Iterator[Case]:
    heading = path.stem
    lines = iter(list(_lines(path.read_text("utf-8"))))
    for line in lines:
        if title := _HEADING.match(line.text):
            heading = title["title"].strip()
        elif fence := _FENCE.fullmatch(line.text):
            yield _case(path, heading, line.number, fence, list(_until_closed(lines, fence["ticks"], path)))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for number, line in enumerate(re.findall(r".*\n|.+", text), 1):
        yield _Line(line, number, start)
        start += len(line)


def _until_closed(lines: Iterator[_Line], ticks: str, path: Path) -> Iterator[_Line]:
    for line in lines:
        yield line
        if line.text.rstrip("\n") == ticks:
            return
    raise ValueError(f"{path}: a fence of {len(ticks)} backticks is not closed")


def _case(path: Path, heading: str, number: int, fence: re.Match[str], body: list[_Line]) -> Case:
    texts = list(map(attrgetter("text"), body))
    if _DOT not in texts:
        raise ValueError(f"{path}:{number}: the fence has no line with a single dot")
    dot = texts.index(_DOT)
    return Case(
        path,
        heading,
        number,
        _side(fence["reader"], path, number),
        _side(fence["writer"], path, number),
        "".join(texts[:dot]),
        "".join(texts[dot + 1 : -1]),
        (body[dot + 1].start, body[-1].start),
    )


def _side(text: str, path: Path, number: int) -> Side:
    found = _FORMAT.fullmatch(text)
    if not found:
        raise ValueError(f"{path}:{number}: no format: {text!r}")
    options = (option.partition("=") for option in (found["options"] or "").split(",") if option)
    return found["name"], {key.strip(): value.strip() for key, _, value in options}


# -- running a case ------------------------------------------------------------------------------


def _read(given: str, side: Side, notices: Notices) -> Document:
    name, options = side
    text = _plain(given)
    return read_notation(text) if name == NOTATION else wikicable.read(text, name, notices=notices, **options)


def _written(document: Document, side: Side, notices: Notices) -> str:
    name, options = side
    if name == NOTATION:
        return write_notation(document)
    name, _, file = name.partition("/")
    output = wikicable.write(document, name, notices=notices, **options)
    if isinstance(output, str):
        return output
    if file:
        with ZipFile(BytesIO(output)) as archive:
            output = archive.read(file)
    return output.decode("utf-8", "backslashreplace")


def _plain(shown: str) -> str:
    return shown.replace("␉", "\t").replace("␣", " ")


def _shown(text: str) -> str:
    return re.sub(" +$", lambda blanks: "␣" * len(blanks[0]), text.replace("\t", "␉"), flags=re.MULTILINE)


def _notice_line(notice: Notice) -> str:
    place = f" {notice.place.line}:{notice.place.column}" if notice.place else ""
    return f"2> {notice.kind} {notice.what}{place}\n"
