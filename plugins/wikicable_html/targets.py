"""What links and media point at, as HTML: addresses, classes and ``data-`` keys.

The classes are those of DokuWiki's ``inc/parser/xhtml.php``.  What it shows without a link - an unknown
shortcut, a scheme that is not registered - is a ``span`` that keeps the target.  ``data-wiki-media`` is the id of
a medium or its URL, with percent signs encoded as in ``src``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from wikicable.links import (
    clean_id,
    interwiki_url,
    is_interwiki,
    link_text,
    percent_encoded,
    resolve_media,
    resolve_page,
    section_id,
)
from wikicable.model import (
    EmailTarget,
    Image,
    Inline,
    InterwikiTarget,
    MediaTarget,
    PageTarget,
    SectionTarget,
    ShareTarget,
    SoftBreak,
    Target,
    UrlTarget,
)
from wikicable.walk import plain_text
from wikicable.wikiconf import SHIPPED, WikiConf
from wikicable.xmlout import attribute, escaped
from wikicable_html.attr import attr
from wikicable_html.spelling import as_shown, rooted

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_HARMLESS = frozenset(("mailto", "tel"))
_PHOTO = re.compile(r"\.jpe?g$", re.IGNORECASE)
_UNFIT_FOR_CLASS = re.compile(r"[^a-z0-9_-]+")

MediaPlace: TypeAlias = MediaTarget | UrlTarget | InterwikiTarget


@dataclass(frozen=True, slots=True)
class Address:
    """Where a link goes, with its classes and further attributes; without ``href`` it is shown as text."""

    href: str
    classes: str
    data: tuple[tuple[str, str], ...] = ()


class Targets:
    """Writes what links and media of one page point at."""

    def __init__(self, conf: WikiConf, page_id: str, base_url: str) -> None:
        self._conf = conf
        self._page_id = page_id
        self._page_url = base_url + "doku.php?id="
        self._media_url = base_url + "lib/exe/fetch.php?media="

    # -- links -----------------------------------------------------------------------------------

    def text(self, target: Target) -> str:
        """Give the text of a link that has no title."""
        return escaped(link_text(target, self._conf, self._page_id))

    def address(self, target: Target, content: tuple[Inline, ...] = ()) -> Address:
        """Tell where a link goes that shows ``content``."""
        match target:
            case PageTarget():
                return self._page(target, content)
            case InterwikiTarget():
                return self._interwiki(target)
            case UrlTarget(url=url):
                return self._url(url)
            case SectionTarget(section=section):
                return Address("#" + section_id(section, self._conf), "wikilink1", self._spelled(section, content))
            case MediaTarget():
                ending = target.id.rpartition(".")[2].lower() if self._conf.media_type(target.id) else ""
                file = self._medium(target)
                href = "" if target.linking == "nolink" else file.href
                return Address(href, f"media mediafile mf_{ending}", file.data)
            case EmailTarget(address=address):
                return Address("mailto:" + address, "mail")
            case ShareTarget(path=path):
                return Address("file:///" + path.replace("\\", "/"), "windows")
            case _:
                assert_never(target)

    def _spelled(self, section: str, content: tuple[Inline, ...]) -> tuple[tuple[str, str], ...]:
        """Keep how a heading is written, where neither its id nor the text of the link says it."""
        text = plain_text(content) if content else section
        name = section_id(section, self._conf)
        said = text if section_id(text, self._conf) == name else name
        return () if said == section else (("data-section", section),)

    def _page(self, target: PageTarget, content: tuple[Inline, ...]) -> Address:
        page_id = resolve_page(target, self._page_id, self._conf)
        query = "&" + target.query.replace(",", "&") if target.query else ""
        section = clean_id(target.section, self._conf)
        fragment = "#" + section_id(section, self._conf) if section else ""
        href = self._page_url + _path(page_id or self._conf.start) + query + fragment
        spelled = self._spelled(target.section, content) if fragment else ()
        named = self._named(target.id, page_id)
        return Address(href, "wikilink1", (("data-wiki-id", named), *self._written(target, named, content), *spelled))

    def _written(self, target: PageTarget, named: str, content: tuple[Inline, ...]) -> tuple[tuple[str, str], ...]:
        """Keep how an id is written, where neither the id itself nor the text of the link says it."""
        text = plain_text(content) if content else link_text(target, self._conf, self._page_id)
        said = as_shown(rooted(named, is_full=":" in self._page_id), text, self._conf)
        return () if not target.id or said == target.id else (("data-written", target.id),)

    def _named(self, written: str, page_id: str) -> str:
        """Give the full id, or where it is not known which page this is, one that says from where it counts."""
        if self._page_id or not written.startswith((":", ".", "~")):
            return page_id
        if written.startswith(":"):
            return page_id if ":" in page_id else f":{page_id}"
        return written

    def _interwiki(self, target: InterwikiTarget) -> Address:
        classes = "interwiki iw_" + _UNFIT_FOR_CLASS.sub("_", target.shortcut.lower())
        data = (("data-interwiki", f"{target.shortcut}>{target.page}"),)
        if url := interwiki_url(target, self._conf):
            if not url.startswith(":"):
                name = target.shortcut.lower()
                is_shipped = self._conf.interwiki.get(name) == SHIPPED.interwiki.get(name)
                return Address(url, classes, () if is_shipped else data)  # who reads it may not know a wiki's own
            return Address(self._own_page(url[1:]), classes, data)
        section = target.page.rpartition("#")[2] if "#" in target.page else ""
        if section:  # of an unknown shortcut, DokuWiki keeps the place
            return Address("#" + _path(section), "interwiki iw_", data)
        return Address("", classes, data)

    def _own_page(self, place: str) -> str:
        name, mark, section = place.partition("#")
        return self._page_url + _path(name.replace("?", "&")) + mark + section

    def _url(self, url: str) -> Address:
        scheme = url.partition("://")[0] if "://" in url else (_SCHEME.match(url) or (url, ""))[1]
        if scheme and scheme.lower() not in (*self._conf.schemes, *_HARMLESS):
            return Address("", "urlextern", (("data-href", url),))
        return Address(url.replace("&amp;", "&"), "urlextern")

    # -- media -----------------------------------------------------------------------------------

    def medium(self, image: Image, *, is_linked: bool) -> str:
        """Write an image, a sound or a film; an image that is in no link leads to its file."""
        target = image.target
        place = self._medium(target, in_title=is_linked)
        title = title_text(image.content) if image.content else photo_title(target, self._page_id, self._conf)
        if not place.href:
            return f"<span{attr(image.attr, keys=place.data)}>{escaped(title) or self.text(target)}</span>"
        shown = [("title", title), ("width", str(image.width or "")), ("height", str(image.height or ""))]
        shown = [(name, value) for name, value in shown if value]
        keys = attr(image.attr, f"media{image.align or ''}", keys=[*shown, *place.data])
        source = attribute("src", place.href)
        kind = self._conf.media_type(place.href.partition("#")[0])
        if kind.startswith(("video/", "audio/")):
            name = escaped(title) or self.text(target)
            return _played(kind, source, keys, _fallback(target, place.href, name))
        picture = f"<img{source}{keys}{attribute('alt', title)} />"
        if is_linked or not isinstance(target, MediaTarget) or target.linking == "nolink":
            return picture
        return f'<a{attribute("href", place.href)} class="media">{picture}</a>'

    def _medium(self, target: MediaPlace, *, in_title: bool = False) -> Address:
        """Tell where a medium is; in a link's title, DokuWiki takes a shortcut for part of the name."""
        if not isinstance(target, MediaTarget):
            return self.address(target)
        is_elsewhere = is_interwiki(target.id)
        is_named = in_title and is_elsewhere
        place = clean_id(target.id, self._conf) if is_named else resolve_media(target, self._page_id, self._conf)
        parameters = _parameters(target)
        if not place and is_elsewhere:
            return Address("", "media", (("data-wiki-media", target.id), *parameters))
        url = place if "//" in place else self._media_url + _path(place)
        data = (("data-wiki-media", place.replace("%", "%25")), *parameters)
        return Address(url + "".join(target.id.partition("#")[1:]), "media", data)


def photo_title(target: MediaPlace, page_id: str, conf: WikiConf) -> str:
    """Give a photo's file name: DokuWiki shows it where the photo itself says no title."""
    if not isinstance(target, MediaTarget) or not _PHOTO.search(target.id):
        return ""
    return clean_id(resolve_media(target, page_id, conf), conf).rpartition(":")[2]


def title_text(content: tuple[Inline, ...]) -> str:
    """Give the text of a medium's title, its lines as they stand."""
    return "".join(["\n" if isinstance(each, SoftBreak) else plain_text(each) for each in content])


def _played(kind: str, source: str, keys: str, fallback: str) -> str:
    tag = kind.partition("/")[0]
    return f'<{tag}{keys} controls="controls">\n<source{source} type="{kind}" />\n{fallback}</{tag}>\n'


def _fallback(target: MediaPlace, url: str, name: str) -> str:
    """Link to a file elsewhere, for those who cannot play it; whether one of the wiki is there is not known."""
    if isinstance(target, MediaTarget) and not target.is_external:
        return ""
    return f'<a{attribute("href", url)} class="media mediafile">{name}</a>'


def _parameters(target: MediaTarget) -> list[tuple[str, str]]:
    linking = "" if target.linking == "details" else target.linking
    cache = "" if target.cache == "cache" else target.cache
    keys = (("data-linking", linking), ("data-cache", cache), ("data-rest", target.rest))
    return [(name, value) for name, value in keys if value]


def _path(wiki_id: str) -> str:
    return percent_encoded(wiki_id, safe=":/?&=")
