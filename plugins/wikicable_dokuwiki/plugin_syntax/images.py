"""Pictures in a box with a caption (https://www.dokuwiki.org/plugin:imagebox): ``[{{picture.png|caption}}]``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wikicable.model import Attr, Block, Div, Figure, Image, Inline, Node, Para, Plain
from wikicable.walk import walk
from wikicable_dokuwiki.syntax import Container, Entry, Markup, Syntax
from wikicable_dokuwiki.targets import image_markup, read_image


def _read(entries: Sequence[Entry]) -> Node:
    token, content = entries[0]
    shown = replace(read_image(token[len("[{{") :].rstrip("|")), at=None)
    caption = (Plain(content),) if content else ()  # type: ignore[arg-type]  # the content of a line
    return Div((Figure((Plain((shown,)),), caption),), Attr(classes=("imagebox",)))


def _write(node: Div) -> Markup | None:
    shown = next(walk(node.content, Image), None)
    if shown is None or not isinstance(node, Div):
        return None
    where = image_markup(replace(shown, content=()))[2:-2]
    caption = _caption(node.content)
    return (f"[{{{{{where}|", caption, "}}]") if caption else (f"[{{{{{where}", (), "}}]")


def _caption(blocks: Iterable[Block]) -> tuple[Inline, ...]:
    """Give the inlines of a figure's caption."""
    captions = (block.caption for block in blocks if isinstance(block, Figure))
    lines = (each.content for caption in captions for each in caption if isinstance(each, Para | Plain))
    return tuple(inline for line in lines for inline in line)


_PATTERN = Container(
    "imagebox", 315, r"\[\{\{(?=[^|{}\n]+\|?[^{}]*\}\}\])[^|{}\n]+\|?", "}}]", _read, _write,
    holds="inlines", type="protected", nests=False,
)  # fmt: skip

SYNTAX = (Syntax("imagebox", (_PATTERN,)),)
