"""Keeps us from drowning a server whose workers stand still: uploads are taken even then, and lie in its queue for ever.

On good days it costs nothing: each thread of ours waits for its own upload before it sends the next. Only at the start, and
after an upload that did not end in time, the queue is asked before more is put into it, or before something is taken for not sent:
the list of tasks is not paged, and grows with every record (megabytes after 10,000). A full queue that stands still for long may
have been lost whole: then one more upload is let through, which shows whether the queue is beyond the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from connector.paperless import errors
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import names_bytes
from connector.paperless.lost_uploads import LOST_AFTER_SECONDS
from connector.paperless.task_values import Task
from connector.paperless.tasks import Tasks
from metadata.values import Digests

MOST_WAITING = 20
"""Of our uploads at once: more than all our threads send in a few minutes, few enough to be taken in within some."""


class BackPressure:
    """Lets uploads through or not. For several threads."""

    def __init__(
        self,
        client: PaperlessClient,
        tasks: Tasks,
        *,
        most_waiting: int = MOST_WAITING,
        probe_after_seconds: float = LOST_AFTER_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._most_waiting = most_waiting
        self._probe_after_seconds = probe_after_seconds
        self._monotonic = monotonic
        self._lock = Lock()
        self._must_ask = True
        self._full: tuple[int, float] | None = None
        """How many waited when the queue last moved, and when that was; None while it is not full."""

    def admit(self) -> None:
        """Return when an upload may be sent; raises ServerAway where too many wait, which says when to come again."""
        with self._lock:
            if not self._must_ask:
                return
            ahead = sum(not task.is_passed for task in self._asked())
            if ahead < self._most_waiting:
                self._full = None
            elif not self._may_probe(ahead):
                raise errors.queue_full(self._client.address.url, ahead)

    def holds(self, digests: Digests) -> bool:
        """Return whether an upload of these bytes, whose end we did not see, waits in the queue or is worked on."""
        with self._lock:
            return self._must_ask and any(names_bytes(task.file_name, digests) for task in self._asked())

    def doubt(self) -> None:
        """Ask before the next upload: the last one did not end as it should."""
        with self._lock:
            self._must_ask = True

    def _asked(self) -> tuple[Task, ...]:
        """Return what of ours waits; where nothing does, all ends to come are seen by ourselves."""
        waiting = self._tasks.waiting()
        self._must_ask = bool(waiting)
        return waiting

    def _may_probe(self, waiting: int) -> bool:
        """Return whether a full queue has stood still for so long that one more upload is to be tried."""
        now = self._monotonic()
        if self._full is None or waiting < self._full[0]:
            self._full = (waiting, now)
            return False
        if now - self._full[1] < self._probe_after_seconds:
            return False
        self._full = (waiting + 1, now)
        return True
