"""What stands elsewhere in a TEI file than where it belongs: collected notes and embedded originals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from wikicable_tei.tree import Element, identifier_of, name_of

_COLLECTIONS = frozenset(("div", "div1", "div2", "div3", "back", "noteGrp", "body"))
"""Elements in which notes stand that are pointed at from elsewhere."""


class Places:
    """What stands elsewhere in a document than where it belongs, and the prefixes that the document declares."""

    def __init__(self, root: Element, shortcuts: Mapping[str, str]) -> None:
        self.shortcuts = shortcuts
        self.prefix = f"{identifier_of(root)}-"
        self._root = root
        self._taken: set[str] = set()

    @cached_property
    def originals(self) -> dict[str, Element]:
        """The embedded originals, by their ids."""
        divs = (div for div in self._root.iter("{*}div") if div.get("type") == "original")
        return {identifier_of(div): div for div in divs if identifier_of(div)}

    @cached_property
    def notes(self) -> dict[str, Element]:
        """The notes that stand together somewhere and are pointed at from the text."""
        targets = set(self.anchored.values())
        for link in self._root.iter("{*}ref", "{*}ptr"):
            targets.update(uri[1:] for uri in (link.get("target") or "").split() if uri.startswith("#"))
        return {each: note for each, note in self._collected().items() if each in targets}

    @cached_property
    def anchored(self) -> dict[str, str]:
        """The ids of collected notes, by the ids of the anchors that they say they belong to."""
        found: dict[str, str] = {}
        for each, note in self._collected().items():
            found |= {uri[1:]: each for uri in (note.get("target") or "").split() if uri.startswith("#")}
        anchors = {identifier_of(anchor) for anchor in self._root.iter("{*}anchor")}
        return {anchor: each for anchor, each in found.items() if anchor in anchors}

    def _collected(self) -> dict[str, Element]:
        """Give the notes that stand between blocks, by their ids; one without is called by its place."""
        notes = (note for note in self._root.iter("{*}note") if _is_collected(note))
        return {identifier_of(note) or f"note {number}": note for number, note in enumerate(notes)}

    def take_note(self, identifier: str) -> Element | None:
        """Give a collected note the first time it is asked for."""
        if not identifier or identifier in self._taken or identifier not in self.notes:
            return None
        self._taken.add(identifier)
        return self.notes[identifier]

    def take_original(self, identifier: str) -> Element | None:
        """Give an original at the first place that points at it."""
        return self._untaken.pop(identifier, None)

    def originals_left(self) -> list[Element]:
        """Give the originals that nothing in the text points at."""
        return list(self._untaken.values())

    @cached_property
    def _untaken(self) -> dict[str, Element]:
        return dict(self.originals)

    def is_elsewhere(self, note: Element) -> bool:
        """Whether a collected note is read where something points at it."""
        return note in self._elsewhere

    @cached_property
    def _elsewhere(self) -> set[Element]:
        return set(self.notes.values())


def _is_collected(note: Element) -> bool:
    parent = note.getparent()
    return parent is not None and name_of(parent) in _COLLECTIONS
