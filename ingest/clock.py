"""The real time. Everything else asks an `IClock`, so that tests decide what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from zope.interface import implementer

from ingest.interfaces import IClock


@implementer(IClock)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait so long."""
        time.sleep(max(0.0, seconds))
