"""What TEI's elements mean in a line of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wikicable.model import (
    Attr,
    Code,
    Emph,
    Inline,
    LineBreak,
    Macro,
    Math,
    Monospace,
    Note,
    Plain,
    RawInline,
    SmallCaps,
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
from wikicable_tei.content import Content, Node, Reading
from wikicable_tei.links import figure, graphic, link
from wikicable_tei.phrases import GAP
from wikicable_tei.tree import (
    XML_ID,
    Element,
    character_of,
    identifier_of,
    name_of,
    spelled,
    spelled_tidily,
    text_of,
    tidy_text_of,
)

_MARKS: dict[str, type[Any]] = {
    **dict.fromkeys(("bold", "b", "bf", "strong"), Strong),
    **dict.fromkeys(("italic", "italics", "i", "it", "ital", "emph"), Emph),
    **dict.fromkeys(("monospace", "typewriter", "tt", "code", "mono"), Monospace),
    **dict.fromkeys(("underline", "underlined", "u", "ul"), Underline),
    **dict.fromkeys(("strikethrough", "strikeout", "strike", "line-through", "s", "overstrike"), Strikeout),
    **dict.fromkeys(("superscript", "sup", "super"), Superscript),
    **dict.fromkeys(("subscript", "sub"), Subscript),
    **dict.fromkeys(("smallcaps", "small-caps", "smcap", "smcp", "sc"), SmallCaps),
}
"""What encoders call the faces of type."""

_QUOTES = "\"'“”‘’„‚«»‹›「」『』"


# -- faces of type, and text -------------------------------------------------------------------


def _hi(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``hi`` and ``emph``; without a face they are emphasis."""
    words = (element.get("rend") or element.get("rendition") or "").split()
    faces = [_MARKS.get(word.removeprefix("#").removeprefix("simple:").lower()) for word in words]
    other = [word for word, face in zip(words, faces, strict=True) if not face]
    inner = content.inlines(element)
    for face in reversed([face for face in faces if face] or ([] if other else [Emph])):
        inner = (face(inner),)
    attr = content.attr(element, "rendition", rend=other)
    return (Span(inner, attr),) if attr else inner


def _deleted(content: Content, element: Element) -> Iterable[Inline]:
    attr = content.attr(element)
    inner = (Strikeout(content.inlines(element)),)
    return (Span(inner, attr),) if attr else inner


def _segment(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``seg``: what has no element of its own, by its type; any other is a span."""
    style = content.style(element)
    match element.get("type"):
        case "verbatim":
            return (Verbatim(spelled(element), "nowiki" if element.get("subtype") == "nowiki" else "%%"),)
        case "tags":
            return (tags_of(element),)
        case "raw" if style.get("-wiki-format"):
            return (RawInline(style.get("-wiki-format"), spelled(element)),)
        case "macro":
            return (Macro(spelled(element)),)
        case "code":
            return (Code(spelled(element), content.attr(element, "type")),)
        case "formula":
            return (Math(spelled(element), element.get("rend") == "display"),)
    return (Span(content.inlines(element), content.attr(element)),)


def _character(content: Content, element: Element) -> Iterable[Inline]:
    if char := character_of(element):
        return (Str(char),)
    if not len(element) and not element.text:
        content.lost["g/@ref"] += 1
    return content.inlines(element)


def tags_of(element: Element) -> Tags:
    """Read the tags that stand in the text."""
    return Tags(tuple(spelled_tidily(term) for term in element if name_of(term) == "term"))


def _code(content: Content, element: Element) -> Iterable[Inline]:
    language = element.get("lang") or ""
    attr = content.attr(element, "lang", "scheme", "key")
    if language:
        attr = Attr(attr.id, (language, *attr.classes), attr.pairs)
    return (Code(spelled(element), attr),)


def _named_code(opening: str, closing: str) -> Reading:
    """Make the reading of an element that names code: ``<gi>p</gi>`` shows ``<p>``."""

    def read(content: Content, element: Element) -> Iterable[Inline]:
        content.loses(element, "scheme")
        return (Code(f"{opening}{tidy_text_of(element)}{closing}"),)

    return read


def _formula(content: Content, element: Element) -> Iterable[Inline]:
    if len(element) and not any(character_of(child) for child in element):
        return content.unknown_inline(element)
    return (Math(spelled(element), "display" in (element.get("rend") or "").split()),)


# -- breaks --------------------------------------------------------------------------------------


def _line_break(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``lb``; the one before the first word of a paragraph begins no new line."""
    content.loses_rest(element, "break")
    if element.get("n") and _is_first(element):
        return ()
    if content.options.line_breaks:
        return (LineBreak(),)
    return () if element.get("break") == "no" else (Str(" "),)


def _is_first(element: Element) -> bool:
    """Whether nothing that shows stands before an element in its parent."""
    before = element.getprevious()
    while before is not None:
        if name_of(before) not in _SHOW_NOTHING or (before.tail or "").strip():
            return False
        before = before.getprevious()
    parent = element.getparent()
    return parent is not None and not (parent.text or "").strip()


_SHOW_NOTHING = frozenset(("pb", "cb", "gb", "milestone", "anchor", ""))


def _milestone(content: Content, element: Element) -> Iterable[Inline]:
    """Read an empty element that marks a place: a page's begin, an anchor, a gap in a count."""
    attr = content.attr(element)
    return (Span((), Attr(attr.id, (name_of(element), *attr.classes), attr.pairs)),)


def _anchor(content: Content, element: Element) -> Iterable[Inline]:
    """Read an anchor; a note that says it belongs there stands there."""
    note = content.note_of(identifier_of(element))
    return _milestone(content, element) if note is None else (Note(content.aside(note)),)


def _gap(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``gap``: text that is not there shows as an ellipsis in brackets."""
    attr = content.attr(element)
    shown = content.inlines(element) or GAP
    return (Span(shown, Attr(attr.id, ("gap", *attr.classes), attr.pairs)),)


def _space(content: Content, element: Element) -> Iterable[Inline]:
    content.loses_rest(element)
    return (Str(" "),)


# -- notes and variants --------------------------------------------------------------------------


def _note(content: Content, element: Element) -> Iterable[Inline]:
    """Read a note where it stands; one that a pointer leads to stands there."""
    content.loses_rest(element, *_TOLD_BY_NOTE, "place" if element.get("place") == "foot" else "")
    return (Note(content.aside(element)),)


_TOLD_BY_NOTE = ("n", "target", "id", XML_ID)
"""What a note says of its number and its place, which it has in the text."""


def _choice(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``choice``: the edited text or the original, as the options say; the other stands in the attributes."""
    wanted = content.options.choice
    parts = [child for child in element if name_of(child)]
    originals = [child for child in parts if name_of(child) in _ORIGINALS]
    if wanted == "both" or len(originals) in (0, len(parts)):
        for child in parts:
            yield Span(content.inlines(child), content.named(child))
        return
    shown = originals if wanted == "original" else [child for child in parts if child not in originals]
    hidden = [child for child in parts if child not in shown]
    other = tuple((name_of(child), " ".join(text_of(child).split())) for child in hidden)
    for child in shown:
        attr = content.named(child)
        yield Span(content.inlines(child), Attr(attr.id, attr.classes, attr.pairs + other))


_ORIGINALS = frozenset(("sic", "orig", "abbr"))


def _apparatus(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``app``: the lemma, and the variant readings in a note, left out, or beside it."""
    readings = list(_readings(element))
    lemmas = [each for each in readings if name_of(each) == "lem"] or readings[:1]
    variants = [each for each in readings if each not in lemmas]
    yield from (inline for lemma in lemmas for inline in content.inlines(lemma))
    match content.options.apparatus:
        case "note" if variants:
            yield Note((Plain(tuple(_variants(content, variants))),))
        case "lemma":
            content.lost["app/rdg"] += len(variants)
        case "all":
            for variant in variants:
                yield Span(content.inlines(variant), content.named(variant))


def _readings(app: Element) -> Iterator[Element]:
    for child in app:
        if name_of(child) == "rdgGrp":
            yield from _readings(child)
        elif name_of(child):
            yield child


def _variants(content: Content, variants: list[Element]) -> Iterator[Inline]:
    for number, variant in enumerate(variants):
        content.loses_rest(variant, "wit")
        witnesses = " ".join(each.removeprefix("#") for each in (variant.get("wit") or "").split())
        before = ("; " if number else "") + (f"{witnesses}: " if witnesses else "")
        if before:
            yield Str(before)
        yield from content.line(variant) or (Str("om."),)


# -- quotation -----------------------------------------------------------------------------------


def _quotation(content: Content, element: Element) -> Iterable[Node]:
    """Read words that TEI marks as said or quoted; quotation marks that stand there already are not doubled."""
    if any(name_of(child) in ("p", "ab", "l", "lg", "list", "sp") for child in element):
        yield from content.block(element)
        return
    attr = content.named(element)
    inner = content.inlines(element)
    text = text_of(element).strip()
    has_marks = text[:1] in _QUOTES or _text_before(element)[-1:] in _QUOTES
    if not content.options.quote_marks or not text or has_marks:
        yield Span(inner, attr)
    else:
        yield Span((Str("“"), *inner, Str("”")), attr)


def _text_before(element: Element) -> str:
    before = element.getprevious()
    parent = element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else ""
    return (text or "").rstrip() or " "


def _ruby(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``ruby``: the gloss stands in brackets behind its base."""
    content.unknown["ruby"] += 1
    for child in element:
        inner = content.inlines(child)
        yield from (Str("（"), *inner, Str("）")) if name_of(child) in ("rt", "rtc") else inner


# -- the table -----------------------------------------------------------------------------------


def _plainly(content: Content, element: Element) -> Iterable[Inline]:
    """Read an element that says nothing a reader would see: a word, a sentence."""
    content.loses_rest(element)
    return content.inlines(element)


def _invisible(content: Content, element: Element) -> Iterable[Inline]:
    """Read an element that is for machines: its text is no part of the text."""
    content.lost[name_of(element)] += 1
    return ()


SPANS = frozenset(
    [
        "persName",
        "placeName",
        "orgName",
        "name",
        "rs",
        "forename",
        "surname",
        "addName",
        "genName",
        "nameLink",
        "roleName",
        "geogName",
        "geogFeat",
        "settlement",
        "region",
        "country",
        "district",
        "bloc",
        "objectName",
        "eventName",
        "date",
        "time",
        "num",
        "measure",
        "term",
        "gloss",
        "mentioned",
        "soCalled",
        "foreign",
        "title",
        "distinct",
        "abbr",
        "expan",
        "ex",
        "am",
        "sic",
        "corr",
        "orig",
        "reg",
        "add",
        "supplied",
        "unclear",
        "damage",
        "restore",
        "retrace",
        "secl",
        "surplus",
        "subst",
        "handShift",
        "email",
        "idno",
        "biblScope",
        "author",
        "editor",
        "publisher",
        "pubPlace",
        "rubric",
        "incipit",
        "explicit",
        "locus",
        "signatures",
        "dimensions",
        "origDate",
        "origPlace",
        "material",
        "rdg",
        "lem",
        "metamark",
        "mod",
        "fw",
        "redo",
        "undo",
        "caesura",
        "rhyme",
        "label",
        "desc",
        "bibl",
        "stage",
        "speaker",
        "address",
        "u",
    ]
)
"""Elements of the line that are spans of their name."""

INLINES: dict[str, Reading] = {
    **dict.fromkeys(SPANS, Content.unknown_inline),
    **dict.fromkeys(("hi", "emph"), _hi),
    **dict.fromkeys(("del",), _deleted),
    **dict.fromkeys(("ref", "ptr", "xref", "xptr"), link),
    **dict.fromkeys(("w", "c", "pc", "s", "cl", "phr", "m", "rb"), _plainly),
    **dict.fromkeys(("pb", "cb", "gb", "milestone", "delSpan", "addSpan"), _milestone),
    **dict.fromkeys(("graphic", "media"), graphic),
    **dict.fromkeys(("quote", "q", "said", "soCalled"), _quotation),
    **dict.fromkeys(("index", "teiHeader", "fs", "interp", "interpGrp", "spanGrp", "linkGrp", "link"), _invisible),
    "anchor": _anchor,
    "lb": _line_break,
    "note": _note,
    "seg": _segment,
    "code": _code,
    "g": _character,
    "formula": _formula,
    "figure": figure,
    "choice": _choice,
    "app": _apparatus,
    "gap": _gap,
    "space": _space,
    "ruby": _ruby,
    "gi": _named_code("<", ">"),
    "tag": _named_code("<", ">"),
    "att": _named_code("@", ""),
    "val": _named_code('"', '"'),
    "ident": _named_code("", ""),
}


def is_inline(element: Element) -> bool:
    """Whether an element tells that inlines stand beside it, and not blocks."""
    name = name_of(element)
    if name == "figure":
        return element.get("type") != "block"
    return name in INLINES and name not in _EITHER


_EITHER = frozenset(
    [
        "pb",
        "cb",
        "gb",
        "milestone",
        "quote",
        "q",
        "said",
        "bibl",
        "stage",
        "speaker",
        "label",
        "desc",
        "address",
        "u",
        "index",
        "fw",
    ]
)
"""Elements that stand between blocks as well as in lines."""
