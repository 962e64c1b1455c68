"""A document as pandoc's writers can say it; what they cannot is said in a notice.

Word processors keep every link, so all that a wiki says and they have no word for stands there as a link: the schemes
are in ``addresses``.  In other formats a link to a page leads to its id, as pandoc's own wiki links do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from wikicable.links import link_text, section_id, section_ids
from wikicable.model import (
    NO_ATTR,
    Attr,
    Block,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    DefinitionList,
    Div,
    Document,
    Feed,
    Header,
    Image,
    Inline,
    InterwikiTarget,
    LineBreak,
    Link,
    Macro,
    Math,
    MediaTarget,
    Metadata,
    Monospace,
    Node,
    OrderedList,
    PageTarget,
    Para,
    RawBlock,
    RawInline,
    Row,
    SectionTarget,
    Span,
    Str,
    Table,
    Tags,
    Target,
    UrlTarget,
    Verbatim,
)
from wikicable.native import Encoder
from wikicable.notices import Notices
from wikicable.tags import TagPlaces
from wikicable.walk import rewrite, walk
from wikicable_pandoc.addresses import address, quoted

WITH_LINKS_ONLY = frozenset(("docx", "odt", "opendocument", "pptx"))
"""The formats in which nothing but a link can say what something is."""

WITH_MEDIA = WITH_LINKS_ONLY | {"fb2", "icml", "ipynb", "chunkedhtml", "pdf", "ms"}
"""The formats whose writers look for pictures: they get those that travel with the document, and ask for no other."""

_WITH_ATTRIBUTES = frozenset(("org", "commonmark_x", "djot", "markdown_mmd", "markdown_phpextra", "native", "muse"))
"""The formats in which code has attributes."""

_KEPT_METADATA = ("subtitle", "abstract", "subject", "description", "category")


class Outward:
    """Rewrites one document for the writer of one format."""

    def __init__(self, name: str, document: Document, notices: Notices) -> None:
        self._name = name
        self._document = document
        self._notices = notices
        self._tags = TagPlaces(document)
        self._ids = iter(section_ids(document))
        self._is_office = name in WITH_LINKS_ONLY

    def document(self) -> Document:
        """Give the document anew."""
        document = self._document
        if self._tags.unplaced and not any(isinstance(node, Tags) for node in walk(document)):
            document = replace(document, blocks=(*document.blocks, Tags()))
        document = rewrite(document, self._changed)
        if self._name in WITH_MEDIA:
            document = replace(document, metadata=self._metadata(document.metadata))
        return document

    def _metadata(self, metadata: Metadata) -> Metadata:
        """Keep what such files have a place for; no key of a page may ask for a file."""
        lost = [key for key in metadata.extra if key not in _KEPT_METADATA]
        lost += [key for key in ("page_id", "modified", "contributors") if getattr(metadata, key)]
        if lost:
            self._notices.dropped("metadata", detail=", ".join(lost))
        kept = {key: value for key, value in metadata.extra.items() if key in _KEPT_METADATA}
        return replace(metadata, extra=kept, page_id=None, modified=None, contributors=())

    def _changed(self, node: Node) -> Node | Iterable[Node] | None:
        match node:
            case Link():
                return self._link(node)
            case Image():
                return self._image(node)
            case Header(attr=attr):
                return replace(node, attr=Attr(next(self._ids), attr.classes, self._harmless(attr)))
            case Tags():
                return replace(node, tags=self._tags.take(node))
            case Macro():
                self._notices.dropped("macro", node.at, node.text)
                return None
            case Monospace(content=content):
                return tuple(Code(each.text, at=each.at) if isinstance(each, Str) else each for each in content)
            case RawInline(format=name) | RawBlock(format=name) if name != self._name:
                self._notices.dropped("raw.inline" if isinstance(node, RawInline) else "raw.block", node.at, name)
                return None
            case CodeBlock(filename=name) if name and self._name not in WITH_LINKS_ONLY | _WITH_ATTRIBUTES:
                self._notices.dropped("code.filename", node.at, name)
                return node
            case _:
                return self._for_office(node) if self._is_office else node

    def _harmless(self, attr: Attr) -> tuple[tuple[str, str], ...]:
        """Leave out what would make a writer look for a file."""
        return tuple(pair for pair in attr.pairs if self._name not in WITH_MEDIA or "background" not in pair[0])

    # -- links -----------------------------------------------------------------------------------

    def _link(self, link: Link) -> Link:
        content = link.content or (
            Str(link_text(link.target, self._document.conf, self._document.metadata.page_id or "")),
        )
        attr = NO_ATTR if self._is_office else link.attr
        return replace(link, target=self._target(link.target), content=content, attr=attr)

    def _target(self, target: Target) -> Target:
        conf = self._document.conf
        match target:
            case SectionTarget(section=section):
                return SectionTarget(section_id(section, conf))
            case PageTarget() if not self._is_office:
                return target
            case MediaTarget() if not self._is_office:
                return UrlTarget(path_of(target.id))
            case InterwikiTarget() if not self._is_office:
                return UrlTarget(address(target, conf).removeprefix("wiki:"))
            case _:
                return UrlTarget(address(target, conf))

    def _image(self, image: Image) -> Inline:
        name = _name_of(image.target)
        if self._name not in WITH_MEDIA:
            return replace(image, target=UrlTarget(path_of(name)))
        if name in self._document.resources:
            return replace(image, target=UrlTarget(name))
        self._notices.missing("media", image.at, name)
        shown = image.content or (Str(link_text(MediaTarget(name), self._document.conf)),)
        return Link(UrlTarget(_picture(image, name)), shown, at=image.at)

    # -- what only a link can say ----------------------------------------------------------------

    def _for_office(self, node: Node) -> Node | Iterable[Node]:
        match node:
            case CodeBlock():
                return _titled(node) if self._name == "docx" else _named_lines(node)
            case Verbatim(text=text):
                return _lines(text)
            case Math() if self._name != "docx":
                self._notices.changed("formula.one-way", node.at, "pandoc writes formulas here, and reads none")
            case Feed(url=url):
                self._notices.changed("feed", node.at, url)
                return Para((Link(UrlTarget(url), (Str(url),)),), at=node.at)
            case Table(rows=rows, head=head):
                self._tell_of_headers(rows[head:])
            case Para(attr=attr) | Div(attr=attr) | Span(attr=attr) if attr:
                self._tell_of(attr, node)
            case BulletList(attr=attr) | OrderedList(attr=attr) | DefinitionList(attr=attr) if attr:
                self._tell_of(attr, node)
            case Row(attr=attr) | Cell(attr=attr) | Code(attr=attr) if attr:
                self._tell_of(attr, node)
        return node

    def _tell_of(self, attr: Attr, node: Node) -> None:
        said = [attr.id, *attr.classes, *(f"{key}={value}" for key, value in attr.pairs)]
        self._notices.dropped("attributes", node.at, " ".join(filter(None, said)))

    def _tell_of_headers(self, rows: Iterable[Row]) -> None:
        cell = next((cell for row in rows for cell in row.cells if cell.is_header), None)
        if cell:
            self._notices.changed("table.header-cell", cell.at, "a header below the head of a table is a plain cell")


def path_of(name: str) -> str:
    """Give the path of a medium from its id; that of one elsewhere is its URL."""
    return name if "://" in name else name.lstrip(":").replace(":", "/")


def _name_of(target: MediaTarget | UrlTarget | InterwikiTarget) -> str:
    match target:
        case MediaTarget(id=name) | UrlTarget(url=name):
            return name
        case InterwikiTarget(shortcut=shortcut, page=page):
            return f"{shortcut}>{page}"


def _picture(image: Image, name: str) -> str:
    said: list[tuple[str, object]] = [("width", image.width), ("height", image.height), ("align", image.align)]
    if isinstance(image.target, MediaTarget):
        said.append(("linking", image.target.linking if image.target.linking != "details" else None))
    if not image.content:
        said.append(("untitled", 1))
    query = urlencode([(key, value) for key, value in said if value])
    return f"image:{quoted(name)}" + (f"?{query}" if query else "")


def _titled(code: CodeBlock) -> Node | Iterable[Node]:
    """Put a line before code that says its name and language, if it has any."""
    plain = CodeBlock(code.text, code.language, at=code.at)
    is_named = bool(code.filename or code.language or code.options or code.kind == "file")
    return (_title(code), plain) if is_named else plain


def _named_lines(code: CodeBlock) -> Iterable[Node]:
    """Write code as a paragraph with line breaks: OpenDocument has no code that pandoc would read again."""
    lines = [Code(line) for line in code.text.split("\n")]
    content = tuple(part for line in lines for part in (LineBreak(), line))[1:]
    return _title(code), Para(content, at=code.at)


def _title(code: CodeBlock) -> Para:
    said = [("language", code.language, ""), ("kind", code.kind, "code"), ("options", code.options, "")]
    query = urlencode([(key, value) for key, value, default in said if value != default])
    url = f"code:{quoted(code.filename)}" + (f"?{query}" if query else "")
    return Para((Link(UrlTarget(url), (Str(code.filename or code.language or code.kind),)),), at=code.at)


def _lines(text: str) -> Iterator[Inline]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield LineBreak()
        yield Str(line)


class OfficeEncoder(Encoder):
    """Gives a document to pandoc with a link for each tag, and a line between two pieces of code."""

    def blocks(self, blocks: Iterable[Block]) -> list[Any]:
        """Give blocks; code that follows code would be read as one with it."""
        given: list[Block] = []
        for block in blocks:
            if given and isinstance(block, CodeBlock) and isinstance(given[-1], CodeBlock):
                given.append(_title(block))
            given.append(block)
        return super().blocks(given)

    def tags(self, tags: tuple[str, ...], at: int | None) -> list[Any]:
        """Give links with commas between them."""
        links = [Link(UrlTarget(f"tag:{quoted(name)}"), (Str(name),), at=at) for name in tags]
        return self.inlines([part for link in links for part in (Str(", "), link)][1:])
