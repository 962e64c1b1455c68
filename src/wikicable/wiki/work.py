"""The pages of a batch on their way to the processes that convert them, and back.

Pages go in two rounds: first all, then those that have to do with the headings or links of others, which are known by then.
A process that dies costs the page it died of.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wikicable.errors import InputError
from wikicable.wiki.executors import executor_factory
from wikicable.wiki.output import STATE_FOLDER, TargetError
from wikicable.wiki.pages import Converter, PageResult, PageTask, WorkOrder
from wikicable.wiki.sources import PageFile
from wikicable.wiki.state import PageRecord, Written
from wikicable.wiki.trees import Blob

if TYPE_CHECKING:
    from wikicable.wiki.batch import Batch

CHUNK_PAGES = 32
CHUNK_BYTES = 1 << 18
"""How much is sent to a process at once, at most."""

SAVE_EVERY = 256
"""After how many pages the state is saved."""


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
