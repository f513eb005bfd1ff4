"""Remembers what each name in the store meant, by its id: so a renamed tag is still ours, and a deleted one is no person's doing.

Why: renaming or deleting a tag, type or field changes thousands of documents at once, without changing their `modified`. If
待核验 were known by its name alone, renaming it would look as if somebody had confirmed every held record. The rules, by id:
1. A name that means something to us means that.
2. Any other name of an id that was ours goes on meaning what it meant: it was renamed there, or in our configuration.
3. Another's name means itself; when it is renamed or deleted, its records follow.
4. An id of ours is gone: its value is forgotten in every agreement (`IStoreMemory.lose`), so that its absence is nobody's word.
Not for asking the server (`connector.paperless.server_names`) or for what names mean (`connector.paperless.vocabulary`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from threading import Lock

from connector.paperless.vocabulary import MEANT
from metadata.copies import StoreName, Values
from metadata.interfaces import IStoreMemory

OPTION = "option/"
"""Options of a select are remembered under this and our code of the field, other names under the sort of `ObjectKind`."""


class NameChange(StrEnum):
    """What became of a name."""

    RENAMED = "renamed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class NameEvent:
    """Something that happened to a name. `new_name` "" where it was deleted."""

    change: NameChange
    sort: str
    name: str
    new_name: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a list of names means: the meaning of every id, what is new to remember, what to lose, what happened."""

    meanings: Mapping[str, str]
    remember: tuple[StoreName, ...]
    lose: tuple[StoreName, ...]
    events: tuple[NameEvent, ...]


def reconciled(
    sort: str,
    remembered: Iterable[StoreName],
    listed: Mapping[str, str],
    meaning_of: Callable[[str], str],
    is_own: Callable[[str], bool],
) -> Reconciled:
    """Return what a server's list {id: name} means beside what is remembered of this sort. Pure."""
    before = {was.object_id: was for was in remembered}
    meanings: dict[str, str] = {}
    remember: list[StoreName] = []
    events: list[NameEvent] = []
    for object_id, name in listed.items():
        was, said = before.get(object_id), meaning_of(name)
        meaning = was.meaning if was is not None and was.is_ours and not said.startswith(MEANT) else said
        meanings[object_id] = meaning
        now = StoreName(sort, object_id, name, meaning, is_own(name) or (was is not None and was.is_ours))
        if now != was:
            remember.append(now)
        if was is not None and was.name != name and not said.startswith(MEANT):
            events.append(NameEvent(NameChange.RENAMED, sort, was.name, name, was.is_ours))
    lose = tuple(was for object_id, was in before.items() if object_id not in listed)
    events += [NameEvent(NameChange.DELETED, sort, was.name, "", was.is_ours) for was in lose]
    return Reconciled(meanings, tuple(remember), lose, tuple(events))


class NameBook:
    """The names of one store, remembered for good. For several threads."""

    def __init__(
        self,
        memory: IStoreMemory,
        store: str,
        meaning_of: Callable[[str, str], str],
        is_own: Callable[[str, str], bool],
        lost: Callable[[str, str], Values],
    ) -> None:
        """`meaning_of` and `is_own` say what a name of a sort means to us, `lost` what vanishes from agreements with a meaning."""
        self._memory = memory
        self._store = store
        self._meaning_of = meaning_of
        self._is_own = is_own
        self._lost = lost
        self._lock = Lock()
        self._events: list[NameEvent] = []

    def read(self, sort: str, listed: Mapping[str, str]) -> Mapping[str, str]:
        """Return what each id of a list {id: name} means, everything that follows from it remembered; losses first."""
        with self._lock:
            before = [named for named in self._memory.names(self._store) if named.sort == sort]
            found = reconciled(sort, before, listed, partial(self._meaning_of, sort), partial(self._is_own, sort))
            for was in found.lose:
                is_followed = not was.is_ours or was.meaning in found.meanings.values()
                self._memory.lose(self._store, was, {} if is_followed else self._lost(sort, was.meaning))
            if found.remember:
                self._memory.name(self._store, found.remember)
            self._events += found.events
            return found.meanings

    def drained(self) -> tuple[NameEvent, ...]:
        """Return what happened since the last call."""
        with self._lock:
            events, self._events = tuple(self._events), []
            return events
