"""The HTML writer: well-formed whatever the page holds, harmless, and what DokuWiki shows."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wikicable
from wikicable.model import (
    Attr,
    Block,
    BlockQuote,
    Cell,
    Code,
    CodeBlock,
    Div,
    Document,
    EmailTarget,
    Feed,
    Header,
    Image,
    Inline,
    InterwikiTarget,
    Link,
    Macro,
    Math,
    MediaTarget,
    Metadata,
    Monospace,
    Note,
    PageTarget,
    Para,
    Plain,
    RawInline,
    Row,
    SectionTarget,
    ShareTarget,
    Span,
    Str,
    Strong,
    Table,
    Tags,
    Target,
    UrlTarget,
    Verbatim,
)
from wikicable.testing import check_format
from wikicable.testing.strategies import documents
from wikicable.wikiconf import WikiConf
from wikicable_html import FORMAT

XHTML = "{http://www.w3.org/1999/xhtml}"
quickly = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def html(*blocks: Block, conf: WikiConf | None = None, **options: object) -> str:
    document = Document(blocks) if conf is None else Document(blocks, conf=conf)
    written = wikicable.write(document, "html", **options)
    assert isinstance(written, str)
    return written


def line(*inlines: Inline | str, **options: object) -> str:
    nodes = tuple(Str(each) if isinstance(each, str) else each for each in inlines)
    return html(Plain(nodes), **options).removesuffix("\n")


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(f"<div>{markup}</div>".encode())


def whole(document: Document) -> ET.Element:
    page = wikicable.write(document, "html", standalone=True)
    assert isinstance(page, str)
    doctype, _, rest = page.partition("\n")
    assert doctype == "<!DOCTYPE html>"
    return ET.fromstring(rest.encode())


# -- well-formed ---------------------------------------------------------------------------------


def test_laws() -> None:
    check_format(FORMAT)


@quickly
@given(documents())
def test_every_document_is_well_formed(document: Document) -> None:
    parsed(str(wikicable.write(document, "html")))
    whole(document)


ANYTHING = st.text() | st.text("<>&\"'\n\t\r\0\x07\ud800\udcff\ufffe{}[]|\\-=:)xAPI0123가 ]]>")


def _everywhere(text: str) -> tuple[Block, ...]:
    attr = Attr(text, (text,), ((text, text), ("filename", text), ("wiki-id", text), ("id", text), ("lang", text)))
    run = (Str(text),)
    targets: tuple[Target, ...] = (
        PageTarget(text, text, text),
        SectionTarget(text),
        InterwikiTarget("wp", text),
        InterwikiTarget(text, text),
        UrlTarget(text),
        UrlTarget("http://" + text),
        EmailTarget(text),
        ShareTarget(text),
        MediaTarget(text, rest=text),
    )
    media = (*(MediaTarget(text + end, rest=text) for end in (".png", ".jpg", ".mp4", ".mp3")), UrlTarget(text))
    inlines: tuple[Inline, ...] = (
        *(Link(target, content, attr) for target in targets for content in ((), run)),
        *(Image(target, content, attr=attr) for target in media for content in ((), run)),
        *(Verbatim(text), Code(text, attr), Math(text), Macro(text), Tags((text,)), RawInline(text, text)),
        *(Span(run, attr), Monospace(run), Note((Para(run),))),
    )
    return (
        *(Para(inlines, attr), Header(1, run), Header(2, run, attr), Feed(text, text), Div((), attr)),
        CodeBlock(text, text, text, "file", text, attr),
        Table((Row((Cell((Plain(run),), attr=attr),), attr),), attr=attr),
    )


@quickly
@given(ANYTHING)
def test_any_text_anywhere_is_well_formed(text: str) -> None:
    metadata = Metadata(text, (text,), text, text, text, text, text, (text,), {text: text, "keywords": [text]})
    document = Document(_everywhere(text), metadata)
    parsed(str(wikicable.write(document, "html")))
    parsed(str(wikicable.write(document, "html", typography=False, base_url=text)))
    whole(document)


@quickly
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")))
def test_text_is_shown_as_it_stands(text: str) -> None:
    for node in (Str(text), Verbatim(text), Code(text)):
        assert "".join(parsed(line(node, typography=False)).itertext()).removesuffix("\n") == text
    assert "".join(parsed(html(CodeBlock(text))).itertext()).removesuffix("\n") == text
    macro = parsed(line(Macro(text))).find("span")
    assert macro is not None
    assert macro.get("data-macro") == text


def test_two_hundred_levels() -> None:
    block: Block = Para((Str("x"),))
    for _ in range(200):
        block = BlockQuote((block,))
    assert html(block).count("<blockquote>") == 200


# -- harmless ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
    ],
)
def test_a_scheme_that_is_not_registered_is_no_link(url: str) -> None:
    written = line(Link(UrlTarget(url), (Str("x"),)), Image(UrlTarget(url), (Str("x"),)))
    assert "href=" not in written.replace("data-href=", "")
    assert "src=" not in written


def test_a_wiki_registers_schemes() -> None:
    link = Para((Link(UrlTarget("doi://x"), (Str("x"),)),))
    assert "<a " not in html(link)
    assert '<a href="doi://x"' in html(link, conf=WikiConf(schemes=("doi",)))


def test_raw_html_is_not_markup_unless_trusted() -> None:
    script = RawInline("html", "<script>x</script>")
    assert "<script>" not in line(script)
    assert line(script, raw_html=True) == "<script>x</script>"


def test_no_key_of_a_document_is_a_handler() -> None:
    attr = Attr(pairs=(("onclick", "x"), ("style", "x"), ("href", "x"), ("data-onclick", "y")))
    assert line(Span((), attr)) == '<span data-onclick="x" data-style="x" data-href="x"></span>'


# -- ids, notes, links ---------------------------------------------------------------------------


def test_links_to_sections_find_their_headings() -> None:
    tree = parsed(html(Header(1, (Str("1. 가: 나 & Ä"),)), Para((Link(SectionTarget("1. 가: 나 & Ä")),))))
    link, heading = tree.find(".//a"), tree.find(".//h1")
    assert link is not None
    assert heading is not None
    assert link.get("href") == f"#{heading.get('id')}"


def test_every_note_is_found_and_leads_back() -> None:
    inner = Note((Para((Str("inner"), Note((Plain((Str("innermost"),)),)))),))
    tree = parsed(html(Para((Str("a"), inner, Note((Plain((Str("b"),)),))))))
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) == 6
    hrefs = [str(each.get("href")).removeprefix("#") for each in tree.iter("a")]
    assert sorted(hrefs) == sorted(ids)  # type: ignore[type-var]
    notes = {note.get("id"): "".join(note.itertext()) for note in tree.iter("aside")}
    assert notes == {"fn__1": "1) inner2)", "fn__2": "2) innermost", "fn__3": "3) b"}


def test_typography_stops_in_link_texts_and_goes_on_in_their_notes() -> None:
    link = Link(PageTarget("a"), (Str("a -- b"), Note((Plain((Str("c -- d"),)),))))
    written = line(link, " e -- f")
    assert "a -- b" in written
    assert "e – f" in written
    assert "c – d" in written


def test_an_image_in_a_link_is_no_link_of_its_own() -> None:
    image = Image(MediaTarget("a.png"))
    assert parsed(line(Link(PageTarget("b"), (Str("x "), image)), image)).findall(".//a/a") == []


# -- typography ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "set_text"),
    [
        ('"a" "b"', "“a” “b”"),
        ('a "b" c', "a “b” c"),
        ('("a")', "(“a”)"),
        ('5" x', "5“ x"),
        ("0x10 1x2x3 a1x2 1x2a 12x034", "0x10 1x2x3 a1x2 1x2a 12×034"),
        ("<-> -> <- <=> => <=", "↔ → ← ⇔ ⇒ ⇐"),
        (">> << --- -- (c) (tm) (r) ...", "» « — – © ™ ® …"),
        ("'a'", "'a'"),
        ("(C) & <b>", "(C) &amp; &lt;b&gt;"),
        ("xFIXME FIXME2", "xFIXME FIXME2"),
        ("HTMLs XHTML HTML5", "HTMLs XHTML HTML5"),
    ],
)
def test_typography(typed: str, set_text: str) -> None:
    assert line(typed) == set_text


def test_quotes_that_open_before_markup_close_after_it() -> None:
    assert line('a "', Strong((Str("b"),)), '" c "', Strong((Str("d"),)), '"') == (
        "a “<strong>b</strong>” c “<strong>d</strong>”"
    )


@pytest.mark.parametrize(("lang", "quoted"), [("de", "„a“"), ("fr", "“a”"), ("ru-RU", "«a»"), ("", "“a”")])
def test_quotes_of_the_language(lang: str, quoted: str) -> None:
    assert line('"a"', conf=WikiConf(lang=lang)) == quoted


def test_a_wiki_has_its_own_tables() -> None:
    conf = WikiConf(
        entities={"<3": "&hearts;", "a+": "<"}, smileys={":D": "d.svg"}, acronyms={"TL;DR": 'Too "long"', "TL": "x"}
    )
    assert line("<3 a+", conf=conf) == "♥ &lt;"
    assert 'alt=":D"' in line("x :D", conf=conf)
    assert line("TL;DR -- HTML", conf=conf) == '<abbr title="Too &quot;long&quot;">TL;DR</abbr> -- HTML'


def test_a_wiki_without_tables_still_escapes() -> None:
    assert line("<&> -- :-)", conf=WikiConf(entities={}, smileys={}, acronyms={})) == "&lt;&amp;&gt; -- :-)"


# -- a whole page --------------------------------------------------------------------------------


def _metas(page: ET.Element) -> dict[str | None, str | None]:
    return {each.get("name"): each.get("content") for each in page.iter(f"{XHTML}meta") if each.get("name")}


def test_the_head_says_what_is_known() -> None:
    metadata = Metadata(
        title="제목 <1>",
        tags=("one", "two words"),
        lang="ko",
        page_id="ns:page",
        created="2007-04-18",
        modified="2007-04-19",
        creator="Jane Doe",
        contributors=("A", "B"),
        extra={"status": "draft", "keywords": "x", "n": [1, "2"]},
    )
    page = whole(Document((Para((Str("본문"),)),), metadata))
    assert page.get("lang") == "ko"
    assert page.get("{http://www.w3.org/XML/1998/namespace}lang") == "ko"
    assert page.get("dir") is None
    assert page.findtext(f"{XHTML}head/{XHTML}title") == "제목 <1>"
    assert [each.text for each in page.iter(f"{XHTML}p")] == ["본문"]
    assert _metas(page) == {
        "generator": "wikicable",
        "viewport": "width=device-width, initial-scale=1",
        "keywords": "one, two words",
        "page-id": "ns:page",
        "author": "Jane Doe",
        "contributor": "B",
        "created": "2007-04-18",
        "modified": "2007-04-19",
        "status": "draft",
        "extra.keywords": "x",
        "n": '[1, "2"]',
    }


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (Document((Para(()), Header(2, (Str("A "), Strong((Str("b"),))))), Metadata(page_id="x")), "A b"),
        (Document((), Metadata(page_id="ns:x")), "ns:x"),
        (Document((), conf=WikiConf(title="The Wiki")), "The Wiki"),
        (Document(()), "?"),
    ],
)
def test_a_page_always_has_a_title(document: Document, title: str) -> None:
    page = whole(document)
    assert page.findtext(f"{XHTML}head/{XHTML}title") == title
    assert "title" not in _metas(page)


def test_a_title_that_would_stand_there_anyway_is_said_to_be_one() -> None:
    page = whole(Document((Header(1, (Str("A"),)),), Metadata(title="A")))
    assert _metas(page)["title"] == "A"


@pytest.mark.parametrize(("lang", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("ko", None), (None, None)])
def test_the_direction_of_the_script(lang: str | None, direction: str | None) -> None:
    assert whole(Document((), Metadata(lang=lang))).get("dir") == direction


def test_a_whole_page_leaves_nothing_unsaid() -> None:
    notices = wikicable.Notices()
    document = Document((), Metadata("T", ("a",), "ko", "x", "1", "2", "me", ("you",), {"k": 1}))
    wikicable.write(document, "html", notices=notices, standalone=True)
    assert not list(notices)
    wikicable.write(document, "html", notices=notices)
    assert [str(each.what) for each in notices] == ["metadata"] * 8


def test_the_manual_lists_the_notices() -> None:
    root = Path(__file__).parent.parent
    code = "".join(path.read_text("utf-8") for path in sorted((root / "plugins/wikicable_html").glob("*.py")))
    said = set(re.findall(r'notices\.(\w+)\(\s*"([a-z.]+)"', code))
    manual = "".join(path.read_text("utf-8") for path in sorted((root / "tests/cases").glob("html-*.md")))
    listed = {(kind, slug) for slug, kind in re.findall(r"^\| `([a-z.]+)` \| (\w+):", manual, re.MULTILINE)}
    assert said == listed


# -- what a book needs ---------------------------------------------------------------------------


def test_a_style_sheet_of_ones_own_takes_the_place_of_ours() -> None:
    page = wikicable.write(Document(()), "html", standalone=True, stylesheet="my.css")
    assert '<link rel="stylesheet" href="my.css" />' in page
    assert "<style>" not in page


def test_a_link_that_stands_as_text_is_read_as_a_link() -> None:
    markup = '<p><span data-wiki-id="a:b" data-wiki-section="c" data-wiki-query="do=edit">text</span></p>'
    assert wikicable.convert(markup, "html", "dokuwiki") == "[[a:b#c?do=edit|text]]\n"
    assert wikicable.convert('<p><span data-wiki-section="c">text</span></p>', "html", "dokuwiki") == "[[#c|text]]\n"


def test_the_language_of_a_page_that_names_none() -> None:
    korean = Document((Para((Str("가나다라마바사" * 4),)),))
    assert whole(korean).get("lang") == "ko"
    assert read_back(korean).metadata.lang is None
    said = Document(korean.blocks, Metadata(lang="ko"))
    assert read_back(said).metadata.lang == "ko"


def read_back(document: Document) -> Document:
    return wikicable.read(str(wikicable.write(document, "html", standalone=True)), "html")
