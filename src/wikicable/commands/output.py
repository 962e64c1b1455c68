"""What a person sees: results on stdout, messages on stderr, lists as tables or as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from wikicable.errors import InputError
from wikicable.notices import Kind, Notice

LOSSES = 3
"""The exit code of ``--strict``."""


def account(notices: list[Notice], report: Path | None, *, strict: bool, quiet: bool) -> int:
    """Show and report what was not carried over as it stood, and give the exit code."""
    if notices and not quiet:
        for notice in notices:
            say(_coloured(notice))
        counts = Counter(str(notice.kind) for notice in notices)
        say(f"notices: {', '.join(f'{count} {kind}' for kind, count in counts.items())}")
    if report:
        write_json(report, [notice.as_json() for notice in notices])
    losses = sum(notice.is_loss for notice in notices)
    if strict and losses:
        say(f"wikicable: --strict: {losses} dropped or changed")
        return LOSSES
    return 0


_COLOURS = {Kind.DROPPED: "red", Kind.CHANGED: "yellow", Kind.MISSING: "magenta", Kind.UNKNOWN: "cyan"}


def _coloured(notice: Notice) -> str:
    """Show a notice with its kind in colour, on a terminal whose owner has nothing against it (no-color.org)."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()
    if is_plain or notice.kind not in _COLOURS:
        return str(notice)
    kind = f"{notice.kind} {notice.what}"
    return str(notice).replace(kind, click.style(kind, fg=_COLOURS[notice.kind]), 1)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Lay rows out in columns that are as wide as they have to be."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def print_text(text: str) -> None:
    """Print text as UTF-8, whatever the locale."""
    print_bytes(text.encode("utf-8", "backslashreplace"))


def print_json(value: object) -> None:
    """Print a value as JSON for people and programs."""
    print_text(as_json(value))


def write_json(path: Path, value: object) -> None:
    """Write a value to a file as JSON, or say in one line why that cannot be."""
    try:
        path.write_text(as_json(value), "utf-8", "backslashreplace")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def as_json(value: object) -> str:
    """Give a value as JSON, with all characters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def print_bytes(data: bytes) -> None:
    """Print a result."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def say(line: str) -> None:
    """Say a line on stderr."""
    click.echo(line, err=True)


_VERBOSE = "wikicable.verbose"


def tell_more(context: click.Context, _parameter: click.Parameter, is_asked: bool) -> None:
    """Remember that ``--verbose`` was asked for."""
    context.meta[_VERBOSE] = is_asked


def say_more(line: str) -> None:
    """Say a line if ``--verbose`` was asked for."""
    context = click.get_current_context(silent=True)
    if context and context.meta.get(_VERBOSE):
        say(line)
