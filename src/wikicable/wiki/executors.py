"""Where batch work runs: anything that has the interface of ``concurrent.futures.Executor``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from wikicable.errors import OptionError, nearest
from wikicable.plugins import Plugins

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class ExecutorFactory:
    """A place to run work: ``make`` is given the number of jobs and the address of a scheduler, or nothing."""

    name: str
    title: str
    make: Callable[[int, str], Executor]


class InlineExecutor(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a call, and give what came of it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  the future raises it where it is asked for
            future.set_exception(error)
        return future


def _processes(jobs: int, _: str) -> Executor:
    return ProcessPoolExecutor(jobs) if jobs > 1 else InlineExecutor()


PROCESSES = ExecutorFactory("processes", "processes of this machine", _processes)
INLINE = ExecutorFactory("inline", "this process alone", lambda _jobs, _address: InlineExecutor())


def executor_factory(name: str, plugins: Plugins) -> ExecutorFactory:
    """Give the place of that name to run work."""
    known: dict[str, ExecutorFactory] = {
        each.name: each for each in (PROCESSES, INLINE, *plugins.ask("register_executors", ExecutorFactory))
    }
    if name not in known:
        raise OptionError(f"no executor {name!r}{nearest(name, known)} (there are: {', '.join(known)})")
    return known[name]
