"""What we write, opened, edited and saved by LibreOffice, which reads RTF in its own way."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

import wikicable
from wikicable.model import BulletList, CodeBlock, Document, Emph, Header, Link, Node, Note, OrderedList, Table
from wikicable.walk import walk

SOFFICE = shutil.which("soffice")
CABLE = Path(__file__).parent.parent / "samples" / "cable.txt"
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
KEPT = (Header, Note, Emph, Link, CodeBlock, BulletList, OrderedList, Table)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libreoffice")


@pytest.fixture(scope="module")
def opened(folder: Path) -> Path:
    """The cable, written as RTF and opened by LibreOffice, which saves it in its own format."""
    document = wikicable.read(CABLE, "dokuwiki")
    code = wikicable.write(document, "rtf")
    assert isinstance(code, str)
    (folder / "cable.rtf").write_text(code, "ascii")
    return saved(folder / "cable.rtf", "odt")


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
    with zipfile.ZipFile(opened) as archive:
        content = etree.fromstring(archive.read("content.xml"))
    page = counts(wikicable.read(CABLE, "dokuwiki"))
    found = Counter(node.tag for node in content.iter() if isinstance(node.tag, str))
    assert found[f"{TEXT}h"] == page[Header]
    assert found[f"{TEXT}note"] == page[Note]
    assert found[f"{TABLE}table"] == page[Table]
    assert found[f"{TEXT}a"] >= page[Link]


def test_an_edit_made_there_arrives_and_all_else_stays(opened, folder):
    page = wikicable.read(CABLE, "dokuwiki")
    edited = folder / "edited.odt"
    with zipfile.ZipFile(opened) as archive, zipfile.ZipFile(edited, "w") as copy:
        for each in archive.infolist():
            data = archive.read(each)
            copy.writestr(each, with_edit(data) if each.filename == "content.xml" else data)
    back = wikicable.read(saved(edited, "rtf"), "rtf")
    assert counts(back) == counts(page)
    assert back.metadata.tags == page.metadata.tags
    originals = [[node for node in walk(each) if isinstance(node, CodeBlock)] for each in (back, page)]
    assert originals[0] == originals[1]
    assert "EDITED IN LIBREOFFICE" in wikicable.write(back, "dokuwiki")


def with_edit(content: bytes) -> bytes:
    tree = etree.fromstring(content)
    heading = next(tree.iter(f"{TEXT}h"))
    last = [*heading.iter()][-1]
    last.text = f"{last.text or ''} EDITED IN LIBREOFFICE"
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
