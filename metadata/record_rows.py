"""Descriptions and record entries to rows of the tables and back, exactly.

Not for deciding or for moves (`metadata.record_moves`); every function works inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from classifiers.values import Fact, FoundBy
from ingest.values import ScanId
from metadata.copy_rows import standings
from metadata.entry_json import (
    customer_from_json,
    customer_to_json,
    evidence_from_json,
    evidence_to_json,
    fact_from_columns,
    fact_to_columns,
    reasons_from_json,
    reasons_to_json,
)
from metadata.tables import record_customers, record_facts, records
from metadata.values import (
    CustomerNumber,
    DecidedBy,
    Description,
    Digests,
    Identification,
    RecordEntry,
    RecordId,
    RecordState,
    StoreId,
)

Row = RowMapping


def insert_record(connection: Connection, description: Description) -> None:
    """Add a DESCRIBED record that nobody has touched."""
    connection.execute(
        insert(records).values(
            **_columns(description),
            record_id=description.record_id,
            scan_id=description.scan_id,
            state=RecordState.DESCRIBED.value,
            decided_by=DecidedBy.ITSELF.value,
            touched=[],
        )
    )
    _insert_parts(connection, description, frozenset())


def replace_description(connection: Connection, description: Description, touched: frozenset[str]) -> None:
    """Write the description over the one that stands; state, code, digests and place stay."""
    record_id = description.record_id
    connection.execute(update(records).where(records.c.record_id == record_id).values(**_columns(description)))
    for table in (record_customers, record_facts):
        connection.execute(delete(table).where(table.c.record_id == record_id))
    _insert_parts(connection, description, touched)


def entries_from(connection: Connection, rows: Sequence[Row]) -> list[RecordEntry]:
    """Return the entries of these rows of `records`, in their order; three more queries, however many they are."""
    if not rows:
        return []
    ids = [row["record_id"] for row in rows]
    numbers: dict[str, list[CustomerNumber]] = {record_id: [] for record_id in ids}
    facts: dict[str, list[Fact]] = {record_id: [] for record_id in ids}
    for found in _parts(connection, record_customers, ids):
        numbers[found["record_id"]].append(CustomerNumber(found["customer_number"]))
    for found in _parts(connection, record_facts, ids):
        facts[found["record_id"]].append(fact_from_columns(found))
    standing = standings(connection, ids)
    return [
        replace(
            _entry(row, tuple(numbers[row["record_id"]]), tuple(facts[row["record_id"]])),
            standing=standing.get(row["record_id"]),
        )
        for row in rows
    ]


def shows_code(state: RecordState, *, is_held: bool) -> bool:
    """Return whether a code that was set aside for a record counts as given: never while it is held."""
    return state is RecordState.INDEXED or (state is RecordState.SUBMITTED and not is_held)


def _entry(row: Row, numbers: tuple[CustomerNumber, ...], facts: tuple[Fact, ...]) -> RecordEntry:
    description = _description(row, numbers, facts)
    state = RecordState(row["state"])
    return RecordEntry(
        description=description,
        state=state,
        decided_by=DecidedBy(row["decided_by"]),
        reference_code=row["reference_code"] if shows_code(state, is_held=description.is_held) else None,
        digests=Digests(row["pdf_sha256"], row["pdf_md5"]) if row["pdf_sha256"] else None,
        store=row["store"],
        store_id=StoreId(row["store_id"]) if row["store_id"] is not None else None,
        touched=frozenset(row["touched"]),
    )


def _description(row: Row, numbers: tuple[CustomerNumber, ...], facts: tuple[Fact, ...]) -> Description:
    return Description(
        record_id=RecordId(row["record_id"]),
        scan_id=ScanId(row["scan_id"]),
        scan_sha256=row["scan_sha256"],
        original_name=row["original_name"],
        pages=(row["first_page"], row["last_page"]),
        category=row["category"],
        kind=row["kind"],
        kind_confidence=row["kind_confidence"],
        identification=Identification(
            numbers=numbers,
            found_by=FoundBy(row["customer_found"]) if row["customer_found"] else None,
            confidence=row["customer_confidence"],
            customer=customer_from_json(row["customer_snapshot"]),
            reasons=reasons_from_json(row["customer_reasons"]),
            notes=reasons_from_json(row["customer_notes"]),
            evidence=evidence_from_json(row["customer_evidence"]),
        ),
        facts=facts,
        title=row["title"],
        record_date=row["record_date"],
        summary=row["summary"],
        retention=row["retention"],
        appraisal_date=row["appraisal_date"],
        language=row["language"],
        department=row["department"],
        tags=tuple(row["tags"]),
        reasons=reasons_from_json(row["reasons"]),
        second_scan_of=RecordId(row["second_scan_of"]) if row["second_scan_of"] else None,
        received_at=row["received_at"],
    )


def _columns(description: Description) -> dict[str, Any]:
    who = description.identification
    return {
        "scan_sha256": description.scan_sha256,
        "original_name": description.original_name,
        "received_at": description.received_at,
        "first_page": description.pages[0],
        "last_page": description.pages[1],
        "category": description.category,
        "kind": description.kind,
        "kind_confidence": description.kind_confidence,
        "title": description.title,
        "record_date": description.record_date,
        "summary": description.summary,
        "retention": description.retention,
        "appraisal_date": description.appraisal_date,
        "language": description.language,
        "department": description.department,
        "tags": list(description.tags),
        "reasons": reasons_to_json(description.reasons),
        "second_scan_of": description.second_scan_of,
        "customer_found": who.found_by.value if who.found_by else None,
        "customer_confidence": who.confidence,
        "customer_snapshot": customer_to_json(who.customer),
        "customer_evidence": evidence_to_json(who.evidence),
        "customer_reasons": reasons_to_json(who.reasons),
        "customer_notes": reasons_to_json(who.notes),
    }


def _insert_parts(connection: Connection, description: Description, touched: frozenset[str]) -> None:
    record_id = description.record_id
    numbers = [
        {"record_id": record_id, "position": position, "customer_number": number}
        for position, number in enumerate(description.identification.numbers)
    ]
    facts = [
        {"record_id": record_id, "position": position, **fact_to_columns(fact, _origin(fact, touched))}
        for position, fact in enumerate(description.facts)
    ]
    if numbers:
        connection.execute(insert(record_customers), numbers)
    if facts:
        connection.execute(insert(record_facts), facts)


def _origin(fact: Fact, touched: frozenset[str]) -> str:
    if fact.name in touched:
        return "person"
    return "given" if fact.evidence is None else "guessed"


def _parts(connection: Connection, table: Any, ids: Iterable[str]) -> Sequence[RowMapping]:
    query = select(table).where(table.c.record_id.in_(list(ids))).order_by(table.c.record_id, table.c.position)
    return connection.execute(query).mappings().all()
