"""What is remembered of each record's copy in the store: what we wrote, what stood there, what a person made their own.

Not what the store says now (the store's own code reads that), and not for deciding (`connector.agreement`). A value is
remembered under a flat key, one for each thing that can be changed by itself ("title", "field:fault", "tag:待核验"), so that
one rule serves them all. Absent keys mean: nothing stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from metadata.values import RecordId, Standing, StoreId

StoreValue = str | float | bool
Values = Mapping[str, StoreValue]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both sides last agreed on. `ours` is what we wanted, `theirs` what stood in the store for it, as the store words it.

    `in_flight` are values that we sent without having seen yet whether they were kept; `persons` the keys that a person
    changed in the store: what we derive is never written over those again.
    """

    ours: Values = field(default_factory=dict)
    theirs: Values = field(default_factory=dict)
    in_flight: Mapping[str, tuple[StoreValue | None, ...]] = field(default_factory=dict)
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StoreCopy:
    """A record's copy in the store. `modified` None: to be looked at again; `version` names the newest one seen, "" the first."""

    record_id: RecordId
    store: str
    store_id: StoreId
    standing: Standing
    modified: datetime | None
    version: str
    agreement: Agreement


CLOCK_STEP = timedelta(seconds=60)
"""A server's clock may be put back so far: a document that is older by less than that was changed, not restored from a backup."""


def is_older(stamp: datetime, known: datetime | None) -> bool:
    """Return whether a document stamped so stands there as it was before the change that we know of."""
    return known is not None and stamp < known - CLOCK_STEP


@dataclass(frozen=True, slots=True)
class StoreMark:
    """How far a store has been followed. `seen_until` is the newest change seen, in the store's own time."""

    store: str
    server_version: str = ""
    seen_until: datetime | None = None
    swept_at: datetime | None = None
    trash_count: int | None = None
    restored_since: datetime | None = None  # the store came back older than we knew it; a person must decide


@dataclass(frozen=True, slots=True)
class StoreName:
    """A name in the store (a tag, type, field, option) as last seen under its id, and what it meant. `is_ours`: we write it."""

    sort: str
    object_id: str
    name: str
    meaning: str
    is_ours: bool
