r"""Formulas in TeX, as MathJax finds them (https://www.dokuwiki.org/plugin:mathjax): ``$x$``, ``$$x$$``, ``\(x\)``.

A dollar sign opens and closes a formula only where pandoc thinks so too: ``$5 and $6`` are prices.  Other tokens than
dollar signs are kept by a ``Span`` around the formula.  No formula has a backtick in it, nor, between single dollar
signs, a quote or what TeX would want a backslash before.  Formulas are found in bold text, too: MathJax looks for
them in the finished page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from wikicable.model import Attr, Math, Node, Span
from wikicable_dokuwiki.syntax import Leaf, Markup, Syntax

SORT = 65
_IN_LINE = r"\$(?<!\\\$)(?![\s$])(?:[^$\n\\`\"@#%]|\\.)+(?<!\s)\$(?![\w$])"
_NAME = r"(?:math|displaymath|equation|eqnarray|align|flalign|alignat|multline|gather)\*?"
"""The environments that stand without dollar signs."""

_BARE = re.compile(rf"\\begin\{{({_NAME})\}}(?:(?!\\end\{{{_NAME}\}}).)*\\end\{{\1\}}", re.DOTALL)
_TOKENS = {
    r"\(": (r"\)", False),
    r"\[": (r"\]", True),
    "<latex>": ("</latex>", False),
    "<math>": ("</math>", False),
}
"""Opening token: closing token, and whether the formula stands on a line of its own."""


def _tokened(opening: str) -> Leaf:
    closing, display = _TOKENS[opening]

    def read(token: str) -> Node | None:
        if "`" in token:
            return None
        formula = Math(token[len(opening) : -len(closing)], display)
        return Span((formula,), Attr(classes=("tex",), pairs=(("delimiter", opening),)))

    def write(node: Span) -> Markup | None:
        match node:
            case Span(content=(Math(text=text),), attr=attr) if (
                attr.get("delimiter") == opening and closing not in text
            ):
                return (opening + text + closing,)
        return None

    return Leaf("tex", SORT, re.escape(opening), read, write, closing=re.escape(closing), in_paragraph=True)


def _environment(token: str) -> Node:
    return Math(token, display=True)


def _between(dollars: int) -> Callable[[str], Node | None]:
    return lambda token: None if "`" in token else Math(token[dollars:-dollars], display=dollars == 2)


def markup(formula: Math) -> tuple[str, str]:
    """Give a formula as it is usually written, and as it is written where that is not seen."""
    if _BARE.fullmatch(formula.text) and formula.display:
        return formula.text, f"$${formula.text}$$"
    if formula.display:
        return f"$${formula.text}$$", rf"\[{formula.text}\]"
    return f"${formula.text}$", rf"\({formula.text}\)"


SYNTAX = (
    Syntax(
        "mathjax",
        (
            Leaf("", SORT - 1, r"\$\$(?!\$\$)", _between(2), closing=r"\$\$", in_paragraph=True),
            Leaf("", SORT, _IN_LINE, _between(1)),
            *map(_tokened, _TOKENS),
            Leaf("", SORT, rf"\\begin\{{{_NAME}\}}", _environment, closing=rf"\\end\{{{_NAME}\}}", in_paragraph=True),
        ),
    ),
)
