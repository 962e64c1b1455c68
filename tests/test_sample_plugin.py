"""The plugin in samples: its own tests run here too, and it works beside the others."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from wikicable import cli
from wikicable.entrypoints import EntryPoint
from wikicable.formats import Context, Formats, NoOptions
from wikicable.model import Para, Str
from wikicable.plugins import Plugins, installed
from wikicable.source import Source
from wikicable.testing import Case, cases, check_format
from wikicable.testing.strategies import WORDS, Keeps

CREOLE = Path(__file__).resolve().parents[1] / "samples" / "plugin-creole"


@pytest.fixture
def creole(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The plugin, found as if it were installed."""
    monkeypatch.syspath_prepend(str(CREOLE))
    plugins = Plugins([EntryPoint("creole", "wikicable_creole", "wikicable-creole", "1.0.0")])
    assert (list(plugins.formats), plugins.notices) == (["creole"], [])
    monkeypatch.setattr(installed(), "formats", Formats([*installed().formats.values(), *plugins.formats.values()]))
    yield importlib.import_module("wikicable_creole")
    for name in [name for name in sys.modules if name.startswith("wikicable_creole")]:
        del sys.modules[name]


@pytest.mark.parametrize("case", cases(CREOLE / "tests" / "cases"), ids=str)
@pytest.mark.usefixtures("creole")
def test_the_manual_is_right(case: Case) -> None:
    assert case.outcome() == case.expected


def test_its_laws_hold(creole: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(CREOLE / "tests"))
    module = importlib.import_module("test_creole")
    try:
        module.test_the_laws()
    finally:
        del sys.modules["test_creole"]


@pytest.mark.parametrize("text", ["[[", "{{{", "* a\n** b\n" * 50, "|", "~", "=", "~~]]", "{{{\n}}}", "** **"])
def test_odd_pages_are_pages(creole: ModuleType, text: str) -> None:
    document = creole.FORMAT.read(Source.of(text), NoOptions(), Context())
    assert creole.FORMAT.write(document, creole.WriteOptions(), Context()) is not None


# -- new-plugin ----------------------------------------------------------------------------------


def test_a_new_plugin_keeps_every_law_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.run(["new-plugin", "my-format", "-o", str(tmp_path / "new")]) == 0
    monkeypatch.syspath_prepend(str(tmp_path / "new"))
    plugins = Plugins([EntryPoint("my_format", "wikicable_my_format", "wikicable-my-format", "0.1.0")])
    assert (list(plugins.formats), plugins.notices) == (["my_format"], [])
    monkeypatch.setattr(installed(), "formats", Formats([*installed().formats.values(), *plugins.formats.values()]))
    keeps = Keeps(blocks=frozenset({Para}), inlines=frozenset({Str}), text=WORDS)
    check_format(plugins.formats["my_format"], keeps=keeps, examples=20, hostile=("a\n\n", "**", "\n"))
    listed = cases(tmp_path / "new" / "tests" / "cases")
    assert [case.outcome() for case in listed] == [case.expected for case in listed]


@pytest.mark.parametrize("name", ["markdown", "1st", "../up", "Über"])
def test_a_name_that_will_not_do_is_said(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["new-plugin", name, "-o", str(tmp_path / "new")]) == 6
    assert name in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
