"""The rules by which the scanner reads plugins' syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple, assert_never, get_args

from wikicable.model import Div, Figure, Inline, Macro, Node, Str
from wikicable_dokuwiki import blocks
from wikicable_dokuwiki.scanner import Blanks, Frame, Item, Mark, Match, Rule, Scanner
from wikicable_dokuwiki.syntax import Call, Container, Content, Entry, Holds, Leaf, Pattern, Syntax, Type

ALLOWED: Mapping[str, frozenset[Type]] = {
    "base": frozenset(get_args(Type)),
    "footnote": frozenset(get_args(Type)),
    **dict.fromkeys(("listblock", "quote", "table"), frozenset(get_args(Type)) - {"container"}),
}
"""The types of plugins whose syntax holds in DokuWiki's own modes; formatting allows what ``ALLOWED_IN_LINE`` says."""

ALLOWED_IN_LINE: frozenset[Type] = frozenset(("formatting", "substition", "disabled"))

_ALLOWED_BY_CONTAINERS: Mapping[Holds, frozenset[Type]] = {
    "blocks": ALLOWED["base"],
    "line": ALLOWED["listblock"],
    "inlines": ALLOWED_IN_LINE,
}

_IN_LINE = frozenset(get_args(Inline))


def mode_of(container: Container) -> str:
    """Name the mode of a container's content; containers of one class may have different tokens."""
    return f"plugin {container.opening}"


class Door(NamedTuple):
    """A pattern of a plugin and the rule that takes it, or opens its mode."""

    pattern: Pattern
    rule: Rule


def doors(syntaxes: Iterable[Syntax]) -> list[Door]:
    """Give the rules by which plugins' syntax begins."""
    return [Door(pattern, _rule(pattern)) for syntax in syntaxes for pattern in syntax.patterns]


def rules_for(mode: str, doors: Iterable[Door]) -> list[Rule]:
    """Give the rules of plugins' syntax in one of DokuWiki's own modes."""
    allowed = ALLOWED.get(mode, ALLOWED_IN_LINE)
    return [door.rule for door in doors if door.pattern.type in allowed]


def inner_rules(container: Container, doors: Iterable[Door]) -> list[Rule]:
    """Give the rules of plugins' syntax in a container: its end, what divides it, and what may stand in it."""
    allowed = _ALLOWED_BY_CONTAINERS[container.holds]
    inner = [door.rule for door in doors if door.pattern.type in allowed]
    if not container.nests:
        inner = [rule for rule in inner if rule.name != mode_of(container)]
    return [*_dividers(container), _exit(container), *inner]


def _rule(pattern: Pattern) -> Rule:
    match pattern:
        case Container(opening=opening):
            return _guarded(mode_of(pattern), pattern.sort, opening, _container(pattern))
        case Leaf(opening=opening):
            return _guarded(f"leaf {opening}", pattern.sort, opening, _leaf(pattern))
        case Call():
            return _call(pattern)
    assert_never(pattern)


def _guarded(name: str, sort: int, opening: str, match: Match) -> Rule:
    """Give a rule that compiles its pattern only where a text has the characters which the pattern begins with."""
    begin = _begin(opening)
    literal = re.sub(r"\\(.)", r"\1", begin)

    def guarded(scan: Scanner, at: int) -> bool:
        return scan.text.startswith(literal, at) and match(scan, at)

    return Rule(name, sort, (begin,), guarded)


def _exit(container: Container) -> Rule:
    closing = container.closing

    def match(scan: Scanner, at: int) -> bool:
        return scan.text.startswith(closing, at) and scan.close(at, at + len(closing))

    return Rule("exit", container.sort, (re.escape(closing),), match)


def _dividers(container: Container) -> Iterator[Rule]:
    if not container.divider:
        return

    def match(scan: Scanner, at: int) -> bool:
        found = re.compile(container.divider).match(scan.text, at)
        return found is not None and scan.next_entry(found[0], at, found.end())

    yield Rule("divider", container.sort - 1, (_begin(container.divider),), match)


_BEGIN = re.compile(r"(?:(?:\\[^\w\s]|\\n|[^\\.^$*+?{}\[\]|()])(?![*+?{]))+")


def _begin(pattern: str) -> str:
    """Give the literal characters that a pattern begins with, as a pattern."""
    found = _BEGIN.match(pattern)
    if not found:
        raise ValueError(f"the syntax of a plugin begins with a literal character, not so {pattern!r}")
    return found[0].replace("\\n", "\n")


# -- calls and leaves ----------------------------------------------------------------------------


def _call(call: Call) -> Rule:
    if call.name.startswith("~~"):
        return _guarded(f"call {call.name}", call.sort, re.escape(call.name), _macro(call.name))
    token = call.name + ">"

    def match(scan: Scanner, at: int) -> bool:
        name_at = at + 2 + scan.text.startswith(" ", at + 2)
        return scan.text.startswith(token, name_at) and verbatim(scan, at, name_at + len(token))

    return Rule(f"call {call.name}", call.sort, (rf"\{{\{{ ?{re.escape(token)}",), match)


def _macro(name: str) -> Match:
    def match(scan: Scanner, at: int) -> bool:
        found = re.compile(rf"{re.escape(name)}\b[^~\n]*~~").match(scan.text, at)
        return found is not None and verbatim(scan, at, found.end())

    return match


def verbatim(scan: Scanner, at: int, after: int) -> bool:
    """Keep a call as it stands; one that is no ``~~NAME~~`` ends at the next ``}}``."""
    if not scan.text.startswith("~~", at):
        if not scan.is_ahead("}}", after):
            return False
        after = scan.text.find("}}", after) + 2
    return scan.put(Macro(scan.text[at:after], at=at - 1), at, after)


def _leaf(leaf: Leaf) -> Match:
    def match(scan: Scanner, at: int) -> bool:
        found = re.compile(leaf.opening).match(scan.text, at)
        end = scan.search(re.compile(leaf.closing), found.end()) if found and leaf.closing else found
        if not end or (leaf.in_paragraph and -1 < scan.find("\n\n", at) < end.start()):
            return False
        node = leaf.read(scan.text[at : end.end()])
        if node is None:
            return False
        scan.take(at, end.end())
        scan.items.append(_placed(scan, replace(node, at=at - 1), (at, end.end()), leaf.lines))
        return True

    return match


# -- containers ----------------------------------------------------------------------------------


class _Build:
    """Makes the node of a container that is closed."""

    __slots__ = ("container",)

    def __init__(self, container: Container) -> None:
        self.container = container

    def __call__(self, frame: Frame, scan: Scanner) -> Iterable[Item]:
        """Give the node and what cannot stand in it, a block among inlines."""
        rest: list[Item] = []
        entries = [Entry(token, self._content(items, rest)) for token, items in frame.entries]
        node = self.container.read(entries)
        if node is None:
            return [Str(entries[0].token, at=frame.at), *entries[0].content, Str(self.container.closing), *rest]
        start = frame.at + 1
        lines = _with_inner_lines(scan, start + len(entries[0].token), self.container)
        end = scan.mark - (self.container.closing == "\n")
        return [_placed(scan, replace(node, at=frame.at), (start, end), self.container.lines, lines), *rest]

    def _content(self, items: list[Item], rest: list[Item]) -> Content:
        match self.container.holds:
            case "blocks":
                return blocks.paragraphs(items)
            case "line":
                return blocks.contents(blocks.without_first_blank(items))
        first = next((at for at, item in enumerate(items) if type(item) not in _IN_LINE), len(items))
        rest += items[first:]
        return tuple(items[:first])  # type: ignore[return-value]  # mypy does not narrow by a set of classes


def _container(container: Container) -> Match:
    mode, build = mode_of(container), _Build(container)

    def match(scan: Scanner, at: int) -> bool:
        end = _opening_end(scan, at, container)
        token = scan.text[at:end]
        if end < 0 or (node := container.read([Entry(token, ())])) is None:
            return False
        if container.may_be_empty and token.endswith("/" + container.until):
            scan.take(at, end)
            scan.items.append(_placed(scan, replace(node, at=at - 1), (at, end), container.lines))
            return True
        if not _is_closed(scan, container, end) or not scan.open(mode, build, at, end):
            return False
        return scan.next_entry(token, end, end)

    return match


def _is_closed(scan: Scanner, container: Container, end: int) -> bool:
    if not scan.is_ahead(container.closing, end):
        return False
    return not container.in_paragraph or not -1 < scan.find("\n\n", end) < scan.find(container.closing, end)


def _opening_end(scan: Scanner, at: int, container: Container) -> int:
    """Give the end of the opening token at ``at``, or -1 if there is none."""
    found, until = re.compile(container.opening).match(scan.text, at), container.until
    if not found or not until:
        return found.end() if found else -1
    end = scan.find(until, found.end())
    return end + len(until) if -1 < end < scan.find("\n", found.end()) else -1


# -- the lines around them -----------------------------------------------------------------------


def _placed(scan: Scanner, node: Node, span: tuple[int, int], usual: str, lines: str = "") -> Item:
    """Let a ``Div`` or a ``Figure`` say how it stands among the lines, where that is not as usual."""
    if isinstance(node, Div | Figure):
        _take_blanks(scan, span[1])
        lines = _lines_before(scan, span[0], usual) + (lines or usual)[1:3] + _lines_behind(scan, span[1], usual)
        if lines != usual:
            return replace(node, attr=replace(node.attr, pairs=(*node.attr.pairs, ("lines", lines))))
    return node  # type: ignore[return-value]  # a plugin's node is an inline or a block


def _outer(scan: Scanner) -> Container | None:
    """Give the container whose content is being read."""
    build = scan.frames[-1].build if scan.frames else None
    return build.container if isinstance(build, _Build) else None


def _stands_in_line(scan: Scanner) -> bool:
    outer = _outer(scan)
    return bool(scan.frames) and (outer is None or outer.holds != "blocks")


def _take_blanks(scan: Scanner, end: int) -> None:
    """Take away the blanks in a line before a division and behind it."""
    if _stands_in_line(scan):
        return
    if scan.items and isinstance(before := scan.items[-1], Str):
        scan.items[-1] = Str(before.text.rstrip(" \t"), at=before.at)
    while scan.text[end : end + 1] in (" ", "\t"):
        end += 1
    if scan.text[end : end + 1] != "\n":
        scan.begin = max(scan.begin, end)


def _lines_before(scan: Scanner, at: int, usual: str) -> str:
    if _stands_in_line(scan) or not any(map(_is_seen, reversed(scan.items))):
        return usual[0]
    at += scan.text[at] == "\n"
    return str(min(2, _line_ends(scan.text[max(0, at - 200) : at][::-1])))


def _lines_behind(scan: Scanner, end: int, usual: str) -> str:
    if _stands_in_line(scan):
        return usual[3]
    text, outer = scan.text, _outer(scan)
    after = end
    while after < len(text) and text[after] in " \t\n":
        after += 1
    if after == len(text) or (outer and _ends_content(outer, text, after)):
        return usual[3]
    return str(min(2, text.count("\n", end, after)))


def _ends_content(outer: Container, text: str, at: int) -> bool:
    return text.startswith(outer.closing, at) or bool(outer.divider and re.compile(outer.divider).match(text, at))


def _with_inner_lines(scan: Scanner, start: int, container: Container) -> str:
    """Count the line ends behind the opening token, which ends at ``start``, and before the closing one."""
    end = scan.mark - len(container.closing)
    text = scan.text[start:end]
    if container.holds != "blocks" or not text.strip() or not scan.text.startswith(container.closing, end):
        return container.lines
    return f"2{min(2, _line_ends(text))}{min(2, _line_ends(text[::-1]))}2"


def _line_ends(text: str) -> int:
    return text[: len(text) - len(text.lstrip(" \t\n"))].count("\n")


def _is_seen(item: Item) -> bool:
    return not isinstance(item, Mark | Blanks) and not (isinstance(item, Str) and not item.text.strip())
