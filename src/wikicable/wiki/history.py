"""The history of a wiki as that of a Git repository: a commit for each line of its change logs.

A commit has the author, the date and the summary of its line, and the page as it was then, converted as the wiki is
now.  Media are as they were, too: a change of theirs is in the commit that follows it.  What no log tells of is there
from the first commit on; the last one is what the batch has written.  Git's
``fast-import`` is given the pages first, in the order in which an archive gives them, and then the commits.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import IO

from wikicable.errors import InputError, OptionError
from wikicable.notices import Notices
from wikicable.source import Source
from wikicable.wiki.layouts import Layout
from wikicable.wiki.output import STATE_FOLDER, Target
from wikicable.wiki.pages import Converter
from wikicable.wiki.paths import Paths, beside
from wikicable.wiki.sources import Change, PageFacts, Wiki
from wikicable.wiki.state import State
from wikicable.wiki.trees import read_blob

BRANCH = "main"
_FACT = "history"


@dataclass(frozen=True, slots=True)
class Revision:
    """A line of the log of a page or a medium, and the path of what it led to, if that is at hand."""

    id: str
    change: Change
    path: str = ""


class History:
    """The history of one wiki in the repository of one target."""

    def __init__(self, wiki: Wiki, converter: Converter, state: State, target: Target, notices: Notices) -> None:
        self.wiki = wiki
        self.converter = converter
        self.state = state
        self.target = target
        self.notices = notices
        self.paths = _with_deleted(wiki, converter.order.paths, converter.layout)
        self._marks: dict[str, int] = {}
        self._is_now: set[str] = set()
        self._created: dict[str, int] = {}

    def check(self, *, force: bool) -> None:
        """Refuse to write into a repository that is another's."""
        if not shutil.which("git"):
            raise InputError("--history git: the program git is not installed")
        if self.target.path(".git").exists() and not self.state.fact(_FACT) and not force:
            raise OptionError(f"{self.target.path('.git')}: is there already and none of ours; --force writes into it")

    def write(self) -> int:
        """Write all commits, and give their number."""
        revisions = sorted(self.revisions(), key=lambda each: (each.change.date, each.id))
        uploads = deque(sorted(self.uploads(), key=lambda each: (each.change.date, each.id)))
        revisions = revisions or [Revision("", Change(0, author="wikicable", summary="All pages"))]
        self.state.set_fact(_FACT, "git")
        self._git("init", "--quiet", f"--initial-branch={BRANCH}")
        exclude = self.target.path(".git/info/exclude")
        exclude.parent.mkdir(exist_ok=True)
        exclude.write_text(f"/{STATE_FOLDER}/\n", "utf-8")
        with self._importing() as stream:
            self._texts(stream, revisions)
            self._media(stream, uploads)
            for number, revision in enumerate(revisions, 1):
                is_last = number == len(revisions)
                count = len(uploads) if is_last else _count_until(uploads, revision.change.date)
                before = [uploads.popleft() for _ in range(count)]
                self._commit(stream, revision, before, is_first=number == 1, is_last=is_last)
        self._git("reset", "--quiet", BRANCH)
        return len(revisions)

    # -- revisions -------------------------------------------------------------------------------

    def revisions(self) -> Iterator[Revision]:
        """Give every line of the logs of the pages that are converted, and of those that are gone."""
        wiki = self.wiki
        now = {page_id: page.path for page_id, page in wiki.pages.items()}
        return self._lines({each: log for each, log in wiki.logs.items() if each in self.paths.pages}, wiki.attic, now)

    def uploads(self) -> Iterator[Revision]:
        """Give every line of the logs of media."""
        wiki = self.wiki
        logs = {each: log for each, log in wiki.media_logs.items() if each in self.paths.media}
        return self._lines(logs, wiki.media_attic, wiki.media)

    def _lines(
        self, logs: Mapping[str, str], attic: Mapping[str, Mapping[int, str]], now: Mapping[str, str]
    ) -> Iterator[Revision]:
        """Give the lines of logs; what the last one led to is what is there now."""
        owner = {path: wiki_id for wiki_id, path in logs.items()}
        for path, blob in self.wiki.tree.blobs(list(owner)):
            wiki_id = owner[path]
            changes = self.wiki.source.changes(read_blob(blob, path))
            paths = dict(attic.get(wiki_id, {}))
            if changes and changes[-1].kind != "delete" and wiki_id in now:
                paths.setdefault(changes[-1].date, now[wiki_id])
            for change in changes:
                yield Revision(wiki_id, change, paths.get(change.date, ""))

    def _texts(self, stream: IO[bytes], revisions: Sequence[Revision]) -> None:
        """Give Git the pages as they were; the last text of a page that is as it is now is the file that is there."""
        by_path = {each.path: each for each in revisions if each.path}
        self._created = {each.id: each.change.date for each in reversed(revisions)}
        last = {each.id: each.path for each in revisions if each.change.kind != "delete"}
        for path, blob in self.wiki.tree.blobs(list(by_path)):
            revision = by_path[path]
            try:
                text = self.wiki.source.revision(read_blob(blob, path), path)
                if last.get(revision.id) == path and self._is_current(revision.id, text):
                    self._is_now.add(path)
                    continue
                data = self._converted(revision, text)
            except InputError as error:
                self.notices.missing("history.revision", detail=str(error))
                continue
            self._blob(stream, path, data)

    def _media(self, stream: IO[bytes], uploads: Iterable[Revision]) -> None:
        """Give Git the media as they were; one that is as it is now is the file that is there."""
        old = [each.path for each in uploads if each.path and each.path != self.wiki.media.get(each.id)]
        for path, blob in self.wiki.tree.blobs(old):
            try:
                self._blob(stream, path, read_blob(blob, path))
            except InputError as error:
                self.notices.missing("history.revision", detail=str(error))

    def _blob(self, stream: IO[bytes], path: str, data: bytes) -> None:
        self._marks[path] = len(self._marks) + 1
        stream.write(b"blob\nmark :%d\n" % self._marks[path])
        _write_data(stream, data)

    def _is_current(self, page_id: str, text: bytes) -> bool:
        page = self.wiki.pages.get(page_id)
        return page is not None and any(
            read_blob(blob, path) == text for path, blob in self.wiki.tree.blobs([page.path])
        )

    def _converted(self, revision: Revision, text: bytes) -> bytes:
        page_id = revision.id
        facts = PageFacts(created=_iso(self._created[page_id]), modified=_iso(revision.change.date))
        source = Source(text, revision.path)
        return self.converter.convert_revision(page_id, self.paths.pages[page_id], source, facts, self.state.headings)

    # -- commits ---------------------------------------------------------------------------------

    def _commit(
        self, stream: IO[bytes], revision: Revision, uploads: Sequence[Revision], *, is_first: bool, is_last: bool
    ) -> None:
        change = revision.change
        name = change.author.translate(_UNFIT_FOR_NAME).strip() or "unknown"
        who = f"{name} <> {change.date} +0000".encode("utf-8", "surrogateescape")
        stream.write(b"commit refs/heads/%b\nauthor %b\ncommitter %b\n" % (BRANCH.encode(), who, who))
        _write_data(stream, _message(revision, uploads).encode("utf-8", "surrogateescape"))
        if is_first:
            stream.write(b"deleteall\n")
            self._files(stream, self._untold())
        for upload in uploads:
            self._change(stream, upload, self.paths.media[upload.id])
        if revision.id:
            self._change(stream, revision, self.paths.pages[revision.id])
        if is_last:
            stream.write(b"deleteall\n")
            self._files(stream, self._all())

    def _change(self, stream: IO[bytes], revision: Revision, path: str) -> None:
        if revision.change.kind == "delete":
            stream.write(b"D %b\n" % _quoted(path))
        elif revision.path and (revision.path in self._is_now or revision.path == self.wiki.media.get(revision.id)):
            self._files(stream, [path])
        elif mark := self._marks.get(revision.path):
            stream.write(b"M 100644 :%d %b\n" % (mark, _quoted(path)))
        elif not revision.path:
            self.notices.missing("history.revision", detail=f"{revision.id}: nothing of {revision.change.date}")

    def _untold(self) -> Iterator[str]:
        """Give the files that no log tells of."""
        pages = self.state.written()
        yield from sorted(written.path for page_id, written in pages.items() if page_id not in self.wiki.logs)
        told = {self.paths.media.get(each) for each in self.wiki.media_logs}
        yield from sorted(path for path in self.state.files("medium") if path not in told)

    def _all(self) -> Iterator[str]:
        """Give all files that are there now."""
        yield from sorted(written.path for written in self.state.written().values() if written.size >= 0)
        yield from sorted({**self.state.files("medium"), **self.state.files("side")})

    def _files(self, stream: IO[bytes], paths: Iterable[str]) -> None:
        for path in paths:
            place = self.target.path(path)
            if place.is_file():
                stream.write(b"M 100644 inline %b\n" % _quoted(path))
                _write_data(stream, place.read_bytes())

    # -- git -------------------------------------------------------------------------------------

    def _git(self, *arguments: str) -> None:
        ran = subprocess.run(["git", *arguments], cwd=self.target.folder, capture_output=True, check=False)  # noqa: S603, S607
        if ran.returncode:
            raise InputError(f"git {arguments[0]}: {ran.stderr.decode('utf-8', 'replace').strip()}")

    @contextmanager
    def _importing(self) -> Iterator[IO[bytes]]:
        """Give the stream that Git reads."""
        command = ["git", "fast-import", "--quiet", "--force", "--date-format=raw"]
        with subprocess.Popen(  # noqa: S603
            command, cwd=self.target.folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as git:
            assert git.stdin is not None
            assert git.stderr is not None
            broken = False
            try:
                yield git.stdin
                git.stdin.close()
            except BrokenPipeError:
                broken = True
            said = git.stderr.read().decode("utf-8", "replace").strip()
        if broken or git.returncode:
            raise InputError(f"git fast-import: {said.splitlines()[0] if said else 'ended'}")


_UNFIT_FOR_NAME = {ord(char): None for char in "<>\n\0"}


def _count_until(revisions: Iterable[Revision], date: int) -> int:
    """Count the revisions that were there at a time; they are in order."""
    return sum(1 for _ in takewhile(lambda each: each.change.date <= date, revisions))


def _message(revision: Revision, uploads: Iterable[Revision]) -> str:
    """Give the summary, and below it what became of media since the commit before."""
    change = revision.change
    first = f"{revision.id}: {change.summary or change.kind}\n" if revision.id else f"{change.summary}\n"
    lines = (f"{each.id}: {each.change.summary or each.change.kind} ({each.change.author})\n" for each in uploads)
    below = "".join(lines)
    return f"{first}\n{below}" if below else first


def _with_deleted(wiki: Wiki, paths: Paths, layout: Layout) -> Paths:
    """Give the files of what is there, and of what once was, where they are no other's."""
    gone = [each for each in wiki.logs if each not in wiki.pages]
    media = [each for each in wiki.media_logs if each not in wiki.media]
    others = beside(paths, gone, media, layout, wiki.conf)
    return Paths({**others.pages, **paths.pages}, {**others.media, **paths.media})


def _write_data(stream: IO[bytes], data: bytes) -> None:
    stream.write(b"data %d\n" % len(data))
    stream.write(data)
    stream.write(b"\n")


def _quoted(path: str) -> bytes:
    """Write a path as ``fast-import`` reads it whatever it holds."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode("utf-8", "surrogateescape")


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
