"""A whole wiki as one file, or one for each namespace: a corpus, a book.

The pages are read one by one and given to the format's ``write_all``.  Links between them stay links by page id, which
the format leads to where the page is in its file; media go into it as the documents' resources.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from wikicable.errors import InputError, OptionError
from wikicable.formats import Context
from wikicable.links import namespace
from wikicable.model import Document, Image, Link, MediaTarget, Node, PageTarget
from wikicable.notices import Notice, Notices
from wikicable.resources import Resource, Resources
from wikicable.source import Source
from wikicable.walk import rewrite
from wikicable.wiki.batch import Batch, Outcome
from wikicable.wiki.layouts import Layout
from wikicable.wiki.output import TargetError
from wikicable.wiki.pages import PageReading, PageResult, PageTask
from wikicable.wiki.paths import Paths, plan
from wikicable.wiki.references import MediaReference, PageReference
from wikicable.wiki.trees import read_blob

_WHOLE = "wiki"
"""The name of the file that holds the whole wiki, or the pages that are in no namespace."""


class Books(Batch):
    """One run that binds pages together."""

    def run(self) -> Outcome:
        """Write the files; one whose pages and media are as before is left as it is."""
        if self.writer.write_all is None:
            able = ", ".join(each.name for each in self.plugins.formats.values() if each.write_all) or "none"
            raise OptionError(f"a file of {self.writer.name} holds one page; --book needs a format of: {able}")
        if self.order.backlinks:
            raise OptionError("--backlinks needs a file for each page; --book has none")
        with self.kept_state():
            self._prepare()
            for path in sorted(set(self.paths.pages.values())):
                pages = [page for page in self.selected() if self.paths.pages[page] == path]
                self._book(path, sorted(pages, key=self._place))
            self.state.set_fact("complete", self._listing())
        return self.outcome

    def plan(self, layout: Layout) -> Paths:
        """Give the file that each page is in."""
        is_whole = self.job.book == _WHOLE
        names = {page: _WHOLE if is_whole else namespace(page) or _WHOLE for page in self.wiki.pages}
        files = plan(set(names.values()), (), replace(layout, start=""), self.conf, self.notices).pages
        return Paths({page: files[name] for page, name in names.items()})

    def _place(self, page_id: str) -> tuple[list[str], bool, str]:
        """Put the pages in order by namespace, the start page first."""
        *spaces, name = page_id.split(":")
        return spaces, name != self.conf.start, name

    def _book(self, path: str, pages: list[str]) -> None:
        """Write one file."""
        self.outcome.total += len(pages)
        digest = self._digest(pages)
        size = self.target.size(path) if self.target else -1
        known = {self.before[page].digest for page in pages if page in self.before and self.before[page].size == size}
        if self.is_same and size >= 0 and known == {digest} and all(page in self.before for page in pages):
            self.outcome.unchanged += len(pages)
            return
        results: list[PageResult] = []
        pieces = self._pieces(pages, digest, results)
        size = self.target.stream(path, pieces) if self.target else sum(map(len, pieces))
        for result in results:
            self.state.put(replace(result, size=size), path)
            self.outcome.written += 1

    def _digest(self, pages: Iterable[str]) -> str:
        """Tell what a file is made from: the pages and all media, by what their tree says of them."""
        entries = self.wiki.tree.entries
        paths = [each for page in pages for each in (self.wiki.pages[page].path, *self.wiki.pages[page].companions)]
        stamps = [f"{path}\0{entries[path].stamp}" for path in (*paths, *sorted(self.wiki.media.values()))]
        return hashlib.blake2b("\0".join(stamps).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    # -- documents -------------------------------------------------------------------------------

    def _pieces(self, pages: list[str], digest: str, results: list[PageResult]) -> Iterator[bytes]:
        context = Context(Notices(), self.plugins.formats, self.plugins.ask)
        assert self.writer.write_all is not None
        documents = self._documents(pages, digest, context.notices, results)
        yield from self.writer.write_all(documents, self.converter.write_options, context)
        _take(context.notices, results)

    def _documents(
        self, pages: list[str], digest: str, notices: Notices, results: list[PageResult]
    ) -> Iterator[Document]:
        """Give the pages one by one; what the writer says of one is its notice."""
        for page_id in pages:
            self.progress(len(results), self.outcome.total)
            try:
                reading, document = self._read(page_id)
            except TargetError:
                raise
            except InputError as error:
                self.outcome.failed[page_id] = str(error)
                self.state.put(PageResult(page_id, "failed", error=str(error)), self.paths.pages[page_id])
                continue
            notices.source = reading.source
            for notice in reading.notices:
                notices.add(notice)
            asked = {each.id: self.paths.pages.get(each.id) for each in reading.index.links}
            yield document
            results.append(PageResult(page_id, "written", digest, reading.index, asked, {}))
            _take(notices, results)

    def _read(self, page_id: str) -> tuple[PageReading, Document]:
        page = self.wiki.pages[page_id]
        files = {path: read_blob(blob, path) for path, blob in self.wiki.tree.blobs([page.path, *page.companions])}
        (blob,) = (blob for _, blob in self.wiki.tree.blobs([page.path]))
        source = Source(files.pop(page.path), page.path)
        facts = self.wiki.source.describe(files)
        reading = PageReading(self.converter, PageTask(page_id, page.path, blob), source, facts)
        document = reading.read()
        resources: dict[str, Resource] = {}
        document = rewrite(document, lambda node: self._led(node, reading, resources))
        document = self.layout.finish(document, reading.finish())
        metadata = replace(document.metadata, page_id=page_id, title=document.metadata.title or reading.index.title)
        return reading, replace(document, metadata=metadata, resources=Resources(resources))

    def _led(self, node: Node, reading: PageReading, resources: dict[str, Resource]) -> Node:
        """Lead a link to the page it means wherever it stands, and take the medium along."""
        if not isinstance(node, Link | Image):
            return node
        match reading.resolver.resolve(node.target):
            case PageReference(id=page_id, section=section, query=query, is_local=False) if isinstance(node, Link):
                return replace(node, target=PageTarget(f":{page_id}", section, query), content=reading.shown(node))
            case MediaReference(id=media_id):
                self._embed(media_id, resources)
                target = node.target if isinstance(node.target, MediaTarget) else MediaTarget(media_id)
                return replace(node, target=replace(target, id=f":{media_id}"))
        return node

    def _embed(self, media_id: str, resources: dict[str, Resource]) -> None:
        path = self.wiki.media.get(media_id)
        if path is None or media_id in resources:
            return
        for _, blob in self.wiki.tree.blobs([path]):
            kind = self.conf.media_type(media_id) or "application/octet-stream"
            resources[media_id] = Resource(read_blob(blob, path), kind)


def _take(notices: Notices, results: list[PageResult]) -> None:
    """Give what has been said since to the page that was written last."""
    said: tuple[Notice, ...] = notices.taken()
    if results and said:
        results[-1] = replace(results[-1], notices=(*results[-1].notices, *said))
