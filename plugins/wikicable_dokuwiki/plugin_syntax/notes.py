"""Notes beside the text (https://www.dokuwiki.org/plugin:note) and named footnotes (plugin:refnotes)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wikicable.model import Attr, Node, Note, Span
from wikicable_dokuwiki.syntax import Container, Entry, Markup, Syntax, tagged

NOTE = replace(tagged("note", 195), lines="2002")
"""``<note>``, ``<note tip>``, ``<note important>``, ``<note warning>``."""


def _read(entries: Sequence[Entry]) -> Node:
    name = entries[0].token.strip("[(>").strip()
    content = Note(entries[0].content)  # type: ignore[arg-type]  # a line holds blocks
    return Span((content,), Attr(classes=("refnote",), pairs=(("name", name),)))


def _write(node: Span) -> Markup | None:
    match node.content:
        case (Note(content=content),):
            return (f"[({node.attr.get('name')}>", content, ")]")
    return None


REFERENCE = Container(
    "refnote", 145, r"\[\((?=[ \t]{0,9}:?[A-Za-z][\w:]{1,99}[ \t]{0,9}>(?!>))", ")]", _read, _write,
    until=">", holds="line", nests=False,
)  # fmt: skip
"""``[(name>text)]``; a footnote that is only named, ``[(name)]``, stays text."""

SYNTAX = (Syntax("note", (NOTE,)), Syntax("refnotes", (REFERENCE,)))
