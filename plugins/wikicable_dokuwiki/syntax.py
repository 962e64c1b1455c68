"""The syntax of DokuWiki's plugins: what is read as what."""

from __future__ import annotations

import re

from wikicable.model import Macro, Tags
from wikicable_dokuwiki.scanner import Rule, Scanner

_TAG_NAME = re.compile(r'"([^"]*)"|(\S+)')
_CALL = re.compile(r"\{\{ *([a-zA-Z0-9_.]+)>")
_MACRO = re.compile(r"~~[A-Za-z][^~\n]*~~")


def tag(scan: Scanner, at: int) -> bool:
    """Take ``{{tag>one "two words" ns:three}}`` (https://www.dokuwiki.org/plugin:tag)."""
    if not scan.text.startswith("{{tag>", at) or not scan.is_ahead("}}", at + 6):
        return False
    end = scan.text.find("}}", at + 6)
    names = tuple(quoted or bare for quoted, bare in _TAG_NAME.findall(scan.text[at + 6 : end]))
    return scan.put(Tags(names, at=at - 1), at, end + 2)


def call(scan: Scanner, at: int) -> bool:
    """Keep ``{{name>...}}`` of a plugin as it stands; a name that is an interwiki shortcut is media."""
    found = _CALL.match(scan.text, at)
    if not found or found[1] in scan.conf.interwiki or found[1] == "rss" or not scan.is_ahead("}}", at):
        return False
    end = scan.text.find("}}", at) + 2
    return scan.put(Macro(scan.text[at:end], at=at - 1), at, end)


def macro(scan: Scanner, at: int) -> bool:
    """Keep ``~~NAME~~`` of a plugin as it stands."""
    found = _MACRO.match(scan.text, at)
    if not found:
        return False
    return scan.put(Macro(found[0], at=at - 1), at, found.end())


RULES = (
    Rule("plugin macro", 35, ("~~",), macro),
    Rule("tag", 305, (r"\{\{tag>",), tag),
    Rule("plugin call", 306, (r"\{\{",), call),
)
