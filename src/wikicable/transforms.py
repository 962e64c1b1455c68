"""Named steps that change a document between reading and writing: ``--transform NAME``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from wikicable.errors import OptionError, nearest
from wikicable.formats import Context
from wikicable.model import Document
from wikicable.plugins import Plugins
from wikicable.values import Value, frozen

Apply: TypeAlias = Callable[[Document, str, Context], Document]


@frozen
class Transform(Value):
    """A step: its name and what it makes of a document.

    ``apply`` is given the document, what stands behind the name in ``--transform NAME=VALUE``, and the ``Context``.
    """

    name: str
    title: str
    apply: Apply


@frozen
class Steps(Value):
    """The steps of one conversion, in their order, each with its value."""

    steps: tuple[tuple[Transform, str], ...]

    @classmethod
    def named(cls, names: Iterable[str], plugins: Plugins) -> Steps:
        """Find the steps of these names, ``NAME`` or ``NAME=VALUE``, or raise ``OptionError``."""
        return cls(tuple(_named(each, plugins) for each in names))

    def __call__(self, document: Document, context: Context) -> Document:
        """Take a document through all steps."""
        for transform, value in self.steps:
            document = transform.apply(document, value, context)
        return document


def transforms(plugins: Plugins) -> dict[str, Transform]:
    """Give every transform there is, by name."""
    return {each.name: each for each in (*_OWN, *plugins.ask("register_transforms", Transform))}


def _with_media(document: Document, value: str, context: Context) -> Document:
    from wikicable.media import with_media  # noqa: PLC0415  start-up pays only for what is used

    return with_media(document, value, context)


def _extract_media(document: Document, value: str, context: Context) -> Document:
    from wikicable.media import extract_media  # noqa: PLC0415

    return extract_media(document, value, context)


_OWN = (
    Transform("media", "take media from a folder into the document", _with_media),
    Transform("extract-media", "write the media of the document into a folder", _extract_media),
)


def _named(step: str, plugins: Plugins) -> tuple[Transform, str]:
    name, _, value = step.partition("=")
    known = transforms(plugins)
    if name not in known:
        raise OptionError(f"no transform {name!r}{nearest(name, known)} (there are: {', '.join(known) or 'none'})")
    return known[name], value
