"""Make up a wiki: `make_wiki.py FOLDER [PAGES]`; linked, tagged, with media, about 5 KB a page, the same each time.

It is linked about as real wikis are, which have one to two links in a thousand bytes, of which 4 % lead to a section.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

WORDS = [
    "garden",
    "river",
    "stone",
    "letter",
    "harbour",
    "winter",
    "paper",
    "window",
    "bread",
    "signal",
    "market",
    "copper",
    "바다",
    "나무",
    "편지",
    "été",
    "maison",
]
NAMESPACES = 40
LINKED_SENTENCES = 0.4
LINKS_TO_SECTIONS = 0.04


def page_id(number: int) -> str:
    return f"ns{number % NAMESPACES}:page{number}" if number else "start"


def sentence(rng: random.Random) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.randint(8, 16))]
    words[2] = rng.choice((f"**{words[2]}**", f"//{words[2]}//", f"''{words[2]}''", words[2]))
    return " ".join(words).capitalize() + "."


def link(rng: random.Random, pages: int) -> str:
    target = page_id(rng.randrange(pages))
    section = "#section_2" if rng.random() < LINKS_TO_SECTIONS else ""
    return f"[[{target}{section}|{rng.choice(WORDS)}]]"


def linked_sentence(rng: random.Random, pages: int) -> str:
    text = sentence(rng)
    return f"{text} {link(rng, pages)}" if rng.random() < LINKED_SENTENCES else f"{text} {sentence(rng)}"


def section(rng: random.Random, number: int, pages: int) -> str:
    text = " ".join(linked_sentence(rng, pages) for _ in range(4))
    items = "\n".join(f"  * {sentence(rng)}" for _ in range(3))
    rows = "\n".join(f"| {rng.choice(WORDS)} | {rng.randint(1, 999)} |" for _ in range(3))
    picture = f"{{{{:pictures:picture{rng.randrange(50)}.png?200|{rng.choice(WORDS)}}}}}"
    return f"===== Section {number} =====\n\n{text}((A note: {sentence(rng)}))\n\n{items}\n\n^ Word ^ Number ^\n{rows}\n\n{picture}\n\n"


def make(folder: Path, pages: int) -> None:
    for number in range(pages):
        rng = random.Random(number)
        tags = " ".join(sorted({f"tag{rng.randrange(200)}" for _ in range(3)}))
        body = "".join(section(rng, each, pages) for each in range(1, 6))
        path = folder / "data" / "pages" / (page_id(number).replace(":", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"====== Page {number} ======\n\n{body}{{{{tag>{tags}}}}}\n", "utf-8")
    for number in range(50):
        path = folder / "data" / "media" / "pictures" / f"picture{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + random.Random(number).randbytes(2000))


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path)
    ask.add_argument("pages", type=int, nargs="?", default=20_000)
    asked = ask.parse_args()
    make(asked.folder, asked.pages)
