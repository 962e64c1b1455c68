"""DokuWiki markup to a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from wikicable import Context, Document
from wikicable.model import Block, Macro, Metadata
from wikicable.source import Source
from wikicable.tags import tags_in
from wikicable.wikiconf import WikiConf
from wikicable_dokuwiki import ReadOptions
from wikicable_dokuwiki.blocks import paragraphs
from wikicable_dokuwiki.conf import folder_conf
from wikicable_dokuwiki.modes import SHIPPED_AS, grammar
from wikicable_dokuwiki.plugin_markup import OWN_MACROS
from wikicable_dokuwiki.scanner import Scanner
from wikicable_dokuwiki.syntax import given

_FTP_HOST = re.compile(r"ftp?\.", re.IGNORECASE)


def read(source: Source, options: ReadOptions, context: Context) -> Document:
    """Read a page as DokuWiki does."""
    conf = _conf(options)
    text = source.text
    syntaxes = given(context) if options.syntax == "all" else None
    modes = grammar(conf, syntaxes, ftp_hosts=bool(_FTP_HOST.search(text)))
    blocks = _together(paragraphs(Scanner(text, modes, conf, context.notices).scan()), text)
    tags = tags_in(blocks, conf) if "{{tag>" in text else ()
    return Document(blocks, Metadata(tags=tags, page_id=options.page or None), conf=conf)


def _conf(options: ReadOptions) -> WikiConf:
    if not options.conf:
        return SHIPPED_AS[options.release or "2025"]
    conf = folder_conf(options.conf)
    release = options.release or conf.release
    return conf if release == conf.release else replace(conf, release=release)


def _together(blocks: Iterable[Block], text: str) -> tuple[Block, ...]:
    """Keep plugins' macros on lines right below each other as one: where those plugins are not, they are one paragraph."""
    out: list[Block] = []
    for block in blocks:
        above = out[-1] if out else None
        if isinstance(above, Macro) and isinstance(block, Macro) and _is_right_below(above, block, text):
            out[-1] = replace(above, text=text[above.at : block.at] + block.text)
        else:
            out.append(block)
    return tuple(out)


def _is_right_below(above: Macro, block: Macro, text: str) -> bool:
    if above.at is None or block.at is None or {above.text, block.text} & OWN_MACROS:
        return False
    between = text[above.at : block.at]
    return between.startswith(above.text) and between.removeprefix(above.text).strip(" \t") == "\n"
