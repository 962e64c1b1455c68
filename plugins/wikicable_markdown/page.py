"""What the parts of the writer share while one page is written."""

from __future__ import annotations

from wikicable.links import interwiki_url
from wikicable.model import Block, Document, InterwikiTarget, Link, Note, Tags
from wikicable.notices import Notices
from wikicable.tags import TagPlaces
from wikicable_markdown import Flavour, WriteOptions
from wikicable_markdown.escaping import Escapes, escapes
from wikicable_markdown.html_syntax import element


class Page:
    """The page that is being written."""

    def __init__(self, flavour: Flavour, document: Document, options: WriteOptions, notices: Notices) -> None:
        self.flavour = flavour
        self.has_wiki_links = options.wiki_links and (flavour.pandoc or flavour.vault)
        self.document = document
        self.conf = document.conf
        self.notices = notices
        self.page_id = document.metadata.page_id or ""
        self.escapes: Escapes = escapes(flavour)
        self.notes = Notes(flavour)
        self._tags = TagPlaces(document)

    def tag_list(self, node: Tags) -> str:
        """Give the tags that stand at a place; tags new to the page come first of all places."""
        return " ".join(f'"{tag}"' if " " in tag else tag for tag in self._tags.take(node))

    def say_if_dead(self, node: Link) -> None:
        """Give notice of a link through a shortcut that the wiki does not know; it stands as text that comes back."""
        if isinstance(node.target, InterwikiTarget) and not interwiki_url(node.target, self.conf):
            self.notices.unknown("link.target", node.at, f"no such shortcut: {node.target.shortcut}")


class Notes:
    """The footnotes referred to so far; their text is written at the end of the page."""

    def __init__(self, flavour: Flavour) -> None:
        self._flavour = flavour
        self._numbers: dict[int, int] = {}
        self._contents: list[tuple[Block, ...]] = []

    def reference(self, note: Note) -> str:
        """Write a reference; notes that share their content, as a reader makes them, share a number."""
        number = self._numbers.get(id(note.content)) if note.content else None
        if number is None:
            self._contents.append(note.content)
            number = self._numbers[id(note.content)] = len(self._contents)
        if self._flavour.notes:
            return f"[^{number}]"
        link = element(
            "a", str(number), [("href", f"#fn-{number}"), ("id", f"fnref-{number}"), ("role", "doc-noteref")]
        )
        return element("sup", link)

    def contents(self, after: int) -> list[tuple[Block, ...]]:
        """Give the texts of the notes after the first ``after`` ones, in the order of their numbers."""
        return self._contents[after:]
