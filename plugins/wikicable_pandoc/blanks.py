"""Blanks in OpenDocument: pandoc's reader loses the one before ``text:s``, which stands for further ones."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

LARGEST = 64 << 20
"""How many bytes of text are looked at; a larger file is read as it is."""

_CONTENT = "content.xml"
_BLANKS = re.compile(rb' <text:s(?: text:c="(\d{1,6})")? ?/>')


def with_all_blanks(data: bytes) -> bytes:
    """Give the file with all blanks of a run in ``text:s``; what is no such file as it is."""
    try:
        with ZipFile(BytesIO(data)) as old:
            sizes = {each.filename: each.file_size for each in old.infolist()}
            if sum(sizes.values()) > LARGEST or _CONTENT not in sizes:
                return data
            files = {name: old.read(name) for name in sizes}
    except (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        return data
    files[_CONTENT] = _BLANKS.sub(_one_more, files[_CONTENT])
    output = BytesIO()
    with ZipFile(output, "w") as new:
        for name, content in files.items():
            new.writestr(name, content)
    return output.getvalue()


def _one_more(found: re.Match[bytes]) -> bytes:
    return b'<text:s text:c="%d" />' % (int(found[1] or 1) + 1)
