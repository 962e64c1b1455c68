"""A document to HTML.

Blocks and inlines are HTML's own elements; what a wiki says beyond them stands in classes and ``data-`` keys:
``data-wiki-id`` at a link to a page, ``data-wiki-media`` at a medium, ``iw_wp`` for an interwiki shortcut,
``data-filename`` at an embedded file, ``data-macro`` for an instruction to the wiki.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from wikicable import Context, Document
from wikicable.links import SectionIds
from wikicable.model import (
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    Definition,
    DefinitionList,
    Div,
    Emph,
    Feed,
    Figure,
    Header,
    HorizontalRule,
    Image,
    Inline,
    LineBlock,
    LineBreak,
    Link,
    ListItem,
    Macro,
    Math,
    Monospace,
    Node,
    Note,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    RawInline,
    Row,
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
    Underline,
    UrlTarget,
    Verbatim,
)
from wikicable.notices import Notices
from wikicable.tags import TagPlaces
from wikicable.walk import plain_text, walk
from wikicable.xmlout import UNWRITABLE, attribute, attributes, escaped
from wikicable_html import WriteOptions
from wikicable_html.attr import attr
from wikicable_html.targets import Address, Targets
from wikicable_html.typography import Typesetter

_TAG_OR_TEXT = re.compile(r"<[^>]*>|[^<]+")
_MARKS: Mapping[type[Node], str] = {Strong: "*", Underline: "_", LineBreak: "*"}
_NO_LANGUAGE = re.compile(r"[^a-zA-Z0-9_-]")
_LIST_TYPES = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}


def write(document: Document, options: WriteOptions, context: Context) -> str:
    """Write a page, as a fragment or whole."""
    writer = _Writer(document, options, context)
    body = _writable(writer.body(), context.notices)
    if not options.standalone:
        for key in writer.unsaid():
            context.notices.dropped("metadata", None, f"{key}: a fragment has no head")
        return body
    from wikicable_html.page import whole_page  # noqa: PLC0415  a fragment needs no style sheet

    return UNWRITABLE.sub("\ufffd", whole_page(document, body, options, context.notices))


def _writable(html: str, notices: Notices) -> str:
    """Put signs of replacement for what XML cannot hold; in text, they keep its number."""
    if not UNWRITABLE.search(html):
        return html
    count = len(UNWRITABLE.findall(html))
    notices.changed("text.characters", None, f"{count} that XML cannot hold")
    return _TAG_OR_TEXT.sub(lambda found: _replaced(found[0]), html)


def _replaced(html: str) -> str:
    if html.startswith("<"):
        return UNWRITABLE.sub("\ufffd", html)
    return UNWRITABLE.sub(lambda sign: f'<span class="control" data-code="{ord(sign[0]):x}">\ufffd</span>', html)


class _Writer:
    """The ids, notes and tags given out so far."""

    def __init__(self, document: Document, options: WriteOptions, context: Context) -> None:
        conf = document.conf
        base_url = options.base_url.removesuffix("/") + "/" if options.base_url else ""
        self.document = document
        self.options = options
        self.notices = context.notices
        self.typeset: Callable[[str], str] = escaped
        if options.typography:
            lang = conf.lang or document.metadata.lang or ""
            self.typeset = Typesetter(conf, lang, base_url).set
        self.text: Callable[[str], str] = self.typeset
        self.ids = SectionIds(conf)
        self.tags = TagPlaces(document)
        self.targets = Targets(conf, document.metadata.page_id or "", base_url)
        self.notes: list[str] = []
        self.is_in_link = False
        self.after_link: list[str] = []

    def body(self) -> str:
        """Write the blocks, and the notes below them."""
        blocks = self.blocks(self.document.blocks)
        notes = "\n".join(self.notes)
        parts = [blocks, f'<section class="footnotes">\n{notes}\n</section>' if notes else ""]
        return "".join([f"{part}\n" for part in parts if part])

    def unsaid(self) -> Iterator[str]:
        """Name what is known of the page and not said in its body."""
        metadata = self.document.metadata
        if metadata.title and not self.is_heading(metadata.title):
            yield "title"
        if self.tags.unplaced:
            yield "tags"
        yield from (key for key in ("lang", "creator", "contributors", "created", "modified") if getattr(metadata, key))
        yield from metadata.extra

    def is_heading(self, text: str) -> bool:
        return any(isinstance(node, Header) and plain_text(node).strip() == text for node in walk(self.document))

    # -- blocks ----------------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "\n".join(filter(None, map(self.block, blocks)))

    def block(self, block: Block) -> str:
        match block:
            case Para(content=content):
                return self.paragraph(content, block.attr)
            case Plain(content=content):
                return self.inlines(content)
            case Header():
                return self.header(block)
            case BulletList(items=items):
                return f"<ul{attr(block.attr)}>\n{self.items(items)}</ul>"
            case OrderedList(items=items):
                return f"<ol{_numbering(block)}{attr(block.attr)}>\n{self.items(items)}</ol>"
            case CodeBlock():
                return _code_block(block)
            case Table():
                return self.table(block)
            case BlockQuote(content=content):
                return f"<blockquote>\n{self.blocks(content)}\n</blockquote>"
            case HorizontalRule():
                return "<hr />"
            case Div(content=content):
                return f"<div{attr(block.attr)}>\n{self.blocks(content)}\n</div>"
            case Macro(text=text):
                return f'<div class="macro"{attribute("data-macro", text)}></div>'
            case Tags():
                return self.tag_list(block, "div")
            case RawBlock():
                return self.raw(block, "div")
            case DefinitionList(items=items):
                return f"<dl{attr(block.attr)}>\n{''.join(map(self.definition, items))}</dl>"
            case Figure():
                return self.figure(block)
            case LineBlock(lines=lines):
                verses = "<br />\n".join(map(self.verse, lines))
                return f'<div class="line-block">{verses}</div>'
            case Feed():
                link = self.inline(Link(UrlTarget(block.url))) if "://" in block.url else escaped(block.url)
                return f'<div class="rss"{attributes([("data-options", block.options)])}>{link}</div>'
            case _:
                assert_never(block)

    def paragraph(self, content: tuple[Inline, ...], own: Attr) -> str:
        inlines = self.inlines(content).strip("\n")
        return f"<p{attr(own)}>{inlines}</p>" if inlines and not inlines.isspace() else ""

    def header(self, header: Header) -> str:
        """Write a heading; DokuWiki sets its text as it stands, and leaves out one without text."""
        own = Attr(self.ids.of(header), header.attr.classes, header.attr.pairs)
        text = self.as_typed(header.content)
        level = min(max(header.level, 1), 6)
        return f"<h{level}{attr(own)}>{text}</h{level}>" if text.strip() else ""

    def items(self, items: Iterable[ListItem]) -> str:
        return "".join([f"<li>{self.blocks(item)}</li>\n" for item in items])

    def definition(self, each: Definition) -> str:
        said = "".join([f"<dd>{self.blocks(blocks)}</dd>\n" for blocks in each.definitions])
        return f"<dt>{self.inlines(each.term)}</dt>\n{said}"

    def figure(self, figure: Figure) -> str:
        caption = f"\n<figcaption>{self.blocks(figure.caption)}</figcaption>" if figure.caption else ""
        return f"<figure{attr(figure.attr)}>\n{self.blocks(figure.content)}{caption}\n</figure>"

    def verse(self, line: tuple[Inline, ...]) -> str:
        inlines = self.inlines(line)
        text = inlines.lstrip(" ")
        return "\u00a0" * (len(inlines) - len(text)) + text

    # -- tables ----------------------------------------------------------------------------------

    def table(self, table: Table) -> str:
        self.ids.skip_table()
        caption = f"<caption>{self.blocks(table.caption)}</caption>\n" if table.caption else ""
        head, body = table.rows[: table.head], table.rows[table.head :]
        return f"<table{attr(table.attr)}>\n{caption}{self.rows(head, 'thead')}{self.rows(body, 'tbody')}</table>"

    def rows(self, rows: tuple[Row, ...], part: str) -> str:
        return f"<{part}>\n{''.join(map(self.row, rows))}</{part}>\n" if rows else ""

    def row(self, row: Row) -> str:
        return f"<tr{attr(row.attr)}>{''.join(map(self.cell, row.cells))}</tr>\n"

    def cell(self, cell: Cell) -> str:
        tag = "th" if cell.is_header else "td"
        spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        align = f' style="text-align: {cell.align}"' if cell.align else ""
        return f"<{tag}{spans}{align}{attr(cell.attr)}>{self.blocks(cell.content)}</{tag}>"

    # -- inlines ---------------------------------------------------------------------------------

    def inlines(self, inlines: Sequence[Inline], closing: str = "") -> str:
        """Write inlines; ``closing`` stands for the mark that ends them: it decides how the text before it is set."""
        if len(inlines) == 1 and not closing:
            return self.inline(inlines[0])
        marks = [*map(_mark, inlines[1:]), closing]
        return "".join(map(self.marked, inlines, marks))

    def marked(self, inline: Inline, mark: str) -> str:
        """Write an inline before a mark."""
        if mark and isinstance(inline, Str):
            return self.text(inline.text + mark)[: -len(mark)]
        return self.inline(inline)

    def inline(self, inline: Inline) -> str:
        match inline:
            case Str(text=text):
                return self.text(text)
            case SoftBreak():
                return "\n"
            case Link():
                return self.link(inline)
            case Strong(content=content):
                return f"<strong>{self.inlines(content, '*')}</strong>"
            case Emph(content=content):
                return f"<em>{self.inlines(content)}</em>"
            case Monospace(content=content):
                return f'<code class="mono">{self.inlines(content)}</code>'
            case Code(text=text):
                return f"<code{attr(inline.attr)}>{escaped(text)}</code>"
            case Image():
                return self.targets.medium(inline, is_linked=self.is_in_link)
            case LineBreak():
                return "<br />\n"
            case Note(content=content):
                return self.note(content)
            case Underline(content=content):
                return f"<u>{self.inlines(content, '_')}</u>"
            case Verbatim(text=text):
                mark = "nowiki" if inline.mark == "nowiki" else "verbatim"
                return f'<span class="{mark}">{escaped(text)}</span>'
            case Span(content=content):
                return f"<span{attr(inline.attr)}>{self.inlines(content)}</span>"
            case Strikeout(content=content):
                return f"<del>{self.inlines(content)}</del>"
            case Superscript(content=content):
                return f"<sup>{self.inlines(content)}</sup>"
            case Subscript(content=content):
                return f"<sub>{self.inlines(content)}</sub>"
            case Macro(text=text):
                return f'<span class="macro"{attribute("data-macro", text)}></span>'
            case Tags():
                return self.tag_list(inline, "span")
            case Math(text=text, display=display):
                return _math(text, display=display)
            case RawInline():
                return self.raw(inline, "span")
            case SmallCaps(content=content):
                return f'<span class="smallcaps">{self.inlines(content)}</span>'
            case _:
                assert_never(inline)

    def link(self, link: Link) -> str:
        """Write a link; DokuWiki sets its text as it stands."""
        if self.is_in_link:
            self.notices.changed("link.nested", link.at, "a link in a link is text")
            return self.inlines(link.content)
        address = self.targets.address(link.target, link.content)
        self.is_in_link = bool(address.href)
        text = self.as_typed(link.content) or self.targets.text(link.target)
        self.is_in_link = False
        keys = attr(link.attr, _link_class(link, address), keys=address.data)
        if not address.href:
            self.notices.unknown("link.target", link.at, "shown as text: no such shortcut, or no registered scheme")
            return f"<span{keys}>{text}</span>"
        notes, self.after_link = "".join(self.after_link), []
        return f"<a{attribute('href', address.href)}{keys}>{text}</a>{notes}"

    def as_typed(self, inlines: Sequence[Inline]) -> str:
        outside, self.text = self.text, escaped
        html = self.inlines(inlines)
        self.text = outside
        return html

    def note(self, content: tuple[Block, ...]) -> str:
        """Write a footnote below the page, and give its number; one in a link comes after the link."""
        self.notes.append("")
        number = len(self.notes)
        reference = f'<sup><a href="#fn__{number}" id="fnt__{number}" role="doc-noteref">{number})</a></sup>'
        outside = self.text, self.is_in_link, self.after_link
        self.text, self.is_in_link, self.after_link = self.typeset, False, []
        back = f'<a href="#fnt__{number}" role="doc-backlink">{number})</a>'
        self.notes[number - 1] = f'<aside id="fn__{number}" role="doc-footnote">{back} {self.blocks(content)}</aside>'
        self.text, self.is_in_link, self.after_link = outside
        if not self.is_in_link:
            return reference
        self.after_link.append(reference)
        return ""

    # -- what is the same in a line and between lines ----------------------------------------------

    def tag_list(self, place: Tags, element: str) -> str:
        names = ", ".join([f'<span class="tag">{escaped(tag)}</span>' for tag in self.tags.take(place)])
        return f'<{element} class="tags">{names}</{element}>' if names or not place.tags else ""

    def raw(self, node: RawBlock | RawInline, element: str) -> str:
        if node.format == "html" and self.options.raw_html:
            return node.text
        if node.format != "dokuwiki":
            self.notices.changed("raw", node.at, f"{node.format} is kept, but not shown")
        source = attributes([("data-format", node.format), ("data-raw", node.text)])
        return f'<{element} class="raw"{source}></{element}>'


def _numbering(block: OrderedList) -> str:
    start = "" if block.start == 1 else str(block.start)
    return attributes([("start", start), ("type", _LIST_TYPES.get(block.style, ""))])


def _code_block(block: CodeBlock) -> str:
    """Write code; one by indent has no class, the others that of their element in DokuWiki."""
    language = _NO_LANGUAGE.sub("", block.language)
    classes = (block.kind if block.kind != "indented" else "", language and f"language-{language}")
    names = (("data-filename", block.filename), ("data-options", block.options))
    keys = attr(block.attr, *filter(None, classes), keys=[(key, value) for key, value in names if value])
    return f"<pre{keys}><code>{escaped(block.text)}</code></pre>"


def _mark(inline: Inline) -> str:
    """Give what begins an inline, if it decides how text before it is set: neither a blank nor punctuation."""
    if isinstance(inline, Link):
        return "*" if "uri" in inline.attr.classes else ""
    return _MARKS.get(type(inline), "")


def _math(text: str, *, display: bool) -> str:
    if display:
        return f'<span class="math display">\\[{escaped(text)}\\]</span>'
    return f'<span class="math inline">\\({escaped(text)}\\)</span>'


def _link_class(link: Link, address: Address) -> str:
    """Give the class of a link; one that shows a medium, or the name of one, says so and nothing else."""
    return "media" if _is_image(link) or link.attr.get("medium") else address.classes


def _is_image(link: Link) -> bool:
    return len(link.content) == 1 and isinstance(link.content[0], Image) and not isinstance(link.target, SectionTarget)
