"""Documents that no reader makes: every node in every place, with texts, names and keys of every kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from wikicable.model import (
    Attr,
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
    InterwikiTarget,
    LineBlock,
    LineBreak,
    Link,
    Macro,
    Math,
    MediaTarget,
    Metadata,
    Node,
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
    SoftBreak,
    Span,
    Str,
    Strong,
    Table,
    Tags,
    UrlTarget,
    Verbatim,
)
from wikicable.walk import rewrite

TEXT = st.text("ab 가😀<>&\"'\n\t\r\0\x1b\u00a0\u2028\udc80\udcff\ufffe%#?:/\\;{}[]|~*", max_size=8)
LINE = TEXT.map(lambda text: text.replace("\n", " "))
SOME_LINE = LINE.filter(bool)
NAMES = ["persName", "date", "pb", "gap", "milestone", "corr", "sic", "title"]
CLASSES = st.lists(st.sampled_from(["a", "b c", "bold", "numbered", "😀", "가", "", *NAMES]), max_size=2).map(tuple)
KEYS = st.sampled_from(["k", "a b", "K-1", "가", "n", "type", "", "when", "ref", "unit", "level", "sic"])
PAIRS = st.lists(st.tuples(KEYS, TEXT | st.sampled_from(["2007-04-18", "https://example.org/x", "m"])), max_size=2).map(
    tuple
) | st.sampled_from(
    [(("lang", "ko"),), (("lang", "not a language"),), (("style", "color: red"),), (("style", "--k: 1"),)]
)
ATTRS = st.just(Attr()) | st.builds(Attr, st.sampled_from(["", "a", "가", "1 x", "fn__1"]), CLASSES, PAIRS)
TARGETS = st.one_of(
    st.builds(PageTarget, TEXT, TEXT, TEXT),
    st.builds(SectionTarget, TEXT),
    st.builds(InterwikiTarget, st.sampled_from(["wp", "WP", "amazon.de", "wiki", "http", "x y"]), TEXT),
    st.builds(UrlTarget, TEXT | TEXT.map("http://{}".format) | TEXT.map("wp:{}".format) | TEXT.map("wiki:{}".format)),
    st.builds(EmailTarget, TEXT),
    st.builds(ShareTarget, TEXT | TEXT.map("\\\\server\\{}".format)),
    st.builds(
        MediaTarget,
        TEXT | TEXT.map("http://{}".format),
        st.sampled_from(["details", "nolink"]),
        st.sampled_from(["cache", "nocache"]),
        TEXT,
    ),
)
ATOMS: st.SearchStrategy[Any] = st.one_of(
    st.builds(Str, SOME_LINE),
    st.builds(Str, SOME_LINE),
    st.builds(SoftBreak),
    st.builds(LineBreak),
    st.builds(Verbatim, TEXT, st.sampled_from(["%%", "nowiki"])),
    st.builds(Code, TEXT, ATTRS),
    st.builds(Math, TEXT, st.booleans()),
    st.builds(RawInline, SOME_LINE, TEXT),
    st.builds(Macro, TEXT),
    st.builds(Tags, st.lists(LINE, max_size=2).map(tuple)),
)


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


def inlines_of(inline: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    content = many(inline)
    size = st.none() | st.integers(0, 999)
    return st.one_of(
        st.builds(Emph, content),
        st.builds(Strong, content),
        st.builds(Span, content, ATTRS),
        st.builds(Link, TARGETS, content, ATTRS),
        st.builds(
            Image,
            st.one_of(
                st.builds(MediaTarget, TEXT), st.builds(UrlTarget, TEXT), st.builds(InterwikiTarget, SOME_LINE, LINE)
            ),
            content,
            st.sampled_from([None, "left", "center"]),
            size,
            size,
            ATTRS,
        ),
        st.builds(Note, content.map(Plain).map(lambda block: (block,)) | content.map(Para).map(lambda block: (block,))),
    )


INLINES = many(st.recursive(ATOMS, inlines_of, max_leaves=4))
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.builds(Para, INLINES, ATTRS),
    st.builds(Plain, INLINES),
    st.builds(Plain, INLINES),
    st.builds(Header, st.integers(1, 6), INLINES, ATTRS),
    st.builds(CodeBlock, TEXT, TEXT, LINE, st.sampled_from(["code", "file", "indented"]), TEXT, ATTRS),
    st.builds(RawBlock, TEXT, TEXT),
    st.builds(HorizontalRule),
    st.builds(Macro, TEXT),
    st.builds(Tags, st.lists(LINE, max_size=2).map(tuple)),
    st.builds(Feed, TEXT, TEXT),
    st.builds(LineBlock, many(INLINES)),
)


def blocks_of(block: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    content = many(block)
    cell = st.builds(
        Cell, content, st.booleans(), st.sampled_from([None, "right"]), st.integers(1, 3), st.integers(1, 3), ATTRS
    )
    definition = st.builds(Definition, INLINES, many(content))
    return st.one_of(
        st.builds(BlockQuote, content),
        st.builds(BulletList, many(content), ATTRS),
        st.builds(
            OrderedList, many(content), st.integers(-1, 9), st.sampled_from(["Decimal", "LowerAlpha", "x y"]), ATTRS
        ),
        st.builds(DefinitionList, many(definition), ATTRS),
        st.builds(Table, many(st.builds(Row, many(cell), ATTRS)), st.integers(0, 2), content, ATTRS),
        st.builds(Figure, content, content, ATTRS),
        st.builds(Div, content, ATTRS),
    )


WILD = many(st.recursive(LEAVES, blocks_of, max_leaves=5)).map(Document)
META_TEXT = st.none() | LINE
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda value: st.lists(value, max_size=2) | st.dictionaries(TEXT, value, max_size=2),
    max_leaves=4,
)
METADATA = st.builds(
    Metadata,
    title=st.none() | SOME_LINE.filter(lambda text: text.strip(" \t\r")),
    tags=st.lists(SOME_LINE, max_size=2, unique=True).map(tuple),
    lang=st.sampled_from([None, "ko", "en_US", "zh-Hant-TW", "?"]),
    page_id=META_TEXT,
    created=META_TEXT | st.just("2007/04/18 09:03"),
    modified=META_TEXT,
    creator=META_TEXT,
    contributors=st.lists(LINE, max_size=2).map(tuple),
    extra=st.dictionaries(
        TEXT | st.sampled_from(["sender", "date", "publisher", "licence", "history"]), VALUES, max_size=3
    ),
)


def normal(document: Document) -> Document:
    """Give a document in the one form TEI has for all that say the same.

    Runs of text are joined; a table has no more head rows than rows.
    """
    return rewrite(document, joined)


def joined(node: Node) -> Node:
    changes: dict[str, Any] = {}
    for name in ("content", "term", "lines"):
        match getattr(node, name, None):
            case (Node(), *_) as content if name != "lines":
                changes[name] = tuple(joined_texts(content))
            case (tuple(), *_) as lines:
                changes[name] = tuple(tuple(joined_texts(line)) for line in lines)
    if isinstance(node, Table):
        changes["head"] = min(node.head, len(node.rows))
    return replace(node, **changes)


def joined_texts(content: tuple[Any, ...]) -> list[Any]:
    out: list[Any] = []
    for node in content:
        if isinstance(node, Str) and out and isinstance(out[-1], Str):
            out[-1] = Str(out[-1].text + node.text)
        else:
            out.append(node)
    return out
