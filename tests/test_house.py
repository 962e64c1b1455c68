"""The documents of the project say what is so: README's examples run, every hook and every slug is explained."""

from __future__ import annotations

import ast
import doctest
import re
import shlex
from operator import itemgetter
from pathlib import Path

import pytest

from wikicable import cli, hookspecs
from wikicable.notices import Kind
from wikicable.plugins import installed

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ wikicable (?P<command>.*)\n(?P<output>(?:.*\n)*?)```\n")
FILE = re.compile(r"^### `((?:\w+/)*\w+\.\w+)`$", re.MULTILINE)
FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<language>\w+)\n(?P<code>(?:.*\n)*?)(?P=ticks)$", re.MULTILINE)
CREOLE = ROOT / "samples" / "plugin-creole"
PLUGIN_DOCS = (ROOT / "docs" / "plugins.md").read_text("utf-8")


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


@pytest.mark.parametrize("name", ["pyproject.toml", "wikicable_creole/__init__.py", "wikicable_creole/reader.py"])
def test_the_docs_explain_what_stands_there(name):
    assert explained(name), name


def test_every_excerpt_stands_in_its_file():
    excerpts = [(name, code) for name in map(itemgetter(1), FILE.finditer(PLUGIN_DOCS)) for code in explained(name)]
    assert len(excerpts) > 8
    assert not [(name, code) for name, code in excerpts if code not in (CREOLE / name).read_text("utf-8")]


def explained(name: str) -> list[str]:
    """Give the excerpts of a file of the sample."""
    chapter = PLUGIN_DOCS.partition(f"### `{name}`\n")[2].partition("\n##")[0]
    return [fence["code"] for fence in FENCE.finditer(chapter) if fence["language"] != "text"]


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
        case ast.Call(args=[ast.Attribute(attr=name), slug, *_]) if name in set(Kind):  # say(notices.dropped, "slug")
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
