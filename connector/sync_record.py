"""One record and its copy in the store: what a sighting means, and what is done about it.

Decided in pure steps (`connector.agreement`, `connector.correcting`), acted on in this order: the person's change, with what the
store holds now, in one transaction; then store and index follow. Killed anywhere, the next look comes to the same end: what was
taken over is agreed on, and what was not told yet is `unamended`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from connector.agreement import (
    changed_by_person,
    established,
    ours_again,
    released,
    settled,
    still_rewound,
    taken_over,
    to_write,
)
from connector.correcting import ChangeRefused, corrected
from connector.corrections import STORED, finish, submission_of
from connector.events import RecordCorrected
from connector.i18n import say
from connector.interfaces import Difference, IChangeSource, StoreRefused
from connector.parts import Parts
from connector.restored import Backups
from connector.sightings import Sighting
from connector.store_keys import MARKS
from connector.sync_news import Happening, News, shown
from metadata.copies import Agreement, StoreCopy, StoreValue, Values
from metadata.interfaces import IStoreMemory
from metadata.values import Change, Description, RecordEntry, RecordState, Standing

log = logging.getLogger("guidang.sync")

OTHER_BYTES = "other bytes"
"""The version of a copy whose first file is not the one that we filed."""


class RecordSync:
    """Follows single records. Whoever calls it has the turn at changes."""

    def __init__(self, parts: Parts, source: IChangeSource, memory: IStoreMemory, backups: Backups) -> None:
        self._parts = parts
        self._source = source
        self._memory = memory
        self._backups = backups

    def follow(
        self, seen: Sighting, record: RecordEntry, *, kept_until: datetime | None = None
    ) -> tuple[Happening, ...]:
        """Bring record, index and store together after a look; return what happened. Raises StoreUnreachable, StoreForbidden.

        With `kept_until` the store was restored from a backup that is not older than that: what we saw changed later and
        differs now is older, not newer, and is left alone.
        """
        copy = self._memory.copy(record.description.record_id)
        if record.state not in STORED or record.store_id != seen.store_id:
            return ()
        if not seen.is_of(record.description.record_id, record.digests):
            return self._mistaken(seen, record, copy)
        wanted = self._source.wanted(submission_of(record))
        copy = copy or _first(seen, record, wanted, self._source.name)
        seen = _readable(seen, copy.agreement)
        changed = changed_by_person(copy.agreement, seen.values, wanted)
        rewound = still_rewound(copy.rewound, copy.agreement, seen.values)
        newer = {key: both for key, both in changed.items() if key not in rewound}
        if newer and self._is_rewound(seen, copy, kept_until):
            return self._rewound(seen, copy, record, changed)
        happened = self._noticed(seen, record, copy)
        has_acted = bool(newer) or rewound.keys() < copy.rewound.keys()
        if has_acted and not rewound.keys() & copy.agreement.persons:  # what is left to be put right is ours
            copy, rewound = replace(copy, agreement=ours_again(copy.agreement, rewound)), {}
        known = _standing(copy, seen, record, rewound)
        if newer:
            return (*happened, *self._take_over(seen, record, known, newer))
        if rewound:
            self._memory.remember(replace(known, modified=seen.modified))
            return happened
        copy = replace(known, modified=seen.modified, agreement=settled(copy.agreement, seen.values, wanted))
        self._memory.remember(copy)
        if to_write(copy.agreement, seen.values, wanted, record.touched):
            happened = (*happened, *self._finished(record))
        return happened

    def vanished(self, record: RecordEntry, *, is_trashed: bool) -> tuple[Happening, ...]:
        """Note that the record's copy lies in the trash, or is gone."""
        copy = self._memory.copy(record.description.record_id)
        standing = Standing.TRASHED if is_trashed else Standing.GONE
        if copy is None or copy.standing is standing:
            return ()
        news = News.TRASHED if is_trashed else News.GONE
        self._parts.journal.note(replace(copy, standing=standing, modified=None), news.value)
        return (_happened(news, record),)

    def _take_over(
        self,
        seen: Sighting,
        record: RecordEntry,
        copy: StoreCopy,
        changed: Mapping[str, Difference],
    ) -> tuple[Happening, ...]:
        change = self._source.understood(record, changed, seen.values)
        change = replace(change, by=self._source.who(seen.store_id, copy.modified), holds=True)
        change, description, state, refusal = self._decided(record, change, changed)
        after = replace(record, description=description, state=state, touched=record.touched | change.touched)
        wanted = self._source.wanted(submission_of(after))
        agreement = _agreed(copy.agreement, seen.values, wanted, changed)
        copy = replace(copy, agreement=agreement, modified=seen.modified)
        record_id = record.description.record_id
        self._parts.journal.change(record_id, change, description, state, copy)
        self._parts.events.send(RecordCorrected(record_id))
        news = News.REFUSED if refusal is not None else News.CHANGED
        facts = {"reason": say(refusal.what)} if refusal is not None else {}
        told = replace(_happened(news, after), by=change.by, changed=shown(changed), facts=facts)
        return (told, *self._finished(record))

    def _decided(
        self, record: RecordEntry, change: Change, changed: Mapping[str, Difference]
    ) -> tuple[Change, Description, RecordState, ChangeRefused | None]:
        """Return the change that can be made of what a person did, what comes of it, and why it is not all."""
        refusal: ChangeRefused | None = None
        for attempt in (change, replace(change, reject=False), Change(noted=changed, by=change.by, holds=True)):
            try:
                description, state = corrected(self._parts, record, attempt)
            except ChangeRefused as error:
                refusal = refusal or error
            else:
                return attempt, description, state, refusal
        raise AssertionError("a change that only notes something is never refused")

    def _finished(self, record: RecordEntry) -> tuple[Happening, ...]:
        """Bring store and index to what the journal says; a store that refuses that is told of and asked again later."""
        try:
            finish(self._parts, record.description.record_id)
        except StoreRefused as error:
            log.warning("the store refuses what follows for record %s", record.description.record_id)
            return (replace(_happened(News.NOT_KEPT, record), facts={"reason": say(error.what)}),)
        return ()

    def _noticed(self, seen: Sighting, record: RecordEntry, copy: StoreCopy) -> tuple[Happening, ...]:
        """Write down what happened to the copy beside its values; each thing once."""
        happened: list[Happening] = []
        if copy.standing in (Standing.TRASHED, Standing.GONE):
            happened.append(_happened(News.RESTORED, record))
        version = _version(seen, record)
        if version not in (copy.version, ""):
            news = News.BYTES_CHANGED if version == OTHER_BYTES else News.NEW_VERSION
            happened.append(_happened(news, record))
        for one in happened:
            self._parts.journal.note(replace(copy, standing=Standing.LIVE, version=version), one.news.value)
        return tuple(happened)

    def _is_rewound(self, seen: Sighting, copy: StoreCopy, kept_until: datetime | None) -> bool:
        """Return whether what differs is a backup's: the store's, or this document's alone."""
        if copy.standing is Standing.REWOUND and not copy.rewound:
            return True  # seen by a filing, which only left it alone
        if kept_until is not None and (copy.modified is None or copy.modified > kept_until):
            return True
        return self._backups.is_back(seen.store_id, seen.modified, copy.modified)

    def _rewound(
        self, seen: Sighting, copy: StoreCopy, record: RecordEntry, changed: Mapping[str, Difference]
    ) -> tuple[Happening, ...]:
        """Remember what the backup brought back: nobody's word until a person changes it again."""
        rewound = {key: after for key, (_, after) in changed.items()}
        back = replace(copy, standing=Standing.REWOUND, modified=seen.modified, rewound=rewound)
        self._parts.journal.note(back, News.REWOUND.value)
        return (_happened(News.REWOUND, record),)

    def _mistaken(self, seen: Sighting, record: RecordEntry, copy: StoreCopy | None) -> tuple[Happening, ...]:
        if copy is not None and copy.standing is Standing.GONE:
            return ()
        copy = copy or _first(seen, record, {}, self._source.name)
        gone = replace(copy, standing=Standing.GONE, modified=None, agreement=Agreement(), rewound={})
        self._parts.journal.note(gone, News.MISTAKEN.value)
        return (_happened(News.MISTAKEN, record),)


def _happened(news: News, record: RecordEntry) -> Happening:
    return Happening(news, record.description.record_id, record.store_id, record.state)


def _first(seen: Sighting, record: RecordEntry, wanted: Values, store: str) -> StoreCopy:
    """Return the copy of a record of which nothing is remembered."""
    agreed = established(seen.values, wanted)
    return StoreCopy(record.description.record_id, store, seen.store_id, Standing.LIVE, None, "", agreed)


def _readable(seen: Sighting, agreed: Agreement) -> Sighting:
    """Return the sighting with what was agreed on in place of values that mean nothing to us now."""
    if not seen.unreadable:
        return seen
    kept = {key: value for key, value in seen.values.items() if not seen.hides(key)}
    return replace(seen, values=kept | {key: value for key, value in agreed.theirs.items() if seen.hides(key)})


def _standing(
    copy: StoreCopy, seen: Sighting, record: RecordEntry, rewound: Mapping[str, StoreValue | None]
) -> StoreCopy:
    standing = Standing.REWOUND if rewound else Standing.LIVE
    return replace(copy, standing=standing, version=_version(seen, record), rewound=rewound)


def _version(seen: Sighting, record: RecordEntry) -> str:
    has_bytes = None if record.digests is None else seen.has_bytes(record.digests)
    return OTHER_BYTES if has_bytes is False else seen.version


def _agreed(agreed: Agreement, stands: Values, wanted: Values, changed: Mapping[str, Difference]) -> Agreement:
    """Return the agreement after the change. A mark (待核验, 退回) follows what came of the act, unless it means nothing to us."""
    after = settled(taken_over(agreed, stands, wanted, changed), stands, wanted)
    return released(after, [key for key in changed if key in MARKS and (key in wanted or key not in stands)])
