"""What is remembered of stores, so that a person's change is told from ours: copies, marks, names.

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty: records filed before are looked at once, and remembered then."""
    op.create_table(
        "store_copies",
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("theirs", sa.JSON(), nullable=False),
        sa.Column("instead", sa.JSON(), nullable=False),
        sa.Column("in_flight", sa.JSON(), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.CheckConstraint("standing IN ('live', 'trashed', 'gone', 'rewound')", name=op.f("ck_store_copies_standing")),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"], name=op.f("fk_store_copies_record_id_records")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_store_copies")),
    )
    op.create_index(op.f("ix_store_copies_store_store_id"), "store_copies", ["store", "store_id"], unique=False)
    op.create_index(
        op.f("ix_store_copies_store_standing_modified"),
        "store_copies",
        ["store", "standing", "modified"],
        unique=False,
    )
    op.create_table(
        "store_marks",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("server_version", sa.Text(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trash_count", sa.Integer(), nullable=True),
        sa.Column("restored_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("store", name=op.f("pk_store_marks")),
    )
    op.create_table(
        "store_names",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("store", "sort", "object_id", name=op.f("pk_store_names")),
    )


def downgrade() -> None:
    """Forget what was remembered."""
    for table in ("store_names", "store_marks", "store_copies"):
        op.drop_table(table)
