"""What links and media point at, read back from addresses, classes and ``data-`` keys.

The addresses are DokuWiki's own: ``doku.php?id=``, ``lib/exe/fetch.php?media=``, ``lib/exe/detail.php?media=``, and
``_media/`` and ``_detail/`` where a wiki rewrites its URLs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urljoin

from wikicable.links import clean_id, interwiki_of, link_text, resolve_media, resolve_page, section_id
from wikicable.model import (
    Cache,
    EmailTarget,
    Inline,
    InterwikiTarget,
    Link,
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
from wikicable_html.elements import Element, attr_of
from wikicable_html.spelling import as_shown, rooted

MEDIA_KEYS = frozenset(("data-wiki-media", "data-linking", "data-cache", "data-rest"))
UNLINKED_KEYS = frozenset(("data-wiki-id", "data-wiki-section", "data-interwiki", "data-href"))
"""Keys of a link that stands as text, because what it leads to is not at hand."""

_LINK_KEYS = MEDIA_KEYS | UNLINKED_KEYS | {"href", "title", "data-section", "data-written", "data-wiki-query"}
_LINK_CLASS = re.compile(r"wikilink[12]|interwiki|iw_.*|urlextern|media|mediafile|mf_.*|mail|windows")
_WIKI_MEDIUM = re.compile(r"(?:lib/exe/(?:fetch|detail)\.php\?|/_(?:media|detail)/)")
_REWRITTEN = re.compile(r"/_(?:media|detail)/([^?#]*)")
_PAGE_SCRIPT = re.compile(r"doku\.php\?")
_SITE = re.compile(r"[a-z][a-z0-9+.-]*:(?://[^/?#]*)?", re.IGNORECASE)
_SHORTCUT_CLASS = re.compile(r"[^a-z0-9_-]+")


_LINKINGS: dict[str, Linking] = {"nolink": "nolink", "direct": "direct", "linkonly": "linkonly"}
_CACHES: dict[str, Cache] = {"nocache": "nocache", "recache": "recache"}


class Addresses:
    """Reads the targets of one page."""

    def __init__(self, conf: WikiConf, page_id: str, base: str = "", *, is_dokuwiki: bool = False) -> None:
        self._conf = conf
        self._page_id = page_id
        self._is_dokuwiki = is_dokuwiki
        self._base = base

    # -- links -----------------------------------------------------------------------------------

    def link(self, element: Element, content: tuple[Inline, ...]) -> Link:
        """Read a link; text that the target itself would show is left out."""
        text = plain_text(content)
        target = self.target(element, text)
        own = attr_of(element, _LINK_KEYS, _LINK_CLASS)
        if text != link_text(target, self._conf, self._page_id) or not all(isinstance(each, Str) for each in content):
            return Link(target, content, own)
        in_text = {UrlTarget: "uri", EmailTarget: "email"}.get(type(target), "")
        if in_text and "title" in element.keys and in_text not in own.classes:  # DokuWiki says there what the link is
            own = replace(own, classes=(in_text, *own.classes))
        return Link(target, (), own)

    def target(self, element: Element, text: str) -> Target:
        """Tell what a link leads to."""
        href = element.get("href").strip()
        classes = element.classes
        if self._is_page(element, href):
            return self._page(element, href, text)
        if "data-wiki-section" in element.keys:
            return SectionTarget(self._section(element, element.get("data-wiki-section"), text))
        if "data-interwiki" in element.keys:
            shortcut, _, page = element.get("data-interwiki").partition(">")
            return InterwikiTarget(shortcut, page)
        if "data-wiki-media" in element.keys or ("mediafile" in classes and _WIKI_MEDIUM.search(href)):
            medium = self.medium(element, href, "detail")
            if isinstance(medium, MediaTarget) and "data-wiki-media" not in element.keys and self._is_shown(medium):
                medium = replace(medium, linking="linkonly")
            return medium if isinstance(medium, MediaTarget) else UrlTarget(href)
        if any(name.startswith("iw_") for name in classes) and (found := self._interwiki(href, classes)):
            return found
        if href.startswith("#"):
            return SectionTarget(self._section(element, href[1:], text))
        if href.lower().startswith("mailto:"):
            return EmailTarget(unquote(href[7:]) if "%40" in href else href[7:])
        share = href or (element.get("data-href") if "windows" in classes else "")
        if share.lower().startswith("file:"):
            return ShareTarget(re.sub(r"^file:/{0,3}", "", share, flags=re.IGNORECASE).replace("/", "\\"))
        return UrlTarget(_as_typed(element.get("data-href") or self._whole(href), text))

    def _is_page(self, element: Element, href: str) -> bool:
        """Whether a link leads to a page of the wiki; one whose address was changed to another site does not."""
        if "interwiki" in element.classes:
            return False
        if _PAGE_SCRIPT.search(href):
            return "data-wiki-id" in element.keys or "wikilink" in element.get("class")
        site = _SITE.match(href)
        path = unquote(href[site.end() :] if site else "").partition("#")[0].replace("/", ":")
        return "data-wiki-id" in element.keys and path.endswith(element.get("data-wiki-id").lstrip(":") if site else "")

    def _page(self, element: Element, href: str, text: str) -> PageTarget:
        address, _, fragment = href.partition("#")
        pairs = address.partition("?")[2].split("&") if _PAGE_SCRIPT.search(address) else []
        named = next((unquote(pair[3:]) for pair in pairs if pair.startswith("id=")), "")
        written = unquote(",".join(pair for pair in pairs if not pair.startswith("id=")))
        query = element.get("data-wiki-query", written)
        page_id = self._spelled(element, self._named(element, named), text)
        section = element.get("data-wiki-section") or fragment
        if query and section and section_id(unquote(section), self._conf) != unquote(section):
            return PageTarget(page_id, "", f"{query}#{unquote(section)}")  # no heading has such an id
        return PageTarget(page_id, self._section(element, section, text), query)

    def _spelled(self, element: Element, page_id: str, text: str) -> str:
        """Give the id of a page as it was written, where that is kept or the link shows it."""
        written = element.get("data-written")
        if written and self._page_at(written) == self._page_at(page_id):
            return written
        is_full = self._is_dokuwiki or ":" in self._page_id
        return as_shown(rooted(page_id, is_full=is_full), text, self._conf)

    def _page_at(self, written: str) -> str:
        return resolve_page(PageTarget(written), self._page_id, self._conf) or self._conf.start

    def _named(self, element: Element, named: str) -> str:
        """Give the id of a page as it is kept, or as the address has it where that was changed."""
        kept = element.get("data-wiki-id", named)
        return kept if not named or clean_id(named, self._conf) == self._page_at(kept) else named

    def _section(self, element: Element, fragment: str, text: str) -> str:
        """Give the heading as it was written, where it is kept or the link shows it."""
        fragment = unquote(fragment)
        spellings = (each for each in (element.get("data-section"), text) if each)
        return next((each for each in spellings if section_id(each, self._conf) == fragment), fragment)

    def _interwiki(self, href: str, classes: tuple[str, ...]) -> InterwikiTarget | None:
        conf = self._conf
        for shortcut, template in conf.interwiki.items():
            if "iw_" + _SHORTCUT_CLASS.sub("_", shortcut) not in classes:
                continue
            if template.startswith(":"):
                page = dict(parse_qsl(href.partition("?")[2])).get("id", "")
                return InterwikiTarget(shortcut, page.removeprefix(template[1:].partition("{")[0]))
            if href == template.partition("{")[0]:
                return InterwikiTarget(shortcut, "")
            if found := interwiki_of(href, replace(conf, interwiki={shortcut: template})):
                return found
        return interwiki_of(href, conf)

    def _is_shown(self, medium: MediaTarget) -> bool:
        """Whether the wiki shows a medium itself, so that one that is linked says so."""
        return self._conf.media_type(medium.id).startswith(("image/", "audio/", "video/"))

    def _whole(self, address: str) -> str:
        """Give an address from where the page says that they begin."""
        if not self._base or not address or _SITE.match(address):
            return address
        try:
            return urljoin(self._base, address)
        except ValueError:
            return address

    # -- media -----------------------------------------------------------------------------------

    def medium(self, element: Element, address: str, leads_to: str | None = None) -> MediaTarget | UrlTarget:
        """Tell which medium is meant; ``leads_to`` is the address of the link around it, if it has one."""
        found = self._addressed(address, leads_to)
        if "data-wiki-media" not in element.keys:
            return found
        name = element.get("data-wiki-media").replace("%25", "%")
        linking = _LINKINGS.get(element.get("data-linking"), "details")
        cache = _CACHES.get(element.get("data-cache"), "cache")
        kept = MediaTarget(name + "".join(address.partition("#")[1:]), linking, cache, element.get("data-rest"))
        return kept if self._is_same(kept, found, address) else found

    def _is_same(self, kept: MediaTarget, found: MediaTarget | UrlTarget, address: str) -> bool:
        """Whether an address still leads to the medium that is kept: it may have been changed."""
        place = resolve_media(kept, self._page_id, self._conf)
        if isinstance(found, MediaTarget):
            return found.id == place
        return not _SITE.match(address) or address.partition("#")[0] == place

    def _addressed(self, address: str, leads_to: str | None) -> MediaTarget | UrlTarget:
        """Tell which medium is at an address."""
        if not _WIKI_MEDIUM.search(address):
            return UrlTarget(self._whole(address))
        parameters = dict(parse_qsl(address.partition("?")[2].partition("#")[0], keep_blank_values=True))
        rewritten = _REWRITTEN.search(address)
        name = parameters.get("media") or (unquote(rewritten[1]).replace("/", ":") if rewritten else "")
        if not name:
            return UrlTarget(address)
        target = MediaTarget(name, cache=_CACHES.get(parameters.get("cache", ""), "cache"))
        if leads_to is None:
            return replace(target, linking="nolink")
        is_direct = "detail" not in leads_to and not target.is_external
        return replace(target, linking="direct" if is_direct else "details")

    def is_of(self, href: str, image: MediaTarget | UrlTarget, source: str) -> bool:
        """Whether a link around an image leads to that image."""
        if href == source:
            return True
        if not isinstance(image, MediaTarget) or not _WIKI_MEDIUM.search(href):
            return False
        other = self.medium(Element("a"), href)
        return isinstance(other, MediaTarget) and other.id == image.id


def _as_typed(url: str, text: str) -> str:
    """Give a URL with ``&amp;`` for ``&`` where the link shows it so: that was typed, and DokuWiki leads past it."""
    start = url.find("://") + 3 if text.startswith("www.") else 0
    return url[:start] + text if "&amp;" in text and text.replace("&amp;", "&") == url[start:] else url
