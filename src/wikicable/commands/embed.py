"""``wikicable embed``: a file into a page."""

from __future__ import annotations

from pathlib import Path

import click

from wikicable.commands import options
from wikicable.commands.files import guessed_reader, replace_file
from wikicable.commands.output import print_bytes
from wikicable.originals import embed as embed_file
from wikicable.source import Source


@click.command()
@click.argument("page", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="The name it has in the page; else that of FILE.")
@click.option("-o", "--output", metavar="FILE", help="Write the page there, `-` for stdout, and leave PAGE as it is.")
@click.option("-f", "--from", "reader", metavar="FORMAT", help="The page's format; else guessed from its suffix.")
@options.debug
def embed(*, page: Path, file: Path, name: str | None, output: str | None, reader: str | None) -> None:
    """Put FILE into PAGE, in place of the file that `extract` writes under that name, or at the end.

    All else in the page stays as it is, byte by byte.

    \b
    wikicable embed page.txt originals/07TOKYO1716.rtf
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    source = Source.of(page)
    data = embed_file(source, reader or guessed_reader(page), Source.of(file), name or file.name)
    if output == "-":
        print_bytes(data)
    elif output is not None or data != source.data:
        replace_file(Path(output) if output else page, data)
