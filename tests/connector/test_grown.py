"""A scan that went on growing after it was read: what was filed of its first part is held and names the whole; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connector.corrections import change
from connector.events import ScanClosed
from connector.grown import hold_first_part
from connector.lease import TurnNotOurs
from ingest.values import ScanId
from metadata.journal import Journal
from metadata.values import Change, ReasonCode, RecordEntry, RecordState, ScanState
from tests.connector.fakes import KNOWN
from tests.connector.office import REPAIR, Office, open_office
from tests.connector.synced_office import synced_office
from tests.paperless_stand_in import StandIn

REST = "\f另一页"
GREW = ReasonCode.SCAN_GREW


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office with a folder archive."""
    return open_office(tmp_path)


def take_first_part(office: Office, text: str = REPAIR, rest: str = REST) -> ScanId:
    """Carry a scan whose scanner goes on writing when its first pages are filed; it stands in the inbox again then."""
    office.put("a.pdf", text)
    (scan_id,) = office.receive()
    original = next(office.inbox.folder.rglob("a.pdf"))

    def write_on(closed: ScanClosed) -> None:
        if closed.scan_id == scan_id:
            with original.open("a", encoding="utf-8") as scanner:
                scanner.write(rest)

    office.parts.events.subscribe(ScanClosed, write_on)
    office.carry(scan_id)
    return scan_id


def take_whole(office: Office) -> ScanId:
    """Carry what stands in the inbox."""
    (scan_id,) = office.receive()
    office.carry(scan_id)
    return scan_id


def reasons(record: RecordEntry) -> list[ReasonCode]:
    return [reason.code for reason in record.description.reasons]


def named(record: RecordEntry) -> str | None:
    return next(reason.facts.get("record") for reason in record.description.reasons if reason.code is GREW)


def test_first_part_is_held_and_names_the_record_of_the_whole(office: Office) -> None:
    part_id = take_first_part(office)
    before = office.record(part_id)

    whole_id = take_whole(office)

    part, whole = office.record(part_id), office.record(whole_id)
    assert (before.state, reasons(before), named(before)) == (RecordState.HELD, [GREW], None)
    assert (part.state, reasons(part)) == (RecordState.HELD, [GREW])
    assert named(part) == (whole.reference_code or whole.description.record_id)
    assert GREW not in reasons(whole)
    assert (office.scan(whole_id).page_count, office.scan(whole_id).state) == (2, ScanState.CLOSED)
    assert office.is_balanced()


def test_every_record_of_the_first_part_names_all_of_the_whole(office: Office) -> None:
    part_id = take_first_part(office, f"{REPAIR}\fSEP\n\f{REPAIR}二", f"\fSEP\n\f{REPAIR}三")

    whole_id = take_whole(office)

    codes = ", ".join(str(one.reference_code or one.description.record_id) for one in office.records(whole_id))
    assert len(office.records(whole_id)) == 3
    assert [named(one) for one in office.records(part_id)] == [codes, codes]


def test_scan_of_another_name_is_not_taken_for_the_whole(office: Office) -> None:
    part_id = take_first_part(office)
    (office.inbox.folder / "a.pdf").rename(office.folder / "kept.pdf")
    office.take("b.pdf", f"{REPAIR}二")
    (office.folder / "kept.pdf").rename(office.inbox.folder / "a (2).pdf")
    before = named(office.record(part_id))

    whole_id = take_whole(office)

    assert before is None
    assert named(office.record(part_id)) == (
        office.record(whole_id).reference_code or office.record(whole_id).description.record_id
    )


def test_what_was_held_for_something_else_keeps_its_reasons(office: Office) -> None:
    part_id = take_first_part(office, "kind=repair 0.95\n报修单")

    take_whole(office)

    assert reasons(office.record(part_id)) == [ReasonCode.NO_CUSTOMER, GREW]


def test_person_who_decided_before_the_whole_was_filed_is_not_asked_again(office: Office) -> None:
    part_id = take_first_part(office)
    change(office.parts, office.record(part_id), Change(confirm=True, by="Li"))

    take_whole(office)

    assert office.record(part_id).state is RecordState.INDEXED
    assert reasons(office.record(part_id)) == []


def test_first_part_may_be_rejected_and_stays_so(office: Office) -> None:
    part_id = take_first_part(office)
    change(office.parts, office.record(part_id), Change(reject=True, by="Li"))

    take_whole(office)

    assert office.record(part_id).state is RecordState.REJECTED


def test_held_once_however_often_it_is_asked_for(office: Office) -> None:
    part_id = take_first_part(office)
    journal = office.parts.journal
    assert isinstance(journal, Journal)
    record_id = office.record(part_id).description.record_id
    moves = journal.moves(record_id)

    hold_first_part(office.parts, office.scan(part_id))

    assert journal.moves(record_id) == moves
    assert (moves[-1].why, moves[-1].moved_by) == ("scan_grew", "guidang")
    assert office.record(part_id).touched == frozenset()


def test_original_waits_while_another_guidang_changes_records_and_is_held_then(office: Office) -> None:
    @contextmanager
    def theirs() -> Iterator[bool]:
        yield False

    busy = office.with_parts(turn=theirs)
    with pytest.raises(TurnNotOurs):
        take_first_part(busy)
    (waiting,) = office.parts.journal.not_put_away()
    before = office.record(waiting.scan_id)

    office.carry(waiting.scan_id)

    assert before.state is RecordState.INDEXED
    assert reasons(office.record(waiting.scan_id)) == [GREW]
    assert (office.inbox.folder / "a.pdf").is_file()


def test_killed_between_holding_and_giving_back_it_ends_the_same(office: Office) -> None:
    """Held first: of a scan that has gone back already nothing tells any more that it grew."""
    office.inbox.dies_before_moving = True
    with pytest.raises(OSError, match="power"):
        take_first_part(office)
    (waiting,) = office.parts.journal.not_put_away()
    held = office.record(waiting.scan_id)
    office.inbox.dies_before_moving = False

    office.carry(waiting.scan_id)
    take_whole(office)

    assert reasons(held) == [GREW]
    assert named(office.record(waiting.scan_id)) is not None
    assert len(list(office.parts.journal.records())) == 2


@pytest.mark.parametrize("version", ["3.0.5", "2.20.15"])
def test_archivist_sees_in_paperless_that_the_first_part_waits_and_for_what(tmp_path: Path, version: str) -> None:
    with StandIn(version) as stand_in, synced_office(tmp_path, stand_in) as office:
        part_id = take_first_part(office.office)

        whole_id = take_whole(office.office)

        part, whole = office.office.record(part_id), office.office.record(whole_id)
        assert {"待核验", "核验·扫描未完"} <= office.tags(part)
        assert str(whole.reference_code or whole.description.record_id) in office.fields(part)["核验说明"]
        assert "核验·扫描未完" not in office.tags(whole)
        assert len(stand_in.state.live) == 2
        assert office.happened() == []
        office.edit(part, no_tags=["待核验", "核验·扫描未完"])
        office.happened()
        assert office.record(part).state is RecordState.INDEXED
        assert KNOWN in office.record(part).description.identification.numbers
