"""What a wiki is read from: the values a plugin gives for each kind of folder or archive.

``register_sources`` gives ``WikiSource`` values.  One that recognises a tree opens it as a ``Wiki``, which says where
its pages, media and change logs lie; their bytes are read later, page by page, by whoever converts them.  What a
layout writes is a source too (``folders.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from wikicable.notices import Notices
from wikicable.wiki.trees import Tree
from wikicable.wikiconf import SHIPPED, WikiConf


@dataclass(frozen=True, slots=True)
class PageFile:
    """Where a page lies in its tree, and the files beside it that say more of it.

    ``part`` is its number in a file that holds several pages.
    """

    id: str
    path: str
    companions: tuple[str, ...] = ()
    part: int | None = None


ChangeKind: TypeAlias = Literal["create", "edit", "minor edit", "delete", "revert"]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a page's change log; ``date`` is in seconds since 1970, UTC."""

    date: int
    kind: ChangeKind = "edit"
    author: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a wiki knows of a page beyond its text; dates are ISO 8601, the changes stand in their order."""

    created: str | None = None
    modified: str | None = None
    creator: str | None = None
    contributors: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


NO_FACTS = PageFacts()


def no_facts(_: Mapping[str, bytes]) -> PageFacts:
    """Know nothing of a page beyond its text."""
    return NO_FACTS


def no_redirects(_: Wiki, _notices: Notices) -> Mapping[str, str]:
    """Know of no page that leads to another."""
    return {}


def no_changes(_: bytes) -> tuple[Change, ...]:
    """Know of no changes."""
    return ()


@dataclass
class Wiki:
    """A wiki that has been opened: pages and media by id, each with its path in the tree.

    ``links`` tells how links between pages are meant: as page ids, or as paths of files in the layout of that name.
    ``logs`` are the paths of change logs by page id, deleted pages among them, and ``attic`` those of old revisions by
    their dates; ``media_logs`` and ``media_attic`` are the same of media.
    """

    tree: Tree
    source: WikiSource
    format: str
    pages: dict[str, PageFile]
    media: dict[str, str] = field(default_factory=dict)
    conf: WikiConf = SHIPPED
    layout: str = ""
    logs: dict[str, str] = field(default_factory=dict)
    attic: dict[str, dict[int, str]] = field(default_factory=dict)
    media_logs: dict[str, str] = field(default_factory=dict)
    media_attic: dict[str, dict[int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class WikiSource:
    """A kind of wiki: how it is recognised and opened, and how what lies beside its pages is read.

    ``describe`` is given the companions of a page by path, ``changes`` a change log, ``revision`` the bytes of an old
    revision and the name they lie under.  ``redirects`` names the pages that only lead to others, and the old names of
    pages that were moved, each with the id, perhaps with a section, that it leads to.
    """

    name: str
    title: str
    recognises: Callable[[Tree], bool]
    open: Callable[[Tree, WikiSource, Notices], Wiki]
    describe: Callable[[Mapping[str, bytes]], PageFacts] = no_facts
    changes: Callable[[bytes], tuple[Change, ...]] = no_changes
    revision: Callable[[bytes, str], bytes] = lambda data, _: data
    redirects: Callable[[Wiki, Notices], Mapping[str, str]] = no_redirects


# -- parts of trees ------------------------------------------------------------------------------


def below(tree: Tree, folder: str) -> dict[str, str]:
    """Give the files below a folder, by their path from there."""
    prefix = f"{folder}/" if folder else ""
    return {path[len(prefix) :]: path for path in tree.entries if path.startswith(prefix)}
