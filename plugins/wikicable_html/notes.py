"""Footnotes of a page: the references to them, the elements that hold them, and the links back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from wikicable_html.elements import Element

_MOST_REPEATED = 1 << 20
"""How many characters of notes may be said again because they are referred to again."""

_REFERENCES = frozenset(("doc-noteref", "noteref"))
_NOTES = frozenset(("doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote", "note"))
_BACK = frozenset(("doc-backlink", "backlink", "referrer"))
_REFERENCE_CLASSES = frozenset(("fn_top", "footnote-ref", "footnote-reference", "noteref"))
_BACK_CLASSES = frozenset(("fn_bot", "footnote-back", "footnote-backref", "mw-cite-backlink"))
_SECTIONS = frozenset(("doc-endnotes", "endnotes", "footnotes", "rearnotes"))
_HOLD_NOTES = frozenset(("p", "li", "dd", "div", "aside", "td", "section"))
_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[*†‡§¶]{1,3}|[a-z]|[ivxl]{1,6})[\])]?")
"""What the text of a reference looks like."""

_WORD = re.compile(r"[^\W\d_]{2}")


class Notes:
    """Which notes a page has; the place that refers to a note takes it."""

    def __init__(self, root: Element) -> None:
        self._by_id: dict[str, Element] = {}
        self._referrers: set[str] = set()
        self._open: set[int] = set()
        self._taken: set[int] = set()
        self._repeated = 0
        self._ways: dict[int, set[str]] = {}
        self._of_reference = dict(self._references(root))
        self._elements = {id(note) for note in self._of_reference.values()}

    # -- finding ---------------------------------------------------------------------------------

    def _references(self, root: Element) -> Iterator[tuple[int, Element]]:
        parents: dict[int, Element] = {}
        links = []
        for element in root.walk():
            for name in (element.get("id"), element.get("name") if element.tag == "a" else ""):
                if name:
                    self._by_id.setdefault(name, element)
            parents.update((id(child), element) for child in element.elements)
            if element.tag == "a":
                links.append(element)
        self._find_dokuwiki_notes(root)
        for link in links:
            if note := self._referred(link, parents):
                self._referrers |= _names(link, parents)
                yield id(link), note

    def _referred(self, link: Element, parents: dict[int, Element]) -> Element | None:
        """Give the note that a link refers to: it says so, or is raised or a mark, and the note leads back."""
        place = self._by_id.get(unquote(link.get("href").partition("#")[2]))
        if place is None or not link.get("href").startswith("#") or is_back_link(link):
            return None
        note = _around(place, parents) if place.tag in ("a", "span") else place
        if is_reference(link):
            return note
        is_mark = parents.get(id(link), link).tag == "sup" or _MARK.fullmatch(link.text().strip()) is not None
        is_back = place is not link and not self._referrers.isdisjoint(_names(place, parents))
        leads_back = is_mark and not is_back and not self._ways_back(note).isdisjoint(_names(link, parents))
        return note if leads_back else None

    def _ways_back(self, note: Element) -> set[str]:
        if id(note) not in self._ways:
            hrefs = (each.get("href") for each in note.walk() if each.tag == "a")
            self._ways[id(note)] = {unquote(href[1:]) for href in hrefs if href.startswith("#")}
        return self._ways[id(note)]

    def _find_dokuwiki_notes(self, root: Element) -> None:
        """DokuWiki names the link back; what it leads back from is the note."""
        for element in root.walk():
            if "fn" not in element.classes:
                continue
            content = next((each for each in element.elements if "content" in each.classes), None)
            for each in element.walk():
                if each.get("id") and content is not None and "fn_bot" in each.classes:
                    self._by_id[each.get("id")] = content

    # -- what the reader asks --------------------------------------------------------------------

    def note_of(self, link: Element) -> Element | None:
        """Give the note that a link refers to, if it does and the note is not being read just now."""
        note = self._of_reference.get(id(link))
        if note is None or id(note) in self._open:
            return None
        if id(note) in self._taken:
            self._repeated += len(note.text()) + sum(1 for _ in note.walk())
            if self._repeated > _MOST_REPEATED or any(id(each) in self._of_reference for each in note.walk()):
                return None
        return note

    def open(self, note: Element) -> None:
        """Begin to read a note."""
        self._open.add(id(note))
        self._taken.add(id(note))

    def close(self, note: Element) -> None:
        """End reading a note."""
        self._open.discard(id(note))

    def is_note(self, element: Element) -> bool:
        """Whether an element is a note that is said where it is referred to."""
        return id(element) in self._elements

    def leads_back(self, link: Element) -> bool:
        """Whether a link leads from a note back to a place that refers to it."""
        return is_back_link(link) or unquote(link.get("href").removeprefix("#")) in self._referrers


def is_reference(link: Element) -> bool:
    """Whether a link says of itself that it refers to a note."""
    return not _REFERENCES.isdisjoint(link.types) or not _REFERENCE_CLASSES.isdisjoint(link.classes)


def is_back_link(link: Element) -> bool:
    """Whether a link says of itself that it leads back from a note."""
    return not _BACK.isdisjoint(link.types) or not _BACK_CLASSES.isdisjoint(link.classes)


def says_more_than_back(link: Element) -> bool:
    """Whether a link back that does not call itself one has words, as ``Line 20.``: they belong to the note."""
    return not is_back_link(link) and _WORD.search(link.text()) is not None


def is_notes_section(element: Element) -> bool:
    """Whether an element holds the notes of a page."""
    return not _SECTIONS.isdisjoint(element.types) or "footnotes" in element.classes


def _names(link: Element, parents: dict[int, Element]) -> set[str]:
    """Give the names by which a link can be found: its own, and that of the element directly around it."""
    return {link.get("id"), link.get("name"), parents[id(link)].get("id") if id(link) in parents else ""} - {""}


def _around(place: Element, parents: dict[int, Element]) -> Element:
    """Give the block that a place stands in: the note, where a link back at its beginning has the name."""
    element = place
    while element.tag not in _HOLD_NOTES and id(element) in parents:
        element = parents[id(element)]
    holder = parents.get(id(element), element)
    is_whole = element.tag == "p" and holder.tag in ("li", "aside", "dd", "div") and holder.elements[0] is element
    return holder if is_whole and (holder.tag != "div" or holder.get("id")) else element
