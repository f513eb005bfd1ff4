"""`guidang sync`: takes over what people changed in the archive's own pages, once.

Not for changing a record from here (`guidang correct`). `guidang run` does the same every few seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import click

from connector.application import Application
from connector.commands import rows, screen
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _, say
from connector.interfaces import Difference
from connector.sync_news import NAME_SORTS, NEEDS_A_PERSON, Happening
from connector.words import state_word
from ingest.message import N_

HELP = N_(
    "Takes over what people changed in the archive's own pages.\n\n"
    "Kind, customer, facts, title, date and tags reach index and journal; a record whose 待核验 was taken away is confirmed.\n"
    "Says what was deleted, restored or renamed there. Nothing is deleted or filed again. `guidang run` does this all the time."
)


@verb("sync", HELP)
@option(
    "--all", "sweep", is_flag=True, help=N_("Look at every record, not only at what was changed since the last time.")
)
@json_option
@click.pass_context
def command(context: click.Context, sweep: bool, as_json: bool) -> None:
    """Follow once."""
    with session_of(context).opened() as application:
        report = application.sync(sweep=sweep)
        if report is None:
            name = application.store.name
            screen.message(
                _("The archive {store} cannot tell of changes; correct records with `guidang correct`.").format(
                    store=name
                )
            )
            return
        if as_json:
            for one in report.happened:
                screen.json_line(line_of(one))
        elif report.happened:
            screen.table(_headings(), _rows(application, report.happened))
        else:
            screen.message(_("Nothing was changed in the archive since the last time."))
        screen.message(_("{count} documents were looked at.").format(count=report.looked_at))
        if any(one.news in NEEDS_A_PERSON for one in report.happened):
            context.exit(ExitCode.SOME_WAIT)


def line_of(one: Happening) -> Mapping[str, Any]:
    """Return one thing that happened, as the contract words it."""
    return {
        "schema": 1,
        "news": one.news.value,
        "record": one.record_id,
        "store_id": one.store_id,
        "state": one.state.value if one.state else None,
        "by": one.by or None,
        "changed": {name: list(values) for name, values in one.changed.items()},
        "sentence": sentence_of(one),
    }


def sentence_of(one: Happening) -> str:
    """Return what is said of it, in the reader's language."""
    sort = NAME_SORTS.get(one.facts.get("sort", ""))
    return say(replace(one.sentence, facts={**one.facts, "sort": _(sort)}) if sort else one.sentence)


def _headings() -> tuple[str, ...]:
    return (_("Record"), _("State"), _("Who"), _("What was changed"), _("What it means"))


def _rows(application: Application, happened: tuple[Happening, ...]) -> Iterator[tuple[str, ...]]:
    for one in happened:
        record = application.journal.record(one.record_id) if one.record_id is not None else None
        yield (
            rows.name_of(record) if record is not None else "",
            state_word(one.state) if one.state else "",
            one.by,
            "\n".join(f"{name}: {_shown(change)}" for name, change in one.changed.items()),
            sentence_of(one),
        )


def _shown(change: Difference) -> str:
    before, after = (_value(value) for value in change)
    return f"{before} → {after}"


def _value(value: object) -> str:
    if value is None:
        return "–"
    return _("yes") if value is True else str(value)
