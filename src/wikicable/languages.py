"""The language of a text, where its script alone makes sure of it."""

from __future__ import annotations

import re

_ENOUGH = 20
_SAMPLE = 20_000
_HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OTHER_LETTER = re.compile(r"[^\W\d_\u1100-\u11ff\u3041-\u30fa\u3131-\u318e\u4e00-\u9fff\uac00-\ud7a3]")


def language_by_script(text: str) -> str:
    """Give ``ko`` or ``ja`` for a text mostly written in Hangul or with Kana, and nothing where that is not sure."""
    sample = text[:_SAMPLE]
    if sample.isascii():
        return ""
    hangul, kana, han = (len(letters.findall(sample)) for letters in (_HANGUL, _KANA, _HAN))
    other = len(_OTHER_LETTER.findall(sample))
    if hangul >= _ENOUGH and hangul > 4 * kana and hangul > other / 2:
        return "ko"
    if kana >= _ENOUGH and kana > 4 * hangul and kana + han > other / 2:
        return "ja"
    return ""
