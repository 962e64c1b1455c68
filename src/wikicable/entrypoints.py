"""Which plugins are installed: the entry points of a group, read from the folders Python imports from.

``importlib.metadata`` gives the same, but importing it takes longer than converting a page.  The
files are specified in https://packaging.python.org/specifications/entry-points/.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from wikicable.values import Value, frozen


@frozen
class EntryPoint(Value):
    """A name that a distribution has registered, and the object it stands for: ``module`` or ``module:attribute``."""

    name: str
    value: str
    distribution: str
    version: str
    file: str = ""
    """The file of a module that stands by itself, outside the folders Python imports from."""

    def load(self) -> object:
        """Import the object."""
        if self.file:
            return _module_of(self.file, self.value)
        module, _, attributes = self.value.partition(":")
        found: object = import_module(module.strip())
        for attribute in filter(None, attributes.strip().split(".")):
            found = getattr(found, attribute)
        return found


def entry_points(group: str, path: Sequence[str] | None = None) -> list[EntryPoint]:
    """Give the entry points of a group; of two distributions of one name, the one Python would import counts."""
    found: dict[tuple[str, str], EntryPoint] = {}
    for folder in _metadata_folders(sys.path if path is None else path):
        declared = list(_declared(_text(folder, "entry_points.txt"), group))
        if declared:
            distribution, version = _identity(folder)
            for name, value in declared:
                found.setdefault((distribution, name), EntryPoint(name, value, distribution, version))
    return list(found.values())


def modules_in(folder: str) -> list[EntryPoint]:
    """Give the modules that stand in a folder, as entry points of a distribution named after it."""
    return [
        EntryPoint(path.stem, f"wikicable_plugins_dir.{path.stem}", folder, "", str(path))
        for path in sorted(Path(folder).glob("*.py"))
    ]


def _module_of(file: str, name: str) -> object:
    """Run a file as the module of that name; what it defines can be found again by it."""
    from importlib.util import module_from_spec, spec_from_file_location  # noqa: PLC0415  few have such a folder

    spec = spec_from_file_location(name, file)
    assert spec is not None, "every file that ends in .py has a loader"
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _metadata_folders(path: Sequence[str]) -> Iterator[str]:
    for place in path:
        try:
            names = sorted(os.listdir(place or "."))  # noqa: PTH208  Path.iterdir takes ten times as long
        except OSError:  # a zip archive, or nothing at all
            continue
        yield from (f"{place or '.'}/{name}" for name in names if name.endswith((".dist-info", ".egg-info")))


def _declared(text: str, group: str) -> Iterator[tuple[str, str]]:
    """Give name and value of each line in the section of the group."""
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == group and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield name.strip(), value.split("[")[0].strip()


def _identity(folder: str) -> tuple[str, str]:
    """Give name and version of a distribution."""
    head = (_text(folder, "METADATA") or _text(folder, "PKG-INFO")).split("\n\n", 1)[0]
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return fields.get("Name", Path(folder).stem), fields.get("Version", "?")


def _text(folder: str, name: str) -> str:
    try:
        return Path(folder, name).read_text("utf-8", "replace")
    except OSError:
        return ""
