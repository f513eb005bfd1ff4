"""Follows the store while guidang runs: a cycle at once, then one every few seconds, sooner when something hints at a change.

One thread of its own, so that a slow server keeps no scan waiting. Trouble is shared with the sends (`StoreGate`): a store that is
away is left alone by both. Not for what a cycle does (`connector.sync`).
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from connector.config import SyncSection
from connector.interfaces import IChangeSource, OutcomeUnknown, StoreForbidden, StoreUnreachable
from connector.lease import TurnNotOurs, turn_at_changes
from connector.parts import Parts
from connector.store_gate import StoreGate
from connector.sync import Sync, SyncReport
from connector.sync_news import NEEDS_A_PERSON, Happening
from metadata.interfaces import DatabaseAway, IStoreMemory
from metadata.values import RecordEntry

log = logging.getLogger("guidang.sync")

TURN_WAIT_SECONDS = 30.0
"""How long a cycle waits while somebody corrects a record elsewhere; a correction takes a second or two."""

HINT_GAP_SECONDS = 2.0
"""So far apart are cycles that hints begin: each record that we file is a hint, too, and a correction has three seconds."""


class Follower:
    """Keeps index and journal true to one store."""

    def __init__(
        self,
        parts: Parts,
        source: IChangeSource,
        memory: IStoreMemory,
        *,
        gate: StoreGate,
        data_path: Path,
        section: SyncSection,
    ) -> None:
        self._gate = gate
        self._poll_seconds = section.poll_seconds
        turn = partial(turn_at_changes, data_path, TURN_WAIT_SECONDS)
        self._sync = Sync(parts, source, memory, turn, timedelta(hours=section.sweep_hours))
        self._one_at_a_time = threading.Lock()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_forbidden = False

    def cycle(self, *, sweep: bool = False) -> SyncReport:
        """Follow the store once; return what happened. Raises StoreUnreachable, StoreForbidden, TurnNotOurs."""
        with self._one_at_a_time:
            report = self._sync.cycle(sweep=sweep)
        for one in report.happened:
            _log(one)
        return report

    def bring_back(self, record: RecordEntry) -> None:
        """Take over what was changed in the store before a person changes the record here; a store that is away is no hindrance.

        The turn at changes is the caller's.
        """
        if record.store_id is None:
            return
        try:
            for one in self._sync.bring_back(record.store_id):
                _log(one)
        except (StoreUnreachable, OutcomeUnknown, StoreForbidden):
            log.warning("the store is away: record %s is changed without a look at it", record.description.record_id)

    def hint(self) -> None:
        """Something may have changed: begin the next cycle at once, or two seconds after the last began. Returns at once."""
        self._wake.set()

    def start(self) -> None:
        """Follow in a thread until `end`."""
        self._ending.clear()
        self._thread = threading.Thread(target=self._follow, name="sync", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End after the cycle that is under way."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _follow(self) -> None:
        while not self._ending.is_set():
            begun = time.monotonic()
            self._wake.clear()
            self._follow_once()
            if self._wake.wait(self._poll_seconds):
                self._ending.wait(max(0.0, begun + HINT_GAP_SECONDS - time.monotonic()))

    def _follow_once(self) -> None:
        if not self._gate.is_open():
            return
        try:
            self.cycle()
        except (StoreUnreachable, OutcomeUnknown) as error:
            if self._gate.away():
                log.warning("the store is away (%s); changes there are seen later", type(error).__name__)
        except StoreForbidden as error:
            if not self._is_forbidden:
                log.critical("the store cannot be followed: %s", error.what)
            self._is_forbidden = True
        except DatabaseAway:
            log.warning("the database does not answer; changes in the store are seen later")
        except TurnNotOurs:
            log.info("another guidang changes records; the store is followed later")
        except Exception:  # the outermost loop of this thread: a bug of ours must not end the following
            log.exception("the store could not be followed: a bug of ours")
        else:
            self._is_forbidden = False
            self._gate.answered()


def _log(one: Happening) -> None:
    """Say it in the log: codes and ids, never what was changed."""
    level = logging.WARNING if one.news in NEEDS_A_PERSON else logging.INFO
    log.log(level, "%s: record %s", one.news.value, one.record_id or "-")
