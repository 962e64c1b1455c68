"""Our speed beside pandoc's, and a real DokuWiki's where there is one, on the same pages in the same run.

    python benchmarks/run.py                             the samples, some hundred times
    python benchmarks/run.py --pages corpus/wikis.jsonl  JSON lines with a "text" each
    python benchmarks/run.py --rtf corpus/rtf            a folder of RTF files, read and written as Markdown
    python benchmarks/run.py --profile                   where our own time goes, by function

In one process nothing but reading and writing is timed, in CPU seconds, the best of three rounds.  Pages
that pandoc refuses, or is not done with after a while, are left out for everyone.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypandoc

import wikicable

ROOT = Path(__file__).resolve().parent.parent
PANDOC = pypandoc.get_pandoc_path()
DOKUWIKI = ROOT / "tests" / "oracle" / "dokuwiki"
PROGRAM = Path(sys.executable).with_name("wikicable")
SAMPLE = ROOT / "samples" / "cable.txt"
TIMES = 50
ROUNDS = 3
PATIENCE = 60
COMMAND_ROUNDS = 15


@dataclass(frozen=True)
class Seconds:
    """What one program took for all pages."""

    reading: float
    writing: float

    @property
    def both(self) -> float:
        return self.reading + self.writing


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=Path, help="JSON lines with a text each, instead of the samples")
    ask.add_argument(
        "--page", type=Path, default=SAMPLE, help="the one page that is converted with start-up [a sample]"
    )
    ask.add_argument("--rtf", type=Path, help="a folder of RTF files, instead of pages")
    ask.add_argument("--profile", action="store_true", help="show where our time goes, and nothing else")
    asked = ask.parse_args()
    if asked.rtf:
        pages, reader = rtf_files(asked.rtf), "rtf"
    else:
        pages = [json.loads(line)["text"] for line in asked.pages.open("rb")] if asked.pages else sample_pages()
        reader = "dokuwiki"
    if asked.profile:
        profile(pages, reader)
    elif asked.rtf:
        compare_formats(pages, ("markdown",), reader)
    else:
        pages, size = compare_formats(pages, ("markdown", "html", "rtf", "tei"), reader)
        compare_with_dokuwiki(pages, size)
        compare_commands(asked.page)


def sample_pages() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((ROOT / "samples").rglob("*.txt"))] * TIMES


def rtf_files(folder: Path) -> list[str]:
    return [path.read_text("latin_1") for path in sorted(folder.glob("*.rtf"))]


def compare_formats(pages: list[str], formats: Sequence[str], reader: str) -> tuple[list[str], float]:
    pages, left_out = done_by_pandoc(pages, reader)
    size = megabytes(pages)
    print(f"{len(pages)} pages, {size:.2f} MB; {left_out} more left out because pandoc cannot read them\n")
    print(f"{'in one process':24}{'wikicable':>14}{'pandoc':>14}{'times as fast':>16}")
    for format_name in formats:
        mine, theirs = our_seconds(pages, format_name, reader), pandoc_seconds(pages, format_name, reader)
        row(f"{reader} -> {format_name}", size, mine.both, theirs.both)
        row("  reading", size, mine.reading, theirs.reading)
        row("  writing", size, mine.writing, theirs.writing)
    return pages, size


def row(what: str, size: float, mine: float, theirs: float) -> None:
    print(f"{what:24}{size / mine:9.2f} MB/s{size / theirs:9.2f} MB/s{theirs / mine:16.1f}")


def megabytes(pages: Sequence[str]) -> float:
    return sum(len(page.encode("utf-8", "surrogateescape")) for page in pages) / 1e6


# -- ours ----------------------------------------------------------------------------------------


def our_seconds(pages: Sequence[str], format_name: str, reader: str) -> Seconds:
    return min((our_round(pages, format_name, reader) for _ in range(ROUNDS)), key=lambda seconds: seconds.both)


def our_round(pages: Sequence[str], format_name: str, reader: str) -> Seconds:
    reading = writing = 0.0
    for page in pages:
        start = time.process_time()
        document = wikicable.read(page, reader)
        read = time.process_time()
        wikicable.write(document, format_name)
        reading, writing = reading + read - start, writing + time.process_time() - read
    return Seconds(reading, writing)


def profile(pages: Sequence[str], reader: str) -> None:
    our_round(pages[:1], "markdown", reader)  # what is imported on the first call is no part of it
    profiler = cProfile.Profile()
    profiler.runcall(our_round, pages, "markdown", reader)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


# -- pandoc --------------------------------------------------------------------------------------


def pandoc_seconds(pages: Sequence[str], format_name: str, reader: str) -> Seconds:
    rounds = [pandoc_round(pages, format_name, reader) for _ in range(ROUNDS)]
    return min((Seconds(each["reading"], each["writing"]) for each in rounds), key=lambda seconds: seconds.both)


def pandoc_round(pages: Sequence[str], format_name: str, reader: str) -> dict:
    """Run pandoc over the pages; a page that takes too long is told by ``TimeoutExpired.output``."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        json.dump(pages, file)
        file.flush()
        script = Path(__file__).with_name("pandoc.lua")
        command = [PANDOC, "lua", script, file.name, format_name, reader]
        ran = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)
    return json.loads(ran.stdout.splitlines()[-1])


def done_by_pandoc(pages: list[str], reader: str) -> tuple[list[str], int]:
    """Leave out the pages that pandoc refuses or never ends with."""
    kept = list(pages)
    while True:
        try:
            refused = set(pandoc_round(kept, "markdown", reader)["refused"])
        except subprocess.TimeoutExpired as late:
            del kept[int((late.stdout or b"").split()[-1]) - 1]
        else:
            kept = [page for number, page in enumerate(kept, 1) if number not in refused]
            return kept, len(pages) - len(kept)


# -- DokuWiki, and the command line --------------------------------------------------------------


def compare_with_dokuwiki(pages: Sequence[str], size: float) -> None:
    lines = "".join(json.dumps({"id": number, "text": page}) + "\n" for number, page in enumerate(pages))
    ran = subprocess.run([DOKUWIKI, "bench"], input=lines, capture_output=True, text=True, check=False)
    if ran.returncode:
        print("\nDokuWiki itself is left out: it needs PHP, and Debian's package of it")
        return
    theirs = json.loads(ran.stdout)
    mine = our_seconds(pages, "html", "dokuwiki")
    print(f"\n{'beside DokuWiki':24}{'wikicable':>14}{'its own PHP':>14}{'times as fast':>16}")
    row("parsing", size, mine.reading, theirs["parse"])
    row("parsing and rendering", size, mine.both, theirs["render"])


def compare_commands(page: Path) -> None:
    print(f"\n{'one page, start-up too':24}{'wikicable':>14}{'pandoc':>14}{'times as long':>16}")
    for format_name in ("markdown", "html"):
        mine, theirs = side_by_side(
            [str(PROGRAM), "convert", "--quiet", "--to", format_name, str(page)],
            [PANDOC, "--from", "dokuwiki", "--to", format_name, str(page)],
        )
        print(f"DokuWiki -> {format_name:12}{mine:12.3f} s{theirs:12.3f} s{mine / theirs:16.2f}")


def side_by_side(*commands: Sequence[str]) -> list[float]:
    """Give the best time of each command, run in turns, so that whatever else is going on hits them alike."""
    times = [[seconds(command) for command in commands] for _ in range(COMMAND_ROUNDS)]
    return [min(column) for column in zip(*times, strict=True)]


def seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
