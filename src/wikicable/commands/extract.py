"""``wikicable extract``: the files that are embedded in pages."""

from __future__ import annotations

import os
from pathlib import Path

import click

from wikicable.commands import options
from wikicable.commands.files import guessed_reader, make_folder, source_of
from wikicable.commands.output import account, print_bytes
from wikicable.errors import OptionError
from wikicable.formats import Format
from wikicable.notices import Notices
from wikicable.originals import extract as extract_files
from wikicable.plugins import installed


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Where to.")
@click.option("--as", "form", metavar="FORMAT", help="Make plain text that is named as a file of FORMAT one.")
@click.option("-f", "--from", "reader", metavar="FORMAT", help="The pages' format; else guessed from their suffix.")
@options.report
@options.strict
@click.option("-q", "--quiet", is_flag=True, help="Show no notices.")
@options.debug
def extract(
    *,
    inputs: tuple[Path, ...],
    output: Path,
    form: str | None,
    reader: str | None,
    report: Path | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Write the files embedded in pages to a folder, bytes unchanged, and print their paths.

    \b
    wikicable extract page.txt -o originals
    wikicable extract pages/*.txt -o originals --as rtf
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    shape = _shape(form) if form else None
    readers = [reader or guessed_reader(path) for path in inputs]  # before anything is written
    make_folder(output)
    notices = Notices()
    for path, name in zip(inputs, readers, strict=True):
        notices.source = source_of(path)
        for written in extract_files(notices.source, name, output, notices, shape):
            print_bytes(os.fsencode(written) + b"\n")
    return account([*installed().notices, *notices], report, strict=strict, quiet=quiet)


def _shape(name: str) -> Format:
    form = installed().formats.writer(name)
    if form.sniff is None:
        able = ", ".join(each.name for each in installed().formats.values() if each.sniff and each.write)
        raise OptionError(f"--as {name}: a file of it cannot be told from plain text (these can: {able})")
    return form
