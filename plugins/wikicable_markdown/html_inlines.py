"""Inlines to HTML, for cells of tables that no pipe table can hold.

pandoc reads Markdown between the tags, other engines do not; so what is active in Markdown stands as an entity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from wikicable import links
from wikicable.model import (
    Code,
    Emph,
    Image,
    Inline,
    LineBreak,
    Link,
    Macro,
    Math,
    Monospace,
    Note,
    RawInline,
    SmallCaps,
    SoftBreak,
    Span,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Tags,
    Underline,
    Verbatim,
)
from wikicable.xmlout import escaped
from wikicable_markdown import images
from wikicable_markdown.escaping import BLANK_LINE
from wikicable_markdown.html_syntax import MARKS, attr_pairs, comment, element, is_foreign_inline, merged, start_tag
from wikicable_markdown.page import Page
from wikicable_markdown.targets import href, link_pairs

_TAGS = {node: tag for tag, node in reversed(tuple(MARKS.items()))}
_ACTIVE = re.compile(r"[\\`*_\[\]~$^@{}|<>&\r\0]")
_START = re.compile(
    r"(?:^|(?<=\n))[ \t]*(?:[-+#=:%]|\(?(?:\d+|[a-zA-Z]|[ivxlcdm]+|[IVXLCDM]+)[.)]|[tT]able:)(?=[ \t\n]|\Z|[-+#=:])"
)

_BLANK_LINES = re.compile(r"\n[ \t]*\n[ \t\n]*")


class HtmlInlineWriter:
    """Writes inlines of one page as HTML."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._conf = page.conf
        self._pandoc = page.flavour.pandoc

    def line(self, nodes: Sequence[Inline]) -> str:
        """Write the whole content of a cell."""
        content = _BLANK_LINES.sub(f"\n{BLANK_LINE}\n", self.inlines(nodes).strip(" \t\n"))
        return _START.sub(_with_entity, content) if self._pandoc else content

    def inlines(self, nodes: Sequence[Inline]) -> str:
        """Write inlines."""
        return "".join(map(self.inline, nodes))

    def inline(self, node: Inline) -> str:
        """Write one inline."""
        match node:
            case Str(text=text) | Verbatim(text=text):
                return self.text(text)
            case SoftBreak():
                return "\n"
            case Link():
                return self._link(node)
            case Code(text=text, attr=attr):
                return element("code", self.text(text), [("class", "literal"), *attr_pairs(attr)])
            case Strong() | Emph() | Monospace() | Underline() | Strikeout() | Superscript() | Subscript():
                return element(_TAGS[type(node)], self.inlines(node.content))
            case Image(target=target):
                return start_tag("img", images.html_pairs(node, href(target, self._conf)))
            case LineBreak():
                return "<br>"
            case Span(content=content, attr=attr):
                return element("span", self.inlines(content), attr_pairs(attr))
            case Macro(text=text):
                return comment("wiki", text)
            case Tags():
                return element("span", self.text(self._page.tag_list(node)), [("class", "tags")])
            case Math(text=text, display=display):
                return element("span", self.text(text), [("class", "math display" if display else "math inline")])
            case RawInline(format=form, text=text):
                return self._raw(node, form, text)
            case SmallCaps(content=content):
                return element("span", self.inlines(content), [("class", "smallcaps")])
            case Note():
                raise AssertionError("a cell with a footnote is written as Markdown")
            case _:
                assert_never(node)

    def text(self, text: str) -> str:
        """Write text."""
        text = text.replace("\0", "\ufffd")
        return _ACTIVE.sub(_entity, text) if self._pandoc else escaped(text)

    def _link(self, node: Link) -> str:
        self._page.say_if_dead(node)
        content = node.content or (Str(links.link_text(node.target, self._conf, self._page.page_id)),)
        pairs = merged(link_pairs(node.target, self._conf), attr_pairs(node.attr))
        return element("a", self.inlines(content), pairs)

    def _raw(self, node: RawInline, form: str, text: str) -> str:
        if form == "html" and is_foreign_inline(text):
            return text
        self._page.notices.changed(f"raw.{form}", node.at, "kept in a comment")
        return comment(f"raw {form}", text)


def _entity(char: re.Match[str]) -> str:
    return f"&#{ord(char[0])};"


def _with_entity(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}&#{ord(found[0][-1])};"
