"""What was guessed, changed, dropped, missing or unknown in a conversion, and where.

A notice never stops a conversion.  ``what`` is a short stable slug such as ``table.colspan``, by
which users suppress notices and tests look for them; every format's manual lists its slugs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from wikicable.source import Place, Source
from wikicable.values import Value, frozen


class Kind(StrEnum):
    """What happened to the content."""

    GUESSED = "guessed"
    CHANGED = "changed"
    DROPPED = "dropped"
    MISSING = "missing"
    UNKNOWN = "unknown"


@frozen
class Notice(Value):
    """One thing that was not carried over as it stood, with its place where that is known."""

    kind: Kind
    what: str
    detail: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.kind} {self.what}" + (f": {self.detail}" if self.detail else "")

    @property
    def is_loss(self) -> bool:
        """Whether ``--strict`` objects to it: something was dropped or changed."""
        return self.kind in (Kind.DROPPED, Kind.CHANGED)

    def as_json(self) -> dict[str, str | int | None]:
        """Give the notice as ``--report`` writes it."""
        place = self.place
        return {
            "kind": str(self.kind),
            "slug": self.what,
            "detail": self.detail,
            "file": place.name if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
        }


@dataclass
class Notices:
    """The notices of one conversion, in the order in which they came up."""

    source: Source | None = None
    _notices: list[Notice] = field(default_factory=list)

    def __iter__(self) -> Iterator[Notice]:
        return iter(self._notices)

    def __len__(self) -> int:
        return len(self._notices)

    def taken(self) -> tuple[Notice, ...]:
        """Give the notices there are, and forget them."""
        found = tuple(self._notices)
        self._notices.clear()
        return found

    def add(self, notice: Notice) -> None:
        """Take a notice made elsewhere."""
        self._notices.append(notice)

    def guessed(self, what: str, at: int | None = None, detail: str = "") -> None:
        """Say that the source left open what was meant, and what it was taken for."""
        self._note(Kind.GUESSED, what, at, detail)

    def changed(self, what: str, at: int | None = None, detail: str = "") -> None:
        """Say that content stands there in another form than it had."""
        self._note(Kind.CHANGED, what, at, detail)

    def dropped(self, what: str, at: int | None = None, detail: str = "") -> None:
        """Say that content is not there any more."""
        self._note(Kind.DROPPED, what, at, detail)

    def missing(self, what: str, at: int | None = None, detail: str = "") -> None:
        """Say that something the document refers to is not at hand."""
        self._note(Kind.MISSING, what, at, detail)

    def unknown(self, what: str, at: int | None = None, detail: str = "") -> None:
        """Say that syntax was kept as it stands because no plugin knows it."""
        self._note(Kind.UNKNOWN, what, at, detail)

    def translated(self, place: Callable[[int], int]) -> Notices:
        """Give notices that are put down here, for an excerpt whose places ``place`` finds in the source."""
        return _Translated(self.source, self._notices, place)

    def _note(self, kind: Kind, what: str, at: int | None, detail: str) -> None:
        place = self.source.place(at) if self.source and at is not None else None
        self._notices.append(Notice(kind, what, detail, place))


@dataclass
class _Translated(Notices):
    """Notices of an excerpt."""

    place: Callable[[int], int] = int

    def _note(self, kind: Kind, what: str, at: int | None, detail: str) -> None:
        super()._note(kind, what, None if at is None else self.place(at), detail)
