"""A whole wiki converted: plan, media, pages in two rounds, side files, and away with what is gone.

Every file that may be written is announced in the target's state before it is; what a run that was killed has left is
therefore known to the next one, which does what is still to be done.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path

from wikicable import __version__
from wikicable.errors import InputError, OptionError
from wikicable.notices import Notices
from wikicable.plugins import Plugins
from wikicable.wiki.history import History
from wikicable.wiki.layouts import Layout, Site, SitePage, layout_for
from wikicable.wiki.opening import open_wiki
from wikicable.wiki.output import STATE_FOLDER, Target, TargetError
from wikicable.wiki.pages import Converter, WorkOrder
from wikicable.wiki.paths import Paths, plan
from wikicable.wiki.redirects import followed, placed
from wikicable.wiki.side_pages import side_pages, tag_paths
from wikicable.wiki.sources import Wiki
from wikicable.wiki.state import FILE, State
from wikicable.wiki.trees import Blob
from wikicable.wiki.work import Work
from wikicable.wikiconf import WikiConf


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
    is_dry: bool = False
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
        self.outcome = Outcome(State(place), self.notices, is_dry=self.target is None)
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
