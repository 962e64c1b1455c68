"""What a format is, and the table of the formats there are.

A format plugin gives a ``Format`` value.  Its reader and writer are functions of three arguments:
what to convert, the options as a value of the dataclass the plugin declares, and the ``Context``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cache
from pathlib import PurePath
from typing import Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

from wikicable.errors import OptionError, UnknownReader, UnknownWriter, nearest
from wikicable.model import CodeBlock, Document
from wikicable.notices import Notices
from wikicable.source import Source
from wikicable.values import Value, frozen


@frozen
class NoOptions(Value):
    """The options of a format that has none."""


@frozen
class Context(Value):
    """What a reader or writer may use beside its input: where to put notices, and the other formats."""

    notices: Notices = field(default_factory=Notices)
    formats: Formats = field(default_factory=lambda: Formats(()))
    hooks: Hooks = field(default_factory=lambda: NO_HOOKS)


Hooks: TypeAlias = Callable[[str], Iterable[Any]]
"""Ask every plugin one hook: ``hooks("register_dokuwiki_syntax")`` gives all values, in order."""


def NO_HOOKS(_: str) -> Iterable[Any]:  # noqa: N802
    """Ask no plugin: no values."""
    return ()


Reader: TypeAlias = Callable[[Source, Any, Context], Document]
Writer: TypeAlias = Callable[[Document, Any, Context], "str | bytes"]
ReaderOfAll: TypeAlias = Callable[[Source, Any, Context], Iterator[Document]]
WriterOfAll: TypeAlias = Callable[[Iterable[Document], Any, Context], Iterator[bytes]]


@frozen
class Format(Value):
    """A format: its names and how it is read and written.

    ``read_options`` and ``write_options`` are frozen dataclasses whose fields have defaults; a field
    is an option, its type says which values it takes, and its ``metadata["help"]`` what it does.

    ``through`` names the program that does the work, where it is not ours.

    A format whose files can hold several documents, a book or a corpus, also gives ``read_all`` and ``write_all``.
    They go from one document to the next: ``write_all`` is done with a document before it asks for another, so that
    its notices have their places in the right source, and gives its file in pieces.

    ``sniff`` tells by the first bytes of a file whether it is of this format, where these leave no doubt.  ``text_of``
    is for a format in which code stands as it is: it tells where in the source's bytes the text of a block stands, so
    that files can be taken out of pages, and put in, without any change.

    ``tells_encoding`` is true of a format whose files say themselves in which encoding they are, as XML does.
    """

    name: str
    title: str
    suffixes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    media_type: str = "text/plain"
    read: Reader | None = None
    write: Writer | None = None
    read_options: type[Any] = NoOptions
    write_options: type[Any] = NoOptions
    is_binary: bool = False
    tells_encoding: bool = False
    read_all: ReaderOfAll | None = None
    write_all: WriterOfAll | None = None
    through: str = ""
    sniff: Callable[[bytes], bool] | None = None
    text_of: Callable[[Source, CodeBlock], slice | None] | None = None

    @property
    def reads_utf8(self) -> bool:
        """Whether its files are read as UTF-8, whatever they say."""
        return not (self.is_binary or self.tells_encoding)


class Formats(Mapping[str, Format]):
    """The formats by name; aliases find them too."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._by_name = {each.name: each for each in formats}
        self._aliases = {alias: each for each in self._by_name.values() for alias in each.aliases}

    def __getitem__(self, name: str) -> Format:
        found = self._by_name.get(name) or self._aliases.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def reader(self, name: str) -> Format:
        """Give the format of that name, which can be read, or raise ``UnknownReader``."""
        found = self.get(name)
        if found is None or found.read is None:
            known = [each.name for each in self.values() if each.read]
            raise UnknownReader(f"no reader for {name!r}{nearest(name, known)} (`wikicable formats` lists all)")
        return found

    def writer(self, name: str) -> Format:
        """Give the format of that name, which can be written, or raise ``UnknownWriter``."""
        found = self.get(name)
        if found is None or found.write is None:
            known = [each.name for each in self.values() if each.write]
            raise UnknownWriter(f"no writer for {name!r}{nearest(name, known)} (`wikicable formats` lists all)")
        return found

    def by_suffix(self, path: PurePath) -> Format | None:
        """Give the format a file of that name most likely has."""
        suffix = path.suffix.lower()
        return next((each for each in self.values() if suffix in each.suffixes), None)


def make_options(kind: type[Any], given: Mapping[str, object], owner: str) -> Any:
    """Make a format's options from keywords or from ``key=value`` strings, or raise ``OptionError``.

    ``owner`` names reader or writer in the message.
    """
    hints = _hints(kind)  # type: ignore[arg-type]  # mypy takes no type for hashable, python/mypy#11469
    values = {}
    for key, value in given.items():
        name = key.replace("-", "_")
        if name not in hints:
            has = ", ".join(hints) or "none"
            raise OptionError(f"{owner} has no option {key!r}{nearest(name, hints)} (it has: {has})")
        values[name] = _option_value(hints[name], value, f"{owner}: option {key!r}")
    return kind(**values)


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in dataclasses.fields(kind)}


def _option_value(hint: Any, value: object, what: str) -> object:
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise OptionError(f"{what} takes {', '.join(map(str, get_args(hint)))}, not {value!r}")
        return value
    if hint is bool and isinstance(value, str):
        return _truth(value, what)
    if hint is int and isinstance(value, str):
        if not value.lstrip("-").isdecimal():
            raise OptionError(f"{what} takes a whole number, not {value!r}")
        return int(value)
    return value


def _truth(value: str, what: str) -> bool:
    if value.lower() in ("true", "yes", "on", "1", ""):
        return True
    if value.lower() in ("false", "no", "off", "0"):
        return False
    raise OptionError(f"{what} takes true or false, not {value!r}")


def option_fields(kind: type[Any]) -> list[tuple[str, str, str]]:
    """Give name, default and help of each option, for ``wikicable formats``."""
    return [(f.name, _shown(f.default), str(f.metadata.get("help", ""))) for f in dataclasses.fields(kind)]


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
