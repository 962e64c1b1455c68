"""The tables at the head of a file we write: styles, lists and fonts, as the text asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wikicable.model import Attr
from wikicable_rtf.escapes import escape
from wikicable_rtf.looks import Colours, look_of
from wikicable_rtf.styles import (
    DEFINITION_INDENT,
    HYPERLINK,
    INLINE_CODE,
    MONOSPACE,
    NOTE_REFERENCE,
    QUOTE_INDENT,
    Kind,
    Role,
    name_of,
    span_style,
)

BODY_FONT, CODE_FONT, EAST_ASIAN_FONT, COMPLEX_FONT = range(4)
LIST_INDENT = 360
MOST_LEVELS = 9

_SIZES = (36, 32, 28, 26, 24, 24)
"""Of headings, in half points."""

_CODE = r"\sa120\brdrl\brdrs\brdrw15\brsp80\brdrcf3\f1\fs19"
_LOOKS: Mapping[Kind, str] = {
    "text": r"\sa120",
    "code": _CODE,
    "file": _CODE,
    "indented": _CODE,
    "file name": r"\keepn\sb120\fs19\cf3",
    "code options": r"\keepn\fs19\cf3",
    "rule": r"\brdrb\brdrs\brdrw10\brsp20\sa120",
    "term": r"\keepn\sb60",
    "definition": r"\sa60",
    "verse": r"\sa120",
    "caption": r"\keepn\sb120\fs20\cf3",
    "list": r"\sa40",
    "continued": r"\sa40",
    "cell": r"\sb40\sa40",
    "header cell": r"\keepn\sb40\sa40",
    "feed": r"\sa120",
    "note": r"\fs20",
    "raw": r"\sa120\fs19\cf3",
    "opening": r"\keepn\fs19\cf3",
    "closing": r"\fs19\cf3",
}
"""How kinds of paragraphs look.  Nothing is bold or italic: where a page says so, it means it."""

CHARACTER_LOOKS: Mapping[str, str] = {
    HYPERLINK: r"\ul\cf1",
    MONOSPACE: r"\f1",
    INLINE_CODE: r"\f1",
    NOTE_REFERENCE: r"\super",
    "Wiki Macro": r"\cf3",
}


_BACKGROUND = re.compile(r"\\chcbpat\d+")
"""Stands beside the text alone: LibreOffice shows none where the style of the text has it too."""


# -- styles --------------------------------------------------------------------------------------


@dataclass(slots=True)
class StyleSheet:
    """The styles and colours in use; their numbers are given in the order in which they are asked for."""

    colours: Colours = field(default_factory=Colours)
    _paragraph: dict[Role, tuple[int, str]] = field(default_factory=dict)
    _character: dict[str, tuple[int, str]] = field(default_factory=dict)

    def paragraph(self, role: Role) -> str:
        r"""Give the code that begins a paragraph: ``\s`` and, as readers must not look it up, the look."""
        found = self._paragraph.get(role)
        if not found:
            number = 0 if role == Role() else len(self._paragraph) + len(self._character) + 1
            found = self._paragraph[role] = (number, rf"\pard\plain\s{number}{look(role)}")
        return found[1]

    def character(self, name: str) -> str:
        r"""Give the code that sets text in a character style."""
        number, look = self._character.get(name) or self._new_character(name, CHARACTER_LOOKS.get(name, ""))
        return rf"\cs{number}{look}"

    def span(self, attr: Attr) -> str:
        r"""Give the code that sets text in the character style for these attributes; a CSS style is its look."""
        name = span_style(attr)
        if name not in self._character:
            self._new_character(name, look_of(attr.get("style"), self.colours))
        return self.character(name)

    def _new_character(self, name: str, look: str) -> tuple[int, str]:
        number = len(self._paragraph) + len(self._character) + 1
        self._character[name] = (number, look)
        return number, look

    def code(self) -> str:
        r"""Give the ``\colortbl`` and the ``\stylesheet``."""
        return self.colours.code() + "{\\stylesheet" + "".join(self._entries()) + "}\n"

    def _entries(self) -> Iterator[str]:
        self.paragraph(Role())
        for role, (number, _) in sorted(self._paragraph.items(), key=lambda entry: entry[1][0]):
            indent = rf"\li{style_indent(role)}" if style_indent(role) else ""
            yield rf"{{\s{number}{look(role)}{indent} {escape(name_of(role))};}}" + "\n"
        for name, (number, character_look) in self._character.items():
            yield rf"{{\*\cs{number}\additive{_BACKGROUND.sub('', character_look)} {escape(name)};}}" + "\n"


def look(role: Role) -> str:
    """Give the formatting of a paragraph style, without its indent."""
    if role.kind == "heading":
        return rf"\keepn\sb240\sa120\outlinelevel{role.level - 1}\cf4\fs{_SIZES[role.level - 1]}"
    return _LOOKS[role.kind]


def style_indent(role: Role) -> int:
    """Give the indent that a paragraph style has of its own."""
    return QUOTE_INDENT * role.quotes + (DEFINITION_INDENT if role.kind == "definition" else 0)


# -- lists ---------------------------------------------------------------------------------------

_FORMATS = {"Decimal": 0, "UpperRoman": 1, "LowerRoman": 2, "UpperAlpha": 3, "LowerAlpha": 4}
BULLET = "bullet"


@dataclass(slots=True)
class ListTables:
    r"""The lists in use: one for each kind of numbering, and an ``\ls`` for each list of the text."""

    _kinds: dict[str, int] = field(default_factory=dict)
    _overrides: list[str] = field(default_factory=list)

    def add(self, kind: str, start: int, level: int) -> int:
        r"""Take a list that numbers anew from ``start``; give its ``\ls``."""
        kind = kind if kind in _FORMATS or kind == BULLET else "Decimal"
        identity = self._kinds.setdefault(kind, len(self._kinds) + 1)
        number = len(self._overrides) + 1
        levels = "" if kind == BULLET else rf"{{\lfolevel\listoverridestartat\levelstartat{start}}}" * (level + 1)
        count = 0 if kind == BULLET else level + 1
        self._overrides.append(
            rf"{{\listoverride\listid{identity}\listoverridecount{count}{levels}\ls{number}}}" + "\n"
        )
        return number

    def code(self) -> str:
        r"""Give ``\listtable`` and ``\listoverridetable``."""
        if not self._kinds:
            return ""
        lists = "".join(self._list(kind, identity) for kind, identity in self._kinds.items())
        return f"{{\\*\\listtable{lists}}}\n{{\\*\\listoverridetable{''.join(self._overrides)}}}\n"

    def _list(self, kind: str, identity: int) -> str:
        levels = "".join(_level(kind, level) for level in range(MOST_LEVELS))
        return rf"{{\list\listtemplateid{identity}\listhybrid{levels}{{\listname ;}}\listid{identity}}}" + "\n"


def _level(kind: str, level: int) -> str:
    if kind == BULLET:
        text, numbers, number_format = r"\'01\u8226 ?;", ";", 23
    else:
        text, numbers, number_format = rf"\'02\'{level:02x}.;", r"\'01;", _FORMATS[kind]
    return (
        rf"{{\listlevel\levelnfc{number_format}\levelnfcn{number_format}\leveljc0\leveljcn0\levelfollow0\levelstartat1"
        rf"{{\leveltext{text}}}{{\levelnumbers{numbers}}}\fi-{LIST_INDENT}\li{LIST_INDENT * (level + 1)}}}"
    )


def label(kind: str, number: int) -> str:
    """Give the bullet or number that readers without list tables show."""
    if kind == BULLET:
        return r"\u8226*"
    if kind in ("LowerAlpha", "UpperAlpha") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return f"{letter if kind == 'LowerAlpha' else letter.upper()}."
    return f"{number}."


# -- fonts and languages -------------------------------------------------------------------------

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile("[\u3040-\u30ff]")
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_TRADITIONAL = re.compile("zh-(?:tw|hk|mo|hant)", re.IGNORECASE)

_EAST_ASIAN_FONTS = {
    "ko": r"\fnil\fcharset129 Batang",
    "ja": r"\fnil\fcharset128 MS Mincho",
    "zh": r"\fnil\fcharset134 SimSun",
    "zh-Hant": r"\fnil\fcharset136 PMingLiU",
}
_COMPLEX_FONTS = (
    (re.compile("[\u0590-\u05ff]"), r"\froman\fcharset177 Times New Roman"),
    (re.compile("[\u0600-\u08ff]"), r"\froman\fcharset178 Times New Roman"),
    (re.compile("[\u0e00-\u0e7f]"), r"\fnil\fcharset222 Angsana New"),
    (re.compile("[\u0900-\u097f]"), r"\fnil\fcharset1 Mangal"),
)
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")

LANGUAGES: Mapping[str, int] = {
    "ar": 1025, "bg": 1026, "ca": 1027, "zh": 2052, "zh-tw": 1028, "zh-hant": 1028, "zh-hk": 3076, "cs": 1029,
    "da": 1030, "de": 1031, "de-at": 3079, "de-ch": 2055, "el": 1032, "en": 1033, "en-gb": 2057, "en-us": 1033,
    "es": 3082, "et": 1061, "eu": 1069, "fa": 1065, "fi": 1035, "fr": 1036, "fr-ca": 3084, "ga": 2108, "gl": 1110,
    "he": 1037, "hi": 1081, "hr": 1050, "hu": 1038, "hy": 1067, "id": 1057, "is": 1039, "it": 1040, "ja": 1041,
    "ka": 1079, "kk": 1087, "ko": 1042, "lt": 1063, "lv": 1062, "mk": 1071, "mn": 1104, "ms": 1086, "nb": 1044,
    "nl": 1043, "nn": 2068, "no": 1044, "pl": 1045, "pt": 2070, "pt-br": 1046, "ro": 1048, "ru": 1049, "sk": 1051,
    "sl": 1060, "sq": 1052, "sr": 3098, "sv": 1053, "th": 1054, "tr": 1055, "uk": 1058, "ur": 1056, "vi": 1066,
}  # fmt: skip
"""The numbers of languages, by BCP 47 tag in small letters."""

_ENGLISH = 1033


def preamble(letters: str, lang: str | None) -> str:
    """Give the head of a file for a text of these letters: code page, fonts that have them, and language."""
    script = _east_asian_script(letters, lang or "")
    complex_font = next((font for found, font in _COMPLEX_FONTS if found.search(letters)), "")
    fonts = {BODY_FONT: r"\froman\fcharset0 Times New Roman", CODE_FONT: r"\fmodern\fprq1\fcharset0 Courier New"}
    if script:
        fonts[EAST_ASIAN_FONT] = _EAST_ASIAN_FONTS[script]
    if complex_font:
        fonts[COMPLEX_FONT] = complex_font
    east_asian, other = EAST_ASIAN_FONT if script else BODY_FONT, COMPLEX_FONT if complex_font else BODY_FONT
    table = "".join(f"{{\\f{number}{font};}}" for number, font in fonts.items())
    return (
        rf"{{\rtf1\ansi\ansicpg1252\uc1\deff0\stshfdbch{east_asian}\stshfloch0\stshfhich0\stshfbi{other}"
        f"{_language(lang or script)}\n{{\\fonttbl{table}}}\n"
    )


def _east_asian_script(letters: str, lang: str) -> str:
    if not _EAST_ASIAN.search(letters):
        return ""
    if lang[:2].lower() in ("ko", "ja"):
        return lang[:2].lower()
    if _HANGUL.search(letters):
        return "ko"
    if _KANA.search(letters):
        return "ja"
    return "zh-Hant" if _TRADITIONAL.match(lang) else "zh"


def _language(lang: str) -> str:
    tag = lang.lower()
    number = LANGUAGES.get(tag) or LANGUAGES.get(tag.partition("-")[0])
    if number is None:
        return ""
    if tag[:2] in ("ko", "ja", "zh"):
        return rf"\deflang{_ENGLISH}\deflangfe{number}"
    return rf"\deflang{number}\deflangfe{number}"
