"""Turns whatever ends a command into a sentence on stderr and an exit code.

Not for errors of single scans: those are outcomes, shown in tables, and the command goes on. A person never sees a
traceback; our own bugs go to the log with one, and the sentence says where the log stands.
"""

from __future__ import annotations

import logging
import tempfile
import traceback
from collections.abc import Mapping

import click

from classifiers.interfaces import SchemeWrong
from connector.commands.screen import message
from connector.config_errors import ConfigWrong
from connector.correcting import ChangeRefused
from connector.corrections import ChangeWaits
from connector.exit_codes import ExitCode
from connector.i18n import _, say_error
from connector.interfaces import OutcomeUnknown, StoreForbidden, StoreRefused, StoreUnreachable
from connector.learning import TeachingFailed
from connector.lease import AlreadyRunning
from connector.model_shelf import NoSuchVersion
from ingest.interfaces import InboxUnusable, RecogniserMissing, ScanUnreadable
from ingest.message import GuidangError
from metadata.interfaces import DatabaseAway, DatabaseUnusable, MoveNotAllowed, RecordUnknown, RegisterWrong

CODES: Mapping[type[GuidangError], ExitCode] = {
    ConfigWrong: ExitCode.CONFIGURATION,
    SchemeWrong: ExitCode.CONFIGURATION,
    RegisterWrong: ExitCode.CONFIGURATION,
    RecordUnknown: ExitCode.USAGE,
    MoveNotAllowed: ExitCode.USAGE,
    ChangeRefused: ExitCode.USAGE,
    ChangeWaits: ExitCode.STORE_UNREACHABLE,
    ScanUnreadable: ExitCode.SOME_WAIT,
    StoreUnreachable: ExitCode.STORE_UNREACHABLE,
    OutcomeUnknown: ExitCode.STORE_UNREACHABLE,
    StoreRefused: ExitCode.STORE_REFUSED,
    StoreForbidden: ExitCode.STORE_REFUSED,
    RecogniserMissing: ExitCode.RECOGNISER_MISSING,
    DatabaseAway: ExitCode.INDEX_OUT_OF_STEP,
    DatabaseUnusable: ExitCode.INDEX_OUT_OF_STEP,
    NoSuchVersion: ExitCode.USAGE,
    TeachingFailed: ExitCode.INTERRUPTED,
    AlreadyRunning: ExitCode.FOLDER_NOT_ACCESSIBLE,
    InboxUnusable: ExitCode.FOLDER_NOT_ACCESSIBLE,
}


_EXPECTED = (GuidangError, click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt, BrokenPipeError)
_NOTED = "_guidang_logged"


def code_of(error: GuidangError) -> ExitCode:
    """Return the exit code for an error, by the nearest of its classes that has one."""
    return next((CODES[cls] for cls in type(error).__mro__ if cls in CODES), ExitCode.CONFIGURATION)


def told(error: BaseException) -> int:
    """Say on stderr what ended the command and return its exit code."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        message(_("Interrupted. Nothing is lost: what was begun goes on with the next run."))
        return ExitCode.INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, GuidangError):
        message(say_error(error))
        return code_of(error)
    return _told_bug(error)


def log_bug(error: BaseException | None) -> None:
    """Write the traceback of an error that is a bug of ours to the log, once; anything else is left alone."""
    if error is None or isinstance(error, _EXPECTED) or getattr(error, _NOTED, False):
        return
    log = logging.getLogger("guidang")
    if log.handlers:
        log.critical("ended by a bug", exc_info=error)
        setattr(error, _NOTED, True)


def _told_bug(error: BaseException) -> int:
    what = _("guidang stopped because of an error in guidang itself ({error}). Nothing is lost.")
    if getattr(error, _NOTED, False):
        remedy = _("Please report it with the end of guidang.log, which stands in the data folder.")
    else:
        remedy = _("Please report it with {path}.").format(path=_report(error))
    message(what.format(error=type(error).__name__) + " " + remedy)
    return ExitCode.OUR_BUG


def _report(error: BaseException) -> str:
    """Write the traceback to a place of its own: there was no log yet, or none any more."""
    with tempfile.NamedTemporaryFile("w", prefix="guidang-error-", suffix=".log", delete=False) as report:
        report.write("".join(traceback.format_exception(error)))
    return report.name
