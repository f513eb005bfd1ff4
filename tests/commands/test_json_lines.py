"""The contract of `--json`, key by key."""

from __future__ import annotations

import json
from typing import cast

from connector import i18n
from connector.json_lines import line_not_taken, line_of_record, line_of_scan, lines_of_scan
from ingest.interfaces import Fault, ScanUnreadable
from metadata.interfaces import IJournal
from metadata.values import Reason, ReasonCode, RecordState, ScanState
from tests.commands import examples
from tests.commands.examples import HeldScans

KEYS = [
    "schema",
    "scan",
    "scan_sha256",
    "record",
    "pages",
    "state",
    "decided_by",
    "category",
    "kind",
    "kind_confidence",
    "customer_numbers",
    "customer_found",
    "customer_confidence",
    "customer_name",
    "fields",
    "evidence",
    "reasons",
    "reference_code",
    "title",
    "date",
    "summary",
    "retention",
    "language",
    "duplicate_of",
    "second_scan_of",
    "store",
    "store_id",
    "standing",
]


def test_record_is_said_as_the_contract_words_it() -> None:
    line = line_of_record(examples.record())

    assert json.loads(json.dumps(line)) == {
        "schema": 1,
        "scan": "扫描 1.pdf",
        "scan_sha256": "a" * 64,
        "record": "scan-a-1",
        "pages": [1, 1],
        "state": "INDEXED",
        "decided_by": "itself",
        "category": "payment",
        "kind": "receipt",
        "kind_confidence": 0.91,
        "customer_numbers": ["1687189159"],
        "customer_found": "printed",
        "customer_confidence": 0.98,
        "customer_name": "沈树林",
        "fields": {"pay_date": "2024-11-03", "amount": 2310.0},
        "evidence": {
            "pay_date": {
                "page": 1,
                "box": [100.0, 200.0, 300.5, 240.0],
                "dpi": 300.0,
                "text": "2024年11月3日",
                "source": "text",
            },
            "amount": {
                "page": 1,
                "box": [100.0, 200.0, 300.5, 240.0],
                "dpi": 300.0,
                "text": "2,310.00",
                "source": "text",
            },
            "customer_numbers": {
                "page": 1,
                "box": [100.0, 200.0, 300.5, 240.0],
                "dpi": 300.0,
                "text": "16-8718-9159",
                "source": "text",
            },
        },
        "reasons": [],
        "reference_code": "JF-2024-receipt·00001",
        "title": "缴费收据 沈树林 2024-11-03",
        "date": "2024-11-03",
        "summary": "采暖费 2310 元",
        "retention": "D30",
        "language": "zh",
        "duplicate_of": None,
        "second_scan_of": None,
        "store": "folder",
        "store_id": "7",
        "standing": None,
    }


def test_every_line_has_the_same_keys_in_the_same_order() -> None:
    error = ScanUnreadable(Fault.NOT_REGULAR, "链接.pdf")

    assert list(line_of_record(examples.record())) == KEYS
    assert list(line_of_scan(examples.scan(ScanState.REJECTED, reason="blank"))) == KEYS
    assert list(line_not_taken("链接.pdf", None, error)) == KEYS


def test_held_record_names_reasons_and_rivals_but_no_customer() -> None:
    i18n.set_language("en")
    reason = Reason(ReasonCode.NUMBERS_RIVAL, {}, ("1687189159", "3119262009"))

    line = line_of_record(examples.record(reasons=(reason,)))

    assert line["state"] == "HELD"
    assert line["customer_numbers"] == []
    assert line["customer_found"] is None
    assert line["reasons"] == [
        {
            "code": "numbers_rival",
            "sentence": "Several customers fit equally: 1687189159, 3119262009.",
            "customer_numbers": ["1687189159", "3119262009"],
        }
    ]


def test_note_beside_a_filed_record_is_said_once() -> None:
    note = Reason(ReasonCode.REPAIRED)

    line = line_of_record(examples.record(notes=(note,)))

    assert line["state"] == "INDEXED"
    assert [reason["code"] for reason in line["reasons"]] == ["repaired"]


def test_unreadable_scan_has_null_pages_and_its_fault() -> None:
    line = line_of_scan(examples.scan(ScanState.QUARANTINED, reason="encrypted"))

    assert line["pages"] is None
    assert line["record"] is None
    assert line["state"] == "QUARANTINED"
    assert line["reasons"][0]["code"] == "encrypted"


def test_duplicate_names_the_records() -> None:
    line = line_of_scan(examples.scan(ScanState.DUPLICATE, of=("scan-a-1", "scan-a-2")))

    assert line["duplicate_of"] == ["scan-a-1", "scan-a-2"]
    assert line["pages"] == [1, 2]


def test_one_line_a_record_and_one_for_a_scan_without() -> None:
    held = HeldScans([], [examples.record(1), examples.record(2, state=RecordState.DESCRIBED)])
    journal = cast("IJournal", held)

    lines = list(lines_of_scan(examples.scan(), journal))
    alone = list(lines_of_scan(examples.scan(ScanState.RECEIVED), journal))

    assert [(line["record"], line["state"]) for line in lines] == [("scan-a-1", "INDEXED"), ("scan-a-2", "DESCRIBED")]
    assert [(line["record"], line["state"]) for line in alone] == [(None, "RECEIVED")]
