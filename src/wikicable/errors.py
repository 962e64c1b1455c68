"""What can go wrong outside a document's content.

::

    WikicableError
    ├── InputError            1    a file cannot be read or written
    ├── OptionError           6    an option that is not there, or a value it cannot take
    ├── UnknownReader        21    no plugin reads that format
    ├── UnknownWriter        22    no plugin writes that format
    └── FormatError          64    the bytes are not of the format they are read as

Each error says what is wrong, where, and what to do, in one line for a person.  ``exit_code`` is
pandoc's where pandoc has one for the same thing.  Readers of text formats raise none of these on
content: every text is a valid page.
"""

from __future__ import annotations

from collections.abc import Iterable


class WikicableError(Exception):
    """The base of every error that a caller is expected to show or to catch."""

    exit_code = 1


class InputError(WikicableError):
    """A file that cannot be read or written."""


class OptionError(WikicableError):
    """An option the format does not have, or a value the option does not take."""

    exit_code = 6


class UnknownReader(WikicableError):
    """A format that no plugin reads."""

    exit_code = 21


class UnknownWriter(WikicableError):
    """A format that no plugin writes."""

    exit_code = 22


class FormatError(WikicableError):
    """Bytes that are not of the format they were read as, with the place where that shows."""

    exit_code = 64


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the words of ``known`` that look most like ``word``, as the end of a sentence, or nothing."""
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415  start-up pays only for what is used

    close = get_close_matches(word.lower(), list(known), n=3, cutoff=0.5)
    likeness = [SequenceMatcher(None, word.lower(), each).ratio() for each in close]
    close = [each for each, ratio in zip(close, likeness, strict=True) if ratio > likeness[0] - 0.1]
    return f"; did you mean {' or '.join(close)}?" if close else ""
