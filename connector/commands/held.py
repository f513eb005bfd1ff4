"""`guidang held`: what waits for a person, why, and between which customers.

Not for deciding: that is `guidang correct`, `confirm` and `reject`, or the archive's own pages.
"""

from __future__ import annotations

import click

from connector.application import Application
from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, verb
from connector.i18n import _
from connector.json_lines import line_of_record
from connector.reasons import say_reason
from ingest.message import N_
from metadata.values import RecordEntry, RecordState

HELP = N_(
    "Lists the records that wait for a person, with the reasons.\n\n"
    "Decide with `guidang correct`, `guidang confirm` or `guidang reject`; the first column names the record."
)


@verb("held", HELP)
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List them, oldest first."""
    with session_of(context).opened() as application:
        waiting = list(application.journal.records(frozenset({RecordState.HELD})))
        if as_json:
            for record in waiting:
                screen.json_line(line_of_record(record, application.scheme))
            return
        if not waiting:
            screen.message(_("Nothing waits for a person."))
            return
        headings = (_("Record"), _("Scan"), _("Pages"), _("Kind"), _("Why"), _("Possible customers"))
        screen.table(headings, [_row(application, record) for record in waiting])
        screen.message(
            _("Decide with: guidang correct RECORD --customer NUMBER, guidang confirm RECORD, guidang reject RECORD")
        )


def _row(application: Application, record: RecordEntry) -> tuple[str, ...]:
    said = record.description
    reasons = "\n".join(say_reason(reason, scheme=application.scheme) for reason in said.reasons)
    rivals = dict.fromkeys(number for reason in said.reasons for number in reason.customer_numbers)
    kind = rows.kind_word(application.scheme, said.kind)
    names = "\n".join(_named(application, number) for number in rivals)
    return (rows.name_of(record), said.original_name, rows.pages_word(record), kind, reasons, names)


def _named(application: Application, number: str) -> str:
    customer = application.register.by_number(number)
    return f"{number} {customer.name}" if customer else number
