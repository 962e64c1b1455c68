"""What goes wrong with folders, archives, names and disks is said, and costs nothing else."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from wikicable import cli
from wikicable.wiki.commands import PAGES_FAILED
from wikicable.wiki.output import Target, TargetError

GARDEN = Path(__file__).parent.parent / "samples" / "garden"
KILLS = int(os.environ.get("WIKICABLE_KILLS", "3"))


def batch(source: Path, folder: Path, *more: str) -> int:
    return cli.run(["batch", str(source), "-t", "gfm", "-o", str(folder), "--jobs", "1", *more])


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.fixture
def wiki(tmp_path):
    put(tmp_path / "wiki" / "data" / "pages" / "start.txt", b"====== Start ======\n")
    return tmp_path / "wiki"


def pages(wiki: Path) -> Path:
    return wiki / "data" / "pages"


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".wikicable" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


# -- killed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_any_moment_and_run_again(tmp_path, seed):
    rng = random.Random(seed)
    wiki = tmp_path / "wiki"
    for number in range(60):
        put(pages(wiki) / f"ns{number % 5}" / f"p{number}.txt", b"====== P ======\n\n[[ns1:p1#p]] {{tag>a}}\n" * 20)
    batch(wiki, tmp_path / "whole", "-q")
    command = [
        sys.executable,
        "-m",
        "wikicable",
        "batch",
        wiki,
        "-t",
        "gfm",
        "-o",
        tmp_path / "out",
        "--jobs",
        "2",
        "-q",
    ]
    killed = subprocess.Popen(list(map(str, command)), start_new_session=True, stderr=subprocess.DEVNULL)
    time.sleep(rng.uniform(0.2, 2))
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert batch(wiki, tmp_path / "out", "-q") == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    state = tmp_path / "out" / ".wikicable" / "state.db"
    assert state.read_bytes() == (tmp_path / "whole" / ".wikicable" / "state.db").read_bytes()
    assert [path.name for path in state.parent.iterdir()] == ["state.db"]


# -- the target ----------------------------------------------------------------------------------


def test_a_folder_with_other_files_is_left_alone(wiki, tmp_path, capsys):
    put(tmp_path / "out" / "mine.md", b"mine")
    assert batch(wiki, tmp_path / "out") == cli.USAGE
    assert "--force" in capsys.readouterr().err
    assert contents(tmp_path / "out") == {"mine.md": b"mine"}
    assert batch(wiki, tmp_path / "out", "--force") == 0
    assert (tmp_path / "out" / "mine.md").read_bytes() == b"mine"


def test_a_file_of_another_in_our_folder_is_left_alone(wiki, tmp_path):
    batch(wiki, tmp_path / "out")
    put(tmp_path / "out" / "new.md", b"mine")
    put(pages(wiki) / "new.txt", b"theirs")
    assert batch(wiki, tmp_path / "out") == cli.USAGE
    assert (tmp_path / "out" / "new.md").read_bytes() == b"mine"


def test_a_full_disk_is_said_in_one_line(wiki, tmp_path, capsys, monkeypatch):
    def full(self: Target, relative: str, data: bytes) -> None:
        raise TargetError(f"{relative}: cannot be written: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Target, "write", full)
        assert batch(wiki, tmp_path / "out") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "No space left" in said
    assert batch(wiki, tmp_path / "out") == 0


def mounted(folder: Path) -> bool:
    """Mount a disk that is full at once, where that may be done."""
    folder.mkdir()
    ran = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True, check=False)
    return ran.returncode == 0


def test_a_disk_that_is_really_full(tmp_path, capsys):
    if not mounted(tmp_path / "disk"):
        pytest.skip("a small disk cannot be mounted here")
    try:
        wiki = tmp_path / "wiki"
        for number in range(40):
            put(pages(wiki) / f"p{number}.txt", random.Random(number).randbytes(5000).hex().encode())
        assert batch(wiki, tmp_path / "disk" / "out") == 1
        said = capsys.readouterr().err
        assert "No space left" in said or "disk is full" in said
        assert said.count("\n") == 1
        subprocess.run(["mount", "-o", "remount,size=16m", tmp_path / "disk"], check=True)
        assert batch(wiki, tmp_path / "disk" / "out") == 0
        batch(wiki, tmp_path / "whole")
        assert contents(tmp_path / "disk" / "out") == contents(tmp_path / "whole")
        subprocess.run(["mount", "-o", "remount,ro", tmp_path / "disk"], check=True)
        put(pages(wiki) / "p1.txt", b"changed")
        assert batch(wiki, tmp_path / "disk" / "out") == 1
    finally:
        subprocess.run(["umount", tmp_path / "disk"], check=True)


def test_a_link_in_the_target_does_not_lead_out_of_it(wiki, tmp_path):
    put(pages(wiki) / "ns" / "a.txt", b"A")
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "ns").symlink_to(tmp_path / "elsewhere")
    assert batch(wiki, tmp_path / "out", "--force") == PAGES_FAILED
    assert not list((tmp_path / "elsewhere").iterdir())


def test_dry_run_writes_nothing(wiki, tmp_path, capsys):
    assert batch(wiki, tmp_path / "out", "--dry-run") == 0
    said = capsys.readouterr().err
    assert " converted" in said
    assert " written" not in said
    assert not (tmp_path / "out").exists()


# -- the source ----------------------------------------------------------------------------------


def test_bytes_that_are_no_utf8_are_kept(wiki, tmp_path, capsys):
    put(pages(wiki) / "latin.txt", "Käse".encode("latin-1"))
    assert batch(wiki, tmp_path / "out") == 0
    assert "encoding.bytes" in capsys.readouterr().err
    assert "Käse".encode("latin-1") in (tmp_path / "out" / "latin.md").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_page_that_may_not_be_read_costs_no_other(wiki, tmp_path):
    put(pages(wiki) / "secret.txt", b"x")
    (pages(wiki) / "secret.txt").chmod(0)
    assert batch(wiki, tmp_path / "out") == PAGES_FAILED
    assert (tmp_path / "out" / "README.md").exists()


def test_a_page_that_cannot_be_read_costs_no_other(wiki, tmp_path, capsys):
    put(pages(wiki) / "gone.txt", b"x")
    archive = tmp_path / "wiki.zip"
    shutil.make_archive(str(archive.with_suffix("")), "zip", wiki)
    data = archive.read_bytes()
    at = data.index(b"gone.txt") + len("gone.txt")
    archive.write_bytes(data[:at] + b"?" + data[at + 1 :])
    assert batch(archive, tmp_path / "out", "--report", str(tmp_path / "report.json")) == PAGES_FAILED
    assert "gone" in json.loads((tmp_path / "report.json").read_text("utf-8"))["failed"]
    assert (tmp_path / "out" / "README.md").exists()


def test_links_that_lead_round_or_out(wiki, tmp_path, capsys):
    (pages(wiki) / "loop").symlink_to(pages(wiki))
    (pages(wiki) / "passwd.txt").symlink_to("/etc/passwd")
    assert batch(wiki, tmp_path / "out") == 0
    assert "2 dropped source.link" in capsys.readouterr().err
    assert contents(tmp_path / "out").keys() == {"README.md"}


def test_members_that_climb_out_of_an_archive(tmp_path, capsys):
    archive = tmp_path / "wiki.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("data/pages/start.txt", "../data/pages/out.txt", "/data/pages/abs.txt"):
            member = tarfile.TarInfo(name)
            member.size = 5
            tar.addfile(member, io.BytesIO(b"hello"))
        link = tarfile.TarInfo("data/pages/link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert batch(archive, tmp_path / "out") == 0
    assert "2 dropped source.path" in (said := capsys.readouterr().err)
    assert "1 dropped source.link" in said
    assert contents(tmp_path / "out").keys() == {"README.md"}


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"])
def test_archives_give_what_their_folder_gives(tmp_path, kind):
    archive = tmp_path / f"wiki.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as file:
            for path in sorted(GARDEN.rglob("*")):
                file.write(path, path.relative_to(GARDEN))
    else:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w" if kind == "tar.zst" else f"w:{kind[4:]}") as tar:
            tar.add(GARDEN, "garden")
        data = packed.getvalue()
        if kind == "tar.zst":
            data = pytest.importorskip("zstandard").compress(data)
        archive.write_bytes(data)
    assert batch(archive, tmp_path / "out") == 0
    batch(GARDEN, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


# -- names ---------------------------------------------------------------------------------------


def test_names_in_all_of_dokuwikis_codes(wiki, tmp_path, capsys):
    put(pages(wiki) / "%EA%B0%80.txt", b"url")
    put(pages(wiki) / "나.txt", b"utf-8")
    put(pages(wiki) / "%10jc].txt", b"safe")
    put(pages(wiki) / "a+b%21.txt", b"blank")
    batch(wiki, tmp_path / "out")
    texts = {path.stem: path.read_text("utf-8").split("\n")[-2] for path in (tmp_path / "out").glob("*.md")}
    assert texts["가"] == "url"
    assert texts["나"] == "utf-8"


def test_two_files_with_one_id(wiki, tmp_path, capsys):
    put(pages(wiki) / "%EA%B0%80.txt", b"one")
    put(pages(wiki) / "가.txt", b"two")
    assert batch(wiki, tmp_path / "out") == 0
    assert "1 dropped source.clash" in capsys.readouterr().err


def test_two_ids_with_one_file_name(wiki, tmp_path, capsys):
    put(pages(wiki) / "a.txt", "[[Ａ]]".encode())
    put(pages(wiki) / "A.txt", b"other")
    assert batch(wiki, tmp_path / "out") == 0
    assert "changed page.path" in capsys.readouterr().err
    assert len(list((tmp_path / "out").glob("[aA]*.md"))) == 2


def test_an_id_as_long_as_a_file_name_can_be(wiki, tmp_path):
    name = "가" * 83
    put(pages(wiki) / f"{name}.txt", b"long")
    put(pages(wiki) / "start.txt", f"[[{name}]]".encode())
    assert batch(wiki, tmp_path / "out") == 0
    assert batch(tmp_path / "out", tmp_path / "back", "-t", "dokuwiki") == 0
    (link,) = (path for path in (tmp_path / "out").glob("가*.md"))
    assert len(link.name.encode()) <= 255
    assert f"[[{name}]]" in (tmp_path / "back" / "pages" / "start.txt").read_text("utf-8")
