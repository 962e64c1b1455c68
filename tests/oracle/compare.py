"""Our HTML beside a real DokuWiki's: ``python -m oracle.compare`` in the folder ``tests`` shows where they differ."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import wikicable
from oracle.canon import Token, canon
from oracle.pages import pages
from oracle.wiki import rendered


@dataclass(frozen=True)
class Difference:
    """A page that we do not show as DokuWiki does, and the first tokens that differ: DokuWiki's, then ours.

    A page on which we fail differs by the token ``("raised", ...)``.
    """

    page: str
    theirs: Token | None
    ours: Token | None


def ours(page: str) -> str:
    """Give our HTML, as a DokuWiki without plugins would show the page ``page``."""
    html = wikicable.convert(page, "dokuwiki", "html", read_options={"syntax": "core"}, metadata={"page_id": "page"})
    assert isinstance(html, str)
    return html


def differences(given: Sequence[str]) -> Iterator[Difference]:
    """Give the pages that differ; those on which DokuWiki itself fails are left out."""
    for page, theirs in zip(given, rendered(given), strict=True):
        if theirs is not None and (difference := _difference(page, theirs)):
            yield difference


def _difference(page: str, html: str) -> Difference | None:
    theirs, mine = canon(html), _our_tokens(page)
    if theirs == mine:
        return None
    at = next((at for at, (one, two) in enumerate(zip(theirs, mine, strict=False)) if one != two), None)
    at = min(len(theirs), len(mine)) if at is None else at
    return Difference(page, *(tokens[at] if at < len(tokens) else None for tokens in (theirs, mine)))


def _our_tokens(page: str) -> list[Token]:
    try:
        return canon(ours(page))
    except Exception as error:  # noqa: BLE001  whatever it is, it is the finding
        return [("raised", type(error).__name__, str(error)[:200])]


def shrunk(found: Difference) -> Difference:
    """Take away from a page whatever can go while it still differs: lines first, then characters."""
    for separator in ("\n", ""):
        size = max(1, len(found.page) // 2)
        while size:
            parts = found.page.split(separator) if separator else list(found.page)
            shorter = [separator.join(parts[:at] + parts[at + size :]) for at in range(0, len(parts), size)]
            smaller = next(differences([page for page in shorter if page != found.page]), None)
            found, size = (smaller, size) if smaller else (found, size // 2)
    return found


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--count", type=int, default=500)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--show", type=int, default=5)
    ask.add_argument("--shrink", action="store_true", help="take away from each page shown what does not matter")
    asked = ask.parse_args()
    found = list(differences(list(pages(asked.count, asked.seed))))
    for difference in found[: asked.show]:
        shown = shrunk(difference) if asked.shrink else difference
        print(f"{shown.page}\n--- DokuWiki: {shown.theirs!r}\n--- here:     {shown.ours!r}\n{'=' * 72}")
    print(f"{asked.count - len(found)} of {asked.count} pages as DokuWiki shows them")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
