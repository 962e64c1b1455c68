"""The folder a wiki is written to: each file whole or not at all, and nothing outside it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wikicable.errors import InputError
from wikicable.wiki.trees import Blob

STATE_FOLDER = ".wikicable"
"""The folder within the target that says what is ours there."""


class TargetError(InputError):
    """The target cannot be written at all: it is full, or read-only."""


class Target:
    """A folder that files are written to."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._root = os.path.realpath(folder)
        self._made: set[str] = set()
        self._number = 0

    def path(self, relative: str) -> Path:
        """Give the place of a file."""
        return Path(self._root, relative)

    def write(self, relative: str, data: bytes) -> None:
        """Write a file."""
        with self._whole(relative) as temporary:
            Path(temporary).write_bytes(data)

    def stream(self, relative: str, pieces: Iterable[bytes]) -> int:
        """Write a file piece by piece, and give its size."""
        with self._whole(relative) as temporary, Path(temporary).open("wb") as file:
            file.writelines(pieces)
            return file.tell()

    def copy(self, relative: str, blob: Blob) -> int:
        """Copy a file, and give its size."""
        with blob.open() as source, self._whole(relative) as temporary, Path(temporary).open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
            return copy.tell()

    def remove(self, relative: str) -> None:
        """Remove a file, and the folders that are empty without it."""
        path = self.path(relative)
        with suppress(FileNotFoundError, NotADirectoryError):
            if self._is_inside(path.parent):
                path.unlink()
        with suppress(OSError):
            for folder in path.parents:
                if folder == Path(self._root):
                    break
                folder.rmdir()
                self._made.discard(str(folder))

    def size(self, relative: str) -> int:
        """Give the size of a file; -1 if it is not there."""
        try:
            return self.path(relative).stat().st_size
        except OSError:
            return -1

    @contextmanager
    def _whole(self, relative: str) -> Iterator[str]:
        """Give a place to write to; what stands there in the end takes the place of the file."""
        self._number += 1
        temporary = os.path.join(self._root, STATE_FOLDER, f"tmp-{os.getpid()}-{self._number}")  # noqa: PTH118  hot path
        place = os.path.join(self._root, relative)  # noqa: PTH118
        try:
            self._make_folder(os.path.dirname(place))  # noqa: PTH120
            yield temporary
            os.replace(temporary, place)  # noqa: PTH105
        except OSError as error:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
            raise _target_error(relative, error) from error

    def _make_folder(self, folder: str) -> None:
        if folder in self._made:
            return
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        if not self._is_inside(Path(folder)):
            raise InputError(f"{folder}: a link there leads out of the target; not written")
        self._made.add(folder)

    def _is_inside(self, folder: Path) -> bool:
        return folder.resolve().is_relative_to(self._root)


def _target_error(path: str, error: OSError) -> InputError:
    """Tell a file that cannot be written from a target that cannot."""
    message = f"{path}: cannot be written: {error.strerror or error}"
    is_general = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM)
    return TargetError(message) if is_general else InputError(message)
