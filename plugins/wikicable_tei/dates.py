"""Dates as TEI's ``@when`` takes them."""

from __future__ import annotations

import re
from datetime import datetime

_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{2})(?:[-/.](?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)


def when(text: str) -> str:
    """Give a date as W3C's XML Schema writes it, or nothing where it is none that can be told."""
    found = _DATE.fullmatch(text.strip())
    if not found or not _is_on_the_calendar(found):
        return ""
    date = "-".join(part for part in found.group("year", "month", "day") if part)
    if not found["hour"]:
        return date
    zone = re.sub(r"(\d\d):?(\d\d)$", r"\1:\2", found["zone"] or "")
    return f"{date}T{found['hour']}:{found['minute']}:{found['second'] or '00'}{zone}"


def _is_on_the_calendar(found: re.Match[str]) -> bool:
    year, month, day, hour, minute, second = (
        int(part) if part else least
        for part, least in zip(
            found.group("year", "month", "day", "hour", "minute", "second"), (0, 1, 1, 0, 0, 0), strict=True
        )
    )
    zone = [int(part) for part in re.findall(r"\d\d", found["zone"] or "")]
    try:
        datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  only the calendar is asked
    except ValueError:
        return False
    return not zone or (zone[0] < 14 and zone[1] < 60)
