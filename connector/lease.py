"""One guidang at a time works on a data path: two would claim the same files and file the same records.

Not for readers: `status`, `show` and `search` need no lease. A person may correct records while `guidang run` works; then the two
take turns at telling the store of changes, for both finish what a crash left. The lock is the operating system's, so it ends with
the process, however that ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.message import N_, GuidangError, Message

LOCK_NAME = "guidang.lock"
CHANGES_LOCK_NAME = "changes.lock"

CHANGE_WAIT_SECONDS = 60.0
"""A change is told to the store in well under a second; a server that is slow may take some."""


class AlreadyRunning(GuidangError):
    """Another guidang works on this data path."""

    def __init__(self, data_path: Path) -> None:
        facts = {"folder": str(data_path)}
        super().__init__(
            Message(N_("Another guidang is working on {folder}."), facts),
            Message(N_("Put the scans into an inbox, where it finds them; or stop it and run this again."), facts),
        )
        self.args = (data_path,)


class TurnNotOurs(Exception):
    """Another guidang carries out changes just now; what was to be done is begun again later."""


class Lease:
    """Held from `take` until `release`; taking it twice changes nothing."""

    def __init__(self, data_path: Path) -> None:
        self._data_path = data_path
        self._lock = FileLock(data_path / LOCK_NAME)

    def take(self) -> None:
        """Take the lease at once; raises AlreadyRunning."""
        if self._lock.is_locked:
            return
        self._data_path.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise AlreadyRunning(self._data_path) from error

    def release(self) -> None:
        """Let the next one work."""
        self._lock.release(force=True)


@contextmanager
def turn_at_changes(data_path: Path, wait_seconds: float) -> Iterator[bool]:
    """Give whether it is our turn to tell the store of changes; nobody else does until the block ends."""
    data_path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data_path / CHANGES_LOCK_NAME)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
