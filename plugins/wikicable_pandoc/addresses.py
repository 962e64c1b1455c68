"""Links of a wiki in files that know only addresses, and back.

A word processor keeps the address of a link whatever it is, so a target stands there as an address of a scheme that
says what it is.  These are the schemes:

===================  =======================================================
``wiki:ns:page#s?q`` a page of the wiki, its id as written
``media:ns:a.pdf``   a file of the wiki; behind ``?`` what a click does
``image:ns:a.png``   a picture that is not at hand; behind ``?`` its size
``tag:name``         a tag
``code:name``        the name, language and options of the code that follows
``file://server/a``  a Windows share
===================  =======================================================

An interwiki link is the address that it leads to, and is known by it.
"""

from __future__ import annotations

from typing import Any, assert_never, get_args
from urllib.parse import parse_qsl, quote, unquote, urlencode

from wikicable.links import interwiki_of, interwiki_url
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
from wikicable.wikiconf import WikiConf

_SAFE = ":/.,;~!$&'()*+@=-_"


def quoted(name: str) -> str:
    """Give a name as part of an address."""
    return quote(name, _SAFE, errors="surrogateescape")


def unquoted(name: str) -> str:
    """Give the name that ``quoted`` was given."""
    return unquote(name, errors="surrogateescape")


def address(target: Target, conf: WikiConf) -> str:
    """Give the address of a target."""
    match target:
        case PageTarget(id=name, section=section, query=query):
            return f"wiki:{quoted(name)}" + _behind("#", section) + _behind("?", query)
        case UrlTarget(url=url):
            return url
        case InterwikiTarget(shortcut=shortcut, page=page):
            url = interwiki_url(target, conf)
            is_found = bool(url) and not url.startswith(":") and interwiki_of(url, conf) == target
            return url if is_found else f"wiki:{quoted(shortcut)}>{quoted(page)}"
        case SectionTarget(section=section):
            return f"#{section}"
        case EmailTarget(address=mail):
            return f"mailto:{mail}"
        case ShareTarget(path=path):
            return "file:" + quoted(path.replace("\\", "/"))
        case MediaTarget(id=name):
            said = [("linking", target.linking, "details"), ("cache", target.cache, "cache"), ("rest", target.rest, "")]
            query = urlencode([(key, value) for key, value, default in said if value != default])
            return f"media:{quoted(name)}" + (f"?{query}" if query else "")
        case _:
            assert_never(target)


def target_of(url: str, conf: WikiConf) -> Target:
    """Give the target that an address stands for."""
    scheme, colon, rest = url.partition(":")
    match scheme.lower() + colon:
        case "wiki:":
            return _page(rest)
        case "media:":
            name, query = media_parts(rest)
            linking, cache = query.get("linking", "details"), query.get("cache", "cache")
            return MediaTarget(
                name, _known(get_args(Linking), linking), _known(get_args(Cache), cache), query.get("rest", "")
            )
        case "mailto:":
            return EmailTarget(unquoted(rest))
        case "file:" if rest.startswith("//"):
            return ShareTarget("\\\\" + unquoted(rest).lstrip("/").replace("/", "\\"))
        case _ if url.startswith("#"):
            return SectionTarget(url[1:])
        case _:
            return interwiki_of(url, conf) or UrlTarget(url)


def media_parts(written: str) -> tuple[str, dict[str, str]]:
    """Give the id of a medium, and what is said of it."""
    name, _, query = written.partition("?")
    return unquoted(name), dict(parse_qsl(query))


def _behind(mark: str, name: str) -> str:
    return mark + quoted(name) if name else ""


def _page(written: str) -> PageTarget | InterwikiTarget:
    written = written.replace("%3E", ">").replace("%3e", ">")
    shortcut, elsewhere, page = written.partition(">")
    if elsewhere:
        return InterwikiTarget(unquoted(shortcut), unquoted(page))
    name, _, query = written.partition("?")
    name, _, section = name.partition("#")
    return PageTarget(unquoted(name), unquoted(section), unquoted(query))


def _known(known: tuple[Any, ...], value: str) -> Any:
    return value if value in known else known[0]
