"""The ``xml:id``s of a document: each is a name that XML takes, given once, and the same for the same page."""

from __future__ import annotations

import re

from wikicable import Document

_START = r"A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
_NAME = re.compile(rf"[{_START}][{_START}0-9.\u00b7-]*")
"""What every edition of XML takes for a name without a colon (https://www.w3.org/TR/xml-names/#NT-NCName)."""
_NOT_IN_NAME = re.compile(rf"[^{_START}0-9.\u00b7-]")


def is_id(text: str) -> bool:
    """Whether a text can be an ``xml:id`` as it stands."""
    return _NAME.fullmatch(text) is not None


def as_id(text: str) -> str:
    """Make an ``xml:id`` of a section's id; what the oldest rules for names do not know is a number."""
    name = _NOT_IN_NAME.sub(lambda char: f"_x{ord(char[0]):X}_", text)
    return name if not name or _NAME.match(name) else f"_{name}"


class Identifiers:
    """The ids of one document; in a corpus each begins with the document's own."""

    def __init__(self, of_document: str = "") -> None:
        self.prefix = f"{of_document}-" if of_document else ""
        self._given: set[str] = set()

    def chosen(self, wanted: str) -> str:
        """Give the id that an author chose, if it can be one here; otherwise nothing."""
        given = self.prefix + wanted
        if not is_id(wanted) or given in self._given:
            return ""
        self._given.add(given)
        return given

    def new(self, wanted: str) -> str:
        """Give an id made for this document; a number is added where the one that is wanted is taken."""
        given = _free(self.prefix + as_id(wanted), self._given)
        self._given.add(given)
        return given


class DocumentIds:
    """The ids of the documents of a corpus; none has a hyphen, so that no two begin the same ids."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, document: Document) -> str:
        """Give the next document's, which is made of its page's id."""
        page = (document.metadata.page_id or "").replace(":", ".")
        given = _free(as_id(page).replace("-", "_x2D_") or "document", self._given, "_")
        self._given.add(given)
        return given


def _free(wanted: str, taken: set[str], mark: str = "-") -> str:
    given, number = wanted, 1
    while given in taken:
        number += 1
        given = f"{wanted}{mark}{number}"
    return given
