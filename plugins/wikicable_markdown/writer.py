"""A document to Markdown.

Between blocks stands one blank line; lines stay as the author broke them.  What Markdown cannot say is HTML with
Markdown in it, in a form that every engine reads alike: a tag on its own lines, blank lines, Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import assert_never, get_args

from wikicable import Context, Document
from wikicable.model import (
    Attr,
    Block,
    BlockQuote,
    BulletList,
    CodeBlock,
    DefinitionList,
    Div,
    Feed,
    Figure,
    Header,
    HorizontalRule,
    Inline,
    LineBlock,
    LineBreak,
    ListItem,
    Macro,
    Metadata,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    Table,
    Tags,
)
from wikicable.printer import indented
from wikicable.walk import children, plain_text
from wikicable.xmlout import escaped
from wikicable_markdown import Flavour, WriteOptions, alerts, attributes, front_matter
from wikicable_markdown.escaping import NODE_BREAK
from wikicable_markdown.html_syntax import SAYS_MARKDOWN, attr_pairs, comment, element, is_foreign_block, start_tag
from wikicable_markdown.inlines import InlineWriter
from wikicable_markdown.page import Page
from wikicable_markdown.tables import HtmlTables, pipe_table

MAX_DEPTH = 51
"""Lists, quotes and containers nested deeper than this are set on one level: engines give up at about 100."""

SEPARATOR = "<!-- -->"
"""Stands between two blocks that would be one without it."""

_CONTAINERS = (BulletList, OrderedList, BlockQuote, Div, DefinitionList, Figure, Table)
_INFO_WORD = re.compile(r"[\w+#./:-]+\Z")
_ACTIVE_IN_CODE = re.compile(r"[*_`\[\]{}\\!~^$|]")
_LISTS = (BulletList, OrderedList)
_INDENT = 4
"""By how many columns Python-Markdown wants what is in an item to be indented."""

_FENCE_LIKE = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


def write(flavour: Flavour, document: Document, options: WriteOptions, context: Context) -> str:
    """Write a page."""
    page = Page(flavour, document, options, context.notices)
    text = _Writer(page, has_alerts=flavour.alerts and options.alerts).page(document.blocks)
    head = front_matter.written(_with_title(document)) if options.front_matter else ""
    return f"{head}{text}\n" if text else head


def _with_title(document: Document) -> Metadata:
    """Give the metadata; a page without a title has its first heading for one."""
    metadata = document.metadata
    if metadata.title is not None:
        return metadata
    first = next((block for block in document.blocks if isinstance(block, Header)), None)
    return replace(metadata, title=plain_text(first).strip() or None) if first else metadata


class _Writer:
    """Writes the blocks of one page."""

    def __init__(self, page: Page, *, has_alerts: bool) -> None:
        self._page = page
        self._has_alerts = has_alerts
        self._flavour = page.flavour
        self._escapes = page.escapes
        self._inlines = InlineWriter(page)
        self._tables = HtmlTables(page, self._inner_blocks)
        self._depth = 0

    def page(self, blocks: Sequence[Block]) -> str:
        """Write the whole page, its footnotes last."""
        text = self._blocks(blocks)
        notes: list[str] = []
        while contents := self._page.notes.contents(after=len(notes)):
            notes += [self._note(number, content) for number, content in enumerate(contents, len(notes) + 1)]
        if notes and not self._flavour.notes:
            items = "\n".join(notes)
            notes = [f'<section role="doc-endnotes">\n<ol>\n{items}\n</ol>\n</section>']
        return "\n\n".join([text, *notes] if text else notes)

    # -- sequences of blocks ---------------------------------------------------------------------

    def _blocks(self, blocks: Iterable[Block], between: str = "\n\n") -> str:
        parts: list[str] = []
        before: Block | None = None
        for block in blocks:
            text = self._block(block)
            if not text:
                continue
            if before is not None:
                parts.append(f"\n\n{SEPARATOR}\n\n" if self._would_join(before, block) else between)
            parts.append(text)
            before = block
        return "".join(parts)

    def _would_join(self, before: Block, block: Block) -> bool:
        if self._flavour.python and isinstance(before, _LISTS) and isinstance(block, _LISTS):
            return True  # of whichever kind they are
        return _would_join(before, block)

    def _inner_blocks(self, blocks: Sequence[Block], between: str = "\n\n") -> str:
        """Write what stands inside of another block."""
        if self._depth >= MAX_DEPTH:
            blocks = list(_leaves(blocks))
        self._depth += 1
        text = self._blocks(blocks, between)
        self._depth -= 1
        return text

    def _block(self, block: Block) -> str:
        match block:
            case Para(content=content) | Plain(content=content):
                if isinstance(block, Para) and block.attr:
                    self._page.notices.dropped("attributes", block.at)
                return self._escapes.block(self._inlines.inlines(content), is_inside=self._depth > 0)
            case Header():
                return self._header(block)
            case BulletList(items=items):
                return self._list(items, ["-"] * len(items))
            case OrderedList(items=items):
                return self._list(items, _numbers(block))
            case CodeBlock():
                return self._code(block)
            case Table():
                return pipe_table(block, self._page, self._inlines) or self._tables.table(block)
            case BlockQuote(content=content):
                return _quoted(self._inner_blocks(content))
            case HorizontalRule():
                return "***"
            case Div():
                return self._division(block)
            case Macro(text=text):
                return comment("wiki", text)
            case Tags():
                return element("div", self._html_text(self._page.tag_list(block)), [("class", "tags")])
            case RawBlock():
                return self._raw(block)
            case DefinitionList():
                return self._definitions(block)
            case Figure():
                return self._figure(block)
            case LineBlock(lines=lines):
                return self._verse(lines)
            case Feed(url=url, options=options):
                link = element("a", self._html_text(url), [("class", "external"), ("href", url)])
                pairs = [("data-options", options)] if options else []
                return element("div", link, [("class", "feed"), *pairs])
            case _:
                assert_never(block)

    def _html_text(self, text: str) -> str:
        return self._tables.inlines.text(text)

    # -- headings, code, raw source --------------------------------------------------------------

    def _header(self, header: Header) -> str:
        text = self._escapes.heading(self._inlines.inlines(header.content))
        marks = "#" * min(max(header.level, 1), 6)
        braces = attributes.braces(header.attr) if self._flavour.pandoc else ""
        if header.attr and not braces:
            self._page.notices.dropped("attributes", header.at)
        return " ".join(filter(None, (marks, text, braces)))

    def _code(self, code: CodeBlock) -> str:
        text = code.text
        if "\r" in text or "\0" in text:
            return _preformatted(code)
        if self._flavour.python and self._depth:
            return _ACTIVE_IN_CODE.sub(lambda char: f"&#{ord(char[0])};", _preformatted(code))
        if code.kind == "indented" and not self._depth and _can_be_indented(code):
            return indented(text, "    ", "    ")
        longest = max((len(found[1]) for found in _FENCE_LIKE.finditer(text)), default=2)
        fence = "`" * (longest + 1)
        return f"{fence}{_info(code, in_braces=self._flavour.python)}\n{text}\n{fence}"

    def _raw(self, block: RawBlock) -> str:
        if self._flavour.pandoc:
            return self._code(CodeBlock(block.text, f"{{={block.format}}}"))
        if block.format == "html" and is_foreign_block(block.text):
            return block.text
        self._page.notices.changed(f"raw.{block.format}", block.at, "kept in a comment")
        return comment(f"raw {block.format}", block.text)

    # -- lists -----------------------------------------------------------------------------------

    def _list(self, items: Sequence[ListItem], markers: Sequence[str]) -> str:
        is_tight = all(map(_is_tight, items)) and not (self._flavour.python and any(map(_has_lists_together, items)))
        between = "\n" if is_tight else "\n\n"
        texts = [self._inner_blocks(item, between) for item in items]
        if self._depth and texts and not texts[0]:
            texts[0] = NODE_BREAK  # below text, a lone hyphen would make a heading of it
        if self._flavour.python:
            texts = [text or NODE_BREAK for text in texts]  # a lone hyphen makes a heading of what is above it
            markers = [marker.ljust(_INDENT - 1) for marker in markers]
        pairs = zip(markers, texts, strict=True)
        return between.join(_hung(marker, " " * (len(marker) + 1), text) for marker, text in pairs)

    def _definitions(self, block: DefinitionList) -> str:
        if not self._flavour.pandoc:
            parts = []
            for item in block.items:
                parts.append(self._tables.box("dt", (Plain(item.term),)))
                parts += [self._tables.box("dd", definition) for definition in item.definitions]
            return "\n".join(["<dl>", *parts, "</dl>"])
        items = []
        for item in block.items:
            term = self._escapes.term(self._inlines.inlines(item.term))
            texts = [
                _hung(":  ", "    ", self._inner_blocks(each, "\n" if _is_tight(each) else "\n\n") or NODE_BREAK)
                for each in item.definitions
            ]
            items.append("\n".join([term, *texts]))
        return "\n\n".join(items)

    # -- containers ------------------------------------------------------------------------------

    def _division(self, div: Div) -> str:
        if self._has_alerts and (alert := self._alert(div)):
            return alert
        text = self._inner_blocks(div.content)
        braces = attributes.exact_braces(div.attr) if self._flavour.pandoc else ""
        if not braces:
            return self._container("div", text, div.attr)
        name = div.attr.classes[0] if braces == f"{{.{' '.join(div.attr.classes)}}}" else braces
        between = "\n" if all(isinstance(each, Para | Plain) for each in div.content) else "\n\n"
        return between.join(filter(None, (f"::: {name}", text, ":::")))

    def _alert(self, div: Div) -> str:
        """Write a box as a quote; nothing where it is none: GitHub sees one on the page itself alone."""
        content, title = div.content, ""
        if self._flavour.vault:
            mark = alerts.vault_mark(div.attr)
        else:
            mark = "" if self._depth else alerts.github_mark(div.attr)
        if mark.endswith("-"):
            title, content = self._title(content)
        behind, before = alerts.empty_lines(div.attr)
        if (
            not mark
            or not content
            or (mark.endswith("-") and not title)
            or not (behind or _stands_below_text(content[0]))
        ):
            return ""
        lines = [f"{mark} {title}".rstrip(), *[""] * behind, self._inner_blocks(content), *[""] * before]
        return _quoted("\n".join(lines))

    def _title(self, content: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
        """Give the title of what is folded, on its line, and what is below."""
        match content:
            case (Div(content=(Para(content=line, attr=attr),), attr=alerts.TITLE), *rest) if not attr:
                return self._escapes.line(self._inlines.inlines(line)), tuple(rest)
        return "", content

    def _figure(self, block: Figure) -> str:
        text = self._inner_blocks(block.content)
        caption = self._tables.box("figcaption", block.caption) + "\n\n" if block.caption else ""
        return self._container("figure", f"{text}\n\n{caption}".strip(), block.attr)

    def _verse(self, lines: Sequence[Sequence[Inline]]) -> str:
        nodes = [node for line in lines for node in (LineBreak(), *line)]
        text = self._escapes.block(self._inlines.inlines(nodes[1:]))
        return self._container("div", text, Attr(classes=("line-block",)))

    def _container(self, tag: str, text: str, attr: Attr) -> str:
        inner = f"{text}\n\n" if text else ""
        says = [(SAYS_MARKDOWN, "1")] if self._flavour.python else []
        return f"{start_tag(tag, [*attr_pairs(attr), *says])}\n\n{inner}</{tag}>"

    def _note(self, number: int, content: Sequence[Block]) -> str:
        text = self._inner_blocks(content)
        if not self._flavour.notes:
            return f'<li id="fn-{number}" role="doc-endnote">\n\n{text}\n\n</li>'
        label = f"[^{number}]:"
        if content and not isinstance(content[0], Para | Plain):
            return f"{label}\n\n{indented(text, '    ', '    ')}"
        return _hung(label, "    ", text)


# -- what stands between blocks ------------------------------------------------------------------


def _would_join(before: Block, block: Block) -> bool:
    """Whether two blocks with a blank line between them would be read as one."""
    match before, block:
        case (BulletList(), BulletList()) | (OrderedList(), OrderedList()) | (DefinitionList(), DefinitionList()):
            return True
        case (BulletList() | OrderedList() | DefinitionList() | CodeBlock(kind="indented"), CodeBlock(kind="indented")):
            return True
    return False


def _is_tight(item: Sequence[Block]) -> bool:
    """Whether the blocks of an item stand below each other without blank lines, and are read as they are."""
    if isinstance(item[0] if item else None, Para):
        return False
    return all(map(_stands_below, item, item[1:]))


def _has_lists_together(item: Sequence[Block]) -> bool:
    return any(isinstance(one, _LISTS) and isinstance(two, _LISTS) for one, two in pairwise(item))


def _stands_below(before: Block, block: Block) -> bool:
    match block:
        case BulletList():
            return isinstance(before, Plain | OrderedList | CodeBlock)
        case OrderedList(start=1):
            return isinstance(before, Plain | BulletList | CodeBlock)
        case CodeBlock():
            return isinstance(before, Plain | CodeBlock)
        case Plain() | Para():
            return isinstance(before, CodeBlock)
    return False


def _stands_below_text(block: Block) -> bool:
    """Whether a block begins on the line below text, with no blank line between them."""
    match block:
        case OrderedList(start=start):
            return start == 1
        case RawBlock() | CodeBlock(kind="indented"):
            return False
    return True


def _leaves(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give what stands in containers, without the containers."""
    pending: list[Block] = list(reversed(blocks))
    while pending:
        block = pending.pop()
        if isinstance(block, _CONTAINERS):
            pending += [each for each in reversed(list(children(block))) if isinstance(each, get_args(Block))]
        else:
            yield block


# -- shapes --------------------------------------------------------------------------------------


def _hung(marker: str, indent: str, text: str) -> str:
    """Put a marker before a text whose other lines are indented."""
    return indented(text, f"{marker} ", indent) if text else marker


def _numbers(block: OrderedList) -> list[str]:
    start = block.start if 0 <= block.start < 10**8 else 1
    return [f"{number}." for number in range(start, start + len(block.items))]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


# -- code ----------------------------------------------------------------------------------------


def _info(code: CodeBlock, *, in_braces: bool = False) -> str:
    """Give what stands behind a fence: the language, and in braces what else there is to say, or all of it."""
    language, attr = code.language, code.attr
    raw = language.startswith("{=") and not attr
    pairs = [("filename", code.filename), ("options", code.options)]
    if language and not raw and not _INFO_WORD.match(language):
        pairs.append(("language", language))
        language = ""
    kind = () if code.kind == "code" else (code.kind,)
    attr = Attr(attr.id, (*kind, *attr.classes), (*(pair for pair in pairs if pair[1]), *attr.pairs))
    if in_braces and language and attr:
        return attributes.braces(replace(attr, classes=(language, *attr.classes)))
    return " ".join(filter(None, (language, attributes.braces(attr)))) if language else attributes.braces(attr)


def _can_be_indented(code: CodeBlock) -> bool:
    lines = code.text.split("\n")
    return bool(lines[0].strip() and lines[-1].strip()) and _info(replace(code, kind="code")) == ""


def _preformatted(code: CodeBlock) -> str:
    """Write code that holds a carriage return, which Markdown takes for a line end."""
    classes = [("class", f"language-{code.language}")] if code.language else []
    data = (("kind", code.kind), ("filename", code.filename), ("options", code.options))
    text = escaped(code.text.replace("\0", "\ufffd")).replace("\n", "&#10;")
    return element("pre", text, [*classes, *((f"data-{key}", value) for key, value in data if value)])
