"""The journal: where every scan and record stands. Each method is one transaction; all of it holds, or none.

Not for doing anything to files or stores. Each move is checked against `metadata.states` with its row locked, written
together with what it produced and a row of the audit log, and told to subscribers only after the commit. Nothing is kept
in memory: any number of journals, in any number of processes, may work on one database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, String, cast, select, update
from zope.interface import implementer

from ingest.interfaces import IClock
from ingest.values import Scan, ScanId
from metadata import journal_queries, record_moves, scan_rows, states
from metadata.audit_log import LoggedMove, log_move, moves_of
from metadata.copies import StoreCopy
from metadata.copy_rows import write_copy
from metadata.database import reading, writing
from metadata.interfaces import Before, IJournal, IReferenceScheme
from metadata.tables import records, scan_duplicates, scans
from metadata.values import (
    Change,
    Description,
    Digests,
    ReasonCode,
    RecordEntry,
    RecordId,
    RecordState,
    ScanEntry,
    ScanState,
    StoreId,
)


@implementer(IJournal)
class Journal:
    """The journal on a database opened by `metadata.database.open_database`. Its methods' promises: `IJournal`."""

    def __init__(self, engine: Engine, reference_scheme: IReferenceScheme, clock: IClock) -> None:
        self._engine = engine
        self._scheme = reference_scheme
        self._clock = clock
        self._subscribers: list[Callable[[str, str], None]] = []

    # Scans

    def receive(self, scan: Scan) -> None:
        """Make the scan's row; a second call for the same id changes nothing."""
        with writing(self._engine) as connection:
            is_new = scan_rows.insert_scan(connection, scan, self._clock.now())
        if is_new:
            self._tell(scan.scan_id, ScanState.RECEIVED)

    def scan(self, scan_id: ScanId) -> ScanEntry | None:
        """Return the scan's entry."""
        return next(journal_queries.each_scan(self._engine, [scans.c.scan_id == scan_id]), None)

    def scans(self, states: frozenset[ScanState] | None = None) -> Iterator[ScanEntry]:
        """Yield scans in these states (all if None), oldest first."""
        where = [] if states is None else [scans.c.state.in_([state.value for state in states])]
        return journal_queries.each_scan(self._engine, where)

    def same_bytes(self, sha256: str, but: ScanId) -> tuple[ScanEntry, ...]:
        """Return the other scans with these bytes, oldest first."""
        where = [scans.c.sha256 == sha256, scans.c.scan_id != but]
        return tuple(journal_queries.each_scan(self._engine, where))

    def read(self, scan_id: ScanId, page_count: int, described: tuple[Description, ...]) -> None:
        """RECEIVED → READ, with one DESCRIBED record a description."""
        with writing(self._engine) as connection:
            at = self._clock.now()
            why = f"{page_count} pages read, cut into {len(described)} records"
            scan_rows.move_scan(connection, at, scan_id, ScanState.READ, why, page_count=page_count)
            record_moves.add_described(connection, at, described)
        self._tell(scan_id, ScanState.READ)
        for description in described:
            self._tell(description.record_id, RecordState.DESCRIBED)

    def leave(
        self,
        scan_id: ScanId,
        state: ScanState,
        reason_code: str,
        reason_facts: dict[str, str],
        page_count: int | None,
    ) -> None:
        """RECEIVED → QUARANTINED or REJECTED."""
        with writing(self._engine) as connection:
            if state not in {ScanState.QUARANTINED, ScanState.REJECTED}:
                raise states.not_allowed(scan_id, scan_rows.locked_state(connection, scan_id, state), state)
            scan_rows.move_scan(
                connection,
                self._clock.now(),
                scan_id,
                state,
                reason_code,
                reason_code=reason_code,
                reason_facts=dict(reason_facts),
                page_count=page_count,
            )
        self._tell(scan_id, state)

    def duplicate(self, scan_id: ScanId, of: tuple[RecordId, ...], of_scan: ScanId, page_count: int | None) -> None:
        """RECEIVED → DUPLICATE of these records, or of a scan whose records are still to come."""
        with writing(self._engine) as connection:
            scan_rows.move_scan(
                connection,
                self._clock.now(),
                scan_id,
                ScanState.DUPLICATE,
                f"same bytes as scan {of_scan}",
                reason_code="duplicate",
                duplicate_of_scan=of_scan,
                page_count=page_count,
            )
            for position, record_id in enumerate(of):
                row = {"scan_id": scan_id, "position": position, "record_id": record_id}
                connection.execute(scan_duplicates.insert().values(row))
        self._tell(scan_id, ScanState.DUPLICATE)

    def close(self, scan_id: ScanId) -> None:
        """READ → CLOSED; raises MoveNotAllowed unless each of its records stands in the store."""
        with writing(self._engine) as connection:
            scan_rows.move_scan(
                connection, self._clock.now(), scan_id, ScanState.CLOSED, "all records stand in the store"
            )
            scan_rows.check_all_stored(connection, scan_id)
        self._tell(scan_id, ScanState.CLOSED)

    def put_away(self, scan_id: ScanId, kept_path: str) -> None:
        """Note where the original now stands; the last act on a scan. Repeated with the same path: nothing changes."""
        with writing(self._engine) as connection:
            state = scan_rows.locked_state(connection, scan_id, ScanState.CLOSED)
            if state not in states.SCAN_ENDS:
                raise states.not_allowed(scan_id, state, ScanState.CLOSED)
            its_row = scans.c.scan_id == scan_id
            if connection.execute(select(scans.c.kept_path).where(its_row)).scalar_one() == Path(kept_path):
                return
            connection.execute(update(scans).where(its_row).values(kept_path=Path(kept_path)))
            log_move(connection, self._clock.now(), scan_id, state, state, why="original put away")

    def not_put_away(self) -> Iterator[ScanEntry]:
        """Yield scans at an end whose original has not been put away yet."""
        ends = [state.value for state in states.SCAN_ENDS]
        return journal_queries.each_scan(self._engine, [scans.c.state.in_(ends), scans.c.kept_path.is_(None)])

    # Records

    def submit(self, record_id: RecordId, digests: Digests) -> str | None:
        """DESCRIBED → SUBMITTED with the digests of the fixed bytes; return its reference code, None while held."""
        with writing(self._engine) as connection:
            code = record_moves.submit(connection, self._clock.now(), record_id, digests, self._scheme)
        self._tell(record_id, RecordState.SUBMITTED)
        return code

    def filed(self, record_id: RecordId, store: str, store_id: StoreId) -> None:
        """SUBMITTED → INDEXED, or HELD where the description has reasons."""
        with writing(self._engine) as connection:
            state = record_moves.filed(connection, self._clock.now(), record_id, store, store_id)
        self._tell(record_id, state)

    def carried(self, record_id: RecordId, store: str, store_id: StoreId) -> None:
        """Note that a record that stands in a store stands in this one now; its state stays. Repeated: nothing changes."""
        with writing(self._engine) as connection:
            record_moves.carried(connection, self._clock.now(), record_id, store, store_id)

    def hold(self, record_id: RecordId, description: Description) -> None:
        """Replace the description of a DESCRIBED (or refused: SUBMITTED) record, which is DESCRIBED then."""
        with writing(self._engine) as connection:
            record_moves.hold(connection, self._clock.now(), _of(record_id, description))
        self._tell(record_id, RecordState.DESCRIBED)

    def change(
        self,
        record_id: RecordId,
        change: Change,
        description: Description,
        state: RecordState,
        copy: StoreCopy | None = None,
    ) -> str | None:
        """Write a person's change with the description recomputed; return the code, given now if first INDEXED."""
        with writing(self._engine) as connection:
            at = self._clock.now()
            its = _of(record_id, description)
            code = record_moves.change(connection, at, change, its, state, scheme=self._scheme)
            if copy is not None:
                write_copy(connection, copy)
        self._tell(record_id, state)
        return code

    def note(self, copy: StoreCopy, why: str, by: str = "", changed: Mapping[str, Before] | None = None) -> None:
        """Write down what happened to the record's copy in the store, and how it stands there now; no state moves."""
        with writing(self._engine) as connection:
            write_copy(connection, copy)
            record_moves.note(connection, self._clock.now(), copy.record_id, why, by=by, changed=changed or {})

    def amended(self, record_id: RecordId) -> None:
        """Note that store and index now say what the last `change` said."""
        with writing(self._engine) as connection:
            record_moves.amended(connection, record_id)

    def unamended(self) -> Iterator[RecordEntry]:
        """Yield records changed by `change` whose store has not been told yet, oldest change first."""
        return journal_queries.each_unamended(self._engine)

    def record(self, record_id: RecordId) -> RecordEntry | None:
        """Return the record's entry."""
        with reading(self._engine) as connection:
            return journal_queries.entry_of(connection, records.c.record_id == record_id)

    def find_record(self, text: str) -> RecordEntry:
        """Return the record with this id, unambiguous beginning of an id, or reference code; raises RecordUnknown."""
        with reading(self._engine) as connection:
            return journal_queries.find_record(connection, text)

    def records(
        self, states: frozenset[RecordState] | None = None, scan_id: ScanId | None = None, store: str | None = None
    ) -> Iterator[RecordEntry]:
        """Yield records in these states, of this scan, standing in this store (all if None), in the order of scans and pages."""
        where: list[ColumnElement[bool]] = (
            [] if states is None else [records.c.state.in_([state.value for state in states])]
        )
        if scan_id is not None:
            where.append(records.c.scan_id == scan_id)
        if store is not None:
            where.append(records.c.store == store)
        return journal_queries.each_record(self._engine, where)

    def held_for(self, code: ReasonCode) -> tuple[RecordEntry, ...]:
        """Return the HELD records that have this reason, in the order of scans and pages."""
        where = [records.c.state == RecordState.HELD.value, cast(records.c.reasons, String).contains(code.value)]
        found = journal_queries.each_record(self._engine, where)
        return tuple(entry for entry in found if any(reason.code is code for reason in entry.description.reasons))

    def same_paper(self, description: Description) -> tuple[RecordEntry, ...]:
        """Return earlier records of another scan, filed or on their way, of the same kind, customer, date and number."""
        return journal_queries.same_paper(self._engine, description)

    # The whole

    def balance(self) -> dict[str, dict[str, int]]:
        """Return {"scans": {state: n, "seen": n}, "records": {state: n, "itself": n, "person": n, "waiting": n}}."""
        with reading(self._engine) as connection:
            return journal_queries.balance(connection)

    def moves(self, record_id: RecordId) -> list[LoggedMove]:
        """Return the moves of a record, oldest first: who made which, when and why."""
        with reading(self._engine) as connection:
            return moves_of(connection, record_id=record_id)

    def subscribe(self, subscriber: Callable[[str, str], None]) -> None:
        """Call `subscriber(id, state)` after each committed move."""
        self._subscribers.append(subscriber)

    def _tell(self, subject: str, state: ScanState | RecordState) -> None:
        for subscriber in self._subscribers:
            subscriber(subject, state.value)


def _of(record_id: RecordId, description: Description) -> Description:
    if description.record_id != record_id:
        raise ValueError(f"the description is of record {description.record_id}, not of {record_id}")
    return description
