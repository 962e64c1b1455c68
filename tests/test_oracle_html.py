"""Pages through HTML, as a real DokuWiki shows them: our own HTML read back, and DokuWiki's own.

Without PHP and Debian's package there is nothing to compare with, and these tests are skipped; where
WIKICABLE_ORACLE is set, as in `.ci/run`, that is a failure.
"""

from __future__ import annotations

import os

import pytest
from oracle.canon import canon
from oracle.pages import pages
from oracle.wiki import rendered, why_not

import wikicable

COUNT = min(int(os.environ.get("WIKICABLE_ORACLE_PAGES", "300")), 1000)
SEED = int(os.environ.get("WIKICABLE_ORACLE_SEED", "1"))
THROUGH_OURS, THROUGH_THEIRS = 0.9, 0.7
"""What is reached on random pages, which are stranger than any that were written."""


@pytest.fixture(scope="module")
def theirs() -> list[tuple[str, str]]:
    """Give pages with what DokuWiki prints for them."""
    if reason := why_not():
        assert "WIKICABLE_ORACLE" not in os.environ, reason
        pytest.skip(reason)
    given = list(pages(COUNT, SEED))
    return [(page, html) for page, html in zip(given, rendered(given), strict=True) if html is not None]


def alike(wanted: list[str], texts: list[str]) -> float:
    """Tell how large a part of pages DokuWiki shows as wanted."""
    shown = rendered(texts)
    same = [canon(one) == canon(other or "") for one, other in zip(wanted, shown, strict=True)]
    return sum(same) / len(same)


@pytest.mark.oracle
@pytest.mark.timeout(1800)
def test_pages_through_our_html(theirs):
    texts = [wikicable.convert(page, "dokuwiki", "html", read_options={"syntax": "core"}) for page, _ in theirs]
    back = [str(wikicable.convert(html, "html", "dokuwiki")) for html in texts]
    assert alike([html for _, html in theirs], back) >= THROUGH_OURS


@pytest.mark.oracle
@pytest.mark.timeout(1800)
def test_pages_of_dokuwiki(theirs):
    back = [str(wikicable.convert(html, "html", "dokuwiki")) for _, html in theirs]
    assert alike([html for _, html in theirs], back) >= THROUGH_THEIRS
