"""What links of a wiki mean: page ids, section ids, shortcuts to other sites, and the text a bare link shows.

The rules are DokuWiki's (release 2025-05-14): ``cleanID`` and ``sectionID`` in ``inc/pageutils.php``,
``inc/File/*Resolver.php``, ``_resolveInterWiki`` and ``_simpleTitle`` in ``inc/parser/renderer.php``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import assert_never
from urllib.parse import quote, unquote

from wikicable.model import (
    Document,
    EmailTarget,
    Header,
    InterwikiTarget,
    MediaTarget,
    PageTarget,
    SectionTarget,
    ShareTarget,
    Table,
    Target,
    UrlTarget,
)
from wikicable.walk import plain_text, walk
from wikicable.wikiconf import SHIPPED, WikiConf

BLANKS = " \t\n\r\0\x0b"
"""What PHP's ``trim`` takes away."""

_EDGES = ":._-"
_COLONS = re.compile(r"(?<![._-])[._-]*+:[:._-]*+")
_DOTS_WITHOUT_COLON = re.compile(r"(?:\.+:)*\.+(?=[^:.])")
_INTERWIKI = re.compile(r"([a-zA-Z0-9.]+)>(.*)", re.DOTALL)
_UNSAFE_IN_NAME = re.compile(r"[\[\\\]^`{|}#%]")
_PLACEHOLDER = re.compile(r"\{(URL|NAME|SCHEME|HOST|PORT|PATH|QUERY)\}")
_URL_PARTS = re.compile(
    r"(?:(?P<SCHEME>[a-zA-Z][a-zA-Z0-9+.-]*):)?(?://(?P<HOST>[^/?:]*)(?::(?P<PORT>\d*))?)?"
    r"(?P<PATH>[^?]*)(?:\?(?P<QUERY>.*))?",
    re.DOTALL,
)


# -- ids -----------------------------------------------------------------------------------------


def clean_id(raw: str, conf: WikiConf) -> str:
    """Give the id of a page or a medium whose name is written like this; it may be empty.

    Characters stay as composed as they are: DokuWiki recomposes them only where PHP has ``intl``.
    """
    return _clean_id(raw, conf.sepchar, conf.useslash, conf.deaccent)


@lru_cache(maxsize=1 << 15)
def _clean_id(raw: str, sepchar: str, useslash: bool, deaccent: int) -> str:
    text = _lower(raw.strip(BLANKS)).replace(";", ":").replace("/", ":" if useslash else sepchar)
    if deaccent == 2:
        text = _romanized(text)
    text = text.translate(_translation(sepchar, deaccent > 0))
    while sepchar and sepchar * 2 in text:
        text = text.replace(sepchar * 2, sepchar)
    return _COLONS.sub(":", text.strip(_EDGES))


@lru_cache(maxsize=16)
def _translation(sepchar: str, deaccent: bool) -> dict[int, str]:
    from wikicable.idtables import translation  # noqa: PLC0415  only what is resolved needs it

    return translation(sepchar, deaccent=deaccent)


def _romanized(text: str) -> str:
    from wikicable.romanization import romanized  # noqa: PLC0415  few wikis write their ids so

    return romanized(text)


def _lower(text: str) -> str:
    """Lower the letters one by one: a capital sigma at a word's end is no exception, as in PHP before 8.3."""
    return text.replace("Σ", "σ").lower()


def page_ids(paths: Sequence[str], conf: WikiConf = SHIPPED) -> list[str]:
    """Give the ids of pages kept in these files: their paths below ``pages``, or else below what all have in common.

    A single file says nothing of its page's namespace, and gets no id.
    """
    parts = [re.split(r"[/\\]", path) for path in paths]
    shared = sum(
        1 for _ in takewhile(lambda names: len(set(names)) == 1, zip(*(each[:-1] for each in parts), strict=False))
    )
    return [_page_id(each, shared, conf) if len(paths) > 1 else "" for each in parts]


def _page_id(parts: list[str], shared: int, conf: WikiConf) -> str:
    above = [at for at, part in enumerate(parts[:-1], 1) if part == "pages"]
    below = [unquote(part) for part in parts[above[-1] if above else shared :]]
    stem = below[-1].rpartition(".")[0] or below[-1]
    return clean_id(":".join([*below[:-1], stem]), conf)


def namespace(page_id: str) -> str:
    """Give the namespace of a page: what stands before its last colon."""
    return page_id.rpartition(":")[0]


def section_id(heading: str, conf: WikiConf) -> str:
    """Give the id a heading of that text has, as long as no other heading on the page has it."""
    name = clean_id(heading, conf).replace(":", "").replace(".", "")
    letters_first = name.lstrip("0123456789_-")
    return letters_first or "section" + "".join(digit for digit in name if digit in "0123456789")


class SectionIds:
    """Gives the headings of one page their ids, asked in reading order.

    The second of two equal ids is numbered 1.  A table takes the id ``table``, as in DokuWiki, which
    so names its edit button.
    """

    def __init__(self, conf: WikiConf) -> None:
        self._conf = conf
        self._numbered: dict[str, int] = {}

    def of(self, header: Header) -> str:
        """Give the id of the next heading: the one its author chose, or one made of its text."""
        if header.attr.id:
            self._numbered.setdefault(header.attr.id, 0)
            return header.attr.id
        text = plain_text(header)
        return self._take(section_id(text, self._conf)) if text.strip() else ""

    def skip_table(self) -> None:
        """Pass a table."""
        self._take("table")

    def _take(self, wanted: str) -> str:
        if wanted not in self._numbered:
            self._numbered[wanted] = 0
            return wanted
        number = self._numbered[wanted] + 1
        while f"{wanted}{number}" in self._numbered:
            number += 1
        self._numbered[wanted] = number
        self._numbered[f"{wanted}{number}"] = 0
        return f"{wanted}{number}"


def section_ids(document: Document) -> list[str]:
    """Give the id of every heading, in reading order; a heading without text has an empty one."""
    return list(_section_ids(document))


def _section_ids(document: Document) -> Iterator[str]:
    ids = SectionIds(document.conf)
    for node in walk(document):
        if isinstance(node, Header):
            yield ids.of(node)
        elif isinstance(node, Table):
            ids.skip_table()


# -- resolving -----------------------------------------------------------------------------------


def resolve_page(
    target: PageTarget, page_id: str, conf: WikiConf, exists: Callable[[str], bool] = lambda _: False
) -> str:
    """Give the full id of the page that a link on the page ``page_id`` leads to.

    ``exists`` is asked, by full ids, where a link to a namespace has several pages to choose from.
    """
    if not target.id:
        return page_id
    resolved = _resolve(target.id, page_id, conf)
    if resolved.endswith(":"):
        resolved = _start_page(resolved, conf, exists)
    return clean_id(resolved, conf)


def resolve_media(target: MediaTarget, page_id: str, conf: WikiConf) -> str:
    """Give the full id of a medium that the page ``page_id`` shows, or the URL of one that is not in the wiki.

    It is empty for an unknown shortcut.  What stands after ``#`` in the target is left out.
    """
    if target.is_external:
        return target.id.partition("#")[0]
    if elsewhere := _INTERWIKI.match(target.id):
        return interwiki_url(InterwikiTarget(elsewhere[1], elsewhere[2]), conf).partition("#")[0]
    return clean_id(_resolve(target.id.partition("#")[0], page_id, conf), conf)


def _resolve(written: str, page_id: str, conf: WikiConf) -> str:
    if conf.useslash:
        written = written.replace("/", ":")
    written = written.replace(";", ":")
    if written.startswith("~"):
        written = f"{page_id}:{written[1:]}"
    if written.startswith("."):
        if dots := _DOTS_WITHOUT_COLON.match(written):
            written = f"{dots[0]}:{written[dots.end() :]}"
        written = f"{namespace(page_id)}:{written}"
    if page_id and ":" not in written:
        written = f"{namespace(page_id)}:{written}"
    return _without_dots(written.rstrip("."))


def _without_dots(path: str) -> str:
    parts: list[str] = []
    for part in path.split(":"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return ":".join(parts) + (":" if path.endswith(":") else "")


def _start_page(space: str, conf: WikiConf, exists: Callable[[str], bool]) -> str:
    named_like_space = space + clean_id(space, conf).rpartition(":")[2]
    for candidate in (space + conf.start, named_like_space, space[:-1]):
        if exists(clean_id(candidate, conf)):
            return candidate
    return space + conf.start


# -- other sites ---------------------------------------------------------------------------------


def is_interwiki(written: str) -> bool:
    """Whether what is written as a target begins with a shortcut to another site."""
    return _INTERWIKI.match(written) is not None


def interwiki_url(target: InterwikiTarget, conf: WikiConf) -> str:
    """Give the URL an interwiki link leads to, or nothing where the wiki does not know the shortcut.

    A URL that begins with a colon is the id of a page of this wiki.
    """
    template = conf.interwiki.get(target.shortcut.lower()) or conf.interwiki.get("default", "")
    if not template:
        return ""
    reference, mark, section = target.page.rpartition("#")
    if not mark:
        reference, section = target.page, ""
    url = _filled(template.replace("&amp;", "&"), reference)
    if url.startswith(":"):
        name, _, query = url.partition("?")
        url = f":{clean_id(name, conf)}{'?' + query if query else ''}"
    return f"{url}#{percent_encoded(section)}" if section else url


def _filled(template: str, reference: str) -> str:
    if not _PLACEHOLDER.search(template):
        return template + percent_encoded(reference)
    parts = _URL_PARTS.match(reference)
    assert parts is not None, "every text has a path"
    values = {"PORT": "80"} | {key: value for key, value in parts.groupdict("").items() if value}
    values["URL"] = percent_encoded(reference)
    values["NAME"] = reference
    if not template.startswith(":"):
        values["NAME"] = _UNSAFE_IN_NAME.sub(lambda char: percent_encoded(char[0]), reference)
    return _PLACEHOLDER.sub(lambda name: values.get(name[1], ""), template)


def percent_encoded(text: str, safe: str = "") -> str:
    """Encode text for a URL; bytes that are not UTF-8 stand for themselves, and no lone surrogate is an error."""
    try:
        return quote(text, safe, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(text, safe, errors="surrogatepass")


def interwiki_of(url: str, conf: WikiConf) -> InterwikiTarget | None:
    """Give the interwiki link that leads to a URL, if there is one; the longest template wins.

    The link leads to that very URL again, save for percent signs that a URL may have or not.
    """
    for shortcut, before, after in _templates(tuple(conf.interwiki.items())):
        address, mark, section = url.partition("#")
        if address.startswith(before) and address.endswith(after) and len(address) > len(before) + len(after):
            name = address[len(before) : len(address) - len(after)]
            target = InterwikiTarget(shortcut, _plain(name) + mark + _plain(section))
            if _normal(interwiki_url(target, conf)) == _normal(url):
                return target
    return None


@lru_cache(maxsize=16)
def _templates(table: tuple[tuple[str, str], ...]) -> list[tuple[str, str, str]]:
    """Give each shortcut whose URLs show the name whole, with what stands before and after the name."""
    found = []
    for shortcut, template in table:
        before, *after = re.split(r"\{(?:URL|NAME)\}", template.replace("&amp;", "&"))
        if not template.startswith(":") and shortcut != "default" and len(after) < 2 and "{" not in before:
            found.append((shortcut, before, "".join(after)))
    return sorted(found, key=lambda each: -len(each[1] + each[2]))


def _plain(text: str) -> str:
    return unquote(text, errors="surrogateescape")


def _normal(url: str) -> str:
    return percent_encoded(url, safe="%!#$&'()*+,/:;=?@[]~")


# -- text ----------------------------------------------------------------------------------------


def link_text(target: Target, conf: WikiConf, page_id: str = "") -> str:
    """Give what DokuWiki shows for a link that has no title, on the page ``page_id``."""
    match target:
        case PageTarget(id=written, section=section):
            return section or _simple_title(written or page_id, conf)
        case InterwikiTarget(page=page):
            return page
        case UrlTarget(url=url):
            return url
        case SectionTarget(section=section):
            return section
        case MediaTarget():
            place = resolve_media(target, page_id, conf)
            return _file_name(place) if place else _unknown_medium(target.id)
        case EmailTarget(address=address):
            return address
        case ShareTarget(path=path):
            return path
        case _:
            assert_never(target)


def _simple_title(written: str, conf: WikiConf) -> str:
    name = written.lstrip("~")
    name = name.replace("/", ":") if conf.useslash else name.replace(";", ":")
    space, _, last = name.rpartition(":")
    if last in ("", conf.start):
        return space.rpartition(":")[2] or conf.start
    return last


def _file_name(path: str) -> str:
    return re.split(r"[/\\]", path.rpartition(":")[2].strip("/\\"))[-1]


def _unknown_medium(written: str) -> str:
    """Give what is shown for a medium with an unknown shortcut: nothing if a place in it is named after ``#``."""
    reference = written.partition(">")[2]
    return "" if reference.rpartition("#")[1] and not reference.endswith("#") else reference
