"""DokuWiki's grammar: what each mode accepts.

The numbers are DokuWiki's sort numbers (``inc/Parsing/ParserMode``): of two rules that match at one place, the
lower one wins.  The reference is release 2025-05-14.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from wikicable.model import Emph, Monospace, Str, Strikeout, Strong, Subscript, Superscript, Underline
from wikicable.wikiconf import SHIPPED, WikiConf
from wikicable_dokuwiki import blocks, lines
from wikicable_dokuwiki.plugin_rules import doors, inner_rules, mode_of, rules_for
from wikicable_dokuwiki.scanner import Frame, Item, Match, Modes, Rule, Scanner
from wikicable_dokuwiki.substitutions import DISABLED, FTP, PROTECTED, SUBSTITUTIONS, typography
from wikicable_dokuwiki.syntax import Container, Holds, Syntax
from wikicable_dokuwiki.unknown import RULES as UNKNOWN

# -- formatting ----------------------------------------------------------------------------------

FORMATTING: Mapping[str, tuple[int, str, str, blocks.FormattingNode]] = {
    "strong": (70, "**", "**", Strong),
    "emphasis": (80, "//", "//", Emph),
    "underline": (90, "__", "__", Underline),
    "monospace": (100, "''", "''", Monospace),
    "subscript": (110, "<sub>", "</sub>", Subscript),
    "superscript": (120, "<sup>", "</sup>", Superscript),
    "deleted": (130, "<del>", "</del>", Strikeout),
}
"""Mode, sort number, opening and closing token, node."""

_CLOSERS = {"underline": "emphasis"}
"""DokuWiki shows both as ``em``: where footnotes overlap with them, the end of one closes the other."""


def _formatting_entry(mode: str, opening: str, closing: str, node: blocks.FormattingNode) -> Match:
    """Open formatting if it can be closed; ``//`` may stay open to the end of the page, as in DokuWiki."""
    width = len(opening)
    needs_closer = mode != "emphasis"

    def build(frame: Frame, _: Scanner) -> Iterable[Item]:
        return blocks.formatted(node, frame.entries[0][1], frame.at)

    def match(scan: Scanner, at: int) -> bool:
        if not scan.text.startswith(opening, at) or (needs_closer and not scan.is_ahead(closing, at + width)):
            return False
        return scan.open(mode, build, at, at + width, _CLOSERS.get(mode, mode))

    return match


def _formatting_exit(closing: str) -> Match:
    def match(scan: Scanner, at: int) -> bool:
        return scan.text.startswith(closing, at) and scan.close(at, at + len(closing))

    return match


def footnote(scan: Scanner, at: int) -> bool:
    """Open a footnote; one within another is text, though its closing token still ends a footnote."""
    if not scan.text.startswith("((", at) or not scan.is_ahead("))", at + 2):
        return False
    if scan.in_note:
        scan.enter("footnote", None)
        return scan.put(Str("((", at=at - 1), at, at + 2)
    if not scan.open("footnote", blocks.note, at, at + 2):
        return False
    scan.in_note = True
    return True


def footnote_exit(scan: Scanner, at: int) -> bool:
    """Close the footnote that is open, whichever ``((`` this ``))`` belongs to."""
    if not scan.text.startswith("))", at):
        return False
    note = next((frame for frame in reversed(scan.frames) if frame.build is blocks.note), None)
    if note is None:
        scan.leave()
        return scan.put(Str("))", at=at - 1), at, at + 2)
    scan.take(at, at + 2)
    scan.leave()
    scan.cut_to(note)
    return True


# -- the whole -----------------------------------------------------------------------------------

_FORMATTING_RULES = {
    mode: Rule(mode, sort, (re.escape(opening),), _formatting_entry(mode, opening, closing, node))
    for mode, (sort, opening, closing, node) in FORMATTING.items()
} | {"footnote": Rule("footnote", 150, (r"\(\(",), footnote)}

_PREFORMATTED = Rule("preformatted", 20, ("\n",), lines.preformatted)
_HEADER = Rule("header", 50, ("==",), lines.header)

_EXITS = {
    mode: Rule("exit", sort, (re.escape(closing),), _formatting_exit(closing))
    for mode, (sort, _, closing, _) in FORMATTING.items()
}
_EOL = Rule("eol", 10, ("\n",), lines.eol)
_STRUCTURE: Mapping[str, tuple[Rule, ...]] = {
    "base": (*PROTECTED, _HEADER, _EOL),
    "footnote": (
        *PROTECTED,
        Rule("line", 10, ("\n",), lines.line_start),
        Rule("exit", 150, (r"\)\)",), footnote_exit),
    ),
    "listblock": (*PROTECTED, Rule("item", 10, ("\n",), lines.list_item)),
    "quote": (*PROTECTED, _PREFORMATTED, Rule("line", 220, ("\n",), lines.quote_line)),
    "table": (
        *PROTECTED,
        _PREFORMATTED,
        Rule("row", 60, ("\n",), lines.table_row),
        Rule("rowspan", 60, (":::",), lines.table_rowspan),
        Rule("align", 60, ("  ", " \t", "\t"), lines.table_align),
        Rule("cell", 60, (r"\|", r"\^"), lines.table_cell),
    ),
}
"""What stands in a mode beside formatting, substitutions and literal text."""


def _formatting_but(name: str) -> list[Rule]:
    """Formatting does not hold within itself, nor a footnote within a footnote."""
    return [rule for mode, rule in _FORMATTING_RULES.items() if mode != name]


_OWN: Mapping[str, list[Rule]] = {
    name: [*rules, *_formatting_but(name)]
    for name, rules in {**_STRUCTURE, **{name: (leave,) for name, leave in _EXITS.items()}}.items()
}
"""What stands in a mode beside substitutions and literal text."""

_IN_CONTAINERS: Mapping[Holds, tuple[Rule, ...]] = {"blocks": (*PROTECTED, _EOL), "line": PROTECTED, "inlines": ()}
"""What stands in a container of a plugin beside formatting, substitutions and literal text."""


SHIPPED_AS: Mapping[str, WikiConf] = {"2025": SHIPPED, "2026": replace(SHIPPED, release="2026")}
"""A wiki as DokuWiki ships it, by release."""


@lru_cache(maxsize=16)
def grammar(conf: WikiConf, syntaxes: tuple[Syntax, ...] | None = None, *, ftp_hosts: bool = False) -> Modes:
    """Give the modes of a DokuWiki with plugins of that syntax, or of one without plugins.

    Of a wiki with plugins it is not known which others it has: what looks like a call of one is kept as it stands.
    """
    everywhere = [*SUBSTITUTIONS, *DISABLED, *typography(conf), *([FTP] if ftp_hosts else [])]
    everywhere += UNKNOWN if syntaxes is not None else ()
    entries = doors(syntaxes or ())
    containers = {mode_of(each.pattern): each.pattern for each in entries if isinstance(each.pattern, Container)}

    def rules_of(name: str) -> list[Rule]:
        if name in _OWN:
            return [*_OWN[name], *everywhere, *rules_for(name, entries)]
        container = containers[name]
        own = (*_IN_CONTAINERS[container.holds], *([_HEADER] if container.has_headings else []))
        return [*own, *everywhere, *_FORMATTING_RULES.values(), *inner_rules(container, entries)]

    if conf.release != "2026":
        return Modes(rules_of)
    from wikicable_dokuwiki.release2026 import of_2026  # noqa: PLC0415  few pages are read by it

    return Modes(lambda name: of_2026(name, rules_of(name)))
