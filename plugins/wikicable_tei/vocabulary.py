"""Names that the reader and the writers share."""

from __future__ import annotations

import re

TEI = "http://www.tei-c.org/ns/1.0"
NAMESPACE = f' xmlns="{TEI}"'

LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
"""What ``xml:lang`` may say (https://www.w3.org/TR/xmlschema-2/#language)."""

LIST_STYLES = {
    "LowerAlpha": "lower-alpha",
    "UpperAlpha": "upper-alpha",
    "LowerRoman": "lower-roman",
    "UpperRoman": "upper-roman",
}
"""Pandoc's names of list numberings, and CSS's."""

TEXT_LANGUAGES = frozenset(("", "-", "rtf", "text", "txt", "plain", "none", "doc", "markdown", "md", "dokuwiki"))
"""What a wiki calls the language of files that are written in a human one."""
