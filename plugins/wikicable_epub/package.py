"""The package document: what is said of the book, its files, and their order.

https://www.w3.org/TR/epub-33/#sec-package-doc
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wikicable.errors import OptionError
from wikicable.model import Metadata, MetaValue
from wikicable.xmlout import UNWRITABLE, attribute, attributes, escaped
from wikicable_epub.binding import is_right_to_left

DUBLIN_CORE = ("description", "publisher", "rights", "source", "relation", "coverage", "type", "date", "format")
"""Free keys of the metadata that are elements of Dublin Core."""

_EARLIEST = 315532800
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?)?(Z|[+-]\d\d:?\d\d)?")


@dataclass
class Item:
    """A file of the book, as the manifest names it."""

    id: str
    href: str
    media_type: str
    properties: str = ""
    fallback: str = ""


@dataclass
class Package:
    """What the package document says."""

    title: str
    languages: list[str]
    identifier: str
    metadata: Metadata
    seconds: int
    accessibility: Iterable[tuple[str, str]]
    items: list[Item] = field(default_factory=list)
    spine: list[tuple[str, bool]] = field(default_factory=list)
    """Ids of items, and whether each is in the reading order itself or beside it."""

    def written(self) -> str:
        """Write the document."""
        lang = self.languages[0]
        direction = ' page-progression-direction="rtl"' if is_right_to_left(lang) else ""
        metadata = "".join(f"{line}\n" for line in self._metadata())
        items = "".join(f"<item{_item_keys(item)}/>\n" for item in self.items)
        spine = "".join(
            f'<itemref idref="{name}"{"" if is_linear else attribute("linear", "no")}/>\n'
            for name, is_linear in self.spine
        )
        text = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book-id"{attribute("xml:lang", lang)}>
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}</metadata>
<manifest>
{items}</manifest>
<spine{direction}>
{spine}</spine>
</package>
"""
        return UNWRITABLE.sub("\ufffd", text)

    def _metadata(self) -> Iterator[str]:
        said = self.metadata
        yield f'<dc:identifier id="book-id">{escaped(self.identifier)}</dc:identifier>'
        yield _element("dc:title", self.title)
        yield from (_element("dc:language", lang) for lang in self.languages)
        for name, values in (
            ("dc:creator", [said.creator or ""]),
            ("dc:contributor", said.contributors),
            ("dc:subject", said.tags),
        ):
            yield from (_element(name, value) for value in values if value.strip())
        yield from self._free(said.extra.items())
        yield f'<meta property="dcterms:modified">{_stamp(self.seconds)}</meta>'
        if said.created and _DATE.fullmatch(said.created):
            yield f'<meta property="dcterms:created">{escaped(said.created)}</meta>'
        yield from (f'<meta property="{name}">{escaped(value)}</meta>' for name, value in self.accessibility)
        yield '<meta name="generator" content="wikicable"/>'

    def _free(self, values: Iterable[tuple[str, MetaValue]]) -> Iterator[str]:
        for key, value in values:
            if key in DUBLIN_CORE and isinstance(value, str) and value.strip() and is_in_package(key, value):
                yield _element(f"dc:{key}", value)


def is_in_package(key: str, value: MetaValue) -> bool:
    """Whether the package says a free key of the only page; a date it takes only as a date."""
    is_said = key in DUBLIN_CORE and isinstance(value, str) and bool(value.strip())
    return is_said and (key != "date" or _DATE.fullmatch(str(value)) is not None)


def _element(name: str, value: str) -> str:
    return f"<{name}>{escaped(value.strip())}</{name}>"


def _item_keys(item: Item) -> str:
    pairs = (("id", item.id), ("href", item.href), ("media-type", item.media_type))
    return attributes((*pairs, ("properties", item.properties), ("fallback", item.fallback)))


# -- what identifies a book ----------------------------------------------------------------------


def identifier(metadata: Metadata, base_url: str, names: Iterable[str]) -> str:
    """Give the identifier a book says it has, or one made of what it is called: the same for its next edition."""
    said = metadata.extra.get("identifier")
    if isinstance(said, str) and said.strip():
        return said
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join((base_url, *names))).urn


def seconds_of(pages: Iterable[Metadata]) -> int:
    """Give the time a book is of: ``SOURCE_DATE_EPOCH``, or when the newest of its pages was changed.

    It is never the time at which it is made: the same pages give the same book.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is not None:
        if not said.isdecimal():
            raise OptionError(f"SOURCE_DATE_EPOCH is a number of seconds, not {said!r}")
        return int(said)
    return max((_seconds(page.modified or page.created or "") for page in pages), default=_EARLIEST)


def _seconds(date: str) -> int:
    found = _DATE.fullmatch(date.strip())
    if found is None:
        return _EARLIEST
    year, month, *rest = (int(part or 0) for part in found.groups()[:6])
    try:
        moment = datetime(year, month, rest[0] or 1, rest[1], rest[2], rest[3], tzinfo=UTC)
    except ValueError:
        return _EARLIEST
    return max(int(moment.timestamp()), _EARLIEST)


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(min(seconds, 253402300799), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
