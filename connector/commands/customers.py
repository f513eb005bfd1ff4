"""`guidang customers import FILE.csv | check`: the company's register of customers, brought in whole, and looked through.

Not for changing single customers: the company's own system does that, and exports a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from connector.application import ImportReport
from connector.commands import screen
from connector.commands.session import session_of
from connector.commands.spoken import Verbs, json_option, option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _
from ingest.message import N_
from metadata.values import RegisterFault, RegisterFinding

HELP = N_("Brings in the register of customers, and looks for what is wrong in it.")
IMPORT_HELP = N_(
    "Makes the register equal to a CSV file, and says what changed.\n\n"
    "Usual Chinese and English headings are known; [register.columns] in the configuration names others.\n"
    "Customers that the file no longer has are removed: asked first, unless --yes."
)
CHECK_HELP = N_(
    "Looks for what is wrong or dangerous in the register: doubles, bad check digits, near collisions.\n\n"
    "Correct it where the customers come from; nothing is changed here."
)
_LISTED = 5

_FAULTS: Mapping[RegisterFault, tuple[str, str]] = {
    RegisterFault.TWICE: (
        N_("stand in the source more than once"),
        N_("Only the first row counts: take the others out."),
    ),
    RegisterFault.NO_FORM: (
        N_("fit no form of customer number"),
        N_("Correct them, or add their form to [customer_number] in the configuration."),
    ),
    RegisterFault.BAD_CHECK: (
        N_("have a wrong check digit"),
        N_("Records with these numbers are held: correct the numbers."),
    ),
    RegisterFault.SAME_PERSON: (
        N_("are one name at one address, twice in use"),
        N_("Probably one customer with two numbers: close one of them."),
    ),
    RegisterFault.NO_SUCCESSOR: (
        N_("were closed, and their successor is not known"),
        N_("Name under transferred_to the number that took over."),
    ),
    RegisterFault.SAME_METER: (
        N_("share a meter, and are in use"),
        N_("A meter does not tell them apart: correct it, or close the account that has ended."),
    ),
    RegisterFault.SAME_CONTRACT: (
        N_("share a contract number, and are in use"),
        N_("A contract number does not tell them apart: correct it where it is wrong."),
    ),
    RegisterFault.NO_PLACE: (
        N_("have no address, contract or meter"),
        N_("Only the name can confirm their number: add an address."),
    ),
    RegisterFault.NEAR_ALIKE: (
        N_("differ in one or two signs that look alike or changed places"),
        N_("Nothing to correct: a misread number is told apart by name and address only."),
    ),
    RegisterFault.NEAR: (
        N_("differ in one or two signs"),
        N_("Nothing to correct: it is good to know."),
    ),
}
_WRONG = frozenset({RegisterFault.TWICE, RegisterFault.NO_FORM, RegisterFault.BAD_CHECK, RegisterFault.NO_SUCCESSOR})
"""Faults that keep records from being filed; the others are dangers."""


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


@verb("check", CHECK_HELP)
@json_option
@click.pass_context
def check_customers(context: click.Context, as_json: bool) -> None:
    """Look and tell."""
    with session_of(context).opened() as application:
        findings = tuple(application.check_customers())
        count = application.register.count()
    if as_json:
        for finding in findings:
            screen.json_line(_finding_line(finding))
    elif findings:
        headings = (_("How many"), _("Customers"), _("What is wrong"), _("What to do"))
        screen.table(headings, [_finding_row(finding) for finding in findings])
    else:
        screen.message(_("Nothing is wrong with the {count} customers of the register.").format(count=count))
    is_wrong = any(finding.fault in _WRONG for finding in findings)
    context.exit(ExitCode.CONFIGURATION if is_wrong else ExitCode.DONE)


for _verb in (import_customers, check_customers):
    command.add_command(_verb)


def _finding_row(finding: RegisterFinding) -> tuple[str, ...]:
    what, remedy = _FAULTS[finding.fault]
    groups = [" / ".join(group) for group in finding.groups[:_LISTED]]
    numbers = "\n".join(groups) + ("\n…" if len(finding.groups) > _LISTED else "")
    return str(len(finding.groups)), numbers, _(what), _(remedy)


def _finding_line(finding: RegisterFinding) -> dict[str, object]:
    what, remedy = _FAULTS[finding.fault]
    return {
        "schema": 1,
        "fault": finding.fault.value,
        "wrong": finding.fault in _WRONG,
        "count": len(finding.groups),
        "customers": [list(group) for group in finding.groups],
        "sentence": _(what),
        "remedy": _(remedy),
    }


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
