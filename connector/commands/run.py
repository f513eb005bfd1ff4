"""`guidang run`: watches the inboxes until stopped; with `--once` takes what is there and ends.

Not for scans that lie elsewhere (`guidang ingest`).
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event
from types import FrameType

import click

from connector.application import Application
from connector.commands import rows, screen
from connector.commands.outcomes import exit_code, work_through
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.i18n import _
from connector.json_lines import lines_of_scan
from connector.words import STATES, state_word
from ingest.message import N_
from ingest.values import ScanId

HELP = N_(
    "Watches the inboxes and files what arrives, until it is stopped.\n\n"
    "With --once: takes what is there, says what became of it, and ends."
)
_LOOKS_IN_VAIN = 5  # scans that still grow after so many quiet times are left for the next run
_MARGIN_SECONDS = 0.1
_ENDS = frozenset({"CLOSED", "QUARANTINED", "DUPLICATE", "REJECTED"})


@verb("run", HELP)
@option("--once", is_flag=True, help=N_("Take what is there, and end."))
@json_option
@click.pass_context
def command(context: click.Context, once: bool, as_json: bool) -> None:
    """Run."""
    with session_of(context).opened() as application:
        if once:
            context.exit(_run_once(application, as_json))
        _run_until_stopped(application, as_json)


def _run_once(application: Application, as_json: bool) -> int:
    touched: dict[str, None] = {}
    application.journal.subscribe(lambda entry_id, _state: touched.setdefault(entry_id))
    unsettled = _look_until_settled(application)
    stopped = work_through(application)
    scans = [scan for scan in map(application.journal.scan, map(ScanId, touched)) if scan is not None]
    if as_json:
        for scan in scans:
            for line in lines_of_scan(scan, application.journal, application.scheme):
                screen.json_line(line)
    elif scans:
        screen.table(rows.outcome_headings(), rows.outcome_rows(application, [scan.scan_id for scan in scans]))
    else:
        screen.message(_("Nothing new in the inboxes."))
    if unsettled:
        screen.message(_("{count} scans are still arriving; the next run takes them.").format(count=unsettled))
    if stopped is not None:
        raise stopped
    return exit_code(application, [scan.scan_id for scan in scans])


def _look_until_settled(application: Application) -> int:
    """Claim what is there; return how many scans would not settle (a file settles by staying the same between two looks)."""
    quiet_seconds = max(section.quiet_seconds for section in application.config.inboxes)
    application.look()
    unsettled, looks_in_vain = _unsettled(application), 0
    while unsettled and looks_in_vain < _LOOKS_IN_VAIN:
        Event().wait(quiet_seconds + _MARGIN_SECONDS)
        application.look()
        before, unsettled = unsettled, _unsettled(application)
        looks_in_vain = looks_in_vain + 1 if unsettled == before else 0
    return unsettled


def _unsettled(application: Application) -> int:
    return sum(inbox.unsettled() for inbox in application.inboxes.values())


def _run_until_stopped(application: Application, as_json: bool) -> None:
    stop = Event()
    before = [(number, signal.signal(number, _setting(stop))) for number in (signal.SIGINT, signal.SIGTERM)]
    application.journal.subscribe(_telling(application, as_json))
    screen.message(
        _("Watching {inboxes}. Stop with Ctrl-C.").format(inboxes=", ".join(i.name for i in application.config.inboxes))
    )
    try:
        application.run(stop)
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    screen.message(_("Stopped. What was begun goes on with the next run."))


def _setting(stop: Event) -> Callable[[int, FrameType | None], None]:
    def set_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return set_stop


def _telling(application: Application, as_json: bool) -> Callable[[str, str], None]:
    """Return the subscriber that says each end: ids and states only, because this often goes to the system's log."""

    def tell(entry_id: str, state: str) -> None:
        if as_json:
            scan = application.journal.scan(ScanId(entry_id)) if state in _ENDS else None
            for line in lines_of_scan(scan, application.journal, application.scheme) if scan else ():
                screen.json_line(line)
        elif state in STATES:
            screen.message(f"{entry_id}  {state_word(state)}")

    return tell
