"""What a batch has to say: for a program as JSON, for a person as a page of HTML or a few lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from wikicable.errors import InputError
from wikicable.notices import Notice
from wikicable.wiki.batch import Outcome

_DEAD = ("link.page", "link.section")
_ALWAYS = ("total", "written", "converted")
"""What is counted on the page even where there is none."""


@dataclass
class Report:
    """The sum of a batch."""

    pages: dict[str, int]
    what: str = ""
    notices: Counter[str] = field(default_factory=Counter)
    losses: int = 0
    tags: Counter[str] = field(default_factory=Counter)
    originals: int = 0
    dead_links: list[dict[str, str | int | None]] = field(default_factory=list)
    missing_media: list[dict[str, str | int | None]] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    details: list[dict[str, str | int | None]] = field(default_factory=list)


def report(outcome: Outcome, *, what: str, start: str, with_details: bool = True) -> Report:
    """Sum up what came of a batch; ``what`` names it, ``start`` is the page to which no link has to lead."""
    told = Report(
        {
            "total": outcome.total,
            "converted" if outcome.is_dry else "written": outcome.written,
            "unchanged": outcome.unchanged,
            "removed": outcome.removed,
            "failed": len(outcome.failed),
            "media": outcome.media,
            "commits": outcome.commits,
        },
        what=what,
        failed=dict(sorted(outcome.failed.items())),
        seconds={page: round(seconds, 4) for page, seconds in sorted(outcome.seconds.items())},
    )
    for notice in outcome.notices:
        is_clash = notice.what in ("source.clash", "source.double", "page.path")
        (told.clashes if is_clash else told.source).append(str(notice))
        told.notices[f"{notice.kind} {notice.what}"] += 1
        told.losses += notice.is_loss
    linked: set[str] = {start}
    names: list[str] = []
    for record in outcome.state.records():
        names.append(record.index.id)
        linked.update(link.id for link in record.index.links if link.id != record.index.id)
        told.tags.update(record.index.tags)
        told.originals += len(record.index.originals)
        _add_notices(told, record.index.id, record.notices, with_details=with_details)
    told.orphans = [page_id for page_id in names if page_id not in linked]
    return told


def _add_notices(told: Report, page_id: str, notices: Iterable[Notice], *, with_details: bool) -> None:
    for notice in notices:
        told.notices[f"{notice.kind} {notice.what}"] += 1
        told.losses += notice.is_loss
        if not with_details:
            continue
        entry = {"page": page_id, **notice.as_json()}
        if notice.what in _DEAD:
            told.dead_links.append(entry)
        elif notice.what == "media":
            told.missing_media.append(entry)
        else:
            told.details.append(entry)


def write_report(told: Report, path: Path) -> None:
    """Write a report: a page for people where the file's name ends like one, JSON otherwise."""
    text = _html(told) if path.suffix in (".html", ".htm") else _json(told)
    try:
        path.write_text(text, "utf-8", "backslashreplace")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _json(told: Report) -> str:
    values = {
        "what": told.what,
        "pages": told.pages,
        "notices": dict(sorted(told.notices.items())),
        "tags": dict(sorted(told.tags.items())),
        "originals": told.originals,
        "dead_links": told.dead_links,
        "missing_media": told.missing_media,
        "orphans": told.orphans,
        "clashes": told.clashes,
        "source": told.source,
        "failed": told.failed,
        "seconds": told.seconds,
        "details": told.details,
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>WHAT</title>
<style>
body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em }
table { border-collapse: collapse } td, th { padding: .2em .8em .2em 0; text-align: left; vertical-align: top }
</style>
</head>
<body>
<h1>WHAT</h1>
"""


def _html(told: Report) -> str:
    return _HEAD.replace("WHAT", escape(told.what)) + "".join(_sections(told)) + "</body>\n</html>\n"


def _sections(told: Report) -> Iterator[str]:
    yield _table("Pages", ((key, str(value)) for key, value in told.pages.items() if value or key in _ALWAYS))
    yield _table("Failed", told.failed.items())
    yield _table("Notices", ((key, str(count)) for key, count in told.notices.most_common()))
    yield _table("Dead links", map(_where, told.dead_links))
    yield _table("Missing media", map(_where, told.missing_media))
    yield _table("Names that clash", ((clash, "") for clash in told.clashes))
    yield _table("Pages to which nothing leads", ((page, "") for page in told.orphans))
    yield _table("Tags", ((tag, str(count)) for tag, count in sorted(told.tags.items())))
    yield _table("Source", ((line, "") for line in told.source))
    slowest = sorted(told.seconds.items(), key=lambda each: -each[1])[:20]
    yield _table("Slowest pages", ((page, f"{seconds:.3f} s") for page, seconds in slowest))
    yield _table(
        "All other notices", ((f"{each['kind']} {each['slug']}", " ".join(_where(each))) for each in told.details)
    )


def _where(entry: dict[str, str | int | None]) -> tuple[str, str]:
    place = f"{entry['page']}:{entry['line']}:{entry['column']}" if entry["line"] else str(entry["page"])
    return place, str(entry["detail"])


def _table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td>{escape(left)}</td><td>{escape(right)}</td></tr>\n" for left, right in rows)
    return f"<h2>{title}</h2>\n<table>\n{cells}</table>\n" if cells else ""


def summary(told: Report) -> Iterator[str]:
    """Give the report in a few lines."""
    yield ", ".join(f"{count} {key}" for key, count in told.pages.items() if count or key == "total")
    if told.notices:
        yield "notices: " + ", ".join(f"{count} {key}" for key, count in told.notices.most_common())
    for page, error in told.failed.items():
        yield f"failed: {page}: {error}"
