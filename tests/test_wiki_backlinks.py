"""What links to a page, written below it, however the wiki has come to be as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from wikicable import cli
from wikicable.wiki.work import Work

PAGES = {
    "start": "====== Home ======\n[[a]] [[ns:b|bee]] [[a#there then]] [[start]] [[nobody]]\n",
    "a": "====== A ======\n===== There & then =====\n",
    "ns/b": "====== B ======\n[[:a]] [[start]]\n",
    "alone": "Nothing.\n",
}


@pytest.fixture
def wiki(tmp_path):
    for name, text in PAGES.items():
        put(tmp_path / "wiki", name, text)
    return tmp_path / "wiki"


def put(wiki: Path, name: str, text: str) -> None:
    place = wiki / "data" / "pages" / f"{name}.txt"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


def batch(source: Path, to: str, folder: Path, *more: str) -> int:
    return cli.run(["batch", str(source), "-t", to, "-o", str(folder), "--jobs", "1", "-q", *more])


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".wikicable" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_page_tells_what_links_to_it(wiki, tmp_path):
    assert batch(wiki, "gfm", tmp_path / "out", "--backlinks") == 0
    page = (tmp_path / "out" / "a.md").read_text("utf-8")
    assert page.endswith(
        '## There & then\n\n<div class="derived backlinks">\n\n**Backlinks**\n\n- [B](ns/b.md)\n- [Home](README.md)\n\n</div>\n'
    )
    assert "Backlinks" not in (tmp_path / "out" / "alone.md").read_text("utf-8")
    assert "[Home](../README.md)" in (tmp_path / "out" / "ns" / "b.md").read_text("utf-8").partition("Backlinks")[2]


@pytest.mark.parametrize("to", ["gfm", "markdown", "mkdocs", "hugo", "quarto", "html", "tei", "rtf"])
def test_the_list_is_no_part_of_the_page_on_the_way_back(wiki, tmp_path, to):
    for name, more in (("with", ["--backlinks"]), ("without", [])):
        batch(wiki, to, tmp_path / name / "there", *more)
        batch(tmp_path / name / "there", "dokuwiki", tmp_path / name / "back")
    assert contents(tmp_path / "with" / "there") != contents(tmp_path / "without" / "there")
    assert contents(tmp_path / "with" / "back") == contents(tmp_path / "without" / "back")


@pytest.mark.parametrize("to", ["obsidian", "dokuwiki"])
def test_programs_that_show_what_links_to_a_page_are_left_to_it(wiki, tmp_path, to):
    batch(wiki, to, tmp_path / "with", "--backlinks")
    batch(wiki, to, tmp_path / "without")
    assert contents(tmp_path / "with") == contents(tmp_path / "without")


def test_a_book_has_no_lists(wiki, tmp_path):
    assert batch(wiki, "epub", tmp_path / "out", "--book", "--backlinks") == cli.USAGE


@pytest.mark.parametrize(
    "change",
    [
        ("alone", "[[a]] now\n"),
        ("ns/b", "====== Another title ======\n[[:a]]\n"),
        ("ns/b", None),
        ("a", "====== A ======\n===== Elsewhere =====\n"),
        ("nobody", "Somebody.\n"),
    ],
)
@pytest.mark.parametrize("is_ended", [False, True])
@pytest.mark.parametrize("more", [["--backlinks"], []])
def test_a_change_shows_in_the_next_run(wiki, tmp_path, change, is_ended, more):
    name, text = change
    batch(wiki, "gfm", tmp_path / "out", *more)
    if text is None:
        (wiki / "data" / "pages" / f"{name}.txt").unlink()
    else:
        put(wiki, name, text)
    if is_ended:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Work, "_second_round", ended)
            batch(wiki, "gfm", tmp_path / "out", *more)
    assert batch(wiki, "gfm", tmp_path / "out", *more) == 0
    batch(wiki, "gfm", tmp_path / "fresh", *more)
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def ended(*_: object) -> None:
    raise KeyboardInterrupt


def test_the_option_can_be_given_and_taken_back(wiki, tmp_path):
    batch(wiki, "gfm", tmp_path / "plain")
    for more in ([], ["--backlinks"], []):
        batch(wiki, "gfm", tmp_path / "out", *more)
    assert contents(tmp_path / "out") == contents(tmp_path / "plain")
