"""Writing through pandoc."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from wikicable import Context, Document
from wikicable.errors import FormatError, InputError, OptionError
from wikicable.native import Encoder
from wikicable.resources import Resource
from wikicable_pandoc import WriteOptions
from wikicable_pandoc.outward import WITH_LINKS_ONLY, WITH_MEDIA, OfficeEncoder, Outward
from wikicable_pandoc.service import environment, pandoc_path, service

_BINARY = frozenset(("docx", "odt", "pptx", "pdf", "chunkedhtml"))


def write(name: str, document: Document, options: WriteOptions, context: Context) -> str | bytes:
    """Write a document in the format that pandoc calls so."""
    _look_for_files(options)
    sent = Outward(name, document, context.notices).document()
    media = dict(sent.resources) if name in WITH_MEDIA else {}
    if lost := [each for each in sent.resources if each not in media]:
        context.notices.dropped("resources", detail=", ".join(lost))
    encoder = (OfficeEncoder if name in WITH_LINKS_ONLY else Encoder)(sent, context.notices)
    text = json.dumps(encoder.document(), ensure_ascii=False).encode()
    if name == "pdf":
        return _pdf(text, media, options)
    header = {
        "way": "write",
        "format": name + options.extensions,
        "standalone": options.standalone or name in _BINARY,
        "toc": options.toc,
        "number_sections": options.number_sections,
        "reference_doc": _absolute(options.reference_doc),
        "template": _absolute(options.template),
    }
    output = service().ask(header, text, media, options.timeout).text
    return output if name in _BINARY else _ended(output.decode("utf-8", "replace"))


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _absolute(name: str) -> str:
    return str(Path(name).absolute()) if name else ""


def _look_for_files(options: WriteOptions) -> None:
    for name in filter(None, (options.reference_doc, options.template)):
        if not Path(name).is_file():
            raise InputError(f"{name}: cannot be read: no such file")


def _pdf(text: bytes, media: dict[str, Resource], options: WriteOptions) -> bytes:
    """Have pandoc run the program that makes a PDF, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, medium in media.items():
            if (place := Path(folder, name)).resolve().parent == Path(folder).resolve():
                place.write_bytes(medium.data)
        command = [pandoc_path(), "-f", "json", "-t", "pdf", "-o", "out.pdf", *_pdf_options(options)]
        try:
            ran = subprocess.run(  # noqa: S603
                command,
                input=text,
                capture_output=True,
                cwd=folder,
                env=environment(),
                timeout=options.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise InputError(f"pandoc took longer than {options.timeout} seconds, and was stopped") from error
        if ran.returncode == 47:
            raise OptionError("a PDF needs a program that makes it: install typst, weasyprint or a LaTeX")
        if ran.returncode:
            raise FormatError(f"pandoc: {' '.join(ran.stderr.decode('utf-8', 'replace').split())[:300]}")
        return Path(folder, "out.pdf").read_bytes()


def _pdf_options(options: WriteOptions) -> list[str]:
    flags = [("--toc", options.toc), ("--number-sections", options.number_sections)]
    chosen = [flag for flag, is_set in flags if is_set]
    return ["--sandbox", *chosen, *([f"--template={_absolute(options.template)}"] if options.template else [])]
