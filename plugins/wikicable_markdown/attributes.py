"""Attributes in braces, as pandoc writes them after a link, a heading or a fence: ``{#id .class key="value"}``."""

from __future__ import annotations

import re

from wikicable.model import Attr
from wikicable_markdown.html_syntax import resolved

BRACES = re.compile(r"""\{[ \t]*((?:[^{}"'\n]|"[^"\n]*"|'[^'\n]*')*)\}""")
"""Braces that may hold attributes."""

_NAME = re.compile(r"[a-zA-Z_:][\w:.-]*\Z")
_CLASS = re.compile(r"[^\W\d][\w:-]*\Z")
_BARE = re.compile(r"(?:[A-Za-z_:][A-Za-z0-9_:.-]*|\d+)\Z")
"""A value that Hugo, too, reads without quotes."""

_PART = re.compile(
    r"""#(?P<id>[^\s{}"'=]+)|\.(?P<class>[^\s{}"'=]+)|(?P<key>[a-zA-Z_:][\w:.-]*)=(?P<value>"[^"]*"|'[^']*'|[^\s"']*)|-"""
)
_SPECIAL = re.compile(r'[&"\n\r`|\\{}]')


def braces(attr: Attr) -> str:
    """Write attributes in their braces; nothing where there are none."""
    parts = [f"#{attr.id}"] if attr.id and not re.search(r"[\s{}\"'=]", attr.id) else []
    if all(_CLASS.match(each) for each in attr.classes):
        parts += [f".{each}" for each in attr.classes]
    else:
        parts.append(f"class={_value(' '.join(attr.classes))}")
    parts += [f"{key}={_value(value)}" for key, value in attr.pairs if _NAME.match(key)]
    return f"{{{' '.join(parts)}}}" if parts else ""


def exact_braces(attr: Attr) -> str:
    """Write attributes in braces that say all of them; nothing where braces cannot."""
    text = braces(attr)
    return text if text and read(text[1:-1]) == attr else ""


def _value(value: str) -> str:
    if _BARE.match(value):
        return value
    return f'"{_SPECIAL.sub(lambda char: f"&#{ord(char[0])};", value)}"'


def read(text: str) -> Attr | None:
    """Read what stands between braces; None if it is no list of attributes."""
    name = ""
    classes: list[str] = []
    pairs: list[tuple[str, str]] = []
    at = 0
    text = text.strip()
    while at < len(text):
        part = _PART.match(text, at)
        if not part:
            return None
        match part.lastgroup:
            case "id":
                name = part["id"]
            case "class":
                classes.append(part["class"])
            case "value" if part["key"] == "class":
                classes += _read_value(part["value"]).split()
            case "value":
                pairs.append((part["key"], _read_value(part["value"])))
            case _:
                classes.append("unnumbered")  # pandoc's {-}
        after = len(text) - len(text[part.end() :].lstrip())
        if after == part.end() < len(text):
            return None
        at = after
    return Attr(name, tuple(classes), tuple(pairs))


def _read_value(value: str) -> str:
    return resolved(value[1:-1] if value[:1] in "\"'" and value else value)
