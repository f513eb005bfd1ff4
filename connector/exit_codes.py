"""How `guidang` ends: one enum, one table, for scripts and timers that run it.

Not for people: they read the sentence on stderr. `docs/reference/exit-codes.md` is checked against this enum by a test.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the number means that a shell sees."""

    DONE = 0
    SOME_WAIT = 1  # done, but something was held, rejected or quarantined and waits for a person
    USAGE = 2
    CONFIGURATION = 3
    STORE_UNREACHABLE = 4
    STORE_REFUSED = 5
    RECOGNISER_MISSING = 6
    INDEX_OUT_OF_STEP = 7
    FOLDER_NOT_ACCESSIBLE = 8
    OUR_BUG = 70
    INTERRUPTED = 130
