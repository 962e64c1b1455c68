"""RTF: what is written comes back, edits arrive, and no file is too broken or too large to be read."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.canon import Token, canon

import wikicable
from wikicable.errors import FormatError
from wikicable.links import link_text
from wikicable.model import (
    Attr,
    BlockQuote,
    CodeBlock,
    Div,
    Document,
    EmailTarget,
    Emph,
    Figure,
    Link,
    Macro,
    Node,
    Note,
    Para,
    Plain,
    SectionTarget,
    Span,
    Str,
    Strong,
    Tags,
    UrlTarget,
)
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.source import Source
from wikicable.testing.laws import Trial, reads_every_text, takes_linear_time, writes_every_document
from wikicable.testing.strategies import METADATA, Keeps, documents
from wikicable.walk import plain_text, rewrite, walk

RTF = installed().formats["rtf"]
SAMPLES = Path(__file__).parent.parent / "samples"
CABLE = SAMPLES / "cable.txt"


def read(code: bytes | str) -> Document:
    return wikicable.read(code, "rtf")


def written(document: Document) -> str:
    code = wikicable.write(document, "rtf")
    assert isinstance(code, str)
    return code


def in_file(body: bytes) -> bytes:
    return b"{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}{\\f1\\fmodern Courier New;}}" + body


# -- the laws ------------------------------------------------------------------------------------

CODE = st.sampled_from([
    *("{", "}", "\\", "\\'", "\\'c7", "\\u", "\\u-10179?", "\\uc9", "\\bin", "\\bin9", "\\*", "\\par", "\\b ", "\\b0 "),
    *("\\pard", "\\plain", "\\f1 ", "\\s1 ", "\\li360\\fi-360", "\\ls1", "\\ilvl1", "{\\pntext 1.}", "\\tab ", "\\line "),
    *("\\trowd", "\\cellx9", "\\clmrg", "\\clvmrg", "\\intbl ", "\\cell ", "\\row ", "\\itap2", "\\nestcell ", "\\nestrow "),
    *("{\\footnote a}", '{\\field{\\*\\fldinst HYPERLINK "a"}{\\fldrslt ', "{\\*\\bkmkstart a}", "{\\pict ", "{\\info"),
    *("{\\stylesheet{\\s1 heading 1;}}", "{\\*\\generator wikicable;}", "{\\*\\listtable", "{\\fonttbl{\\f1\\cpg949 a;}}"),
])  # fmt: skip


@given(st.lists(CODE | st.text(max_size=5), max_size=30).map("".join))
@settings(deadline=None)
def test_every_code_is_read_and_what_was_read_is_written(code):
    notices = Notices(Source.of(code))
    document = wikicable.read("{\\rtf1 " + code, "rtf", notices=notices)
    assert read(written(document)) is not None
    assert {notice.place.name for notice in notices if notice.place} <= {"<text>"}


@given((st.text() | st.binary()).filter(lambda text: b"\\rtf" not in Source.of(text).data))
def test_what_is_no_rtf_is_refused(text):
    with pytest.raises(FormatError, match="does not begin with"):
        read(text)


def test_every_document_is_written():
    writes_every_document(Trial(RTF, examples=EXAMPLES))


EXAMPLES = 200 if os.environ.get("WIKICABLE_ORACLE") == "required" else 60

KEPT = Keeps(metadata=METADATA.map(lambda metadata: replace(metadata, title="Title"))).without(
    Figure, Macro, Tags, EmailTarget, SectionTarget, UrlTarget, Div
)
"""What comes back node by node as it was.  The others come back too, but not always as the same nodes: a macro among
text as a block, an address that shows itself with the class of such, a division without attributes as what it holds."""


def test_what_is_written_comes_back():
    trial = Trial(RTF, examples=EXAMPLES)

    def law(document: Document) -> None:
        back = trial.there_and_back(document)
        assert rewrite(back, plainer) == rewrite(document, plainer)

    trial.run(law, documents(KEPT).map(lambda document: rewrite(document, with_class)))


def with_class(node: Node) -> Node:
    """Give every span a class, and no id: that is a bookmark around what the span holds."""
    match node:
        case Span(attr=attr):
            return replace(node, attr=Attr(classes=("some", *attr.classes), pairs=attr.pairs))
        case _:
            return node


def plainer(node: Node) -> Node:
    """Leave aside what a place says anyway: that a paragraph stands alone, and what a link shows without a text."""
    match node:
        case Plain(content=content):
            return Para(content)
        case Link(target=target, content=(Str(text=text),)) if text == link_text(target, Document(()).conf, ""):
            return replace(node, content=())
        case _:
            return node


# -- a page there and back -----------------------------------------------------------------------


@pytest.mark.parametrize("path", [*SAMPLES.rglob("*.txt")], ids=lambda path: path.stem)
def test_samples_are_shown_as_before(path):
    page = wikicable.read(path, "dokuwiki")
    back = wikicable.convert(written(page), "rtf", "dokuwiki")
    assert shown(wikicable.read(back, "dokuwiki")) == shown(page)


def shown(page: Document) -> list[Token]:
    html = wikicable.write(page, "html")
    assert isinstance(html, str)
    return canon(html)


@pytest.mark.parametrize("path", [*SAMPLES.rglob("*.txt")], ids=lambda path: path.stem)
def test_all_that_is_written_is_ascii(path):
    assert written(wikicable.read(path, "dokuwiki")).isascii()


def test_no_copy_of_the_page_is_hidden_in_the_file():
    code = written(wikicable.read("====== Title ======\nAn ordinary **sentence**.\n", "dokuwiki"))
    assert code.count("ordinary") == code.count("sentence") == 1
    edited = read(code.replace("ordinary", "edited").replace("sentence", "one"))
    assert wikicable.write(edited, "dokuwiki") == "====== Title ======\n\nAn edited **one**.\n"


def test_an_edit_arrives_and_all_else_stays():
    page = wikicable.read(CABLE, "dokuwiki")
    back = read(written(page).replace("\\par\n", " added\\par\n", 3))
    for kind in (Note, Emph, Strong, Link, CodeBlock, BlockQuote):
        assert count(back, kind) == count(page, kind)
    assert back.metadata.tags == page.metadata.tags
    assert [each for each in walk(back) if isinstance(each, CodeBlock)] == [
        each for each in walk(page) if isinstance(each, CodeBlock)
    ]


def count(document: Document, kind: type[Node]) -> int:
    return sum(isinstance(node, kind) for node in walk(document))


def test_keywords_added_in_word_are_tags_of_the_page():
    code = written(wikicable.read("{{tag>one two}}\n\ntext", "dokuwiki"))
    back = read(code.replace("\\keywords one, two", "\\keywords one, two, three"))
    assert wikicable.write(back, "dokuwiki") == "{{tag>one two three}}\n\ntext\n"


def test_keywords_are_spelled_as_the_author_of_the_page_spells_them():
    page = wikicable.read('{{tag>MOPS "Two Words"}}', "dokuwiki")
    code = written(page)
    assert "{\\keywords MOPS, Two Words}" in code  # LibreOffice writes these where the field stands
    assert read(code).metadata.tags == page.metadata.tags == ("mops", "two_words")


# -- broken and hostile files --------------------------------------------------------------------


@pytest.mark.parametrize("path", [*SAMPLES.rglob("*.txt")], ids=lambda path: path.stem)
def test_a_file_may_be_cut_anywhere(path):
    code = written(wikicable.read(path, "dokuwiki")).encode().rstrip()  # the last line end is no part of the file
    for end in range(7, len(code), max(1, len(code) // 50)):
        notices = Notices(Source(code[:end]))
        wikicable.read(code[:end], "rtf", notices=notices)
        assert "rtf.truncated" in {notice.what for notice in notices}


MANY = 100_000
FLOODS = {
    "open braces": b"{" * MANY,
    "open braces with text": b"{a" * (MANY // 4),
    "closed braces": b"{}" * (MANY // 4),
    "open formatting": b"{\\b a" * (MANY // 4),
    "open formatting of our own": b"{\\*\\generator wikicable;}" + b"{\\b a" * (MANY // 4),
    "a false length": b"\\bin99999999999 ab" * (MANY // 4),
    "a negative length": b"\\bin-5 ab" * (MANY // 4),
    "a length to the end": b"{\\pict\\pngblip\\bin40 " * (MANY // 10),
    "numbers": b"\\u12345?" * (MANY // 2),
    "halves": b"\\u-10240?" * (MANY // 2),
    "fallbacks that never come": b"\\uc2147483647\\u65?" * (MANY // 2),
    "open fields": b'{\\field{\\*\\fldinst HYPERLINK "a"}{\\fldrslt a' * (MANY // 10),
    "open notes": b"{\\footnote a" * (MANY // 4),
    "open tables": b"\\intbl\\itap99999 a\\par" * (MANY // 40),
    "edges": b"\\cellx1" * MANY,
    "bookmarks": b"{\\*\\bkmkstart a}" * (MANY // 10),
    "backslashes": b"\\" * MANY,
}


@pytest.mark.parametrize("flood", FLOODS)
def test_floods_are_read_in_time(flood):
    start = time.process_time()
    document = read(in_file(FLOODS[flood] + b"}"))
    wikicable.write(document, "dokuwiki")
    assert time.process_time() - start < 20


GROWING = [
    "{\\b a}", "\\b a\\i b\\b0 c\\i0 d", "\\u12345?", "{\\footnote a}", '{\\field{\\*\\fldinst HYPERLINK "a"}{\\fldrslt a',
    "\\trowd\\cellx9\\cellx99\\intbl a\\cell b\\cell\\row ", "\\itap2\\intbl a\\nestcell ", "{\\fonttbl{\\f1 A;}}",
    "\\trowd\\clvmgf\\cellx9\\intbl a\\cell\\row\\trowd\\clvmrg\\cellx9\\intbl\\cell\\row ", "{\\pict\\pngblip 89504e47}",
    "\\pard\\fi-360\\li360 \\bullet\\tab a\\par ", "\\pard\\ls1\\ilvl8 a\\par ", "{\\stylesheet{\\s1 Quote;}}\\s1 a\\par ",
]  # fmt: skip


def test_too_much_text_is_refused_and_many_pictures_are_not():
    """A node takes more memory than what it is made from; a picture does not."""
    much = 33 << 20
    with pytest.raises(FormatError, match="more than 32 MB beside its pictures"):
        read(in_file(b"a word " * (much // 7) + b"}"))
    assert read(in_file(rb"text {\pict\pngblip " + b"89504e47" * (much // 8) + b"}}")).blocks


def test_time_is_linear():
    def read_in_file(source, options, context):
        assert RTF.read is not None
        return RTF.read(Source(in_file(source.data)), options, context)

    takes_linear_time(Trial(replace(RTF, read=read_in_file)), GROWING)


def test_what_is_not_understood_is_read_by_striprtf():
    notices = Notices()
    document = wikicable.read("\\rtf1\\ansi no brace\\par at all", "rtf", notices=notices)
    assert [plain_text(block) for block in document.blocks] == ["no brace", "at all"]
    assert [notice.what for notice in notices] == ["rtf.plain-text"]


def test_texts_that_look_like_rtf_are_read():
    def read_in_file(source, options, context):
        assert RTF.read is not None
        return RTF.read(Source(in_file(source.data)), options, context)

    reads_every_text(Trial(replace(RTF, read=read_in_file)))
