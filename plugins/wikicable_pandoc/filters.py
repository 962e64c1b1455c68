"""pandoc's filters as transforms: ``--filter`` and ``--lua-filter``."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from wikicable import Context, Document
from wikicable.errors import InputError, OptionError
from wikicable.native import read_json, write_json
from wikicable.source import Source
from wikicable.transforms import Transform
from wikicable_pandoc.service import environment, pandoc_path

TIMEOUT = 60


def _filter(option: str) -> Callable[[Document, str, Context], Document]:
    def apply(document: Document, value: str, context: Context) -> Document:
        if not value:
            raise OptionError(f"{option} needs a file: --transform {option}=FILE")
        sent = write_json(replace(document, resources=type(document.resources)()), context.notices)
        output = _run([f"--{option}", _place(value)], sent.encode(), value)
        changed = read_json(Source(output, value), context.notices)
        return replace(changed, resources=document.resources, conf=document.conf)

    return apply


def _place(name: str) -> str:
    """Give the place of a file; what is no file here is left to pandoc to find."""
    return str(Path(name).absolute()) if Path(name).exists() else name


def _run(options: list[str], text: bytes, name: str) -> bytes:
    command = [pandoc_path(), "--sandbox", "-f", "json", "-t", "json", *options]
    try:
        ran = subprocess.run(  # noqa: S603
            command, input=text, capture_output=True, env=environment(), timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{name}: the filter took longer than {TIMEOUT} seconds, and was stopped") from error
    if ran.returncode:
        said = " ".join(ran.stderr.decode("utf-8", "replace").split())
        raise InputError(f"{name}: the filter failed: {said[:300]}")
    return ran.stdout


FILTERS = (
    Transform("filter", "A program that changes pandoc's JSON: filter=PROGRAM", _filter("filter")),
    Transform("lua-filter", "A Lua filter of pandoc's: lua-filter=FILE", _filter("lua-filter")),
)
