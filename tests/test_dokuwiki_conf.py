"""A wiki's own conf folder: its tables over those that DokuWiki ships, and its settings."""

from __future__ import annotations

from pathlib import Path

import pytest

import wikicable
from wikicable.errors import OptionError
from wikicable.model import InterwikiTarget
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.wiki.opening import open_wiki
from wikicable.wikiconf import SHIPPED
from wikicable_dokuwiki.conf import FILES, folder_conf, read_conf

GARDEN = Path(__file__).parent.parent / "samples" / "garden"


def conf_of(**files: str):
    return read_conf({name.replace("__", "."): text.encode() for name, text in files.items()})


def html(page: str, folder: Path) -> str:
    return wikicable.convert(page, "dokuwiki", "html", read_options={"conf": str(folder), "syntax": "core"})


def test_no_files_are_what_dokuwiki_ships():
    assert read_conf({}) == SHIPPED


def test_local_rows_stand_over_the_others():
    conf = conf_of(interwiki__conf="wp a\nDoku b # not this\nx c\\#d\n", interwiki__local__conf="wp e\nx\n")
    assert dict(conf.interwiki) == {"wp": "e", "doku": "b"}


def test_local_rows_stand_over_those_shipped():
    conf = conf_of(acronyms__local__conf="HTML\nRHS Royal Horticultural Society\n", mime__local__conf="xyz !a/b\n")
    assert conf.acronyms["RHS"] == "Royal Horticultural Society"
    assert "HTML" not in conf.acronyms
    assert conf.acronyms["API"] == SHIPPED.acronyms["API"]
    assert conf.media_type("x.XYZ") == "a/b"


def test_a_character_reference_is_no_comment():
    assert conf_of(entities__local__conf="x &#8230; # dots\n").entities["x"] == "&#8230;"


def test_schemes_are_added_and_taken_away():
    schemes = conf_of(scheme__local__conf="# ours\n\nsip\n-gopher\n").schemes
    assert "sip" in schemes
    assert "gopher" not in schemes
    assert "http" in schemes


def test_settings():
    conf = conf_of(
        dokuwiki__php="<?php\n$conf['start'] = 'start'; //name\n$conf['lang']='en'; $conf['useslash'] = 0;",
        local__php="""<?php
/* $conf['start'] = 'no'; */
# $conf['sepchar'] = '.';
$conf["start"] = "index";
$conf['sepchar'] = '-';
$conf['useslash'] = true;
$conf['deaccent'] = 2;
$conf['title'] = 'L\\'herbier // et plus';
$conf['plugin']['x']['lang'] = 'no';
""",
    )
    assert (conf.start, conf.sepchar, conf.useslash, conf.deaccent) == ("index", "-", True, 2)
    assert (conf.lang, conf.title) == ("en", "L'herbier // et plus")


@pytest.mark.parametrize("value", ["3", "'x'", "array(1)", "-1", "PHP_VERSION"])
def test_a_setting_with_no_meaning_is_not_looked_at(value):
    assert conf_of(local__php=f"<?php $conf['deaccent'] = {value};").deaccent == 1


def test_a_choice_of_syntax_is_release_2026():
    assert conf_of(local__php="<?php $conf['syntax'] = 'dw';").release == "2026"


@pytest.mark.parametrize("name", sorted(FILES))
def test_any_bytes_are_a_conf_file(name):
    read_conf({name: bytes(range(256)) * 4 + b"\n'\n\"$conf['start'] = '"})


def test_a_page_is_read_by_it(tmp_path):
    (tmp_path / "interwiki.local.conf").write_text("rhs https://rhs.example/{NAME}\n")
    (tmp_path / "smileys.local.conf").write_text(":rose: rose.svg\n")
    (tmp_path / "scheme.local.conf").write_text("sip\n")
    (tmp_path / "local.php").write_text("<?php $conf['sepchar'] = '-';")
    shown = html("[[rhs>Rosa]] :rose: sip://a.example [[Two Words]]", tmp_path)
    assert 'href="https://rhs.example/Rosa"' in shown
    assert 'smileys/rose.svg"' in shown
    assert 'href="sip://a.example"' in shown
    assert 'data-wiki-id="two-words"' in shown


def test_what_changed_is_read_again(tmp_path):
    local = tmp_path / "local.php"
    local.write_text("<?php $conf['start'] = 'a';")
    before = folder_conf(str(tmp_path))
    assert folder_conf(str(tmp_path)) is before
    local.unlink()
    assert folder_conf(str(tmp_path)).start == "start"


def test_a_folder_that_is_none():
    with pytest.raises(OptionError, match="nowhere is no folder"):
        wikicable.read("x", "dokuwiki", conf="nowhere")


def test_the_release_asked_for_is_stronger(tmp_path):
    (tmp_path / "local.php").write_text("<?php $conf['syntax'] = 'dw';")
    assert wikicable.read("x", "dokuwiki", conf=str(tmp_path)).conf.release == "2026"
    assert wikicable.read("x", "dokuwiki", conf=str(tmp_path), release="2025").conf.release == "2025"


def test_a_wiki_has_its_own():
    conf = open_wiki(GARDEN, installed(), Notices()).conf
    assert conf.interwiki["seeds"] == "https://seeds.gardens.example/{NAME}"
    assert InterwikiTarget("wp", "x").shortcut in conf.interwiki
