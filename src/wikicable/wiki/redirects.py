"""Pages that only lead to others, and old names of pages: where they lead in the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from wikicable.notices import Notices
from wikicable.wiki.layouts import Layout, Redirect
from wikicable.wiki.paths import Paths, beside
from wikicable.wikiconf import WikiConf


def followed(redirects: Mapping[str, str], pages: Collection[str], notices: Notices) -> dict[str, str]:
    """Give the page to which each of some ids leads; one that leads to none is no redirect, which is said."""
    found: dict[str, str] = {}
    for old in sorted(redirects):
        *_, target = _way(old, redirects)
        page_id, _, section = target.partition("#")
        if page_id not in pages or page_id in redirects:
            notices.missing("redirect.page", detail=f"{old}: leads to {redirects[old]}")
            continue
        if section:
            notices.changed("redirect.section", detail=f"{old}: leads to the beginning of {page_id}, not to #{section}")
        found[old] = page_id
    return found


def _way(page_id: str, redirects: Mapping[str, str]) -> Iterator[str]:
    """Give what a page leads to, step by step, until the way ends or is round."""
    seen = set()
    while page_id in redirects and page_id not in seen:
        seen.add(page_id)
        yield redirects[page_id]
        page_id = redirects[page_id].partition("#")[0]


def placed(redirects: Mapping[str, str], paths: Paths, layout: Layout, conf: WikiConf) -> tuple[Redirect, ...]:
    """Give redirects the files at which old names are looked for, where these are no other's."""
    places = beside(paths, redirects, (), layout, conf).pages
    return tuple(Redirect(old, path, redirects[old], paths.pages[redirects[old]]) for old, path in places.items())
