"""What a ``teiHeader`` says of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from wikicable.model import Metadata, MetaValue
from wikicable.wikiconf import SHIPPED, WikiConf
from wikicable_tei import correspondence
from wikicable_tei.header import DERIVED, FREE_KEYS, HISTORY, PAGE, PROGRAM, replacement
from wikicable_tei.pointers import RESERVED, unquoted
from wikicable_tei.tree import XML, Element, name_of, spelled_tidily, text_of

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,300}")
_NAMES = ("persName", "orgName", "name", "rs")
_IMPRINT = {"pubPlace": "pub-place", "date": "pub-date", "publisher": "publisher", "licence": "licence"}
"""What a published edition says of itself, and the free keys that hold it."""


@dataclass(frozen=True)
class HeaderReading:
    """The header of a ``TEI`` element, if it has one, beside its text."""

    tei: Element
    text: Element | None

    @cached_property
    def header(self) -> Element | None:
        """The ``teiHeader``."""
        return next((child for child in self.tei if name_of(child) == "teiHeader"), None)

    @cached_property
    def is_own(self) -> bool:
        """Whether this program wrote it."""
        return next(self._all("application", ident=PROGRAM), None) is not None

    def metadata(self) -> Metadata:
        """Give all it says; a title that was made of the text is left to ``derived_title``."""
        people = [*self._texts("titleStmt", "author"), *self._texts("titleStmt", "editor")]
        people += [text for each in self._all("respStmt") for text in _texts_in(each, "name", "persName", "orgName")]
        has_author = next(self._in("titleStmt", "author"), None) is not None
        return Metadata(
            title=next(self._titles(), None),
            tags=tuple(dict.fromkeys(filter(None, self._tags()))),
            lang=self._language(),
            page_id=next((spelled_tidily(each) for each in self._all("idno", type=PAGE)), None),
            created=next(map(_date, self._in("creation", "date")), None),
            modified=next((_date(date) for date in self._in("sourceDesc", "date", type="modified")), None),
            creator=people[0] if has_author else None,
            contributors=tuple(people[1:] if has_author else people),
            extra=self._imprint() | self._subtitle() | self._letter() | self._history() | self._free_keys(),
        )

    def derived_title(self) -> str | None:
        """Give the title that was made of the text, for want of another."""
        derived = self._in("titleStmt", "title", type=DERIVED)
        return next(map(spelled_tidily, derived), None)

    def shortcuts(self) -> dict[str, str]:
        """Give what the prefixes that it declares stand for: shortcuts to other sites, by their prefix."""
        prefixes = {each.get("ident", ""): unquoted(each.get("n", "")) for each in self._prefix_definitions()}
        return {ident: shortcut or ident for ident, shortcut in prefixes.items() if ident and ident not in RESERVED}

    def conf(self) -> WikiConf:
        """Give the wiki's tables: as shipped, but for the shortcuts that the header defines in its own way."""
        table = dict(SHIPPED.interwiki)
        for each in self._prefix_definitions():
            shortcut = unquoted(each.get("n", "")) or each.get("ident", "")
            pattern = each.get("replacementPattern", "")
            if shortcut and each.get("ident") not in RESERVED and replacement(shortcut, SHIPPED) != pattern:
                table[shortcut.lower()] = pattern.replace("$1", "{NAME}")
        return SHIPPED if table == SHIPPED.interwiki else replace(SHIPPED, interwiki=table)

    # -- finding ---------------------------------------------------------------------------------

    def _all(self, *names: str, **attributes: str) -> Iterator[Element]:
        return iter(()) if self.header is None else _within(self.header, *names, **attributes)

    def _prefix_definitions(self) -> Iterator[Element]:
        """Give those of its own header after those of the corpus that it is part of."""
        outer = [child for each in self.tei.iterancestors() for child in each if name_of(child) == "teiHeader"]
        headers = [*reversed(outer), *([] if self.header is None else [self.header])]
        return (found for each in headers for found in _within(each, "prefixDef"))

    def _in(self, outer: str, *names: str, **attributes: str) -> Iterator[Element]:
        return (found for each in self._all(outer) for found in _within(each, *names, **attributes))

    def _texts(self, outer: str, *names: str) -> Iterator[str]:
        return map(spelled_tidily, self._in(outer, *names))

    # -- its parts -------------------------------------------------------------------------------

    def _titles(self) -> Iterator[str]:
        titles = (each for each in self._in("titleStmt", "title") if each.get("type") not in (DERIVED, "sub"))
        return filter(None, map(spelled_tidily, titles))

    def _subtitle(self) -> dict[str, MetaValue]:
        subtitle = next(map(spelled_tidily, self._in("titleStmt", "title", type="sub")), "")
        return {"subtitle": subtitle} if subtitle else {}

    def _tags(self) -> Iterator[str]:
        for keywords in self._all("keywords"):
            terms = [each for each in keywords.iter() if name_of(each) in ("term", "item")]
            yield from (spelled_tidily(each) for each in terms if not any(name_of(child) == "term" for child in each))

    def _language(self) -> str | None:
        said = [each for each in (self.text, self.tei) if each is not None]
        tag = next((found for each in said if (found := each.get(f"{XML}lang") or each.get("lang"))), None)
        languages = list(self._in("langUsage", "language"))
        if tag is None:
            named = (each.get("ident") or "" if not self.is_own else "" for each in languages)
            unwritable = (spelled_tidily(each) for each in languages if each.get("ident") == "und")
            return next(filter(None, unwritable), None) or next(filter(None, named), None)
        is_guess = any(each.get("cert") and each.get("ident") == tag for each in languages)
        return None if is_guess else tag

    def _imprint(self) -> dict[str, MetaValue]:
        found: dict[str, MetaValue] = {}
        for each in self._in("publicationStmt", *_IMPRINT):
            found.setdefault(_IMPRINT[name_of(each)], _date(each))
        source = "" if self.is_own else " ".join(self._texts("fileDesc", "sourceDesc"))
        if source:
            found["source"] = source
        return {key: value for key, value in found.items() if value}

    def _letter(self) -> dict[str, MetaValue]:
        return correspondence.keys_of([_action(each) for each in self._in("correspDesc", "correspAction")])

    def _history(self) -> dict[str, MetaValue]:
        changes: list[MetaValue] = [_change(each) for each in self._in("revisionDesc", "change")]
        return {HISTORY: changes} if changes else {}

    def _free_keys(self) -> dict[str, MetaValue]:
        lists = (child for note in self._all("note", type=FREE_KEYS) for child in note if name_of(child) == "list")
        return {key: value for each in lists for key, value in _map(each).items()}


def _within(element: Element, *names: str, **attributes: str) -> Iterator[Element]:
    for found in element.iter(*(f"{{*}}{name}" for name in names)):
        if all(found.get(key) == value for key, value in attributes.items()):
            yield found


def _texts_in(element: Element, *names: str) -> Iterator[str]:
    return map(spelled_tidily, _within(element, *names))


def _date(element: Element) -> str:
    """Give a date as it is written, or as ``@when`` says it."""
    return spelled_tidily(element) or element.get("when") or ""


def _action(element: Element) -> correspondence.Action:
    names = tuple(_name(each) for each in element if name_of(each) in _NAMES)
    is_office = any(name_of(each) == "orgName" for each in element)
    places = (_name(each) for each in element if name_of(each) in ("placeName", "settlement"))
    date = next((_date(each) for each in element if name_of(each) == "date"), "")
    return correspondence.Action(element.get("type") or "", names, is_office, next(places, None), date)


def _name(element: Element) -> correspondence.Name:
    return correspondence.Name(spelled_tidily(element), element.get("ref") or "")


def _change(element: Element) -> dict[str, MetaValue]:
    """Read a change: when, by whom, and what is said of it."""
    date = next(map(_date, _within(element, "date")), "") or element.get("when") or ""
    user = next(_texts_in(element, "name", "persName"), "") or (element.get("who") or "").removeprefix("#")
    described = next(_texts_in(element, "desc"), None)
    summary = " ".join(text_of(element).split()) if described is None else described
    is_own = described is not None or any(name_of(child) in ("date", "name") for child in element)
    said = {"date": date, "user": user, "summary": "" if is_own and described is None else summary}
    return {key: text for key, text in said.items() if text or (key == "summary" and described is not None)}


# -- free keys -----------------------------------------------------------------------------------


def _map(element: Element) -> dict[str, MetaValue]:
    keys = [spelled_tidily(child) for child in element if name_of(child) == "label"]
    values = [_value(child) for child in element if name_of(child) == "item"]
    return dict(zip(keys, values, strict=False))


def _value(item: Element) -> MetaValue:
    inner = next((child for child in item if name_of(child) == "list"), None)
    text = spelled_tidily(item) if inner is None else ""
    match item.get("rend"):
        case "list":
            return [_value(child) for child in inner if name_of(child) == "item"] if inner is not None else []
        case "map":
            return _map(inner) if inner is not None else {}
        case "number":
            return _number(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
        case "null" if not text:
            return None
    return text


def _number(text: str) -> MetaValue:
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text
