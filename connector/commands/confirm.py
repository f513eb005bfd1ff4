"""`guidang confirm RECORD…`: a person says that held records are right as they stand.

Not for changing anything about them (`guidang correct`).
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from connector.commands.changes import carry_out, person
from connector.commands.session import session_of
from connector.commands.spoken import json_option, verb
from ingest.message import N_
from metadata.values import Change

HELP = N_("Files held records as they stand: a person says they are right.\n\nThey get their reference code now.")


@verb("confirm", HELP)
@click.argument("records", nargs=-1, required=True, metavar="RECORD...")
@json_option
@click.pass_context
def command(context: click.Context, records: Sequence[str], as_json: bool) -> None:
    """Confirm each."""
    with session_of(context).opened() as application:
        carry_out(application, records, Change(confirm=True, by=person()), as_json)
