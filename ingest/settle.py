"""Has a file finished arriving? A pure rule over what was seen at each look; no disk, no clock of its own.

A file taken too early is a torn scan in the archive; one that is never taken is a clerk who waits for nothing. So a file that stays
broken is given up after a patience and claimed all the same: the pipeline then puts it into `failed/` with a note.

A file has settled when
1. it had the same size and time of change at two looks or more (a copy over SMB grows; a scanner writes page by page);
2. this has been so for the quiet time, by *our* clock: the file's own times come from another machine or, with `cp -p` and
   Windows Explorer, from years ago;
3. it can be read (some servers give the rights only when the upload is complete);
4. it is structurally whole (Explorer sets the final size first and fills in the bytes later; a network may pause longer than
   any quiet time).
Where 3 or 4 never comes true, patience ends it. A file that begins like no scan at all cannot become one by waiting: 1 and 2 are
enough for it, unless it begins with zeros, which may be a place kept free for what is still on its way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look saw of a file; equal sights mean that nothing happened between them.

    No inode: some SMB mounts give a new one at every look, and nothing there would ever settle.
    """

    size_bytes: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A file over several looks: its last sight, since when it has been so, and at how many looks."""

    sight: Sight
    since: datetime
    looks: int


class Wholeness(StrEnum):
    """What the file's content says."""

    WHOLE = "whole"
    NO_SCAN = "no_scan"  # something else altogether
    BROKEN = "broken"  # a scan not complete (yet), or nothing but zeros
    UNREADABLE = "unreadable"  # no right to read it (yet)


class Standing(StrEnum):
    """What is to be done with the file."""

    ARRIVING = "arriving"
    SETTLED = "settled"
    GIVEN_UP = "given_up"  # claimed too; the reader will say what is wrong with it


@dataclass(frozen=True, slots=True)
class SettleRule:
    """How long to wait; `patience_seconds` for a file that does not change any more and yet is not whole."""

    quiet_seconds: float = 5.0
    patience_seconds: float = 600.0
    looks: int = 2


def watched_again(before: Watched | None, sight: Sight, now: datetime) -> Watched:
    """Return the file with this look added; the count begins anew where anything changed or the clock was set back."""
    if before is None or before.sight != sight or now < before.since:
        return Watched(sight, now, 1)
    return replace(before, looks=before.looks + 1)


def is_quiet(watched: Watched, now: datetime, rule: SettleRule) -> bool:
    """Return whether conditions 1 and 2 hold: only then is it worth opening the file at all."""
    return watched.looks >= rule.looks and now - watched.since >= timedelta(seconds=rule.quiet_seconds)


def standing(watched: Watched, wholeness: Wholeness, now: datetime, rule: SettleRule) -> Standing:
    """Return what is to be done, by the numbered conditions above."""
    if not is_quiet(watched, now, rule):
        return Standing.ARRIVING
    if wholeness in (Wholeness.WHOLE, Wholeness.NO_SCAN):
        return Standing.SETTLED
    patient = max(rule.patience_seconds, rule.quiet_seconds)
    return Standing.GIVEN_UP if now - watched.since >= timedelta(seconds=patient) else Standing.ARRIVING
