"""`guidang reject RECORD…`: a person says that held records do not belong in the archive (退回).

Not for deleting: nothing is ever deleted by us; the record keeps its place, marked as rejected.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from connector.commands.changes import carry_out, person
from connector.commands.session import session_of
from connector.commands.spoken import json_option, verb
from ingest.message import N_
from metadata.values import Change

HELP = N_(
    "Refuses held records: they do not belong in the archive.\n\n"
    "Nothing is deleted; they are marked as rejected and get no reference code."
)


@verb("reject", HELP)
@click.argument("records", nargs=-1, required=True, metavar="RECORD...")
@json_option
@click.pass_context
def command(context: click.Context, records: Sequence[str], as_json: bool) -> None:
    """Reject each."""
    with session_of(context).opened() as application:
        carry_out(application, records, Change(reject=True, by=person()), as_json)
