"""Brings a document to what we want by agreement: a person's change in between is left alone, and ours is remembered as ours.

What is about to be sent is remembered before it is sent, and what stands there afterwards is what was agreed on. What a restored
backup brought back is left alone, but where we want something new since. Not for taking a person's change over (`connector.sync_record`); the document is then remembered as one to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from connector.agreement import (
    changed_by_person,
    established,
    intended,
    over_backup,
    settled,
    still_rewound,
    to_write,
)
from connector.paperless.changes import Changes, WantedIds
from connector.paperless.documents import Document, DocumentId
from connector.paperless.flat import changes_from, standing_values, wanted_values
from connector.paperless.merge import Merge
from connector.paperless.profile.values import ObjectKind
from connector.paperless.resolver import Resolver
from connector.paperless.server_names import ServerNames, WrittenIds
from connector.paperless.wanted import Wanted
from metadata.copies import Agreement, StoreCopy, StoreValue, Values, is_older
from metadata.interfaces import IStoreMemory
from metadata.values import RecordId, Standing, StoreId, Submission


class Agreements:
    """The agreements on the documents of one server."""

    def __init__(self, store: str, memory: IStoreMemory, names: ServerNames, merge: Merge, resolver: Resolver) -> None:
        self._store = store
        self._memory = memory
        self._names = names
        self._merge = merge
        self._resolver = resolver

    def is_known(self, document_id: DocumentId, record_id: RecordId) -> bool:
        """Return whether an agreement on this record's document is remembered."""
        copy = self._memory.copy(record_id)
        return copy is not None and copy.store_id == str(document_id)

    def begin(self, document: Document, submission: Submission, wanted: Wanted) -> None:
        """Remember the first agreement on a document that was just filed and completed."""
        words = self._names.words_of(document)
        stands, ours = standing_values(document, words), wanted_values(wanted, words)
        self._remember(document, submission.description.record_id, established(stands, ours), stands, ours)

    def bring(
        self, document_id: DocumentId, submission: Submission, wanted: Wanted, *, only_missing: bool = False
    ) -> None:
        """Write what we want and nobody else changed; raises NotThere, OutcomeUnknown, StoreRefused where something is left.

        With `only_missing` nothing is written over, and nothing taken away.
        """
        record_id = submission.description.record_id
        document = self._merge.bring(document_id, self._deciding(submission, wanted, only_missing=only_missing))
        if self._is_to_be_looked_at(record_id):
            return
        words = self._names.words_of(document)
        stands, ours = standing_values(document, words), wanted_values(wanted, words)
        agreed = self._agreed(record_id, document, stands, ours)
        self._remember(document, record_id, settled(agreed, stands, ours), stands, ours)

    def _deciding(self, submission: Submission, wanted: Wanted, *, only_missing: bool) -> Callable[[Document], Changes]:
        record_id = submission.description.record_id

        def decide(document: Document) -> Changes:
            words = self._names.words_of(document)
            stands, ours = standing_values(document, words), wanted_values(wanted, words)
            if self._is_older(record_id, document, stands, ours) or self._is_to_be_looked_at(record_id):
                return Changes()
            agreed = over_backup(
                self._agreed(record_id, document, stands, ours), self._rewound(record_id, document), ours
            )
            writes = to_write(agreed, stands, ours, submission.touched)
            if only_missing:
                writes = {key: value for key, value in writes.items() if value is not None and key not in stands}
            if not writes:
                return Changes()
            ids = self._resolver.ids(wanted)
            self._remember(document, record_id, intended(agreed, writes, ours), stands, ours)
            return changes_from(writes, document, ids, self._names.words(_wanted_ids(ids)))

        return decide

    def _is_to_be_looked_at(self, record_id: RecordId) -> bool:
        """Return whether a backup brought the document back older, and the sync has not yet looked what differs."""
        copy = self._memory.copy(record_id)
        return copy is not None and copy.standing is Standing.REWOUND and not copy.rewound

    def _rewound(self, record_id: RecordId, document: Document) -> Mapping[str, StoreValue | None]:
        copy = self._memory.copy(record_id)
        is_its = copy is not None and copy.store_id == str(document.document_id)
        return copy.rewound if copy is not None and is_its else {}

    def _is_older(self, record_id: RecordId, document: Document, stands: Values, ours: Values) -> bool:
        """Note, and return, whether a backup brought the document back older than it was: what differs is no person's word."""
        copy = self._memory.copy(record_id)
        if copy is None or document.modified is None or not is_older(document.modified, copy.modified):
            return False
        if not changed_by_person(copy.agreement, stands, ours):
            return False
        self._memory.remember(replace(copy, standing=Standing.REWOUND))
        return True

    def _agreed(self, record_id: RecordId, document: Document, stands: Values, ours: Values) -> Agreement:
        copy = self._memory.copy(record_id)
        is_its = copy is not None and copy.store_id == str(document.document_id)
        return copy.agreement if copy is not None and is_its else established(stands, ours)

    def _remember(
        self, document: Document, record_id: RecordId, agreed: Agreement, stands: Values, ours: Values
    ) -> None:
        """Remember the agreement; where a person's change is still to be taken over, the document is to be looked at."""
        rewound = still_rewound(self._rewound(record_id, document), agreed, stands)
        is_settled = not agreed.in_flight and not changed_by_person(agreed, stands, ours).keys() - rewound.keys()
        before = self._memory.copy(record_id)
        new = StoreCopy(
            record_id,
            self._store,
            StoreId(str(document.document_id)),
            Standing.LIVE,
            document.modified if is_settled else None,
            document.version,
            agreed,
        )
        if before is not None and before.store_id == new.store_id:
            standing = Standing.LIVE if before.rewound and not rewound else before.standing
            new = replace(new, version=before.version, standing=standing, rewound=rewound)
        self._memory.remember(new)


def _wanted_ids(ids: WantedIds) -> WrittenIds:
    found = {(ObjectKind.TAG, one) for one in ids.tag_ids} | {(ObjectKind.FIELD, one) for one in ids.fields}
    found |= {(ObjectKind.GROUP, one) for one in ids.see_groups | ids.change_groups}
    if ids.type_id is not None:
        found.add((ObjectKind.DOCUMENT_TYPE, ids.type_id))
    if ids.path_id is not None:
        found.add((ObjectKind.STORAGE_PATH, ids.path_id))
    return found
