"""What a person changes: derived values follow, given ones stay, and a crash between journal and store is made good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.correcting import ChangeRefused, corrected
from connector.corrections import ChangeWaits, change, finish
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


def test_given_title_and_date_stay_and_the_others_follow(office: Office) -> None:
    scan_id = office.take("a.pdf")
    _change(office, scan_id, Change(derived={"record_date": date(2020, 2, 3)}))
    dated = office.record(scan_id).description.title

    _change(office, scan_id, Change(derived={"title": "王家的维修单"}))
    after = _change(office, scan_id, Change(kind="complaint"))

    assert "2020-02-03" in dated
    assert (after.description.title, after.description.record_date) == ("王家的维修单", date(2020, 2, 3))
    assert {"title", "record_date", "kind"} <= after.touched


def test_tags_that_a_person_put_on_and_took_away_are_kept_so(office: Office) -> None:
    scan_id = office.take("a.pdf")
    _change(office, scan_id, Change(tags_added=("重要", "请王工看")))

    after = _change(office, scan_id, Change(tags_removed=("请王工看",)))

    assert after.description.tags == ("重要",)
    assert office.parts.index.search("重要") == (after.description.record_id,)


def test_filed_record_to_be_looked_at_again_waits_without_its_code_and_gets_it_back(office: Office) -> None:
    scan_id = office.take("a.pdf")
    code = office.record(scan_id).reference_code

    held = _change(office, scan_id, Change(review=True))
    after = _change(office, scan_id, Change(confirm=True))

    assert (held.state, held.reference_code) == (RecordState.HELD, None)
    assert [reason.code for reason in held.description.reasons] == [ReasonCode.REVIEW_ASKED]
    assert (after.state, after.reference_code) == (RecordState.INDEXED, code)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Change(customer_numbers=(), holds=True), ReasonCode.NO_CUSTOMER),
        (Change(kind="", holds=True), ReasonCode.KIND_UNSURE),
    ],
)
def test_filed_record_whose_customer_or_kind_is_taken_away_waits_again(
    office: Office, wanted: Change, reason: ReasonCode
) -> None:
    scan_id = office.take("a.pdf")

    after = _change(office, scan_id, wanted)

    assert after.state is RecordState.HELD
    assert [reason.code for reason in after.description.reasons] == [reason]


def test_confirmation_of_a_record_without_customer_says_in_the_reasons_why_it_waits(office: Office) -> None:
    scan_id = office.take("a.pdf", HELD)

    after = _change(office, scan_id, Change(confirm=True, holds=True))
    filed = _change(office, scan_id, Change(customer_numbers=(KNOWN,)))

    assert after.state is RecordState.HELD
    assert [reason.code for reason in after.description.reasons] == [
        ReasonCode.NO_CUSTOMER,
        ReasonCode.CONFIRMED_TOO_EARLY,
    ]
    assert (filed.state, filed.description.reasons) == (RecordState.INDEXED, ())


def test_remark_of_a_person_does_not_wipe_away_why_a_confirmation_failed(office: Office) -> None:
    scan_id = office.take("a.pdf", HELD)
    _change(office, scan_id, Change(confirm=True, holds=True))

    after = _change(office, scan_id, Change(noted={"review_note": (None, "请核对表号")}, holds=True))
    retyped = _change(office, scan_id, Change(kind="complaint", holds=True))

    assert ReasonCode.CONFIRMED_TOO_EARLY in [reason.code for reason in after.description.reasons]
    assert [reason.code for reason in retyped.description.reasons] == [ReasonCode.NO_CUSTOMER]


def test_rejected_record_that_is_taken_back_waits_again(office: Office) -> None:
    scan_id = office.take("a.pdf", HELD)
    _change(office, scan_id, Change(reject=True))
    corrected_meanwhile = _change(office, scan_id, Change(fields={"fault": "阀门损坏"}))

    after = _change(office, scan_id, Change(take_back=True))

    assert corrected_meanwhile.state is RecordState.REJECTED
    assert (after.state, after.description.tags) == (RecordState.HELD, ())


CHANGES = st.builds(
    Change,
    kind=st.sampled_from([None, "", "repair", "archive_view"]),
    customer_numbers=st.sampled_from([None, (), (KNOWN,)]),
    fields=st.sampled_from([{}, {"fault": "漏水"}, {"fault": None}]),
    derived=st.sampled_from([{}, {"title": "x"}]),
    confirm=st.booleans(),
    reject=st.booleans(),
    review=st.booleans(),
    take_back=st.booleans(),
    holds=st.booleans(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.lists(CHANGES, max_size=5))
def test_record_is_never_filed_without_kind_or_customer_whatever_is_changed(
    held_and_filed: tuple[Office, list[RecordEntry]], changes: list[Change]
) -> None:
    office, entries = held_and_filed
    for first in entries:
        entry = first
        for wanted in changes:
            try:
                description, state = corrected(office.parts, entry, wanted)
            except ChangeRefused:
                continue
            entry = replace(entry, description=description, state=state, touched=entry.touched | wanted.touched)

            if state is not RecordState.REJECTED:
                assert description.is_held == (state is RecordState.HELD)
            if state is RecordState.INDEXED:
                kind = office.parts.scheme.kind(description.kind)
                assert kind is not None
                assert description.identification.numbers or not kind.needs_customer


@pytest.fixture
def held_and_filed(office: Office) -> tuple[Office, list[RecordEntry]]:
    """Return an office with a held and a filed record."""
    return office, [office.record(office.take("a.pdf", HELD)), office.record(office.take("b.pdf"))]
