"""Inlines to runs of RTF code: formatting in groups, links and tags as fields, notes where they are referred to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from wikicable import Document
from wikicable.links import SectionIds, link_text, resolve_media, section_id
from wikicable.model import (
    Block,
    Code,
    Emph,
    Header,
    Image,
    Inline,
    InterwikiTarget,
    LineBreak,
    Link,
    Macro,
    Math,
    MediaTarget,
    Monospace,
    Note,
    RawInline,
    SectionTarget,
    SmallCaps,
    SoftBreak,
    Span,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Table,
    Tags,
    Target,
    Underline,
    UrlTarget,
    Verbatim,
)
from wikicable.notices import Notices
from wikicable.resources import Resource
from wikicable.tags import TagPlaces
from wikicable.walk import plain_text, walk
from wikicable_rtf.escapes import escape
from wikicable_rtf.fields import quoted
from wikicable_rtf.pictures import can_hold, picture_code
from wikicable_rtf.properties import join_keywords
from wikicable_rtf.sheet import StyleSheet
from wikicable_rtf.styles import HYPERLINK, MONOSPACE, NOTE_REFERENCE, LiteralNode, literal_style
from wikicable_rtf.targets import Address, Addresses, image_address

_LONGEST_BOOKMARK = 40
"""Characters of a bookmark's name that Word keeps apart."""

SOFT_BREAK = " \n"
"""A blank to every reader; that the line ended here says only how the file is written."""


class Bookmarks:
    """The bookmarks of a page: one for each heading that a link of the page leads to, or whose author named it.

    A name that nobody chose begins with a line, as Word's own names do.
    """

    def __init__(self, document: Document) -> None:
        self._conf = document.conf
        wanted = {
            section_id(node.target.section, document.conf)
            for node in walk(document)
            if isinstance(node, Link) and isinstance(node.target, SectionTarget)
        }
        self._by_id: dict[str, str] = {}
        self._of_headers: list[str] = []
        ids = SectionIds(document.conf)
        for node in walk(document) if wanted or any(_is_named(block) for block in walk(document)) else ():
            if isinstance(node, Table):
                ids.skip_table()
            elif isinstance(node, Header):
                self._of_headers.append(self._name(node, ids.of(node), wanted))
        self._of_headers.reverse()

    def _name(self, header: Header, identity: str, wanted: set[str]) -> str:
        if header.attr.id:
            return self._by_id.setdefault(identity, header.attr.id)
        if identity not in wanted:
            return ""
        name = f"_{identity}"[:_LONGEST_BOOKMARK]
        taken = set(self._by_id.values())
        number = 1
        while name in taken:
            number += 1
            name = f"_{identity}"[: _LONGEST_BOOKMARK - len(str(number))] + str(number)
        return self._by_id.setdefault(identity, name)

    def next_header(self) -> str:
        """Give the bookmark of the next heading in reading order, which may be none."""
        return self._of_headers.pop() if self._of_headers else ""

    def of_section(self, section: str) -> str:
        """Give the bookmark that a link to a section leads to; where there is no such heading, one that is not there."""
        return self._by_id.get(section_id(section, self._conf)) or self._by_id.get(section) or section


def _is_named(node: object) -> bool:
    return isinstance(node, Header) and bool(node.attr.id)


@dataclass(slots=True)
class Runs:
    """Writes the inlines of one document; ``blocks`` gives the code of a note's paragraphs."""

    document: Document
    addresses: Addresses
    sheet: StyleSheet
    notices: Notices
    tags: TagPlaces
    bookmarks: Bookmarks
    letters: set[str] = field(default_factory=set)
    blocks: Callable[[tuple[Block, ...]], str] = lambda _: ""
    _in_note: bool = False
    _in_link: bool = False

    def text(self, text: str) -> str:
        """Give text as code, and remember its letters for the choice of fonts."""
        if not text.isascii():
            self.letters.update(text)
        return escape(text)

    def inlines(self, inlines: Iterable[Inline]) -> str:
        """Give the code of inlines."""
        return "".join([self.inline(inline) for inline in inlines])

    def inline(self, inline: Inline) -> str:
        """Give the code of an inline."""
        match inline:
            case Str(text=text):
                return self.text(text)
            case SoftBreak():
                return SOFT_BREAK
            case Link():
                return self.link(inline)
            case Strong(content=content):
                return f"{{\\b {self.inlines(content)}}}"
            case Emph(content=content):
                return f"{{\\i {self.inlines(content)}}}"
            case Monospace(content=content):
                return f"{{{self.sheet.character(MONOSPACE)} {self.inlines(content)}}}"
            case Code() | Verbatim() | Macro() | Math():
                return self.literal(inline)
            case Image():
                return self.image(inline)
            case LineBreak():
                return "\\line "
            case Note():
                return self.note(inline)
            case Underline(content=content):
                return f"{{\\ul {self.inlines(content)}}}"
            case Span():
                return self.span(inline)
            case Strikeout(content=content):
                return f"{{\\strike {self.inlines(content)}}}"
            case Superscript(content=content):
                return f"{{\\super {self.inlines(content)}}}"
            case Subscript(content=content):
                return f"{{\\sub {self.inlines(content)}}}"
            case SmallCaps(content=content):
                return f"{{\\scaps {self.inlines(content)}}}"
            case Tags():
                keywords = join_keywords(self.tags.take(inline))
                return f"{{\\field{{\\*\\fldinst KEYWORDS}}{{\\fldrslt {self.text(keywords) or ' '}}}}}"
            case RawInline(format=name):
                self.notices.changed("raw.inline", inline.at, f"{name} stands as text")
                return self.literal(inline)
            case _:
                assert_never(inline)

    def literal(self, node: LiteralNode) -> str:
        """Give text that stands for itself, in the character style that says what it is."""
        return f"{{{self.sheet.character(literal_style(node))} {self.text(node.text)}}}"

    def span(self, span: Span) -> str:
        """Give a run with a bookmark for its id and a character style for its classes and pairs."""
        content = self.inlines(span.content)
        if span.attr.classes or span.attr.pairs:
            content = f"{{{self.sheet.span(span.attr)} {content}}}"
        return self.marked(span.attr.id, content)

    def marked(self, bookmark: str, content: str) -> str:
        """Put a bookmark around code, if there is one."""
        if not bookmark:
            return content
        name = self.text(bookmark)
        return f"{{\\*\\bkmkstart {name}}}{content}{{\\*\\bkmkend {name}}}"

    def note(self, note: Note) -> str:
        """Give a footnote; RTF has none within another, so that its text stands in brackets there."""
        if self._in_note:
            self.notices.changed("note.nested", note.at, "a footnote in a footnote is text")
            return self.text(f" ({plain_text(note.content)})")
        self._in_note = True
        reference = self.sheet.character(NOTE_REFERENCE)
        content = self.blocks(note.content)
        self._in_note = False
        return f"{{{reference}\\chftn}}{{\\footnote{content}}}"

    # -- links -----------------------------------------------------------------------------------

    def link(self, link: Link) -> str:
        """Give a link as a field; one in a link is its text."""
        if self._in_link:
            self.notices.changed("link.nested", link.at, "a link in a link is text")
            return self.inlines(link.content if _shows(link.content) else (Str(self.shown(link.target)),))
        match link.content:
            case (Image() as image,):
                address = self.with_picture(self.address(link.target), image)
                return self.field(address, self.picture(image) or self.picture_text(image))
        self._in_link = True
        content = self.inlines(link.content) if _shows(link.content) else self.text(self.shown(link.target))
        self._in_link = False
        return self.field(self.address(link.target), content)

    def shown(self, target: Target) -> str:
        """Give what a link without a text of its own shows."""
        return link_text(target, self.document.conf, self.document.metadata.page_id or "")

    def address(self, target: Target) -> Address:
        """Give where a link leads."""
        if isinstance(target, SectionTarget):
            return Address(bookmark=self.bookmarks.of_section(target.section))
        return self.addresses.of(target)

    def field(self, address: Address, content: str) -> str:
        """Give a hyperlink."""
        arguments = [quoted(address.url)] if address.url else []
        arguments += [f"\\l {quoted(address.bookmark)}"] if address.bookmark or not address.url else []
        arguments += [f"\\o {quoted(address.tip)}"] if address.tip else []
        instruction = self.text("HYPERLINK " + " ".join(arguments))
        look = self.sheet.character(HYPERLINK)
        return f"{{\\field{{\\*\\fldinst {instruction}}}{{\\fldrslt {{{look} {content}}}}}}}"

    # -- pictures --------------------------------------------------------------------------------

    def image(self, image: Image) -> str:
        """Give a picture: its bytes where they are at hand, a link with its title where not."""
        code = self.picture(image)
        if self._in_link:
            if not code:
                self.notices.changed("link.picture", image.at, "a picture among a link's text stands as text")
            return code or self.picture_text(image)
        address = Address(image_address(image, self.shown(image.target)))
        if isinstance(image.target, UrlTarget):
            address = Address(self.addresses.of(image.target).url, tip=address.url)
        return self.field(address, code or self.picture_text(image))

    def with_picture(self, address: Address, image: Image) -> Address:
        """Give the address of a link that shows a picture: the tip says which."""
        tip = f"{image_address(image, self.shown(image.target))} {address.tip}".rstrip()
        return Address(address.url, address.bookmark, tip)

    def picture_text(self, image: Image) -> str:
        """Give what stands in place of a picture."""
        if plain_text(image.content).strip():
            return self.inlines(image.content)
        return self.text(self.shown(image.target) or "image")

    def picture(self, image: Image) -> str:
        """Give the code of a picture with its bytes, or nothing."""
        resource = self.resource(image)
        if resource is None or not can_hold(resource):
            return ""
        return picture_code(
            image, resource, image_address(image, self.shown(image.target)), self.text(plain_text(image.content))
        )

    def resource(self, image: Image) -> Resource | None:
        """Find the bytes of a picture."""
        match image.target:
            case MediaTarget(id=name):
                page = self.document.metadata.page_id or ""
                full = resolve_media(image.target, page, self.document.conf)
                return self.document.resources.get(full) or self.document.resources.get(name)
            case UrlTarget(url=url):
                return self.document.resources.get(url)
            case InterwikiTarget():
                return None
            case _:
                assert_never(image.target)


_SHOWN = (Image, Note, RawInline, Macro)
"""What can be seen and is no text."""


def _shows(content: Sequence[Inline]) -> bool:
    """Whether the text of a link can be seen."""
    return any(isinstance(node, _SHOWN) for node in walk(content)) or bool(plain_text(content).strip())
