"""The shapes that a wiki is written in: links lead to files and headings, and the programs they are for take them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from lxml import html
from oracle.programs import tool

import wikicable
from wikicable import cli
from wikicable.model import Document, Metadata
from wikicable.plugins import installed
from wikicable.wiki.layouts import Finish, Heading, layout_for
from wikicable.wikiconf import SHIPPED
from wikicable_markdown import anchors
from wikicable_markdown.layouts import obsidian_tag

ROOT = Path(__file__).parent.parent
GARDEN = ROOT / "samples" / "garden"
SOURCES = [GARDEN, *sorted((ROOT.parent / "shared" / "dumps").glob("*"))]


def batch(source: Path, to: str, folder: Path, *more: str) -> Path:
    assert cli.run(["batch", str(source), "-t", to, "-o", str(folder), "--jobs", "1", "-q", *more]) == 0
    return folder


def broken_links(folder: Path) -> tuple[int, int]:
    """Count the links of a folder of HTML that lead to no file, and those that lead to no place in it."""
    pages = {path: html.parse(str(path)).getroot() for path in folder.rglob("*.html")}
    places = {path: {each.get("id") for each in page.iter() if each.get("id")} for path, page in pages.items()}
    files = sections = 0
    for path, page in pages.items():
        for element in page.iter("a", "img", "link", "script"):
            url = urlsplit(element.get("href") or element.get("src") or "")
            if url.scheme or url.netloc:
                continue
            base = folder if url.path.startswith("/") else path.parent
            target = (base / unquote(url.path).lstrip("/")).resolve() if url.path else path
            target = target / "index.html" if target.is_dir() else target
            files += not target.is_file()
            fragment = unquote(url.fragment)
            sections += target in places and fragment != "" and fragment not in places[target]
    return files, sections


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_links_of_a_site_are_those_that_were_whole(tmp_path, source):
    out = batch(source, "html", tmp_path / "site", "--report", str(tmp_path / "report.json"))
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    dead = [each["slug"] for each in told["dead_links"]]
    files, sections = broken_links(out)
    assert files == dead.count("link.page")
    unknown = sum(each["slug"] == "link.target" for each in told["details"])  # DokuWiki keeps their place
    assert dead.count("link.section") <= sections <= dead.count("link.section") + unknown


def test_a_site_has_pages_of_tags_and_a_search(tmp_path):
    out = batch(GARDEN, "html", tmp_path / "site")
    assert "apfel.html" in (out / "_tags" / "obst.html").read_text("utf-8")
    assert '"Apfelbäume"' in (out / "_site" / "search.js").read_text("utf-8")
    assert 'href="../search.html"' in (out / "de" / "apfel.html").read_text("utf-8")


def test_a_site_for_quarto_has_its_words_and_a_page_of_tags(tmp_path):
    out = batch(GARDEN, "quarto", tmp_path / "site")
    assert "categories:\n  - de\n  - obst\n  - alte_sorten\n" in (out / "de" / "apfel.md").read_text("utf-8")
    settings = yaml.safe_load((out / "_quarto.yml").read_text("utf-8"))
    assert settings["website"] == {
        "title": "garden",
        "search": True,
        "sidebar": {"contents": "auto", "tools": [{"icon": "tags", "href": "categories.md", "text": "Tags"}]},
    }
    listing = yaml.safe_load((out / "categories.md").read_text("utf-8").strip("-\n"))["listing"]
    assert listing == {"contents": "**/*.md", "type": "table", "fields": ["title", "categories"], "categories": True}
    assert not list(out.glob("_*/**/*.md"))  # Quarto makes no pages of what begins like this


@pytest.mark.parametrize("to", ["hugo", "quarto"])
def test_what_a_site_generator_has_other_names_for_comes_back(to):
    layout = layout_for(to, installed())
    said = Metadata(
        "Title",
        ("a", "b:c"),
        "de",
        created="2021-01-01T00:00:00Z",
        modified="2022-01-01T00:00:00Z",
        creator="Ann",
        contributors=("Bob", "Cid"),
        extra={"own": ["x"]},
    )
    for metadata in (said, replace(said, creator=None), replace(said, contributors=()), replace(said, tags=())):
        finished = layout.finish(Document((), metadata), Finish("ns:page", "ns/page.md", "Title", SHIPPED))
        assert layout.restore(finished).metadata == metadata
        assert wikicable.write(finished, layout.format).startswith("---\n")


def test_a_vault_has_the_links_and_tags_of_obsidian(tmp_path):
    out = batch(GARDEN, "obsidian", tmp_path / "vault")
    assert "[[de/apfel#Schnitt|Schnitt]]" in (out / "calendar.md").read_text("utf-8")
    assert "![Ein Apfel|right|100](../attachments/de/apfel.png)" in (out / "de" / "start.md").read_text("utf-8")
    assert "aliases:\n  - Apfelbäume\n" in (out / "de" / "apfel.md").read_text("utf-8")


NESTED = {
    "pages/start.txt": "[[x:]] [[x:a]] [[z]] [[z:start]] {{x:m.png}} {{x:doc.html|d}} {{only:o.png?100}}",
    "pages/x.txt": "[[x:a]] {{x:m.png}}",
    "pages/x/a.txt": "[[:x:leaf]] [[:x:y:deep#head]] {{m.png?40}} [[:start]]",
    "pages/x/leaf.txt": "===== L =====\n{{.leaf:l.png?30}} {{.leaf:t.pdf|t}} {{m.png}} [[:x]] [[leaf#l]]",
    "pages/x/y/deep.txt": "===== Head =====\n[[:x:a]] [[:z]]",
    "pages/z.txt": "Z",
    "pages/z/start.txt": "Z's start {{:root.htm|r}}",
    **dict.fromkeys(
        ("media/x/m.png", "media/x/doc.html", "media/x/leaf/l.png", "media/x/leaf/t.pdf", "media/only/o.png"), "-"
    ),
    "media/root.htm": "-",
}
"""A wiki in which pages have the names of namespaces, with and without start pages, and media of their own."""


@pytest.fixture
def nested(tmp_path):
    for name, text in NESTED.items():
        place = tmp_path / "wiki" / "data" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return tmp_path / "wiki"


def test_pages_for_hugo_are_bundles_with_their_media(tmp_path, nested):
    out = batch(nested, "hugo", tmp_path / "hugo") / "content"
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*.*")) == [
        "_index.md",
        "only/o.png",
        "root.htm",
        "x/_index.md",
        "x/a/index.md",
        "x/doc.html",
        "x/leaf/index.md",
        "x/leaf/l.png",
        "x/leaf/t.pdf",
        "x/m.png",
        "x/y/deep/index.md",
        "z-2/index.md",
        "z/_index.md",
    ]
    assert "[t](t.pdf) ![](../m.png)" in (out / "x" / "leaf" / "index.md").read_text("utf-8")


def test_bundles_come_back_as_the_pages_and_media_they_were(tmp_path, nested):
    back = batch(batch(nested, "hugo", tmp_path / "hugo"), "dokuwiki", tmp_path / "back")
    assert {str(path.relative_to(back)) for path in back.rglob("*.*") if ".wikicable" not in path.parts} == set(NESTED)
    assert "[[x]] [[x:a]] [[z]] [[z:start]]" in (back / "pages" / "start.txt").read_text("utf-8")


def test_a_start_page_has_the_place_of_a_namespace_before_a_page_of_its_name(tmp_path, nested):
    for to, start, page in (("hugo", "z/_index.md", "z-2/index.md"), ("gfm", "z/README.md", "z.md")):
        out = batch(nested, to, tmp_path / to)
        root = out / "content" if to == "hugo" else out
        assert "Z's start" in (root / start).read_text("utf-8")
        assert "Z\n" in (root / page).read_text("utf-8")


@pytest.mark.parametrize(
    ("tag", "there"), [("a:b", "a/b"), ("alte Sorten", "alte_Sorten"), ("2007", "_2007"), ("한", "한")]
)
def test_tags_that_obsidian_allows(tag, there):
    assert obsidian_tag(tag) == there


def test_a_link_that_is_changed_in_a_vault_arrives(tmp_path):
    out = batch(GARDEN, "obsidian", tmp_path / "vault")
    page = out / "calendar.md"
    page.write_text(page.read_text("utf-8").replace("[[de/apfel#Schnitt|Schnitt]]", "[[apfel#Ernte|new]]"), "utf-8")
    back = batch(out, "dokuwiki", tmp_path / "back")
    assert "[[de:apfel#Ernte|new]]" in (back / "pages" / "calendar.txt").read_text("utf-8")


def test_equal_headings_in_a_vault_are_told_apart_by_those_above():
    headings = [Heading(1, "A"), Heading(2, "x"), Heading(1, "B"), Heading(2, "x"), Heading(2, "y|z")]
    assert anchors.obsidian(headings) == ["A", "x", "B", "B#x", "y z"]


GITHUB = (
    ("Ünïcode — “quotes”", "ünïcode--quotes"),
    ("a  b", "a--b"),
    ("A B", "a-b"),
    ("a b", "a-b-1"),
    ("_x_ y", "_x_-y"),
    ("日本語 テスト", "日本語-テスト"),
    ("हिन्दी", "हिन्दी"),
    ("١٢ x", "١٢-x"),
    ("a‿b", "a‿b"),
    ("emoji 😀 x", "emoji--x"),
    ("x²", "x"),
    ("Ⅷ ①", "ⅷ-"),
    ("a.b,c", "abc"),
    ("—", ""),
    ("", "-1"),
    ("a-1", "a-1"),
    ("a", "a"),
    ("a", "a-2"),
    ("ß ẞ İ", "ß-ß-i̇"),
    ("ｆｕｌｌ", "ｆｕｌｌ"),
    ("x y", "xy"),
    ("tab\tx", "tabx"),
    ("o'clock / and\\or", "oclock--andor"),
)
"""Headings of one page, and the anchors that npm's ``github-slugger`` 2.0.0 gives them."""


def test_anchors_are_those_of_github():
    assert anchors.github([Heading(1, text) for text, _ in GITHUB]) == [anchor for _, anchor in GITHUB]


@pytest.mark.oracle
@pytest.mark.timeout(300)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_mkdocs_builds_without_a_warning(tmp_path, source):
    command = [tool("mkdocs"), "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    ran = subprocess.run(
        command, cwd=batch(source, "mkdocs", tmp_path / "in"), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.oracle
@pytest.mark.timeout(300)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_hugo_builds_without_a_warning(tmp_path, source):
    command = [tool("hugo"), "--panicOnWarning", "--destination", str(tmp_path / "site")]
    report = tmp_path / "report.json"
    out = batch(source, "hugo", tmp_path / "in", "--report", str(report))
    ran = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    dead = [each["slug"] for each in json.loads(report.read_text("utf-8"))["dead_links"]]
    files, sections = broken_links(tmp_path / "site")
    assert files <= dead.count("link.page")  # Hugo lists the pages of a namespace that has no start page
    assert sections == dead.count("link.section")
    assert "WARN" not in ran.stdout + ran.stderr


@pytest.mark.oracle
def test_hugo_finds_every_page_and_medium_of_its_bundles(tmp_path, nested):
    out = batch(nested, "hugo", tmp_path / "in")
    subprocess.run([tool("hugo"), "--quiet", "--destination", str(tmp_path / "site")], cwd=out, check=True)
    site = {str(path.relative_to(tmp_path / "site")) for path in (tmp_path / "site").rglob("*.*")}
    pages = {f"{path}index.html" for path in ("", "x/", "x/a/", "x/leaf/", "x/y/deep/", "z/", "z-2/")}
    media = {name.removeprefix("media/") for name in NESTED if name.startswith("media/")}
    assert site >= pages | media
    assert broken_links(tmp_path / "site") == (0, 0)
