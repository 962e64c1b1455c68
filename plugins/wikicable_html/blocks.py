"""The blocks of a page that is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from wikicable.links import section_id
from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    CodeBlock,
    Definition,
    DefinitionList,
    Div,
    Feed,
    Figure,
    Header,
    HorizontalRule,
    Inline,
    LineBlock,
    Macro,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    Row,
    Str,
    Strong,
    Table,
    Tags,
)
from wikicable.walk import plain_text
from wikicable_html.elements import Content, Element, attr_of, page_break
from wikicable_html.inlines import HIDDEN, Inlines, Reading, tag_names
from wikicable_html.notes import is_notes_section

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_LIST_STYLES = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman"}
_DOKUWIKI_CLASS = re.compile(
    r"level\d+|node|li|inline|(?:row|col)\d+|(?:left|right|center)align|sectionedit\d+|table|no|content|fn|footnotes"
)
_MADE = frozenset(("secedit", "dw__toc"))
_ALIGN = re.compile(r"text-align:\s*(left|right|center)")
_ALIGNS: dict[str, Align] = {"left": "left", "right": "right", "center": "center"}
_LANGUAGE_CLASS = re.compile(r"(?:language|lang|highlight-source)-(.+)")
_WORD = re.compile(r"[^\s;,:]+")
_PART_ORDER = {"thead": 0, "tr": 1, "tbody": 1, "tfoot": 2}
"""Parts of a table, in the order in which browsers show them."""

_NUMBERS = frozenset(("gutter", "linenos", "lineno", "linenumbers", "rouge-gutter", "hljs-ln-numbers", "ln"))
_KINDS: tuple[Literal["file", "code"], ...] = ("file", "code")
_CODE_KEYS = frozenset(("data-filename", "data-options"))
_WIDEST = 1000
_NO_BREAK = "\u00a0"
_BLANK_LINE = re.compile(rf"^{_NO_BREAK}$", re.MULTILINE)
"""How a highlighter shows a line without text."""


class Blocks:
    """Reads the blocks of one page."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._inlines = Inlines(reading, self.inside)
        self.headings: list[tuple[str, Header]] = []
        """The headings with the ids by which links find them."""
        self._readers: dict[str, Callable[[Element], Iterable[Block]]] = {
            "p": self._paragraph,
            "div": self._div,
            "ul": self._bullets,
            "menu": self._bullets,
            "dir": self._bullets,
            "ol": self._numbers,
            "table": self._table,
            "pre": self._code,
            "blockquote": self._quote,
            "hr": self._rule,
            "dl": self._definitions,
            "figure": self._figure,
            "summary": self._summary,
            "legend": self._summary,
            "aside": self._aside,
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._header),
        }

    def inside(self, element: Element) -> tuple[Block, ...]:
        """Read what an element holds."""
        return tuple(self._flow(element.children))

    def _flow(self, contents: Iterable[Content]) -> Iterator[Block]:
        """Read blocks, and what stands bare between them."""
        line: list[Content] = []
        for content in contents:
            if isinstance(content, str) or not _is_block(content):
                line.append(content)
            else:
                yield from self._bare(line)
                line = []
                yield from self._block(content)
        yield from self._bare(line)

    def _bare(self, line: list[Content]) -> Iterable[Block]:
        if all(isinstance(each, str) and not each.strip() for each in line):
            return ()
        content = self._inlines.line(line)
        return (Plain(content),) if content else ()

    def _block(self, element: Element) -> Iterable[Block]:
        if self._reading.notes.is_note(element) or self._is_made(element):
            return ()
        if read := self._readers.get(element.tag):
            return read(element)
        if element.tag not in _BLOCKS:
            return self._inline_around(element)
        if is_notes_section(element):
            return self._notes(element)
        return self._container(element)

    def _is_made(self, element: Element) -> bool:
        """Whether DokuWiki's template made an element: a table of contents, a button to edit a section."""
        is_made = element.get("id") == "dw__toc" or not _MADE.isdisjoint(element.classes)
        return self._reading.is_dokuwiki and element.tag == "div" and is_made

    def _inline_around(self, element: Element) -> Iterator[Block]:
        """Read an element of a line that holds blocks: the lines in them stand in it."""
        self._inlines.around.append(element)
        blocks = list(self._flow(element.children))
        self._inlines.around.pop()
        yield from blocks

    # -- containers ------------------------------------------------------------------------------

    def _notes(self, element: Element) -> Iterable[Block]:
        """Read what is left where all notes that are referred to are taken away; a heading alone is not left."""
        left = tuple(block for block in self._flow(element.children) if not isinstance(block, HorizontalRule))
        return left if any(not isinstance(block, Header) for block in left) else ()

    def _container(self, element: Element) -> Iterable[Block]:
        """Read an element that groups blocks; it matters only if it says in what language they are."""
        blocks = self.inside(element)
        keys = tuple((key, value) for key, value in element.keys.items() if key in ("lang", "dir") and value)
        if keys and blocks and element.tag not in ("body", "html"):
            return (Div(blocks, Attr(pairs=keys)),)
        return blocks

    def _rule(self, element: Element) -> Iterable[Block]:
        attr = page_break(element)
        return (Div((), attr) if attr else HorizontalRule(),)

    def _aside(self, element: Element) -> Iterable[Block]:
        return (Div(self.inside(element), attr_of(element)),)

    def _summary(self, element: Element) -> Iterable[Block]:
        content = self._inlines.line(element.children)
        return (Para((Strong(content),)),) if content else ()

    def _div(self, element: Element) -> Iterable[Block]:
        if attr := page_break(element):
            return (Div((), attr),)
        match element.classes:
            case ["tags"] if (tags := tag_names(element)) or not element.children:
                return (Tags(tags),)
            case ["macro"] if "data-macro" in element.keys:
                return (Macro(element.get("data-macro")),)
            case ["raw"] if "data-raw" in element.keys:
                return (RawBlock(element.get("data-format"), element.get("data-raw")),)
            case ["line-block"]:
                return (LineBlock(self._verses(element)),)
            case ["rss"] if feed := _feed(element):
                return (feed,)
        if is_notes_section(element):
            return self._notes(element)
        if self._reading.is_dokuwiki and all(map(_DOKUWIKI_CLASS.fullmatch, element.classes)):
            return self.inside(element)
        return (Div(self.inside(element), attr_of(element)),)

    def _verses(self, element: Element) -> tuple[tuple[Inline, ...], ...]:
        lines: list[list[Content]] = [[]]
        for content in element.children:
            if isinstance(content, Element) and content.tag == "br":
                lines.append([])
            else:
                lines[-1].append(content)
        return tuple(map(self._verse, lines))

    def _verse(self, line: list[Content]) -> tuple[Inline, ...]:
        content = self._inlines.line(line)
        if content and isinstance(first := content[0], Str) and first.text.startswith(_NO_BREAK):
            text = first.text.lstrip(_NO_BREAK)
            return (Str(" " * (len(first.text) - len(text)) + text), *content[1:])
        return content

    # -- paragraphs, headings, quotes ------------------------------------------------------------

    def _paragraph(self, element: Element) -> Iterable[Block]:
        attr = self._attr(element)
        blocks = self._flow(element.children)
        return [Para(block.content, attr) if isinstance(block, Plain) else block for block in blocks]

    def _attr(self, element: Element) -> Attr:
        return attr_of(element, (), _DOKUWIKI_CLASS if self._reading.is_dokuwiki else None)

    def _header(self, element: Element) -> Iterable[Block]:
        content = self._inlines.line(element.children, as_shown=True)
        attr = self._attr(element)
        if not content:
            return ()
        made = section_id(plain_text(content), self._reading.conf)
        is_made = attr.id.rstrip("0123456789") == made.rstrip("0123456789")
        header = Header(int(element.tag[1]), content, replace(attr, id="") if is_made else attr)
        self.headings.append((attr.id, header))
        return (header,)

    def _quote(self, element: Element) -> Iterable[Block]:
        return (BlockQuote(self.inside(element)),)

    # -- code ------------------------------------------------------------------------------------

    def _code(self, element: Element) -> Iterable[Block]:
        return (self._code_block(element, element.get("data-filename")),)

    def _code_block(self, element: Element, name: str) -> CodeBlock:
        only = element.elements[0] if len(element.elements) == 1 else None
        inner = only if only and only.tag == "code" and element.text() == only.text() else Element("code")
        names = [*element.classes, *inner.classes]
        kind, language, rest = self._kind(names)
        options = element.get("data-options")
        text, numbered = _code_text(element)
        if self._reading.is_dokuwiki:
            text = _BLANK_LINE.sub("", text)
        attr = replace(attr_of(element, _CODE_KEYS), classes=tuple(rest))
        return CodeBlock(text, language, name, kind, options or numbered, attr or NO_ATTR)

    def _kind(self, names: list[str]) -> tuple[Literal["code", "file", "indented"], str, list[str]]:
        """Tell ``code`` from ``file``, the language, and the other classes."""
        kind: Literal["code", "file", "indented"] = "code" if names else "indented"
        kind = next((each for each in _KINDS if each in names), kind)
        rest = [name for name in names if name not in _KINDS]
        language = next((found[1] for name in rest if (found := _LANGUAGE_CLASS.fullmatch(name))), "")
        if language:
            return kind, language, [name for name in rest if not _LANGUAGE_CLASS.fullmatch(name)]
        if self._reading.is_dokuwiki and kind in names:
            return kind, "".join(rest[:1]), rest[1:]
        return kind, "", rest

    # -- lists -----------------------------------------------------------------------------------

    def _bullets(self, element: Element) -> Iterable[Block]:
        if "rss" in element.classes and (feed := _feed(element)):
            return (feed,)
        items = self._items(element)
        return (BulletList(items, self._attr(element)),) if items else ()

    def _numbers(self, element: Element) -> Iterable[Block]:
        items = self._items(element)
        style = _LIST_STYLES.get(element.get("type"), "Decimal")
        return (OrderedList(items, self._start(element), style, self._attr(element)),) if items else ()

    def _start(self, element: Element) -> int:
        """Give the number of a list's first item, from which the others are counted."""
        is_note = self._reading.notes.is_note
        numbers = [_number(each.get("value")) for each in element.elements if each.tag == "li" and not is_note(each)]
        first = next((each for each in (*numbers[:1], _number(element.get("start"))) if each is not None), 1)
        leaps = any(number not in (None, count) for count, number in enumerate(numbers, first))
        if leaps or "reversed" in element.keys:
            self._reading.notices.changed("html.list", None, "numbers that leap or run backwards are counted anew")
        return first

    def _items(self, element: Element) -> tuple[tuple[Block, ...], ...]:
        """Read items; what stands between them belongs to the one before."""
        items: list[list[Content]] = []
        for content in element.children:
            if isinstance(content, Element) and content.tag == "li":
                if not self._reading.notes.is_note(content):
                    items.append([content])
            elif isinstance(content, Element) or content.strip():
                if not items:
                    items.append([])
                items[-1].append(content)
        return tuple(tuple(self._flow(self._unwrapped(item))) for item in items)

    def _unwrapped(self, item: list[Content]) -> Iterator[Content]:
        for content in item:
            if isinstance(content, Element) and content.tag == "li":
                yield from content.children
            else:
                yield content

    def _definitions(self, element: Element) -> Iterable[Block]:
        if self._reading.is_dokuwiki and not {"code", "file"}.isdisjoint(element.classes):
            return self._named_code(element)
        items: list[tuple[tuple[Inline, ...], list[tuple[Block, ...]]]] = []
        for child in _parts(element, ("dt", "dd")):
            if child.tag == "dt":
                items.append((self._inlines.line(child.children), []))
            else:
                items = items or [((), [])]
                items[-1][1].append(self.inside(child))
        definitions = tuple(Definition(term, tuple(said)) for term, said in items)
        return (DefinitionList(definitions, self._attr(element)),) if definitions else ()

    def _named_code(self, element: Element) -> Iterator[Block]:
        """Read code with a file name, as DokuWiki shows it: a link to the file, and its text."""
        name = "".join(each.text().strip() for each in element.elements if each.tag == "dt")
        for each in element.walk():
            if each.tag == "pre":
                yield self._code_block(each, name)

    # -- tables ----------------------------------------------------------------------------------

    def _table(self, element: Element) -> Iterable[Block]:
        if code := _numbered_code(element):
            return self._code(code)
        parts = sorted((each for each in element.elements if each.tag in _PART_ORDER), key=_part_order)
        captions = [self.inside(each) for each in element.elements if each.tag == "caption"]
        head = sum(len(_parts(part, ("tr",))) for part in parts if part.tag == "thead")
        rows = [row for part in parts for row in self._rows(part)]
        stray = self._flow(each for each in element.children if isinstance(each, str) and each.strip())
        caption = captions[0] if captions else ()
        return (Table(tuple(rows), head, caption, self._attr(element)), *stray)

    def _rows(self, part: Element) -> Iterator[Row]:
        """Read the rows of a part of a table: cells reach no further than it, and with a row span of 0 to its end."""
        rows = [part] if part.tag == "tr" else _parts(part, ("tr",))
        for number, row in enumerate(rows):
            left = _WIDEST if self._reading.is_set or part.tag == "tr" else len(rows) - number
            yield Row(tuple(self._cell(each, left) for each in _parts(row, ("td", "th"))), self._attr(row))

    def _cell(self, element: Element, left: int) -> Cell:
        return Cell(
            self.inside(element),
            element.tag == "th",
            _alignment(element),
            _span(element.get("colspan")),
            left if element.get("rowspan").strip() == "0" else min(_span(element.get("rowspan")), left),
            self._attr(element),
        )

    def _figure(self, element: Element) -> Iterable[Block]:
        captions = [each for each in element.elements if each.tag == "figcaption"]
        content = self._flow(each for each in element.children if each not in captions)
        caption = tuple(block for each in captions for block in self.inside(each))
        return (Figure(tuple(content), caption, self._attr(element)),)


# -- elements ------------------------------------------------------------------------------------


def _is_block(element: Element) -> bool:
    if element.tag in _BLOCKS:
        return True
    return element.tag not in HIDDEN and any(each.tag in _BLOCKS for each in element.walk())


def _parts(element: Element, tags: tuple[str, ...]) -> list[Element]:
    """Give the parts of an element, also where they are grouped."""
    parts: list[Element] = []
    for child in element.elements:
        if child.tag in tags:
            parts.append(child)
        elif child.tag in ("div", "form", "tbody"):
            parts += _parts(child, tags)
    return parts


def _part_order(part: Element) -> int:
    return _PART_ORDER[part.tag]


def _numbered_code(table: Element) -> Element | None:
    """Give the code of a table that holds nothing but line numbers and code."""
    cells = [each for each in table.walk() if each.tag in ("td", "th")]
    is_numbered = len(cells) == 2 and not _NUMBERS.isdisjoint(cells[0].classes)
    return next((each for each in cells[1].walk() if each.tag == "pre"), None) if is_numbered else None


def _feed(element: Element) -> Feed | None:
    """Read a feed that could not be shown; the news of one that could be are a list like any other."""
    links = [each.get("href") for each in element.walk() if each.tag == "a"]
    if len(links) != 1 or ("data-options" not in element.keys and element.tag != "div" and len(element.elements) != 1):
        return None
    return Feed(links[0], element.get("data-options"))


def _alignment(element: Element) -> Align | None:
    if found := _ALIGN.search(element.get("style")):
        return _ALIGNS[found[1]]
    named = (name for name in _ALIGNS if f"{name}align" in element.classes)
    return _ALIGNS.get(next(named, element.get("align").lower()))


def _number(value: str) -> int | None:
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else None


def _span(value: str) -> int:
    return min(max(int(value), 1), _WIDEST) if re.fullmatch(r"\d{1,9}", value.strip()) else 1


def _code_text(element: Element) -> tuple[str, str]:
    """Read code; DokuWiki numbers lines in a list, and an option says so."""
    lists = [each for each in element.elements if each.tag == "ol"]
    if not lists:
        parts = ["\n" if each == "br" else each for each in _text_parts(element)]
        return "".join(parts), ""
    lines = [each.text().rstrip("\n") for each in lists[0].elements if each.tag == "li"]
    start = lists[0].get("start")
    options = 'enable_line_numbers="true"' + (f' start_line_numbers_at="{start}"' if start else "")
    return "\n".join(lines), options


def _text_parts(element: Element) -> Iterator[str]:
    for content in element.children:
        if isinstance(content, str):
            yield content
        elif content.tag == "br":
            yield "\n"
        elif content.control:
            yield content.control
        elif _NUMBERS.isdisjoint(content.classes):
            yield from _text_parts(content)
