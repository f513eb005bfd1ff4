"""`guidang ingest`: takes named scans in and returns when each has an outcome.

Not for watching folders (`guidang run`). The user's files are copied, never moved or changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from connector.application import Application
from connector.commands import rows, screen
from connector.commands.failures import code_of
from connector.commands.outcomes import exit_code, work_through
from connector.commands.session import session_of
from connector.commands.spoken import json_option, option, verb
from connector.exit_codes import ExitCode
from connector.i18n import _, say_error
from connector.json_lines import JsonLine, line_not_taken, lines_of_scan
from connector.words import state_word
from ingest.message import N_, GuidangError
from ingest.values import ScanId

HELP = N_(
    "Files the given scans and says what became of each.\n\n"
    "The scans are copied; your own files stay as they are. Returns when each of them has an outcome."
)


@verb("ingest", HELP)
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@option(
    "--inbox", metavar="NAME", help=N_("The inbox whose department and defaults they get; otherwise the first one.")
)
@json_option
@click.pass_context
def command(context: click.Context, paths: Sequence[Path], inbox: str | None, as_json: bool) -> None:
    """Take, work, tell."""
    with session_of(context).opened() as application:
        taken: list[ScanId] = []
        refused: list[tuple[Path, GuidangError]] = []
        for path, result in application.take(paths, inbox_name(application, inbox)):
            if isinstance(result, GuidangError):
                refused.append((path, result))
            elif isinstance(result, Exception):
                raise result
            else:
                taken.append(result)
        stopped = work_through(application, frozenset(taken))
        _tell(application, taken, refused, as_json)
        if stopped is not None:
            raise stopped
        worst = max((code_of(error) for _path, error in refused), default=ExitCode.DONE)
        context.exit(max(worst, exit_code(application, taken)))


def inbox_name(application: Application, wanted: str | None) -> str:
    """Return the inbox that was named, or the first; raises UsageError for one that is not there."""
    known = list(application.inboxes)
    if wanted is None:
        return known[0]
    if wanted not in known:
        raise click.UsageError(
            _("There is no inbox {name}. Known are: {known}.").format(name=wanted, known=", ".join(known))
        )
    return wanted


def _tell(
    application: Application, taken: Sequence[ScanId], refused: Sequence[tuple[Path, GuidangError]], as_json: bool
) -> None:
    if as_json:
        for line in _json_lines(application, taken, refused):
            screen.json_line(line)
        return
    table = [*rows.outcome_rows(application, taken)]
    table += [(path.name, "", state_word("QUARANTINED"), "", "", say_error(error)) for path, error in refused]
    screen.table(rows.outcome_headings(), table)


def _json_lines(
    application: Application, taken: Sequence[ScanId], refused: Sequence[tuple[Path, GuidangError]]
) -> Iterator[JsonLine]:
    for scan_id in taken:
        scan = application.journal.scan(scan_id)
        if scan is not None:
            yield from lines_of_scan(scan, application.journal, application.scheme)
    for path, error in refused:
        yield line_not_taken(path.name, _digest(path), error)


def _digest(path: Path) -> str | None:
    """Return the digest of a file that was not taken, None where it has no bytes to read."""
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest() if path.is_file() else None
    except OSError:
        return None
