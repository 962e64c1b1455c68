"""Folders and archives as trees of files, read where they lie: nothing is unpacked.

Only what lies in a tree can be read from it: a member that climbs out of its archive, and a link, are left out
and said.  A blob is the address of one file's bytes; it can be sent to another process.
"""

from __future__ import annotations

import io
import os
import posixpath
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol

from wikicable.errors import InputError
from wikicable.notices import Notices

MAX_PAGE = 1 << 28
"""Bytes of a file that is read into memory: more is no page, but a bomb."""

_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
"""What damaged and encrypted archives raise."""


# -- blobs ---------------------------------------------------------------------------------------


class Blob(Protocol):
    """The address of a file's bytes."""

    def open(self) -> IO[bytes]:
        """Open the file for reading."""
        ...


@dataclass(frozen=True, slots=True)
class FileBlob:
    """A file of a folder."""

    path: str

    def open(self) -> IO[bytes]:
        """Open the file for reading."""
        return Path(self.path).open("rb")


@dataclass(frozen=True, slots=True)
class SliceBlob:
    """A member of a tar archive that is not compressed: a part of a file."""

    path: str
    offset: int
    size: int

    def open(self) -> IO[bytes]:
        """Open the part for reading."""
        with Path(self.path).open("rb") as archive:
            archive.seek(self.offset)
            return io.BytesIO(archive.read(self.size))


@dataclass(frozen=True, slots=True)
class ZipBlob:
    """A member of a zip archive."""

    path: str
    member: str

    def open(self) -> IO[bytes]:
        """Open the member for reading."""
        return _zip_archive(self.path, os.getpid()).open(self.member)


@lru_cache(maxsize=4)
def _zip_archive(path: str, _process: int) -> zipfile.ZipFile:
    """Open an archive once in each process: its table of contents is long, and the place in a file is not shared."""
    return zipfile.ZipFile(path)


@dataclass(frozen=True, slots=True)
class HeldBlob:
    """Bytes at hand, from an archive that can only be read in order."""

    data: bytes = field(repr=False)

    def open(self) -> IO[bytes]:
        """Open the bytes for reading."""
        return io.BytesIO(self.data)


def read_blob(blob: Blob, name: str, limit: int = MAX_PAGE) -> bytes:
    """Read a file, or say in one line why it cannot be read."""
    try:
        with blob.open() as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}") from error
    except _BROKEN as error:
        raise InputError(f"{name}: the archive is damaged or encrypted: {error}") from error
    if len(data) > limit:
        raise InputError(f"{name}: larger than {limit >> 20} MiB, which is no page")
    return data


# -- trees ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree: its size, and a stamp that changes when the file does."""

    size: int
    stamp: str


class Tree(Protocol):
    """Files by path, with ``/`` between the names; paths are relative and have no dots."""

    name: str
    entries: dict[str, Entry]

    def blobs(self, paths: Collection[str]) -> Iterator[tuple[str, Blob]]:
        """Give the blobs of some files, in the order in which they are best read."""
        ...


@dataclass
class FolderTree:
    """The files of a folder."""

    name: str
    entries: dict[str, Entry]

    def blobs(self, paths: Collection[str]) -> Iterator[tuple[str, Blob]]:
        """Give the blobs of some files."""
        return ((path, FileBlob(f"{self.name}/{path}")) for path in paths)


@dataclass
class ZipTree:
    """The members of a zip archive, which can be read in any order."""

    name: str
    entries: dict[str, Entry]
    members: dict[str, str]

    def blobs(self, paths: Collection[str]) -> Iterator[tuple[str, Blob]]:
        """Give the blobs of some members."""
        return ((path, ZipBlob(self.name, self.members[path])) for path in paths)


@dataclass
class TarTree:
    """The members of a tar archive that is not compressed, which can be read in any order."""

    name: str
    entries: dict[str, Entry]
    offsets: dict[str, int]

    def blobs(self, paths: Collection[str]) -> Iterator[tuple[str, Blob]]:
        """Give the blobs of some members."""
        return ((path, SliceBlob(self.name, self.offsets[path], self.entries[path].size)) for path in paths)


@dataclass
class StreamTree:
    """The members of a compressed tar archive, which is read from its begin to its end, as often as it is asked.

    Of two members of one name the last counts, as it does for ``tar``.
    """

    name: str
    entries: dict[str, Entry]
    order: dict[str, int]

    def blobs(self, paths: Collection[str]) -> Iterator[tuple[str, Blob]]:
        """Give the blobs of some members, in the order of the archive."""
        wanted = {self.order[path]: path for path in paths}
        last = max(wanted, default=-1)
        with _tar(self.name) as archive:
            for number, member in enumerate(archive):
                if number in wanted:
                    stream = archive.extractfile(member)
                    assert stream is not None, "only files are listed"
                    yield wanted[number], HeldBlob(stream.read())
                if number >= last:
                    return


# -- opening -------------------------------------------------------------------------------------


def open_tree(path: Path, notices: Notices) -> Tree:
    """Open a folder or an archive, whichever lies there."""
    if path.is_dir():
        return _folder(path, notices)
    if not path.is_file():
        raise InputError(f"{path}: no such file or folder")
    if zipfile.is_zipfile(path):
        return _zip(str(path), notices)
    with _tar(str(path)) as archive:
        return _members(str(path), archive, notices)


def _folder(root: Path, notices: Notices) -> FolderTree:
    entries: dict[str, Entry] = {}
    pending = [""]
    while pending:
        inside = pending.pop()
        for item in _listed(root, inside, notices):
            path = f"{inside}{item.name}"
            if item.is_symlink() and not _is_own_file(root, item):
                notices.dropped("source.link", detail=f"{path}: a link to a folder, out of the source or to nothing")
            elif item.is_dir():
                pending.append(f"{path}/")
            elif item.is_file():
                state = item.stat()
                entries[path] = Entry(state.st_size, f"{state.st_size}:{state.st_mtime_ns}")
            else:
                notices.dropped("source.special", detail=f"{path}: not a file")
    return FolderTree(str(root), dict(sorted(entries.items())))


def _listed(root: Path, inside: str, notices: Notices) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / inside) as items:
            return list(items)
    except OSError as error:
        notices.missing("source.unreadable", detail=f"{inside or root}: {error.strerror or error}")
        return []


def _is_own_file(root: Path, link: os.DirEntry[str]) -> bool:
    """Whether a link leads to a file of the same tree."""
    try:
        place = Path(link.path).resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return place.is_file() and place.is_relative_to(root.resolve())


def _zip(path: str, notices: Notices) -> ZipTree:
    tree = ZipTree(path, {}, {})
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = _safe_path(member.filename, notices)
                is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
                if is_link:
                    notices.dropped("source.link", detail=f"{member.filename}: a link in an archive")
                elif name and not member.is_dir():
                    _note_double(name, tree.entries, notices)
                    tree.entries[name] = Entry(member.file_size, f"{member.file_size}:{member.CRC:08x}")
                    tree.members[name] = member.filename
    except _BROKEN as error:
        raise InputError(f"{path}: the archive is damaged: {error}") from error
    return ZipTree(path, dict(sorted(tree.entries.items())), tree.members)


def _members(path: str, archive: tarfile.TarFile, notices: Notices) -> Tree:
    entries: dict[str, Entry] = {}
    offsets: dict[str, int] = {}
    order: dict[str, int] = {}
    is_sparse = False
    for number, member in enumerate(archive):
        name = _safe_path(member.name, notices)
        is_sparse = is_sparse or member.issparse()
        if member.isfile() and name:
            _note_double(name, entries, notices)
            entries[name] = Entry(member.size, f"{member.size}:{member.mtime}")
            offsets[name], order[name] = member.offset_data, number
        elif name and not member.isdir():
            notices.dropped("source.link", detail=f"{member.name}: a link or a device in an archive")
    entries = dict(sorted(entries.items()))
    if _compression(path) or is_sparse:
        return StreamTree(path, entries, order)
    return TarTree(path, entries, offsets)


def _safe_path(written: str, notices: Notices) -> str:
    """Give the path of a member within its archive, or nothing if it leads out."""
    path = written.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or "\0" in path or path[1:2] == ":":
        notices.dropped("source.path", detail=f"{written}: leads out of the archive")
        return ""
    return posixpath.join(*parts) if parts else ""


def _note_double(name: str, entries: Collection[str], notices: Notices) -> None:
    if name in entries:
        notices.guessed("source.double", detail=f"{name}: twice in the archive; the last counts")


# -- tar -----------------------------------------------------------------------------------------

_MAGIC = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zst"}


def _compression(path: str) -> str:
    """Tell by its first bytes how a file is compressed; empty for not at all."""
    with Path(path).open("rb") as file:
        head = file.read(6)
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")


@contextmanager
def _tar(path: str) -> Iterator[tarfile.TarFile]:
    """Open a tar archive for reading in order, whatever it is compressed with."""
    try:
        kind = _compression(path)
        with Path(path).open("rb") as file, _opened(file, kind, path) as archive:
            yield archive
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except _BROKEN as error:
        raise InputError(f"{path}: no folder, zip or tar archive, or a damaged one: {error}") from error


def _opened(file: IO[bytes], kind: str, path: str) -> tarfile.TarFile:
    if not kind:
        return tarfile.open(fileobj=file, mode="r:")
    return tarfile.open(fileobj=_zstd(file, path) if kind == "zst" else file, mode="r|*")


def _zstd(file: IO[bytes], path: str) -> IO[bytes]:
    """Decompress zstd with Python's own module, where it has one, or the package ``zstandard``."""
    for name in ("compression.zstd", "zstandard"):
        try:
            stream: IO[bytes] = import_module(name).open(file, "rb")
        except ImportError:
            continue
        return stream
    raise InputError(f"{path}: tar.zst needs Python 3.14 or `pip install wikicable[zstd]`")
