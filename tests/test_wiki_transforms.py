"""Documents of a batch are changed on their way: their links, anchors and tags are those of what they have become."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wikicable import cli

PAGES = {
    "start": "====== Home ======\n[[ns:a#apple trees]]\n",
    "ns/a": "====== A ======\n===== Apple trees =====\n",
}
SHOUT = """
function Header(header)
  return pandoc.walk_block(header, {Str = function(s) return pandoc.Str(s.text:upper() .. "MARK") end})
end
function Meta(meta)
  meta.seen = meta["page-id"]
  return meta
end
"""


@pytest.fixture
def wiki(tmp_path):
    for name, text in PAGES.items():
        place = tmp_path / "wiki" / "data" / "pages" / f"{name}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return tmp_path / "wiki"


@pytest.fixture
def shout(tmp_path):
    pytest.importorskip("pypandoc")
    place = tmp_path / "shout.lua"
    place.write_text(SHOUT.replace("MARK", "!"), "utf-8")
    return place


def batch(source: Path, folder: Path, *more: str | Path) -> int:
    return cli.run(["batch", str(source), "-t", "gfm", "-o", str(folder), "--jobs", "1", "-q", *map(str, more)])


def test_a_filter_changes_every_page_and_the_links_to_it(wiki, shout, tmp_path):
    assert batch(wiki, tmp_path / "out", "--lua-filter", shout) == 0
    page = (tmp_path / "out" / "ns" / "a.md").read_text("utf-8")
    assert "seen: ns:a\n" in page
    assert page.endswith("# A!\n\n## APPLE! TREES!\n")
    assert (
        (tmp_path / "out" / "README.md").read_text("utf-8").endswith("# HOME!\n\n[apple trees](ns/a.md#apple-trees)\n")
    )


def test_a_filter_that_has_changed_converts_anew(wiki, shout, tmp_path):
    report = tmp_path / "report.json"
    for mark, written in (("!", 2), ("!", 0), ("?", 2)):
        shout.write_text(SHOUT.replace("MARK", mark), "utf-8")
        assert batch(wiki, tmp_path / "out", "-L", shout, "--report", report) == 0
        assert json.loads(report.read_text("utf-8"))["pages"]["written"] == written
    assert "# HOME?" in (tmp_path / "out" / "README.md").read_text("utf-8")
    assert batch(wiki, tmp_path / "out") == 0
    assert "# Home" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_a_filter_changes_old_revisions_and_books_too(wiki, shout, tmp_path):
    assert (
        cli.run(["batch", str(wiki), "-t", "tei", "--book", "-o", str(tmp_path / "out"), "-q", "-L", str(shout)]) == 0
    )
    assert "<head>APPLE! TREES!</head>" in (tmp_path / "out" / "wiki.tei").read_text("utf-8")


def test_a_filter_that_fails_costs_the_page_it_fails_on(wiki, tmp_path):
    pytest.importorskip("pypandoc")
    broken = tmp_path / "broken.lua"
    broken.write_text('function Header(h) if h.level == 2 then error("no") end end', "utf-8")
    assert batch(wiki, tmp_path / "out", "-L", broken) == 7
    assert (tmp_path / "out" / "README.md").exists()
    assert not (tmp_path / "out" / "ns" / "a.md").exists()


def test_a_transform_that_is_not_there_is_said_before_anything_is_written(wiki, tmp_path):
    assert batch(wiki, tmp_path / "out", "--transform", "never") == cli.USAGE
    assert not (tmp_path / "out").exists()
