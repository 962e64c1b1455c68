"""The zip file of a book that is written: in pieces, and the same bytes for the same files.

The first file is ``mimetype``, stored as it is (https://www.w3.org/TR/epub-33/#sec-zip-container-mime).
"""

from __future__ import annotations

import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

FOLDER = "EPUB/"
"""Where the files of the book are, within the container."""

PACKAGE = FOLDER + "package.opf"
_MIMETYPE = b"application/epub+zip"
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="{PACKAGE}" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_EARLIEST, _LATEST = 315532800, 4354819198
"""The first and the last second that a zip file can name: 1980 and 2107."""

_STORED_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".mp3", ".mp4", ".webm", ".m4a")
_PERMISSIONS = 0o100644 << 16


class Container:
    """A zip file that is given piece by piece: what was given is kept no longer."""

    def __init__(self, seconds: int) -> None:
        self._date = time.gmtime(min(max(seconds, _EARLIEST), _LATEST))[:6]
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w")

    def begin(self) -> bytes:
        """Give what every book begins with."""
        return self._put("mimetype", _MIMETYPE, ZIP_STORED) + self._put(
            "META-INF/container.xml", _CONTAINER.encode(), ZIP_DEFLATED
        )

    def put(self, name: str, content: bytes) -> bytes:
        """Give a file of the book, compressed unless it is so already."""
        return self._put(FOLDER + name, content, ZIP_STORED if name.endswith(_STORED_ENDINGS) else ZIP_DEFLATED)

    def end(self) -> bytes:
        """Give the list of all files, which ends the book."""
        self._zip.close()
        return self._sink.take()

    def _put(self, name: str, content: bytes, compression: int) -> bytes:
        info = ZipInfo(name, self._date)
        info.compress_type = compression
        info.create_system = 3
        info.external_attr = _PERMISSIONS
        self._zip.writestr(info, content)
        return self._sink.take()


class _Sink(BytesIO):
    """What is written since it was last taken; places in it count from the beginning of all."""

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0

    def tell(self) -> int:
        return self._taken + super().tell()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        assert whence == 0, "zip files are written from the front"
        return self._taken + super().seek(offset - self._taken)

    def take(self) -> bytes:
        piece = self.getvalue()
        self._taken += len(piece)
        super().seek(0)
        self.truncate(0)
        return piece
