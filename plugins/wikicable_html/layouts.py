"""A static web site as a target: pages, a page for each tag, and a search that needs no server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

from wikicable.model import Document, Inline, Link, Plain, UrlTarget
from wikicable.wiki.layouts import Finish, Layout, PageLink, Redirect, SideFile, Site, relative_link, url_path
from wikicable.wiki.paths import relative
from wikicable.xmlout import attribute, escaped

_STYLE = "_site/style.css"
_LIST = "_site/search.js"
_TAGS = "_tags/index.html"
_SEARCH = "search.html"


def link(place: PageLink) -> Inline:
    """Link to a file by its path; a link to a page that nobody wrote looks like one."""
    found = relative_link(place)
    if isinstance(found, Link) and not place.is_there:
        return replace(found, attr=replace(found.attr, classes=(*found.attr.classes, "wikilink2")))
    return found


def finish(document: Document, page: Finish) -> Document:
    """Give each page a title, which browsers show; smileys stay text, for their pictures are not here."""
    metadata = replace(document.metadata, title=document.metadata.title or page.title)
    return replace(document, metadata=metadata, conf=replace(document.conf, smileys={}))


def restore(document: Document) -> Document:
    """Leave out the ways above a page."""
    match document.blocks:
        case (Plain(content=[*_, Link(target=UrlTarget(tags)), _, Link(target=UrlTarget(search))]), *blocks) if (
            tags.endswith(_TAGS) and search.endswith(_SEARCH)
        ):
            return replace(document, blocks=tuple(blocks))
    return document


def wrap(html: str, page: Finish) -> str:
    """Put the way to the start page, to the tags and to the search above a page."""
    up = "../" * page.path.count("/")
    links = (
        ("index.html", page.conf.title or page.conf.start),
        (_TAGS, "Tags"),
        (_SEARCH, "Search"),
    )
    ways = " ".join(f"<a{attribute('href', up + path)}>{escaped(text)}</a>" for path, text in links)
    html = html.replace(f'href="{_STYLE}"', f'href="{up}{_STYLE}"', 1)
    return html.replace("<body>\n", f'<body>\n<nav class="site">{ways}</nav>\n', 1)


def site_files(site: Site) -> Iterator[SideFile]:
    """Give the style sheet, the page that searches, what it searches in, and a start page where the wiki has none."""
    templates = files("wikicable_html") / "site"
    style = files("wikicable_html").joinpath("style.css").read_text("utf-8")
    yield _STYLE, style + (templates / "site.css").read_text("utf-8")
    yield _SEARCH, (templates / _SEARCH).read_text("utf-8").replace("TITLE", escaped(site.title))
    yield _LIST, f"const pages = [\n{_search_list(site)}];\n"
    if site.conf.start not in {page.id for page in site.pages()}:
        yield "index.html", _contents(site)
    if not site.tags:
        yield _TAGS, _page("Tags", "", "../")
    if site.redirects is not None:
        yield "404.html", _guide(site, (templates / "404.html").read_text("utf-8"))
        yield from ((each.path, _moved(each)) for each in site.redirects)


def _search_list(site: Site) -> str:
    """Give a line for each page: path, title, tags and headings, as JavaScript that a page without a server can load."""
    lines = (
        _script([page.path, page.title, list(page.tags), [each.text for each in page.headings]])
        for page in site.pages()
    )
    return "".join(f"{line},\n" for line in lines)


def _contents(site: Site) -> str:
    items = "".join(f"<li><a{attribute('href', page.path)}>{escaped(page.title)}</a></li>\n" for page in site.pages())
    return _page(site.title, items)


def _guide(site: Site, template: str) -> str:
    """Write the page that a server gives for addresses it does not know: it leads those of the wiki to their pages."""
    pages = ((page.id, page.path) for page in site.pages())
    named = {page_id: path for page_id, path in pages if path != page_id.replace(":", "/") + ".html"}
    values = {"TITLE": escaped(site.title), "START": _script(site.conf.start), "NAMED": _script(named)}
    return re.sub("|".join(values), lambda found: values[found[0]], template)


def _script(value: object) -> str:
    """Write a value as JavaScript that can stand in a page."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def _moved(redirect: Redirect) -> str:
    """Write a page that browsers and search engines leave at once for another."""
    url = attribute("href", url_path(relative(redirect.page_path, redirect.path)))
    refresh = attribute("content", f"0; url={url_path(relative(redirect.page_path, redirect.path))}")
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8" />\n<title>{escaped(redirect.page_id)}</title>\n'
        f'<meta http-equiv="refresh"{refresh} />\n<link rel="canonical"{url} />\n</head>\n<body>\n'
        f"<p>Moved to <a{url}>{escaped(redirect.page_id)}</a></p>\n</body>\n</html>\n"
    )


def _page(title: str, items: str, up: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8" />\n<title>{escaped(title)}</title>\n'
        f'<link rel="stylesheet" href="{up}{_STYLE}" />\n</head>\n<body>\n<main>\n'
        f"<h1>{escaped(title)}</h1>\n<ul>\n{items}</ul>\n</main>\n</body>\n</html>\n"
    )


SITE = Layout(
    name="html",
    title="a static web site",
    format="html",
    suffix=".html",
    start="index",
    tag_folder="_tags",
    writes_redirects=True,
    marks=("_site",),
    own_files=(_SEARCH, "404.html"),
    write_options={"standalone": True, "stylesheet": _STYLE, "base_url": ""},
    link=link,
    finish=finish,
    restore=restore,
    wrap=wrap,
    side_files=site_files,
)
