"""What the links of a page lead to: by the wiki's own rules, or by the paths of files in a folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import unquote

from wikicable.links import clean_id, interwiki_url, resolve_media, resolve_page, section_id
from wikicable.model import InterwikiTarget, MediaTarget, PageTarget, SectionTarget, Target, UrlTarget
from wikicable.wiki.layouts import Heading, Layout
from wikicable.wikiconf import WikiConf

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class PageReference:
    """A page of this wiki that is linked to, by its full id, with the section as written.

    ``is_local`` is a link that names no page, only a section of its own.
    """

    id: str
    section: str = ""
    query: str = ""
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class MediaReference:
    """A medium of this wiki, by its full id."""

    id: str


class Resolver(Protocol):
    """Tells what the targets that are written on one page mean."""

    def resolve(self, target: Target) -> PageReference | MediaReference | None:
        """Give what a target leads to in this wiki; nothing if it leads elsewhere."""
        ...

    def heading(self, section: str, headings: Sequence[Heading]) -> int | None:
        """Give the number of the heading that a section, as written, means."""
        ...


@dataclass(frozen=True)
class WikiResolver:
    """Resolves page ids as DokuWiki does."""

    page_id: str
    conf: WikiConf
    exists: Callable[[str], bool]

    def resolve(self, target: Target) -> PageReference | MediaReference | None:
        """Give what a target leads to in this wiki; nothing if it leads elsewhere."""
        match target:
            case PageTarget(section=section, query=query):
                return PageReference(resolve_page(target, self.page_id, self.conf, self.exists), section, query)
            case SectionTarget(section=section):
                return PageReference(self.page_id, section, is_local=True)
            case MediaTarget() if not target.is_external and ">" not in target.id:
                return MediaReference(resolve_media(target, self.page_id, self.conf))
            case InterwikiTarget():
                return self._own_page(interwiki_url(target, self.conf))
        return None

    def _own_page(self, url: str) -> PageReference | None:
        """Give the page of a shortcut that leads back into this wiki."""
        if not url.startswith(":"):
            return None
        name, _, section = url[1:].partition("#")
        name, _, query = name.partition("?")
        return PageReference(clean_id(name, self.conf), unquote(section), query)

    def heading(self, section: str, headings: Sequence[Heading]) -> int | None:
        """Give the number of the heading that a section, as written, means."""
        wanted = section_id(clean_id(section, self.conf), self.conf)
        return next((number for number, each in enumerate(headings) if each.wiki_id == wanted), None)


@dataclass(frozen=True)
class RedirectedResolver:
    """Resolves a link to a page that only leads to another as one to that other."""

    resolver: Resolver
    redirects: Mapping[str, str]

    def resolve(self, target: Target) -> PageReference | MediaReference | None:
        """Give what a target leads to in this wiki; nothing if it leads elsewhere."""
        found = self.resolver.resolve(target)
        if isinstance(found, PageReference) and found.id in self.redirects:
            return replace(found, id=self.redirects[found.id])
        return found

    def heading(self, section: str, headings: Sequence[Heading]) -> int | None:
        """Give the number of the heading that a section, as written, means."""
        return self.resolver.heading(section, headings)


@dataclass(frozen=True)
class FileResolver:
    """Resolves paths, relative to the file they stand in or to the root of all files."""

    page_id: str
    path: str
    layout: Layout
    conf: WikiConf
    pages: Mapping[str, str]
    media: Mapping[str, str]
    by_name: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, target: Target) -> PageReference | MediaReference | None:
        """Give what a target leads to in this wiki; nothing if it leads elsewhere."""
        match target:
            case SectionTarget(section=section):
                return PageReference(self.page_id, section, is_local=True)
            case PageTarget(id=written, section=section, query=query):
                return self._embedded(_as_path(written)) or self._page(_as_path(written), section, query)
            case MediaTarget(id=written) if not target.is_external and ">" not in written:
                return MediaReference(self._medium(_as_path(written)))
            case UrlTarget(url=url) if url and not _SCHEME.match(url):
                return self._file(url)
        return None

    def _file(self, url: str) -> PageReference | MediaReference:
        path, _, section = url.partition("#")
        path, _, query = path.partition("?")
        if not path:
            return PageReference(self.page_id, unquote(section), is_local=True)
        for place in self._places(unquote(path, errors="surrogateescape")):
            if place in self.media and place not in self.pages:
                return MediaReference(self.media[place])
        return self._page(
            unquote(path, errors="surrogateescape"), unquote(section), unquote(query, errors="surrogateescape")
        )

    def _embedded(self, written: str) -> MediaReference | None:
        """Give the medium that a link by path may lead to as well as to a page."""
        places = self._places(written) if "." in written else ()
        found = (self.media[place] for place in places if place in self.media and place not in self.pages)
        return next(map(MediaReference, found), None)

    def _page(self, written: str, section: str, query: str) -> PageReference:
        if not written:
            return PageReference(self.page_id, section, query, is_local=not query)
        places = self._places(written)
        start = f"/{self.layout.start or self.conf.start}{self.layout.suffix}"
        for ending in ("", self.layout.suffix, start):
            for place in places:
                if place + ending in self.pages:
                    return PageReference(self.pages[place + ending], section, query)
        named = posixpath.basename(written).removesuffix(self.layout.suffix) + self.layout.suffix
        if self.by_name.get(named) in self.pages and self.by_name[named].endswith(f"/{written}{self.layout.suffix}"):
            return PageReference(self.pages[self.by_name[named]], section, query)
        path = places[0].removesuffix(self.layout.suffix) + self.layout.suffix
        return PageReference(self.layout.page_id(path, self.conf) or path, section, query)

    def _medium(self, written: str) -> str:
        """Give the medium at a path, or the one that has what is written for its id."""
        places = self._places(written)
        found = next((self.media[place] for place in places if place in self.media), None)
        found = found or self.media.get(self.by_name.get(written, ""))
        found = found or self.media.get(self.layout.media_path(written.strip("/").replace("/", ":")))
        return found or self.layout.media_id(places[0]) or places[0].replace("/", ":")

    def _places(self, written: str) -> list[str]:
        """Give the paths that may be meant: from this file's folder, from the root, from the pages' root."""
        if written.startswith("/"):
            return [_normal(written), _normal(f"{self.layout.page_root}/{written}")]
        here = _normal(posixpath.join(posixpath.dirname(self.path), written))
        from_root = [_normal(written), _normal(f"{self.layout.page_root}/{written}")]
        if self.layout.is_rooted and not written.startswith("."):
            return [*from_root, here]
        return [here, *from_root]

    def heading(self, section: str, headings: Sequence[Heading]) -> int | None:
        """Give the number of the heading that a section, as written, means."""
        anchors = self.layout.anchors(headings)
        return anchors.index(section) if section in anchors else None


def shortest_by_name(paths: Iterable[str]) -> dict[str, str]:
    """Give the file of each name, the one with the shortest path of several."""
    ordered = sorted(paths, key=lambda path: (path.count("/"), path), reverse=True)
    return {posixpath.basename(path): path for path in ordered}


def _as_path(written: str) -> str:
    return written.replace(":", "/")


def _normal(path: str) -> str:
    """Give a path without dots; one that leads out of the root ends at it."""
    return posixpath.normpath("/" + path).lstrip("/")
