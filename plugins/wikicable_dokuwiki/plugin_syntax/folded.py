"""What a reader unfolds: ``++++ title| ... ++++`` (plugin:folded) and ``<hidden title>...</hidden>`` (plugin:hidden)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wikicable.model import Attr, Block, Div, Inline, Node, Para, Span, Str
from wikicable.walk import plain_text
from wikicable_dokuwiki.syntax import Container, Content, Entry, Markup, Syntax

_TITLE = Attr(classes=("title",))
_OPTION = re.compile(
    r' *(?:(?:initialState|onHidden|onVisible|onExportPdf|editText) *= *"[^"]*"'
    r'|-noprint\b|-?edit(?:able)?\b(?: *= *"[^"]*")?)',
    re.IGNORECASE,
)  # fmt: skip


def _titled(title: str, content: Content) -> tuple[Block, ...]:
    """Put a title before blocks; a division, so that every format shows it."""
    lead = (Div((Para((Str(title),)),), _TITLE),) if title else ()
    return (*lead, *content)


def _parted(node: Div | Span) -> tuple[str, Content]:
    """Give the title before what is folded, and the rest."""
    match node.content:
        case (Div(attr=attr) | Span(attr=attr) as first, *rest) if "title" in attr.classes:
            return plain_text(first), tuple(rest)  # type: ignore[return-value]  # blocks or inlines, as the node
    return "", node.content


def _read_folded(entries: Sequence[Entry]) -> Node:
    title = entries[0].token.strip("+|")
    return Div(_titled(title, entries[0].content), Attr(classes=("folded",)))


def _write_folded(node: Div) -> Markup | None:
    title, content = _parted(node)
    return (f"++++{title}|", content, "++++") if isinstance(node, Div) else None


def _read_inline(entries: Sequence[Entry]) -> Node | None:
    title = entries[0].token.strip("+|")
    content: tuple[Inline, ...] = (Span((Str(title),), _TITLE), *entries[0].content)
    return Span(content, Attr(classes=("folded",))) if title.strip() else None


def _write_inline(node: Span) -> Markup | None:
    title, content = _parted(node)
    return (f"++{title}|", content, "++") if isinstance(node, Span) and title.strip() else None


def _read_hidden(entries: Sequence[Entry]) -> Node:
    said = entries[0].token[len("<hidden") : -1]
    options = " ".join(each.strip() for each in _OPTION.findall(said))
    pairs = (("options", options),) if options else ()
    return Div(_titled(_OPTION.sub("", said).strip(), entries[0].content), Attr(classes=("hidden",), pairs=pairs))


def _write_hidden(node: Div) -> Markup | None:
    title, content = _parted(node)
    opening = " ".join(filter(None, ("<hidden", node.attr.get("options"), title)))
    return (f"{opening}>", content, "</hidden>") if isinstance(node, Div) else None


_IN_LINE = r"\+\+(?<![\w+]\+\+)(?!\+)"
"""Two signs behind a letter are C++."""

SYNTAX = (
    Syntax(
        "folded",
        (
            Container(
                "folded", 404, r"\+\+\+\+", "++++", _read_folded, _write_folded,
                until="|", type="container", nests=False,
            ),
            Container(
                "folded", 405, _IN_LINE, "++", _read_inline, _write_inline,
                until="|", holds="inlines", nests=False, in_paragraph=True,
            ),
        ),
    ),
    Syntax(
        "hidden",
        (
            Container(
                "hidden", 189, r"<hidden\b", "</hidden>", _read_hidden, _write_hidden,
                until=">", type="container", has_headings=True,
            ),
        ),
    ),
)  # fmt: skip
