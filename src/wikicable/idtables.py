"""What becomes of letters and signs in page ids and section ids: facts of DokuWiki, as data.

Sources: ``inc/Utf8/tables/`` of DokuWiki 2025-05-14.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_SEPARATED = """
    0-2C 2F 3B-40 5B-5E 60 7B-BF D7 F7 2C7 2D8-2DD 300-301 303 309 323 384-385 387 5B0-5B9 5BB-5C3
    5F3-5F4 60C 61B 61F 640 64B-652 66A E3F 200C-200F 2013-2015 2017-201A 201C-201E 2020-2022 2026 2030
    2032-2033 2039-203A 2044 20A7 20AA-20AC 2116 2118 2122 2126 2135 2190-2195 21B5 21D0-21D4 2200 2202-2203
    2205-2209 220B 220F 2211-2212 2215 2217 2219-221A 221D-221E 2220 2227-222B 2234 223C 2245 2248 2260-2261
    2264-2265 2282-2284 2286-2287 2295 2297 22A5 22C5 2310 2320-2321 2329-232A 2469 2500 2502 250C 2510 2514
    2518 251C 2524 252C 2534 253C 2550-256C 2580 2584 2588 258C 2590-2593 25A0 25B2 25BC 25C6 25CA 25CF 25D7
    2605 260E 261B 261E 2660 2663 2665-2666 2701-2704 2706-2709 270C-2727 2729-274B 274D 274F-2752 2756
    2758-275E 2761-2767 277F 2789 2793-2794 2798-27AF 27B1-27BE 3000-3003 3008-3012 3014-301B 3036 C2A0
    F6D9-F6DB F8D7-F8FE FE7C-FE7D FF01-FF0F FF1A-FF20 FF3B-FF3E FF40 FF5B-FF65 FFE0-FFE6 FFE8-FFEE
    1D6FC-1D71B D800-DFFF
"""
"""Code points that separate words in an id; C2A0 is a Hangul syllable that DokuWiki takes for a blank.

The last range stands for bytes that are not UTF-8.
"""


def _code_points(ranges: str) -> Iterator[int]:
    for each in ranges.split():
        first, _, last = each.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


_MARKED = "áàăâåãąāćĉčċçďḋéèĕêěëėęēḟğĝġģĥíìîïĩįīĵķĺľļṁńňñņóòôőõōơṗŕřŗśŝšṡşșťṫţțúùŭûůűũųūưẃẁŵẅýỳŷÿźžżḃ"
_OTHERWISE = "ä=ae æ=ae đ=d ð=dh ƒ=f ħ=h ı=i ł=l ö=oe ø=o ß=ss ŧ=t ü=ue þ=th µ=u"
_UNACCENTED = {ord(each): unicodedata.normalize("NFD", each)[0] for each in _MARKED} | {
    ord(each[0]): each[2:] for each in _OTHERWISE.split()
}
"""Lower-case letters of which DokuWiki drops the accent; it leaves all others as they are."""


def translation(sepchar: str, *, deaccent: bool) -> dict[int, str]:
    """Give what becomes of each letter of an id, for ``str.translate``; ``sepchar`` stands between words."""
    separated = dict.fromkeys(_code_points(_SEPARATED), sepchar)
    return separated | _UNACCENTED if deaccent else separated
