"""``wikicable convert``: files, or standard input, from one format to another."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from wikicable.commands import options
from wikicable.commands.output import account, print_bytes
from wikicable.convert import Conversion, conversion, together
from wikicable.errors import InputError, OptionError
from wikicable.formats import Format
from wikicable.notices import Notice, Notices
from wikicable.plugins import installed
from wikicable.source import Source

STDIN = Path("-")


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path(path_type=Path))
@click.option("-f", "--from", "reader", metavar="FORMAT", help="The input's format; else guessed from its suffix.")
@click.option("-t", "--to", "writer", metavar="FORMAT", help="The output's format; else guessed from its suffix.")
@click.option("-o", "--output", metavar="FILE", help="A file, or a folder for the outputs of many.")
@click.option("-M", "--metadata", multiple=True, metavar="KEY=VALUE", help="Say this of the page; again for a list.")
@options.read_option
@options.write_option
@click.option("--transform", "transforms", multiple=True, metavar="NAME", help="Change the document on its way.")
@options.report
@options.strict
@click.option("-q", "--quiet", is_flag=True, help="Show no notices.")
@options.debug
def convert(
    *,
    inputs: tuple[Path, ...],
    reader: str | None,
    writer: str | None,
    output: str | None,
    metadata: tuple[str, ...],
    read_option: tuple[str, ...],
    write_option: tuple[str, ...],
    transforms: tuple[str, ...],
    report: Path | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Convert files, or standard input, from one format to another.

    \b
    wikicable convert page.txt -t markdown
    wikicable convert page.txt -t html -W standalone=true -o page.html
    wikicable convert page.md -f gfm -t dokuwiki -M title="A page" -M tags=a -M tags=b
    wikicable convert wiki/*.txt -t markdown -o out/ --report notices.json --strict
    wikicable convert a.txt b.txt c.txt -t tei -o corpus.xml
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    to = _writer(writer, output)
    paths = inputs or (STDIN,)
    said: dict[str, Any] = {
        "read_options": options.pairs(read_option),
        "write_options": options.pairs(write_option),
        "metadata": options.metadata_values(metadata),
        "transforms": transforms,
    }
    if len(paths) > 1 and to.write_all and output and not _is_folder(output):
        notices = _convert_together(paths, reader, to, Path(output), said)
    else:
        notices = _convert_each(_targets(paths, to, output), reader, to, said)
    return account([*installed().notices, *notices], report, strict=strict, quiet=quiet)


def _convert_each(
    targets: Iterable[tuple[Path, Path | None]], reader: str | None, to: Format, said: dict[str, Any]
) -> list[Notice]:
    """Convert each input to an output of its own."""
    notices: list[Notice] = []
    for path, target in targets:
        source_format = reader or _guessed_reader(path)
        done = conversion(_source(path), source_format, to.name, **said)
        _put(done, target, is_binary=to.is_binary)
        notices += done.notices
    return notices


def _convert_together(
    paths: Sequence[Path], reader: str | None, to: Format, target: Path, said: dict[str, Any]
) -> list[Notice]:
    """Convert all inputs to one output; it is there as a whole or not at all."""
    notices = Notices()
    readers = [reader or _guessed_reader(path) for path in paths]  # an unknown one is said before any work is done
    sources = ((_source(path), name) for path, name in zip(paths, readers, strict=True))
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            file.writelines(together(sources, to.name, notices=notices, **said))
        part.replace(target)
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return list(notices)


def _is_folder(output: str) -> bool:
    return output.endswith("/") or Path(output).is_dir()


def _writer(name: str | None, output: str | None) -> Format:
    formats = installed().formats
    if name:
        return formats.writer(name)
    guessed = formats.by_suffix(Path(output)) if output else None
    if guessed is None:
        raise OptionError("no output format: name one with -t (`wikicable formats` lists all)")
    return formats.writer(guessed.name)


def _guessed_reader(path: Path) -> str:
    guessed = installed().formats.by_suffix(path)
    if guessed is None:
        what = "standard input" if path == STDIN else str(path)
        raise OptionError(f"{what}: cannot tell its format by its name; name one with -f")
    return guessed.name


def _targets(inputs: Sequence[Path], to: Format, output: str | None) -> list[tuple[Path, Path | None]]:
    """Give each input with the file its output goes to; none is stdout."""
    if output is None or output == "-":
        if len(inputs) > 1:
            raise OptionError(f"{len(inputs)} inputs need a folder for their outputs: -o FOLDER/")
        return [(inputs[0], None)]
    if len(inputs) == 1 and not _is_folder(output):
        return [(inputs[0], Path(output))]
    suffix = to.suffixes[0] if to.suffixes else ""
    targets = [Path(output) / ((path.stem if path != STDIN else "stdin") + suffix) for path in inputs]
    target, times = Counter(targets).most_common(1)[0]
    if times > 1:
        raise OptionError(f"{times} inputs would all be written to {target}")
    _make_folder(Path(output))
    return list(zip(inputs, targets, strict=True))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made a folder: {error.strerror or error}") from error


def _source(path: Path) -> Source:
    return Source(sys.stdin.buffer.read(), "<stdin>") if path == STDIN else Source.of(path)


def _put(done: Conversion, target: Path | None, *, is_binary: bool) -> None:
    if target is not None:
        try:
            target.write_bytes(done.data)
        except OSError as error:
            raise InputError(f"{target}: cannot be written: {error.strerror or error}") from error
    elif is_binary and sys.stdout.isatty():
        raise OptionError("this format is not for a terminal: name a file with -o")
    else:
        print_bytes(done.data)
