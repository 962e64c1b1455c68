r"""Code pages: which letters the bytes of an RTF file are.

A font's ``\\cpg`` or ``\\fcharset`` says which code page text in that font is in; without either it is the
document's ``\\ansicpg`` (RTF 1.9.1, "Font Table" and "Character Set").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

DEFAULT_CODEC = "cp1252"

CODE_PAGES: Mapping[int, str] = {
    437: "cp437", 708: "iso8859_6", 720: "cp720", 737: "cp737", 775: "cp775", 819: "latin_1", 850: "cp850",
    852: "cp852", 855: "cp855", 857: "cp857", 858: "cp858", 860: "cp860", 861: "cp861", 862: "cp862", 863: "cp863",
    864: "cp864", 865: "cp865", 866: "cp866", 869: "cp869", 874: "cp874", 932: "cp932", 936: "gbk", 949: "cp949",
    950: "cp950", 1250: "cp1250", 1251: "cp1251", 1252: "cp1252", 1253: "cp1253", 1254: "cp1254", 1255: "cp1255",
    1256: "cp1256", 1257: "cp1257", 1258: "cp1258", 1361: "johab", 10000: "mac_roman", 10001: "shift_jis",
    10002: "big5", 10003: "euc_kr", 10004: "mac_arabic", 10005: "cp1255", 10006: "mac_greek", 10007: "mac_cyrillic",
    10008: "gb2312", 10010: "mac_romanian", 10021: "cp874", 10029: "mac_latin2", 10079: "mac_iceland",
    10081: "mac_turkish", 10082: "mac_croatian", 20866: "koi8_r", 20932: "euc_jp", 20936: "gb2312", 21866: "koi8_u",
    28591: "latin_1", 28592: "iso8859_2", 28595: "iso8859_5", 28597: "iso8859_7", 28599: "iso8859_9",
    51932: "euc_jp", 51949: "euc_kr", 54936: "gb18030", 65000: "utf_7", 65001: "utf_8",
}  # fmt: skip
"""The codecs of ``\\ansicpg`` and ``\\cpg``."""

SYMBOL_CHARSET = 2

CHARSETS: Mapping[int, str] = {
    0: "cp1252", 77: "mac_roman", 78: "shift_jis", 79: "euc_kr", 80: "gb2312", 81: "big5", 83: "cp1255",
    84: "mac_arabic", 85: "mac_greek", 86: "mac_turkish", 87: "cp874", 88: "mac_latin2", 89: "mac_cyrillic",
    128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
"""The codecs of ``\\fcharset``; 1 means the document's own code page, 2 the font's own symbols."""

DOUBLE_BYTE = frozenset(("cp932", "gbk", "cp949", "cp950", "johab", "shift_jis", "big5", "euc_kr", "gb2312", "utf_8"))
"""Codecs in which a character may be several bytes, some of which may look like ASCII."""


def decode(raw: bytes, codec: str) -> tuple[str, bool]:
    """Give the text of bytes, and whether every byte had a meaning; those that had none stand as in Latin-1."""
    try:
        return raw.decode(codec), True
    except UnicodeDecodeError:
        return raw.decode(codec, "surrogateescape").translate(_AS_LATIN_1), False


_AS_LATIN_1 = {0xDC00 + byte: chr(byte) for byte in range(0x80, 0x100)}


# -- symbol fonts --------------------------------------------------------------------------------

_SYMBOL_UPPER = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_LOWER = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\uf8ff〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
SYMBOL: Mapping[int, str] = dict(enumerate(_SYMBOL_UPPER, 0x20)) | dict(enumerate(_SYMBOL_LOWER, 0xA0))
"""What the bytes of Adobe's Symbol font show."""

DINGBATS: Mapping[int, str] = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xE0: "→",
    0xDF: "←", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x4A: "☺", 0x4C: "☹",
}  # fmt: skip
"""What the bytes of Wingdings show that stand in texts: bullets, arrows, ticks and faces."""


@lru_cache(maxsize=64)
def symbols(font: str) -> Mapping[int, str]:
    """Give what the bytes of a symbol font show, by the font's name."""
    name = font.lower()
    if name.startswith(("wingdings", "zapf", "webdings")):
        return DINGBATS
    return SYMBOL if name.startswith("symbol") else {}


def decode_symbols(raw: bytes, font: str) -> str:
    """Give the text of bytes in a symbol font; what the font shows is guessed where the font is not known."""
    table = symbols(font)
    return "".join(table.get(byte) or bytes((byte,)).decode(DEFAULT_CODEC, "replace") for byte in raw)
