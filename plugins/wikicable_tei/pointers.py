"""Link targets as TEI pointers, and back.

A pointer is a URI; ``prefixDef`` in the header says what its scheme stands for
(https://tei-c.org/release/doc/tei-p5-doc/en/html/SA.html#SAPU):

* ``wiki:ns:page?query#section`` is a page of the wiki, ``media:ns:file.png`` a file of it;
* a shortcut to another site is a prefix of its own: ``wp:Cluster_munition``;
* ``mailto:`` and ``file:`` are e-mail addresses and Windows shares;
* all else is a URL.

A target that would be read as another kind is named by its ``type``, and quoted whole (an empty one is ``#``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import unquote_to_bytes

from wikicable.model import (
    EmailTarget,
    InterwikiTarget,
    MediaTarget,
    PageTarget,
    SectionTarget,
    ShareTarget,
    Target,
    UrlTarget,
)

WIKI = "wiki"
MEDIA = "media"
CHARACTER = "ucs"
"""The prefix of characters that XML cannot hold, by their number."""

RESERVED = frozenset((WIKI, MEDIA, CHARACTER))
"""The prefixes that every document means in the same way."""

WEB = frozenset(
    ("http", "https", "ftp", "ftps", "sftp", "irc", "ircs", "gopher", "telnet", "news", "nntp", "git", "ssh", "svn")
) | frozenset(("data", "urn", "doi", "ldap"))
"""Schemes that a URL may have without being named a URL; no shortcut is written as one of them."""

_TAKEN = WEB | RESERVED | {"mailto", "file"}
_IDENT = re.compile(r"[a-z][a-z0-9.]*")
_SHARE = re.compile(r"\\\\[^\\/]")
_NOT_IN_URIS = (
    '\x00-\x20"<>[\\]\\\\^`{|}\x7f-\xa0\u00ad\u0600-\u0605\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f'
    "\u3000\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\uffff"
)
_UNSAFE = re.compile(f"[%#?{_NOT_IN_URIS}]")
_UNSAFE_IN_NAME = re.compile(f"[%{_NOT_IN_URIS}]")
_UNSAFE_ALONE = re.compile(f"[!-,/:-@{_NOT_IN_URIS}]")
_SAFE = f"(?:[^%#?{_NOT_IN_URIS}]|%[0-9A-Fa-f]{{2}})"
_PLAIN_URL = re.compile(
    rf"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?!//(?:[?#]|\Z))(?=[^#])|(?![^/?#]*:)(?=[^#]))"
    rf"{_SAFE}*+(?:\?(?:{_SAFE}|[?\[\]])*+)?(?:#(?:{_SAFE}|\?)*+)?"
)
_NONE = "."
"""What stands for nothing where a URI must have something."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer: the URI, the kind of target where the URI does not tell, and the section as written."""

    uri: str
    type: str = ""
    n: str = ""


class Prefixes:
    """The prefixes that stand for shortcuts to other sites, in the order in which they came up."""

    def __init__(self) -> None:
        self.shortcuts: dict[str, str] = {}

    def of(self, shortcut: str) -> str:
        """Give the prefix of a shortcut."""
        if shortcut not in self.shortcuts:
            plain = _IDENT.fullmatch(shortcut) and shortcut not in _TAKEN
            self.shortcuts[shortcut] = shortcut if plain else f"iw-{len(self.shortcuts)}"
        return self.shortcuts[shortcut]


def quoted(text: str) -> str:
    """Quote what has a meaning in URIs, or no place in them; letters of all scripts stand as they are."""
    return _UNSAFE.sub(_percent, text)


def unquoted(text: str) -> str:
    """Undo ``quoted``; what is no quoted UTF-8 stays as it is."""
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return text


def _opaque(text: str, unsafe: re.Pattern[str] = _UNSAFE) -> str:
    """Quote what stands behind a prefix, which may not be nothing."""
    return unsafe.sub(_percent, text).replace(_NONE, "%2E", text == _NONE) or _NONE


def _unopaque(text: str) -> str:
    return "" if text == _NONE else unquoted(text)


def _alone(text: str) -> str:
    """Quote a target whole, so that it is no URI of any other meaning."""
    return _UNSAFE_ALONE.sub(_percent, text) or "#"


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


# -- writing -------------------------------------------------------------------------------------


def pointer(target: Target, prefixes: Prefixes, section_pointer: Callable[[str], Pointer]) -> Pointer:
    """Write a target; ``section_pointer`` knows which headings the document has."""
    match target:
        case PageTarget(id=page, section=section, query=query):
            end = (f"?{quoted(query)}" if query else "") + (f"#{quoted(section)}" if section else "")
            return Pointer(f"{WIKI}:{_opaque(page)}{end}")
        case UrlTarget(url=url):
            return Pointer(url) if is_uri(url) else Pointer(_alone(url), "quoted-url")
        case InterwikiTarget(shortcut=shortcut, page=page):
            name, mark, section = page.partition("#")
            return Pointer(f"{prefixes.of(shortcut)}:{_opaque(name, _UNSAFE_IN_NAME)}{mark}{quoted(section)}")
        case SectionTarget(section=section):
            return section_pointer(section)
        case EmailTarget(address=address):
            return Pointer(f"mailto:{_opaque(address)}")
        case ShareTarget(path=path):
            return _share_pointer(path)
        case MediaTarget(id=name):
            is_url = target.is_external and is_uri(name)
            return Pointer(name, MEDIA) if is_url else Pointer(f"{MEDIA}:{_opaque(name)}")
    assert_never(target)


def is_uri(url: str) -> bool:
    """Whether a URL is valid as it stands, and is read as one."""
    found = _PLAIN_URL.fullmatch(url)
    return found is not None and (found["scheme"] is None or found["scheme"].lower() in WEB)


def _share_pointer(path: str) -> Pointer:
    if _SHARE.match(path):
        return Pointer("file:" + "/".join(quoted(part).replace("/", "%2F") for part in path.split("\\")))
    return Pointer(_alone(path), "quoted-share")


# -- reading -------------------------------------------------------------------------------------


def target_of(pointer: Pointer, shortcuts: Mapping[str, str]) -> Target:
    """Read a pointer; ``shortcuts`` are what the prefixes that the document declares stand for."""
    match pointer.type:
        case "quoted-url":
            return UrlTarget(unquoted(pointer.uri.removeprefix("#")))
        case "quoted-share":
            return ShareTarget(unquoted(pointer.uri.removeprefix("#")))
        case "media" if is_uri(pointer.uri):
            return MediaTarget(pointer.uri)
    if pointer.uri.startswith("#"):
        return SectionTarget(pointer.n or unquoted(pointer.uri[1:]))
    scheme, _, rest = pointer.uri.partition(":")
    if scheme in shortcuts:
        name, mark, section = rest.partition("#")
        return InterwikiTarget(shortcuts[scheme], _unopaque(name) + mark + unquoted(section))
    return _by_scheme(scheme.lower(), rest) or UrlTarget(pointer.uri)


def _by_scheme(scheme: str, rest: str) -> Target | None:
    match scheme:
        case "wiki":
            return _page(rest)
        case "media":
            return MediaTarget(_unopaque(rest))
        case "mailto":
            return EmailTarget(_unopaque(rest))
        case "file" if rest.startswith("//") and rest[2:3] not in ("", "/"):
            return ShareTarget(unquoted(rest.replace("/", "\\")))
    return None


def _page(rest: str) -> PageTarget:
    before, _, section = rest.partition("#")
    page, _, query = before.partition("?")
    return PageTarget(_unopaque(page), unquoted(section), unquoted(query))
