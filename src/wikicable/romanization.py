"""Other scripts in Latin letters, as DokuWiki writes them in ids where ``deaccent`` is 2.

These are DokuWiki's letters (``inc/Utf8/tables/romanization.php``), odd ones too, for lower-case text.  The
syllables of kana follow from rows; the exceptions stand below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_LETTERS = """
    å=a ä=a ö=o
    а=a б=b в=v г=g д=d е=e ё=jo ж=zh з=z и=i й=j к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=x ц=c ч=ch ш=sh щ=sch
    ъ= ы=y ь= э=eh ю=ju я=ja ґ=gh є=je і=i ї=ji
    ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=th ი=i კ=p ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=ph ქ=kh ღ=gh ყ=q შ=sh ჩ=ch
    ც=c ძ=dh წ=w ჭ=j ხ=x ჯ=jh ჰ=xh
    अ=a आ=ah इ=i ई=ih उ=u ऊ=uh ऋ=ry ॠ=ryh ऌ=ly ॡ=lyh ए=e ऐ=ay ओ=o औ=aw अं=amh अः=aq क=k ख=kh ग=g घ=gh ङ=nh च=c छ=ch
    ज=j झ=jh ञ=ny ट=tq ठ=tqh ड=dq ढ=dqh ण=nq त=t थ=th द=d ध=dh न=n प=p फ=ph ब=b भ=bh म=m य=z र=r ल=l व=v श=sh ष=sqh
    स=s ह=x ā=a ī=i ū=u ṛ=r ṝ=r ṅ=n ñ=n ṭ=t ḍ=d ṇ=n ś=s ṣ=s ṁ=m ṃ=m ḥ=h ḷ=l ḹ=l
    א=a ב=b ג=g ד=d ה=h ו=v ז=z ח=kh ט=th י=y ך=h כ=k ל=l ם=m מ=m ן=n נ=n ס=s ע=ah ף=f פ=p ץ=c צ=c ק=q ר=r ש=sh ת=t
    ا=a ب=b ت=t ث=th ج=g ح=xh خ=x د=d ذ=dh ر=r ز=z س=s ش=sh ص=s' ض=d' ط=t' ظ=z' ع=y غ=gh ف=f ق=q ك=k ل=l م=m ن=n ه=x'
    و=u ي=i
    α=a ά=a β=b γ=g δ=d ε=e έ=e ζ=z η=i ή=i θ=th ι=i ί=i ϊ=i ΐ=i κ=k λ=l μ=m ν=n ξ=x ο=o ό=o π=p ρ=r σ=s ς=s τ=t υ=y
    ύ=y ϋ=y ΰ=y φ=f χ=ch ψ=ps ω=o ώ=o
    ก=k ข=kh ฃ=kh ค=kh ฅ=kh ฆ=kh ง=ng จ=ch ฉ=ch ช=ch ซ=s ฌ=ch ญ=y ฎ=d ฏ=t ฐ=th ฑ=d ฒ=th ณ=n ด=d ต=t ถ=th ท=th ธ=th
    น=n บ=b ป=p ผ=ph ฝ=f พ=ph ฟ=f ภ=ph ม=m ย=y ร=r ฤ=rue ฤๅ=rue ล=l ฦ=lue ฦๅ=lue ว=w ศ=s ษ=s ส=s ห=h ฬ=l ฮ=h
    \u0e30=a \u0e31=a รร=a \u0e32=a \u0e45=a \u0e33=am \u0e4d\u0e32=am \u0e34=i \u0e36=ue \u0e35=ue \u0e38=u \u0e39=u เ=e แ=ae โ=o อ=o
    \u0e35ยะ=ia \u0e35ย=ia \u0e37อะ=uea \u0e37อ=uea \u0e31วะ=ua \u0e31ว=ua ใ=ai ไ=ai \u0e31ย=ai าย=ai าว=ao \u0e38ย=ui อย=oi
    \u0e37อย=ueai วย=uai \u0e34ว=io \u0e47ว=eo \u0e35ยว=iao \u0e48= \u0e49= \u0e4a= \u0e4b= \u0e47= \u0e4c= \u0e4e= \u0e4d= \u0e3a=
    ๆ=2 ๏=o ฯ=- ๚=- ๛=- ๐=0 ๑=1 ๒=2 ๓=3 ๔=4 ๕=5 ๖=6 ๗=7 ๘=8 ๙=9
    ㄱ=k ㅋ=kh ㄲ=kk ㄷ=t ㅌ=th ㄸ=tt ㅂ=p ㅍ=ph ㅃ=pp ㅈ=c ㅊ=ch ㅉ=cc ㅅ=s ㅆ=ss ㅎ=h ㅇ=ng ㄴ=n ㄹ=l ㅁ=m ㅏ=a ㅓ=e ㅗ=o ㅜ=wu
    ㅡ=u ㅣ=i ㅐ=ay ㅔ=ey ㅚ=oy ㅘ=wa ㅝ=we ㅟ=wi ㅙ=way ㅞ=wey ㅢ=uy ㅑ=ya ㅕ=ye ㅛ=oy ㅠ=yu ㅒ=yay ㅖ=yey
"""

_SYLLABLES = """
    あ=a い=i う=u え=e お=o か=ka き=ki く=ku け=ke こ=ko が=ga ぎ=gi ぐ=gu げ=ge ご=go さ=sa し=shi す=su せ=se そ=so
    ざ=za じ=ji ず=zu ぜ=ze ぞ=zo た=ta ち=chi つ=tsu て=te と=to だ=da ぢ=di づ=du で=de ど=do な=na に=ni ぬ=nu ね=ne の=no
    は=ha ひ=hi ふ=fu へ=he ほ=ho ば=ba び=bi ぶ=bu べ=be ぼ=bo ぱ=pa ぴ=pi ぷ=pu ぺ=pe ぽ=po ま=ma み=mi む=mu め=me も=mo
    や=ya ゆ=yu よ=yo ら=ra り=ri る=ru れ=re ろ=ro わ=wa ゐ=wi ゑ=we を=wo ん=n
    ふぁ=fa ふぃ=fi ふぇ=fe ふぉ=fo うぃ=wi うぇ=we いぇ=ye
"""
_WITH_SMALL_Y = {"き": "ky", "ぎ": "gy", "に": "ny", "ひ": "hy", "び": "by", "ぴ": "py", "み": "my", "り": "ry"}
_WITH_SMALL_VOWEL = {"し": "sh", "じ": "j", "ち": "ch"}
_NOT_DOUBLED = frozenset("あいうえおはひふへほやゆよわゐゑをん") | {"じゃ", "じゅ", "じぇ", "じょ"}

_KATAKANA_ONLY = """
    フゥ=fu フャ=fa フョ=fo フュ=fu スァ=swa スェ=swe スィ=swi スォ=swo スゥ=swu デァ=da デェ=de ディ=di デォ=do デゥ=du
    ツャ=tsa ツェ=tse ツィ=tsi ツョ=tso トァ=twa トェ=twe トィ=twi トォ=two トゥ=twu ドァ=dwa ドェ=dwe ドィ=dwi ドォ=dwo
    ドゥ=dwu ウァ=wha ウォ=who ウゥ=whu ヴャ=vya ヴョ=vyo ヴュ=vyu ヴァ=va ヴェ=ve ヴィ=vi ヴォ=vo ヴ=vu ティ=ti ヂィ=di
    ッティ=tti ッヂィ=ddi ッマ=ma ッメ=me ッミ=mi ッモ=mo ッム=mu ヵ=ka ヶ=ke
"""
_LONG_OR_ALONE = """
    フャー=fyaa フィー=fyii フョー=fyoo フュー=fyuu ヂャー=dyaa ヂェー=dyee ヂョー=dyoo ヂュー=dyuu ッチー=chii フゥー=fu_
    ァ=a ェ=e ィ=i ォ=o ゥ=u ャ=ya ョ=yo ュ=yu ・=_ 、=_ ー=_
"""


def romanized(text: str) -> str:
    """Write lower-case text of other scripts in Latin letters; the longest known run of letters goes first."""
    table, pattern = _table()
    return pattern.sub(lambda found: table[found[0]], text)


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    hiragana = dict(_hiragana())
    katakana = {_katakana(kana): latin for kana, latin in hiragana.items()} | _pairs(_KATAKANA_ONLY)
    long = {f"{kana}ー": latin + latin[-1] for kana, latin in katakana.items() if kana[0] != "ン"}
    table = _pairs(_LETTERS) | hiragana | katakana | long | _pairs(_LONG_OR_ALONE)
    longest_first = sorted(table, key=len, reverse=True)
    return table, re.compile("|".join(map(re.escape, longest_first)))


def _pairs(rows: str) -> dict[str, str]:
    cut = (each.partition("=") for each in rows.split())
    return {letter: latin for letter, _, latin in cut}


def _hiragana() -> Iterator[tuple[str, str]]:
    syllables = _pairs(_SYLLABLES)
    for kana, latin in _WITH_SMALL_Y.items():
        syllables |= {kana + small: latin + vowel for small, vowel in zip("ゃぃゅぇょ", "aiueo", strict=True)}
    for kana, latin in _WITH_SMALL_VOWEL.items():
        syllables |= {kana + small: latin + vowel for small, vowel in zip("ゃゅぇょ", "aueo", strict=True)}
    yield from syllables.items()
    for kana, latin in syllables.items():
        if kana[0] not in _NOT_DOUBLED and kana not in _NOT_DOUBLED:
            yield f"っ{kana}", latin[0] + latin
    for kana in "あいうえおやゆよ":
        yield f"ん{kana}", f"n_{syllables[kana]}"


def _katakana(hiragana: str) -> str:
    return "".join(chr(ord(kana) + 0x60) for kana in hiragana)
