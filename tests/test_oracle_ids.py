"""Ids of pages and headings, as a real DokuWiki makes them and as we do."""

from __future__ import annotations

import os
from random import Random

import pytest
from oracle.wiki import ids, why_not

from wikicable.links import SectionIds, clean_id
from wikicable.model import Header, Str
from wikicable.wikiconf import WikiConf

PARTS = (
    *(
        "Page",
        "start",
        "ns",
        "42",
        "1",
        "ÄÖÜ",
        "naïve",
        "straße",
        "문서",
        "가나",
        "漢字",
        "かな",
        "это",
        "Ελλς",
        "İi",
        "ẞ",
        "ﬁ",
    ),
    *("Ⅷ", "ǅ", "Œuvre", "łódź", "Đ", "þ", "ñ", "“q”", "don't", "x_y", "a--b", "e.g.", "%20", "C++", "①"),
)
"""Letters as they are typed: decomposed ones DokuWiki composes where PHP has intl, and else does not."""

JOINTS = (
    " ",
    "_",
    ":",
    "/",
    ";",
    ".",
    "-",
    "__",
    "::",
    "..",
    ":.",
    "_:",
    " - ",
    "#",
    "?",
    "&",
    "",
    "~",
    "\t",
    "，",
    "…",
)
COUNT = 400


@pytest.fixture(scope="module")
def dokuwiki() -> None:
    if reason := why_not():
        assert "WIKICABLE_ORACLE" not in os.environ, reason
        pytest.skip(reason)


def names(seed: int) -> list[str]:
    """Give names of one to four parts, some of them twice."""
    random = Random(seed)
    made = [
        random.choice(("", "", *JOINTS))
        + "".join(random.choice(PARTS) + random.choice(JOINTS) for _ in range(random.randint(1, 4)))
        for _ in range(COUNT)
    ]
    return [*made, *random.choices(made, k=COUNT // 4)]


@pytest.mark.oracle
@pytest.mark.usefixtures("dokuwiki")
@pytest.mark.parametrize("sepchar", ["_", "-", "."])
@pytest.mark.parametrize("useslash", [False, True])
@pytest.mark.parametrize("deaccent", [0, 1, 2])
def test_ids_are_dokuwikis(deaccent, useslash, sepchar):
    conf = WikiConf(deaccent=deaccent, useslash=useslash, sepchar=sepchar)
    given = names(deaccent)
    sections = SectionIds(conf)
    ours = [(clean_id(name, conf), sections.of(Header(1, (Str(name),)))) for name in given]
    theirs = ids(given, deaccent=deaccent, useslash=int(useslash), sepchar=sepchar)
    different = [(name, one, two) for name, one, two in zip(given, theirs, ours, strict=True) if one != two]
    assert not different, f"{len(different)} of {len(given)}: {different[:5]}"
