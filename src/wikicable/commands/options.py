"""Options that several subcommands have, and the reading of their values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from wikicable.model import MetaValue

debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a fault of the program.")
as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
read_option = click.option("-R", "--read-option", multiple=True, metavar="KEY=VALUE", help="An option of the reader.")
write_option = click.option("-W", "--write-option", multiple=True, metavar="KEY=VALUE", help="An option of the writer.")
strict = click.option("--strict", is_flag=True, help="End with exit code 3 if something was dropped or changed.")
report = click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="Write every notice there, as JSON."
)


def pairs(options: Iterable[str]) -> dict[str, object]:
    """Read ``key=value``; a key alone is true."""
    return {key: value if equals else "true" for key, equals, value in (option.partition("=") for option in options)}


def metadata_values(options: Iterable[str]) -> dict[str, MetaValue]:
    """Read ``key=value``; values of a key given more than once are a list, a key alone is true."""
    values: dict[str, list[MetaValue]] = {}
    for key, equals, value in (option.partition("=") for option in options):
        values.setdefault(key, []).append(value if equals else True)
    return {key: given if len(given) > 1 else given[0] for key, given in values.items()}
