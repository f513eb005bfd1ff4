"""What teaches: only what a person decided, the last word on each record, nothing lost between two questions."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete, event, insert, update
from zope.interface.verify import verifyObject

from classifiers.interfaces import IExamples
from classifiers.values import Example, Fact
from ingest.values import ScanId
from metadata.database import writing
from metadata.examples import AT_ONCE, ArchiveExamples
from metadata.index import Index
from metadata.journal import Journal
from metadata.tables import moves
from metadata.values import Change, Description, Reason, ReasonCode, RecordId, RecordState, StoreId
from tests.metadata.samples import DIGESTS, MORNING, NO_CUSTOMER, description, held, scan

KIND_UNSURE = Reason(ReasonCode.KIND_UNSURE)


@pytest.fixture
def examples(engine: Engine) -> ArchiveExamples:
    return ArchiveExamples(engine, lambda text: text.partition("|")[2])


def stored(journal: Journal, engine: Engine, number: int, said: Description | None = None) -> Description:
    """Bring a record into the archive, its pages' text in the index; return its description."""
    record_id, scan_id = RecordId(f"r{number}"), f"s{number}"
    described = replace(said or held(), record_id=record_id, scan_id=ScanId(scan_id))
    journal.receive(scan(scan_id))
    journal.read(ScanId(scan_id), 2, (described,))
    journal.submit(record_id, DIGESTS)
    journal.filed(record_id, "folder", StoreId(str(number)))
    Index(engine).put(record_id, f"title|pages of {record_id}")
    return described


def filed(said: Description, **changes: object) -> Description:
    return replace(said, reasons=(), **changes)  # type: ignore[arg-type]


def bare(example: Example) -> Example:
    """Return the example without its facts, which have tests of their own."""
    return replace(example, facts=(), names=())


def everything(examples: ArchiveExamples) -> dict[str, Example]:
    found: dict[str, Example] = {}
    cursor = 0
    while True:
        after, some = examples.since(cursor)
        found |= {example.key: bare(example) for example in some}
        if after == cursor:
            return found
        cursor = after


def test_examples_keep_their_promise(examples: ArchiveExamples) -> None:
    verifyObject(IExamples, examples)


def test_empty_archive_teaches_nothing(examples: ArchiveExamples) -> None:
    assert examples.since(0) == (0, ())


def test_record_that_was_filed_by_itself_teaches_nothing(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    stored(journal, engine, 1, description())

    assert examples.since(0) == (0, ())


def test_kind_that_a_person_gave_teaches_even_while_the_record_waits(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)

    journal.change(RecordId("r1"), Change(kind="revisit"), replace(said, kind="revisit"), RecordState.HELD)

    assert everything(examples) == {"r1": Example("r1", "revisit", "pages of r1")}


@pytest.mark.parametrize("change", [Change(confirm=True), Change(customer_numbers=("0310004217",))])
def test_record_that_a_person_settled_teaches_its_kind(
    journal: Journal, engine: Engine, examples: ArchiveExamples, change: Change
) -> None:
    said = stored(journal, engine, 1)

    journal.change(RecordId("r1"), change, filed(said), RecordState.INDEXED)

    assert everything(examples) == {"r1": Example("r1", "repair", "pages of r1")}


def test_record_that_only_got_a_field_and_still_waits_teaches_nothing(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)

    journal.change(RecordId("r1"), Change(fields={"fault": "漏水"}), said, RecordState.HELD)

    assert everything(examples) == {"r1": Example("r1", None, "")}


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (KIND_UNSURE, "pages of r1"),
        (Reason(ReasonCode.NO_ARCHIVE_DOCUMENT), "pages of r1"),
        (NO_CUSTOMER, ""),
    ],
)
def test_rejected_record_teaches_none_of_them_only_where_its_kind_was_in_doubt(
    journal: Journal, engine: Engine, examples: ArchiveExamples, reason: Reason, text: str
) -> None:
    said = stored(journal, engine, 1, held(reasons=(reason,)))

    journal.change(RecordId("r1"), Change(reject=True), said, RecordState.REJECTED)

    assert everything(examples) == {"r1": Example("r1", None, text)}


def test_rejection_taken_back_teaches_nothing_any_more(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1, held(reasons=(KIND_UNSURE,)))
    journal.change(RecordId("r1"), Change(reject=True), said, RecordState.REJECTED)
    cursor, _ = examples.since(0)

    journal.change(RecordId("r1"), Change(take_back=True), said, RecordState.HELD)

    assert examples.since(cursor)[1] == (Example("r1", None, ""),)


def test_only_the_last_word_on_a_record_counts(journal: Journal, engine: Engine, examples: ArchiveExamples) -> None:
    said = stored(journal, engine, 1)
    journal.change(RecordId("r1"), Change(kind="revisit"), filed(said, kind="revisit"), RecordState.INDEXED)
    journal.change(RecordId("r1"), Change(kind="receipt"), filed(said, kind="receipt"), RecordState.INDEXED)

    assert everything(examples) == {"r1": Example("r1", "receipt", "pages of r1")}


def told(examples: ArchiveExamples) -> dict[str, tuple[object, bool]]:
    """Return the facts of the one example: value, and whether a person gave it."""
    (example,) = examples.since(0)[1]
    return {fact.name: (fact.value, fact.is_given) for fact in example.facts}


def test_confirmed_record_stands_for_all_its_facts_and_says_which_a_person_gave(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)
    fault = Fact("fault", "漏水", 1.0, surely_read=True, evidence=None)
    after = filed(said, facts=(*(fact for fact in said.facts if fact.name != "fault"), fault))

    journal.change(RecordId("r1"), Change(fields={"fault": "漏水"}, confirm=True), after, RecordState.INDEXED)

    shown = {fact.name: (fact.value, False) for fact in said.facts if fact.name != "fault"}
    assert told(examples) == shown | {"fault": ("漏水", True)}


def test_record_that_waits_stands_only_for_what_a_person_gave(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)
    given = Fact("fault", "漏水", 1.0, surely_read=True, evidence=None)
    after = replace(said, kind="repair", facts=(given, *(fact for fact in said.facts if fact.name != "fault")))

    journal.change(RecordId("r1"), Change(kind="repair", fields={"fault": "漏水"}), after, RecordState.HELD)

    assert told(examples) == {"fault": ("漏水", True)}


def test_fact_that_a_person_took_away_is_told_as_gone(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)
    after = filed(said, facts=(), kind="repair")
    change = Change(kind="repair", fields={"fault": None}, derived={"title": "维修单"}, tags_added=("急",))

    journal.change(RecordId("r1"), change, after, RecordState.INDEXED)

    assert told(examples) == {"fault": (None, True)}


def test_example_names_the_customer_who_is_no_label(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1, description())

    journal.change(RecordId("r1"), Change(kind="repair"), filed(said), RecordState.INDEXED)

    (example,) = examples.since(0)[1]
    customer = said.identification.customer
    assert customer is not None
    assert example.names == (customer.name,)


def test_question_with_a_cursor_brings_what_came_since(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    first, second = stored(journal, engine, 1), stored(journal, engine, 2)
    journal.change(RecordId("r1"), Change(confirm=True), filed(first), RecordState.INDEXED)
    cursor, _ = examples.since(0)
    stored(journal, engine, 3, description())

    journal.change(RecordId("r2"), Change(confirm=True), filed(second), RecordState.INDEXED)
    after, found = examples.since(cursor)

    assert [example.key for example in found] == ["r2"]
    assert after > cursor
    assert examples.since(after) == (after, ())


def test_user_who_is_called_like_the_program_teaches_too(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)

    journal.change(RecordId("r1"), Change(confirm=True, by="guidang"), filed(said), RecordState.INDEXED)

    assert list(everything(examples)) == ["r1"]


def test_many_decisions_come_in_parts_and_none_is_lost(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)
    for _ in range(AT_ONCE + 5):
        journal.change(RecordId("r1"), Change(kind="repair"), said, RecordState.HELD)
    last = stored(journal, engine, 2)
    journal.change(RecordId("r2"), Change(confirm=True), filed(last), RecordState.INDEXED)

    assert sorted(everything(examples)) == ["r1", "r2"]


def test_many_moves_of_our_own_are_not_looked_at_again_and_again(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)
    journal.change(RecordId("r1"), Change(confirm=True), filed(said), RecordState.INDEXED)
    cursor, _ = examples.since(0)
    with writing(engine) as connection:
        row = {"scan_id": "s1", "record_id": "r1", "moved_at": MORNING, "moved_by": "guidang", "why": "described"}
        connection.execute(insert(moves), [{**row, "state_after": "DESCRIBED"} for _ in range(30_000)])
    examples.since(cursor)

    begins = []
    event.listen(engine, "before_cursor_execute", lambda *asked: begins.append(str(asked[3])))
    examples.since(cursor)

    looked = [number for asked in begins for number in map(int, re.findall(r"\d{4,}", asked))]
    assert max(looked) > 25_000


def test_decision_among_moves_that_were_looked_at_before_is_found(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    """Another process may commit a lower number after we saw a higher one."""
    said = stored(journal, engine, 1)
    cursor, _ = examples.since(0)
    late = {
        "scan_id": "s1",
        "record_id": "r1",
        "moved_at": MORNING,
        "moved_by": "Li",
        "why": "corrected",
        "state_after": "HELD",
    }
    with writing(engine) as connection:
        connection.execute(insert(moves).values(**late, move_number=1_000))
        connection.execute(insert(moves).values(**{**late, "why": "described"}, move_number=1_005))
    with writing(engine) as connection:
        connection.execute(delete(moves).where(moves.c.move_number == 1_000))
    examples.since(cursor)
    journal.change(RecordId("r1"), Change(kind="repair"), said, RecordState.HELD)

    with writing(engine) as connection:
        connection.execute(update(moves).where(moves.c.why == "corrected").values(move_number=1_000))

    assert [example.key for example in examples.since(cursor)[1]] == ["r1"]


def test_journal_restored_from_a_backup_teaches_from_the_first_again(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    said = stored(journal, engine, 1)
    journal.change(RecordId("r1"), Change(confirm=True), filed(said), RecordState.INDEXED)

    cursor, found = examples.since(10_000)
    end, nothing = examples.since(cursor)

    assert [example.key for example in found] == ["r1"]
    assert (end, nothing) == (cursor, ())


def test_restored_journal_without_decisions_comes_to_an_end(
    journal: Journal, engine: Engine, examples: ArchiveExamples
) -> None:
    stored(journal, engine, 1, description())

    cursor, found = examples.since(10_000)

    assert found == ()
    assert examples.since(cursor) == (cursor, ())
