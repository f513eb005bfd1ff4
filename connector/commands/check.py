"""`guidang check`: looks at everything that must be there, and says the remedy for what is not.

Not for the state of the archive's records (`guidang status`). Changes nothing.
"""

from __future__ import annotations

import click

from connector.commands import screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _, say
from connector.interfaces import CheckFinding, Severity
from ingest.message import N_

HELP = N_(
    "Checks recogniser, folders, rights, store and register, with a remedy for each failure.\n\n"
    "Run it after every change of the configuration, and with --dms after every update of paperless."
)
DMS_HELP = N_("Ask the server, too, whether it answers as filing and sync rely on; harmless, changes nothing.")

_MARKS = {Severity.OK: N_("ok"), Severity.WARNING: N_("warning"), Severity.ERROR: N_("error")}


@verb("check", HELP)
@option("--dms", is_flag=True, help=DMS_HELP)
@json_option
@click.pass_context
def command(context: click.Context, *, dms: bool, as_json: bool) -> None:
    """Check and tell."""
    with session_of(context).opened() as application:
        findings = [*application.check(), *(application.ask_store() if dms else ())]
    for finding in findings if as_json else ():
        screen.json_line(_line(finding))
    if not as_json:
        rows = [(_(_MARKS[f.severity]), say(f.subject), say(f.remedy) if f.remedy else "") for f in findings]
        screen.table((_("How"), _("What"), _("What to do")), rows)
    context.exit(exit_code(findings))


def exit_code(findings: list[CheckFinding]) -> ExitCode:
    """Return DONE, or CONFIGURATION where anything must be put right before scans can be filed."""
    return ExitCode.CONFIGURATION if any(f.severity is Severity.ERROR for f in findings) else ExitCode.DONE


def _line(finding: CheckFinding) -> dict[str, object]:
    return {
        "schema": 1,
        "severity": finding.severity.value,
        "subject": say(finding.subject),
        "remedy": say(finding.remedy) if finding.remedy else None,
    }
