"""What release 2026-07-14 reads otherwise than the classic grammar, with its default syntax ``dw``.

Formatting neither begins with a blank nor ends with one, is never empty, and is closed in its paragraph and in what
holds it, else it is text (``inc/Parsing/Lexer/Lexer.php``: ``canEnter``; ``CloserPattern.php``).  A heading stands alone
on its line, a rule has no blanks, and a quote is a page of its own (``ParserMode/Header``, ``GfmHr``, ``GfmQuote``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, groupby

from wikicable.model import Block, BlockQuote, Inline, LineBreak, Node, Para, Plain, SoftBreak
from wikicable.notices import Notices
from wikicable.walk import rewrite
from wikicable_dokuwiki import lines
from wikicable_dokuwiki.blocks import paragraphs
from wikicable_dokuwiki.scanner import Match, Rule, Scanner
from wikicable_dokuwiki.substitutions import PROTECTED, span_end

_BLANKS = " \t\n\r\f\v"

# -- formatting ----------------------------------------------------------------------------------

_MARKS: Mapping[str, tuple[str, str]] = {
    "strong": ("**", "**"),
    "emphasis": ("//", "//"),
    "underline": ("__", "__"),
    "monospace": ("''", "''"),
    "subscript": ("<sub>", "</sub>"),
    "superscript": ("<sup>", "</sup>"),
    "deleted": ("<del>", "</del>"),
    "footnote": ("((", "))"),
}


def _ahead(mode: str, closing: str) -> re.Pattern[str]:
    """Make the pattern of what is looked for behind an opening: its closing, the paragraph's end, what hides either."""
    closer = re.escape(closing)
    if mode == "footnote":
        return re.compile(rf"(?P<closer>{closer})|<code|<file|<nowiki>|%%|\[\[|\{{\{{|://|<[\w!#$&*+/=?^`{{|}}~.-]+@")
    return re.compile(
        rf"(?P<end>\n[ \t]*\n)|(?P<closer>(?<=[^{_BLANKS}]){closer})"
        r"|<nowiki>|%%|\[\[|\{\{|://|<[\w!#$&*+/=?^`{|}~.-]+@"
    )


_AHEAD = {mode: _ahead(mode, closing) for mode, (_, closing) in _MARKS.items()}


def closer_of(scan: Scanner, mode: str, at: int) -> int | None:
    """Give the place where formatting that opens before ``at`` would be closed.

    What was found is remembered with the stretch for which it holds, so that no stretch is searched twice.
    """
    begin, end, found = scan.closers.get(mode, (0, -1, None))
    if begin <= at <= end:
        return found
    pos = at
    while ahead := _AHEAD[mode].search(scan.text, pos):
        if ahead.lastgroup == "closer":
            scan.closers[mode] = (at, ahead.start(), ahead.start())
            return ahead.start()
        if ahead.lastgroup == "end":
            scan.closers[mode] = (at, ahead.start(), None)
            return None
        pos = max(span_end(scan, ahead.start()), ahead.start() + 1)
    scan.closers[mode] = (at, len(scan.text), None)
    return None


def _can_open(scan: Scanner, mode: str, at: int) -> bool:
    """Whether formatting is closed before what holds it is."""
    closer = closer_of(scan, mode, at)
    if closer is None:
        return False
    around = next((name for name in _names(scan) if name in _MARKS), None)
    if around is None or around == mode:
        return True
    closes_around = closer_of(scan, around, at)
    return closes_around is None or closer <= closes_around


def _names(scan: Scanner) -> Iterator[str]:
    yield scan.mode.name
    yield from (mode.name for mode in reversed(scan.where))


def _entry(mode: str, classic: Match) -> Match:
    opening, _ = _MARKS[mode]
    unfit = _BLANKS if opening[0] == "<" else "" if mode == "footnote" else _BLANKS + opening[0]

    def match(scan: Scanner, at: int) -> bool:
        after = at + len(opening)
        if not scan.text.startswith(opening, at) or (scan.text[after : after + 1] in unfit and unfit):
            return False
        return _can_open(scan, mode, after) and classic(scan, at)

    return match


def _exit(classic: Match) -> Match:
    def match(scan: Scanner, at: int) -> bool:
        return scan.text[at - 1] not in _BLANKS and classic(scan, at)

    return match


# -- headings, rules, indented blocks --------------------------------------------------------------


def _header(scan: Scanner, at: int) -> bool:
    return scan.text[scan.blanks_before(at) - 1] == "\n" and lines.header(scan, at)


def _preformatted(scan: Scanner, found: re.Match[str]) -> bool:
    """Take an indented block; the line end behind it stays for what begins with it."""
    lines.preformatted_block(scan, found)
    if scan.text[scan.pos : scan.pos + 1] not in ("", *"\n \t"):
        scan.begin = scan.mark = scan.pos = scan.pos - 1
    return True


# -- quotes --------------------------------------------------------------------------------------

_QUOTE = re.compile(r"\n?>[^\n]*(?:\n>[^\n]*)*")
_PREFIX = re.compile(r"(?:> ?)+")


def _quote(scan: Scanner, found: re.Match[str]) -> bool:
    """Take a quote; the lines of one depth are a page without headings, each line end a line break."""
    whole = _QUOTE.match(scan.text, found.start())
    assert whole is not None
    stack: list[list[Block]] = [[]]
    start = whole.start() + whole[0].startswith("\n")
    for depth, rows in groupby(_rows(whole[0].removeprefix("\n"), start), key=lambda row: row[0]):
        _to_depth(stack, scan.bounded(depth, start - 1), start - 1)
        stack[-1] += _body(scan, [(at, text) for _, at, text in rows])
    _to_depth(stack, 0, start - 1)
    scan.take(whole.start(), whole.end())
    scan.items += stack[0]
    return True


def _line_quote(scan: Scanner, at: int) -> bool:
    """Take a quote whose line end is gone with what ended there."""
    found = _QUOTE.match(scan.text, at)
    return found is not None and scan.text[at - 1] == "\n" and _quote(scan, found)


def _rows(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Give each line's depth, the place of its text, and its text."""
    for line in text.split("\n"):
        prefix = _PREFIX.match(line)
        assert prefix is not None
        yield prefix[0].count(">"), start + prefix.end(), line[prefix.end() :]
        start += len(line) + 1


def _to_depth(stack: list[list[Block]], depth: int, at: int) -> None:
    while len(stack) - 1 < depth:
        stack.append([])
    while len(stack) - 1 > depth:
        inner = stack.pop()
        stack[-1].append(BlockQuote(tuple(inner), at=at))


def _body(scan: Scanner, rows: list[tuple[int, str]]) -> list[Block]:
    inner = Scanner("\n".join(text for _, text in rows), scan.modes, scan.conf, Notices())
    inner.mode = scan.modes["quote"]
    inner.in_note = scan.in_note
    starts = list(accumulate((len(text) + 1 for _, text in rows), initial=0))[:-1]

    def placed(node: Node) -> Node:
        if node.at is None:
            return node
        row = max(0, bisect_right(starts, node.at) - 1)
        return replace(node, at=rows[row][0] - 1 + node.at - starts[row])

    return [each for block in _flattened(paragraphs(inner.scan())) for each in [placed(rewrite(block, placed))]]  # type: ignore[misc]


def _flattened(blocks: Iterable[Block]) -> list[Block]:
    """Make line breaks of paragraphs: each begins with one and ends with one, save at the quote's own edges."""
    out: list[Block] = []
    run: list[Inline] = []
    for block in blocks:
        if isinstance(block, Para):
            run += [LineBreak(), *(LineBreak() if isinstance(each, SoftBreak) else each for each in block.content)]
            run.append(LineBreak())
        else:
            out += [Plain(tuple(run), at=run[-2].at)] if run else []
            out.append(block)
            run = []
    out += [Plain(tuple(run))] if run else []
    return _without_outer_breaks(out)


def _without_outer_breaks(blocks: list[Block]) -> list[Block]:
    if blocks and isinstance(first := blocks[0], Plain):
        blocks[0] = Plain(first.content[1:], at=first.at)
    if blocks and isinstance(last := blocks[-1], Plain):
        blocks[-1] = Plain(last.content[:-1], at=last.at)
    return [block for block in blocks if block != Plain(())]


# -- the whole -----------------------------------------------------------------------------------

_STARTS = lines.LineStarts(
    re.compile(
        r"\n(?:(?P<listblock> {2,}[-*]|\t+[-*])|(?P<preformatted>  |\t)|(?P<table>[|^])"
        r"|(?P<hr>-{4,}(?=\n))|(?P<quote>>))"
    ),
    {**lines.CLASSIC.takers, "preformatted": _preformatted, "quote": _quote},
)
_IN_QUOTE = lines.LineStarts(re.compile(_STARTS.pattern.pattern.replace("|(?P<quote>>)", "")), {**_STARTS.takers})
_REPLACED: Mapping[tuple[str, str], Match] = {
    ("base", "header"): _header,
    ("base", "eol"): lines.eol_of(_STARTS),
    ("footnote", "line"): lines.line_start_of(_STARTS),
}
_MORE: Mapping[str, tuple[Rule, ...]] = {
    "base": (Rule("quote", 220, (">",), _line_quote),),
    "quote": (*PROTECTED, Rule("eol", 10, ("\n",), lines.eol_of(_IN_QUOTE))),
}
_GONE = {("quote", name) for name in ("preformatted", "line", "code", "file")}


def of_2026(mode: str, rules: Iterable[Rule]) -> list[Rule]:
    """Give the rules of a mode, those of the classic grammar replaced."""
    kept = [_changed(mode, rule) for rule in rules if (mode, rule.name) not in _GONE]
    return [*kept, *_MORE.get(mode, ())]


def _changed(mode: str, rule: Rule) -> Rule:
    if rule.name in _MARKS:
        return replace(rule, match=_entry(rule.name, rule.match))
    if rule.name == "exit" and mode in _MARKS and mode != "footnote":
        return replace(rule, match=_exit(rule.match))
    return replace(rule, match=_REPLACED.get((mode, rule.name), rule.match))
