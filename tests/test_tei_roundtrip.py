"""What is written as TEI comes back: every node, every character, every key."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from itertools import count

from hypothesis import HealthCheck, given, settings
from wild import METADATA as WILD_METADATA
from wild import WILD, normal

import wikicable
from wikicable import Context
from wikicable.convert import read_all, write_all
from wikicable.model import Document, Metadata
from wikicable.source import Source
from wikicable.testing import documents
from wikicable.testing.laws import Trial, takes_linear_time, writes_every_document
from wikicable.testing.notation import write_notation
from wikicable.testing.strategies import EVERYTHING, METADATA
from wikicable_tei import FORMAT

EXAMPLES = 250 if "WIKICABLE_ORACLE" in os.environ else 60
QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)


def there_and_back(document: Document) -> Document:
    return wikicable.read(wikicable.write(document, "tei"), "tei")


def assert_comes_back(document: Document) -> None:
    back = there_and_back(document)
    assert write_notation(back) == write_notation(document)
    assert back == document


def test_every_document_can_be_written():
    writes_every_document(Trial(FORMAT, examples=EXAMPLES))


@QUICK
@given(documents(replace(EVERYTHING, metadata=METADATA)))
def test_tidy_documents_come_back(document: Document):
    assert_comes_back(document)


@QUICK
@given(WILD)
def test_wild_documents_come_back(document: Document):
    assert_comes_back(normal(document))


@QUICK
@given(WILD_METADATA)
def test_wild_metadata_comes_back(metadata: Metadata):
    assert there_and_back(Document((), metadata)).metadata == metadata


@QUICK
@given(WILD, WILD, WILD_METADATA)
def test_a_corpus_comes_back(first: Document, second: Document, metadata: Metadata):
    given = [normal(first), replace(normal(second), metadata=metadata), normal(first)]
    corpus = b"".join(write_all(given, "tei"))
    assert list(read_all(corpus, "tei")) == given


def test_time_is_linear():
    chunks = ["<p>a</p>", "<hi>a</hi> ", "<l>a</l>", "<list><item/></list>", "<note>a</note>", "<lb/>", "&lt;", "\n \t"]
    chunks += [
        "<ref target='#a'/>",
        "<note target='#ID'>a</note><anchor xml:id='ID'/>",
        "<note xml:id='ID'>a</note><ref target='#ID'/>",
    ]
    chunks += ["<div><head>a</head></div>", "<pb/><lb n='1'/>", "<app><lem>a</lem><rdg>b</rdg></app>"]
    takes_linear_time(Trial(replace(FORMAT, read=read_in_a_body)), chunks)


def read_in_a_body(source: Source, options: object, context: Context) -> Document:
    """Read markup as the text of a document; each ``ID`` in it is one of its own."""
    ids = count()
    body = re.sub(r"(?<=#)ID|(?<=')ID", lambda _: f"i{next(ids) // 2}", source.text)
    return FORMAT.read(Source.of(f"<TEI><text><body>{body}</body></text></TEI>"), options, context)
