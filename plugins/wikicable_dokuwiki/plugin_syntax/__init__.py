"""The syntax of the DokuWiki plugins in wide use, a module for each of some kind."""

from __future__ import annotations

from wikicable_dokuwiki.plugin_syntax import (
    calls,
    columns,
    definitions,
    entries,
    folded,
    fonts,
    images,
    notes,
    tex,
    wrap,
)
from wikicable_dokuwiki.syntax import Syntax

SYNTAX: tuple[Syntax, ...] = (
    *calls.SYNTAX,
    *wrap.SYNTAX,
    *notes.SYNTAX,
    *fonts.SYNTAX,
    *folded.SYNTAX,
    *columns.SYNTAX,
    *entries.SYNTAX,
    *tex.SYNTAX,
    *definitions.SYNTAX,
    *images.SYNTAX,
)
"""What ``register_dokuwiki_syntax`` gives of our own."""
