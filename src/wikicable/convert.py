"""The way of a document: read, change, write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

from wikicable.errors import UnknownWriter
from wikicable.formats import Context, Format, make_options
from wikicable.model import Document, Metadata, MetaValue
from wikicable.notices import Notices
from wikicable.plugins import Plugins, installed
from wikicable.source import Source, encoded
from wikicable.transforms import Steps
from wikicable.values import Value, frozen

_TUPLES = ("tags", "contributors")


@frozen
class Conversion(Value):
    """What came of a conversion: the output, and what was not carried over as it stood."""

    output: str | bytes
    notices: Notices

    @property
    def data(self) -> bytes:
        """The output as bytes: UTF-8, and what was not UTF-8 in the source as it was there."""
        if isinstance(self.output, bytes):
            return self.output
        return encoded(self.output)


def read(
    source: Source | str | bytes | Path, format_name: str, *, notices: Notices | None = None, **options: object
) -> Document:
    """Read a document; a ``str`` is the text itself, a ``Path`` names a file.

    The keywords are the format's own reader options.
    """
    form, given, made, context = _reading(source, format_name, options, notices)
    assert form.read is not None
    return form.read(given, made, context)


def read_all(
    source: Source | str | bytes | Path, format_name: str, *, notices: Notices | None = None, **options: object
) -> Iterator[Document]:
    """Read the documents of a file one by one: a corpus has several, a file of most formats one."""
    form, given, made, context = _reading(source, format_name, options, notices)
    if form.read_all is not None:
        return form.read_all(given, made, context)
    assert form.read is not None
    return iter((form.read(given, made, context),))


def _reading(
    source: Source | str | bytes | Path, format_name: str, options: Mapping[str, object], notices: Notices | None
) -> tuple[Format, Source, Any, Context]:
    """Give all that a reader is called with, and say if the text is not UTF-8."""
    plugins = installed()
    form = plugins.formats.reader(format_name)
    made = make_options(form.read_options, options, f"the {form.name} reader")
    given = Source.of(source)
    context = _context(plugins, given, notices)
    if form.reads_utf8 and not given.is_utf8:
        context.notices.guessed("encoding.bytes", given.first_bad, "not UTF-8; kept as the bytes they are")
    return form, given, made, context


def write(document: Document, format_name: str, *, notices: Notices | None = None, **options: object) -> str | bytes:
    """Write a document, as text or, for a binary format, as bytes.

    The keywords are the format's own writer options.
    """
    plugins = installed()
    form = plugins.formats.writer(format_name)
    assert form.write is not None
    made = make_options(form.write_options, options, f"the {form.name} writer")
    return form.write(document, made, _context(plugins, None, notices))


def write_all(
    documents: Iterable[Document], format_name: str, *, notices: Notices | None = None, **options: object
) -> Iterator[bytes]:
    """Write several documents into one file, a corpus or a book, and give it in pieces.

    A format whose files hold one document raises ``UnknownWriter``.
    """
    plugins = installed()
    form = plugins.formats.writer(format_name)
    if form.write_all is None:
        able = ", ".join(each.name for each in plugins.formats.values() if each.write_all) or "none"
        raise UnknownWriter(f"a file of {form.name} holds one document (several: {able})")
    made = make_options(form.write_options, options, f"the {form.name} writer")
    return form.write_all(documents, made, _context(plugins, None, notices))


def convert(
    source: Source | str | bytes | Path,
    reader: str,
    writer: str,
    *,
    read_options: Mapping[str, object] | None = None,
    write_options: Mapping[str, object] | None = None,
    metadata: Mapping[str, MetaValue] | None = None,
    transforms: Iterable[str] = (),
) -> str | bytes:
    """Read a source in one format and write it in another.

    ``metadata`` is said of the document in place of its own; ``transforms`` name the steps that change it in between.
    """
    return conversion(
        source,
        reader,
        writer,
        read_options=read_options,
        write_options=write_options,
        metadata=metadata,
        transforms=transforms,
    ).output


def conversion(
    source: Source | str | bytes | Path,
    reader: str,
    writer: str,
    *,
    read_options: Mapping[str, object] | None = None,
    write_options: Mapping[str, object] | None = None,
    metadata: Mapping[str, MetaValue] | None = None,
    transforms: Iterable[str] = (),
) -> Conversion:
    """Convert as ``convert`` does, and give the notices as well."""
    form = installed().formats.writer(writer)
    make_options(form.write_options, write_options or {}, f"the {form.name} writer")  # before any work is done
    Steps.named(transforms, installed())
    given = Source.of(source)
    notices = Notices(given)
    document = read(given, reader, notices=notices, **(read_options or {}))
    return written(document, writer, notices, write_options=write_options, metadata=metadata, transforms=transforms)


def written(
    document: Document,
    writer: str,
    notices: Notices,
    *,
    write_options: Mapping[str, object] | None = None,
    metadata: Mapping[str, MetaValue] | None = None,
    transforms: Iterable[str] = (),
) -> Conversion:
    """Write a document that was read with these notices, as ``conversion`` does."""
    steps = Steps.named(transforms, installed())
    document = steps(_told(document, metadata), _context(installed(), notices.source, notices))
    return Conversion(write(document, writer, notices=notices, **(write_options or {})), notices)


def together(
    sources: Iterable[tuple[Source, str]],
    writer: str,
    *,
    notices: Notices,
    read_options: Mapping[str, object] | None = None,
    write_options: Mapping[str, object] | None = None,
    metadata: Mapping[str, MetaValue] | None = None,
    transforms: Iterable[str] = (),
    page_ids: Iterable[str] = (),
) -> Iterator[bytes]:
    """Convert the documents of several sources, each with its format, into one file, and give it in pieces.

    A single source that holds a single document gives the file that ``convert`` gives.  ``page_ids`` are the ids of
    the sources' pages, where these do not say their own: by them links between the pages find them.
    """
    steps = Steps.named(transforms, installed())

    remaining = iter(sources)
    beginning = list(islice(remaining, 2))
    is_single = len(beginning) == 1

    def documents() -> Iterator[Document]:
        for (source, reader), page_id in zip(chain(beginning, remaining), chain(page_ids, repeat("")), strict=False):
            notices.source = source
            context = _context(installed(), source, notices)
            for number, document in enumerate(read_all(source, reader, notices=notices, **(read_options or {}))):
                named = document if number else _named(document, page_id)
                yield steps(_told(named, metadata), context)

    given = documents()
    if is_single:
        first, second = next(given), next(given, None)
        if second is None:
            return iter((Conversion(write(first, writer, notices=notices, **(write_options or {})), notices).data,))
        given = chain((first, second), given)
    return write_all(given, writer, notices=notices, **(write_options or {}))


def apart(
    source: Source,
    reader: str,
    writer: str,
    *,
    notices: Notices,
    read_options: Mapping[str, object] | None = None,
    write_options: Mapping[str, object] | None = None,
    metadata: Mapping[str, MetaValue] | None = None,
    transforms: Iterable[str] = (),
) -> Iterator[tuple[Document, bytes]]:
    """Convert each document of a source by itself, and give it as it was read beside its file."""
    steps = tuple(transforms)
    for document in read_all(source, reader, notices=notices, **(read_options or {})):
        done = written(document, writer, notices, write_options=write_options, metadata=metadata, transforms=steps)
        yield document, done.data


def _named(document: Document, page_id: str) -> Document:
    """Give a document the id of its file, unless it says its own: so links between the pages of one file find them."""
    if document.metadata.page_id or not page_id:
        return document
    return replace(document, metadata=replace(document.metadata, page_id=page_id))


def _told(document: Document, metadata: Mapping[str, MetaValue] | None) -> Document:
    return replace(document, metadata=with_values(document.metadata, metadata)) if metadata else document


def with_values(metadata: Metadata, values: Mapping[str, MetaValue]) -> Metadata:
    """Put values in place: the ones the model knows by name, all others among the free keys."""
    known = {field.name for field in fields(Metadata)} - {"extra"}
    changes: dict[str, Any] = {key: _known_value(key, value) for key, value in values.items() if key in known}
    free = {key: value for key, value in values.items() if key not in known}
    if free:
        changes["extra"] = {**metadata.extra, **free}
    return replace(metadata, **changes) if changes else metadata


def _known_value(key: str, value: MetaValue) -> tuple[str, ...] | str:
    items = [str(item) for item in (value if isinstance(value, list) else [value])]
    return tuple(items) if key in _TUPLES else ", ".join(items)


def _context(plugins: Plugins, source: Source | None, notices: Notices | None) -> Context:
    if notices is None:
        notices = Notices(source)
    return Context(notices, plugins.formats, plugins.ask)
