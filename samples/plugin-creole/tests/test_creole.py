"""The laws of every format, and the manual."""

from __future__ import annotations

from pathlib import Path

import pytest
from wikicable_creole import FORMAT

from wikicable.model import (
    BulletList,
    Emph,
    Header,
    HorizontalRule,
    LineBreak,
    Link,
    OrderedList,
    PageTarget,
    Para,
    Plain,
    Str,
    Strong,
    UrlTarget,
)
from wikicable.testing import Case, cases, check_format
from wikicable.testing.strategies import Keeps

KEEPS = Keeps(
    blocks=frozenset({Para, Plain, Header, BulletList, OrderedList, HorizontalRule}),
    inlines=frozenset({Str, LineBreak, Strong, Emph, Link}),
    targets=frozenset({PageTarget, UrlTarget}),
)


def test_the_laws() -> None:
    check_format(FORMAT, keeps=KEEPS)


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "cases"), ids=str)
def test_cases(case: Case) -> None:
    assert case.outcome() == case.expected
