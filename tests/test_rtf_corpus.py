"""Real RTF files of other programs, beside striprtf; left out where they are not at hand.

The files are those of pandoc, striprtf, rtfparserkit, unrtf and AbiWord; the folder stands beside the project.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from striprtf.striprtf import rtf_to_text

import wikicable
from wikicable.model import (
    BulletList,
    Code,
    CodeBlock,
    Document,
    Header,
    Image,
    Link,
    Node,
    Note,
    OrderedList,
    RawBlock,
    Str,
    Table,
    Verbatim,
)
from wikicable.notices import Notices
from wikicable.source import Source
from wikicable.walk import walk

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "rtf"
FILES = sorted(CORPUS.glob("*.rtf"))
pytestmark = pytest.mark.skipif(not FILES, reason="needs ../shared/corpus/rtf, RTF files of other programs")

DIFFERENCES = {
    "abiword__rtftest": "hidden text is left out, and that is said",
    "pandoc__image": "striprtf raises ValueError on the picture",
    "pandoc__list_complex": "the numbers of list items are those of the list, not text",
    "pandoc__list_simple": "the bullets of list items are those of the list, not text",
    "pandoc__writer": "numbers and bullets again, notes stand where they are referred to, and an address is no text",
    "rtfparserkit__test10001Encoding": "striprtf raises LookupError on the code page of Japanese on a Mac",
    "rtfparserkit__testJapaneseUtf8Encoding": "striprtf takes the code page 65001 for 1252",
    "rtfparserkit__testNegativeUnicode": "the address of a link is no text",
    "striprtf__Example_text": "the description of a picture is text of the picture",
    "striprtf__hyperlinks": "the address of a link is no text",
    "striprtf__mac_textedit_hyperlink": "the address of a link is no text",
    "unrtf__Greek2": "letters in the Symbol font are Greek",
    "unrtf__body": "a letter in the Symbol font is Greek",
    "unrtf__unicode4": "letters in the Symbol font are Greek",
}
"""Where our text is not striprtf's, and why; in all other files it is the same but for blanks and bars of tables."""

LETTERS = {
    "rtfparserkit__test10001Encoding": "お読みください",
    "rtfparserkit__testJapaneseUtf8Encoding": "中國",
    "rtfparserkit__testGreekEncoding": "Ω",
    "rtfparserkit__test10007Encoding": "[а-я]{3}",
    "unrtf__cp1251-russian-alphabet": "[а-я]{5}",
    "unrtf__Greek1": "[α-ω]",
    "striprtf__ansicpg1250": "Proszę o zapoznanie się z poniższą klauzulą informacyjną",
}
"""Text in other scripts; the corpus has files with the code pages of Korean, Chinese and Turkish, and plain ASCII in them:
these letters are in the reader's manual."""

STRUCTURE: dict[str, dict[type[Node], int]] = {
    "pandoc__writer": {Header: 31, Note: 5, Link: 29, BulletList: 17, OrderedList: 19},
    "pandoc__heading": {Header: 3},
    "pandoc__list_complex": {OrderedList: 6, BulletList: 1},
    "pandoc__list_simple": {BulletList: 3},
    "pandoc__link": {Link: 1},
    "pandoc__image": {Image: 1},
    "pandoc__table_nested": {Table: 3},
    "striprtf__hyperlinks": {Link: 2},
    "striprtf__mac_textedit_hyperlink": {Link: 2},
    "striprtf__minimal_table": {Table: 1},
    "striprtf__pages_table_sample": {Table: 1},
    "striprtf__Speiseplan_KW_32-33_Eybl": {Table: 1},
}


def test_the_corpus_is_at_hand_where_it_must_be():
    assert len(FILES) == 58


@cache
def document(name: str) -> Document:
    return wikicable.read(CORPUS / f"{name}.rtf", "rtf")


def text(name: str) -> str:
    return "\n".join(runs(document(name)))


def runs(page: Document) -> Iterator[str]:
    return (node.text for node in walk(page) if isinstance(node, Str | Code | Verbatim | CodeBlock | RawBlock))


def without_layout(shown: str) -> str:
    return re.sub(r"[\s|]+", "", shown)


def by_striprtf(path: Path) -> str | None:
    try:
        return str(rtf_to_text(path.read_text("latin_1"), errors="replace"))
    except (ValueError, LookupError):
        return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_text_is_that_of_striprtf_but_for_what_is_explained(path):
    theirs = by_striprtf(path)
    is_alike = theirs is not None and without_layout(text(path.stem)) == without_layout(theirs)
    assert is_alike is (path.stem not in DIFFERENCES), DIFFERENCES.get(path.stem)


@pytest.mark.parametrize("name", LETTERS)
def test_letters_are_the_right_ones(name):
    assert re.search(LETTERS[name], text(name))


@pytest.mark.parametrize("name", STRUCTURE)
def test_structure_is_there(name):
    found = [type(node) for node in walk(document(name))]
    assert {kind: found.count(kind) for kind in STRUCTURE[name]} == STRUCTURE[name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_may_be_cut_anywhere(path):
    data = path.read_bytes()
    places = 50 if os.environ.get("WIKICABLE_ORACLE") == "required" or len(data) < 4000 else 5
    for end in range(len(data) // places, len(data), len(data) // places + 1):
        if b"{\\rtf" in data[:end]:
            page = wikicable.read(data[:end], "rtf", notices=Notices(Source(data[:end])))
            assert wikicable.write(page, "dokuwiki") is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_was_read_is_written_and_read_alike(path):
    there = wikicable.write(document(path.stem), "rtf")
    assert isinstance(there, str)
    back = without_layout("".join(runs(wikicable.read(there, "rtf"))))
    assert back == without_layout(text(path.stem))
