"""Ids, resolving and interwiki, as DokuWiki does them."""

from __future__ import annotations

import time
from urllib.parse import unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wikicable.links import (
    clean_id,
    interwiki_of,
    interwiki_url,
    link_text,
    namespace,
    resolve_media,
    resolve_page,
    section_id,
    section_ids,
)
from wikicable.model import (
    Attr,
    Document,
    EmailTarget,
    Header,
    InterwikiTarget,
    MediaTarget,
    Note,
    PageTarget,
    Para,
    SectionTarget,
    ShareTarget,
    Str,
    Table,
    Target,
    UrlTarget,
)
from wikicable.wikiconf import INTERWIKI, SHIPPED, WikiConf

USESLASH = WikiConf(useslash=True)

# -- ids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("start", "start"),
        ("Wiki:Syntax", "wiki:syntax"),
        (" Some Page ", "some_page"),
        ("a  ,  b", "a_b"),
        ("a/b", "a_b"),
        ("a;b", "a:b"),
        ("::a::b::", "a:b"),
        ("_a_:-b.", "a:b"),
        ("Ärger über Öl", "aerger_ueber_oel"),
        ("Façade ÑANDÚ", "facade_nandu"),
        ("전문:2007년 4월", "전문:2007년_4월"),
        ("東京（とうきょう）", "東京_とうきょう"),
        ("Ελλάδα ΑΘΗΝΑΣ", "ελλάδα_αθηνασ"),
        ("“quoted” – dash", "quoted_dash"),
        ("a*b", "a_b"),
        ("\t\x0b!?", ""),
        ("caf\udcff", "caf"),
    ],
)
def test_clean_id(raw: str, cleaned: str) -> None:
    assert clean_id(raw, SHIPPED) == cleaned


def test_slashes_divide_namespaces_where_the_wiki_says_so() -> None:
    assert clean_id("a/b/c d", USESLASH) == "a:b:c_d"


def test_the_wiki_chooses_what_separates_words() -> None:
    assert clean_id("one  two", WikiConf(sepchar="-")) == "one-two"
    assert clean_id("one--two__three", WikiConf(sepchar="-")) == "one-two__three"


@pytest.mark.parametrize(
    ("raw", "kept", "latin"),
    [
        ("Über", "über", "ueber"),
        ("Ångström", "ångström", "angstrom"),
        ("Щука", "щука", "schuka"),
        ("りょうじゃっちゃん", "りょうじゃっちゃん", "ryoujacchan"),
        ("コンピューター", "コンピューター", "konpyuutaa"),
        ("ロシア・ウクライナ", "ロシア・ウクライナ", "roshia_ukuraina"),
        ("ค่า", "ค่า", "kha"),
        ("صباح", "صباح", "s_baxh"),
        ("서울", "서울", "서울"),
    ],
)
def test_accents_and_scripts(raw: str, kept: str, latin: str) -> None:
    assert clean_id(raw, WikiConf(deaccent=0)) == kept
    assert clean_id(raw, WikiConf(deaccent=2)) == latin


@given(st.text(), st.booleans(), st.sampled_from([0, 1, 2]))
def test_a_clean_id_is_clean(raw: str, useslash: bool, deaccent: int) -> None:
    conf = WikiConf(useslash=useslash, deaccent=deaccent)  # type: ignore[arg-type]
    cleaned = clean_id(raw, conf)
    assert clean_id(cleaned, conf) == cleaned
    assert not set(cleaned) & set(' \n/#?"<>[]|\\')
    assert cleaned.strip(":._-") == cleaned
    cleaned.encode("utf-8")


@pytest.mark.parametrize("chunk", ["_", ".", ":", ". ", "_:", "a.", ".-", "é", "ッ"])
def test_cleaning_takes_linear_time(chunk: str) -> None:
    start = time.process_time()
    for deaccent in (0, 1, 2):
        clean_id(chunk * 200_000, WikiConf(deaccent=deaccent))  # type: ignore[arg-type]
    assert time.process_time() - start < 10


def test_namespace() -> None:
    assert namespace("a:b:c") == "a:b"
    assert namespace("c") == ""


# -- section ids ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("가 나", "가_나"),
        ("Some Heading: 2.5", "some_heading25"),
        ("1. Summary", "summary"),
        ("2007", "section2007"),
        ("!!!", "section"),
        ("1-2", "section12"),
        ("_x", "x"),
        ("§ 4", "section4"),
    ],
)
def test_section_id(heading: str, expected: str) -> None:
    assert section_id(heading, SHIPPED) == expected


def _page(*texts: str) -> Document:
    return Document(tuple(Header(1, (Str(text),)) for text in texts))


def test_equal_headings_are_numbered() -> None:
    assert section_ids(_page("A", "a", "A1", "A!", "A1")) == ["a", "a1", "a11", "a2", "a12"]


def test_a_chosen_id_stays_and_is_taken() -> None:
    chosen = Header(1, (Str("Other"),), Attr("title"))
    assert section_ids(Document((chosen, *_page("Title").blocks))) == ["title", "title1"]


def test_a_table_takes_an_id_and_a_blank_heading_none() -> None:
    assert section_ids(Document((Table(()), Header(1, (Str(" "),)), *_page("Table").blocks))) == ["", "table1"]


def test_headings_are_found_wherever_they_stand() -> None:
    inner = Para((Note((Header(2, (Str("In a note"),)),)),))
    assert section_ids(Document((inner, *_page("After").blocks))) == ["in_a_note", "after"]


def test_ids_of_many_equal_headings_take_linear_time() -> None:
    start = time.process_time()
    ids = section_ids(_page(*["Same"] * 20_000))
    assert time.process_time() - start < 10
    assert len(set(ids)) == 20_000


@given(st.lists(st.text("aA1 !.가", min_size=1, max_size=4)))
def test_no_two_headings_have_one_id(texts: list[str]) -> None:
    ids = [each for each in section_ids(_page(*texts)) if each]
    assert len(set(ids)) == len(ids)


# -- resolving -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("there", "ns:sub:there"),
        (":there", "there"),
        ("other:There", "other:there"),
        (".there", "ns:sub:there"),
        (".:there", "ns:sub:there"),
        ("..there", "ns:there"),
        ("..:there", "ns:there"),
        ("..:..:there", "there"),
        (".:..:there", "ns:there"),
        ("~there", "ns:sub:here:there"),
        ("~:there", "ns:sub:here:there"),
        ("..:", "ns:start"),
        ("other:", "other:start"),
        (":", "start"),
        ("", "ns:sub:here"),
        ("a;b", "a:b"),
        ("there...", "ns:sub:there"),
        ("a/b", "ns:sub:a_b"),
    ],
)
def test_resolve_page(written: str, expected: str) -> None:
    assert resolve_page(PageTarget(written), "ns:sub:here", SHIPPED) == expected


def test_without_a_page_ids_are_taken_from_the_root() -> None:
    assert resolve_page(PageTarget("There"), "", SHIPPED) == "there"
    assert resolve_page(PageTarget("a/b"), "", USESLASH) == "a:b"


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ({"ns:start", "ns:ns", "ns"}, "ns:start"),
        ({"ns:ns", "ns"}, "ns:ns"),
        ({"ns"}, "ns"),
        (set(), "ns:start"),
    ],
)
def test_the_page_of_a_namespace(pages: set[str], expected: str) -> None:
    assert resolve_page(PageTarget("ns:"), "x:y", SHIPPED, exists=pages.__contains__) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a.png", "ns:a.png"),
        (":A B.png", "a_b.png"),
        ("x:a.svg#layer", "x:a.svg"),
        ("https://example.org/A.png#x", "https://example.org/A.png"),
        ("wp>a.png", "https://en.wikipedia.org/wiki/a.png"),
        ("nosuch>a.png", ""),
    ],
)
def test_resolve_media(written: str, expected: str) -> None:
    assert resolve_media(MediaTarget(written), "ns:page", SHIPPED) == expected


# -- other sites ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shortcut", "page", "url"),
    [
        ("wp", "North Korea", "https://en.wikipedia.org/wiki/North Korea"),
        ("WP", "A#B c", "https://en.wikipedia.org/wiki/A#B%20c"),
        ("wp", "100%[x]", "https://en.wikipedia.org/wiki/100%25%5Bx%5D"),
        ("doku", "plugin:tag", "https://www.dokuwiki.org/plugin%3Atag"),
        ("rfc", "2822", "https://tools.ietf.org/html/rfc2822"),
        ("amazon.de", "12", "https://www.amazon.de/dp/12?tag=splitbrain-21"),
        ("paypal", "me", "https://www.paypal.com/cgi-bin/webscr?cmd=_xclick&business=me"),
        ("go", "a b", "https://www.google.com/search?q=a%20b&btnI=lucky"),
        ("user", "Jane Doe", ":user:jane_doe"),
        ("nosuch", "x", ""),
        ("wp", "x#", "https://en.wikipedia.org/wiki/x"),
    ],
)
def test_interwiki_url(shortcut: str, page: str, url: str) -> None:
    assert interwiki_url(InterwikiTarget(shortcut, page), SHIPPED) == url


def test_parts_of_a_url_in_a_template() -> None:
    conf = WikiConf(interwiki={"x": "http://x/{HOST}/{PORT}{PATH}?{QUERY}&s={SCHEME}"})
    assert interwiki_url(InterwikiTarget("x", "https://a:8/b?c=d"), conf) == "http://x/a/8/b?c=d&s=https"
    assert interwiki_url(InterwikiTarget("x", "b"), conf) == "http://x//80b?&s="


def test_a_wiki_may_have_a_default() -> None:
    conf = WikiConf(interwiki={"default": "http://x/"})
    assert interwiki_url(InterwikiTarget("nosuch", "y"), conf) == "http://x/y"
    assert interwiki_of("http://x/y", conf) is None


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://en.wikipedia.org/wiki/DokuWiki#History", InterwikiTarget("wp", "DokuWiki#History")),
        ("https://en.wikipedia.org/wiki/North%20Korea", InterwikiTarget("wp", "North Korea")),
        ("https://ko.wikipedia.org/wiki/x", None),
        ("https://www.amazon.com/dp/12?tag=splitbrain-20", InterwikiTarget("amazon", "12")),
        ("https://www.amazon.com/dp/12?tag=other-20", None),
        ("https://www.google.com/search?q=a&btnI=lucky", InterwikiTarget("go", "a")),
        ("https://www.google.com/search?q=a", InterwikiTarget("google", "a")),
        ("https://www.dokuwiki.org/plugin:tag", None),
        ("https://www.dokuwiki.org/", None),
        ("https://en.wikipedia.org/wiki/x#", None),
        ("tel:123", InterwikiTarget("tel", "123")),
        ("", None),
    ],
)
def test_interwiki_of(url: str, target: InterwikiTarget | None) -> None:
    assert interwiki_of(url, SHIPPED) == target


_NAMES = st.text("abZ09 _-.,:;/?&=+%#[]{}()<>|\\^`'\"~가é", min_size=1, max_size=12)


@given(st.sampled_from([key for key, url in INTERWIKI.items() if url[0] != ":"]), _NAMES)
def test_an_interwiki_link_comes_back(shortcut: str, page: str) -> None:
    assume(not page.startswith("#") and not page.endswith("#"))
    target = InterwikiTarget(shortcut, page)
    assert interwiki_of(interwiki_url(target, SHIPPED), SHIPPED) == target


@given(_NAMES, st.sampled_from(sorted(INTERWIKI.values())))
def test_an_interwiki_link_leads_where_the_url_led(name: str, template: str) -> None:
    url = template.replace("{NAME}", "").replace("{URL}", "") + name
    target = interwiki_of(url, SHIPPED)
    if target:
        assert unquote(interwiki_url(target, SHIPPED)) == unquote(url)


# -- text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "text"),
    [
        (PageTarget("ns:Some Page"), "Some Page"),
        (PageTarget("ns:page", "A Heading"), "A Heading"),
        (PageTarget("ns:"), "ns"),
        (PageTarget("ns:start"), "ns"),
        (PageTarget("start"), "start"),
        (PageTarget("~page"), "page"),
        (PageTarget("a;b"), "b"),
        (PageTarget(""), "here"),
        (SectionTarget("A Heading"), "A Heading"),
        (InterwikiTarget("wp", "A b#c"), "A b#c"),
        (UrlTarget("https://example.org/"), "https://example.org/"),
        (EmailTarget("me@example.org"), "me@example.org"),
        (ShareTarget(r"\\server\x"), r"\\server\x"),
        (MediaTarget("ns:My File.pdf"), "my_file.pdf"),
        (MediaTarget("https://example.org/a/B.pdf"), "B.pdf"),
        (MediaTarget("nosuch>x/y"), "x/y"),
        (MediaTarget("nosuch>x#y"), ""),
    ],
)
def test_link_text(target: Target, text: str) -> None:
    assert link_text(target, SHIPPED, "ns:here") == text


def test_link_text_with_slashes() -> None:
    assert link_text(PageTarget("a/b"), SHIPPED) == "a/b"
    assert link_text(PageTarget("a/b"), USESLASH) == "b"
