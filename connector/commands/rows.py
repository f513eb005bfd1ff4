"""What became of each scan, as rows of a table: the same for `ingest`, `run --once`, `held`, `search` and the demo.

Not for JSON (`connector.json_lines`). Codes become words here: kinds by the scheme, states and reasons by the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from classifiers.scheme import Scheme
from connector.application import Application
from connector.i18n import _, current_language, say
from connector.json_lines import WITH_RECORDS, reasons_of
from connector.notes import told
from connector.reasons import say_reason
from connector.words import found_word, state_word
from ingest.values import ScanId
from metadata.values import RecordEntry, ScanEntry, ScanState


def outcome_headings() -> tuple[str, ...]:
    """Return the headings that go with `outcome_rows`."""
    return (_("Scan"), _("Pages"), _("What became of it"), _("Kind"), _("Customer"), _("Why, or where"))


def outcome_rows(application: Application, scan_ids: Iterable[ScanId]) -> Iterator[tuple[str, ...]]:
    """Yield one row a record, and one for each scan that became no record."""
    for scan_id in scan_ids:
        scan = application.journal.scan(scan_id)
        if scan is None:
            continue
        records = list(application.journal.records(scan_id=scan_id)) if scan.state in WITH_RECORDS else []
        for record in records:
            yield _record_row(application.scheme, record)
        if not records:
            yield _scan_row(application, scan)


def name_of(record: RecordEntry) -> str:
    """Return what names the record in a command: its reference code, else its id."""
    return record.reference_code or record.description.record_id


def kind_word(scheme: Scheme, kind: str | None) -> str:
    """Return the name of a kind in the reader's language, "" for none."""
    found = scheme.kind(kind)
    return found.names.in_language(current_language()) if found else kind or ""


def customer_word(record: RecordEntry) -> str:
    """Return the number or numbers and the name of the customer, "" where a person must decide."""
    found = record.description.identification
    numbers = " → ".join(found.numbers)
    return f"{numbers} {found.customer.name}" if found.customer else numbers


def why(scheme: Scheme, record: RecordEntry) -> str:
    """Return the reasons and notes of a record; where there is none, how the customer was found."""
    reasons = reasons_of(record)
    if reasons:
        return "\n".join(say_reason(reason, scheme=scheme) for reason in reasons)
    return found_word(record.description.identification.found_by)


def pages_word(record: RecordEntry) -> str:
    """Return the pages of the scan that the record has, such as "2" or "3-5"."""
    first, last = record.description.pages
    return str(first) if first == last else f"{first}-{last}"


def _record_row(scheme: Scheme, record: RecordEntry) -> tuple[str, ...]:
    said = record.description
    state = state_word(record.state)
    kind = kind_word(scheme, said.kind)
    return (
        said.original_name,
        pages_word(record),
        f"{state}\n{name_of(record)}",
        kind,
        customer_word(record),
        why(scheme, record),
    )


def _scan_row(application: Application, scan: ScanEntry) -> tuple[str, ...]:
    pages = f"1-{scan.page_count}" if scan.page_count and scan.page_count > 1 else str(scan.page_count or "")
    if scan.state is ScanState.DUPLICATE:
        reason = _("The same bytes as a scan taken before: {record}.").format(record=_first_of(application, scan))
    else:
        reason = say(told(scan)[0]) if scan.reason_code else ""
    return (scan.original_name, pages, state_word(scan.state), "", "", reason)


def _first_of(application: Application, scan: ScanEntry) -> str:
    for record_id in scan.duplicate_of:
        record = application.journal.record(record_id)
        if record is not None:
            return record.description.title or name_of(record)
    return _("still under way")
