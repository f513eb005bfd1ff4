"""When the inboxes are to be listed again, and how a round waits for a database that does not answer.

By the wall clock, which may be set back: then it is time at once, for a wait counted on the old time may last for years. Not for
what a round does: that is `connector.connector_app`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta

from connector.config import InboxSection
from ingest.interfaces import IClock, IInbox
from metadata.interfaces import DatabaseAway

log = logging.getLogger("guidang")

TICK_SECONDS = 0.5
"""How long at most until a stop or an event is noticed."""

DATABASE_WAIT_SECONDS = 5.0
"""SQLite has waited half a minute for another program by then; a server that starts anew is there within seconds."""


class LookTime:
    """The time of the next look; at once in the beginning."""

    def __init__(self, clock: IClock) -> None:
        self._clock = clock
        self._looked = self._next = clock.now()

    def is_due(self) -> bool:
        """Return whether it is time to look."""
        return not self._looked <= self._clock.now() < self._next

    def looked(self, again_seconds: float) -> None:
        """Note that everything was looked at, and when to look again."""
        self._looked = self._clock.now()
        self._next = self._looked + timedelta(seconds=again_seconds)


def look_again_seconds(sections: Sequence[InboxSection], inboxes: Mapping[str, IInbox]) -> float:
    """Return after how many seconds to list again: soon while something is settling, else after the shortest poll time."""
    return min(
        section.quiet_seconds + TICK_SECONDS if inboxes[section.name].unsettled() else section.poll_seconds
        for section in sections
    )


class DatabaseTrouble:
    """Says once that the database is away, and once that it is back."""

    def __init__(self) -> None:
        self._is_away = False

    def wait(self, error: DatabaseAway, stop: threading.Event) -> None:
        """Rest until it is worth trying again, or until `stop`."""
        if not self._is_away:
            log.warning("scans wait: %s", error.what)
        self._is_away = True
        stop.wait(DATABASE_WAIT_SECONDS)

    def over(self) -> None:
        """Note that it answered."""
        if self._is_away:
            log.warning("the database answers again")
        self._is_away = False
