"""Follows an upload through the server's task queue. Texts of failures are passed on, never parsed: 2.x sometimes writes nonsense.

All waiting uploads together ask at most once in `poll_seconds`. Not for judging what became of the record: `store` looks by digest.
What the queue has lost (`lost_uploads`) waits no more, whatever the server says.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Lock

from connector.paperless.client import PaperlessClient
from connector.paperless.documents import named_record
from connector.paperless.json_values import objects
from connector.paperless.lost_uploads import LOST_AFTER_SECONDS, LostUploads
from connector.paperless.task_values import Task, TaskState, task_from

TASKS = "/api/tasks/"


class Tasks:
    """The task queue of one server."""

    def __init__(
        self,
        client: PaperlessClient,
        poll_seconds: float = 1.0,
        *,
        lost_after_seconds: float = LOST_AFTER_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._poll_seconds = poll_seconds
        self._sleep = sleep
        self._monotonic = monotonic
        self._lock = Lock()
        self._next_poll = 0.0
        self._given_up = Event()
        self._lost = LostUploads(lost_after_seconds, monotonic)

    def named(self, file_name: str) -> Task | None:
        """Return the newest upload under this file name, None where the server knows none."""
        return next((task for task in self._judged() if task.file_name == file_name), None)

    def waiting(self) -> tuple[Task, ...]:
        """Return the uploads of ours that wait in the queue or are worked on."""
        waiting = (task for task in self._judged() if task.state is TaskState.WAITING)
        return tuple(task for task in waiting if named_record(task.file_name) is not None)

    def ended(self, task_id: str, deadline_seconds: float) -> Task:
        """Return the task once it came to an end, or as it stands when the time is up, we gave up or the server forgot it."""
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
            if now >= deadline or self._given_up.is_set():
                return task

    def give_up(self) -> None:
        """Let every wait for an end be over after its next question, from now on."""
        self._given_up.set()

    def _judged(self) -> list[Task]:
        """Return all tasks that the server remembers, newest first, what it has lost as GONE."""
        return self._lost.marked(self._listed())

    def _listed(self) -> list[Task]:
        """Return all tasks that the server remembers, newest first; one bare list in version 9 of the API."""
        found = self._client.read(TASKS)
        return self._client.shaped(TASKS, lambda: [task_from(entry) for entry in objects(found, "tasks")])

    def _asked(self, task_id: str) -> Task:
        found = self._client.read(TASKS, (("task_id", task_id),))
        tasks = self._client.shaped(TASKS, lambda: [task_from(entry) for entry in objects(found, "tasks")])
        lost = Task(task_id, "", TaskState.GONE)
        return next((task for task in tasks if task.task_id == task_id), lost)

    def _wait_for_turn(self) -> None:
        """Sleep until this upload may ask: the turns of all uploads are `poll_seconds` apart."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._next_poll)
            self._next_poll = turn + self._poll_seconds
        if turn > now:
            self._sleep(turn - now)
