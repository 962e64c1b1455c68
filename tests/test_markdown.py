"""Markdown: any text is read, what is written reads the same, and a cable goes there and comes back."""

from __future__ import annotations

import re
import time
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.canon import Token, canon
from oracle.pages import pages

import wikicable
from wikicable.model import (
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    CodeBlock,
    Div,
    Emph,
    Inline,
    Link,
    Math,
    Note,
    PageTarget,
    Para,
    Row,
    Span,
    Str,
    Table,
    Underline,
)
from wikicable.testing import documents
from wikicable.walk import plain_text, walk

FLAVOURS = ("markdown", "gfm", "python-markdown", "commonmark")
CABLE = Path(__file__).parent.parent / "samples" / "cable.txt"


def _written(document: wikicable.Document, flavour: str) -> str:
    text = wikicable.write(document, flavour)
    assert isinstance(text, str)
    return text


def _there_and_back(page: str, flavour: str, edit: tuple[str, str] = ("", "")) -> str:
    there = wikicable.convert(page, "dokuwiki", flavour)
    assert isinstance(there, str)
    assert edit[0] in there
    back = wikicable.convert(there.replace(*edit, 1) if edit[0] else there, flavour, "dokuwiki")
    assert isinstance(back, str)
    return back


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(text=st.text(alphabet="*_`~[]()<>!#|-+=:.^$\\&\n\t 1aé한{}\"'@/") | st.text())
def test_every_text_is_read(flavour: str, text: str) -> None:
    wikicable.read(text, flavour)


@pytest.mark.parametrize("flavour", FLAVOURS)
@settings(max_examples=60)
@given(document=documents())
def test_no_document_is_refused(flavour: str, document: wikicable.Document) -> None:
    wikicable.read(_written(document, flavour), flavour)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_random_pages_are_shown_as_before(flavour: str) -> None:
    documents = [wikicable.read(page, "dokuwiki") for page in pages(100, seed=7)]
    back = [wikicable.read(_written(document, flavour), flavour) for document in documents]
    same = sum(_shown(one) == _shown(two) for one, two in zip(documents, back, strict=True))
    assert same >= 93, "of a hundred pages on which everything is nested in everything"


def _shown(document: wikicable.Document) -> list[Token]:
    html = wikicable.write(document, "html", typography=False)
    assert isinstance(html, str)
    return canon(html)


# -- divisions and spans -------------------------------------------------------------------------

NAMES = st.sampled_from(["note", "tip", "wrap", "info", "folded", "wide", "한글", "1a", "c.d"])
VALUES = st.sampled_from(["50%", "2002", "2112", "2012", "1001"]) | st.text("ab \"'{}|\\&#;=<>\n`가", max_size=5)
ATTRS = st.builds(
    Attr,
    st.sampled_from(["", "id1", "i d"]),
    st.lists(NAMES, max_size=2).map(tuple),
    st.lists(
        st.tuples(st.sampled_from(["lang", "width", "a-b", "lines"]), VALUES), max_size=2, unique_by=lambda p: p[0]
    ).map(tuple),
).filter(bool)
WORD = st.text("ab []{}()^!:_*|\\$#=.~`<&-", min_size=1, max_size=6).filter(lambda text: "".join(text.split()) == text)
LEAVES = st.one_of(
    st.builds(Math, st.sampled_from(["x^2", "a[1]{b}", r"\sqrt[N]{2}"])),
    st.builds(lambda text: Note((Para((Str(text),)),)), WORD),
    st.builds(lambda text: Link(PageTarget("p"), (Str(text),)), WORD),
    st.just(Link(PageTarget("page"))),
)


def _line(pieces: st.SearchStrategy[Inline]) -> st.SearchStrategy[tuple[Inline, ...]]:
    """Make lines of pieces with words between them."""
    pairs = st.lists(st.tuples(WORD.map(Str), pieces), min_size=1, max_size=2)
    return pairs.map(lambda each: tuple(chain.from_iterable(each)))


LINES = _line(
    st.recursive(LEAVES, lambda inner: st.builds(Span, _line(inner), ATTRS) | st.builds(Underline, _line(inner)))
)
DIVISIONS = st.recursive(
    st.builds(Para, LINES) | st.builds(CodeBlock, WORD),
    lambda inner: st.one_of(
        st.builds(Div, st.lists(inner, max_size=3).map(tuple), ATTRS),
        st.builds(lambda block: BlockQuote((block,)), inner),
        st.builds(lambda block: BulletList(((block,), (block,))), inner),
        st.builds(lambda block: Table((Row((Cell((block,)),)),)), inner),
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("flavour", [*FLAVOURS, "obsidian"])
@settings(max_examples=40)
@given(blocks=st.lists(DIVISIONS, max_size=3))
def test_divisions_and_spans_keep_what_is_said_of_them(flavour: str, blocks: list[Block]) -> None:
    document = wikicable.Document(tuple(blocks))
    back = wikicable.read(_written(document, flavour), flavour)
    assert _said(back) == _said(document)
    assert "".join(plain_text(back.blocks).split()) == "".join(plain_text(document.blocks).split())


def _said(document: wikicable.Document) -> list[tuple[type, Attr]]:
    return [(type(node), node.attr) for node in walk(document) if isinstance(node, Div | Span)]


# -- a translated cable --------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_cable_comes_back_as_it_was(flavour: str) -> None:
    page = CABLE.read_text("utf-8")
    normal = wikicable.convert(page, "dokuwiki", "dokuwiki")
    shown = wikicable.convert(normal, "dokuwiki", "html")
    assert wikicable.convert(_there_and_back(page, flavour), "dokuwiki", "html") == shown


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_edits_arrive_in_the_page(flavour: str) -> None:
    page = CABLE.read_text("utf-8")
    word = re.findall(r"\w{4,}", plain_text(next(b for b in _blocks(page) if isinstance(b, Para))))[-1]
    assert "Edited" in _there_and_back(page, flavour, (word, "Edited"))
    tags = wikicable.read(page, "dokuwiki").metadata.tags
    assert tags
    back = _there_and_back(page, flavour, (f"  - {tags[0]}\n", f"  - {tags[0]}\n  - fresh\n"))
    assert set(wikicable.read(back, "dokuwiki").metadata.tags) == {*tags, "fresh"}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_cable_keeps_its_parts(flavour: str) -> None:
    page = wikicable.read(CABLE, "dokuwiki")
    markdown = wikicable.read(_written(page, flavour), flavour)
    for kind in (Note, Emph, Link):
        assert _count(markdown, kind) == _count(page, kind)
    originals = [[b for b in d.blocks if isinstance(b, CodeBlock) and b.is_original] for d in (page, markdown)]
    assert originals[0]
    assert originals[0] == originals[1]
    numbered = [[plain_text(b)[:3] for b in d.blocks if isinstance(b, Para)] for d in (page, markdown)]
    assert numbered[0] == numbered[1]


def _blocks(page: str) -> tuple[object, ...]:
    return wikicable.read(page, "dokuwiki").blocks


def _count(document: wikicable.Document, kind: type) -> int:
    return sum(isinstance(node, kind) for node in walk(document))


# -- hostile input -------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(
    "token", ["**a ", "*a _b ", "[a", "[[a", "![", "<b>", "`a", "> ", "- ", "\n- a", "| a ", "[^1]", "<!--", "&a;"]
)
def test_unclosed_markup_ends_in_time(flavour: str, token: str) -> None:
    start = time.process_time()
    document = wikicable.read(token * 4000, flavour)
    for form in (flavour, "dokuwiki", "html"):
        wikicable.write(document, form)
    assert time.process_time() - start < 20


def test_links_to_pages_are_paths_where_no_program_knows_wiki_links():
    page = wikicable.read("[[ns:a#b|x]] [[#b|here]] [[start]]", "dokuwiki")
    text = wikicable.write(page, "markdown", wiki_links=False)
    assert text == "[x](ns/a.md#b) [here](#b) [start](start.md)\n"
    assert wikicable.write(wikicable.read(text, "markdown"), "dokuwiki") == "[[ns:a#b|x]] [[#b|here]] [[start]]\n"


@pytest.mark.oracle
def test_python_markdown_shows_what_is_written_for_it():
    engine = pytest.importorskip("markdown")
    text = (
        "  * a\n    * b <code>\nx * y\n\n_z_\n</code>\n    - c\n\n#d <e> <del>f</del> &amp;\n<WRAP g>\n  * h\n</WRAP>\n"
    )
    written = wikicable.convert(text, "dokuwiki", "python-markdown", write_options={"front_matter": False})
    assert isinstance(written, str)
    shown = engine.markdown(written, extensions=["tables", "footnotes", "attr_list", "md_in_html", "fenced_code"])
    bare = re.sub(r"<(\w+)[^>]*>", r"<\1>", shown)
    assert re.sub(r"\s+|</?p>|<!-- -->", "", bare) == (
        "<ul><li>a<ul><li>b<pre>x&#42;y&#10;&#10;&#95;z&#95;</pre></li></ul><ol><li>c</li></ol></li></ul>"
        "#d&lt;e&gt;<del>f</del>&amp;amp;<div><ul><li>h</li></ul></div>"
    )
