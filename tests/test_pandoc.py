"""pandoc's formats: all that a page says survives Word and LibreOffice, and a pandoc that fails costs one page."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pypandoc
import pytest

import wikicable
from wikicable import cli
from wikicable.errors import FormatError, InputError, OptionError
from wikicable.links import link_text
from wikicable.model import (
    CodeBlock,
    Document,
    EmailTarget,
    Header,
    Image,
    InterwikiTarget,
    Link,
    Math,
    MediaTarget,
    Node,
    Note,
    PageTarget,
    Para,
    Plain,
    Str,
    Table,
    Tags,
    UrlTarget,
)
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.resources import Resource, Resources
from wikicable.walk import plain_text, rewrite, walk
from wikicable.wikiconf import SHIPPED
from wikicable_pandoc.service import Service

ROOT = Path(__file__).resolve().parents[1]
CABLE = ROOT.parent / "shared" / "samples" / "07TOKYO1716.txt"
OFFICE = ["docx", "odt"]
PANDOC = pypandoc.get_pandoc_path()
SOFFICE = shutil.which("soffice")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5a349bda0000000049454e44ae426082"
)
PAGE = r"""====== Title ======

Some **bold**, //emphasis//, __underline__ and ''mono''. {{tag>one "two words"}}

===== All links =====

[[ns:page|a page]] [[start]] [[ns:page#A section|its section]] [[#Title|above]] [[wp>Wiki|elsewhere]] [[wp>Wiki]]
[[https://example.org/a?b=c|the web]] https://example.org/bare [[a@example.org|mail]] [[\\server\share\a b|share]]
{{ns:paper.pdf|paper}} {{ns:picture.png?200|picture}} note((with **bold** and [[ns:page]])) $x$

^ Head ^ two ^
| a | b((in a cell)) |
| wide ||

  - one
    * deeper
  - two

<file python hello.py>
print("hello")

    # indented
</file>

<code>
no language
</code>
"""


def through(form: str, document: Document) -> Document:
    output = wikicable.write(document, form)
    assert output == wikicable.write(document, form), "the same document gives other bytes"
    return wikicable.read(output, form)


def links(document: Document) -> list[tuple[object, str]]:
    found = [node for node in walk(document) if isinstance(node, Link)]
    return [(node.target, plain_text(node.content)) for node in found]


def words(node: Node) -> list[str]:
    """Give the words of a paragraph; a link without a text shows its target."""

    def shown(inline: Node) -> Node | None:
        if isinstance(inline, Tags):
            return None
        if isinstance(inline, Link) and not inline.content:
            return Str(link_text(inline.target, SHIPPED))
        return inline

    return plain_text(rewrite(node, shown)).split()


def shape(document: Document) -> dict[str, object]:
    """Tell of a document what has to survive."""
    nodes = list(walk(document))
    return {
        "headings": [(node.level, plain_text(node)) for node in nodes if isinstance(node, Header)],
        "notes": [plain_text(node.content) for node in nodes if isinstance(node, Note)],
        "targets": Counter(node.target for node in nodes if isinstance(node, Link)),
        "tags": [node.tags for node in nodes if isinstance(node, Tags)],
        "cells": [
            [
                (" ".join(plain_text(cell.content).split()), cell.is_header, cell.colspan, cell.rowspan)
                for cell in row.cells
            ]
            for node in nodes
            if isinstance(node, Table)
            for row in node.rows
        ],
        "code": [
            (node.filename, node.language, node.kind, node.text.strip("\n"))
            for node in nodes
            if isinstance(node, CodeBlock)
        ],
        "words": [word for node in nodes if isinstance(node, Para | Plain | Header) for word in words(node)],
    }


# -- Word and LibreOffice ------------------------------------------------------------------------


@pytest.mark.parametrize("form", OFFICE)
def test_a_page_comes_back_from_a_word_processor(form):
    page = PAGE if form == "docx" else PAGE.replace("$x$", "")  # pandoc reads no formula of OpenDocument
    document = wikicable.read(page, "dokuwiki")
    before, after = shape(document), shape(through(form, document))
    assert after.pop("words") == before.pop("words")
    before["targets"][wikicable.read("[[#title]]", "dokuwiki").blocks[0].content[0].target] += 1  # the id of #Title
    del before["targets"][wikicable.read("[[#Title]]", "dokuwiki").blocks[0].content[0].target]
    assert after == before


def test_a_formula_that_will_not_come_back_is_said():
    notices = Notices()
    wikicable.write(Document((Para((Math("x^2"),)),)), "odt", notices=notices)
    assert [notice.what for notice in notices] == ["formula.one-way"]
    assert Math("x^{2}") in walk(through("docx", Document((Para((Str("a "), Math("x^2"))),)))), "the same formula"


@pytest.mark.parametrize("form", OFFICE)
def test_a_picture_that_is_not_at_hand_is_a_link_and_a_picture_again(form):
    document = through(form, wikicable.read("{{ ns:a b.png?200x100|A title}} {{b.png}}", "dokuwiki"))
    images = [node for node in walk(document) if isinstance(node, Image)]
    assert [(image.target, image.width, image.height, image.align) for image in images] == [
        (MediaTarget("ns:a b.png"), 200, 100, "right"),
        (MediaTarget("b.png"), None, None, None),
    ]
    assert [plain_text(image.content) for image in images] == ["A title", ""]


@pytest.mark.parametrize("form", OFFICE)
def test_a_picture_that_is_at_hand_is_in_the_file(form):
    document = Document(
        (Para((Image(MediaTarget("a.png"), (Str("A"),)),)),),
        resources=Resources({"a.png": Resource(PIXEL, "image/png")}),
    )
    back = through(form, document)
    image = next(node for node in walk(back) if isinstance(node, Image))
    assert isinstance(image.target, MediaTarget)
    assert back.resources[image.target.id].data == PIXEL


def test_no_page_makes_a_file_of_this_machine_part_of_a_document(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(PIXEL + b"secret")
    document = Document((Para((Image(UrlTarget(str(secret))), Image(MediaTarget(str(secret))))),))
    notices = Notices()
    data = wikicable.write(document, "docx", notices=notices)
    assert isinstance(data, bytes)
    (tmp_path / "out.docx").write_bytes(data)
    listed = subprocess.run(["unzip", "-l", str(tmp_path / "out.docx")], capture_output=True, text=True, check=False)
    names = listed.stdout if listed.returncode == 0 else repr(data)
    assert "media/" not in names
    assert [notice.what for notice in notices] == ["media", "media"]


@pytest.mark.parametrize("form", ["org", "rst", "latex"])
def test_no_page_includes_a_file_of_this_machine(form, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", "utf-8")
    page = {"org": f'#+INCLUDE: "{secret}"\n', "rst": f".. include:: {secret}\n", "latex": f"\\input{{{secret}}}\n"}[
        form
    ]
    assert "secret" not in plain_text(wikicable.read(page, form).blocks).replace(str(secret), "")


@pytest.mark.skipif(not CABLE.exists(), reason="no ../shared/samples/07TOKYO1716.txt")
@pytest.mark.parametrize("form", OFFICE)
def test_the_cable_comes_back(form):
    document = wikicable.read(CABLE, "dokuwiki")
    back = through(form, document)
    before, after = shape(document), shape(back)
    assert (len(after["headings"]), len(after["notes"]), len(after["tags"][0])) == (7, 8, 5)
    assert {type(target) for target, _ in links(back)} == {type(target) for target, _ in links(document)}
    assert after == before
    assert back.metadata.tags == document.metadata.tags


@pytest.fixture
def soffice() -> str:
    """The second reader of what is written; where the others that judge are there, it has to be, too."""
    if not SOFFICE:
        assert "WIKICABLE_ORACLE" not in os.environ, "no LibreOffice (soffice)"
        pytest.skip("no LibreOffice (soffice)")
    return SOFFICE


@pytest.mark.oracle
@pytest.mark.parametrize("form", OFFICE)
def test_libreoffice_reads_what_pandoc_wrote_and_gives_it_back(form, tmp_path, soffice):
    path = CABLE if CABLE.exists() else ROOT / "samples" / "cable.txt"
    document = wikicable.read(path, "dokuwiki", notices=Notices())
    written = wikicable.write(document, form)
    assert isinstance(written, bytes)
    (tmp_path / f"page.{form}").write_bytes(written)
    (tmp_path / "out").mkdir()
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", form]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / f"page.{form}")],
        check=True,
        capture_output=True,
        timeout=110,
    )
    back = wikicable.read(tmp_path / "out" / f"page.{form}", form)
    before, after = shape(document), shape(back)
    assert after["headings"] == before["headings"]
    assert [note.split() for note in after["notes"]] == [note.split() for note in before["notes"]]
    assert after["tags"] == before["tags"]
    assert set(after["targets"]) == set(before["targets"])


# -- one pandoc ----------------------------------------------------------------------------------


def test_the_table_of_formats_is_pandocs():
    ours = {form.name: form for form in installed().formats.values() if form.through == "pandoc"}
    taken = {name for form in installed().formats.values() if not form.through for name in (form.name, *form.aliases)}
    for option, way in (("--list-input-formats", "read"), ("--list-output-formats", "write")):
        listed = set(subprocess.run([PANDOC, option], capture_output=True, text=True, check=True).stdout.split())
        there = {name for name, form in ours.items() if getattr(form, way)}
        assert there - {"pdf"} <= listed
        left_out = listed - there - taken
        assert left_out <= ALIASES | ELSEWHERE, sorted(left_out - ALIASES - ELSEWHERE)


ALIASES = {
    "html4",
    "html5",
    "docbook4",
    "asciidoctor",
    "jats_archiving",
    "jats_articleauthoring",
    "jats_publishing",
    "markdown_github",
    "epub2",
    "epub3",
    "epub",
}
"""Other names of formats that are there, or of those that wikicable has of its own."""

ELSEWHERE = {
    "creole",
    "xml",
    "s5",
    "slideous",
    "dzslides",
    "bbcode_fluxbb",
    "bbcode_hubzilla",
    "bbcode_phpbb",
    "bbcode_steam",
    "bbcode_xenforo",
}
"""WikiCreole is the sample of a plugin; the others are variants of what is there."""

WRITTEN = [
    form.name for form in installed().formats.values() if form.through == "pandoc" and form.write and form.name != "pdf"
]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_is_written_and_read_again(name):
    form = installed().formats[name]
    output = wikicable.write(wikicable.read("== Title ==\n\nSome words((a note)).", "dokuwiki"), name)
    assert isinstance(output, bytes) == form.is_binary
    if form.read and name not in {"bibtex", "biblatex", "csljson"}:
        assert "words" in plain_text(wikicable.read(output, name).blocks)


def test_a_pdf_is_made_or_what_it_needs_is_said():
    try:
        assert wikicable.write(Document((Para((Str("words"),)),)), "pdf")[:4] == b"%PDF"
    except OptionError as error:
        assert "install" in str(error)  # noqa: PT017  which of the two depends on the machine


def test_what_is_no_docx_is_said_in_one_line():
    with pytest.raises(FormatError, match="pandoc: "):
        wikicable.read(b"no zip", "docx")
    assert wikicable.read(wikicable.write(Document(()), "docx"), "docx") == Document(()), "and the next one is read"


@pytest.mark.parametrize(
    "script", ["#!/bin/sh\nexec sleep 60\n", "#!/bin/sh\nexit 1\n", "#!/bin/sh\nread x; echo 5; echo no\n"]
)
def test_a_pandoc_that_hangs_or_dies_costs_one_document(script, tmp_path, monkeypatch):
    fake = tmp_path / "pandoc"
    fake.write_text(script, "utf-8")
    fake.chmod(0o755)
    header = {"way": "read", "format": "rst"}
    service = Service()
    monkeypatch.setattr("wikicable_pandoc.service.pandoc_path", lambda: str(fake))
    start = time.monotonic()
    with pytest.raises(InputError, match="pandoc"):
        service.ask(header, b"text", {}, 1)
    assert time.monotonic() - start < 30
    monkeypatch.undo()
    assert b"text" in service.ask(header, b"text", {}, 60).text
    service.close()


def test_one_pandoc_costs_less_than_half_of_many():
    documents = [wikicable.read(f"{PAGE}\n\n{number}", "dokuwiki") for number in range(20)]
    form = installed().formats["docx"]
    service = Service()
    json_pages = [wikicable.write(document, "json").encode() for document in documents]
    header = {"way": "write", "format": "docx", "standalone": True, "toc": False, "number_sections": False}
    start = children_seconds()
    for page in json_pages:
        service.ask({**header, "reference_doc": "", "template": ""}, page, {}, 60)
    service.close()
    one = children_seconds() - start
    start = children_seconds()
    for page in json_pages:
        subprocess.run([PANDOC, "-f", "json", "-t", "docx", "-o", os.devnull], input=page, check=True)
    assert form.is_binary
    assert one <= 0.5 * (children_seconds() - start)


def children_seconds() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# -- filters -------------------------------------------------------------------------------------


def test_filters_change_the_document(tmp_path):
    lua = tmp_path / "shout.lua"
    lua.write_text("function Str(str) str.text = pandoc.text.upper(str.text) return str end", "utf-8")
    out = wikicable.convert("some [[page]]", "dokuwiki", "dokuwiki", transforms=[f"lua-filter={lua}"])
    assert out == "SOME [[page|PAGE]]\n"
    program = tmp_path / "shorten.py"
    program.write_text(
        "import json, sys\nd = json.load(sys.stdin); d['blocks'] = d['blocks'][:1]; json.dump(d, sys.stdout)", "utf-8"
    )
    assert wikicable.convert("one\n\ntwo", "dokuwiki", "dokuwiki", transforms=[f"filter={program}"]) == "one\n"


@pytest.mark.parametrize(("lua", "says"), [("function Str(", "the filter failed"), ("error('at last')", "at last")])
def test_a_filter_that_fails_is_said_in_one_line(lua, says, tmp_path, capsys):
    path = tmp_path / "broken.lua"
    path.write_text(lua, "utf-8")
    (tmp_path / "page.txt").write_text("text", "utf-8")
    assert cli.run(["convert", f"{tmp_path}/page.txt", "-t", "html", "--lua-filter", str(path)]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_links_of_every_kind_are_known_again():
    document = through("docx", wikicable.read(PAGE, "dokuwiki"))
    kinds = {type(target) for target, _ in links(document)}
    assert kinds >= {PageTarget, InterwikiTarget, UrlTarget, EmailTarget, MediaTarget}


# -- a whole wiki --------------------------------------------------------------------------------


def test_a_page_that_is_broken_costs_itself_alone(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c"):
        page = wikicable.write(wikicable.read(f"====== {name} ======\n\n[[b]]", "dokuwiki"), "docx")
        assert isinstance(page, bytes)
        (tmp_path / "in" / f"{name}.docx").write_bytes(b"broken" if name == "b" else page)
    arguments = ["batch", f"{tmp_path}/in", "-f", "docx", "-t", "markdown", "-o", f"{tmp_path}/out", "--jobs", "1"]
    assert cli.run(arguments) == 7
    assert "failed: b: b.docx: pandoc: " in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "out").glob("*.md")) == ["a.md", "c.md"]
