"""Old names of a DokuWiki's pages, and pages that only lead to others.

The ``move`` plugin leaves the log of the page that was moved away, whose last line names both; ``redirect.conf`` is the
``redirect`` plugin's; ``~~REDIRECT>page~~`` and ``#REDIRECT page`` are the ``pageredirect`` plugin's, ``~~GOTO>page~~``
the ``goto`` plugin's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wikicable.formats import Context
from wikicable.links import clean_id, resolve_page
from wikicable.model import Macro, PageTarget
from wikicable.notices import Notices
from wikicable.source import Source
from wikicable.walk import walk
from wikicable.wiki.sources import Change, Wiki
from wikicable.wiki.trees import read_blob
from wikicable_dokuwiki.changelog import changes
from wikicable_dokuwiki.conf import rows

CONF = "redirect.conf"
_MOVED = "↷"
"""What the summary of a move begins with, in every language."""

_HINT = re.compile(rb"~~(?:REDIRECT|GOTO)>|\A\s*#REDIRECT\s", re.IGNORECASE)
_MACRO = re.compile(r"~~(?:REDIRECT|GOTO)>\s*(?P<target>[^~?\s][^~?]*)")
_LINE = re.compile(r"\A\s*#REDIRECT\s+(?P<target>\S.*)", re.IGNORECASE)
_IS_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def redirects(wiki: Wiki, notices: Notices) -> dict[str, str]:
    """Give the ids that lead to others, each with what it leads to."""
    return {**_moved(wiki), **_settings(wiki, notices), **dict(_leading(wiki))}


def _moved(wiki: Wiki) -> dict[str, str]:
    """Give the new ids of pages that were moved away."""
    gone = {path: page_id for page_id, path in wiki.logs.items() if page_id not in wiki.pages}
    found = {}
    for path, blob in wiki.tree.blobs(list(gone)):
        log = changes(read_blob(blob, path))
        if log and (target := _new_id(gone[path], log[-1], wiki)):
            found[gone[path]] = target
    return found


def _new_id(page_id: str, change: Change, wiki: Wiki) -> str:
    """Give the other page that the summary of a move names."""
    if change.kind != "delete" or not change.summary.startswith(_MOVED):
        return ""
    words = (clean_id(word, wiki.conf) for word in reversed(change.summary.split()))
    return next((word for word in words if word != page_id and (word in wiki.pages or word in wiki.logs)), "")


def _settings(wiki: Wiki, notices: Notices) -> dict[str, str]:
    """Read the first ``redirect.conf`` there is; a line has an id, and after blanks where it leads."""
    found = {}
    paths = sorted(path for path in wiki.tree.entries if path == CONF or path.endswith(f"conf/{CONF}"))[:1]
    for path, blob in wiki.tree.blobs(paths):
        for old, target in rows(read_blob(blob, path).decode("utf-8-sig", "replace")):
            if "*" in old:
                notices.unknown("redirect.pattern", detail=f"{old} {target}")
            else:
                found[clean_id(old, wiki.conf)] = _full(target, "", wiki)
    return found


def _leading(wiki: Wiki) -> Iterator[tuple[str, str]]:
    """Give the pages whose text says that they lead to another."""
    owner = {page.path: page_id for page_id, page in wiki.pages.items()}
    for path, blob in wiki.tree.blobs(list(owner)):
        data = read_blob(blob, path)
        if _HINT.search(data) and (target := _target(Source(data, path))):
            yield owner[path], _full(target, owner[path], wiki)


def _target(source: Source) -> str:
    """Give what a page leads to, if what looks so is no part of its code."""
    from wikicable_dokuwiki import ReadOptions  # noqa: PLC0415  start-up pays only for what is used
    from wikicable_dokuwiki.reader import read  # noqa: PLC0415

    if first := _LINE.match(source.text):
        return first["target"].strip()
    macros = walk(read(source, ReadOptions(), Context()), Macro)
    return next((found["target"].strip() for macro in macros if (found := _MACRO.search(macro.text))), "")


def _full(target: str, page_id: str, wiki: Wiki) -> str:
    """Give the full id that a target means, with its section; a URL is none."""
    if _IS_URL.match(target):
        return target
    name, mark, section = target.partition("#")
    return resolve_page(PageTarget(name), page_id, wiki.conf, wiki.pages.__contains__) + mark + section
