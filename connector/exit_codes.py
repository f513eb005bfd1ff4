"""How `guidang` ends: one enum, one table, for scripts and timers that run it.

Not for people: they read the sentence on stderr. `docs/reference/exit-codes.md` is made from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from ingest.message import N_


class ExitCode(IntEnum):
    """What the number means that a shell sees."""

    DONE = 0
    SOME_WAIT = 1
    USAGE = 2
    CONFIGURATION = 3
    STORE_UNREACHABLE = 4
    STORE_REFUSED = 5
    RECOGNISER_MISSING = 6
    INDEX_OUT_OF_STEP = 7
    FOLDER_NOT_ACCESSIBLE = 8
    OUR_BUG = 70
    INTERRUPTED = 130


MEANINGS: Mapping[ExitCode, str] = {
    ExitCode.DONE: N_("done"),
    ExitCode.SOME_WAIT: N_("done, but something was held, rejected or quarantined"),
    ExitCode.USAGE: N_("the command was given wrongly"),
    ExitCode.CONFIGURATION: N_("the configuration or the customer file is wrong, or a check failed"),
    ExitCode.STORE_UNREACHABLE: N_("the archive cannot be reached"),
    ExitCode.STORE_REFUSED: N_("the archive refused: token or rights"),
    ExitCode.RECOGNISER_MISSING: N_("the recogniser or one of its languages is missing"),
    ExitCode.INDEX_OUT_OF_STEP: N_("the database cannot be used"),
    ExitCode.FOLDER_NOT_ACCESSIBLE: N_("a folder cannot be used"),
    ExitCode.OUR_BUG: N_("an error in guidang itself"),
    ExitCode.INTERRUPTED: N_("interrupted"),
}
