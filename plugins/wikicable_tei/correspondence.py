"""Who wrote to whom, where and when, as metadata says it: the free keys for letters and cables.

``sender``, ``receiver``, ``place`` and ``date`` say who, to whom, from where and when; ``receiver-place``
where to.  A name is one text or a list of them; beside it ``sender-ref`` and the like hold the URI of the
person or place in an authority file, and ``sender-type`` is ``org`` for an office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wikicable.model import Metadata, MetaValue
from wikicable_tei.pointers import is_uri


@dataclass(frozen=True)
class Name:
    """A person, an office or a place, and its URI in an authority file."""

    text: str
    ref: str = ""


@dataclass(frozen=True)
class Action:
    """One end of a letter's way."""

    type: str
    names: tuple[Name, ...] = ()
    is_office: bool = False
    place: Name | None = None
    date: str = ""

    def __bool__(self) -> bool:
        return bool(self.names or self.place or self.date)


_ENDS = (("sent", "sender", "place", "date"), ("received", "receiver", "receiver-place", "receiver-date"))
"""The type of each action, and the keys of its names, its place and its date."""

KEYS = frozenset(
    f"{key}{end}" for _, who, place, date in _ENDS for key in (who, place, date) for end in ("", "-ref", "-type")
)
"""All the keys."""


def is_letter(metadata: Metadata) -> bool:
    """Whether the keys say who wrote, or to whom."""
    return any(_texts(metadata.extra.get(who)) for _, who, _, _ in _ENDS)


def actions(metadata: Metadata) -> list[Action]:
    """Give what the keys say."""
    extra = metadata.extra
    found = [
        Action(
            kind,
            tuple(_names(extra, who)),
            extra.get(f"{who}-type") == "org",
            next(_names(extra, place), None),
            next((name.text for name in _names(extra, date)), ""),
        )
        for kind, who, place, date in _ENDS
    ]
    return [action for action in found if action]


def keys_of(found: Sequence[Action]) -> dict[str, MetaValue]:
    """Give the keys that say the same as the actions."""
    keys: dict[str, MetaValue] = {}
    for kind, who, place, date in _ENDS:
        ends = [action for action in found if action.type == kind]
        _put(keys, who, [name for action in ends for name in action.names])
        _put(keys, place, [action.place for action in ends if action.place])
        _put(keys, date, [Name(action.date) for action in ends if action.date])
        if any(action.is_office for action in ends):
            keys[f"{who}-type"] = "org"
    return keys


def _names(extra: Mapping[str, MetaValue], key: str) -> Iterator[Name]:
    refs = _texts(extra.get(f"{key}-ref"))
    for number, text in enumerate(_texts(extra.get(key))):
        yield Name(text, refs[number] if number < len(refs) and is_uri(refs[number]) else "")


def _texts(value: MetaValue) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value if isinstance(item, str | int | float)]
    return [] if value in (None, "") or isinstance(value, dict) else [str(value)]


def _put(keys: dict[str, MetaValue], key: str, names: Sequence[Name]) -> None:
    for name, texts in ((key, [name.text for name in names]), (f"{key}-ref", [name.ref for name in names])):
        if any(texts):
            keys[name] = texts[0] if len(texts) == 1 else [*texts]
