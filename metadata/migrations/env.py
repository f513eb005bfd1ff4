"""What Alembic runs: our tables, on the connection that `metadata.upgrade` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from metadata.tables import all_tables
from metadata.word_tables import is_ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables,
    include_name=is_ours,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
