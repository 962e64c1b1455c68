"""Images: what Markdown has no place for, as attributes, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from wikicable.model import (
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
