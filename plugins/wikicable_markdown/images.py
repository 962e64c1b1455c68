"""Images: what Markdown has no place for, as attributes, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Cache,
    Image,
    Inline,
    InterwikiTarget,
    Linking,
    MediaTarget,
    Str,
    UrlTarget,
)
from wikicable.walk import plain_text
from wikicable_markdown.html_syntax import as_attr, attr_pairs
from wikicable_markdown.targets import is_absolute, media_target

_OWN = ("src", "alt", "title", "width", "height", "align", "linking", "cache", "parameters")


def pairs(image: Image) -> list[tuple[str, str]]:
    """Give what an image says beyond its source and its text; one with an empty title is not one without."""
    found = [(key, value) for key, value in _pairs(image) if value]
    return [*found, ("alt", "")] if image.content and not plain_text(image.content) else found


def _pairs(image: Image) -> Iterator[tuple[str, str]]:
    yield "width", str(image.width or "")
    yield "height", str(image.height or "")
    yield "align", image.align or ""
    if isinstance(image.target, MediaTarget):
        target = image.target
        yield "linking", target.linking if target.linking != "details" else ""
        yield "cache", target.cache if target.cache != "cache" else ""
        yield "parameters", target.rest


def html_pairs(image: Image, source: str) -> list[tuple[str, str]]:
    """Give the attributes of an ``img`` element."""
    wiki = ("linking", "cache", "parameters")
    shown = [(f"data-{key}" if key in wiki else key, value) for key, value in pairs(image) if key != "alt"]
    alt = [("alt", plain_text(image.content))] if image.content else []
    return [("src", source), *alt, *shown, *attr_pairs(image.attr)]


def image(source: str, content: tuple[Inline, ...], values: Mapping[str, str], classes: Attr) -> Image:
    """Make an image of its source, its text and its attributes."""
    title = values.get("title", "")
    if not content and values.get("alt") == "":
        content = (Str(""),)
    elif title and not content:
        content = (Str(title),)
        title = ""
    width, height = _pixels(values.get("width")), _pixels(values.get("height"))
    align: Align | None = next((each for each in get_args(Align) if each == values.get("align")), None)
    kept = [("title", title)] if title else []
    kept += [(key, values[key]) for key, value in (("width", width), ("height", height)) if key in values and not value]
    return Image(
        _target(source, values),
        content,
        align,
        width,
        height,
        Attr(classes.id, classes.classes, (*kept, *classes.pairs)),
    )


def html_image(values: Mapping[str, str]) -> Image:
    """Make an image of the attributes of an ``img`` element."""
    plain = {key.removeprefix("data-"): value for key, value in values.items()}
    content = (Str(plain["alt"]),) if "alt" in plain else ()
    return image(plain.get("src", ""), content, plain, as_attr(values, (*_OWN, *(f"data-{key}" for key in _OWN))))


def braced_image(source: str, content: tuple[Inline, ...], title: str, attr: Attr) -> Image:
    """Make an image of what pandoc's Markdown says of it."""
    values = {"title": title, **dict(attr.pairs)}
    rest = tuple(pair for pair in attr.pairs if pair[0] not in _OWN)
    return image(source, content, values, Attr(attr.id, attr.classes, rest))


# -- Obsidian's ----------------------------------------------------------------------------------

_SIZE = re.compile(r"(\d{1,9})(?:x(\d{1,9}))?")
_BARRED: tuple[str, ...] = (*get_args(Align), *get_args(Linking), *get_args(Cache))


def bars(image: Image) -> str | None:
    """Give what stands behind an image's text in Obsidian, ``|right|200``; none if it cannot be said there.

    Obsidian knows the size; that the side stands before it is the custom of its themes.
    """
    said = dict(pairs(image))
    if image.attr or said.keys() & {"parameters", "alt"} or ("height" in said and "width" not in said):
        return None
    if any(word in _BARRED or _SIZE.fullmatch(word) for word in plain_text(image.content).split("|")):
        return None
    size = "x".join(said[key] for key in ("width", "height") if key in said)
    words = [said[key] for key in ("align", "linking", "cache") if key in said]
    return "".join(f"|{word}" for word in (*words, size) if word)


def barred_image(source: str, content: tuple[Inline, ...], title: str = "") -> Image:
    """Make an image of what Obsidian's Markdown says of it; the text may hold sides and a size behind bars."""
    words: list[str] = []
    match content:
        case (*before, Str(text=text)):
            text, *words = text.split("|")
            rest = [word for word in words if word not in _BARRED and not _SIZE.fullmatch(word)]
            shown = "|".join((text, *rest))
            content = (*before, Str(shown)) if shown else tuple(before)
    return image(source, content, {"title": title, **dict(_barred_values(words))}, NO_ATTR)


def _barred_values(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        kinds = (("align", Align), ("linking", Linking), ("cache", Cache))
        yield from ((key, word) for key, kind in kinds if word in get_args(kind))
        if size := _SIZE.fullmatch(word):
            yield from ((key, value) for key, value in zip(("width", "height"), size.groups(), strict=True) if value)


def _target(source: str, values: Mapping[str, str]) -> MediaTarget | UrlTarget | InterwikiTarget:
    linking: Linking = next((each for each in get_args(Linking) if each == values.get("linking")), "details")
    cache: Cache = next((each for each in get_args(Cache) if each == values.get("cache")), "cache")
    rest = values.get("parameters", "")
    if is_absolute(source) and (linking, cache, rest) == ("details", "cache", ""):
        return UrlTarget(source)
    return MediaTarget(media_target(source).id, linking, cache, rest)


def _pixels(text: str | None) -> int | None:
    digits = (text or "").removesuffix("px")
    return int(digits) or None if digits.isdecimal() and digits.isascii() and len(digits) < 10 else None
