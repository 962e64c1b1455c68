r"""Field instructions: ``HYPERLINK "https://example.org/" \\l "place" \\o "tip"``."""

from __future__ import annotations

import re

from wikicable_rtf.flow import Field

_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"?|\\(\S)|([^\s"\\]\S*)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMMANDS = frozenset(("HYPERLINK", "KEYWORDS", "INCLUDEPICTURE"))
"""The fields that are more than the text they show."""


def read_instruction(instruction: str, field: Field) -> None:
    r"""Put what an instruction says into the field; of a field that is not known nothing is said.

    The tip is Word's ``\o``, which LibreOffice writes as ``\t``.
    """
    arguments = _ARGUMENT.finditer(instruction.strip())
    command = next(arguments, None)
    name = (command[3] or "").upper() if command else ""
    if name not in _COMMANDS:
        return
    field.command = name
    switch = ""
    for argument in arguments:
        if argument[2]:
            switch = argument[2].lower()
        else:
            _set(field, switch, argument[3] or _ESCAPE.sub(r"\1", argument[1] or ""))
            switch = ""
    if field.target.startswith("#"):
        field.bookmark = field.bookmark or field.target[1:]
        field.target = ""


def _set(field: Field, switch: str, value: str) -> None:
    match switch:
        case "l":
            field.bookmark = value
        case "o" | "t":
            field.tip = value
        case _:
            field.target = field.target or value


def quoted(text: str) -> str:
    """Give an argument of an instruction as it stands there."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
