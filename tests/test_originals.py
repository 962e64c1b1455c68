"""Files embedded in pages: out under safe names, back in without any other change, read in the page's place."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikicable import cli, convert, read
from wikicable.errors import InputError, OptionError
from wikicable.model import CodeBlock
from wikicable.notices import Notices
from wikicable.originals import Names, embed, embedded, extract, original, safe_name
from wikicable.source import Source

SAMPLES = Path(__file__).parent.parent / "samples"
RTF = b"{\\rtf1\\ansi\\ansicpg949 {\\b \\'c7\\'d1\\'b1\\'db}\\par{\\i two}}"
PAGE = b"""====== Page ======

<file rtf original.rtf>
one
  two\t
</file>

  * item <code python a.py>
x = 1
</code>

|a|<file - b.txt>in a cell</file>|

An unnamed one: <file>none</file> ((a note with <file text n.txt>
text
</file>))
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: str


@pytest.fixture
def wikicable(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        code = cli.run(list(map(str, arguments)))
        captured = capsysbinary.readouterr()
        return Ran(code, captured.out, captured.err.decode())

    return run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE)
    return path


def files(page: bytes) -> dict[str, bytes]:
    return {each.name: each.data for each in embedded(Source(page), "dokuwiki")}


def out(tmp_path: Path, page: bytes) -> list[Path]:
    folder = tmp_path / "out"
    folder.mkdir(exist_ok=True)
    source = Source(page, "page.txt")
    return extract(source, "dokuwiki", folder, Notices(source))


# -- out -----------------------------------------------------------------------------------------


def test_named_files_are_written_wherever_they_stand(wikicable, page, tmp_path):
    folder = tmp_path / "out"
    ran = wikicable("extract", page, "-o", folder)
    assert ran.code == 0
    assert ran.out.decode().splitlines() == [str(folder / name) for name in ("original.rtf", "a.py", "b.txt", "n.txt")]
    assert (folder / "original.rtf").read_bytes() == b"one\n  two\t"
    assert (folder / "b.txt").read_bytes() == b"in a cell"
    assert "page.txt:3:1: guessed original.plain-text: original.rtf is no rtf" in ran.err
    assert ran.err.endswith("notices: 1 guessed\n")


def test_line_ends_and_bytes_are_those_of_the_page():
    page = b"\xef\xbb\xbf\xff\r\n<file rtf a.rtf>\r\n\r\none\r\ntwo\xe9\n\xed\x95\x9c\r\n</file>\r\nend\r\n"
    assert files(page) == {"a.rtf": b"\r\none\r\ntwo\xe9\n\xed\x95\x9c"}


def test_a_page_of_any_format_has_files(tmp_path):
    there = convert(PAGE, "dokuwiki", "markdown")
    assert isinstance(there, str)
    assert {each.name for each in embedded(Source.of(there), "markdown")} >= {"original.rtf", "a.py"}


def test_plain_text_becomes_what_it_is_named(wikicable, page, tmp_path):
    ran = wikicable("extract", page, "-o", tmp_path / "out", "--as", "rtf")
    assert (ran.code, ran.err) == (0, "")
    made = (tmp_path / "out" / "original.rtf").read_bytes()
    [block] = read(made, "rtf").blocks
    assert isinstance(block, CodeBlock)
    assert block.text == "one\n  two\t"
    assert (tmp_path / "out" / "b.txt").read_bytes() == b"in a cell"


def test_rtf_code_stays_as_it_is(tmp_path):
    [path] = out(tmp_path, b"<file rtf a.rtf>\n" + RTF + b"\n</file>")
    assert path.read_bytes() == RTF


def test_a_format_that_looks_like_text_is_refused(wikicable, page, tmp_path):
    ran = wikicable("extract", page, "-o", tmp_path / "out", "--as", "markdown")
    assert ran.code == 6
    assert "rtf" in ran.err


# -- names ---------------------------------------------------------------------------------------

NAMES = {
    "../../etc/passwd": "passwd",
    "/etc/passwd": "passwd",
    r"..\..\x.rtf": "x.rtf",
    r"C:\x": "x",
    "C:x": "C_x",
    "con": "_con",
    "CON.txt": "_CON.txt",
    "com1": "_com1",
    "console": "console",
    "": "file",
    "..": "file",
    ". / .": "file",
    "a\nb": "a_b",
    "a\u2028b\u202etxt.exe": "a_b_txt.exe",
    'a<b>:"|?*': "a_b______",
    "name. . ": "name",
    "한글 이름.rtf": "한글 이름.rtf",
    ".htaccess": ".htaccess",
}


@pytest.mark.parametrize(("given_name", "name"), NAMES.items())
def test_names_are_made_safe(given_name, name):
    assert safe_name(given_name) == name


@pytest.mark.parametrize("letter", ["a", "한", "𝄞"])
def test_long_names_keep_their_suffix(letter):
    name = safe_name(letter * 300 + ".rtf")
    assert len(name.encode()) <= 240
    assert name.endswith(letter + ".rtf")


@given(st.lists(st.text(st.characters() | st.sampled_from("/\\.: \ncon")), max_size=6))
def test_no_name_leads_elsewhere_and_none_is_given_twice(given_names):
    names = Names()
    taken = [names.take(name) for name in given_names]
    assert len({name.casefold() for name in taken}) == len(taken)
    for name in taken:
        assert name == Path(name).name
        assert name not in (".", "..")
        assert len(name.encode()) < 255
        assert not set(name) & set('\0\n\r/\\<>:"|?*')


def test_a_hostile_page_writes_nothing_outside(tmp_path):
    names = ["../../evil", "/evil", "..\\evil", "con", "x" * 300, "a/../../../evil"]
    page = "\n".join(f"<file text {name}>\n{number}\n</file>" for number, name in enumerate(names))
    paths = out(tmp_path, page.encode())
    assert len(set(paths)) == len(names)
    assert {path.parent for path in paths} == {tmp_path / "out"}
    assert sorted(tmp_path.iterdir()) == [tmp_path / "out"]


def test_a_clash_gets_a_number(tmp_path):
    paths = out(tmp_path, b"<file t a.rtf>1</file><file t A.rtf>2</file><file t b/a.rtf>3</file>")
    assert [(path.name, path.read_bytes()) for path in paths] == [("a.rtf", b"1"), ("A-2.rtf", b"2"), ("a-3.rtf", b"3")]


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("mine")
    (tmp_path / "out" / "b.txt").symlink_to(tmp_path / "elsewhere")
    page = b"<file t a.txt>1</file><file t b.txt>2</file>"
    for _ in range(2):
        assert [path.name for path in out(tmp_path, page)] == ["a-2.txt", "b-2.txt"]
    assert (tmp_path / "out" / "a.txt").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


# -- in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [PAGE, PAGE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + PAGE, PAGE + b"\xff"])
def test_out_and_in_leaves_the_page_as_it_is(wikicable, tmp_path, page):
    path = tmp_path / "page.txt"
    path.write_bytes(page)
    ran = wikicable("extract", path, "-o", tmp_path / "out")
    for name in ran.out.decode().splitlines():
        assert wikicable("embed", path, name).code == 0
    assert path.read_bytes() == page


@pytest.mark.parametrize("path", [*SAMPLES.rglob("*.txt")], ids=lambda path: path.stem)
def test_samples_stay_as_they_are(path):
    source = Source.of(path)
    for each in embedded(source, "dokuwiki"):
        assert embed(source, "dokuwiki", Source(each.data), each.name) == source.data


def test_only_the_file_changes(page, wikicable, tmp_path):
    (tmp_path / "original.rtf").write_bytes(RTF)
    assert wikicable("embed", page, tmp_path / "original.rtf").code == 0
    assert page.read_bytes() == PAGE.replace(b"one\n  two\t", RTF)


def test_a_new_file_stands_at_the_end(page, wikicable, tmp_path):
    (tmp_path / "new.rtf").write_bytes(RTF)
    assert wikicable("embed", page, tmp_path / "new.rtf", "-o", tmp_path / "other.txt").code == 0
    assert page.read_bytes() == PAGE
    assert (tmp_path / "other.txt").read_bytes() == PAGE + b"\n<file rtf new.rtf>\n" + RTF + b"\n</file>\n"


def test_a_page_goes_to_standard_output(page, wikicable, tmp_path):
    (tmp_path / "b.txt").write_bytes(b"new")
    ran = wikicable("embed", page, tmp_path / "b.txt", "-o", "-")
    assert ran.out == PAGE.replace(b"<file - b.txt>in a cell</file>", b"<file - b.txt>\nnew\n</file>")


def test_a_file_is_found_by_the_name_it_was_extracted_under():
    page = b"<file t ../a>1</file><file t a>2</file>"
    assert embed(Source(page), "dokuwiki", Source(b"3"), "a-2") == b"<file t ../a>1</file><file t a>\n3\n</file>"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n <>/&*|"))


@settings(deadline=None)
@given(TEXTS, st.sampled_from([b"", PAGE, PAGE.replace(b"\n", b"\r\n"), b"no line end", b"  code\n"]))
def test_what_goes_in_comes_out(text, page):
    data = text.encode()
    for name in ("original.rtf", "new.txt"):
        try:
            with_file = embed(Source(page), "dokuwiki", Source(data), name)
        except InputError:
            assert b"</file>" in data
        else:
            assert files(with_file) == files(page) | {name: data}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"one\na </file> b", "old.rtf:2:3: a page of dokuwiki cannot hold this file: it would end at '</file> b'"),
        (b"\xc7\xd1", "old.rtf: is not UTF-8"),
    ],
)
def test_what_a_page_cannot_hold_is_refused(page, wikicable, tmp_path, data, message):
    (tmp_path / "old.rtf").write_bytes(data)
    ran = wikicable("embed", page, tmp_path / "old.rtf", "--name", "original.rtf")
    assert (ran.code, page.read_bytes()) == (1, PAGE)
    assert message in ran.err


def test_only_pages_in_which_code_stands_as_it_is_take_files():
    with pytest.raises(OptionError, match="dokuwiki"):
        embed(Source(b"# page"), "markdown", Source(b"x"), "x")


# -- in place of the page ------------------------------------------------------------------------


def test_rtf_code_is_read_as_rtf(wikicable, page):
    page.write_bytes(b"**page**\n<file rtf a.rtf>\n" + RTF + b"\n</file>")
    ran = wikicable("convert", page, "--part", "original", "-t", "markdown")
    assert (ran.code, ran.out.decode(), ran.err) == (0, "**한글**\n\n*two*\n", "")


def test_plain_text_stands_as_it_is(wikicable, page):
    ran = wikicable("convert", page, "--part", "original:b.txt", "-t", "dokuwiki")
    assert (ran.code, ran.out.decode(), ran.err) == (0, "  in a cell\n", "")


def test_notices_of_an_original_are_placed_in_it():
    page = Source(b"\n\n<file rtf a.rtf>\n{\\rtf1 a\n{\\v b}}\n</file>", "page.txt")
    _, notices = original(page, "dokuwiki")
    assert [str(notice).partition(" ")[0] for notice in notices] == ["page.txt:a.rtf:2:5:"]


def test_the_right_options_are_those_of_the_original():
    page = Source(b"<file rtf a.rtf>\n{\\rtf1 \\'c7\\'d1}\n</file>")
    document, _ = original(page, "dokuwiki", codepage="949")
    assert document == read("{\\rtf1\\ansicpg949 \\'c7\\'d1}", "rtf")
    with pytest.raises(OptionError, match="takes no options"):
        original(Source(b"<file t a>x</file>"), "dokuwiki", codepage="949")


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (b"nothing", "", "no file is embedded"),
        (PAGE, "", "name one with --part original:NAME"),
        (PAGE, "x", "no such file"),
    ],
)
def test_an_original_must_be_told(text, name, message):
    with pytest.raises(InputError, match=message):
        original(Source(text), "dokuwiki", name)


def test_a_part_that_is_none_is_refused(wikicable, page):
    assert wikicable("convert", page, "--part", "all", "-t", "markdown").code == 6
