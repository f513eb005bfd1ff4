"""A folder archive carried into paperless: each record once, as it stood, whatever happens in between."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from connector.commands.push import sentence_of
from connector.interfaces import OutcomeUnknown, Presence, StoredRecord, StoreUnreachable
from connector.pushing import Pushed, PushImpossible, PushResult, decide
from metadata.database import writing
from metadata.tables import records
from metadata.values import Change, Digests, RecordEntry, RecordState, ScanState, Standing, StoreId
from tests.commands import examples
from tests.connector.fakes import KNOWN
from tests.connector.office import open_office
from tests.connector.synced_office import FILED, HELD, SyncedOffice, synced_office
from tests.paperless_stand_in import StandIn

SENT, FOUND = PushResult.SENT, PushResult.FOUND
SHARDS = 3


@pytest.fixture
def filed(tmp_path: Path) -> list[RecordEntry]:
    """File three records into a folder archive: one filed, one held, one that a person gave a fault."""
    office = open_office(tmp_path)
    scans = [office.take("a.pdf", FILED), office.take("b.pdf", HELD), office.take("c.pdf", f"{FILED}二")]
    connector = office.connector()
    connector.change(office.record(scans[2]), Change(fields={"fault": "阀门坏了"}, by="Li"))
    found = [office.record(scan) for scan in scans]
    connector.close()
    return found


@contextmanager
def moved_to(folder: Path, stand_in: StandIn) -> Iterator[SyncedOffice]:
    """Open the office anew with the server as its store."""
    with synced_office(folder, stand_in) as office:
        yield office


def push(office: SyncedOffice, *, dry_run: bool = False) -> list[Pushed]:
    connector = office.office.connector()
    try:
        return list(connector.push(lambda done, total: None, dry_run=dry_run))
    finally:
        connector.close()


def results(pushed: list[Pushed]) -> list[PushResult]:
    return [one.result for one in pushed]


def pdf_of(folder: Path, entry: RecordEntry) -> Path:
    sidecars = (folder / "archive").rglob("*.json")
    named = [path for path in sidecars if json.loads(path.read_bytes()).get("title") == entry.description.title]
    (sidecar,) = [path for path in named if json.loads(path.read_bytes())["record"] == entry.description.record_id]
    return sidecar.with_suffix(".pdf")


def test_every_record_is_carried_as_it_stands(tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry]) -> None:
    with moved_to(tmp_path, stand_in) as office:
        pushed = push(office)

        now = [office.record(entry) for entry in filed]
        assert results(pushed) == [SENT, SENT, SENT]
        assert [entry.store for entry in now] == ["paperless"] * 3
        assert [entry.state for entry in now] == [RecordState.INDEXED, RecordState.HELD, RecordState.INDEXED]
        assert [entry.reference_code for entry in now] == [entry.reference_code for entry in filed]
        assert [entry.touched for entry in now] == [entry.touched for entry in filed]
        plain, held, corrected = now
        assert "待核验" in office.tags(held)
        assert "待核验" not in office.tags(plain)
        assert office.fields(plain)["档号"] == plain.reference_code
        assert office.fields(corrected)["故障"] == "阀门坏了"
        assert office.moves(plain)[-1].why == "carried from folder to paperless"


def test_what_stands_in_the_folder_stays_there(tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry]) -> None:
    before = {path: path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file()}

    with moved_to(tmp_path, stand_in) as office:
        push(office)

    assert {path: path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file()} == before


def test_record_costs_at_most_eight_requests_without_polling(tmp_path: Path, stand_in: StandIn) -> None:
    """Once the names are learned, with the first record."""
    folders = open_office(tmp_path)
    for number in range(4):
        folders.take(f"{number}.pdf", f"{FILED} {number}")
    folders.engine.dispose()
    with moved_to(tmp_path, stand_in) as office:
        connector = office.office.connector()
        pushing = connector.push(lambda done, total: None)
        first = next(pushing)
        stand_in.requests.clear()

        others = list(pushing)

        connector.close()
        asked = [one for one in stand_in.requests if not one.startswith("GET /api/tasks/?task_id=")]
        assert results([first, *others]) == [SENT] * 4
        assert len(asked) <= 3 * (7 if stand_in.state.is_v3 else 8), asked


@pytest.mark.usefixtures("filed")
def test_second_push_has_nothing_to_do(tmp_path: Path, stand_in: StandIn) -> None:
    with moved_to(tmp_path, stand_in) as office:
        push(office)

        assert push(office) == []
        assert len(stand_in.state.documents) == 3


def test_carried_records_are_followed_like_others(tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry]) -> None:
    with moved_to(tmp_path, stand_in) as office:
        push(office)
        entry = office.record(filed[0])
        quiet = office.happened()

        office.edit(entry, title="王家的单子")
        office.happened()

        assert quiet == []
        assert office.record(entry).description.title == "王家的单子"
        assert office.record(entry).standing is Standing.LIVE


@pytest.mark.usefixtures("filed")
def test_dry_run_sends_nothing_and_says_what_would_be(tmp_path: Path, stand_in: StandIn) -> None:
    with moved_to(tmp_path, stand_in) as office:
        pushed = push(office, dry_run=True)

        assert results(pushed) == [SENT, SENT, SENT]
        assert stand_in.state.documents == {}
        assert [entry.store for entry in office.office.parts.journal.records()] == ["folder"] * 3


def test_deleted_and_changed_pdfs_are_left_and_told(
    tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry]
) -> None:
    pdf_of(tmp_path, filed[0]).unlink()
    pdf_of(tmp_path, filed[1]).write_bytes(b"%PDF something else")

    with moved_to(tmp_path, stand_in) as office:
        pushed = push(office)

        assert results(pushed) == [PushResult.MISSING, PushResult.DIFFERS, SENT]
        assert office.record(filed[0]) == filed[0]
        assert len(stand_in.state.documents) == 1


def test_record_that_a_person_threw_away_in_paperless_is_not_sent_again(
    tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry]
) -> None:
    with moved_to(tmp_path, stand_in) as office:
        push(office)
        entry = office.record(filed[0])
        assert entry.store_id is not None
        assert filed[0].store_id is not None
        office.person.delete(entry.store_id)
        office.office.parts.journal.carried(entry.description.record_id, "folder", filed[0].store_id)

        pushed = push(office)

        assert results(pushed) == [PushResult.TRASHED]
        assert len(stand_in.state.documents) == 3
        office.person.restore(entry.store_id)
        assert results(push(office)) == [FOUND]
        assert office.record(entry).store_id == entry.store_id


def test_what_the_server_refuses_is_left_and_the_others_go_on(
    tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry]
) -> None:
    another = f"another-1.{'0' * 32}.pdf"
    stand_in.state.queue({}, another, pdf_of(tmp_path, filed[1]).read_bytes())
    stand_in.faults.duplicates_refused = True

    with moved_to(tmp_path, stand_in) as office:
        pushed = push(office)

        assert results(pushed) == [SENT, PushResult.TAKEN, SENT]
        assert pushed[1].refusal is not None
        assert office.record(filed[1]).store == "folder"


@pytest.mark.parametrize("is_in_trash", [False, True])
def test_two_records_of_the_same_bytes_end_as_the_line_of_the_server_has_it(
    tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry], is_in_trash: bool
) -> None:
    """3.x takes both; 2.x takes one, and the push says which number has the bytes and what to do."""
    first, twin = filed[0], filed[2]
    as_twins(tmp_path, first, twin)
    with moved_to(tmp_path, stand_in) as office:
        connector = office.office.connector()
        others = [one.result for one in connector.push(lambda done, total: None) if one.record_id != twin_id(twin)]
        if is_in_trash and not stand_in.state.is_v3:
            office.person.delete(str(office.record(first).store_id))
        connector.close()

        again = push(office)

        assert others == [SENT, SENT]
        assert len(stand_in.state.documents) == (3 if stand_in.state.is_v3 else 2)
        if stand_in.state.is_v3:
            assert again == []
            assert office.record(twin).store == "paperless"
        else:
            assert results(again) == [PushResult.TAKEN]
            assert office.record(twin).store == "folder"
            sentence = sentence_of(again[0])
            assert f"number {office.record(first).store_id}" in sentence
            assert "3.x" in sentence


def twin_id(record: RecordEntry) -> str:
    return record.description.record_id


def as_twins(folder: Path, one: RecordEntry, other: RecordEntry) -> None:
    """Give the other record's PDF the bytes of the first, in the folders and in the journal."""
    content = pdf_of(folder, one).read_bytes()
    pdf_of(folder, other).write_bytes(content)
    assert one.digests is not None
    office = open_office(folder)
    with writing(office.engine) as connection:
        its = records.c.record_id == other.description.record_id
        digests = {"pdf_sha256": one.digests.sha256, "pdf_md5": one.digests.md5}
        connection.execute(update(records).where(its).values(digests))
    office.engine.dispose()


@pytest.mark.parametrize("fault", ["upload_reset_after_accept", "upload_500_after_accept", "upload_500_before"])
@pytest.mark.usefixtures("filed")
def test_unclear_answer_ends_in_one_document_each(tmp_path: Path, stand_in: StandIn, fault: str) -> None:
    with moved_to(tmp_path, stand_in) as office:
        setattr(stand_in.faults, fault, 1)
        try:
            push(office)
        except (OutcomeUnknown, StoreUnreachable):
            push(office)

        assert len(stand_in.state.documents) == 3
        assert {entry.store for entry in office.office.parts.journal.records()} == {"paperless"}


def test_correction_before_the_push_waits_for_it(tmp_path: Path, stand_in: StandIn, filed: list[RecordEntry]) -> None:
    with moved_to(tmp_path, stand_in) as office:
        connector = office.office.connector()
        connector.change(filed[1], Change(customer_numbers=(KNOWN,), confirm=True, by="Li"))
        waits = [entry.description.record_id for entry in office.office.parts.journal.unamended()]

        push(office)
        connector.look()
        connector.close()

        assert waits == [filed[1].description.record_id]
        assert list(office.office.parts.journal.unamended()) == []
        confirmed = office.record(filed[1])
        assert office.fields(confirmed)["客户编号"] == KNOWN
        assert "待核验" not in office.tags(confirmed)


@pytest.mark.usefixtures("filed")
def test_same_bytes_before_the_push_are_a_duplicate(tmp_path: Path, stand_in: StandIn) -> None:
    with moved_to(tmp_path, stand_in) as office:
        scan_id = office.office.take("again.pdf", FILED)

        assert office.office.scan(scan_id).state is ScanState.DUPLICATE
        assert stand_in.state.documents == {}


def test_folder_is_not_carried_into_itself(tmp_path: Path) -> None:
    connector = open_office(tmp_path).connector()

    with pytest.raises(PushImpossible):
        list(connector.push(lambda done, total: None))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_push_ends_the_same_wherever_it_was_killed(tmp_path: Path, shard: int) -> None:
    command = [sys.executable, "-m", "tests.connector.push_driver", str(tmp_path), str(shard), str(SHARDS)]

    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])

    assert run.returncode == 0, run.stderr
    ends = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(ends) >= 4
    assert [end["ended_by"] for end in ends[:-1]] == [9] * (len(ends) - 1)
    for end in ends:
        told = {name: end[name] for name in ("documents", "records", "stores", "codes", "held", "news")}
        assert told == {
            "documents": 3,
            "records": 3,
            "stores": ["paperless"] * 3,
            "codes": ["service-2026-00001", "service-2026-00002"],
            "held": 1,
            "news": [],
        }, f"killed at {end['kill_at']}"


RECORD = examples.record()
OURS, THEIRS = Digests("b" * 64, "c" * 32), Digests("0" * 64, "0" * 32)


def stored(record_id: str | None, presence: Presence = Presence.LIVE) -> StoredRecord:
    own = RECORD.description.record_id if record_id == "own" else None
    found = StoredRecord(StoreId("1"), own, presence, True, None, False, None)
    return replace(found, record_id=RECORD.description.record_id + "x") if record_id == "other" else found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("present", "found", "result"),
    [
        (OURS, (), PushResult.SENT),
        (OURS, (stored("own"),), PushResult.FOUND),
        (OURS, (stored(None),), PushResult.FOUND),
        (OURS, (stored("other"),), PushResult.SENT),
        (OURS, (stored("own", Presence.TRASHED),), PushResult.TRASHED),
        (OURS, (stored(None, Presence.TRASHED),), PushResult.TRASHED),
        (THEIRS, (), PushResult.DIFFERS),
        (None, (), PushResult.MISSING),
        (None, (stored("own"),), PushResult.FOUND),
        (None, (stored("other"),), PushResult.MISSING),
    ],
)
def test_decision(present: Digests | None, found: tuple[StoredRecord, ...], result: PushResult) -> None:
    assert decide(RECORD, present, found) is result
