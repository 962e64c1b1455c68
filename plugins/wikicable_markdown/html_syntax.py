"""HTML inside Markdown: tags, comments and what they hold, written and read.

Of HTML the reader understands what the writer writes (``MARKS``, ``INLINE_TAGS``, ``BLOCK_TAGS``); other tags are
kept as raw source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import TypeAlias

from wikicable.model import (
    Attr,
    Emph,
    Monospace,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Underline,
)
from wikicable.values import Value, frozen
from wikicable.xmlout import attribute

Pairs: TypeAlias = Iterable[tuple[str, str]]
Mark: TypeAlias = type[Emph | Strong | Underline | Strikeout | Superscript | Subscript | Monospace]

MARKS: Mapping[str, Mark] = {
    "em": Emph, "i": Emph, "strong": Strong, "b": Strong, "u": Underline, "ins": Underline,
    "del": Strikeout, "s": Strikeout, "strike": Strikeout, "sup": Superscript, "sub": Subscript,
    "code": Monospace, "tt": Monospace,
}  # fmt: skip
"""Tags that are formatting, and their nodes; the first of several tags is the one that is written."""

INLINE_TAGS = frozenset(MARKS) | {"a", "img", "br", "span"}
BLOCK_TAGS = frozenset(
    (
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "div",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "blockquote",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "figcaption",
        "section",
    )
)
VOID_TAGS = frozenset({"img", "br", "hr"})

_ATTRIBUTE = re.compile(r"""([a-zA-Z_:][\w:.-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_ATTRIBUTE_NAME = re.compile(r"[a-zA-Z_:][\w:.-]*", re.ASCII)
_COMMENT = re.compile(r"<!-- (?P<what>wiki|raw [\w+-]+): (?P<text>.*) -->\s*\Z", re.DOTALL)
_FOREIGN_BLOCK = re.compile(
    r"</?(?P<name>address|article|aside|center|details|fieldset|footer|form|frameset|header|iframe|legend|main|menu|nav"
    r"|noframes|optgroup|option|search|summary)(?=[\s/>])(?:(?!\n[ \t]*\n).)*\Z",
    re.DOTALL | re.IGNORECASE,
)
_ONE_COMMENT = re.compile(r"<!--(?! ?(?:wiki|raw [\w+-]+):)(?!>|->)(?:(?!--).)+-->\Z", re.DOTALL)


# -- writing -------------------------------------------------------------------------------------


def start_tag(name: str, pairs: Pairs = ()) -> str:
    """Write a start tag."""
    return f"<{name}{''.join(attribute(key, value) for key, value in pairs)}>"


def element(name: str, content: str, pairs: Pairs = ()) -> str:
    """Write an element."""
    return f"{start_tag(name, pairs)}{content}</{name}>"


def attr_pairs(attr: Attr) -> list[tuple[str, str]]:
    """Give attributes as HTML has them; what cannot be the name of one is left out."""
    pairs = [("id", attr.id)] if attr.id else []
    if attr.classes:
        pairs.append(("class", " ".join(attr.classes)))
    return pairs + [(key, value) for key, value in attr.pairs if _ATTRIBUTE_NAME.fullmatch(key)]


def merged(marks: Pairs, pairs: Pairs) -> list[tuple[str, str]]:
    """Put two lists of attributes together; their classes become one attribute."""
    both = (*marks, *pairs)
    classes = " ".join(value for key, value in both if key == "class")
    rest = [pair for pair in both if pair[0] != "class"]
    return [("class", classes), *rest] if classes else rest


def comment(what: str, text: str) -> str:
    """Write a comment that holds an instruction or raw source and comes back from ``comment_content``."""
    text = text.replace("&", "&amp;").replace("\n", "&#10;").replace("\r", "&#13;")
    return f"<!-- {what}: {text.replace('--', '-&#45;').replace('--', '-&#45;')} -->"


# -- reading -------------------------------------------------------------------------------------


@frozen
class Tag(Value):
    """A tag that was read: ``is_end`` for an end tag; ``source`` is its text."""

    name: str
    source: str
    is_end: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether the reader understands elements of that name."""
        return self.name in INLINE_TAGS or self.name in BLOCK_TAGS


@frozen
class Comment(Value):
    """A comment, with its marks."""

    source: str


@frozen
class Text(Value):
    """Text, its entities resolved."""

    text: str


Piece: TypeAlias = Tag | Comment | Text


def resolved(text: str) -> str:
    """Put characters in the place of their entities."""
    if "&" not in text:
        return text
    from html import unescape  # noqa: PLC0415  start-up pays only for what is used: few pages need the table of entities

    return unescape(text)


def read_tag(source: str) -> Tag | None:
    """Read one tag; None if it is something else."""
    found = _TAG.fullmatch(source)
    return _tag(found) if found else None


def _tag(found: re.Match[str]) -> Tag:
    slash, name, rest = found.groups()
    return Tag(name.lower(), found[0], bool(slash), dict(_attributes(rest)))


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for found in _ATTRIBUTE.finditer(text):
        value = found[2] or ""
        if value[:1] in "\"'":
            value = value[1:-1]
        yield found[1].lower(), resolved(value)


def pieces(source: str) -> Iterator[Piece]:
    """Take HTML apart; what is no tag and no comment is text."""
    begin = at = 0
    comments = True
    while (at := source.find("<", at)) >= 0:
        end = -1
        piece: Piece | None = None
        if comments and source.startswith("<!--", at):
            end = source.find("-->", at + 4) + 3
            comments = end > 2
            piece = Comment(source[at:end]) if comments else None
        elif found := _TAG.match(source, at):
            end = found.end()
            piece = _tag(found)
        if piece is None:
            at += 1
            continue
        if begin < at:
            yield Text(resolved(source[begin:at]))
        yield piece
        begin = at = end
    if begin < len(source):
        yield Text(resolved(source[begin:]))


def comment_content(source: str) -> tuple[str, str] | None:
    """Give what ``comment`` was given; None for any other comment."""
    found = _COMMENT.match(source)
    return (found["what"], resolved(found["text"])) if found else None


def is_foreign_block(source: str) -> bool:
    """Whether a block of HTML can stand in Markdown as it is and be read as raw source again."""
    return bool(_FOREIGN_BLOCK.match(source) or _ONE_COMMENT.match(source)) and source == source.strip()


def is_foreign_inline(source: str) -> bool:
    """Whether a tag or comment can stand in a line of Markdown and be read as raw source again."""
    if tag := read_tag(source):
        return not tag.is_known and "\n" not in source
    return _ONE_COMMENT.match(source) is not None and "\n" not in source


SAYS_MARKDOWN = "markdown"
"""The attribute by which Python-Markdown knows that an element holds Markdown."""


def as_attr(values: Mapping[str, str], but: Iterable[str] = ()) -> Attr:
    """Give attributes of HTML as the model has them, without those that are understood otherwise."""
    rest = {key: value for key, value in values.items() if key not in but and key != SAYS_MARKDOWN}
    name, classes = rest.pop("id", ""), rest.pop("class", "")
    return Attr(name, tuple(classes.split()), tuple(rest.items()))
