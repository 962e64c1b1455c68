"""Books that are read: our own come back as pages with every edit, others whole, and what attacks is refused."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from normal import in_normal_form

import wikicable
from wikicable.errors import FormatError
from wikicable.model import CodeBlock, Document, Image, Link, Note, PageTarget, SectionTarget, Tags
from wikicable.walk import plain_text, walk

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
CONTAINER = """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">isbn:1</dc:identifier>
<dc:title>A Book</dc:title><dc:creator>An Author</dc:creator><dc:language>en</dc:language>
<dc:subject>Gardens</dc:subject></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"""
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title></head><body>{}</body></html>'
PAGE = (
    "====== One ======\n\nA **b**((note)) [[ns:other|there]] {{tag>x y}}\n\n<file txt letter.txt>\nDear Sir,\n</file>\n"
)


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(*bodies: str, **more: str | bytes) -> dict[str, str | bytes]:
    """Give the files of someone else's book."""
    names = [f"ch{number}.xhtml" for number in range(1, len(bodies) + 1)]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    chapters = {f"OPS/{name}": XHTML.format(body) for name, body in zip(names, bodies, strict=True)}
    package = PACKAGE.format(items=items, spine=spine)
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": package,
        **chapters,
        **more,
    }


def edited(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    before = files[name].decode()
    files[name] = change(before)
    assert files[name] != before
    return zipped(files)


def nodes(document: Document, kind: type) -> list:
    return [node for node in walk(document) if isinstance(node, kind)]


# -- our own -------------------------------------------------------------------------------------


def test_a_page_comes_back():
    back = wikicable.read(wikicable.convert(PAGE, "dokuwiki", "epub"), "epub")
    assert wikicable.write(back, "dokuwiki") == in_normal_form(PAGE)
    assert back.metadata.title is None
    assert back.metadata.extra == {}


def test_edits_in_chapter_and_package_arrive():
    data = wikicable.convert(PAGE, "dokuwiki", "epub")
    data = edited(data, "EPUB/page-0001.xhtml", lambda text: text.replace("<strong>b</strong>", "<em>c</em> and more"))
    data = edited(data, "EPUB/original-0001.xhtml", lambda text: text.replace("Dear Sir", "Dear Madam"))
    data = edited(data, "EPUB/package.opf", lambda text: text.replace(">y</dc:subject>", ">z</dc:subject>"))
    data = edited(data, "EPUB/package.opf", lambda text: text.replace("<dc:title>One<", "<dc:title>Two<"))
    document = wikicable.read(data, "epub")
    assert document.metadata.title == "Two"
    assert document.metadata.tags == ("x", "z")
    page = wikicable.write(document, "dokuwiki")
    assert "A //c// and more((note)) [[ns:other|there]] {{tag>x z}}" in page
    assert "<file txt letter.txt>\nDear Madam,\n</file>" in page


def test_a_book_of_a_wiki_comes_back_as_its_pages():
    pages = {
        "start": "[[ns:b#Two]] {{tag>t}}",
        "ns:b": "===== Two =====\n[[start]] [[b]]\n<file txt a.txt>\nx\n</file>",
    }
    documents = [wikicable.read(text, "dokuwiki", page=name) for name, text in pages.items()]
    back = list(wikicable.read_all(b"".join(wikicable.write_all(documents, "epub")), "epub"))
    assert [each.metadata.page_id for each in back] == list(pages)
    assert [each.metadata.tags for each in back] == [("t",), ()]
    assert [node.target for node in nodes(back[0], Link)] == [PageTarget("ns:b", "Two")]
    assert [node.filename for node in nodes(back[1], CodeBlock)] == ["a.txt"]
    whole = wikicable.read(b"".join(wikicable.write_all(documents, "epub")), "epub")
    assert SectionTarget("two") in [node.target for node in nodes(whole, Link)]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the page that this program was made for is beside the project")
def test_the_page_this_was_made_for():
    source = next(iter(sorted((SHARED / "samples").glob("*.txt")))).read_text("utf-8")
    document = wikicable.read(source, "dokuwiki")
    back = wikicable.read(wikicable.convert(source, "dokuwiki", "epub"), "epub")
    assert back.metadata.tags == document.metadata.tags
    assert len(nodes(back, Note)) == 8
    assert [type(node.target) for node in nodes(back, Link)] == [type(node.target) for node in nodes(document, Link)]
    assert [(node.filename, node.text) for node in nodes(back, CodeBlock)] == [
        (node.filename, node.text) for node in nodes(document, CodeBlock)
    ]
    assert [plain_text(node) for node in nodes(back, Tags)] == [plain_text(node) for node in nodes(document, Tags)]


@pytest.mark.parametrize("query", ["do=admin,page=config#_basic", "do=admin#_basic", "do=admin"])
def test_what_a_link_asks_its_page_comes_back(query):
    texts = {"a": f"[[:b?{query}|x]]", "b": f"[[:nobody?{query}|x]]"}
    pages = [wikicable.read(text, "dokuwiki", page=name) for name, text in texts.items()]
    book_of_pages = b"".join(wikicable.write_all(pages, "epub"))
    found = [node.target for page in wikicable.read_all(book_of_pages, "epub") for node in nodes(page, Link)]
    assert [(target.id.lstrip(":"), target.section, target.query) for target in found] == [
        ("b", "", query),
        ("nobody", "", query),
    ]


# -- others' -------------------------------------------------------------------------------------


def test_what_the_package_says():
    document = wikicable.read(zipped(book("<h1>One</h1><p>a</p>")), "epub")
    said = document.metadata
    assert (said.title, said.creator, said.lang, said.tags) == ("A Book", "An Author", "en", ("Gardens",))
    assert said.extra == {"identifier": "isbn:1"}


def test_links_between_chapters_lead_to_pages_and_their_headings():
    files = book(
        '<h1>One</h1><p><a href="ch2.xhtml#sec">there</a> <a href="ch2.xhtml#p">near</a> <a href="ch2.xhtml">all</a></p>',
        '<h1>Two</h1><section id="sec"><h2 id="x9">Part &amp; Parcel</h2><p id="p">a</p></section><p><a href="#x9">up</a></p>',
    )
    first, second = wikicable.read_all(zipped(files), "epub")
    targets = [node.target for node in nodes(first, Link)]
    assert targets == [PageTarget("ch2", "part_parcel"), PageTarget("ch2", "part_parcel"), PageTarget("ch2")]
    assert [node.target for node in nodes(second, Link)] == [SectionTarget("part_parcel")]
    whole = wikicable.read(zipped(files), "epub")
    sections = [node.target for node in nodes(whole, Link)]
    assert sections == [SectionTarget(name) for name in ("part_parcel", "part_parcel", "two", "part_parcel")]


def test_notes_in_another_chapter_stand_where_they_are_referred_to():
    files = book(
        '<h1>One</h1><p>a<a id="r1" epub:type="noteref" href="ch2.xhtml#n1">1</a>.</p>',
        '<h1>Notes</h1><ol><li id="n1"><p>the note <a href="ch1.xhtml#r1">back</a></p></li></ol>',
    )
    documents = list(wikicable.read_all(zipped(files), "epub"))
    assert [plain_text(note.content).strip() for note in nodes(documents[0], Note)] == ["the note"]
    assert len(documents) == 1


def test_pictures_are_resources():
    picture = (ROOT / "samples/garden/data/media/de/apfel.png").read_bytes()
    document = wikicable.read(zipped(book('<p><img src="a.png" alt="A"/></p>', **{"OPS/a.png": picture})), "epub")
    assert [node.target.id for node in nodes(document, Image)] == ["ops:a.png"]
    assert document.resources["ops:a.png"].data == picture


def test_a_chapter_that_is_not_there_is_said():
    files = book("<p>a</p>", "<p>b</p>")
    del files["OPS/ch2.xhtml"]
    notices = wikicable.Notices()
    assert plain_text(wikicable.read(zipped(files), "epub", notices=notices).blocks) == "a"
    assert [each.what for each in notices] == ["epub.file"]


@pytest.mark.skipif(not (SHARED / "corpus/epub").is_dir(), reason="the books of other makers are beside the project")
@pytest.mark.parametrize("path", sorted((SHARED / "corpus/epub").glob("*.epub")), ids=lambda path: path.stem)
def test_books_of_other_makers_are_read(path):
    document = wikicable.read(path, "epub")
    assert document.blocks
    assert list(wikicable.read_all(path, "epub"))


# -- what attacks --------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9)) + "]>"
ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">
<e:EncryptedData><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/><e:CipherData>
<e:CipherReference URI="OPS/ch1.xhtml"/></e:CipherData></e:EncryptedData></encryption>"""


def without(name: str) -> bytes:
    files = book("<p>a</p>")
    del files[name]
    return zipped(files)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no zip file"),
        (b"just text", "no zip file"),
        (zipped(book("<p>a</p>"))[:300], "no zip file"),
        (without("META-INF/container.xml"), "there is no META-INF/container.xml"),
        (without("OPS/book.opf"), "names no package document that is there"),
        (zipped(book("<p>a</p>", **{"../../x": "x"})), "leads out of the book"),
        (zipped(book("<p>a</p>", **{"/etc/x": "x"})), "leads out of the book"),
        (zipped(book("<p>a</p>", **{"C:\\x": "x"})), "leads out of the book"),
        (
            zipped(
                {**book("<p>a</p>"), "OPS/book.opf": PACKAGE.format(items='<item id="a" href="../../x"/>', spine="")}
            ),
            "leads out",
        ),
        (zipped({**book("<p>a</p>"), "OPS/book.opf": LAUGHS + "<x>&a9;</x>"}), "declares entities"),
        (zipped({**book("<p>a</p>"), "OPS/book.opf": "<package>"}), "not well-formed"),
        (zipped(book("<p>a</p>", **{"META-INF/encryption.xml": ENCRYPTION})), "can be read with a key only"),
    ],
)
def test_what_is_no_book_is_refused_with_a_sentence(data, message):
    with pytest.raises(FormatError, match=message) as refused:
        wikicable.read(data, "epub")
    assert refused.value.exit_code == 64


_UNFOLDED = 67_305_985


def bomb(claimed: int) -> bytes:
    """Give a book whose chapter unfolds to 64 MB and says that it is of another size."""
    data = bytearray(zipped({**book("<p>a</p>"), "OPS/ch1.xhtml": bytes(_UNFOLDED)}))
    size = struct.pack("<I", _UNFOLDED)
    assert data.count(size) == 2
    return bytes(data.replace(size, struct.pack("<I", claimed)))


@pytest.mark.parametrize(("claimed", "message"), [(0xFFFFFFF0, "would unfold to"), (100, "broken")])
def test_a_zip_bomb_is_refused(claimed, message):
    with pytest.raises(FormatError, match=message):
        wikicable.read(bomb(claimed), "epub")


def test_random_damage_is_refused_or_read():
    data = bytearray(wikicable.convert(PAGE, "dokuwiki", "epub"))
    for at in range(0, len(data), max(len(data) // 200, 1)):
        damaged = bytes(data[:at]) + bytes([data[at] ^ 0x55]) + bytes(data[at + 1 :])
        try:
            wikicable.read(damaged, "epub")
        except FormatError:
            continue


def test_an_entity_of_a_chapter_reaches_no_file(tmp_path):
    (tmp_path / "secret").write_text("secret", "utf-8")
    chapter = f'<!DOCTYPE html [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]>' + XHTML.format("<p>x&a;y</p>")
    document = wikicable.read(zipped({**book("<p>a</p>"), "OPS/ch1.xhtml": chapter}), "epub")
    assert "secret" not in plain_text(document.blocks)


# -- media on disk -------------------------------------------------------------------------------


def test_media_go_from_a_folder_into_a_book_and_out_again(wikicable_run, tmp_path):
    media, out = tmp_path / "media", tmp_path / "out"
    (media / "ns").mkdir(parents=True)
    (media / "ns" / "%EA%BD%83.png").write_bytes((ROOT / "samples/garden/data/media/de/apfel.png").read_bytes())
    (tmp_path / "page.txt").write_text("{{ns:꽃.png|꽃}} {{..:..:etc:passwd|no}}", "utf-8")
    assert wikicable_run("convert", tmp_path / "page.txt", "--media", media, "-o", tmp_path / "a.epub") == 0
    assert wikicable_run("convert", tmp_path / "a.epub", "--extract-media", out, "-t", "dokuwiki") == 0
    assert [path.relative_to(out).as_posix() for path in out.rglob("*.png")] == ["ns/%EA%BD%83.png"]


@pytest.fixture
def wikicable_run(capsysbinary) -> Callable[..., int]:
    from wikicable import cli  # noqa: PLC0415  few tests need it

    return lambda *arguments: cli.run([str(each) for each in arguments])
