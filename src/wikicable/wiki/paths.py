"""The files of a wiki: which page and which medium is written where, each at a place of its own."""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from wikicable.formats import Format
from wikicable.links import namespace
from wikicable.model import Document
from wikicable.notices import Notices
from wikicable.wiki.layouts import Layout, plain_layout, same
from wikicable.wikiconf import WikiConf

MAX_NAME = 255
"""Bytes of a file's name that file systems take."""


@dataclass
class Paths:
    """The files of pages and media by id, relative to the target."""

    pages: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)


def plan(pages: Iterable[str], media: Iterable[str], layout: Layout, conf: WikiConf, notices: Notices) -> Paths:
    """Give each page and medium its file; two that would have the same are told apart by a number."""
    places = Places(notices, layout.place)
    places.reserve(layout.own_files)
    paths = Paths()
    known = set(pages)
    with_pages = {space for page_id in known for space in _spaces(page_id)}
    for page_id in sorted(known, key=lambda each: (each.rpartition(":")[2] != conf.start, each)):
        is_start = page_id in with_pages and f"{page_id}:{conf.start}" not in known
        path = layout.page_path(page_id, conf, is_start=is_start)
        paths.pages[page_id] = places.take(path, layout.ending(path), page_id)
    for media_id in sorted(media):
        path = layout.media_path(media_id)
        paths.media[media_id] = places.take(path, posixpath.splitext(path)[1], media_id)
    return paths


def beside(paths: Paths, others: Iterable[str], media: Iterable[str], layout: Layout, conf: WikiConf) -> Paths:
    """Give the files at which other pages and media than those that are there would be, where these are no other's."""
    taken = {*paths.pages.values(), *paths.media.values()}
    planned = plan(others, media, layout, conf, Notices())
    free = ({name: path for name, path in each.items() if path not in taken} for each in (planned.pages, planned.media))
    return Paths(*free)


def _spaces(page_id: str) -> Iterator[str]:
    """Give the namespaces that a page is in, the innermost first."""
    while page_id := namespace(page_id):
        yield page_id


class Places:
    """The paths taken so far, told apart as the pickiest file system does: without regard to case and composition."""

    def __init__(self, notices: Notices, place: Callable[[str], str] = same) -> None:
        self._taken: set[str] = set()
        self._notices = notices
        self._place = place

    def reserve(self, paths: Iterable[str]) -> None:
        """Keep paths for what is neither a page nor a medium."""
        self._taken.update(map(self._key, paths))

    def take(self, wanted: str, suffix: str, wiki_id: str) -> str:
        """Give the path that is wanted for a page or medium, or one like it that is not taken."""
        path = "/".join(self._short(name, suffix, wiki_id) for name in wanted.split("/"))
        stem, number = path.removesuffix(suffix), 2
        while self._key(path) in self._taken:
            path = f"{stem}-{number}{suffix}"
            number += 1
        if number > 2:
            self._notices.changed("page.path", detail=f"{wiki_id}: {stem}{suffix} is taken; written to {path}")
        self._taken.add(self._key(path))
        return path

    def _key(self, path: str) -> str:
        return unicodedata.normalize("NFC", self._place(path)).casefold()

    def _short(self, name: str, suffix: str, wiki_id: str) -> str:
        if len(name.encode("utf-8", "surrogateescape")) <= MAX_NAME - 4:  # room for a number
            return name
        mark = "~" + hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()
        suffix = suffix if name.endswith(suffix) else ""
        room = MAX_NAME - 4 - len(mark) - len(suffix.encode())
        head = name.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore")
        self._notices.changed(
            "page.path", detail=f"{wiki_id}: a name too long for a file; written to {head}{mark}{suffix}"
        )
        return head + mark + suffix


class DocumentPaths:
    """The files of documents that come one by one: each by the id of its page or, if it has none, by its number."""

    def __init__(self, form: Format, notices: Notices) -> None:
        self._layout = plain_layout(form)
        self._places = Places(notices)

    def of(self, document: Document, number: int) -> str:
        """Give the file of the document with that number, which no other has."""
        page_id = document.metadata.page_id or str(number)
        return self._places.take(self._layout.page_path(page_id, document.conf), self._layout.suffix, page_id)


def relative(path: str, base: str) -> str:
    """Give the path that leads from the file ``base`` to the file ``path``."""
    target, here = path.split("/"), base.split("/")[:-1]
    shared = 0
    while shared < len(here) and shared < len(target) - 1 and here[shared] == target[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + target[shared:])
