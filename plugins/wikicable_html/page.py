"""A whole page around the body: its head says what is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

from wikicable.model import Document, Str
from wikicable.notices import Notices
from wikicable.walk import walk
from wikicable.xmlout import attribute, attributes, escaped
from wikicable_html import WriteOptions
from wikicable_html.head import is_free, usual_lang, usual_title
from wikicable_html.typography import signs_in

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))


def whole_page(document: Document, body: str, options: WriteOptions, notices: Notices) -> str:
    """Write a page with a head and a style sheet: our own, or the one whose address is given."""
    metadata = document.metadata
    lang = metadata.lang or document.conf.lang or usual_lang(document)
    direction = "rtl" if lang.partition("-")[0].lower() in _RIGHT_TO_LEFT else ""
    keys = attributes((("lang", lang), ("xml:lang", lang), ("dir", direction)))
    if any("," in tag for tag in metadata.tags):
        notices.changed("tags.comma", None, "a comma in a tag divides it: keywords are a list with commas")
    metas = "".join([f"<meta{attributes(pairs)} />\n" for pairs in _metas(document, _signs(document, options))])
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml"{keys}>
<head>
<meta charset="utf-8" />
<meta name="generator" content="wikicable" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{escaped(metadata.title or usual_title(document))}</title>
{metas}{_style(options.stylesheet)}</head>
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


def _signs(document: Document, options: WriteOptions) -> str:
    """Give the signs that the author typed, so that they are not taken for what DokuWiki makes of others."""
    texts = "\n".join(node.text for node in walk(document, Str))
    signs = signs_in(texts, document.conf, document.metadata.lang or document.conf.lang)
    return "".join(sign for sign, typed in signs.items() if not options.typography or typed not in texts)


def _metas(document: Document, signs: str) -> Iterator[tuple[tuple[str, str], ...]]:
    """Give the attributes of each ``meta``; values that are no text stand as JSON."""
    metadata = document.metadata
    plain = (
        ("title", metadata.title if metadata.title == usual_title(document) else ""),
        ("lang", metadata.lang if metadata.lang == usual_lang(document) else ""),
        ("keywords", ", ".join(metadata.tags)),
        ("page-id", metadata.page_id),
        ("author", metadata.creator),
        *(("contributor", name) for name in metadata.contributors),
        ("created", metadata.created),
        ("modified", metadata.modified),
        ("typed-signs", signs),
    )
    yield from ((("name", name), ("content", value)) for name, value in plain if value)
    for key, value in metadata.extra.items():
        name = key if is_free(key) else f"extra.{key}"
        if isinstance(value, str):
            yield ("name", name), ("content", value)
        else:
            yield ("name", name), ("content", json.dumps(value, ensure_ascii=False)), ("data-type", "json")
