"""What stands between ``[[`` and ``]]``, and between ``{{`` and ``}}``.

The rules are those of DokuWiki's ``inc/Parsing/ParserMode/Internallink.php`` and ``Media.php``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from wikicable.links import is_interwiki, link_text, resolve_media
from wikicable.model import (
    NO_ATTR,
    Align,
    Attr,
    Cache,
    EmailTarget,
    Image,
    Inline,
    InterwikiTarget,
    Link,
    Linking,
    MediaTarget,
    PageTarget,
    SectionTarget,
    ShareTarget,
    SoftBreak,
    Str,
    Target,
    UrlTarget,
)
from wikicable.walk import plain_text
from wikicable.wikiconf import SHIPPED, WikiConf

BLANKS = " \t\n\r\0\x0b"
"""What PHP's ``trim`` takes away."""

_ATEXT = r"[0-9a-zA-Z!#$%&'*+/=?^_`{|}~-]+"
EMAIL = rf"{_ATEXT}(?:\.{_ATEXT})*@(?:[0-9a-zA-Z][0-9a-zA-Z-]*\.)+[a-zA-Z]{{2,63}}"
"""An e-mail address as DokuWiki takes it (``inc/mail.php``, RFC 2822's ``dot-atom``)."""

_INTERWIKI = re.compile(r"([a-zA-Z0-9.]+)>(.*)", re.DOTALL)
_SHARE = re.compile(r"\\\\[^\\]+?\\")
_URL = re.compile(r"[a-z0-9\-.+]+?://", re.IGNORECASE)
_IMAGE_TITLE = re.compile(r"\{\{[^}]+\}\}")
_SIZE = re.compile(r"(\d+)(?:[xX](\d+))?")
_KNOWN_PARAMETER = re.compile(r"(?:\d+(?:x\d+)?|nolink|direct|linkonly|details|cache|nocache|recache)?", re.IGNORECASE)
_ALIGN = re.compile("left|right|center", re.IGNORECASE)
_ALIGNS: Mapping[str, Align] = {"left": "left", "right": "right", "center": "center"}
_PLAYED = frozenset(("video/webm", "video/ogg", "video/mp4", "audio/mpeg", "audio/ogg", "audio/wav"))


# -- links ---------------------------------------------------------------------------------------


def link(content: str, conf: WikiConf, at: int) -> Link:
    """Read the inside of ``[[...]]``."""
    where, bar, title = content.partition("|")
    target = link_target(where.strip(BLANKS))
    if not bar:
        return Link(target, at=at)
    if _IMAGE_TITLE.fullmatch(title):
        return _link_with_medium(target, title[2:-2], conf, at)
    return Link(target, text_runs(title) if title.strip(BLANKS) else (), at=at)


def link_target(where: str) -> Target:
    """Tell what kind of thing a link points at; the first rule that fits wins."""
    if shortcut := _INTERWIKI.match(where):
        return InterwikiTarget(shortcut[1], shortcut[2])
    if _SHARE.match(where):
        return ShareTarget(where)
    if _URL.match(where):
        return UrlTarget(where)
    if "@" in where and re.search(EMAIL, where):
        return EmailTarget(where)
    if where.startswith("#") and where[1:2] not in ("", "\n"):
        return SectionTarget(where[1:])
    page, _, query = where.partition("?")
    page, _, section = page.partition("#")
    return PageTarget(page, section, query)


def text_runs(text: str, at: int | None = None) -> tuple[Inline, ...]:
    """Give plain text as runs with soft breaks between its lines."""
    if "\n" not in text:
        return (Str(text, at=at),) if text else ()
    runs: list[Inline] = []
    for line in text.split("\n"):
        if line:
            runs.append(Str(line, at=at))
        runs.append(SoftBreak())
    return tuple(runs[:-1])


# -- media ---------------------------------------------------------------------------------------


def media(content: str, conf: WikiConf, at: int) -> Image | Link:
    """Read the inside of ``{{...}}``: what can be shown is an image, other files are linked."""
    image = read_image(content, conf, at)
    assert isinstance(image.target, MediaTarget)
    if image.target.linking == "linkonly" or not is_shown(image.target.id, conf):
        return Link(image.target, image.content, _unused(image.align, image.width, image.height), at=at)
    return image


def _link_with_medium(target: Target, content: str, conf: WikiConf, at: int) -> Link:
    """Read a link that has a medium for its title: DokuWiki shows it if it can, and its title or its name if not."""
    image = read_image(content, conf, at)
    assert isinstance(image.target, MediaTarget)
    name = image.target.id.partition("#")[0]
    is_of_other_wiki = is_interwiki(name)  # a shortcut means nothing here
    if _is_shown_type(conf.media_type(name)) if is_of_other_wiki else is_shown(name, conf):
        return Link(target, (image,), at=at)
    shown = plain_text(image.content) or (name if is_of_other_wiki else link_text(image.target, conf))
    written = Attr(pairs=(("medium", content.partition("|")[0]),))
    return Link(target, (Str(shown, at=at),), written, at=at)


def read_image(content: str, conf: WikiConf = SHIPPED, at: int | None = None) -> Image:
    """Read a medium as if it could be shown.

    A title that is empty is not the same as none: DokuWiki names a picture without a title by its file.
    """
    where, bar, title = content.partition("|")
    align = _align(where)
    where = where.strip(BLANKS)
    name, mark, parameters = where.rpartition("?")
    if not mark:
        name, parameters = where, ""
    shown = (text_runs(title) or (Str(""),)) if bar else ()
    if conf.release != "2025" and (said := _ALIGN.search(parameters)):
        align = _ALIGNS[said[0].lower()]
    return Image(_media_target(name, parameters), shown, align, *_size(parameters), at=at)


def is_shown(name: str, conf: WikiConf) -> bool:
    """Whether DokuWiki shows a file of that name in the page instead of linking to it."""
    return _is_shown_type(conf.media_type(resolve_media(MediaTarget(name), "", conf)))


def _is_shown_type(media_type: str) -> bool:
    return media_type.startswith("image/") or media_type in _PLAYED


def _align(where: str) -> Align | None:
    match where[:1] == " ", where.removesuffix("\n")[-1:] == " ":
        case True, True:
            return "center"
        case True, False:
            return "right"
        case False, True:
            return "left"
    return None


def _unused(align: Align | None, width: int | None, height: int | None) -> Attr:
    """Keep what is said of the look of a file that DokuWiki only links to."""
    said = (("align", align), ("width", width), ("height", height))
    pairs = tuple((name, str(value)) for name, value in said if value)
    return Attr(pairs=pairs) if pairs else NO_ATTR


def _media_target(name: str, parameters: str) -> MediaTarget:
    lower = parameters.lower()
    linking: Linking = "details"
    if "nolink" in lower:
        linking = "nolink"
    elif "direct" in lower:
        linking = "direct"
    elif "linkonly" in lower:
        linking = "linkonly"
    cache: Cache = "cache"
    if found := re.search("nocache|recache", lower):
        cache = "nocache" if found[0] == "nocache" else "recache"
    rest = "&".join(each for each in parameters.split("&") if not _KNOWN_PARAMETER.fullmatch(each))
    return MediaTarget(name, linking, cache, rest)


def _size(parameters: str) -> tuple[int | None, int | None]:
    found = _SIZE.search(parameters)
    if not found:
        return None, None
    return _pixels(found[1]), _pixels(found[2])


def _pixels(digits: str | None) -> int | None:
    return int(digits) or None if digits and len(digits) < 10 else None


_EARLY_END = re.compile(r"\]\](?!\]|$)")
"""What would end a link before its own end: of many brackets in a row, the last two do."""


# -- and back ------------------------------------------------------------------------------------


def target_markup(target: Target) -> str:
    """Write what a link points at as it stands before the bar."""
    match target:
        case PageTarget(id=page, section=section, query=query):
            return page + (f"#{section}" if section else "") + (f"?{query}" if query else "")
        case UrlTarget(url=url):
            return url
        case InterwikiTarget(shortcut=shortcut, page=page):
            return f"{shortcut}>{page}"
        case SectionTarget(section=section):
            return f"#{section}"
        case EmailTarget(address=address):
            return address
        case ShareTarget(path=path):
            return path
        case MediaTarget(id=name):
            return name
    assert_never(target)


def link_markup(link: Link, conf: WikiConf) -> tuple[str, str]:
    """Write a link; first as it stands bare in running text, or nothing, then with its brackets."""
    if isinstance(link.target, MediaTarget):
        return "", _media_link_markup(link, link.target, conf)
    where = target_markup(link.target)
    if not plain_text(link.content).strip() and not any(isinstance(each, Image) for each in link.content):
        return _bare_markup(link, where, where), f"[[{_EARLY_END.sub('%5D%5D', where.replace('|', '%7C'))}]]"
    inside = where.replace("|", "%7C").replace("]]", "%5D%5D")
    if medium := _title_medium(link, conf):
        return "", f"[[{inside}|{medium}]]"
    match link.content:
        case (Image() as image,):
            return "", f"[[{inside}|{image_markup(image)}]]"
    title = _EARLY_END.sub("] ]", plain_lines(link.content))
    bar = " |" if title.startswith(" ") else "|"  # who sets off a title does so on both sides
    return _bare_markup(link, where, plain_lines(link.content)), f"[[{inside}{bar}{title}]]"


def _title_medium(link: Link, conf: WikiConf) -> str:
    """Write the medium whose title or name a link shows, as long as it does."""
    where, shown = link.attr.get("medium") or "", plain_lines(link.content)
    if not where or "}" in where + shown or "|" in where:
        return ""
    named = shown == link_text(read_image(where, conf, 0).target, conf)
    return f"{{{{{where}}}}}" if named else f"{{{{{where}|{shown}}}}}"


def _bare_markup(link: Link, where: str, shown: str) -> str:
    if "email" in link.attr.classes:
        return f"<{where}>" if shown == where else ""
    if "uri" not in link.attr.classes:
        return ""
    return shown if where.endswith(shown) else ""


def image_markup(image: Image) -> str:
    """Write an image, a sound or a film."""
    match image.target:
        case MediaTarget(id=name) as target:
            pass
        case UrlTarget() | InterwikiTarget() as other:
            name = target_markup(other)
            target = MediaTarget(name)
    parameters = _parameters(target, _size_markup(image.width, image.height))
    return _medium(name, parameters, image.align, _medium_title(image.content))


def _media_link_markup(link: Link, target: MediaTarget, conf: WikiConf) -> str:
    shown = replace(target, linking="linkonly") if is_shown(target.id, conf) else target
    parameters = _parameters(shown, _size_markup(link.attr.get("width"), link.attr.get("height")))
    return _medium(target.id, parameters, link.attr.get("align"), _medium_title(link.content))


def _size_markup(width: int | str | None, height: int | str | None) -> str:
    return f"{width or 0}x{height}" if height else str(width or "")


def _parameters(target: MediaTarget, size: str) -> list[str]:
    """Give what stands behind the question mark, in the order in which DokuWiki's media manager inserts it."""
    linking = "" if target.linking == "details" else target.linking
    cache = "" if target.cache == "cache" else target.cache
    return [each for each in (linking, size, cache, target.rest) if each]


def _medium(name: str, parameters: list[str], align: str | None, title: str | None) -> str:
    query = "&".join(parameters)
    where = name + ("?" + query if query or "?" in name else "")
    left = " " if align in ("right", "center") else ""
    right = " " if align in ("left", "center") else ""
    return "{{" + left + where + right + ("" if title is None else "|" + title) + "}}"


def _medium_title(content: tuple[Inline, ...]) -> str | None:
    return plain_lines(content).replace("}}", "} }") if content else None


def plain_lines(content: tuple[Inline, ...]) -> str:
    """Give the text of inlines, line ends as they stand."""
    return "".join("\n" if isinstance(each, SoftBreak) else plain_text(each) for each in content)


# -- tags ----------------------------------------------------------------------------------------


def tag_list(names: Iterable[str]) -> str:
    """Write a tag list; a tag of several words stands in quotes."""
    return "{{tag>" + " ".join(f'"{name}"' if " " in name else name for name in names) + "}}"
