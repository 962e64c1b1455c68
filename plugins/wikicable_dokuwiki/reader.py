"""DokuWiki markup to a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from wikicable import Context, Document
from wikicable.model import At, Block, CodeBlock, Macro, Metadata
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
    return Document(tuple(_as_typed(blocks, text)), Metadata(tags=tags, page_id=options.page or None), conf=conf)


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


def _as_typed(blocks: tuple[Block, ...], text: str) -> Iterator[Block]:
    """Let blocks know the line ends around them, where these are not as usual; of macros they never are."""
    above: Block | None = None
    for number, block in enumerate(blocks, 1):
        before = _line_ends_before(block, above, text)
        behind = _line_ends(text, len(text), block) if number == len(blocks) else 1
        if block.at is None or ((before, behind) == (2, 1) and not isinstance(block, Macro)):
            yield block
        else:
            place = block.at if isinstance(block.at, At) else At(block.at)
            _, opening, closing, _ = place.line_ends
            yield replace(block, at=At(place, (before, opening, closing, behind), place.indent))
        above = block


_LINE_END = re.compile(r"[ \t]*\n")
"""What a block begins with that DokuWiki sees from the end of the line above it on."""


def _line_ends_before(block: Block, above: Block | None, text: str) -> int:
    """Count the line ends before a block; some begin with the last of them, and lists of two kinds at one place."""
    if above is None or block.at is None or block.at == above.at:
        return 2
    found = None if isinstance(block, CodeBlock) else _LINE_END.match(text, block.at)
    return _line_ends(text, found.end() if found else block.at, above)


def _line_ends(text: str, at: int, above: Block) -> int:
    """Count the line ends right before ``at``, but for those at the end of code there."""
    start = at
    while start and text[start - 1] in " \t\n":
        start -= 1
    ends = text.count("\n", start, at)
    if isinstance(above, CodeBlock) and above.kind == "indented":
        ends -= above.text.count("\n", len(above.text.rstrip()))
    return ends


def _is_right_below(above: Macro, block: Macro, text: str) -> bool:
    if above.at is None or block.at is None or {above.text, block.text} & OWN_MACROS:
        return False
    between = text[above.at : block.at]
    return between.startswith(above.text) and between.removeprefix(above.text).strip(" \t") == "\n"
