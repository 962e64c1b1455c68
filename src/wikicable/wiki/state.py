"""What is known of a target: which files there are ours, what they were made from, and what each page holds.

It is a database in the target, so that memory does not grow with the wiki, a run that is killed loses little, and the
next run finds what has changed.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wikicable.errors import InputError
from wikicable.notices import Kind, Notice
from wikicable.source import Place
from wikicable.wiki.index import LinkPlace, PageIndex
from wikicable.wiki.layouts import Heading
from wikicable.wiki.pages import PageResult

FILE = "state.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page (id TEXT PRIMARY KEY, path TEXT, digest TEXT, size INTEGER, headings TEXT,
                                 error TEXT, content BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wanted (page TEXT, target TEXT, PRIMARY KEY (page, target)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS linked (page TEXT, target TEXT, title TEXT, PRIMARY KEY (page, target)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wanting ON wanted (target);
CREATE INDEX IF NOT EXISTS linking ON linked (target);
CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, kind TEXT, stamp TEXT, size INTEGER) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A page as it was written last: its file, the digest of what it was made from, and the file's size."""

    path: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class PageRecord:
    """All that is known of a page."""

    index: PageIndex
    path: str
    notices: tuple[Notice, ...]
    asked: Mapping[str, str | None]
    shown: Mapping[str, str | None]
    error: str = ""


class State:
    """The database of one target."""

    def __init__(self, place: Path | None) -> None:
        """Open the database; without a place it is a temporary one."""
        self._place = place
        try:
            self._db = sqlite3.connect(place or "", isolation_level=None)
            self._db.execute("PRAGMA synchronous=OFF")  # a process that is killed loses nothing by it
            self._db.executescript(_SCHEMA)
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise InputError(f"{place}: cannot be used, perhaps by another run that is under way: {error}") from error

    # -- facts -----------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """Give a fact about the target as a whole, or nothing."""
        row = self._db.execute("SELECT value FROM fact WHERE name=?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_fact(self, name: str, value: str) -> None:
        """Say a fact about the target as a whole."""
        self._db.execute("REPLACE INTO fact VALUES (?, ?)", (name, value))

    # -- pages -----------------------------------------------------------------------------------

    def written(self) -> dict[str, Written]:
        """Give every page as it was written last."""
        rows = self._db.execute("SELECT id, path, digest, size FROM page")
        return {page_id: Written(path, digest, size) for page_id, path, digest, size in rows}

    def put(self, result: PageResult, path: str) -> None:
        """Keep what came of a page; those that show its headings, or links from it, are due if these have changed."""
        index = result.index or PageIndex(result.id, result.id.rpartition(":")[2])
        headings = _packed([_heading(each) for each in index.headings])
        before = self._db.execute("SELECT headings FROM page WHERE id=?", (result.id,)).fetchone()
        content = {
            "index": _listed(index),
            "notices": [notice.as_json() for notice in result.notices],
            "asked": dict(result.asked),
            "shown": dict(result.shown),
        }
        digest = result.digest if result.outcome == "written" else ""
        row = (result.id, path, digest, result.size, headings, result.error, _packed(content))
        self._db.execute("REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self._db.execute("DELETE FROM wanted WHERE page=?", (result.id,))
        self._db.executemany(
            "INSERT INTO wanted (page, target) VALUES (?, ?)", [(result.id, target) for target in result.wanted]
        )
        if before is None or before[0] != headings:
            self._outdate_wanting(result.id)
        self._put_links(result.id, {(target, index.title) for target in result.linked})

    def _put_links(self, page_id: str, links: set[tuple[str, str]]) -> None:
        before = set(self._db.execute("SELECT target, title FROM linked WHERE page=?", (page_id,)))
        if links == before:
            return
        self._db.execute("DELETE FROM linked WHERE page=?", (page_id,))
        self._db.executemany("INSERT INTO linked VALUES (?, ?, ?)", [(page_id, *link) for link in links])
        self._db.executemany("UPDATE page SET digest='' WHERE id=?", [(target,) for target, _ in links ^ before])

    def _outdate_wanting(self, page_id: str) -> None:
        self._db.execute("UPDATE page SET digest='' WHERE id IN (SELECT page FROM wanted WHERE target=?)", (page_id,))

    def due(self) -> set[str]:
        """Name the pages that are still to be written, or to be written anew, but for those that could not be."""
        return {row[0] for row in self._db.execute("SELECT id FROM page WHERE digest='' AND error=''")}

    def announce(self, page_id: str, path: str) -> None:
        """Say of a page that its file may be written from now on."""
        self._db.execute("REPLACE INTO page VALUES (?, ?, '', -1, NULL, '', NULL)", (page_id, path))

    def forget(self, page_id: str) -> None:
        """Know no more of a page that is gone."""
        self._db.execute("DELETE FROM page WHERE id=?", (page_id,))
        self._db.execute("DELETE FROM wanted WHERE page=?", (page_id,))
        self._outdate_wanting(page_id)
        self._put_links(page_id, set())

    def records(self) -> Iterator[PageRecord]:
        """Give all that is known of every page, in the order of their ids."""
        for path, error, content in self._db.execute(
            "SELECT path, error, content FROM page WHERE content NOT NULL ORDER BY id"
        ):
            yield _record(path, error, _unpacked(content))

    def headings(self, pages: Iterable[str]) -> dict[str, tuple[Heading, ...]]:
        """Give the headings of some pages."""
        found = {}
        for page_id in pages:
            row = self._db.execute("SELECT headings FROM page WHERE id=?", (page_id,)).fetchone()
            found[page_id] = tuple(Heading(*each) for each in _unpacked(row[0])) if row and row[0] else ()
        return found

    def wanted_by(self, page_id: str) -> tuple[str, ...]:
        """Name the pages whose headings a page links to."""
        return tuple(
            row[0] for row in self._db.execute("SELECT target FROM wanted WHERE page=? ORDER BY 1", (page_id,))
        )

    def linking(self, page_id: str) -> tuple[tuple[str, str], ...]:
        """Give the pages that link to a page, with their titles."""
        rows = self._db.execute("SELECT page, title FROM linked WHERE target=? ORDER BY page", (page_id,))
        return tuple((page, title) for page, title in rows)

    def forget_links(self) -> None:
        """Know no more which pages link to which."""
        self._db.execute("DELETE FROM linked")

    # -- other files -----------------------------------------------------------------------------

    def files(self, kind: str) -> dict[str, tuple[str, int]]:
        """Give stamp and size of the files of one kind, by path."""
        rows = self._db.execute("SELECT path, stamp, size FROM file WHERE kind=?", (kind,))
        return {path: (stamp, size) for path, stamp, size in rows}

    def put_file(self, path: str, kind: str, stamp: str, size: int) -> None:
        """Keep what a file was made from."""
        self._db.execute("REPLACE INTO file VALUES (?, ?, ?, ?)", (path, kind, stamp, size))

    def forget_file(self, path: str) -> None:
        """Know no more of a file that is gone."""
        self._db.execute("DELETE FROM file WHERE path=?", (path,))

    # -- saving ----------------------------------------------------------------------------------

    def save(self) -> None:
        """Make sure that the next run knows what this one does."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")

    def close(self, *, is_complete: bool = False) -> None:
        """End; a complete state is made the same whatever the way to it was."""
        with suppress(sqlite3.Error):
            self._db.execute("COMMIT")
            if is_complete and self._place:
                self._rebuild()
        self._db.close()

    def _rebuild(self) -> None:
        assert self._place is not None
        fresh = self._place.with_name("tmp-" + FILE)
        fresh.unlink(missing_ok=True)
        self._db.execute("PRAGMA schema_version=1")  # it counts how often this was done
        self._db.execute("VACUUM INTO ?", (str(fresh),))  # rows in order, no trace of what was there before
        self._db.close()
        fresh.replace(self._place)


def _listed(index: PageIndex) -> list[object]:
    """Give what a page holds as plain lists; ``dataclasses.asdict`` would take longer than writing the page."""
    return [
        index.id,
        index.title,
        [_heading(each) for each in index.headings],
        index.tags,
        [(each.id, each.section, each.line, each.column) for each in index.links],
        [(each.id, each.section, each.line, each.column) for each in index.media],
        index.originals,
        index.modified,
    ]


def _heading(heading: Heading) -> tuple[int, str, str, str]:
    return heading.level, heading.text, heading.chosen, heading.wiki_id


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, sort_keys=True).encode(), 1)


def _unpacked(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))


def _record(path: str, error: str, content: Any) -> PageRecord:
    page_id, title, headings, tags, links, media, originals, modified = content["index"]
    index = PageIndex(
        page_id,
        title,
        tuple(Heading(*each) for each in headings),
        tuple(tags),
        tuple(LinkPlace(*each) for each in links),
        tuple(LinkPlace(*each) for each in media),
        tuple(originals),
        modified,
    )
    notices = tuple(map(_notice, content["notices"]))
    return PageRecord(index, path, notices, content["asked"], content["shown"], error)


def _notice(value: Mapping[str, Any]) -> Notice:
    place = Place(value["file"], value["line"], value["column"]) if value["file"] else None
    return Notice(Kind(value["kind"]), value["slug"], value["detail"], place)
