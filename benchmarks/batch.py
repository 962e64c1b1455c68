"""A whole wiki, made up, beside pandoc: `batch.py [PAGES] [--folder FOLDER]`.

One job runs on one processor, so that it stands for half the machine.  CPU seconds are those of all processes, so that
they mean something on a machine that has other things to do; seconds on the clock stand beside them.  pandoc is given
a sample of the pages, once per page and in one process.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pypandoc
from make_wiki import make

PANDOC = pypandoc.get_pandoc_path()
ROOT = Path(__file__).resolve().parent
SAMPLE = 200


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds on the clock, of all processors, and megabytes of all processes at their peak."""

    clock: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.clock:9.1f} s  {self.cpu:9.1f} CPU s  {self.megabytes:6.0f} MB"


def cost(command: list[str], processors: int = 0) -> Cost:
    """Run a command, on the first few processors alone if their number is given."""
    if processors:
        command = ["taskset", "--cpu-list", f"0-{processors - 1}", *command]
    before, start = os.times(), time.perf_counter()
    ran = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = [0.0]
    ended = threading.Event()
    watcher = threading.Thread(target=watch, args=(ran.pid, peak, ended))
    watcher.start()
    code = ran.wait()
    ended.set()
    watcher.join()
    assert code == 0, command
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(time.perf_counter() - start, cpu, peak[0])


def watch(pid: int, peak: list[float], ended: threading.Event) -> None:
    """Add up the memory that each process of a command has for itself, again and again."""
    while not ended.wait(0.2):
        peak[0] = max(peak[0], sum(map(private_megabytes, [pid, *children(pid)])))


def children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [each for child in map(int, found) for each in (child, *children(child))]


def private_megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("pages", type=int, nargs="?", default=2000)
    ask.add_argument("--folder", type=Path, help="where to work, instead of a folder that is removed afterwards")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        wiki = folder / f"wiki{asked.pages}"
        if not wiki.is_dir():
            make(wiki, asked.pages)
        run(wiki, folder, asked.pages)


def run(wiki: Path, folder: Path, pages: int) -> None:
    files = sorted((wiki / "data" / "pages").rglob("*.txt"))
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{len(files)} pages, {size:.1f} MB")
    one, two = (batch(wiki, folder, jobs) for jobs in (1, 2))
    again = cost(command(wiki, folder, 2))
    print(f"the same again         {again}  {again.clock / two.clock:.1%} ({again.cpu / two.cpu:.1%} of CPU)")
    print(f"efficiency on 2 cores  {one.clock / two.clock / 2:.2f} by the clock, {one.cpu / two.cpu:.2f} by CPU")
    sample = files[:: max(1, len(files) // SAMPLE)][:SAMPLE]
    compare("pandoc, once per page", once_per_page(sample), one, two, pages)
    compare("pandoc, one process", pandoc_loop(sample), one, two, pages)


def batch(wiki: Path, folder: Path, jobs: int) -> Cost:
    shutil.rmtree(folder / f"out{jobs}", ignore_errors=True)
    taken = cost(command(wiki, folder, jobs), processors=jobs)
    print(f"wikicable, {jobs} job(s)    {taken}")
    return taken


def command(wiki: Path, folder: Path, jobs: int) -> list[str]:
    out = str(folder / f"out{jobs}")
    return [sys.executable, "-m", "wikicable", "batch", str(wiki), "-t", "markdown", "-o", out, "--jobs", str(jobs)]


def compare(title: str, theirs: Cost, one: Cost, two: Cost, pages: int) -> None:
    """Tell how many times as fast we are, from what pandoc takes for a page."""
    print(
        f"{title:23}{theirs.clock * 1000:6.1f} ms a page; on one core {theirs.clock * pages / one.clock:.1f} times as fast"
        f" ({theirs.cpu * pages / one.cpu:.1f} by CPU), on two {theirs.clock * pages / two.clock:.1f}"
    )


def once_per_page(sample: list[Path]) -> Cost:
    costs = [cost([PANDOC, "-f", "dokuwiki", "-t", "markdown", str(path), "-o", "/dev/null"]) for path in sample]
    return Cost(
        *(sum(column) / len(sample) for column in zip(*((c.clock, c.cpu, c.megabytes) for c in costs), strict=True))
    )


def pandoc_loop(sample: list[Path]) -> Cost:
    """Give what a page takes in one process; the pages stand there several times, so that its start is no matter."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        json.dump([path.read_text("utf-8") for path in sample] * 3, file)
        file.flush()
        taken = cost([PANDOC, "lua", str(ROOT / "pandoc.lua"), file.name, "markdown"])
    return Cost(taken.clock / len(sample) / 3, taken.cpu / len(sample) / 3, taken.megabytes)


if __name__ == "__main__":
    main()
