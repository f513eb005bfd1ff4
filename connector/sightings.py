"""What a store that can tell of changes shows of its records: values between `IChangeSource` and the sync."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from metadata.copies import Values
from metadata.values import Digests, RecordId, StoreId


@dataclass(frozen=True, slots=True)
class Glance:
    """That something stands in the store, and when it was changed last, in the store's own time."""

    store_id: StoreId
    modified: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """What stands in the store under an id, whole. `record_ids` are the records that it says it is.

    `checksum` is of the bytes first taken in, None where the store does not say it with a list; `version` names the newest
    file, "" where that is the first. `unreadable` are keys, and beginnings of keys that end in ":", whose values we cannot know now.
    """

    store_id: StoreId
    modified: datetime
    record_ids: frozenset[RecordId]
    checksum: str | None
    version: str
    values: Values
    unreadable: frozenset[str] = frozenset()

    def hides(self, key: str) -> bool:
        """Return whether we cannot know what stands under this key."""
        return any(key == one or (one.endswith(":") and key.startswith(one)) for one in self.unreadable)

    def is_of(self, record_id: RecordId, digests: Digests | None) -> bool:
        """Return whether this is the record's copy: after a restored backup another may stand under its id."""
        return record_id in self.record_ids or (digests is not None and self.has_bytes(digests) is True)

    def has_bytes(self, digests: Digests) -> bool | None:
        """Return whether the bytes first taken in are these, None where the store does not say."""
        return None if self.checksum is None else self.checksum in (digests.sha256, digests.md5)


@dataclass(frozen=True, slots=True)
class NameNews:
    """A name in the store (`sort`: "tag", "type" …) that was renamed, or, with `new_name` "", deleted. `is_ours`: records bear it."""

    sort: str
    name: str
    new_name: str
    is_ours: bool
