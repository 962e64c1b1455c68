"""A file that holds several pages as a source: a book, a corpus.

Its pages are parts of one file, and what travels in it beside them is the wiki's media.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath

from wikicable.formats import Context, Format, make_options
from wikicable.links import clean_id
from wikicable.model import Document
from wikicable.notices import Notices
from wikicable.plugins import Plugins
from wikicable.source import Source
from wikicable.wiki.sources import PageFile, Wiki, WikiSource
from wikicable.wiki.trees import Blob, Entry, FileBlob, HeldBlob, Tree, read_blob
from wikicable.wikiconf import SHIPPED


@dataclass
class BookTree:
    """The file itself, and what is in it beside its pages."""

    name: str
    entries: dict[str, Entry] = field(default_factory=dict)
    held: dict[str, bytes] = field(default_factory=dict, repr=False)

    def blobs(self, paths: Collection[str]) -> Iterator[tuple[str, Blob]]:
        """Give the blobs of the file and of what is in it."""
        for path in paths:
            yield path, HeldBlob(self.held[path]) if path in self.held else FileBlob(self.name)


def book_format(path: Path, plugins: Plugins) -> Format | None:
    """Give the format of a file that may hold several pages."""
    form = plugins.formats.by_suffix(PurePath(path.name)) if path.is_file() else None
    return form if form and form.read_all else None


def book_source(form: Format, plugins: Plugins) -> WikiSource:
    """Give the source that reads files of a format."""
    return WikiSource(form.name, form.title, recognises=lambda _: False, open=partial(_open, form, plugins))


def book_tree(path: Path) -> BookTree:
    """Open a file whose pages are its parts."""
    state = path.stat()
    return BookTree(str(path), {path.name: Entry(state.st_size, f"{state.st_size}:{state.st_mtime_ns}")})


def documents(form: Format, source: Source, options: object, context: Context) -> Iterator[Document]:
    """Give the pages of a file one by one."""
    assert form.read_all is not None
    return form.read_all(source, options, context)


def _open(form: Format, plugins: Plugins, tree: Tree, source: WikiSource, notices: Notices) -> Wiki:
    assert isinstance(tree, BookTree)
    name = next(iter(tree.entries))
    given = Source(read_blob(FileBlob(tree.name), name), name)
    options = make_options(form.read_options, {}, f"the {form.name} reader")
    wiki = Wiki(tree, source, form.name, {})
    context = Context(Notices(given), plugins.formats, plugins.ask)
    for part, document in enumerate(documents(form, given, options, context)):
        _add_page(wiki, document, name, part, notices)
        for medium, resource in document.resources.items():
            _add_medium(wiki, tree, medium, resource.data)
    wiki.pages = dict(sorted(wiki.pages.items()))
    return wiki


def _add_page(wiki: Wiki, document: Document, name: str, part: int, notices: Notices) -> None:
    written = document.metadata.page_id or document.metadata.title or f"{PurePath(name).stem}_{part + 1}"
    page_id = clean_id(written, SHIPPED)
    if not page_id or page_id in wiki.pages:
        notices.guessed("source.page-id", detail=f"{name}: part {part + 1} has no id of its own")
        page_id = f"{page_id or 'page'}_{part + 1}"
    wiki.pages[page_id] = PageFile(page_id, name, part=part)


def _add_medium(wiki: Wiki, tree: BookTree, medium: str, data: bytes) -> None:
    path = f"media/{medium}"
    if path not in tree.entries:
        tree.entries[path] = Entry(len(data), f"{len(data)}")
        tree.held[path] = data
        wiki.media[medium] = path
