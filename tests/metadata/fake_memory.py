"""The memory of stores in dictionaries, for tests of a store without a journal. Keeps the same promises as the real one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from zope.interface import implementer

from metadata.copies import Agreement, StoreCopy, StoreMark, StoreName, Values
from metadata.interfaces import IStoreMemory
from metadata.values import RecordId, Standing, StoreId


@implementer(IStoreMemory)
class FakeMemory:
    """See `IStoreMemory`; there are no records that it has never heard of."""

    def __init__(self) -> None:
        self._copies: dict[RecordId, StoreCopy] = {}
        self._marks: dict[str, StoreMark] = {}
        self._names: dict[tuple[str, str, str], StoreName] = {}
        self._lock = Lock()

    def copy(self, record_id: RecordId) -> StoreCopy | None:
        """Return one."""
        return self._copies.get(record_id)

    def copies(self, store: str, store_ids: Iterable[StoreId]) -> Mapping[StoreId, StoreCopy]:
        """Return some."""
        wanted = set(store_ids)
        found = [copy for copy in self._copies.values() if copy.store == store and copy.store_id in wanted]
        return {copy.store_id: copy for copy in sorted(found, key=lambda copy: copy.standing is not Standing.GONE)}

    def remember(self, copy: StoreCopy) -> None:
        """Replace one."""
        with self._lock:
            self._copies[copy.record_id] = copy

    def standing(self, store: str, standings: frozenset[Standing]) -> Mapping[StoreId, RecordId]:
        """Return those that stand so."""
        fits = [copy for copy in self._copies.values() if copy.store == store and copy.standing in standings]
        return {copy.store_id: copy.record_id for copy in fits}

    def modified_since(self, store: str, moment: datetime) -> Mapping[StoreId, datetime]:
        """Return the live ones changed since."""
        live = [copy for copy in self._copies.values() if copy.store == store and copy.standing is Standing.LIVE]
        return {c.store_id: c.modified for c in live if c.modified is not None and c.modified >= moment}

    def unremembered(self, store: str) -> Mapping[StoreId, RecordId]:
        """Return none."""
        del store
        return {}

    def mark(self, store: str) -> StoreMark:
        """Return the mark."""
        return self._marks.get(store, StoreMark(store))

    def set_mark(self, mark: StoreMark) -> None:
        """Set the mark."""
        self._marks[mark.store] = mark

    def names(self, store: str) -> Sequence[StoreName]:
        """Return the names."""
        return [named for (of, _, _), named in sorted(self._names.items()) if of == store]

    def name(self, store: str, names: Iterable[StoreName]) -> None:
        """Set names."""
        with self._lock:
            for named in names:
                self._names[store, named.sort, named.object_id] = named

    def lose(self, store: str, named: StoreName, lost: Values) -> int:
        """Forget a name and its values."""
        count = 0
        with self._lock:
            self._names.pop((store, named.sort, named.object_id), None)
            for record_id, copy in self._copies.items():
                agreed = copy.agreement
                keys = {k for k, v in lost.items() if k in agreed.theirs and (v is True or agreed.theirs[k] == v)}
                if copy.store == store and keys:
                    self._copies[record_id] = replace(copy, agreement=_without(agreed, keys))
                    count += 1
        return count


def _without(agreed: Agreement, keys: set[str]) -> Agreement:
    ours = {key: value for key, value in agreed.ours.items() if key not in keys}
    theirs = {key: value for key, value in agreed.theirs.items() if key not in keys}
    return replace(agreed, ours=ours, theirs=theirs, persons=agreed.persons - keys)
