"""Where batch work runs: anything that has the interface of ``concurrent.futures.Executor``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

from wikicable.errors import InputError, OptionError, nearest
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


class DaskExecutor(Executor):
    """Runs calls on a Dask cluster: the one whose scheduler has that address, or one of this machine's own."""

    def __init__(self, jobs: int, address: str) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError as error:
            raise OptionError("--executor dask needs `pip install wikicable[dask]`") from error
        self._killed: type[Exception] = distributed.KilledWorker
        try:
            self._client: Any = (
                distributed.Client(address)
                if address
                else distributed.Client(n_workers=jobs, threads_per_worker=1, dashboard_address=None)
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise InputError(f"--scheduler {address}: no scheduler answers there: {error}") from error
        self._executor: Executor = self._client.get_executor(pure=False)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Send a call to a worker."""
        given: Future[T] = Future()
        self._executor.submit(fn, *args, **kwargs).add_done_callback(lambda done: self._settle(given, done))
        return given

    def _settle(self, given: Future[T], done: Future[T]) -> None:
        if done.cancelled():
            given.set_exception(BrokenExecutor("cancelled"))
        elif isinstance(error := done.exception(), self._killed):
            given.set_exception(BrokenExecutor(str(error)))
        elif error is not None:
            given.set_exception(error)
        else:
            given.set_result(done.result())

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the connection, and the cluster if it is our own."""
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def _processes(jobs: int, _: str) -> Executor:
    return ProcessPoolExecutor(jobs) if jobs > 1 else InlineExecutor()


PROCESSES = ExecutorFactory("processes", "processes of this machine", _processes)
DASK = ExecutorFactory("dask", "a Dask cluster (--scheduler ADDRESS)", DaskExecutor)
INLINE = ExecutorFactory("inline", "this process alone", lambda _jobs, _address: InlineExecutor())


def executor_factory(name: str, plugins: Plugins) -> ExecutorFactory:
    """Give the place of that name to run work."""
    known: dict[str, ExecutorFactory] = {
        each.name: each for each in (PROCESSES, INLINE, DASK, *plugins.ask("register_executors", ExecutorFactory))
    }
    if name not in known:
        raise OptionError(f"no executor {name!r}{nearest(name, known)} (there are: {', '.join(known)})")
    return known[name]
