"""A whole wiki converted: plan, media, pages in two rounds, side files, and away with what is gone.

Every file that may be written is announced in the target's state before it is; what a run that was killed has left is
therefore known to the next one, which does what is still to be done.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import pickle
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from wikicable import __version__
from wikicable.errors import InputError, OptionError
from wikicable.notices import Notices
from wikicable.plugins import Plugins
from wikicable.wiki.executors import executor_factory
from wikicable.wiki.history import History
from wikicable.wiki.layouts import Layout, Site, SitePage, layout_for
from wikicable.wiki.opening import open_wiki
from wikicable.wiki.output import STATE_FOLDER, Target, TargetError
from wikicable.wiki.pages import Converter, PageResult, PageTask, WorkOrder
from wikicable.wiki.paths import Paths, plan
from wikicable.wiki.redirects import followed, placed
from wikicable.wiki.side_pages import side_pages, tag_paths
from wikicable.wiki.sources import PageFile, Wiki
from wikicable.wiki.state import FILE, PageRecord, State, Written
from wikicable.wiki.trees import Blob
from wikicable.wikiconf import WikiConf

CHUNK_PAGES = 32
CHUNK_BYTES = 1 << 18
"""How much is sent to a process at once, at most."""

SAVE_EVERY = 256
"""After how many pages the state is saved."""


@dataclass(frozen=True)
class Job:
    """What is asked for: a source, a shape to bring it into, and a folder; without a folder nothing is written."""

    source: Path
    to: str
    folder: Path | None = None
    kind: str | None = None
    only: str = "*"
    jobs: int = 1
    executor: str = "processes"
    scheduler: str = ""
    force: bool = False
    history: bool = False
    book: str = ""
    backlinks: bool = False
    redirects: bool = False
    transforms: tuple[str, ...] = ()
    read_options: Mapping[str, object] = field(default_factory=dict)
    write_options: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Outcome:
    """What came of a batch; the pages themselves are in the state."""

    state: State
    notices: Notices
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    media: int = 0
    total: int = 0
    commits: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def has_changed(self) -> bool:
        """Whether any file is other than before."""
        return bool(self.written or self.media or self.removed)


Progress = Callable[[int, int], None]


class Batch:
    """One run."""

    def __init__(self, job: Job, plugins: Plugins, progress: Progress = lambda _done, _total: None) -> None:
        self.job = job
        self.plugins = plugins
        self.progress = progress
        self.notices = Notices()
        self.layout: Layout = layout_for(job.to, plugins)
        self.writer = plugins.formats.writer(self.layout.format)
        self.wiki: Wiki = open_wiki(job.source, plugins, self.notices, job.kind)
        self.conf: WikiConf = self.wiki.conf
        self.redirects = self._redirects() if job.redirects else {}
        self.paths: Paths = self.plan(self.layout)
        self.order = self._order()
        self.converter = Converter(self.order, plugins)  # wrong options are said before anything is written
        self.target = self._target()
        place = None if self.target is None else self.target.path(f"{STATE_FOLDER}/{FILE}")
        self.outcome = Outcome(State(place), self.notices)
        self.state = self.outcome.state
        self.history = (
            History(self.wiki, self.converter, self.state, self.target, self.notices)
            if job.history and self.target
            else None
        )

    def run(self) -> Outcome:
        """Do the work; what has been done is kept whatever happens."""
        with (
            self.kept_state(),
            tempfile.TemporaryDirectory() as scratch,
            closing(Work(self, Path(scratch))) as work,
        ):
            self._prepare()
            self._media()
            work.pages()
            self._side_files()
            self._history()
            self.state.set_fact("complete", self._listing())
        return self.outcome

    @contextmanager
    def kept_state(self) -> Iterator[None]:
        """Keep what has been done, whatever happens."""
        try:
            yield
            self.state.save()
        except sqlite3.Error as error:
            self.state.close()
            raise InputError(f"{self.job.folder}: its state cannot be written: {error}") from error
        except BaseException:
            self.state.close()
            raise

    def plan(self, layout: Layout) -> Paths:
        """Give each page and medium its file."""
        return plan(self.wiki.pages, self.wiki.media, layout, self.conf, self.notices)

    # -- before ----------------------------------------------------------------------------------

    def _redirects(self) -> dict[str, str]:
        """Take the pages that only lead to others from those of the wiki, and tell which these are."""
        found = followed(self.wiki.source.redirects(self.wiki, self.notices), self.wiki.pages, self.notices)
        self.wiki.pages = {page_id: page for page_id, page in self.wiki.pages.items() if page_id not in found}
        return found

    def _order(self) -> WorkOrder:
        wiki, job = self.wiki, self.job
        source_paths = (
            Paths({page.id: page.path for page in wiki.pages.values()}, wiki.media) if wiki.layout else Paths()
        )
        return WorkOrder(
            source=wiki.source.name,
            source_layout=wiki.layout,
            format=wiki.format,
            layout=self.layout.name,
            conf=_plain(self.conf),
            paths=self.paths,
            source_paths=source_paths,
            read_options=job.read_options,
            write_options=job.write_options,
            transforms=job.transforms,
            backlinks=job.backlinks and not self.layout.shows_backlinks,
            redirects=self.redirects,
            folder=None if job.folder is None else str(job.folder.absolute()),
        )

    def _target(self) -> Target | None:
        """Make the target, unless it holds what is not ours."""
        folder = self.job.folder
        if folder is None:
            return None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            is_ours = (folder / STATE_FOLDER / FILE).is_file()
            if not is_ours and not self.job.force and any(folder.iterdir()):
                raise OptionError(f"{folder}: holds files that are none of ours; --force writes among them")
            (folder / STATE_FOLDER).mkdir(exist_ok=True)
            for left in (folder / STATE_FOLDER).glob("tmp-*"):
                left.unlink()
        except OSError as error:
            raise InputError(f"{folder}: cannot be written: {error.strerror or error}") from error
        return Target(str(folder.absolute()))

    def _prepare(self) -> None:
        """Forget what another version or other options have made, and refuse to overwrite what is not ours."""
        settings = self._settings()
        self.is_same = self.state.fact("settings") == settings
        self.is_listed = self.is_same and self.state.fact("complete") == self._listing()
        self.before = self.state.written()
        if self.state.fact("complete") and not self.job.force:
            self._refuse_foreign()
        if self.history:
            self.history.check(force=self.job.force)
        if not self.is_same:
            self.state.forget_links()
        self.state.set_fact("settings", settings)
        self.state.set_fact("complete", "")
        self._forget_gone()
        for page_id in self.selected():
            written = self.before.get(page_id)
            if written is None or written.path != self.paths.pages[page_id]:
                self.state.announce(page_id, self.paths.pages[page_id])
        self.state.save()

    def selected(self) -> list[str]:
        """Name the pages that are to be converted."""
        only = self.job.only
        return [page_id for page_id in self.wiki.pages if only == "*" or fnmatchcase(page_id, only)]

    def _settings(self) -> str:
        order = self.order
        told = [
            __version__,
            self.layout.name,
            self.job.book,
            order.source,
            order.format,
            order.source_layout,
            repr(_pairs(order.conf)),
            str(order.backlinks),
            json.dumps(order.redirects),
            json.dumps([*order.transforms, *map(_stamp, order.transforms)]),
        ]
        told += [json.dumps(dict(options), sort_keys=True) for options in (order.read_options, order.write_options)]
        return hashlib.blake2b("\0".join(told).encode(), digest_size=16).hexdigest()

    def _listing(self) -> str:
        """Give a digest of all files there are to be."""
        listed = json.dumps([self.paths.pages, self.paths.media, self.job.only], sort_keys=True)
        return hashlib.blake2b(listed.encode(), digest_size=16).hexdigest()

    def _refuse_foreign(self) -> None:
        if self.target is None:
            return
        ours = {written.path for written in self.before.values()} | set(self.state.files("medium"))
        for path in (*self.paths.pages.values(), *self.paths.media.values()):
            if path not in ours and self.target.size(path) >= 0:
                raise OptionError(f"{self.target.path(path)}: is there already and none of ours; --force overwrites it")

    def _forget_gone(self) -> None:
        kept = set(self.paths.pages.values()) | set(self.paths.media.values())
        for page_id, written in self.before.items():
            if self.paths.pages.get(page_id) == written.path:
                continue
            if self.target and written.path not in kept:
                self.target.remove(written.path)
            if page_id not in self.paths.pages:
                self.state.forget(page_id)
                self.outcome.removed += 1

    # -- media and side files --------------------------------------------------------------------

    def _media(self) -> None:
        """Copy the media that are new or have changed."""
        known = self.state.files("medium")
        stamps = {path: self.wiki.tree.entries[self.wiki.media[each]].stamp for each, path in self.paths.media.items()}
        for path in known.keys() - stamps.keys():
            self._remove_file(path)
        if self.target is None:
            return
        files = {self.wiki.media[each]: path for each, path in self.paths.media.items()}
        target = self.target
        due = [place for place, path in files.items() if known.get(path) != (stamps[path], target.size(path))]
        for place in due:
            self.state.put_file(files[place], "medium", "", -1)
        self.state.save()
        for place, blob in self.wiki.tree.blobs(due):
            self._copy(target, place, files[place], blob, stamps[files[place]])

    def _copy(self, target: Target, place: str, path: str, blob: Blob, stamp: str) -> None:
        try:
            self.state.put_file(path, "medium", stamp, target.copy(path, blob))
        except TargetError:
            raise
        except (InputError, OSError) as error:
            self.outcome.failed[place] = str(error)
        else:
            self.outcome.media += 1

    def _side_files(self) -> None:
        """Write what is made of the whole wiki: tag pages, tables of contents, a search index."""
        target = self.target
        known = self.state.files("side")
        if target is None:
            return
        is_whole = self.is_listed and all(target.size(path) == size for path, (_, size) in known.items())
        if is_whole and not self.outcome.has_changed:
            return
        for path in known.keys() - set(self._written_side_files(target, known)):
            self._remove_file(path)

    def _written_side_files(self, target: Target, known: Mapping[str, tuple[str, int]]) -> Iterator[str]:
        site = self._site()
        made = side_pages(site, self.layout, self.order, self.plugins)
        for path, content in (*made, *self.layout.side_files(site)):
            data = content.encode() if isinstance(content, str) else content
            digest = hashlib.blake2b(data, digest_size=16).hexdigest()
            if known.get(path) != (digest, target.size(path)):
                self.state.put_file(path, "side", "", -1)
                target.write(path, data)
                self.state.put_file(path, "side", digest, len(data))
            yield path

    def _history(self) -> None:
        if self.history and (self.outcome.has_changed or not self.is_listed):
            self.outcome.commits = self.history.write()

    def _site(self) -> Site:
        tags = tag_paths(self.layout, self._pages())
        title = self.conf.title or self.job.source.name
        redirects = placed(self.redirects, self.paths, self.layout, self.conf) if self.job.redirects else None
        return Site(title, self.conf, self._pages, tags, redirects)

    def _pages(self) -> Iterator[SitePage]:
        for record in self.state.records():
            index = record.index
            yield SitePage(index.id, record.path, index.title, index.tags, index.headings, index.modified)

    def _remove_file(self, path: str) -> None:
        if self.target and path not in self.paths.pages.values():
            self.target.remove(path)
        self.state.forget_file(path)
        self.outcome.removed += 1


def _stamp(transform: str) -> str:
    """Tell a transform's file, if its value is the name of one, from what that file was before."""
    file = Path(transform.partition("=")[2])
    return hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest() if file.is_file() else ""


def _pairs(conf: WikiConf) -> list[tuple[str, object]]:
    return [(each.name, getattr(conf, each.name)) for each in fields(conf)]


def _plain(conf: WikiConf) -> WikiConf:
    """Give settings whose tables can be sent to another process."""
    return replace(conf, **{name: dict(value) for name, value in _pairs(conf) if isinstance(value, Mapping)})  # type: ignore[arg-type]


class Spool:
    """What pages that wait were read as, in a file, so that memory does not grow with the wiki."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  closed by close
        self._places: dict[str, tuple[int, int]] = {}

    def put(self, page_id: str, data: bytes) -> None:
        """Keep what a page was read as; with no room for it, the page will be read again."""
        with suppress(OSError):
            place = self._file.seek(0, os.SEEK_END)
            self._file.write(data)
            self._file.flush()
            self._places[page_id] = (place, len(data))

    def get(self, page_id: str) -> bytes:
        """Give what a page was read as, or nothing."""
        place, size = self._places.get(page_id, (0, 0))
        self._file.seek(place)
        return self._file.read(size)

    def close(self) -> None:
        """Forget it all."""
        with suppress(OSError):
            self._file.close()


# -- work in processes ---------------------------------------------------------------------------


class Work:
    """The pages of a batch on their way to the processes and back."""

    def __init__(self, batch: Batch, scratch: Path) -> None:
        self.batch = batch
        self.state = batch.state
        self.factory = executor_factory(batch.job.executor, batch.plugins)
        place = batch.target.path(STATE_FOLDER) if batch.target else scratch
        data = pickle.dumps(batch.order)
        self.digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        self.order_file = place / f"tmp-order-{os.getpid()}"
        try:
            self.order_file.write_bytes(data)
        except OSError as error:
            raise InputError(f"{self.order_file}: cannot be written: {error.strerror or error}") from error
        self.pool: Executor | None = None
        self.spool = Spool(scratch)
        self.done = 0
        self.waiting = 0

    def close(self) -> None:
        """End all processes."""
        if self.pool:
            self.pool.shutdown(cancel_futures=True)
        self.spool.close()
        self.order_file.unlink(missing_ok=True)

    def pages(self) -> None:
        """Convert the pages: first all, then those that have to do with the headings of others."""
        batch = self.batch
        selected = batch.selected()
        batch.outcome.total = len(selected)
        self.total = len(selected)
        known = self._known(selected)
        for result in self._run(self._tasks(selected, known), len(selected)):
            self._keep(result)
        due = self.state.due()
        self._second_round([page_id for page_id in selected if page_id in due])
        self.state.save()

    def _second_round(self, again: list[str]) -> None:
        self.batch.outcome.unchanged -= len(again) - self.waiting
        self.total += len(again)
        for result in self._run(self._tasks(again, {}, has_to_wait=False), len(again)):
            self._keep(result)

    def _known(self, selected: Iterable[str]) -> dict[str, str]:
        """Give the digests of the pages that are as they would be written now, as long as they are the same."""
        batch = self.batch
        if not batch.is_same:
            return {}
        before = {page_id: batch.before[page_id] for page_id in selected if page_id in batch.before}
        fitting = before.keys() if batch.is_listed else {record.index.id for record in self._fitting()}
        return {
            page_id: each.digest
            for page_id, each in before.items()
            if page_id in fitting and self._is_there(page_id, each)
        }

    def _fitting(self) -> Iterator[PageRecord]:
        """Give the pages for which all the pages and media they refer to are where they were."""
        paths = self.batch.paths
        for record in self.state.records():
            pages = all(paths.pages.get(each) == path for each, path in record.asked.items())
            if pages and all(paths.media.get(each) == path for each, path in record.shown.items()):
                yield record

    def _is_there(self, page_id: str, written: Written) -> bool:
        batch = self.batch
        is_placed = written.path == batch.paths.pages[page_id]
        return is_placed and (batch.target is None or batch.target.size(written.path) == written.size)

    def _keep(self, result: PageResult) -> None:
        """Keep what came of a page."""
        outcome = self.batch.outcome
        self.done += 1
        self.batch.progress(self.done, self.total)
        if self.done % SAVE_EVERY == 0:
            self.state.save()
        match result.outcome:
            case "stopped":
                raise TargetError(result.error)
            case "unchanged":
                outcome.unchanged += 1
                return
            case "waiting":
                self.waiting += 1
                self.spool.put(result.id, result.kept)
            case "written":
                outcome.written += 1
            case "failed":
                outcome.failed[result.id] = result.error
        outcome.seconds[result.id] = outcome.seconds.get(result.id, 0.0) + result.seconds
        self.state.put(result, self.batch.paths.pages[result.id])

    # -- tasks -----------------------------------------------------------------------------------

    def _tasks(self, pages: Iterable[str], known: Mapping[str, str], *, has_to_wait: bool = True) -> Iterator[PageTask]:
        """Give a task for each page, as soon as all its files are at hand."""
        wiki = self.batch.wiki
        owners: dict[str, list[PageFile]] = {}
        for page in map(wiki.pages.__getitem__, pages):
            for path in (page.path, *page.companions):
                owners.setdefault(path, []).append(page)
        at_hand: dict[str, dict[str, Blob]] = {}
        for path, blob in wiki.tree.blobs(list(owners)):
            for page in owners[path]:
                files = at_hand.setdefault(page.id, {})
                files[path] = blob
                if len(files) == 1 + len(page.companions):
                    yield self._task(page, at_hand.pop(page.id), known.get(page.id, ""), has_to_wait=has_to_wait)

    def _task(self, page: PageFile, files: Mapping[str, Blob], known: str, *, has_to_wait: bool) -> PageTask:
        return PageTask(
            page.id,
            page.path,
            files[page.path],
            tuple((each, files[each]) for each in page.companions),
            page.part,
            known,
            {} if has_to_wait else self.state.headings(self.state.wanted_by(page.id)),
            () if has_to_wait else self.state.linking(page.id),
            has_to_wait,
            b"" if has_to_wait else self.spool.get(page.id),
        )

    def _chunks(self, tasks: Iterable[PageTask], count: int) -> Iterator[list[PageTask]]:
        """Gather tasks; of few pages each process gets its share."""
        entries = self.batch.wiki.tree.entries
        most = max(1, min(CHUNK_PAGES, count // (4 * self.batch.job.jobs)))
        chunk: list[PageTask] = []
        size = 0
        for task in tasks:
            chunk.append(task)
            size += entries[task.path].size
            if len(chunk) >= most or size >= CHUNK_BYTES:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    # -- running ---------------------------------------------------------------------------------

    def _run(self, tasks: Iterable[PageTask], count: int) -> Iterator[PageResult]:
        """Give what came of each task, in any order; a process that dies costs the page it died of."""
        pending: dict[Future[list[PageResult]], list[PageTask]] = {}
        lost: list[PageTask] = []
        for chunk in self._chunks(tasks, count):
            pending[self._submit(chunk)] = chunk
            if len(pending) >= 4 * self.batch.job.jobs:
                yield from self._finished(pending, lost)
        while pending:
            yield from self._finished(pending, lost)
        for task in lost:
            pending[self._submit([task])] = [task]
            died: list[PageTask] = []
            yield from self._finished(pending, died)
            if died:
                yield PageResult(task.id, "failed", error=f"{task.path}: the process that converted it died")

    def _submit(self, chunk: list[PageTask]) -> Future[list[PageResult]]:
        for _ in range(2):
            if self.pool is None:
                self.pool = self.factory.make(self.batch.job.jobs, self.batch.job.scheduler)
            try:
                return self.pool.submit(run_chunk, str(self.order_file), self.digest, chunk)
            except BrokenExecutor:
                self.pool = None
        raise InputError("the processes that convert pages die as soon as they are started")

    def _finished(
        self, pending: dict[Future[list[PageResult]], list[PageTask]], lost: list[PageTask]
    ) -> Iterator[PageResult]:
        """Give the results that are there, and gather the tasks of processes that died."""
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            chunk = pending.pop(future)
            try:
                results = future.result()
            except BrokenExecutor:
                self.pool = None
                lost.extend(chunk)
            else:
                yield from results


def run_chunk(order_file: str, digest: str, tasks: list[PageTask]) -> list[PageResult]:
    """Convert some pages, in whichever process this is."""
    converter = _converter(order_file, digest)
    gc.disable()  # trees of a document have no cycles; looking for them takes longer than the work
    try:
        return [converter.convert(task) for task in tasks]
    finally:
        gc.enable()


@lru_cache(maxsize=2)
def _converter(order_file: str, digest: str) -> Converter:
    """Read the order, once in each process."""
    data = Path(order_file).read_bytes()
    if hashlib.blake2b(data, digest_size=16).hexdigest() != digest:
        raise InputError(f"{order_file}: is not the order that this work belongs to")
    order: WorkOrder = pickle.loads(data)  # noqa: S301  written by this run, as its digest shows
    converter = Converter(order)
    gc.freeze()  # what is loaded now stays; to look through it for cycles after each chunk would be in vain
    return converter
