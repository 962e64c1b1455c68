"""Random pages of DokuWiki markup: every construct, nested, unclosed, adjacent, oddly spaced.

The same seed gives the same pages.  Left out are ``<html>`` and ``<php>``, which later releases know no
more, ids that end in a dot, which release 2025 resolves otherwise than Debian's 2022, and whatever would
make DokuWiki reach out to the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

WORDS = (
    *("wiki", "Page", "a", "the", "42", "note", "x_y", "e.g.", "don't", "it's", "O'Neill", "ÄÖÜ", "naïve", "straße"),
    *("문서", "번역을", "漢字", "かな", "это", "ελλ", "“종료”", "100%", "C++", "A/B", "3*4", "under_score", "foo.bar"),
)
TYPOGRAPHY = (
    *(
        "--",
        "---",
        "...",
        "->",
        "<-",
        "<->",
        "=>",
        "<=",
        "<=>",
        ">>",
        "<<",
        "(c)",
        "(tm)",
        "(r)",
        "640x480",
        "3x4",
        "0x1",
    ),
    *(
        '"quoted"',
        "'single'",
        '"',
        "'",
        "a--b",
        "x---y",
        "----",
        "&amp;",
        "&lt;",
        "&",
        "&nbsp;",
        "1 -- 2",
        "'90s",
        "\"'both'\"",
    ),
)
SMILEYS = (
    "8-)",
    ":-)",
    ";-)",
    "FIXME",
    "DELETEME",
    "LOL",
    ":?:",
    ":!:",
    "^_^",
    ":-|",
    ":-\\",
    "=)",
    "m(",
    "8-O",
    ":-X",
)
ACRONYMS = ("HTML", "W3C", "API", "TL;DR", "WTF?", "FAQ", "HTMLs", "xAPI", "CMS.", "RFC 822", "TOC:")
ADDRESSES = (
    *(
        "http://example.org",
        "https://example.org/a_b?c=d&e#f",
        "www.example.org",
        "ftp.example.org/x",
        "ftp://a.example.org/",
    ),
    *(
        "http://example.org/a.",
        "http://example.org/(x)",
        "https://example.org/가",
        "HTTP://EXAMPLE.ORG/",
        "xhttp://a.b",
        "http://",
    ),
    *(
        "<someone@example.org>",
        "<some.one+x@a.example.org?subject=hi>",
        "someone@example.org",
        r"\\server\share",
        r"\\a\b\c.txt",
    ),
)
MARKS = ("**", "//", "__", "''")
PAIRS = (("<sub>", "</sub>"), ("<sup>", "</sup>"), ("<del>", "</del>"))
NOISE = "*/_'\"<>[]{}()|^\\~%-=:.#!?&;@ "
IDS = (
    *(
        "page",
        "start",
        "ns:page",
        ":ns:page",
        "..:up",
        ".:here",
        ".here",
        "..up",
        "ns:",
        "Some Page",
        "a & b",
        "가:나",
        "ÄÖ ß",
    ),
    *(
        "a/b",
        "a;b",
        "page_",
        "_page",
        "a__b",
        "a.b",
        "ns:sub:page",
        "~:a",
        ":",
        "x(y)",
        "a'b",
        "p,q",
        "1",
        "a--b",
        "A:B:",
    ),
)
SHORTCUTS = ("wp", "wpjp", "doku", "rfc", "google", "WP", "nothing", "user", "amazon.de", "a b")
MEDIA = (
    *(
        "x.png",
        "ns:x.jpg",
        ":ns:x.gif",
        "x.PNG",
        "doc.pdf",
        "가나.png",
        "noext",
        "x.svg",
        "..:x.png",
        "my file.png",
        "a.zip",
    ),
    *(
        "http://example.org/x.png",
        "https://example.org/x",
        "http://example.org/x.jpg?a=b&c",
        "wp>x.png",
        "film.mp4",
        "a.mp3",
    ),
)
SIZES = (
    "",
    "?200",
    "?200x100",
    "?nolink",
    "?linkonly",
    "?direct",
    "?50&nolink",
    "?x",
    "?nocache",
    "?10x20&recache&direct",
    "?",
)
LANGUAGES = (
    "",
    " php",
    " html",
    " -",
    " text",
    " a b",
    " python x.py",
    " - file.txt",
    " rtf my file.rtf",
    " bash [a]",
    "\t",
)

Inline: TypeAlias = Callable[["_Author"], str]


def pages(count: int, seed: int) -> Iterator[str]:
    """Give pages of 1 to 30 lines."""
    for number in range(count):
        yield _Author(Random(f"{seed}/{number}")).page()


class _Author:
    """Writes one page, by one sequence of random numbers."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.depth = 0

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def page(self) -> str:
        lines: list[str] = []
        for _ in range(self.random.choices((1, 2, 3, 4, 5, 6, 8), (4, 5, 5, 4, 3, 2, 1))[0]):
            lines += self.random.choices(_BLOCKS, _BLOCK_WEIGHTS)[0](self).split("\n")
            lines += [""] * self.random.choices((0, 1, 2), (4, 5, 1))[0]
            if self.chance(0.05):
                lines.append(self.pick(" ", "  ", "\t", "\\\\", "~~NOTOC~~", "~~NOCACHE~~", "   \t"))
        return "\n".join(lines[:30]) + self.pick("", "\n")

    # -- inlines ---------------------------------------------------------------------------------

    def text(self, most: int = 5) -> str:
        """Give inlines side by side, mostly with a blank between them."""
        out = ""
        for _ in range(self.random.randint(1, most)):
            out += self.random.choices(_INLINES, _INLINE_WEIGHTS)[0](self)
            out += self.random.choices((" ", "", "  ", "\t"), (80, 18, 1, 1))[0]
        return out if self.chance(0.1) else out.rstrip(" \t")

    def inner(self) -> str:
        """Give what stands in a mark or link: text that goes less and less deep."""
        if self.depth > 2:
            return self.pick(*WORDS)
        self.depth += 1
        out = self.text(3)
        self.depth -= 1
        return out

    def words(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 5)))

    def noise(self) -> str:
        return "".join(self.random.choices(NOISE, k=self.random.randint(1, 6)))

    def marked(self) -> str:
        mark = self.pick(*MARKS)
        return self.between(mark, mark)

    def tagged(self) -> str:
        return self.between(*self.random.choice(PAIRS))

    def note(self) -> str:
        return self.between("((", "))", self.inner() + (f"\n\n{self.words()}" if self.chance(0.1) else ""))

    def between(self, opening: str, closing: str, content: str | None = None) -> str:
        """Put inlines between marks; now and then one of the two is forgotten, or set apart."""
        content = self.inner() if content is None else content
        if self.chance(0.1):
            return self.pick(
                f"{opening}{content}", f"{content}{closing}", f"{opening} {content} {closing}", opening + closing
            )
        return f"{opening}{content}{closing}"

    def overlapping(self) -> str:
        one, two = self.random.sample(MARKS, 2)
        return f"{one}{self.inner()} {two}{self.inner()}{one} {self.inner()}{two}"

    def verbatim(self) -> str:
        content = self.pick(self.inner(), self.noise(), "**no bold**", "[[no link]]")
        return self.between(*self.random.choice([("<nowiki>", "</nowiki>"), ("%%", "%%"), ("''%%", "%%''")]), content)

    def link(self) -> str:
        title = self.pick(
            "", "", f"|{self.words()}", f"|{self.inner()}", f"|{self.medium()}", "|", f"| {self.words()} "
        )
        return self.between("[[", "]]", self.pick("", "", "", " ") + self.target() + title)

    def target(self) -> str:
        section = self.pick("", "", "", "#section", "#A b ü", "#", "?do=edit", "?a=b&c=d#e")
        return self.pick(
            self.pick(*IDS) + section,
            self.pick(*IDS) + section,
            f"#{self.words()}",
            f"{self.pick(*SHORTCUTS)}>{self.words()}{section}",
            self.pick(
                "http://example.org/a b",
                "https://example.org/?q=[x]",
                "www.example.org",
                "mailto:a@b.org",
                "javascript:x",
            ),
            self.pick(
                "someone@example.org",
                "some.one@a.example.org?subject=x y",
                r"\\server\share",
                r"\\server\share\a b.txt",
            ),
        )

    def medium(self) -> str:
        title = self.pick("", "", f"|{self.words()}", f"|{self.noise()}", "|", f"| {self.words()}")
        left, right = self.pick("", "", " "), self.pick("", "", " ")
        return self.between("{{", "}}", left + self.pick(*MEDIA) + self.pick(*SIZES) + right + title)

    def code(self) -> str:
        name = self.pick("code", "file")
        content = self.pick(
            self.words(), f"\n{self.words()}\n", f"\n  {self.words()}\n\n\t{self.noise()}\n", self.inner(), ""
        )
        return self.between(f"<{name}{self.pick(*LANGUAGES)}>", f"</{name}>", content)

    def line_break(self) -> str:
        return self.pick("\\\\ ", "\\\\\n", "\\\\", "\\\\ \\\\ ", "\\\\\t")

    def feed(self) -> str:
        return "{{rss>http://127.0.0.1:9/feed" + self.pick("", " 5", " author date 1h 3 reverse", " nosort") + "}}"

    # -- blocks ----------------------------------------------------------------------------------

    def paragraph(self) -> str:
        return "\n".join(self.text() for _ in range(self.random.randint(1, 3)))

    def heading(self) -> str:
        equals = "=" * self.random.randint(1, 7)
        content = self.pick(self.words(), self.words(), self.inner(), "", "=", f"{self.words()} = {self.words()}")
        closing = equals if self.chance(0.9) else "=" * self.random.randint(0, 7)
        before, after = self.pick("", "", "", " ", self.words()), self.pick("", "", "", " ", "\t", self.words())
        return f"{before}{equals}{self.pick(' ', '')}{content}{self.pick(' ', '')}{closing}{after}"

    def items(self) -> str:
        lines, depth = [], 1
        for _ in range(self.random.randint(1, 6)):
            depth = max(1, depth + self.random.choice((-2, -1, 0, 0, 0, 1, 1, 2)))
            indent = self.random.choices(("  " * depth, "\t" * depth, " " * self.random.randint(1, 7)), (8, 1, 1))[0]
            lines.append(f"{indent}{self.pick('*', '-')}{self.pick(' ', ' ', ' ', '', '  ')}{self.item()}")
        return "\n".join(lines)

    def item(self) -> str:
        return self.random.choices((self.text(), "", self.code(), self.text(2) + "\n" + self.text(2)), (85, 3, 6, 6))[0]

    def table(self) -> str:
        return "\n".join(self.row() for _ in range(self.random.randint(1, 5)))

    def row(self) -> str:
        cells = "".join(self.pick("|", "|", "^") + self.cell() for _ in range(self.random.randint(1, 4)))
        return cells + self.random.choices(("|", "^", "", "| ", f"| {self.words()}"), (75, 15, 4, 3, 3))[0]

    def cell(self) -> str:
        content = self.random.choices(
            (self.text(3), "", ":::", " ", self.line_break() + self.words()), (70, 12, 10, 4, 4)
        )[0]
        return self.pick(f" {content} ", f" {content} ", content, f"  {content}", f"{content}  ", f"  {content}  ")

    def quotation(self) -> str:
        lines = self.random.randint(1, 4)
        return "\n".join(">" * self.random.randint(1, 4) + self.pick(" ", " ", "") + self.text(4) for _ in range(lines))

    def indented(self) -> str:
        return "\n".join(
            self.pick("  ", "   ", "\t", "  \t") + self.pick(self.words(), self.text(3), "")
            for _ in range(self.random.randint(1, 3))
        )

    def rule(self) -> str:
        return self.pick("----", "-----", "----  ", " ----", "---", "---- x", "  ----")


_WEIGHTED_INLINES: dict[Inline, int] = {
    _Author.words: 40,
    _Author.marked: 12,
    _Author.tagged: 4,
    _Author.link: 8,
    _Author.medium: 5,
    _Author.note: 4,
    _Author.verbatim: 4,
    _Author.overlapping: 2,
    _Author.line_break: 2,
    _Author.code: 1,
    _Author.noise: 4,
    lambda author: author.pick(*TYPOGRAPHY): 6,
    lambda author: author.pick(*SMILEYS): 2,
    lambda author: author.pick(*ACRONYMS): 2,
    lambda author: author.pick(*ADDRESSES): 4,
    lambda author: author.pick("~~NOTOC~~", "~~NOCACHE~~", "~~OTHER~~"): 1,
}
_WEIGHTED_BLOCKS: dict[Inline, int] = {
    _Author.paragraph: 30,
    _Author.heading: 12,
    _Author.items: 16,
    _Author.table: 16,
    _Author.quotation: 7,
    _Author.indented: 6,
    _Author.code: 8,
    _Author.rule: 4,
    _Author.feed: 1,
}
_INLINES, _INLINE_WEIGHTS = list(_WEIGHTED_INLINES), list(_WEIGHTED_INLINES.values())
_BLOCKS, _BLOCK_WEIGHTS = list(_WEIGHTED_BLOCKS), list(_WEIGHTED_BLOCKS.values())
