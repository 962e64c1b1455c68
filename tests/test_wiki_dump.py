"""A dump of dokuWikiDumper, which fetches a wiki page by page: it has no settings, and its logs are read from pages."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from wikicable import cli
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.wiki.opening import open_wiki

INFO = '{"wiki_name": "위키", "raw_title": "start [위키]", "doku_url": "https://x.org/doku.php", "language": "ko"}'
FILES = {
    "attic/start.1626852263.txt": "====== One ======\n",
    "content_dumped.mark": "",
    "dumpMeta/check.html": "<!DOCTYPE html>",
    "dumpMeta/config.json": "{}",
    "dumpMeta/favicon.ico": "-",
    "dumpMeta/files.txt": "공통:ai.png\n--END--\n",
    "dumpMeta/index.html": "<!DOCTYPE html>",
    "dumpMeta/info.json": INFO,
    "dumpMeta/titles.txt": "start\n공통:인공지능\n--END--\n",
    "html/attic/start.1626852263.html": "<!DOCTYPE html>",
    "html/pages/start.html": "<!DOCTYPE html>",
    "html/pages/공통/인공지능.html": "<!DOCTYPE html>",
    "media/공통/ai.png": "-",
    "meta/start.changes": "1626852263\t::1\tE\tstart\t\t– created\t\t13\n1626853691\t127.0.0.1\te\tstart\tann\t–\t\t\n",
    "meta/공통/인공지능.changes": "1626856361\t127.0.0.1\tE\t공통:인공지능\tbob\t– [AI]\t\t55\n",
    "pages/start.txt": "====== One ======\n\n[[공통:인공지능]]",
    "pages/공통/인공지능.txt": "====== AI ======\n{{ai.png}}",
}
"""What version 0.2.6 writes."""


@pytest.fixture
def dump(tmp_path):
    for name, text in FILES.items():
        place = tmp_path / "x.org-20260101" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return tmp_path / "x.org-20260101"


def batch(source: Path, to: str, folder: Path, *more: str) -> Path:
    assert cli.run(["batch", str(source), "-t", to, "-o", str(folder), "--jobs", "1", "-q", *more]) == 0
    return folder


def test_pages_and_media_are_those_of_the_wiki(dump):
    wiki = open_wiki(dump, installed(), Notices())
    assert wiki.source.name == "dokuwikidumper"
    assert (sorted(wiki.pages), list(wiki.media)) == (["start", "공통:인공지능"], ["공통:ai.png"])
    assert (wiki.conf.lang, wiki.conf.title) == ("ko", "위키")


@pytest.mark.parametrize("info", ["", "[]", '{"language": 1, "wiki_name": null}'])
def test_what_the_dumper_has_not_found_out_is_as_shipped(dump, info):
    (dump / "dumpMeta" / "info.json").write_text(info, "utf-8")
    assert (open_wiki(dump, installed(), Notices()).conf.title) == ""


def test_summaries_and_authors_are_as_they_were_written(dump, tmp_path):
    text = (batch(dump, "tei", tmp_path / "out") / "start.tei").read_text("utf-8")
    assert "<desc>created</desc>" in text
    assert "–" not in text
    assert "<name>ann</name>" in text
    assert 'xml:lang="ko"' in text


def test_the_last_revision_is_the_page(dump, tmp_path):
    out = batch(dump, "gfm", tmp_path / "out", "--history", "git", "--report", str(tmp_path / "report.json"))
    log = subprocess.run(["git", "log", "--format=%an %s"], cwd=out, capture_output=True, text=True, check=True).stdout
    assert log.splitlines() == ["bob 공통:인공지능: [AI]", "ann start: minor edit", "::1 start: created"]
    shown = subprocess.run(["git", "show", "HEAD~1:README.md"], cwd=out, capture_output=True, text=True, check=True)
    assert "[인공지능](공통/인공지능.md)" in shown.stdout
    assert "history.revision" not in (tmp_path / "report.json").read_text("utf-8")


def test_a_packed_dump_is_the_same(dump, tmp_path):
    packed = tmp_path / "dump.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        for name, text in FILES.items():
            member = tarfile.TarInfo(f"./{dump.name}/{name}")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    one, two = batch(dump, "html", tmp_path / "one"), batch(packed, "html", tmp_path / "two")
    for path in one.rglob("*.html"):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()
