"""Follows an upload through the server's task queue. Texts of failures are passed on, never parsed: 2.x sometimes writes nonsense.

All waiting uploads together ask at most once in `poll_seconds`. Not for judging what became of the record: `store` looks by digest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from connector.paperless.client import PaperlessClient
from connector.paperless.documents import named_record
from connector.paperless.json_values import JsonObject, objects, optional_number, text

TASKS = "/api/tasks/"


class TaskState(StrEnum):
    """How a task stands; GONE where the server does not know it (lost, purged, upgraded, another account's)."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    REVOKED = "revoked"
    GONE = "gone"


_STATES = {
    "PENDING": TaskState.WAITING,
    "RECEIVED": TaskState.WAITING,
    "STARTED": TaskState.WAITING,
    "RETRY": TaskState.WAITING,
    "SUCCESS": TaskState.DONE,
    "FAILURE": TaskState.FAILED,
    "REVOKED": TaskState.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Task:
    """One upload on its way. `document_id` as the server names it, `result` in its words."""

    task_id: str
    file_name: str
    state: TaskState
    document_id: int | None
    result: str


class Tasks:
    """The task queue of one server."""

    def __init__(
        self,
        client: PaperlessClient,
        poll_seconds: float = 1.0,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._poll_seconds = poll_seconds
        self._sleep = sleep
        self._monotonic = monotonic
        self._lock = Lock()
        self._next_poll = 0.0

    def named(self, file_name: str) -> Task | None:
        """Return the newest upload under this file name, None where the server knows none."""
        return next((task for task in self._listed() if task.file_name == file_name), None)

    def waiting(self) -> tuple[str, ...]:
        """Return the file names of the uploads of ours that wait in the queue or are worked on."""
        names = (task.file_name for task in self._listed() if task.state is TaskState.WAITING)
        return tuple(name for name in names if named_record(name) is not None)

    def ended(self, task_id: str, deadline_seconds: float) -> Task:
        """Return the task once it came to an end, or as it stands when the time is up or the server forgot it."""
        deadline = self._monotonic() + deadline_seconds
        gone_since: float | None = None
        while True:
            self._wait_for_turn()
            task = self._asked(task_id)
            now = self._monotonic()
            if task.state is TaskState.GONE:
                gone_since = now if gone_since is None else gone_since
                if now - gone_since >= 3 * self._poll_seconds:
                    return task
            elif task.state is not TaskState.WAITING:
                return task
            if now >= deadline:
                return task

    def _listed(self) -> list[Task]:
        """Return all tasks that the server remembers, newest first; one bare list in version 9 of the API."""
        found = self._client.read(TASKS)
        return self._client.shaped(TASKS, lambda: [_task(entry) for entry in objects(found, "tasks")])

    def _asked(self, task_id: str) -> Task:
        found = self._client.read(TASKS, (("task_id", task_id),))
        tasks = self._client.shaped(TASKS, lambda: [_task(entry) for entry in objects(found, "tasks")])
        lost = Task(task_id, "", TaskState.GONE, None, "")
        return next((task for task in tasks if task.task_id == task_id), lost)

    def _wait_for_turn(self) -> None:
        """Sleep until this upload may ask: the turns of all uploads are `poll_seconds` apart."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._next_poll)
            self._next_poll = turn + self._poll_seconds
        if turn > now:
            self._sleep(turn - now)


def _task(entry: JsonObject) -> Task:
    state = _STATES.get(text(entry, "status").upper(), TaskState.WAITING)
    document_id = optional_number(entry, "related_document")
    return Task(text(entry, "task_id"), text(entry, "task_file_name"), state, document_id, text(entry, "result"))
