"""A page that is edited as TEI: the edits arrive in the wiki page, and nothing else changes there."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import ndiff
from pathlib import Path

import pytest
from lxml import etree
from normal import in_normal_form

import wikicable
from wikicable.model import CodeBlock, Document, Link, Note
from wikicable.walk import walk

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "samples" / "07TOKYO1716.txt"
TEI = {"t": "http://www.tei-c.org/ns/1.0"}
PAGES = [
    pytest.param(ROOT / "samples" / "cable.txt", id="sample"),
    pytest.param(REAL, id="real", marks=pytest.mark.skipif(not REAL.exists(), reason="../shared is not there")),
]
both_pages = pytest.mark.parametrize("path", PAGES)


def edited(path: Path, edit: Callable[[etree._Element], None]) -> list[str]:
    """Give the lines of a wiki page that an edit of its TEI file takes away and adds, as ``ndiff`` marks them."""
    page = path.read_text("utf-8")
    tei = etree.fromstring(wikicable.convert(page, "dokuwiki", "tei").encode())
    edit(tei)
    after = wikicable.convert(etree.tostring(tei), "tei", "dokuwiki")
    return [line for line in ndiff(in_normal_form(page).splitlines(), after.splitlines()) if line[0] in "+-"]


def one(tei: etree._Element, path: str) -> etree._Element:
    found = tei.xpath(path, namespaces=TEI)
    assert found, path
    return found[0]


def new(name: str, text: str, **attributes: str) -> etree._Element:
    element = etree.Element(f"{{{TEI['t']}}}{name}", attributes)
    element.text = text
    return element


# -- nothing is edited ---------------------------------------------------------------------------


@both_pages
def test_a_page_that_is_not_edited_stays_as_it_is(path):
    assert edited(path, lambda _: None) == []


@both_pages
def test_all_that_a_page_says_comes_back(path):
    page = wikicable.read(path, "dokuwiki")
    back = wikicable.read(wikicable.write(page, "tei"), "tei")
    assert back == page
    assert said(back) == said(page)


def test_the_real_page_has_what_it_had():
    if not REAL.exists():
        pytest.skip("../shared is not there")
    back = wikicable.read(wikicable.convert(REAL, "dokuwiki", "tei"), "tei")
    links, notes, originals = said(back)
    assert [tag.upper() for tag in back.metadata.tags] == ["MOPS", "PARM", "PREL", "JA", "NATO"]
    assert (len(links), len(notes)) == (8, 8)
    original = re.search(r"<file rtf 07TOKYO1716.rtf>\n(.*?)\n</file>", REAL.read_text("utf-8"), re.DOTALL)
    assert originals == [("07TOKYO1716.rtf", original[1])]


def said(document: Document) -> tuple[list[object], list[Note], list[tuple[str, str]]]:
    nodes = list(walk(document))
    return (
        [node.target for node in nodes if isinstance(node, Link)],
        [node for node in nodes if isinstance(node, Note)],
        [(node.filename, node.text) for node in nodes if isinstance(node, CodeBlock) and node.is_original],
    )


# -- edits ---------------------------------------------------------------------------------------


@both_pages
def test_a_changed_word(path):
    def change(tei: etree._Element) -> None:
        paragraph = one(tei, "//t:body//t:p")
        paragraph.text = paragraph.text.replace("요점", "줄거리", 1)

    before, after = edited(path, change)
    assert after == before.replace("요점", "줄거리", 1).replace("- ", "+ ", 1)


@both_pages
def test_a_new_note(path):
    def add(tei: etree._Element) -> None:
        one(tei, "//t:body//t:p").append(new("note", "새 각주", place="foot"))

    before, after = edited(path, add)
    assert after == before.replace("- ", "+ ", 1) + "((새 각주))"


@both_pages
def test_a_removed_ref(path):
    def remove(tei: etree._Element) -> None:
        etree.strip_tags(one(tei, "//t:body//t:p[t:ref]"), f"{{{TEI['t']}}}ref")

    before, after = edited(path, remove)
    links = r"\[\[(?:wp|wpjp)>[^|\]]*\|([^\]]*)\]\]"
    assert re.search(links, before)
    assert after == re.sub(links, r"\1", before).replace("- ", "+ ", 1)


@both_pages
def test_a_new_keyword(path):
    def add(tei: etree._Element) -> None:
        one(tei, "//t:keywords").append(new("term", "KNNP"))

    before, after = edited(path, add)
    assert after == re.sub(r"(\{\{tag>[^}]*?) ?\}\}", r"\1 KNNP}}", before).replace("- ", "+ ", 1)


@both_pages
def test_a_removed_keyword(path):
    def remove(tei: etree._Element) -> None:
        term = one(tei, "//t:keywords/t:term[2]")
        term.getparent().remove(term)

    before, after = edited(path, remove)
    tag = re.search(r"\{\{tag>\S+( \S+)", before)[1]
    assert after == before.replace(tag, "", 1).replace("- ", "+ ", 1)


def test_a_renamed_heading_takes_its_links_along():
    page = "===== One =====\n\n===== Two =====\n\nsee [[#One]]\n"
    tei = wikicable.convert(page, "dokuwiki", "tei").replace("<head>One</head>", "<head>Three</head>")
    assert wikicable.convert(tei, "tei", "dokuwiki") == page.replace("= One =", "= Three =").replace("#One", "#three")


def test_an_editor_that_lays_out_anew_changes_nothing():
    page = (ROOT / "samples" / "cable.txt").read_text("utf-8")
    tei = etree.fromstring(wikicable.convert(page, "dokuwiki", "tei").encode(), etree.XMLParser(remove_blank_text=True))
    laid_out = etree.tostring(tei, pretty_print=True)
    assert wikicable.read(laid_out, "tei") == wikicable.read(page, "dokuwiki")
