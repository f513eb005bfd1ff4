"""The record store on a paperless-ngx server: files exactly once, reads back, merges, and never wipes what is not ours.

Exactly once rests on looking: before an upload by the digest of the bytes, after one without a clear answer by the file name
among the server's tasks and by the digest again, in the trash too. Nothing is sent twice in one call.
Not for sync or the setup profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from zope.interface import implementer

from classifiers.scheme import Scheme
from connector.durable_files import digests_of
from connector.duties import Duty
from connector.folder_errors import bytes_changed
from connector.i18n import Language
from connector.interfaces import (
    CheckFinding,
    IChangeSource,
    IRecordStore,
    ITellsOfChanges,
    IWaitsLong,
    OutcomeUnknown,
    Presence,
    StoredRecord,
)
from connector.paperless import errors
from connector.paperless.agreed import Agreements
from connector.paperless.back_pressure import BackPressure
from connector.paperless.changes import to_fill
from connector.paperless.check import findings
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document, DocumentId, file_name_for, named_record
from connector.paperless.fields import Own
from connector.paperless.json_values import Json
from connector.paperless.look import DOCUMENTS, Look
from connector.paperless.lost_uploads import LOST_AFTER_SECONDS
from connector.paperless.merge import Merge
from connector.paperless.profile.wanted import Catalogue, ProfileSource, catalogue_of
from connector.paperless.resolver import Resolver
from connector.paperless.server_names import ServerNames
from connector.paperless.source import PaperlessChanges
from connector.paperless.tasks import Tasks
from connector.paperless.taxonomy import Taxonomy
from connector.paperless.uploads import Uploads
from connector.paperless.vocabulary import Vocabulary
from connector.paperless.wanted import Wanted, may_leave_out, wanted_document
from connector.store_words import HELD, TAGS, every_name
from metadata.interfaces import IStoreMemory
from metadata.values import Digests, RecordId, StoreId, Submission


@implementer(IRecordStore, ITellsOfChanges, IWaitsLong)
class PaperlessStore:
    """A paperless-ngx server. The id of a record in it is the document's number. For several threads."""

    def __init__(
        self,
        name: str,
        client: PaperlessClient,
        scheme: Scheme,
        language: Language,
        memory: IStoreMemory,
        *,
        duties: Sequence[Duty] = (),
        catalogue: Catalogue | None = None,
        task_timeout_seconds: float = 600.0,
        poll_seconds: float = 1.0,
        lost_after_seconds: float = LOST_AFTER_SECONDS,
    ) -> None:
        self.name = name
        self._client = client
        self._scheme = scheme
        self._language = language
        self._task_timeout_seconds = task_timeout_seconds
        self._duties = tuple(duties)
        self._catalogue = catalogue or catalogue_of(ProfileSource(scheme, language, self._duties))
        self._table = self._catalogue.fields
        self._names = ServerNames(
            client,
            memory,
            name,
            catalogue=self._catalogue,
            vocabulary=Vocabulary(self._catalogue, scheme),
            on_change=self._forget_names,
        )
        self._taxonomy = Taxonomy(client, self._catalogue, self._names.aliases)
        self._look = Look(client)
        self._tasks = Tasks(client, poll_seconds, lost_after_seconds=lost_after_seconds)
        self._merge = Merge(client, self._look)
        self._resolver = Resolver(self._taxonomy, self._catalogue)
        self._agreements = Agreements(name, memory, self._names, self._merge, self._resolver)
        self._queue = BackPressure(client, self._tasks, probe_after_seconds=lost_after_seconds)
        self._uploads = Uploads(client, self._look, self._tasks, self._resolver, self._queue)
        self._kinds = _kinds_by_name(scheme)
        self._unclear: set[str] = set()
        self._lock = Lock()

    def check(self) -> tuple[CheckFinding, ...]:
        """Return how the server stands: reached, version, token, rights, the setup profile, foreign rules."""
        return findings(self._client, self._catalogue)

    def find(self, digests: Digests) -> tuple[StoredRecord, ...]:
        """Return what has these bytes, live first; raises StillUnderWay while an upload of them waits in the queue."""
        is_waiting = self._queue.holds(digests)  # asked first: what ends meanwhile is then seen below
        live = [self._stored(found, digests, Presence.LIVE) for found in self._look.with_bytes(digests)]
        if is_waiting and not live:
            raise errors.under_way(self._client.address.url)
        trashed = self._look.trashed_with_bytes(digests)
        return (*live, *(self._stored(found, digests, Presence.TRASHED) for found in trashed))

    def file(self, submission: Submission, *, was_looked_for: bool = False) -> StoreId:
        """Upload, wait, read back and complete; a document that is this record's already is only completed."""
        wanted = self._wanted(submission)
        if not submission.pdf_path.is_file() or digests_of(submission.pdf_path) != submission.digests:
            raise bytes_changed()
        before = self._sent_before(submission, was_looked_for=was_looked_for)
        document = before or self._sent_now(submission, wanted)
        self._completed(document.document_id, submission, wanted, document)
        return StoreId(str(document.document_id))

    def complete(self, store_id: StoreId, submission: Submission) -> None:
        """Give the document what it lacks; nothing that stands there is changed, and what lies in the trash is left there."""
        document_id, wanted = self._number(store_id), self._wanted(submission)
        if self._look.document(document_id) is None and self._look.trashed_document(document_id) is not None:
            return
        self._completed(document_id, submission, wanted)

    def read_back(self, store_id: StoreId, digests: Digests) -> StoredRecord | None:
        """Return the record as it stands, in the trash too; None where it is gone."""
        if not store_id.isascii() or not store_id.isdecimal():
            return None
        document = self._look.document(int(store_id))
        if document is not None:
            return self._stored(document, digests, Presence.LIVE)
        trashed = self._look.trashed_document(int(store_id))
        return None if trashed is None else self._stored(trashed, digests, Presence.TRASHED)

    def amend(self, store_id: StoreId, submission: Submission) -> None:
        """Bring what is ours on the document to the corrected description; other tags and fields stay."""
        self._agreements.bring(self._number(store_id), submission, self._wanted(submission))

    def changes(self) -> IChangeSource:
        """Return what tells of changes in this store."""
        return PaperlessChanges(self.name, self._client, self._scheme, self._names, self._wanted_freely)

    def give_up(self) -> None:
        """Wait no longer for uploads in the server's queue; each ends with OutcomeUnknown."""
        self._tasks.give_up()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _wanted(self, submission: Submission) -> Wanted:
        wanted = wanted_document(submission, self._scheme, self._language, self._table, self._duties)
        if wanted.unfit and not may_leave_out(submission.description):
            raise errors.unfit(self._client.address.url, wanted.unfit)
        return wanted

    def _wanted_freely(self, submission: Submission) -> Wanted:
        """Return what is wanted; what the server cannot hold is only left out."""
        return wanted_document(submission, self._scheme, self._language, self._table, self._duties)

    def _completed(
        self, document_id: DocumentId, submission: Submission, wanted: Wanted, known: Document | None = None
    ) -> None:
        """Give the document what it lacks and agree on it; what a person took away since an agreement stays away."""
        if self._agreements.is_known(document_id, submission.description.record_id):
            self._agreements.bring(document_id, submission, wanted, only_missing=True)
            return
        ids = self._resolver.ids(wanted)
        document = self._merge.bring(document_id, lambda document: to_fill(document, ids), known)
        self._agreements.begin(document, submission, wanted)

    def _forget_names(self) -> None:
        self._taxonomy.forget()

    def _sent_before(self, submission: Submission, *, was_looked_for: bool) -> Document | None:
        """Return this record's document if an earlier upload made it, waiting for one that is still on its way."""
        file_name = file_name_for(submission.description.record_id, submission.digests)
        with self._lock:
            is_unclear = file_name in self._unclear
        if is_unclear:
            found = self._uploads.waited_for(submission, self._task_timeout_seconds, self._own)
            if found is not None:
                return found
        elif was_looked_for:
            return None
        return self._own(submission)

    def _sent_now(self, submission: Submission, wanted: Wanted) -> Document:
        """Upload; an upload that ends without a clear answer is remembered, so that the next call waits for it first."""
        file_name = file_name_for(submission.description.record_id, submission.digests)
        try:
            document = self._uploads.sent(submission, wanted, self._task_timeout_seconds, self._own)
        except OutcomeUnknown:
            with self._lock:
                self._unclear.add(file_name)
            raise
        with self._lock:
            self._unclear.discard(file_name)
        return document

    def _own(self, submission: Submission) -> Document | None:
        """Return the live document with these bytes that is this record's, the oldest if there are several."""
        record_id = submission.description.record_id
        file_name = file_name_for(record_id, submission.digests)
        for document in self._look.with_bytes(submission.digests):
            if self._record_of(document) == record_id or document.file_name == file_name:
                return document
        return None

    def _stored(self, document: Document, digests: Digests, presence: Presence) -> StoredRecord:
        if presence is Presence.LIVE:
            digests_agree = self._look.has_bytes(document, digests)
        else:
            digests_agree = self._look.trashed_has_bytes(document, digests)
        held_ids = self._taxonomy.known_tag_ids(every_name(TAGS[HELD]))
        code = self._field(document, Own.REFERENCE_CODE)
        return StoredRecord(
            store_id=StoreId(str(document.document_id)),
            record_id=self._record_of(document),
            presence=presence,
            digests_agree=digests_agree,
            kind=self._kinds.get(self._taxonomy.type_name(document.type_id) or ""),
            is_held=bool(held_ids & document.tag_ids),
            reference_code=code if isinstance(code, str) and code else None,
        )

    def _record_of(self, document: Document) -> RecordId | None:
        """Return whose document it is: by its field, or, where that is gone, by the file name that we gave."""
        value = self._field(document, Own.RECORD_ID)
        return RecordId(value) if isinstance(value, str) and value else named_record(document.file_name)

    def _field(self, document: Document, own: Own) -> Json:
        on_server = self._taxonomy.known_field(self._table[own.value])
        return None if on_server is None else document.fields.get(on_server.field_id)

    def _number(self, store_id: StoreId) -> DocumentId:
        if not store_id.isascii() or not store_id.isdecimal():
            raise errors.not_there(self._client.address.url, f"{DOCUMENTS}{store_id}/")
        return int(store_id)


def _kinds_by_name(scheme: Scheme) -> dict[str, str]:
    """Return the code of each kind by its document type's name in either language."""
    return {name: kind.code for kind in scheme.kinds for name in every_name(kind.names)}
