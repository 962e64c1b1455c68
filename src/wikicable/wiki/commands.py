"""The subcommands for whole wikis."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import click

from wikicable.commands import options
from wikicable.commands.output import LOSSES
from wikicable.plugins import installed
from wikicable.wiki.batch import Batch, Job, Outcome, Progress
from wikicable.wiki.book import Books
from wikicable.wiki.report import Report, report, summary, write_report

PAGES_FAILED = 7
"""The exit code that says that the batch is done, and some pages could not be."""

_source = click.argument("source", type=click.Path(path_type=Path))
_kind = click.option("-f", "--from", "kind", metavar="KIND", help="The kind of wiki; else recognised by its files.")
_jobs = click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes; as many as cores.")
_executor = click.option("--executor", default="processes", metavar="NAME", help="Where the work runs.")
_scheduler = click.option("--scheduler", default="", metavar="ADDRESS", help="The scheduler of a cluster.")
_report = click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a report there, as HTML if its name says so, else as JSON.",
)
_quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")


@click.command(cls=options.Ordered)
@_source
@click.option("-t", "--to", required=True, metavar="LAYOUT", help="What it becomes: a layout, or a format's name.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="DEST", help="The folder.")
@_kind
@click.option("--only", default="*", metavar="GLOB", help="Convert only pages whose id is like this.")
@_jobs
@_executor
@_scheduler
@options.read_option
@options.write_option
@options.transform
@options.filter_
@options.lua_filter
@click.option(
    "--book",
    type=click.Choice(["wiki", "namespaces"]),
    is_flag=False,
    flag_value="wiki",
    help="Bind the pages in one file, or in one for each namespace.",
)
@click.option("--backlinks", is_flag=True, help="Write below each page which pages link to it.")
@click.option("--redirects", is_flag=True, help="Lead old names of pages to where the wiki leads them.")
@click.option("--history", type=click.Choice(["git"]), help="Write a Git repository with a commit for each revision.")
@click.option("--force", is_flag=True, help="Write into a folder that holds files that are none of ours.")
@click.option("--dry-run", is_flag=True, help="Convert, but write nothing.")
@_report
@options.strict
@_quiet
@options.debug
def batch(
    *,
    source: Path,
    to: str,
    output: Path,
    kind: str | None,
    only: str,
    jobs: int,
    executor: str,
    scheduler: str,
    read_option: tuple[str, ...],
    write_option: tuple[str, ...],
    transforms: tuple[str, ...],
    filters: tuple[str, ...],
    lua_filters: tuple[str, ...],
    book: str | None,
    backlinks: bool,
    redirects: bool,
    history: str | None,
    force: bool,
    dry_run: bool,
    reports: tuple[Path, ...],
    strict: bool,
    quiet: bool,
) -> int:
    """Convert a whole wiki into a folder; what has not changed since the last time is left as it is.

    SOURCE is a DokuWiki or its data folder, a dump, a folder of pages, or an archive of one of these.

    \b
    wikicable batch dump.tar.gz -t gfm -o folder
    wikicable batch /var/www/wiki -t mkdocs -o site --report report.html
    wikicable batch folder -t dokuwiki -o data
    wikicable batch dump.zip -t epub --book -o books
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    job = Job(
        source,
        to,
        None if dry_run else output,
        kind=kind,
        only=only,
        jobs=jobs,
        executor=executor,
        scheduler=scheduler,
        force=force,
        history=history is not None,
        book=book or "",
        backlinks=backlinks,
        redirects=redirects,
        read_options=options.pairs(read_option),
        write_options=options.pairs(write_option),
        transforms=tuple(options.in_order(transforms=transforms, filters=filters, lua_filters=lua_filters)),
    )
    return _run(job, reports, strict=strict, quiet=quiet)


@click.command()
@_source
@click.option("-t", "--to", metavar="LAYOUT", help="What it would become; else a wiki of the first kind there is.")
@_kind
@_jobs
@_report
@options.strict
@_quiet
@options.debug
def check(
    *, source: Path, to: str | None, kind: str | None, jobs: int, reports: tuple[Path, ...], strict: bool, quiet: bool
) -> int:
    """Tell of a wiki which links are dead, which media missing, and what a conversion would lose; write nothing.

    \b
    wikicable check /var/www/wiki
    wikicable check dump.tar.gz -t mkdocs --report report.html
    """  # noqa: D301  \b is click's: it keeps the lines as they are
    target = to or next(iter(installed().formats))
    return _run(Job(source, target, kind=kind, jobs=jobs), reports, strict=strict, quiet=quiet)


def _run(job: Job, reports: Iterable[Path], *, strict: bool, quiet: bool) -> int:
    plugins = installed()
    progress = _bar() if sys.stderr.isatty() and not quiet else _silence
    work = (Books if job.book else Batch)(job, plugins, progress)
    outcome = work.run()
    what = f"{job.source.name or job.source.absolute().name} → {job.to}"
    told = report(outcome, what=what, start=work.conf.start, with_details=bool(tuple(reports)))
    for path in reports:
        write_report(told, path)
    if not quiet:
        for line in summary(told):
            click.echo(line.encode("utf-8", "backslashreplace"), err=True)
    outcome.state.close(is_complete=not outcome.failed)
    return _exit_code(told, outcome, strict=strict)


def _exit_code(told: Report, outcome: Outcome, *, strict: bool) -> int:
    if outcome.failed:
        return PAGES_FAILED
    return LOSSES if strict and told.losses else 0


def _silence(_done: int, _total: int) -> None:
    """Show no progress."""


def _bar() -> Progress:
    """Show on a terminal how far it is, how fast, and how long it will take."""
    start = time.monotonic()
    shown = 0.0

    def show(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown < 0.1 and done < total:
            return
        shown = now
        rate = done / max(now - start, 0.001)
        left = (total - done) / rate if rate else 0
        filled = 30 * done // max(total, 1)
        end = "\n" if done >= total else ""
        bar = "#" * filled + "." * (30 - filled)
        sys.stderr.write(f"\r[{bar}] {done}/{total} pages, {rate:.0f}/s, {left:.0f} s left {end}")
        sys.stderr.flush()

    return show
