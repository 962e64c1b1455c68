"""A whole wiki, made up, beside pandoc: `batch.py [PAGES] [--folder FOLDER]`.

CPU seconds are those of all processes, so that they mean something on a machine that has other things to do; seconds
on the clock stand beside them.  pandoc is given a sample of the pages, once per page and in one process.
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
SAMPLE = 100


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds on the clock, of all processors, and megabytes of all processes at their peak."""

    clock: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.clock:9.1f} s  {self.cpu:9.1f} CPU s  {self.megabytes:6.0f} MB"


def cost(command: list[str]) -> Cost:
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
    costs = {}
    for jobs in ("1", "2"):
        out = folder / f"out{jobs}"
        shutil.rmtree(out, ignore_errors=True)
        command = [
            sys.executable,
            "-m",
            "wikicable",
            "batch",
            str(wiki),
            "-t",
            "markdown",
            "-o",
            str(out),
            "--jobs",
            jobs,
        ]
        costs[jobs] = cost(command)
        print(f"wikicable, {jobs} job(s)     {costs[jobs]}")
    again = cost(command)
    print(
        f"the same again         {again}  {again.clock / costs['2'].clock:.1%} ({again.cpu / costs['2'].cpu:.1%} of CPU)"
    )
    print(
        f"efficiency on 2 cores  {costs['1'].clock / costs['2'].clock / 2:.2f} by the clock, {costs['1'].cpu / costs['2'].cpu:.2f} by CPU"
    )
    sample = files[:: max(1, len(files) // SAMPLE)][:SAMPLE]
    mine = costs["1"].cpu / pages
    each = sum(cost([PANDOC, "-f", "dokuwiki", "-t", "markdown", str(path), "-o", "/dev/null"]).cpu for path in sample)
    theirs = each / len(sample)
    print(
        f"pandoc, once per page  {theirs * 1000:.1f} CPU ms a page, ours {mine * 1000:.1f}: {theirs / mine:.1f} times; on 2 cores {2 * theirs / mine:.1f}"
    )
    loop = pandoc_loop(sample)
    print(
        f"pandoc, one process    {loop * 1000:.1f} CPU ms a page: {loop / mine:.1f} times; on 2 cores {2 * loop / mine:.1f}"
    )


def pandoc_loop(sample: list[Path]) -> float:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        json.dump([path.read_text("utf-8") for path in sample], file)
        file.flush()
        return cost([PANDOC, "lua", str(ROOT / "pandoc.lua"), file.name, "markdown"]).cpu / len(sample)


if __name__ == "__main__":
    main()
