"""`guidang export`: the catalogue (档案目录) as CSV, or everything as JSON lines.

Not for moving an archive elsewhere; the archive itself holds the PDFs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import click

from connector.application import Application
from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, verb
from connector.i18n import _, current_language
from connector.json_lines import lines_of_scan
from connector.words import state_word
from ingest.message import N_
from metadata.values import RecordEntry

HELP = N_(
    "Prints the catalogue of all records as CSV, or with --json everything that is known.\n\n"
    "With --json: one line a record, and one for every scan that became no record."
)


@verb("export", HELP)
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """Print it, oldest scan first."""
    with session_of(context).opened() as application:
        if as_json:
            for scan in application.journal.scans():
                for line in lines_of_scan(scan, application.journal, application.scheme):
                    screen.json_line(line)
            return
        click.echo(_csv_line(_headings()), nl=False)
        for record in application.journal.records():
            click.echo(_csv_line(tuple(_catalogue_row(application, record))), nl=False)


def _headings() -> tuple[str, ...]:
    said = (
        _("Reference code"),
        _("Title"),
        _("Date"),
        _("Category"),
        _("Kind"),
        _("Customer number"),
        _("Customer name"),
    )
    return (*said, _("Summary"), _("Retention"), _("State"), _("Scan"), _("Pages"), _("Archive"), _("Place"))


def _catalogue_row(application: Application, record: RecordEntry) -> Iterator[str]:
    said = record.description
    category = application.scheme.category(said.category)
    yield record.reference_code or ""
    yield said.title
    yield said.record_date.isoformat() if said.record_date else ""
    yield category.names.in_language(current_language()) if category else ""
    yield rows.kind_word(application.scheme, said.kind)
    yield " ".join(said.identification.numbers)
    yield said.identification.customer.name if said.identification.customer else ""
    yield said.summary
    yield said.retention or ""
    yield state_word(record.state)
    yield said.original_name
    yield rows.pages_word(record)
    yield record.store or ""
    yield record.store_id or ""


def _csv_line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(_harmless(cell) for cell in cells)
    return line.getvalue()


def _harmless(cell: str) -> str:
    """Return the cell so that a spreadsheet takes it for text: a paper could carry "=…" where a name should stand."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
