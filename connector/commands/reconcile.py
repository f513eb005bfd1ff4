"""`guidang reconcile`: compares journal, index, archive and `done/`, and repairs what a person agrees to.

Not for following people's changes (`guidang sync`). Without --repair nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from connector.application import Application
from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _, say_error
from connector.interfaces import OutcomeUnknown, StoreForbidden, StoreUnreachable
from connector.lease import AlreadyRunning
from connector.reconciling import PROPOSALS, SENTENCES, Finding
from connector.repairs import Reconciler
from ingest.message import N_, GuidangError

HELP = N_(
    "Compares journal, index, archive and done/, and proposes repairs.\n\n"
    "Finds records that are gone or unknown, changed files, missing originals and texts. Changes nothing without --repair, and\n"
    "then asks before each repair, unless --yes. Nothing is ever deleted. Best while `guidang run` is stopped."
)


@verb("reconcile", HELP)
@option("--repair", is_flag=True, help=N_("Carry out the proposed repairs, one by one."))
@option("--yes", is_flag=True, help=N_("Do not ask before a repair."))
@json_option
@click.pass_context
def command(context: click.Context, repair: bool, yes: bool, as_json: bool) -> None:
    """Compare, and repair."""
    with session_of(context).opened() as application:
        reconciler = application.reconciler()
        findings = tuple(reconciler.look())
        if not findings:
            screen.message(_("Everything agrees."))
        elif not as_json:
            screen.table(_headings(), [_row(application, finding) for finding in findings])
        left = 0
        for finding in findings:
            done, error = False, None
            if repair and finding.repair is not None and (yes or _agreed(application, finding)):
                done, error = _repaired(reconciler, finding)
            left += not done
            if as_json:
                screen.json_line(line_of(finding, done=done, error=error))
            elif error is not None:
                screen.message(f"{_name(application, finding)}: {error}")
        if repair:
            screen.message(
                _("{count} of {total} were repaired.").format(count=len(findings) - left, total=len(findings))
            )
    context.exit(ExitCode.SOME_WAIT if left else ExitCode.DONE)


def line_of(finding: Finding, *, done: bool = False, error: str | None = None) -> Mapping[str, Any]:
    """Return one finding as the contract words it."""
    return {
        "schema": 1,
        "trouble": finding.trouble.value,
        "record": finding.record_id,
        "scan_id": finding.scan_id,
        "store_id": finding.store_id,
        "path": str(finding.path) if finding.path else None,
        "sentence": _(SENTENCES[finding.trouble]),
        "repair": finding.repair.value if finding.repair else None,
        "proposal": _(PROPOSALS[finding.repair]) if finding.repair else None,
        "done": done,
        "error": error,
    }


def _repaired(reconciler: Reconciler, finding: Finding) -> tuple[bool, str | None]:
    """Carry out one repair; one that fails stops no other, but a store that is away or forbids does, and another guidang."""
    try:
        reconciler.repair(finding)
    except (StoreUnreachable, OutcomeUnknown, StoreForbidden, AlreadyRunning):
        raise
    except GuidangError as error:
        return False, say_error(error)
    return True, None


def _agreed(application: Application, finding: Finding) -> bool:
    """Ask; a plain Enter leaves it."""
    proposal = _(PROPOSALS[finding.repair]) if finding.repair else ""
    said = f"{_name(application, finding)}: {_(SENTENCES[finding.trouble])} {proposal}"
    return click.confirm(said, default=False, err=True)


def _headings() -> Sequence[str]:
    return (_("Record or file"), _("What does not agree"), _("Proposed repair"))


def _row(application: Application, finding: Finding) -> Sequence[str]:
    proposal = _(PROPOSALS[finding.repair]) if finding.repair else ""
    return (_name(application, finding), _(SENTENCES[finding.trouble]), proposal)


def _name(application: Application, finding: Finding) -> str:
    record = None if finding.record_id is None else application.journal.record(finding.record_id)
    if record is not None:
        return rows.name_of(record)
    return str(finding.path or finding.record_id or finding.scan_id or "")
