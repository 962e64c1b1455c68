"""The HTML reader: every page there is, our own without loss, edits that arrive, and nothing that stops it."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

import wikicable
from wikicable.model import (
    CodeBlock,
    Document,
    Image,
    InterwikiTarget,
    Link,
    MediaTarget,
    Metadata,
    Node,
    Note,
    PageTarget,
    Para,
    Plain,
    Str,
    Tags,
    Target,
)
from wikicable.notices import Notices
from wikicable.testing import check_format
from wikicable.testing.strategies import METADATA, TEXT, Keeps
from wikicable.walk import plain_text, walk
from wikicable_html import FORMAT, WriteOptions

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "samples").rglob("*.txt"))
REAL_PAGE = ROOT.parent / "shared" / "samples" / "07TOKYO1716.txt"

KEPT = Keeps(text=TEXT.map("{};".format)).without(Tags)
"""All there is, where the text of a link is not what the link would show without it; tags are metadata too."""

WHOLE = WriteOptions(standalone=True)


def read(markup: str | bytes, notices: Notices | None = None, **options: object) -> Document:
    return wikicable.read(markup, "html", notices=notices, **options)


def body(markup: str) -> Document:
    """Read a page that no wiki made."""
    return read(f"<!DOCTYPE html><html><body>{markup}</body></html>")


def lines(markup: str) -> str:
    return " | ".join(plain_text(block) for block in body(markup).blocks)


def markup_of(document: Document, **options: object) -> str:
    return str(wikicable.write(document, "html", **options))


def back(text: str, **options: object) -> Document:
    """Give a wiki page as it comes back from a whole page of HTML."""
    return read(markup_of(wikicable.read(text, "dokuwiki"), standalone=True, **options))


def targets(document: Document) -> list[Target]:
    return [node.target for node in walk(document) if isinstance(node, Link)]


# -- laws ----------------------------------------------------------------------------------------


def test_laws() -> None:
    chunks = ("<div>", "<b>", "<p><b id=x>", "<table><td>", "<!--", "<a b='", "<pre><br>", "&amp;", "<p>a\n", "“a” ")
    check_format(FORMAT, keeps=KEPT, examples=30, hostile=chunks)


def test_a_whole_page_keeps_its_metadata() -> None:
    """Media are named in full where the page's id is known, so that none is drawn here."""
    keeps = replace(KEPT.without(Image, MediaTarget), depth=1, metadata=METADATA)
    check_format(replace(FORMAT, name="html-page"), keeps=keeps, write_options=WHOLE, examples=20, hostile=["<a>"])


@pytest.mark.parametrize("path", SAMPLES, ids=[str(path.relative_to(ROOT)) for path in SAMPLES])
def test_samples_come_back(path: Path) -> None:
    html = markup_of(wikicable.read(path, "dokuwiki"), standalone=True)
    assert markup_of(read(html), standalone=True) == html


# -- hostile pages -------------------------------------------------------------------------------

DEEP = 10_000
HOSTILE = {
    "open tags": "<div>" * DEEP + "x",
    "open marks": "<b><i>" * DEEP + "x",
    "marks with attributes": "".join(f"<b id={number}><p>" for number in range(DEEP)) + "x",
    "tags with signs in their values": "<div title='<'>" * DEEP + "x",
    "tags that end in values": '<div title=">">' * DEEP + "x",
    "tags that never end": "<div " * DEEP + ">",
    "quotes that never end": "<a b='" * DEEP,
    "comments that never end": "<!--" * DEEP,
    "scripts": "<script>" * DEEP + "x",
    "tables": "<table><tr><td>" * 2000 + "x",
    "lists": "<ul><li>" * 3000 + "x",
    "lists in divisions": "<ul><li><div>" * 2000 + "x",
    "quotes": "<blockquote>" * 3000 + "x" + "</blockquote>" * 3000,
    "attributes": "<p " + " ".join(f"a{number}=b" for number in range(DEEP)) + ">x",
    "a huge attribute": f'<p title="{"a" * 1_000_000}">x',
    "forms": "<form><button><label><select>" * 1000 + "x",
    "links": "<a href=y>" * DEEP + "x",
    "spans": "<span class=a>" * DEEP + "x",
    "svg": "<svg><foreignObject>" * 2000 + "x",
    "templates": "<template>" * 2000 + "x",
    "notes": "".join(f'<sup><a href="#n" id="r{number}" role="doc-noteref">1</a></sup>' for number in range(2000))
    + '<aside id="n" role="doc-footnote">'
    + "note " * 1000
    + "</aside>",
    "notes in notes": '<a href="#n" role="doc-noteref">1</a><aside id="n" role="doc-footnote">'
    '<a href="#n" role="doc-noteref">1</a><a href="#n" role="doc-noteref">1</a></aside>',
    "spans of cells": '<table><tr><td colspan="999999999" rowspan="999999999">x</table>',
    "numbers": '<ol start="99999999999999999999"><li value="1e9">x</ol>',
    "references": "&#x110000;&#0;&#xd800;&#99999999999;&nosuch;&amp" * 1000,
    "an entity bomb": '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "x"><!ENTITY b "'
    + "&a;" * 1000
    + '"><!ENTITY c "'
    + "&b;" * 1000
    + '">]><html xmlns="http://www.w3.org/1999/xhtml"><body><p>&c;</p></body></html>',
    "an external entity": '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>a&a;b</p></body></html>',
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages(page: str) -> None:
    start = time.process_time()
    document = read(page)
    wikicable.write(document, "html")
    wikicable.write(document, "dokuwiki")
    assert time.process_time() - start < 20


@pytest.mark.parametrize("page", [page for page in HOSTILE.values() if page.endswith("x")])
def test_text_that_stands_too_deep_is_kept(page: str) -> None:
    if "<script>" not in page and "<template>" not in page:
        assert "x" in "".join(plain_text(block) for block in read(page).blocks)


def test_nothing_outside_a_page_is_read() -> None:
    document = read(HOSTILE["an external entity"])
    assert plain_text(document.blocks) == "a&a;b"


def test_an_entity_bomb_stays_small() -> None:
    assert plain_text(read(HOSTILE["an entity bomb"]).blocks) == "&c;"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>가나".encode(), "가나"),
        ('<meta charset="euc-kr"><p>가나'.encode("euc-kr"), "가나"),
        ("<p>가나".encode("utf-16"), "가나"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>日本'.encode("shift_jis"), "日本"),
        ('<?xml version="1.0" encoding="iso-8859-2"?><p>ł'.encode("iso-8859-2"), "ł"),
        ("<p>“a”".encode("windows-1252"), '"a"'),
        (b"<meta charset=nosuch><p>\xe9", "é"),
        (b"<p>a\x00b\x04c", "a\ufffdb\x04c"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert plain_text(read(data).blocks) == text


# -- the page this was made for ------------------------------------------------------------------

needs_real_page = pytest.mark.skipif(not REAL_PAGE.exists(), reason=f"the page {REAL_PAGE.name} is not here")


@pytest.fixture(scope="module")
def cable() -> tuple[Document, str]:
    document = wikicable.read(REAL_PAGE, "dokuwiki")
    return document, markup_of(document, standalone=True)


def of(kind: type[Node], document: Document) -> list[Node]:
    return [node for node in walk(document) if isinstance(node, kind)]


def original(document: Document) -> CodeBlock:
    (found,) = (node for node in walk(document) if isinstance(node, CodeBlock) and node.is_original)
    return found


@needs_real_page
def test_a_real_page_comes_back(cable: tuple[Document, str]) -> None:
    document, html = cable
    again = read(html)
    assert again.metadata == document.metadata
    assert len(again.metadata.tags) == 5
    assert of(Note, again) == of(Note, document)
    assert len(of(Note, again)) == 8
    assert targets(again) == targets(document)
    assert {type(target) for target in targets(again)} > {PageTarget, InterwikiTarget}
    assert original(again) == original(document)
    assert read(markup_of(again, standalone=True)) == again


@needs_real_page
def test_edits_arrive_and_all_else_is_still_there(cable: tuple[Document, str]) -> None:
    document, html = cable
    head, main, body = html.replace('content="mops, parm,', 'content="mops, new,').partition("<main>")
    body = body.replace("외무성", "외교부", 1)
    body = re.sub(r'<a href="[^"]*" class="wikilink1"[^>]*>([^<]*)</a>', r"\1", body, count=1)
    body = body.replace("</p>", '<sup><a href="#new" id="r" role="doc-noteref">n</a></sup></p>', 1)
    note = '<aside id="new" role="doc-footnote"><a href="#r" role="doc-backlink">n</a> A new note.</aside>'
    again = read(head + main + body.replace("</section>", note + "</section>"))
    assert again.metadata.tags == ("mops", "new", *document.metadata.tags[2:])
    assert "new" in str(wikicable.write(again, "dokuwiki")).partition("{{tag>")[2].partition("}}")[0]
    assert len(of(Note, again)) == 9
    assert Note((Plain((Str("A new note."),)),)) in of(Note, again)
    assert len(targets(again)) == len(targets(document)) - 1
    assert plain_text(again.blocks).count("외교부") == 1 + plain_text(document.blocks).count("외교부")
    assert original(again) == original(document)


# -- edits of any page ---------------------------------------------------------------------------


def test_a_title_that_is_edited_arrives() -> None:
    html = markup_of(wikicable.read("====== Old ======", "dokuwiki"), standalone=True)
    assert read(html).metadata == Metadata()
    assert read(html.replace("<title>Old", "<title>New")).metadata.title == "New"


def test_a_tag_without_a_place_is_metadata() -> None:
    html = markup_of(Document((Para((Str("x"),)),)), standalone=True)
    assert read(html.replace("<style>", '<meta name="keywords" content="a, b c" /><style>')).metadata.tags == (
        "a",
        "b c",
    )


def test_signs_that_were_typed_stay() -> None:
    for text in ("“a” -- b", '"a" – b', "© 3×4 ->"):
        assert wikicable.write(back(text), "dokuwiki") == text + "\n"


# -- tags ----------------------------------------------------------------------------------------


def test_tags_at_their_place() -> None:
    document = back("text {{tag>one two}} text\n\n{{tag>three}}\n")
    assert document.metadata.tags == ("one", "two", "three")
    assert [node.tags for node in walk(document) if isinstance(node, Tags)] == [("one", "two"), ("three",)]


# -- other pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a <b>b</b>\n c</p>", "a b c"),
        ("a<br>b", "a b"),
        ("<p>a<p>b", "a | b"),
        ("<table>stray<tr><td>a</table>", "stray | a"),
        ("<frameset><frame src=a></frameset>", ""),
        ("<p>a<!-- b -->c", "ac"),
        ("<b><p>a</p><p>b</p></b>", "a | b"),
        ("<a href='x'><h2>a</h2><p>b</p></a>", "a | b"),
        ("<ul><li>a<ul><li>b</ul>c</ul>", "abc"),
        ("<p>&lt;b&gt; &amp;amp;", "<b> &amp;"),
    ],
)
def test_what_is_shown_is_read(markup: str, text: str) -> None:
    assert lines(markup) == text


def test_media_are_found_by_their_addresses() -> None:
    (image,) = of(Image, read('<p><img src="/lib/exe/fetch.php?w=10&amp;tok=ab&amp;media=ns:a.png" width="10"></p>'))
    assert isinstance(image, Image)
    assert (image.target, image.width) == (MediaTarget("ns:a.png", linking="nolink"), 10)
