"""The tables of what is remembered of stores: each record's copy, how far a store was followed, its names and their ids.

Not for the records themselves (`metadata.tables`). Agreements are JSON: they are read and written whole, never asked for.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table

from metadata.column_types import SafeJson, SafeText, UtcDateTime
from metadata.values import Standing


def store_copies_table(tables: MetaData) -> Table:
    """One row a record that was seen in a store; `instead` holds those of `ours` that differ from `theirs`."""
    standings = ", ".join(f"'{standing.value}'" for standing in Standing)
    return Table(
        "store_copies",
        tables,
        Column("record_id", String(64), ForeignKey("records.record_id"), primary_key=True),
        Column("store", SafeText, nullable=False),
        Column("store_id", SafeText, nullable=False),
        Column("standing", String(16), nullable=False),
        Column("modified", UtcDateTime),
        Column("version", SafeText, nullable=False),
        Column("theirs", SafeJson, nullable=False),
        Column("instead", SafeJson, nullable=False),
        Column("in_flight", SafeJson, nullable=False),
        Column("persons", SafeJson, nullable=False),
        Column("rewound", SafeJson, nullable=False),
        CheckConstraint(f"standing IN ({standings})", name="standing"),
        Index(None, "store", "store_id"),
        Index(None, "store", "standing", "modified"),
    )


def store_marks_table(tables: MetaData) -> Table:
    """One row a store."""
    return Table(
        "store_marks",
        tables,
        Column("store", SafeText, primary_key=True),
        Column("server_version", SafeText, nullable=False),
        Column("seen_until", UtcDateTime),
        Column("swept_at", UtcDateTime),
        Column("trash_count", Integer),
        Column("restored_since", UtcDateTime),
    )


def store_names_table(tables: MetaData) -> Table:
    """One row a name in a store, by its id there."""
    return Table(
        "store_names",
        tables,
        Column("store", SafeText, primary_key=True),
        Column("sort", String(64), primary_key=True),
        Column("object_id", SafeText, primary_key=True),
        Column("name", SafeText, nullable=False),
        Column("meaning", SafeText, nullable=False),
        Column("is_ours", Boolean, nullable=False),
    )
