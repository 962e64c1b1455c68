"""A whole page around the body: its head says what is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

from wikicable.model import Document
from wikicable.notices import Notices
from wikicable.xmlout import attribute, attributes, escaped
from wikicable_html.head import is_free, usual_title

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))


def whole_page(document: Document, body: str, stylesheet: str, notices: Notices) -> str:
    """Write a page with a head and a style sheet: our own, or the one at the address ``stylesheet``."""
    metadata = document.metadata
    lang = metadata.lang or document.conf.lang
    direction = "rtl" if lang.partition("-")[0].lower() in _RIGHT_TO_LEFT else ""
    keys = attributes((("lang", lang), ("xml:lang", lang), ("dir", direction)))
    if any("," in tag for tag in metadata.tags):
        notices.changed("tags.comma", None, "a comma in a tag divides it: keywords are a list with commas")
    metas = "".join([f"<meta{attributes(pairs)} />\n" for pairs in _metas(document)])
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml"{keys}>
<head>
<meta charset="utf-8" />
<meta name="generator" content="wikicable" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{escaped(metadata.title or usual_title(document))}</title>
{metas}{_style(stylesheet)}</head>
<body>
<main>
{body}</main>
</body>
</html>
"""


def _style(stylesheet: str) -> str:
    if stylesheet:
        return f'<link rel="stylesheet"{attribute("href", stylesheet)} />\n'
    return f"<style>\n{files('wikicable_html').joinpath('style.css').read_text('utf-8')}</style>\n"


def _metas(document: Document) -> Iterator[tuple[tuple[str, str], ...]]:
    """Give the attributes of each ``meta``; values that are no text stand as JSON."""
    metadata = document.metadata
    plain = (
        ("title", metadata.title if metadata.title == usual_title(document) else ""),
        ("keywords", ", ".join(metadata.tags)),
        ("page-id", metadata.page_id),
        ("author", metadata.creator),
        *(("contributor", name) for name in metadata.contributors),
        ("created", metadata.created),
        ("modified", metadata.modified),
    )
    yield from ((("name", name), ("content", value)) for name, value in plain if value)
    for key, value in metadata.extra.items():
        name = key if is_free(key) else f"extra.{key}"
        if isinstance(value, str):
            yield ("name", name), ("content", value)
        else:
            yield ("name", name), ("content", json.dumps(value, ensure_ascii=False)), ("data-type", "json")
