"""The first tables: scans, records and their facts, the audit log, reference codes, customers, full text.

Revision: 0001, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FTS5 = "CREATE VIRTUAL TABLE record_words USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii')"
_TSVECTOR = """CREATE TABLE record_words (
    text_number bigint PRIMARY KEY REFERENCES record_texts (text_number) ON DELETE CASCADE,
    words tsvector NOT NULL
)"""


def upgrade() -> None:
    """Make them."""
    _make_register()
    _make_scans()
    _make_records()
    _make_moves()
    _make_parts_of_records()
    _make_full_text()


def downgrade() -> None:
    """Drop them, and everything in them."""
    for table in (
        "record_words",
        "record_texts",
        "scan_duplicates",
        "record_facts",
        "record_customers",
        "moves",
        "records",
        "scans",
        "reference_series",
        "register_files",
        "customers",
    ):
        op.drop_table(table)


def _make_register() -> None:
    op.create_table(
        "customers",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customer_type", sa.String(length=20), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("building", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("heated_area_m2", sa.Float(), nullable=True),
        sa.Column("contract_no", sa.Text(), nullable=False),
        sa.Column("meter_no", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("transferred_to", sa.String(length=64), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("room_key", sa.Text(), nullable=False),
        sa.Column("contract_key", sa.Text(), nullable=False),
        sa.Column("meter_key", sa.Text(), nullable=False),
        sa.Column("number_head", sa.String(length=64), nullable=False),
        sa.Column("number_middle", sa.String(length=64), nullable=False),
        sa.Column("number_tail", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_customers")),
    )
    op.create_index("ix_customers_contract_key", "customers", ["contract_key"], unique=False)
    op.create_index("ix_customers_meter_key", "customers", ["meter_key"], unique=False)
    op.create_index("ix_customers_name_key", "customers", ["name_key"], unique=False)
    op.create_index("ix_customers_number_head", "customers", ["number_head"], unique=False)
    op.create_index("ix_customers_number_middle", "customers", ["number_middle"], unique=False)
    op.create_index("ix_customers_number_tail", "customers", ["number_tail"], unique=False)
    op.create_index("ix_customers_room_key", "customers", ["room_key"], unique=False)
    op.create_index("ix_customers_transferred_to", "customers", ["transferred_to"], unique=False)
    op.create_table(
        "register_files",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("modified_ns", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_register_files")),
    )


def _make_scans() -> None:
    op.create_table(
        "scans",
        sa.Column("scan_id", sa.String(length=64), nullable=False),
        sa.Column("inbox", sa.Text(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("md5", sa.String(length=32), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("reason_facts", sa.JSON(), nullable=False),
        sa.Column("duplicate_of_scan", sa.String(length=64), nullable=True),
        sa.Column("work_path", sa.Text(), nullable=False),
        sa.Column("kept_path", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('RECEIVED', 'READ', 'CLOSED', 'QUARANTINED', 'DUPLICATE', 'REJECTED')",
            name=op.f("ck_scans_state"),
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_scan"], ["scans.scan_id"], name=op.f("fk_scans_duplicate_of_scan_scans")
        ),
        sa.PrimaryKeyConstraint("scan_id", name=op.f("pk_scans")),
    )
    op.create_index(op.f("ix_scans_received_at_scan_id"), "scans", ["received_at", "scan_id"], unique=False)
    op.create_index(op.f("ix_scans_sha256"), "scans", ["sha256"], unique=False)
    op.create_index(op.f("ix_scans_state_received_at"), "scans", ["state", "received_at"], unique=False)


def _make_records() -> None:
    op.create_table(
        "records",
        sa.Column(
            "row_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("scan_id", sa.String(length=64), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=False),
        sa.Column("touched", sa.JSON(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("kind_confidence", sa.Double(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("record_date", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=True),
        sa.Column("appraisal_date", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("second_scan_of", sa.String(length=64), nullable=True),
        sa.Column("customer_found", sa.Text(), nullable=True),
        sa.Column("customer_confidence", sa.Double(), nullable=False),
        sa.Column("customer_snapshot", sa.JSON(), nullable=True),
        sa.Column("customer_evidence", sa.JSON(), nullable=True),
        sa.Column("customer_reasons", sa.JSON(), nullable=False),
        sa.Column("customer_notes", sa.JSON(), nullable=False),
        sa.Column("reference_code", sa.Text(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("pdf_md5", sa.String(length=32), nullable=True),
        sa.Column("store", sa.Text(), nullable=True),
        sa.Column("store_id", sa.Text(), nullable=True),
        sa.Column("amend_due_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_by IN ('itself', 'person')", name=op.f("ck_records_decided_by")),
        sa.CheckConstraint(
            "state IN ('DESCRIBED', 'SUBMITTED', 'INDEXED', 'HELD', 'REJECTED')", name=op.f("ck_records_state")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["scans.scan_id"], name=op.f("fk_records_scan_id_scans")),
        sa.ForeignKeyConstraint(
            ["second_scan_of"], ["records.record_id"], name=op.f("fk_records_second_scan_of_records")
        ),
        sa.PrimaryKeyConstraint("row_number", name=op.f("pk_records")),
        sa.UniqueConstraint("record_id", name=op.f("uq_records_record_id")),
        sa.UniqueConstraint("reference_code", name=op.f("uq_records_reference_code")),
    )
    op.create_index(op.f("ix_records_amend_due_since"), "records", ["amend_due_since"], unique=False)
    op.create_index(op.f("ix_records_appraisal_date"), "records", ["appraisal_date"], unique=False)
    op.create_index(op.f("ix_records_category"), "records", ["category"], unique=False)
    op.create_index(op.f("ix_records_kind_record_date"), "records", ["kind", "record_date"], unique=False)
    op.create_index(op.f("ix_records_pdf_md5"), "records", ["pdf_md5"], unique=False)
    op.create_index(op.f("ix_records_pdf_sha256"), "records", ["pdf_sha256"], unique=False)
    op.create_index(
        op.f("ix_records_received_at_scan_id_first_page_row_number"),
        "records",
        ["received_at", "scan_id", "first_page", "row_number"],
        unique=False,
    )
    op.create_index(op.f("ix_records_scan_id"), "records", ["scan_id"], unique=False)
    op.create_index(op.f("ix_records_state"), "records", ["state"], unique=False)
    op.create_index(op.f("ix_records_store_store_id"), "records", ["store", "store_id"], unique=False)
    op.create_table(
        "reference_series",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_reference_series")),
    )


def _make_moves() -> None:
    op.create_table(
        "moves",
        sa.Column(
            "move_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("scan_id", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("state_before", sa.String(length=16), nullable=True),
        sa.Column("state_after", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"], name=op.f("fk_moves_record_id_records")),
        sa.ForeignKeyConstraint(["scan_id"], ["scans.scan_id"], name=op.f("fk_moves_scan_id_scans")),
        sa.PrimaryKeyConstraint("move_number", name=op.f("pk_moves")),
    )
    op.create_index(op.f("ix_moves_record_id"), "moves", ["record_id"], unique=False)
    op.create_index(op.f("ix_moves_scan_id"), "moves", ["scan_id"], unique=False)


def _make_parts_of_records() -> None:
    op.create_table(
        "record_customers",
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("customer_number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.record_id"], name=op.f("fk_record_customers_record_id_records")
        ),
        sa.PrimaryKeyConstraint("record_id", "position", name=op.f("pk_record_customers")),
    )
    op.create_index(op.f("ix_record_customers_customer_number"), "record_customers", ["customer_number"], unique=False)
    op.create_table(
        "record_facts",
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("value_type", sa.String(length=16), nullable=False),
        sa.Column("text_value", sa.Text(), nullable=True),
        sa.Column("number_value", sa.Double(), nullable=True),
        sa.Column("boolean_value", sa.Boolean(), nullable=True),
        sa.Column("date_value", sa.Date(), nullable=True),
        sa.Column("numbers_value", sa.JSON(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("surely_read", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.CheckConstraint("origin IN ('guessed', 'given', 'person')", name=op.f("ck_record_facts_origin")),
        sa.CheckConstraint(
            "value_type IN ('text', 'number', 'boolean', 'date', 'numbers')", name=op.f("ck_record_facts_value_type")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"], name=op.f("fk_record_facts_record_id_records")),
        sa.PrimaryKeyConstraint("record_id", "position", name=op.f("pk_record_facts")),
    )
    op.create_index(op.f("ix_record_facts_name_date_value"), "record_facts", ["name", "date_value"], unique=False)
    op.create_index(op.f("ix_record_facts_name_number_value"), "record_facts", ["name", "number_value"], unique=False)
    op.create_table(
        "scan_duplicates",
        sa.Column("scan_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["records.record_id"], name=op.f("fk_scan_duplicates_record_id_records")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["scans.scan_id"], name=op.f("fk_scan_duplicates_scan_id_scans")),
        sa.PrimaryKeyConstraint("scan_id", "position", name=op.f("pk_scan_duplicates")),
    )
    op.create_index(op.f("ix_scan_duplicates_record_id"), "scan_duplicates", ["record_id"], unique=False)


def _make_full_text() -> None:
    op.create_table(
        "record_texts",
        sa.Column(
            "text_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("bare_text", sa.Text(), nullable=False),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"], name=op.f("fk_record_texts_record_id_records")),
        sa.PrimaryKeyConstraint("text_number", name=op.f("pk_record_texts")),
        sa.UniqueConstraint("record_id", name=op.f("uq_record_texts_record_id")),
    )
    op.create_index(op.f("ix_record_texts_token_version"), "record_texts", ["token_version"], unique=False)
    if op.get_context().dialect.name == "sqlite":
        op.execute(_FTS5)
    else:
        op.execute(_TSVECTOR)
        op.execute("CREATE INDEX ix_record_words_words ON record_words USING gin (words)")
