"""Opening a wiki: finding out what kind it is, and asking that kind."""

from __future__ import annotations

from pathlib import Path

from wikicable.errors import FormatError, OptionError, nearest
from wikicable.notices import Notices
from wikicable.plugins import Plugins
from wikicable.wiki.bound import book_format, book_source, book_tree
from wikicable.wiki.folders import folder_source
from wikicable.wiki.layouts import layout_for, layout_of_files, layouts
from wikicable.wiki.sources import Wiki, WikiSource
from wikicable.wiki.trees import Tree, open_tree


def wiki_sources(plugins: Plugins) -> dict[str, WikiSource]:
    """Give every kind of wiki that a plugin opens itself, by name."""
    return {source.name: source for source in plugins.ask("register_sources", WikiSource)}


def open_wiki(path: Path, plugins: Plugins, notices: Notices, kind: str | None = None) -> Wiki:
    """Open a wiki, of the kind named or of the first that recognises it."""
    form = book_format(path, plugins)
    if form and kind in (None, form.name):
        book = book_source(form, plugins)
        return book.open(book_tree(path), book, notices)
    source = _named(kind, plugins) if kind else None
    tree = open_tree(path, notices)
    source = source or _recognised(tree, plugins)
    if source is None:
        raise FormatError(f"{path}: no wiki here: no folder of pages, and no files of a known format")
    return source.open(tree, source, notices)


def source_named(name: str, plugins: Plugins) -> WikiSource:
    """Give a kind of wiki, or a layout as one."""
    return wiki_sources(plugins).get(name) or folder_source(layout_for(name, plugins), plugins)


def _named(kind: str, plugins: Plugins) -> WikiSource:
    known = [*wiki_sources(plugins), *layouts(plugins), *(each.name for each in plugins.formats.values() if each.read)]
    if kind not in known:
        raise OptionError(
            f"no wiki of kind {kind!r}{nearest(kind, known)} (there are: {', '.join(dict.fromkeys(known))})"
        )
    return source_named(kind, plugins)


def _recognised(tree: Tree, plugins: Plugins) -> WikiSource | None:
    for source in wiki_sources(plugins).values():
        if source.recognises(tree):
            return source
    layout = layout_of_files(list(tree.entries), plugins)
    return folder_source(layout, plugins) if layout else None
