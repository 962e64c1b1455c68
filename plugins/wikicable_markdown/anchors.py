"""How the readers of Markdown find a heading: the rules by which they make an anchor of its text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from wikicable.wiki.layouts import Heading

_NOT_IN_WORDS = re.compile(r"[^\w\s-]")
_BLANKS_OR_HYPHENS = re.compile(r"[-\s]+")
_NUMBERED = re.compile(r"(.*)_([0-9]+)", re.DOTALL)
_NOT_IN_PANDOC = re.compile(r"[^\w\s.-]")
_NOT_A_LETTER = re.compile(r"^[\W\d_]+")
_UNFIT_FOR_OBSIDIAN = re.compile(r"[#^|\[\]\\:]|%%")


def github(headings: Sequence[Heading]) -> list[str]:
    """Give GitHub's anchors: lower case, hyphens for blanks, nothing but letters, marks, digits and connectors."""
    return _numbered(headings, _github_slug)


def _github_slug(text: str) -> str:
    return "".join("-" if char == " " else char for char in text.lower() if char in " -" or _is_word(char))


def _is_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category in ("Nd", "Nl", "Pc")


def hugo(headings: Sequence[Heading]) -> list[str]:
    """Give Hugo's anchors, GitHub's without the marks of scripts that have them."""
    return _numbered(headings, lambda text: _hugo_slug(text) or "heading")


def _hugo_slug(text: str) -> str:
    kept = ((char, unicodedata.category(char)) for char in text.strip())
    return "".join(
        "-" if char in " -" else char.lower() for char, kind in kept if char in " -_" or kind[0] == "L" or kind == "Nd"
    )


def pandoc(headings: Sequence[Heading]) -> list[str]:
    """Give pandoc's anchors: they begin with a letter and may have full stops (``auto_identifiers``)."""
    return _numbered(headings, lambda text: _pandoc_slug(text) or "section")


def _pandoc_slug(text: str) -> str:
    return _NOT_A_LETTER.sub("", "-".join(_NOT_IN_PANDOC.sub("", text).lower().split()))


def _numbered(headings: Sequence[Heading], slug: Callable[[str], str]) -> list[str]:
    """Tell equal anchors apart by a number after a hyphen; an anchor an author chose stays."""
    taken: dict[str, int] = {}
    anchors = []
    for heading in headings:
        wanted = anchor = heading.chosen or slug(heading.text)
        while anchor in taken and not heading.chosen:
            taken[wanted] += 1
            anchor = f"{wanted}-{taken[wanted]}"
        taken.setdefault(anchor, 0)
        anchors.append(anchor)
    return anchors


def mkdocs(headings: Sequence[Heading]) -> list[str]:
    """Give the anchors of Python-Markdown's ``toc`` with its ``slugify_unicode``, which the settings file asks for."""
    taken: set[str] = set()
    anchors = []
    for heading in headings:
        anchor = heading.chosen or _BLANKS_OR_HYPHENS.sub("-", _NOT_IN_WORDS.sub("", heading.text).strip().lower())
        while anchor in taken or not anchor:
            number = _NUMBERED.fullmatch(anchor)
            anchor = f"{number[1]}_{int(number[2]) + 1}" if number else f"{anchor}_1"
        taken.add(anchor)
        anchors.append(anchor)
    return anchors


def obsidian(headings: Sequence[Heading]) -> list[str]:
    """Give Obsidian's anchors: the text itself, blanks for what has a meaning in its links.

    Of headings with one text the first is found by it alone, another by those above it as well.
    """
    taken: set[str] = set()
    above: list[tuple[int, str]] = []
    anchors = []
    for heading in headings:
        text = " ".join(_UNFIT_FOR_OBSIDIAN.sub(" ", heading.text).split())
        above = [(level, name) for level, name in above if level < heading.level]
        names = [name for _, name in above] + [text]
        said = (names[-count:] for count in range(1, len(names) + 1))
        anchor = next((found for each in said if (found := "#".join(each)) not in taken), text)
        taken.add(anchor)
        above.append((heading.level, text))
        anchors.append(anchor)
    return anchors
