"""`guidang sheets OUT.pdf`: separator sheets to print, with what they give to the paper behind them.

Not for drawing (`connector.separator_sheets`). What a sheet gives is believed without a look at the paper, so it is checked here, once:
a kind of the scheme, a customer of the register.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from classifiers.scheme import Names
from connector.application import Application
from connector.commands import screen
from connector.commands.correct import kind_code
from connector.commands.session import session_of
from connector.commands.spoken import option, verb
from connector.i18n import Language, _, say, translated
from connector.separator_sheets import SheetText, sheets_pdf
from ingest.message import N_, os_reason

HELP = N_(
    "Makes a PDF of separator sheets to print: A4, with a QR code and a Code 128.\n\n"
    "Lay one before each paper and scan the whole stack. What is given here holds for the paper behind the sheet and wins "
    "over what it seems to say. Print once, use again and again."
)
TITLE = N_("Separator sheet")
SENTENCE = N_("Lay it before a paper, scan all in one go. This page is not kept. Use it again.")
MOST_COPIES = 500

Given = list[tuple[str, str]]
Pairs = list[tuple[str, Names]]


@verb("sheets", HELP)
@click.argument("out_path", metavar="OUT.pdf", type=click.Path(path_type=Path, dir_okay=False))
@option("--kind", metavar="KIND", help=N_("Gives the kind, by its code or name."))
@option("--customer", metavar="NUMBER", help=N_("Gives the customer; the register must know the number."))
@option("--department", metavar="NAME", help=N_("Gives the department; no blanks in its name."))
@option("--copies", type=click.IntRange(1, MOST_COPIES), default=1, show_default=True, help=N_("So many equal sheets."))
@option("--yes", is_flag=True, help=N_("Do not ask before a file is overwritten."))
@click.pass_context
def command(
    context: click.Context,
    out_path: Path,
    *,
    kind: str | None,
    customer: str | None,
    department: str | None,
    copies: int,
    yes: bool,
) -> None:
    """Write the PDF."""
    with session_of(context).opened() as application:
        given, pairs = _given(application, kind, customer, department)
        codes = application.config.reading.separator_codes
        if not codes:
            raise click.UsageError(_("The configuration names no separator code: see separator_codes in [reading]."))
        written = sheets_pdf(codes[0], given, tuple(_texts(pairs)), copies)
    if out_path.exists() and not yes:
        click.confirm(_("{path} stands there already. Overwrite it?").format(path=out_path), abort=True, err=True)
    try:
        out_path.write_bytes(written)
    except OSError as error:
        reason = say(os_reason(error))
        raise click.UsageError(_("Cannot write {path}: {reason}.").format(path=out_path, reason=reason)) from error
    screen.message(_("Print {path} at its true size (100 %), on white paper.").format(path=out_path))


def _given(
    application: Application, kind: str | None, customer: str | None, department: str | None
) -> tuple[Given, Pairs]:
    """Return what the code says and how a person reads it; raises UsageError for what could never be right."""
    given: Given = []
    pairs: Pairs = []
    if kind:
        code = kind_code(application.scheme, kind)
        found = application.scheme.kind(code)
        given.append(("kind", code))
        pairs.append((N_("Kind"), found.names if found else Names(code, code)))
    if customer:
        number = _known(application, customer)
        given.append(("customer", number))
        pairs.append((N_("Customer number"), Names(number, number)))
    if department:
        if department.split() != [department]:
            raise click.UsageError(
                _("A department on a sheet has no blanks in its name: {name}.").format(name=department)
            )
        given.append(("department", department))
        pairs.append((N_("Department"), Names(department, department)))
    return given, pairs


def _known(application: Application, text: str) -> str:
    """Return the customer number, its check right and registered; raises UsageError."""
    number = application.numbers.normal(text)
    if number is None:
        raise click.UsageError(
            _("{number} is no customer number of any form in the configuration.").format(number=text)
        )
    if not application.numbers.is_valid(number):
        raise click.UsageError(_("The check digit of {number} is wrong.").format(number=number))
    if application.register.by_number(number) is None:
        raise click.UsageError(_("The register does not know the customer number {number}.").format(number=number))
    return number


def _texts(pairs: Pairs) -> Iterator[SheetText]:
    for language in (Language.ZH, Language.EN):
        yield SheetText(
            translated(TITLE, language),
            [(translated(label, language), names.in_language(language)) for label, names in pairs],
            translated(SENTENCE, language),
        )
