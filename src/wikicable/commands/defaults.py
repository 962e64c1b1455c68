"""``--defaults FILE``: a command line kept in a file, as pandoc has it (https://pandoc.org/MANUAL.html#defaults-files).

What the command line says has the last word; metadata and options of reader and writer are put together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from wikicable.errors import FormatError, OptionError, nearest
from wikicable.source import read_bytes

_META = "wikicable.defaults"
_WHOLE = ("metadata", "read_options", "write_options")
"""What is put together with what the command line says."""

_KEYS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "from": ("reader", str),
    "reader": ("reader", str),
    "to": ("writer", str),
    "writer": ("writer", str),
    "output-file": ("output", str),
    "input-file": ("inputs", lambda value: [str(value)]),
    "input-files": ("inputs", lambda value: list(map(str, value))),
    "metadata": ("metadata", dict),
    "read-options": ("read_options", dict),
    "write-options": ("write_options", dict),
    "standalone": ("write_options", lambda value: {"standalone": value}),
    "toc": ("write_options", lambda value: {"toc": value}),
    "table-of-contents": ("write_options", lambda value: {"toc": value}),
    "number-sections": ("write_options", lambda value: {"number_sections": value}),
    "template": ("write_options", lambda value: {"template": value}),
    "reference-doc": ("write_options", lambda value: {"reference_doc": value}),
    "filters": ("transforms", lambda value: list(map(_filter, value))),
    "transforms": ("transforms", lambda value: list(map(str, value))),
    "log-file": ("report", str),
    "report": ("report", str),
    "fail-if-warnings": ("strict", bool),
    "strict": ("strict", bool),
    "quiet": ("quiet", bool),
    "verbosity": ("quiet", lambda value: value == "ERROR"),
}
"""The keys of a file: pandoc's names and ours, the parameter that each sets, and how."""


def option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option."""
    return click.option(
        "-d",
        "--defaults",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        is_eager=True,
        expose_value=False,
        callback=_take,
        help="Options from a YAML file, as pandoc has it.",
    )(command)


def with_defaults(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Put what the command line says in front of what the files say."""
    return {**click.get_current_context().meta.get(_META, {}).get(name, {}), **given}


def _take(context: click.Context, _parameter: click.Parameter, files: tuple[Path, ...]) -> None:
    known: dict[str, Any] = dict(context.default_map or {})
    for path in files:
        for name, value in _read(path):
            if name in _WHOLE:
                known[name] = {**known.get(name, {}), **value}
            else:
                known[name] = value
    context.meta[_META] = {name: known.pop(name) for name in _WHOLE if name in known}
    context.default_map = known


def _read(path: Path) -> list[tuple[str, Any]]:
    import yaml  # noqa: PLC0415  start-up pays only for what is used

    try:
        said = yaml.safe_load(read_bytes(path)) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(said, dict):
        raise FormatError(f"{path}: no keys with values, but a {type(said).__name__}")
    return [_parameter(path, key, value) for key, value in said.items()]


def _parameter(path: Path, key: object, value: Any) -> tuple[str, Any]:
    if key not in _KEYS:
        raise OptionError(f"{path}: no key {str(key)!r}{nearest(str(key), _KEYS)} (there are: {', '.join(_KEYS)})")
    name, take = _KEYS[str(key)]
    try:
        return name, take(_with_folder(value, path))
    except (TypeError, ValueError) as error:
        raise OptionError(f"{path}: {key}: takes no {type(value).__name__}") from error


def _with_folder(value: Any, path: Path) -> Any:
    """Put the folder of the file in the place of ``${.}``."""
    match value:
        case str():
            return value.replace("${.}", str(path.parent))
        case list():
            return [_with_folder(each, path) for each in value]
        case _:
            return value


def _filter(said: Any) -> str:
    """Name a filter as a transform: a path, or a type and a path."""
    match said:
        case str(path):
            return f"{'lua-filter' if path.endswith('.lua') else 'filter'}={path}"
        case {"type": "lua", "path": str(path)}:
            return f"lua-filter={path}"
        case {"path": str(path)}:
            return f"filter={path}"
        case _:
            raise TypeError
