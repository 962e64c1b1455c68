"""Inlines to Markdown.

``InlineWriter`` gives text that is not finished: ``Escapes.block`` and its like settle what depends on the whole
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import assert_never

from wikicable import links
from wikicable.model import (
    NO_ATTR,
    Attr,
    Code,
    EmailTarget,
    Emph,
    Image,
    Inline,
    InterwikiTarget,
    LineBreak,
    Link,
    Macro,
    Math,
    Monospace,
    Note,
    PageTarget,
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
    Tags,
    Underline,
    UrlTarget,
    Verbatim,
)
from wikicable_markdown import attributes, html_syntax, images, typography
from wikicable_markdown.escaping import BREAK, NODE_BREAK, can_close, can_open
from wikicable_markdown.html_syntax import attr_pairs, comment, element, merged, start_tag
from wikicable_markdown.page import Page
from wikicable_markdown.targets import href, is_absolute, link_pairs, marking, wiki_markup, wiki_target

_DELIMITERS: dict[type[Inline], tuple[str, str]] = {
    Emph: ("*", "em"),
    Strong: ("**", "strong"),
    Strikeout: ("~~", "del"),
}
_AUTOLINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\0-\x20]*\Z")
_AUTOLINKED_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\Z"
)
_BARE_DESTINATION = re.compile(r"(?!<)(?:[^\s\\()&\0-\x20\x7f]|&(?!#?\w+;))+\Z")
_UNSAFE_DESTINATION = re.compile(r"[<>\\&\0-\x1f]")
_WIKI_SAFE = re.compile(r"[^\[\]|\n\\`*<>~\0]+\Z")
_BACKTICKS = re.compile("`+")
_BRACKET = re.compile(r"[\[\]]")


_UNDERLINE, _SMALL_CAPS = Attr(classes=("underline",)), Attr(classes=("smallcaps",))


class InlineWriter:
    """Writes inlines of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._conf = page.conf
        self._pandoc = page.flavour.pandoc
        self._vault = page.flavour.vault
        self._text: Callable[[str], str] = page.escapes.text
        self._in_link = False
        self.in_cell = False

    def inlines(self, nodes: Sequence[Inline], edge: str = "") -> str:
        """Write inlines; ``edge`` is the character on either side of them, if they are not the whole block."""
        pieces: list[str] = []
        marks: list[tuple[int, Emph | Strong | Strikeout]] = []
        for number, node in enumerate(nodes):
            if isinstance(node, Emph | Strong | Strikeout):
                marks.append((len(pieces), node))
                piece = self.inlines(node.content, ">")
            else:
                piece = self.inline(node)
                if piece and pieces and pieces[-1]:
                    pieces[-1] = _kept_apart(pieces[-1], nodes[number - 1], piece)
            pieces.append(piece)
        for at, mark in marks:
            self._set_mark(pieces, at, mark, edge)
        return "".join(pieces)

    def inline(self, node: Inline) -> str:
        """Write one inline."""
        match node:
            case Str(text=text):
                return self._text(text.replace("\0", "\ufffd"))
            case SoftBreak():
                return "\n"
            case Link():
                return self._link(node)
            case Strong() | Emph() | Strikeout():
                return self.inlines((node,))
            case Monospace(content=content):
                return self._monospace(content)
            case Code(text=text, attr=attr):
                return _code_span(text) + self._braces(attr, node)
            case Image():
                return self._image(node)
            case LineBreak():
                return BREAK
            case Note():
                return self._page.notes.reference(node)
            case Underline(content=content):
                return self._bracketed(content, _UNDERLINE) or element("u", self.inlines(content, ">"))
            case Verbatim(text=text):
                return "\n".join(self._text(line.replace("\0", "\ufffd")) for line in text.split("\n"))
            case Span(content=content, attr=attr):
                return self._bracketed(content, attr) or element("span", self.inlines(content, ">"), attr_pairs(attr))
            case Superscript(content=content):
                return element("sup", self.inlines(content, ">"))
            case Subscript(content=content):
                return element("sub", self.inlines(content, ">"))
            case Macro(text=text):
                return comment("wiki", text)
            case Tags():
                return element("span", self._text(self._page.tag_list(node)), [("class", "tags")])
            case Math():
                return self._math(node)
            case RawInline():
                return self._raw(node)
            case SmallCaps(content=content):
                return self.inline(Span(content, _SMALL_CAPS))
            case _:
                assert_never(node)

    # -- emphasis --------------------------------------------------------------------------------

    def _set_mark(self, pieces: list[str], at: int, mark: Emph | Strong | Strikeout, edge: str) -> None:
        """Put a mark's delimiters around its content, or its tags where an engine might not see delimiters."""
        delimiter, tag = _DELIMITERS[type(mark)]
        inner = pieces[at]
        before = next((pieces[each][-1] for each in range(at - 1, -1, -1) if pieces[each]), edge)
        after = next((pieces[each][0] for each in range(at + 1, len(pieces)) if pieces[each]), edge)
        has_delimiters = self._page.flavour.strikeout or not isinstance(mark, Strikeout)
        bare = inner[1:-1] if _is_strong_emphasis(mark) and _is_emphasis(inner) else inner
        if has_delimiters and _fits(delimiter[0], bare, before, after):
            pieces[at] = delimiter + inner + delimiter
        else:
            pieces[at] = element(tag, inner)

    # -- spans and code --------------------------------------------------------------------------

    def _bracketed(self, content: tuple[Inline, ...], attr: Attr) -> str:
        """Write text in brackets, its attributes behind them, or nothing where these would end what is around them."""
        braces = attributes.exact_braces(attr) if self._pandoc and not self._in_link else ""
        is_in_brackets = self._text == self._page.escapes.link_text
        if not braces or (is_in_brackets and _BRACKET.search(braces)):
            return ""
        return f"[{self._in_brackets(content, in_link=False)}]{braces}"

    def _monospace(self, content: tuple[Inline, ...]) -> str:
        match content:
            case (Str(text=text),) if not typography.is_typographic(text, self._conf) and text.strip() == text != "":
                return _code_span(text)
            case (Verbatim(text=text),) if text and "\n" not in text:
                return _code_span(text)
        return element("code", self.inlines(content, ">"))

    def _math(self, node: Math) -> str:
        text, dollars = node.text, "$$" if node.display else "$"
        if self._pandoc and text.strip() == text != "" and "$" not in text and text[-1] != "\\":
            return dollars + text + dollars
        if not self._pandoc and text.strip() == text != "" and "`" not in text and "\n" not in text:
            return f"{dollars}`{text}`{dollars}"
        lines = "\n".join(map(self._formula_line, text.split("\n")))
        return element("span", lines, [("class", "math display" if node.display else "math inline")])

    def _formula_line(self, line: str) -> str:
        """Write a line of TeX as text, its indent too."""
        text = line.lstrip(" ")
        return "&#32;" * (len(line) - len(text)) + self._text(text)

    def _raw(self, node: RawInline) -> str:
        if self._pandoc and node.text.strip() == node.text != "" and "\n" not in node.text:
            return f"{_code_span(node.text)}{{={node.format}}}"
        if node.format == "html" and html_syntax.is_foreign_inline(node.text):
            return node.text
        self._page.notices.changed(f"raw.{node.format}", node.at, "kept in a comment")
        return comment(f"raw {node.format}", node.text)

    # -- links -----------------------------------------------------------------------------------

    def _link(self, node: Link) -> str:
        target = node.target
        self._page.say_if_dead(node)
        if not node.content and node.attr.classes and (bare := _autolink(node)):
            return bare
        if self._page.has_wiki_links and (wiki := self._wiki_link(node)):
            return wiki
        url = href(target, self._conf)
        text = self._link_text(node)
        attr = _without_classes(node.attr, "uri", "email")
        if marking(target, url, self._conf) or (_untitled(attr) and not self._pandoc):
            return element("a", text, merged(link_pairs(target, self._conf), attr_pairs(attr)))
        return f"[{text}]({_destination(url)}{_title(attr)}){self._braces(_untitled(attr), node)}"

    def _wiki_link(self, node: Link) -> str:
        """Write ``[[page|title]]`` where nothing in it could be taken for something else."""
        if node.attr or not isinstance(node.target, PageTarget | SectionTarget | InterwikiTarget):
            return ""
        where = wiki_markup(node.target)
        name = where
        if isinstance(node.target, InterwikiTarget):
            if is_absolute(href(node.target, self._conf)):
                return ""
            name = where.replace(">", "", 1)
        if not _WIKI_SAFE.match(name) or wiki_target(where, self._conf) != node.target:
            return ""
        if self._vault and isinstance(node.target, PageTarget):
            if "/" in node.target.id or node.target.query:
                return ""
            where = where.replace(":", "/", node.target.id.count(":"))
        match node.content:
            case ():
                return f"[[{where}]]"
            case (Str(text=text),) if (
                (self._vault or not self.in_cell)
                and text.strip() == text
                and self._page.escapes.link_text(text) == text != ""
            ):
                return f"[[{where}|{text}]]"
        return ""

    def _link_text(self, node: Link) -> str:
        content = node.content or (Str(links.link_text(node.target, self._conf, self._page.page_id)),)
        return self._in_brackets(content)

    def _in_brackets(self, content: tuple[Inline, ...], *, in_link: bool = True) -> str:
        outer = self._text, self._in_link
        self._text, self._in_link = self._page.escapes.link_text, in_link
        text = self.inlines(content, "[")
        self._text, self._in_link = outer
        return text

    # -- images ----------------------------------------------------------------------------------

    def _image(self, node: Image) -> str:
        source = href(node.target, self._conf)
        pairs = images.pairs(node)
        attr = _untitled(node.attr)
        if self._pandoc:
            braces = Attr(attr.id, attr.classes, (*pairs, *attr.pairs))
            alt = self._in_brackets(node.content)
            return f"![{alt}]({_destination(source)}{_title(node.attr)}){attributes.braces(braces)}"
        bars = images.bars(node) if self._vault else None
        if bars is not None or (not pairs and not attr):
            return f"![{self._in_brackets(node.content)}{bars or ''}]({_destination(source)}{_title(node.attr)})"
        return start_tag("img", images.html_pairs(node, source))

    def _braces(self, attr: Attr, node: Inline) -> str:
        if not attr:
            return ""
        if self._pandoc:
            return attributes.braces(attr)
        self._page.notices.dropped("attributes", node.at)
        return ""


# -- pieces beside each other --------------------------------------------------------------------


def _kept_apart(text: str, node: Inline, after: str) -> str:
    """Keep a piece from what follows it: text from a bracket or from code, a formula from a digit, a note from brackets."""
    match node, text[-1], after[0]:
        case (Str() | Verbatim(), "!", "[") | (Str() | Verbatim(), "$", "`" | "$") if text[-2:] != "\0$":
            return f"{text[:-1]}\\{text[-1]}"
        case Str() | Verbatim(), "[", "[" if text[-2:] != "\\[":
            return f"{text[:-1]}\\["
        case Note(), "]", "(":
            return text + "\\"
        case Math(), "$", digit if digit.isdecimal():
            return text + NODE_BREAK
    return text


def _fits(char: str, inner: str, before: str, after: str) -> bool:
    """Whether delimiters made of ``char`` around ``inner`` are seen by every engine, and nothing else in them."""
    if not inner or char in (inner[0], inner[-1], before, after):
        return False
    return can_open(before, inner[0]) and can_close(inner[-1], after)


def _is_strong_emphasis(mark: Emph | Strong | Strikeout) -> bool:
    return isinstance(mark, Strong) and len(mark.content) == 1 and isinstance(mark.content[0], Emph)


def _is_emphasis(inner: str) -> bool:
    return len(inner) > 2 and inner[0] == inner[-1] == "*" and inner[1] != "*"


# -- code, destinations --------------------------------------------------------------------------


def _code_span(text: str) -> str:
    text = text.replace("\n", " ").replace("\0", "\ufffd")
    if not text:
        return "<code></code>"
    fence = "`" * (1 + max((len(run[0]) for run in _BACKTICKS.finditer(text)), default=0))
    padded = text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and not text.isspace())
    return f"{fence} {text} {fence}" if padded else f"{fence}{text}{fence}"


def _autolink(node: Link) -> str:
    match node.target:
        case UrlTarget(url=url) if "uri" in node.attr.classes and _AUTOLINK.match(url):
            return f"<{url}>"
        case EmailTarget(address=address) if "email" in node.attr.classes and _AUTOLINKED_EMAIL.match(address):
            return f"<{address}>"
    return ""


def _destination(url: str) -> str:
    if not url or _BARE_DESTINATION.match(url):
        return url
    return f"<{_UNSAFE_DESTINATION.sub(_safe_in_destination, url)}>"


def _safe_in_destination(char: re.Match[str]) -> str:
    return f"&#{ord(char[0])};" if char[0] < " " else "\\" + char[0]


def _title(attr: Attr) -> str:
    title = attr.get("title")
    escaped = re.sub(r'[\\"&\n\0]', lambda char: "\\" + char[0] if char[0] > " " else "&#10;", title)
    return f' "{escaped}"' if title else ""


def _untitled(attr: Attr) -> Attr:
    if not attr.pairs:
        return attr
    return Attr(attr.id, attr.classes, tuple(pair for pair in attr.pairs if pair[0] != "title"))


def _without_classes(attr: Attr, *names: str) -> Attr:
    if not attr.classes:
        return attr
    return Attr(attr.id, tuple(each for each in attr.classes if each not in names), attr.pairs) or NO_ATTR
