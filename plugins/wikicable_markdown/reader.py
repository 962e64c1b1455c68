"""Markdown to a document: tokens of markdown-it to elements, elements to nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from markdown_it.token import Token

from wikicable import Context, Document
from wikicable.model import (
    NO_ATTR,
    Attr,
    Block,
    Code,
    CodeBlock,
    EmailTarget,
    HorizontalRule,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Metadata,
    Monospace,
    Node,
    Note,
    Para,
    RawBlock,
    RawInline,
    SectionTarget,
    SoftBreak,
    Span,
    Str,
    Superscript,
    UrlTarget,
)
from wikicable.notices import Notices
from wikicable.source import Source
from wikicable.walk import rewrite
from wikicable.wikiconf import SHIPPED
from wikicable_markdown import Flavour, ReadOptions, attributes, front_matter, images
from wikicable_markdown.elements import Element, blocks, code_kind, inlines, span_node
from wikicable_markdown.html_syntax import Tag
from wikicable_markdown.syntax import RAW_FORMAT, parser
from wikicable_markdown.targets import wiki_target
from wikicable_markdown.tree import Tree
from wikicable_markdown.typography import is_typographic

_FENCE_INFO = re.compile(r"(?P<language>[^\s{]*)[ \t]*(?P<rest>.*)\Z", re.DOTALL)
_BARE_LINK = re.compile(
    r"(?:(?<=[\s*_~(])|\A)(?:(?P<url>(?:https?|ftp)://[^\s<]+)|(?P<www>www\.[^\s<]+\.[^\s<]+)"
    r"|(?P<email>[\w.+-]+@[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)+(?<![_-])))",
    re.IGNORECASE,
)
_MAX_NOTE_DEPTH = 2
_NOTE_BUDGET = 1_000_000
"""How many characters of footnotes may be repeated, by references to one footnote, before they stay text."""


def read(flavour: Flavour, source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a page."""
    metadata, start = front_matter.split(source.text) if options.front_matter else (Metadata(), 0)
    return _Reader(flavour, source.text, start, metadata, context.notices).document()


class _Reader:
    """Reads one page: ``start`` is where its text begins, behind the front matter."""

    def __init__(self, flavour: Flavour, text: str, start: int, metadata: Metadata, notices: Notices) -> None:
        self._flavour = flavour
        self._metadata = metadata
        self._notices = notices
        self._conf = SHIPPED
        self._tokens = parser(flavour).parse(text[start:], {})
        self._line_starts = [start, *(found.end() for found in re.finditer("\n", text[start:]))]
        self._start = start
        self._notes = _Notes(self._tokens)
        self._endnotes: dict[str, tuple[Block, ...]] = {}

    def document(self) -> Document:
        """Give the document."""
        document = Document(self._blocks(self._tokens), self._metadata, conf=self._conf)
        document = _with_endnotes(document, self._endnotes)
        for token in self._notes.unused():
            self._notices.dropped("note.unreferenced", self._at(token), token.meta["label"])
        return document

    def _at(self, token: Token) -> int | None:
        return self._line_starts[token.map[0]] if token.map and token.map[0] < len(self._line_starts) else None

    # -- blocks ----------------------------------------------------------------------------------

    def _blocks(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        tree = Tree(self._conf, self._metadata.page_id or "", self._notices)
        in_note = 0
        for token in tokens:
            if token.type == "footnote_reference_open":
                in_note += 1
            elif token.type == "footnote_reference_close":
                in_note -= 1
            elif not in_note:
                self._block(tree, token)
        children = tree.finish()
        self._endnotes |= tree.endnotes
        return blocks(children, Para)

    def _block(self, tree: Tree, token: Token) -> None:
        match token.type:
            case "inline":
                if "line-block" in tree.top.attributes.get("class", "") and tree.top.children:
                    tree.add(LineBreak())
                self._inlines(tree, token.children or [])
            case "paragraph_open":
                tree.open(Element("plain" if token.hidden else "p", at=self._at(token)))
            case "heading_open":
                values = _values(attributes.read(token.info) or NO_ATTR)
                tree.open(Element(token.tag, values, at=self._at(token)))
            case "fence" | "code_block":
                tree.add(self._code(token))
            case "html_block":
                tree.html_block(token.content, self._at(token))
            case "hr":
                tree.add(HorizontalRule(at=self._at(token)))
            case "fenced_div_open":
                values = _values(attributes.read(token.info) or NO_ATTR)
                tree.tag(Tag("div", token.content, attributes=values), self._at(token))
            case "fenced_div_close":
                tree.tag(Tag("div", token.content, is_end=True), self._at(token))
            case "line_block_open":
                tree.open(Element("div", {"class": "line-block"}, at=self._at(token)))
            case _ if token.nesting == 1:
                values = {key: str(value) for key, value in token.attrs.items()}
                tree.open(Element(token.tag, values, at=self._at(token)))
            case _ if token.nesting == -1:
                tree.close()

    def _code(self, token: Token) -> Block:
        text, at = token.content.removesuffix("\n"), self._at(token)
        if token.type == "code_block":
            return CodeBlock(text, kind="indented", at=at)
        info = token.info.strip()
        if self._flavour.pandoc and (raw := RAW_FORMAT.fullmatch(info)):
            return RawBlock(raw[1], text, at=at)
        return _fenced(text, info, at)

    # -- inlines ---------------------------------------------------------------------------------

    def _inlines(self, tree: Tree, tokens: Sequence[Token]) -> None:
        for token, following in zip_longest(tokens, tokens[1:]):
            self._inline(tree, token, following)

    def _inline(self, tree: Tree, token: Token, following: Token | None) -> None:
        """Take one token; ``following`` may hold attributes of an image or say that code is raw source."""
        match token.type:
            case "text":
                self._text(tree, token.content)
            case "text_special":
                tree.text(token.content.replace("\n", " "))
            case "softbreak":
                tree.add(SoftBreak())
            case "hardbreak":
                tree.add(LineBreak())
                tree.add(SoftBreak())
            case "link_open":
                values = {key: str(value) for key, value in token.attrs.items()}
                tree.open(Element("a", values, markup=token.markup))
            case "code_inline":
                tree.add(self._code_span(token.content, following))
            case "html_inline":
                tree.html_inline(token.content)
            case "image":
                tree.add(self._image(token, following))
            case "footnote_ref":
                self._footnote(tree, token.meta["label"])
            case "wiki_link":
                content = (Str(token.info),) if token.info else ()
                is_path = self._flavour.vault and ">" not in token.content
                where = token.content.replace("/", ":") if is_path else token.content
                tree.add(Link(wiki_target(where, self._conf), content))
            case "embed":
                tree.add(images.barred_image(token.content, (Str(token.info),) if token.info else ()))
            case "math":
                tree.add(Math(token.content, display=token.markup == "$$"))
            case "attributes":
                _attach(tree, attributes.read(token.content) or NO_ATTR)
            case _ if token.nesting == 1:
                tree.open(Element(token.tag, markup=token.markup))
            case _ if token.nesting == -1:
                tree.close()

    def _text(self, tree: Tree, text: str) -> None:
        if (
            not self._flavour.autolinks
            or not ("://" in text or "@" in text or "www." in text.lower())
            or tree.is_inside("a")
        ):
            tree.text(text)
            return
        end = 0
        for found in _BARE_LINK.finditer(text):
            shown = found[0] if found["email"] else _without_punctuation(found[0])
            tree.text(text[end : found.start()])
            tree.add(_bare_link(shown, found.lastgroup or ""))
            end = found.start() + len(shown)
        tree.text(text[end:])

    def _code_span(self, text: str, following: Token | None) -> Inline:
        if following and following.type == "raw_format":
            return RawInline(following.content, text)
        if following and following.type == "attributes":
            return Code(text)
        is_monospaced = text.strip() == text and not is_typographic(text, self._conf)
        return Monospace((Str(text),)) if is_monospaced else Code(text)

    def _image(self, token: Token, following: Token | None) -> Image:
        tree = Tree(self._conf, "", self._notices)
        self._inlines(tree, token.children or [])
        content = inlines(tree.finish())
        if self._flavour.vault:
            return images.barred_image(str(token.attrs.get("src", "")), content, str(token.attrs.get("title", "")))
        attr = (attributes.read(following.content) if following and following.type == "attributes" else None) or NO_ATTR
        return images.braced_image(str(token.attrs.get("src", "")), content, str(token.attrs.get("title", "")), attr)

    # -- footnotes -------------------------------------------------------------------------------

    def _footnote(self, tree: Tree, label: str) -> None:
        content = self._notes.content(label, self._blocks)
        if content is None:
            self._notices.changed("note.nesting", None, label)
            tree.text(f"[^{label}]")
        else:
            tree.add(Note(content))


class _Notes:
    """The footnotes of a page: each is built when it is first referred to."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens: dict[str, Sequence[Token]] = {}
        self._built: dict[str, tuple[Block, ...]] = {}
        self._openings: dict[str, Token] = {}
        self._open: list[str] = []
        self._repeated = 0
        started: list[int] = []
        for number, token in enumerate(tokens):
            if token.type == "footnote_reference_open":
                started.append(number)
            elif token.type == "footnote_reference_close":
                begin = started.pop()
                label = tokens[begin].meta["label"]
                self._tokens.setdefault(label, tokens[begin + 1 : number])
                self._openings.setdefault(label, tokens[begin])

    def content(self, label: str, build: Callable[[Sequence[Token]], tuple[Block, ...]]) -> tuple[Block, ...] | None:
        """Give the blocks of a footnote; None for one within itself, too deep, or repeated too often."""
        if label in self._built:
            self._repeated += 1 + sum(len(token.content) for token in self._tokens[label])
            return self._built[label] if self._repeated < _NOTE_BUDGET else None
        if label not in self._tokens or label in self._open or len(self._open) >= _MAX_NOTE_DEPTH:
            return None
        self._open.append(label)
        self._built[label] = build(self._tokens[label])
        self._open.pop()
        return self._built[label]

    def unused(self) -> Iterator[Token]:
        """Give the opening tokens of footnotes that nothing refers to."""
        return (token for label, token in self._openings.items() if label not in self._built)


def _with_endnotes(document: Document, notes: Mapping[str, tuple[Block, ...]]) -> Document:
    """Put footnotes that are elements at the end of the page where links with a role refer to them."""

    def change(node: Node) -> Node:
        match node:
            case Superscript(content=(Link(target=SectionTarget(section=name), attr=attr),)) if (
                attr.get("role") == "doc-noteref" and name in notes
            ):
                return Note(notes[name])
        return node

    return rewrite(document, change) if notes else document


# -- code and attributes -------------------------------------------------------------------------


def _fenced(text: str, info: str, at: int | None) -> CodeBlock:
    found = _FENCE_INFO.match(info)
    assert found is not None, "every info string has a language, or an empty one"
    language, rest = found["language"], found["rest"].strip()
    attr = attributes.read(rest[1:-1] if rest[:1] == "{" and rest[-1:] == "}" else rest)
    if attr is None:
        return CodeBlock(text, language, attr=Attr(pairs=(("info", rest),)), at=at)
    kind = next((each for each in attr.classes if each in ("file", "indented")), "code")
    classes = [each for each in attr.classes if each not in ("file", "indented")]
    own = ("language", "filename", "title", "options")
    language = language or attr.get("language") or (classes.pop(0) if classes else "")
    pairs = tuple(pair for pair in attr.pairs if pair[0] not in own)
    name = attr.get("filename") or attr.get("title")
    own_attr = Attr(attr.id, tuple(classes), pairs) or NO_ATTR
    return CodeBlock(text, language, name, code_kind(kind), attr.get("options"), own_attr, at=at)


def _values(attr: Attr) -> dict[str, str]:
    values = {"id": attr.id, "class": " ".join(attr.classes)}
    return {key: value for key, value in values.items() if value} | dict(attr.pairs)


def _attach(tree: Tree, attr: Attr) -> None:
    """Give attributes to the link, the code or the span before them."""
    match tree.last():
        case Link(attr=own) as link:
            merged = Attr(attr.id or own.id, (*own.classes, *attr.classes), (*own.pairs, *attr.pairs))
            tree.replace_last(replace(link, attr=merged))
        case Code() as code:
            tree.replace_last(replace(code, attr=attr))
        case Span(content=content):
            tree.replace_last(span_node(content, attr) or Span(content))


# -- bare links ----------------------------------------------------------------------------------


def _bare_link(shown: str, kind: str) -> Link:
    match kind:
        case "email":
            return Link(EmailTarget(shown), (), Attr(classes=("email",)))
        case "www":
            return Link(UrlTarget(f"http://{shown}"), (Str(shown),), Attr(classes=("uri",)))
        case _:
            return Link(UrlTarget(shown), (), Attr(classes=("uri",)))


def _without_punctuation(url: str) -> str:
    """Take off what GitHub leaves out at the end of a bare URL (https://github.github.com/gfm/#autolinks-extension-)."""
    while True:
        shorter = re.sub(r"(?:[?!.,:*_~'\"]|&[a-zA-Z0-9]+;)\Z", "", url)
        if url.endswith(")") and url.count(")") > url.count("("):
            shorter = url[:-1]
        if shorter == url:
            return url
        url = shorter
