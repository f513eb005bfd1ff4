"""Opens the database: the one place that knows how SQLite and PostgreSQL want to be spoken to.

Not for tables or queries. SQLite runs in WAL with synchronous=FULL (a move that was told to anyone survives a power cut)
and takes the write lock when a writing transaction *begins* (BEGIN IMMEDIATE), because a reader that turns writer midway
fails at once with "database is locked" whatever the busy timeout. The sqlite3 module's own transaction control is off
(it begins too late, and never for SELECT or DDL); SQLAlchemy's begin event does it, on every Python we support.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from ingest.message import N_, Message
from metadata.interfaces import DatabaseAway, DatabaseUnusable

HEAD_REVISION = "0003"
"""The newest migration; so a database that is up to date is opened without loading Alembic. A test compares."""

BUSY_SECONDS = 30
"""How long to wait for another process's write; a move takes milliseconds, a migration seconds."""

_WRITING = "guidang_writing"

_SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")
"""Names of SQLite's errors, or their beginnings, that say nothing of the database's content or our statements."""


def open_database(url: str) -> Engine:
    """Return the engine of a database that has exactly our tables, made or brought up to date if need be.

    Raises DatabaseUnusable: address wrong, server away, file damaged or not ours, or written by a newer guidang.
    Two processes may open at once; one upgrades and the other waits. Killed midway: the old state stands.
    """
    place = _checked(url)
    engine = _engine(place)
    try:
        _bring_up_to_date(engine, place)
    except DBAPIError as error:
        engine.dispose()
        raise _unusable(place, error) from error
    except DatabaseUnusable:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One writing transaction: committed at the end, rolled back whatever is raised. Raises DatabaseAway."""
    with _told_as_away(engine.url), engine.execution_options(**{_WRITING: True}).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One reading transaction: everything read in it is of one moment. Raises DatabaseAway."""
    with _told_as_away(engine.url), engine.begin() as connection:
        yield connection


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """One connection for several transactions: `connection.begin()` reads, `begin_writing(connection)` writes. Raises DatabaseAway."""
    with _told_as_away(engine.url), engine.connect() as connection:
        yield connection


def begin_writing(connection: Connection) -> AbstractContextManager[object]:
    """Begin a writing transaction on a connection that has none: committed at the end, rolled back whatever is raised."""
    return connection.execution_options(**{_WRITING: True}).begin()


@contextmanager
def _told_as_away(place: URL) -> Iterator[None]:
    """Tell what the world did to the database from a bug of ours: that stays what it is."""
    try:
        yield
    except DBAPIError as error:
        if not _is_away(error):
            raise
        facts = {"place": _shown(place), "answer": " ".join(str(error.orig).split()).rstrip(".?")}
        raise DatabaseAway(
            Message(N_("The database {place} does not answer: {answer}."), facts),
            Message(
                N_(
                    "See that its server runs, its disk is there and not full, and no other program holds it; then call again."
                )
            ),
        ) from error


def _is_away(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "").startswith(_SQLITE_AWAY)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _checked(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnusable(
            Message(N_("Cannot open the database: its address in the configuration is none.")),
            Message(N_("Write it like sqlite:////srv/archive/guidang.db or postgresql://user@host/name.")),
        ) from error
    if place.get_backend_name() == "postgresql" and "+" not in place.drivername:
        return place.set(drivername="postgresql+psycopg")
    return place


def _engine(place: URL) -> Engine:
    try:
        if place.get_backend_name() == "sqlite":
            engine = create_engine(place, connect_args={"timeout": BUSY_SECONDS})
            _tune_sqlite(engine)
            return engine
        return create_engine(place, pool_pre_ping=True, isolation_level="READ COMMITTED")
    except (NoSuchModuleError, ImportError) as error:
        raise DatabaseUnusable(
            Message(N_("Cannot open the database {place}: its driver is not installed."), {"place": _shown(place)}),
            Message(N_("Use sqlite or postgresql; for PostgreSQL install guidang[postgresql].")),
        ) from error


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        how = "BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITING) else "BEGIN"
        connection.exec_driver_sql(how)


def _bring_up_to_date(engine: Engine, place: URL) -> None:
    with engine.begin() as connection:
        found = _revision(connection)
    if found == HEAD_REVISION:
        return
    from metadata.upgrade import is_known, upgrade  # Alembic takes a tenth of a second to load

    if found is not None and not is_known(found):
        raise DatabaseUnusable(
            Message(
                N_("Cannot open the database {place}: a newer guidang has written it (its revision is {revision})."),
                {"place": _shown(place), "revision": found},
            ),
            Message(N_("Install that version of guidang again, or restore the backup made before it was installed.")),
        )
    with engine.execution_options(**{_WRITING: True}).begin() as connection:
        upgrade(connection)


def _revision(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _unusable(place: URL, error: DBAPIError) -> DatabaseUnusable:
    facts = {"place": _shown(place), "answer": " ".join(str(error.orig).split()).rstrip(".?")}
    if place.get_backend_name() != "sqlite":
        remedy = Message(
            N_("See that the server runs, that the address is right and that this user may create tables.")
        )
    elif isinstance(error, OperationalError):
        remedy = Message(N_("See that its folder exists and may be written, and that the disk is not full."))
    else:
        remedy = Message(N_("It is damaged or no database of guidang: move it away, or restore it from the backup."))
    if isinstance(error, ProgrammingError):
        remedy = Message(
            N_("See that this user may create tables there, and that no other program's tables stand there.")
        )
    return DatabaseUnusable(Message(N_("Cannot open the database {place}: {answer}."), facts), remedy)


def _shown(place: URL) -> str:
    """Return the address without its password."""
    return place.render_as_string(hide_password=True)
