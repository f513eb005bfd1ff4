"""Carries out what a person changed on a record: the one code path for `guidang correct | confirm | reject` and for the sync.

`connector.correcting` decides. The journal is written first, in one transaction, with the mark that the store has not been told
yet; then store and index are brought to it, and the mark goes. Killed midway, `finish` does the rest at the next start: every
step may be repeated.
"""

from __future__ import annotations

from pathlib import Path

from connector.correcting import ChangeRefused, corrected
from connector.events import RecordCorrected
from connector.interfaces import OutcomeUnknown, StoreUnreachable
from connector.parts import Parts
from connector.searching import page_text, searchable
from ingest.message import N_, GuidangError, Message
from metadata.values import (
    Change,
    Digests,
    RecordEntry,
    RecordId,
    RecordState,
    Standing,
    Submission,
)

STORED = frozenset({RecordState.INDEXED, RecordState.HELD, RecordState.REJECTED})


class ChangeWaits(GuidangError):
    """The change is written down; the store is away and will be told when it can be reached again."""


def change(parts: Parts, record: RecordEntry, wanted: Change) -> RecordEntry:
    """Carry out a person's change; return the record as it stands then. Raises ChangeRefused, ChangeWaits."""
    record_id = record.description.record_id
    if record.state not in STORED:
        raise ChangeRefused(
            Message(N_("Record {record} is still on its way into the archive."), {"record": record_id}),
            Message(N_("Try again when `guidang show {record}` says INDEXED or HELD."), {"record": record_id}),
        )
    description, state = corrected(parts, record, wanted)
    parts.journal.change(record_id, wanted, description, state)
    parts.events.send(RecordCorrected(record_id))
    try:
        return finish(parts, record_id)
    except (StoreUnreachable, OutcomeUnknown) as away:
        raise ChangeWaits(
            Message(N_("Record {record} is changed, but the archive is away."), {"record": record_id}),
            Message(N_("Nothing more to do: `guidang run` tells the archive when it can be reached again.")),
        ) from away


def finish(parts: Parts, record_id: RecordId) -> RecordEntry:
    """Bring store and index to what the journal says of a changed record; return the record. May be repeated.

    What a person deleted from the store is left alone there. A record that stands in another store (before `guidang push`)
    stays untold.
    """
    record = parts.journal.find_record(record_id)
    is_elsewhere = record.store not in (None, parts.store.name)
    if not is_elsewhere and record.store_id is not None and record.standing not in (Standing.TRASHED, Standing.GONE):
        parts.store.amend(record.store_id, submission_of(record))
    pages = page_text(parts.index.text(record_id))
    parts.index.put(record_id, searchable(record, pages))
    if not is_elsewhere:
        parts.journal.amended(record_id)
    return record


def submission_of(record: RecordEntry) -> Submission:
    """Return what the store is to hold of a record that stands there.

    The bytes stay, so there is nothing at `pdf_path`: no store reads it when it amends.
    """
    code = None if record.state is RecordState.HELD else record.reference_code
    digests = record.digests or Digests("", "")
    return Submission(record.description, code, Path(), digests, record.touched)
