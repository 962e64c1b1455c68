"""Which paragraphs are list items: by the list tables, as Word 6 wrote lists, or by a bullet that was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wikicable_rtf.containers import Marker
from wikicable_rtf.flow import Leaf, Marks, Paragraph
from wikicable_rtf.preamble import ListLevel
from wikicable_rtf.styles import Role

_TYPED = re.compile(r"[ \t]*(?:(?P<bullet>[•‣◦▪■●○·‒–—*+-])|\(?(?P<number>\d{1,4}|[a-z]|[ivx]{2,6})[.)])[ ]*\t[ \t]*")
_NUMBER_LABEL = re.compile(r"\W*(?:(\d{1,9})|([a-z])|([A-Z]))\W*(?:[.)\]:-]|$)")
_MOST_LEVELS = 9


@dataclass(slots=True)
class Markers:
    """Finds the markers of paragraphs; ``finds_typed`` also looks for bullets that stand in the text."""

    lists: Mapping[int, tuple[ListLevel, ...]]
    finds_typed: bool = True
    _counts: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, paragraph: Paragraph, role: Role) -> Marker | None:
        """Give the marker of a paragraph, if it begins a list item."""
        if role.kind not in ("text", "list", "cell", "note"):
            return None
        if paragraph.layout.list_number:
            return self._by_table(paragraph)
        left = paragraph.layout.left
        if paragraph.label:
            numbering = paragraph.numbering
            if numbering:
                return Marker(left=left, kind=numbering.kind, start=numbering.start)
            return _by_label(paragraph.label, left)
        return self._typed(paragraph) if self.finds_typed and paragraph.layout.first < 0 else None

    def _by_table(self, paragraph: Paragraph) -> Marker | None:
        layout = paragraph.layout
        levels = self.lists.get(layout.list_number, ())
        if layout.list_level >= len(levels):
            return _by_label(paragraph.label or "", layout.left, layout.list_number, layout.list_level)
        level = levels[layout.list_level]
        if level.kind == "none":
            return None
        left = layout.left or level.left or 0
        return Marker(layout.list_number, layout.list_level, left, level.kind, level.start)

    def _typed(self, paragraph: Paragraph) -> Marker | None:
        found = _TYPED.match(paragraph.text()[:40])
        if not found or len(paragraph.text()) == found.end():
            return None
        paragraph.line = _without_start(paragraph.line, found.end())
        label = found["bullet"] or f"{found['number']}."
        return _by_label(label, paragraph.layout.left)

    def count(self, marker: Marker) -> int:
        """Give the number of an item as Word counts: a list goes on behind other text, a deeper level begins anew."""
        key = (marker.number, marker.level)
        number = self._counts.get(key, marker.start) if marker.number else marker.start
        self._counts[key] = number + 1
        for deeper in range(marker.level + 1, _MOST_LEVELS):
            self._counts.pop((marker.number, deeper), None)
        return number


def _by_label(label: str, left: int, number: int = 0, level: int = 0) -> Marker:
    found = _NUMBER_LABEL.match(label)
    if not found:
        return Marker(number, level, left)
    if found[1]:
        return Marker(number, level, left, "Decimal", int(found[1]))
    kind, letter = ("LowerAlpha", found[2]) if found[2] else ("UpperAlpha", found[3])
    return Marker(number, level, left, kind, ord(letter.lower()) - ord("a") + 1)


def _without_start(line: list[tuple[Marks, Leaf]], count: int) -> list[tuple[Marks, Leaf]]:
    """Take ``count`` characters off the beginning of a line."""
    rest: list[tuple[Marks, Leaf]] = []
    for marks, leaf in line:
        if isinstance(leaf, str) and count:
            cut = min(count, len(leaf))
            count -= cut
            leaf = leaf[cut:]  # noqa: PLW2901  what is left of it
        if leaf != "":
            rest.append((marks, leaf))
    return rest
