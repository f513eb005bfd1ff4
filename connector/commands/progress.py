"""Progress bars on a terminal, and nothing at all elsewhere.

Not for results: the bars are on stderr and vanish when the work is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from connector.application import Application
from connector.application import Progress as Told
from connector.commands.screen import console, is_terminal
from connector.i18n import _
from ingest.message import N_
from ingest.values import ScanId

_STEPS = {"received": N_("received"), "page": N_("reading"), "filing": N_("filing"), "ended": N_("done")}


@contextmanager
def shown(application: Application) -> Iterator[Told | None]:
    """Give the callback that draws a bar for each scan under way; None where nobody is looking."""
    if not is_terminal(to_stderr=True):
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[step]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(to_stderr=True), transient=True) as bars:
        yield _Bars(application, bars)


class _Bars:
    """One bar a scan, taken away when the scan has come to an end."""

    def __init__(self, application: Application, bars: Progress) -> None:
        self._application = application
        self._bars = bars
        self._tasks: dict[ScanId, TaskID] = {}

    def __call__(self, scan_id: ScanId, step: str, done: int, total: int) -> None:
        if scan_id not in self._tasks:
            scan = self._application.journal.scan(scan_id)
            name = scan.original_name if scan else scan_id
            self._tasks[scan_id] = self._bars.add_task(name, total=total, step="")
        self._bars.update(self._tasks[scan_id], completed=done, total=total or None, step=_(_STEPS.get(step, step)))
        if step == "ended":
            self._bars.remove_task(self._tasks.pop(scan_id))


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give the callback that draws one bar for many things, told how many of how many are done."""
    if not is_terminal(to_stderr=True):
        yield _draw_nothing
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console(to_stderr=True), transient=True) as bars:
        task = bars.add_task(what)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _draw_nothing(done: int, total: int) -> None:
    """Nobody is looking."""
