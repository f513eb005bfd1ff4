"""Carries many scans at once, each on a thread of a bounded pool, and keeps the trouble of one from the others.

The threads mostly wait for the reading children. Two scans of the same bytes never go at the same time. What keeps a scan
waiting is sorted here: the store away (all sends rest for a while), the store forbidding (all sends stop, one alarm), an inbox
away, an upload still in the store's queue, or our own bug (this scan rests, longer each time). Not for what happens to a scan: that is `connector.pipeline`.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.interfaces import IWaitsLong, OutcomeUnknown, StillUnderWay, StoreForbidden, StoreUnreachable
from connector.lease import TurnNotOurs
from connector.parts import Parts, Tell
from connector.pipeline import FOLDERS, carry
from connector.store_gate import StoreGate, wait_seconds
from ingest.interfaces import InboxUnusable, RecogniserMissing
from ingest.values import ScanId
from metadata.interfaces import DatabaseAway
from metadata.values import ScanEntry, ScanState

log = logging.getLogger("guidang.crew")

UNDER_WAY = frozenset({ScanState.RECEIVED, ScanState.READ})


class Stopping(Exception):
    """Raised inside a journey between two pages when the program is to end; the pages read so far are kept."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A scan that could not go on: how often in a row, since when it rests, and when it is tried again."""

    failures: int
    since: datetime
    until: datetime

    def is_over(self, now: datetime) -> bool:
        """Return whether it may be tried again; a clock that was set back must not make the rest longer."""
        return not self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Arrival:
    """How far a scan came this time; `state` None where something kept it waiting."""

    scan_id: ScanId
    state: ScanState | None

    @property
    def ended(self) -> bool:
        """Return whether the scan came to its end and was put away."""
        return self.state in FOLDERS


class Crew:
    """The scans in flight. Used from one thread; its journeys run on others."""

    def __init__(self, parts: Parts, gate: StoreGate, size: int) -> None:
        self._parts = parts
        self._gate = gate
        self._size = size
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="scan")
        self._in_flight: dict[Future[Arrival], ScanEntry] = {}
        self._rests: dict[ScanId, Rest] = {}
        self._stopping = threading.Event()
        self._missing: RecogniserMissing | None = None

    @property
    def is_busy(self) -> bool:
        """Return whether a scan is in flight."""
        return bool(self._in_flight)

    @property
    def has_room(self) -> bool:
        """Return whether another scan would not only stand in line."""
        return len(self._in_flight) < self._size

    def has(self, entry: ScanEntry) -> bool:
        """Return whether this scan is in flight."""
        return any(flying.scan_id == entry.scan_id for flying in self._in_flight.values())

    def must_wait(self, entry: ScanEntry) -> bool:
        """Return whether a scan in flight must come to rest first: one of the same bytes, or one that tries the store.

        A store that failed last time is tried with one scan, not with all at once.
        """
        flying = self._in_flight.values()
        if any(one.sha256 == entry.sha256 for one in flying):
            return True
        is_to_file = entry.state is ScanState.READ and self._gate.is_on_trial()
        return is_to_file and any(one.state is ScanState.READ for one in flying)

    def can_go(self, entry: ScanEntry) -> bool:
        """Return whether there is any use in starting this scan now."""
        if entry.inbox not in self._parts.desks:
            return False
        if entry.state is ScanState.READ and not self._gate.is_open():
            return False
        rest = self._rests.get(entry.scan_id)
        return rest is None or rest.is_over(self._parts.clock.now())

    def start(self, entry: ScanEntry, tell: Tell) -> None:
        """Send a scan on its journey."""
        tell(entry.scan_id, "received", 1, 1)
        self._in_flight[self._pool.submit(self._carry, entry.scan_id, tell)] = entry

    def arrivals(self, timeout_seconds: float | None = None) -> tuple[Arrival, ...]:
        """Wait until at least one scan in flight has come to rest, or the time is over; return those that have.

        Raises RecogniserMissing: no scan can be read until that is put right.
        """
        done, _ = wait(self._in_flight, timeout_seconds, FIRST_COMPLETED)
        arrived = tuple(future.result() for future in done)
        for future in done:
            del self._in_flight[future]
        if self._missing is not None:
            missing, self._missing = self._missing, None
            raise missing
        return arrived

    def stop(self) -> None:
        """Let the scans in flight end between two pages, and end the threads."""
        self._stopping.set()
        if IWaitsLong.providedBy(self._parts.store):
            self._parts.store.give_up()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._in_flight.clear()

    def _carry(self, scan_id: ScanId, tell: Tell) -> Arrival:
        def tell_or_stop(scan_id: ScanId, step: str, done: int, total: int) -> None:
            if self._stopping.is_set():
                raise Stopping
            tell(scan_id, step, done, total)

        try:
            state = carry(self._parts, self._gate, scan_id, tell_or_stop)
        except Stopping:
            return Arrival(scan_id, None)
        except StoreForbidden as error:
            if self._gate.forbid(error):
                log.critical("the store forbids; all sends stop: %s", error.what)
        except StillUnderWay:
            log.info("scan %s waits: a record of it is in the store's queue", scan_id)
            self._rest(scan_id)
        except (StoreUnreachable, OutcomeUnknown) as error:
            if self._gate.away(error.retry_after_seconds if isinstance(error, StoreUnreachable) else None):
                log.warning("the store is away (%s); records wait", type(error).__name__)
        except TurnNotOurs:
            log.info("scan %s waits: another guidang changes records", scan_id)
            self._rest(scan_id)
        except InboxUnusable:
            log.warning("scan %s waits: its inbox is away", scan_id)
            self._rest(scan_id)
        except RecogniserMissing as error:
            self._missing = error
        except DatabaseAway:
            log.warning("scan %s waits: the database does not answer", scan_id)
            self._rest(scan_id)
        except OSError as error:
            log.warning("scan %s waits: %s", scan_id, error.strerror)
            self._rest(scan_id)
        except Exception:  # one of the two outermost loops: our bug in one scan must not stop the others
            log.exception("scan %s waits: a bug of ours", scan_id)
            self._rest(scan_id)
        else:
            if state in UNDER_WAY and self._gate.is_open():
                self._rest(scan_id)
            else:
                self._rests.pop(scan_id, None)
            return Arrival(scan_id, state)
        return Arrival(scan_id, None)

    def _rest(self, scan_id: ScanId) -> None:
        failures = self._rests[scan_id].failures + 1 if scan_id in self._rests else 1
        now = self._parts.clock.now()
        self._rests[scan_id] = Rest(failures, now, now + timedelta(seconds=wait_seconds(failures)))
