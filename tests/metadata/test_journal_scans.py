"""The journal's scans: every one has a row, and goes only the allowed ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from zope.interface.verify import verifyObject

from ingest.values import ScanId
from metadata.interfaces import IJournal, MoveNotAllowed
from metadata.journal import Journal
from metadata.values import RecordId, ScanState, StoreId
from tests.metadata.samples import DIGESTS, description, scan

S1, S2, S3 = ScanId("s1"), ScanId("s2"), ScanId("s3")


def test_journal_keeps_its_promise(journal: Journal) -> None:
    assert verifyObject(IJournal, journal)


def test_received_scan_comes_back_as_it_was(journal: Journal) -> None:
    received = scan("s1", original_name="报修\n单\x00.pdf")

    journal.receive(received)

    entry = journal.scan(S1)
    assert entry is not None
    assert (entry.inbox, entry.sha256, entry.md5, entry.size_bytes) == ("service", received.sha256, received.md5, 1234)
    assert entry.received_at == received.received_at
    assert entry.original_name == "报修\n单\N{REPLACEMENT CHARACTER}.pdf"
    assert (entry.state, entry.work_path, entry.kept_path) == (ScanState.RECEIVED, received.path, None)


def test_path_that_is_not_utf8_comes_back_as_it_was(journal: Journal) -> None:
    path = Path("/srv/inbox") / "caf\udce9 100%.pdf"

    journal.receive(scan("s1", path=path))

    entry = journal.scan(S1)
    assert entry is not None
    assert entry.work_path == path


def test_receiving_twice_changes_nothing(journal: Journal) -> None:
    journal.receive(scan("s1"))
    journal.read(S1, 2, (description(),))

    journal.receive(scan("s1"))

    assert [entry.state for entry in journal.scans()] == [ScanState.READ]


def test_unknown_scan_is_none(journal: Journal) -> None:
    assert journal.scan(S1) is None


def test_scans_come_oldest_first_and_by_state(journal: Journal) -> None:
    for name in ("s3", "s1", "s2"):
        journal.receive(scan(name))
    journal.leave(S2, ScanState.QUARANTINED, "encrypted", {"name": "s2.pdf"}, None)

    assert [entry.scan_id for entry in journal.scans()] == [S1, S2, S3]
    assert [entry.scan_id for entry in journal.scans(frozenset({ScanState.RECEIVED}))] == [S1, S3]
    assert list(journal.scans(frozenset())) == []


def test_many_scans_are_listed_to_the_last(journal: Journal) -> None:
    for number in range(405):
        journal.receive(scan(f"s{number:04}", received_at=scan("s1").received_at))

    assert [entry.scan_id for entry in journal.scans()] == [f"s{number:04}" for number in range(405)]


def test_quarantined_scan_keeps_its_reason(journal: Journal) -> None:
    journal.receive(scan("s1"))

    journal.leave(S1, ScanState.QUARANTINED, "too_large", {"limit": "200 MB"}, 7)

    entry = journal.scan(S1)
    assert entry is not None
    assert (entry.state, entry.reason_code, entry.page_count) == (ScanState.QUARANTINED, "too_large", 7)
    assert entry.reason_facts == {"limit": "200 MB"}


@pytest.mark.parametrize("state", [ScanState.CLOSED, ScanState.READ, ScanState.DUPLICATE, ScanState.RECEIVED])
def test_scan_cannot_leave_for_another_state(journal: Journal, state: ScanState) -> None:
    journal.receive(scan("s1"))

    with pytest.raises(MoveNotAllowed):
        journal.leave(S1, state, "x", {}, None)

    entry = journal.scan(S1)
    assert entry is not None
    assert entry.state is ScanState.RECEIVED


def test_scan_at_an_end_stays_there(journal: Journal) -> None:
    journal.receive(scan("s1"))
    journal.leave(S1, ScanState.REJECTED, "no_archive_document", {}, 1)

    with pytest.raises(MoveNotAllowed, match="s1 from REJECTED to READ"):
        journal.read(S1, 1, (description(),))

    assert list(journal.records()) == []


def test_scan_that_was_never_received_cannot_move(journal: Journal) -> None:
    with pytest.raises(MoveNotAllowed):
        journal.read(S1, 1, ())


def test_scan_closes_only_when_all_its_records_stand_in_the_store(journal: Journal) -> None:
    journal.receive(scan("s1"))
    journal.read(S1, 3, (description("r1", pages=(1, 2)), description("r2", pages=(3, 3))))
    journal.submit(RecordId("r1"), DIGESTS)
    journal.filed(RecordId("r1"), "folder", StoreId("1"))

    with pytest.raises(MoveNotAllowed, match="record r2 is DESCRIBED"):
        journal.close(S1)
    journal.submit(RecordId("r2"), DIGESTS)
    journal.filed(RecordId("r2"), "folder", StoreId("2"))
    journal.close(S1)

    entry = journal.scan(S1)
    assert entry is not None
    assert (entry.state, entry.page_count) == (ScanState.CLOSED, 3)


def test_scan_at_an_end_is_listed_until_its_original_is_put_away(journal: Journal) -> None:
    journal.receive(scan("s1"))
    journal.receive(scan("s2"))
    journal.leave(S1, ScanState.QUARANTINED, "damaged", {}, None)

    assert [entry.scan_id for entry in journal.not_put_away()] == [S1]
    journal.put_away(S1, "/srv/inbox/failed/s1 (2).pdf")
    journal.put_away(S1, "/srv/inbox/failed/s1 (2).pdf")

    entry = journal.scan(S1)
    assert entry is not None
    assert entry.kept_path == Path("/srv/inbox/failed/s1 (2).pdf")
    assert list(journal.not_put_away()) == []


def test_scan_under_way_is_not_put_away(journal: Journal) -> None:
    journal.receive(scan("s1"))

    with pytest.raises(MoveNotAllowed):
        journal.put_away(S1, "/srv/inbox/done/s1.pdf")


def test_same_bytes_names_the_other_scans(journal: Journal) -> None:
    for name in ("s1", "s2", "s3"):
        journal.receive(scan(name, sha256="a" * 64 if name != "s2" else "b" * 64))

    assert [entry.scan_id for entry in journal.same_bytes("a" * 64, S3)] == [S1]
    assert journal.same_bytes("c" * 64, S3) == ()


def test_duplicate_names_its_records(journal: Journal) -> None:
    journal.receive(scan("s1"))
    journal.receive(scan("s2"))
    journal.read(S1, 2, (description("r1", pages=(1, 1)), description("r2", pages=(2, 2))))

    journal.duplicate(S2, (RecordId("r2"), RecordId("r1")), S1, 2)

    entry = journal.scan(S2)
    assert entry is not None
    assert (entry.state, entry.duplicate_of, entry.page_count) == (ScanState.DUPLICATE, ("r2", "r1"), 2)


def test_duplicate_of_a_scan_under_way_names_its_records_once_they_are_there(journal: Journal) -> None:
    for name in ("s1", "s2", "s3"):
        journal.receive(scan(name))
    journal.duplicate(S2, (), S1, None)
    journal.duplicate(S3, (), S2, None)
    before = [entry.duplicate_of for entry in journal.scans()]

    journal.read(S1, 2, (description("r1", pages=(1, 1)), description("r2", pages=(2, 2))))

    assert before == [(), (), ()]
    assert [entry.duplicate_of for entry in journal.scans()] == [(), ("r1", "r2"), ("r1", "r2")]


def test_subscribers_hear_of_moves_that_were_made_and_of_no_others(journal: Journal) -> None:
    heard: list[tuple[str, str]] = []
    journal.subscribe(lambda subject, state: heard.append((subject, state)))

    journal.receive(scan("s1"))
    journal.receive(scan("s1"))
    journal.read(S1, 2, (description(),))
    with pytest.raises(MoveNotAllowed):
        journal.close(S1)

    assert heard == [("s1", "RECEIVED"), ("s1", "READ"), ("r1", "DESCRIBED")]
