r"""Metadata as document properties: what stands in ``\\info`` and in ``\\userprops``, there and back.

``\\info`` holds what Word shows as title, author, tags and dates; all else are user properties under the
keys of the metadata.  A value that is no text has its own property type, or is JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from wikicable.model import Document, Header, Metadata, MetaValue
from wikicable.walk import plain_text, walk
from wikicable_rtf.lexer import Group, join_surrogates

_TEXT, _INTEGER, _REAL, _BOOLEAN = 30, 3, 5, 11
"""``\\proptype``: the types of user properties."""

_IN_INFO = ("subject", "comment")
_OWN_KEYS = frozenset(("lang", "page_id", "created", "modified", "contributors"))
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)
_LOOKS_LIKE_JSON = re.compile(r'["\[{]|null$')


# -- keywords ------------------------------------------------------------------------------------


def join_keywords(tags: Iterable[str]) -> str:
    """Give tags as a list of keywords; ``split_keywords`` reads it."""
    tags = list(tags)
    if any("," in tag for tag in tags):
        return "; ".join(tags) + (";" if len(tags) == 1 else "")
    return ", ".join(tags)


def split_keywords(keywords: str) -> tuple[str, ...]:
    """Give the keywords of a list that is parted by semicolons or commas."""
    parted = keywords.split(";" if ";" in keywords else ",")
    return tuple(dict.fromkeys(" ".join(each.split()) for each in parted if each.strip()))


# -- titles --------------------------------------------------------------------------------------


def title_in(document: Document) -> str | None:
    """Give the title that stands in the text: the first heading, if it is of the first level."""
    first = next(walk(document, Header), None)
    return plain_text(first.content).strip() or None if first and first.level == 1 else None


# -- reading -------------------------------------------------------------------------------------


def read_metadata(info: Group, properties: Group, codec: str) -> Metadata:
    """Give what document properties say."""
    said = {group.name: join_surrogates(group.text(codec)).strip() for group in info.groups()}
    own = dict(_user_properties(properties, codec))
    extra: dict[str, MetaValue] = {key: value for key, value in own.items() if key not in _OWN_KEYS}
    if said.get("subject"):
        extra.setdefault("subject", said["subject"])
    if said.get("doccomm"):
        extra.setdefault("comment", said["doccomm"])
    contributors = own.get("contributors")
    return Metadata(
        title=said.get("title") or None,
        tags=split_keywords(said.get("keywords", "")),
        lang=_text(own.get("lang")),
        page_id=_text(own.get("page_id")),
        created=_date(info, "creatim", _text(own.get("created"))),
        modified=_date(info, "revtim", _text(own.get("modified"))),
        creator=said.get("author") or None,
        contributors=tuple(map(str, contributors)) if isinstance(contributors, list) else (),
        extra=extra,
    )


def _text(value: MetaValue) -> str | None:
    return None if value is None else str(value)


def _user_properties(properties: Group, codec: str) -> Iterator[tuple[str, MetaValue]]:
    name, kind = "", _TEXT
    for part in properties.parts:
        if isinstance(part, Group) and part.name == "propname":
            name, kind = join_surrogates(part.text(codec)), _TEXT
        elif isinstance(part, Group) and part.name == "staticval" and name:
            yield name, _value(join_surrogates(part.text(codec)), kind)
        elif not isinstance(part, Group | bytes) and part.name == "proptype":
            kind = part.value or _TEXT


def _value(text: str, kind: int) -> MetaValue:
    try:
        match kind:
            case 3:
                return int(text)
            case 5:
                return float(text)
            case 11:
                return text.strip() not in ("0", "")
            case _ if _LOOKS_LIKE_JSON.match(text):
                value: MetaValue = json.loads(text)
                return value
    except (ValueError, RecursionError):
        pass
    return text


def _date(info: Group, name: str, written: str | None) -> str | None:
    """Give a date, as it was written where that is the same moment."""
    for group in info.named(name):
        words = group.words()
        moment = tuple(words.get(word) or 0 for word in _DATE_WORDS)
        if 1601 < moment[0] < 10000 and 0 < moment[1] < 13 and 0 < moment[2] < 32:
            return written if written and _moment(written) == moment else _iso(moment)
    return written


_DATE_WORDS = ("yr", "mo", "dy", "hr", "min", "sec")


def _moment(written: str) -> tuple[int, ...] | None:
    found = _DATE.match(written)
    return tuple(int(each or 0) for each in found.groups()) if found else None


def _iso(moment: tuple[int, ...]) -> str:
    date = "{:04}-{:02}-{:02}".format(*moment[:3])
    time = "T{:02}:{:02}".format(*moment[3:5]) if any(moment[3:]) else ""
    return date + time + (f":{moment[5]:02}" if moment[5] else "")


# -- writing -------------------------------------------------------------------------------------


def date_words(written: str) -> str:
    r"""Give a date as the words of ``\creatim``, or nothing where it is no date."""
    moment = _moment(written)
    if not moment:
        return ""
    count = 6 if moment[5] else 5 if any(moment[3:]) else 3
    return "".join(f"\\{word}{value}" for word, value in zip(_DATE_WORDS, moment[:count], strict=False))


def info_groups(metadata: Metadata, tags: Iterable[str]) -> Iterator[tuple[str, str]]:
    r"""Give name and text of what stands in ``\\info`` as text."""
    subject, comment = metadata.extra.get("subject"), metadata.extra.get("comment")
    said = {
        "title": metadata.title,
        "subject": subject if isinstance(subject, str) else None,
        "author": metadata.creator,
        "keywords": join_keywords(tags),
        "doccomm": comment if isinstance(comment, str) else None,
    }
    return ((name, text) for name, text in said.items() if text)


def user_properties(metadata: Metadata) -> Iterator[tuple[str, int, str]]:
    r"""Give name, type and value of the properties that ``\\info`` has no place for."""
    own: dict[str, MetaValue] = {"lang": metadata.lang, "page_id": metadata.page_id}
    for name, written in (("created", metadata.created), ("modified", metadata.modified)):
        moment = _moment(written) if written else None
        if written and (moment is None or _iso(moment) != written):
            own[name] = written
    if metadata.contributors:
        own["contributors"] = list(metadata.contributors)
    for name, value in own.items():
        if value is not None:
            yield name, *_property(value)
    for name, value in metadata.extra.items():
        if name not in _IN_INFO or not isinstance(value, str):
            yield name, *_property(value)


def _property(value: MetaValue) -> tuple[int, str]:
    match value:
        case bool():
            return _BOOLEAN, str(int(value))
        case int():
            return _INTEGER, str(value)
        case float():
            return _REAL, repr(value)
        case str() if not _LOOKS_LIKE_JSON.match(value):
            return _TEXT, value
        case _:
            return _TEXT, json.dumps(value, ensure_ascii=False)
