"""The names on one server, looked at anew in every cycle of the sync, and what they mean to us.

Beside `taxonomy`, which finds or makes the ids of names that we want to write: this reads what stands there, remembers it for
good (`name_book`), and so knows a renamed tag again. One look costs a request a sort.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from threading import RLock

from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document
from connector.paperless.fields import Own
from connector.paperless.flat import ServerWords
from connector.paperless.json_values import JsonObject, number, objects, optional_number, text
from connector.paperless.name_book import OPTION, NameBook, NameChange, NameEvent
from connector.paperless.profile.values import ObjectKind
from connector.paperless.profile.wanted import Catalogue
from connector.paperless.vocabulary import MEANT, Vocabulary, code_of
from connector.sightings import NameNews
from connector.store_keys import CHANGE, FIELD, PATH, SEE, TAG, TYPE
from metadata.copies import Values
from metadata.interfaces import IStoreMemory

KINDS = (ObjectKind.TAG, ObjectKind.DOCUMENT_TYPE, ObjectKind.FIELD, ObjectKind.STORAGE_PATH)
"""What documents bear; groups beside them where there are duties."""

_PAGE_SIZE = 1000

WrittenIds = AbstractSet[tuple[ObjectKind, int]]
"""Ids of names with their sort."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """One object of a list. `parent` of a tag, `data_type` and `options` of a custom field."""

    object_id: int
    name: str
    parent: int | None
    data_type: str
    options: Mapping[str, str]


Lists = Mapping[ObjectKind, Sequence[_Listed]]


class ServerNames:
    """Reads and remembers the names; for several threads."""

    def __init__(
        self,
        client: PaperlessClient,
        memory: IStoreMemory,
        store: str,
        *,
        catalogue: Catalogue,
        vocabulary: Vocabulary,
        on_change: Callable[[], None],
    ) -> None:
        """`on_change` is called when the names differ from those of the look before."""
        self._client = client
        self._vocabulary = vocabulary
        self._types = {code: definition.data_type.value for code, definition in catalogue.fields.items()}
        has_groups = any(wanted.kind is ObjectKind.GROUP for wanted in catalogue.objects)
        self._kinds = (*KINDS, ObjectKind.GROUP) if has_groups else KINDS
        self._own_words = {(wanted.kind.value, wanted.name) for wanted in catalogue.objects}
        self._names = {
            (kind, vocabulary.meaning(kind, wanted.name)): wanted.name
            for kind in self._kinds
            for wanted in catalogue.objects
            if wanted.kind is kind
        }
        self._book = NameBook(memory, store, self._meaning_of, self._is_own, lost_with)
        self._on_change = on_change
        self._lock = RLock()
        self._words: ServerWords | None = None
        self._lists: Lists = {}
        self._aliases: dict[ObjectKind, dict[str, int]] = {}
        self._known: set[tuple[ObjectKind, int]] = set()

    def refresh(self) -> tuple[NameNews, ...]:
        """Look at all lists; return what was renamed or deleted, each once."""
        with self._lock:
            lists = self._read_all()
            is_news = lists != self._lists
            if is_news:
                self._understand(lists)
            events = self._book.drained()
        if is_news:
            self._on_change()  # outside the lock: whoever forgets takes a lock, too
        return tuple(_news(event) for event in events)

    def words(self, *ids: WrittenIds) -> ServerWords:
        """Return the names as of the last look; looks anew where one of these ids is not among them."""
        with self._lock:
            wanted = {one for some in ids for one in some}
            if self._words is None or not wanted <= self._known:
                self._understand(self._read_all())
                self._known |= wanted  # what we may not see is not looked for again and again
            if self._words is None:
                raise AssertionError("the names were just looked at")
            return self._words

    def words_of(self, document: Document) -> ServerWords:
        """Return the names, those on the document among them."""
        return self.words(ids_on(document))

    def aliases(self, kind: ObjectKind) -> Mapping[str, int]:
        """Return the ids of our names of a sort that stand under another name on the server."""
        self.words()
        with self._lock:
            return dict(self._aliases.get(kind, {}))

    def _read_all(self) -> Lists:
        return {kind: self._read(kind) for kind in self._kinds}

    def _read(self, kind: ObjectKind) -> list[_Listed]:
        entries = self._client.pages(kind.path, page_size=_PAGE_SIZE)
        return [self._client.shaped(kind.path, partial(_listed, entry)) for entry in entries]

    def _understand(self, lists: Lists) -> None:
        """Reconcile every sort with what is remembered, and make the words anew."""
        meanings: dict[ObjectKind, Mapping[int, str]] = {}
        for kind, listed in lists.items():
            found = self._book.read(kind, {str(one.object_id): one.name for one in listed})
            meanings[kind] = {int(object_id): meaning for object_id, meaning in found.items()}
            self._aliases[kind] = self._aliased(kind, listed, meanings[kind])
        self._lists = lists
        self._known = {(kind, one.object_id) for kind, listed in lists.items() for one in listed}
        codes, unreadable = self._codes(lists[ObjectKind.FIELD], meanings[ObjectKind.FIELD])
        self._words = ServerWords(
            vocabulary=self._vocabulary,
            meanings=meanings,
            codes=codes,
            options=self._options(lists[ObjectKind.FIELD], codes),
            parents=_parents(lists[ObjectKind.TAG], meanings[ObjectKind.TAG]),
            unreadable=unreadable,
        )

    def _aliased(self, kind: ObjectKind, listed: Sequence[_Listed], meanings: Mapping[int, str]) -> dict[str, int]:
        """Return the ids of our names that nothing on the server bears, though something there means the same."""
        here = {one.name for one in listed}
        found: dict[str, int] = {}
        for object_id, meaning in meanings.items():
            name = self._names.get((kind, meaning), meaning)
            if name not in here and not name.startswith(MEANT):
                found.setdefault(name, object_id)
        return found

    def _codes(
        self, fields: Sequence[_Listed], meanings: Mapping[int, str]
    ) -> tuple[Mapping[int, str], frozenset[str]]:
        """Return our codes by the fields' ids, and the keys of those whose type is not ours."""
        codes: dict[int, str] = {}
        unreadable: set[str] = set()
        for one in fields:
            code = code_of(meanings[one.object_id])
            if code is None or code not in self._types or code in codes.values():
                continue
            if one.data_type == self._types[code]:
                codes[one.object_id] = code
            else:
                unreadable.add(f"{FIELD}{code}")
        return codes, frozenset(unreadable - {f"{FIELD}{code}" for code in codes.values()})

    def _options(self, fields: Sequence[_Listed], codes: Mapping[int, str]) -> Mapping[int, Mapping[str, str]]:
        """Return what the options of our selects mean, by their ids."""
        return {
            one.object_id: self._book.read(f"{OPTION}{codes[one.object_id]}", one.options)
            for one in fields
            if one.object_id in codes and one.options
        }

    def _meaning_of(self, sort: str, name: str) -> str:
        if sort.startswith(OPTION):
            return self._vocabulary.category(name) if sort == f"{OPTION}{Own.CATEGORY}" else name
        return self._vocabulary.meaning(ObjectKind(sort), name)

    def _is_own(self, sort: str, name: str) -> bool:
        """Return whether the name is of our catalogue: a meaning of ours, or a word of the configuration."""
        return self._meaning_of(sort, name).startswith(MEANT) or (sort, name) in self._own_words


def lost_with(sort: str, meaning: str) -> Values:
    """Return the values that vanish from every record with a name of this meaning."""
    if sort.startswith(OPTION):
        return {f"{FIELD}{sort.removeprefix(OPTION)}": meaning}
    match sort:
        case ObjectKind.TAG:
            return {TAG + meaning: True}
        case ObjectKind.DOCUMENT_TYPE:
            return {TYPE: meaning}
        case ObjectKind.STORAGE_PATH:
            return {PATH: meaning}
        case ObjectKind.GROUP:
            return {SEE + meaning: True, CHANGE + meaning: True}
    code = code_of(meaning)
    return {} if code is None else {f"{FIELD}{code}": True}


def _parents(tags: Sequence[_Listed], meanings: Mapping[int, str]) -> Mapping[str, str]:
    return {
        meanings[one.object_id]: meanings[one.parent]
        for one in tags
        if one.parent is not None and one.parent in meanings
    }


def ids_on(document: Document) -> WrittenIds:
    """Return the ids of names that the document bears."""
    found = {(ObjectKind.TAG, tag_id) for tag_id in document.tag_ids}
    found |= {(ObjectKind.FIELD, field_id) for field_id in document.fields}
    if document.type_id is not None:
        found.add((ObjectKind.DOCUMENT_TYPE, document.type_id))
    if document.path_id is not None:
        found.add((ObjectKind.STORAGE_PATH, document.path_id))
    return found


def _listed(entry: JsonObject) -> _Listed:
    extra = entry.get("extra_data")
    options = extra.get("select_options") if isinstance(extra, dict) else None
    return _Listed(
        object_id=number(entry, "id"),
        name=text(entry, "name"),
        parent=optional_number(entry, "parent"),
        data_type=text(entry, "data_type"),
        options={text(option, "id"): text(option, "label") for option in objects(options or [], "select_options")},
    )


def _news(event: NameEvent) -> NameNews:
    sort = "options" if event.sort.startswith(OPTION) else event.sort
    return NameNews(sort, event.name, "" if event.change is NameChange.DELETED else event.new_name, event.is_ours)
