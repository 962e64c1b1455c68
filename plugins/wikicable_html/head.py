"""What the head of a page says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from wikicable.model import Metadata, MetaValue
from wikicable_html.elements import Element

_KNOWN = frozenset(("title", "keywords", "page-id", "author", "contributor", "created", "modified"))
_NOT_SAID = frozenset(
    ("viewport", "generator", "robots", "referrer", "theme-color", "color-scheme", "format-detection")
)
"""What is said to programs, not to readers."""


def metadata_of(root: Element) -> Metadata:
    """Read the head."""
    head = next((each for each in root.elements if each.tag == "head"), Element("head"))
    metas = [each for each in head.walk() if each.tag == "meta"]
    values = dict(_values(metas))
    title = " ".join("".join(each.text() for each in head.elements if each.tag == "title").split())
    own = generator_of(root) == "wikicable"
    said = {name: value for name, value in values.items() if isinstance(value, str)}
    keywords = said.get("keywords", "").split(",")
    return Metadata(
        title=said.get("title") or (title if not own else "") or None,
        tags=tuple(dict.fromkeys(filter(None, (each.strip() for each in keywords)))),
        lang=root.get("lang") or root.get("xml:lang") or None,
        page_id=said.get("page-id") or None,
        created=said.get("created") or None,
        modified=said.get("modified") or None,
        creator=said.get("author") or None,
        contributors=tuple(each.get("content") for each in metas if each.get("name") == "contributor"),
        extra={name.removeprefix("extra."): value for name, value in values.items() if name not in _KNOWN},
    )


def generator_of(root: Element) -> str:
    """Tell which program made the page, in small letters."""
    for each in root.walk():
        if each.tag == "meta" and each.get("name").lower() == "generator":
            return each.get("content").partition(" ")[0].lower()
        if each.tag == "body":
            break
    return ""


def _values(metas: list[Element]) -> Iterator[tuple[str, MetaValue]]:
    for meta in metas:
        name, content = meta.get("name"), meta.get("content")
        if not name or name.lower() in _NOT_SAID:
            continue
        if meta.get("data-type") == "json":
            try:
                yield name, json.loads(content)
            except ValueError:
                yield name, content
        else:
            yield name, content
