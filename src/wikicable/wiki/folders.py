"""Folders of files as sources: every layout that can be written can be read back."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import partial

from wikicable.errors import InputError
from wikicable.formats import Context, make_options
from wikicable.links import clean_id
from wikicable.notices import Notices
from wikicable.plugins import Plugins
from wikicable.source import Source
from wikicable.wiki.layouts import Layout, is_visible
from wikicable.wiki.sources import PageFile, Wiki, WikiSource
from wikicable.wiki.trees import Tree, read_blob
from wikicable.wikiconf import SHIPPED

_RENAMED = re.compile(r"~[0-9a-f]{12}|-\d+$")
"""What is in a file's name that is not its page's id: ``paths.py`` puts it there."""


def folder_source(layout: Layout, plugins: Plugins) -> WikiSource:
    """Give the source that reads folders of a layout."""
    return WikiSource(
        layout.name,
        layout.title,
        recognises=lambda tree: any(layout.page_id(path, SHIPPED) is not None for path in visible(tree)),
        open=partial(_open, layout, plugins),
    )


def visible(tree: Tree) -> Iterator[str]:
    """Give the files of a tree that are not hidden."""
    return filter(is_visible, tree.entries)


def _open(layout: Layout, plugins: Plugins, tree: Tree, source: WikiSource, notices: Notices) -> Wiki:
    pages = {path: page_id for path in visible(tree) if (page_id := layout.page_id(path, SHIPPED)) is not None}
    pages |= _own_ids(layout, plugins, tree, [path for path in pages if _is_doubtful(path, layout)])
    others = [path for path in visible(tree) if path not in pages]
    media = [(path, layout.media_id(path)) for path in others]
    wiki = Wiki(tree, source, layout.format, {}, layout=layout.name)
    wiki.pages = {page_id: PageFile(page_id, path) for page_id, path in _by_id(pages.items(), notices).items()}
    wiki.media = _by_id(((path, media_id) for path, media_id in media if media_id), notices)
    return wiki


def _is_doubtful(path: str, layout: Layout) -> bool:
    """Whether a file may be that of another page than its name says."""
    stem = posixpath.basename(path).removesuffix(layout.suffix)
    return stem == layout.start or any(_RENAMED.search(name) for name in path.removesuffix(layout.suffix).split("/"))


def _own_ids(layout: Layout, plugins: Plugins, tree: Tree, paths: list[str]) -> dict[str, str]:
    """Give the ids that pages say they have."""
    form = plugins.formats.reader(layout.format)
    options = make_options(form.read_options, layout.read_options, f"the {form.name} reader")
    found = {}
    for path, blob in tree.blobs(paths):
        try:
            source = Source(read_blob(blob, path), path)
        except InputError:
            continue
        assert form.read is not None
        document = form.read(source, options, Context(Notices(source), plugins.formats, plugins.ask))
        if document.metadata.page_id:
            found[path] = document.metadata.page_id
    return found


def _by_id(named: Iterable[tuple[str, str]], notices: Notices) -> dict[str, str]:
    """Give the paths by id, as DokuWiki would write it; of two files with one id the first counts."""
    found: dict[str, str] = {}
    for path, name in named:
        wiki_id = clean_id(name, SHIPPED)
        if not wiki_id:
            notices.dropped("source.page-id", detail=f"{path}: its name gives no id")
        elif wiki_id in found:
            notices.dropped("source.clash", detail=f"{path}: has the id {wiki_id}, as has {found[wiki_id]}")
        else:
            found[wiki_id] = path
    return dict(sorted(found.items()))
