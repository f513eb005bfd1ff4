"""What the world may do to the watch: a database that does not answer, a clock that is set back. It goes on when that is over."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from connector.crew import Rest
from connector.rounds import LookTime
from connector.store_gate import StoreGate
from tests.connector.fakes import FakeClock
from tests.connector.office import open_office

A_YEAR = timedelta(days=365)


@contextmanager
def held_by_another(path: Path) -> Iterator[None]:
    """Hold the database as another program that writes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_watch_outlives_a_database_that_is_away_and_forgets_no_claim(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Three scans are claimed while the journal cannot be written; all are filed once it can, none twice."""
    office = open_office(tmp_path)
    database = Path(str(office.engine.url.database))
    office.engine.dispose()

    @event.listens_for(office.engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=2000").close()

    connector = office.connector()
    for name in "abc":
        office.put(f"{name}.pdf", f"kind=repair 0.95\n{name} {time.time_ns()}")
    stop, ended = threading.Event(), []
    connector.journal.subscribe(lambda _id, state: ended.append(state) if state == "CLOSED" else None)
    watch = threading.Thread(target=connector.run, args=(stop,))
    with caplog.at_level(logging.WARNING, "guidang"), held_by_another(database):
        watch.start()
        _until(lambda: any("scans wait" in line for line in caplog.messages))
        is_claimed = not list(office.inbox.folder.glob("*.pdf"))

    _until(lambda: len(ended) == 3)
    stop.set()
    watch.join(20)

    assert is_claimed
    assert not watch.is_alive()
    assert connector.journal.balance()["scans"]["CLOSED"] == 3
    connector.close()


def _until(true: object, seconds: float = 60.0) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.02)


def test_clock_set_back_by_a_year_does_not_put_off_the_next_look() -> None:
    clock = FakeClock()
    looks = LookTime(clock)
    assert looks.is_due()
    looks.looked(60.0)
    assert not looks.is_due()

    clock.moment -= A_YEAR

    assert looks.is_due()


def test_clock_set_back_does_not_keep_the_store_shut() -> None:
    clock = FakeClock()
    gate = StoreGate(clock)
    gate.away()
    assert not gate.is_open()

    clock.moment -= A_YEAR

    assert gate.is_open()
    assert gate.is_on_trial()


def test_clock_set_back_does_not_keep_a_scan_resting() -> None:
    now = FakeClock().now()
    rest = Rest(1, now, now + timedelta(seconds=5))

    assert not rest.is_over(now + timedelta(seconds=4))
    assert rest.is_over(now + timedelta(seconds=5))
    assert rest.is_over(now - A_YEAR)
