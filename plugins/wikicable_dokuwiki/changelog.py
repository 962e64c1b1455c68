"""What a wiki wrote down about its pages: change logs and ``.meta`` files.

A line of a change log has eight fields between tabs (``inc/ChangeLog/ChangeLogTrait.php``); a ``.meta`` file is a
serialised array of ``current`` and ``persistent`` values (``inc/parserutils.php``).
"""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from wikicable.errors import InputError
from wikicable.wiki.sources import Change, ChangeKind, PageFacts
from wikicable.wiki.trees import MAX_PAGE
from wikicable_dokuwiki.phpdata import PhpDataError, Value, loads

_KINDS: Mapping[str, ChangeKind] = {
    "C": "create",
    "E": "edit",
    "e": "minor edit",
    "D": "delete",
    "R": "revert",
}
_LAST = 253402300799
"""The last second that has a date of four digits in its year."""


def changes(log: bytes) -> tuple[Change, ...]:
    """Read a change log, oldest first; a line without its first four fields is none."""
    lines = (line.split("\t") for line in log.decode("utf-8", "surrogateescape").split("\n"))
    found = [_change(fields) for fields in lines if len(fields) > 3 and fields[0].isdecimal() and fields[3]]
    return tuple(sorted(found, key=lambda change: change.date))


def dumped_changes(log: bytes) -> tuple[Change, ...]:
    """Read a change log of dokuWikiDumper, which takes summaries as pages show them: behind a dash."""
    return tuple(replace(each, summary=each.summary.removeprefix("–").lstrip()) for each in changes(log))


def _change(fields: list[str]) -> Change:
    _date, ip, kind, _page, user, summary, *_ = [*fields, "", ""]
    return Change(min(int(fields[0][:15]), _LAST), _KINDS.get(kind, "edit"), user or ip, summary.strip())


def facts(companions: Mapping[str, bytes], read: Callable[[bytes], tuple[Change, ...]] = changes) -> PageFacts:
    """Tell what the change log and the ``.meta`` file of a page say of it; the log knows dates better."""
    log: tuple[Change, ...] = ()
    meta: Value = {}
    for path, data in companions.items():
        if path.endswith(".changes"):
            log = read(data)
        else:
            meta = _meta(data)
    return _facts(log, meta)


def dumped_facts(companions: Mapping[str, bytes]) -> PageFacts:
    """Tell what dokuWikiDumper's change log of a page says of it."""
    return facts(companions, dumped_changes)


def _meta(data: bytes) -> Value:
    try:
        return loads(data)
    except PhpDataError:
        return {}


def _facts(log: tuple[Change, ...], meta: Value) -> PageFacts:
    names = _texts(_at(meta, "current", "contributor"))
    users = dict.fromkeys(_name(change, names) for change in log if _is_user(change))
    creator = _text(_at(meta, "current", "creator")) or (_name(log[0], names) if log and _is_user(log[0]) else "")
    contributors = [name for name in dict.fromkeys((*users, *names.values())) if name != creator]
    return PageFacts(
        created=_iso(log[0].date if log else _at(meta, "current", "date", "created")),
        modified=_iso(log[-1].date if log else _at(meta, "current", "date", "modified")),
        creator=creator or None,
        contributors=tuple(contributors),
        changes=log,
    )


def _is_user(change: Change) -> bool:
    """Whether the author of a change is named, not an address of the network."""
    return not set(change.author) <= set("0123456789abcdef.:")


def _name(change: Change, names: Mapping[str, str]) -> str:
    return names.get(change.author, change.author)


def _at(value: Value, *path: str) -> Value:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _texts(value: Value) -> dict[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(key): _text(each) or str(key) for key, each in pairs if key != ""}


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _iso(seconds: Value) -> str | None:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds <= _LAST:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def revision(data: bytes, path: str) -> bytes:
    """Give the text of an old revision, which may be compressed, as ``compression`` in the wiki's settings says."""
    opener = gzip.open if path.endswith(".gz") else bz2.open if path.endswith(".bz2") else None
    if opener is None:
        return data
    try:
        with opener(io.BytesIO(data), "rb") as stream:
            text: bytes = stream.read(MAX_PAGE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be unpacked: {error}") from error
    if len(text) > MAX_PAGE:
        raise InputError(f"{path}: larger than {MAX_PAGE >> 20} MiB when unpacked, which is no page")
    return text
