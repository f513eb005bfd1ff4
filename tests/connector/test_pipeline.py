"""The journey of a scan: into the archive, held, rejected, a duplicate, or beside a note; never lost, never twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.events import Event
from connector.pipeline import BLANK
from ingest.interfaces import Fault
from metadata.values import Given, ReasonCode, RecordState, ScanState
from tests.connector.fakes import KNOWN
from tests.connector.office import REPAIR, Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with an empty inbox."""
    return open_office(tmp_path)


def _reasons(office: Office, scan_id: object) -> list[ReasonCode]:
    (record,) = (r for r in office.parts.journal.records() if r.description.scan_id == scan_id)
    return [reason.code for reason in record.description.reasons]


def test_clear_scan_is_filed_and_put_into_done(office: Office) -> None:
    scan_id = office.take("a.pdf")

    record = office.record(scan_id)
    assert record.state is RecordState.INDEXED
    assert record.description.identification.numbers == (KNOWN,)
    assert record.reference_code == "service-2026-00001"
    assert office.scan(scan_id).state is ScanState.CLOSED
    assert len(office.names("done")) == 1
    assert office.names(".guidang") in ([], [scan_id])


def test_filed_scan_is_found_by_its_words(office: Office) -> None:
    scan_id = office.take("a.pdf")

    assert office.parts.index.search("漏水") == (office.record(scan_id).description.record_id,)
    assert office.parts.index.search("2345617") == (office.record(scan_id).description.record_id,)


def test_kind_below_its_threshold_is_held_with_the_guess(office: Office) -> None:
    scan_id = office.take("a.pdf", REPAIR.replace("0.95", "0.4"))

    record = office.record(scan_id)
    assert record.state is RecordState.HELD
    assert record.description.kind == "repair"
    assert record.reference_code is None
    assert _reasons(office, scan_id) == [ReasonCode.KIND_UNSURE]
    assert office.scan(scan_id).state is ScanState.CLOSED


def test_kind_that_needs_a_customer_and_has_none_is_held(office: Office) -> None:
    scan_id = office.take("a.pdf", "kind=repair 0.95")

    assert _reasons(office, scan_id) == [ReasonCode.NO_CUSTOMER]


def test_surely_no_archive_document_is_rejected_with_a_note(office: Office) -> None:
    scan_id = office.take("flyer.pdf", "none=0.97")

    assert office.scan(scan_id).state is ScanState.REJECTED
    assert office.records(scan_id) == []
    assert len(office.names("rejected")) == 2
    assert any(name.endswith(".note.txt") for name in office.names("rejected"))


def test_unsurely_no_archive_document_is_held(office: Office) -> None:
    scan_id = office.take("flyer.pdf", "none=0.7")

    assert _reasons(office, scan_id)[0] is ReasonCode.NO_ARCHIVE_DOCUMENT


def test_rejected_scan_that_a_person_puts_back_is_held(office: Office) -> None:
    office.take("flyer.pdf", "none=0.97")

    scan_id = office.take("flyer again.pdf", "none=0.97")

    assert office.scan(scan_id).state is ScanState.CLOSED
    assert ReasonCode.NO_ARCHIVE_DOCUMENT in _reasons(office, scan_id)


def test_part_of_a_batch_that_is_no_archive_document_is_held(office: Office) -> None:
    scan_id = office.take("batch.pdf", f"{REPAIR}\fSEP\fnone=0.99")

    first, second = office.records(scan_id)
    assert (first.state, second.state) == (RecordState.INDEXED, RecordState.HELD)
    assert second.description.reasons[0].code is ReasonCode.NO_ARCHIVE_DOCUMENT
    assert (first.description.pages, second.description.pages) == ((1, 1), (3, 3))


def test_blank_scan_is_rejected_as_blank_and_held_when_put_back(office: Office) -> None:
    first = office.take("blank.pdf", "\f")
    second = office.take("blank again.pdf", "\f")

    assert (office.scan(first).state, office.scan(first).reason_code) == (ScanState.REJECTED, BLANK)
    assert office.record(second).state is RecordState.HELD
    assert office.record(second).description.pages == (1, 2)


def test_unreadable_scan_goes_to_failed_with_a_note(office: Office) -> None:
    scan_id = office.take("a.pdf", "BAD")

    entry = office.scan(scan_id)
    assert (entry.state, entry.reason_code) == (ScanState.QUARANTINED, Fault.DAMAGED)
    assert len(office.names("failed")) == 2


def test_same_bytes_as_a_quarantined_scan_are_taken_anew(office: Office) -> None:
    office.take("a.pdf", "BAD")
    again = office.take("b.pdf", "BAD")

    assert office.scan(again).state is ScanState.QUARANTINED


def test_scan_with_too_many_pages_says_the_limit(office: Office) -> None:
    scan_id = office.take("a.pdf", "\f" * 60)

    entry = office.scan(scan_id)
    assert (entry.reason_code, entry.reason_facts["limit"]) == (Fault.TOO_MANY_PAGES, "50")


def test_same_bytes_again_are_a_duplicate_of_the_record(office: Office) -> None:
    first = office.take("a.pdf")
    again = office.take("b.pdf")

    assert office.scan(again).state is ScanState.DUPLICATE
    assert office.scan(again).duplicate_of == (office.record(first).description.record_id,)
    assert len(office.names("done")) == 2


def test_same_bytes_as_a_deleted_record_are_filed_anew_and_held(office: Office, tmp_path: Path) -> None:
    first = office.take("a.pdf")
    for path in (tmp_path / "archive").rglob("*.pdf"):
        path.unlink()

    again = office.take("b.pdf")

    assert ReasonCode.DELETED_BEFORE in _reasons(office, again)
    assert office.record(again).digests != office.record(first).digests


def test_third_scan_of_the_same_bytes_is_a_duplicate_of_the_second(office: Office, tmp_path: Path) -> None:
    office.take("a.pdf")
    for path in (tmp_path / "archive").rglob("*.pdf"):
        path.unlink()
    second = office.take("b.pdf")

    third = office.take("c.pdf")

    assert office.scan(third).duplicate_of == (office.record(second).description.record_id,)


def test_later_scan_of_the_same_bytes_waits_for_the_earlier(office: Office) -> None:
    office.put("a.pdf")
    office.put("b.pdf")
    first, second = office.receive()

    assert office.carry(second) is ScanState.RECEIVED
    assert office.carry(first) is ScanState.CLOSED
    assert office.carry(second) is ScanState.DUPLICATE


def test_same_paper_scanned_again_is_filed_and_linked(office: Office) -> None:
    first = office.take("a.pdf", REPAIR + "\n内容 更换阀门 已修复")
    again = office.take("b.pdf", REPAIR + "\n内容 更换阀门 己修复")

    record = office.record(again)
    assert record.state is RecordState.INDEXED
    assert record.description.second_scan_of == office.record(first).description.record_id
    assert [note.code for note in record.description.identification.notes] == [ReasonCode.SECOND_SCAN]


def test_same_paper_is_linked_while_both_are_still_on_their_way(office: Office) -> None:
    """Two threads carry twins at once: neither stands in the store when the other is looked at."""
    office.put("a.pdf", REPAIR + "\n内容 更换阀门 已修复")
    office.put("b.pdf", REPAIR + "\n内容 更换阀门 己修复")
    first, second = office.receive()
    office.gate.away()
    office.carry(first)
    office.carry(second)
    assert office.record(first).state is RecordState.DESCRIBED

    assert office.record(second).description.second_scan_of == office.record(first).description.record_id


def test_other_paper_of_the_same_day_is_not_linked(office: Office) -> None:
    office.take("a.pdf", REPAIR + "\n" + "暖气不热，三楼住户来电，要求上门查看" * 5)
    again = office.take("b.pdf", REPAIR + "\n" + "Invoice for valve replaced, paid in cash" * 5)

    assert office.record(again).description.second_scan_of is None


def test_separator_sheet_gives_the_kind(office: Office) -> None:
    scan_id = office.take("a.pdf", f"SEP kind=contract\f{REPAIR}")

    assert office.record(scan_id).description.kind == "contract"


def test_separator_sheet_with_an_unknown_kind_holds(office: Office) -> None:
    scan_id = office.take("a.pdf", f"SEP kind=kontrakt\f{REPAIR}")

    assert office.record(scan_id).description.kind == "repair"
    assert _reasons(office, scan_id) == [ReasonCode.BATCH_UNSURE]


def test_inbox_gives_kind_language_department_and_tags(tmp_path: Path) -> None:
    office = open_office(tmp_path, Given(kind="receipt", language="en", department="财务部", tags=("柜台",)))

    scan_id = office.take("a.pdf")

    said = office.record(scan_id).description
    assert (said.kind, said.language, said.department, said.tags) == ("receipt", "en", "财务部", ("柜台",))
    assert said.kind_confidence == 1.0


def test_pages_read_before_a_crash_are_not_read_again(office: Office) -> None:
    office.put("a.pdf", f"{REPAIR}\f二\f三")
    (scan_id,) = office.receive()
    office.reader.stops_after = 2
    with pytest.raises(OSError, match="power"):
        office.carry(scan_id)
    office.reader.stops_after = None

    office.carry(scan_id)

    assert [number for _, number in office.reader.pages_read] == [1, 2, 3]
    assert office.scan(scan_id).state is ScanState.CLOSED


def test_journey_is_told_as_events(office: Office) -> None:
    told: list[Event] = []
    office.parts.events.subscribe(Event, told.append)

    office.take("batch.pdf", f"{REPAIR}\fSEP\fkind=repair 0.9")
    office.take("bad.pdf", "BAD")
    office.take("flyer.pdf", "none=0.99")

    names = [type(event).__name__ for event in told]
    assert names == ["ScanRead", "RecordFiled", "RecordHeld", "ScanClosed", "ScanQuarantined", "ScanRejected"]


def test_sum_balances_over_all_ways_out(office: Office) -> None:
    for number, text in enumerate([REPAIR, REPAIR, "BAD", "none=0.99", "kind=repair 0.9", f"{REPAIR}\fSEP\fnone=0.99"]):
        office.take(f"{number}.pdf", text)

    assert office.is_balanced()
    sums = office.parts.journal.balance()
    assert sums["scans"]["CLOSED"] == 3
    assert sums["records"] | {"INDEXED": 2, "HELD": 2, "itself": 2, "waiting": 2} == sums["records"]
