"""The shape of the house: arrows that point one way, formats that know nothing of each other, short functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest

from wikicable.plugins import installed

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "src" / "wikicable"
PLUGINS = ROOT / "plugins"
LONGEST, MEDIAN, MOST = 60, 6, 20

FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "common",
    "base",
    "manager",
    "handle",
    "handler",
    "process",
    "data",
    "info",
}
MAY_NOT_REACH = {
    "errors": {"model", "walk", "links", "formats", "plugins", "convert", "wiki", "cli"},
    "model": {"walk", "links", "formats", "plugins", "convert", "wiki", "cli"},
    "walk": {"formats", "plugins", "convert", "wiki", "cli"},
    "links": {"formats", "plugins", "convert", "wiki", "cli"},
    "formats": {"plugins", "convert", "wiki", "cli"},
    "plugins": {"convert", "wiki", "cli"},
    "convert": {"cli"},
    "wiki": {"cli"},
}
"""The arrows of the design: cli -> convert, wiki -> formats, plugins -> links, walk -> model -> errors."""


def modules(folder: Path) -> dict[str, Path]:
    """Give the modules in a folder of packages by their dotted names."""
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(folder.rglob("*.py"))
    }


CORE_MODULES = modules(CORE.parent)
PLUGIN_MODULES = modules(PLUGINS)
MODULES = CORE_MODULES | PLUGIN_MODULES


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text("utf-8"))


@cache
def imports(name: str) -> frozenset[str]:
    """Name the modules of ours that a module imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {part if part in MODULES else node.module for part in parts}
    return frozenset(found & set(MODULES))


def reachable(name: str) -> set[str]:
    """Name the modules that a module needs, and those that these need; packages are doors, not rooms."""
    seen: set[str] = set()
    pending = [name]
    while pending:
        new = {each for each in imports(pending.pop()) if "." in each} - seen
        seen |= new
        pending += new
    return seen


def plugin_of(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


# -- arrows --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CORE_MODULES)
def test_the_core_imports_no_plugin(name):
    assert not {each for each in imports(name) if each in PLUGIN_MODULES}


@pytest.mark.parametrize("name", [name for name in CORE_MODULES if not name.startswith("wikicable.testing")])
def test_the_core_names_no_format(name):
    assert not {text for text in strings(tree(name)) if text in installed().formats}


def strings(node: ast.AST) -> Iterator[str]:
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


@pytest.mark.parametrize("name", PLUGIN_MODULES)
def test_a_plugin_imports_no_other(name):
    assert {plugin_of(each) for each in imports(name) if each in PLUGIN_MODULES} <= {plugin_of(name)}


@pytest.mark.parametrize("name", [name for name in PLUGIN_MODULES if name.endswith(".reader")])
def test_a_reader_imports_no_writer(name):
    assert f"{plugin_of(name)}.writer" not in reachable(name)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_imports_the_command_line(name):
    assert name == "wikicable.__main__" or "wikicable.cli" not in imports(name)


@pytest.mark.parametrize("layer", MAY_NOT_REACH)
def test_arrows_point_one_way(layer):
    below = {name.split(".")[1] for name in reachable(f"wikicable.{layer}") if "." in name}
    assert not below & MAY_NOT_REACH[layer]


@pytest.mark.parametrize("name", sorted({plugin_of(name) for name in PLUGIN_MODULES}))
def test_a_plugin_imports_reader_and_writer_on_call(name):
    at_import = ast.Module([node for node in tree(name).body if not isinstance(node, ast.FunctionDef)], [])
    imported = {node.module for node in ast.walk(at_import) if isinstance(node, ast.ImportFrom)}
    assert not {
        each for each in imported if each and each.startswith(f"{name}.") and each.endswith(("reader", "writer"))
    }


# -- names and sizes -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
def test_modules_are_named_after_what_they_are(name):
    assert name.rsplit(".", 1)[-1] not in FORBIDDEN_NAMES


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_has_a_docstring(name):
    assert ast.get_docstring(tree(name)), f"{name} itself"
    assert not [each.name for each in public(tree(name)) if not ast.get_docstring(each)]


def public(node: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    for each in node.body:
        if isinstance(each, ast.ClassDef | ast.FunctionDef) and not (each.name.startswith("_") or is_overload(each)):
            yield each
            if isinstance(each, ast.ClassDef):
                yield from public(each)


def is_overload(node: ast.ClassDef | ast.FunctionDef) -> bool:
    """Whether this is one of the signatures of a function that says further down what it does."""
    return any(isinstance(each, ast.Name) and each.id == "overload" for each in node.decorator_list)


def functions() -> Iterator[tuple[str, int]]:
    """Name every function, with its lines less the docstring."""
    for name in MODULES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef):
                documented = node.body[0] if ast.get_docstring(node) else None
                lines = (node.end_lineno or 0) - node.lineno + 1
                if documented is not None:
                    lines -= (documented.end_lineno or 0) - documented.lineno + 1
                yield f"{name}.{node.name}", lines


def test_functions_are_short(record_property):
    lengths = dict(functions())
    record_property("functions", f"{len(lengths)}, median {median(lengths.values())}")
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert median(lengths.values()) <= MEDIAN
    assert quantiles(lengths.values(), n=10)[-1] <= MOST


# -- what goes into the repository ---------------------------------------------------------------

ELSEWHERE = re.compile(r"(?<!\w)/(?:work|root|home)/")
TEXTS = ("*.py", "*.md", "*.toml", "*.lua", "*.php", "Makefile", "run", "dokuwiki")


def test_nothing_names_a_place_on_one_machine():
    ours = [ROOT / name for name in ("src", "plugins", "tests", "docs", "benchmarks", "samples", ".ci")]
    paths = [path for folder in ours for pattern in TEXTS for path in folder.rglob(pattern)]
    paths += [path for pattern in TEXTS for path in ROOT.glob(pattern)]
    assert paths
    assert not [str(path.relative_to(ROOT)) for path in paths if ELSEWHERE.search(path.read_text("utf-8"))]
