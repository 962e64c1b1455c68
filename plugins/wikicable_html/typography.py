"""Text as DokuWiki sets it: entities, smileys, acronyms, the multiplication sign and quotes, escaped for XML.

The rules are those of ``inc/Parsing/ParserMode``: ``Smiley``, ``Acronym``, ``Entity``, ``Multiplyentity``, ``Quotes``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from itertools import groupby
from typing import TypeAlias

from wikicable.wikiconf import WikiConf
from wikicable.xmlout import attribute, escaped

Rows: TypeAlias = tuple[tuple[str, str], ...]

_BEFORE_QUOTE = frozenset(" \t\n\r\f\v/#~:+=&%@-()][{}><\"'")
_AFTER_QUOTE = _BEFORE_QUOTE | frozenset(";,.?!") | {""}

_QUOTES = {
    **dict.fromkeys(("az", "be", "ca", "fa", "hy", "km", "no", "oc", "ru"), ("«", "»")),
    **dict.fromkeys(("bg", "cs", "da", "de", "et", "is", "lt", "lv", "mk", "ro", "sl", "sq", "sr"), ("„", "“")),
    **dict.fromkeys(("hu", "pl"), ("„", "”")),
    **dict.fromkeys(("fi", "sv"), ("”", "”")),
    **dict.fromkeys(("fo", "kk", "la", "ta"), ("&quot;", "&quot;")),
}
"""Opening and closing quotes by language, where they are not “ and ”: ``inc/lang/*/lang.php``."""


class Typesetter:
    """Sets the text of one page; it counts the quotes that are open."""

    def __init__(self, conf: WikiConf, lang: str, base_url: str) -> None:
        smileys, acronyms, entities = (tuple(each.items()) for each in (conf.smileys, conf.acronyms, conf.entities))
        self._pattern = _pattern(smileys, acronyms, entities)
        self._replacements = _replacements(smileys, acronyms, entities, base_url)
        self._opening, self._closing = _QUOTES.get(lang.lower().partition("-")[0], ("“", "”"))
        self._open_quotes = 0
        self._done = 0

    def set(self, text: str) -> str:
        """Set a run of text."""
        self._done = 0
        return self._pattern.sub(self._replace, text)

    def _replace(self, found: re.Match[str]) -> str:
        typed = found[0]
        known = self._replacements.get(typed)
        if not known:
            known = self._quote(found.string, found.start()) if typed == '"' else _product(typed)
        self._done = found.end()
        return known

    def _quote(self, text: str, at: int) -> str:
        begins = at == self._done or text[at - 1] in _BEFORE_QUOTE
        looks_opening = begins and text[at + 1 : at + 2] not in _AFTER_QUOTE
        if looks_opening or not self._open_quotes:
            self._open_quotes += 1
            return self._opening
        self._open_quotes -= 1
        return self._closing


def _product(typed: str) -> str:
    return typed.replace("x", "×").replace("X", "×")


@lru_cache(maxsize=8)
def _replacements(smileys: Rows, acronyms: Rows, entities: Rows, base_url: str) -> Mapping[str, str]:
    images = base_url + "lib/images/smileys/"
    return (
        {token: escaped(unescape(sign)) for token, sign in entities}
        | {token: f"<abbr{attribute('title', title)}>{escaped(token)}</abbr>" for token, title in acronyms}
        | {
            token: f'<img{attribute("src", images + image)} class="icon smiley"{attribute("alt", token)} />'
            for token, image in smileys
        }
        | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    )


# -- the pattern ---------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _pattern(smileys: Rows, acronyms: Rows, entities: Rows) -> re.Pattern[str]:
    """Make one pattern of all there is to replace; every branch begins with a literal, so that it is found fast."""
    tokens = [_bounded(smiley, r"\w", r"\w") for smiley, _ in smileys]
    longest_first = sorted((acronym for acronym, _ in acronyms), key=len, reverse=True)
    tokens += [_bounded(acronym, r"[^\x00-/:-@\[-`{-\x7f]", r"[^\x00-/:-@\[-`{-\x7f]") for acronym in longest_first]
    tokens += [(entity[0], re.escape(entity[1:])) for entity, _ in entities if entity]
    tokens += [
        (digit, rf"(?<!\w{digit}){'[0-9]+' if digit == '0' else '[0-9]*'}[xX][0-9]+(?!\w)") for digit in "0123456789"
    ]
    tokens += [(char, "") for char in '"&<>']
    by_char = groupby(sorted(tokens, key=lambda token: token[0]), key=lambda token: token[0])
    branches = (re.escape(char) + "(?:" + "|".join(rest for _, rest in group) + ")" for char, group in by_char)
    return re.compile("|".join(branches), re.ASCII)


def _bounded(token: str, before: str, after: str) -> tuple[str, str]:
    first = re.escape(token[0])
    return token[0], f"(?<!{before}{first}){re.escape(token[1:])}(?!{after})"


# -- back ----------------------------------------------------------------------------------------


def _signs_of(conf: WikiConf, lang: str) -> dict[str, str]:
    """Give the signs that DokuWiki sets, with what is typed for each."""
    opening, closing = _QUOTES.get(lang.lower().partition("-")[0], ("“", "”"))
    signs = {unescape(sign): typed for typed, sign in reversed(tuple(conf.entities.items()))}
    return signs | {each: '"' for each in (opening, closing) if len(each) == 1 and each not in signs}


def signs_in(text: str, conf: WikiConf, lang: str) -> dict[str, str]:
    """Give the signs in a text that DokuWiki could have set, with what is typed for each."""
    return {sign: typed for sign, typed in {"×": "x", **_signs_of(conf, lang)}.items() if sign in text}


class Typed:
    """Gives the text that an author types where DokuWiki sets signs: ``--`` for a dash, straight quotes."""

    def __init__(self, conf: WikiConf, lang: str, kept: str = "") -> None:
        """Give signs as they are typed, all but those in ``kept``."""
        entities = tuple(conf.entities.items())
        signs = _signs_of(conf, lang)
        self._signs = {sign: typed for sign, typed in signs.items() if sign not in kept}
        products = [] if "×" in kept else [r"(?<=\d)×(?=\d)"]
        self._pattern = re.compile("|".join([*products, *map(re.escape, self._signs)]) or "(?!)")
        self._set = _pattern((), (), entities)
        self._replacements = _replacements((), (), entities, "")

    def text(self, text: str) -> str:
        """Give a run of text as it is typed, or as it stands where that would be set in another way."""
        if not self._pattern.search(text):
            return text
        typed = self._pattern.sub(lambda sign: self._signs.get(sign[0], "x"), text)
        return typed if self._reset(typed) == self._straight(text) else text

    def _reset(self, typed: str) -> str:
        """Set text again, all but its quotes."""
        return self._set.sub(lambda found: self._sign(found[0]), typed)

    def _sign(self, typed: str) -> str:
        if typed in '"&<>':
            return typed
        return unescape(self._replacements[typed]) if typed in self._replacements else _product(typed)

    def _straight(self, text: str) -> str:
        return self._pattern.sub(lambda sign: '"' if self._signs.get(sign[0]) == '"' else sign[0], text)
