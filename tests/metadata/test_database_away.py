"""A database that does not answer is said to be away, whatever it is that it says; a bug of ours is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from metadata.database import open_database, reading, writing
from metadata.interfaces import DatabaseAway
from metadata.journal import Journal
from metadata.reference_code import ReferenceScheme
from metadata.register import Register
from tests.metadata.conftest import PATTERN, new_postgresql_database
from tests.metadata.samples import StandingClock, scan


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database of `impatient` stands."""
    return tmp_path / "guidang.db"


@pytest.fixture
def impatient(path: Path) -> Iterator[Engine]:
    """Give a database that waits a hundredth of a second for others."""
    engine = open_database(f"sqlite:///{path}")
    engine.dispose()

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=10").close()

    yield engine
    engine.dispose()


def journal_on(engine: Engine) -> Journal:
    """Return a journal."""
    return Journal(engine, ReferenceScheme(PATTERN), StandingClock())


def test_database_that_another_program_holds_is_away_and_back_when_it_lets_go(impatient: Engine, path: Path) -> None:
    journal = journal_on(impatient)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(DatabaseAway) as raised:
            journal.receive(scan("a"))

        other.execute("ROLLBACK")
    assert "locked" in str(raised.value)
    assert str(path) in str(raised.value)
    journal.receive(scan("a"))
    assert len(list(journal.scans())) == 1


def test_database_on_a_full_disk_is_away_and_nothing_is_half_written(impatient: Engine) -> None:
    journal = journal_on(impatient)

    @event.listens_for(impatient, "begin")
    def begin(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # type: ignore[attr-defined]

    def fill() -> None:
        for number in range(500):
            journal.receive(scan(f"{number:04}"))

    with pytest.raises(DatabaseAway):
        fill()

    known = [entry.scan_id for entry in journal.scans()]
    assert known == sorted(known)
    assert 0 < len(known) < 500


def test_wrong_statement_is_a_bug_and_not_the_world(impatient: Engine) -> None:
    with pytest.raises(OperationalError), reading(impatient) as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))


@pytest.mark.postgresql
def test_server_that_ends_our_connection_is_away_and_taken_again_by_itself(postgresql_server: str) -> None:
    """What a restart of PostgreSQL does to whoever is connected."""
    engine = open_database(new_postgresql_database(postgresql_server))
    try:
        with pytest.raises(DatabaseAway), writing(engine) as connection:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        assert Register(engine).count() == 0
    finally:
        engine.dispose()
