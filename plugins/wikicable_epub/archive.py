"""The zip file of a book that is read: nothing outside it is reached, and no more unfolds than a book may hold."""

from __future__ import annotations

import posixpath
import re
import zlib
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from wikicable.errors import FormatError
from wikicable.source import Source

_SMALL = 64 << 20
_MOST_TIMES = 100
"""A book may unfold to 64 MB, and a large one to a hundred times what its file holds."""

_MOST_FILES = 100_000
_DRIVE = re.compile(r"[a-zA-Z]:")
_ENCRYPTED = 1
_OBFUSCATED = frozenset(("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"))
"""Ways to make fonts unusable elsewhere, which hide no text."""


class Archive:
    """The files of one book by their names."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        try:
            self._zip = ZipFile(BytesIO(source.data))
        except (BadZipFile, ValueError, NotImplementedError, OSError, IndexError) as error:
            raise FormatError(f"{source.name}: no EPUB: it is no zip file, or a broken one ({error})") from error
        self._files = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        self._check(source)

    def _check(self, source: Source) -> None:
        for info in self._zip.infolist():
            if not _stays_inside(info.filename):
                raise FormatError(f"{self.name}: refused: its file {info.filename!r} leads out of the book")
        most = max(_SMALL, _MOST_TIMES * len(source.data))
        total = sum(info.file_size for info in self._zip.infolist())
        if total > most or len(self._files) > _MOST_FILES:
            raise FormatError(
                f"{self.name}: refused: {len(source.data)} bytes would unfold to {total} bytes"
                f" in {len(self._files)} files; a book of that size may hold {most}"
            )

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""
        info = self._files.get(name)
        if info is None:
            raise FormatError(f"{self.name}: no EPUB: there is no {name} in it")
        if info.flag_bits & _ENCRYPTED:
            raise FormatError(f"{self.name}: encrypted: {name} cannot be read without a password")
        return self._unfolded(info)

    def _unfolded(self, info: ZipInfo) -> bytes:
        try:
            with self._zip.open(info) as file:
                return file.read(info.file_size + 1)  # no more than it says: what lies about its size is broken
        except (BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
            raise FormatError(f"{self.name}: broken: {info.filename} cannot be read ({error})") from error

    def xml(self, name: str) -> etree._Element:
        """Give a file of XML; entities that it declares are refused."""
        content = self.read(name)
        guard = expat.ParserCreate()
        guard.EntityDeclHandler = lambda *_: self._refuse_entities(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            guard.Parse(content, True)
            return etree.fromstring(content, parser)
        except (expat.ExpatError, etree.XMLSyntaxError, ValueError) as error:
            raise FormatError(f"{self.name}: broken: {name} is not well-formed ({error})") from error

    def _refuse_entities(self, name: str) -> None:
        raise FormatError(f"{self.name}: refused: {name} declares entities")

    def encrypted(self) -> frozenset[str]:
        """Name the files that only a key opens."""
        place = "META-INF/encryption.xml"
        if place not in self._files:
            return frozenset()
        found = set()
        for each in self.xml(place).iter("{*}EncryptedData"):
            methods = {method.get("Algorithm", "") for method in each.iter("{*}EncryptionMethod")}
            if not methods & _OBFUSCATED:
                found |= {reference.get("URI", "") for reference in each.iter("{*}CipherReference")}
        return frozenset(found)


def _stays_inside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return not (name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in parts or "\0" in name)


def resolved(reference: str, base: str) -> str | None:
    """Give the file that a path in the file ``base`` names; none if that leads out of the book.

    A path from the root is one within the book (https://www.w3.org/TR/epub-33/#sec-container-iri).
    """
    path = reference.lstrip("/") if reference.startswith("/") else posixpath.join(posixpath.dirname(base), reference)
    path = posixpath.normpath(path)
    return None if path.startswith("..") else path
