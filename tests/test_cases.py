"""The case files of tests/cases; `pytest tests/test_cases.py --accept` rewrites what they expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from wikicable.testing import Case, cases

FOLDER = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", cases(FOLDER), ids=str)
def test_case(case: Case, accepted: list[tuple[Case, str]] | None) -> None:
    outcome = case.outcome()
    if accepted is not None and outcome != case.expected:
        accepted.append((case, outcome))
    else:
        assert outcome == case.expected, f"{case.path}:{case.line}"
