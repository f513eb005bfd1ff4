"""What a sync came upon: each thing once, in data, with the sentence that says it to people.

Not for deciding what to do about it (`connector.sync`), nor for logs: what changed may be a customer's name, so logs carry the
code and the record's id only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from connector.interfaces import Difference
from connector.store_keys import shown_key, shown_value
from ingest.message import N_, Message
from metadata.values import RecordId, RecordState, StoreId


class News(StrEnum):
    """What happened in the store since the last look."""

    CHANGED = "changed"
    REFUSED = "refused"
    NOT_KEPT = "not_kept"
    TRASHED = "trashed"
    RESTORED = "restored"
    GONE = "gone"
    MISTAKEN = "mistaken"
    REWOUND = "rewound"
    NEW_VERSION = "new_version"
    BYTES_CHANGED = "bytes_changed"
    NAME_RENAMED = "name_renamed"
    NAME_FOLLOWED = "name_followed"
    NAME_DELETED = "name_deleted"
    UPGRADED = "upgraded"
    SERVER_RESTORED = "server_restored"


SENTENCES: Mapping[News, str] = {
    News.CHANGED: N_("A person changed it in the archive; index and journal follow."),
    News.REFUSED: N_("A person changed it in a way that cannot be followed: {reason} What they wrote there stays."),
    News.NOT_KEPT: N_("The archive does not take what follows from the change: {reason}"),
    News.TRASHED: N_("It lies in the trash of the archive. Nothing is done: restore it there, or leave it."),
    News.RESTORED: N_("It stands in the archive again."),
    News.GONE: N_(
        "It stands in the archive no more, nor in its trash, or its owner there hides it from guidang's account. "
        "Where it is gone, put its scan into an inbox again to have it filed anew."
    ),
    News.MISTAKEN: N_(
        "Another document stands under its number in the archive. Put its scan into an inbox again to have it filed anew."
    ),
    News.REWOUND: N_(
        "It is older in the archive than it was: a backup was restored. Nothing is taken back from it; what persons change there "
        "from now on is taken over."
    ),
    News.NEW_VERSION: N_("It has a newer file in the archive; the one that guidang filed stays its first version."),
    News.BYTES_CHANGED: N_("Its file in the archive is not the one that guidang filed."),
    News.NAME_RENAMED: N_(
        "The {sort} {name} is called {new_name} in the archive now; guidang goes on using it under that name."
    ),
    News.NAME_FOLLOWED: N_("The {sort} {name} is called {new_name} in the archive now; the records follow."),
    News.NAME_DELETED: N_(
        "The {sort} {name} was deleted from the archive; a record gets it back with its next change."
    ),
    News.UPGRADED: N_("The archive's server was upgraded from {before} to {after}; everything was looked at anew."),
    News.SERVER_RESTORED: N_(
        "The archive's server was restored from a backup; {count} records differ from what they were."
    ),
}

NAME_SORTS: Mapping[str, str] = {
    "tags": N_("tag"),
    "document_types": N_("document type"),
    "storage_paths": N_("storage path"),
    "custom_fields": N_("custom field"),
    "groups": N_("group"),
    "options": N_("option"),
}

OF_RECORDS = frozenset(News) - {
    News.NAME_RENAMED,
    News.NAME_FOLLOWED,
    News.NAME_DELETED,
    News.UPGRADED,
    News.SERVER_RESTORED,
}
"""What happens to a record; the others happen to the store."""


NEEDS_A_PERSON = frozenset(
    {
        News.REFUSED,
        News.NOT_KEPT,
        News.GONE,
        News.MISTAKEN,
        News.REWOUND,
        News.BYTES_CHANGED,
        News.NAME_DELETED,
        News.SERVER_RESTORED,
    }
)
"""What nobody but a person can put right."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `changed` is what a person changed there, {name: (before, after)} in the store's words."""

    news: News
    record_id: RecordId | None = None
    store_id: StoreId | None = None
    state: RecordState | None = None
    by: str = ""
    changed: Mapping[str, Difference] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> Message:
        """Return what is said to people."""
        return Message(SENTENCES[self.news], self.facts)


def shown(changed: Mapping[str, Difference]) -> Mapping[str, Difference]:
    """Return the changes under the names, and with the values, that `--json` and tables use."""
    return {shown_key(key): (shown_value(before), shown_value(after)) for key, (before, after) in changed.items()}
