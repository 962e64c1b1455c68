"""The cover: a picture that someone chose, or one made of the title."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from wikicable.errors import OptionError
from wikicable.resources import Resource
from wikicable.source import read_bytes
from wikicable.xmlout import UNWRITABLE, escaped
from wikicable_epub.binding import is_right_to_left
from wikicable_epub.contents import CORE, Contents

_WIDTH, _HEIGHT, _MARGIN = 1200, 1800, 130
_SIZES = (132, 112, 92, 76, 62, 50)
_MOST_LINES = 7
_WIDE = ("W", "F")
_FONTS = "'Noto Serif', Georgia, 'Noto Serif CJK KR', AppleMyungjo, Batang, 'Hiragino Mincho ProN', 'Yu Mincho', serif"
_INKS = ("#1f3a4d", "#4a2b3f", "#23453a", "#4c3a1e", "#2c2f5a", "#5a2a27")
_PAPER = "#f6f1e7"


def cover_picture(choice: str, title: str, author: str, lang: str) -> tuple[str, str, bytes] | None:
    """Give file, media type and bytes of the cover that is chosen; none if there shall be none."""
    if choice == "none":
        return None
    if choice == "title":
        return "cover.svg", "image/svg+xml", drawn(title, author, lang).encode()
    medium = Contents().embed(choice, Resource(read_bytes(Path(choice))))
    if not medium.media_type.startswith("image/") or medium.media_type not in CORE:
        raise OptionError(f"{choice}: a cover is a PNG, JPEG, GIF, WebP or SVG file, or one of title, none")
    return "cover" + Path(medium.file).suffix, medium.media_type, read_bytes(Path(choice))


def cover_page(picture: str, title: str, lang: str) -> str:
    """Write the page that shows the cover."""
    name = escaped(title).replace('"', "&quot;")
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">
<head>
<meta name="generator" content="wikicable" />
<title>{escaped(title)}</title>
<link rel="stylesheet" href="style.css" />
</head>
<body class="cover" epub:type="cover">
<p><img role="doc-cover" src="{picture}" alt="{name}" /></p>
</body>
</html>
"""


# -- drawing -------------------------------------------------------------------------------------


def drawn(title: str, author: str, lang: str) -> str:
    """Draw a cover: the title on a dark ground whose colour the title decides."""
    title = UNWRITABLE.sub("\ufffd", " ".join(title.split()))
    ink = _INKS[hashlib.sha256(title.encode("utf-8", "surrogatepass")).digest()[0] % len(_INKS)]
    size, lines = _set(title)
    is_rtl = is_right_to_left(lang)
    x, direction = (_WIDTH - _MARGIN, ' direction="rtl"') if is_rtl else (_MARGIN, "")
    top = _HEIGHT * 0.36 - (len(lines) - 1) * size * 0.64
    spans = "".join(
        f'<text x="{x}" y="{top + row * size * 1.28:.0f}"{direction}>{escaped(line)}</text>\n'
        for row, line in enumerate(lines)
    )
    rule = top + (len(lines) - 1) * size * 1.28 + 90
    start = _WIDTH - _MARGIN - 220 if is_rtl else _MARGIN
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}">
<title>{escaped(title)}</title>
<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{ink}"/>
<rect x="46" y="46" width="{_WIDTH - 92}" height="{_HEIGHT - 92}" fill="none" stroke="{_PAPER}" stroke-opacity="0.35" stroke-width="3"/>
<g font-family="{_FONTS}" font-size="{size}" font-weight="600" fill="{_PAPER}">
{spans}</g>
<rect x="{start}" y="{rule:.0f}" width="220" height="6" fill="{_PAPER}" fill-opacity="0.7"/>
{_signed(author, x, direction)}</svg>
"""


def _signed(author: str, x: int, direction: str) -> str:
    if not author:
        return ""
    _, lines = _set(author, (50,))
    return (
        f'<text x="{x}" y="{_HEIGHT - 170}"{direction} font-family="{_FONTS}" font-size="50" fill="{_PAPER}">'
        f"{escaped(lines[0])}</text>\n"
    )


def _set(text: str, sizes: tuple[int, ...] = _SIZES) -> tuple[int, list[str]]:
    """Break a text into lines in the largest letters that leave few of them."""
    size, lines = sizes[0], [text]
    for size in sizes:
        lines = _lines(text, (_WIDTH - 2 * _MARGIN) / size)
        if len(lines) <= _MOST_LINES - (size > 100) * 2:
            return size, lines
    return size, [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + "…"]


def _lines(text: str, room: float) -> list[str]:
    """Break a text at blanks, and a word that is too long anywhere; ``room`` is in widths of a wide letter."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}".lstrip()
        if _width(joined) <= room:
            lines[-1] = joined
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and _width(lines[-1] + letter) > room and not unicodedata.combining(letter):
                lines.append("")
            lines[-1] += letter
    return list(filter(None, lines)) or [text]


def _width(text: str) -> float:
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in _WIDE:
        return 1.0
    if unicodedata.combining(letter):
        return 0.0
    return 0.7 if letter.isupper() or letter in "mw" else 0.3 if letter in " .,:;ilj'|!" else 0.56
