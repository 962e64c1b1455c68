"""What begins with a line: lists, tables, quotes, indented blocks, rules, headings; and the line's end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from wikicable.model import At, CodeBlock, Header, HorizontalRule, RawBlock, Str
from wikicable.values import Value, frozen
from wikicable_dokuwiki import blocks
from wikicable_dokuwiki.scanner import Blanks, Build, Mark, Match, Scanner
from wikicable_dokuwiki.substitutions import ends_typeset
from wikicable_dokuwiki.targets import BLANKS

# -- line ends -----------------------------------------------------------------------------------

_INDENTED = re.compile(r"(?:\n(?:  |\t)[^\n]*)+")
_INDENT = re.compile(r"\n(?:  |\t)")
_ITEM = re.compile(r"\n(?: {2,}|\t+)[-*]")
_QUOTED = re.compile(r"\n>+")
_INDENTED_IN_TABLE = re.compile(r"\n(?:  |\t)(?![-*])")
_OPENS_LINE = frozenset(" \t|^->")
_LINE_EDGE = ("", "\n")
_LED_BY_BLANKS = ("listblock", "table")


@frozen
class LineStarts(Value):
    """What a line may begin with: a pattern from the line end before it on, and by the group found what takes it."""

    pattern: re.Pattern[str]
    takers: Mapping[str, Callable[[Scanner, re.Match[str]], bool]]


def eol_of(starts: LineStarts) -> Match:
    """Take what a line begins with, or else its end; a line of blanks is no text and hides what needs its end."""
    line_start, pattern, takers = line_start_of(starts), starts.pattern, starts.takers

    def eol(scan: Scanner, at: int) -> bool:
        lead = scan.blanks_before(at)
        if lead == at or not _is_edge(scan, lead, at):
            return line_start(scan, at) or scan.put(Mark.EOL, at, at + 1)
        found = pattern.match(scan.text, at)
        if found and found.lastgroup in _LED_BY_BLANKS and takers[found.lastgroup](scan, found):
            return True
        if scan.begin == lead and (not scan.items or scan.items[-1] is Mark.EOL):
            scan.begin = at
        return scan.put(Mark.EOL, at, at + 1)

    return eol


def _is_edge(scan: Scanner, lead: int, at: int) -> bool:
    """Whether the blanks before a line's end begin the line, or stand behind a token: for a pattern it begins there."""
    if scan.before(lead) in _LINE_EDGE:
        return True
    return scan.text[at + 1 : at + 2] in _OPENS_LINE and ends_typeset(scan, lead)


def line_start_of(starts: LineStarts) -> Match:
    """Take the line end before a list, an indented block, a table, a rule or a quote."""
    pattern, takers = starts.pattern, starts.takers

    def line_start(scan: Scanner, at: int) -> bool:
        if scan.text[at + 1 : at + 2] not in _OPENS_LINE:
            return False
        found = pattern.match(scan.text, at)
        return found is not None and takers[found.lastgroup or ""](scan, found)

    return line_start


def _list_start(scan: Scanner, found: re.Match[str]) -> bool:
    start = scan.blanks_before(found.start())
    return _open_entries(scan, "listblock", blocks.lists, start, found.end())


def _table_start(scan: Scanner, found: re.Match[str]) -> bool:
    start = scan.blanks_before(found.start())
    return _open_entries(scan, "table", blocks.table, start, found.end())


def _quote_start(scan: Scanner, found: re.Match[str]) -> bool:
    return _open_entries(scan, "quote", blocks.quote, found.start(), found.end())


def _open_entries(scan: Scanner, mode: str, build: Build, start: int, end: int) -> bool:
    token = scan.text[start:end]
    if not scan.open(mode, build, start, end):
        return False
    scan.frames[-1].at += token.index("\n") + 1  # it stands on the line that it begins, not on the one before
    return scan.next_entry(token, end, end)


def _hr(scan: Scanner, found: re.Match[str]) -> bool:
    return scan.put(HorizontalRule(at=found.start()), found.start(), found.end())


def preformatted_block(scan: Scanner, found: re.Match[str]) -> bool:
    """Take an indented block; the line end behind it goes with it and ends the paragraph."""
    at = found.start()
    whole = _INDENTED.match(scan.text, at)
    assert whole is not None
    text = _INDENT.sub("\n", whole[0])[1:]
    scan.take(at, whole.end() + 1)
    if text.strip(BLANKS):
        place = At(at, indent="\t") if whole[0][1] == "\t" else at
        scan.items.append(CodeBlock(text, kind="indented", at=place))
    scan.items += [Mark.EOL, Mark.EOL]
    return True


CLASSIC = LineStarts(
    re.compile(
        r"\n(?:(?P<listblock> {2,}[-*]|\t+[-*])|(?P<preformatted>  |\t)|(?P<table>[|^])"
        r"|(?P<hr>[ \t]*-{4,}[ \t]*(?=\n))|(?P<quote>>+))"
    ),
    {
        "listblock": _list_start,
        "preformatted": preformatted_block,
        "table": _table_start,
        "hr": _hr,
        "quote": _quote_start,
    },
)
eol = eol_of(CLASSIC)
line_start = line_start_of(CLASSIC)


def preformatted(scan: Scanner, at: int) -> bool:
    """Take an indented block in a table or a quote."""
    found = _INDENTED_IN_TABLE.match(scan.text, at)
    return found is not None and preformatted_block(scan, found)


def list_item(scan: Scanner, at: int) -> bool:
    """Begin the next item, or end the list with the line."""
    if found := _ITEM.match(scan.text, at):
        return scan.next_entry(found[0], at, found.end())
    return scan.close(at, at + 1)


def quote_line(scan: Scanner, at: int) -> bool:
    """Begin the next line of the quote, or end it with the line."""
    if found := _QUOTED.match(scan.text, at):
        return scan.next_entry(found[0], at, found.end())
    return scan.close(at, at + 1)


# -- headings ------------------------------------------------------------------------------------


def header(scan: Scanner, at: int) -> bool:
    """Take a heading: two or more ``=`` on both sides, up to the end of the line, begun anywhere in it."""
    end, closes = scan.line_memo
    if at >= end:
        end = scan.text.find("\n", at)
        closes = scan.text[at:end].rstrip(" \t").endswith("==")
        scan.line_memo = (end, closes)
    line = scan.text[at:end].strip(" \t") if closes else ""
    if len(line) < 5 or not line.startswith("=="):
        return False
    level = max(1, 7 - (len(line) - len(line.lstrip("="))))
    return scan.put(_heading(line, level, at - 1), scan.blanks_before(at), end)


def _heading(line: str, level: int, at: int) -> Header | RawBlock:
    """Make a heading, which knows the blanks around its text if these are alike on both sides and not one each."""
    inside = line.strip("=")
    title = inside.strip(BLANKS)
    if not title:
        return RawBlock("dokuwiki", line, at=at)
    before, _, behind = inside.partition(title)
    return Header(level, (Str(title),), at=At(at, indent=before) if before == behind != " " else at)


# -- tables --------------------------------------------------------------------------------------

_BLANK_RUN = re.compile(r"[ \t]+")
_ROWSPAN = re.compile(r":::[ \t]*(?=[|^])")


def table_row(scan: Scanner, at: int) -> bool:
    """Begin the next row, or end the table with the line."""
    token = scan.text[at : at + 2]
    if token in ("\n|", "\n^"):
        return scan.next_entry(token, at, at + 2)
    return scan.close(at, at + 1)


def table_cell(scan: Scanner, at: int) -> bool:
    """Begin the next cell."""
    return scan.next_entry(scan.text[at], at, at + 1)


def table_align(scan: Scanner, at: int) -> bool:
    """Take a run of blanks; it aligns the cell where the cell begins or ends with it."""
    found = _BLANK_RUN.match(scan.text, at)
    assert found is not None
    end = found.end()
    if scan.text.startswith(":::", end) and table_rowspan(scan, end):
        return True
    if _is_cell_start(scan, at) or scan.text[end] in "|^" or _is_over(scan):
        return _put_mark(scan, Blanks(found[0]), at, end)
    return scan.keep(end)


def table_rowspan(scan: Scanner, at: int) -> bool:
    """Take ``:::`` as all there is in a cell."""
    found = _ROWSPAN.match(scan.text, at)
    if not found:
        return False
    start = scan.blanks_before(at)
    if _is_cell_start(scan, start) or _is_over(scan):
        return _put_mark(scan, Mark.ROWSPAN, start, found.end())
    return scan.keep(found.end())


def _put_mark(scan: Scanner, mark: Mark | Blanks, start: int, end: int) -> bool:
    """Put a mark of a cell; where the table is over, it is no text either."""
    scan.take(start, end)
    if not _is_over(scan):
        scan.items.append(mark)
    return True


def _is_over(scan: Scanner) -> bool:
    """Whether a footnote's end has closed the table whose rows still go on."""
    frame = scan.opened[-1]
    return frame is not None and frame.is_closed


def _is_cell_start(scan: Scanner, at: int) -> bool:
    return not scan.items and scan.begin == at
