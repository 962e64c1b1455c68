"""Runs of text with their marks to inlines, one within the other.

In RTF marks lie side by side.  Of the marks that begin at a place the one that reaches farthest is the
outermost; where two reach equally far, the one that was put on first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeAlias

from wikicable.links import link_text
from wikicable.model import (
    Attr,
    Block,
    Code,
    EmailTarget,
    Emph,
    Image,
    Inline,
    LineBreak,
    Link,
    MediaTarget,
    Monospace,
    Note,
    SmallCaps,
    SoftBreak,
    Span,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Tags,
    Target,
    Underline,
    UrlTarget,
)
from wikicable.walk import plain_text
from wikicable_rtf.flow import Anchor, CharacterStyle, Face, Field, Leaf, Marks, Story, Turn
from wikicable_rtf.properties import split_keywords
from wikicable_rtf.styles import HYPERLINK, INLINE_CODE, MONOSPACE, literal_of, span_of
from wikicable_rtf.targets import IMAGE_SCHEME, Addresses, image_in_tip, image_of, shown_title

_NODES: dict[Face, Callable[[tuple[Inline, ...]], Inline]] = {
    Face.STRONG: Strong,
    Face.EMPH: Emph,
    Face.UNDERLINE: Underline,
    Face.STRIKEOUT: Strikeout,
    Face.SUPERSCRIPT: Superscript,
    Face.SUBSCRIPT: Subscript,
    Face.SMALL_CAPS: SmallCaps,
}
_BARE_WEB = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)

Key: TypeAlias = Face | Turn | CharacterStyle | Field
"""What a node is made for; ``Face.MONO`` stands for the style ``Monospace`` too."""


@dataclass(slots=True)
class Run:
    """A leaf with what is around it.

    ``literal`` is the style under which its text stands for itself, ``is_styled`` tells that a style says that it
    is monospaced.
    """

    keys: tuple[Key, ...]
    leaf: Leaf
    literal: CharacterStyle | None = None
    is_styled: bool = False


@dataclass(slots=True)
class Inliner:
    """Makes the inlines of a file's paragraphs.

    ``bookmarks`` are the names that links lead to, ``note`` makes the blocks of a footnote.  ``names`` collects
    the names of pictures that only the link around them tells.
    """

    addresses: Addresses
    bookmarks: frozenset[str] = frozenset()
    is_own: bool = False
    note: Callable[[Story], tuple[Block, ...]] = lambda _: ()
    names: dict[str, str] = field(default_factory=dict)

    def inlines(self, line: Sequence[tuple[Marks, Leaf]], hidden: frozenset[Face] = frozenset()) -> tuple[Inline, ...]:
        """Make inlines of a line; ``hidden`` faces are the look of its style and mean nothing."""
        runs = _joined(
            [run for marks, leaves in groupby(line, key=_marks) for run in self._runs(marks, leaves, hidden)]
        )
        if any(Face.UNDERLINE in run.keys for run in runs):
            self._take_off_underlines(runs)
        return tuple(self._build(runs, 0, len(runs), frozenset()))

    # -- marks -----------------------------------------------------------------------------------

    def _runs(self, marks: Marks, leaves: Iterator[tuple[Marks, Leaf]], hidden: frozenset[Face]) -> Iterator[Run]:
        pattern = self._pattern(marks, hidden)
        for is_text, group in groupby((leaf for _, leaf in leaves), key=_is_text):
            if is_text:
                yield replace(pattern, leaf="".join(leaf for leaf in group if isinstance(leaf, str)))
                continue
            for leaf in group:
                keys = pattern.keys
                if isinstance(leaf, Story):  # what raises its number is the look of a note
                    keys = tuple(key for key in keys if key is not Face.SUPERSCRIPT)
                is_break = isinstance(leaf, LineBreak | SoftBreak)
                yield replace(pattern, keys=keys, leaf=leaf, literal=pattern.literal if is_break else None)

    def _pattern(self, marks: Marks, hidden: frozenset[Face]) -> Run:
        """Make the run that is like all runs with these marks."""
        keys: list[Key] = []
        run = Run((), "")
        look = False  # whether the next face is only the look of a link
        for mark in marks:
            match mark:
                case CharacterStyle():
                    look = mark.name == HYPERLINK
                    self._add_style(keys, run, mark)
                case Turn() if not look:
                    keys.append(mark)
                case Turn():
                    look = False
                case Face():
                    if mark not in hidden and mark not in keys:
                        keys.append(mark)
                case Field():
                    keys = [key for key in keys if not isinstance(key, Field) or _is_image(mark)]
                    keys.append(mark)
        if run.literal and run.literal.name == INLINE_CODE:
            keys = [key for key in keys if key is not Face.MONO]
        run.keys = tuple(keys)
        return run

    def _add_style(self, keys: list[Key], run: Run, style: CharacterStyle) -> None:
        if style.name == MONOSPACE and self.is_own:
            keys.append(style)
        elif style.name == MONOSPACE:
            run.is_styled = True
            if Face.MONO not in keys:
                keys.append(Face.MONO)
        elif literal_of(style.name):
            run.literal = style
        elif span_of(style.name):
            keys.append(style)

    def _take_off_underlines(self, runs: list[Run]) -> None:
        """Take the underline off that is only the look of a link.

        It means something where it was put on before the link began, or, as programs do not keep that order,
        where the text beside the link is underlined too.
        """
        start = 0
        for link, group in groupby(runs, key=_link_of):
            linked = list(group)
            before, after = runs[start - 1 : start], runs[start + len(linked) : start + len(linked) + 1]
            start += len(linked)
            if link is None or any(Face.UNDERLINE in run.keys and not _link_of(run) for run in (*before, *after)):
                continue
            for run in linked:
                if Face.UNDERLINE in run.keys and run.keys.index(Face.UNDERLINE) > run.keys.index(link):
                    run.keys = tuple(key for key in run.keys if key is not Face.UNDERLINE)

    # -- nesting ---------------------------------------------------------------------------------

    def _build(self, runs: list[Run], start: int, end: int, around: frozenset[Key]) -> Iterator[Inline]:
        while start < end:
            key, after = _outermost(runs, start, end, around, links_first=self.is_own)
            if key is None:
                after = _end_of_literal(runs, start, end)
                yield from self._leaf(runs, start, after)
            else:
                content = tuple(self._build(runs, start, after, around | {key}))
                yield self._node(key, content, is_styled=any(run.is_styled for run in runs[start:after]))
            start = after

    def _node(self, key: Key, content: tuple[Inline, ...], *, is_styled: bool) -> Inline:
        match key:
            case Face.MONO:
                is_plain = all(isinstance(inline, Str) for inline in content)
                return Code(plain_text(content)) if is_plain and not is_styled else Monospace(content)
            case Face():
                return _NODES[key](content)
            case Turn(face=face):
                return _NODES[face](content)
            case CharacterStyle(name=name) if name == MONOSPACE:
                return Monospace(content)
            case CharacterStyle(name=name):
                return Span(content, span_of(name))
            case Field():
                return self._field(key, content)

    def _leaf(self, runs: list[Run], start: int, end: int) -> Iterator[Inline]:
        run = runs[start]
        if run.literal:
            make = literal_of(run.literal.name)
            assert make is not None, "only such styles are literal"
            yield make("".join(_literal_text(each.leaf) for each in runs[start:end]))
            return
        match run.leaf:
            case str(text):
                yield Str(text)
            case Anchor(name=name):
                if name in self.bookmarks or (self.is_own and not name.startswith("_")):
                    yield Span((), Attr(id=name))
            case Story() as story:
                yield Note(self.note(story), at=story.at)
            case inline:
                yield inline

    # -- fields ----------------------------------------------------------------------------------

    def _field(self, key: Field, content: tuple[Inline, ...]) -> Inline:
        if key.command == "KEYWORDS":
            return Tags(split_keywords(plain_text(content)), at=key.at)
        if key.command == "INCLUDEPICTURE":
            shown = next((inline for inline in content if isinstance(inline, Image)), None)
            return shown or Image(UrlTarget(key.target), content, at=key.at)
        if key.target.lower().startswith(IMAGE_SCHEME):
            return self._image(key.target, content, key.at)
        target = self.addresses.read(key)
        if address := image_in_tip(key.tip):
            url = target.url if isinstance(target, UrlTarget) else ""
            image = self._image(address, content, key.at, url)
            return image if isinstance(image.target, UrlTarget) else Link(target, (image,), at=key.at)
        return replace(self._link(target, content), at=key.at)

    def _image(self, address: str, content: tuple[Inline, ...], at: int, url: str = "") -> Image:
        picture = next((inline for inline in content if isinstance(inline, Image)), None)
        image = image_of(address, picture.content if picture else content, url)
        if picture and isinstance(picture.target, MediaTarget) and isinstance(image.target, MediaTarget):
            self.names[picture.target.id] = image.target.id
        if image.content == self.shown(image.target):
            return replace(image, content=shown_title(address, plain_text(image.content)), at=at)
        return replace(image, at=at)

    def shown(self, target: Target) -> tuple[Inline, ...]:
        """Give what a link without a text of its own shows."""
        text = link_text(target, self.addresses.conf, self.addresses.page_id)
        return (Str(text),) if text else ()

    def _link(self, target: Target, content: tuple[Inline, ...]) -> Link:
        text = plain_text(content) if all(isinstance(inline, Str) for inline in content) else None
        match target:
            case UrlTarget(url=url) if text == url:
                return Link(target, (), Attr(classes=("uri",)) if _BARE_WEB.match(url) else Attr())
            case UrlTarget(url=url) if text and url in (f"http://{text}", f"ftp://{text}"):
                return Link(target, content, Attr(classes=("uri",)))
            case EmailTarget(address=address) if text == address:
                return Link(target, (), Attr(classes=("email",)))
            case _:
                return Link(target, () if content == self.shown(target) else content)


# -- runs ----------------------------------------------------------------------------------------


def _marks(piece: tuple[Marks, Leaf]) -> Marks:
    return piece[0]


def _is_text(leaf: Leaf) -> bool:
    return isinstance(leaf, str)


def _is_image(link: Field) -> bool:
    return link.target.lower().startswith(IMAGE_SCHEME)


def _link_of(run: Run) -> Field | None:
    return next((key for key in run.keys if isinstance(key, Field)), None)


def _is_link(key: Key) -> bool:
    return isinstance(key, Field)


def _likeness(run: Run) -> tuple[tuple[Key, ...], CharacterStyle | None, bool, bool]:
    return run.keys, run.literal, run.is_styled, isinstance(run.leaf, str)


def _joined(runs: list[Run]) -> list[Run]:
    """Join runs of text that have everything in common."""
    joined: list[Run] = []
    for (_, _, _, is_text), group in groupby(runs, key=_likeness):
        alike = list(group)
        if is_text and len(alike) > 1:
            joined.append(replace(alike[0], leaf="".join(run.leaf for run in alike if isinstance(run.leaf, str))))
        else:
            joined.extend(alike)
    return joined


def _outermost(
    runs: list[Run], start: int, end: int, around: frozenset[Key], *, links_first: bool
) -> tuple[Key | None, int]:
    """Give the key to make a node for at ``start``, and where it ends.

    Other programs put a link around formatting even where all of it has it.
    """
    best: Key | None = None
    reach = start
    keys = runs[start].keys
    for key in keys if links_first else sorted(keys, key=_is_link):
        if key in around:
            continue
        after = start
        while after < end and key in runs[after].keys:
            after += 1
        after = _before_link(runs, start, after, end, around)
        if after > reach:
            best, reach = key, after
    return best, reach


def _before_link(runs: list[Run], start: int, after: int, end: int, around: frozenset[Key]) -> int:
    """Give where to end instead of ``after``, so that no link is cut in two."""
    link = _link_of(runs[after - 1])
    if after == end or link is None or link in around or link not in runs[after].keys:
        return after
    before = after
    while before > start and link in runs[before - 1].keys:
        before -= 1
    return before if before > start else after


def _end_of_literal(runs: list[Run], start: int, end: int) -> int:
    """Give the end of the text that stands for itself, or of a single leaf."""
    after = start + 1
    if runs[start].literal:
        while after < end and runs[after].literal == runs[start].literal and runs[after].keys == runs[start].keys:
            after += 1
    return after


def _literal_text(leaf: Leaf) -> str:
    return leaf if isinstance(leaf, str) else "\n"
