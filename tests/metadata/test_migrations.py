"""The migrations make exactly the tables that the code knows, from nothing and from every older revision."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from metadata.database import HEAD_REVISION, open_database, writing
from metadata.journal import Journal
from metadata.reference_code import ReferenceScheme
from metadata.tables import all_tables
from metadata.upgrade import _configuration, newest_revision
from metadata.word_tables import is_ours
from tests.metadata.samples import StandingClock, scan


def moved(engine: Engine, revision: str, *, down: bool = False) -> None:
    with writing(engine) as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(configuration, revision)


def test_newest_migration_is_the_one_that_opening_looks_for() -> None:
    assert newest_revision() == HEAD_REVISION


def test_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"include_name": is_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, all_tables) == []


def test_every_revision_can_be_taken_back_and_made_again_and_rows_stay(engine: Engine, database_url: str) -> None:
    journal = Journal(engine, ReferenceScheme("{category}-{number:05}"), StandingClock())
    journal.receive(scan("s1"))
    revisions = [script.revision for script in ScriptDirectory.from_config(_configuration()).walk_revisions()]

    for revision in revisions[1:]:
        moved(engine, revision, down=True)
    engine.dispose()
    again = open_database(database_url)

    journal = Journal(again, ReferenceScheme("{category}-{number:05}"), StandingClock())
    assert [entry.scan_id for entry in journal.scans()] == ["s1"]
    with again.connect() as connection:
        assert set(all_tables.tables) <= set(inspect(connection).get_table_names())
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD_REVISION
    again.dispose()
