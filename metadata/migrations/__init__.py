"""Alembic migrations of the journal and the index, from the first table on; run by `metadata.upgrade`."""
