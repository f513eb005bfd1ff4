"""`guidang correct RECORD`: a person puts kind, customer or facts right; what they give is kept for ever.

Not for judging what they give: a number whose check fails is kept and flagged. Only the form of a value is checked here,
against the scheme's own types, because a date that is no date could never be searched.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import click

from classifiers.scheme import FieldSpec, FieldType, Scheme
from classifiers.values import FieldValue
from connector.application import Application
from connector.commands import screen
from connector.commands.changes import person, tell
from connector.commands.given_values import value_of
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.i18n import _
from ingest.message import N_
from metadata.values import Change, RecordEntry

HELP = N_(
    "Puts a record right: its kind, its customer, its facts.\n\n"
    "Everything derived from them (category, title, place, retention) is made anew. What you give is never overwritten.\n"
    "A transfer form has two customers: --customer OLD --customer NEW. An empty value (--field amount=) removes a fact."
)


@verb("correct", HELP)
@click.argument("record", metavar="RECORD")
@option("--kind", metavar="KIND", help=N_("The kind, by its code or name."))
@option(
    "--customer",
    "customers",
    multiple=True,
    metavar="NUMBER",
    help=N_("The customer number; twice on a transfer form."),
)
@option("--field", "fields", multiple=True, metavar="NAME=VALUE", help=N_("A fact, by its name; dates as 2024-11-03."))
@option("--dry-run", is_flag=True, help=N_("Say what would be changed, and change nothing."))
@json_option
@click.pass_context
def command(
    context: click.Context,
    record: str,
    *,
    kind: str | None,
    customers: Sequence[str],
    fields: Sequence[str],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Change it."""
    if not (kind or customers or fields):
        raise click.UsageError(_("Nothing to change: give --kind, --customer or --field."))
    with session_of(context).opened() as application:
        entry = application.journal.find_record(record)
        code = kind_code(application.scheme, kind) if kind else None
        given = dict(_field(application.scheme, code or entry.description.kind, text) for text in fields)
        change = Change(code, tuple(customers) or None, given, by=person())
        if dry_run:
            _tell_plan(application, entry, change)
            return
        tell(application, application.change(entry, change), as_json)


def kind_code(scheme: Scheme, wanted: str) -> str:
    """Return the code of the kind that a person names by code or name; raises UsageError with the nearest."""
    names = {name: k.code for k in scheme.kinds for name in (k.names.zh, k.names.en, k.code)}
    if wanted in names:
        return names[wanted]
    near = difflib.get_close_matches(wanted, names, n=1)
    hint = _("Did you mean {possibility}?").format(possibility=near[0]) if near else ""
    known = _("Known are: {known}.").format(known=", ".join(k.code for k in scheme.kinds))
    raise click.UsageError(f"{_('There is no kind {name}.').format(name=wanted)} {hint or known}")


def _field(scheme: Scheme, kind: str | None, text: str) -> tuple[str, FieldValue | None]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(_("Write --field NAME=VALUE, not {text}.").format(text=text))
    spec = _spec(scheme, kind, name.strip())
    if not value.strip():
        return spec.name, None
    try:
        return spec.name, value_of(spec, value.strip())
    except ValueError:
        expected = _EXPECTED.get(spec.type, N_("one of: {choices}"))
        choices = ", ".join(choice.value for choice in spec.choices)
        sentence = _("{value} does not fit {name}; write {expected}.")
        raise click.UsageError(
            sentence.format(value=value, name=spec.name, expected=_(expected).format(choices=choices))
        ) from None


_EXPECTED = {
    FieldType.DATE: N_("a date such as 2024-11-03"),
    FieldType.AMOUNT: N_("a number such as 1234.50"),
    FieldType.AREA: N_("a number such as 1234.50"),
    FieldType.TEMPERATURE: N_("a number such as 21.5"),
    FieldType.TEMPERATURES: N_("numbers such as 21.5,22,20.5"),
    FieldType.BOOL: N_("yes or no"),
}


def _spec(scheme: Scheme, kind: str | None, name: str) -> FieldSpec:
    found = scheme.kind(kind)
    specs = {spec.name: spec for spec in (found.fields if found else scheme.field_specs)}
    if name in specs:
        return specs[name]
    near = difflib.get_close_matches(name, specs, n=1)
    hint = _("Did you mean {possibility}?").format(possibility=near[0]) if near else ""
    known = _("Known are: {known}.").format(known=", ".join(specs))
    raise click.UsageError(f"{_('This kind has no fact {name}.').format(name=name)} {hint or known}")


def _tell_plan(application: Application, entry: RecordEntry, change: Change) -> None:
    del application
    said = entry.description
    facts = {fact.name: str(fact.value) for fact in said.facts}
    rows = []
    if change.kind is not None:
        rows.append((_("Kind"), said.kind or "-", change.kind))
    if change.customer_numbers is not None:
        rows.append((_("Customer"), ", ".join(said.identification.numbers) or "-", ", ".join(change.customer_numbers)))
    for name, value in change.fields.items():
        rows.append((name, facts.get(name, "-"), "-" if value is None else str(value)))
    screen.table((_("What"), _("Now"), _("Would become")), rows)
    screen.message(_("Nothing was changed (--dry-run)."))
