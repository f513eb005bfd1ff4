"""`guidang customers import FILE.csv`: the company's register of customers, brought in whole.

Not for changing single customers: the company's own system does that, and exports a file.
"""

from __future__ import annotations

from pathlib import Path

import click

from connector.application import ImportReport
from connector.commands import screen
from connector.commands.session import session_of
from connector.commands.spoken import Verbs, json_option, option, verb
from connector.i18n import _
from ingest.message import N_

HELP = N_("Brings in the register of customers.")
IMPORT_HELP = N_(
    "Makes the register equal to a CSV file, and says what changed.\n\n"
    "Usual Chinese and English headings are known; [register.columns] in the configuration names others.\n"
    "Customers that the file no longer has are removed: asked first, unless --yes."
)
_LISTED = 5


@click.group("customers", cls=Verbs, help=HELP)
def command() -> None:
    """Hold the verbs about customers."""


@verb("import", IMPORT_HELP)
@click.argument("path", metavar="FILE.csv", type=click.Path(path_type=Path))
@option("--yes", is_flag=True, help=N_("Do not ask before customers are removed."))
@option("--dry-run", is_flag=True, help=N_("Say what would be changed, and change nothing."))
@json_option
@click.pass_context
def import_customers(context: click.Context, path: Path, *, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Import the file."""
    with session_of(context).opened() as application:
        report = application.import_customers(path, dry_run=True)
        if not dry_run:
            if report.removed and not yes:
                question = _("{removed} customers are no longer in the file and will be removed. Go on?")
                click.confirm(question.format(removed=report.removed), abort=True, err=True)
            report = application.import_customers(path)
        if as_json:
            screen.json_line(_line(report, dry_run))
            return
        _tell(report)
        if dry_run:
            screen.message(_("Nothing was changed (--dry-run)."))


command.add_command(import_customers)


def _tell(report: ImportReport) -> None:
    screen.pairs(
        [
            (_("Customers in the register"), str(report.customers)),
            (_("  added"), str(report.added)),
            (_("  changed"), str(report.changed)),
            (_("  removed"), str(report.removed)),
        ]
    )
    if report.doubles:
        said = _("{count} numbers stood in the file twice; the first row counts: {numbers}")
        screen.message(said.format(count=len(report.doubles), numbers=_some(report.doubles)))
    if report.bad_checks:
        said = _("{count} numbers have a wrong check digit and were kept: {numbers}")
        screen.message(said.format(count=len(report.bad_checks), numbers=_some(report.bad_checks)))


def _some(numbers: tuple[str, ...]) -> str:
    return ", ".join(numbers[:_LISTED]) + (" …" if len(numbers) > _LISTED else "")


def _line(report: ImportReport, dry_run: bool) -> dict[str, object]:
    return {
        "schema": 1,
        "dry_run": dry_run,
        "customers": report.customers,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "doubles": list(report.doubles),
        "bad_checks": list(report.bad_checks),
    }
