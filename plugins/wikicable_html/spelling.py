"""How ids of pages are spelled: what a link shows says more than the id in its address."""

from __future__ import annotations

import re

from wikicable.links import clean_id, link_text
from wikicable.model import PageTarget
from wikicable.wikiconf import WikiConf

_SPELLING = re.compile(r"[^\s:;/?#|\[\]{}<>~](?:[^:;/?#|\[\]{}<>\n]*[^\s:;/?#|\[\]{}<>])?")
"""What a page can be called in a link to it."""


def rooted(page_id: str, *, is_full: bool) -> str:
    """Give an id that means the same on every page: one that is full and has no namespace begins with a colon."""
    return f":{page_id}" if is_full and page_id and ":" not in page_id else page_id


def as_shown(page_id: str, text: str, conf: WikiConf) -> str:
    """Give an id in the spelling that the text of a link shows: ``Some Page`` for ``some_page``."""
    space, colon, name = page_id.rpartition(":")
    spelled = PageTarget(f"{space}{colon}{text}")
    is_same = _SPELLING.fullmatch(text) is not None and clean_id(text, conf) == name
    return spelled.id if is_same and link_text(spelled, conf) == text else page_id
