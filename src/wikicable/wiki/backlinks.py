"""What links to a page, written below it: a list that is made of the wiki, and no part of the page on the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wikicable.model import Attr, Block, BulletList, Div, Document, Inline, Para, Plain, Str, Strong

_CLASSES = ("derived", "backlinks")
_TITLE = "Backlinks"


def with_backlinks(document: Document, links: Sequence[Inline]) -> Document:
    """Give a document with a list of links to the pages that link to it, if there are any."""
    if not links:
        return document
    items = tuple((Plain((link,)),) for link in links)
    content = (Para((Strong((Str(_TITLE),)),)), BulletList(items))
    return replace(document, blocks=(*document.blocks, Div(content, Attr(classes=_CLASSES))))


def without_backlinks(document: Document) -> Document:
    """Give a document without such a list at its end."""
    if document.blocks and _is_list(document.blocks[-1]):
        return replace(document, blocks=document.blocks[:-1])
    return document


def _is_list(block: Block) -> bool:
    return isinstance(block, Div) and set(_CLASSES) <= set(block.attr.classes)
