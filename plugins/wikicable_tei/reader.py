"""TEI to a document.

Nothing outside the file is ever asked for: no DTD, no entity, no schema.  What is not well-formed is
refused with its place; everything that is well-formed is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.entities import html5

from lxml import etree

from wikicable import Context, Document
from wikicable.errors import FormatError
from wikicable.links import section_id, section_ids
from wikicable.model import Block, Header, Link, Metadata, SectionTarget, Str
from wikicable.source import Source
from wikicable.walk import rewrite, walk
from wikicable_tei import ReadOptions
from wikicable_tei.blocks import BLOCKS, IN_LINES, is_inline, original_of
from wikicable_tei.content import Content, Element, Node, Places, Tables, name_of
from wikicable_tei.header import derived_title
from wikicable_tei.metadata import HeaderReading

LARGEST = 64 << 20
"""How many bytes one document may have; a larger corpus is read document by document."""

_LONGEST_ENTITY = 100
_TABLES = Tables(BLOCKS, IN_LINES, is_inline)


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a document; the documents of a ``teiCorpus`` are read as one."""
    root = parsed(source)
    documents = [document_of(tei, source, options, context) for tei in teis(root)]
    if len(documents) == 1:
        return documents[0]
    context.notices.changed("tei.corpus", detail=f"{len(documents)} documents are read as one")
    return _together(documents)


def parsed(source: Source) -> Element:
    """Parse a file, or say where it is not well-formed."""
    if len(source.data) > LARGEST:
        raise FormatError(f"{source.name}: more than {LARGEST >> 20} MB in one document")
    try:
        root = etree.fromstring(source.data, _parser())
    except etree.XMLSyntaxError as error:
        raise not_well_formed(source.name, error) from error
    resolve_entities(root)
    return root


def _parser() -> etree.XMLParser:
    """Make a parser that reads the file alone, within libxml2's limits of depth, length and entities."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        huge_tree=False,
        collect_ids=False,
    )


def not_well_formed(name: str, error: etree.XMLSyntaxError) -> FormatError:
    """Say where a file is not well-formed."""
    line, column = error.position
    what = re.sub(r"(, see xmlCtxt\w+\.)?, line \d+, column \d+.*", "", error.msg or "")
    return FormatError(f"{name}:{line}:{column}: not well-formed XML: {what}")


def teis(root: Element) -> list[Element]:
    """Give the ``TEI`` elements of a file; a file without any is one by itself."""
    if name_of(root) in ("teiCorpus", "teiCorpus.2"):
        return [found for child in root for found in _teis_below(child)] or [root]
    return [root]


def _teis_below(element: Element) -> list[Element]:
    if name_of(element) in ("TEI", "TEI.2"):
        return [element]
    return teis(element) if name_of(element).startswith("teiCorpus") else []


# -- entities ------------------------------------------------------------------------------------


def resolve_entities(root: Element) -> None:
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


# -- one document --------------------------------------------------------------------------------


def document_of(tei: Element, source: Source, options: ReadOptions, context: Context) -> Document:
    """Read one ``TEI`` element, or whatever stands in its place."""
    texts = _texts(tei)
    header = HeaderReading(tei, texts[0] if texts else None)
    content = Content(_TABLES, options, source, Places(tei, header.shortcuts()))
    blocks = [block for text in texts for block in content.between(text)]
    blocks += [original_of(content, each) for each in content.places.originals_left()]
    document = Document(tuple(blocks), header.metadata(), conf=header.conf())
    document = _with_sections(_with_title(document, header, content), content)
    _tell(content, context)
    return document


def _texts(tei: Element) -> list[Element]:
    """Give what holds the text: ``text``, a transcription; or the whole, where there is no such element."""
    if name_of(tei) not in ("TEI", "TEI.2", "teiCorpus", "teiCorpus.2"):
        return [tei]
    return [child for child in tei if name_of(child) in ("text", "sourceDoc")]


def _with_title(document: Document, header: HeaderReading, content: Content) -> Document:
    """Take a title that was made of the text for a title if it has been changed since."""
    title = header.derived_title()
    if not title or document.metadata.title is not None or title == derived_title(document):
        return document
    of_heading = content.headings[0][0] if content.headings else ""
    if section_id(title, document.conf) in of_heading:
        return document
    return replace(document, metadata=replace(document.metadata, title=title))


def _with_sections(document: Document, content: Content) -> Document:
    """Lead links within the document to the headings as they are now."""
    moved = dict(_moved_sections(document, content))
    if not moved:
        return document

    def lead(node: Node) -> Node:
        match node:
            case Link(target=SectionTarget(section=section)):
                now = moved.get(section) or moved.get(section_id(section, document.conf))
                return replace(node, target=SectionTarget(now)) if now else node
        return node

    return rewrite(document, lead)  # type: ignore[arg-type]


def _moved_sections(document: Document, content: Content) -> Iterator[tuple[str, str]]:
    """Give the ids of divisions whose heading has another id, with that id."""
    if not any(given for given, _ in content.headings):
        return
    headers = (node for node in walk(document) if isinstance(node, Header))
    now = {id(header): each for header, each in zip(headers, section_ids(document), strict=True)}
    for given, header in content.headings:
        section = now.get(id(header), "")
        if given and section and section != given and not header.attr.id:
            yield given, section


def _tell(content: Content, context: Context) -> None:
    """Say once of each element and attribute what became of it, and how often."""
    for name, count in content.unknown.items():
        context.notices.unknown("tei.element", detail=f"{name}: kept as a class ({count})")
    for name, count in content.lost.items():
        context.notices.dropped("tei.element" if "@" not in name else "tei.attribute", detail=f"{name} ({count})")


# -- a corpus ------------------------------------------------------------------------------------


def _together(documents: Iterable[Document]) -> Document:
    """Make one document of several; each begins with its title."""
    parts = list(documents)
    blocks: list[Block] = []
    for each in parts:
        title = each.metadata.title
        blocks += [Header(1, (Str(title),))] if title else []
        blocks += each.blocks
    return Document(tuple(blocks), parts[0].metadata if parts else Metadata())
