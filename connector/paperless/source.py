"""What a paperless-ngx server tells of changes in it: an `IChangeSource`. Only reads.

The server's clock stamps changes, so only moments that it named are compared. What it does not tell: who changed something (only
its audit log does, where we may read it), and that a name was deleted (no document is modified by that).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice

from zope.interface import implementer

from classifiers.scheme import Scheme
from connector.interfaces import Difference, IChangeSource, StoreForbidden
from connector.paperless import errors
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document, document_from, named_record
from connector.paperless.fields import Own
from connector.paperless.flat import ServerWords, standing_values, wanted_values
from connector.paperless.json_values import (
    JsonObject,
    as_object,
    moment,
    number,
    objects,
    optional_moment,
    optional_number,
    text,
)
from connector.paperless.look import DOCUMENTS, TRASH, Look
from connector.paperless.server_names import ServerNames
from connector.paperless.understanding import understood
from connector.paperless.wanted import Wanted
from connector.sightings import Glance, NameNews, Sighting
from connector.store_keys import CHANGE, FIELD, SEE
from metadata.copies import Values
from metadata.values import Change, RecordEntry, RecordId, StoreId, Submission

GLANCES_A_PAGE = 10_000
SIGHTINGS_A_PAGE = 1_000
LOOKS_AT_ONCE = 100
"""Ids in one address; 100 of seven digits take 800 signs, proxies allow 8,000."""

_GLANCE = "id,modified"
_SIGHTING = (
    (
        "fields",
        "id,modified,title,created,document_type,tags,custom_fields,original_file_name,versions,storage_path,permissions",
    ),
)
_PERMISSIONS = (("full_perms", "true"),)
"""Asked of single documents only: a server looks them up one by one, a thousand a page would take it seconds."""

_USER = "/api/ui_settings/"


@implementer(IChangeSource)
class PaperlessChanges:
    """A server as a source of changes. For several threads."""

    def __init__(
        self,
        name: str,
        client: PaperlessClient,
        scheme: Scheme,
        names: ServerNames,
        wanted: Callable[[Submission], Wanted],
    ) -> None:
        self.name = name
        self._client = client
        self._scheme = scheme
        self._names = names
        self._wanted = wanted
        self._look = Look(client)
        self._own_user: int | None = None
        self._may_read_history = True

    def refresh(self) -> tuple[NameNews, ...]:
        """Look anew at the names in the store; return what was renamed or deleted since the last look, each once."""
        return self._names.refresh()

    def server_version(self) -> str:
        """Return the version that the server named last, "" before its first answer."""
        version = self._client.server_version
        return "" if version is None else ".".join(map(str, version))

    def changed_since(self, moment: datetime) -> Iterator[Glance]:
        """Yield everything that was changed at or after this moment of the store's time, ours and others'."""
        since = moment.astimezone(UTC).isoformat(timespec="microseconds")
        return self._glances((("modified__gte", since), ("ordering", "modified")))

    def glances(self) -> Iterator[Glance]:
        """Yield everything that stands there, ours and others'; what is changed meanwhile may be missed or come twice."""
        return self._glances((("ordering", "id"),))

    def look(self, store_ids: Iterable[StoreId]) -> Iterator[Sighting]:
        """Yield those of these that stand there, in no order."""
        wanted = iter([store_id for store_id in store_ids if store_id.isascii() and store_id.isdecimal()])
        while some := list(islice(wanted, LOOKS_AT_ONCE)):
            asked = set(some)
            params = (("id__in", ",".join(some)), *_SIGHTING, *_PERMISSIONS)
            for seen in self._sightings(params, LOOKS_AT_ONCE):
                if seen.store_id not in asked:  # an unknown filter is ignored, and everything comes
                    raise errors.not_understood(self._client.address.url, "id__in")
                yield seen

    def sightings(self) -> Iterator[tuple[Sighting, ...]]:
        """Yield everything that stands there, a page at a time; what is changed meanwhile may be missed or come twice."""
        everything = self._sightings((("ordering", "id"), *_SIGHTING), SIGHTINGS_A_PAGE)
        while page := tuple(islice(everything, SIGHTINGS_A_PAGE)):
            yield page

    def trash_count(self) -> int:
        """Return how many lie in the trash: where that changes, something was deleted or came back."""
        params = (("page", "1"), ("page_size", "1"))
        return self._client.shaped(TRASH, lambda: number(self._client.read_object(TRASH, params), "count"))

    def trashed(self) -> frozenset[StoreId]:
        """Return what lies in the trash."""
        return frozenset(StoreId(str(document.document_id)) for document in self._look.trashed())

    def wanted(self, submission: Submission) -> Values:
        """Return what we want of a record, under the keys of a sighting. Makes nothing in the store."""
        return wanted_values(self._wanted(submission), self._names.words())

    def understood(self, record: RecordEntry, changed: Mapping[str, Difference], values: Values) -> Change:
        """Return what a person's changes of these keys mean for the record; `values` is all that stands there. Pure."""
        return understood(self._scheme, record, changed, values)

    def who(self, store_id: StoreId, since: datetime | None) -> str:
        """Return who changed it since then, as far as the store tells; "" where it does not."""
        entries = self._history(store_id)
        if not entries:
            return ""
        try:
            own = self._own_user_id()
        except StoreForbidden:
            return ""
        return self._client.shaped(DOCUMENTS, lambda: _actors(entries, since, own))

    def was_logged(self, store_id: StoreId, since: datetime) -> bool:
        """Return whether the store's own log has a change of it at or after this moment; False where we may not read it."""
        moments = self._client.shaped(
            DOCUMENTS, lambda: [optional_moment(entry, "timestamp") for entry in self._history(store_id)]
        )
        return any(moment is not None and moment >= since for moment in moments)

    def _history(self, store_id: StoreId) -> list[JsonObject]:
        """Return what the server logged of a document, empty where it may not be read."""
        if not self._may_read_history:
            return []
        path = f"{DOCUMENTS}{store_id}/history/"
        try:
            entries = self._client.read(path)
        except errors.NotThere:
            return []
        except StoreForbidden:
            self._may_read_history = False
            return []
        return self._client.shaped(path, lambda: list(objects(entries, "history")))

    def _own_user_id(self) -> int:
        if self._own_user is None:
            settings = self._client.read_object(_USER)
            user = self._client.shaped(_USER, lambda: as_object(settings.get("user"), "user"))
            self._own_user = self._client.shaped(_USER, lambda: number(user, "id"))
        return self._own_user

    def _glances(self, params: tuple[tuple[str, str], ...]) -> Iterator[Glance]:
        pages = self._client.pages(DOCUMENTS, (*params, ("fields", _GLANCE)), page_size=GLANCES_A_PAGE)
        for body in pages:
            yield self._client.shaped(DOCUMENTS, partial(_glance, body))

    def _sightings(self, params: tuple[tuple[str, str], ...], page_size: int) -> Iterator[Sighting]:
        for body in self._client.pages(DOCUMENTS, params, page_size=page_size):
            document = self._client.shaped(DOCUMENTS, partial(document_from, body))
            yield sighting_of(document, self._names.words_of(document))


def sighting_of(document: Document, words: ServerWords) -> Sighting:
    """Return what stands on the document, as a sighting."""
    values = standing_values(document, words)
    named = (values.get(f"{FIELD}{Own.RECORD_ID}"), named_record(document.file_name))
    return Sighting(
        store_id=StoreId(str(document.document_id)),
        modified=document.modified or datetime.min.replace(tzinfo=UTC),
        record_ids=frozenset(RecordId(str(one)) for one in named if one),
        checksum=document.checksum,
        version=document.version,
        values=values,
        unreadable=words.unreadable if document.permissions is not None else words.unreadable | {SEE, CHANGE},
    )


def _glance(body: JsonObject) -> Glance:
    return Glance(StoreId(str(number(body, "id"))), moment(body, "modified"))


def _actors(entries: list[JsonObject], since: datetime | None, own: int) -> str:
    """Return the names of those, beside ourselves, who made the entries after a moment, the latest first."""
    names: dict[str, None] = {}
    for entry in entries:
        actor, at = entry.get("actor"), optional_moment(entry, "timestamp")
        is_later = since is None or (at is not None and at > since)
        if isinstance(actor, dict) and is_later and optional_number(actor, "id") != own:
            names.setdefault(text(actor, "username"))
    return ", ".join(name for name in names if name)
