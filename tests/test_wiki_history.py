"""The history of a wiki as that of a Git repository."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest
from oracle import tei

import wikicable
from wikicable import cli

DUMP = Path(__file__).parent.parent.parent / "shared" / "dumps" / "vincenzo-knu"
LOGS = {
    "start": "1600000000\t::1\tC\tstart\tann\tbegun\t\t5\n1600000200\t::1\tE\tstart\tbob\tmore, with <marks>\t\t5\n",
    "ns/old": "1600000100\t::1\tC\tns:old\tann\tbegun\t\t5\n1600000300\t::1\tD\tns:old\tann\tremoved\t\t-5\n",
}
ATTIC = {
    "start.1600000000": "====== One ======\n",
    "start.1600000200": "====== One ======\n\n[[ns:old]] [[never#Known]]\n",
    "ns/old.1600000100": "====== Old ======\n\n[[:start#one]]\n",
}

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def wiki(tmp_path):
    data = tmp_path / "wiki" / "data"
    for name, log in LOGS.items():
        put(data / "meta" / f"{name}.changes", log.encode())
    for name, text in ATTIC.items():
        put(data / "attic" / f"{name}.txt.gz", gzip.compress(text.encode()))
    put(data / "pages" / "start.txt", ATTIC["start.1600000200"].encode())
    put(data / "pages" / "never.txt", b"====== Known ======\n")
    put(data / "media" / "a.png", b"a picture")
    return data.parent


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def batch(source: Path, folder: Path, *more: str) -> int:
    return cli.run(["batch", str(source), "-t", "gfm", "-o", str(folder), "--jobs", "1", "-q", *more])


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def tree(folder: Path) -> dict[str, bytes]:
    hidden = (".git", ".wikicable")
    files = (path for path in folder.rglob("*") if path.is_file() and not set(hidden) & set(path.parts))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def checked_out(folder: Path, clone: Path) -> dict[str, bytes]:
    git(folder, "clone", "-q", str(folder), str(clone))
    return tree(clone)


def test_a_commit_for_each_line_of_the_logs(wiki, tmp_path):
    assert batch(wiki, tmp_path / "out", "--history", "git") == 0
    said = git(tmp_path / "out", "log", "--reverse", "--format=%an %at %s").splitlines()
    assert said == [
        "ann 1600000000 start: begun",
        "ann 1600000100 ns:old: begun",
        "bob 1600000200 start: more, with <marks>",
        "ann 1600000300 ns:old: removed",
    ]
    git(tmp_path / "out", "fsck", "--strict")
    assert git(tmp_path / "out", "status", "--short") == ""


def test_each_commit_holds_the_pages_as_they_were(wiki, tmp_path):
    batch(wiki, tmp_path / "out", "--history", "git")
    files = [git(tmp_path / "out", "ls-tree", "-r", "--name-only", f"main~{back}").split() for back in (3, 2, 1, 0)]
    assert [len(each) for each in files] == [3, 4, 4, 3]
    assert "[[:start#one]]" not in git(tmp_path / "out", "show", "main~1:ns/old.md")
    assert "(../README.md#one)" in git(tmp_path / "out", "show", "main~1:ns/old.md")
    assert "never.md#known" in git(tmp_path / "out", "show", "main:README.md")


def test_the_last_commit_is_the_batch_without_history(wiki, tmp_path):
    batch(wiki, tmp_path / "out", "--history", "git")
    batch(wiki, tmp_path / "plain")
    assert checked_out(tmp_path / "out", tmp_path / "clone") == tree(tmp_path / "plain")


def test_the_same_history_again(wiki, tmp_path):
    batch(wiki, tmp_path / "one", "--history", "git")
    batch(wiki, tmp_path / "two", "--history", "git", "--force")
    batch(wiki, tmp_path / "two", "--history", "git")
    assert git(tmp_path / "one", "rev-parse", "main") == git(tmp_path / "two", "rev-parse", "main")


TOLD = [
    {"date": "2020-09-13T12:30:00Z", "user": "bob", "summary": "more, with <marks>"},
    {"date": "2020-09-13T12:26:40Z", "user": "ann", "summary": "begun"},
]
"""The changes of the page ``start``, the newest first."""


@pytest.mark.parametrize("more", [[], ["--book"]])
def test_tei_tells_the_changes_of_each_page(wiki, tmp_path, more):
    assert cli.run(["batch", str(wiki), "-t", "tei", "-o", str(tmp_path / "out"), "--jobs", "1", "-q", *more]) == 0
    text = (tmp_path / "out" / ("wiki.tei" if more else "start.tei")).read_text("utf-8")
    read = wikicable.read_all(text, "tei") if more else [wikicable.read(text, "tei")]
    told = {document.metadata.page_id: document.metadata.extra.get("history") for document in read}
    assert told == {"never": None, "start": TOLD} if more else list(told.values()) == [TOLD]
    if not tei.why_not():
        assert tei.errors([text.encode()]) == []


def test_a_new_line_in_the_log_is_a_new_change(wiki, tmp_path):
    arguments = ["batch", str(wiki), "-t", "tei", "-o", str(tmp_path / "out"), "--jobs", "1", "-q"]
    cli.run(arguments)
    with (wiki / "data" / "meta" / "start.changes").open("a") as log:
        log.write("1600000400\t::1\te\tstart\tcarl\ta comma\t\t1\n")
    cli.run(arguments)
    newest, *others = wikicable.read((tmp_path / "out" / "start.tei"), "tei").metadata.extra["history"]
    assert newest == {"date": "2020-09-13T12:33:20Z", "user": "carl", "summary": "a comma"}
    assert others == TOLD


def test_a_change_goes_on_with_it(wiki, tmp_path):
    batch(wiki, tmp_path / "out", "--history", "git")
    put(wiki / "data" / "pages" / "start.txt", b"changed by hand\n")
    batch(wiki, tmp_path / "out", "--history", "git")
    assert "changed by hand" in git(tmp_path / "out", "show", "main:README.md")


MEDIA = {
    "media_meta/pic.png.changes": "1600000050\t::1\tC\tpic.png\tann\tfirst\n1600000250\t::1\tE\tpic.png\tbob\tbetter\n",
    "media_meta/ns/old.tar.gz.changes": "1600000060\t::1\tC\tns:old.tar.gz\tann\n1600000150\t::1\tD\tns:old.tar.gz\tann\n",
    "media_meta/late.png.changes": "1600000400\t::1\tC\tlate.png\tcarl\tat last\n",
    "media_meta/lost.png.changes": "1600000070\t::1\tC\tlost.png\tann\n1600000170\t::1\tD\tlost.png\tann\n",
    "media_attic/pic.1600000050.png": "pic as it was",
    "media_attic/ns/old.1600000060.tar.gz": "old",
    "media/pic.png": "pic",
    "media/late.png": "late",
}


def test_media_are_as_they_were_at_each_commit(wiki, tmp_path):
    for name, content in MEDIA.items():
        put(wiki / "data" / name, content.encode())
    out, report = tmp_path / "out", tmp_path / "report.json"
    batch(wiki, out, "--history", "git", "--report", str(report))
    media = [
        git(out, "ls-tree", "-r", "--name-only", f"main~{back}", "_media").replace("_media/", "").split()
        for back in (3, 2, 1, 0)
    ]
    assert media == [
        ["a.png"],
        ["a.png", "ns/old.tar.gz", "pic.png"],
        ["a.png", "pic.png"],
        ["a.png", "late.png", "pic.png"],
    ]
    shown = [git(out, "show", f"main~{back}:_media/pic.png") for back in (2, 1, 0)]
    assert shown == ["pic as it was", "pic as it was", "pic"]
    assert (
        git(out, "show", "--format=%b", "--no-patch", "main").strip()
        == "pic.png: better (bob)\nlate.png: at last (carl)"
    )
    assert "lost.png: nothing of 1600000070" in report.read_text("utf-8")
    git(out, "fsck", "--strict")
    batch(wiki, tmp_path / "plain")
    assert checked_out(out, tmp_path / "clone") == tree(tmp_path / "plain")


def test_the_repository_of_another_is_left_alone(wiki, tmp_path):
    batch(wiki, tmp_path / "out")
    git(tmp_path / "out", "init", "-q")
    assert batch(wiki, tmp_path / "out", "--history", "git") == cli.USAGE
    assert batch(wiki, tmp_path / "out", "--history", "git", "--force") == 0


@pytest.mark.skipif(not DUMP.is_dir(), reason="the dump vincenzo-knu is not there")
def test_a_real_wiki(tmp_path):
    assert batch(DUMP, tmp_path / "out", "--history", "git") == 0
    lines = [
        line
        for log in (DUMP / "data" / "meta").rglob("[!_]*.changes")
        for line in log.read_text("utf-8").splitlines()
        if line
    ]
    assert int(git(tmp_path / "out", "rev-list", "--count", "main")) == len(lines)
    git(tmp_path / "out", "fsck", "--strict")
    batch(DUMP, tmp_path / "plain")
    assert checked_out(tmp_path / "out", tmp_path / "clone") == tree(tmp_path / "plain")
