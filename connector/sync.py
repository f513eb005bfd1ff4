"""Follows a store: one cycle looks at what was changed since the last, and now and then at everything.

1. Names (tags, types, fields) are looked at anew in every cycle: renaming and deleting them changes no document's `modified`.
2. Incremental: what was modified since the newest change seen, with an overlap, because a server stamps a change before it is
   committed. What we saw changed in that time, and the newest of all, whosever it is, must be there again; where it is not, and
   does not lie in the trash, everything is looked at.
3. A sweep looks at everything: at the first time, once a day, after an upgrade, a renamed or deleted name, or something odd. Where
   the store is older than we knew it, it was restored from a backup (`connector.restored`): nothing is taken over from what
   differs, but where the backup was made later than the last change that we saw.
4. The trash is looked at when its number changes, and in a sweep.
Not for one record (`connector.sync_record`). The mark goes
on only when all was followed: killed anywhere, the next cycle begins where this one did.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from connector.interfaces import IChangeSource
from connector.lease import TurnNotOurs
from connector.parts import Parts, Turn
from connector.restored import Backups, SweptGlances
from connector.sightings import Glance, NameNews, Sighting
from connector.sync_news import Happening, News
from connector.sync_record import RecordSync
from metadata.copies import StoreCopy, StoreMark, is_older_at_all
from metadata.interfaces import IStoreMemory
from metadata.values import RecordId, Standing, StoreId

log = logging.getLogger("guidang.sync")

OVERLAP = timedelta(seconds=60)
"""paperless stamps `modified` before it commits, and a bulk edit's data is there up to ten seconds before the stamp (measured)."""

GLANCES_AT_ONCE = 10_000
"""So many changes since the last cycle may come in more than one page, and pages in the order of changes slip while people work."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING = Glance(StoreId(""), EVER)
STANDING = frozenset({Standing.LIVE, Standing.REWOUND})


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one cycle came to: what happened, how many documents were looked at, and whether it was all of them."""

    happened: tuple[Happening, ...]
    looked_at: int
    swept: bool


class Sync:
    """Follows one store. One cycle at a time."""

    def __init__(
        self, parts: Parts, source: IChangeSource, memory: IStoreMemory, turn: Turn, sweep_every: timedelta
    ) -> None:
        self._parts = parts
        self._source = source
        self._memory = memory
        self._turn = turn
        self._sweep_every = sweep_every
        self._backups = Backups(source, memory)
        self._records = RecordSync(parts, source, memory, self._backups)
        self._untold: tuple[NameNews, ...] = ()  # of a cycle that broke off
        self._done: list[Happening] = []  # by cycles that broke off
        self._newest: Glance | None = None  # the newest change seen, None before the first cycle

    def cycle(self, *, sweep: bool = False) -> SyncReport:
        """Follow the store; return what happened. Raises StoreUnreachable, StoreForbidden, TurnNotOurs: the next cycle goes on."""
        names = self._untold = (*self._untold, *self._source.refresh())
        before = self._memory.mark(self._source.name)
        if (
            names and before.swept_at is not None
        ):  # the names are remembered as seen: a sweep that breaks off must be made good
            before = replace(before, swept_at=None)
            self._memory.set_mark(before)
        run = _Run(before, [_name_happening(one) for one in names if one.is_ours or one.new_name], 0)
        self._note_version(run)
        must_sweep = sweep or bool(names) or self._is_due(before) or run.mark.server_version != before.server_version
        is_whole = False
        try:
            if must_sweep or not self._follow_recent(run):
                self._sweep(run)
            self._follow_trash(run)
            if run.mark != before:
                self._memory.set_mark(run.mark)
            is_whole = True
        finally:  # what was done to records is not done again, and so is told by the next cycle
            self._done += [] if is_whole else [one for one in run.happened if one.record_id is not None]
        happened, self._untold, self._done = (*self._done, *run.happened), (), []
        return SyncReport(happened, run.looked_at, run.swept)

    def bring_back(self, store_id: StoreId) -> tuple[Happening, ...]:
        """Follow one copy at once, such as before a person changes the record elsewhere; our turn is ours already."""
        happened: list[Happening] = []
        for seen in self._source.look([store_id]):
            copy = self._memory.copies(self._source.name, [store_id]).get(store_id)
            if copy is not None:
                happened += self._follow(seen, copy.record_id, None)
        return tuple(happened)

    def _is_due(self, mark: StoreMark) -> bool:
        if mark.swept_at is None or mark.seen_until is None or mark.restored_since is not None:
            return True
        since = self._parts.clock.now() - mark.swept_at
        return not timedelta(0) <= since < self._sweep_every  # our clock may have been put back

    def _note_version(self, run: _Run) -> None:
        version, before = self._source.server_version(), run.mark.server_version
        if version == before:
            return
        run.mark = replace(run.mark, server_version=version)
        if before:
            run.happened.append(Happening(News.UPGRADED, facts={"before": before, "after": version}))

    def _follow_recent(self, run: _Run) -> bool:
        """Follow what was modified lately; return False where something is odd and everything must be looked at."""
        since = (run.mark.seen_until or EVER) - OVERLAP
        glances = {glance.store_id: glance.modified for glance in self._source.changed_since(since)}
        if len(glances) >= GLANCES_AT_ONCE:
            return False
        known = self._memory.modified_since(self._source.name, since)
        missing = {store_id for store_id, modified in known.items() if glances.get(store_id, EVER) < modified}
        missing |= self._gone(run.mark, glances)
        if missing and not self._are_in_trash(missing):
            return False
        copies = self._memory.copies(self._source.name, glances)
        changed = [store_id for store_id, copy in copies.items() if copy.modified != glances[store_id]]
        if changed:
            self._look_at(run, self._source.look(changed), copies, {}, None)
        self._newest = _newest(Glance(store_id, modified) for store_id, modified in glances.items())
        run.saw(self._newest.modified)
        return True

    def _gone(self, mark: StoreMark, glances: Mapping[StoreId, datetime]) -> set[StoreId]:
        """Return what bore the newest change and does so no more; "" where we do not know what it was."""
        if self._newest is not None:
            is_gone = is_older_at_all(glances.get(self._newest.store_id, EVER), self._newest.modified)
            return {self._newest.store_id} if is_gone else set()
        is_gone = is_older_at_all(max(glances.values(), default=EVER), mark.seen_until)
        return {StoreId("")} if is_gone else set()

    def _are_in_trash(self, store_ids: Iterable[StoreId]) -> bool:
        return self._source.trashed() >= set(store_ids)

    def _sweep(self, run: _Run) -> None:
        name = self._source.name
        unseen = dict(self._memory.standing(name, STANDING))
        glances = SweptGlances(self._memory.modified_since(name, EVER))
        newest = NOTHING
        for glance in self._source.glances():
            unseen.pop(glance.store_id, None)
            glances.add(glance)
            if glance.modified > newest.modified:
                newest = glance
        run.saw(newest.modified)  # what was changed since is stamped later, or seen in the second look below
        is_restored = run.mark.restored_since is not None or glances.is_restored(self._backups)
        if is_restored and run.mark.restored_since is None:
            run.mark = replace(run.mark, restored_since=self._parts.clock.now())
            self._memory.set_mark(run.mark)
        kept_until = glances.kept_until if is_restored else None
        del glances  # of 100,000 documents it is megabytes
        self._look_at_all(run, unseen, kept_until)
        self._follow_unseen(run, unseen)
        if is_restored:
            count = len(self._memory.standing(name, frozenset({Standing.REWOUND})))
            run.happened.append(Happening(News.SERVER_RESTORED, facts={"count": str(count)}))
        run.swept = True
        self._newest = newest  # not before: a sweep that breaks off is made good
        run.mark = replace(run.mark, swept_at=self._parts.clock.now(), restored_since=None, trash_count=None)

    def _look_at_all(self, run: _Run, unseen: dict[StoreId, RecordId], kept_until: datetime | None) -> None:
        strangers = self._memory.unremembered(self._source.name)
        for page in self._source.sightings():
            copies = self._memory.copies(self._source.name, [seen.store_id for seen in page])
            for seen in page:
                unseen.pop(seen.store_id, None)
            self._look_at(run, page, copies, strangers, kept_until)

    def _look_at(
        self,
        run: _Run,
        page: Iterable[Sighting],
        copies: Mapping[StoreId, StoreCopy],
        strangers: Mapping[StoreId, RecordId],
        kept_until: datetime | None,
    ) -> None:
        """Follow what is not as agreed; most of it is."""
        for seen in page:
            run.looked_at += 1
            copy = copies.get(seen.store_id)
            record_id = copy.record_id if copy is not None else strangers.get(seen.store_id)
            if record_id is None:
                continue
            if copy is None or not _is_as_agreed(seen, copy):
                for one in (record_id, *_others_named(seen, record_id)):
                    run.happened += self._followed(seen, one, kept_until)

    def _followed(self, seen: Sighting, record_id: RecordId, kept_until: datetime | None) -> tuple[Happening, ...]:
        with self._turn() as is_ours:
            if not is_ours:
                raise TurnNotOurs
            return self._follow(seen, record_id, kept_until)

    def _follow(self, seen: Sighting, record_id: RecordId, kept_until: datetime | None) -> tuple[Happening, ...]:
        record = self._parts.journal.record(record_id)
        return () if record is None else self._records.follow(seen, record, kept_until=kept_until)

    def _follow_unseen(self, run: _Run, unseen: Mapping[StoreId, RecordId]) -> None:
        """Look again at what the sweep did not come upon: it may have slipped from one page to another."""
        if not unseen:
            return
        found = {seen.store_id: seen for seen in self._source.look(unseen)}
        copies = self._memory.copies(self._source.name, found)
        self._look_at(run, found.values(), copies, {}, None)
        trashed = self._source.trashed()
        for store_id, record_id in unseen.items():
            if store_id not in found:
                run.happened += self._vanished(record_id, is_trashed=store_id in trashed)

    def _follow_trash(self, run: _Run) -> None:
        count = self._source.trash_count()
        if count == run.mark.trash_count:
            return
        name, trashed = self._source.name, self._source.trashed()
        for store_id, copy in self._memory.copies(name, trashed).items():
            if copy.standing in STANDING and store_id in trashed:
                run.happened += self._vanished(copy.record_id, is_trashed=True)
        out = {s: r for s, r in self._memory.standing(name, frozenset({Standing.TRASHED})).items() if s not in trashed}
        self._follow_unseen(run, out)
        run.mark = replace(run.mark, trash_count=count)

    def _vanished(self, record_id: RecordId, *, is_trashed: bool) -> tuple[Happening, ...]:
        with self._turn() as is_ours:
            if not is_ours:
                raise TurnNotOurs
            record = self._parts.journal.record(record_id)
            return () if record is None else self._records.vanished(record, is_trashed=is_trashed)


@dataclass
class _Run:
    """One cycle under way."""

    mark: StoreMark
    happened: list[Happening]
    looked_at: int
    swept: bool = False

    def saw(self, newest: datetime) -> None:
        """Note the newest change seen; it never goes back."""
        if newest > (self.mark.seen_until or EVER):
            self.mark = replace(self.mark, seen_until=newest)


def _newest(glances: Iterable[Glance]) -> Glance:
    return max(glances, key=lambda one: one.modified, default=NOTHING)


def _is_as_agreed(seen: Sighting, copy: StoreCopy) -> bool:
    if copy.standing is not Standing.LIVE or copy.modified != seen.modified or copy.agreement.in_flight:
        return False
    theirs = copy.agreement.theirs
    if seen.unreadable:
        theirs = {key: value for key, value in theirs.items() if not seen.hides(key)}
    return seen.values == theirs


def _others_named(seen: Sighting, record_id: RecordId) -> frozenset[RecordId]:
    """Return whose copy this is where it is not this record's: a restored server gives the same number to two documents."""
    return frozenset() if record_id in seen.record_ids else seen.record_ids


def _name_happening(news: NameNews) -> Happening:
    if not news.new_name:
        code = News.NAME_DELETED
    else:
        code = News.NAME_RENAMED if news.is_ours else News.NAME_FOLLOWED
    return Happening(code, facts={"sort": news.sort, "name": news.name, "new_name": news.new_name})
