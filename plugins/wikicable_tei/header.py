"""What is said of a document, as a ``teiHeader``.

Each thing stands where TEI looks for it (https://tei-c.org/release/doc/tei-p5-doc/en/html/HD.html);
the free keys are a ``note`` of ``type="metadata"`` that holds a list of labels and values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wikicable import Document, __version__
from wikicable.languages import language_by_script
from wikicable.model import Header, Metadata, MetaValue
from wikicable.notices import Notices
from wikicable.walk import plain_text
from wikicable.wikiconf import WikiConf
from wikicable.xmlout import UNWRITABLE, attributes, escaped
from wikicable_tei import correspondence
from wikicable_tei.dates import when
from wikicable_tei.elements import element
from wikicable_tei.pointers import CHARACTER, MEDIA, WIKI, Prefixes, quoted
from wikicable_tei.vocabulary import LANGUAGE

_TAG = re.compile(r"<[^>]*>")
_DEEPEST = 40
"""How deep lists may be nested in the value of a free key."""

PROGRAM = "wikicable"
DERIVED = "derived"
"""The type of a title that was made of the text because TEI wants one."""
WHOLE = ' level="m"'
"""What the title of the wiki says of itself: it is that of a work of its own, of which a page is a part."""
PAGE = "page"
"""The type of the source's description and of the page's id in it."""
FREE_KEYS = "metadata"
"""The type of the note that holds the free keys."""
HISTORY = "history"
"""The free key that holds a page's changes: a list of maps with ``date``, ``user`` and ``summary``."""
_CHANGE = ("date", "user", "summary")


@dataclass(frozen=True)
class Language:
    """The language of a text; ``is_guess`` when its metadata does not say it."""

    tag: str
    is_guess: bool = False

    @classmethod
    def of(cls, document: Document, text: str) -> Language:
        """Give what the metadata says, or the wiki, or the script that the text is written in."""
        given = document.metadata.lang
        if given:
            return cls(given if LANGUAGE.fullmatch(given) else "")
        if LANGUAGE.fullmatch(document.conf.lang):
            return cls(document.conf.lang, is_guess=True)
        return cls(language_by_script(_TAG.sub("", text[:50_000])), is_guess=True)


@dataclass(frozen=True)
class Body:
    """What a header has to know of the text below it."""

    text: str
    prefixes: Prefixes
    scheme: str
    base_url: str


def tei_header(document: Document, language: Language, body: Body, notices: Notices) -> str:
    """Write the header of a document whose text is written already."""
    metadata = document.metadata
    parts = [
        _file_description(document, body.base_url, notices),
        _encoding_description(document, body),
        _profile(metadata, language, body.scheme),
        _revisions(metadata.extra),
    ]
    return "<teiHeader>\n" + "".join(parts) + "</teiHeader>"


# -- fileDesc ------------------------------------------------------------------------------------


def _file_description(document: Document, base_url: str, notices: Notices) -> str:
    metadata = document.metadata
    return (
        f"<fileDesc>\n<titleStmt>\n{_title(document)}"
        + _each("author", [metadata.creator] if metadata.creator is not None else [])
        + "".join(
            f"<respStmt><resp>contributor</resp>{element('name', name)}</respStmt>\n" for name in metadata.contributors
        )
        + f"</titleStmt>\n{_publication(document)}{_free_keys(metadata, notices)}{_source(document, base_url)}</fileDesc>\n"
    )


def _each(name: str, texts: Iterable[str]) -> str:
    return "".join(f"{element(name, text)}\n" for text in texts)


def _title(document: Document) -> str:
    """Write the title; one that is made of the text, because TEI wants one, says so."""
    if document.metadata.title is not None:
        return element("title", document.metadata.title) + "\n"
    return element("title", derived_title(document), f' type="{DERIVED}"') + "\n"


def derived_title(document: Document) -> str:
    """Give a title for a document that has none: its first heading, or the name of the page."""
    first = next((block for block in document.blocks if isinstance(block, Header)), None)
    page = document.metadata.page_id or ""
    return " ".join(plain_text(first).split()) if first else page.rpartition(":")[2]


def _publication(document: Document) -> str:
    publisher, licence = (_moved(document.metadata.extra, key) for key in ("publisher", "licence"))
    if publisher:
        use = f"<availability>{element('licence', licence)}</availability>\n" if licence else ""
        return f"<publicationStmt>\n{element('publisher', publisher)}\n{use}</publicationStmt>\n"
    wiki = f" of the wiki {document.conf.title}" if document.conf.title else " of a wiki"
    return f"<publicationStmt>\n<p>Not published: made from a page{escaped(wiki)}.</p>\n</publicationStmt>\n"


def _moved(extra: Mapping[str, MetaValue], key: str) -> str:
    """Give the text of a free key for which TEI has an element of its own."""
    value = extra.get(key)
    return value if isinstance(value, str) else ""


def _source(document: Document, base_url: str) -> str:
    metadata = document.metadata
    parts = [element("title", document.conf.title, WHOLE)] if document.conf.title else []
    if metadata.page_id is not None:
        parts.append(element("idno", metadata.page_id, f' type="{PAGE}"'))
    if metadata.page_id and base_url:
        parts.append(f"<ref{attributes([('target', base_url + quoted(metadata.page_id))])}/>")
    if metadata.modified is not None:
        parts.append(_date(metadata.modified, ' type="modified"'))
    page = f'<bibl type="{PAGE}">{" ".join(parts)}</bibl>' if parts else "<p>A page of a wiki.</p>"
    return f"<sourceDesc>\n{page}\n</sourceDesc>\n"


def _date(text: str, start: str = "") -> str:
    return element("date", text, start + attributes([("when", when(text))]))


# -- free keys -----------------------------------------------------------------------------------


def _free_keys(metadata: Metadata, notices: Notices) -> str:
    elsewhere = set(_keys_with_elements(metadata))
    free = {key: value for key, value in metadata.extra.items() if key not in elsewhere}
    if not free:
        return ""
    return f'<notesStmt>\n<note type="{FREE_KEYS}">\n{_map(free, 0, notices)}\n</note>\n</notesStmt>\n'


def _keys_with_elements(metadata: Metadata) -> Iterator[str]:
    """Name the free keys for which the header has elements that say all they say."""
    extra = metadata.extra
    if _moved(extra, "publisher"):
        yield "publisher"
        if _moved(extra, "licence"):
            yield "licence"
    if _history(extra):
        yield HISTORY
    if _is_told_by_correspondence(metadata):
        yield from correspondence.KEYS


def _is_told_by_correspondence(metadata: Metadata) -> bool:
    keys = {key: value for key, value in metadata.extra.items() if key in correspondence.KEYS}
    found = correspondence.actions(metadata)
    return correspondence.is_letter(metadata) and correspondence.keys_of(found) == keys


def _map(values: Mapping[str, MetaValue], depth: int, notices: Notices) -> str:
    entries = (f"{element('label', key)}\n{_item(value, depth, notices)}" for key, value in values.items())
    return '<list type="gloss">\n' + "\n".join(entries) + "\n</list>"


def _item(value: MetaValue, depth: int, notices: Notices) -> str:
    match value:
        case str():
            return element("item", value)
        case bool():
            return element("item", str(value).lower(), ' rend="boolean"')
        case int() | float():
            return element("item", repr(value), ' rend="number"')
        case None:
            return '<item rend="null"/>'
        case _ if depth >= _DEEPEST:
            notices.changed("metadata.depth", detail=f"a value nested deeper than {_DEEPEST} is text")
            return element("item", str(value))
        case list():
            items = "\n".join(_item(each, depth + 1, notices) for each in value)
            return f'<item rend="list">\n<list>\n{items}\n</list>\n</item>' if value else '<item rend="list"/>'
        case _:
            return f'<item rend="map">\n{_map(value, depth + 1, notices)}\n</item>' if value else '<item rend="map"/>'


# -- encodingDesc --------------------------------------------------------------------------------


def _encoding_description(document: Document, body: Body) -> str:
    tags = (
        f'<classDecl>\n<taxonomy xml:id="{body.scheme}"><desc>The tags of the wiki.</desc></taxonomy>\n</classDecl>\n'
        if body.scheme
        else ""
    )
    style = '<styleDefDecl scheme="css"/>\n' if ' style="' in body.text else ""
    return f"<encodingDesc>\n{application()}<listPrefixDef>\n{''.join(_prefix_definitions(document.conf, body))}</listPrefixDef>\n{tags}{style}</encodingDesc>\n"


def application() -> str:
    """Write that this program made the document."""
    return (
        f'<appInfo>\n<application ident="{PROGRAM}" version="{__version__}">'
        "<label>wikicable</label></application>\n</appInfo>\n"
    )


def _prefix_definitions(conf: WikiConf, body: Body) -> Iterator[str]:
    yield _prefix_definition(WIKI, f"{body.base_url}$1", "A page of the wiki.")
    if f'"{MEDIA}:' in body.text:
        yield _prefix_definition(MEDIA, f"{body.base_url}$1", "A file of the wiki.")
    if UNWRITABLE.search(body.text):
        yield _prefix_definition(CHARACTER, "https://codepoints.net/U+$1", "A character that XML cannot hold.")
    for shortcut, prefix in body.prefixes.shortcuts.items():
        yield _prefix_definition(prefix, replacement(shortcut, conf), "A page of another site.", shortcut)


def _prefix_definition(prefix: str, pattern: str, meaning: str, shortcut: str = "") -> str:
    start = [
        ("ident", prefix),
        ("n", quoted(shortcut)),
        ("matchPattern", "(.*)"),
        ("replacementPattern", pattern),
    ]
    return f"<prefixDef{attributes(start)}><p>{meaning}</p></prefixDef>\n"


def replacement(shortcut: str, conf: WikiConf) -> str:
    """Give the pattern that makes a URL of what follows a shortcut; the wiki's own template where it is no such."""
    template = conf.interwiki.get(shortcut.lower(), "").replace("&amp;", "&")
    if not template:
        return f"{quoted(shortcut)}:$1"
    made = template.replace("{NAME}", "$1").replace("{URL}", "$1")
    return made if "$1" in made or "{" in made else f"{made}$1"


# -- profileDesc ---------------------------------------------------------------------------------


def _profile(metadata: Metadata, language: Language, scheme: str) -> str:
    parts = [
        f"<creation>{_date(metadata.created)}</creation>\n" if metadata.created is not None else "",
        _languages(metadata, language),
        _tags(metadata.tags, scheme),
        _correspondence(metadata),
    ]
    return f"<profileDesc>\n{''.join(parts)}</profileDesc>\n" if any(parts) else ""


def _languages(metadata: Metadata, language: Language) -> str:
    if language.tag:
        guessed = ' cert="medium"' if language.is_guess else ""
        return f'<langUsage>\n<language ident="{language.tag}"{guessed}/>\n</langUsage>\n'
    if metadata.lang:
        return "<langUsage>\n" + element("language", metadata.lang, ' ident="und"') + "\n</langUsage>\n"
    return ""


def _tags(tags: Iterable[str], scheme: str) -> str:
    terms = _each("term", tags)
    return f'<textClass>\n<keywords scheme="#{scheme}">\n{terms}</keywords>\n</textClass>\n' if terms else ""


def _correspondence(metadata: Metadata) -> str:
    if not correspondence.is_letter(metadata):
        return ""
    actions = "".join(map(action_element, correspondence.actions(metadata)))
    return f"<correspDesc>\n{actions}</correspDesc>\n"


def action_element(action: correspondence.Action) -> str:
    """Write one end of a letter's way."""
    name = "orgName" if action.is_office else "persName"
    parts = [element(name, each.text, attributes([("ref", each.ref)])) for each in action.names]
    if action.place:
        parts.append(element("placeName", action.place.text, attributes([("ref", action.place.ref)])))
    if action.date:
        parts.append(_date(action.date))
    lines = "\n".join(parts)
    return f'<correspAction type="{action.type}">\n{lines}\n</correspAction>\n'


# -- revisionDesc --------------------------------------------------------------------------------


def _history(extra: Mapping[str, MetaValue]) -> list[dict[str, str]]:
    """Give the changes of a page, if its history is a list of them and nothing else."""
    value = extra.get(HISTORY)
    if not isinstance(value, list):
        return []
    changes = [
        {key: text for key, text in change.items() if isinstance(text, str) and key in _CHANGE}
        for change in value
        if isinstance(change, dict)
    ]
    return changes if changes == value and all(changes) else []


def _revisions(extra: Mapping[str, MetaValue]) -> str:
    changes = "".join(map(_change, _history(extra)))
    return f"<revisionDesc>\n{changes}</revisionDesc>\n" if changes else ""


def _change(change: Mapping[str, str]) -> str:
    parts = [
        _date(change["date"]) if "date" in change else "",
        element("name", change["user"]) if "user" in change else "",
        element("desc", change["summary"]) if "summary" in change else "",
    ]
    return f"<change{attributes([('when', when(change.get('date', '')))])}>{' '.join(filter(None, parts))}</change>\n"
