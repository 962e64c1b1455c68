"""A set of TEI documents as a target: one for each page, which tells how the page came to be as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from wikicable.model import Document, MetaValue
from wikicable.wiki.layouts import Finish, Layout
from wikicable.wiki.sources import Change
from wikicable_tei.header import HISTORY


def finish(document: Document, page: Finish) -> Document:
    """Tell the changes of a page, the newest first, where it does not tell them itself."""
    metadata = document.metadata
    if not page.changes or HISTORY in metadata.extra:
        return document
    changes: list[MetaValue] = [_told(change) for change in reversed(page.changes)]
    return replace(document, metadata=replace(metadata, extra={**metadata.extra, HISTORY: changes}))


def _told(change: Change) -> dict[str, MetaValue]:
    date = datetime.fromtimestamp(change.date, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told: dict[str, MetaValue] = {"date": date, "user": change.author, "summary": change.summary}
    return {key: value for key, value in told.items() if value}


TEI = Layout(name="tei", title="a folder of TEI documents", format="tei", suffix=".tei", finish=finish)
