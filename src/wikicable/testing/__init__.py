"""What the project tests itself with, for the authors of plugins too.

* ``wikicable.testing.cases``: case files, Markdown pages whose fences are tests.
* ``wikicable.testing.notation``: a document as an expression that people can read and write.
* ``wikicable.testing.strategies``: hypothesis strategies for documents.
* ``wikicable.testing.laws``: ``check_format`` tries the laws that every format keeps.

Only the last two need hypothesis.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wikicable.testing.cases import Case, accept, cases

if TYPE_CHECKING:
    from wikicable.testing.laws import check_format
    from wikicable.testing.strategies import documents

__all__ = ["Case", "accept", "cases", "check_format", "documents"]

_NEED_HYPOTHESIS = {"check_format": "laws", "documents": "strategies"}


def __getattr__(name: str) -> object:
    """Import what needs hypothesis when it is asked for."""
    if name not in _NEED_HYPOTHESIS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_NEED_HYPOTHESIS[name]}"), name)
