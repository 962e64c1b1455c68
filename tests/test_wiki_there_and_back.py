"""A wiki into a folder of another format and back: a real DokuWiki shows every page as before."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from oracle.canon import Token, canon
from oracle.wiki import shown, why_not

import wikicable
from wikicable import cli
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.wiki.opening import open_wiki
from wikicable.wiki.sources import Wiki
from wikicable.wiki.trees import read_blob

ROOT = Path(__file__).parent.parent
GARDEN = ROOT / "samples" / "garden"
DUMPS = ROOT.parent / "shared" / "dumps"
SHARE = {"gfm": 0.99, "obsidian": 0.99, "tei": 0.99, "epub": 0.98, "mkdocs": 0.99, "hugo": 0.99, "html": 0.99}
"""How many pages have to look as before, of all wikis together."""


@pytest.fixture(scope="module")
def dokuwiki() -> None:
    if reason := why_not():
        assert "WIKICABLE_ORACLE" not in os.environ, reason
        pytest.skip(reason)


def texts(wiki: Wiki) -> dict[str, str]:
    owner = {page.path: page.id for page in wiki.pages.values()}
    return {
        owner[path]: read_blob(blob, path).decode("utf-8", "surrogateescape")
        for path, blob in wiki.tree.blobs(list(owner))
    }


def media(wiki: Wiki) -> dict[str, bytes]:
    owner = {path: medium for medium, path in wiki.media.items()}
    return {owner[path]: read_blob(blob, path) for path, blob in wiki.tree.blobs(list(owner))}


def opened(source: Path) -> Wiki:
    return open_wiki(source, installed(), Notices())


def there_and_back(source: Path, to: str, folder: Path) -> Wiki:
    is_book = to == "epub"
    for arguments in (
        [source, "-t", to, "-o", folder / "there", *(["--book", "wiki"] if is_book else [])],
        [folder / "there" / (f"wiki.{to}" if is_book else ""), "-t", "dokuwiki", "-o", folder / "back"],
    ):
        assert cli.run(["batch", *map(str, arguments), "--jobs", "1"]) == 0
    return opened(folder / "back")


@cache
def pages_shown(source: Path) -> dict[str, list[Token]]:
    """Give what a reader sees of each page of a wiki."""
    return {page: canon(html or "") for page, html in shown(texts(opened(source)), source / "data").items()}


def tags(text: str) -> tuple[str, ...]:
    return wikicable.read(text, "dokuwiki").metadata.tags


@pytest.mark.parametrize("to", [*SHARE, "markdown", "quarto"])
def test_ids_media_and_tags_are_as_before(tmp_path, to):
    before, after = opened(GARDEN), there_and_back(GARDEN, to, tmp_path)
    assert texts(after).keys() == texts(before).keys()
    assert media(after) == media(before)
    pages = texts(after)
    assert {page: tags(text) for page, text in pages.items()} == {
        page: tags(text) for page, text in texts(before).items()
    }


@pytest.mark.oracle
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("dokuwiki")
@pytest.mark.parametrize("to", SHARE)
def test_a_real_dokuwiki_shows_the_pages_as_before(tmp_path, to):
    total, changed = 0, []
    for source in [GARDEN, *sorted(DUMPS.glob("*"))]:
        folder = tmp_path / source.name
        after = texts(there_and_back(source, to, folder))
        before, now = pages_shown(source), shown(after, folder / "back")
        total += len(before)
        changed += [page for page, tokens in before.items() if tokens != canon(now.get(page) or "")]
    assert 1 - len(changed) / total >= SHARE[to], changed
