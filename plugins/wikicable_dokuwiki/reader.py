"""DokuWiki markup to a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from wikicable import Context, Document
from wikicable.model import Metadata, Node, Tags
from wikicable.source import Source
from wikicable.walk import walk
from wikicable.wikiconf import SHIPPED
from wikicable_dokuwiki import ReadOptions
from wikicable_dokuwiki.blocks import paragraphs
from wikicable_dokuwiki.modes import grammar
from wikicable_dokuwiki.scanner import Mode, Scanner
from wikicable_dokuwiki.syntax import RULES

_CONF = {"2025": SHIPPED, "2026": replace(SHIPPED, release="2026")}
_FTP_HOST = re.compile(r"ftp?\.", re.IGNORECASE)


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a page as DokuWiki does."""
    conf = _CONF[options.release or "2025"]
    text = source.text
    modes = _modes(conf.release, options.syntax, ftp_hosts=bool(_FTP_HOST.search(text)))
    blocks = paragraphs(Scanner(text, modes, conf, context.notices).scan())
    tags = _tags(blocks) if "{{tag>" in text else ()
    return Document(blocks, Metadata(tags=tags, page_id=options.page or None), conf=conf)


@lru_cache(maxsize=8)
def _modes(release: str, syntax: str, *, ftp_hosts: bool) -> Mapping[str, Mode]:
    return grammar(_CONF[release], ftp_hosts=ftp_hosts, more=RULES if syntax == "all" else ())


def _tags(blocks: tuple[Node, ...]) -> tuple[str, ...]:
    """Give the tags of all the page's lists, each once, in order."""
    names = (name for node in walk(blocks) if isinstance(node, Tags) for name in node.tags)
    return tuple(dict.fromkeys(names))
