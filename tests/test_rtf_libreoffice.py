"""What we write, opened, edited and saved by LibreOffice, which reads RTF in its own way."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lxml import etree

import wikicable
from wikicable.model import (
    BulletList,
    CodeBlock,
    Document,
    Emph,
    Header,
    Link,
    Node,
    Note,
    OrderedList,
    Str,
    Table,
    Tags,
)
from wikicable.walk import walk

SOFFICE = shutil.which("soffice")
ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared" / "samples" / "07TOKYO1716.txt"
PAGES = [
    pytest.param(ROOT / "samples" / "cable.txt", id="sample"),
    pytest.param(REAL, id="real", marks=pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not there")),
]
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not SOFFICE and os.environ.get("WIKICABLE_ORACLE") != "required",
        reason="needs LibreOffice: apt-get install libreoffice-writer-nogui",
    ),
]
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
EDIT = " EDITED IN LIBREOFFICE"
KEPT = (Header, Note, Emph, Link, CodeBlock, BulletList, OrderedList, Table)


@dataclass(frozen=True)
class Opened:
    """A page, and the same after it was written as RTF, opened by LibreOffice and saved in its own format."""

    page: Document
    odt: Path


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    page = wikicable.read(request.param, "dokuwiki")
    code = wikicable.write(page, "rtf")
    assert isinstance(code, str)
    written = tmp_path_factory.mktemp("libreoffice") / "page.rtf"
    written.write_text(code, "ascii")
    return Opened(page, saved(written, "odt"))


def saved(path: Path, suffix: str) -> Path:
    assert SOFFICE, "LibreOffice must be there"
    out = path.parent / suffix
    command = [SOFFICE, "--headless", "--norestore", f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", suffix, "--outdir", out, path], check=True, capture_output=True, timeout=300
    )
    return out / f"{path.stem}.{suffix}"


def counts(document: Document) -> Counter[type[Node]]:
    return Counter(type(node) for node in walk(document) if isinstance(node, KEPT))


def test_libreoffice_finds_what_the_page_has(opened):
    with zipfile.ZipFile(opened.odt) as archive:
        content = etree.fromstring(archive.read("content.xml"))
    page = counts(opened.page)
    found = Counter(node.tag for node in content.iter() if isinstance(node.tag, str))
    assert found[f"{TEXT}h"] == page[Header]
    assert found[f"{TEXT}note"] == page[Note]
    assert found[f"{TABLE}table"] == page[Table]
    assert found[f"{TEXT}a"] >= page[Link]


def test_an_edit_made_there_arrives_and_all_else_stays(opened):
    back = wikicable.read(saved(edited_there(opened.odt), "rtf"), "rtf")
    wanted = edited_here(opened.page)
    assert counts(back) == counts(wanted)
    assert back.metadata == wanted.metadata
    assert tag_places(back) == tag_places(wanted)
    assert code_blocks(back) == code_blocks(wanted)
    assert shown(back) == shown(wanted)


def edited_there(opened: Path) -> Path:
    edited = opened.with_name("edited.odt")
    with zipfile.ZipFile(opened) as archive, zipfile.ZipFile(edited, "w") as copy:
        for each in archive.infolist():
            data = archive.read(each)
            copy.writestr(each, with_edit(data) if each.filename == "content.xml" else data)
    return edited


def with_edit(content: bytes) -> bytes:
    tree = etree.fromstring(content)
    heading = next(tree.iter(f"{TEXT}h"))
    last = [*heading.iter()][-1]
    last.text = f"{last.text or ''}{EDIT}"
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def edited_here(page: Document) -> Document:
    heading = next(node for node in page.blocks if isinstance(node, Header))
    edited = replace(heading, content=(*heading.content, Str(EDIT)))
    return replace(page, blocks=tuple(edited if block is heading else block for block in page.blocks))


def tag_places(document: Document) -> list[Tags]:
    return [node for node in walk(document) if isinstance(node, Tags)]


def code_blocks(document: Document) -> list[CodeBlock]:
    return [node for node in walk(document) if isinstance(node, CodeBlock)]


def shown(document: Document) -> list[str]:
    """What a reader is shown: blanks at the end of a paragraph, and where a line of the source ended, are not."""
    html = wikicable.write(document, "html")
    assert isinstance(html, str)
    return html.replace(" </", "</").split()
