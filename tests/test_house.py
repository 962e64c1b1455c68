"""The documents of the project say what is so: README's examples run, every hook and every slug is explained."""

from __future__ import annotations

import ast
import doctest
import re
import shlex
import sys
from pathlib import Path

import pytest

from wikicable import cli, hookspecs
from wikicable.entrypoints import EntryPoint
from wikicable.notices import Kind
from wikicable.plugins import Plugins, installed

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ wikicable (?P<command>.*)\n(?P<output>(?:.*\n)*?)```\n")
FILE = re.compile(r"`(wikicable_plain/\w+\.py)`(?:.*\n)+?```python\n(?P<code>(?:.*\n)*?)```\n")
TEST = re.compile(r"## Testing it(?:.*\n)+?```python\n(?P<code>(?:.*\n)*?)```\n")


# -- README --------------------------------------------------------------------------------------


def test_the_commands_of_the_readme_print_what_it_shows(request, capsysbinary, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = README.read_text("utf-8")
    ran = CONSOLE.sub(lambda found: shown(found["command"], capsysbinary), text)
    if request.config.getoption("accept"):
        README.write_text(ran, "utf-8")
    else:
        assert ran == text


def shown(command: str, capture: pytest.CaptureFixture[bytes]) -> str:
    cli.run(shlex.split(command))
    captured = capture.readouterr()
    return f"```console\n$ wikicable {command}\n{captured.out.decode()}{captured.err.decode()}```\n"


def test_the_python_of_the_readme_runs():
    blocks = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    examples = doctest.DocTestParser().get_doctest("".join(blocks), {}, "README.md", None, None)
    assert examples.examples
    assert doctest.DocTestRunner().run(examples).failed == 0


# -- docs ----------------------------------------------------------------------------------------


def test_every_hook_is_documented_and_no_other():
    documented = re.findall(r"^### `(\w+)\(\)`$", (ROOT / "docs" / "plugins.md").read_text("utf-8"), re.MULTILINE)
    assert documented == [name for name in vars(hookspecs) if name.startswith("register_")]


def test_the_plugin_of_the_docs_works(tmp_path, monkeypatch):
    text = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    (tmp_path / "wikicable_plain").mkdir()
    for found in FILE.finditer(text):
        (tmp_path / found[1]).write_text(found["code"], "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins = Plugins([EntryPoint("plain", "wikicable_plain", "wikicable-plain", "0.1.0")])
    assert (list(plugins.formats), plugins.notices) == (["plain"], [])
    scope: dict[str, object] = {}
    exec(compile(TEST.search(text)["code"], "docs/plugins.md", "exec"), scope)
    scope["test_the_laws"]()
    for name in ("wikicable_plain", "wikicable_plain.reader", "wikicable_plain.writer"):
        del sys.modules[name]


def test_every_slug_is_explained_and_no_other():
    table = (ROOT / "docs" / "notices.md").read_text("utf-8").partition("## Slugs")[2]
    said = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert sorted(said) == sorted(slugs())


def slugs() -> set[str]:
    """Give every slug in our code; what is filled in at run time is a star."""
    folders = (ROOT / "src" / "wikicable", ROOT / "plugins")
    trees = (ast.parse(path.read_text("utf-8")) for folder in folders for path in folder.rglob("*.py"))
    return {slug for tree in trees for node in ast.walk(tree) for slug in noted(node)}


def noted(node: ast.AST) -> list[str]:
    """Give the slugs in a call such as ``notices.dropped("table.colspan", ...)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[slug, *_]) if name.removeprefix("say_") in set(Kind):
            return spelled(slug)
        case ast.Call(func=ast.Name(id="Notice"), args=[_, slug, *_]):
            return spelled(slug)
        case _:
            return []


def spelled(slug: ast.expr) -> list[str]:
    match slug:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)]
        case ast.IfExp(body=one, orelse=other):
            return spelled(one) + spelled(other)
        case _:
            return []


def test_every_format_is_in_the_readme():
    assert not [name for name in installed().formats if name not in README.read_text("utf-8")]
