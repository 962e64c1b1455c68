"""Escaped XML output, for all writers of XML and HTML.

Writers join strings; these functions make text and attribute values safe to stand in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""A character that XML cannot hold, not even as a reference (https://www.w3.org/TR/xml/#charsets)."""


def escaped(text: str) -> str:
    """Write text; a carriage return stands as a reference, for parsers drop it otherwise."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def attribute(name: str, value: str) -> str:
    """Write an attribute with the blank before it; white space stands as it is when it is read again."""
    value = escaped(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f' {name}="{value}"'


def attributes(pairs: Iterable[tuple[str, str]]) -> str:
    """Write attributes, those with an empty value left out."""
    return "".join([attribute(name, value) for name, value in pairs if value])
