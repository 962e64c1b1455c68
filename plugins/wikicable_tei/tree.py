"""The elements of a TEI file: their names, their ids and the text in them."""

from __future__ import annotations

import re
from typing import TypeAlias

from lxml import etree

from wikicable_tei.pointers import CHARACTER

Element: TypeAlias = etree._Element  # noqa: SLF001  lxml has no other name for its elements

XML = "{http://www.w3.org/XML/1998/namespace}"
XML_SPACE = f"{XML}space"
XML_ID = f"{XML}id"
BLANK = " \t\r\n"
_BLANKS = re.compile(r"[ \t\r\n]+")


def name_of(element: Element) -> str:
    """Give an element's name without its namespace; an instruction has none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    """Give the text in an element, white space as it stands."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def tidy_text_of(element: Element) -> str:
    """Give the text in an element; white space counts where ``xml:space`` says so."""
    text = text_of(element)
    return text if element.get(XML_SPACE) == "preserve" else _BLANKS.sub(" ", text).strip(BLANK)


def identifier_of(element: Element) -> str:
    """Give an element's id."""
    return element.get(XML_ID) or element.get("id") or ""


def has_text(element: Element) -> bool:
    """Whether text stands directly in an element."""
    if element.text and element.text.strip(BLANK):
        return True
    return any(child.tail and child.tail.strip(BLANK) for child in element)


def spelled(element: Element) -> str:
    """Give the text of an element with the characters that XML cannot hold; blanks count where it says so."""
    if not len(element):
        return _tidy(element)
    parts = [element.text or ""]
    for child in element:
        parts += [character_of(child) or text_of(child), child.tail or ""]
    return "".join(parts)


def _tidy(element: Element) -> str:
    text = element.text or ""
    if "\n" not in text or element.get(XML_SPACE) == "preserve":
        return text
    return re.sub(r"[ \t\r]*\n\s*", " ", text)


def character_of(element: Element) -> str:
    """Give the character that ``g`` stands for, where XML cannot hold it itself."""
    prefix, _, number = (element.get("ref") or "").partition(":")
    if name_of(element) != "g" or prefix != CHARACTER or not re.fullmatch("[0-9A-Fa-f]{1,6}", number):
        return ""
    return chr(min(int(number, 16), 0x10FFFF))


def spelled_tidily(element: Element) -> str:
    """Give the text of an element; white space counts where ``xml:space`` says so."""
    return spelled(element) if len(element) else tidy_text_of(element)
