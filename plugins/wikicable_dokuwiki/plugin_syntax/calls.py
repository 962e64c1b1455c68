"""Plugins that are asked to do something: what they are told is kept as it stands."""

from __future__ import annotations

import re

from wikicable.model import Macro, Node, Tags
from wikicable_dokuwiki.syntax import Call, Leaf, Syntax

_INCLUDE = ("page", "section", "namespace", "tagtopic")
_TAG = {"topic": 295, "count": 305, "tagpage": 305}
_VIDEO = (
    "youtube", "vimeo", "slideshare", "dailymotion", "twitchtv", "archiveorg", "soundcloud", "niconico", "bitchute",
    "coub", "odysee", "youku", "bilibili", "msoffice", "msstream", "rutube", "gdrive",
)  # fmt: skip
_OTHERS = (
    "url", "iframe", "gallery", "blog", "archive", "cloud", "threads", "forum", "changes", "backlinks", "pagequery",
    "indexmenu", "indexmenu_n", "include_n", "filelist", "filepreview", "qrcode", "map", "gpx", "csv", "anss",
)  # fmt: skip
_MACROS = (
    "DISCUSSION", "HIDEPAGE", "NOINDEX", "NOSIDEBAR", "TITLE", "Title", "REFNOTES", "LINKBACK", "SLIDESHOW", "TOC",
    "COMPLEX_TABLES", "RECURSIVE", "CLOSETOC", "ODT", "PDF", "REDIRECT", "GOTO", "stoptoc", "UP", "OFF", "NOBREADCRUMBS",
)  # fmt: skip


_PROSE = r"[^\s;{}()=,'\"<>0-9]"
"""What a comment stands behind, with one blank between: code that somebody has put on a page is no comment."""

_TAG_NAME = re.compile(r'"([^"]*)"|([^\s\u200b]+)')


def _tags(token: str) -> Node:
    """Read ``{{tag>one "two words" ns:three}}`` (https://www.dokuwiki.org/plugin:tag)."""
    names = tuple(quoted or bare for quoted, bare in _TAG_NAME.findall(token[len("{{tag>") : -2]))
    return Tags(names) if names else Macro(token)


def _verbatim(sort: int, opening: str, closing: str = "") -> Leaf:
    """Give a leaf that is kept as it stands, from its opening to its closing pattern."""
    return Leaf("", sort, opening, Macro, closing=closing)


SYNTAX = (
    Syntax(
        "tag",
        (
            Leaf("", 305, r"\{\{tag>", _tags, closing=r"\}\}"),
            *(Call(name, sort) for name, sort in _TAG.items()),
            _verbatim(295, r"\{\{searchtags(?:&[^{}\n]*)?\}\}"),
        ),
    ),
    Syntax("include", tuple(Call(name, 303) for name in _INCLUDE)),
    Syntax("vshare", tuple(Call(name, 159) for name in _VIDEO)),
    Syntax("meta", (_verbatim(99, "~~META:", "~~"),)),
    Syntax("comment", (_verbatim(8, rf"/\*(?:(?<=\n/\*)|(?<={_PROSE} /\*))", r"\*/"),)),
    Syntax("other calls", (*(Call(name) for name in _OTHERS), *(Call(f"~~{name}") for name in _MACROS))),
)
"""Known calls; one that is not here is kept as well, and reported."""
