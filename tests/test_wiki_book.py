"""A wiki bound in one file, and such a file as a wiki."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from wikicable import cli
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.wiki.opening import open_wiki

GARDEN = Path(__file__).parent.parent / "samples" / "garden"


def batch(*arguments: object) -> int:
    return cli.run(["batch", *map(str, arguments), "--jobs", "1", "-q"])


def test_all_pages_are_in_one_file(tmp_path):
    assert batch(GARDEN, "-t", "epub", "-o", tmp_path, "--book") == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["wiki.epub"]
    with zipfile.ZipFile(tmp_path / "wiki.epub") as book:
        text = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xhtml")).decode()
    assert all(title in text for title in ("The Three Gardens", "Apfelbäume", "坂の上の庭", "Les Lilas"))


def test_a_file_for_each_namespace(tmp_path):
    assert batch(GARDEN, "-t", "tei", "-o", tmp_path, "--book", "namespaces") == 0
    assert sorted(path.name for path in tmp_path.glob("*.tei")) == ["de.tei", "fr.tei", "ja.tei", "wiki.tei"]


@pytest.mark.parametrize(("to", "has_media"), [("epub", True), ("tei", False)])
def test_pages_come_back_out_of_a_book(tmp_path, to, has_media):
    batch(GARDEN, "-t", to, "-o", tmp_path / "there", "--book", "wiki")
    assert batch(tmp_path / "there" / f"wiki.{to}", "-t", "dokuwiki", "-o", tmp_path / "back") == 0
    before = open_wiki(GARDEN, installed(), Notices())
    after = open_wiki(tmp_path / "back", installed(), Notices())
    assert after.pages.keys() == before.pages.keys()
    assert after.media.keys() == (before.media.keys() if has_media else set())
    assert "[[de:apfel#Schnitt]]" in (tmp_path / "back" / "pages" / "calendar.txt").read_text("utf-8")


def test_a_book_that_is_as_it_would_be_is_left(tmp_path):
    batch(GARDEN, "-t", "epub", "-o", tmp_path, "--book")
    book = tmp_path / "wiki.epub"
    first = (book.stat().st_ino, book.read_bytes())
    batch(GARDEN, "-t", "epub", "-o", tmp_path, "--book")
    assert (book.stat().st_ino, book.read_bytes()) == first


def test_a_format_of_single_pages_makes_no_book(tmp_path):
    assert batch(GARDEN, "-t", "rtf", "-o", tmp_path, "--book") == cli.USAGE
