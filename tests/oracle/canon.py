"""What a reader sees of a page's HTML, as tokens, so that two renderings can be compared.

It reads what DokuWiki prints and what our HTML writer prints.  Left out are wrappers and generated
classes, where a footnote's text stands, whether a lone line of text has a paragraph around it, and
white space that no browser shows.  Kept are blocks, marks and all text in order and nesting, with
typography as it stands, link kinds and targets, spans and alignment, media sizes, code with its
language and file name, and each footnote at the place that refers to it.

Where DokuWiki opens formatting in one paragraph and closes it in another, both are formatted, as in a browser; so is
code or a feed that stands between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import html
from lxml.html import HtmlElement

Token: TypeAlias = "str | tuple[object, ...]"

_BLOCKS = {"ul", "ol", "li", "blockquote", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_CELLS = {"td", "th"}
_MARKS = {
    "strong": "strong",
    "em": "em",
    "u": "u",
    "code": "code",
    "sub": "sub",
    "sup": "sup",
    "del": "del",
    "s": "del",
}
_FORMATTING = re.compile(rf"<(/?)(p|{'|'.join(_MARKS)})(?: [^>]*)?>")
_RUNS = {"p", "div", "section", "article", "dd", "thead", "tbody"}
_UNSEEN = {"script", "style", "head", "colgroup", "dt"}
_NOTE_TEXTS = {"footnotes", "fn"}
_NOTES = {"doc-endnotes", "doc-footnote", "doc-endnote", "doc-backlink"}
_NOT_A_PAGE = re.compile(r"<!--.*?-->|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL | re.IGNORECASE)


def canon(markup: str) -> list[Token]:
    """Give the tokens of a page; two pages are the same if their tokens are."""
    markup = _closed_in_paragraphs(_NOT_A_PAGE.sub("", markup))
    if not markup.strip():
        return []
    root = html.fragment_fromstring(markup, create_parent="div")
    named = {name: each for each in root.iter() for name in [each.get("id")] if name}
    return _Reading(named).of(root)


def _closed_in_paragraphs(markup: str) -> str:
    """Close formatting with the paragraph it began in and open it again in the next, as HTML is read.

    https://html.spec.whatwg.org/multipage/parsing.html#reconstruct-the-active-formatting-elements
    """
    around: list[re.Match[str]] = []
    within: list[re.Match[str]] = []
    opened = around

    def mended(found: re.Match[str]) -> str:
        nonlocal opened
        tag, slash, name = found.group(0, 1, 2)
        if name == "p":
            opened = around if slash else within
            return f"{_ends_of(within)}{tag}" if slash else tag + "".join(each[0] for each in within)
        if not slash:
            opened.append(found)
        elif opened and opened[-1][2] == name:
            opened.pop()
        return tag

    return _FORMATTING.sub(mended, markup)


def _ends_of(tags: Sequence[re.Match[str]]) -> str:
    return "".join(f"</{each[2]}>" for each in reversed(tags))


class _Reading:
    """One way through an element: blocks go to ``tokens``, inlines to ``run`` until a block ends it.

    In lists, tables, quotes and notes DokuWiki has no paragraphs, so there the end of one is a blank.
    """

    def __init__(self, named: dict[str, HtmlElement], depth: int = 0) -> None:
        self.named = named
        self.depth = depth
        self.tokens: list[Token] = []
        self.run: list[Token] = []
        self.marks: list[tuple[object, ...]] = []

    def of(self, element: HtmlElement) -> list[Token]:
        self.inside(element)
        self.end_run()
        return self.tokens

    def inside(self, element: HtmlElement) -> None:
        self.run.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.element(child, child.tag, set((child.get("class") or "").split()))
            self.run.append(child.tail or "")

    def end_run(self) -> None:
        if tokens := _tidied([*self.run, *((">", mark[0]) for mark in reversed(self.marks))]):
            self.tokens += [("run",), *tokens]
        self.run = [("<", *mark) for mark in self.marks]

    def block(self, element: HtmlElement, *opening: object) -> None:
        self.end_run()
        self.tokens.append(opening)
        self.depth += 1
        around, self.run, self.marks = (self.run, self.marks), [], []
        self.inside(element)
        self.end_run()
        self.run, self.marks = around
        self.depth -= 1
        self.tokens.append((f"/{opening[0]}",))

    def alone(self, *token: object) -> None:
        self.end_run()
        self.tokens.append((*token, *self.marks))

    def marked(self, element: HtmlElement, *opening: object) -> None:
        self.run.append(("<", *opening))
        self.marks.append(opening)
        self.inside(element)
        self.marks.pop()
        self.run.append((">", opening[0]))

    def element(self, element: HtmlElement, tag: str, classes: set[str]) -> None:
        if tag in _UNSEEN or _NOTE_TEXTS & classes or element.get("role") in _NOTES:
            return
        if (reference := _note_reference(element, tag, classes)) is not None:
            self.note(reference)
        elif "rss" in classes:
            self.alone("rss", *element.xpath("descendant-or-self::a/@href")[:1])
        elif tag in _BLOCKS:
            self.block(element, tag)
        elif tag in _CELLS:
            spans = (int(element.get(name) or 1) for name in ("colspan", "rowspan"))
            self.block(element, tag, *spans, _alignment(element, classes))
        elif tag == "pre":
            self.alone("pre", _language(element), _file_name(element), _code(element))
        elif tag == "hr":
            self.alone("hr")
        elif tag in _RUNS:
            self.paragraph(element)
        else:
            self.inline(element, tag, classes)

    def paragraph(self, element: HtmlElement) -> None:
        end = (lambda: self.run.append(" ")) if self.depth else self.end_run
        end()
        self.inside(element)
        end()

    def inline(self, element: HtmlElement, tag: str, classes: set[str]) -> None:
        if tag in _MARKS:
            self.marked(element, "u" if "u" in classes else _MARKS[tag])
        elif tag == "br":
            self.run.append(("br",))
        elif tag == "img" and "smiley" in classes:
            self.run.append(element.get("alt") or "")
        elif tag == "img":
            self.run.append(_image(element, classes))
        elif tag == "a" and element.get("href") and not _is_own_image(element, classes):
            self.marked(element, "a", *_target(element, classes))
        else:
            self.inside(element)

    def note(self, reference: HtmlElement) -> None:
        name = unquote(reference.get("href") or "").removeprefix("#")
        note = self.named.get(name)
        if note is not None and note.tag == "a":  # DokuWiki names the link back
            note = next(iter(note.xpath("ancestor::div[@class='fn'][1]/div[@class='content']")), None)
        others = {other: element for other, element in self.named.items() if other != name}
        self.run.append(("note", *(_Reading(others, 1).of(note) if note is not None else ())))


# -- elements ------------------------------------------------------------------------------------


def _note_reference(element: HtmlElement, tag: str, classes: set[str]) -> HtmlElement | None:
    if tag == "sup" and len(element) == 1 and not (element.text or element[0].tail or "").strip():
        return _note_reference(element[0], str(element[0].tag), set((element[0].get("class") or "").split()))
    return element if tag == "a" and ("fn_top" in classes or element.get("role") == "doc-noteref") else None


def _alignment(element: HtmlElement, classes: set[str]) -> str:
    styled = re.search(r"text-align: *(\w+)", element.get("style") or "")
    return (
        styled[1] if styled else next((side for side in ("left", "center", "right") if f"{side}align" in classes), "")
    )


def _language(pre: HtmlElement) -> str:
    classes = " ".join(each.get("class") or "" for each in (pre, *pre.xpath("./code"))).split()
    named = [name.removeprefix("language-") for name in classes if name.startswith("language-")]
    language = (named or [name for name in classes if name not in {"code", "file"}] or [""])[0].lower()
    return "html" if language == "html4strict" else language  # GeSHi's name for it


def _file_name(pre: HtmlElement) -> str:
    said = pre.xpath("string(./@data-filename | ./code/@data-filename)")
    return str(said or pre.xpath("string(parent::dd/preceding-sibling::dt)")).strip()


def _code(pre: HtmlElement) -> str:
    lines = pre.xpath("./ol/li")
    text = "\n".join(line.text_content() for line in lines) if lines else pre.text_content()
    return "\n".join(line.rstrip() for line in text.replace("\u00a0", " ").split("\n")).strip("\n")


def _image(element: HtmlElement, classes: set[str]) -> Token:
    side = next((side for side in ("left", "center", "right") if classes & {f"media{side}", f"align-{side}"}), "")
    size = (element.get("width") or "", element.get("height") or "")
    return ("img", _medium(element, "src"), *size, side, " ".join((element.get("title") or "").split()))


def _medium(element: HtmlElement, where: str) -> str:
    """Give the id or URL of a medium, wherever it is fetched from."""
    address = element.get("data-wiki-media") or element.get(where) or ""
    asked = parse_qs(urlsplit(address).query).get("media") if "fetch.php" in address else None
    return asked[0] if asked else unquote(address)


def _is_own_image(element: HtmlElement, classes: set[str]) -> bool:
    """Whether this links an image to itself or to what the wiki says of it."""
    return "media" in classes and len(element) == 1 and element[0].tag == "img"


def _target(element: HtmlElement, classes: set[str]) -> tuple[str, ...]:
    address = element.get("href") or ""
    fragment = unquote(address.partition("#")[2])
    shortcut = next((name for name in classes if name.startswith("iw_")), None)
    if element.get("data-wiki-id") is not None:
        return ("page", unquote(element.get("data-wiki-id") or ""), fragment)
    if shortcut:
        return ("interwiki", shortcut, unquote(address))
    if "windows" in classes or address.startswith("file:"):
        return ("share", unquote(address).replace("\\", "/").removeprefix("file:").lstrip("/"))
    if "mediafile" in classes or "/lib/exe/" in address or element.get("data-wiki-media"):
        return ("media", _medium(element, "href"))
    if address.startswith("#"):
        return ("section", fragment)
    return ("mail" if address.startswith("mailto:") else "url", unquote(address))


# -- white space ---------------------------------------------------------------------------------


def _tidied(run: list[Token]) -> list[Token]:
    """Give a run without what does not show: blanks beside blanks and at edges, and marks around nothing."""
    tokens: list[Token] = []
    for token in _with_single_blanks(run):
        before = tokens[-1] if tokens else ()
        if isinstance(token, str):
            tokens[-1:] = [before + token] if isinstance(before, str) else [*tokens[-1:], token]
        elif token[0] == ">" and before[:1] == ("<",) and before[1] != "a":
            tokens.pop()
        else:
            tokens.append(token)
    return tokens


def _with_single_blanks(run: list[Token]) -> Iterator[Token]:
    """Collapse blanks, and move each into the marks and right before the next thing that shows in its line."""
    at_start, owed = True, False
    for token in run:
        if isinstance(token, str):
            words = re.sub(r"[ \t\n\r\f]+", " ", token)
            owed = not at_start and (owed or words.startswith(" "))
            if shown := words.strip(" "):
                yield f" {shown}" if owed else shown
                at_start, owed = False, words.endswith(" ")
        elif token[0] == "br":
            yield token
            at_start, owed = True, False
        elif token[0] in {"img", "note"}:
            yield from [" "] if owed else []
            yield token
            at_start, owed = False, False
        else:
            yield token
