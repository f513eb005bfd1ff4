"""The moves of a record; every function works inside the caller's transaction.

Not for scans (`metadata.scan_rows`). The row is locked first and the move checked against `metadata.states`. A reference
code is taken when a record is about to be filed or a person confirms it; once set aside for a record it is never given to
another, and shown only while the record is not held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from metadata import states
from metadata.audit_log import log_move
from metadata.entry_json import value_to_json
from metadata.interfaces import Before, IReferenceScheme
from metadata.record_rows import entries_from, insert_record, replace_description, shows_code
from metadata.reference_series import next_code
from metadata.states import Mover
from metadata.tables import records
from metadata.values import (
    OURSELVES,
    Change,
    DecidedBy,
    Description,
    Digests,
    RecordEntry,
    RecordId,
    RecordState,
    StoreId,
)

_RECOMPUTED = "recomputed"


def add_described(connection: Connection, at: datetime, described: Sequence[Description]) -> None:
    """Add a DESCRIBED record a description."""
    for description in described:
        insert_record(connection, description)
        log_move(
            connection,
            at,
            description.scan_id,
            None,
            RecordState.DESCRIBED,
            why=_why(description),
            record_id=description.record_id,
        )


def submit(
    connection: Connection, at: datetime, record_id: RecordId, digests: Digests, scheme: IReferenceScheme
) -> str | None:
    """DESCRIBED → SUBMITTED; return the code, None while held."""
    row, entry = _locked(connection, record_id, RecordState.SUBMITTED)
    states.check(record_id, entry.state, RecordState.SUBMITTED)
    code: str | None = row["reference_code"]
    if code is None and not entry.description.is_held:
        code = next_code(connection, scheme, entry.description)
    _write(
        connection,
        record_id,
        state=RecordState.SUBMITTED.value,
        reference_code=code,
        pdf_sha256=digests.sha256,
        pdf_md5=digests.md5,
    )
    _log(connection, at, entry, RecordState.SUBMITTED, "bytes fixed, about to be sent")
    return None if entry.description.is_held else code


def filed(connection: Connection, at: datetime, record_id: RecordId, store: str, store_id: StoreId) -> RecordState:
    """SUBMITTED → INDEXED or HELD; return which."""
    _, entry = _locked(connection, record_id, RecordState.INDEXED)
    after = RecordState.HELD if entry.description.is_held else RecordState.INDEXED
    states.check(record_id, entry.state, after)
    _write(connection, record_id, state=after.value, store=store, store_id=store_id)
    _log(connection, at, entry, after, f"read back from {store}")
    return after


def carried(connection: Connection, at: datetime, record_id: RecordId, store: str, store_id: StoreId) -> None:
    """Note that a stored record stands in another store, or under another id, now; its state stays."""
    _, entry = _locked(connection, record_id, RecordState.INDEXED)
    if entry.state not in states.RECORD_STORED:
        raise states.not_allowed(record_id, entry.state, RecordState.INDEXED)
    if (entry.store, entry.store_id) == (store, store_id):
        return
    _write(connection, record_id, store=store, store_id=store_id)
    _log(connection, at, entry, entry.state, f"carried from {entry.store} to {store}")


def hold(connection: Connection, at: datetime, description: Description) -> None:
    """DESCRIBED or SUBMITTED → DESCRIBED with another description; the digests are void with it."""
    record_id = description.record_id
    _, entry = _locked(connection, record_id, RecordState.DESCRIBED)
    states.check(record_id, entry.state, RecordState.DESCRIBED)
    replace_description(connection, description, entry.touched)
    _write(connection, record_id, state=RecordState.DESCRIBED.value, pdf_sha256=None, pdf_md5=None)
    _log(connection, at, entry, RecordState.DESCRIBED, _why(description))


def change(
    connection: Connection,
    at: datetime,
    wanted: Change,
    description: Description,
    after: RecordState,
    *,
    scheme: IReferenceScheme,
) -> str | None:
    """Write a person's change and the description recomputed; return the code, taken now if first INDEXED."""
    record_id = description.record_id
    row, entry = _locked(connection, record_id, after)
    states.check(record_id, entry.state, after, Mover.PERSON)
    touched = entry.touched | wanted.touched
    replace_description(connection, description, touched)
    code: str | None = row["reference_code"]
    if code is None and after is RecordState.INDEXED:
        code = next_code(connection, scheme, description)
    decided = entry.decided_by if after is RecordState.HELD else DecidedBy.PERSON
    _write(
        connection,
        record_id,
        state=after.value,
        decided_by=decided.value,
        touched=sorted(touched),
        reference_code=code,
        amend_due_since=at,
    )
    log_move(
        connection,
        at,
        entry.description.scan_id,
        entry.state,
        after,
        why=_why_changed(wanted, description),
        record_id=record_id,
        moved_by=wanted.by or "person",
        changed=_differences(entry.description, description, wanted),
    )
    return code if shows_code(after, is_held=description.is_held) else None


def note(
    connection: Connection, at: datetime, record_id: RecordId, why: str, *, by: str, changed: Mapping[str, Before]
) -> None:
    """Log something that moved no state."""
    query = select(records.c.scan_id, records.c.state).where(records.c.record_id == record_id)
    row = connection.execute(query).one()
    log_move(
        connection,
        at,
        row.scan_id,
        RecordState(row.state),
        RecordState(row.state),
        why=why,
        record_id=record_id,
        moved_by=by or OURSELVES,
        changed={name: [value_to_json(before), value_to_json(after)] for name, (before, after) in changed.items()},
    )


def amended(connection: Connection, record_id: RecordId) -> None:
    """Note that the store has the last change."""
    _write(connection, record_id, amend_due_since=None)


def _locked(connection: Connection, record_id: RecordId, after: RecordState) -> tuple[RowMapping, RecordEntry]:
    query = select(records).where(records.c.record_id == record_id).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise states.not_allowed(record_id, None, after)
    return row, entries_from(connection, [row])[0]


def _write(connection: Connection, record_id: RecordId, **columns: Any) -> None:
    connection.execute(update(records).where(records.c.record_id == record_id).values(**columns))


def _log(connection: Connection, at: datetime, entry: RecordEntry, after: RecordState, why: str) -> None:
    described = entry.description
    log_move(connection, at, described.scan_id, entry.state, after, why=why, record_id=described.record_id)


def _why(description: Description) -> str:
    return ", ".join(reason.code.value for reason in description.reasons) or "described"


def _why_changed(wanted: Change, description: Description) -> str:
    """Return what was done, or for what we hold it where we did nothing to it but that; a person may be called like us."""
    done = _what_was_done(wanted)
    return _why(description) if wanted.by == OURSELVES and done == _RECOMPUTED else done


def _what_was_done(wanted: Change) -> str:
    acts = (
        ("rejected", wanted.reject),
        ("taken back", wanted.take_back),
        ("to be looked at again", wanted.review),
        ("confirmed", wanted.confirm),
    )
    done = [word for word, is_so in acts if is_so]
    if wanted.touched or (wanted.noted and not done):
        done.insert(0, "corrected")
    return ", ".join(done) or _RECOMPUTED


def _differences(before: Description, after: Description, wanted: Change) -> Mapping[str, Any]:
    """Return {name: [before, after]} of what the person named."""
    values_before = {fact.name: value_to_json(fact.value) for fact in before.facts}
    values_after = {fact.name: value_to_json(fact.value) for fact in after.facts}
    changed = {name: [value_to_json(old), value_to_json(new)] for name, (old, new) in wanted.noted.items()}
    changed |= {name: [values_before.get(name), values_after.get(name)] for name in wanted.fields}
    changed |= {
        name: [value_to_json(getattr(before, name)), value_to_json(getattr(after, name))] for name in wanted.derived
    }
    if wanted.tags_added or wanted.tags_removed:
        changed["tags"] = [list(before.tags), list(after.tags)]
    if wanted.kind is not None:
        changed["kind"] = [before.kind, after.kind]
    if wanted.customer_numbers is not None:
        changed["customer_numbers"] = [list(before.identification.numbers), list(after.identification.numbers)]
    return changed
