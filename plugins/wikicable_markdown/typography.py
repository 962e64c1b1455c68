"""Text that DokuWiki shows otherwise than it is typed: quotes, dashes, smileys.

Markdown's code is literal, DokuWiki's ``''monospaced text''`` is not.  Where the two look alike, code is read as
monospaced text, which is what authors of wiki pages write; the rest keeps them apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

from wikicable.wikiconf import WikiConf


def is_typographic(text: str, conf: WikiConf) -> bool:
    """Whether DokuWiki would show some of this text otherwise than it is typed."""
    return _pattern(tuple(conf.entities), tuple(conf.smileys)).search(text) is not None


@lru_cache(maxsize=16)
def _pattern(entities: tuple[str, ...], smileys: tuple[str, ...]) -> re.Pattern[str]:
    tokens = sorted((*entities, *smileys), key=len, reverse=True)
    return re.compile("|".join([r"[\"']", r"\b[1-9]\d*[xX][1-9]\d*\b", *map(re.escape, tokens)]))
