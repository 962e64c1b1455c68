"""Wrap (https://www.dokuwiki.org/plugin:wrap): ``<WRAP info 50% :en>...</WRAP>``, in a line ``<wrap em>...</wrap>``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wikicable.model import Attr, Div, Node, Span
from wikicable_dokuwiki.syntax import Container, Entry, Markup, Syntax

_BLOCKS = ("WRAP", "block", "div")
_INLINES = ("wrap", "inline", "span")
_LIKE_HTML = ("div", "span")
"""Tags that may be HTML which the page shows: they are text if they say anything that Wrap would not."""

_WORD = re.compile(
    r"(?P<width>\d*\.?\d+(?:%|px|em|rem|ex|ch|vw|vh|pt|pc|cm|mm|in)\Z)|:(?P<lang>[a-z-]+\Z)"
    r"|#(?P<id>[a-z0-9_-]+\Z)|(?P<class>[a-z0-9_-]+\Z)"
)
_CLASS = re.compile(r"[A-Za-z0-9_-]+")


def _attr(tag: str, words: Sequence[str]) -> Attr:
    said: dict[str, list[str]] = {}
    for word in words:
        found = _WORD.match(word.lower())
        kind = found.lastgroup if found else None
        said.setdefault(kind or "other", []).append(found[kind] if found and kind else word)
    pairs = [("tag", tag)] if tag.lower() != "wrap" else []
    pairs += [(key, said[key][-1]) for key in ("width", "lang") if key in said]
    if "other" in said:
        pairs.append(("other", " ".join(said["other"])))
    return Attr(said.get("id", [""])[-1], ("wrap", *said.get("class", ())), tuple(pairs))


def _opening(tag: str, attr: Attr) -> str:
    words = [tag, *(each for each in attr.classes if each != "wrap" and _CLASS.fullmatch(each))]
    words += [f"#{attr.id}"] if attr.id else []
    words += [attr.get("width"), f":{attr.get('lang')}" if attr.get("lang") else "", attr.get("other")]
    return " ".join(filter(None, words))


def _container(tag: str) -> Container:
    is_block = tag in _BLOCKS
    kind = Div if is_block else Span

    def read(entries: Sequence[Entry]) -> Node | None:
        words = entries[0].token.removesuffix("/>").strip("<>").split()[1:]
        attr = _attr(tag, words)
        if tag in _LIKE_HTML and (attr.get("other") or not words):
            return None
        return kind(entries[0].content, attr)  # type: ignore[arg-type]

    def write(node: Div | Span) -> Markup | None:
        if type(node) is not kind or node.attr.get("tag", tag if tag.lower() == "wrap" else "") != tag:
            return None
        opening = _opening(tag, node.attr)
        return (f"<{opening}>", node.content, f"</{tag}>") if node.content else (f"<{opening}/>",)

    return Container(
        "wrap", 195, rf"<{tag}\b", f"</{tag}>", read, write,
        until=">", holds="blocks" if is_block else "inlines", has_headings=is_block, may_be_empty=True,
    )  # fmt: skip


SYNTAX = (Syntax("wrap", tuple(map(_container, (*_BLOCKS, *_INLINES)))),)
