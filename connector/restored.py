"""Whether the store was restored from a backup, told by what it lacks; no clock is asked.

A document whose stamp went back is older for one of two reasons: a backup was restored, or the server's clock was put back and
somebody changed the document since. They are told apart so:
1. older by more than a minute: a backup;
2. another document still stands there as we saw it, changed at the same time or later: no backup, or it would be older, too;
3. the document's own log still names a change at that time: no backup;
4. else a backup. Where that is wrong nothing is lost: the record is shown as rewound, and the person's next change counts.
Not for what is done then (`connector.sync_record`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from connector.interfaces import IChangeSource
from connector.sightings import Glance
from metadata.copies import is_as_known, is_older, is_older_at_all
from metadata.interfaces import IStoreMemory
from metadata.values import StoreId

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)

LOGGED_AFTER = timedelta(seconds=2)
"""A server logs a change shortly after it stamped it."""

LOGGED_BEFORE = timedelta(seconds=12)
"""A bulk edit is stamped up to ten seconds after it was logged (measured)."""


class Backups:
    """Tells of single documents."""

    def __init__(self, source: IChangeSource, memory: IStoreMemory) -> None:
        self._source = source
        self._memory = memory

    def is_back(self, store_id: StoreId, stamp: datetime, known: datetime | None) -> bool:
        """Return whether a document stamped so, which we knew as changed at `known`, stands there as a backup had it.

        Raises StoreUnreachable, StoreForbidden.
        """
        if known is None or not is_older_at_all(stamp, known):
            return False
        if is_older(stamp, known):
            return True
        others = self._memory.modified_since(self._source.name, known)
        glances = self._source.changed_since(known)
        if any(one.store_id != store_id and is_as_known(one.modified, others.get(one.store_id)) for one in glances):
            return False
        return not self.is_logged(store_id, stamp, known)

    def is_logged(self, store_id: StoreId, stamp: datetime, known: datetime) -> bool:
        """Return whether the document's log names the change that we knew, as far as we may read it."""
        return self._source.was_logged(store_id, max(stamp + LOGGED_AFTER, known - LOGGED_BEFORE))


class SweptGlances:
    """What the glances of a sweep say of the store as a whole."""

    def __init__(self, known: Mapping[StoreId, datetime]) -> None:
        self._known = known
        self._went_back: dict[StoreId, datetime] = {}
        self._is_surely_back = False
        self.kept_until = BEFORE_ALL
        """The newest change that stands there as we saw it: a backup is not older than that."""

    def add(self, glance: Glance) -> None:
        """Look at one."""
        known = self._known.get(glance.store_id)
        if known is None:
            return
        if is_as_known(glance.modified, known):
            self.kept_until = max(self.kept_until, known)
        elif is_older(glance.modified, known):
            self._is_surely_back = True
        elif is_older_at_all(glance.modified, known) and not self._is_surely_back:
            self._went_back[glance.store_id] = glance.modified

    def is_restored(self, backups: Backups) -> bool:
        """Return whether a backup was restored, once all were looked at."""
        return self._is_surely_back or any(
            self._known[store_id] > self.kept_until and not backups.is_logged(store_id, stamp, self._known[store_id])
            for store_id, stamp in self._went_back.items()
        )
