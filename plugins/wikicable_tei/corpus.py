"""Documents to a ``teiCorpus``: one header for all, and after it each document as in a file of its own.

Every ``xml:id`` begins with the id of its document, which is made of the page's: adding a page changes no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from wikicable import Context, Document
from wikicable_tei import WriteOptions
from wikicable_tei.elements import element
from wikicable_tei.header import DERIVED, WHOLE, application
from wikicable_tei.identifiers import DocumentIds
from wikicable_tei.vocabulary import NAMESPACE
from wikicable_tei.writer import DECLARATION, tei, with_characters


def write_all(documents: Iterable[Document], options: WriteOptions, context: Context) -> Iterator[bytes]:
    """Write a corpus, document by document."""
    given = iter(documents)
    first = next(given, Document(()))
    ids = DocumentIds()
    yield f"{DECLARATION}<teiCorpus{NAMESPACE}>\n".encode()
    yield _header(first, options).encode()
    for document in chain((first,), given):
        yield tei(document, options, context, own_id=ids.of(document)).encode()
    yield b"</teiCorpus>\n"


def _header(first: Document, options: WriteOptions) -> str:
    """Write what is said of all documents; the wiki is the first one's."""
    wiki = first.conf.title
    title = element("title", options.corpus_title or wiki, "" if options.corpus_title else f' type="{DERIVED}"')
    source = f"<bibl>{element('title', wiki, WHOLE)}</bibl>" if wiki else "<p>A wiki.</p>"
    return with_characters(
        f"<teiHeader>\n<fileDesc>\n<titleStmt>\n{title}\n</titleStmt>\n"
        "<publicationStmt>\n<p>Not published: made from pages of a wiki.</p>\n</publicationStmt>\n"
        f"<sourceDesc>\n{source}\n</sourceDesc>\n</fileDesc>\n"
        f"<encodingDesc>\n{application()}</encodingDesc>\n</teiHeader>\n"
    )
