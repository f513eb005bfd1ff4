"""`guidang show RECORD`: all that is known of one record, and where on the page each thing was seen.

Not for changing it.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from classifiers.values import Evidence, EvidenceSource, FieldValue
from connector.application import Application
from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, verb
from connector.i18n import _, current_language
from connector.json_lines import line_of_record
from connector.words import DECIDED_BY, found_word, standing_word, state_word
from ingest.message import N_
from metadata.values import RecordEntry

HELP = N_(
    "Shows everything about one record, with the evidence for it.\n\n"
    "RECORD is its reference code, its id, or a beginning of the id that is unique."
)


@verb("show", HELP)
@click.argument("record", metavar="RECORD")
@json_option
@click.pass_context
def command(context: click.Context, record: str, as_json: bool) -> None:
    """Find and show it."""
    with session_of(context).opened() as application:
        entry = application.journal.find_record(record)
        if as_json:
            screen.json_line(line_of_record(entry, application.scheme))
            return
        screen.pairs(_about(application, entry), title=entry.description.title)
        screen.table((_("Fact"), _("Value"), _("Sure"), _("Page"), _("Box"), _("As read")), _facts(application, entry))


def _about(application: Application, entry: RecordEntry) -> Iterator[tuple[str, str]]:
    said, language = entry.description, current_language()
    category = application.scheme.category(said.category)
    scan = application.journal.scan(said.scan_id)
    yield _("Record"), said.record_id
    yield _("State"), f"{state_word(entry.state)} ({_(DECIDED_BY[entry.decided_by])})"
    yield _("Reference code"), entry.reference_code or "-"
    yield _("Category"), category.names.in_language(language) if category else "-"
    yield _("Kind"), f"{rows.kind_word(application.scheme, said.kind) or '-'} ({said.kind_confidence:.2f})"
    yield _("Customer"), rows.customer_word(entry) or "-"
    yield (
        _("Customer found by"),
        f"{found_word(said.identification.found_by) or '-'} ({said.identification.confidence:.2f})",
    )
    yield _("Date"), said.record_date.isoformat() if said.record_date else "-"
    yield _("Summary"), said.summary or "-"
    yield _("Retention"), said.retention or "-"
    yield _("Why"), rows.why(application.scheme, entry) or "-"
    yield _("Scan"), _("{name}, pages {pages}").format(name=said.original_name, pages=rows.pages_word(entry))
    yield _("Scan stands at"), str((scan.kept_path or scan.work_path) if scan else "-")
    there = f" ({standing_word(entry.standing)})" if entry.standing else ""
    yield _("In the archive"), f"{entry.store or '-'}: {entry.store_id or '-'}{there}"
    if said.second_scan_of:
        yield _("Second scan of"), said.second_scan_of
    if entry.touched:
        yield _("Given by a person"), ", ".join(sorted(entry.touched))


def _facts(application: Application, entry: RecordEntry) -> Iterator[tuple[str, ...]]:
    said, language = entry.description, current_language()
    customer = said.identification
    if customer.evidence:
        yield (_("Customer"), ", ".join(customer.numbers), f"{customer.confidence:.2f}", *seen(customer.evidence))
    kind = application.scheme.kind(said.kind)
    for fact in said.facts:
        spec = kind.field(fact.name) if kind else None
        name = f"{spec.names.in_language(language)} ({fact.name})" if spec else fact.name
        yield (name, value_word(fact.value), f"{fact.confidence:.2f}", *seen(fact.evidence))


def seen(evidence: Evidence | None) -> tuple[str, str, str]:
    """Return page, box and text of an evidence; that it was given where there is none."""
    if evidence is None:
        return ("", "", _("given"))
    box = evidence.box
    sides = ", ".join(f"{side:.0f}" for side in (box.left, box.top, box.right, box.bottom))
    is_taught = evidence.source is EvidenceSource.TAUGHT
    text = _("{text} (label learned from corrections)").format(text=evidence.text) if is_taught else evidence.text
    return (str(evidence.page_number), sides, text)


def value_word(value: FieldValue) -> str:
    """Return a value as people write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}" if value < 100_000 else f"{value:.2f}"
    return ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else str(value)
