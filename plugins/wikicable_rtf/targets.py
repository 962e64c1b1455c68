"""Where a hyperlink leads: the wiki's targets as addresses, and addresses as the wiki's targets.

===================  =========================================================
``wiki:ns:page#s``   a page of the wiki, its id as written
``image:ns:a.png``   a picture of the wiki shown in the text; behind ``?`` its size and what a click does
``media:ns:a.pdf``   a file of the wiki
``file://///server``  a Windows share
``mailto:a@b.org``   an e-mail address
any other            itself; with the tip ``wp>Page``, that interwiki link
===================  =========================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never, get_args
from urllib.parse import unquote

from wikicable.links import interwiki_url, resolve_page
from wikicable.model import (
    Align,
    Cache,
    EmailTarget,
    Image,
    Inline,
    InterwikiTarget,
    Linking,
    MediaTarget,
    PageTarget,
    SectionTarget,
    ShareTarget,
    Str,
    Target,
    UrlTarget,
)
from wikicable.walk import plain_text
from wikicable.wikiconf import WikiConf
from wikicable_rtf.flow import Field

WIKI_SCHEME, IMAGE_SCHEME, MEDIA_SCHEME = "wiki:", "image:", "media:"
_SHARE_SCHEME = "file://///"
PAGE_ADDRESS = "doku.php?id="
_INTERWIKI = re.compile(r"([a-zA-Z0-9.]+)>(.*)", re.DOTALL)
_SIZE = re.compile(r"(\d{1,9})?(?:x(\d{1,9}))?")
_NOT_IN_ARGUMENT = re.compile(r'[\s"\\<>\x00-\x1f\udc80-\udcff]')
_SHARE = re.compile(r"\\\\[^\\]+\\")
_UNTITLED, _TITLED = "untitled", "titled"
"""Tell of a picture whose title is given as empty, or as what it would show without one."""

_IMAGE_TIP = re.compile(rf"{IMAGE_SCHEME}\S*")


# -- escapes -------------------------------------------------------------------------------------


def safe(address: str) -> str:
    """Give an address without blanks, quotes and backslashes, which programs read in different ways."""
    return _NOT_IN_ARGUMENT.sub(_percent, address)


def escaped(name: str, more: str = "") -> str:
    """Give a name as part of an address; percent signs and the characters ``more`` are escaped too."""
    for char in "%" + more:
        name = name.replace(char, f"%{ord(char):02X}")
    return safe(name)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape"))


def unescaped(name: str) -> str:
    """Give the name that ``escaped`` was given."""
    return unquote(name, errors="surrogateescape") if "%" in name else name


# -- writing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hyperlink leads: out of the file, or to a bookmark in it; and what it says of itself."""

    url: str = ""
    bookmark: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one page's links; with ``base_url`` pages of the wiki are found on the web."""

    conf: WikiConf
    page_id: str = ""
    base_url: str = ""

    def of(self, target: Target) -> Address:
        """Give the address of a target."""
        match target:
            case PageTarget():
                return Address(self._page(target))
            case UrlTarget(url=url):
                return Address(safe(url))
            case SectionTarget(section=section):
                return Address(bookmark=section)
            case InterwikiTarget():
                return self._interwiki(target)
            case EmailTarget(address=address):
                return Address(f"mailto:{safe(address)}")
            case ShareTarget(path=path):
                return Address(_SHARE_SCHEME + escaped(path.removeprefix("\\\\"), "/?#").replace("%5C", "/"))
            case MediaTarget():
                return Address(MEDIA_SCHEME + escaped(target.id, "?#") + _query(_parameters(target)))
            case _:
                assert_never(target)

    def _page(self, target: PageTarget) -> str:
        section = f"#{escaped(target.section)}" if target.section else ""
        if not self.base_url:
            query = f"?{escaped(target.query, '#')}" if target.query else ""
            return WIKI_SCHEME + escaped(target.id, "?#") + query + section
        query = f"&{escaped(target.query, '#')}" if target.query else ""
        page = resolve_page(target, self.page_id, self.conf)
        return self.base_url + PAGE_ADDRESS + escaped(page, "?#&") + query + section

    def _interwiki(self, target: InterwikiTarget) -> Address:
        name = f"{target.shortcut}>{target.page}"
        url = interwiki_url(target, self.conf)
        if not url or url.startswith(":") or not target.page:
            return Address(f"{WIKI_SCHEME}{escaped(target.shortcut)}>{escaped(target.page)}")
        return Address(safe(url), tip=name)

    def read(self, field: Field) -> Target:
        """Give the target that a hyperlink leads to."""
        url = field.target
        if not url:
            return SectionTarget(field.bookmark)
        scheme, colon, rest = url.partition(":")
        match scheme.lower() + colon:
            case "wiki:":
                return _read_page(rest, field.bookmark)
            case "mailto:":
                return EmailTarget(rest)
            case "media:" | "image:":
                return _read_media(rest)[0]
        if share := _share(url):
            return share
        if self.base_url and url.startswith(self.base_url + PAGE_ADDRESS):
            return _read_page_address(url.removeprefix(self.base_url + PAGE_ADDRESS))
        interwiki = _INTERWIKI.fullmatch(_IMAGE_TIP.sub("", field.tip).strip())
        if interwiki and _leads_to(InterwikiTarget(interwiki[1], interwiki[2]), url, self.conf):
            return InterwikiTarget(interwiki[1], interwiki[2])
        return UrlTarget(url + (f"#{field.bookmark}" if field.bookmark else ""))


def _leads_to(target: InterwikiTarget, url: str, conf: WikiConf) -> bool:
    """Whether the link leads to that very place; of a shortcut that is not known the page's name is looked for."""
    if target.shortcut.lower() in conf.interwiki:
        return unescaped(safe(interwiki_url(target, conf))) == unescaped(url)
    return unescaped(safe(target.page)) in unescaped(url)


def _read_page(written: str, bookmark: str) -> PageTarget | InterwikiTarget:
    if elsewhere := _INTERWIKI.fullmatch(written):
        return InterwikiTarget(elsewhere[1], unescaped(elsewhere[2]))
    page, _, section = written.partition("#")
    page, _, query = page.partition("?")
    return PageTarget(unescaped(page), unescaped(section) or bookmark, unescaped(query))


def _read_page_address(written: str) -> PageTarget:
    page, _, section = written.partition("#")
    page, _, query = page.partition("&")
    page = unescaped(page)
    return PageTarget(f":{page}" if ":" in page else page, unescaped(section), unescaped(query))


def _share(url: str) -> ShareTarget | None:
    """Give the Windows share that an address leads to, as Word writes it, or as LibreOffice and we do."""
    if _SHARE.match(url):
        return ShareTarget(url)
    if not url.startswith(_SHARE_SCHEME):
        return None
    return ShareTarget("\\\\" + "\\".join(map(unescaped, url.removeprefix(_SHARE_SCHEME).split("/"))))


# -- pictures ------------------------------------------------------------------------------------


def image_address(image: Image, shown: str) -> str:
    """Give the address of a picture in the text, with its size and all that is said of it.

    The id is empty for a picture from elsewhere, whose own address is to be seen already.  ``shown`` is what a
    picture shows that has no title.
    """
    match image.target:
        case MediaTarget(id=name):
            said = _parameters(image.target)
        case InterwikiTarget(shortcut=shortcut, page=page):
            name, said = f"{shortcut}>{page}", []
        case UrlTarget():
            name, said = "", []
        case _:
            assert_never(image.target)
    size = f"{image.width or ''}" + (f"x{image.height}" if image.height else "")
    alignment = [f"align={image.align}"] if image.align else []
    title = [_UNTITLED] if image.content and not plain_text(image.content) else []
    if plain_text(image.content) == shown:
        title = [_TITLED]
    return IMAGE_SCHEME + escaped(name, "?#") + _query([*([size] if size else []), *said, *alignment, *title])


def image_of(address: str, content: tuple[Inline, ...], url: str = "") -> Image:
    """Give the picture that ``image_address`` gave the address of; ``url`` is where one from elsewhere is."""
    target, parameters = _read_media(address.removeprefix(IMAGE_SCHEME))
    size = next((found for each in parameters if each and (found := _SIZE.fullmatch(each))), None)
    width, height = (size[1], size[2]) if size else (None, None)
    align = next((each for each in get_args(Align) if f"align={each}" in parameters), None)
    where = UrlTarget(url) if url and not target.id else target
    return Image(where, content, align, int(width) if width else None, int(height) if height else None)


def shown_title(address: str, shown: str) -> tuple[Inline, ...]:
    """Give the title of a picture that shows what it would show without one."""
    parameters = _read_media(address.removeprefix(IMAGE_SCHEME))[1]
    if _TITLED in parameters:
        return (Str(shown),)
    return (Str(""),) if _UNTITLED in parameters else ()


def image_in_tip(tip: str) -> str:
    """Give the address of the picture that a hyperlink shows, where its tip tells it."""
    found = _IMAGE_TIP.match(tip)
    return found[0] if found else ""


def _query(parameters: list[str]) -> str:
    return f"?{escaped('&'.join(parameters), '#')}" if parameters else ""


def _parameters(target: MediaTarget) -> list[str]:
    linking = [target.linking] if target.linking != "details" else []
    cache = [target.cache] if target.cache != "cache" else []
    return [*linking, *cache, *([target.rest] if target.rest else [])]


def _read_media(written: str) -> tuple[MediaTarget, list[str]]:
    name, _, query = written.partition("?")
    parameters = unescaped(query).split("&") if query else []
    linking: Linking = next((each for each in get_args(Linking) if each in parameters), "details")
    cache: Cache = next((each for each in get_args(Cache) if each in parameters), "cache")
    rest = "&".join(each for each in parameters if not _is_known(each))
    return MediaTarget(unescaped(name), linking, cache, rest), parameters


def _is_known(parameter: str) -> bool:
    return (
        parameter in get_args(Linking)
        or parameter in get_args(Cache)
        or bool(_SIZE.fullmatch(parameter))
        or parameter.removeprefix("align=") in get_args(Align)
        or parameter in (_UNTITLED, _TITLED)
    )
