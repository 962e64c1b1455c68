"""One pass over a page with a stack of modes, as DokuWiki's lexer makes it.

The scanner stops at the next place at which some rule of the current mode could begin and asks the rules of
that character, the one with the lowest sort number first.  What a rule takes becomes an item of what is open;
what no rule takes is text.  ``modes.py`` holds the rules, ``blocks.py`` builds blocks from the items.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TypeAlias

from wikicable.model import Block, Inline, SoftBreak, Str
from wikicable.notices import Notices
from wikicable.values import Value, frozen
from wikicable.wikiconf import WikiConf

SOFT_BREAK = SoftBreak()
MAX_DEPTH = 50
"""Markup nested deeper than this is text; a notice says so.  Browsers stop at 512 elements."""

WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
"""What ``\\w`` means to DokuWiki, whose patterns see bytes."""


class Mark(Enum):
    """Items that are no nodes: what the second pass needs to know of a paragraph or a table cell."""

    EOL = "the end of a line outside any other markup"
    ROWSPAN = "::: in a table cell"


class Blanks(str):
    """Two blanks or more, or a tab, at an edge of a table cell: an item that is no node."""

    __slots__ = ()


Item: TypeAlias = Inline | Block | Mark | Blanks
Match: TypeAlias = "Callable[[Scanner, int], bool]"
Build: TypeAlias = "Callable[[Frame, Scanner], Iterable[Item]]"


@frozen
class Rule(Value):
    """A pattern of the grammar, tried in a mode that accepts it.

    ``begins`` are regular expressions, each starting with a literal character, one of which is found where
    the pattern could match; ``match`` is then called with that place.
    """

    name: str
    sort: int
    begins: tuple[str, ...]
    match: Match


class Mode:
    """The rules of one mode, made ready for scanning."""

    __slots__ = ("name", "rules", "stops")

    def __init__(self, name: str, rules: Iterable[Rule]) -> None:
        ordered = sorted(rules, key=lambda rule: rule.sort)
        self.name = name
        self.stops = re.compile("|".join(_shortest({begin for rule in ordered for begin in rule.begins})))
        by_char: dict[str, dict[str, Match]] = {}
        for rule in ordered:
            for begin in rule.begins:
                by_char.setdefault(begin[1] if begin[0] == "\\" else begin[0], {})[rule.name] = rule.match
        self.rules: Mapping[str, tuple[Match, ...]] = {char: tuple(each.values()) for char, each in by_char.items()}


def _shortest(begins: Iterable[str]) -> list[str]:
    """Leave out each pattern that begins with another one, which stops wherever it would."""
    kept: list[str] = []
    for begin in sorted(begins):
        if not kept or not begin.startswith(kept[-1]):
            kept.append(begin)
    return kept


class Modes(dict[str, Mode]):
    """The modes of a grammar; each is made ready when it is first entered."""

    def __init__(self, rules_of: Callable[[str], Iterable[Rule]]) -> None:
        super().__init__()
        self._rules_of = rules_of

    def __missing__(self, name: str) -> Mode:
        mode = self[name] = Mode(name, self._rules_of(name))
        return mode


class Frame:
    """Markup that is open: where its node goes, its content so far, and what makes the node of it.

    ``closer`` names what closes it: of several that one token may close, the innermost one is.
    ``is_cut`` says that a footnote's end closed it, and not what ends it by itself.
    """

    __slots__ = ("at", "build", "closer", "entries", "is_closed", "is_cut", "outer")

    def __init__(self, build: Build, closer: str, outer: list[Item], at: int) -> None:
        self.build = build
        self.closer = closer
        self.outer = outer
        self.at = at
        self.is_closed = self.is_cut = False
        self.entries: list[tuple[str, list[Item]]] = []


class Scanner:
    """The state of one pass.

    ``text`` is the page between two line ends, as DokuWiki pads it; an offset in the source is one less.
    ``begin`` is where text not yet put down begins, ``mark`` where the last token ended: for a pattern that looks
    back, the text begins there.
    """

    __slots__ = (
        "begin", "closers", "conf", "frames", "in_note", "items", "lasts", "line_memo", "mark", "matches",
        "mode", "modes", "nexts", "notices", "opened", "pos", "said", "sees_tokens", "text", "where",
    )  # fmt: skip

    def __init__(self, text: str, modes: Mapping[str, Mode], conf: WikiConf, notices: Notices) -> None:
        self.text = "\n" + text + "\n"
        self.modes = modes
        self.conf = conf
        self.notices = notices
        self.begin = self.mark = self.pos = 0
        self.mode = modes["base"]
        self.where: list[Mode] = []
        self.opened: list[Frame | None] = []
        self.frames: list[Frame] = []
        self.items: list[Item] = []
        self.in_note = False
        self.lasts: dict[str, int] = {}
        self.nexts: dict[str, int] = {}
        self.matches: dict[str, re.Match[str] | None] = {}
        self.said: set[str] = set()
        self.closers: dict[str, tuple[int, int, int | None]] = {}
        self.sees_tokens = conf.release != "2025"
        self.line_memo = (0, False)

    def scan(self) -> list[Item]:
        """Go through the whole page; give the items of its outermost level."""
        text = self.text
        while found := self.mode.stops.search(text, self.pos):
            at = found.start()
            for match in self.mode.rules[text[at]]:
                if match(self, at):
                    break
            else:
                self.pos = at + 1
        end = len(text.rstrip("\n") if self.frames else text)
        self.take(max(end, self.begin), len(text))
        while self.frames:
            self._close_frame()
        return self.items

    # -- tokens ----------------------------------------------------------------------------------

    def take(self, start: int, end: int) -> None:
        """End the text before a token that stands from ``start`` to ``end``."""
        if start > self.begin:
            self._put_text(start)
        self.begin = self.mark = self.pos = end

    def put(self, item: Item, start: int, end: int) -> bool:
        """Take a token and put an item in its place."""
        self.take(start, end)
        self.items.append(item)
        return True

    def keep(self, end: int) -> bool:
        """Take a token up to ``end`` that stays part of the text around it."""
        self.mark = self.pos = end
        return True

    def _put_text(self, end: int) -> None:
        piece = self.text[self.begin : end]
        if "\n" not in piece:
            self.items.append(Str(piece, at=self.begin - 1))
            return
        at = self.begin - 1
        for number, line in enumerate(piece.split("\n")):
            if number:
                self.items.append(SOFT_BREAK)
            if line:
                self.items.append(Str(line, at=at))
            at += len(line) + 1

    # -- looking ahead and back ------------------------------------------------------------------

    def is_ahead(self, closer: str, at: int) -> bool:
        """Whether ``closer`` stands anywhere from ``at`` on; each closer is searched once a page."""
        last = self.lasts.get(closer)
        if last is None:
            last = self.lasts[closer] = self.text.rfind(closer)
        return last >= at

    def find(self, token: str, at: int) -> int:
        """Give the place where ``token`` stands next, or -1; asked place after place, the page is searched once."""
        found = self.nexts.get(token, at - 1)
        if -1 < found < at or token not in self.nexts:
            found = self.nexts[token] = self.text.find(token, at)
        return found

    def search(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        """Give the next match of a pattern; asked place after place, the page is searched once."""
        found = self.matches.get(pattern.pattern)
        if pattern.pattern not in self.matches or (found and found.start() < at):
            found = self.matches[pattern.pattern] = pattern.search(self.text, at)
        return found

    def before(self, at: int) -> str:
        """Give the character before ``at`` as a pattern sees it: classic ones see nothing just behind a token."""
        return "" if at == self.mark and not self.sees_tokens else self.text[at - 1]

    def is_boundary(self, at: int) -> bool:
        """Whether no word character stands just before ``at``."""
        return self.before(at) not in WORD

    def blanks_before(self, at: int) -> int:
        """Give the place where the blanks before ``at`` begin, after the last token."""
        start = at
        while start > self.mark and self.text[start - 1] in " \t":
            start -= 1
        return start

    # -- modes -----------------------------------------------------------------------------------

    def open(self, mode: str, build: Build, start: int, end: int, closer: str = "") -> bool:
        """Enter a mode by a token that stands from ``start`` to ``end``; too deep a nesting is refused."""
        if len(self.where) >= MAX_DEPTH:
            self.say_too_deep(start - 1)
            return False
        self.take(start, end)
        frame = Frame(build, closer, self.items, start - 1)
        self.frames.append(frame)
        self.items = []
        self.enter(mode, frame)
        return True

    def say_too_deep(self, at: int) -> None:
        """Give notice, once a page, that markup is nested deeper than is read."""
        if "depth" not in self.said:
            self.said.add("depth")
            self.notices.changed("nesting.depth", at, f"markup is nested deeper than {MAX_DEPTH} levels")

    def bounded(self, depth: int, at: int) -> int:
        """Give a depth that is read: the one asked for, or the greatest there is."""
        if depth > MAX_DEPTH:
            self.say_too_deep(at)
        return min(depth, MAX_DEPTH)

    def enter(self, mode: str, frame: Frame | None) -> None:
        """Enter a mode; without a frame it only changes which rules hold."""
        self.where.append(self.mode)
        self.opened.append(frame)
        self.mode = self.modes[mode]

    def leave(self) -> Frame | None:
        """Leave the mode; give its frame, or where a footnote's end closed that one, what else its end closes."""
        self.mode = self.where.pop()
        frame = self.opened.pop()
        if frame is None or not frame.is_closed:
            return frame
        around = next((each for each in reversed(self.frames) if each.closer in ("", frame.closer)), None)
        return around if around and around.closer else None

    def close(self, start: int, end: int) -> bool:
        """Leave the mode by a token that stands from ``start`` to ``end`` and put its node down."""
        self.take(start, end)
        if frame := self.leave():
            self.close_to(frame)
        return True

    def close_to(self, frame: Frame) -> None:
        """Close a frame and what is still open in it."""
        while not frame.is_closed:
            self._close_frame()

    def cut_to(self, frame: Frame) -> None:
        """Close a frame by a token that does not end what is still open in it, though it closes that too."""
        for inner in self.frames[self.frames.index(frame) + 1 :]:
            inner.is_cut = True
        self.close_to(frame)

    def next_entry(self, token: str, start: int, end: int) -> bool:
        """Begin the next item, cell or line of the list, table or quote that is open."""
        self.take(start, end)
        frame = self.opened[-1]
        if frame and not frame.is_closed:
            self.items = []
            frame.entries.append((token, self.items))
        return True

    def _close_frame(self) -> None:
        frame = self.frames.pop()
        frame.is_closed = True
        if not frame.entries:
            frame.entries.append(("", self.items))
        self.items = frame.outer
        self.items.extend(frame.build(frame, self))
