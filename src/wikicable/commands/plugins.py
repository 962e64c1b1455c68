"""``wikicable plugins``: what is loaded, what it gives, and what failed."""

from __future__ import annotations

import click

from wikicable.commands import options
from wikicable.commands.output import print_json, print_text, table
from wikicable.entrypoints import EntryPoint
from wikicable.plugins import Loaded, Plugins, installed


@click.command()
@options.as_json
@options.debug
def plugins(as_json: bool) -> None:
    """List the plugins, what they give, and what failed and why.

    \b
    wikicable plugins
    wikicable plugins --json
    wikicable --plugins-dir my-plugins/ plugins
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    found = installed()
    found.try_hooks()
    loaded = [_described(found, plugin) for plugin in found.loaded]
    failed = [{**_origin(failure.point), "why": failure.why} for failure in found.failures]
    if as_json:
        print_json({"plugins": loaded, "failed": failed})
        return
    print_text(_as_table(("name", "distribution", "version", "hooks", "formats"), loaded))
    if failed:
        print_text("\n" + _as_table(("failed", "distribution", "version", "why"), failed))


def _described(found: Plugins, plugin: Loaded) -> dict[str, object]:
    return {**_origin(plugin.point), "hooks": plugin.hooks(), "formats": found.formats_of(plugin)}


def _origin(point: EntryPoint) -> dict[str, object]:
    return {"name": point.name, "distribution": point.distribution, "version": point.version}


def _as_table(head: tuple[str, ...], rows: list[dict[str, object]]) -> str:
    return table([head, *(tuple(map(_cell, row.values())) for row in rows)])


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
