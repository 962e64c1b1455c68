"""Chapters bound into a book: a page as the HTML writer gives it, with no address that a book may not have.

Links between pages lead to chapters and headings; what is not in the book is a link to the wiki where its address
is known, and otherwise text that keeps in ``data-`` keys what it leads to.  Media in the book are shown, others stand
as their titles.  Footnotes say in ``epub:type``, too, what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

from wikicable.links import interwiki_of
from wikicable.wikiconf import SHIPPED
from wikicable.xmlout import attribute, attributes, escaped
from wikicable_epub.chapters import BOOK, WIKI, Chapter
from wikicable_epub.contents import Contents, Medium, section_of
from wikicable_epub.urls import fit_fragment, fit_url

_PAGE = WIKI + "doku.php?id="
_MEDIUM = WIKI + "lib/exe/fetch.php?media="
_SMILEYS = WIKI + "lib/images/smileys/"
_KEY = re.compile(r'([^\s="]+)="([^"]*)"')
_TAG = re.compile(
    r'<a href="(?P<own>[^"]*)" class="media">(?P<picture><img src="(?P=own)"[^>]*>)</a>'
    r'|<(?P<played>video|audio)(?P<keys>[^>]*)>\s*<source src="(?P<source>[^"]*)" type="[^"]*" />(?P<instead>.*?)</(?P=played)>'
    r"|<th(?P<empty>[^>]*)>(?P<inside>(?:\s|<(?!/?t[dhr])[^>]*>)*)</th>"
    r"|<a(?P<blank>\s[^>]*)>(?P<blanks>\s*)</a>"
    r"|<(?P<name>a|/a|img|aside|h[1-6]|th|pre|code|html|head)(?P<rest>(?:\s[^>]*)?)>"
    r"|<meta(?P<meta>[^>]*)>\n?"
    r'|<(?P<broken>span|div|hr) class="(?:pb|pagebreak)(?P<break>[^>]*)>'
    r'|<(?P<other>\w+)(?P<before>[^>]*?) id="(?P<id>[^"]*)"',
    re.DOTALL,
)
_BROKEN_ID = re.compile(r"\s|^$")
_ROLES = {"doc-noteref": "noteref", "doc-footnote": "footnote", "doc-backlink": "backlink"}
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
_EPUB = "http://www.idpf.org/2007/ops"
IN_PACKAGE = frozenset(("title", "keywords", "author", "contributor"))
"""What the package says of the page in a book that has one page only."""


def is_right_to_left(lang: str) -> bool:
    """Whether a language is written from right to left."""
    return lang.partition("-")[0].lower() in _RIGHT_TO_LEFT


def _code_direction(name: str, keys: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Say in which direction code runs among text from right to left; that in a line, as its own first letter does."""
    if name == "pre":
        yield "dir", "ltr"
    elif keys.get("class") == "mono":
        yield "dir", "auto"


@dataclass
class Found:
    """What was found in the chapters while they were bound."""

    breaks: list[tuple[str, str]] = field(default_factory=list)
    """Pages of the source: where they begin, and their labels."""

    absent: dict[str, int] = field(default_factory=dict)
    """Pages that are not in the book, and how many links lead to each."""

    described: int = 0
    undescribed: int = 0
    formulas: int = 0
    played: set[str] = field(default_factory=set)
    """Pictures with and without a text in their place, formulas in TeX, and the kinds of media that are played."""


class Binding:
    """Binds the chapters of one book; ``unsaid`` are names that the heads of its pages leave to the package."""

    def __init__(self, contents: Contents, base_url: str, unsaid: frozenset[str]) -> None:
        self.found = Found()
        self._contents = contents
        self._base_url = base_url
        self._unsaid = unsaid

    def bound(self, chapter: Chapter, html: str) -> str:
        """Give the file of a chapter."""
        self.found.formulas += html.count('class="math ')
        page = _Chapter(chapter, self._contents, self._base_url, self._unsaid, self.found)
        return page.bound(html.removeprefix("<!DOCTYPE html>\n"))


class _Chapter:
    """One chapter that is bound: the links that are open, the ids taken, and how deep the headings go."""

    def __init__(
        self, chapter: Chapter, contents: Contents, base_url: str, unsaid: frozenset[str], found: Found
    ) -> None:
        self._chapter = chapter
        self._contents = contents
        self._base_url = base_url
        self._unsaid = unsaid
        self._found = found
        self._ids: set[str] = set()
        self._ends: list[str] = []
        self._depth = 0
        self._elements: dict[str, Callable[[dict[str, str]], str]] = {
            "a": self._link,
            "img": self._picture,
            "html": self._root,
            "head": self._head,
        }

    def bound(self, html: str) -> str:
        return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n{_TAG.sub(self._tag, html)}'

    def _tag(self, found: re.Match[str]) -> str:
        if found["name"]:
            return self._element(found["name"], found["rest"])
        if found["empty"] is not None:  # a cell without text is the header of nothing to those who listen
            return f'<th{attributes(self._marked("th", _keys(found["empty"])))} role="cell">{_TAG.sub(self._tag, found["inside"])}</th>'
        if found["blank"]:
            return self._blank_link(_keys(found["blank"]), found["blanks"])
        if found["meta"] is not None:
            return self._meta(_keys(found["meta"]))
        if found["other"]:
            return f"<{found['other']}{found['before']}{self._id(found['id'])}"
        if found["picture"]:
            return self._picture(_keys(found["picture"]))
        if found["broken"]:
            return self._page_break(found["broken"], _keys(f'class="pb{found["break"]}'))
        return self._played(found["played"], _keys(found["keys"]), unescape(found["source"]), found["instead"])

    def _element(self, name: str, rest: str) -> str:
        if name == "/a":
            return self._ends.pop() if self._ends else ""
        if not rest and name not in ("html", "head"):
            return f"<{name}>"
        keys = _keys(rest)
        if read := self._elements.get(name):
            return read(keys)
        end = " /" if rest.endswith("/") else ""
        return f"<{name}{attributes(self._marked(name, keys))}{end}>"

    def _marked(self, name: str, keys: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Give attributes with what EPUB and accessibility ask for beside them."""
        for key, value in keys.items():
            if key == "role" and value in _ROLES and "epub:type" not in keys:
                yield "epub:type", _ROLES[value]
            if key != "id" or self._take(value):
                yield key, value
        if name in ("pre", "code") and is_right_to_left(self._chapter.lang) and "dir" not in keys:
            yield from _code_direction(name, keys)
        if name[0] == "h" and "aria-level" not in keys:
            yield from self._level(int(name[1]))

    def _level(self, level: int) -> Iterator[tuple[str, str]]:
        """Say at which level a heading is where its page leaves one out: to those who listen, outlines have no gaps."""
        depth = min(level, self._depth + 1) if self._depth else level
        self._depth = depth
        if depth != level:
            yield "aria-level", str(depth)

    # -- ids -------------------------------------------------------------------------------------

    def _take(self, name: str) -> bool:
        """Take an id, if it is one and is not taken."""
        if name in self._ids or _BROKEN_ID.search(name):
            return False
        self._ids.add(name)
        return True

    def _id(self, written: str) -> str:
        return f' id="{written}"' if self._take(unescape(written)) else ""

    # -- the head --------------------------------------------------------------------------------

    def _root(self, keys: dict[str, str]) -> str:
        lang = self._chapter.lang
        own = {"xmlns": "http://www.w3.org/1999/xhtml", "xmlns:epub": _EPUB, "lang": lang, "xml:lang": lang}
        direction = "rtl" if is_right_to_left(lang) else ""
        return f"<html{attributes((own | {'dir': keys.get('dir', direction)}).items())}>"

    def _head(self, keys: dict[str, str]) -> str:
        del keys
        part = self._chapter.of_page if self._chapter.part != 1 else ""
        part_of = f'\n<meta name="dcterms.isPartOf" content="{part}" />' if part else ""
        return f"<head>{part_of}"

    def _meta(self, keys: dict[str, str]) -> str:
        name = keys.get("name", "")
        if name == "viewport" or name in self._unsaid:
            return ""
        return f"<meta{attributes(keys.items())} />\n"

    # -- links -----------------------------------------------------------------------------------

    def _link(self, keys: dict[str, str]) -> str:
        href = keys.pop("href", "")
        if href.startswith(_PAGE):
            href = self._to_page(href.removeprefix(_PAGE), keys)
        elif href.startswith(_MEDIUM):
            href = self._to_medium(href)
        elif href.startswith("#"):
            href = self._to_section(unquote(href[1:]), keys)
        else:
            href = href.removeprefix(BOOK) if href.startswith(BOOK) else self._to_url(href, keys)
        self._ends.append("</a>" if href else "</span>")
        marked = list(self._marked("a", keys))
        return f"<a{attributes([('href', href), *marked])}>" if href else f"<span{attributes(marked)}>"

    def _blank_link(self, keys: dict[str, str], blanks: str) -> str:
        """Write a link that shows nothing: those who listen are told its address."""
        address = keys.get("href", "")
        start = self._link(keys)
        name = attribute("aria-label", address) if start.startswith("<a ") else ""
        return f"{start.removesuffix('>')}{name}>{blanks}{self._ends.pop()}"

    def _to_page(self, address: str, keys: dict[str, str]) -> str:
        """Give the way to a page: its chapter, or its place in the wiki, or none."""
        name, _, section = address.partition("#")
        page_id, _, query = unquote(name).partition("&")
        parts = self._contents.page(keys.get("data-wiki-id") or page_id)
        if query:
            keys["data-wiki-query"] = query.replace("&", ",")
        if not parts and self._base_url:
            return f"{self._base_url}doku.php?id={address}"
        section = unquote(section)
        chapter = section_of(parts, section) if section else None
        if section and chapter is None:
            keys["data-wiki-section"] = section
        if parts:
            return self._way(chapter or parts[0], section if chapter else "")
        absent = (keys.get("data-wiki-id") or page_id).lstrip(":")
        self._found.absent[absent] = self._found.absent.get(absent, 0) + 1
        keys["class"] = keys.get("class", "").replace("wikilink1", "wikilink2")
        return ""

    def _way(self, chapter: Chapter, section: str) -> str:
        fragment = f"#{fit_fragment(section)}" if section else ""
        return chapter.file + fragment if chapter is not self._chapter or not section else fragment

    def _to_section(self, section: str, keys: dict[str, str]) -> str:
        """Give the way to a place on the same page, if there is one."""
        if section in self._chapter.ids:
            return "#" + fit_fragment(section)
        chapter = section_of(self._contents.parts(self._chapter), section)
        if chapter is not None:
            return self._way(chapter, section)
        if "data-interwiki" not in keys:
            keys["data-wiki-section"] = section
        return ""

    def _to_medium(self, href: str) -> str:
        medium = self._medium(href)
        if medium is not None:
            return medium.file
        return self._base_url + href.removeprefix(WIKI) if self._base_url else ""

    def _to_url(self, url: str, keys: dict[str, str]) -> str:
        """Give a URL as a book may have it; the one that was written is kept where it is another."""
        href = fit_url(url)
        if href == url:
            return url
        if "interwiki" in keys.get("class", ""):
            target = interwiki_of(url, SHIPPED)
            if target is not None and not href:
                keys.setdefault("data-interwiki", f"{target.shortcut}>{target.page}")
        elif "data-wiki-media" not in keys:
            keys.setdefault("data-href", url)
        return href

    # -- media -----------------------------------------------------------------------------------

    def _medium(self, address: str) -> Medium | None:
        """Give the medium of the book at an address."""
        name = address.partition("#")[0]
        name = unquote(name.removeprefix(_MEDIUM)) if name.startswith(_MEDIUM) else name
        return self._contents.media.get(name)

    def _picture(self, keys: dict[str, str]) -> str:
        source = keys.pop("src", "")
        if source.startswith(_SMILEYS):
            return escaped(keys.get("alt", ""))
        medium = self._medium(source)
        if medium is None:
            return self._title(keys, source, keys.pop("alt", "") or keys.get("title", ""))
        if keys.get("alt"):
            self._found.described += 1
        else:
            self._found.undescribed += 1
        return f"<img{attributes([('src', medium.file), *self._marked('img', keys)])}{_alt(keys)} />"

    def _played(self, name: str, keys: dict[str, str], source: str, instead: str) -> str:
        medium = self._medium(source)
        title = keys.get("title", "") or re.sub("<[^>]*>", "", instead).strip()
        if medium is None or not medium.is_core or self._ends:  # none is allowed in a link
            keys.pop("controls", "")
            return self._title(keys, source, title)
        self._found.played.add(name)
        way = f"<source{attributes((('src', medium.file), ('type', medium.media_type)))} />{escaped(title)}"
        return f"<{name}{attributes(self._marked(name, keys))}>{way}</{name}>"

    def _title(self, keys: dict[str, str], source: str, title: str) -> str:
        """Write what stands for a medium that is not in the book: its title, a link to it where that can be followed."""
        for side in ("width", "height"):
            if side in keys:
                keys[f"data-{side}"] = keys.pop(side)
        keys.setdefault("data-wiki-media", source.replace("%", "%25"))
        name = (
            re.split(r"[:/]", unquote(source.partition("#")[0]))[-1].partition("=")[2]
            or re.split("[:/]", unquote(source))[-1]
        )
        text = escaped(title or name)
        href = "" if source.startswith(WIKI) else fit_url(source)
        if self._base_url and source.startswith(WIKI):
            href = self._base_url + source.removeprefix(WIKI)
        if href and not self._ends:
            text = f"<a{attribute('href', href)}>{text}</a>"
        return f"<span{attributes(self._marked('span', keys))}>{text}</span>"

    # -- pages of the source ---------------------------------------------------------------------

    def _page_break(self, name: str, keys: dict[str, str]) -> str:
        """Mark where a page of the source begins."""
        number = len(self._found.breaks) + 1
        page = keys.get("data-n") or keys.get("title") or str(number)
        keys = {"id": f"pagebreak-{number}"} | {key: value for key, value in keys.items() if key != "id"}
        if not self._take(keys["id"]):
            return f"<{name}{attributes(keys.items())}>"
        self._found.breaks.append((f"{self._chapter.file}#{keys['id']}", page))
        marks = {"epub:type": "pagebreak", "role": "doc-pagebreak", "aria-label": page}
        return f"<{name}{attributes((keys | marks).items())}{' /' if name == 'hr' else ''}>"


def _keys(rest: str) -> dict[str, str]:
    return {name: unescape(value) if "&" in value else value for name, value in _KEY.findall(rest)}


def _alt(keys: dict[str, str]) -> str:
    return "" if keys.get("alt") else ' alt=""'
