"""TEI files to elements: the whole file, or one ``TEI`` element after the other.

Nothing outside the file is ever asked for: no DTD, no entity, no schema.  What is not well-formed is
refused with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import BinaryIO, TypedDict, TypeVar

from lxml import etree

from wikicable.errors import FormatError
from wikicable.source import Source
from wikicable_tei.tree import Element, name_of

LARGEST = 64 << 20
"""How many bytes one document may have; a larger corpus is read document by document."""
MOST_TAGS = 2_000_000
"""How many tags one document may have, for the smallest take as much memory as any."""

P = TypeVar("P", bound=etree.XMLParser)

_CHUNK = 1 << 16
_LONGEST_ENTITY = 100
_TEI = ("TEI", "TEI.2")
_CORPUS = ("teiCorpus", "teiCorpus.2")


class _Safely(TypedDict):
    resolve_entities: bool
    load_dtd: bool
    no_network: bool
    remove_comments: bool
    huge_tree: bool
    collect_ids: bool


_SAFELY = _Safely(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    remove_comments=True,
    huge_tree=False,
    collect_ids=False,
)
"""A parser reads the file alone, within libxml2's limits of depth, length and entities."""


class _Nothing(etree.Resolver):
    """Finds nothing in any DTD: libxml2 asks for them once ids are not collected, ``load_dtd`` or not."""

    def resolve(self, _url: str, _public_id: str, context: object) -> object:  # type: ignore[override]  # as lxml calls it
        return self.resolve_string("", context)  # type: ignore[call-arg]


def _reading_nothing_else(parser: P) -> P:
    parser.resolvers.add(_Nothing())
    return parser


def parsed(source: Source) -> Element:
    """Parse a file, or say where it is not well-formed."""
    _check_size(source.size, 0, source)
    _check_size(0, source.data.count(b"<"), source)
    try:
        root = etree.fromstring(source.data, _reading_nothing_else(etree.XMLParser(**_SAFELY)))
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(source, error) from error
    _resolve_entities(root)
    return root


def _check_size(size: int, tags: int, source: Source) -> None:
    """Refuse a document that would take more memory than a machine may have."""
    if size <= LARGEST and tags <= MOST_TAGS:
        return
    most = f"{LARGEST >> 20} MB" if size > LARGEST else f"{MOST_TAGS // 1_000_000} million tags"
    raise FormatError(
        f"{source.name}: more than {most} in one document; part it into several, or, if it is a teiCorpus, have it"
        " read document by document, into a folder: -o FOLDER/"
    )


def _not_well_formed(source: Source, error: etree.XMLSyntaxError) -> FormatError:
    line, column = error.position
    what = re.sub(r"(, see xmlCtxt\w+\.)?, line \d+, column \d+.*", "", error.msg or "")
    return FormatError(f"{source.name}:{line}:{column}: not well-formed XML: {what}")


# -- a corpus ------------------------------------------------------------------------------------


def teis(root: Element) -> list[Element]:
    """Give the ``TEI`` elements of a file; a file without any is one by itself."""
    return list(_teis_below(root)) or [root]


def _teis_below(element: Element) -> Iterator[Element]:
    if name_of(element) in _TEI:
        yield element
    elif name_of(element) in _CORPUS:
        for child in element:
            yield from _teis_below(child)


def each_tei(source: Source) -> Iterator[Element]:
    """Give the ``TEI`` elements of a file as they are parsed; each is gone when the next is asked for."""
    tags = [f"{{*}}{name}" for name in _TEI + _CORPUS]
    parser = _reading_nothing_else(etree.XMLPullParser(("end",), tag=tags, **_SAFELY))
    has_any = False
    with source.open() as stream:
        for tei in _documents(parser, stream, source):
            has_any = True
            _resolve_entities(tei)
            yield tei
            _forget(tei)
    root = _closed(parser, source)
    if not has_any:
        _resolve_entities(root)
        yield root


def _documents(parser: etree.XMLPullParser, stream: BinaryIO, source: Source) -> Iterator[Element]:
    """Feed a parser, and give each document where it ends."""
    size = tags = 0
    while chunk := stream.read(_CHUNK):
        size, tags = size + len(chunk), tags + chunk.count(b"<")
        _check_size(size, tags, source)
        _feed(parser, chunk, source)
        for _, element in parser.read_events():
            if isinstance(element, Element) and _is_document(element):
                size = tags = 0
                yield element


def _feed(parser: etree.XMLPullParser, chunk: bytes, source: Source) -> None:
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(source, error) from error


def _closed(parser: etree.XMLPullParser, source: Source) -> Element:
    try:
        return parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(source, error) from error


def _is_document(element: Element) -> bool:
    """Whether a ``TEI`` element is a document by itself, and not one within a document."""
    return name_of(element) in _TEI and all(name_of(outer) in _CORPUS for outer in element.iterancestors())


def _forget(tei: Element) -> None:
    """Free what a document took; the element itself goes with the next, for the parser still stands there."""
    tei.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older than that
    before, parent = tei.getprevious(), tei.getparent()
    if before is not None and parent is not None and name_of(before) in _TEI + _CORPUS:
        parent.remove(before)


# -- entities ------------------------------------------------------------------------------------


def _resolve_entities(root: Element) -> None:
    """Put characters in the place of entities that HTML names or that stand in the file; leave the others."""
    declared = root.getroottree().docinfo.internalDTD
    if declared is None:
        return
    own = {each.name: each.content or "" for each in declared.entities()}  # type: ignore[attr-defined]  # the stubs lack it
    for entity in list(root.iter(etree.Entity)):
        name = (entity.text or "")[1:-1]
        text = own.get(name) or html5.get(f"{name};") or ""
        if not text or len(text) > _LONGEST_ENTITY or re.search("[&<]", text):
            text = entity.text or ""
        _replace_with_text(entity, text)


def _replace_with_text(node: Element, text: str) -> None:
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    text += node.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    node.tail = None
    parent.remove(node)
