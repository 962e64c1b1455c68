"""What TEI's pointers and graphics mean in a line of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wikicable.model import (
    NO_ATTR,
    Attr,
    Cache,
    EmailTarget,
    Image,
    Inline,
    InterwikiTarget,
    Link,
    Linking,
    MediaTarget,
    Note,
    PageTarget,
    SectionTarget,
    ShareTarget,
    Str,
    Target,
    UrlTarget,
)
from wikicable_tei.content import Content
from wikicable_tei.pointers import Pointer, target_of
from wikicable_tei.properties import Style
from wikicable_tei.tree import Element, name_of, text_of

_PIXELS = re.compile(r"(\d{1,6})(?:px)?")
_LINKINGS: dict[str, Linking] = {"nolink": "nolink", "direct": "direct", "linkonly": "linkonly"}
_CACHES: dict[str, Cache] = {"nocache": "nocache", "recache": "recache"}
_MARK = re.compile(r"\W*\w{0,4}\W*")
"""What leads to a note and is no text: a number, a letter, a star."""


def link(content: Content, element: Element) -> Iterable[Inline]:
    """Read ``ref``, ``ptr`` and P4's ``xref``; a pointer at a note is that note."""
    uris = (element.get("target") or element.get("url") or "").split()
    if not uris:
        return content.unknown_inline(element)
    note = content.note_at(uris[0])
    if note is not None:
        shown = () if _MARK.fullmatch(text_of(element).strip()) else content.inlines(element)
        return (*shown, Note(content.aside(note)))
    if len(uris) > 1:
        content.lost[f"{name_of(element)}/@target"] += 1
    pointer = Pointer(uris[0], element.get("type") or "", element.get("n") or "")
    target = target_of(pointer, content.places.shortcuts)
    content.has_section_links = content.has_section_links or isinstance(target, SectionTarget)
    own = ("target", "url", "type", "n") if _explains(pointer, target) else ("target", "url")
    shown = content.inlines(element) or (() if name_of(element) == "ptr" else (Str(""),))
    return (Link(_with_media(target, content.style(element)), shown, content.attr(element, *own)),)


def _explains(pointer: Pointer, target: Target) -> bool:
    """Whether ``type`` and ``n`` belong to the pointer itself, and say nothing more of the link."""
    return pointer.type in ("", "media", "quoted-url", "quoted-share") and (
        not pointer.n or isinstance(target, SectionTarget)
    )


def _with_media(target: Target, style: Style) -> Target:
    """Say of a medium what a wiki says beyond its name."""
    if not isinstance(target, MediaTarget):
        return target
    linking = _LINKINGS.get(style.get("-wiki-linking"), "details")
    cache = _CACHES.get(style.get("-wiki-cache"), "cache")
    return MediaTarget(target.id, linking, cache, style.get("-wiki-rest"))


def figure(content: Content, element: Element) -> Iterable[Inline]:
    """Read a figure in a line: its graphics, the first with the figure's words for a title."""
    graphics = [child for child in element if name_of(child) in ("graphic", "media", "binaryObject")]
    words = [child for child in element if name_of(child) in ("figDesc", "head")]
    others = [child for child in element if child not in graphics and child not in words and name_of(child)]
    if not graphics or others:
        return content.unknown_inline(element)
    title = tuple(inline for each in words for inline in content.line(each) or (Str(""),))
    own = ("type", "place") if element.get("type") in (None, "url", "quoted-url") else ("place",)
    attr = content.attr(element, *own)
    first = image(content, graphics[0], title, element, attr)
    return (first, *(image(content, each, (), None, NO_ATTR) for each in graphics[1:]))


def image(content: Content, graphic: Element, title: tuple[Inline, ...], figure: Element | None, attr: Attr) -> Inline:
    """Make an image of a graphic; ``figure`` says where it stands, and what kind of target it has."""
    kind = (figure.get("type") or "") if figure is not None else ""
    place = figure.get("place") if figure is not None else None
    style = content.style(figure) if figure is not None else Style()
    content.loses(graphic, "scale")
    return Image(
        _with_media(_image_target(graphic.get("url") or "", kind, content.places.shortcuts), style),  # type: ignore[arg-type]
        title or _described(content, graphic),
        place if place in ("left", "center", "right") else None,  # type: ignore[arg-type]
        _pixels(graphic, content, "width"),
        _pixels(graphic, content, "height"),
        attr,
    )


def _image_target(uri: str, kind: str, shortcuts: Mapping[str, str]) -> MediaTarget | UrlTarget | InterwikiTarget:
    if kind == "url":
        return UrlTarget(uri)
    match target_of(Pointer(uri, kind), shortcuts):
        case MediaTarget() | InterwikiTarget() as target:
            return target
        case UrlTarget(url=url) as target:
            medium = MediaTarget(url)
            return medium if medium.is_external and kind != "quoted-url" else target
        case PageTarget() | SectionTarget() | EmailTarget() | ShareTarget():
            return UrlTarget(uri)


def _described(content: Content, graphic: Element) -> tuple[Inline, ...]:
    return tuple(inline for each in graphic if name_of(each) == "desc" for inline in content.line(each))


def _pixels(graphic: Element, content: Content, side: str) -> int | None:
    size = graphic.get(side)
    found = _PIXELS.fullmatch(size or "")
    if size and not found:
        content.lost[f"graphic/@{side}"] += 1
    return int(found[1]) if found else None


def graphic(content: Content, element: Element) -> Iterable[Inline]:
    """Read a graphic that stands in the line without a figure around it."""
    return (image(content, element, (), None, content.attr(element, "url", "width", "height", "scale", "mimeType")),)
