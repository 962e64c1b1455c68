"""The tables at the head of an RTF file: fonts, styles, lists, and what is said of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wikicable_rtf.charsets import CHARSETS, CODE_PAGES, SYMBOL_CHARSET
from wikicable_rtf.flow import Face
from wikicable_rtf.lexer import Group, join_surrogates

# -- fonts ---------------------------------------------------------------------------------------

_MONOSPACED = re.compile(
    r"courier|consol|menlo|monaco|\bmono\b|mono$|typewriter|andale|inconsolata|letter gothic|terminal|fixedsys"
    r"|d2coding|source code|fira code|cascadia",
    re.IGNORECASE,
)
_EAST_ASIAN_CHARSETS = frozenset((78, 79, 80, 81, 128, 129, 130, 134, 136))


@dataclass(frozen=True, slots=True)
class Font:
    """A font: the codec of its text, where the font says one, and whether all its letters are equally wide."""

    name: str = ""
    codec: str | None = None
    is_symbol: bool = False
    is_monospaced: bool = False


def fonts(table: Group, codec: str) -> dict[int, Font]:
    r"""Read ``\fonttbl``; old files have the fonts in no groups of their own."""
    entries = [group for group in table.groups() if "f" in group.words()]
    if not entries:
        entries = list(_split_fonts(table))
    return {entry.words()["f"] or 0: _font(entry, codec) for entry in entries}


def _split_fonts(table: Group) -> Iterator[Group]:
    entry = Group()
    for part in table.parts:
        if isinstance(part, bytes) and b";" in part:
            entry.parts.append(part.partition(b";")[0])
            if "f" in entry.words():
                yield entry
            entry = Group()
        else:
            entry.parts.append(part)


def _font(entry: Group, codec: str) -> Font:
    words = entry.words()
    name = entry.text(codec).partition(";")[0].strip()
    charset = words.get("fcharset") or 0
    own = CODE_PAGES.get(words.get("cpg") or 0) or (CHARSETS.get(charset) if "fcharset" in words else None)
    is_latin = charset not in _EAST_ASIAN_CHARSETS
    is_fixed = "fmodern" in words and is_latin and words.get("fprq", 1) == 1
    return Font(name, own, charset == SYMBOL_CHARSET or name == "Symbol", is_fixed or bool(_MONOSPACED.search(name)))


# -- styles --------------------------------------------------------------------------------------

FACES = {"b": Face.STRONG, "i": Face.EMPH, "ul": Face.UNDERLINE, "strike": Face.STRIKEOUT, "super": Face.SUPERSCRIPT,
         "sub": Face.SUBSCRIPT, "scaps": Face.SMALL_CAPS}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its name and the look it gives, which is no emphasis."""

    name: str = ""
    faces: frozenset[Face] = frozenset()
    left: int = 0
    outline: int | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """Paragraph and character styles by number."""

    paragraph: dict[int, Style] = field(default_factory=dict)
    character: dict[int, Style] = field(default_factory=dict)


def styles(sheet: Group, codec: str) -> Styles:
    r"""Read ``\stylesheet``."""
    found = Styles()
    for entry in sheet.groups():
        words = entry.words()
        style = _style(entry, words, codec)
        if "cs" in words:
            found.character[words["cs"] or 0] = style
        elif "ts" not in words and "ds" not in words:
            found.paragraph[words.get("s") or 0] = style
    return found


def _style(entry: Group, words: dict[str, int | None], codec: str) -> Style:
    name = join_surrogates(entry.text(codec)).partition(";")[0].partition(",")[0].strip()
    faces = frozenset(face for word, face in FACES.items() if words.get(word, 0) != 0)
    outline = words.get("outlinelevel")
    return Style(name, faces, words.get("li") or 0, outline)


# -- lists ---------------------------------------------------------------------------------------

_ALPHABETS = {0: "Decimal", 1: "UpperRoman", 2: "LowerRoman", 3: "UpperAlpha", 4: "LowerAlpha"}
_BULLET = 23
_NO_NUMBER = 255


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is numbered: ``kind`` is ``bullet``, ``none`` or pandoc's name of a numbering."""

    kind: str = "Decimal"
    start: int = 1
    left: int | None = None


def list_tables(lists: Group, overrides: Group) -> dict[int, tuple[ListLevel, ...]]:
    r"""Read ``\listtable`` and ``\listoverridetable``: the levels of each list by its ``\ls`` number."""
    by_id = {entry.words().get("listid"): tuple(_levels(entry)) for entry in lists.named("list")}
    found = {}
    for entry in overrides.named("listoverride"):
        words = entry.words()
        levels = by_id.get(words.get("listid"), ())
        found[words.get("ls") or 0] = tuple(_overridden(levels, list(entry.named("lfolevel"))))
    return found


def _levels(entry: Group) -> Iterator[ListLevel]:
    for level in entry.named("listlevel"):
        words = level.words()
        number_format = words.get("levelnfcn", words.get("levelnfc")) or 0
        yield ListLevel(_kind(number_format), words.get("levelstartat") or 0, words.get("li"))


def _kind(number_format: int) -> str:
    if number_format == _BULLET:
        return "bullet"
    return "none" if number_format == _NO_NUMBER else _ALPHABETS.get(number_format, "Decimal")


def _overridden(levels: tuple[ListLevel, ...], overrides: list[Group]) -> Iterator[ListLevel]:
    for number, level in enumerate(levels):
        words = overrides[number].words() if number < len(overrides) else {}
        start = words.get("levelstartat") if "listoverridestartat" in words else None
        yield level if start is None else ListLevel(level.kind, start, level.left)
