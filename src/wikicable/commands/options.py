"""Options that several subcommands have, and the reading of their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import click

from wikicable.model import MetaValue
from wikicable.plugins import installed

Complete: TypeAlias = Callable[[click.Context, click.Parameter, str], list[str]]


def formats_to(way: str) -> Complete:
    """Give what completes the name of a format that can be read, or written."""

    def complete(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
        formats = installed().formats.values()
        return [form.name for form in formats if getattr(form, way) and form.name.startswith(begun)]

    return complete


debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a fault of the program.")
as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
read_option = click.option("-R", "--read-option", multiple=True, metavar="KEY=VALUE", help="An option of the reader.")
write_option = click.option("-W", "--write-option", multiple=True, metavar="KEY=VALUE", help="An option of the writer.")
transform = click.option(
    "--transform", "transforms", multiple=True, metavar="NAME", help="Change the document on its way."
)
filter_ = click.option(
    "-F", "--filter", "filters", multiple=True, metavar="PROGRAM", help="Change it by a filter of pandoc's."
)
lua_filter = click.option(
    "-L", "--lua-filter", "lua_filters", multiple=True, metavar="FILE", help="Change it by a Lua filter."
)
from_format = click.option(
    "-f",
    "--from",
    "reader",
    metavar="FORMAT",
    shell_complete=formats_to("read"),
    help="The input's format; else guessed from its suffix.",
)
to_format = click.option(
    "-t",
    "--to",
    "writer",
    metavar="FORMAT",
    shell_complete=formats_to("write"),
    help="The output's format; else guessed from its suffix.",
)
strict = click.option("--strict", is_flag=True, help="End with exit code 3 if something was dropped or changed.")
report = click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="Write every notice there, as JSON."
)


_STEPS = {
    "media": "media=",
    "extract_media": "extract-media=",
    "transforms": "",
    "filters": "filter=",
    "lua_filters": "lua-filter=",
}
"""The options that name a step, and how that step is named as a transform."""


class Ordered(click.Command):
    """A command that knows in which order its options stand: steps are taken in that order."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and note the order of the options among them."""
        names = {name: parameter.name for parameter in self.params for name in parameter.opts}
        given = (names.get(arg.partition("=")[0]) or names.get(arg[:2]) for arg in args)
        ctx.meta[_ORDER] = [name for name in given if name in _STEPS]
        return super().parse_args(ctx, args)


_ORDER = "wikicable.order"


def in_order(**steps: tuple[str, ...]) -> list[str]:
    """Give the steps of several options as transforms, in the order in which they stand on the command line."""
    values = {name: iter(given) for name, given in steps.items()}
    order = click.get_current_context().meta.get(_ORDER, [])
    taken = [f"{_STEPS[name]}{value}" for name in order if (value := next(values[name], None)) is not None]
    return taken + [f"{_STEPS[name]}{value}" for name, left in values.items() for value in left]


def pairs(options: Iterable[str]) -> dict[str, object]:
    """Read ``key=value``; a key alone is true."""
    return {key: value if equals else "true" for key, equals, value in (option.partition("=") for option in options)}


def metadata_values(options: Iterable[str]) -> dict[str, MetaValue]:
    """Read ``key=value``; values of a key given more than once are a list, a key alone is true."""
    values: dict[str, list[MetaValue]] = {}
    for key, equals, value in (option.partition("=") for option in options):
        values.setdefault(key, []).append(value if equals else True)
    return {key: given if len(given) > 1 else given[0] for key, given in values.items()}
