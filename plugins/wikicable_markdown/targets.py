"""Targets of links and media as URLs, and back.

A page id becomes the path of a file: ``ns:page`` is ``ns/page.md``, ``:page`` is ``/page.md``, ``..:page`` is
``../page.md`` and ``ns:`` is ``ns/``.  What a path cannot hold is percent-encoded, so that every id comes back.
A file of the wiki is the same without ``.md``.  A shortcut that the wiki does not know has no URL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import assert_never, get_args
from urllib.parse import quote, unquote

from wikicable import links
from wikicable.model import (
    Cache,
    EmailTarget,
    InterwikiTarget,
    Linking,
    MediaTarget,
    PageTarget,
    SectionTarget,
    ShareTarget,
    Target,
    UrlTarget,
)
from wikicable.wikiconf import SHIPPED, WikiConf

PAGE_SUFFIX = ".md"
SHARE_PREFIX = "file:///"
"""What DokuWiki puts before a Windows share to make it a URL; two slashes follow."""

_UNSAFE_IN_SEGMENT = re.compile(r"[^\w.~!$'*+,;=@-]")
_UNSAFE_IN_TAIL = re.compile(r"[^\w.~!$'*+,;=@/:?-]")
_UNSAFE_IN_QUERY = re.compile(r"[^\w.~!$'*+,;=@/:?&-]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_INTERWIKI = re.compile(r"([a-zA-Z0-9.]+)>(.*)", re.DOTALL)
_ENDING = re.compile(r"[^/:]\.[A-Za-z0-9]{1,5}\Z")


# -- a target as a URL ---------------------------------------------------------------------------


def href(target: Target, conf: WikiConf) -> str:
    """Give the URL that stands for a target; a shortcut that leads nowhere has none."""
    match target:
        case PageTarget(id=written, section=section, query=query):
            return _page_path(written) + _tail("?", query, _UNSAFE_IN_QUERY) + _tail("#", section)
        case InterwikiTarget():
            url = links.interwiki_url(target, conf)
            return _page_path(url) if url.startswith(":") else url
        case UrlTarget(url=url):
            return url
        case SectionTarget(section=section):
            return "#" + _encoded(section, _UNSAFE_IN_TAIL)
        case EmailTarget(address=address):
            return "mailto:" + _encoded(address, _UNSAFE_IN_QUERY)
        case ShareTarget(path=path):
            return SHARE_PREFIX + "/".join(_encoded(part, _UNSAFE_IN_SEGMENT) for part in path.split("\\"))
        case MediaTarget(id=written):
            return media_href(written)
        case _:
            assert_never(target)


def media_href(written: str) -> str:
    """Give the URL that stands for a medium's id."""
    if MediaTarget(written).is_external:
        return written
    if _INTERWIKI.match(written):
        return _encoded(written, _UNSAFE_IN_SEGMENT)
    return _path(written)


def is_absolute(url: str) -> bool:
    """Whether a URL says by a scheme where it leads."""
    return _SCHEME.match(url) is not None and not _INTERWIKI.match(url)


def _page_path(written: str) -> str:
    path = _path(written)
    return path + PAGE_SUFFIX if path and not path.endswith("/") else path


def _path(written: str) -> str:
    """Give the path of an id; an empty name in its midst, which no path can hold, stays a colon."""
    first, *rest = written.split(":")
    path = _encoded(first, _UNSAFE_IN_SEGMENT)
    for number, name in enumerate(rest, 1):
        path += ("/" if name or number == len(rest) else "%3A") + _encoded(name, _UNSAFE_IN_SEGMENT)
    return path


def _tail(mark: str, text: str, unsafe: re.Pattern[str] = _UNSAFE_IN_TAIL) -> str:
    return mark + _encoded(text, unsafe) if text else ""


def _encoded(text: str, unsafe: re.Pattern[str]) -> str:
    """Percent-encode what is unsafe; letters of any script stay readable."""
    return unsafe.sub(lambda char: quote(char[0], safe="", errors="surrogateescape"), text)


# -- a URL as a target ---------------------------------------------------------------------------


def target_of(url: str, conf: WikiConf) -> Target:
    """Give the target that a link's URL stands for."""
    if url.startswith("#"):
        return SectionTarget(_plain(url[1:]))
    if _SCHEME.match(url):
        return _absolute_target(url, conf)
    path, _, section = url.partition("#")
    path, _, query = path.partition("?")
    if path.endswith(PAGE_SUFFIX):
        return PageTarget(_id(path.removesuffix(PAGE_SUFFIX)), _plain(section), _plain(query))
    if _ENDING.search(path) and not query and not section:
        return MediaTarget(_id(path), "linkonly" if _is_shown(path, conf) else "details")
    return PageTarget(_id(path), _plain(section), _plain(query))


def _absolute_target(url: str, conf: WikiConf) -> Target:
    lower = url[: len(SHARE_PREFIX) + 2].lower()
    if lower.startswith("mailto:"):
        return EmailTarget(_plain(url[7:]))
    if lower == SHARE_PREFIX + "//":
        return ShareTarget("\\".join(map(_plain, url[len(SHARE_PREFIX) :].split("/"))))
    return links.interwiki_of(url, conf) or UrlTarget(url)


def _is_shown(path: str, conf: WikiConf) -> bool:
    """Whether DokuWiki would show a file in the page, did the link not say that it is to be linked only."""
    return conf.media_type(path).startswith(("image/", "audio/", "video/"))


def media_target(url: str) -> MediaTarget:
    """Give the medium that a URL stands for."""
    if is_absolute(url):
        return MediaTarget(url)
    if _INTERWIKI.fullmatch(_plain(url)):
        return MediaTarget(_plain(url))
    return MediaTarget(_id(url))


def _id(path: str) -> str:
    return ":".join(map(_plain, path.split("/")))


def _plain(text: str) -> str:
    return unquote(text, errors="surrogateescape")


# -- what a URL alone does not say ---------------------------------------------------------------


def marking(target: Target, url: str, conf: WikiConf) -> list[tuple[str, str]]:
    """Give the attributes that a link needs so that its URL is read as this target and no other."""
    match target:
        case UrlTarget():
            return [] if target_of(url, conf) == target else [("class", "external")]
        case InterwikiTarget(shortcut=shortcut, page=page):
            read = target_of(url, SHIPPED)  # who reads the page does not know the wiki's own shortcuts
            same = isinstance(read, InterwikiTarget) and (read.shortcut, read.page) == (shortcut.lower(), page)
            return [] if same or read == target else [("data-wiki", f"{shortcut}>{page}")]
        case MediaTarget() if target_of(url, conf) != target:
            values = (("linking", target.linking), ("cache", target.cache), ("parameters", target.rest))
            defaults = ("details", "cache", "")
            shown = [
                (f"data-{key}", value) for (key, value), plain in zip(values, defaults, strict=True) if value != plain
            ]
            return [("class", "media"), *shown]
    return []


def marked_target(url: str, values: Mapping[str, str], conf: WikiConf) -> Target:
    """Give the target of a link with a URL and attributes."""
    classes = values.get("class", "").split()
    if "external" in classes:
        return UrlTarget(url)
    if shortcut := _INTERWIKI.fullmatch(values.get("data-wiki", "")):
        return InterwikiTarget(shortcut[1], shortcut[2])
    if "media" in classes:
        linking: Linking = next((each for each in get_args(Linking) if each == values.get("data-linking")), "details")
        cache: Cache = next((each for each in get_args(Cache) if each == values.get("data-cache")), "cache")
        return MediaTarget(media_target(url).id, linking, cache, values.get("data-parameters", ""))
    return target_of(url, conf)


def link_pairs(target: Target, conf: WikiConf) -> list[tuple[str, str]]:
    """Give the attributes of an ``<a>`` that is read as a link to this target."""
    url = href(target, conf)
    return [*([("href", url)] if url else []), *marking(target, url, conf)]


# -- wiki links ----------------------------------------------------------------------------------


def wiki_markup(target: PageTarget | SectionTarget | InterwikiTarget) -> str:
    """Write a target as it stands in ``[[...]]``."""
    match target:
        case PageTarget(id=page, section=section, query=query):
            return page + (f"#{section}" if section else "") + (f"?{query}" if query else "")
        case SectionTarget(section=section):
            return f"#{section}"
        case InterwikiTarget(shortcut=shortcut, page=page):
            return f"{shortcut}>{page}"
    assert_never(target)


def wiki_target(where: str, conf: WikiConf) -> Target:
    """Read what stands in ``[[...]]`` before the bar."""
    where = where.strip()
    if shortcut := _INTERWIKI.fullmatch(where):
        return InterwikiTarget(shortcut[1], shortcut[2])
    if "://" in where and _SCHEME.match(where):
        return target_of(where, conf)
    if where.startswith("#"):
        return SectionTarget(where[1:])
    page, _, query = where.partition("?")
    page, _, section = page.partition("#")
    return PageTarget(page, section, query)
