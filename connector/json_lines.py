"""The promise of `guidang ingest --json` and `guidang export --json`: one object a record, and one for each scan without one.

Other programs read this, so names and meanings stay (`schema` counts the breaks); `docs/reference/json.md` says what each
key means, and a test holds the two together. Not for the store's sidecars, which may hold more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from classifiers.scheme import Scheme
from classifiers.values import Evidence, FieldValue
from connector.i18n import say, say_error
from connector.notes import told
from connector.reasons import say_reason
from ingest.interfaces import ScanUnreadable
from ingest.message import GuidangError
from metadata.interfaces import IJournal
from metadata.values import DecidedBy, Reason, RecordEntry, ScanEntry, ScanState

SCHEMA = 1

JsonLine = dict[str, Any]
WITH_RECORDS = frozenset({ScanState.READ, ScanState.CLOSED})

EMPTY: JsonLine = {
    "schema": SCHEMA,
    "scan": None,
    "scan_sha256": None,
    "record": None,
    "pages": None,
    "state": None,
    "decided_by": DecidedBy.ITSELF.value,
    "category": None,
    "kind": None,
    "kind_confidence": 0.0,
    "customer_numbers": [],
    "customer_found": None,
    "customer_confidence": 0.0,
    "customer_name": None,
    "fields": {},
    "evidence": {},
    "reasons": [],
    "reference_code": None,
    "title": None,
    "date": None,
    "summary": None,
    "retention": None,
    "language": None,
    "duplicate_of": None,
    "second_scan_of": None,
    "store": None,
    "store_id": None,
    "standing": None,
}
"""Every key of a line, with what stands there while nothing is known."""


def lines_of_scan(scan: ScanEntry, journal: IJournal, scheme: Scheme | None = None) -> Iterator[JsonLine]:
    """Yield one line for each record of the scan in page order, or one for the scan where it has none."""
    records = list(journal.records(scan_id=scan.scan_id)) if scan.state in WITH_RECORDS else []
    if not records:
        yield line_of_scan(scan)
    for record in records:
        yield line_of_record(record, scheme)


def line_of_record(record: RecordEntry, scheme: Scheme | None = None) -> JsonLine:
    """Return everything that is known of a record, as the contract words it; with the scheme, reasons name kinds in words."""
    said = record.description
    customer = said.identification
    return {
        "schema": SCHEMA,
        "scan": said.original_name,
        "scan_sha256": said.scan_sha256,
        "record": said.record_id,
        "pages": list(said.pages),
        "state": record.state.value,
        "decided_by": record.decided_by.value,
        "category": said.category,
        "kind": said.kind,
        "kind_confidence": round(said.kind_confidence, 4),
        "customer_numbers": list(customer.numbers),
        "customer_found": customer.found_by.value if customer.found_by and customer.numbers else None,
        "customer_confidence": round(customer.confidence, 4),
        "customer_name": customer.customer.name if customer.customer else None,
        "fields": {fact.name: field_value(fact.value) for fact in said.facts},
        "evidence": _evidence_of(record),
        "reasons": [_reason(reason, scheme) for reason in reasons_of(record)],
        "reference_code": record.reference_code,
        "title": said.title,
        "date": said.record_date.isoformat() if said.record_date else None,
        "summary": said.summary,
        "retention": said.retention,
        "language": said.language,
        "duplicate_of": None,
        "second_scan_of": said.second_scan_of,
        "store": record.store,
        "store_id": record.store_id,
        "standing": record.standing.value if record.standing else None,
    }


def line_of_scan(scan: ScanEntry) -> JsonLine:
    """Return the line of a scan that became no record, or has none yet: the same keys, mostly empty."""
    return EMPTY | {
        "scan": scan.original_name,
        "scan_sha256": scan.sha256,
        "pages": [1, scan.page_count] if scan.page_count else None,
        "state": scan.state.value,
        "reasons": _reasons_of_scan(scan),
        "duplicate_of": list(scan.duplicate_of) if scan.state is ScanState.DUPLICATE else None,
    }


def line_not_taken(name: str, sha256: str | None, error: GuidangError) -> JsonLine:
    """Return the line of a file that was named to `guidang ingest` but could not even be taken in."""
    code = error.fault.value if isinstance(error, ScanUnreadable) else "not_taken"
    reason = {"code": code, "sentence": say_error(error), "customer_numbers": []}
    return EMPTY | {"scan": name, "scan_sha256": sha256, "state": ScanState.QUARANTINED.value, "reasons": [reason]}


def reasons_of(record: RecordEntry) -> tuple[Reason, ...]:
    """Return why a record is held, then what is noted beside it, each once."""
    said = record.description
    return said.reasons + tuple(note for note in said.identification.notes if note not in said.reasons)


def _reasons_of_scan(scan: ScanEntry) -> list[JsonLine]:
    if not scan.reason_code:
        return []
    what, remedy = told(scan)
    return [{"code": scan.reason_code, "sentence": f"{say(what)} {say(remedy)}", "customer_numbers": []}]


def _reason(reason: Reason, scheme: Scheme | None) -> JsonLine:
    return {
        "code": reason.code.value,
        "sentence": say_reason(reason, scheme=scheme),
        "customer_numbers": list(reason.customer_numbers),
    }


def _evidence_of(record: RecordEntry) -> Mapping[str, JsonLine]:
    seen = {fact.name: evidence_line(fact.evidence) for fact in record.description.facts if fact.evidence}
    customer = record.description.identification.evidence
    return seen | ({"customer_numbers": evidence_line(customer)} if customer else {})


def evidence_line(evidence: Evidence) -> JsonLine:
    """Return an evidence as the contract words it."""
    box = evidence.box
    return {
        "page": evidence.page_number,
        "box": [round(side, 1) for side in (box.left, box.top, box.right, box.bottom)],
        "dpi": round(evidence.dpi, 2),
        "text": evidence.text,
        "source": evidence.source.value,
    }


def field_value(value: FieldValue) -> str | float | bool | list[float]:
    """Return a value as the contract writes it: dates ISO, lists of numbers as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
