"""The tables of the journal and the index, dialect-neutral (SQLite, PostgreSQL).

Not for queries, and not for the full-text words, whose storage differs by dialect (`metadata.index`). What can be asked
for stands in typed columns; what is only shown (evidence, reasons) is JSON. Every change here needs a migration
(`metadata/migrations`); a test compares both.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from metadata.column_types import PathText, SafeJson, SafeText, UtcDateTime
from metadata.customers_table import customers_table, register_files_table
from metadata.store_tables import store_copies_table, store_marks_table, store_names_table
from metadata.values import DecidedBy, RecordState, ScanState

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name on every dialect, so that later migrations can speak of it."""

all_tables = MetaData(naming_convention=NAMING)

# SQLite numbers rows by itself only in a column of exactly this type.
_RowNumber = BigInteger().with_variant(Integer, "sqlite")


def _one_of(column: str, values: type[ScanState] | type[RecordState] | type[DecidedBy]) -> CheckConstraint:
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


scans = Table(
    "scans",
    all_tables,
    Column("scan_id", String(64), primary_key=True),
    Column("inbox", SafeText, nullable=False),
    Column("original_name", SafeText, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("md5", String(32), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("page_count", Integer),
    Column("reason_code", SafeText),
    Column("reason_facts", SafeJson, nullable=False),
    Column("duplicate_of_scan", String(64), ForeignKey("scans.scan_id")),
    Column("work_path", PathText, nullable=False),
    Column("kept_path", PathText),
    _one_of("state", ScanState),
    Index(None, "state", "received_at"),
    Index(None, "received_at", "scan_id"),
)

records = Table(
    "records",
    all_tables,
    Column("row_number", _RowNumber, primary_key=True, autoincrement=True),
    Column("record_id", String(64), nullable=False, unique=True),
    Column("scan_id", String(64), ForeignKey("scans.scan_id"), nullable=False, index=True),
    Column("scan_sha256", String(64), nullable=False),
    Column("original_name", SafeText, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("first_page", Integer, nullable=False),
    Column("last_page", Integer, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("decided_by", String(16), nullable=False),
    Column("touched", SafeJson, nullable=False),
    Column("category", SafeText, index=True),
    Column("kind", SafeText),
    Column("kind_confidence", Double, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("record_date", Date),
    Column("summary", SafeText, nullable=False),
    Column("retention", SafeText),
    Column("appraisal_date", Date, index=True),
    Column("language", SafeText),
    Column("department", SafeText),
    Column("tags", SafeJson, nullable=False),
    Column("reasons", SafeJson, nullable=False),
    Column("second_scan_of", String(64), ForeignKey("records.record_id")),
    Column("customer_found", SafeText),
    Column("customer_confidence", Double, nullable=False),
    Column("customer_snapshot", SafeJson),
    Column("customer_evidence", SafeJson),
    Column("customer_reasons", SafeJson, nullable=False),
    Column("customer_notes", SafeJson, nullable=False),
    Column("reference_code", SafeText, unique=True),
    Column("pdf_sha256", String(64), index=True),
    Column("pdf_md5", String(32), index=True),
    Column("store", SafeText),
    Column("store_id", SafeText),
    Column("amend_due_since", UtcDateTime, index=True),  # a person's change that the store has not been told yet
    _one_of("state", RecordState),
    _one_of("decided_by", DecidedBy),
    Index(None, "kind", "record_date"),
    Index(None, "store", "store_id"),
    Index(None, "received_at", "scan_id", "first_page", "row_number"),
)

record_customers = Table(
    "record_customers",
    all_tables,
    Column("record_id", String(64), ForeignKey("records.record_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("customer_number", SafeText, nullable=False, index=True),
)

record_facts = Table(
    "record_facts",
    all_tables,
    Column("record_id", String(64), ForeignKey("records.record_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", SafeText, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("value_type", String(16), nullable=False),
    Column("text_value", SafeText),
    Column("number_value", Double),
    Column("boolean_value", Boolean),
    Column("date_value", Date),
    Column("numbers_value", SafeJson),
    Column("confidence", Double, nullable=False),
    Column("surely_read", Boolean, nullable=False),
    Column("evidence", SafeJson),
    CheckConstraint("origin IN ('guessed', 'given', 'person')", name="origin"),
    CheckConstraint("value_type IN ('text', 'number', 'boolean', 'date', 'numbers')", name="value_type"),
    Index(None, "name", "date_value"),
    Index(None, "name", "number_value"),
)

scan_duplicates = Table(
    "scan_duplicates",
    all_tables,
    Column("scan_id", String(64), ForeignKey("scans.scan_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("record_id", String(64), ForeignKey("records.record_id"), nullable=False, index=True),
)

moves = Table(
    "moves",
    all_tables,
    Column("move_number", _RowNumber, primary_key=True, autoincrement=True),
    Column("scan_id", String(64), ForeignKey("scans.scan_id"), nullable=False, index=True),
    Column("record_id", String(64), ForeignKey("records.record_id"), index=True),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("moved_by", SafeText, nullable=False),
    Column("state_before", String(16)),
    Column("state_after", String(16), nullable=False),
    Column("why", SafeText, nullable=False),
    Column("changed", SafeJson),
)
"""The audit log, only ever added to. `record_id` NULL: the scan itself moved. `changed`: {name: [before, after]}."""

reference_series = Table(
    "reference_series",
    all_tables,
    Column("prefix", SafeText, primary_key=True),
    Column("last_number", BigInteger, nullable=False),
)

record_texts = Table(
    "record_texts",
    all_tables,
    Column("text_number", _RowNumber, primary_key=True, autoincrement=True),
    Column("record_id", String(64), ForeignKey("records.record_id"), nullable=False),
    Column("text", SafeText, nullable=False),
    Column("bare_text", SafeText, nullable=False),  # as `metadata.tokens` compares it: folded, without white space
    Column("token_version", Integer, nullable=False, index=True),
    UniqueConstraint("record_id"),
)
"""What the full-text words were made of, so that hits can be checked and the words made anew."""

store_copies = store_copies_table(all_tables)
store_marks = store_marks_table(all_tables)
store_names = store_names_table(all_tables)
customers = customers_table(all_tables)
register_files = register_files_table(all_tables)
