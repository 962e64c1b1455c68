"""TEI to documents: everything that is well-formed is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wikicable import Context, Document
from wikicable.links import section_id, section_ids
from wikicable.model import Block, Header, Link, Metadata, SectionTarget, Str
from wikicable.source import Source
from wikicable.walk import rewrite, walk
from wikicable_tei import ReadOptions
from wikicable_tei.blocks import BLOCKS, IN_LINES, is_inline, original_of
from wikicable_tei.content import Content, Node, Tables, Tally
from wikicable_tei.header import derived_title
from wikicable_tei.metadata import HeaderReading
from wikicable_tei.parsing import each_tei, parsed, teis
from wikicable_tei.places import Places
from wikicable_tei.tree import Element, name_of

LARGEST_WITH_PLACES = 8 << 20
"""How many bytes a corpus may have for its nodes to know their places, for which all of its text is needed."""

_TABLES = Tables(BLOCKS, IN_LINES, is_inline)


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a document; the documents of a ``teiCorpus`` are read as one."""
    root = parsed(source)
    tally = Tally()
    documents = [_document_of(tei, source, options, tally) for tei in teis(root)]
    tally.tell(context)
    if len(documents) == 1:
        return documents[0]
    context.notices.changed(
        "tei.corpus", detail=f"{len(documents)} documents are read as one, with what is said of all, titles and tags"
    )
    return _together(documents, HeaderReading(root, None).metadata())


def read_all(source: Source, options: ReadOptions, context: Context) -> Iterator[Document]:
    """Read the documents of a ``teiCorpus`` one by one, in memory that does not grow with their number."""
    tally = Tally()
    places = source if source.size <= LARGEST_WITH_PLACES else None
    for tei in each_tei(source):
        yield _document_of(tei, places, options, tally)
    tally.tell(context)


# -- one document --------------------------------------------------------------------------------


def _document_of(tei: Element, source: Source | None, options: ReadOptions, tally: Tally) -> Document:
    """Read one ``TEI`` element, or whatever stands in its place; ``source`` is where its nodes have places."""
    texts = _texts(tei)
    header = HeaderReading(tei, texts[0] if texts else None)
    content = Content(_TABLES, options, source, Places(tei, header.shortcuts()), tally)
    blocks = [block for text in texts for block in content.between(text)]
    blocks += [original_of(content, each) for each in content.places.originals_left()]
    document = Document(tuple(blocks), header.metadata(), conf=header.conf())
    return _with_sections(_with_title(document, header, content), content)


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
    moved = dict(_moved_sections(document, content)) if content.has_section_links else {}
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
    headers = walk(document, Header)
    now = {id(header): each for header, each in zip(headers, section_ids(document), strict=True)}
    for given, header in content.headings:
        section = now.get(id(header), "")
        if given and section and section != given and not header.attr.id:
            yield given, section


# -- a corpus ------------------------------------------------------------------------------------


def _together(documents: Sequence[Document], metadata: Metadata) -> Document:
    """Make one document of several; each begins with its title."""
    blocks: list[Block] = []
    for each in documents:
        title = each.metadata.title
        blocks += [Header(1, (Str(title),))] if title else []
        blocks += each.blocks
    tags = dict.fromkeys(tag for each in documents for tag in each.metadata.tags)
    return Document(tuple(blocks), replace(metadata, tags=metadata.tags or tuple(tags)), conf=documents[0].conf)
