"""Colour, size and face of text: plugins color, fontcolor, fontsize2 and fontfamily."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wikicable.model import Attr, Node, Span
from wikicable_dokuwiki.syntax import Container, Entry, Markup, Syntax

_COLOUR = r"[a-zA-Z]+|#[0-9a-fA-F]{3,8}|(?:rgba?|hsla?)\([0-9%., ]{5,40}\)"
_SIZE = r"\d*\.?\d+(?:%|px|em|ex|rem|pt|pc|cm|mm|in)|(?:xx-|x-)?(?:small|large)|medium|smaller|larger"
_FACE = r"[\w \-,'\"]+"

_PLUGINS = {"color": ("color",), "fontcolor": ("fc", "bg"), "fontsize2": ("fs",), "fontfamily": ("ff",)}
_PROPERTIES = {
    "color": (158, ("color", "background-color"), _COLOUR),
    "fc": (90, ("color",), _COLOUR),
    "bg": (90, ("background-color",), _COLOUR),
    "fs": (91, ("font-size",), _SIZE),
    "ff": (92, ("font-family",), _FACE),
}
"""Tag: sort number, the properties of style whose values stand between slashes, what such a value may be."""


def _container(tag: str, sort: int, names: Sequence[str], value: str) -> Container:
    fits = re.compile(value)

    def read(entries: Sequence[Entry]) -> Node:
        said = entries[0].token[len(tag) + 1 : -1].strip()
        values = [each.strip() for each in said.split("/", len(names) - 1)] if len(names) > 1 else [said]
        pairs = [(name, each) for name, each in zip(names, values, strict=False) if each]
        if pairs and all(fits.fullmatch(each) for _, each in pairs):
            own = ("style", "; ".join(f"{name}: {each}" for name, each in pairs))
        else:
            own = ("value", said)
        return Span(entries[0].content, Attr(classes=(tag,), pairs=(own,) if own[1] else ()))  # type: ignore[arg-type]

    def write(node: Span) -> Markup:
        style = dict(_properties(node.attr.get("style")))
        said = "/".join(style.get(name, "") for name in names).rstrip("/") or node.attr.get("value")
        return (f"<{tag} {said}>" if said else f"<{tag}>", node.content, f"</{tag}>")

    return Container(tag, sort, rf"<{tag}(?=[ >/#])", f"</{tag}>", read, write, until=">", holds="inlines", nests=False)


def _properties(style: str) -> list[tuple[str, str]]:
    """Give the properties of a CSS style by name."""
    pairs = (each.partition(":") for each in style.split(";") if ":" in each)
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs]


SYNTAX = tuple(
    Syntax(name, tuple(_container(tag, *_PROPERTIES[tag]) for tag in tags)) for name, tags in _PLUGINS.items()
)
