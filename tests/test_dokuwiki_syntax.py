"""The syntax of DokuWiki's plugins: those in wide use, and one that somebody else teaches."""

from __future__ import annotations

import gc
import json
import re
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wikicable
from wikicable.model import NO_ATTR, Div, Node
from wikicable.plugins import installed
from wikicable.walk import walk
from wikicable_dokuwiki.plugin_syntax import SYNTAX

ROOT = Path(__file__).resolve().parent.parent
PLUGIN_PAGES = ROOT.parent / "shared" / "corpus" / "plugins.jsonl"
FORMATS = ("markdown", "gfm", "python-markdown", "html", "tei")


def as_dokuwiki(document: wikicable.Document) -> str:
    text = wikicable.write(document, "dokuwiki")
    assert isinstance(text, str)
    return text


def through(text: str, name: str) -> str:
    there = wikicable.convert(text, "dokuwiki", name)
    back = wikicable.convert(there, name, "dokuwiki")
    assert isinstance(back, str)
    return back


# -- pages with what the real plugins make of them -----------------------------------------------


def plugin_pages() -> list[dict[str, str]]:
    if not PLUGIN_PAGES.exists():
        pytest.skip(f"{PLUGIN_PAGES.name} is missing: pages and the tags that the real plugins give them")
    return [json.loads(line) for line in PLUGIN_PAGES.read_text("utf-8").splitlines()]


def test_a_page_has_the_tags_that_the_plugin_gives_it():
    for page in plugin_pages():
        assert list(wikicable.read(page["text"], "dokuwiki").metadata.tags) == (page["tags"] or []), page["id"]


def test_writing_a_page_again_changes_nothing():
    for page in plugin_pages():
        once = as_dokuwiki(wikicable.read(page["text"], "dokuwiki"))
        assert as_dokuwiki(wikicable.read(once, "dokuwiki")) == once, page["id"]


# -- there and back ------------------------------------------------------------------------------

NORMAL = [
    "text\n\n<WRAP info round #box 50% :en>\nA **box**\n\n  * with a list\n</WRAP>\n\nmore\n",
    "<WRAP group>\n<WRAP half column>\nOne\n</WRAP>\n\n<WRAP half column>\nTwo\n</WRAP>\n</WRAP>\n",
    "text\n<WRAP tip>one line</WRAP>\nmore\n",
    "a <wrap em>b //c//</wrap> d <span hi>e</span>\n",
    "<note tip>A note</note>\n\n<note important>\nAnother\n\nof two\n</note>\n",
    "<color red/#ffe>a</color> <fc blue>b</fc> <fs 120%>c</fs> <ff Courier New>d</ff>\n",
    "++++Title|\nFolded text\n++++\n\na ++more|text++ b\n",
    '<hidden onHidden="Show" A title>\n== H ==\n\ntext\n</hidden>\n',
    "<columns 100% 50% 50%>\nOne\n<newcolumn>\nTwo\n</columns>\n",
    "Let $a_b$ be \\(x\\) and\n\n$$\\frac{1}{2}$$\n",
    "---- dataentry book ----\ntitle : The Garden\nauthor_page : Jane Doe\n----\n",
    "  ? term\n  : what it **is**\n  : and more\n  ? another\n  : this\n",
    "[{{ garden.jpg?200|The //garden//}}]\n",
    "text[(smith>Smith, //Gardens//)]\n",
    'text {{tag>one "Two Words"}} {{page>a:b}} /* c */ ~~DISCUSSION~~ {{frobnicate>x}}\n',
]  # fmt: skip


@pytest.mark.parametrize("text", NORMAL)
def test_normal_form_is_written_as_it_was(text):
    assert as_dokuwiki(wikicable.read(text, "dokuwiki")) == text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", NORMAL)
def test_a_page_comes_back_through_other_formats(text, name):
    assert through(text, name) == text


@pytest.mark.parametrize("name", FORMATS)
def test_an_edit_in_a_container_arrives(name):
    there = wikicable.convert("<WRAP info>\nA word\n</WRAP>\n", "dokuwiki", name)
    assert isinstance(there, str)
    edited = there.replace("A word", "Two words")
    assert wikicable.convert(edited, name, "dokuwiki") == "<WRAP info>\nTwo words\n</WRAP>\n"


_PIECES = (
    "<WRAP info>", "</WRAP>", "<WRAP 50% :en>", "<wrap em>", "</wrap>", "<WRAP clear/>", "<block>", "</block>", "<note>",
    "<note tip>", "</note>", "<color red>", "</color>", "<fs 2em>", "</fs>", "++++ t|", "++++", "++t|", "++", "<hidden>",
    "</hidden>", "<columns>", "<newcolumn>", "</columns>", "$x$", "$", "$$", "\\(", "\\)", "\\begin{align}", "\\end{align}",
    "<latex>", "</latex>", "---- dataentry ----\na : b\n----", "\n  ? t", "\n  : d", "[{{a.png|", "}}]", "[(ab>", ")]",
    "/*", "*/", "{{tag>a}}", "{{page>a}}", "~~FOO~~", "{{foo>a}}", "**", "//", "((", "))", "\n", "\n\n", "\n  * ", "\n| ",
    " | ", "\n> ", "== h ==", "<code>", "</code>", "%%", " ", "a", "b.", "{{", "}}", "|",
)  # fmt: skip
markup = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)


@settings(deadline=None)
@given(markup)
def test_any_markup_is_a_page_and_written_in_normal_form(text):
    once = as_dokuwiki(wikicable.read(text, "dokuwiki"))
    assert as_dokuwiki(wikicable.read(once, "dokuwiki")) == once


@settings(deadline=None, max_examples=50)
@given(markup)
def test_without_plugins_their_syntax_is_text(text):
    document = wikicable.read(text, "dokuwiki", syntax="core")
    assert not any(isinstance(node, Div) for node in walk(document))


def test_nodes_know_where_they_begin():
    text = "a <note>b</note> $x$ <wrap em>c</wrap>"
    at = {type(node).__name__: node.at for node in walk(wikicable.read(text, "dokuwiki")) if isinstance(node, Node)}
    assert text[at["Div"] :].startswith("<note>")
    assert text[at["Math"] :].startswith("$x$")
    assert text[at["Span"] :].startswith("<wrap")


# -- hostile input -------------------------------------------------------------------------------

_HOSTILE = (
    "<WRAP ", "<WRAP>", "<WRAP a>x</WRAP>", "<WRAP/>", "<note>", "<wrap a", "<color #", "++++", "++++ a|", "++a|", "++",
    "<hidden ", "<columns>", "<newcolumn ", "$", "$a", "$a $", "$$a", "\\(", "\\[a", "\\begin{align}", "<latex>",
    "---- dataentry ----\n", "\n  ? a", "\n  ? a\n  : b", "[{{a|", "[{{", "[(ab>", "[(", "/*", " /* a */", "~~A", "{{a>",
    "<WRAP>\n\n", "</WRAP>", "<note> </note>", "++a|b++\n", "$a$ ",
)  # fmt: skip


def seconds(text: str) -> float:
    start = time.process_time()
    as_dokuwiki(wikicable.read(text, "dokuwiki"))
    return time.process_time() - start


@pytest.mark.parametrize("token", _HOSTILE)
def test_time_is_linear(token):
    short = token * (8_000 // len(token))
    gc.disable()
    try:
        ratios = (min(seconds(short * 4) for _ in range(2)) / max(0.005, seconds(short)) for _ in range(3))
        assert any(ratio < 10 for ratio in ratios)
    finally:
        gc.enable()


# -- somebody else's plugin ----------------------------------------------------------------------


def documented_plugin() -> str:
    """Give the page of code in the documents that teaches a plugin."""
    text = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    found = re.search(r"```python\n(\"\"\"Spoilers.*?)```", text, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def taught(tmp_path, monkeypatch):
    """Teach what the documents teach."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "spoilers.py").write_text(dedent(documented_plugin()), "utf-8")
    info = tmp_path / "spoilers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: spoilers\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[wikicable]\nspoilers = spoilers\n", "utf-8")
    installed.cache_clear()
    yield
    installed.cache_clear()
    sys.modules.pop("spoilers", None)


@pytest.mark.usefixtures("taught")
@pytest.mark.parametrize("name", ["dokuwiki", *FORMATS])
def test_a_plugin_that_somebody_else_teaches(name):
    text = "a\n\n<spoiler The end>\nThey **all** live\n</spoiler>\n\nsome @@key@@ {{dice>2}}\n"
    notices = wikicable.Notices()
    document = wikicable.read(text, "dokuwiki", notices=notices)
    assert not list(notices)
    assert {"spoiler", "kbd"} <= {name for node in walk(document) for name in getattr(node, "attr", NO_ATTR).classes}
    assert through(text, name) == text


def test_what_is_no_syntax_is_named_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setattr("wikicable_dokuwiki.plugin_syntax.SYNTAX", (*SYNTAX, "note"))
    notices = wikicable.Notices()
    document = wikicable.read("<note>a</note>", "dokuwiki", notices=notices)
    assert [notice.what for notice in notices] == ["plugin.broken"]
    assert isinstance(document.blocks[0], Div)
