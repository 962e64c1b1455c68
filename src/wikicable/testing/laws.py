"""The laws that every format keeps, tried with hypothesis.

A plugin's own tests call ``check_format``; each law is a function of its own, so that a failing one
can be run alone.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wikicable.formats import Context, Format, Formats
from wikicable.model import Document
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.source import Source
from wikicable.testing.strategies import LETTERS, MARKS, Keeps, documents

SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
"""What a notice's ``what`` looks like: ``table.colspan``."""

ACTIVE = LETTERS + MARKS + " \t\n"

HOSTILE = (
    *("**", "//", "__", "''", "((", "[[", "{{", "<", "<b>", "&", "`", "*", "_", "[", "![", "{", "|", "^", "%%", "~~"),
    *("**//", "<code>", "<!--", "> ", ">", "#", "=", "  * a\n", "| a | b |\n", "a\n\n", "\\", "\\\\", '"', "'", "$"),
    *("[a](", "[^1]", "[^1]: a\n", "- a\n", "1. a\n", "    a\n", "\t", "http://", "a@b.", "::", "----\n"),
)
"""Markup of many formats: strewn over texts, and repeated to find out whether time is linear."""


@dataclass(frozen=True)
class Trial:
    """A format with the options it is tried with; the other installed formats stand beside it."""

    form: Format
    read_options: Any = None
    write_options: Any = None
    examples: int = 100
    _formats: Formats = field(init=False)

    def __post_init__(self) -> None:
        others = (each for each in installed().formats.values() if each.name != self.form.name)
        object.__setattr__(self, "_formats", Formats((self.form, *others)))

    def read(self, source: Source) -> tuple[Document, Notices]:
        """Read, and give the notices too."""
        assert self.form.read is not None
        notices = Notices(source)
        return self.form.read(source, self.read_options or self.form.read_options(), self._context(notices)), notices

    def write(self, document: Document) -> tuple[str | bytes, Notices]:
        """Write, and give the notices too."""
        assert self.form.write is not None
        notices = Notices()
        options = self.write_options or self.form.write_options()
        return self.form.write(document, options, self._context(notices)), notices

    def there_and_back(self, document: Document) -> Document:
        """Write a document and read what was written."""
        output, _ = self.write(document)
        return self.read(Source.of(output))[0]

    def _context(self, notices: Notices) -> Context:
        return Context(notices, self._formats, installed().ask)

    def run(self, law: Callable[[Any], None], values: st.SearchStrategy[Any]) -> None:
        """Try a law on as many values as there are examples."""
        quiet = settings(
            max_examples=self.examples, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False
        )
        quiet(given(values)(law))()


def check_format(
    form: Format,
    *,
    keeps: Keeps | None = None,
    read_options: Any = None,
    write_options: Any = None,
    examples: int = 100,
    hostile: Iterable[str] = HOSTILE,
) -> None:
    """Try every law that holds for a format, and raise ``AssertionError`` at the first that is broken.

    ``keeps`` is the claim: documents of these kinds come back from writing and reading as they were.
    """
    trial = Trial(form, read_options, write_options, examples)
    if form.read and not form.is_binary:
        reads_every_text(trial)
        takes_linear_time(trial, hostile)
    if form.write:
        writes_every_document(trial)
    if form.read and form.write and keeps:
        keeps_what_it_claims(trial, keeps)


def reads_every_text(trial: Trial) -> None:
    """Every text, and all bytes, are a page; the same page each time; and notices have slugs."""

    def law(given: str | bytes) -> None:
        source = Source.of(given)
        document, notices = trial.read(source)
        assert document == trial.read(source)[0], "the same text was read in two ways"
        assert_slugs(notices)

    markup = st.lists(st.sampled_from(HOSTILE) | st.text(ACTIVE, max_size=4)).map("".join)
    trial.run(law, markup | st.text() | st.binary())


def writes_every_document(trial: Trial) -> None:
    """Every document can be written, with the same result each time; and notices have slugs."""

    def law(document: Document) -> None:
        output, notices = trial.write(document)
        assert output == trial.write(document)[0], "the same document was written in two ways"
        assert isinstance(output, bytes if trial.form.is_binary else str), "text or bytes: not what the format says"
        assert_slugs(notices)

    trial.run(law, documents())


def keeps_what_it_claims(trial: Trial, keeps: Keeps) -> None:
    """What is written and read is the document again, and is written in the same way again."""

    def law(document: Document) -> None:
        back = trial.there_and_back(document)
        assert back == document, "what was written is read as something else"
        assert trial.write(back)[0] == trial.write(document)[0], "writing again gives something else"

    trial.run(law, documents(keeps))


def takes_linear_time(trial: Trial, hostile: Iterable[str] = HOSTILE, most: float = 8) -> None:
    """Reading and writing four times the input takes at most about four times the time, whatever is repeated.

    ``most`` is half way to the sixteen of quadratic time, so that noise decides neither way.
    """
    for chunk in hostile:
        count = 250
        while _fastest(trial, chunk * count) < 0.01 and count < 2**16:
            count *= 2
        tries = (_growth(trial, chunk * count) for _ in range(3))
        ratio = next((ratio for ratio in tries if ratio <= most), None)
        assert ratio, f"{chunk!r}: four times as much of it takes more than {most} times as long"


def assert_slugs(notices: Notices) -> None:
    """Make sure that every notice has a slug."""
    for notice in notices:
        assert SLUG.fullmatch(notice.what), f"no slug: {notice.what!r}"


def _growth(trial: Trial, text: str) -> float:
    """Tell how many times as long four times the text takes."""
    once, fourfold = (_fastest(trial, text * times) for times in (1, 4))
    return fourfold / max(once, 0.005)


def _fastest(trial: Trial, text: str) -> float:
    """Tell how long reading and writing take without what comes in between: a module's first import, another program."""
    return min(_seconds(trial, text) for _ in range(2))


def _seconds(trial: Trial, text: str) -> float:
    """Tell how long reading and writing take; collecting garbage would blur it."""
    source = Source.of(text)
    gc.disable()
    try:
        start = time.process_time()
        document, _ = trial.read(source)
        if trial.form.write:
            trial.write(document)
        return time.process_time() - start
    finally:
        gc.enable()
