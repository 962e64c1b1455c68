"""What styles mean, by their names: the vocabulary that the reader and the writer share.

Names are Word's and LibreOffice's where those have one, so that they look right there.  A paragraph style
may end in `` in Quote``, and a number tells how deep.  Numbers are a program's own business, names are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias, assert_never

from wikicable.model import NO_ATTR, Attr, Code, Macro, Math, RawInline, Verbatim
from wikicable_rtf.targets import escaped, unescaped

QUOTE_INDENT = DEFINITION_INDENT = 567
"""A centimetre, in twips."""
OWN_GENERATOR = "wikicable"
MAX_LEVEL = 6
MAX_QUOTES = 50

Kind: TypeAlias = Literal[
    "text", "heading", "code", "file", "indented", "file name", "code options", "rule", "term", "definition",
    "verse", "caption", "list", "continued", "cell", "header cell", "feed", "raw", "note", "opening", "closing",
]  # fmt: skip
"""What a paragraph is; ``continued`` goes on with a list item."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a paragraph style means.

    ``word`` is the language of code, the format of raw text, or the side of a cell; ``level`` is a heading's,
    ``quotes`` how many quotes are around.
    """

    kind: Kind = "text"
    level: int = 0
    word: str = ""
    quotes: int = 0


# -- paragraph styles ----------------------------------------------------------------------------

NAMES: Mapping[Kind, str] = {
    "text": "Normal",
    "heading": "heading",
    "code": "Code",
    "file": "File",
    "indented": "Preformatted Text",
    "file name": "File Name",
    "code options": "Code Options",
    "rule": "Horizontal Line",
    "term": "Definition Term",
    "definition": "Definition",
    "verse": "Verse",
    "caption": "caption",
    "list": "List Paragraph",
    "continued": "List Continue",
    "cell": "Table Contents",
    "header cell": "Table Heading",
    "feed": "Feed",
    "raw": "Raw",
    "note": "footnote text",
    "opening": "Division",
    "closing": "Division End",
}
"""The name under which each kind of paragraph is written; one with a word behind it is ``Code python``."""

_WITH_WORD = frozenset(("code", "file", "raw"))

LEFT = "Left"
"""What the style of a cell says that was set to the left: most programs say so of every paragraph."""

_FOREIGN: Mapping[str, Kind] = {
    "html preformatted": "indented", "plain text": "indented", "macro text": "indented", "source code": "code",
    "code block": "code", "listing": "code", "code listing": "code", "program listing": "code",
    "list heading": "term", "list contents": "definition", "table header": "header cell",
    "footnote": "note", "endnote text": "note", "endnote": "note", "illustration": "caption", "figure": "caption", "table": "caption",
}  # fmt: skip
"""What other programs call the same."""

_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|titulo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|"
    r"başlık|επικεφαλίδα|제목|개요|見出し|标题|標題) ?([1-9])"
)
_TITLES = frozenset(("title", "titel", "titre", "título", "название", "제목", "表題", "标题", "標題"))
_QUOTES = frozenset(("quote", "quotations", "intense quote", "block text", "block quote", "zitat", "citation"))
_IN_QUOTE = re.compile(r"(?:(.*) in )?quote(?: (\d{1,6}))?", re.DOTALL)


@lru_cache(maxsize=1 << 10)
def role_of(name: str) -> Role:
    """Tell what a paragraph style means by its name; a style that is not known is text."""
    lower = name.lower()
    if lower in _QUOTES:
        return Role(quotes=1)
    quotes = 0
    if within := _IN_QUOTE.fullmatch(lower):
        quotes = min(int(within[2] or 1), MAX_QUOTES)
        lower = within[1] or ""
        name = name[: len(lower)]
    if heading := _HEADING.fullmatch(lower):
        return Role("heading", min(int(heading[1]), MAX_LEVEL), quotes=quotes)
    if lower in _TITLES:
        return Role("heading", 1, quotes=quotes)
    kind = _KINDS.get(lower) or _FOREIGN.get(lower)
    if kind:
        return Role(kind, quotes=quotes)
    first, blank, word = name.partition(" ")
    kind = _KINDS.get(first.lower())
    if blank and kind in _WITH_WORD:
        return Role(kind, word=unescaped(word), quotes=quotes)

    first, _, word = name.rpartition(" ")
    kind = _KINDS.get(first.lower())
    return Role(kind, word=word, quotes=quotes) if kind in _CELLS and word == LEFT else Role(quotes=quotes)


_CELLS = ("cell", "header cell")
_KINDS: Mapping[str, Kind] = {name.lower(): kind for kind, name in NAMES.items() if kind != "heading"}


def name_of(role: Role) -> str:
    """Give the name of the paragraph style that means this; ``role_of`` reads it."""
    name = NAMES[role.kind]
    if role.kind == "heading":
        name = f"{name} {role.level}"
    if role.word:
        name = f"{name} {escaped(role.word, ',;')}"
    if not role.quotes:
        return name
    depth = f" {role.quotes}" if role.quotes > 1 else ""
    return f"Quote{depth}" if role.kind == "text" else f"{name} in Quote{depth}"


# -- character styles ----------------------------------------------------------------------------

MONOSPACE = "Monospace"
INLINE_CODE = "Inline Code"
HYPERLINK = "Hyperlink"
NOTE_REFERENCE = "footnote reference"
_SPAN, _RAW = "Span ", "Raw "

LiteralNode: TypeAlias = Code | Verbatim | Macro | Math | RawInline
"""Inlines whose text stands for itself."""

_LITERALS: Mapping[str, Callable[[str], LiteralNode]] = {
    INLINE_CODE: Code,
    "Verbatim": Verbatim,
    "Nowiki": lambda text: Verbatim(text, "nowiki"),
    "Wiki Macro": Macro,
    "Math": Math,
    "Display Math": lambda text: Math(text, display=True),
}


def literal_of(style: str) -> Callable[[str], LiteralNode] | None:
    """Give what makes a node of the text in a character style under which text stands for itself."""
    if style.startswith(_RAW):
        return lambda text: RawInline(unescaped(style.removeprefix(_RAW)), text)
    return _LITERALS.get(style)


def literal_style(node: LiteralNode) -> str:
    """Give the name of the character style for a node; ``literal_of`` reads it."""
    match node:
        case Code():
            return INLINE_CODE
        case Verbatim(mark=mark):
            return "Nowiki" if mark == "nowiki" else "Verbatim"
        case Macro():
            return "Wiki Macro"
        case Math(display=display):
            return "Display Math" if display else "Math"
        case RawInline(format=name):
            return _RAW + escaped(name, ",;")
        case _:
            assert_never(node)


def span_style(attr: Attr) -> str:
    """Give the name of the character style for text with these classes and pairs; ``span_of`` reads it."""
    return _SPAN + write_attr(replace(attr, id="")).replace(",", "%2C").replace(";", "%3B")


def span_of(style: str) -> Attr:
    """Give the attributes that a character style stands for."""
    return read_attr(style.removeprefix(_SPAN)) if style.startswith(_SPAN) else NO_ATTR


# -- attributes ----------------------------------------------------------------------------------


def write_attr(attr: Attr) -> str:
    """Give attributes as a line: ``wrap info #id key=value``; ``read_attr`` reads it."""
    classes = [escaped(each, "#=") for each in attr.classes]
    pairs = [f"{escaped(key, '#=')}={escaped(value)}" for key, value in attr.pairs]
    return " ".join([*classes, *([f"#{escaped(attr.id)}"] if attr.id else []), *pairs])


def read_attr(line: str) -> Attr:
    """Give the attributes that a line tells."""
    words = line.split()
    name = next((unescaped(word[1:]) for word in words if word.startswith("#")), "")
    classes = tuple(unescaped(word) for word in words if "=" not in word and not word.startswith("#"))
    pairs = (word.partition("=") for word in words if "=" in word and not word.startswith("#"))
    return Attr(name, classes, tuple((unescaped(key), unescaped(value)) for key, _, value in pairs))
