"""`guidang status`: how many scans and records stand where.

Not for single records (`guidang show`) or for what is wrong with the machine (`guidang check`).
"""

from __future__ import annotations

import click

from connector.commands import screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, verb
from connector.i18n import _
from connector.words import state_word
from ingest.message import N_
from metadata.values import RecordState, ScanState

HELP = N_("Shows how many scans and records stand where.\n\nEvery scan ever seen is counted; the sums always add up.")


@verb("status", HELP)
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """Count and show."""
    with session_of(context).opened() as application:
        balance = application.journal.balance()
        if as_json:
            counted = {
                "schema": 1,
                **balance,
                "customers": application.register.count(),
                "store": application.store.name,
            }
            screen.json_line(counted)
            return
        scans, records = balance["scans"], balance["records"]
        screen.pairs(
            [
                (_("Configuration"), str(application.config.path)),
                (_("Archive"), application.store.name),
                (_("Customers in the register"), str(application.register.count())),
                (_("Scans seen"), str(scans.get("seen", 0))),
                *((f"  {state_word(state)}", str(scans.get(state, 0))) for state in ScanState),
                (_("Records"), str(sum(records.get(state, 0) for state in RecordState))),
                *((f"  {state_word(state)}", str(records.get(state, 0))) for state in RecordState),
                (_("  decided by itself"), str(records.get("itself", 0))),
                (_("  decided by a person"), str(records.get("person", 0))),
                (_("  waiting"), str(records.get("waiting", 0))),
            ]
        )
        if records.get(RecordState.HELD):
            screen.message(_("Records wait for a person: `guidang held` lists them."))
