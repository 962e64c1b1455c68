"""What looks like a plugin's syntax and is that of none that is known: it is kept as it stands, with a notice."""

from __future__ import annotations

import re

from wikicable_dokuwiki.plugin_rules import verbatim
from wikicable_dokuwiki.scanner import Rule, Scanner

_CALL = re.compile(r"\{\{ *([a-zA-Z0-9_.]+)>")
_MACRO = re.compile(r"~~([A-Za-z][^~\n]*)~~")
_MACRO_NAME = re.compile(r"\w+")


def call(scan: Scanner, at: int) -> bool:
    """Keep ``{{name>...}}``; a name that is an interwiki shortcut is media."""
    found = _CALL.match(scan.text, at)
    if not found or found[1] in scan.conf.interwiki or found[1] == "rss" or not verbatim(scan, at, found.end()):
        return False
    _report(scan, f"{{{{{found[1]}>", at)
    return True


def macro(scan: Scanner, at: int) -> bool:
    """Keep ``~~NAME~~``."""
    found = _MACRO.match(scan.text, at)
    if not found:
        return False
    name = _MACRO_NAME.match(found[1])
    _report(scan, f"~~{name[0] if name else found[1]}", at)
    return verbatim(scan, at, found.end())


def _report(scan: Scanner, name: str, at: int) -> None:
    """Say once a page that something is not known."""
    if name not in scan.said:
        scan.said.add(name)
        scan.notices.unknown("plugin.syntax", at - 1, f"{name} is kept as it stands")


RULES = (
    Rule("unknown macro", 500, ("~~",), macro),
    Rule("unknown call", 306, (r"\{\{",), call),
)
