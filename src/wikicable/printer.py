"""Output in lines, with what each line begins with."""

from __future__ import annotations

from collections.abc import Iterable


def indented(text: str, first: str, rest: str) -> str:
    """Put ``first`` before the first line and ``rest`` before every other line that is not blank."""
    head, *tail = text.split("\n")
    return "\n".join([first + head] + [rest + line if line else line for line in tail])


def blank_line_between(blocks: Iterable[str]) -> str:
    """Join blocks of output with one blank line; empty ones are left out."""
    return "\n\n".join(block for block in blocks if block)
