"""The command line: it parses, calls, prints.

Results go to stdout or to files, messages to stderr; text is UTF-8 whatever the locale.  ``main`` ends
with the exit codes of ``errors.py``; 3 is ``--strict``'s, and 63 an error that is the program's own.
"""

from __future__ import annotations

import gc
import json
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from wikicable import __version__
from wikicable.convert import Conversion, conversion, together
from wikicable.errors import InputError, OptionError, WikicableError
from wikicable.formats import Format, option_fields
from wikicable.model import MetaValue
from wikicable.notices import Notice, Notices
from wikicable.plugins import installed
from wikicable.source import Source

LOSSES = 3
USAGE = OptionError.exit_code
INTERNAL = 63
INTERRUPTED = 130
STDIN = Path("-")


def main() -> None:
    """Run the program, and never end in a traceback."""
    gc.disable()  # a run is short and makes no cycles to speak of; to look for them takes a tenth of its time
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line, and give the exit code."""
    try:
        return cli.main(list(arguments), prog_name="wikicable", standalone_mode=False) or 0
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except WikicableError as error:
        _say(f"wikicable: {error}")
        return error.exit_code
    except Exception as error:  # noqa: BLE001  a person gets a sentence, whatever happened
        if "--debug" in arguments:
            traceback.print_exc()
        _say(
            f"wikicable: a fault of the program, {type(error).__name__}: {error}"
            " -- please report it with the input and the command; --debug shows where it happened"
        )
        return INTERNAL


_debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a fault of the program.")


class _Commands(click.Group):
    """The subcommands; those for whole wikis are imported when one of them is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_FOR_WIKIS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _FOR_WIKIS:
            command: click.Command = getattr(import_module("wikicable.wiki.commands"), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


_FOR_WIKIS = ("batch", "check")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wikicable", message="%(prog)s %(version)s")
@_debug
def cli() -> None:
    """Convert between DokuWiki markup, Markdown, HTML and other formats, losing nothing silently."""


# -- convert -------------------------------------------------------------------------------------


@cli.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path(path_type=Path))
@click.option("-f", "--from", "reader", metavar="FORMAT", help="The input's format; else guessed from its suffix.")
@click.option("-t", "--to", "writer", metavar="FORMAT", help="The output's format; else guessed from its suffix.")
@click.option("-o", "--output", metavar="FILE", help="A file, or a folder for the outputs of many.")
@click.option("-M", "--metadata", multiple=True, metavar="KEY=VALUE", help="Say this of the page; again for a list.")
@click.option("-R", "--read-option", multiple=True, metavar="KEY=VALUE", help="An option of the reader.")
@click.option("-W", "--write-option", multiple=True, metavar="KEY=VALUE", help="An option of the writer.")
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="Write every notice there, as JSON.")
@click.option("--strict", is_flag=True, help="End with exit code 3 if something was dropped or changed.")
@click.option("-q", "--quiet", is_flag=True, help="Show no notices.")
@_debug
def convert(
    *,
    inputs: tuple[Path, ...],
    reader: str | None,
    writer: str | None,
    output: str | None,
    metadata: tuple[str, ...],
    read_option: tuple[str, ...],
    write_option: tuple[str, ...],
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
        "read_options": _pairs(read_option),
        "write_options": _pairs(write_option),
        "metadata": _metadata(metadata),
    }
    if len(paths) > 1 and to.write_all and output and not _is_folder(output):
        notices = _convert_together(paths, reader, to, Path(output), said)
    else:
        notices = _convert_each(_targets(paths, to, output), reader, to, said)
    return _account([*installed().notices, *notices], report, strict=strict, quiet=quiet)


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
        _print(done.data)


def _pairs(options: Iterable[str]) -> dict[str, object]:
    """Read ``key=value``; a key alone is true."""
    return {key: value if equals else "true" for key, equals, value in (option.partition("=") for option in options)}


def _metadata(options: Iterable[str]) -> dict[str, MetaValue]:
    """Read ``key=value``; values of a key given more than once are a list, a key alone is true."""
    values: dict[str, list[MetaValue]] = {}
    for key, equals, value in (option.partition("=") for option in options):
        values.setdefault(key, []).append(value if equals else True)
    return {key: given if len(given) > 1 else given[0] for key, given in values.items()}


def _account(notices: list[Notice], report: Path | None, *, strict: bool, quiet: bool) -> int:
    """Show and report what was not carried over as it stood, and give the exit code."""
    if notices and not quiet:
        for notice in notices:
            _say(str(notice))
        counts = Counter(str(notice.kind) for notice in notices)
        _say(f"notices: {', '.join(f'{count} {kind}' for kind, count in counts.items())}")
    if report:
        _write_json(report, [notice.as_json() for notice in notices])
    losses = sum(notice.is_loss for notice in notices)
    if strict and losses:
        _say(f"wikicable: --strict: {losses} dropped or changed")
        return LOSSES
    return 0


# -- formats and plugins -------------------------------------------------------------------------


@cli.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the options of each.")
@_debug
def formats(name: str | None, as_json: bool) -> None:
    """List the formats, or show the options of one."""
    known = installed().formats
    chosen = [_format(name)] if name else list(known.values())
    if as_json:
        _print_json([_described(form) for form in chosen])
    elif name:
        _print("".join(_option_lines(chosen[0])).encode())
    else:
        rows = [("name", "reads", "writes", "files", "what"), *map(_row, chosen)]
        _print(_table(rows).encode())


def _format(name: str) -> Format:
    known = installed().formats
    return known[name] if name in known else known.reader(name)


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
        "read_options": _options(form.read_options),
        "write_options": _options(form.write_options),
    }


def _options(kind: type[Any]) -> list[dict[str, str]]:
    return [{"name": name, "default": default, "help": what} for name, default, what in option_fields(kind)]


def _option_lines(form: Format) -> Iterable[str]:
    yield f"{form.name}: {form.title}\n"
    for letter, side, kind in (("R", "reader", form.read_options), ("W", "writer", form.write_options)):
        rows = [(f"  -{letter} {name}={default}", what) for name, default, what in option_fields(kind)]
        if rows:
            yield f"{side} options, with their defaults:\n" + _table(rows)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_debug
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
        _print_json({"plugins": listed, "broken": [notice.detail for notice in found.notices]})
        return
    head = ("name", "distribution", "version", "hooks", "formats")
    _print(_table([head, *(tuple(map(_cell, plugin.values())) for plugin in listed)]).encode())
    for notice in found.notices:
        _say(str(notice))


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


# -- output --------------------------------------------------------------------------------------


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _print_json(value: object) -> None:
    _print((json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode())


def _write_json(path: Path, value: object) -> None:
    try:
        path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8", "backslashreplace")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _print(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _say(line: str) -> None:
    click.echo(line, err=True)
