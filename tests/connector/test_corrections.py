"""What a person changes: derived values follow, given ones stay, and a crash between journal and store is made good."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from connector.corrections import ChangeRefused, ChangeWaits, change, finish
from ingest.values import ScanId
from metadata.values import Change, DecidedBy, ReasonCode, RecordEntry, RecordState
from tests.connector.fakes import KNOWN
from tests.connector.office import Office, open_office
from tests.connector.test_filing import AWAY, moody_office

HELD = "kind=repair 0.95\nfact.fault=漏水"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with an empty inbox."""
    return open_office(tmp_path)


def _change(office: Office, scan_id: ScanId, wanted: Change) -> RecordEntry:
    return change(office.parts, office.record(scan_id), wanted)


def test_customer_given_by_a_person_files_the_held_record(office: Office) -> None:
    scan_id = office.take("a.pdf", HELD)

    after = _change(office, scan_id, Change(customer_numbers=("031-234-5617",), by="Li"))

    assert after.state is RecordState.INDEXED
    assert after.description.identification.numbers == (KNOWN,)
    assert after.description.identification.found_by == "given"
    assert after.description.reasons == ()
    assert after.reference_code == "service-2026-00001"
    assert after.decided_by is DecidedBy.PERSON
    assert KNOWN in after.description.title


def test_store_and_index_follow_the_correction(office: Office, tmp_path: Path) -> None:
    scan_id = office.take("a.pdf", HELD)

    after = _change(office, scan_id, Change(customer_numbers=(KNOWN,)))

    assert after.store_id is not None
    assert after.digests is not None
    stored = office.parts.store.read_back(after.store_id, after.digests)
    assert stored is not None
    assert (stored.is_held, stored.reference_code) == (False, after.reference_code)
    assert office.parts.index.search(KNOWN) == (after.description.record_id,)
    assert office.parts.index.search("漏水") == (after.description.record_id,)


def test_kind_given_by_a_person_brings_its_category_and_keeps_what_fits(office: Office) -> None:
    scan_id = office.take("a.pdf", f"kind=repair 0.3\nnumber={KNOWN}\nfact.fault=漏水\nfact.meter_no=M1")

    after = _change(office, scan_id, Change(kind="acceptance"))

    assert after.state is RecordState.INDEXED
    assert (after.description.category, after.description.kind_confidence) == ("facility", 1.0)
    assert [fact.name for fact in after.description.facts] == ["meter_no"]


def test_kind_alone_does_not_file_a_record_without_its_customer(office: Office) -> None:
    scan_id = office.take("a.pdf", "kind=repair 0.3")

    after = _change(office, scan_id, Change(kind="repair"))

    assert after.state is RecordState.HELD
    assert [reason.code for reason in after.description.reasons] == [ReasonCode.NO_CUSTOMER]
    assert after.reference_code is None


def test_number_whose_check_fails_is_kept_and_flagged(office: Office) -> None:
    scan_id = office.take("a.pdf", HELD)

    after = _change(office, scan_id, Change(customer_numbers=("9912345678",)))

    assert after.state is RecordState.INDEXED
    assert after.description.identification.numbers == ("9912345678",)
    assert [note.code for note in after.description.identification.notes] == [ReasonCode.GIVEN_NUMBER_UNCHECKED]


def test_confirmation_answers_every_reason(office: Office) -> None:
    scan_id = office.take("a.pdf", f"kind=repair 0.3\nnumber={KNOWN}")

    after = _change(office, scan_id, Change(confirm=True))

    assert after.state is RecordState.INDEXED
    assert after.description.reasons == ()


def test_record_without_its_customer_cannot_be_confirmed(office: Office) -> None:
    scan_id = office.take("a.pdf", HELD)

    with pytest.raises(ChangeRefused, match="--customer"):
        _change(office, scan_id, Change(confirm=True))

    assert office.record(scan_id).state is RecordState.HELD


def test_record_without_its_kind_cannot_be_confirmed(office: Office) -> None:
    scan_id = office.take("a.pdf", f"number={KNOWN}")

    with pytest.raises(ChangeRefused, match="--kind"):
        _change(office, scan_id, Change(confirm=True))


def test_rejected_record_keeps_its_reasons_and_gets_no_code(office: Office, tmp_path: Path) -> None:
    scan_id = office.take("a.pdf", HELD)

    after = _change(office, scan_id, Change(reject=True))

    assert after.state is RecordState.REJECTED
    assert after.reference_code is None
    assert after.description.reasons != ()
    assert after.store_id is not None
    (pdf,) = (tmp_path / "archive").rglob("*.pdf")
    assert pdf.parent.name == "rejected"


def test_rejected_record_waits_for_nobody_in_the_store(office: Office) -> None:
    scan_id = office.take("a.pdf", HELD)

    after = _change(office, scan_id, Change(reject=True))

    assert after.store_id is not None
    assert after.digests is not None
    stored = office.parts.store.read_back(after.store_id, after.digests)
    assert stored is not None
    assert (stored.is_held, stored.reference_code) == (False, None)
    assert [path.parent.name for path in (office.folder / "archive").rglob("*.pdf")] == ["rejected"]


def test_filed_record_cannot_be_rejected(office: Office) -> None:
    scan_id = office.take("a.pdf")

    with pytest.raises(ChangeRefused, match="only a held record"):
        _change(office, scan_id, Change(reject=True))


def test_reference_code_never_changes(office: Office) -> None:
    scan_id = office.take("a.pdf")
    before = office.record(scan_id).reference_code

    after = _change(office, scan_id, Change(kind="receipt"))

    assert after.description.category == "payment"
    assert after.reference_code == before


def test_field_given_by_a_person_survives_a_change_of_kind(office: Office) -> None:
    scan_id = office.take("a.pdf")
    _change(office, scan_id, Change(fields={"fault": "阀门损坏", "report_date": date(2026, 1, 6)}))

    after = _change(office, scan_id, Change(kind="receipt"))

    assert {fact.name: fact.value for fact in after.description.facts} == {
        "fault": "阀门损坏",
        "report_date": date(2026, 1, 6),
    }


def test_field_can_be_taken_away(office: Office) -> None:
    scan_id = office.take("a.pdf")

    after = _change(office, scan_id, Change(fields={"fault": None}))

    assert "fault" not in [fact.name for fact in after.description.facts]


@pytest.mark.parametrize(
    ("wanted", "says"), [(Change(kind="repiar"), "repair"), (Change(fields={"faultz": "x"}), "fault")]
)
def test_unknown_kind_or_field_suggests_the_near_one(office: Office, wanted: Change, says: str) -> None:
    scan_id = office.take("a.pdf")

    with pytest.raises(ChangeRefused, match=says):
        _change(office, scan_id, wanted)


def test_change_made_while_the_store_is_away_is_carried_out_later(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    scan_id = office.take("a.pdf", HELD)
    store.amend_fails = [AWAY]

    with pytest.raises(ChangeWaits):
        _change(office, scan_id, Change(customer_numbers=(KNOWN,)))

    (waiting,) = office.parts.journal.unamended()
    after = finish(office.parts, waiting.description.record_id)
    assert after.state is RecordState.INDEXED
    assert list(office.parts.journal.unamended()) == []
    assert office.parts.index.search(KNOWN) == (after.description.record_id,)


def test_record_still_on_its_way_cannot_be_changed(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.before = [AWAY]
    office.put("a.pdf")
    (scan_id,) = office.receive()
    with pytest.raises(type(AWAY)):
        office.carry(scan_id)

    with pytest.raises(ChangeRefused, match="on its way"):
        _change(office, scan_id, Change(confirm=True))
