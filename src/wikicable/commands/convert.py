"""``wikicable convert``: files, or standard input, from one format to another."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click

from wikicable.commands import defaults, options
from wikicable.commands.defaults import with_defaults
from wikicable.commands.files import STDIN, guessed_reader, make_folder, source_of
from wikicable.commands.output import account, print_bytes, say_more, tell_more
from wikicable.convert import Conversion, apart, conversion, together, written
from wikicable.errors import InputError, OptionError
from wikicable.formats import Format
from wikicable.links import page_ids
from wikicable.notices import Notice, Notices
from wikicable.plugins import installed
from wikicable.source import Source

_PAGE = "page"
"""The part that is converted if no other is asked for."""


@click.command(cls=options.Ordered)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path(path_type=Path))
@options.from_format
@options.to_format
@click.option("-o", "--output", metavar="FILE", help="A file, or a folder for the outputs of many.")
@click.option("-M", "--metadata", multiple=True, metavar="KEY=VALUE", help="Say this of the page; again for a list.")
@options.read_option
@options.write_option
@options.transform
@options.filter_
@options.lua_filter
@click.option("--media", multiple=True, metavar="DIR", help="Take the media from this folder, a wiki's `media`.")
@click.option("--extract-media", multiple=True, metavar="DIR", help="Write the media of the input into this folder.")
@click.option("--part", default=_PAGE, metavar="PART", help="`original`: the file in the page; `original:NAME`.")
@options.report
@options.strict
@click.option("-q", "--quiet", is_flag=True, help="Show no notices.")
@click.option("-v", "--verbose", is_flag=True, expose_value=False, callback=tell_more, help="Tell what is done.")
@defaults.option
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
    filters: tuple[str, ...],
    lua_filters: tuple[str, ...],
    media: tuple[str, ...],
    extract_media: tuple[str, ...],
    part: str,
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
    wikicable convert corpus.xml -t markdown -o out/
    wikicable convert page.txt -t docx -o page.docx --lua-filter shorten.lua
    wikicable convert --defaults house.yaml page.txt
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    to = _writer(writer, output)
    paths = inputs or (STDIN,)
    said: dict[str, Any] = {
        "read_options": with_defaults("read_options", options.pairs(read_option)),
        "write_options": with_defaults("write_options", options.pairs(write_option)),
        "metadata": with_defaults("metadata", options.metadata_values(metadata)),
        "transforms": options.in_order(
            transforms=transforms, filters=filters, lua_filters=lua_filters, media=media, extract_media=extract_media
        ),
    }
    readers = [reader or guessed_reader(path) for path in paths]  # an unknown one is said before any work is done
    holds_several = len(paths) > 1 or installed().formats.reader(readers[0]).read_all is not None
    file = output if holds_several and part == _PAGE and output != "-" else None
    if file and to.write_all and not _is_folder(file):
        notices = _convert_together(paths, readers, to, Path(file), said)
    elif file and (len(paths) > 1 or _is_folder(file)):
        notices = _convert_apart(_targets(paths, to, file), readers, to, Path(file), said)
    else:
        notices = _convert_each(_targets(paths, to, output), readers, to, part, said)
    return account([*installed().notices, *notices], report, strict=strict, quiet=quiet)


def _convert_each(
    targets: Iterable[tuple[Path, Path | None]], readers: Iterable[str], to: Format, part: str, said: dict[str, Any]
) -> list[Notice]:
    """Convert each input, or the file in it, to an output of its own."""
    notices: list[Notice] = []
    for (path, target), source_format in zip(targets, readers, strict=True):
        source = source_of(path)
        done = (
            conversion(source, source_format, to.name, **said)
            if part == _PAGE
            else _original(source, source_format, to, part, said)
        )
        _put(done.data, target, is_binary=to.is_binary)
        say_more(f"{path}: {source_format} to {to.name}, {len(done.data)} bytes to {target or 'standard output'}")
        notices += done.notices
    return notices


def _convert_apart(
    targets: Iterable[tuple[Path, Path | None]], readers: Iterable[str], to: Format, folder: Path, said: dict[str, Any]
) -> list[Notice]:
    """Convert each input to an output of its own or, if it holds several documents, to one for each of these."""
    from wikicable.wiki.paths import DocumentPaths  # noqa: PLC0415  start-up pays only for what is used

    gc.enable()  # such a run may be long, and each document leaves a cycle or two
    notices = Notices()
    paths = DocumentPaths(to, notices)
    for (path, target), reader in zip(targets, readers, strict=True):
        notices.source = source_of(path)
        done = apart(notices.source, reader, to.name, notices=notices, **said)
        first, second = next(done), next(done, None)
        if second is None:
            _put(first[1], target, is_binary=to.is_binary)
            say_more(f"{path}: {reader} to {to.name}, {len(first[1])} bytes to {target}")
            continue
        for number, (document, data) in enumerate(chain((first, second), done), 1):
            place = folder / paths.of(document, number)
            make_folder(place.parent)
            _put(data, place, is_binary=to.is_binary)
    return list(notices)


def _original(page: Source, reader: str, to: Format, part: str, said: dict[str, Any]) -> Conversion:
    """Convert the file in a page; the options are those of its own reader."""
    from wikicable.originals import original  # noqa: PLC0415  start-up pays only for what is used

    what, _, name = part.partition(":")
    if what != "original":
        raise OptionError(f"--part takes page, original or original:NAME, not {part!r}")
    document, notices = original(page, reader, name, **said["read_options"])
    options = {key: value for key, value in said.items() if key != "read_options"}
    return written(document, to.name, notices, **options)


def _convert_together(
    paths: Sequence[Path], readers: Sequence[str], to: Format, target: Path, said: dict[str, Any]
) -> list[Notice]:
    """Convert all inputs to one output; it is there as a whole or not at all."""
    gc.enable()
    notices = Notices()
    sources = ((source_of(path), name) for path, name in zip(paths, readers, strict=True))
    ids = page_ids(list(map(str, paths)))
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            file.writelines(together(sources, to.name, notices=notices, page_ids=ids, **said))
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
    make_folder(Path(output))
    return list(zip(inputs, targets, strict=True))


def _put(data: bytes, target: Path | None, *, is_binary: bool) -> None:
    if target is not None:
        try:
            target.write_bytes(data)
        except OSError as error:
            raise InputError(f"{target}: cannot be written: {error.strerror or error}") from error
    elif is_binary and sys.stdout.isatty():
        raise OptionError("this format is not for a terminal: name a file with -o")
    else:
        print_bytes(data)
