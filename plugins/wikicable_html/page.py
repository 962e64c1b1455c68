"""A whole page around the body: its head says what is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

from wikicable.model import Document, Header, Metadata
from wikicable.notices import Notices
from wikicable.walk import plain_text, walk
from wikicable.xmlout import attribute, attributes, escaped

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
_OWN_NAMES = frozenset(
    (
        "author",
        "contributor",
        "created",
        "description",
        "generator",
        "keywords",
        "modified",
        "page-id",
        "title",
        "viewport",
    )
)


def whole_page(document: Document, body: str, stylesheet: str, notices: Notices) -> str:
    """Write a page with a head and a style sheet: our own, or the one at the address ``stylesheet``."""
    metadata = document.metadata
    lang = metadata.lang or document.conf.lang
    direction = "rtl" if lang.partition("-")[0].lower() in _RIGHT_TO_LEFT else ""
    keys = attributes((("lang", lang), ("xml:lang", lang), ("dir", direction)))
    if any("," in tag for tag in metadata.tags):
        notices.changed("tags.comma", None, "a comma in a tag divides it: keywords are a list with commas")
    metas = "".join([f"<meta{attributes(pairs)} />\n" for pairs in _metas(metadata)])
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml"{keys}>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{escaped(_title(document))}</title>
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


def _title(document: Document) -> str:
    """Give the title, or what stands for it: browsers need one."""
    if document.metadata.title:
        return document.metadata.title
    heading = next((plain_text(node) for node in walk(document) if isinstance(node, Header)), "")
    return heading or document.metadata.page_id or document.conf.title or "?"


def _metas(metadata: Metadata) -> Iterator[tuple[tuple[str, str], ...]]:
    """Give the attributes of each ``meta``; values that are no text stand as JSON."""
    plain = (
        ("title", metadata.title),
        ("keywords", ", ".join(metadata.tags)),
        ("page-id", metadata.page_id),
        ("author", metadata.creator),
        *(("contributor", name) for name in metadata.contributors),
        ("created", metadata.created),
        ("modified", metadata.modified),
    )
    yield from ((("name", name), ("content", value)) for name, value in plain if value)
    for key, value in metadata.extra.items():
        name = f"extra.{key}" if key in _OWN_NAMES or key.startswith("extra.") else key
        if isinstance(value, str):
            yield ("name", name), ("content", value)
        else:
            yield ("name", name), ("content", json.dumps(value, ensure_ascii=False)), ("data-type", "json")
