"""What the head of a page says of it: HTML's own names, Dublin Core's, OpenGraph's, and DokuWiki's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from wikicable.languages import language_by_script
from wikicable.model import Document, Header, Metadata, MetaValue
from wikicable.walk import plain_text, walk
from wikicable_html.elements import Element

_TITLE = ("title", "dc.title", "dcterms.title", "og:title", "citation_title")
_CREATOR = ("author", "dc.creator", "dcterms.creator", "article:author", "citation_author")
_CONTRIBUTOR = ("contributor", "dc.contributor", "dcterms.contributor")
_KEYWORDS = ("keywords", "dc.subject", "dcterms.subject", "article:tag", "news_keywords")
_CREATED = (
    *("created", "date", "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "dcterms.issued"),
    *("article:published_time", "datepublished", "citation_publication_date", "citation_date", "pubdate"),
)
_MODIFIED = (
    "modified",
    "dcterms.modified",
    "dc.date.modified",
    "article:modified_time",
    "datemodified",
    "last-modified",
)
_LANG = ("lang", "content-language", "dc.language", "dcterms.language", "og:locale")
_DESCRIPTION = ("description", "dc.description", "dcterms.description", "dcterms.abstract", "og:description")
_PAGE_ID = ("page-id",)
_SIGNS = ("typed-signs",)

_KNOWN_NAMES = frozenset(
    (
        *_TITLE,
        *_CREATOR,
        *_CONTRIBUTOR,
        *_KEYWORDS,
        *_CREATED,
        *_MODIFIED,
        *_LANG,
        *_DESCRIPTION[1:],
        *_PAGE_ID,
        *_SIGNS,
    )
)
"""The names of what is no free key, in small letters; of names that mean the same the first counts."""

_PROGRAMS = frozenset(
    [
        "viewport",
        "generator",
        "robots",
        "googlebot",
        "referrer",
        "theme-color",
        "color-scheme",
        "format-detection",
        "handheldfriendly",
        "mobileoptimized",
        "x-ua-compatible",
        "content-type",
        "content-style-type",
        "refresh",
        "charset",
    ]
)
"""Names of what is said to programs, not to readers."""

_TO_PROGRAMS = re.compile(r"(?:msapplication|apple|google|csrf|fb|twitter|al|pinterest|yandex)[-:_]")
_DC = re.compile(r"^dc(terms)?[.:]")
_SITE_BEHIND = re.compile(r" \[[^\[\]]*\]$")
_JSINFO_ID = re.compile(r'\bJSINFO\s*=\s*\{"id":("(?:[^"\\]|\\.)*")')


def metadata_of(root: Element) -> Metadata:
    """Read the head."""
    head = next((each for each in root.elements if each.tag == "head"), Element("head"))
    said = _Said(list(_entries(head)))
    lang = root.get("lang") or root.get("xml:lang") or said.text(_LANG).replace("_", "-")
    description = said.text(_DESCRIPTION)
    known = {"description": description} if description else {}
    return Metadata(
        title=_title(head) or said.text(_TITLE) or None,
        tags=tuple(dict.fromkeys(chain.from_iterable(map(_divided, said.texts(_KEYWORDS))))),
        lang=lang or None,
        page_id=said.text(_PAGE_ID) or None,
        created=said.text(_CREATED) or None,
        modified=said.text(_MODIFIED) or None,
        creator=", ".join(dict.fromkeys(said.texts(_CREATOR))) or None,
        contributors=tuple(dict.fromkeys(said.texts(_CONTRIBUTOR))),
        extra={**known, **dict(said.free())},
    )


def generator_of(root: Element) -> str:
    """Tell which program made the page, in small letters."""
    for each in root.walk():
        if each.tag == "meta" and each.get("name").lower() == "generator":
            return each.get("content").partition(" ")[0].lower()
        if each.tag == "body":
            break
    return ""


def is_free(name: str) -> bool:
    """Whether an entry of that name is read as a free key of that name."""
    lowered = name.lower()
    is_known = _normal(name) in _KNOWN_NAMES or _is_for_programs(lowered) or lowered.startswith("extra.")
    return bool(name) and not is_known


def typed_signs_of(root: Element) -> str:
    """Tell which typographic signs the author of one of our pages typed."""
    metas = (each for each in root.walk() if each.tag == "meta" and each.get("name") in _SIGNS)
    return "".join(each.get("content") for each in metas)


def usual_title(document: Document) -> str:
    """Give what stands for the title of a page that has none: browsers need one."""
    heading = next((plain_text(node) for node in walk(document, Header)), "")
    return " ".join(heading.split()) or document.metadata.page_id or document.conf.title or "?"


def usual_lang(document: Document) -> str:
    """Give the language that a page which names none is written in, where its script makes sure of it."""
    return language_by_script(plain_text(document.blocks))


def without_usual(document: Document, root: Element) -> Document:
    """Take away the title and the language that stand on one of our pages because it says none."""
    said = {each.get("name") for each in root.walk() if each.tag == "meta"}
    metadata = replace(document.metadata, title=None)
    if document.metadata.title == usual_title(replace(document, metadata=metadata)) and "title" not in said:
        document = replace(document, metadata=metadata)
    if "lang" not in said and document.metadata.lang and document.metadata.lang == usual_lang(document):
        document = replace(document, metadata=replace(document.metadata, lang=None))
    return document


# -- entries -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    """What the entries of a head say, in their order: names as written, and values."""

    entries: Sequence[tuple[str, MetaValue]]

    def texts(self, names: Sequence[str]) -> list[str]:
        """Give the values of the first of these names that says anything."""
        found = {name: [value for key, value in self.entries if _normal(key) == name] for name in names}
        texts = ([value for value in found[name] if isinstance(value, str) and value.strip()] for name in names)
        return next(filter(None, texts), [])

    def text(self, names: Sequence[str]) -> str:
        """Give the first value."""
        return next(iter(self.texts(names)), "")

    def free(self) -> Iterator[tuple[str, MetaValue]]:
        """Give the entries under any other name; several of one name are a list."""
        values: dict[str, list[MetaValue]] = {}
        for name, value in self.entries:
            if _normal(name) not in (*_KNOWN_NAMES, "description"):
                values.setdefault(name.removeprefix("extra."), []).append(value)
        yield from ((name, each[0] if len(each) == 1 else each) for name, each in values.items())


def _entries(head: Element) -> Iterator[tuple[str, MetaValue]]:
    for each in head.walk():
        if each.tag == "meta":
            name = each.get("name") or each.get("property") or each.get("itemprop") or each.get("http-equiv")
            if name and not _is_for_programs(name.lower()):
                yield name, _value(each)
        elif each.tag == "link" and each.get("rel").lower() in ("canonical", "license") and each.get("href"):
            yield each.get("rel").lower(), each.get("href")


def _is_for_programs(name: str) -> bool:
    return name in _PROGRAMS or _TO_PROGRAMS.match(name) is not None


def _value(meta: Element) -> MetaValue:
    content = meta.get("content")
    if meta.get("data-type") != "json":
        return content
    try:
        value: MetaValue = json.loads(content)
    except (ValueError, RecursionError):
        return content
    return value


def _normal(name: str) -> str:
    return _DC.sub(r"dc\1.", name.lower())


def _divided(keywords: str) -> Iterator[str]:
    return filter(None, (each.strip() for each in keywords.split(",")))


def _title(head: Element) -> str:
    return " ".join("".join(each.text() for each in head.elements if each.tag == "title").split())


# -- pages of DokuWiki's -------------------------------------------------------------------------


def of_dokuwiki(metadata: Metadata, root: Element) -> Metadata:
    """Tell what a page of DokuWiki's says of itself from what its template says."""
    page_id = metadata.page_id or _page_id(root)
    extra = {key: value for key, value in metadata.extra.items() if key not in ("canonical", "license")}
    is_made = page_id is not None and ",".join(metadata.tags) == page_id.replace(":", ",")
    title = _SITE_BEHIND.sub("", metadata.title or "")
    return replace(
        metadata,
        page_id=page_id,
        extra=extra,
        tags=() if is_made else metadata.tags,
        title=title if title != page_id else None,
    )


def _page_id(root: Element) -> str | None:
    for each in root.walk():
        if each.tag == "script" and (found := _JSINFO_ID.search(each.text())):
            return str(json.loads(found[1])) or None
        if "pageId" in each.classes:
            return each.text().strip() or None
    return None
