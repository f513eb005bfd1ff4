"""Files records into the store, each exactly once, whatever happens midway.

1. The bytes are fixed and their digests written to the journal *before* anything is sent.
2. A record that was SUBMITTED when we come to it may stand in the store already: the store is asked by digest, the trash
   included, before anything is sent.
3. A record counts as filed when the store was read back and the digests agree.
4. A refusal makes the record a held one, sent as such; where the store has these very bytes under another record, the PDF
   gets the record's id first, so that a server which refuses equal bytes takes it.
Not for deciding when to try again (`connector.store_gate`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from connector.durable_files import digests_of
from connector.events import Event, RecordFiled, RecordHeld
from connector.i18n import say
from connector.interfaces import IRecordStore, StoredRecord, StoreForbidden, StoreRefused
from connector.parts import Parts
from ingest.message import N_, Message
from metadata.values import Reason, ReasonCode, RecordEntry, RecordState, StoreId, Submission

log = logging.getLogger("guidang.filing")

TO_FILE = frozenset({RecordState.DESCRIBED, RecordState.SUBMITTED})

WritePdf = Callable[[str | None], None]
"""Writes the record's PDF anew at its place, with or without a stamp."""


def file_record(parts: Parts, record: RecordEntry, pdf_path: Path, write_pdf: WritePdf) -> bool:
    """Bring a DESCRIBED or SUBMITTED record into the store; return whether it stands there now.

    False: refused even as a held record, to be tried again later. Raises StoreUnreachable, OutcomeUnknown (the record stays
    SUBMITTED), StoreForbidden.
    """
    try:
        _file(parts, record, pdf_path)
    except StoreRefused as refusal:
        log.warning("record %s was refused by the store", record.description.record_id)
        return _file_as_held(parts, record, pdf_path, write_pdf, refusal)
    return True


def _file_as_held(
    parts: Parts, record: RecordEntry, pdf_path: Path, write_pdf: WritePdf, refusal: StoreRefused
) -> bool:
    said = record.description
    others = tuple(reason for reason in said.reasons if reason.code is not ReasonCode.STORE_REFUSED)
    reason = Reason(ReasonCode.STORE_REFUSED, {"reason": say(refusal.what, parts.language)})
    if parts.store.find(digests_of(pdf_path)):
        write_pdf(said.record_id)
    parts.journal.hold(said.record_id, parts.describer.describe(replace(said, reasons=(*others, reason))))
    held = parts.journal.record(said.record_id)
    if held is None:
        return False
    try:
        _file(parts, held, pdf_path)
    except StoreRefused:
        log.warning("record %s was refused by the store as a held one, too", said.record_id)
        return False
    return True


def _file(parts: Parts, record: RecordEntry, pdf_path: Path) -> None:
    submission, sent_before = _submit(parts, record, pdf_path)
    said = submission.description
    found = own_of(parts.store.find(submission.digests), record) if sent_before else None
    if found is None and sent_before and digests_of(pdf_path) != submission.digests:
        # The fixed bytes were lost and the store never had them: what stands there now is fixed instead.
        parts.journal.hold(said.record_id, said)
        code = parts.journal.submit(said.record_id, digests_of(pdf_path))
        submission = Submission(said, code, pdf_path, digests_of(pdf_path))
    if found is None:
        store_id = parts.store.file(submission)
    else:
        store_id = found.store_id
        parts.store.complete(store_id, submission)
    check_bytes(parts.store, store_id, submission)
    parts.journal.filed(said.record_id, parts.store.name, store_id)
    event: Event = RecordHeld(said.record_id) if said.is_held else RecordFiled(said.record_id)
    parts.events.send(event)


def _submit(parts: Parts, record: RecordEntry, pdf_path: Path) -> tuple[Submission, bool]:
    """Return the submission, journalled, and whether its bytes may have been sent before."""
    said = record.description
    if record.state is RecordState.SUBMITTED and record.digests is not None:
        code = None if said.is_held else record.reference_code
        return Submission(said, code, pdf_path, record.digests), True
    digests = digests_of(pdf_path)
    return Submission(said, parts.journal.submit(said.record_id, digests), pdf_path, digests), False


def own_of(found: tuple[StoredRecord, ...], record: RecordEntry) -> StoredRecord | None:
    """Return what the store has of this record: under its id, or under none (the answer was lost before the id was set)."""
    ours = record.description.record_id
    return next((one for one in found if one.record_id == ours), None) or next(
        (one for one in found if one.record_id is None), None
    )


def check_bytes(store: IRecordStore, store_id: StoreId, submission: Submission) -> None:
    """Read the record back; raises StoreForbidden where the store does not keep what it was sent: nothing more is sent to it."""
    stored = store.read_back(store_id, submission.digests)
    if stored is not None and stored.digests_agree:
        return
    facts = {"store": store.name, "record": submission.description.record_id}
    raise StoreForbidden(
        Message(N_("The archive {store} does not give record {record} back as it was sent."), facts),
        Message(N_("Nothing more is sent until the administrator has looked why; then start guidang again."), facts),
    )
