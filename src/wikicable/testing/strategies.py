"""Hypothesis strategies for documents: everything the model can say, or what one format keeps of it.

The documents are tidy, as readers make them: no empty or adjacent runs of text, no mark directly in
itself or beside its like, no blank at the edge of a block, no link in a link and no note in a note,
spans that fit their table, list items and cells that begin with a ``Plain``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias, get_args

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    Definition,
    DefinitionList,
    Div,
    Document,
    EmailTarget,
    Emph,
    Feed,
    Figure,
    Header,
    HorizontalRule,
    Image,
    Inline,
    InterwikiTarget,
    LineBlock,
    LineBreak,
    Link,
    Macro,
    Math,
    MediaTarget,
    Metadata,
    Monospace,
    Note,
    OrderedList,
    PageTarget,
    Para,
    Plain,
    RawBlock,
    RawInline,
    Row,
    SectionTarget,
    ShareTarget,
    SmallCaps,
    SoftBreak,
    Span,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Table,
    Tags,
    Target,
    Underline,
    UrlTarget,
    Verbatim,
)

Kinds: TypeAlias = frozenset[type[Any]]
Inlines: TypeAlias = tuple[Inline, ...]
Blocks: TypeAlias = tuple[Block, ...]

LETTERS = "abcxyzABC019äéßЖ가나漢字"
MARKS = "*_/'\"`~^|[]{}()<>#+-=.,:;!?&%@$\\"

WORDS = st.text(LETTERS, min_size=1, max_size=8)
"""Words without any markup in them."""

TEXT = st.lists(st.text(LETTERS + MARKS, min_size=1, max_size=6), min_size=1, max_size=4).map(" ".join)
"""Text that looks like markup as often as not, and is none."""

NO_METADATA = st.just(Metadata())

IDS = st.lists(st.text("abcxyz019가나", min_size=1, max_size=5), min_size=1, max_size=3).map(":".join)
"""Page and media ids that are clean already."""


@dataclass(frozen=True, repr=False)
class Keeps:
    """What a format keeps: documents are made of these kinds of nodes and targets only.

    ``in_items`` are the blocks that may follow the first of a list item, ``in_notes`` those of a note.
    """

    blocks: Kinds = frozenset(get_args(Block))
    inlines: Kinds = frozenset(get_args(Inline))
    targets: Kinds = frozenset(get_args(Target))
    in_items: Kinds = frozenset({BulletList, OrderedList})
    in_notes: Kinds = frozenset({Para})
    text: SearchStrategy[str] = TEXT
    metadata: SearchStrategy[Metadata] = NO_METADATA
    spans: bool = True
    depth: int = 3

    def without(self, *kinds: type[Any]) -> Keeps:
        """Keep all of this but nodes and targets of those kinds."""
        gone = frozenset(kinds)
        return replace(self, blocks=self.blocks - gone, inlines=self.inlines - gone, targets=self.targets - gone)


EVERYTHING = Keeps()


def documents(keeps: Keeps = EVERYTHING) -> SearchStrategy[Document]:
    """Give tidy documents of what a format keeps."""
    return _document(keeps)


@st.composite
def _document(draw: DrawFn, keeps: Keeps) -> Document:
    return Document(draw(_blocks(keeps, keeps.depth, frozenset({Plain}))), draw(keeps.metadata))


METADATA = st.builds(
    Metadata,
    title=st.none() | WORDS,
    tags=st.lists(WORDS, max_size=3, unique=True).map(tuple),
    lang=st.sampled_from([None, "en", "ko", "de-AT"]),
    page_id=st.none() | IDS,
    created=st.sampled_from([None, "2007-04-18", "2013-03-10T06:58:00Z"]),
    creator=st.none() | WORDS,
    contributors=st.lists(WORDS, max_size=2, unique=True).map(tuple),
    extra=st.dictionaries(
        WORDS.map(str.casefold).map("x-{}".format), WORDS | st.integers() | st.booleans() | st.lists(WORDS, max_size=3)
    ),
)
"""Metadata of every kind."""


_ALIGNS: SearchStrategy[Align | None] = st.sampled_from([None, "left", "center", "right"])


# -- blocks --------------------------------------------------------------------------------------

_Make: TypeAlias = Callable[[Keeps, int, Kinds], SearchStrategy[Any]]


@st.composite
def _blocks(draw: DrawFn, keeps: Keeps, depth: int, inside: Kinds, allowed: Kinds | None = None) -> Blocks:
    """Give blocks that may stand where the marks ``inside`` are open, of the kinds ``allowed``."""
    kinds = (keeps.blocks if allowed is None else keeps.blocks & allowed) - inside
    one = _block(keeps, depth, inside, kinds)
    most = 4 if depth == keeps.depth else 2
    return () if one.is_empty else _without_neighbours(draw(st.lists(one, min_size=1, max_size=most)))


@cache
def _block(keeps: Keeps, depth: int, inside: Kinds, kinds: Kinds) -> SearchStrategy[Block]:
    makers = [make for kind, make in _BLOCKS.items() if kind in kinds and (depth > 0 or kind not in _DEEP_BLOCKS)]
    return st.one_of([make(keeps, depth - 1, inside) for make in makers])


def _without_neighbours(blocks: list[Block]) -> Blocks:
    """Leave out a list or quote that follows its like: no format could tell the two apart."""
    apart = (BulletList, OrderedList, BlockQuote, DefinitionList, LineBlock)
    pairs = zip([None, *blocks], blocks, strict=False)
    return tuple(block for before, block in pairs if not (isinstance(block, apart) and type(before) is type(block)))


def _paragraph(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Para]:
    return st.builds(Para, _inlines(keeps, depth, inside))


def _plain(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Plain]:
    return st.builds(Plain, _inlines(keeps, depth, inside))


def _header(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Header]:
    barred = inside | {SoftBreak, LineBreak, Note, Link, Image, Tags, Macro, Verbatim}
    return st.builds(Header, st.integers(1, 5), _inlines(keeps, min(depth, 0), barred))


def _code_block(keeps: Keeps, _depth: int, _inside: Kinds) -> SearchStrategy[CodeBlock]:
    code = st.lists(keeps.text | st.just(""), min_size=1, max_size=4).map("\n".join).filter(str.strip)
    name = st.just("") | st.sampled_from(["a.txt", "07 tokyo.rtf", "가.py"])
    language = st.sampled_from(["", "python", "rtf"])
    return st.builds(CodeBlock, code, language, name, st.sampled_from(["code", "file"]))


def _item(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Blocks]:
    following = st.just(()) | _blocks(keeps, depth, inside | {Note}, keeps.in_items)
    return st.builds(lambda first, rest: (first, *rest), _plain(keeps, depth, inside), following)


def _items(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[tuple[Blocks, ...]]:
    return st.lists(_item(keeps, depth, inside), min_size=1, max_size=2).map(tuple)


def _bullets(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[BulletList]:
    return st.builds(BulletList, _items(keeps, depth, inside))


def _numbers(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[OrderedList]:
    return st.builds(OrderedList, _items(keeps, depth, inside))


def _definitions(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[DefinitionList]:
    said = st.lists(_item(keeps, depth, inside), min_size=1, max_size=2).map(tuple)
    one = st.builds(Definition, _inlines(keeps, 0, inside | {LineBreak, SoftBreak}), said)
    return st.builds(DefinitionList, st.lists(one, min_size=1, max_size=2).map(tuple))


def _quote(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[BlockQuote]:
    return st.builds(BlockQuote, _blocks(keeps, depth, inside | {Header}))


def _div(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Div]:
    return st.builds(Div, _blocks(keeps, depth, inside), _attr())


def _figure(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Figure]:
    caption = _plain(keeps, 0, inside).map(lambda plain: (plain,))
    return st.builds(Figure, _blocks(keeps, depth, inside), caption)


def _verse(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[LineBlock]:
    line = _inlines(keeps, depth, inside | {LineBreak, SoftBreak})
    return st.builds(LineBlock, st.lists(line, min_size=1, max_size=3).map(tuple))


@st.composite
def _table(draw: DrawFn, keeps: Keeps, _depth: int, inside: Kinds) -> Table:
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    cell = _inlines(keeps, 0, inside | {LineBreak, SoftBreak})
    taken: set[tuple[int, int]] = set()
    rows = []
    for y in range(height):
        cells = []
        for x in range(width):
            if (y, x) in taken:
                continue
            colspan, rowspan = draw(_span(height - y, _free(taken, y, x, width))) if keeps.spans else (1, 1)
            taken |= {(y + down, x + right) for down in range(rowspan) for right in range(colspan)}
            content = draw(cell.map(Plain).map(lambda plain: (plain,)) | st.just(()))
            align = draw(_ALIGNS)
            cells.append(Cell(content, draw(st.booleans()), align, colspan, rowspan))
        rows.append(Row(tuple(cells)))
    return Table(tuple(rows), head=draw(st.integers(0, 1)))


def _free(taken: set[tuple[int, int]], y: int, x: int, width: int) -> int:
    """Count the columns from ``x`` on that no cell from above takes."""
    return next((at - x for at in range(x, width) if (y, at) in taken), width - x)


def _span(down: int, right: int) -> SearchStrategy[tuple[int, int]]:
    return st.just((1, 1)) | st.tuples(st.integers(1, right), st.integers(1, down))


_BLOCKS: dict[type[Any], _Make] = {
    Para: _paragraph,
    Plain: _plain,
    Header: _header,
    BulletList: _bullets,
    OrderedList: _numbers,
    CodeBlock: _code_block,
    Table: _table,
    BlockQuote: _quote,
    HorizontalRule: lambda *_: st.builds(HorizontalRule),
    Div: _div,
    Macro: lambda *_: st.builds(Macro, st.sampled_from(["~~NOTOC~~", "~~NOCACHE~~"])),
    Tags: lambda *_: st.builds(Tags, st.lists(WORDS, max_size=3, unique=True).map(tuple)),
    RawBlock: lambda *_: st.builds(RawBlock, st.sampled_from(["html", "tex"]), WORDS),
    DefinitionList: _definitions,
    Figure: _figure,
    LineBlock: _verse,
    Feed: lambda *_: st.builds(Feed, st.just("https://example.org/feed.xml"), st.sampled_from(["", "5 author"])),
}
_DEEP_BLOCKS = {BulletList, OrderedList, Table, BlockQuote, Div, DefinitionList, Figure}


# -- inlines -------------------------------------------------------------------------------------


@st.composite
def _inlines(draw: DrawFn, keeps: Keeps, depth: int, inside: Kinds) -> Inlines:
    """Give at least one inline, outside of which the marks ``inside`` are open."""
    one = _inline(keeps, depth, inside)
    inlines = _tidied(draw(st.lists(one, min_size=1, max_size=4 if depth > 1 else 2)))
    return inlines or (draw(one.filter(lambda inline: not isinstance(inline, SoftBreak | LineBreak))),)


@cache
def _inline(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Inline]:
    kinds = keeps.inlines - inside
    makers = [make for kind, make in _INLINES.items() if kind in kinds and (depth > 0 or kind not in _DEEP_INLINES)]
    if Str in kinds:  # most of a page is text
        makers += [_INLINES[Str]] * (len(makers) // 2)
    return st.one_of([make(keeps, depth - 1, inside) for make in makers])


def _tidied(inlines: Iterable[Inline]) -> Inlines:
    """Join runs of text, and leave out what stands beside its like or at an edge where it shows nothing."""
    out: list[Inline] = []
    for inline in inlines:
        before = out[-1] if out else None
        if isinstance(inline, Str) and isinstance(before, Str):
            out[-1] = Str(f"{before.text} {inline.text}")
        elif isinstance(inline, SoftBreak | LineBreak) and (
            before is None or isinstance(before, SoftBreak | LineBreak)
        ):
            continue
        elif type(inline) is not type(before):
            out.append(inline)
    while out and isinstance(out[-1], SoftBreak | LineBreak):
        out.pop()
    return tuple(out)


def _mark(kind: type[Any]) -> _Make:
    """Make the strategy of a mark around inlines in which the same mark does not open again."""

    def make(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Any]:
        return st.builds(kind, _inlines(keeps, depth, inside | {kind}))

    return make


def _link(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Link]:
    targets = [strategy for kind, strategy in _TARGETS.items() if kind in keeps.targets]
    barred = inside | {Link, Note, LineBreak, SoftBreak, Image, Tags, Macro}
    text = st.just(()) | _inlines(keeps, min(depth, 0), barred)
    return st.builds(Link, st.one_of(targets), text) if targets else st.nothing()


def _image(keeps: Keeps, _depth: int, _inside: Kinds) -> SearchStrategy[Image]:
    targets = [_TARGETS[kind] for kind in (MediaTarget, UrlTarget) if kind in keeps.targets]
    size = st.sampled_from([(None, None), (200, None), (200, 100)])
    title = st.just(()) | WORDS.map(lambda word: (Str(word),))
    return st.builds(
        lambda target, content, alignment, pixels: Image(target, content, alignment, *pixels),
        st.one_of(targets),
        title,
        _ALIGNS,
        size,
    )


def _note(keeps: Keeps, depth: int, inside: Kinds) -> SearchStrategy[Note]:
    return st.builds(Note, _blocks(keeps, depth, inside | {Note}, keeps.in_notes))


def _attr() -> SearchStrategy[Attr]:
    return st.builds(Attr, classes=st.lists(WORDS, min_size=1, max_size=2).map(tuple)) | st.just(NO_ATTR)


_TARGETS: dict[type[Any], SearchStrategy[Any]] = {
    PageTarget: st.builds(PageTarget, IDS, st.just("") | WORDS),
    SectionTarget: st.builds(SectionTarget, WORDS),
    InterwikiTarget: st.builds(InterwikiTarget, st.sampled_from(["wp", "wpjp", "doku"]), WORDS),
    UrlTarget: st.sampled_from(["https://example.org/", "http://example.org/a?b=c&d#e", "ftp://example.org/%20"]).map(
        UrlTarget
    ),
    EmailTarget: st.just(EmailTarget("someone@example.org")),
    ShareTarget: st.just(ShareTarget(r"\\server\share\file")),
    MediaTarget: st.builds(MediaTarget, IDS.map("{}.png".format), st.sampled_from(["details", "nolink", "linkonly"])),
}

_INLINES: dict[type[Any], _Make] = {
    Str: lambda keeps, *_: st.builds(Str, keeps.text),
    SoftBreak: lambda *_: st.builds(SoftBreak),
    Link: _link,
    Strong: _mark(Strong),
    Emph: _mark(Emph),
    Monospace: _mark(Monospace),
    Code: lambda keeps, *_: st.builds(Code, keeps.text),
    Image: _image,
    LineBreak: lambda *_: st.builds(LineBreak),
    Note: _note,
    Underline: _mark(Underline),
    Verbatim: lambda keeps, *_: st.builds(Verbatim, keeps.text.filter(lambda text: "%%" not in text)),
    Span: lambda keeps, depth, inside: st.builds(Span, _inlines(keeps, depth, inside | {Span}), _attr()),
    Strikeout: _mark(Strikeout),
    Superscript: _mark(Superscript),
    Subscript: _mark(Subscript),
    Macro: lambda *_: st.builds(Macro, st.sampled_from(["~~CLEARFLOAT~~", "{{page>a}}"])),
    Tags: lambda *_: st.builds(Tags, st.lists(WORDS, max_size=3, unique=True).map(tuple)),
    Math: lambda *_: st.builds(Math, st.sampled_from(["x^2", r"\frac{a}{b}"]), st.booleans()),
    RawInline: lambda *_: st.builds(RawInline, st.sampled_from(["html", "tex"]), WORDS),
    SmallCaps: _mark(SmallCaps),
}
_DEEP_INLINES = {Strong, Emph, Monospace, Note, Underline, Span, Strikeout, Superscript, Subscript, SmallCaps}
