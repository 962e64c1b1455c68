"""The plugin in samples: its own tests run here too, and it works beside the others."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from wikicable.entrypoints import EntryPoint
from wikicable.formats import Context, Formats, NoOptions
from wikicable.plugins import Plugins, installed
from wikicable.source import Source
from wikicable.testing import Case, cases

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
