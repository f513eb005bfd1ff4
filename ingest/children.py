"""A pool of limited child processes for strangers' files: each task in a child that may die or be too slow without harm to others.

Children are forked by a fork server that has loaded the libraries already (`preload`), never by the parent, so that they inherit neither
its database connections nor its secrets in memory. When the parent is killed, the fork server ends, and every child with it.
Not for trusted work: the database, the store and the journal are the parent's.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import popen_forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

from pebble import ProcessExpired, ProcessPool

from ingest.child_space import ChildSpace
from ingest.confine import ChildLimits, confine

P = ParamSpec("P")
T = TypeVar("T")

_TASKS_A_CHILD = 500  # then a fresh one: libraries that leak a little never leak much
_LAUNCH = threading.Lock()


class ChildDied(Exception):
    """The child that carried out the task ended abnormally: a crash, or out of memory."""


class ChildTooSlow(Exception):
    """The task took longer than its time and was ended."""


class ChildrenEnded(Exception):
    """The pool was closed while the task was under way."""


class Children:
    """The pool. Starts with the first task; safe to use from several threads; `close` ends everything, `start` begins anew."""

    def __init__(
        self, workers: int, limits: ChildLimits | None = None, preload: tuple[str, ...] = ("ingest.preload",)
    ) -> None:
        self.workers = max(1, workers)
        self._limits = limits or ChildLimits()
        self._preload = preload
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._space: ChildSpace | None = None
        self._under_way: WeakSet[Future[Any]] = WeakSet()

    def start(self, timeout_seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a task (an importable function) to the next free child; its outcome is asked for with `outcome`."""
        with self._lock:
            future: Future[T] = self._ready().schedule(function, args=args, kwargs=kwargs, timeout=timeout_seconds)
            self._under_way.add(future)
            return future

    def run(self, timeout_seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a task in a child and return its result; raises as `outcome` does."""
        return outcome(self.start(timeout_seconds, function, *args, **kwargs))

    def close(self) -> None:
        """End the children and what they started, and remove what they left on disk; may be called twice."""
        with self._lock:
            pool, self._pool = self._pool, None
            space, self._space = self._space, None
            for future in list(self._under_way):
                future.cancel()
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()
        if space is not None:
            space.remove()

    def _ready(self) -> ProcessPool:
        """Return a pool that works; a broken one (its fork server killed, say) is replaced."""
        if self._pool is not None and self._pool.active:
            return self._pool
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        if self._space is None:
            self._space = ChildSpace.made()
        context = _BareContext()
        context.set_forkserver_preload(list(self._preload))
        self._pool = ProcessPool(
            max_workers=self.workers,
            max_tasks=_TASKS_A_CHILD,
            initializer=begin_child,
            initargs=(self._limits, self._space),
            context=context,
        )
        return self._pool


def outcome(future: Future[T]) -> T:
    """Wait for a task and return its result; raises what the task raised, ChildDied, ChildTooSlow or ChildrenEnded."""
    try:
        return future.result()
    except ProcessExpired as error:
        raise ChildDied(f"exit code {error.exitcode}") from error
    except (BrokenProcessPool, MemoryError) as error:
        raise ChildDied(type(error).__name__) from error
    except TimeoutError as error:
        if isinstance(error.errno, int):
            raise  # a network share's own time-out, not ours
        raise ChildTooSlow from error
    except CancelledError as error:
        raise ChildrenEnded from error


def begin_child(limits: ChildLimits, space: ChildSpace) -> None:
    """Set a new child's limits and its place for temporary files."""
    confine(limits)
    space.use()


class _BarePopen(popen_forkserver.Popen):
    """Launches a child that does not import the parent's main script: it needs our modules only, and no side effects."""

    def _launch(self, process_obj: Any) -> None:
        with _LAUNCH:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super()._launch(process_obj)  # type: ignore[misc]
            finally:
                sys.modules["__main__"] = main


class _BareProcess(ForkServerProcess):
    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        return _BarePopen(process_obj)


class _BareContext(ForkServerContext):
    Process = _BareProcess
