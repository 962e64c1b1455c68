"""The files that subcommands are given: read, told apart by their names, and written whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

from wikicable.errors import InputError, OptionError
from wikicable.plugins import installed
from wikicable.source import Source

STDIN = Path("-")


def source_of(path: Path) -> Source:
    """Read a file, or standard input."""
    return Source(sys.stdin.buffer.read(), "<stdin>") if path == STDIN else Source.of(path)


def guessed_reader(path: Path) -> str:
    """Name the format that a file has by its suffix."""
    if path.is_dir():
        raise OptionError(f"{path}: is a folder; `wikicable batch` converts a whole wiki")
    guessed = installed().formats.by_suffix(path)
    if guessed is None:
        what = "standard input" if path == STDIN else str(path)
        raise OptionError(f"{what}: cannot tell its format by its name; name one with -f")
    return guessed.name


def make_folder(folder: Path) -> None:
    """Make a folder, if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made a folder: {error.strerror or error}") from error


def replace_file(target: Path, data: bytes) -> None:
    """Write a file whole or not at all; a link stays a link, and the file's mode what it was."""
    place = target.resolve()
    part = place.with_name(f".{place.name[:80]}.part")
    try:
        part.write_bytes(data)
        if place.exists():
            part.chmod(place.stat().st_mode)
        part.replace(place)
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
