"""A document as Creole; what Creole has no word for is said in a notice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wikicable import Document, Notices
from wikicable.links import link_text
from wikicable.model import (
    Block,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    EmailTarget,
    Emph,
    Header,
    HorizontalRule,
    Image,
    Inline,
    LineBreak,
    Link,
    MediaTarget,
    Note,
    OrderedList,
    PageTarget,
    Para,
    Plain,
    Row,
    SoftBreak,
    Str,
    Strong,
    Table,
    Target,
    UrlTarget,
)
from wikicable.printer import blank_line_between
from wikicable.walk import children, plain_text
from wikicable_creole import WriteOptions

_TOKENS = re.compile(r"~|([*/\\\[\]{}])\1+|^[*/\\\[\]{}#=|-]|[*/\\\[\]{}=]$|\||\b(?:https?|ftp)(?=://)|(?<=\n)[*#=|-]")
"""What would be markup: doubled marks, marks at an edge, where the next may be the same, and what begins a URL."""


def write(document: Document, options: WriteOptions, notices: Notices) -> str:
    """Write a page."""
    text = _Writer(document, options, notices).blocks(document.blocks)
    return f"{text}\n" if text else ""


def escaped(text: str) -> str:
    """Write text so that it is read as text."""
    return _TOKENS.sub(lambda found: "~" + "~".join(found[0]) if not found[0].isalpha() else f"~{found[0]}", text)


class _Writer:
    """Writes the blocks and inlines of one document."""

    def __init__(self, document: Document, options: WriteOptions, notices: Notices) -> None:
        self._document = document
        self._options = options
        self._notices = notices

    def blocks(self, blocks: Iterable[Block]) -> str:
        """Write blocks with a blank line between them."""
        return blank_line_between(map(self._block, blocks))

    def _block(self, block: Block) -> str:
        match block:
            case Para(content=content) | Plain(content=content):
                return self.inlines(content)
            case Header(level=level, content=content):
                marks = "=" * level
                return f"{marks} {self.inlines(content)}" + (f" {marks}" if self._options.closed_headings else "")
            case BulletList() | OrderedList():
                return "\n".join(self._items(block, ""))
            case CodeBlock(text=text):
                lines = (f" {line}" if line.strip() == "}}}" else line for line in text.split("\n"))
                return "\n".join(("{{{", *lines, "}}}"))
            case Table(rows=rows):
                return "\n".join(map(self._row, rows))
            case HorizontalRule():
                return "----"
            case _:
                return self._other(block)

    def _items(self, block: BulletList | OrderedList, above: str) -> Iterable[str]:
        marks = above + ("*" if isinstance(block, BulletList) else "#")
        for item in block.items:
            lines = [self._block(each) for each in item if not isinstance(each, BulletList | OrderedList)]
            if len(lines) > 1:
                self._notices.changed("creole.item-paragraphs", item[0].at)
            yield f"{marks} " + "\\\\".join(line.replace("\n", " ") for line in lines)
            for each in item:
                if isinstance(each, BulletList | OrderedList):
                    yield from self._items(each, marks)

    def _row(self, row: Row) -> str:
        return "".join(map(self._cell, row.cells)) + "|"

    def _cell(self, cell: Cell) -> str:
        if cell.colspan > 1 or cell.rowspan > 1:
            self._notices.changed("creole.table-span", cell.at)
        content = self.blocks(cell.content).replace("\n", " ")
        return ("|=" if cell.is_header else "|") + content + "|" * (cell.colspan - 1)

    def inlines(self, inlines: Iterable[Inline]) -> str:
        """Write inlines."""
        return "".join(map(self._inline, inlines))

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Str(text=text):
                return escaped(text)
            case SoftBreak():
                return "\n"
            case LineBreak():
                return "\\\\"
            case Strong(content=content):
                return f"**{self.inlines(content)}**"
            case Emph(content=content):
                return f"//{self.inlines(content)}//"
            case Link(target=target, content=content):
                return self._link(target, content)
            case Image(target=MediaTarget(id=name), content=content):
                return "{{" + name + (f"|{plain_text(content)}" if content else "") + "}}"
            case Note(content=content):
                self._notices.changed("creole.note", inline.at)
                return f" ({self.blocks(content)})"
            case Code(text=text) if "}}}" not in text and not text.endswith("}"):
                return "{{{" + text + "}}}"
            case _:
                return self._other(inline)

    def _link(self, target: Target, content: tuple[Inline, ...]) -> str:
        shown = f"|{self.inlines(content)}" if content else ""
        match target:
            case PageTarget(id=name, section=section):
                return f"[[{name}" + (f"#{section}" if section else "") + f"{shown}]]"
            case UrlTarget(url=url):
                return f"[[{url}{shown}]]"
            case EmailTarget(address=address):
                return f"[[mailto:{address}{shown}]]"
            case _:
                self._notices.changed("creole.link", detail=link_text(target, self._document.conf))
                return self.inlines(content) or escaped(link_text(target, self._document.conf))

    def _other(self, node: Block | Inline) -> str:
        """Write what stands in a node that Creole has no word for, and say so."""
        self._notices.changed(f"creole.{type(node).__name__.lower()}", node.at)
        inner = tuple(children(node))
        if not inner:
            return escaped(plain_text(node))
        blocks = any(isinstance(each, Para | Plain | BulletList | OrderedList | Header | Table) for each in inner)
        return self.blocks(inner) if blocks else self.inlines(inner)  # type: ignore[arg-type]
