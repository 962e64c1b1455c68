"""The normal form of a page: as it is written from other formats, which do not know how its lines were typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import wikicable
from wikicable.model import Node
from wikicable.walk import rewrite


def in_normal_form(page: str | Path) -> str:
    """Give a page of DokuWiki in its normal form."""
    written = wikicable.write(rewrite(wikicable.read(page, "dokuwiki"), _nowhere), "dokuwiki")
    assert isinstance(written, str)
    return written


def _nowhere(node: Node) -> Node:
    return replace(node, at=None)
