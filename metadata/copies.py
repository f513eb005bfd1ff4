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
    """A record's copy in the store. `modified` None: to be looked at again; `version` names the newest one seen, "" the first.

    `rewound` is what a restored backup put in the place of what was agreed, None where nothing: until a person changes it
    again it is nobody's word. Empty where the copy is not rewound, or nobody has looked yet.
    """

    record_id: RecordId
    store: str
    store_id: StoreId
    standing: Standing
    modified: datetime | None
    version: str
    agreement: Agreement
    rewound: Mapping[str, StoreValue | None] = field(default_factory=dict)


CLOCK_STEP = timedelta(seconds=60)
"""A server's clock is put back so far at most: a document that is older by more was restored from a backup, for sure."""

STAMP_STEP = timedelta(milliseconds=1)
"""Stamps that went through a server's export and import lose what is below this (paperless's exporter, by Django's JSON)."""


def is_older(stamp: datetime, known: datetime | None) -> bool:
    """Return whether a document stamped so surely stands there as it was before the change that we know of."""
    return known is not None and stamp < known - CLOCK_STEP


def is_older_at_all(stamp: datetime, known: datetime | None) -> bool:
    """Return whether its stamp went back: by a restored backup, or by a server's clock that was put back a little."""
    return known is not None and stamp <= known - STAMP_STEP


def is_as_known(stamp: datetime, known: datetime | None) -> bool:
    """Return whether it was not changed since the change that we know of."""
    return known is not None and abs(stamp - known) < STAMP_STEP


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
