"""What becomes of the records of a scan that a scanner went on writing after it was read: they hold a part of it only.

The original goes back into its inbox and is taken in anew, whole; what was filed of its first part is held, so that a person
decides. 1. Before the original goes back its records are held. 2. Before the whole scan is closed, they are told as what it was
filed. Both may be repeated, so a crash anywhere is made good by the next call. Nothing is deleted, and a record that a person has rejected
or confirmed since is left as it is. Not for scans that were read again by themselves (`connector.same_bytes`, `connector.same_paper`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from connector.corrections import finish
from connector.interfaces import OutcomeUnknown, StoreRefused, StoreUnreachable
from connector.lease import TurnNotOurs
from connector.parts import Parts
from ingest.names import is_numbered_form
from metadata.values import (
    DERIVED,
    OURSELVES,
    Change,
    Reason,
    ReasonCode,
    RecordEntry,
    RecordId,
    RecordState,
    ScanEntry,
)

log = logging.getLogger("guidang.pipeline")


def hold_first_part(parts: Parts, scan: ScanEntry) -> None:
    """Hold the records of a scan that was not whole when it was read. Raises TurnNotOurs, StoreForbidden."""
    for record in tuple(parts.journal.records(scan_id=scan.scan_id)):
        if not _is_told(record):
            _hold(parts, record.description.record_id, Reason(ReasonCode.SCAN_GREW))


def name_whole_scan(parts: Parts, whole: ScanEntry, filed: Sequence[RecordEntry]) -> None:
    """Let the records of the first part of this scan say as what all of it was filed. Raises TurnNotOurs, StoreForbidden.

    The first part came before, through the same inbox and under the same name, but for the number that a taken name gets.
    """
    names = ", ".join(one.reference_code or one.description.record_id for one in filed)
    for record in parts.journal.held_for(ReasonCode.SCAN_GREW):
        part = parts.journal.scan(record.description.scan_id)
        if part is None or _is_named(record) or part.scan_id == whole.scan_id:
            continue
        has_its_name = part.inbox == whole.inbox and is_numbered_form(whole.original_name, part.original_name)
        if has_its_name and part.received_at <= whole.received_at:
            _hold(parts, record.description.record_id, Reason(ReasonCode.SCAN_GREW, {"record": names}))


def _hold(parts: Parts, record_id: RecordId, reason: Reason) -> None:
    """Hold a filed record for the reason; a store that is away is told later."""
    with parts.turn() as is_ours:
        if not is_ours:
            raise TurnNotOurs
        record = parts.journal.record(record_id)
        if record is None or record.state not in (RecordState.INDEXED, RecordState.HELD):
            return
        said = record.description
        others = tuple(one for one in said.reasons if one.code is not reason.code)
        held = parts.describer.describe(replace(said, reasons=(*others, reason)), record.touched & DERIVED)
        parts.journal.change(record_id, Change(by=OURSELVES), held, RecordState.HELD)
        log.warning("record %s is held: its scan was still being written when it was read", record_id)
        try:
            finish(parts, record_id)
        except (StoreUnreachable, OutcomeUnknown, StoreRefused) as error:
            log.warning("record %s: the store is told later (%s)", record_id, type(error).__name__)


def _is_told(record: RecordEntry) -> bool:
    return any(reason.code is ReasonCode.SCAN_GREW for reason in record.description.reasons)


def _is_named(record: RecordEntry) -> bool:
    return any(
        reason.code is ReasonCode.SCAN_GREW and "record" in reason.facts for reason in record.description.reasons
    )
