"""A whole wiki into a folder: its links lead somewhere, and a second run has nothing to do."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from wikicable import cli
from wikicable.wiki.batch import Batch

GARDEN = Path(__file__).parent.parent / "samples" / "garden"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#:]+)(?:#[^)]*)?\)")


def batch(source: Path, form: str, folder: Path) -> int:
    return cli.run(["batch", str(source), "-t", form, "-o", str(folder), "--jobs", "1"])


def contents(folder: Path) -> dict[str, bytes]:
    """Give the files of a folder, but for what the program notes for its next run."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".wikicable" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_every_page_is_there(tmp_path):
    assert batch(GARDEN, "gfm", tmp_path / "out") == 0
    pages = {path.stem for path in (GARDEN / "data" / "pages").rglob("*.txt")}
    assert len(list((tmp_path / "out").rglob("*.md"))) >= len(pages)


@pytest.mark.parametrize("to", ["gfm", "markdown", "mkdocs", "quarto"])
def test_links_lead_to_files(tmp_path, to):
    out = tmp_path / "out"
    batch(GARDEN, to, out)
    dead = []
    for page in out.rglob("*.md"):
        assert "[[" not in page.read_text("utf-8")
        for link in LINK.findall(page.read_text("utf-8")):
            target = (page.parent / unquote(link)).resolve()
            assert out in target.parents
            if not target.exists():
                dead.append(link)
    assert dead == ["menthe.md"]  # a page nobody wrote


def test_a_second_run_changes_nothing(tmp_path):
    batch(GARDEN, "gfm", tmp_path / "out")
    first = contents(tmp_path / "out")
    state = (tmp_path / "out" / ".wikicable" / "state.db").read_bytes()
    batch(GARDEN, "gfm", tmp_path / "out")
    assert contents(tmp_path / "out") == first
    assert (tmp_path / "out" / ".wikicable" / "state.db").read_bytes() == state


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_number_of_workers_does_not_show(tmp_path, jobs):
    batch(GARDEN, "markdown", tmp_path / "one")
    cli.run(["batch", str(GARDEN), "-t", "markdown", "-o", str(tmp_path / "two"), "--jobs", jobs])
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_page_that_is_gone_goes(tmp_path):
    wiki = tmp_path / "wiki"
    shutil.copytree(GARDEN, wiki)
    page = wiki / "data" / "pages" / "extra.txt"
    page.write_text("====== Extra ======\n", "utf-8")
    batch(wiki, "gfm", tmp_path / "out")
    assert (tmp_path / "out" / "extra.md").exists()
    page.unlink()
    batch(wiki, "gfm", tmp_path / "out")
    assert not (tmp_path / "out" / "extra.md").exists()


def test_a_run_that_was_ended_before_the_tag_pages_is_completed(tmp_path, monkeypatch):
    batch(GARDEN, "gfm", tmp_path / "whole")

    def ended(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Batch, "_side_files", ended)
        batch(GARDEN, "gfm", tmp_path / "out")
    assert not (tmp_path / "out" / "_tags").exists()
    assert batch(GARDEN, "gfm", tmp_path / "out") == 0
    assert (tmp_path / "out" / "_tags").exists()
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_report_says_what_was_done(tmp_path, capsys):
    arguments = ["batch", str(GARDEN), "-t", "gfm", "-o", str(tmp_path / "out"), "--jobs", "1"]
    for written, media in ((6, 2), (0, 0)):
        assert cli.run([*arguments, "--report", str(tmp_path / "a.json"), "--report", str(tmp_path / "a.html")]) == 0
        told = json.loads((tmp_path / "a.json").read_text("utf-8"))
        assert told["what"] == "garden → gfm"
        assert (told["pages"]["total"], told["pages"]["written"], told["pages"]["media"]) == (6, written, media)
        assert "<h1>garden → gfm</h1>" in (tmp_path / "a.html").read_text("utf-8")
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "6 total, 6 written, 2 media"
    assert "6 total, 6 unchanged" in said
