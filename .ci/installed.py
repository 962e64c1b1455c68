"""What somebody has who installs wikicable and a plugin: built as wheels, in a fresh environment, beside broken plugins.

Run by ``.ci/run`` with any Python 3.11; ends with the first thing that is not as it should be.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CREOLE = ROOT / "samples" / "plugin-creole"

BROKEN = {
    "on_import": "raise RuntimeError('on import')",
    "taken_name": "from wikicable import Format\ndef register_formats():\n    return [Format('markdown', 'Mine')]",
    "misspelt": "from wikicable import hookimpl\n@hookimpl\ndef register_format():\n    return []",
    "nonsense": "def register_formats():\n    return ['nonsense']",
    "in_hook": "def register_transforms():\n    raise ValueError('in a hook')",
}
SAYS = {
    "on_import": "RuntimeError: on import",
    "taken_name": "wikicable has a format 'markdown' already",
    "misspelt": "there is no hook 'register_format'",
    "nonsense": "register_formats gave a str, which is no Format",
    "in_hook": "register_transforms: ValueError: in a hook",
}
LAWS = """
from wikicable.testing import check_format
from wikicable.plugins import installed
check_format(installed().formats["creole"], examples=50)
"""


class Environment:
    """A fresh virtual environment."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.bin = folder / "bin"
        self.packages = next((folder / "lib").glob("python*/site-packages"))

    def run(self, program: str, *arguments: object, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program of this environment, and see that it ends well."""
        command = [str(self.bin / program), *map(str, arguments)]
        ran = subprocess.run(command, input=text, capture_output=True, text=True, check=False, cwd=self.bin.parent)
        if ran.returncode:
            sys.exit(f"{' '.join(command)} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
        return ran


def main() -> None:
    """Build, install, and look."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        wheels = built(folder / "wheels")
        environment = Environment(folder / "venv")
        environment.run("pip", "install", "--quiet", "--disable-pip-version-check", *wheels, "hypothesis>=6.100")
        works(environment, folder)
        environment.run("python", "-c", LAWS)
        all_files_came_along(environment, folder)
        broken_ones_are_named(environment)
        works(environment, folder)
    say("installed from wheels, and beside broken plugins, everything works")


def built(folder: Path) -> list[Path]:
    """Build a wheel of wikicable, and one of the sample."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "-w", str(folder), str(ROOT), str(CREOLE)], check=True)
    wheels = sorted(folder.glob("*.whl"))
    expect([wheel.name.split("-")[0] for wheel in wheels], ["wikicable", "wikicable_creole"])
    return wheels


def works(environment: Environment, folder: Path) -> None:
    """See that the plugin is listed, and reads and writes, one page and a whole folder."""
    expect("creole" in [form["name"] for form in json.loads(environment.run("wikicable", "formats", "--json").stdout)])
    there = environment.run("wikicable", "convert", "-f", "dokuwiki", "-t", "creole", text="====== A ======\n\n//b//\n")
    expect(there.stdout, "= A =\n\n//b//\n")
    back = environment.run("wikicable", "convert", "-f", "creole", "-t", "dokuwiki", text=there.stdout)
    expect(back.stdout, "====== A ======\n\n//b//\n")
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    (pages / "start.txt").write_text("====== A ======\n\nto [[other]]\n", "utf-8")
    (pages / "other.txt").write_text("====== B ======\n\nto [[start]]\n", "utf-8")
    there_folder, back_folder = (Path(tempfile.mkdtemp(dir=folder)) for _ in range(2))
    environment.run("wikicable", "batch", pages, "-t", "creole", "-o", there_folder, "-q")
    expect("[[other" in (there_folder / "start.creole").read_text("utf-8"))
    environment.run("wikicable", "batch", there_folder, "-f", "creole", "-t", "markdown", "-o", back_folder, "-q")
    expect("# A" in (back_folder / "start.md").read_text("utf-8"))


def all_files_came_along(environment: Environment, folder: Path) -> None:
    """See that what is no Python is in the wheel too: pandoc's script, and the template of a plugin."""
    environment.run("wikicable", "convert", "-f", "dokuwiki", "-o", folder / "a.docx", text="[[page|words]]")
    back = environment.run("wikicable", "convert", folder / "a.docx", "-t", "dokuwiki")
    expect(back.stdout, "[[page|words]]\n")
    environment.run("wikicable", "new-plugin", "fresh", "-o", folder / "fresh")
    environment.run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", folder / "fresh")
    expect("fresh" in environment.run("wikicable", "formats").stdout)


def broken_ones_are_named(environment: Environment) -> None:
    """Put five plugins beside it that are broken, each in its own way, and see that each is named."""
    for name, source in BROKEN.items():
        (environment.packages / f"{name}.py").write_text(source, "utf-8")
        metadata = environment.packages / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n", "utf-8")
        (metadata / "entry_points.txt").write_text(f"[wikicable]\n{name} = {name}\n", "utf-8")
    told = json.loads(environment.run("wikicable", "plugins", "--json").stdout)
    failed = {each["name"]: (each["distribution"], each["version"], each["why"]) for each in told["failed"]}
    expect(sorted(failed), sorted(BROKEN))
    for name, says in SAYS.items():
        distribution, version, why = failed[name]
        expect((distribution, version), (f"{name}-dist", "1.0"))
        expect(says in why)
    expect("creole" in [plugin["name"] for plugin in told["plugins"]])


def expect(found: object, wanted: object = True) -> None:
    """End with what was found, if it is not what is wanted."""
    if found != wanted:
        sys.exit(f"found {found!r}, where {wanted!r} is wanted")


def say(line: str) -> None:
    """Say how it ended."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
