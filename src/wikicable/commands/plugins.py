"""``wikicable plugins``: what is loaded, what it gives, and what failed."""

from __future__ import annotations

import click

from wikicable.commands import options
from wikicable.commands.output import print_json, print_text, say, table
from wikicable.plugins import installed


@click.command()
@options.as_json
@options.debug
def plugins(as_json: bool) -> None:
    """List the plugins, what they give, and what failed to load."""
    found = installed()
    listed = [
        {
            "name": plugin.point.name,
            "distribution": plugin.point.distribution,
            "version": plugin.point.version,
            "hooks": plugin.hooks(),
            "formats": found.formats_of(plugin),
        }
        for plugin in found.loaded
    ]
    if as_json:
        print_json({"plugins": listed, "broken": [notice.detail for notice in found.notices]})
        return
    head = ("name", "distribution", "version", "hooks", "formats")
    print_text(table([head, *(tuple(map(_cell, plugin.values())) for plugin in listed)]))
    for notice in found.notices:
        say(str(notice))


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
