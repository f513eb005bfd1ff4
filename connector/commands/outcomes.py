"""Brings scans to their outcomes, and says as an exit code how they came out.

Not for showing them (`rows`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connector.application import Application
from connector.commands.progress import shown
from connector.commands.screen import message
from connector.exit_codes import ExitCode
from connector.i18n import _
from ingest.message import GuidangError
from ingest.values import ScanId
from metadata.values import RecordState, ScanEntry, ScanState

ENDS = frozenset({ScanState.CLOSED, ScanState.QUARANTINED, ScanState.DUPLICATE, ScanState.REJECTED})
_UNDER_WAY = frozenset({RecordState.DESCRIBED, RecordState.SUBMITTED})


def work_through(application: Application, scan_ids: frozenset[ScanId] | None = None) -> GuidangError | None:
    """Work until these scans (all if None) are at an end or nothing moves any more; return what stopped the work, if anything."""
    try:
        with shown(application) as progress:
            while application.work(progress, scan_ids) and _under_way(application, scan_ids):
                pass
    except GuidangError as error:
        return error
    return None


def exit_code(application: Application, scan_ids: Iterable[ScanId]) -> ExitCode:
    """Return DONE where every one was filed (or is a duplicate), SOME_WAIT where a person has to look, and say what is still under way."""
    entries = [scan for scan in map(application.journal.scan, scan_ids) if scan is not None]
    open_scans = [scan for scan in entries if scan.state not in ENDS]
    if open_scans:
        message(
            _(
                "{count} scans could not be brought to an end: the archive cannot be reached. "
                "They are safe; `guidang run` goes on with them."
            ).format(count=len(open_scans))
        )
        return ExitCode.STORE_UNREACHABLE
    return ExitCode.SOME_WAIT if any(_needs_person(application, scan) for scan in entries) else ExitCode.DONE


def _under_way(application: Application, scan_ids: frozenset[ScanId] | None) -> bool:
    if scan_ids is None:
        return False
    return any(scan is not None and scan.state not in ENDS for scan in map(application.journal.scan, scan_ids))


def _needs_person(application: Application, scan: ScanEntry) -> bool:
    if scan.state in (ScanState.QUARANTINED, ScanState.REJECTED):
        return True
    return any(state is RecordState.HELD for state in _record_states(application, scan))


def _record_states(application: Application, scan: ScanEntry) -> Iterator[RecordState]:
    for record in application.journal.records(scan_id=scan.scan_id):
        yield record.state
