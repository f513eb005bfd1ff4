"""`guidang push`: carries the folder archive into the store that the configuration names, each record once.

Not for scans under way, which the store gets anyway. The folder archive stays as it is; nothing there is changed or deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from connector.application import Application
from connector.commands import rows, screen
from connector.commands.progress import counted
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _, say
from connector.pushing import CARRIED, SENTENCES, Pushed, PushResult
from ingest.message import N_, GuidangError, Message

HELP = N_(
    "Carries the folder archive into paperless-ngx, each record once.\n\n"
    'Set [store] use = "paperless" and leave [store.folder] in the configuration. Reference codes and what persons gave stay.\n'
    "May be stopped and called again: the archive is asked by digest before anything is sent. The folders stay as they are."
)

RESULTS: Mapping[PushResult, str] = {
    PushResult.SENT: N_("sent"),
    PushResult.FOUND: N_("stood there already"),
    PushResult.MISSING: N_("PDF missing"),
    PushResult.DIFFERS: N_("PDF changed"),
    PushResult.TRASHED: N_("in the trash"),
    PushResult.TAKEN: N_("same bytes there already"),
    PushResult.REFUSED: N_("refused"),
}


@verb("push", HELP)
@option("--dry-run", is_flag=True, help=N_("Only look, and say what would be done; nothing is sent."))
@json_option
@click.pass_context
def command(context: click.Context, dry_run: bool, as_json: bool) -> None:
    """Carry all."""
    done: list[Pushed] = []
    stopped: GuidangError | None = None
    with session_of(context).opened() as application:
        try:
            for pushed in _pushed(application, dry_run=dry_run):
                done.append(pushed)
                if as_json:
                    screen.json_line(line_of(application, pushed))
        except GuidangError as error:
            stopped = error
        if not as_json:
            _tell(application, done)
        if done or stopped is None:
            _say(done, dry_run=dry_run)
        if stopped is not None:
            raise stopped
    left = any(pushed.result not in CARRIED for pushed in done)
    context.exit(ExitCode.SOME_WAIT if left else ExitCode.DONE)


def line_of(application: Application, pushed: Pushed) -> Mapping[str, Any]:
    """Return what became of one record, as the contract words it."""
    record = application.journal.record(pushed.record_id)
    return {
        "schema": 1,
        "record": pushed.record_id,
        "reference_code": record.reference_code if record else None,
        "state": record.state.value if record else None,
        "result": pushed.result.value,
        "store_id": pushed.store_id,
        "sentence": sentence_of(pushed),
    }


def sentence_of(pushed: Pushed) -> str:
    """Return what is said of it, in the reader's language."""
    reason = say(pushed.refusal) if pushed.refusal is not None else ""
    return say(Message(SENTENCES[pushed.result], {"reason": reason}))


def _pushed(application: Application, *, dry_run: bool) -> Iterator[Pushed]:
    with counted(_("Carrying records")) as tell:
        yield from application.push(tell, dry_run=dry_run)


def _tell(application: Application, done: Sequence[Pushed]) -> None:
    """Show how many came to which end, and each record that was not carried."""
    counts = Counter(pushed.result for pushed in done)
    if counts:
        screen.table(
            (_("Result"), _("Records")), [(_(word), str(counts[r])) for r, word in RESULTS.items() if counts[r]]
        )
    left = [pushed for pushed in done if pushed.result not in CARRIED]
    if left:
        screen.table((_("Record"), _("Result"), _("What to do")), [_row(application, pushed) for pushed in left])


def _row(application: Application, pushed: Pushed) -> tuple[str, ...]:
    record = application.journal.record(pushed.record_id)
    name = rows.name_of(record) if record is not None else pushed.record_id
    return (name, _(RESULTS[pushed.result]), sentence_of(pushed))


def _say(done: Sequence[Pushed], *, dry_run: bool) -> None:
    count = sum(pushed.result in CARRIED for pushed in done)
    if dry_run:
        screen.message(
            _("{count} of {total} records would be carried; nothing was sent.").format(count=count, total=len(done))
        )
    else:
        screen.message(_("{count} of {total} records stand in the archive now.").format(count=count, total=len(done)))
