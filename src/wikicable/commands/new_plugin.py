"""``wikicable new-plugin``: a distribution to begin with, whose tests pass."""

from __future__ import annotations

import re
from pathlib import Path

import click

from wikicable.commands import options
from wikicable.commands.output import print_text
from wikicable.errors import InputError, OptionError
from wikicable.plugins import installed

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_TEMPLATE = Path(__file__).with_name("plugin_template")
_FILES = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "init.py.txt": "wikicable_{name}/__init__.py",
    "reader.py.txt": "wikicable_{name}/reader.py",
    "writer.py.txt": "wikicable_{name}/writer.py",
    "test.py.txt": "tests/test_{name}.py",
    "cases.md.txt": "tests/cases/{name}.md",
}


@click.command()
@click.argument("name")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="The folder; else `wikicable-NAME` here."
)
@options.debug
def new_plugin(name: str, output: Path | None) -> None:
    """Write a plugin to begin with: a distribution that reads and writes a format NAME, and its tests.

    \b
    wikicable new-plugin creole
    cd wikicable-creole && pip install --editable '.[test]' && pytest
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    if not _NAME.fullmatch(name):
        raise OptionError(f"{name!r} is no name for a format: small letters and digits, beginning with a letter")
    if name in installed().formats:
        raise OptionError(f"there is a format {name!r} already; take another name")
    folder = output or Path(f"wikicable-{name.replace('_', '-')}")
    if folder.exists() and any(folder.iterdir()):
        raise OptionError(f"{folder}: is there already; name another folder with -o")
    written = [_write(template, folder / path, name) for template, path in _FILES.items()]
    print_text("".join(f"{path}\n" for path in written))


def _write(template: str, path: Path, name: str) -> Path:
    module, dashed = name.replace("-", "_"), name.replace("_", "-")
    path = Path(str(path).format(name=module))
    text = (_TEMPLATE / template).read_text("utf-8").replace("@name@", module).replace("@dashed@", dashed)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path
