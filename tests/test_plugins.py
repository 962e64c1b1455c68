"""Plugins: found where Python finds distributions, asked one by one, and named when they fail."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from wikicable.entrypoints import EntryPoint, entry_points, modules_in
from wikicable.errors import OptionError
from wikicable.formats import Context
from wikicable.model import Document
from wikicable.plugins import GROUP, Plugins, installed
from wikicable.transforms import Steps, Transform

GOOD = """
    from wikicable import Format, hookimpl

    @hookimpl
    def register_formats():
        return [Format("{name}", "A good one")]
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], EntryPoint]:
    """Give a function that makes a module of source text and names it as a plugin."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name: str, source: str) -> EntryPoint:
        module = f"module_{name}_{tmp_path.name.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(dedent(source), "utf-8")
        return EntryPoint(name, module, f"wikicable-{name}", "1.0")

    return make


def complaints(plugins: Plugins) -> list[str]:
    return [notice.detail for notice in plugins.notices]


# -- loading -------------------------------------------------------------------------------------


def test_a_good_plugin_gives_its_format(plugin):
    plugins = Plugins([plugin("good", GOOD.format(name="good"))])
    assert list(plugins.formats) == ["good"]
    assert [(loaded.hooks(), plugins.formats_of(loaded)) for loaded in plugins.loaded] == [
        (["register_formats"], ["good"])
    ]
    assert not plugins.notices


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (
            "import nothing_of_that_name",
            "bad (wikicable-bad): ModuleNotFoundError: No module named 'nothing_of_that_name'",
        ),
        ("raise SystemError('on import')", "bad (wikicable-bad): SystemError: on import"),
        ("def (", "bad (wikicable-bad): SyntaxError: "),
        (GOOD.format(name="good"), "wikicable-good has a format 'good' already"),
        (GOOD.format(name="bad").replace("register_formats", "register_format"), "did you mean register_formats"),
        ("register_formats = 5", "register_formats: TypeError"),
        ("def register_formats():\n    return ['markdown']", "register_formats gave a str, which is no Format"),
        ("def register_formats():\n    return 5", "register_formats: TypeError"),
        ("def register_formats():\n    raise ValueError('at last')", "register_formats: ValueError: at last"),
    ],
)
def test_a_broken_plugin_is_named_and_the_others_go_on(plugin, source, complaint):
    plugins = Plugins([plugin("good", GOOD.format(name="good")), plugin("bad", source)])
    assert "good" in plugins.formats
    assert len(complaints(plugins)) == 1
    assert "bad (wikicable-bad)" in complaints(plugins)[0]
    assert complaint in complaints(plugins)[0]


def test_our_own_plugins_load_without_complaint():
    assert {"dokuwiki", "markdown", "gfm", "commonmark", "html"} <= set(installed().formats)
    assert not installed().notices


@pytest.mark.parametrize(("only", "formats"), [("html", {"html"}), ("", set()), ("html,nothing", {"html"})])
def test_loading_can_be_limited(monkeypatch, only, formats):
    monkeypatch.setenv("WIKICABLE_LOAD_PLUGINS", only)
    installed.cache_clear()
    try:
        assert set(installed().formats) == formats
    finally:
        installed.cache_clear()


COMMANDS = """
    import click
    from wikicable import hookimpl

    @hookimpl
    def register_commands(cli):
        @cli.command()
        def {name}():
            "Say hello."
            click.echo("hello")
"""


def test_a_plugin_adds_commands_but_takes_none(plugin):
    plugins = Plugins([plugin("good", COMMANDS.format(name="greet")), plugin("bad", COMMANDS.format(name="convert"))])
    assert list(plugins.commands(["convert"])) == ["greet"]
    assert complaints(plugins) == [
        "bad (wikicable-bad): wikicable has a command 'convert' already; this one is left out"
    ]


TRANSFORM = """
    from dataclasses import replace
    from wikicable import hookimpl
    from wikicable.transforms import Transform

    @hookimpl
    def register_transforms():
        return [Transform("{name}", "Titled", lambda document, value, context: titled(document, value))]

    def titled(document, value):
        return replace(document, metadata=replace(document.metadata, title=value or "untitled"))
"""


def test_transforms_are_found_by_name(plugin):
    plugins = Plugins([plugin("good", TRANSFORM.format(name="titled")), plugin("bad", TRANSFORM.format(name="titled"))])
    steps = Steps.named(["titled", "titled=A title"], plugins)
    assert steps(Document(()), Context()).metadata.title == "A title"
    assert "wikicable-good has a transform 'titled' already" in complaints(plugins)[0]
    with pytest.raises(OptionError, match="no transform 'titeld'; did you mean titled"):
        Steps.named(["titeld"], plugins)


def test_what_a_hook_gives_is_looked_at(plugin):
    plugins = Plugins([plugin("bad", "def register_transforms():\n    return [5]")])
    assert list(plugins.ask("register_transforms", Transform)) == []
    assert list(plugins.ask("register_transforms", Transform)) == []
    assert complaints(plugins) == ["bad (wikicable-bad): register_transforms gave a int, which is no Transform"]


def test_a_folder_of_modules_is_a_folder_of_plugins(tmp_path, monkeypatch):
    (tmp_path / "one.py").write_text(dedent(GOOD.format(name="one")), "utf-8")
    (tmp_path / "two.py").write_text("raise ValueError('two')", "utf-8")
    (tmp_path / "two.txt").write_text("no module", "utf-8")
    plugins = Plugins(modules_in(str(tmp_path)))
    assert (list(plugins.formats), complaints(plugins)) == (["one"], [f"two ({tmp_path}): ValueError: two"])
    assert sys.modules.pop("wikicable_plugins_dir.one") is plugins.loaded[0].module


# -- finding -------------------------------------------------------------------------------------


def distribution(folder: Path, name: str, entries: str) -> Path:
    path = folder / f"{name}.dist-info"
    path.mkdir(parents=True)
    (path / "entry_points.txt").write_text(entries, "utf-8")
    (path / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.5\n\nVersion: none\n", "utf-8")
    return folder


def test_entry_points_are_read_from_the_path(tmp_path):
    entries = "[console_scripts]\nwikicable = no:pe\n\n# more\n[wikicable]\ncreole = creole_plugin\nx=a.b:c.d [extra]\n"
    folder = distribution(tmp_path, "wikicable-creole", entries)
    assert entry_points(GROUP, ["/nowhere", str(folder)]) == [
        EntryPoint("creole", "creole_plugin", "wikicable-creole", "2.5"),
        EntryPoint("x", "a.b:c.d", "wikicable-creole", "2.5"),
    ]


def test_the_first_of_two_distributions_counts(tmp_path):
    first = distribution(tmp_path / "1", "twice", "[wikicable]\np = first\n")
    second = distribution(tmp_path / "2", "twice", "[wikicable]\np = second\n")
    assert [point.value for point in entry_points(GROUP, [str(first), str(second)])] == ["first"]


def test_an_attribute_is_loaded():
    assert EntryPoint("x", "wikicable.plugins:Plugins.ask", "d", "1").load() is Plugins.ask


@pytest.mark.parametrize("group", [GROUP, "console_scripts", "pytest11"])
def test_entry_points_are_those_of_the_standard_library(group):
    standard = importlib.metadata.entry_points(group=group)
    assert {(point.name, point.value) for point in entry_points(group, sys.path)} == {
        (point.name, point.value.partition("[")[0].strip())
        for point in standard  # extras mean nothing any more
    }
