"""Boxes beside the text as quotes that begin with their kind: GitHub's alerts and Obsidian's callouts.

GitHub has five kinds, on the page itself and without titles
(https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts).
Obsidian has any kind anywhere; words for style sheets stand behind a bar, and what is below a hyphen is folded
(https://help.obsidian.md/callouts).

==================  ============  ===========================
``Div``             GitHub        Obsidian
==================  ============  ===========================
``note``            ``[!NOTE]``   ``[!note]``
``note tip``        ``[!TIP]``    ``[!tip]``
``wrap round tip``  none          ``[!tip|wrap round 60%]``
``folded``          none          ``[!folded]- Title``
==================  ============  ===========================

An empty line behind the first line tells that the text of a ``note`` in DokuWiki stands on lines of its own, one at the
end that one of its tokens alone stands so; what else is said of such lines is one of Obsidian's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wikicable.model import Attr

TITLE = Attr(classes=("title",))
"""Of the division that is the title of what is folded."""

_GITHUB_KINDS = "note|tip|important|warning|caution"
GITHUB_MARK = rf"\[!(?P<kind>(?i:{_GITHUB_KINDS}))\][ \t]*(?:\n|\Z)"
VAULT_MARK = (
    r"\[!(?P<kind>[A-Za-z][\w-]*)(?:\|(?P<words>[^\]\n]*))?\](?![(\[])(?P<fold>[+-]?)(?P<title>[^\n]*)(?:\n|\Z)"
)
"""The line at which a box begins."""

_KIND = re.compile(r"[a-z][a-z0-9-]*")
_WORD = re.compile(r"lines=(?P<lines>\d{4})|(?P<width>\d*\.?\d+(?:%|px|em|rem))|(?P<class>\S+)")
_WRAP_KINDS = frozenset(
    ("info", "tip", "important", "alert", "help", "download", "todo", "danger", "warning", "caution", "notice")
)
"""What the boxes of DokuWiki's plugin wrap are for."""

_LINES = re.compile("2([01])([01])2")
"""The line ends around and in DokuWiki's source of a box that stands by itself, without blank lines at its edges."""

_NOTE_LINES = "2002"
"""Those of a note of which nothing is said."""


# -- writing -------------------------------------------------------------------------------------


def github_mark(attr: Attr) -> str:
    """Give the line at which GitHub's alert begins; nothing where there is none for a division."""
    mark = vault_mark(attr).upper()
    return mark if re.fullmatch(GITHUB_MARK, mark) else ""


def vault_mark(attr: Attr) -> str:
    """Give the line at which Obsidian's callout begins, a title aside; nothing where there is none for a division."""
    name, *words = attr.classes or ("",)
    kind = words.pop() if words else name
    words = [*(["wrap"] if name == "wrap" else []), *words, *_told(attr)]
    mark = f"[!{kind}{'|' if words else ''}{' '.join(words)}]{'-' if name == 'folded' else ''}"
    found = re.fullmatch(VAULT_MARK, mark)
    return mark if found and _KIND.fullmatch(kind) and attr_of(found, empty_lines(attr)) == attr else ""


def _told(attr: Attr) -> Iterator[str]:
    """Give the words that tell the pairs of a box, but for those lines of a note that empty lines tell."""
    for key, value in attr.pairs:
        if key != "lines":
            yield value
        elif not (_LINES.fullmatch(value) and attr.classes[:1] == ("note",)):
            yield f"lines={value}"


def empty_lines(attr: Attr) -> tuple[int, int]:
    """Count the empty lines behind the first line of a box, and at its end."""
    found = _LINES.fullmatch(attr.get("lines")) if attr.classes[:1] == ("note",) else None
    return (int(found[1]), int(found[1] != found[2])) if found else (0, 0)


# -- reading -------------------------------------------------------------------------------------


def attr_of(found: re.Match[str], empty: tuple[int, int]) -> Attr:
    """Give the attributes of the division for the line at which a box begins, and the empty lines in it."""
    said = found.groupdict()
    kind, words = said["kind"].lower(), (said.get("words") or "").split()
    name = "folded" if said.get("fold") else "note"
    if words[:1] == ["wrap"] and kind in _WRAP_KINDS:
        name = words.pop(0)
    told = [(each.lastgroup or "", each[each.lastgroup or 0]) for each in map(_WORD.fullmatch, words) if each]
    classes = (name, *(value for key, value in told if key == "class"), *([kind] if kind != name else []))
    pairs = [pair for pair in told if pair[0] != "class"]
    lines = f"2{empty[0]}{empty[0] ^ empty[1]}2"
    if name == "note" and lines != _NOTE_LINES and "lines" not in dict(pairs):
        pairs.append(("lines", lines))
    return Attr(classes=classes, pairs=tuple(pairs))
