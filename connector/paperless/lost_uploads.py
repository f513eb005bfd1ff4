"""Which uploads the server's queue has lost, as when its Redis was emptied or a worker was killed in the middle of one.

The server (2.20 and 3.0, seen on both) shows such a task as waiting for ever. Its queue is first in, first out: what waits while
something put into it later has ended was *passed*. Celery gives a passed task that a dead worker had fetched to another one after
an hour, and ends one that takes longer than half an hour; so it is *lost* once it was seen passed for longer than that.
Not for sending anything again: that is the pipeline's, after it looked by digest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from connector.paperless.task_values import Task, TaskState

LOST_AFTER_SECONDS = 5400.0
"""Longer than the hour after which Celery gives a dead worker's tasks to another one."""

_SHOWN_LATE = timedelta(hours=1)
"""Jobs of the server's own are shown by 2.20 only when they begin, and are dropped when they have waited for an hour."""

_ENDED = frozenset({TaskState.DONE, TaskState.FAILED})


class LostUploads:
    """Remembers since when a task was seen passed. For several threads."""

    def __init__(self, after_seconds: float, monotonic: Callable[[], float]) -> None:
        self._after_seconds = after_seconds
        self._monotonic = monotonic
        self._lock = Lock()
        self._passed_since: dict[str, float] = {}

    def marked(self, tasks: Sequence[Task]) -> list[Task]:
        """Return the tasks as the server lists them, what was passed marked as such, what is lost as GONE."""
        beyond, now = _beyond(tasks), self._monotonic()
        passed = {task.task_id for task in tasks if _is_passed(task, beyond)}
        with self._lock:
            self._passed_since = {task_id: self._passed_since.get(task_id, now) for task_id in passed}
            lost = {one for one, since in self._passed_since.items() if now - since >= self._after_seconds}
        return [_marked(task, task.task_id in passed, task.task_id in lost) for task in tasks]


def _marked(task: Task, is_passed: bool, is_lost: bool) -> Task:
    return replace(task, is_passed=is_passed, state=TaskState.GONE if is_lost else task.state)


def _is_passed(task: Task, beyond: datetime | None) -> bool:
    is_waiting = task.state is TaskState.WAITING and task.created is not None
    return is_waiting and beyond is not None and task.created is not None and task.created < beyond


def _beyond(tasks: Sequence[Task]) -> datetime | None:
    """Return a moment: what was put into the queue before it has had its turn; None where nothing says so."""
    ended = (task for task in tasks if task.state in _ENDED and task.created is not None)
    moments = (
        task.created if task.is_upload else task.created - _SHOWN_LATE for task in ended if task.created is not None
    )
    return max(moments, default=None)
