"""What the first pass over an RTF file finds: paragraphs and table rows, one after the other.

The second pass (``blocks.py``) makes lists, quotes, code and tables of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from wikicable.model import Align, Inline


class Face(Enum):
    """Formatting that is on or off; every mark but ``MONO`` is a node of the document."""

    STRONG = "bold"
    EMPH = "italic"
    UNDERLINE = "underlined"
    STRIKEOUT = "struck out"
    SUPERSCRIPT = "raised"
    SUBSCRIPT = "lowered"
    SMALL_CAPS = "in small capitals"
    MONO = "in a monospaced font"


@dataclass(frozen=True, slots=True)
class Turn:
    """Formatting in a file of our own, where each time that it is turned on is a node: ``serial`` tells them apart."""

    face: Face
    serial: int


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style that is on, by its name; ``serial`` as in ``Turn``."""

    name: str
    serial: int = 0


@dataclass(slots=True, eq=False)
class Field:
    """A field: what its instruction says; two fields are never the same."""

    at: int
    command: str = ""
    target: str = ""
    bookmark: str = ""
    tip: str = ""


Mark: TypeAlias = Face | Turn | CharacterStyle | Field
Marks: TypeAlias = tuple[Mark, ...]
"""The marks on a run of text, in the order in which they were put on."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A bookmark."""

    name: str


@dataclass(frozen=True, slots=True)
class Character:
    r"""Character formatting: what ``\\plain`` resets."""

    font: int
    size: int = 24
    style: int | None = None
    marks: Marks = ()
    is_hidden: bool = False
    script: str = ""
    complex_marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Layout:
    r"""Paragraph formatting: what ``\\pard`` resets.

    ``left`` and ``first`` are indents in twips, ``list_number`` is ``\\ls``, ``nesting`` is ``\\itap``,
    ``outline`` is ``\\outlinelevel``.
    """

    style: int = 0
    left: int = 0
    first: int = 0
    align: Align | None = None
    list_number: int = 0
    list_level: int = 0
    in_table: bool = False
    nesting: int = 1
    outline: int | None = None
    side: Literal["", "bottom", "other"] = ""
    is_ruled: bool = False


@dataclass(frozen=True, slots=True)
class Numbering:
    r"""The list a paragraph is in, as Word 6 wrote it (``\\pn``)."""

    kind: str
    start: int = 1


Leaf: TypeAlias = "str | Inline | Anchor | Story"


@dataclass(slots=True)
class Paragraph:
    """A paragraph: runs with their marks, its formatting, and the number or bullet shown before it."""

    line: list[tuple[Marks, Leaf]]
    layout: Layout
    at: int
    label: str | None = None
    numbering: Numbering | None = None
    size: int = 24

    def text(self) -> str:
        """Give the text of the paragraph, without notes and pictures."""
        return "".join(leaf for _, leaf in self.line if isinstance(leaf, str))


@dataclass(slots=True)
class CellFormat:
    """Where a cell ends, in twips, and how it is merged with its neighbours."""

    edge: int = 0
    across: Literal["", "first", "next"] = ""
    down: Literal["", "first", "next"] = ""


@dataclass(slots=True)
class RowFormat:
    r"""What ``\\trowd`` begins: the cells of a row."""

    cells: list[CellFormat] = field(default_factory=list)
    left: int = 0
    is_header: bool = False
    pending: CellFormat = field(default_factory=CellFormat)


@dataclass(slots=True)
class TableRow:
    """A row: the content of its cells."""

    cells: list[list[FlowItem]]
    form: RowFormat
    at: int


FlowItem: TypeAlias = Paragraph | TableRow


@dataclass(slots=True)
class OpenRow:
    """A row being read, at the nesting level ``nesting``."""

    nesting: int
    at: int
    cells: list[list[FlowItem]] = field(default_factory=list)
    content: list[FlowItem] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Story:
    """Text that flows by itself: the page, a footnote, a text box."""

    items: list[FlowItem] = field(default_factory=list)
    rows: list[OpenRow] = field(default_factory=list)
    line: list[tuple[Marks, Leaf]] = field(default_factory=list)
    beside: list[FlowItem] = field(default_factory=list)
    at: int = 0
    size: int = 24
    label: str | None = None
    numbering: Numbering | None = None

    @property
    def content(self) -> list[FlowItem]:
        """Where the next paragraph goes."""
        return self.rows[-1].content if self.rows else self.items
