"""Journal, index, store and `done/` compared in all directions, each disagreement with its repair; nothing done unasked."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from zope.interface import implementer

from connector.connector_app import Connector
from connector.durable_files import digests_of
from connector.duties import DEFAULT_DUTIES
from connector.interfaces import Presence, StoredRecord
from connector.reconciling import Finding, Repair, SeenRecord, Trouble, of_record
from connector.repairs import RepairNotPossible
from connector.store_keys import CHANGE, PATH, SEE
from ingest.interfaces import ICutter
from ingest.values import CutRange, PageText
from metadata.copies import Values
from metadata.database import reading, writing
from metadata.tables import moves, record_texts
from metadata.values import ReasonCode, RecordEntry, RecordState, ScanState, StoreId
from tests.commands import examples
from tests.connector.office import NAME, Office, open_office
from tests.connector.synced_office import FILED, HELD, SyncedOffice, synced_office
from tests.paperless_stand_in import StandIn

BATCH = f"{FILED}\n一\f{FILED}\n续\fSEP\n\f{FILED}二\fSEP\n\f{HELD}三"
"""Three records: pages 1–2, 4 and 6, with sheets between them."""


def found(office: Office) -> list[tuple[Trouble, Repair | None]]:
    return [(one.trouble, one.repair) for one in look(office)]


def look(office: Office) -> list[Finding]:
    return list(office.connector().reconciler().look())


def repaired(office: Office) -> Connector:
    """Carry out every proposed repair."""
    connector = office.connector()
    reconciler = connector.reconciler()
    for finding in tuple(reconciler.look()):
        if finding.repair is not None:
            reconciler.repair(finding)
    return connector


@implementer(ICutter)
class CutsNothing:
    """One scan, one record."""

    def cut(self, pages: tuple[PageText, ...]) -> tuple[CutRange, ...]:
        """Return all of it."""
        return (CutRange(1, len(pages)),)


def lose(office: SyncedOffice, entry: RecordEntry) -> None:
    """Delete a record's document for good."""
    assert entry.store_id is not None
    office.person.delete(entry.store_id)
    office.person.empty_trash()


def lose_text(office: Office, entry: RecordEntry) -> None:
    with writing(office.engine) as connection:
        connection.execute(delete(record_texts).where(record_texts.c.record_id == entry.description.record_id))


class TestServer:
    def test_what_agrees_is_not_told_and_nothing_is_changed(self, office: SyncedOffice) -> None:
        office.take("a.pdf")
        office.take("b.pdf", HELD)
        writes = office.stand_in.count("PATCH") + office.stand_in.count("POST")

        assert found(office.office) == []
        assert office.stand_in.count("PATCH") + office.stand_in.count("POST") == writes

    def test_document_in_the_trash_is_left_to_a_person(self, office: SyncedOffice) -> None:
        entry = office.take("a.pdf")
        assert entry.store_id is not None
        office.person.delete(entry.store_id)

        assert found(office.office) == [(Trouble.TRASHED, None)]

    def test_document_that_is_gone_is_taken_in_again_and_held(self, office: SyncedOffice) -> None:
        entry = office.take("a.pdf")
        assert entry.store_id is not None
        office.person.delete(entry.store_id)
        office.person.empty_trash()

        before = found(office.office)
        connector = repaired(office.office)
        connector.work()

        assert before == [(Trouble.GONE, Repair.TAKE)]
        states = [one.state for one in office.office.parts.journal.records()]
        assert states == [RecordState.INDEXED, RecordState.HELD]
        assert len(office.stand_in.state.documents) == 1
        connector.close()
        assert found(office.office) == []

    def test_of_several_records_only_those_that_are_gone_are_taken_in_again(self, office: SyncedOffice) -> None:
        scan_id = office.office.take("batch.pdf", BATCH)
        first, second, third = office.office.records(scan_id)
        kept = {one.store_id: office.document(one).modified for one in (first, third)}
        lose(office, second)

        before = look(office.office)
        connector = repaired(office.office)
        connector.work()
        connector.close()

        *_, again = office.office.parts.journal.records()
        assert [(one.trouble, one.repair, one.record_id) for one in before] == [
            (Trouble.GONE, Repair.TAKE, second.description.record_id)
        ]
        assert len(list(office.office.parts.journal.records())) == 4
        assert again.description.pages == second.description.pages
        assert again.description.kind == second.description.kind
        assert ReasonCode.DELETED_BEFORE in [reason.code for reason in again.description.reasons]
        assert again.state is RecordState.HELD
        assert [office.record(one) for one in (first, third)] == [first, third]
        assert {
            store_id: office.stand_in.state.documents[int(store_id)].modified for store_id in kept if store_id
        } == kept
        assert len(office.stand_in.state.documents) == 3
        assert found(office.office) == []

    def test_each_record_of_a_scan_is_taken_in_again_when_its_turn_to_be_lost_comes(self, office: SyncedOffice) -> None:
        scan_id = office.office.take("batch.pdf", BATCH)
        first, second, third = office.office.records(scan_id)
        told = []
        for lost in (second, first):
            lose(office, lost)
            told.append([one.record_id for one in look(office.office)])
            connector = repaired(office.office)
            connector.work()
            connector.close()
        *_, again_second, again_first = office.office.parts.journal.records()
        lose(office, again_second)
        told.append([one.record_id for one in look(office.office)])

        connector = repaired(office.office)
        connector.work()
        connector.close()

        *_, last = office.office.parts.journal.records()
        ids = [one.description.record_id for one in (second, first, again_second)]
        assert told == [[one] for one in ids]
        assert last.description.pages == second.description.pages
        assert len(office.stand_in.state.documents) == 3
        assert office.record(again_first).state is RecordState.HELD
        assert office.record(third) == third
        assert found(office.office) == []

    def test_scan_put_in_again_by_hand_brings_only_what_is_gone_and_then_nothing(self, office: SyncedOffice) -> None:
        scan_id = office.office.take("batch.pdf", BATCH)
        first, _second, third = office.office.records(scan_id)
        lose(office, first)
        lose(office, third)

        again = office.office.take("batch.pdf", BATCH)
        once_more = office.office.take("batch.pdf", BATCH)

        pages = [one.description.pages for one in office.office.records(again)]
        assert pages == [first.description.pages, third.description.pages]
        assert office.office.scan(once_more).state is ScanState.DUPLICATE
        assert len(office.office.scan(once_more).duplicate_of) == 3
        assert len(office.stand_in.state.documents) == 3

    def test_what_is_taken_again_alone_is_cut_as_it_was(self, office: SyncedOffice) -> None:
        """Whatever sheets and models would say today."""
        scan_id = office.office.take("batch.pdf", BATCH)
        second = office.office.records(scan_id)[1]
        lose(office, second)
        desk = office.office.parts.desks[NAME]
        today = office.office.with_parts(desks={NAME: replace(desk, cutter=CutsNothing())})

        again = today.take("batch.pdf", BATCH)

        assert [one.description.pages for one in today.records(again)] == [second.description.pages]

    def test_document_that_stands_under_another_number_is_pointed_at(self, office: SyncedOffice) -> None:
        entry = office.take("a.pdf")
        assert entry.store_id is not None
        documents = office.stand_in.state.documents
        document = documents.pop(int(entry.store_id))
        document.id = office.stand_in.state.next_id("documents")
        documents[document.id] = document

        before = found(office.office)
        repaired(office.office).close()

        assert before == [(Trouble.MOVED, Repair.POINT)]
        assert office.record(entry).store_id == str(document.id)
        assert office.record(entry).reference_code == entry.reference_code
        assert len(documents) == 1
        office.edit(office.record(entry), title="王家的单子")
        office.happened(sweep=True)
        assert office.record(entry).description.title == "王家的单子"
        assert found(office.office) == []

    def test_changed_file_is_told(self, office: SyncedOffice) -> None:
        entry = office.take("a.pdf")
        office.document(entry).content = b"%PDF something else"

        assert found(office.office) == [(Trouble.BYTES_DIFFER, None)]

    def test_record_that_the_journal_does_not_know_is_told(self, office: SyncedOffice) -> None:
        office.take("a.pdf")
        office.stand_in.state.queue({}, f"s0099-1.{'a' * 32}.pdf", b"%PDF of a lost journal")
        office.stand_in.state.work()

        (finding,) = look(office.office)

        assert (finding.trouble, finding.record_id, finding.repair) == (Trouble.UNKNOWN_IN_STORE, "s0099-1", None)


def older(office: SyncedOffice, entry: RecordEntry) -> None:
    """Make the document one that was filed before the profile said where it belongs and who may see it."""
    document, copy = office.document(entry), office.memory.copy(entry.description.record_id)
    assert copy is not None
    document.storage_path = None
    document.permissions = {action: {"users": [], "groups": []} for action in ("view", "change")}
    agreed = copy.agreement
    office.memory.remember(
        replace(copy, agreement=replace(agreed, ours=_unplaced(agreed.ours), theirs=_unplaced(agreed.theirs)))
    )


def _unplaced(values: Values) -> Values:
    return {key: value for key, value in values.items() if key != PATH and not key.startswith((SEE, CHANGE))}


class TestOlderThanTheProfile:
    def test_all_that_were_filed_before_get_place_and_groups_at_once(self, office: SyncedOffice) -> None:
        entries = [office.take("a.pdf"), office.take("b.pdf", HELD), office.take("c.pdf", f"{FILED}三")]
        wanted = [(office.document(entry).storage_path, office.document(entry).permissions) for entry in entries]
        for entry in entries:
            older(office, entry)

        quiet = office.news(sweep=True)
        before = found(office.office)
        repaired(office.office).close()

        assert quiet == []
        assert before == [(Trouble.BEHIND, Repair.BRING)] * 3
        assert [(office.document(one).storage_path, office.document(one).permissions) for one in entries] == wanted
        assert found(office.office) == []
        assert office.news(sweep=True) == []

    def test_what_was_repaired_before_a_crash_is_not_done_again(self, office: SyncedOffice) -> None:
        entries = [office.take("a.pdf"), office.take("b.pdf", HELD)]
        for entry in entries:
            older(office, entry)
        connector = office.office.connector()
        reconciler = connector.reconciler()
        first, second = reconciler.look()
        reconciler.repair(first)
        connector.close()

        assert [one.record_id for one in look(office.office)] == [second.record_id]

    def test_what_a_person_decided_stays(self, office: SyncedOffice) -> None:
        entry = office.take("a.pdf")
        older(office, entry)
        other = next(id_ for id_, one in office.stand_in.state.names["storage_paths"].items() if one.name == "综合")
        office.edit(entry, path="综合", title="王家的单子")

        repaired(office.office).close()
        office.happened()

        document = office.document(entry)
        assert (document.storage_path, document.title) == (other, "王家的单子")
        assert document.permissions["view"]["groups"]
        assert office.record(entry).description.title == "王家的单子"
        assert found(office.office) == []

    def test_changed_duties_reach_what_was_filed(self, office: SyncedOffice, tmp_path: Path) -> None:
        entry = office.take("a.pdf")
        assert office.document(entry).permissions["view"]["groups"]
        everybody = tuple(replace(duty, see=("*",), change=()) for duty in DEFAULT_DUTIES)

        with synced_office(tmp_path, office.stand_in, duties=everybody) as later:
            before = found(later.office)
            repaired(later.office).close()

            assert before == [(Trouble.BEHIND, Repair.BRING)]
            assert len(later.document(entry).permissions["view"]["groups"]) == len(DEFAULT_DUTIES)
            assert later.document(entry).permissions["change"]["groups"] == []
            assert found(later.office) == []


def test_look_takes_no_news_from_the_sync(office: SyncedOffice) -> None:
    office.take("a.pdf", HELD)
    office.cycle()
    office.person.rename("tags", "待核验", "请看一看")

    look(office.office)

    assert [news.value for news in office.news()] == ["name_renamed"]


def test_record_in_another_archive_is_to_be_pushed(tmp_path: Path) -> None:
    open_office(tmp_path).take("a.pdf")

    with StandIn() as stand_in, synced_office(tmp_path, stand_in) as office:
        assert found(office.office) == [(Trouble.ELSEWHERE, None)]


class TestFolders:
    def test_lost_text_is_read_again_from_the_original(self, tmp_path: Path) -> None:
        office = open_office(tmp_path)
        entry = office.record(office.take("a.pdf", f"{FILED}很特别"))
        _keep_original(office, entry, f"{FILED}很特别")
        lose_text(office, entry)

        before = found(office)
        repaired(office).close()

        assert before == [(Trouble.TEXT_MISSING, Repair.READ)]
        assert office.parts.index.search("很特别") == (entry.description.record_id,)
        assert found(office) == []

    def test_deleted_pdf_and_stranger_in_the_folder_are_told(self, tmp_path: Path) -> None:
        office = open_office(tmp_path)
        office.take("a.pdf")
        (pdf,) = (tmp_path / "archive").rglob("*.pdf")
        sidecar = pdf.with_suffix(".json")
        text = sidecar.read_text(encoding="utf-8").replace('"s0001-1"', '"s0042-1"')
        pdf.unlink()
        sidecar.unlink()
        (tmp_path / "archive" / "x.pdf").write_bytes(b"%PDF other")
        (tmp_path / "archive" / "x.json").write_text(text, encoding="utf-8")

        troubles = [one.trouble for one in look(office)]

        assert troubles == [Trouble.GONE, Trouble.UNKNOWN_IN_STORE]

    def test_originals_moved_gone_and_unknown(self, tmp_path: Path) -> None:
        office = open_office(tmp_path)
        moved, gone = office.take("a.pdf"), office.take("b.pdf", HELD)
        done = office.inbox.folder / "done"
        kept_moved, kept_gone = office.scan(moved).kept_path, office.scan(gone).kept_path
        assert kept_moved is not None
        assert kept_gone is not None
        (done / "2024").mkdir()
        shutil.move(kept_moved, done / "2024" / "moved.pdf")
        kept_gone.unlink()
        (done / "unknown.pdf").write_text(f"{FILED}生", encoding="utf-8")

        before = {(one.trouble, one.repair) for one in look(office)}
        connector = repaired(office)
        connector.work()

        assert before == {
            (Trouble.ORIGINAL_MOVED, Repair.REMEMBER),
            (Trouble.ORIGINAL_GONE, None),
            (Trouble.ORIGINAL_UNKNOWN, Repair.TAKE),
        }
        assert office.scan(moved).kept_path == done / "2024" / "moved.pdf"
        assert office.parts.journal.balance()["scans"][ScanState.CLOSED] == 3
        assert (done / "unknown.pdf").is_file()
        connector.close()
        assert [one.trouble for one in look(office)] == [Trouble.ORIGINAL_GONE]

    def test_note_beside_a_scan_is_no_original(self, tmp_path: Path) -> None:
        office = open_office(tmp_path)
        office.take("a.pdf", f"{FILED}\f{FILED}")

        beside = office.names("done")

        assert [name.rpartition(".pdf")[2] for name in beside] == ["", ".note.txt"]
        assert look(office) == []

    def test_look_alone_writes_nothing(self, tmp_path: Path) -> None:
        office = open_office(tmp_path)
        entry = office.record(office.take("a.pdf"))
        lose_text(office, entry)
        (office.inbox.folder / "done" / "unknown.pdf").write_text("x", encoding="utf-8")
        before = _standing(tmp_path), _moves(office)

        first, second = look(office), look(office)

        assert len(first) == 2
        assert first == second
        assert (_standing(tmp_path), _moves(office)) == before

    def test_what_changed_since_the_look_is_not_repaired(self, tmp_path: Path) -> None:
        office = open_office(tmp_path)
        office.take("a.pdf")
        unknown = office.inbox.folder / "done" / "unknown.pdf"
        unknown.write_text("x", encoding="utf-8")
        connector = office.connector()
        reconciler = connector.reconciler()
        (finding,) = reconciler.look()
        unknown.unlink()

        with pytest.raises(RepairNotPossible):
            reconciler.repair(finding)
        connector.close()


def _standing(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.pdf"))


def _moves(office: Office) -> int:
    with reading(office.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(moves)).scalar_one())


def _keep_original(office: Office, entry: RecordEntry, text: str) -> None:
    """The inbox of this office keeps originals as they are; make sure of it."""
    kept = office.scan(entry.description.scan_id).kept_path
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == text
    assert digests_of(kept).sha256 == office.scan(entry.description.scan_id).sha256


RECORD = examples.record()


def stored(record_id: str | None, *, presence: Presence = Presence.LIVE, agree: bool = True) -> StoredRecord:
    own = RECORD.description.record_id if record_id == "own" else None
    return StoredRecord(StoreId("9"), own, presence, agree, None, False, None)


@pytest.mark.parametrize(
    ("back", "others", "again", "expected"),
    [
        (None, (), False, [Trouble.GONE]),
        (None, (), True, []),
        (None, (stored("own"),), False, [Trouble.MOVED]),
        (None, (stored("own", presence=Presence.TRASHED),), False, [Trouble.TRASHED]),
        (None, (stored(None),), False, [Trouble.GONE]),
        (stored("own", presence=Presence.TRASHED), (), False, [Trouble.TRASHED]),
        (stored("own", agree=False), (), False, [Trouble.BYTES_DIFFER]),
        (stored(None, agree=False), (), False, [Trouble.GONE]),
    ],
)
def test_decision(
    back: StoredRecord | None, others: tuple[StoredRecord, ...], again: bool, expected: list[Trouble]
) -> None:
    seen = SeenRecord(RECORD, False, back, others, has_text=True, original=None, was_taken_again=again)

    assert [one.trouble for one in of_record(seen, "folder")] == expected
