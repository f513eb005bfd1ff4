"""Which records have a text in the index, asked for many at once."""

from __future__ import annotations

from sqlalchemy import Engine

from metadata.index import Index
from metadata.journal import Journal
from metadata.values import RecordId
from tests.metadata.samples import description, scan


def test_only_records_with_a_text_that_is_not_empty_are_named(engine: Engine, journal: Journal) -> None:
    index, ids = Index(engine), [RecordId(f"r{number}") for number in range(3)]
    for number, record_id in enumerate(ids):
        journal.receive(scan(f"s{number}"))
        journal.read(scan(f"s{number}").scan_id, 1, (description(record_id, f"s{number}"),))
    index.put(ids[0], "暖气片漏水")
    index.put(ids[1], "")

    assert index.having_text([*ids, RecordId("unknown")]) == frozenset({ids[0]})
    assert index.having_text([]) == frozenset()
