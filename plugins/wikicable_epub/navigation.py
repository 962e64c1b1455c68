"""The navigation document: contents, an index of tags, landmarks, and the pages of the source where it has any.

https://www.w3.org/TR/epub-33/#sec-nav
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wikicable.xmlout import attribute, attributes, escaped
from wikicable_epub.binding import is_right_to_left
from wikicable_epub.chapters import Chapter, label
from wikicable_epub.urls import fit_fragment


@dataclass
class _Entry:
    """An entry of the contents, with those below it."""

    text: str
    href: str
    level: int
    below: list[_Entry] = field(default_factory=list)


@dataclass
class Ways:
    """What a book offers ways to: its chapters, the first ones of pages by their tags, and breaks between pages."""

    chapters: list[Chapter]
    tags: dict[str, list[Chapter]] = field(default_factory=dict)
    breaks: list[tuple[str, str]] = field(default_factory=list)


def navigation(ways: Ways, *, title: str, lang: str, depth: int, has_cover: bool) -> str:
    """Write the navigation document."""
    chapters = ways.chapters
    direction = "rtl" if is_right_to_left(lang) else ""
    keys = attributes((("lang", lang), ("xml:lang", lang), ("dir", direction)))
    cover = _landmark("cover", "cover.xhtml", "Cover") if has_cover else ""
    begin = _landmark("bodymatter", chapters[0].file, "Begin reading") if chapters else ""
    index = _landmark("index", "#tags", "Tags") if ways.tags else ""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{keys}>
<head>
<meta name="generator" content="wikicable" />
<title>{escaped(title)}</title>
<link rel="stylesheet" href="style.css" />
</head>
<body>
<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="contents">
<h1 id="contents">{escaped(title)}</h1>
{_list(_entries(chapters, depth))}</nav>
{_index(ways.tags)}<nav epub:type="landmarks" aria-label="Landmarks" hidden="hidden">
<ol>
{cover}{_landmark("toc", "#toc", "Contents")}{begin}{index}</ol>
</nav>
{_page_list(ways.breaks)}</body>
</html>
"""


def _index(tags: dict[str, list[Chapter]]) -> str:
    if not tags:
        return ""
    entries = [
        _Entry(tag, "", 0, [_Entry(chapter.title, chapter.file, 1) for chapter in tags[tag]])
        for tag in sorted(tags, key=lambda each: (each.casefold(), each))
    ]
    start = '<nav epub:type="index" role="doc-index" aria-labelledby="tags">\n<h2 id="tags">Tags</h2>\n'
    return f"{start}{_list(entries)}</nav>\n"


def _landmark(kind: str, href: str, text: str) -> str:
    return f'<li><a epub:type="{kind}" href="{href}">{text}</a></li>\n'


def _page_list(breaks: list[tuple[str, str]]) -> str:
    if not breaks:
        return ""
    pages = "".join(f'<li><a href="{href}">{escaped(page)}</a></li>\n' for href, page in breaks)
    return f'<nav epub:type="page-list" role="doc-pagelist" aria-label="Pages" hidden="hidden">\n<ol>\n{pages}</ol>\n</nav>\n'


# -- contents ------------------------------------------------------------------------------------


def _entries(chapters: list[Chapter], depth: int) -> list[_Entry]:
    """Give the entries of a book: its pages with what is in them, or of one page what is in it."""
    pages: list[_Entry] = []
    for chapter in chapters:
        inside = _nested(_headings(chapter, depth))
        is_whole = chapter.part == 1
        if is_whole:
            is_first = bool(inside) and inside[0].text == chapter.title
            below = [*inside[0].below, *inside[1:]] if is_first else inside
            pages.append(_Entry(chapter.title, chapter.file, 0, below))
        elif chapter.is_original:
            pages[-1].below.append(_Entry(label(chapter.title), chapter.file, 1))
        else:
            pages[-1].below += inside or [_Entry(chapter.title, chapter.file, 1)]
    return pages


def _headings(chapter: Chapter, depth: int) -> Iterator[_Entry]:
    for heading in chapter.headings:
        if heading.level <= depth and heading.id and heading.text:
            yield _Entry(heading.text, f"{chapter.file}#{fit_fragment(heading.id)}", heading.level)


def _nested(entries: Iterable[_Entry]) -> list[_Entry]:
    top: list[_Entry] = []
    open_entries: list[_Entry] = []
    for entry in entries:
        while open_entries and open_entries[-1].level >= entry.level:
            open_entries.pop()
        (open_entries[-1].below if open_entries else top).append(entry)
        open_entries.append(entry)
    return top


def _list(entries: list[_Entry]) -> str:
    items = "".join(f"<li>{_link(entry)}{_list(entry.below) if entry.below else ''}</li>\n" for entry in entries)
    return f"<ol>\n{items}</ol>\n"


def _link(entry: _Entry) -> str:
    text = escaped(entry.text)
    return f"<a{attribute('href', entry.href)}>{text}</a>" if entry.href else f"<span>{text}</span>"
