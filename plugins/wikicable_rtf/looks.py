"""How text looks that a CSS style colours or sizes: its code in RTF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_OWN_COLOURS = (0x0000CC, 0xEEEEEE, 0x6E6E6E, 0x1F3864)
"""1 is for links, 2 behind header cells, 3 for what the wiki reads and people need not, 4 for headings."""

_NAMED: Mapping[str, int] = {
    "black": 0x000000, "silver": 0xC0C0C0, "gray": 0x808080, "grey": 0x808080, "white": 0xFFFFFF, "maroon": 0x800000,
    "red": 0xFF0000, "purple": 0x800080, "fuchsia": 0xFF00FF, "magenta": 0xFF00FF, "green": 0x008000, "lime": 0x00FF00,
    "olive": 0x808000, "yellow": 0xFFFF00, "navy": 0x000080, "blue": 0x0000FF, "teal": 0x008080, "aqua": 0x00FFFF,
    "cyan": 0x00FFFF, "orange": 0xFFA500, "brown": 0xA52A2A, "pink": 0xFFC0CB, "darkred": 0x8B0000, "darkblue": 0x00008B,
    "darkgreen": 0x006400, "darkorange": 0xFF8C00, "lightblue": 0xADD8E6, "lightgreen": 0x90EE90, "crimson": 0xDC143C,
    "violet": 0xEE82EE, "indigo": 0x4B0082, "gold": 0xFFD700,
}  # fmt: skip
"""The names of CSS that people write (https://www.w3.org/TR/css-color-4/#named-colors); another looks like none."""

_HEX = re.compile("#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgb\( *(\d{1,3}) *, *(\d{1,3}) *, *(\d{1,3}) *\)")
_COLOUR_WORDS = {"color": "cf", "background-color": "chcbpat"}

_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(pt|px|%|em|rem)")
_HALF_POINTS: Mapping[str, float] = {"pt": 2, "px": 1.5, "%": 0.24, "em": 24, "rem": 24}
"""What units are in half points; text has 24."""

_SIZES: Mapping[str, int] = {
    "xx-small": 14, "x-small": 16, "small": 20, "smaller": 20, "medium": 24, "larger": 29, "large": 28, "x-large": 36,
    "xx-large": 48,
}  # fmt: skip
_LARGEST = 400


@dataclass(slots=True)
class Colours:
    r"""The colours in use: the numbers of their places in the ``\colortbl``."""

    _numbers: dict[int, int] = field(default_factory=lambda: {each: n for n, each in enumerate(_OWN_COLOURS, 1)})

    def number(self, colour: int) -> int:
        """Give the number of a colour of 24 bits."""
        return self._numbers.setdefault(colour, len(self._numbers) + 1)

    def code(self) -> str:
        r"""Give the ``\colortbl``."""
        return "{\\colortbl;" + "".join(map(_entry, self._numbers)) + "}\n"


def _entry(colour: int) -> str:
    return rf"\red{colour >> 16}\green{colour >> 8 & 255}\blue{colour & 255};"


def look_of(style: str, colours: Colours) -> str:
    """Give the code of the look that a CSS style gives to text, as far as RTF has it."""
    return "".join(_words(style, colours))


def _words(style: str, colours: Colours) -> Iterator[str]:
    for declaration in style.lower().split(";"):
        name, _, value = (each.strip() for each in declaration.partition(":"))
        if name in _COLOUR_WORDS and (colour := _colour(value)) is not None:
            yield rf"\{_COLOUR_WORDS[name]}{colours.number(colour)}"
        elif name == "font-size" and (size := _size(value)):
            yield rf"\fs{size}"


def _colour(value: str) -> int | None:
    if _HEX.fullmatch(value):
        digits = value[1:]
        return int(digits if len(digits) == 6 else "".join(digit * 2 for digit in digits), 16)
    if found := _RGB.fullmatch(value):
        red, green, blue = (min(int(each), 255) for each in found.groups())
        return red << 16 | green << 8 | blue
    return _NAMED.get(value)


def _size(value: str) -> int:
    found = _SIZE.fullmatch(value)
    return min(round(float(found[1]) * _HALF_POINTS[found[2]]), _LARGEST) if found else _SIZES.get(value, 0)
