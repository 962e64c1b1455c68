"""A real DokuWiki, driven through the script ``dokuwiki`` beside this file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

SCRIPT = Path(__file__).parent / "dokuwiki"


@cache
def why_not() -> str:
    """Say why there is no DokuWiki to ask; nothing if there is one."""
    ran = subprocess.run([SCRIPT, "unpack"], capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else f"no DokuWiki to ask: {ran.stderr.strip().splitlines()[-1:]}"


def shown(pages: Mapping[str, str], data: Path) -> dict[str, str | None]:
    """Give the HTML of the pages of a wiki, by id; ``data`` is its data folder."""
    lines = "".join(json.dumps({"id": page, "page": page, "text": text}) + "\n" for page, text in pages.items())
    ran = subprocess.run([SCRIPT, "render", data], input=lines, capture_output=True, text=True, check=True)
    return {answer["id"]: answer.get("xhtml") for answer in map(json.loads, ran.stdout.split("\n")[:-1])}


def ids(names: Sequence[str], **conf: object) -> list[tuple[str, str]]:
    """Give the page id and the section id of each name, the section ids as of headings of one page."""
    ran = subprocess.run(
        [SCRIPT, "ids"], input=json.dumps({"conf": conf, "names": names}), capture_output=True, text=True, check=True
    )
    return [tuple(json.loads(line)) for line in ran.stdout.split("\n")[:-1]]


def rendered(pages: Sequence[str]) -> list[str | None]:
    """Give the HTML of each page; none for a page on which DokuWiki itself fails."""
    lines = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(pages))
    ran = subprocess.run([SCRIPT, "render"], input=lines, capture_output=True, text=True, check=True)
    answers = {answer["id"]: answer for answer in map(json.loads, ran.stdout.split("\n")[:-1])}
    return [answers[number].get("xhtml") for number in range(len(pages))]
