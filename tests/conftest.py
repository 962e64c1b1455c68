from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from wikicable.testing import Case, accept

IS_CI = bool(os.environ.get("CI"))
settings.register_profile("ours", deadline=None, derandomize=IS_CI)  # time is held by tests of its own
settings.load_profile("ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what case files give into them, as expected")


@pytest.fixture(scope="session")
def accepted(request: pytest.FixtureRequest) -> Iterator[list[tuple[Case, str]] | None]:
    """With --accept: a list to which outcomes are added, written into their files at the end; else None."""
    if not request.config.getoption("accept"):
        yield None
        return
    outcomes: list[tuple[Case, str]] = []
    yield outcomes
    accept(outcomes)
