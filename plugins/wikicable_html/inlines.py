"""The inlines of a page that is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Block,
    Code,
    Emph,
    Image,
    Inline,
    LineBreak,
    Link,
    Macro,
    Math,
    MediaTarget,
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
    UrlTarget,
    Verbatim,
)
from wikicable.notices import Notices
from wikicable.wikiconf import WikiConf
from wikicable_html.addresses import MEDIA_KEYS, UNLINKED_KEYS, Addresses
from wikicable_html.elements import Content, Element, attr_of, page_break
from wikicable_html.notes import Notes, says_more_than_back
from wikicable_html.targets import photo_title

Mark: TypeAlias = "type[Strong | Emph | Underline | Strikeout | Superscript | Subscript | SmallCaps | Monospace]"

_MARKS: dict[str, Mark] = {
    **dict.fromkeys(("strong", "b"), Strong),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Emph),
    **dict.fromkeys(("u", "ins"), Underline),
    **dict.fromkeys(("del", "s", "strike"), Strikeout),
    "sup": Superscript,
    "sub": Subscript,
}
_CODE = frozenset(("code", "kbd", "samp", "tt"))
HIDDEN = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "title",
        "meta",
        "link",
        "base",
        "col",
        "colgroup",
        "param",
        "source",
        "track",
        "wbr",
        "rp",
    ]
)
"""Elements that show nothing."""

_LOST = frozenset(["button", "canvas", "embed", "input", "object", "select", "svg", "textarea"])
"""Elements of which no more than their text is kept."""

_STYLES: tuple[tuple[re.Pattern[str], Mark], ...] = (
    (re.compile(r"font-weight:\s*(?:bold|[6-9]00)"), Strong),
    (re.compile(r"font-style:\s*(?:italic|oblique)"), Emph),
    (re.compile(r"text-decoration[a-z-]*:[^;]*underline"), Underline),
    (re.compile(r"text-decoration[a-z-]*:[^;]*line-through"), Strikeout),
    (re.compile(r"font-variant[a-z-]*:[^;]*small-caps"), SmallCaps),
)
_NEVER = re.compile(r"(?!)")
_UNMARKED = {
    Strong: re.compile(r"font-weight:\s*(?:normal|[1-5]00)"),
    Emph: re.compile(r"font-style:\s*normal"),
}
"""Styles with which an element does not mark what is in it: what word processors on the web paste."""

_LINE_END = re.compile(r"[ \t\r\f]*\n[ \t\r\n\f]*")
_EACH_LINE_END = re.compile(r"\n")
_SEVERAL_BLANKS = re.compile(r"[ \t]{2,}")
_END_LINES = frozenset(("br", "audio", "video"))
"""Elements after which a line of the source ends, in our pages and in DokuWiki's."""

_BLANKS = " \t\r\n\f"
_IMAGE_KEYS = MEDIA_KEYS | {"title", "data-width", "data-height", "data-src", "data-srcset"}
_LATE_SOURCES = ("data-src", "data-original", "data-lazy-src")
_IMAGE_CLASS = re.compile(r"media(?:left|right|center)?")
_ALIGNS: tuple[Align, ...] = ("left", "center", "right")
_MATH = re.compile(r"\s*(?:\\\((?P<inline>.*)\\\)|\\\[(?P<display>.*)\\\])\s*", re.DOTALL)


@dataclass(frozen=True)
class Reading:
    """What is known of the page while it is read."""

    conf: WikiConf
    page_id: str
    addresses: Addresses
    notes: Notes
    notices: Notices
    as_typed: Callable[[str], str]
    is_dokuwiki: bool
    is_set: bool
    """Whether the page was made from markup, so that an empty line in a mark stood there: no other element holds one."""


class Inlines:
    """Reads what stands in lines; ``blocks`` reads the blocks of a note."""

    def __init__(self, reading: Reading, blocks: Callable[[Element], tuple[Block, ...]]) -> None:
        self._reading = reading
        self._blocks = blocks
        self._is_as_shown = False
        self._is_in_link = False
        self._marks = 0
        self.around: list[Element] = []
        """Elements of a line that hold blocks: each line in them stands in these."""

    def line(self, contents: Iterable[Content], *, as_shown: bool = False) -> tuple[Inline, ...]:
        """Read a line, or a paragraph; ``as_shown`` if its text is as it was typed."""
        given = list(contents)
        for element in reversed(self.around):
            given = [Element(element.tag, element.keys, given)]
        outside, self._is_as_shown = self._is_as_shown, as_shown or self._is_as_shown
        is_own = self._reading.is_set and not self._reading.is_dokuwiki
        inlines = (_unbroken if is_own else _trimmed)(self._inlines(given))
        self._is_as_shown = outside
        return inlines

    def _inlines(self, contents: Iterable[Content]) -> tuple[Inline, ...]:
        if not self._reading.is_set:
            return _joined(self._each(contents))
        return _joined(self._each(contents), (SoftBreak,), keeps_lines=self._marks > 0)

    def _each(self, contents: Iterable[Content]) -> Iterator[Inline]:
        end = _EACH_LINE_END if self._marks and self._reading.is_set else _LINE_END
        before: Content = ""
        for content in contents:
            if isinstance(content, Element):
                yield from self._inline(content)
            else:
                text = content if self._is_as_shown else self._reading.as_typed(content)
                if not self._reading.is_set:
                    text = _SEVERAL_BLANKS.sub(" ", text)
                is_after_break = isinstance(before, Element) and before.tag in _END_LINES
                if isinstance(before, Element) and before.tag == "a" and self._reading.notes.leads_back(before):
                    text = text if says_more_than_back(before) else text.lstrip(_BLANKS)
                yield from _lines(text.removeprefix("\n") if is_after_break else text, end)
            before = content

    # -- elements --------------------------------------------------------------------------------

    def _inline(self, element: Element) -> Iterable[Inline]:
        tag = element.tag
        if tag in _MARKS:
            return self._mark(element, _MARKS[tag])
        if tag == "a":
            return self._anchor(element)
        if tag in _CODE:
            return self._code(element)
        if tag == "br":
            return (LineBreak(),)
        if tag == "img":
            return self._image(element, None)
        if tag == "span":
            return self._span(element)
        if tag in ("audio", "video"):
            return self._played(element)
        if tag == "script" and element.get("type").startswith("math/tex"):
            return (Math(element.text().strip(), display="display" in element.get("type")),)
        if (
            (tag in HIDDEN and tag != "title")
            or "katex-html" in element.classes
            or self._reading.notes.is_note(element)
        ):
            return ()
        return self._other(element)

    def _other(self, element: Element) -> Iterable[Inline]:
        match element.tag:
            case "abbr" | "acronym":
                return self._abbreviation(element)
            case "q":
                return (Str("“"), *self._inlines(element.children), Str("”"))
            case "rt":
                return (Str("("), *self._inlines(element.children), Str(")"))
            case "mark":
                return (Span(self._inlines(element.children), Attr(classes=("mark",))),)
            case "iframe":
                return (
                    (Link(UrlTarget(element.get("src")), _lines_of(element.get("title"))),)
                    if element.get("src")
                    else ()
                )
            case "input" if element.get("type") == "checkbox":
                return (Str("☒ " if "checked" in element.keys else "☐ "),)
            case "math":
                return self._mathml(element)
            case "object" | "embed" if address := element.get("data") or element.get("src"):
                content = self._inlines(element.children) or _lines_of(element.get("title"))
                return (self._reading.addresses.link(Element("a", {"href": address}), _trimmed(content)),)
            case "option" | "text" | "title":
                return (*self._inlines(element.children), Str(" "))
            case tag if tag in _LOST:
                self._reading.notices.changed("html.element", None, f"{tag} is text")
                return self._inlines(element.children)
            case _:
                return self._styled(element)

    def _mark(self, element: Element, mark: Mark) -> Iterable[Inline]:
        if mark is Superscript and (note := self._lone_note(element)):
            return note
        if mark is Emph and "u" in element.classes:
            mark = Underline
        if _UNMARKED.get(mark, _NEVER).search(element.get("style")):
            return self._inlines(element.children)
        self._marks += 1
        content = self._inlines(element.children)
        self._marks -= 1
        if all(map(_is_blank, content)):
            return content
        return (mark(content),)

    def _lone_note(self, element: Element) -> tuple[Inline, ...]:
        """Read a reference to a note that is all there is in an element."""
        shown = [each for each in element.children if not (isinstance(each, str) and not each.strip())]
        if len(shown) == 1 and isinstance(shown[0], Element) and shown[0].tag == "a":
            return self._note(shown[0])
        return ()

    def _note(self, link: Element) -> tuple[Inline, ...]:
        note = self._reading.notes.note_of(link)
        if note is None:
            return ()
        outside = self._is_as_shown, self._is_in_link, self.around
        self._is_as_shown, self._is_in_link, self.around = False, False, []
        self._reading.notes.open(note)
        content = self._blocks(note)
        self._reading.notes.close(note)
        self._is_as_shown, self._is_in_link, self.around = outside
        return (Note(content),)

    def _code(self, element: Element) -> Iterable[Inline]:
        is_literal = not element.elements and not self._reading.is_dokuwiki
        if "mono" in element.classes or not (is_literal or element.classes):
            content = self._inlines(element.children)
            return (Monospace(content),) if content else ()
        return (Code(re.sub(r"\s*\n\s*", " ", element.text()), attr_of(element)),)

    def _abbreviation(self, element: Element) -> Iterable[Inline]:
        """Read an acronym; one that the wiki itself explains is text."""
        content = self._inlines(element.children)
        title = element.get("title")
        if not title or self._reading.is_dokuwiki or self._reading.conf.acronyms.get(element.text()) == title:
            return content
        return (Span(content, attr_of(element)),)

    # -- spans -----------------------------------------------------------------------------------

    def _span(self, element: Element) -> Iterable[Inline]:
        if attr := page_break(element):
            return (Span((), attr),)
        match element.classes:
            case ["nowiki"]:
                return (Verbatim(element.text(), "nowiki"),)
            case ["verbatim"]:
                return (Verbatim(element.text()),)
            case ["macro"] if "data-macro" in element.keys:
                return (Macro(element.get("data-macro")),)
            case ["raw"] if "data-raw" in element.keys:
                return (RawInline(element.get("data-format"), element.get("data-raw")),)
            case ["tags"]:
                return (Tags(tag_names(element)),)
            case ["smallcaps"]:
                return self._mark(element, SmallCaps)
            case ["math", *_]:
                return self._math(element)
            case ["control"] if element.control:
                return (Str(element.control),)
            case _ if not UNLINKED_KEYS.isdisjoint(element.keys) or "mediafile" in element.classes:
                return self._link(element)
            case _ if "data-wiki-media" in element.keys:
                return self._image(element, None)
            case _:
                return self._styled(element)

    def _math(self, element: Element) -> Iterable[Inline]:
        found = _MATH.fullmatch(element.text())
        if found is None:
            return self._styled(element)
        return (Math(found["inline"]),) if found["inline"] is not None else (Math(found["display"], display=True),)

    def _mathml(self, element: Element) -> Iterable[Inline]:
        """Read a formula by its source in TeX, where it has one."""
        sources = [
            each for each in element.walk() if each.tag == "annotation" and "tex" in each.get("encoding").lower()
        ]
        if sources:
            return (Math(sources[0].text().strip(), display=element.get("display") == "block"),)
        self._reading.notices.changed("html.element", None, "math without its source in TeX is text")
        return self._inlines(element.children)

    def _styled(self, element: Element) -> Iterable[Inline]:
        """Read an element that has no meaning but its style, its classes and its keys."""
        content = self._inlines(element.children)
        if not content and element.children:
            return ()
        style = element.get("style")
        for pattern, mark in _STYLES if style and content else ():
            if pattern.search(style):
                content = (mark(content),)
        attr = attr_of(element) if not self._reading.is_dokuwiki else NO_ATTR
        if attr and (element.tag in ("span", "a") or attr.id or attr.get("lang") or element.classes):
            return (Span(content, attr),)
        return (Span(content),) if element.tag == "span" and not style and not self._reading.is_dokuwiki else content

    # -- links and media -------------------------------------------------------------------------

    def _anchor(self, element: Element) -> Iterable[Inline]:
        if note := self._note(element):
            return note
        href = element.get("href")
        if self._reading.notes.leads_back(element):
            return self._styled(element) if says_more_than_back(element) else ()
        if "href" not in element.keys or self._is_in_link:
            return self._styled(element)
        images = [each for each in element.elements if each.tag in ("img", "audio", "video")]
        if len(images) == 1 and not "".join(each for each in element.children if isinstance(each, str)).strip():
            return self._linked_image(element, images[0], href)
        return self._link(element)

    def _link(self, element: Element) -> tuple[Inline, ...]:
        """Read a link; an end of a line of the source at its edge stands beside it."""
        outside = self._is_in_link, self._is_as_shown
        self._is_in_link = self._is_as_shown = True
        content = self._inlines(element.children)
        self._is_in_link, self._is_as_shown = outside
        before = content[:1] if content and isinstance(content[0], SoftBreak) else ()
        inside = content[len(before) :]
        after = inside[-1:] if inside and isinstance(inside[-1], SoftBreak) else ()
        return (*before, self._reading.addresses.link(element, inside[: len(inside) - len(after)]), *after)

    def _linked_image(self, link: Element, image: Element, href: str) -> Iterable[Inline]:
        addresses = self._reading.addresses
        medium = addresses.medium(image, image.get("src"), href)
        if addresses.is_of(href, medium, image.get("src")) and "data-wiki-id" not in link.keys:
            return self._image(image, href)
        return (addresses.link(link, tuple(self._image(image, None))),)

    def _image(self, element: Element, leads_to: str | None) -> Iterable[Inline]:
        if not {"smiley", "icon"}.isdisjoint(element.classes):
            return (Str(element.get("alt")),)
        source = _source(element)
        if not source and "data-wiki-media" not in element.keys:
            return _lines_of(element.get("alt"))
        target = self._reading.addresses.medium(element, source, leads_to)
        return (self._medium(element, target, element.get("title") or element.get("alt")),)

    def _medium(self, element: Element, target: MediaTarget | UrlTarget, title: str) -> Image:
        content = _lines_of(title)
        if usual := photo_title(target, self._reading.page_id, self._reading.conf):
            content = () if title == usual else content or (Str(""),)
        align = next((each for each in _ALIGNS if "media" + each in element.classes), None)
        width, height = (_pixels(element.get(key) or element.get(f"data-{key}")) for key in ("width", "height"))
        attr = attr_of(element, _IMAGE_KEYS, _IMAGE_CLASS)
        return Image(target, content, align, width, height, attr)

    def _played(self, element: Element) -> Iterable[Inline]:
        sources = [each.get("src") for each in element.elements if each.tag == "source"]
        address = next(filter(None, (element.get("src"), *sources)), "")
        if not address and "data-wiki-media" not in element.keys:
            return self._inlines(element.children)
        target = self._reading.addresses.medium(element, address, "detail")
        return (self._medium(element, target, element.get("title") or _said_instead(element)),)


def _said_instead(element: Element) -> str:
    """Give the words for those who cannot play a sound or a film; a link to it says nothing more."""
    has_link = any(each.tag == "a" for each in element.walk())
    return "" if has_link else " ".join(element.text().split())


def _source(image: Element) -> str:
    """Give the address of an image: the real one, where another stands there until it is loaded."""
    source = image.get("src")
    if source and not source.startswith("data:"):
        return source
    offered = image.get("srcset") or image.get("data-srcset")
    largest = offered.split(",")[-1].split() if offered else []
    late = (*(image.get(name) for name in _LATE_SOURCES), *largest[:1])
    return next(filter(None, late), source)


def tag_names(element: Element) -> tuple[str, ...]:
    """Read the tags in a list of them."""
    tags = [each for each in element.walk() if "tag" in each.classes or "tag" in each.get("rel").split()]
    return tuple(filter(None, (each.text().strip() for each in tags)))


# -- runs of text --------------------------------------------------------------------------------


def _lines(text: str, end: re.Pattern[str] = _LINE_END) -> Iterator[Inline]:
    for number, line in enumerate(end.split(text) if "\n" in text else (text,)):
        if number:
            yield SoftBreak()
        if line:
            yield Str(line.replace("\t", " "))


def _lines_of(title: str) -> tuple[Inline, ...]:
    return tuple(_lines(title))


def _joined(
    inlines: Iterable[Inline], ends: tuple[type[Inline], ...] = (SoftBreak, LineBreak), *, keeps_lines: bool = False
) -> tuple[Inline, ...]:
    """Join runs of text; no line end stands behind one of those ``ends``, unless empty lines are kept."""
    out: list[Inline] = []
    texts: list[str] = []
    for inline in inlines:
        if isinstance(inline, Str):
            is_after_break = not (texts or keeps_lines) and out and isinstance(out[-1], SoftBreak | LineBreak)
            text = inline.text.lstrip(_BLANKS) if is_after_break else inline.text
            texts += [text] if text else []
            continue
        if texts:
            out.append(Str("".join(texts)))
            texts = []
        if isinstance(inline, SoftBreak) and out and isinstance(out[-1], ends) and not keeps_lines:
            continue
        if isinstance(inline, SoftBreak | LineBreak) and out and not keeps_lines:
            _end_line(out, inline)
        out.append(inline)
    return (*out, Str("".join(texts))) if texts else tuple(out)


def _end_line(out: list[Inline], end: SoftBreak | LineBreak) -> None:
    last = out[-1]
    if isinstance(last, SoftBreak):
        out.pop()
    elif isinstance(last, Str) and isinstance(end, SoftBreak):
        text = last.text.rstrip(_BLANKS)
        out[-1:] = [Str(text)] if text else []


def _trimmed(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Leave out blanks and ends of lines of the source at the edges."""
    first, last = 0, len(inlines)
    while first < last and _is_blank(inlines[first]):
        first += 1
    while last > first and _is_blank(inlines[last - 1]):
        last -= 1
    kept = list(inlines[first:last])
    if kept and isinstance(kept[0], Str):
        kept[0] = Str(kept[0].text.lstrip(_BLANKS))
    if kept and isinstance(kept[-1], Str):
        kept[-1] = Str(kept[-1].text.rstrip(_BLANKS))
    return tuple(kept)


def _unbroken(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Leave out ends of lines of the source at the edges; the blanks of our own pages are those of their source."""
    first, last = 0, len(inlines)
    while first < last and isinstance(inlines[first], SoftBreak):
        first += 1
    while last > first and isinstance(inlines[last - 1], SoftBreak):
        last -= 1
    return inlines[first:last]


def _is_blank(inline: Inline) -> bool:
    match inline:
        case SoftBreak():
            return True
        case Str(text=text):
            return not text.strip(_BLANKS)
        case _:
            return False


def _pixels(value: str) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,6})(?:\.\d*)?(?:px)?\s*", value)
    return int(found[1]) if found else None
