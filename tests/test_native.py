"""pandoc's JSON: a document comes back as the same value, and pandoc takes every document as it is."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wikicable
from wikicable.errors import FormatError
from wikicable.model import Attr, Document, Link, PageTarget, Para, Str, Table, Tags, UrlTarget, Verbatim
from wikicable.native import read_json, write_json
from wikicable.notices import Notices
from wikicable.source import Source
from wikicable.testing.strategies import METADATA, documents
from wikicable.walk import walk

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "wikis.jsonl"
PANDOC = pypandoc.get_pandoc_path()


def there_and_back(document: Document) -> Document:
    notices = Notices()
    back = read_json(Source.of(write_json(document, notices)), notices)
    assert not list(notices)
    return back


def through_pandoc(value: str, *filters: str) -> Any:
    command = [PANDOC, "-f", "json", "-t", "json", *filters]
    return json.loads(subprocess.run(command, input=value.encode(), capture_output=True, check=True).stdout)


# -- the same value ------------------------------------------------------------------------------


@settings(deadline=None, max_examples=200)
@given(documents(), METADATA)
def test_a_document_comes_back_as_it_was(document, metadata):
    document = replace(document, metadata=metadata)
    assert there_and_back(document) == document


@settings(deadline=None, max_examples=12)
@given(documents(), METADATA)
def test_pandoc_takes_a_document_as_it_is(document, metadata):
    value = write_json(replace(document, metadata=metadata), Notices())
    given_back = through_pandoc(value)
    assert (given_back["blocks"], given_back["meta"]) == (json.loads(value)["blocks"], json.loads(value)["meta"])


@pytest.mark.skipif(not CORPUS.exists(), reason="no ../shared/corpus/wikis.jsonl to compare with")
def test_every_page_of_real_wikis_comes_back_as_it_was_and_pandoc_takes_all():
    pages = [json.loads(line)["text"] for line in CORPUS.read_text("utf-8").splitlines()]
    documents = [wikicable.read(page, "dokuwiki", notices=Notices()) for page in pages]
    assert [at for at, document in enumerate(documents) if there_and_back(document) != document] == []
    value = json.loads(write_json(Document(tuple(b for each in documents for b in each.blocks)), Notices()))
    assert through_pandoc(json.dumps(value))["blocks"] == value["blocks"]


def test_what_looks_like_ours_and_is_none_stays_what_it_is():
    odd = Attr(classes=("wikilink", "ordinary"), pairs=(("untitled", "x"), ("linking", "y"), ("title", "z")))
    document = Document(
        (Para((Link(UrlTarget("#a"), (Str("x"),), odd), Link(UrlTarget("mailto:a"), (Str("x"),), odd))),)
    )
    assert there_and_back(document) == document


def test_runs_of_text_that_stand_together_stay_two():
    document = Document((Para((Str("a"), Str("(("), Verbatim("b  c\n d"), Str(""))),))
    assert there_and_back(document) == document


# -- what a filter changes -----------------------------------------------------------------------


def changed(document: Document, lua: str, folder: Path) -> Document:
    path = folder / "change.lua"
    path.write_text(lua, "utf-8")
    value = through_pandoc(write_json(document, Notices()), "--lua-filter", str(path))
    return read_json(Source.of(json.dumps(value)), Notices())


def test_what_a_filter_changes_arrives(tmp_path):
    page = "[[ns:old]] [[other|shown]] {{tag>one two}}\n\n|  a  | b |\n"
    document = wikicable.read(page, "dokuwiki")
    lua = """
        function Link(link) link.target = link.target:gsub("old", "new"); return link end
        function Span(span) if span.classes[1] == "tag" then span.content = "three" end return span end
        function Str(str) if str.text == "a" then return pandoc.Str "c" end end
    """
    nodes = list(walk(changed(document, lua, tmp_path)))
    assert [node.target for node in nodes if isinstance(node, Link)] == [PageTarget("ns:new"), PageTarget("other")]
    assert Tags(("three", "three")) in nodes
    table = next(node for node in nodes if isinstance(node, Table))
    assert [(cell.align, cell.is_header) for cell in table.rows[0].cells] == [("center", False), (None, False)]
    assert Str("c") in walk(table)


def test_what_pandoc_alone_says_is_read(tmp_path):
    markdown = '"quoted" [@key] ^a^\n\n| a | b |\n|:-:|---|\n| 1 | 2 |\n\n: Caption\n'
    value = through_pandoc_from(markdown)
    document = read_json(Source.of(value), Notices())
    assert wikicable.write(document, "dokuwiki").splitlines()[0].startswith("“quoted” ")
    table = document.blocks[1]
    assert (table.head, [cell.align for cell in table.rows[1].cells]) == (1, ["center", None])


def through_pandoc_from(markdown: str) -> bytes:
    command = [PANDOC, "-f", "markdown", "-t", "json"]
    return subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout


# -- what is no document -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "[", "5", "{}", "[]", '{"pandoc-api-version": [2], "meta": {}, "blocks": []}', "[" * 100_000]
    + [f'{{"pandoc-api-version": [1, 23], "meta": {{}}, "blocks": {blocks}}}' for blocks in ('[{"t": "Hm"}]', "[5]")],
    ids=lambda text: text[:40],
)
def test_what_is_no_document_is_said_in_one_line(text):
    with pytest.raises(FormatError) as raised:
        read_json(Source.of(text), Notices())
    assert "\n" not in str(raised.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=4)
)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(["Para", "Header", "Table", "Div", "OrderedList", "Image", "Span", "Math"]), JSON)
def test_wrong_values_raise_nothing_else(kind, content):
    block = {"t": kind, "c": content}
    with suppress(FormatError):
        read_json(Source.of(json.dumps({"pandoc-api-version": [1, 23], "meta": {}, "blocks": [block]})), Notices())


def test_deep_nesting_stands_as_text():
    notices = Notices()
    document = wikicable.read(">" * 500 + " deep", "dokuwiki")
    assert "deep" in write_json(document, notices)
    assert {notice.what for notice in notices} <= {"nesting.depth"}
