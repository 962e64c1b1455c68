"""Tags of a page and the places in its text where they stand."""

from __future__ import annotations

from collections.abc import Iterable

from wikicable.links import clean_id
from wikicable.model import Document, Node, Tags
from wikicable.walk import walk
from wikicable.wikiconf import WikiConf


def tags_in(blocks: Iterable[Node], conf: WikiConf) -> tuple[str, ...]:
    """Give the tags that stand in the text as ids, which is what DokuWiki knows a page's tags by; each once, in order."""
    names = (name for node in walk(blocks, Tags) for name in node.tags)
    return tuple(filter(None, dict.fromkeys(clean_id(name, conf) for name in names)))


def spelled_tags(document: Document) -> tuple[str, ...]:
    """Give the tags of a page as its author spells them at their places; ``tag_ids`` knows them again."""
    written = [tag for node in walk(document, Tags) for tag in node.tags]
    spelling = {_id(tag, document.conf): tag for tag in reversed(written)}
    known = document.metadata.tags or tuple(dict.fromkeys(written))
    return tuple(spelling.get(_id(tag, document.conf), tag) for tag in known)


def _id(tag: str, conf: WikiConf) -> str:
    """Give the id of a tag; one of nothing but marks has none, and stands for itself."""
    return clean_id(tag, conf) or tag


def tag_ids(tags: Iterable[str], blocks: Iterable[Node], conf: WikiConf) -> tuple[str, ...]:
    """Give what a file names as its tags: by their ids those that stand in the text too; where it names none, these."""
    placed = dict.fromkeys(tags_in(blocks, conf))
    return tuple(dict.fromkeys(name if (name := clean_id(tag, conf)) in placed else tag for tag in tags) or placed)


class TagPlaces:
    """What to write at each place of tags: ``Metadata.tags`` has the last word, where it says anything.

    A tag missing there is not written any more, and a tag that stands at no place is written at the first.
    A place keeps its author's spelling: ``Two Words`` and ``two_words`` are one tag.
    """

    def __init__(self, document: Document) -> None:
        self._conf = document.conf
        self._known = {_id(tag, self._conf) for tag in document.metadata.tags}
        self.unplaced: tuple[str, ...] = ()
        """The tags that stand at no place, as long as no place has taken them."""
        if self._known:
            placed = {_id(tag, self._conf) for place in walk(document, Tags) for tag in place.tags}
            self.unplaced = tuple(tag for tag in document.metadata.tags if _id(tag, self._conf) not in placed)

    def take(self, place: Tags) -> tuple[str, ...]:
        """Give the tags to write at a place; the first place asked for gets the new ones."""
        new, self.unplaced = self.unplaced, ()
        return tuple(tag for tag in place.tags if self._is_known(tag)) + new

    def _is_known(self, tag: str) -> bool:
        """Whether a tag is to be written; one of nothing but marks is no tag to DokuWiki, and stays."""
        return not self._known or not clean_id(tag, self._conf) or _id(tag, self._conf) in self._known
