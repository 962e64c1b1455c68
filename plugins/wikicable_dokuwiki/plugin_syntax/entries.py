"""Data of a page (https://www.dokuwiki.org/plugin:data): ``---- dataentry name ----``, a line for each field."""

from __future__ import annotations

import re

from wikicable.model import Attr, Definition, DefinitionList, Div, Macro, Node, Plain, Str
from wikicable.walk import plain_text
from wikicable_dokuwiki.syntax import Leaf, Markup, Syntax

_HEAD = re.compile(r"-+ *dataentry(?P<words>[ \w]*?) *-+\Z")
_FIELD = re.compile(r"(?P<key>[^:\n]*[^:\s])[ \t]*:[ \t]*(?P<value>[^\n]*?)[ \t]*\Z")


def _read(token: str) -> Node:
    """Read the fields; an entry that says anything beside them is kept as it stands."""
    head, *lines, _ = token.split("\n")
    fields = [_FIELD.match(line) for line in lines if line.strip()]
    found = _HEAD.match(head)
    if not found or not fields or not all(fields):
        return Macro(token)
    items = [Definition((Str(each["key"].strip()),), ((Plain((Str(each["value"]),)),),)) for each in fields if each]
    return Div((DefinitionList(tuple(items)),), Attr(classes=("dataentry", *found["words"].split())))


def _write(node: Div) -> Markup | None:
    match node.content:
        case (DefinitionList(items=items),):
            words = " ".join(each for each in node.attr.classes if re.fullmatch(r"\w+", each))
            return ("\n".join([f"---- {words} ----", *map(_field, items), "----"]),)
    return None


def _field(item: Definition) -> str:
    value = " ".join(plain_text(block) for definition in item.definitions for block in definition)
    key = " ".join(plain_text(item.term).replace(":", " ").split())
    return f"{key} : {' '.join(value.split())}"


_END = r"\n----+"
_ENTRY = r"---(?=-+ *dataentry(?: [ a-zA-Z0-9_]*)?-+\n)"
_QUERY = r"---(?=-+ *data(?:table|list|cloud|related|taglist)(?: [ a-zA-Z0-9_]*)?-+\n)"

SYNTAX = (
    Syntax(
        "data",
        (Leaf("dataentry", 155, _ENTRY, _read, _write, closing=_END), Leaf("", 155, _QUERY, Macro, closing=_END)),
    ),
)
