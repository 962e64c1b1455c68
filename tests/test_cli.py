"""The command line: results to stdout, messages to stderr, pandoc's exit codes, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from wikicable import cli
from wikicable.formats import Context, Format, Formats, NoOptions
from wikicable.model import Document, Para, Str
from wikicable.plugins import installed
from wikicable.source import Source

PAGE = "====== Title ======\n\nSome **bold** text.\n"


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: str


@pytest.fixture
def wikicable(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    def run(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.run(list(map(str, arguments)))
        captured = capsysbinary.readouterr()
        return Ran(code, captured.out, captured.err.decode())

    return run


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, "utf-8")
    return path


@pytest.fixture
def in_its_folder(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(page.parent)


# -- where results go ----------------------------------------------------------------------------


def test_a_file_goes_to_stdout(wikicable, page):
    ran = wikicable("convert", page, "-t", "dokuwiki")
    assert (ran.code, ran.out, ran.err) == (0, PAGE.encode(), "")


def test_stdin_goes_to_a_file(wikicable, tmp_path):
    ran = wikicable("convert", "-f", "dokuwiki", "-o", tmp_path / "out.txt", stdin=PAGE.encode())
    assert (ran.code, ran.out) == (0, b"")
    assert (tmp_path / "out.txt").read_text("utf-8") == PAGE


def test_a_dash_is_stdin_and_stdout(wikicable):
    assert wikicable("convert", "-f", "dokuwiki", "-t", "dokuwiki", "-o", "-", "-", stdin=b"a\n").out == b"a\n"


def test_formats_are_guessed_from_suffixes(wikicable, page, tmp_path):
    assert wikicable("convert", page, "-o", tmp_path / "out.md").code == 0
    assert "**bold**" in (tmp_path / "out.md").read_text("utf-8")


def test_many_inputs_are_one_file_where_the_format_has_such_files(wikicable, page, tmp_path, monkeypatch):
    other = tmp_path / "other.txt"
    other.write_text("<code>\nother\n</code>\n", "utf-8")

    def write_all(documents, options, context):
        for document in documents:
            context.notices.dropped("test", document.blocks[0].at)
            yield b"%d blocks\n" % len(document.blocks)

    form = Format("book", "A book", suffixes=(".book",), write=lambda *_: "", write_all=write_all)
    monkeypatch.setattr(installed(), "formats", Formats([*installed().formats.values(), form]))
    ran = wikicable("convert", page, other, "-o", tmp_path / "all.book")
    assert (ran.code, (tmp_path / "all.book").read_bytes()) == (0, b"2 blocks\n1 blocks\n")
    assert [line.split(":")[0] for line in ran.err.splitlines()[:2]] == [str(page), str(other)]
    assert wikicable("convert", page, other, "-t", "book").code == 6
    assert not (tmp_path / "all.book.part").exists()


def test_documents_of_one_file_become_a_file_each(wikicable, tmp_path):
    pages = {"start": "one", "ns:start": "two", "ns:../../x": "three"}
    for number, (page_id, text) in enumerate(pages.items()):
        (tmp_path / f"{number}.md").write_text(f'---\nid: "{page_id}"\n---\n{text}\n', "utf-8")
    (tmp_path / "last.md").write_text("four\n", "utf-8")
    corpus, single = tmp_path / "all.xml", tmp_path / "single.xml"
    assert wikicable("convert", *sorted(tmp_path.glob("*.md")), "-o", corpus).code == 0
    assert wikicable("convert", tmp_path / "last.md", "-o", single).code == 0
    assert wikicable("convert", corpus, single, "-t", "dokuwiki", "-o", f"{tmp_path}/out/").code == 0
    written = {
        str(path.relative_to(tmp_path / "out")): path.read_text("utf-8") for path in (tmp_path / "out").rglob("*.txt")
    }
    assert written == {
        "start.txt": "one\n",
        "ns/start.txt": "two\n",
        "ns/%2E.%2F..%2Fx.txt": "three\n",
        "last.txt": "four\n",
        "single.txt": "four\n",
    }


def test_a_corpus_stays_a_corpus_and_one_document_is_itself(wikicable, page, tmp_path):
    corpus, again = tmp_path / "all.xml", tmp_path / "again.xml"
    assert wikicable("convert", page, page, "-t", "tei", "-o", corpus).code == 0
    assert wikicable("convert", corpus, "-o", again).code == 0
    assert again.read_bytes() == corpus.read_bytes()
    assert wikicable("convert", page, "-t", "tei", "-o", corpus).code == 0
    assert wikicable("convert", corpus, "-o", again).code == 0
    assert again.read_bytes() == corpus.read_bytes() == wikicable("convert", page, "-t", "tei").out


def test_many_inputs_go_into_a_folder(wikicable, page, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("other\n", "utf-8")
    ran = wikicable("convert", page, other, "-t", "markdown", "-o", f"{tmp_path}/new/out/")
    assert ran.code == 0
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == ["other.md", "page.md"]


def test_one_input_goes_into_a_folder_too(wikicable, page, tmp_path):
    assert wikicable("convert", page, "-t", "markdown", "-o", tmp_path).code == 0
    assert (tmp_path / "page.md").exists()


def test_what_is_not_utf8_comes_back_as_it_was(wikicable, tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes(b"ok\n\ncaf\xe9 \xff\n")
    ran = wikicable("convert", path, "-t", "dokuwiki")
    assert (ran.code, ran.out) == (0, b"ok\n\ncaf\xe9 \xff\n")
    assert f"{path}:3:4: guessed encoding.bytes" in ran.err


def test_output_is_utf8_whatever_the_locale(page):
    page.write_text("가나 ü\n", "utf-8")
    env = {**os.environ, "LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "wikicable", "convert", str(page), "-t", "dokuwiki"]
    assert subprocess.run(command, env=env, capture_output=True, check=True).stdout == "가나 ü\n".encode()


def test_metadata_is_said_of_the_page(wikicable, page):
    given = ("-M", "title=Another", "-M", "tags=a", "-M", "tags=b", "-M", "colour=red", "-M", "draft")
    out = wikicable("convert", page, "-t", "markdown", *given).out.decode()
    assert all(word in out.split("---")[1] for word in ("title: Another", "- a", "- b", "colour: red", "draft: true"))


# -- notices -------------------------------------------------------------------------------------


@pytest.fixture
def lossy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a format that drops everything after the first block, and one that guesses."""

    def write_first(document: Document, _options: NoOptions, context: Context) -> str:
        for block in document.blocks[1:]:
            context.notices.dropped("first.rest", block.at)
        return "first\n"

    def read_guess(_source: Source, _options: NoOptions, context: Context) -> Document:
        context.notices.guessed("guess.all", 0)
        return Document((Para((Str("guessed"),)),))

    def write_broken(_document: Document, _options: NoOptions, _context: Context) -> str:
        raise ZeroDivisionError("by nothing")

    extra = (
        Format("first", "First", suffixes=(".first",), write=write_first),
        Format("guess", "Guess", read=read_guess),
        Format("broken", "Broken", write=write_broken),
        Format("bytes", "Bytes", write=lambda *_: b"\0", is_binary=True),
    )
    monkeypatch.setattr(installed(), "formats", Formats((*installed().formats.values(), *extra)))


def test_notices_are_lines_on_stderr(wikicable, page, lossy):
    ran = wikicable("convert", page, "-t", "first")
    assert (ran.code, ran.out) == (0, b"first\n")
    assert ran.err == f"{page}:3:1: dropped first.rest\nnotices: 1 dropped\n"


def test_quiet_shows_none(wikicable, page, lossy):
    assert wikicable("convert", page, "-t", "first", "--quiet").err == ""


def test_strict_ends_with_3_after_a_loss(wikicable, page, lossy):
    ran = wikicable("convert", page, "-t", "first", "--strict")
    assert (ran.code, ran.out) == (3, b"first\n")
    assert ran.err.endswith("--strict: 1 dropped or changed\n")


def test_strict_does_not_mind_a_guess(wikicable, lossy):
    assert wikicable("convert", "-f", "guess", "-t", "dokuwiki", "--strict").code == 0


def test_report_lists_every_notice(wikicable, page, tmp_path, lossy):
    report = tmp_path / "report.json"
    assert wikicable("convert", page, "-t", "first", "-q", "--report", report).code == 0
    assert json.loads(report.read_text("utf-8")) == [
        {"kind": "dropped", "slug": "first.rest", "detail": "", "file": str(page), "line": 3, "column": 1}
    ]


def test_report_of_no_notice_is_an_empty_list(wikicable, page, tmp_path):
    assert wikicable("convert", page, "-t", "dokuwiki", "--report", tmp_path / "r.json").code == 0
    assert json.loads((tmp_path / "r.json").read_text("utf-8")) == []


# -- what the world does wrong -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["convert", "nothing.txt", "-t", "markdown"], 1, "nothing.txt: cannot be read: No such file"),
        (["convert", "..", "-f", "dokuwiki", "-t", "markdown"], 1, "is a folder"),
        (["convert", "page.txt", "-t", "markdwon"], 22, "did you mean markdown?"),
        (["convert", "page.txt", "-f", "dokuwikki", "-t", "html"], 21, "did you mean dokuwiki?"),
        (["convert", "page.txt"], 6, "name one with -t"),
        (["convert", "page.unknown", "-t", "html"], 6, "name one with -f"),
        (["convert", "-t", "html"], 6, "standard input: cannot tell its format"),
        (["convert", "page.txt", "-t", "html", "-R", "sintax=core"], 6, "did you mean syntax?"),
        (["convert", "..", "-t", "markdown"], 6, "`wikicable batch` converts a whole wiki"),
        (["convert", "page.txt", "-t", "json", "-W", "x=1"], 6, "(it has: none)"),
        (["convert", "page.txt", "-t", "tei", "-W", "x=1"], 6, "(it has: s"),
        (["convert", "page.txt", "-t", "html", "-R", "syntax=none"], 6, "takes all, core"),
        (["convert", "page.txt", "-t", "html", "-W", "standalone=perhaps"], 6, "takes true or false"),
        (["convert", "page.txt", "-t", "html", "-o", "no/such/folder.html"], 1, "cannot be written"),
        (["convert", "page.txt", "-t", "html", "-o", "page.txt/"], 1, "cannot be made a folder"),
        (["convert", "page.txt", "page.txt", "-t", "html"], 6, "need a folder"),
        (["convert", "page.txt", "page.txt", "-t", "html", "-o", "out"], 6, "all be written to out/page.html"),
        (["convert", "page.txt", "-t", "html", "-o", "out", "--report", "no/such.json"], 1, "cannot be written"),
        (["convert", "--form", "html"], 6, "--from"),
        (["convrt"], 6, "convrt"),
        (["formats", "markdwon"], 21, "did you mean markdown?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("in_its_folder")
def test_a_mistake_is_one_clear_message(wikicable, arguments, code, says):
    ran = wikicable(*arguments)
    assert (ran.code, ran.out) == (code, b"")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_fault_of_the_program_asks_to_be_reported(wikicable, page, lossy):
    ran = wikicable("convert", page, "-t", "broken")
    assert (ran.code, ran.out) == (63, b"")
    assert ran.err.count("\n") == 1
    assert "ZeroDivisionError: by nothing -- please report it" in ran.err


def test_debug_shows_the_traceback(wikicable, page, lossy):
    assert "Traceback" in wikicable("convert", page, "-t", "broken", "--debug").err


def test_bytes_do_not_go_to_a_terminal(wikicable, page, monkeypatch, lossy):
    assert wikicable("convert", page, "-t", "bytes").out == b"\0"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = wikicable("convert", page, "-t", "bytes")
    assert (ran.code, ran.out) == (6, b"")
    assert "name a file with -o" in ran.err


# -- lists ---------------------------------------------------------------------------------------


def test_formats_are_listed(wikicable):
    lines = wikicable("formats").out.decode().splitlines()
    assert lines[0].split() == ["name", "reads", "writes", "files", "what"]
    assert any(line.startswith("dokuwiki ") and ".txt" in line for line in lines)


def test_the_options_of_a_format_are_listed(wikicable):
    assert "-R syntax=all" in wikicable("formats", "dokuwiki").out.decode()


def test_formats_as_json(wikicable):
    listed = {form["name"]: form for form in json.loads(wikicable("formats", "--json").out)}
    assert "syntax" in [option["name"] for option in listed["dokuwiki"]["read_options"]]


def test_plugins_are_listed(wikicable):
    assert "dokuwiki  wikicable" in wikicable("plugins").out.decode()
    names = [plugin["name"] for plugin in json.loads(wikicable("plugins", "--json").out)["plugins"]]
    assert {"dokuwiki", "html", "markdown"} <= set(names)


# -- start-up ------------------------------------------------------------------------------------

MODULES = "import sys; from wikicable import cli; cli.run({arguments!r}); print(*sys.modules, file=sys.stderr)"


def modules_after(*arguments: str) -> set[str]:
    script = MODULES.format(arguments=list(arguments))
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(ran.stderr.split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["formats"], ["plugins"]], ids=" ".join)
def test_start_up_pays_only_for_what_is_used(arguments):
    modules = modules_after(*arguments)
    deep = [name for name in modules if name.startswith("wikicable_") and "." in name]
    assert not deep
    assert not modules & {"markdown_it", "yaml", "importlib.metadata", "hypothesis", "asyncio", "ssl"}


def test_one_conversion_imports_no_other_format(page):
    modules = modules_after("convert", str(page), "-t", "dokuwiki", "-o", os.devnull)
    deep = {name.split(".")[0] for name in modules if name.startswith("wikicable_") and "." in name}
    assert deep == {"wikicable_dokuwiki"}
    assert not modules & {"markdown_it", "yaml", "importlib.metadata"}
