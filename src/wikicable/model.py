"""The document: what every format is read into and written from.

The nodes are pandoc's (https://hackage.haskell.org/package/pandoc-types), with these departures,
each undone in ``native.py``:

* ``Str`` holds a run of text with its blanks; there is no ``Space``.
* Link and image targets are a closed union instead of a string.
* A table is rows of cells that know their spans; a list item is a tuple of blocks.
* ``Verbatim``, ``Monospace``, ``Macro``, ``Tags`` and ``Feed`` say what a wiki says beyond pandoc.

All nodes are values: frozen, with tuples of children, equal when they say the same.  ``at`` is the
offset in ``Source.text`` at which a node starts, where the reader knows it; it is no part of equality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, Self, TypeAlias

from wikicable.resources import Resources
from wikicable.values import Value, frozen
from wikicable.wikiconf import SHIPPED, WikiConf


@frozen
class Attr(Value):
    """An identifier, classes and further pairs of key and value, as in pandoc."""

    id: str = ""
    classes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, key: str, default: str = "") -> str:
        """Give the value of the first pair with that key."""
        return next((value for name, value in self.pairs if name == key), default)

    def __bool__(self) -> bool:
        return bool(self.id or self.classes or self.pairs)


NO_ATTR = Attr()


class At(int):
    """The offset at which a block starts, and how its author typed it, where that is not as usual.

    ``line_ends`` counts those before it, those behind its opening tag and before its closing tag, where it has such, and
    those behind it, where it is a page's last: two, one, one and one are usual.  ``indent`` are the blanks before the bullets of
    a list or the lines of indented code, or on both sides of a heading's text, ``padding`` those before and behind a cell's.
    """

    line_ends: tuple[int, int, int, int]
    indent: str | None
    padding: tuple[str, str] | None

    def __new__(
        cls,
        offset: int,
        line_ends: tuple[int, int, int, int] = (2, 1, 1, 1),
        indent: str | None = None,
        padding: tuple[str, str] | None = None,
    ) -> Self:
        """Make a place."""
        place = super().__new__(cls, offset)
        place.line_ends = line_ends
        place.indent = indent
        place.padding = padding
        return place

    def __reduce__(self) -> tuple[type[At], tuple[int, tuple[int, int, int, int], str | None, tuple[str, str] | None]]:
        return At, (int(self), self.line_ends, self.indent, self.padding)


@frozen
class Node(Value):
    """What every node has: the place it was read from, which is no part of what it says."""

    at: int | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def line_ends(self) -> tuple[int, ...]:
        """The line ends around it as its author typed them, where the reader knows: see ``At``."""
        return self.at.line_ends if isinstance(self.at, At) else ()

    @property
    def indent(self) -> str | None:
        """The indent that its author typed, where the reader knows: see ``At``."""
        return self.at.indent if isinstance(self.at, At) else None

    @property
    def padding(self) -> tuple[str, str] | None:
        """The blanks before and behind its text that its author typed, where the reader knows: see ``At``."""
        return self.at.padding if isinstance(self.at, At) else None


# -- targets -------------------------------------------------------------------------------------


@frozen
class PageTarget(Value):
    """A page of the wiki, its id as written: relative, absolute, a namespace, or empty for this page.

    ``section`` is the heading as written after ``#``, ``query`` what stands after ``?``.
    """

    id: str
    section: str = ""
    query: str = ""


@frozen
class SectionTarget(Value):
    """A heading of the same page, as written after ``#``."""

    section: str


@frozen
class InterwikiTarget(Value):
    """A page of another site, through a shortcut as written: ``wp``, ``rfc``, ``doku``."""

    shortcut: str
    page: str


@frozen
class UrlTarget(Value):
    """A URL with its scheme, as written."""

    url: str


@frozen
class EmailTarget(Value):
    """An e-mail address."""

    address: str


@frozen
class ShareTarget(Value):
    r"""A Windows share, as written: ``\\server\share\file``."""

    path: str


Linking: TypeAlias = Literal["details", "nolink", "direct", "linkonly"]
Cache: TypeAlias = Literal["cache", "nocache", "recache"]


@frozen
class MediaTarget(Value):
    """A media file, its id as written: in the wiki, or elsewhere by URL or interwiki shortcut.

    ``linking`` says what a click on the medium does, ``cache`` how long DokuWiki keeps an external one;
    ``rest`` are parameters that DokuWiki itself ignores.
    """

    id: str
    linking: Linking = "details"
    cache: Cache = "cache"
    rest: str = ""

    @property
    def is_external(self) -> bool:
        """Whether the id is a URL."""
        return self.id.lower().startswith(("http://", "https://", "ftp://"))


Target: TypeAlias = PageTarget | SectionTarget | InterwikiTarget | UrlTarget | EmailTarget | ShareTarget | MediaTarget


# -- inlines -------------------------------------------------------------------------------------


@frozen
class Str(Node):
    """A run of text on one line, with its blanks; quotes and dashes stand as the author typed them."""

    text: str


@frozen
class SoftBreak(Node):
    """A line end in the source that is a blank in the text."""


@frozen
class LineBreak(Node):
    """A line end that the author asked for."""


@frozen
class Verbatim(Node):
    """Text in which no markup and no typography is looked for; may hold line ends.

    ``mark`` is the syntax it stands in: DokuWiki's ``<nowiki>`` or ``%%``.
    """

    text: str
    mark: Literal["%%", "nowiki"] = "%%"


@frozen
class Emph(Node):
    """Emphasised text."""

    content: tuple[Inline, ...]


@frozen
class Strong(Node):
    """Strongly emphasised text."""

    content: tuple[Inline, ...]


@frozen
class Underline(Node):
    """Underlined text."""

    content: tuple[Inline, ...]


@frozen
class Strikeout(Node):
    """Deleted text that is still shown."""

    content: tuple[Inline, ...]


@frozen
class Superscript(Node):
    """Raised text."""

    content: tuple[Inline, ...]


@frozen
class Subscript(Node):
    """Lowered text."""

    content: tuple[Inline, ...]


@frozen
class SmallCaps(Node):
    """Text in small capitals."""

    content: tuple[Inline, ...]


@frozen
class Monospace(Node):
    """Text in a monospaced face that may hold other markup, as DokuWiki's ``''``."""

    content: tuple[Inline, ...]


@frozen
class Code(Node):
    """Literal code in a line."""

    text: str
    attr: Attr = NO_ATTR


@frozen
class Math(Node):
    """A formula in TeX; ``display`` sets it on a line of its own."""

    text: str
    display: bool = False


@frozen
class RawInline(Node):
    """Source text of the format ``format``, for writers of that format only."""

    format: str
    text: str


@frozen
class Link(Node):
    """A link; with empty ``content`` the target itself is the text.

    A bare URL or address in running text has the class ``uri`` or ``email``, as in pandoc.
    """

    target: Target
    content: tuple[Inline, ...] = ()
    attr: Attr = NO_ATTR


Align: TypeAlias = Literal["left", "center", "right"]


@frozen
class Image(Node):
    """An image, a sound or a film in the line; ``content`` is its title or alternative text.

    ``width`` and ``height`` are in pixels.
    """

    target: MediaTarget | UrlTarget | InterwikiTarget
    content: tuple[Inline, ...] = ()
    align: Align | None = None
    width: int | None = None
    height: int | None = None
    attr: Attr = NO_ATTR


@frozen
class Note(Node):
    """A footnote at the place that refers to it."""

    content: tuple[Block, ...]


@frozen
class Span(Node):
    """A run of inlines with attributes."""

    content: tuple[Inline, ...]
    attr: Attr = NO_ATTR


@frozen
class Macro(Node):
    """An instruction to the wiki, verbatim: ``~~NOTOC~~``, ``{{page>x}}``; an inline or a block.

    It shows nothing of its own in other formats, and is given back as it stands.
    """

    text: str


@frozen
class Tags(Node):
    """The place of a tag list and the tags written there; an inline or a block.

    ``Metadata.tags`` says which tags the page has: a tag missing there is not written here any more,
    and a tag that stands at no place is written at the first.
    """

    tags: tuple[str, ...] = ()


Inline: TypeAlias = (
    Str
    | SoftBreak
    | Link
    | Strong
    | Emph
    | Monospace
    | Code
    | Image
    | LineBreak
    | Note
    | Underline
    | Verbatim
    | Span
    | Strikeout
    | Superscript
    | Subscript
    | Macro
    | Tags
    | Math
    | RawInline
    | SmallCaps
)
"""Every inline there is, commonest first."""


# -- blocks --------------------------------------------------------------------------------------


@frozen
class Plain(Node):
    """Inlines without a paragraph around them, as in a tight list item or a table cell."""

    content: tuple[Inline, ...]


@frozen
class Para(Node):
    """A paragraph."""

    content: tuple[Inline, ...]
    attr: Attr = NO_ATTR


@frozen
class Header(Node):
    """A heading of level 1 (highest) to 6.

    ``attr.id`` is empty unless an author chose one: ``links.section_ids`` gives the ids of a page.
    """

    level: int
    content: tuple[Inline, ...]
    attr: Attr = NO_ATTR


@frozen
class CodeBlock(Node):
    """Lines of code or of an embedded file, exactly as they stand.

    ``kind`` is the syntax: ``code``, ``file`` or ``indented``.  A named ``file`` is an embedded
    original.  ``options`` are DokuWiki's, as written between the brackets.
    """

    text: str
    language: str = ""
    filename: str = ""
    kind: Literal["code", "file", "indented"] = "code"
    options: str = ""
    attr: Attr = NO_ATTR

    @property
    def is_original(self) -> bool:
        """Whether this is a file that can be taken out of the page under its own name."""
        return self.kind == "file" and bool(self.filename)


@frozen
class RawBlock(Node):
    """Source text of the format ``format``, for writers of that format only."""

    format: str
    text: str


@frozen
class BlockQuote(Node):
    """Quoted blocks."""

    content: tuple[Block, ...]


ListItem: TypeAlias = "tuple[Block, ...]"


@frozen
class BulletList(Node):
    """An unordered list."""

    items: tuple[ListItem, ...]
    attr: Attr = NO_ATTR


@frozen
class OrderedList(Node):
    """A numbered list; ``style`` is pandoc's name, ``Decimal`` or ``LowerAlpha``, say."""

    items: tuple[ListItem, ...]
    start: int = 1
    style: str = "Decimal"
    attr: Attr = NO_ATTR


@frozen
class Definition(Node):
    """A term and what is said of it, each a tuple of blocks."""

    term: tuple[Inline, ...]
    definitions: tuple[tuple[Block, ...], ...]


@frozen
class DefinitionList(Node):
    """Terms with their definitions."""

    items: tuple[Definition, ...]
    attr: Attr = NO_ATTR


@frozen
class LineBlock(Node):
    """Lines whose breaks and leading blanks count, as in verse."""

    lines: tuple[tuple[Inline, ...], ...]


@frozen
class HorizontalRule(Node):
    """A rule across the page."""


@frozen
class Cell(Node):
    """A table cell; one that spans stands once, at its upper left."""

    content: tuple[Block, ...]
    is_header: bool = False
    align: Align | None = None
    colspan: int = 1
    rowspan: int = 1
    attr: Attr = NO_ATTR


@frozen
class Row(Node):
    """A table row; columns taken by a span from above or from the left have no cell here."""

    cells: tuple[Cell, ...]
    attr: Attr = NO_ATTR


@frozen
class Table(Node):
    """A table; its first ``head`` rows are the table's head."""

    rows: tuple[Row, ...]
    head: int = 0
    caption: tuple[Block, ...] = ()
    attr: Attr = NO_ATTR


@frozen
class Figure(Node):
    """Blocks with a caption."""

    content: tuple[Block, ...]
    caption: tuple[Block, ...] = ()
    attr: Attr = NO_ATTR


@frozen
class Div(Node):
    """Blocks with attributes."""

    content: tuple[Block, ...]
    attr: Attr = NO_ATTR


@frozen
class Feed(Node):
    """A news feed that the wiki shows; ``options`` as written after the URL."""

    url: str
    options: str = ""


Block: TypeAlias = (
    Para
    | Plain
    | Header
    | BulletList
    | OrderedList
    | CodeBlock
    | Table
    | BlockQuote
    | HorizontalRule
    | Div
    | Macro
    | Tags
    | RawBlock
    | DefinitionList
    | Figure
    | LineBlock
    | Feed
)
"""Every block there is, commonest first."""


# -- the whole -----------------------------------------------------------------------------------

MetaValue: TypeAlias = "str | int | float | bool | list[MetaValue] | dict[str, MetaValue] | None"


@frozen
class Metadata(Value):
    """What is said of a page; ``extra`` are free keys that pass through every format.

    Dates are ISO 8601, as written; ``lang`` is a BCP 47 tag.
    """

    title: str | None = None
    tags: tuple[str, ...] = ()
    lang: str | None = None
    page_id: str | None = None
    created: str | None = None
    modified: str | None = None
    creator: str | None = None
    contributors: tuple[str, ...] = ()
    extra: Mapping[str, MetaValue] = field(default_factory=dict)


@frozen
class Document(Value):
    """One page: its blocks, what is said of it, the media that travel with it, and its wiki's tables."""

    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=Metadata)
    resources: Resources = field(default_factory=Resources, repr=False)
    conf: WikiConf = field(default=SHIPPED, compare=False, repr=False)
