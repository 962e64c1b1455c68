"""A batch on a Dask cluster gives what it gives on this machine alone."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

GARDEN = Path(__file__).parent.parent / "samples" / "garden"

if importlib.util.find_spec("distributed") is None:
    assert "WIKICABLE_ORACLE" not in os.environ, "Dask is not installed: pip install wikicable[dask]"
    pytest.skip("Dask is not installed: pip install wikicable[dask]", allow_module_level=True)


def batch(folder: Path, *more: str) -> None:
    command = [sys.executable, "-m", "wikicable", "batch", str(GARDEN), "-t", "gfm", "-o", str(folder), "-q", *more]
    subprocess.run(command, check=True)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".wikicable" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_local_cluster(tmp_path):
    batch(tmp_path / "here", "--jobs", "1")
    batch(tmp_path / "there", "--executor", "dask", "--jobs", "2")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@pytest.fixture
def scheduler(tmp_path):
    """Start a scheduler and two workers from the shell, and give the scheduler's address."""
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    commands = [[*dask, "scheduler", "--port", "0", "--scheduler-file", str(file), "--no-dashboard"]]
    commands += [[*dask, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard"]] * 2
    started = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        end = time.monotonic() + 60
        while not file.is_file() or not file.read_text():
            assert time.monotonic() < end
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait()


def test_two_workers_of_another_shell(tmp_path, scheduler):
    batch(tmp_path / "here", "--jobs", "1")
    batch(tmp_path / "there", "--executor", "dask", "--scheduler", scheduler, "--jobs", "2")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
