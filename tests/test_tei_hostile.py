"""TEI files that mean harm, or are large: nothing outside is asked for, and memory is bounded."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import wikicable
from wikicable.convert import read_all
from wikicable.errors import FormatError
from wikicable.model import Document
from wikicable.walk import plain_text
from wikicable_tei import parsing

BODY = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><p>{}</p></body></text></TEI>'
MEASURE = """
import gc, re, sys
from wikicable import cli
gc.disable()  # as the program does
code = cli.run(sys.argv[1:])
kilobytes = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]  # getrusage counts the parent's too
print(code, int(kilobytes) // 1024)
"""


def read(text: str) -> Document:
    whole = wikicable.read(text, "tei")
    assert list(read_all(text, "tei")) == [whole]
    return whole


# -- entities and DTDs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE TEI [<!ENTITY x SYSTEM "{}">]>',
        '<!DOCTYPE TEI SYSTEM "{}">',
        '<!DOCTYPE TEI [<!ENTITY % d SYSTEM "{}"> %d;]>',
    ],
)
def test_what_stands_in_another_file_is_not_read(tmp_path, doctype):
    (tmp_path / "other").write_text('<!ENTITY x "SECRET">', "utf-8")
    text = doctype.replace("{}", (tmp_path / "other").as_uri()) + BODY.format("a &x; b")
    assert plain_text(read(text).blocks) == "a &x; b"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE TEI SYSTEM "{url}">',
        '<!DOCTYPE TEI PUBLIC "-//TEI//DTD" "{url}">',
        '<!DOCTYPE TEI [<!ENTITY x SYSTEM "{url}">]>',
        '<!DOCTYPE TEI [<!ENTITY % x SYSTEM "{url}"> %x;]>',
        '<?xml-stylesheet href="{url}"?><?xml-model href="{url}"?><!DOCTYPE TEI SYSTEM "{url}">',
    ],
)
@pytest.mark.parametrize(
    "content", ["a", "&x;", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}"/>']
)
def test_nothing_is_fetched(doctype, content):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        text = doctype.replace("{url}", url) + BODY.format(content.replace("{url}", url))
        read(text)
        with pytest.raises(BlockingIOError):
            server.accept()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHTER = f'<!DOCTYPE TEI [<!ENTITY l0 "{"ha" * 50}">{LAUGHS}]>'


@pytest.mark.parametrize("content", ["&l11;", '<ref target="&l11;">a</ref>', "&l1;"])
def test_a_billion_laughs_stay_a_few(content):
    with suppress(FormatError):
        assert len(plain_text(read(LAUGHTER + BODY.format(content)).blocks)) < 1000


def test_entities_that_stand_in_the_file_or_in_html_are_characters():
    doctype = '<!DOCTYPE TEI [<!ENTITY own "&#xAC00;"><!ENTITY eacute SYSTEM "iso-lat1.ent">]>'
    assert plain_text(read(doctype + BODY.format("&own;&eacute;&amp;")).blocks) == "가é&"


def test_a_file_says_its_encoding_itself():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + BODY.format("é")
    notices = wikicable.Notices()
    assert plain_text(wikicable.read(text.encode("latin-1"), "tei", notices=notices).blocks) == "é"
    assert list(notices) == []


# -- size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "says"), [("LARGEST", "MB"), ("MOST_TAGS", "tags")])
def test_a_document_that_is_too_large_is_refused(monkeypatch, name, says):
    monkeypatch.setattr(parsing, name, 100)
    text = BODY.format("<lb/>" * 200)
    for way in (wikicable.read, lambda *given: list(read_all(*given))):
        with pytest.raises(FormatError, match=rf"<text>: more than .* {says} in one document"):
            way(text, "tei")


def test_a_file_of_two_hundred_megabytes_ends_in_a_message(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write('<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><p>')
        for _ in range(200):
            file.write("a word " * 150_000)
        file.write("</p></body></text></TEI>")
    for target in (tmp_path / "out.md", tmp_path):
        code, megabytes, said = measured("convert", path, "-t", "markdown", "-o", target)
        assert (code, megabytes < 200) == (64, True), said


def test_a_corpus_takes_no_more_memory_for_more_documents(tmp_path):
    page = Path(__file__).parents[1] / "samples" / "cable.txt"
    used = {}
    for count in (10, 100):
        pages = [tmp_path / f"{count}-{number}.txt" for number in range(count)]
        for path in pages:
            path.write_text(page.read_text("utf-8"), "utf-8")
        corpus, folder = tmp_path / f"{count}.xml", tmp_path / f"{count}/"
        _, writing, _ = measured("convert", "-q", *pages, "-t", "tei", "-o", corpus)
        _, reading, _ = measured("convert", "-q", corpus, "-t", "markdown", "-o", f"{folder}/")
        assert len(list(folder.iterdir())) == count
        used[count] = (writing, reading)
    assert [more - few < 5 for few, more in zip(used[10], used[100], strict=True)] == [True, True], used


def measured(*arguments: object) -> tuple[int, int, str]:
    """Run a command, and give its exit code, the megabytes it took at most, and what it said."""
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    code, megabytes = ran.stdout.split()[-2:]
    return int(code), int(megabytes), ran.stderr
