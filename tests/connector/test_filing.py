"""Exactly once: whatever the store answers or does not answer, a record stands there once, or waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from zope.interface import implementer

from classifiers.scheme import Scheme
from connector.interfaces import (
    CheckFinding,
    IRecordStore,
    OutcomeUnknown,
    Presence,
    StoredRecord,
    StoreForbidden,
    StoreRefused,
    StoreUnreachable,
)
from connector.store_gate import StoreGate, wait_seconds
from ingest.message import Message
from metadata.values import Digests, ReasonCode, RecordState, ScanState, StoreId, Submission
from tests.connector.fakes import FakeClock
from tests.connector.office import Office, folder_store, open_office

AWAY = StoreUnreachable(Message("away"), Message("wait"))
UNKNOWN = OutcomeUnknown(Message("no answer"), Message("look"))
REFUSED = StoreRefused(Message("The type is not known."), Message("correct it"))
FORBIDDEN = StoreForbidden(Message("token wrong"), Message("new token"))


@implementer(IRecordStore)
class MoodyStore:
    """The real folder store, behind a line that breaks as told: `before` and `after` a sending."""

    def __init__(self, real: IRecordStore) -> None:
        self.name = "moody"
        self.real = real
        self.before: list[Exception | None] = []
        self.after: list[Exception | None] = []
        self.sent: list[Submission] = []
        self.keeps_bytes = True
        self.refuses: Callable[[Submission], bool] = lambda submission: False
        self.amend_fails: list[Exception] = []

    def check(self) -> tuple[CheckFinding, ...]:
        """Return nothing."""
        return ()

    def find(self, digests: Digests) -> tuple[StoredRecord, ...]:
        """Look."""
        return self.real.find(digests)

    def file(self, submission: Submission, *, was_looked_for: bool = False) -> StoreId:
        """Send, unless the line breaks before; answer, unless it breaks after."""
        if (error := self.before.pop(0) if self.before else None) is not None:
            raise error
        if self.refuses(submission):
            raise REFUSED
        self.sent.append(submission)
        store_id = self.real.file(submission, was_looked_for=was_looked_for)
        if (error := self.after.pop(0) if self.after else None) is not None:
            raise error
        return store_id

    def complete(self, store_id: StoreId, submission: Submission) -> None:
        """Complete."""
        self.real.complete(store_id, submission)

    def read_back(self, store_id: StoreId, digests: Digests) -> StoredRecord | None:
        """Read back."""
        stored = self.real.read_back(store_id, digests)
        return replace(stored, digests_agree=False) if stored and not self.keeps_bytes else stored

    def amend(self, store_id: StoreId, submission: Submission) -> None:
        """Amend, unless the line breaks."""
        if self.amend_fails:
            raise self.amend_fails.pop(0)
        self.real.amend(store_id, submission)

    def close(self) -> None:
        """Close."""
        self.real.close()


def moody_office(folder: Path) -> tuple[Office, MoodyStore]:
    """Return an office whose store can be made to fail."""
    made: list[MoodyStore] = []

    def store(place: Path, scheme: Scheme) -> IRecordStore:
        made.append(MoodyStore(folder_store(place, scheme)))
        return made[0]

    return open_office(folder, store=store), made[0]


def _stored_pdfs(folder: Path) -> int:
    return len(list((folder / "archive").rglob("*.pdf")))


def test_record_whose_store_is_away_stays_submitted_and_is_filed_later(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.before = [AWAY]
    office.put("a.pdf")
    (scan_id,) = office.receive()
    with pytest.raises(StoreUnreachable):
        office.carry(scan_id)
    assert office.record(scan_id).state is RecordState.SUBMITTED

    office.carry(scan_id)

    assert office.record(scan_id).state is RecordState.INDEXED
    assert len(store.sent) == 1


def test_record_whose_answer_was_lost_is_found_by_digest_and_not_sent_again(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.after = [UNKNOWN]
    office.put("a.pdf")
    (scan_id,) = office.receive()
    with pytest.raises(OutcomeUnknown):
        office.carry(scan_id)

    office.carry(scan_id)

    assert office.record(scan_id).state is RecordState.INDEXED
    assert len(store.sent) == 1
    assert _stored_pdfs(tmp_path) == 1


def test_refused_record_is_filed_as_held_with_the_stores_reason(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.refuses = lambda submission: not submission.description.is_held

    scan_id = office.take("a.pdf")

    record = office.record(scan_id)
    assert record.state is RecordState.HELD
    assert record.reference_code is None
    assert [reason.code for reason in record.description.reasons] == [ReasonCode.STORE_REFUSED]
    assert record.description.reasons[0].facts["reason"] == "The type is not known."
    assert office.scan(scan_id).state is ScanState.CLOSED


def test_record_refused_even_as_held_waits_and_others_go_on(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.refuses = lambda submission: submission.description.original_name == "bad.pdf"

    bad = office.take("bad.pdf", "kind=repair 0.9\nnumber=0399999999")
    good = office.take("good.pdf")

    assert office.scan(bad).state is ScanState.READ
    assert office.scan(good).state is ScanState.CLOSED
    assert office.names("done") == [f"{good}-good.pdf"]
    store.refuses = lambda submission: False
    office.carry(bad)
    assert office.scan(bad).state is ScanState.CLOSED
    assert office.is_balanced()


def test_server_that_refuses_equal_bytes_gets_them_with_the_records_id(tmp_path: Path) -> None:
    """The journal was lost, the store was not: it refuses bytes it has."""
    office, store = moody_office(tmp_path / "one")
    office.take("a.pdf")
    other, refusing = moody_office(tmp_path / "two")
    refusing.real = store.real
    refusing.refuses = lambda submission: bool(store.real.find(submission.digests))
    other.inbox.prefix = "t"

    scan_id = other.take("a.pdf")

    assert other.record(scan_id).state is RecordState.HELD
    assert len(store.real.find(_digests_of(other, scan_id))) == 1


def _digests_of(office: Office, scan_id: object) -> Digests:
    (record,) = (r for r in office.parts.journal.records() if r.description.scan_id == scan_id)
    assert record.digests is not None
    return record.digests


def test_store_that_changes_the_bytes_gets_nothing_more(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.keeps_bytes = False
    office.put("a.pdf")
    (scan_id,) = office.receive()

    with pytest.raises(StoreForbidden, match="as it was sent"):
        office.carry(scan_id)

    assert office.record(scan_id).state is RecordState.SUBMITTED
    assert office.names("done") == []


def test_original_stays_until_every_record_stands(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.before = [None, AWAY]
    office.put("a.pdf", "kind=repair 0.9\fSEP\fkind=receipt 0.9")
    (scan_id,) = office.receive()
    with pytest.raises(StoreUnreachable):
        office.carry(scan_id)
    assert office.names("done") == []

    office.carry(scan_id)

    assert len(office.names("done")) == 1
    assert len(store.sent) == 2


def test_lost_pdf_of_a_record_is_made_again(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.before = [AWAY]
    office.put("a.pdf")
    (scan_id,) = office.receive()
    with pytest.raises(StoreUnreachable):
        office.carry(scan_id)
    for path in (tmp_path / "inbox" / ".guidang").rglob("*-1.pdf"):
        path.unlink()

    office.carry(scan_id)

    assert office.record(scan_id).state is RecordState.INDEXED


def test_record_whose_fixed_bytes_were_lost_is_fixed_anew(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.before = [AWAY]
    office.put("a.pdf")
    (scan_id,) = office.receive()
    with pytest.raises(StoreUnreachable):
        office.carry(scan_id)
    for path in (tmp_path / "inbox" / ".guidang").rglob("*-1.pdf"):
        path.write_bytes(b"%PDF other bytes")

    office.carry(scan_id)

    record = office.record(scan_id)
    assert record.state is RecordState.INDEXED
    assert record.store_id is not None
    assert record.digests is not None
    stored = store.real.read_back(record.store_id, record.digests)
    assert stored is not None
    assert (stored.presence, stored.digests_agree) == (Presence.LIVE, True)


def test_store_that_is_away_is_left_alone_longer_each_time() -> None:
    assert [wait_seconds(failures) for failures in (1, 2, 3, 20)] == [5.0, 10.0, 20.0, 300.0]


def test_gate_opens_again_after_its_time() -> None:
    clock = FakeClock()
    gate = StoreGate(clock, jitter=lambda: 0.0)

    assert gate.away()
    assert not gate.is_open()
    clock.sleep(6)
    assert gate.is_open()
    assert not gate.away()


def test_pause_is_drawn_out_by_a_share_that_differs_from_machine_to_machine() -> None:
    clock = FakeClock()
    gate = StoreGate(clock, jitter=lambda: 1.0)
    gate.away()

    clock.sleep(5.5)
    still_shut = not gate.is_open()
    clock.sleep(1)

    assert still_shut
    assert gate.is_open()


def test_store_that_asks_for_a_pause_gets_it_but_not_for_ever() -> None:
    clock = FakeClock()
    gate = StoreGate(clock, jitter=lambda: 0.0)

    gate.away(60.0)
    clock.sleep(59)
    still_shut = not gate.is_open()
    clock.sleep(2)
    opened = gate.is_open()
    gate.away(10**9)
    clock.sleep(301)

    assert still_shut
    assert opened
    assert gate.is_open()


def test_store_that_failed_is_tried_with_one_first() -> None:
    clock = FakeClock()
    gate = StoreGate(clock, jitter=lambda: 0.0)

    before = gate.is_on_trial()
    gate.away()
    during = gate.is_on_trial()
    clock.sleep(6)
    after = gate.is_on_trial()
    gate.answered()

    assert (before, during, after, gate.is_on_trial()) == (False, False, True, False)


def test_gate_that_was_forbidden_stays_shut_with_one_alarm() -> None:
    clock = FakeClock()
    gate = StoreGate(clock)

    assert gate.forbid(FORBIDDEN)
    assert not gate.forbid(FORBIDDEN)
    clock.sleep(100_000)
    assert not gate.is_open()
    assert gate.forbidden() is FORBIDDEN
