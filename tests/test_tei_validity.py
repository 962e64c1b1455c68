"""What is written as TEI is valid against tei_all, whatever it is made of.

Without Java, or where the packages with jing and the schema cannot be had, there is no judge, and these tests are
skipped; where WIKICABLE_ORACLE is set, as in `.ci/run`, that is a failure.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import tei
from oracle.pages import pages
from wild import METADATA, WILD

import wikicable
from wikicable.convert import with_values, write_all
from wikicable.model import Document, Metadata
from wikicable.testing import cases

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PAGES = 300
EXAMPLES = 400 if "WIKICABLE_ORACLE" in os.environ else 100

pytestmark = [pytest.mark.oracle, pytest.mark.timeout(600), pytest.mark.usefixtures("judge")]


@pytest.fixture(scope="module")
def judge() -> None:
    if reason := tei.why_not():
        assert "WIKICABLE_ORACLE" not in os.environ, reason
        pytest.skip(reason)


def written(document: Document, **options: object) -> bytes:
    output = wikicable.write(document, "tei", **options)
    assert isinstance(output, str)
    return output.encode()


def written_pages(texts: Iterable[str]) -> list[bytes]:
    return [written(wikicable.read(text, "dokuwiki", page="ns:page")) for text in texts]


def made(strategy: st.SearchStrategy[Document], count: int) -> list[Document]:
    """Give documents of a strategy, the same ones each time."""
    found: list[Document] = []
    quiet = settings(
        max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )

    @quiet
    @given(strategy)
    def collect(document: Document) -> None:
        found.append(document)

    collect()
    return found


def test_the_judge_judges():
    assert tei.errors([b'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/></TEI>'])


def test_samples_and_cases_are_valid():
    samples = [path.read_text("utf-8") for path in sorted((ROOT / "samples").rglob("*.txt"))]
    whole = [
        case.expected.partition("\n2> ")[0].replace("␣", " ").replace("␉", "\t").encode()
        for case in cases(ROOT / "tests" / "cases")
        if case.writer[0] in ("tei", "cmif") and case.expected.startswith("<?xml")
    ]
    assert tei.errors(written_pages(samples) + whole) == []


def test_random_pages_are_valid():
    assert tei.errors(written_pages(pages(PAGES, seed=1))) == []


def test_random_documents_are_valid():
    documents = st.builds(lambda document, metadata: replace(document, metadata=metadata), WILD, METADATA)
    assert tei.errors(map(written, made(documents, EXAMPLES))) == []


def test_a_corpus_is_valid():
    documents = made(st.builds(lambda document, metadata: replace(document, metadata=metadata), WILD, METADATA), 50)
    assert tei.errors([b"".join(write_all(documents, "tei"))]) == []


def test_an_index_of_letters_is_valid():
    names = {"sender": ["A <a>", "B"], "sender-ref": ["https://viaf.org/viaf/1", "no uri %"], "receiver": "\0 C  c"}
    dates = {"2007-04-18 09:03", "", "?", "1804"}
    metadata = [with_values(Metadata(page_id=f"a b{date}"), {**names, "date": date}) for date in sorted(dates)]
    letters = [Document((), each) for each in metadata]
    for options in ({}, {"title": "T", "editor": "E", "publisher": "P", "url": "https://x.example/i", "date": "2026"}):
        assert tei.errors([b"".join(write_all(letters, "cmif", **options))]) == []


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not there")
def test_pages_of_real_wikis_are_valid():
    texts = [json.loads(line)["text"] for line in (SHARED / "corpus" / "wikis.jsonl").read_bytes().splitlines()]
    texts += [path.read_text("utf-8") for path in (SHARED / "samples").glob("*.txt")]
    assert tei.errors(written_pages(texts)) == []
