"""``wikicable formats``: what can be read and written, and the options of each format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill
from typing import Any

import click

from wikicable.commands import options
from wikicable.commands.output import print_json, print_text, table
from wikicable.formats import Format, option_fields
from wikicable.plugins import installed


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the options of each.")
@options.debug
def formats(name: str | None, as_json: bool) -> None:
    """List the formats, or show the options of one.

    \b
    wikicable formats
    wikicable formats rtf
    wikicable formats --json
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    known = installed().formats
    chosen = [_format(name)] if name else list(known.values())
    if as_json:
        print_json([_described(form) for form in chosen])
    elif name:
        print_text("".join(_option_lines(chosen[0])))
    else:
        own = [form for form in chosen if not form.through]
        print_text(table([("name", "reads", "writes", "files", "what"), *map(_row, own)]))
        print_text("".join(_through_others(chosen)))


def _format(name: str) -> Format:
    known = installed().formats
    return known[name] if name in known else known.reader(name)


def _through_others(forms: Sequence[Format]) -> Iterator[str]:
    """List the formats in which another program does the work, by what it does."""
    for through in dict.fromkeys(form.through for form in forms if form.through):
        names: dict[str, list[str]] = {}
        for form in forms:
            if form.through == through:
                ways = [way for way, is_there in (("reads", form.read), ("writes", form.write)) if is_there]
                names.setdefault(" and ".join(ways), []).append(form.name)
        for done, listed in names.items():
            yield "\n" + fill(f"{through} {done}: {', '.join(listed)}", 100, subsequent_indent="  ") + "\n"


def _row(form: Format) -> tuple[str, ...]:
    return (
        form.name,
        "yes" if form.read else "",
        "yes" if form.write else "",
        " ".join(form.suffixes),
        form.title,
    )


def _described(form: Format) -> dict[str, object]:
    return {
        "name": form.name,
        "title": form.title,
        "aliases": form.aliases,
        "suffixes": form.suffixes,
        "media_type": form.media_type,
        "binary": form.is_binary,
        "reads": form.read is not None,
        "writes": form.write is not None,
        "through": form.through,
        "read_options": _options(form.read_options),
        "write_options": _options(form.write_options),
    }


def _options(kind: type[Any]) -> list[dict[str, str]]:
    return [{"name": name, "default": default, "help": what} for name, default, what in option_fields(kind)]


def _option_lines(form: Format) -> Iterable[str]:
    through = f", through {form.through}" if form.through else ""
    yield f"{form.name}: {form.title}{through}\n"
    for letter, side, kind in (("R", "reader", form.read_options), ("W", "writer", form.write_options)):
        rows = [(f"  -{letter} {name}={default}", what) for name, default, what in option_fields(kind)]
        if rows:
            yield f"{side} options, with their defaults:\n" + table(rows)
