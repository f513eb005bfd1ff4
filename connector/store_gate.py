"""When the store may be spoken to: a store that is away is left alone for a while, longer each time; one that forbids, for good.

Not for the store's own short retries. Back-off is shared by all scans, so that a server that is down costs one try a round
and not one a record.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from connector.interfaces import StoreForbidden
from ingest.interfaces import IClock

FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 300.0
LARGEST_JITTER = 0.25
"""As a share of the pause, added to it."""


def wait_seconds(failures: int) -> float:
    """Return how long to leave a store alone after so many failures in a row (1 or more)."""
    return min(FIRST_WAIT_SECONDS * 2.0 ** min(failures - 1, 20), LONGEST_WAIT_SECONDS)


class StoreGate:
    """Open, shut for a while, or shut until a person has put things right. Safe to use from several threads."""

    def __init__(self, clock: IClock, jitter: Callable[[], float] = random.random) -> None:
        """Make an open gate; `jitter` gives shares from 0 to 1, so that machines that fell silent together do not come back so."""
        self._clock = clock
        self._jitter = jitter
        self._lock = threading.Lock()
        self._failures = 0
        self._shut_at = clock.now()
        self._shut_until: datetime | None = None
        self._forbidden: StoreForbidden | None = None

    def is_open(self) -> bool:
        """Return whether something may be sent now."""
        with self._lock:
            if self._forbidden is not None:
                return False
            return self._shut_until is None or self._is_over(self._shut_until)

    def is_on_trial(self) -> bool:
        """Return whether the store failed last time and its pause is over: then one is sent first, not all at once."""
        with self._lock:
            is_over = self._shut_until is not None and self._is_over(self._shut_until)
            return self._forbidden is None and self._failures > 0 and is_over

    def away(self, asked_seconds: float | None = None) -> bool:
        """Note that the store did not answer, or asked for a pause; return whether that is news, for one line in the log."""
        with self._lock:
            self._failures += 1
            seconds = wait_seconds(self._failures) * (1.0 + self._jitter() * LARGEST_JITTER)
            seconds = max(seconds, min(asked_seconds or 0.0, LONGEST_WAIT_SECONDS))
            self._shut_at = self._clock.now()
            self._shut_until = self._shut_at + timedelta(seconds=seconds)
            return self._failures == 1

    def _is_over(self, until: datetime) -> bool:
        """Return whether the pause is over; a clock that was set back must not make it longer."""
        return not self._shut_at <= self._clock.now() < until

    def answered(self) -> None:
        """Note that the store did what it was asked."""
        with self._lock:
            self._failures = 0
            self._shut_until = None

    def forbid(self, error: StoreForbidden) -> bool:
        """Shut for good; return whether that is news."""
        with self._lock:
            is_news = self._forbidden is None
            self._forbidden = self._forbidden or error
            return is_news

    def forbidden(self) -> StoreForbidden | None:
        """Return why nothing may be sent any more, None where something may."""
        with self._lock:
            return self._forbidden

    def reopen(self) -> None:
        """Try again at once, such as after a person has put a new token in place."""
        with self._lock:
            self._failures = 0
            self._shut_until = None
            self._forbidden = None
