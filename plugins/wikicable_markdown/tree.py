"""The tree of a page, built while its tokens are read.

Elements of Markdown close where markdown-it says; elements of HTML close where their end tag stands, if that is in
the same element of Markdown.  A tag without its other half is raw source.
"""

from __future__ import annotations

from wikicable import links
from wikicable.model import (
    Attr,
    Block,
    EmailTarget,
    HorizontalRule,
    Inline,
    LineBreak,
    Link,
    Macro,
    Node,
    Note,
    Para,
    RawBlock,
    RawInline,
    SoftBreak,
    Str,
    Target,
    UrlTarget,
)
from wikicable.notices import Notices
from wikicable.wikiconf import WikiConf
from wikicable_markdown import images
from wikicable_markdown.elements import ALONE, Child, Element, Part, block_node, blocks, inline_node, inlines, trimmed
from wikicable_markdown.html_syntax import (
    INLINE_TAGS,
    Comment,
    Tag,
    Text,
    as_attr,
    comment_content,
    pieces,
    read_tag,
)
from wikicable_markdown.targets import marked_target, target_of

MAX_DEPTH = 160
"""Elements nested deeper than this are left out around their content; blocks take up to 105."""

SEPARATOR = "<!-- -->"
_ALIGN_COMMENTS = tuple(f"<!-- {align} -->" for align in ("left", "center", "right", "unaligned"))
_STRUCTURE = frozenset(
    ("root", "table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "section", "div", "blockquote", "figure", "li")
)
"""Elements in which white space between tags says nothing."""


class Tree:
    """The elements that are open, innermost last."""

    def __init__(self, conf: WikiConf, page_id: str, notices: Notices) -> None:
        self.conf = conf
        self.page_id = page_id
        self.notices = notices
        self.root = Element("root")
        self._stack = [self.root]
        self._too_deep = 0
        self._texts: list[str] = []
        self.endnotes: dict[str, tuple[Block, ...]] = {}

    # -- text and nodes --------------------------------------------------------------------------

    def text(self, text: str) -> None:
        """Add text to the run that is being read."""
        self._texts.append(text)

    def add(self, child: Child) -> None:
        """Add a node."""
        self._flush()
        self._stack[-1].children.append(child)

    def last(self) -> Child | None:
        """Give the node added last to the innermost element."""
        self._flush()
        children = self._stack[-1].children
        return children[-1] if children else None

    def replace_last(self, child: Child) -> None:
        """Put a node in the place of the last one."""
        self._stack[-1].children[-1] = child

    @property
    def top(self) -> Element:
        """The innermost element."""
        return self._stack[-1]

    def is_inside(self, tag: str) -> bool:
        """Whether an element of that tag is open."""
        return any(element.tag == tag for element in self._stack)

    def _flush(self) -> None:
        if not self._texts:
            return
        text = "".join(self._texts)
        self._texts.clear()
        if not text:
            return
        children = self._stack[-1].children
        if children and isinstance(children[-1], Str):
            children[-1] = Str(children[-1].text + text)
        else:
            children.append(Str(text))

    # -- elements --------------------------------------------------------------------------------

    def open(self, element: Element) -> None:
        """Open an element."""
        self._flush()
        if len(self._stack) <= MAX_DEPTH:
            self._stack.append(element)
        elif element.source:
            self.add(self._raw(element.tag, element.source))
        else:
            if not self._too_deep:
                self.notices.changed("nesting", element.at, "markup nested too deeply is left out")
            self._too_deep += 1

    def close(self) -> None:
        """Close the innermost element of Markdown; HTML that is open in it stays raw."""
        self._flush()
        if self._too_deep:
            self._too_deep -= 1
            return
        while self._stack[-1].source:
            self._demote()
        self._finish(self._stack.pop())

    def finish(self) -> list[Child]:
        """Close all that is open, and give the children of the whole."""
        self._flush()
        while len(self._stack) > 1:
            if self._stack[-1].source:
                self._demote()
            else:
                self._finish(self._stack.pop())
        return self.root.children

    def _finish(self, element: Element) -> None:
        children = self._stack[-1].children
        self._stack[-1].inner_markup = element.markup
        if element.tag == "a":
            children.append(self._link(element))
        elif element.tag == "note":
            children.append(Note((Para(trimmed(inlines(element.children))),)))
        elif element.attributes.get("role") == "doc-endnote":
            self.endnotes[element.attributes.get("id", "")] = blocks(element.children, Para)
        elif element.tag == "section":
            children += element.children
        elif element.tag in INLINE_TAGS:
            node = inline_node(element)
            if node is not None:
                children.append(node)
        else:
            child = block_node(element)
            if child is not None:
                children.append(child)

    def _demote(self) -> None:
        """Take the innermost element, which is HTML, for raw source and what follows it."""
        element = self._stack.pop()
        children = self._stack[-1].children
        children.append(self._raw(element.tag, element.source))
        children += element.children

    def _raw(self, tag: str, source: str) -> Node:
        in_line = tag in INLINE_TAGS or self._is_line()
        return RawInline("html", source) if in_line else RawBlock("html", source)

    def _is_line(self) -> bool:
        return self._stack[-1].tag not in _STRUCTURE

    # -- HTML ------------------------------------------------------------------------------------

    def html_inline(self, source: str) -> None:
        """Take a tag or a comment that stands in a line."""
        if source.startswith("<!--"):
            self._comment(source)
        elif (tag := read_tag(source)) and tag.name in INLINE_TAGS:
            self.tag(tag, None)
        else:
            self.add(RawInline("html", source))

    def html_block(self, source: str, at: int | None) -> None:
        """Take a block of HTML: one that begins with a tag we do not write is raw as a whole."""
        source = source.rstrip("\n")
        if source.strip() == SEPARATOR:
            return
        if content := comment_content(source):
            self._instruction(*content, at=at, is_block=True)
            return
        start = source.lstrip()
        first = next(pieces(start), None)
        if not isinstance(first, Tag) or not first.is_known:
            self.add(RawBlock("html", source, at=at))
            return
        if first.name in INLINE_TAGS and not first.is_end:
            self.open(Element("plain" if self.top.tag == "li" else "p", at=at))
            self._pieces(start, at)
            self.close()
        else:
            self._pieces(start, at)

    def _pieces(self, source: str, at: int | None) -> None:
        for piece in pieces(source):
            self._piece(piece, at)

    def _piece(self, piece: Tag | Comment | Text, at: int | None) -> None:
        match piece:
            case Text(text=text):
                self._html_text(text)
            case Comment(source=source):
                self._comment(source)
            case Tag(is_known=True):
                self.tag(piece, at)
            case Tag(source=source):
                self.add(RawInline("html", source))

    def _html_text(self, text: str) -> None:
        if self.is_inside("pre"):
            self.text(text)
            return
        if not text.strip(" \t\n") and self._stack[-1].tag in _STRUCTURE:
            return
        first, *lines = text.split("\n")
        self.text(first)
        for line in lines:
            self.add(SoftBreak())
            self.text(line.lstrip(" \t"))

    def _comment(self, source: str) -> None:
        top = self._stack[-1]
        if source in _ALIGN_COMMENTS and top.tag in ("td", "th") and not top.source:
            top.markup = source
        elif content := comment_content(source):
            self._instruction(*content, at=None, is_block=False)
        elif source != SEPARATOR:
            self.add(RawInline("html", source))

    def _instruction(self, what: str, text: str, *, at: int | None, is_block: bool) -> None:
        form = what.removeprefix("raw ")
        if what != "wiki":
            self.add(RawBlock(form, text, at=at) if is_block else RawInline(form, text))
        elif is_block:
            self.add(Part(ALONE, (Macro(text, at=at),)))
        else:
            self.add(Macro(text))

    def tag(self, tag: Tag, at: int | None) -> None:
        """Take a tag of an element that the reader understands."""
        match tag:
            case Tag(is_end=True):
                self._end_tag(tag)
            case Tag(name="br"):
                self.add(LineBreak())
            case Tag(name="img", attributes=values):
                self.add(images.html_image(values))
            case Tag(name="hr"):
                self.add(HorizontalRule(at=at))
            case Tag(name=name, attributes=values, source=source):
                self.open(Element(name, values, source, at=at))

    def _end_tag(self, tag: Tag) -> None:
        self._flush()
        depth = len(self._stack) - 1
        while self._stack[depth].source and self._stack[depth].tag != tag.name:
            depth -= 1
        if not self._stack[depth].source:
            self.add(self._raw(tag.name, tag.source))
            return
        while len(self._stack) - 1 > depth:
            self._demote()
        self._finish(self._stack.pop())

    # -- links -----------------------------------------------------------------------------------

    def _link(self, element: Element) -> Link:
        values = element.attributes
        url = values.get("href", "")
        content = inlines(element.children)
        if element.markup == "autolink":
            return self.autolink(url, content)
        if element.source:
            own = ("href", "data-wiki", "data-linking", "data-cache", "data-parameters")
            attr = as_attr(values, own)
            kept = tuple(each for each in attr.classes if each not in ("external", "media"))
            return self.link(marked_target(url, values, self.conf), content, Attr(attr.id, kept, attr.pairs))
        title = values.get("title", "")
        attr = Attr(pairs=(("title", title),)) if title else Attr()
        return self.link(target_of(url, self.conf), content, attr)

    def link(self, target: Target, content: tuple[Inline, ...], attr: Attr) -> Link:
        """Make a link; one whose text is what would be shown without any has none."""
        if content == (Str(links.link_text(target, self.conf, self.page_id)),):
            content = ()
        elif isinstance(target, UrlTarget) and _is_bare_host(target.url, content):
            attr = Attr(attr.id, tuple(dict.fromkeys((*attr.classes, "uri"))), attr.pairs)
        return Link(target, content, attr)

    def autolink(self, url: str, content: tuple[Inline, ...]) -> Link:
        """Make a link of a bare URL or address."""
        target = target_of(url, self.conf)
        if isinstance(target, EmailTarget):
            return Link(target, (), Attr(classes=("email",)))
        shown = () if content == (Str(url),) else content
        return Link(UrlTarget(url), shown, Attr(classes=("uri",)))


def _is_bare_host(url: str, content: tuple[Inline, ...]) -> bool:
    """Whether a link looks like a host name that a wiki makes a link by itself: ``www.example.org``."""
    match content:
        case (Str(text=text),):
            return (text.startswith("www.") and url == f"http://{text}") or (
                text.startswith("ftp.") and url == f"ftp://{text}"
            )
    return False
