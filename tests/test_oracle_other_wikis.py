"""Pages of MediaWiki, Org and reStructuredText as DokuWiki pages: a real DokuWiki shows what pandoc shows of the source.

Without PHP and Debian's package there is nothing to compare with, and these tests are skipped; where
WIKICABLE_ORACLE is set, as in `.ci/run`, that is a failure.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pypandoc
import pytest
from lxml import html
from oracle.wiki import rendered, why_not

import wikicable

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "others"
OPTIONS = {"rst": ["--standalone", "--shift-heading-level-by=1"]}
"""reStructuredText makes the highest heading the title, which on a wiki page is the first heading."""


@pytest.fixture(scope="module")
def dokuwiki() -> None:
    if reason := why_not():
        assert "WIKICABLE_ORACLE" not in os.environ, reason
        pytest.skip(reason)


@pytest.mark.oracle
@pytest.mark.usefixtures("dokuwiki")
@pytest.mark.parametrize("name", ["mediawiki", "org", "rst"])
def test_dokuwiki_shows_what_the_source_says(name):
    source = SAMPLES / f"seeds.{name}"
    page = wikicable.convert(source, name, "dokuwiki")
    assert isinstance(page, str)
    (shown,) = rendered([page])
    assert shown is not None
    theirs, ours = Structure(through_pandoc(source, name)), Structure(shown)
    assert ours.headings == theirs.headings
    assert ours.lists == theirs.lists
    assert ours.tables == theirs.tables
    assert ours.links == theirs.links
    assert ours.notes == theirs.notes
    assert [len(part) > 1 for part in (ours.headings, ours.lists, ours.links, ours.notes)] == [True] * 4
    assert ours.tables[0][1][0] == "Runner"


def through_pandoc(source: Path, name: str) -> str:
    command = [
        pypandoc.get_pandoc_path(),
        "-f",
        name,
        "-t",
        "html",
        "--wrap=none",
        "--syntax-highlighting=none",
        *OPTIONS.get(name, []),
    ]
    ran = subprocess.run([*command, str(source)], capture_output=True, text=True, check=True)
    return ran.stdout.partition("<body>")[2] or ran.stdout


class Structure:
    """What a reader sees of a page: headings, lists, tables, links and notes."""

    def __init__(self, markup: str) -> None:
        self.root = html.fromstring(f"<div>{markup}</div>")
        self.notes = list(self._notes())
        for reference in self.root.xpath(REFERENCES):
            reference.drop_tree()
        for term in self.root.xpath("//dl"):
            _as_list(term)
        self.headings = [(each.tag, _text(each)) for each in self.root.xpath(HEADINGS)]
        self.lists = [_items(each) for each in self.root.xpath("//*[self::ul or self::ol][not(ancestor::li)]")]
        self.tables = [
            [[_text(cell) for cell in row.xpath("./*[self::td or self::th]")] for row in table.xpath(".//tr")]
            for table in self.root.xpath("//table")
        ]
        self.links = sorted((_text(each), _address(each)) for each in self.root.xpath("//a[@href]"))

    def _notes(self) -> Iterator[str]:
        """Take the notes out."""
        for section in self.root.xpath("//*[contains(@class, 'footnotes')]"):
            for back in section.xpath(
                ".//*[contains(@class, 'footnote-back')] | .//sup[a[contains(@class, 'fn_bot')]]"
            ):
                back.drop_tree()
            yield from (_text(note) for note in section.xpath(".//li | .//div[@class='fn']"))
            section.drop_tree()


HEADINGS = "//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]"
REFERENCES = "//sup[a[contains(@class, 'fn_top')]] | //a[contains(@class, 'footnote-ref')] | //caption"


def _as_list(definitions: html.HtmlElement) -> None:
    """Make terms with their definitions a list, as they stand in DokuWiki."""
    definitions.tag = "ul"
    for term in definitions.xpath("./dt"):
        term.tag = "li"
        inner = html.Element("ul")
        while (said := term.getnext()) is not None and said.tag == "dd":
            said.tag = "li"
            inner.append(said)
        term.append(inner)


def _items(element: html.HtmlElement) -> list[Any]:
    """Give a list as its kind and its items, each with the lists in it."""
    items = []
    for item in element.xpath("./li"):
        inner = item.xpath(".//*[self::ul or self::ol]")
        nested = [each for each in inner if next(each.iterancestors("li")) is item]
        lists = [_items(each) for each in nested]
        for each in nested:
            each.drop_tree()
        items.append((_text(item), lists))
    return [element.tag, items]


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _address(link: html.HtmlElement) -> str:
    """Give where a link leads: the id of a page, as DokuWiki has it, or a URL."""
    href = link.get("href")
    if pages := parse_qs(urlsplit(href).query).get("id"):
        href = pages[0] if not urlsplit(href).fragment else f"#{urlsplit(href).fragment}"
    return href if "://" in href else href.lower().removeprefix(":")
