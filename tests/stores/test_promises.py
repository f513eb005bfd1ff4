"""What both stores promise, whichever it is (`IRecordStore`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from zope.interface.verify import verifyObject

from connector.interfaces import IRecordStore, Presence, Severity
from metadata.values import Digests, Reason, ReasonCode, StoreId
from tests.stores.conftest import IS_LIVE, Bench
from tests.stores.submissions import customer

UNHEARD_OF = Digests("0" * 64, "0" * 32)


@pytest.mark.live
def test_promises_are_kept_by_a_real_server() -> None:
    """Says whether one was asked; the tests below then run against it, too."""
    if not IS_LIVE:
        pytest.skip("no real paperless: set GUIDANG_LIVE_URL and GUIDANG_LIVE_TOKEN to run the promises against one")


def test_store_keeps_the_interface(bench: Bench) -> None:
    assert verifyObject(IRecordStore, bench.store)


def test_check_finds_nothing_wrong_and_may_be_repeated(bench: Bench) -> None:
    severities = {finding.severity for _ in range(2) for finding in bench.store.check()}

    assert Severity.ERROR not in severities


def test_bytes_never_filed_are_not_found(bench: Bench) -> None:
    assert bench.store.find(UNHEARD_OF) == ()


def test_filed_record_is_read_back_with_its_digest_kind_and_code(bench: Bench) -> None:
    submission = bench.paper.submission()

    store_id = bench.store.file(submission)

    stored = bench.store.read_back(store_id, submission.digests)
    assert stored is not None
    assert stored.record_id == bench.paper.record_id
    assert stored.presence is Presence.LIVE
    assert stored.digests_agree
    assert stored.kind == "repair"
    assert not stored.is_held
    assert stored.reference_code == bench.paper.code


def test_filed_record_is_found_by_its_bytes(bench: Bench) -> None:
    submission = bench.paper.submission()
    store_id = bench.store.file(submission)

    (found,) = bench.store.find(submission.digests)

    assert found == bench.store.read_back(store_id, submission.digests)


def test_filing_twice_leaves_one_record(bench: Bench) -> None:
    submission = bench.paper.submission()

    first, second = bench.store.file(submission), bench.store.file(submission)

    assert first == second
    assert bench.count() == 1


def test_other_digests_do_not_agree(bench: Bench) -> None:
    store_id = bench.store.file(bench.paper.submission())

    stored = bench.store.read_back(store_id, UNHEARD_OF)

    assert stored is not None
    assert not stored.digests_agree


def test_held_record_is_marked_and_has_no_code(bench: Bench) -> None:
    submission = bench.paper.held().submission()

    store_id = bench.store.file(submission)

    stored = bench.store.read_back(store_id, submission.digests)
    assert stored is not None
    assert stored.is_held
    assert stored.reference_code is None


def test_record_of_no_kind_is_filed_as_held(bench: Bench) -> None:
    reasons = (Reason(ReasonCode.KIND_UNSURE),)
    submission = bench.paper.but(kind=None, category=None, facts=()).held(reasons).submission()

    store_id = bench.store.file(submission)

    stored = bench.store.read_back(store_id, submission.digests)
    assert stored is not None
    assert stored.kind is None
    assert stored.is_held


def test_confirmed_record_loses_the_mark_and_gets_its_code(bench: Bench) -> None:
    store_id = bench.store.file(bench.paper.held().submission())
    confirmed = bench.paper.submission()

    bench.store.amend(store_id, confirmed)

    stored = bench.store.read_back(store_id, confirmed.digests)
    assert stored is not None
    assert not stored.is_held
    assert stored.digests_agree
    assert stored.reference_code == bench.paper.code
    assert bench.count() == 1


def test_corrected_kind_and_customer_take_the_old_ones_place(bench: Bench) -> None:
    store_id = bench.store.file(bench.paper.submission())
    corrected = bench.paper.but(
        kind="complaint",
        title=bench.paper.title + " 投诉处理单",
        customer=customer("10029999", "李华", building="3号楼"),
        numbers=("10029999",),
        facts=(("complaint_date", date(2024, 11, 14)),),
    ).submission()

    bench.store.amend(store_id, corrected)

    stored = bench.store.read_back(store_id, corrected.digests)
    assert stored is not None
    assert stored.kind == "complaint"
    assert bench.store.find(corrected.digests) == (stored,)
    assert bench.count() == 1


def test_amending_twice_changes_nothing_more(bench: Bench) -> None:
    store_id = bench.store.file(bench.paper.held().submission())
    confirmed = bench.paper.submission()

    bench.store.amend(store_id, confirmed)
    once = bench.store.read_back(store_id, confirmed.digests)
    bench.store.amend(store_id, confirmed)

    assert bench.store.read_back(store_id, confirmed.digests) == once


def test_rejected_record_is_kept_without_the_held_mark(bench: Bench) -> None:
    held = bench.paper.held()
    store_id = bench.store.file(held.submission())
    rejected = held.but(tags=("rejected",)).submission()

    bench.store.amend(store_id, rejected)

    stored = bench.store.read_back(store_id, rejected.digests)
    assert stored is not None
    assert not stored.is_held
    assert stored.reference_code is None
    assert bench.count() == 1


def test_completing_a_whole_record_changes_nothing(bench: Bench) -> None:
    submission = bench.paper.submission()
    store_id = bench.store.file(submission)
    before = bench.store.read_back(store_id, submission.digests)

    bench.store.complete(store_id, submission)

    assert bench.store.read_back(store_id, submission.digests) == before


def test_completing_never_changes_what_stands_there(bench: Bench) -> None:
    submission = bench.paper.submission()
    store_id = bench.store.file(submission)

    bench.store.complete(store_id, replace(submission, reference_code="SV-2024-WX·09999"))

    stored = bench.store.read_back(store_id, submission.digests)
    assert stored is not None
    assert stored.reference_code == bench.paper.code


def test_record_that_a_person_deleted_is_not_live(bench: Bench) -> None:
    submission = bench.paper.submission()
    store_id = bench.store.file(submission)

    bench.delete(store_id)

    stored = bench.store.read_back(store_id, submission.digests)
    assert stored is None or stored.presence is Presence.TRASHED
    assert all(found.presence is Presence.TRASHED for found in bench.store.find(submission.digests))
    assert bench.count() == 0


def test_unknown_id_is_read_back_as_nothing(bench: Bench) -> None:
    assert bench.store.read_back(StoreId("no-such-record"), UNHEARD_OF) is None


def test_two_records_stand_beside_each_other(bench: Bench) -> None:
    other = bench.paper.but(record_id=bench.paper.record_id + "-2", content=bench.paper.content + b"\n% two")
    ids = {bench.store.file(bench.paper.submission()), bench.store.file(other.submission())}

    assert len(ids) == 2
    assert bench.count() == 2


def test_two_numbers_of_a_transfer_are_one_record(bench: Bench) -> None:
    submission = bench.paper.but(
        kind="change_transfer", category="basic", numbers=("10023456", "10027777"), customer=customer("10027777")
    ).submission()

    store_id = bench.store.file(submission)

    stored = bench.store.read_back(store_id, submission.digests)
    assert stored is not None
    assert stored.kind == "change_transfer"
    assert bench.count() == 1
