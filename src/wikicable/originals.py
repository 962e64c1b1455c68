"""Files embedded in a page, the original of a translation above all: taken out, put in, read in the page's place.

A file is a block of code with a file name; its bytes are those that stand in the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePath

from wikicable.convert import Conversion, read, read_all, write
from wikicable.errors import InputError, OptionError
from wikicable.formats import Format
from wikicable.model import CodeBlock, Document
from wikicable.notices import Notices
from wikicable.plugins import installed
from wikicable.source import Source, encoded
from wikicable.walk import walk


@dataclass(frozen=True)
class Embedded:
    """A file in a page: the name under which it is safely written, its bytes, and the block that holds it."""

    name: str
    data: bytes
    block: CodeBlock


def embedded(source: Source, reader: str, notices: Notices | None = None) -> list[Embedded]:
    """Give the files in a page, in their order, each with a name of its own."""
    form = installed().formats.reader(reader)
    names = Names()
    blocks = (
        node
        for document in read_all(source, reader, notices=notices)
        for node in walk(document)
        if isinstance(node, CodeBlock) and node.filename
    )
    return [Embedded(names.take(block.filename), _data(source, form, block), block) for block in blocks]


def _data(source: Source, form: Format, block: CodeBlock) -> bytes:
    place = form.text_of(source, block) if form.text_of else None
    return encoded(block.text) if place is None else source.data[place]


# -- names ---------------------------------------------------------------------------------------

_UNSAFE = re.compile('[\\x00-\\x1f\\x7f-\\x9f<>:"|?*\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)
_LONGEST = 240
"""Bytes of a name: file systems take 255, and a number may be put in."""
_LONGEST_SUFFIX = 20


def safe_name(name: str) -> str:
    """Give the last part of a name as one that every file system takes and that leads nowhere else."""
    parts = [part for part in re.split(r"[/\\]", name) if part.strip(" .")]
    last = _UNSAFE.sub("_", parts[-1]).strip().rstrip(". ") if parts else ""
    return _cut(f"_{last}" if _DEVICE.match(last) else last) or "file"


def _cut(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    stem, suffix = _parted(name)
    return stem.encode()[: _LONGEST - len(suffix.encode())].decode("utf-8", "ignore") + suffix


def _parted(name: str) -> tuple[str, str]:
    """Part a name before its suffix, if that is one."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and len(suffix.encode()) < _LONGEST_SUFFIX else (name, "")


def numbered(name: str) -> Iterator[str]:
    """Give a name, and then that name with a number."""
    stem, suffix = _parted(name)
    yield name
    yield from (f"{stem}-{number}{suffix}" for number in count(2))


@dataclass
class Names:
    """The names given so far; none is given twice, as the pickiest file system sees it."""

    _taken: set[str] = field(default_factory=set)
    _tried: dict[str, int] = field(default_factory=dict)

    def take(self, name: str) -> str:
        """Give the safe name for a name, with a number where it is taken."""
        safe = safe_name(name)
        free = next(each for each in numbered(safe) if _key(each) not in self._taken)
        self._taken.add(_key(free))
        return free


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


# -- out of a page -------------------------------------------------------------------------------


def extract(source: Source, reader: str, folder: Path, notices: Notices, form: Format | None = None) -> list[Path]:
    """Write the files in a page to a folder, and give their paths.

    What is named as a file of the format ``form`` but is plain text becomes a file of that format, with the same
    lines.  A file that is there already is never written over: another one gets a number.
    """
    return [_put(folder, each.name, _shaped(each, form, notices)) for each in embedded(source, reader, notices)]


def _shaped(file: Embedded, form: Format | None, notices: Notices) -> bytes:
    named = _said_format(file)
    if named is None or _is_of(file, named):
        return file.data
    if form is not None and named.name == form.name:
        return Conversion(write(_as_text(file), form.name, notices=notices), notices).data
    _say_plain(file, named, notices, file.block.at)
    return file.data


def _said_format(file: Embedded) -> Format | None:
    """Give the format that a file's name says it has, where its bytes can tell whether it has it."""
    named = installed().formats.by_suffix(PurePath(file.name))
    return named if named is not None and named.sniff is not None else None


def _is_of(file: Embedded, form: Format) -> bool:
    return form.sniff is not None and form.sniff(file.data)


def _say_plain(file: Embedded, named: Format, notices: Notices, at: int | None) -> None:
    hint = f"`wikicable extract --as {named.name}` makes one"
    notices.guessed("original.plain-text", at, f"{file.name} is no {named.name} but plain text; {hint}")


def _as_text(file: Embedded) -> Document:
    """Give a document of the lines of a file."""
    text = Source(file.data).text
    return Document((CodeBlock(text, kind="indented"),))


def _put(folder: Path, name: str, data: bytes) -> Path:
    for each in numbered(name):
        path = folder / each
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            if not path.is_symlink() and path.is_file() and path.read_bytes() == data:
                return path
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error
        else:
            return path
    raise AssertionError("numbers do not end")


# -- into a page ---------------------------------------------------------------------------------


def embed(source: Source, reader: str, file: Source, name: str) -> bytes:
    """Give the bytes of a page with a file in it: in place of the one that is extracted under that name, or at the end.

    All else in the page stays as it is.  A file that the page would not give back as it is raises ``InputError``.
    """
    form = installed().formats.reader(reader)
    if form.text_of is None:
        able = ", ".join(each.name for each in installed().formats.values() if each.text_of) or "none"
        raise OptionError(f"{source.name}: no file can be put into a page of {form.name} (into one of these: {able})")
    files = embedded(source, reader)
    number = next((number for number, each in enumerate(files) if each.name == name), len(files))
    if number < len(files) and files[number].data == file.data:
        return source.data
    if not file.is_utf8:
        raise InputError(f"{file.name}: is not UTF-8; a page can hold it only as a media file")
    page = source if number < len(files) else _with_empty(source, form, safe_name(name))
    return _filled(page, form, number, file)


def _with_empty(source: Source, form: Format, name: str) -> Source:
    """Give the page with an empty file at its end."""
    language = PurePath(name).suffix.removeprefix(".").lower()
    block = CodeBlock("", language if language.isalnum() else "", name, "file")
    code = Conversion(write(Document((block,)), form.name), Notices()).data
    gap = b"" if not source.data else b"\n" if source.data.endswith(b"\n") else b"\n\n"
    return Source(source.data + gap + code, source.name)


def _filled(page: Source, form: Format, number: int, file: Source) -> bytes:
    """Put a file in the place of the page's file ``number``, and read the page again to see that it stands there."""
    files = embedded(page, form.name)
    place = form.text_of(page, files[number].block) if form.text_of and number < len(files) else None
    if place is None:
        raise InputError(f"{page.name}: no file can stand at the place of {file.name}; put it in by hand")
    before, after = page.data[: place.start], page.data[place.stop :]
    filled = Source(before + _lines(before, file.data, after) + after, page.name)
    again = embedded(filled, form.name)
    if [each.data for each in again] == [file.data if here == number else each.data for here, each in enumerate(files)]:
        return filled.data
    end = len(again[number].block.text) if number < len(again) else 0
    cut = file.text[end:].lstrip().partition("\n")[0][:20]
    raise InputError(f"{file.place(end)}: a page of {form.name} cannot hold this file: it would end at {cut!r}")


def _lines(before: bytes, data: bytes, after: bytes) -> bytes:
    """Give the bytes of a file as lines of their own; those around it are no part of it."""
    start = b"" if before.endswith(b"\n") else b"\n"
    end = b"" if after.startswith((b"\n", b"\r\n")) else b"\n"
    apart = b"\r" if data.endswith(b"\r") and (end or after.startswith(b"\n")) else b""
    return start + data + apart + end


# -- in place of a page --------------------------------------------------------------------------


def original(source: Source, reader: str, name: str = "", **options: object) -> tuple[Document, Notices]:
    """Read the file in a page instead of the page: in its own format where its bytes tell it, else as plain text.

    ``name`` is needed where a page has more than one original; the options are those of the file's own reader.
    """
    file = _chosen(source, reader, name)
    inner = Source(file.data, f"{source.name}:{file.name}")
    notices = Notices(inner)
    named = _said_format(file)
    if named is not None and _is_of(file, named):
        return read(inner, named.name, notices=notices, **options), notices
    if named is not None:
        _say_plain(file, named, notices, 0)
    if options:
        raise OptionError(f"{inner.name}: is read as plain text, which takes no options: {', '.join(options)}")
    return _as_text(file), notices


def _chosen(source: Source, reader: str, name: str) -> Embedded:
    files = embedded(source, reader)
    chosen = [each for each in files if (name in (each.name, each.block.filename) if name else each.block.is_original)]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(each.name for each in files)
    if not files:
        raise InputError(f"{source.name}: no file is embedded in it")
    if not chosen:
        raise InputError(f"{source.name}: has no such file embedded (it has: {names})")
    raise InputError(f"{source.name}: has several files; name one with --part original:NAME (it has: {names})")
