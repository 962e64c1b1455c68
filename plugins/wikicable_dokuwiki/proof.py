"""Escapes where they are needed, and only there.

The writer puts down pieces: markup, and text that is to stay text.  The page is then read again by the
scanner; a token that begins where the writer put text is an accident and gets ``%%`` around it, and so does the
text before markup that the scanner did not see.  Text in which nothing could be markup is never looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal, TypeAlias

from wikicable.notices import Notices
from wikicable.wikiconf import WikiConf
from wikicable_dokuwiki.scanner import Mode, Scanner

Kind: TypeAlias = Literal["text", "token", "layout"]

MAX_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the page: text, a token of markup, or layout such as line ends and what is in a link.

    ``fallback`` is what a token is written as where the scanner does not take it as a whole.
    """

    text: str
    kind: Kind = "text"
    fallback: str = ""


_RISK = re.compile(
    r"([*/_'%()\[\]{}~\\=-])\1|[<>|^]|:/|[wW]\.|[fF][tT][pP]?\.|[:;8]-|=\)|m\(|[ \t]{2}|\t"
    r"|[*/_'(\\%\[{:+]$|^[-*/_')%\]}+]|\\$"
)
"""What text must have for anything in it to be DokuWiki's own markup, be it together with what is beside it."""


def proven(pieces: list[Piece], conf: WikiConf, modes: Mapping[str, Mode]) -> str:
    """Join the pieces so that DokuWiki, whose modes these are, takes text for text and markup for markup."""
    if not _is_risky(pieces, modes["base"].stops):
        return _joined(pieces)
    for number in range(MAX_ROUNDS):
        accidents = list(_accidents(pieces, conf, modes, every=number == MAX_ROUNDS - 1))
        if not accidents:
            break
        pieces = _mended(pieces, accidents)
    return _joined(pieces)


def _is_risky(pieces: list[Piece], stops: re.Pattern[str]) -> bool:
    """Whether anything could be read otherwise than it was meant; a bare URL runs on in the text around it."""
    before = after_bare = ""
    for piece in pieces:
        if after_bare and piece.text and not piece.text[0].isspace():
            return True
        if piece.kind == "text" and (_RISK.search(piece.text) or stops.search(piece.text)):
            return True
        if piece.fallback and before[-1:].isalnum():
            return True
        after_bare = piece.fallback or (after_bare if not piece.text else "")
        before = piece.text or before
    return False


def _joined(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


# -- finding accidents ---------------------------------------------------------------------------


class _Proof(Scanner):
    """A scanner that remembers its tokens: where they begin and end, and how deep they stand."""

    __slots__ = ("tokens",)

    def __init__(self, text: str, modes: Mapping[str, Mode], conf: WikiConf) -> None:
        super().__init__(text, modes, conf, Notices())
        self.tokens: list[tuple[int, int, int]] = []

    def take(self, start: int, end: int) -> None:
        self.tokens.append((start - 1, end - 1, len(self.where)))
        super().take(start, end)


@dataclass(frozen=True, slots=True)
class _Accident:
    """A stretch of a piece of text to escape, or a token to write in its other form."""

    piece: int
    start: int
    end: int


def _accidents(pieces: list[Piece], conf: WikiConf, modes: Mapping[str, Mode], *, every: bool) -> Iterator[_Accident]:
    """Give the accidents, one for each stretch that a false token opens, unless every one is asked for."""
    starts = list(accumulate((len(piece.text) for piece in pieces), initial=0))
    proof = _Proof(_joined(pieces), modes, conf)
    proof.scan()
    false_depth: int | None = None
    seen = 0
    for start, end, depth in proof.tokens:
        if false_depth is not None and depth > false_depth and not every:
            seen = max(seen, end)
            continue
        false_depth = None
        if missed := _missed(pieces, starts, seen, start):
            yield missed
        seen = max(seen, end)
        if found := _false_token(pieces, starts, start, end):
            false_depth = depth
            yield found
        elif broken := _broken_token(pieces, starts, start, end):
            yield broken


def _false_token(pieces: list[Piece], starts: list[int], start: int, end: int) -> _Accident | None:
    """Find the text in a token that begins in text, or in layout and reaches into text."""
    number = max(0, bisect_right(starts, max(start, 0)) - 1)
    while number < len(pieces) and starts[number] < end:
        piece = pieces[number]
        if piece.kind == "text" and piece.text:
            begin = max(start, starts[number])
            return _Accident(number, begin - starts[number], min(end - starts[number], len(piece.text)))
        if piece.kind == "token":
            return None
        number += 1
    return None


def _broken_token(pieces: list[Piece], starts: list[int], start: int, end: int) -> _Accident | None:
    """Find a token with another form that the scanner took in part, or took too much for."""
    number = bisect_right(starts, start) - 1
    while number < len(pieces) and starts[number] == start and not pieces[number].text:
        number += 1
    if number >= len(pieces) or starts[number] != start or not pieces[number].fallback:
        return None
    return None if starts[number + 1] == end else _Accident(number, 0, 0)


def _missed(pieces: list[Piece], starts: list[int], begin: int, end: int) -> _Accident | None:
    """Find the text before a token that stands between two tokens of the scanner and was not taken."""
    for number in range(max(0, bisect_right(starts, begin) - 1), len(pieces)):
        if starts[number] >= end:
            return None
        piece = pieces[number]
        if piece.kind != "token" or starts[number] < begin or not piece.text:
            continue
        if piece.fallback:
            return _Accident(number, 0, 0)
        before = number - 1
        if before >= 0 and pieces[before].kind == "text" and pieces[before].text:
            width = len(pieces[before].text)
            return _Accident(before, max(0, width - 2), width)
    return None


# -- mending them --------------------------------------------------------------------------------

_WHOLE = re.compile(r"[0-9A-Za-z]|</?[a-z]+>?")
"""What is escaped as a whole: a URL, a tag; of other markup the mark is enough."""


def _mended(pieces: list[Piece], accidents: list[_Accident]) -> list[Piece]:
    by_piece: dict[int, list[_Accident]] = {}
    for accident in accidents:
        by_piece.setdefault(accident.piece, []).append(accident)
    out: list[Piece] = []
    for number, piece in enumerate(pieces):
        if number not in by_piece:
            out.append(piece)
        elif piece.fallback:
            out.append(Piece(piece.fallback, "token"))
        else:
            out.extend(_escaped(piece, by_piece[number]))
    return out


def _escaped(piece: Piece, accidents: list[_Accident]) -> Iterator[Piece]:
    """Split a piece of text so that each accident stands in literal markup."""
    done = 0
    for accident in sorted(accidents, key=lambda each: each.start):
        start = max(done, accident.start)
        end = accident.end
        whole = _WHOLE.match(piece.text, start)
        if whole and whole[0][0] == "<":
            end = max(end, whole.end())
        elif not whole:
            end = min(end, start + max(2, _run_length(piece.text, start)))
        if end <= start:
            continue
        yield replace(piece, text=piece.text[done:start])
        yield Piece(literal(piece.text[start:end]), "token")
        done = end
    yield replace(piece, text=piece.text[done:])


def _run_length(text: str, start: int) -> int:
    """Count how often the character at ``start`` stands there in a row."""
    return len(text) - start - len(text[start:].lstrip(text[start : start + 1]))


def literal(text: str) -> str:
    """Write text so that DokuWiki looks for nothing in it."""
    if "%%" not in text and text[:1] != "%" and text[-1:] != "%":
        return f"%%{text}%%"
    if "</nowiki>" not in text:
        return f"<nowiki>{text}</nowiki>"
    head, _, tail = text.partition("</nowiki>")
    return literal(head) * bool(head) + "%%</nowiki>%%" + literal(tail) * bool(tail)
