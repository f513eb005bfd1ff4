"""`guidang search WORDS`: finds records by words of their pages and descriptions.

Not a query language: all words must be there; two Chinese characters or a part of a number are enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.i18n import _
from connector.json_lines import line_of_record
from connector.words import state_word
from ingest.message import N_

HELP = N_(
    "Finds the records that hold all the words, best first.\n\nTwo Chinese characters or a part of a number are enough."
)


@verb("search", HELP)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help=N_("At most so many records."))
@json_option
@click.pass_context
def command(context: click.Context, words: Sequence[str], limit: int, as_json: bool) -> None:
    """Search and list."""
    with session_of(context).opened() as application:
        ids = application.index.search(" ".join(words), limit)
        found = [record for record in map(application.journal.record, ids) if record is not None]
        if as_json:
            for record in found:
                screen.json_line(line_of_record(record, application.scheme))
            return
        if not found:
            screen.message(_("No record holds all these words."))
            return
        headings = (_("Record"), _("State"), _("Title"), _("Date"), _("In the archive"))
        screen.table(
            headings,
            [
                (
                    rows.name_of(record),
                    state_word(record.state),
                    record.description.title,
                    record.description.record_date.isoformat() if record.description.record_date else "",
                    record.store_id or "",
                )
                for record in found
            ],
        )
