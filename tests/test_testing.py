"""What `wikicable.testing` promises to those who test with it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given

from wikicable.formats import Context, Format, NoOptions
from wikicable.model import (
    Attr,
    BulletList,
    Cell,
    CodeBlock,
    Definition,
    DefinitionList,
    Document,
    Header,
    LineBlock,
    Link,
    Metadata,
    Note,
    OrderedList,
    PageTarget,
    Para,
    Plain,
    Row,
    Str,
    Strong,
    Table,
    Tags,
)
from wikicable.resources import Resource, Resources
from wikicable.source import Source
from wikicable.testing import accept, cases, check_format, documents
from wikicable.testing.notation import read_notation, write_notation
from wikicable.testing.strategies import WORDS, Keeps
from wikicable.walk import walk

# -- notation ------------------------------------------------------------------------------------

DOCUMENT = Document(
    (
        Header(1, (Str("Title"),)),
        Para((Str('a "b" '), Strong((Str("it's"),)), Note((Para((Str("n\\'"),)),))), Attr(classes=("x",))),
        Para((Link(PageTarget("a:b", section="c"), (Str("t"),)), Link(PageTarget("d")), Tags(("e", "f")))),
        BulletList(((Plain((Str("one"),)),), (Plain((Str("two"),)), OrderedList(((Para(()),),), start=3)))),
        CodeBlock("a\n\tb\u00a0\u2028", "py"),
        Table((Row((Cell((Plain((Str("h"),)),), is_header=True, colspan=2),)),), head=1, caption=(Plain((Str("c"),)),)),
        DefinitionList((Definition((Str("term"),), ((Para((Str("said"),)),), ())),)),
        LineBlock(((Str("verse"),), ())),
    ),
    Metadata(title="T", tags=("a", "b"), extra={"list": [1, 2.5, None, True], "map": {"key": []}}),
    Resources({"a.png": Resource(b"\x00\xff", "image/png")}),
)


def test_notation_reads_as_the_nodes_are_named():
    assert write_notation(Document(DOCUMENT.blocks[:4], Metadata(title="T"))) == dedent(
        """\
        Metadata(title="T")
        Header(1, "Title")
        Para("a \\"b\\" ", Strong("it's"), Note(Para("n\\\\'")), attr=Attr(classes=["x"]))
        Para(Link(PageTarget("a:b", section="c"), "t"), Link(PageTarget("d")), Tags("e", "f"))
        BulletList([Plain("one")], [Plain("two"), OrderedList([Para()], start=3)])
        """
    )


def test_notation_is_read_back():
    assert read_notation(write_notation(DOCUMENT)) == DOCUMENT


def test_notation_breaks_what_is_too_wide():
    wide = Document((Para((Strong((Str("x" * 60),)), Str("y" * 60))),))
    assert write_notation(wide) == f'Para(\n  Strong("{"x" * 60}"),\n  "{"y" * 60}",\n)\n'
    assert read_notation(write_notation(wide)) == wide


@pytest.mark.parametrize(
    "text", ["import os", "Para(open('x'))", "Para(x for x in y)", "Nothing()", "PageTarget('a', 'b')"]
)
def test_notation_refuses_what_is_none(text):
    with pytest.raises(ValueError):
        read_notation(text)


# -- case files ----------------------------------------------------------------------------------

CASES = """\
# A manual

## Text

Words are words.

````native -> native
Para("a")
.
Para("b")
````

`````native -> native[x=1]
Para("a\u2409", "b")
.
Para("x")
2> dropped table.colspan 3:1
`````
"""


@pytest.fixture
def manual(tmp_path: Path) -> Path:
    path = tmp_path / "manual.md"
    path.write_text(CASES, "utf-8")
    return path


def test_cases_are_named_by_heading_and_line(manual: Path):
    assert list(map(str, cases(manual.parent))) == ["manual:7 Text", "manual:13 Text"]


def test_a_case_shows_blanks_and_tabs(manual: Path):
    first, second = cases(manual.parent)
    assert (first.expected, first.outcome()) == ('Para("b")\n', 'Para("a")\n')
    assert second.writer == ("native", {"x": "1"})
    assert second.outcome() == 'Para("a\\t", "b")\n'


def test_accept_writes_outcomes_in_place(manual: Path):
    accept([(case, case.outcome()) for case in cases(manual.parent)])
    assert [case.expected for case in cases(manual.parent)] == ['Para("a")\n', 'Para("a\\t", "b")\n']
    assert manual.read_text("utf-8").count("\n") == CASES.count("\n") - 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("````native -> native\nx\n", "not closed"),
        ("````native -> native\nx\n````\n", "single dot"),
        ("````native[ -> native\n.\n````\n", "no format"),
    ],
)
def test_a_broken_case_file_is_named(tmp_path: Path, text, complaint):
    (tmp_path / "broken.md").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=f"broken.md.*{complaint}"):
        cases(tmp_path)


# -- strategies and laws -------------------------------------------------------------------------

ONE_LINE = Keeps(blocks=frozenset({Para}), inlines=frozenset({Str}))


@given(documents(ONE_LINE))
def test_documents_are_made_of_what_is_kept(document):
    assert {type(node) for node in walk(document)} == {Para, Str}


@given(documents())
def test_cells_fill_their_table(document):
    for table in (node for node in walk(document) if isinstance(node, Table)):
        covered = sum(cell.colspan * cell.rowspan for row in table.rows for cell in row.cells)
        assert covered % len(table.rows) == 0


def read_lines(source: Source, _options: NoOptions, _context: Context) -> Document:
    return Document(tuple(Para((Str(line),)) for line in source.text.split("\n") if line))


def write_lines(document: Document, _options: NoOptions, context: Context) -> str:
    lines = []
    for block in document.blocks:
        if isinstance(block, Para):
            lines.append("".join(inline.text for inline in block.content if isinstance(inline, Str)))
        else:
            context.notices.dropped("lines.block", block.at)
    return "\n".join(lines) + "\n"


def slow(source: Source, options: NoOptions, context: Context) -> Document:
    for at in range(len(source.text)):
        assert all(source.text[:at])
    return read_lines(source, options, context)


def fussy(source: Source, options: NoOptions, context: Context) -> Document:
    if "**" in source.text:
        raise ValueError("I know of no **")
    return read_lines(source, options, context)


def chatty(document: Document, options: NoOptions, context: Context) -> str:
    context.notices.dropped("Something is lost!")
    return write_lines(document, options, context)


def shouting(document: Document, options: NoOptions, context: Context) -> str:
    return write_lines(document, options, context).upper()


def test_a_lawful_format_passes():
    check_format(Format("lines", "Lines", read=read_lines, write=write_lines), keeps=ONE_LINE)


@pytest.mark.parametrize(
    ("form", "broken"),
    [
        (Format("slow", "Slow", read=slow), "takes more than"),
        (Format("fussy", "Fussy", read=fussy), "[*][*]"),
        (Format("chatty", "Chatty", write=chatty), "no slug"),
        (Format("shouting", "Shouting", read=read_lines, write=shouting), "read as something else"),
        (Format("text", "Text", write=write_lines, is_binary=True), "not what the format says"),
    ],
    ids=lambda value: value.name if isinstance(value, Format) else "",
)
def test_an_unlawful_format_is_caught(form, broken):
    keeps = Keeps(blocks=frozenset({Para}), inlines=frozenset({Str}), text=WORDS)
    with pytest.raises((AssertionError, ValueError), match=broken):
        check_format(form, keeps=keeps, hostile=["a"], examples=50)
