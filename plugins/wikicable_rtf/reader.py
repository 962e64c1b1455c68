"""RTF to a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from wikicable import Context, Document
from wikicable.errors import FormatError, OptionError
from wikicable.links import section_id, section_ids
from wikicable.model import Link, Metadata, Node, SectionTarget, Str
from wikicable.notices import Notices
from wikicable.resources import Resources
from wikicable.source import Source
from wikicable.tags import tag_ids
from wikicable.walk import plain_text, rewrite
from wikicable.wikiconf import SHIPPED
from wikicable_rtf import ReadOptions
from wikicable_rtf.blocks import Assembler, is_all
from wikicable_rtf.charsets import CODE_PAGES
from wikicable_rtf.fallback import plain_blocks
from wikicable_rtf.flow import Face, FlowItem, Paragraph, Story, TableRow
from wikicable_rtf.inlines import Inliner
from wikicable_rtf.lexer import end_of_group
from wikicable_rtf.markers import Markers
from wikicable_rtf.parser import Parser
from wikicable_rtf.preamble import list_tables
from wikicable_rtf.properties import read_metadata, title_in
from wikicable_rtf.styles import MAX_LEVEL
from wikicable_rtf.targets import Addresses
from wikicable_rtf.words import WORDS

_BEGINNING = re.compile(rb"(\{\s*)?\\rtf(?![a-z])")
_LOOKED_AT = 4096
"""How far into a file its beginning may be."""

_LARGEST = 32 << 20
"""How many bytes a file may have beside its pictures: its nodes take some twelve times as many."""

_PICTURE = re.compile(rb"\\pict(?![a-z])")
_LONGEST_HEADING = 150


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a file."""
    beginning = _BEGINNING.search(source.data, 0, _LOOKED_AT)
    if not beginning:
        raise FormatError(f"{source.name}: is no RTF: it does not begin with {{\\rtf")
    if len(source.data) > _LARGEST < _size_without_pictures(source.data):
        raise FormatError(
            f"{source.name}: more than {_LARGEST >> 20} MB beside its pictures; part it into several files"
        )
    parser = Parser(source.data, WORDS, context.notices, _codec(options.codepage))
    if beginning[1]:
        parser.pos = beginning.start()
        document = _document(parser, parser.parse(), options, context.notices)
        if document.blocks:
            return document
        metadata, resources = document.metadata, document.resources
    else:
        metadata, resources = Metadata(), Resources()
    return Document(plain_blocks(source.data[beginning.start() :], context.notices), metadata, resources)


def _size_without_pictures(data: bytes) -> int:
    size, at = len(data), 0
    while found := _PICTURE.search(data, at):
        at = end_of_group(data, found.end())
        size -= at - found.end()
    return size


def _codec(code_page: int) -> str:
    if code_page and code_page not in CODE_PAGES:
        raise OptionError(f"the rtf reader: code page {code_page} is not known (it knows: {known_code_pages()})")
    return CODE_PAGES.get(code_page, "")


def known_code_pages() -> str:
    """Give the code pages there are, for a message."""
    return ", ".join(map(str, sorted(CODE_PAGES)))


def _document(parser: Parser, story: Story, options: ReadOptions, notices: Notices) -> Document:
    metadata = read_metadata(parser.information, parser.properties, parser.codec)
    addresses = Addresses(SHIPPED, metadata.page_id or "", options.base_url)
    linked = frozenset(field.bookmark for field in parser.fields if not field.target)
    markers = Markers(list_tables(parser.lists, parser.list_overrides), finds_typed=not parser.is_own)
    inliner = Inliner(addresses, linked, is_own=parser.is_own)
    assembler = Assembler(inliner, parser.styles, markers, notices)
    inliner.note = assembler.note
    if not parser.is_own:
        _learn_look(assembler, story)
    blocks = assembler.blocks(story.items)
    resources = Resources({inliner.names.get(name, name): each for name, each in parser.resources.items()})
    document = Document(blocks, metadata, resources)
    document = _with_sections(document, assembler.bookmarks)
    tags = tag_ids(metadata.tags, blocks, SHIPPED)
    title = metadata.title if metadata.title != title_in(document) else None
    return replace(document, metadata=replace(metadata, tags=tags, title=title))


# -- the look of files without styles ------------------------------------------------------------


def _learn_look(assembler: Assembler, story: Story) -> None:
    """Find out what means nothing because all the text has it, and what looks like a heading."""
    paragraphs = [paragraph for paragraph in _paragraphs(story.items) if paragraph.line]
    sizes: Counter[int] = Counter()
    monospaced = 0
    for paragraph in paragraphs:
        length = len(paragraph.text())
        sizes[paragraph.size] += length
        monospaced += length if is_all(paragraph, Face.MONO) else 0
    if 2 * monospaced > sizes.total():
        assembler.hidden = frozenset((Face.MONO,))
    if not any(assembler.role(paragraph).kind == "heading" for paragraph in paragraphs):
        assembler.headings = _heading_sizes(paragraphs, sizes)


def _heading_sizes(paragraphs: Sequence[Paragraph], sizes: Counter[int]) -> Mapping[int, int]:
    """Give the levels of the sizes in which short bold paragraphs stand that are larger than most text."""
    usual = max(sizes, key=lambda size: (sizes[size], size), default=0)
    large = {
        paragraph.size
        for paragraph in paragraphs
        if paragraph.size * 6 > usual * 7
        and not paragraph.layout.in_table
        and is_all(paragraph, Face.STRONG)
        and len(paragraph.text()) <= _LONGEST_HEADING
    }
    return {size: level for level, size in enumerate(sorted(large, reverse=True)[:MAX_LEVEL], 1)}


def _paragraphs(items: Sequence[FlowItem]) -> Iterator[Paragraph]:
    pending: list[FlowItem] = list(reversed(items))
    while pending:
        match pending.pop():
            case Paragraph() as paragraph:
                yield paragraph
            case TableRow(cells=cells):
                pending.extend(item for cell in reversed(cells) for item in reversed(cell))


# -- links within the page -----------------------------------------------------------------------


def _with_sections(document: Document, bookmarks: Sequence[tuple[str, ...]]) -> Document:
    """Make links to a heading's bookmark links to its section."""
    ids = section_ids(document)
    if len(ids) != len(bookmarks):
        return document
    sections = {name: section for names, section in zip(bookmarks, ids, strict=True) for name in names}

    def resolve(node: Node) -> Node:
        match node:
            case Link(target=SectionTarget(section=name), content=content) if name in sections:
                if all(isinstance(inline, Str) for inline in content):
                    text = plain_text(content)
                    if section_id(text, document.conf) == sections[name]:
                        return replace(node, target=SectionTarget(text), content=())
                return replace(node, target=SectionTarget(sections[name]))
        return node

    return rewrite(document, resolve) if sections else document
