"""Keeps the register in step with where the company keeps its customers: a file, or a view of its database.

Not for reading them (`metadata.register_file`, `metadata.register_view`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from classifiers.interfaces import INumberScheme
from ingest.interfaces import IClock
from ingest.message import N_, Message
from metadata.interfaces import RegisterWrong
from metadata.register import Register
from metadata.register_check import check_customers
from metadata.register_import import ImportReport, import_from, import_register, refresh_from, refresh_register
from metadata.register_view import CustomerView
from metadata.values import RegisterFinding


class FileWatch:
    """The company's customer file: read anew when it changes, replaced by `guidang customers import`."""

    def __init__(
        self,
        engine: Engine,
        path: Path,
        columns: Mapping[str, str],
        numbers: INumberScheme,
        clock: IClock,
        *,
        keep_copy: Callable[[Path, Path], None],
    ) -> None:
        self._engine = engine
        self._path = path
        self._columns = columns
        self._numbers = numbers
        self._clock = clock
        self._keep_copy = keep_copy

    def refresh(self, *, wait: bool = False) -> None:
        """Bring the register up to the configured file where that has changed; raises RegisterWrong. No file: nothing to do."""
        del wait
        if self._path.exists():
            refresh_register(self._engine, self._path, self._columns, self._numbers, self._clock.now())

    def bring_in(self, path: Path, *, dry_run: bool) -> ImportReport:
        """Make the register equal to this file and keep a copy at the configured place; raises RegisterWrong.

        Killed after the copy: the next `refresh` does the rest.
        """
        report = self._imported(path, dry_run=True)
        if dry_run:
            return report
        if not (self._path.exists() and self._path.samefile(path)):
            self._keep_copy(path, self._path)
        return self._imported(self._path)

    def findings(self) -> Iterator[RegisterFinding]:
        """Yield what is wrong or dangerous in the register, and in the file it came from; raises RegisterWrong."""
        doubles = self._imported(self._path, dry_run=True).doubles if self._path.exists() else ()
        return check_customers(self._engine, self._numbers, doubles)

    def close(self) -> None:
        """Nothing is open."""

    def _imported(self, path: Path, *, dry_run: bool = False) -> ImportReport:
        return import_register(self._engine, path, self._columns, self._numbers, self._clock.now(), dry_run=dry_run)


class ViewWatch:
    """A view of the company's database, looked at again and again, on a thread: a server that is away keeps nobody waiting."""

    def __init__(
        self,
        engine: Engine,
        view: CustomerView,
        columns: Mapping[str, str],
        numbers: INumberScheme,
        clock: IClock,
        *,
        every_seconds: float,
    ) -> None:
        self._engine = engine
        self._view = view
        self._columns = columns
        self._every = timedelta(seconds=every_seconds)
        self._numbers = numbers
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="customers")
        self._look: Future[object] | None = None
        self._next_look = clock.now()

    def refresh(self, *, wait: bool = False) -> None:
        """Bring the register up to the view where that has changed; raises RegisterWrong, without `wait` that of the last look."""
        if self._look is None and (wait or self._clock.now() >= self._next_look):
            self._next_look = self._clock.now() + self._every
            self._look = self._thread.submit(self._refresh)
        if self._look is not None and (wait or self._look.done() or Register(self._engine).count() == 0):
            look, self._look = self._look, None
            look.result()

    def bring_in(self, path: Path, *, dry_run: bool) -> ImportReport:
        """Refuse: the customers come from the database."""
        del path, dry_run
        raise RegisterWrong(
            Message(N_("The customers come from a database: [register] url in the configuration.")),
            Message(N_("Take url out, and name a file under path, to import files.")),
        )

    def findings(self) -> Iterator[RegisterFinding]:
        """Yield what is wrong or dangerous in the register, and in the view it comes from; raises RegisterWrong."""
        now = self._clock.now()
        report = import_from(self._engine, self._view, self._columns, self._numbers, now, dry_run=True)
        return check_customers(self._engine, self._numbers, report.doubles)

    def close(self) -> None:
        """Wait for a look under way."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _refresh(self) -> object:
        return refresh_from(self._engine, self._view, self._columns, self._numbers, self._clock.now())
