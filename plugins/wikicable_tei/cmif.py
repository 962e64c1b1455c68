"""Letters to an index of them, in the Correspondence Metadata Interchange Format, as correspSearch reads it.

A letter is a ``correspDesc`` with a sender and a receiver; the free keys that say them are those of
``correspondence`` (https://github.com/TEI-Correspondence-SIG/CMIF/blob/master/doc/documentation-en.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import NAMESPACE_URL, uuid5

from wikicable import Context, Document
from wikicable.notices import Notices
from wikicable.xmlout import UNWRITABLE, attributes, escaped
from wikicable_tei import CmifOptions
from wikicable_tei.correspondence import Action, Name, actions, is_letter
from wikicable_tei.dates import when
from wikicable_tei.pointers import quoted
from wikicable_tei.vocabulary import NAMESPACE
from wikicable_tei.writer import DECLARATION

_UNKNOWN = (Name("Unknown"),)
_LICENCE = (
    '<licence target="https://creativecommons.org/licenses/by/4.0/">'
    "This file is licensed under the terms of the Creative Commons License CC-BY 4.0</licence>"
)
"""The licence that an index has to have, word for word."""


def write_all(documents: Iterable[Document], options: CmifOptions, context: Context) -> Iterator[bytes]:
    """Write an index; a document that says neither sender nor receiver is not in it."""
    edition = f"edition-{uuid5(NAMESPACE_URL, options.base_url or options.url or options.title)}"
    letters: list[str] = []
    changed = ""
    wiki = ""
    for document in documents:
        wiki = wiki or document.conf.title
        changed = max(changed, when(document.metadata.modified or ""))
        if is_letter(document.metadata):
            letters.append(_letter(document, edition, options, context.notices))
        else:
            what = document.metadata.page_id or document.metadata.title or "a document"
            context.notices.dropped("cmif.letter", detail=f"{what}: says neither sender nor receiver")
    yield f"{DECLARATION}<TEI{NAMESPACE}>\n<teiHeader>\n".encode()
    yield _file_description(options, wiki, options.date or changed, edition, context.notices).encode()
    yield b"<profileDesc>\n" if letters else b""
    yield from (letter.encode() for letter in letters)
    yield b"</profileDesc>\n" if letters else b""
    yield b"</teiHeader>\n<text>\n<body>\n<p/>\n</body>\n</text>\n</TEI>\n"


# -- the index -----------------------------------------------------------------------------------


def _file_description(options: CmifOptions, wiki: str, date: str, edition: str, notices: Notices) -> str:
    said = {"title": options.title, "editor": options.editor, "publisher": options.publisher, "url": options.url}
    lacking = [name for name, text in {**said, "date": date}.items() if not text]
    if lacking:
        notices.missing("cmif.header", detail=f"an index has to say its {', '.join(lacking)}: -W {lacking[0]}=...")
    editor = f"<editor>{_text(options.editor)}</editor>\n" if options.editor else ""
    return (
        f"<fileDesc>\n<titleStmt>\n<title>{_text(options.title or wiki or 'Letters')}</title>\n{editor}</titleStmt>\n"
        f"<publicationStmt>\n{_publication(options, date)}</publicationStmt>\n"
        f"<sourceDesc>\n{_edition(options, wiki, edition)}\n</sourceDesc>\n</fileDesc>\n"
    )


def _publication(options: CmifOptions, date: str) -> str:
    parts = [f"<publisher>{_text(options.publisher or options.editor)}</publisher>"]
    if options.url:
        parts.append(f'<idno type="url">{_text(options.url)}</idno>')
    if made := when(date):
        parts.append(f'<date when="{made}"/>')
    parts.append(f"<availability>\n{_LICENCE}\n</availability>")
    return "".join(f"{part}\n" for part in parts)


def _edition(options: CmifOptions, wiki: str, edition: str) -> str:
    start = attributes([("type", "online"), ("xml:id", edition)])
    link = f" <ref{attributes([('target', options.base_url)])}/>" if options.base_url else ""
    return f"<bibl{start}><title>{_text(wiki or options.title or 'Letters')}</title>{link}</bibl>"


# -- a letter ------------------------------------------------------------------------------------


def _letter(document: Document, edition: str, options: CmifOptions, notices: Notices) -> str:
    page = document.metadata.page_id or ""
    start = attributes(
        [
            ("key", page),
            ("ref", options.base_url + quoted(page) if page and options.base_url else ""),
            ("source", f"#{edition}"),
        ]
    )
    found = {action.type: action for action in actions(document.metadata)}
    ends = [_end(found.get(kind, Action(kind)), page, notices) for kind in ("sent", "received")]
    return f"<correspDesc{start}>\n{''.join(ends)}</correspDesc>\n"


def _end(action: Action, page: str, notices: Notices) -> str:
    """Write one end of a letter's way: its date is a day at most, and one that is none is left out."""
    day = when(action.date)[:10]
    if action.date and not day:
        notices.dropped("cmif.date", detail=f"{page}: {action.date}: no date that can be told")
    kind = "orgName" if action.is_office and action.names else "persName"
    parts = [_named(kind, name) for name in action.names or _UNKNOWN]
    parts += [_named("placeName", action.place)] if action.place else []
    parts += [f'<date when="{day}"/>'] if day else []
    lines = "\n".join(parts)
    return f'<correspAction type="{action.type}">\n{lines}\n</correspAction>\n'


def _named(kind: str, name: Name) -> str:
    return f"<{kind}{attributes([('ref', name.ref)])}>{_text(name.text)}</{kind}>"


def _text(text: str) -> str:
    """Write text as an index takes it: no element and no ``xml:space`` is in it."""
    return escaped(UNWRITABLE.sub("\ufffd", " ".join(text.split())))
