"""pandoc as a process that converts one document after another.

pandoc's own server needs a threaded runtime, which the binary of ``pypandoc_binary`` has not; ``pandoc lua`` with
``service.lua`` is the same thing over a pipe.  Readers run in pandoc's sandbox.  Writers are given every medium they
may embed, and no page can make them ask for another: ``writer`` sees to that.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

import pypandoc

from wikicable.errors import FormatError, InputError
from wikicable.resources import Resource

SCRIPT = Path(__file__).with_name("service.lua")
_EPOCH = "315619200"
"""The time that files say they were made at, where nobody says another: the second of January 1980."""


@dataclass(frozen=True)
class Answer:
    """What pandoc gave: a text, and the media of a document it read."""

    text: bytes
    media: Mapping[str, Resource]


class Service:
    """A pandoc that waits for documents; one that hangs or dies costs one document, and is started anew."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, header: Mapping[str, Any], text: bytes, media: Mapping[str, Resource], timeout: int) -> Answer:
        """Have a document converted, or raise ``FormatError`` or ``InputError``."""
        process = self._process = self._process or _started()
        watch = Timer(timeout, process.kill)
        watch.start()
        try:
            _send(process, header, text, media)
            return _received(process)
        except (OSError, ValueError) as error:
            self.close()
            why = f"took longer than {timeout} seconds" if watch.finished.is_set() else "died"
            raise InputError(f"pandoc {why}, and was stopped") from error
        finally:
            watch.cancel()

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process:
            process.kill()
            with process:  # waits for it, and closes the pipes
                assert process.stdin
                with suppress(BrokenPipeError):
                    process.stdin.close()


def service() -> Service:
    """Give the pandoc of this process: a process that was forked starts its own."""
    return _service_of(os.getpid())


@cache
def _service_of(_process: int) -> Service:
    made = Service()
    atexit.register(made.close)
    return made


def pandoc_path() -> str:
    """Give the place of pandoc, or say in one line that there is none."""
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise InputError("pandoc is not installed: pip install pypandoc_binary") from error


def environment() -> dict[str, str]:
    """Give what pandoc is to know of the world: files it makes are the same each time."""
    return {"SOURCE_DATE_EPOCH": _EPOCH, **os.environ, "LC_ALL": "C.UTF-8"}


def _started() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  what pypandoc has brought
            [pandoc_path(), "lua", str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd=tempfile.gettempdir(),
        )
    except OSError as error:
        raise InputError(f"pandoc cannot be started: {error.strerror or error}") from error


def _send(
    process: subprocess.Popen[bytes], header: Mapping[str, Any], text: bytes, media: Mapping[str, Resource]
) -> None:
    assert process.stdin
    named = [{"name": name, "type": each.media_type, "size": len(each.data)} for name, each in media.items()]
    encoded = json.dumps({**header, "size": len(text), "media": named}).encode()
    process.stdin.writelines((b"%d\n" % len(encoded), encoded, text, *(each.data for each in media.values())))
    process.stdin.flush()


def _received(process: subprocess.Popen[bytes]) -> Answer:
    """Read an answer; one that ends too early is a ``ValueError``."""
    assert process.stdout
    header = json.loads(_exactly(process, int(process.stdout.readline())))
    text = _exactly(process, header["size"])
    media = {each["name"]: Resource(_exactly(process, each["size"]), each["type"]) for each in header["media"]}
    if header["error"]:
        raise FormatError(f"pandoc: {_first_lines(header['error'].splitlines())}")
    return Answer(text, media)


def _exactly(process: subprocess.Popen[bytes], size: int) -> bytes:
    assert process.stdout
    data = process.stdout.read(size)
    if len(data) < size:
        raise ValueError("pandoc ended in the middle of an answer")
    return data


def _first_lines(lines: Iterable[str]) -> str:
    return "; ".join(line.strip() for line in lines if line.strip() and "stack traceback" not in line)[:300]
