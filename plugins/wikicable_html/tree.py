"""HTML as found in the wild to a tree: elements, their attributes, and text between them.

What says it is XHTML and is well-formed is parsed as XML, everything else as browsers parse HTML5
(https://html.spec.whatwg.org/multipage/parsing.html).  Nothing outside the text is ever asked for: a
document type and what it declares are taken away before parsing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html.entities import html5
from xml.parsers import expat

from selectolax.lexbor import LexborHTMLParser

from wikicable.source import Source
from wikicable.xmlout import UNWRITABLE
from wikicable_html.elements import Element

DEEPEST = 120
"""How many elements may stand in each other; tags deeper than that are left out, their text is not."""

_XHTML = re.compile(r"\s*(?:<\?xml\b|(?:<!DOCTYPE[^>\[]*>\s*)?<html\b[^>]*\bxmlns=)", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""What no parser takes; XML takes no other control characters either."""

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.-]+)", re.IGNORECASE
)
_HEAD = 4096
_MARKUP = re.compile(
    r"<!--(?:.*?-->|.*)"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)\b(?:.*?</(?P=raw)\b|.*)"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*)(?:[^>=]|=\s*(?:\"[^\"]*\"|'[^']*')?)*+(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
"""Comments, elements that hold no others, and tags: each reaches as far as a parser looks for its end."""

_FLAT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "option",
    ]
)
"""Elements that hold nothing, or are closed by the next of their kind."""


_HOLDS_PARTS = frozenset(("table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "select"))
"""Elements that hold no text: what is in them is left out as deep as they are."""


@dataclass(frozen=True)
class Page:
    """A page as it was parsed; ``is_whole`` tells one with a head from a fragment, ``is_flattened`` one that was too deep."""

    root: Element
    is_whole: bool = False
    is_flattened: bool = False

    @cached_property
    def body(self) -> Element:
        """The element that holds what is shown."""
        return next((each for each in self.root.elements if each.tag == "body"), self.root)


def parsed(source: Source) -> Page:
    """Parse a page or a fragment."""
    text = _UNREADABLE.sub("\ufffd", decoded(source))
    if _XHTML.match(text):
        root = _parsed_xml(UNWRITABLE.sub("\ufffd", text))
        if root is not None:
            return Page(root, is_whole=True)
    is_whole = re.search(r"<(?:html|head|body)\b", text[:_HEAD], re.IGNORECASE) is not None
    flat = _flattened(text)
    root, is_too_deep = _parsed_html(flat)
    return Page(root, is_whole, is_too_deep or flat is not text)


def decoded(source: Source) -> str:
    """Decode a page: UTF-8, or what it says itself, or what browsers take for unsaid."""
    data = source.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if source.is_utf8:
        return source.text
    said = _CHARSET.search(data, 0, _HEAD)
    name = (said[1] or said[2]).decode("ascii") if said else "windows-1252"
    try:
        return data.decode(name, "replace").replace("\r\n", "\n")
    except LookupError:
        return data.decode("windows-1252", "replace").replace("\r\n", "\n")


# -- XML -----------------------------------------------------------------------------------------


def _parsed_xml(text: str) -> Element | None:
    """Parse XHTML; nothing if it is not well-formed."""
    text = _ENTITY.sub(_character, _DOCTYPE.sub("", text, count=1))
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = max(len(text), 1)
    builder = _Builder()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode(), True)
    except expat.ExpatError:
        return None
    return builder.root if not builder.is_too_deep else None


def _character(entity: re.Match[str]) -> str:
    if entity[1] in _XML_ENTITIES:
        return entity[0]
    return html5.get(f"{entity[1]};") or f"&amp;{entity[1]};"


class _Builder:
    """Builds a tree from what an XML parser reports."""

    def __init__(self) -> None:
        self.root = Element("")
        self.is_too_deep = False
        self._open = [self.root]

    def start(self, name: str, keys: dict[str, str]) -> None:
        element = Element(_local(name), {key.lower(): value for key, value in keys.items()})
        self._open[-1].children.append(element)
        self._open.append(element)
        self.is_too_deep = self.is_too_deep or len(self._open) > DEEPEST

    def end(self, name: str) -> None:
        del name
        element = self._open.pop()
        if len(self._open) == 1:
            self.root = element

    def text(self, text: str) -> None:
        self._open[-1].children.append(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


# -- HTML ----------------------------------------------------------------------------------------


def _parsed_html(text: str) -> tuple[Element, bool]:
    """Parse HTML; tell too whether elements stood too deep, and are left out."""
    root = Element("")
    is_too_deep = False
    first = LexborHTMLParser(text).root
    open_elements = [(iter([first] if first is not None else []), root)]
    while open_elements:
        nodes, parent = open_elements[-1]
        node = next(nodes, None)
        if node is None:
            open_elements.pop()
            continue
        tag = node.tag or ""
        if tag == "-text":
            parent.children.append(node.text_content or "")
        elif len(open_elements) > DEEPEST and parent.tag not in _HOLDS_PARTS:
            is_too_deep = True
            open_elements.append((node.iter(include_text=True), parent))
        elif not tag.startswith(("-", "!")):
            element = Element(tag, {key: value or "" for key, value in node.attributes.items()})
            parent.children.append(element)
            open_elements.append((node.iter(include_text=True), element))
    return next(iter(root.elements), Element("html")), is_too_deep


def _flattened(text: str) -> str:
    """Leave out tags that stand far too deep, for a parser takes long over them; their text stays."""
    open_tags: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    depth = 0

    def keep(found: re.Match[str]) -> str:
        nonlocal depth
        name = (found["name"] or "p").lower()
        if name in _FLAT:
            return found[0]
        if found["end"]:
            if left_out[name]:
                left_out[name] -= 1
                return ""
            if open_tags[name]:
                open_tags[name] -= 1
                depth -= 1
            return found[0]
        if depth >= 2 * DEEPEST:
            left_out[name] += 1
            return ""
        open_tags[name] += 1
        depth += 1
        return found[0]

    flat = _MARKUP.sub(keep, text)
    return text if len(flat) == len(text) else flat
