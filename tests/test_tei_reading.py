"""TEI of other people: every file is read, no visible text is lost, and what was read goes on to other formats."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

import wikicable
from wikicable.convert import read_all
from wikicable.errors import FormatError
from wikicable.model import NO_ATTR, Block, CodeBlock, Document, LineBreak, Node, SoftBreak
from wikicable.walk import walk

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "tei"
FILES = sorted(path for path in SHARED.glob("*") if path.suffix != ".tsv")
NOT_WELL_FORMED = {"pandoc__tables.tei": (2, 1), "teic__testrend.xml": (26, 15)}
"""Files that are no XML, with the line and column where that shows."""
TEXTS = ("{*}text", "{*}sourceDoc")
INVISIBLE = tuple(f"{{*}}{name}" for name in ("teiHeader", "index", "interp", "interpGrp", "fs", "linkGrp", "spanGrp"))
"""Elements that a reader of the text does not see."""
ID = "{http://www.w3.org/XML/1998/namespace}id"

pytestmark = pytest.mark.skipif(not FILES, reason="../shared/corpus/tei is not there")
readable = pytest.mark.parametrize(
    "path", [each for each in FILES if each.name not in NOT_WELL_FORMED], ids=lambda each: each.name
)


@readable
def test_no_visible_text_is_lost(path):
    found = without_blanks(" ".join(map(visible_text, read_all(path, "tei"))))
    runs = list(map(without_blanks, text_runs(path)))
    assert [run for run in runs if run not in found] == []
    assert Counter("".join(runs)) <= Counter(found)


@readable
@pytest.mark.parametrize("to", ["markdown", "html", "dokuwiki"])
def test_what_was_read_goes_on_to_other_formats(path, to):
    for document in read_all(path, "tei"):
        output = wikicable.write(document, to)
        assert isinstance(output, str)
        assert output or not visible_text(document).strip()


@pytest.mark.parametrize("name", NOT_WELL_FORMED)
def test_what_is_not_xml_is_refused_with_its_place(name):
    line, column = NOT_WELL_FORMED[name]
    with pytest.raises(FormatError, match=f"{name}:{line}:{column}: not well-formed") as raised:
        wikicable.read(SHARED / name, "tei")
    assert raised.value.exit_code == 64


# -- the text on either side ---------------------------------------------------------------------


def text_runs(path: Path) -> Iterator[str]:
    """Give every run of text between two tags that a reader of the file sees."""
    root = etree.parse(
        path, etree.XMLParser(load_dtd=False, resolve_entities=False, no_network=True, collect_ids=False)
    ).getroot()
    texts = [text for text in root.iter(*TEXTS) if next(text.iterancestors(*TEXTS), None) is None]
    for text in texts or [root]:
        hidden = invisible(text)
        for element in text.iter(etree.Element):
            is_within = any(outer in hidden for outer in element.iterancestors())
            if element.text and element not in hidden and not is_within:
                yield element.text
            if element.tail and element is not text and not is_within:
                yield element.tail


def invisible(text: etree._Element) -> set[etree._Element]:
    """Give what a reader does not see, and the marks that lead to notes, which are numbered anew."""
    notes = {f"#{note.get(ID)}" for note in text.iter("{*}note")}
    marks = (ref for ref in text.iter("{*}ref") if ref.get("target") in notes)
    return {*text.iter(*INVISIBLE), *marks}


def visible_text(document: Document) -> str:
    """Give the text of every node, notes where they stand, and what an attribute says for want of another place."""
    return "".join(map(text_of, walk(document)))


def text_of(node: Node) -> str:
    attr = getattr(node, "attr", NO_ATTR)
    before = " " if isinstance(node, SoftBreak | LineBreak | Block) else ""
    text = getattr(node, "text", "")
    text = html.unescape(text) if isinstance(node, CodeBlock) else text  # an example in XML is shown as XML
    return before + text + "".join(f" {value} " for _, value in attr.pairs)


def without_blanks(text: str) -> str:
    return "".join(text.split())
