"""A node's own id, classes and free keys as HTML attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from wikicable.model import Attr
from wikicable.xmlout import attribute

Keys: TypeAlias = Iterable[tuple[str, str]]

GLOBAL = frozenset(("dir", "lang", "title"))
"""Keys that mean in HTML what they mean in a document."""

_STYLE = re.compile(
    r"(?:(?:background-)?color|font-(?:size|family|style|weight)|width): *[\w#%., ()'-]+"
    r"(?:; *(?:(?:background-)?color|font-(?:size|family|style|weight)|width): *[\w#%., ()'-]+)*"
)
"""A style that colours text or sizes it and does nothing else."""

_UNFIT_FOR_NAME = re.compile(r"[^a-z0-9_.-]")


def attr(given: Attr, *classes: str, keys: Keys = ()) -> str:
    """Write attributes: these classes before the node's own, these keys rather than its own.

    A free key of the node becomes a ``data-`` key, so that it means nothing else in HTML; a
    harmless style is shown, too.
    """
    if not given:
        own = f' class="{" ".join(classes)}"' if classes else ""
        return own + "".join([attribute(name, value) for name, value in keys])
    together = {"id": given.id, "class": " ".join([*classes, *given.classes])}
    together = {name: value for name, value in together.items() if value} | dict(keys)
    for key, value in given.pairs:
        if key == "style" and _STYLE.fullmatch(value) and "url" not in value.lower():
            together.setdefault("style", value)
        together.setdefault(key if key in GLOBAL else _data_name(key), value)
    return "".join([attribute(name, value) for name, value in together.items()])


def _data_name(key: str) -> str:
    return "data-" + _UNFIT_FOR_NAME.sub("_", key.lower().removeprefix("data-"))
