"""Media of a document and the folder they are kept in: as in a wiki's ``media``, a folder for each namespace.

A name on disk is an id's with its colons as slashes, plain or percent-encoded, as DokuWiki has them.  Nothing outside
the folder is read or written, whatever an id or a link says.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

from wikicable.errors import InputError, OptionError
from wikicable.formats import Context
from wikicable.links import resolve_media
from wikicable.model import Document, Image, Link, MediaTarget
from wikicable.resources import Resource, Resources
from wikicable.walk import walk

_LARGEST = 1 << 28
"""Files larger than 256 MB are not taken into a document."""


def with_media(document: Document, value: str, context: Context) -> Document:
    """Load the media a document refers to from the folder ``value``; what is not there is the writer's to say."""
    folder = Path(value)
    if not folder.is_dir():
        raise OptionError(f"--media takes the folder with a wiki's media; {value} is none")
    found = dict(document.resources)
    for media_id in media_ids(document):
        path = _file_of(media_id, folder)
        if media_id not in found and path is not None and (content := _bytes(path, context)) is not None:
            found[media_id] = Resource(content, document.conf.media_type(media_id) or _kind(path))
    return replace(document, resources=Resources(found))


def media_ids(document: Document) -> Iterator[str]:
    """Give the full ids of the media that a document refers to, each once."""
    page_id, seen = document.metadata.page_id or "", set()
    for node in walk(document):
        match node:
            case Image(target=MediaTarget() as target) | Link(target=MediaTarget() as target):
                media_id = resolve_media(target, page_id, document.conf)
                if media_id and "//" not in media_id and media_id not in seen:
                    seen.add(media_id)
                    yield media_id
            case _:
                pass


def _file_of(media_id: str, folder: Path) -> Path | None:
    """Give the file of a medium, if it is in the folder and not behind a link that leads out of it."""
    parts = media_id.split(":")
    for names in (parts, [quote(part, safe="") for part in parts]):
        if not all(map(_is_plain, names)):
            continue
        path = folder.joinpath(*names)
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    return None


def _is_plain(name: str) -> bool:
    return name not in ("", ".", "..") and not {"/", "\\", "\0"} & set(name)


def _bytes(path: Path, context: Context) -> bytes | None:
    try:
        if path.stat().st_size > _LARGEST:
            context.notices.missing("media", None, f"{path}: larger than {_LARGEST >> 20} MB; left out")
            return None
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _kind(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


# -- out of a document ---------------------------------------------------------------------------


def extract_media(document: Document, value: str, context: Context) -> Document:
    """Write the media that travel with a document into the folder ``value``, as a wiki keeps them."""
    folder = Path(value)
    for name, resource in document.resources.items():
        path = _place_of(name, folder)
        if path is None:
            context.notices.missing("media", None, f"{name}: no name for a file; not written")
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.parent.resolve().is_relative_to(folder.resolve()) or path.is_symlink():
                raise InputError(f"{path}: a link there leads out of {folder}; not written")
            path.write_bytes(resource.data)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error
    return document


def _place_of(name: str, folder: Path) -> Path | None:
    """Give the file for a medium: its namespaces are folders, names are percent-encoded as in DokuWiki."""
    parts = [quote(unquote(part), safe=" ") for part in name.replace("/", ":").replace("\\", ":").split(":")]
    return folder.joinpath(*parts) if all(map(_is_plain, parts)) else None
