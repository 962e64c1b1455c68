"""DokuWiki markup: any text is a page, what is written reads the same, and time is linear."""

from __future__ import annotations

import gc
import pickle
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import wikicable
from wikicable.model import Node
from wikicable.source import Source
from wikicable.testing import documents
from wikicable.walk import walk

_TOKENS = (
    "**", "//", "__", "''", "((", "))", "[[", "]]", "{{", "}}", "|", "^", "||", ":::", "==", "====", "%%", "\\\\ ",
    "\\\\\n", "<code>", "</code>", "<file txt a.b>", "</file>", "<nowiki>", "</nowiki>", "<sub>", "</sub>", "<del>",
    "</del>", "http://a.bc", "www.a.bc/", "<a@b.cd>", "~~NOTOC~~", "{{tag>a b}}", "\\\\s\\t", ":-)", "m(", "8-)", "(c)",
    "->", "=>", "<", ">", '"', "\n", "\n\n", "\n  * ", "\n    * ", "\n  - ", "\n> ", "\n>> ", "\n| ", "\n^ ", "\n  ",
    "\n----\n", " ", "  ", "\t", "a", "b c", "한", ".", "a.png", "wp>x", "a:b", "#s", "?20", "*", "-", "/", "=", "%", "$",
)  # fmt: skip
markup = st.lists(st.sampled_from(_TOKENS), max_size=30).map("".join)


def _as_dokuwiki(document: wikicable.Document) -> str:
    text = wikicable.write(document, "dokuwiki")
    assert isinstance(text, str)
    return text


@given(st.text() | markup)
def test_every_text_is_a_page(text: str) -> None:
    for syntax in ("all", "core"):
        wikicable.read(text, "dokuwiki", syntax=syntax)


@given(st.binary())
def test_bytes_that_are_no_text_come_back(data: bytes) -> None:
    fence = b"<code>\n" + data.replace(b"\r", b"").replace(b"<", b"") + b"\n</code>\n"
    document = wikicable.read(fence, "dokuwiki")
    assert _as_dokuwiki(document).encode("utf-8", "surrogateescape") == fence


@given(markup)
@example("http:\n>\n  </file></code>")
@example('<code></code>\t\n"')
@example("| </code></file> |")
@example("a \n \n|b|")
@example("|^ |\n^a|:::|")
@example("|||^=|\n^|| |:::^")
@example("| ^|\n|:::|")
@example("|^ |\n^a^b|\n|:::|")
@example("|||a||\n|||:::^a||\n||a^\n||a|||")
def test_a_written_page_is_in_normal_form(text: str) -> None:
    once = _as_dokuwiki(wikicable.read(text, "dokuwiki"))
    assert _as_dokuwiki(wikicable.read(once, "dokuwiki")) == once


@given(documents())
def test_no_document_is_refused(document: wikicable.Document) -> None:
    assert _as_dokuwiki(document) == "" or _as_dokuwiki(document).endswith("\n")


@pytest.mark.parametrize(
    "text",
    [
        "====== Title ======\n\nA **bold** and //slanted// word, a [[ns:page#section|link]], {{image.png?20 |it}}.\n",
        "  * one\n    - two\n    - three\n  * four\n\n> quoted\n>> twice\n",
        "^ head ^  right ^\n| wide ||\n| tall |  centre  |\n| ::: | left  |\n",
        "  indented\n    code\n\n<code python a.py>\nprint()\n</code>\n\n<file - notes.txt>\nx\n</file>\n",
        "text((note\n\nmore)) http://example.org/ <a@b.cd> %%**%% <nowiki>//</nowiki>\\\\\nnext\n",
        '{{tag>one "two words"}}\n\n~~NOTOC~~\n\n{{rss>http://example.org/feed 5}}\n\n----\n',
    ],
)
def test_normal_form_is_written_as_it_was(text: str) -> None:
    assert _as_dokuwiki(wikicable.read(text, "dokuwiki")) == text


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("page", ["text", "  * item", "<code>x</code>", "== head ==\ntext\n----\n\n\n> quote"])
def test_a_page_ends_as_it_ended(page: str, end: str) -> None:
    document = wikicable.read(page + end, "dokuwiki")
    assert _as_dokuwiki(document) == page + end
    assert _as_dokuwiki(wikicable.Document(pickle.loads(pickle.dumps(document.blocks)))) == page + end


def test_nodes_know_where_they_begin() -> None:
    text = "one **two** [[three]]\n\n  * four((five))\n"
    at = {type(node).__name__: node.at for node in walk(wikicable.read(text, "dokuwiki")) if isinstance(node, Node)}
    assert {name: text[at[name]:][:3] for name in ("Strong", "Link", "Note")} == {
        "Strong": "**t",
        "Link": "[[t",
        "Note": "((f",
    }  # fmt: skip


# -- hostile input -------------------------------------------------------------------------------

_HOSTILE = {
    "unclosed bold": "**a ", "bold and slashes": "**//", "slashes": "//a ", "underlines": "__a ", "monospace": "''a ",
    "subscripts": "<sub>a", "deletions": "<del>a ", "footnotes": "((a ", "parentheses": "(", "links": "[[",
    "titles": "[[a|a", "media": "{{a ", "plugin calls": "{{tag>a ", "percents": "%", "nowikis": "<nowiki>",
    "code": "<code ", "headings": "== a ", "bars of a heading": "=", "rows": "\n|||", "cells": "|", "heads": "^",
    "items": "\n  * a", "quotes": "\n>a", "spans": "\n|:::|", "URLs": "http://", "hosts": "www.a.", "mail": "<a@b.",
    "shares": "\\\\a\\", "breaks": "\\\\ ", "blanks": " ", "macros": "~~N", "smileys": ":-)((", "deep quote": ">",
    "blanks behind an acronym": "API \n>", "tables in footnotes": "((\n|(())", "happy words": "a=)",
    "smileys behind letters": "x:-),",
}  # fmt: skip


def _seconds(text: str) -> float:
    """Give the least of three times; the garbage collector would blur them."""

    def once() -> float:
        start = time.process_time()
        _as_dokuwiki(wikicable.read(text, "dokuwiki"))
        return time.process_time() - start

    gc.disable()
    try:
        return min(once() for _ in range(3))
    finally:
        gc.enable()


@pytest.mark.parametrize("name", _HOSTILE)
def test_time_is_linear(name: str) -> None:
    token = _HOSTILE[name]
    short = "\n" + token * (20_000 // len(token))
    assert _seconds(short * 4) < 4 * 2.5 * _seconds(short) + 0.1


def test_a_line_of_five_megabytes() -> None:
    document = wikicable.read("word ** " * 650_000, "dokuwiki")
    assert len(document.blocks) == 1


@pytest.mark.parametrize(
    "deep", ["".join(f"\n{'  ' * n}* x" for n in range(1, 1000)), "\n" + ">" * 1000 + "x", "**//" * 500]
)
def test_a_thousand_levels_are_a_notice(deep: str) -> None:
    notices = wikicable.Notices()
    document = wikicable.read(deep, "dokuwiki", notices=notices)
    for name in ("dokuwiki", "html"):
        wikicable.write(document, name)
    assert [notice.what for notice in notices] == ["nesting.depth"]


def test_blocks_stand_on_the_line_that_they_begin():
    source = Source(b"one\n\n  * two\n\n^ three ^\n| four |\n\n----\n\n====== Five ======\n\n  six\n\n> seven\n")
    lines = [source.place(block.at or 0).line for block in wikicable.read(source, "dokuwiki").blocks]
    assert lines == [1, 3, 5, 8, 10, 12, 14]
