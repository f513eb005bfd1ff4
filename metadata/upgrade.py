"""Runs the migrations: loaded only when a database is new or older than this program.

Not for deciding whether to (`metadata.database` does). All of an upgrade is one transaction, on SQLite too.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

_UPGRADE_LOCK = 0x67756964616E67  # "guidang": PostgreSQL's advisory locks are numbers


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest revision, inside the caller's writing transaction; waits for another's upgrade."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _UPGRADE_LOCK})
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def is_known(revision: str) -> bool:
    """Return whether this program has that migration."""
    try:
        return ScriptDirectory.from_config(_configuration()).get_revision(revision) is not None
    except CommandError:
        return False


def newest_revision() -> str | None:
    """Return the revision of the last migration."""
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def _configuration() -> Config:
    configuration = Config()
    folder = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    configuration.set_main_option("script_location", folder)
    configuration.set_main_option("path_separator", "os")
    return configuration
