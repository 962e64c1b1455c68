"""Old names of pages, and pages that only lead to others: what a wiki knows of them, in the ways of the targets."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from oracle.programs import tool

from wikicable import cli

PAGES = {
    "start": "[[ns:old]] [[moved]] [[ns:hop#There]] [[conf]] [[dead]] [[code]]",
    "ns/new": "====== New ======\n===== There =====\n",
    "ns/old": "~~REDIRECT>.:new~~\n\nNot seen by anybody.",
    "ns/hop": "~~GOTO>old?3~~",
    "dead": "~~REDIRECT>nobody~~",
    "round": "#REDIRECT :round",
    "code": "<code>\n~~REDIRECT>ns:new~~\n</code>",
}
MOVED = "1600000300\t::1\tD\tmoved\tann\t↷ Seite von moved nach ns:new verschoben und umbenannt\t\t-5\n"
CONF = "# old and new\nconf   ns:new\\#there\nteam:*  ns:$1\nns:new2 https://example.com/\n"


@pytest.fixture
def wiki(tmp_path):
    put(tmp_path / "wiki" / "data" / "meta" / "moved.changes", MOVED)
    put(tmp_path / "wiki" / "conf" / "redirect.conf", CONF)
    for name, text in PAGES.items():
        put(tmp_path / "wiki" / "data" / "pages" / f"{name}.txt", text)
    return tmp_path / "wiki"


def put(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


def batch(source: Path, to: str, folder: Path, *more: str) -> Path:
    arguments = ["batch", str(source), "-t", to, "-o", str(folder), "--jobs", "1", "-q", "--redirects", *more]
    assert cli.run(arguments) == 0
    return folder


def test_links_to_old_names_lead_to_the_page_itself(wiki, tmp_path):
    out = batch(wiki, "gfm", tmp_path / "out")
    assert (out / "README.md").read_text("utf-8") == (
        "[old](ns/new.md) [moved](ns/new.md) [There](ns/new.md#there) [conf](ns/new.md) [dead](dead.md) [code](code.md)\n"
    )


def test_what_leads_nowhere_stays_a_page_and_is_said(wiki, tmp_path):
    out = batch(wiki, "gfm", tmp_path / "out", "--report", str(tmp_path / "report.json"))
    assert "REDIRECT" in (out / "dead.md").read_text("utf-8")
    assert (out / "round.md").exists()
    said = json.loads((tmp_path / "report.json").read_text("utf-8"))["source"]
    assert sorted(line for line in said if "redirect" in line) == [
        "changed redirect.section: conf: leads to the beginning of ns:new, not to #there",
        "missing redirect.page: dead: leads to nobody",
        "missing redirect.page: ns:new2: leads to https://example.com/",
        "missing redirect.page: round: leads to round",
        "unknown redirect.pattern: team:* ns:$1",
    ]


def test_an_old_name_is_a_page_with_a_link_where_there_is_no_better_way(wiki, tmp_path):
    out = batch(wiki, "gfm", tmp_path / "out")
    assert (out / "ns" / "old.md").read_text("utf-8").endswith("# ns:old\n\nMoved to [ns:new](new.md)\n")
    assert (out / "moved.md").read_text("utf-8").endswith("Moved to [ns:new](ns/new.md)\n")


@pytest.mark.parametrize(
    ("to", "page", "expected"),
    [
        (
            "hugo",
            "content/ns/new/index.md",
            'aliases:\n  - "/ns:new"\n  - "/conf"\n  - "/moved"\n  - "/ns:hop"\n  - "/ns/hop"\n  - "/ns:old"\n  - "/ns/old"\n',
        ),
        (
            "quarto",
            "ns/new.md",
            'aliases:\n  - "/conf.html"\n  - "/moved.html"\n  - "/ns/hop.html"\n  - "/ns/old.html"\n',
        ),
        ("obsidian", "ns/new.md", "aliases:\n  - New\n  - conf\n  - moved\n  - ns/hop\n  - ns/old\n"),
        (
            "mkdocs",
            "mkdocs.yml",
            '      redirect_maps:\n        "conf.md": "ns/new.md"\n        "moved.md": "ns/new.md"\n',
        ),
        ("html", "ns/old.html", '<meta http-equiv="refresh" content="0; url=new.html" />'),
        ("dokuwiki", "pages/ns/hop.txt", "~~REDIRECT>:ns:new~~\n"),
    ],
)
def test_each_target_has_its_way(wiki, tmp_path, to, page, expected):
    assert expected in (batch(wiki, to, tmp_path / "out") / page).read_text("utf-8")


@pytest.mark.parametrize("to", ["hugo", "quarto", "obsidian", "mkdocs"])
def test_aliases_are_no_part_of_the_page_on_the_way_back(wiki, tmp_path, to):
    there = batch(wiki, to, tmp_path / "out")
    back = batch(there, "dokuwiki", tmp_path / "back", "--report", str(tmp_path / "report.json"))
    assert (back / "pages" / "ns" / "new.txt").read_text("utf-8").startswith("====== New ======\n")
    assert not json.loads((tmp_path / "report.json").read_text("utf-8"))["notices"].get("dropped metadata")


def test_without_the_option_pages_are_as_they_are(wiki, tmp_path):
    cli.run(["batch", str(wiki), "-t", "gfm", "-o", str(tmp_path / "out"), "--jobs", "1", "-q"])
    assert "Not seen by anybody" in (tmp_path / "out" / "ns" / "old.md").read_text("utf-8")


def test_a_redirect_that_is_new_is_followed_in_the_next_run(wiki, tmp_path):
    out = batch(wiki, "gfm", tmp_path / "out")
    put(wiki / "data" / "pages" / "code.txt", "~~REDIRECT>ns:new~~")
    batch(wiki, "gfm", out)
    assert "[code](ns/new.md)" in (out / "README.md").read_text("utf-8")
    assert (out / "code.md").read_text("utf-8").endswith("Moved to [ns:new](ns/new.md)\n")


def test_a_page_keeps_clear_of_the_files_of_a_site(wiki, tmp_path):
    put(wiki / "data" / "pages" / "search.txt", "My own search.")
    there = batch(wiki, "html", tmp_path / "out")
    assert "My own search" in (there / "search-2.html").read_text("utf-8")
    back = batch(there, "dokuwiki", tmp_path / "back")
    assert "My own search" in (back / "pages" / "search.txt").read_text("utf-8")
    assert not (back / "pages" / "404.txt").exists()


ADDRESSES = {
    "/doku.php?id=ns:new": "/ns/new.html",
    "/wiki/doku.php?id=ns:new#there": "/wiki/ns/new.html#there",
    "/wiki/doku.php/ns/new": "/wiki/ns/new.html",
    "/ns:new": "/ns/new.html",
    "/ns/new": "/ns/new.html",
    "/ns:": "/ns/index.html",
    "/NS:A%20page": "/ns/a_page.html",
    "/doku.php": "/index.html",
    "/doku.php?id=search": "/search-2.html",
    "/never.html": "",
}


@pytest.mark.oracle
def test_a_site_knows_the_addresses_of_the_wiki(wiki, tmp_path):
    for name in ("search", "ns/start"):
        put(wiki / "data" / "pages" / f"{name}.txt", "A page.")
    page = (batch(wiki, "html", tmp_path / "out") / "404.html").read_text("utf-8")
    script = page.partition("<script>")[2].partition("</script>")[0]
    calls = f"""for (const address of {json.dumps(list(ADDRESSES))}) {{
        let found = "";
        const url = new URL(address, "https://example.com");
        guide({{pathname: url.pathname, search: url.search, hash: url.hash, replace: to => found = to}});
        console.log(found);
    }}"""
    ran = subprocess.run(
        [tool("node"), "-e", f"const guide = location => {{{script}}};{calls}"], capture_output=True, check=True
    )
    assert ran.stdout.decode().splitlines() == list(ADDRESSES.values())


@pytest.mark.oracle
def test_hugo_leads_old_names_to_the_page(wiki, tmp_path):
    out = batch(wiki, "hugo", tmp_path / "in")
    subprocess.run([tool("hugo"), "--quiet", "--destination", str(tmp_path / "site")], cwd=out, check=True)
    for old in ("moved", "ns/old", "ns:hop"):
        assert "ns/new/" in (tmp_path / "site" / old / "index.html").read_text("utf-8")


@pytest.mark.oracle
def test_mkdocs_leads_old_names_to_the_page(wiki, tmp_path):
    pytest.importorskip("mkdocs_redirects")
    out = batch(wiki, "mkdocs", tmp_path / "in")
    subprocess.run([tool("mkdocs"), "build", "--strict", "-q", "-d", str(tmp_path / "site")], cwd=out, check=True)
    assert "url=new.html" in (tmp_path / "site" / "ns" / "old.html").read_text("utf-8")
