"""Carries records from an archive of files into the configured store, each exactly once.

A record at a time, in this order: 1. the store is asked by digest, the trash included; 2. only what is not there is sent; 3. the
copy is read back; 4. the journal says that the record stands there now. Killed anywhere, the next call begins with what the
journal still places in the old archive, and step 1 finds what was sent. The old archive is only read.
Not for scans under way: the journey files those (`connector.filing`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from connector.corrections import STORED, submission_of
from connector.durable_files import digests_of
from connector.filing import check_bytes, own_of
from connector.interfaces import BytesTaken, IKeepsFiles, Presence, StoredRecord, StoreRefused
from connector.parts import Parts
from ingest.message import N_, GuidangError, Message
from metadata.values import Digests, RecordEntry, RecordId, StoreId

log = logging.getLogger("guidang.push")

Counted = Callable[[int, int], None]
"""Told how many of how many are done; must not raise."""


class PushImpossible(GuidangError):
    """There is no archive of files to carry from, or it is the very store that would be carried to."""


def impossible() -> PushImpossible:
    """Return the error that says what the configuration must have."""
    return PushImpossible(
        Message(N_("There is no other archive to carry records from.")),
        Message(N_('Name the server in [store] (use = "paperless"), and leave the old archive in [store.folder].')),
    )


class PushNotOurTurn(Exception):
    """Another guidang carries out changes just now."""


class PushResult(StrEnum):
    """What became of a record, or, in a dry run, would."""

    SENT = "sent"
    FOUND = "found"
    MISSING = "missing"
    DIFFERS = "differs"
    TRASHED = "trashed"
    TAKEN = "taken"
    REFUSED = "refused"


CARRIED = frozenset({PushResult.SENT, PushResult.FOUND})
"""The record stands in the store; everything else leaves it where it was."""

SENTENCES: Mapping[PushResult, str] = {
    PushResult.SENT: N_("It was sent and read back."),
    PushResult.FOUND: N_("It stood there already and was given what it lacked."),
    PushResult.MISSING: N_(
        "Its PDF stands in the old archive no more. Put it back, or put its scan into an inbox again."
    ),
    PushResult.DIFFERS: N_("Its PDF in the old archive is not the one that guidang filed. Put that one back."),
    PushResult.TRASHED: N_(
        "It lies in the trash of the archive. Restore it there, or empty the trash, and push again."
    ),
    PushResult.TAKEN: N_(
        "The archive has these very bytes as another record and takes none twice: {reason} It stays in the old archive; if it "
        "is a record of its own, update paperless to 3.x, which takes it, and push again."
    ),
    PushResult.REFUSED: N_("The archive refuses it: {reason}"),
}


@dataclass(frozen=True, slots=True)
class Pushed:
    """One record. `store_id` is its id in the store where it stands there; `refusal` why the store will not have it."""

    record_id: RecordId
    result: PushResult
    store_id: StoreId | None = None
    refusal: Message | None = None


def decide(record: RecordEntry, present: Digests | None, found: tuple[StoredRecord, ...]) -> PushResult:
    """Return what is to be done: `present` are the digests of the PDF in the old archive, None where there is none. Pure."""
    own = own_of(found, record)
    if own is not None:
        return PushResult.FOUND if own.presence is Presence.LIVE else PushResult.TRASHED
    if present is None:
        return PushResult.MISSING
    return PushResult.SENT if present == record.digests else PushResult.DIFFERS


class Push:
    """Carries from one archive of files into the store of the parts. `turn` gives the turn at changes."""

    def __init__(self, parts: Parts, archive: IKeepsFiles, turn: Callable[[], AbstractContextManager[bool]]) -> None:
        self._parts = parts
        self._archive = archive
        self._turn = turn

    def carry(self, *, dry_run: bool, tell: Counted) -> Iterator[Pushed]:
        """Yield what became of each record that stands in the old archive, in the order of scans and pages.

        Raises StoreUnreachable, OutcomeUnknown, StoreForbidden, PushNotOurTurn; called again it goes on there.
        """
        records = self._parts.journal.records(STORED, store=self._archive.name)
        ids = [record.description.record_id for record in records]
        tell(0, len(ids))
        for done, record_id in enumerate(ids, start=1):
            pushed = self._looked_at(record_id) if dry_run else self._carried(record_id)
            if pushed is not None:
                yield pushed
            tell(done, len(ids))

    def _carried(self, record_id: RecordId) -> Pushed | None:
        """Carry one; nobody corrects it meanwhile. None where it stands there since."""
        with self._turn() as is_ours:
            if not is_ours:
                raise PushNotOurTurn
            pushed = self._looked_at(record_id)
            if pushed is None or pushed.result not in CARRIED:
                return pushed
            try:
                store_id = self._brought(record_id, pushed)
            except StoreRefused as refusal:
                log.warning("record %s was refused by the store", record_id)
                result = PushResult.TAKEN if isinstance(refusal, BytesTaken) else PushResult.REFUSED
                return Pushed(record_id, result, refusal=refusal.what)
            self._parts.journal.carried(record_id, self._parts.store.name, store_id)
            log.info("record %s: %s", record_id, pushed.result.value)
            return replace(pushed, store_id=store_id)

    def _looked_at(self, record_id: RecordId) -> Pushed | None:
        record = self._parts.journal.record(record_id)
        if record is None or record.store != self._archive.name or record.digests is None:
            return None
        found = self._parts.store.find(record.digests)
        path = self._path_of(record)
        result = decide(record, None if path is None else digests_of(path), found)
        own = own_of(found, record)
        return Pushed(record_id, result, None if own is None else own.store_id)

    def _brought(self, record_id: RecordId, pushed: Pushed) -> StoreId:
        """Send the record, or complete what was found; return its id in the store once it was read back."""
        store = self._parts.store
        record = self._parts.journal.find_record(record_id)
        path = self._path_of(record) or Path()
        submission = replace(submission_of(record), pdf_path=path)
        if pushed.store_id is None:
            store_id = store.file(submission, was_looked_for=True)
        else:
            store_id = pushed.store_id
            store.complete(store_id, submission)
        check_bytes(store, store_id, submission)
        return store_id

    def _path_of(self, record: RecordEntry) -> Path | None:
        return None if record.store_id is None else self._archive.pdf_path(record.store_id)
