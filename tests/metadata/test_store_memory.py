"""What is remembered of stores comes back as it was, and goes into the same transaction as the change that it explains."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from zope.interface.verify import verifyObject

from ingest.values import ScanId
from metadata.copies import Agreement, StoreCopy, StoreMark, StoreName
from metadata.index import Index
from metadata.interfaces import IStoreMemory, MoveNotAllowed
from metadata.journal import Journal
from metadata.store_memory import StoreMemory
from metadata.values import Change, RecordId, RecordState, Standing, StoreId
from tests.metadata.fake_memory import FakeMemory
from tests.metadata.samples import DIGESTS, description, held, scan

R1, R2 = RecordId("r1"), RecordId("r2")
NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
HELD_TAG = StoreName("tags", "3", "待核验", "@held", True)
REPAIR_TYPE = StoreName("types", "5", "维修单", "@repair", True)
AGREED = Agreement(
    ours={"title": "维修单", "field:fact_amount": "CNY145.50", "tag:居民": True, "field:x": 1.5},
    theirs={"title": "维修单", "field:fact_amount": "USD145.50", "tag:重要": True, "field:x": 1.5},
    in_flight={"title": ("旧", None)},
    persons=frozenset({"field:fact_amount"}),
)


@pytest.fixture
def memory(engine: Engine, journal: Journal) -> StoreMemory:
    """Return the memory of an archive with two records in it."""
    for number, record in ((1, description("r1", "s1")), (2, held("r2", "s2"))):
        scan_id = ScanId(f"s{number}")
        journal.receive(scan(f"s{number}"))
        journal.read(scan_id, 2, (record,))
        journal.submit(record.record_id, replace(DIGESTS, sha256=f"{number:064x}"))
        journal.filed(record.record_id, "paperless", StoreId(str(number)))
    return StoreMemory(engine)


@pytest.fixture(params=["real", "fake"])
def any_memory(request: pytest.FixtureRequest, memory: StoreMemory) -> IStoreMemory:
    """Return the real memory, and the one that tests of stores use in its place: both keep the same promises."""
    return memory if request.param == "real" else FakeMemory()


def copy(number: int = 1, **changes: object) -> StoreCopy:
    plain = StoreCopy(
        RecordId(f"r{number}"),
        "paperless",
        StoreId(str(number)),
        Standing.LIVE,
        NOON,
        "",
        Agreement(theirs={"a": True}),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the test names fields of StoreCopy


def test_memory_keeps_its_promise(any_memory: IStoreMemory) -> None:
    assert verifyObject(IStoreMemory, any_memory)


def test_copy_comes_back_as_it_was(any_memory: IStoreMemory) -> None:
    whole = copy(version="13", agreement=AGREED)

    any_memory.remember(copy())
    any_memory.remember(whole)

    assert any_memory.copy(R1) == whole
    assert any_memory.copy(R2) is None


@pytest.mark.parametrize("gone", [1, 2])
def test_copies_are_found_by_their_ids_in_the_store_those_that_stand_there_first(
    any_memory: IStoreMemory, gone: int
) -> None:
    """A server restored from a backup may give the number of a lost document to another."""
    there = copy(3 - gone, store_id=StoreId("7"))
    any_memory.remember(copy(gone, store_id=StoreId("7"), standing=Standing.GONE))
    any_memory.remember(there)

    assert any_memory.copies("paperless", [StoreId("7"), StoreId("3")]) == {StoreId("7"): there}
    assert any_memory.copies("folder", [StoreId("7")]) == {}


def test_copies_are_listed_by_how_they_stand_and_when_they_changed(any_memory: IStoreMemory) -> None:
    any_memory.remember(copy(1))
    any_memory.remember(copy(2, standing=Standing.TRASHED))

    assert any_memory.standing("paperless", frozenset({Standing.TRASHED})) == {StoreId("2"): R2}
    assert any_memory.modified_since("paperless", NOON) == {StoreId("1"): NOON}
    assert any_memory.modified_since("paperless", NOON + timedelta(microseconds=1)) == {}


def test_records_never_looked_at_are_known(memory: StoreMemory) -> None:
    memory.remember(copy(1))

    assert memory.unremembered("paperless") == {StoreId("2"): R2}
    assert memory.unremembered("folder") == {}


def test_mark_comes_back_as_it_was(any_memory: IStoreMemory) -> None:
    mark = StoreMark("paperless", "3.0.5", NOON, NOON + timedelta(hours=1), 3, NOON)

    new = any_memory.mark("paperless")
    any_memory.set_mark(replace(mark, trash_count=None))
    any_memory.set_mark(mark)

    assert new == StoreMark("paperless")
    assert any_memory.mark("paperless") == mark


def test_names_come_back_as_they_were(any_memory: IStoreMemory) -> None:
    any_memory.name("paperless", [HELD_TAG, REPAIR_TYPE])
    any_memory.name("paperless", [replace(HELD_TAG, name="请核验")])

    assert list(any_memory.names("paperless")) == [replace(HELD_TAG, name="请核验"), REPAIR_TYPE]
    assert list(any_memory.names("folder")) == []


def test_lost_tag_is_forgotten_in_every_agreement_at_once(any_memory: IStoreMemory) -> None:
    any_memory.name("paperless", [HELD_TAG])
    any_memory.remember(
        copy(1, agreement=Agreement({"tag:居民": True, "title": "a"}, {"tag:居民": True, "title": "a"}))
    )
    any_memory.remember(copy(2, agreement=Agreement({"title": "b"}, {"title": "b"})))

    count = any_memory.lose("paperless", HELD_TAG, {"tag:居民": True})

    assert count == 1
    assert list(any_memory.names("paperless")) == []
    assert any_memory.copy(R1) == copy(1, agreement=Agreement({"title": "a"}, {"title": "a"}))
    assert any_memory.copy(R2) == copy(2, agreement=Agreement({"title": "b"}, {"title": "b"}))


def test_lost_type_is_forgotten_only_where_it_was_the_type(any_memory: IStoreMemory) -> None:
    any_memory.remember(
        copy(1, agreement=Agreement({"type": "维修单"}, {"type": "维修单"}, persons=frozenset({"type"})))
    )
    any_memory.remember(copy(2, agreement=Agreement({"type": "合同"}, {"type": "合同"})))

    count = any_memory.lose("paperless", REPAIR_TYPE, {"type": "维修单"})

    assert count == 1
    assert any_memory.copy(R1) == copy(1, agreement=Agreement())
    assert any_memory.copy(R2) == copy(2, agreement=Agreement({"type": "合同"}, {"type": "合同"}))


def test_many_copies_are_gone_through_to_the_last(memory: StoreMemory, journal: Journal) -> None:
    for number in range(3, 506):
        journal.receive(scan(f"s{number}"))
        journal.read(ScanId(f"s{number}"), 2, (description(f"r{number}", f"s{number}"),))
        memory.remember(copy(number, agreement=Agreement({"tag:t": True}, {"tag:t": True})))

    assert memory.lose("paperless", HELD_TAG, {"tag:t": True}) == 503
    assert len(memory.copies("paperless", [StoreId(str(number)) for number in range(3, 506)])) == 503


def test_change_and_what_the_store_holds_stand_in_one_transaction(memory: StoreMemory, journal: Journal) -> None:
    seen = copy(2, agreement=AGREED)

    with pytest.raises(MoveNotAllowed):
        journal.change(R2, Change(), held("r2", "s2"), RecordState.SUBMITTED, seen)
    after_refusal = memory.copy(R2)
    journal.change(R2, Change(confirm=True, by="li"), description("r2", "s2"), RecordState.INDEXED, seen)

    assert after_refusal is None
    assert memory.copy(R2) == seen


def test_what_happens_in_the_store_is_written_down_and_moves_nothing(memory: StoreMemory, journal: Journal) -> None:
    journal.note(copy(1, standing=Standing.TRASHED), "moved to the trash", by="li", changed={"title": ("a", "b")})

    last = journal.moves(R1)[-1]
    assert (last.state_before, last.state_after, last.why, last.moved_by) == (
        "INDEXED", "INDEXED", "moved to the trash", "li",
    )  # fmt: skip
    assert last.changed == {"title": ["a", "b"]}
    entry = journal.record(R1)
    assert entry is not None
    assert (entry.state, entry.standing) == (RecordState.INDEXED, Standing.TRASHED)


def test_change_in_every_respect_is_written_down(memory: StoreMemory, journal: Journal) -> None:
    del memory
    before = journal.record(R1)
    assert before is not None
    after = replace(before.description, title="新题名", tags=("重要",), kind="complaint")
    wanted = Change(
        kind="complaint",
        derived={"title": "新题名"},
        tags_added=("重要",),
        noted={"customer_name": ("王", "汪")},
        by="li",
    )

    journal.change(R1, wanted, after, RecordState.INDEXED)

    last = journal.moves(R1)[-1]
    assert last.changed == {
        "customer_name": ["王", "汪"],
        "kind": ["repair", "complaint"],
        "tags": [["服务", "居民"], ["重要"]],
        "title": [before.description.title, "新题名"],
    }
    entry = journal.record(R1)
    assert entry is not None
    assert entry.touched == {"kind", "title", "tag:重要"}


def test_filed_record_may_be_held_again_and_gets_its_old_code_back(journal: Journal, memory: StoreMemory) -> None:
    del memory
    code = [entry.reference_code for entry in journal.records() if entry.description.record_id == R1]

    journal.change(R1, Change(review=True), held("r1", "s1"), RecordState.HELD)
    held_again = journal.record(R1)
    again = journal.change(R1, Change(confirm=True), description("r1", "s1"), RecordState.INDEXED)

    assert held_again is not None
    assert held_again.reference_code is None
    assert [again] == code


@pytest.mark.parametrize(("standing", "found"), [(Standing.LIVE, (R1,)), (Standing.TRASHED, ()), (Standing.GONE, ())])
def test_record_that_does_not_stand_in_the_store_is_not_found_by_search(
    memory: StoreMemory, engine: Engine, standing: Standing, found: tuple[RecordId, ...]
) -> None:
    index = Index(engine)
    index.put(R1, "暖气片不热")

    memory.remember(copy(1, standing=standing))

    assert index.search("暖气") == found
