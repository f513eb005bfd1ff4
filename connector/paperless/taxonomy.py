"""Finds or makes the types, tags, storage paths, groups and custom fields that our records bear; remembers their ids.

What each is to be like says the setup profile's catalogue, so that filing on a server which was never prepared makes the same
things. Names are compared exactly: the server's `name__iexact` finds `Repair` for `repair`, and both may exist. An archive that
was begun in the other language is understood: what stands there under the other name is used. Not for bringing anything up
to date: `profile.setup` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import RLock
from typing import TypeVar

from connector.interfaces import OutcomeUnknown, StoreRefused
from connector.paperless import errors
from connector.paperless.client import PaperlessClient
from connector.paperless.fields import MAX_NAME_SIGNS, FieldDefinition
from connector.paperless.json_values import Json, JsonObject, as_object, number, objects, text
from connector.paperless.profile.values import ObjectKind, Ref, WantedObject
from connector.paperless.profile.wanted import Catalogue, creation_body, wanted_field
from ingest.message import N_, Message

TYPES = ObjectKind.DOCUMENT_TYPE.path
TAGS = ObjectKind.TAG.path
FIELDS = ObjectKind.FIELD.path
_PAGE_SIZE = 1000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServerField:
    """A custom field as it stands on the server; `options` label → id of a select."""

    field_id: int
    name: str
    data_type: str
    options: Mapping[str, str]


def _no_aliases(kind: ObjectKind) -> Mapping[str, int]:
    del kind
    return {}


class Taxonomy:
    """The names on one server. Asks once and remembers; `forget` makes it ask again. For several threads."""

    def __init__(
        self,
        client: PaperlessClient,
        catalogue: Catalogue,
        aliases: Callable[[ObjectKind], Mapping[str, int]] = _no_aliases,
    ) -> None:
        """`aliases` says which of our names stand under another on the server."""
        self._client = client
        self._catalogue = catalogue
        self._aliases = aliases
        self._lock = RLock()
        self._ids: dict[ObjectKind, dict[str, int]] = {}
        self._fields: dict[str, ServerField] | None = None

    def forget(self) -> None:
        """Ask the server anew next time: somebody may have deleted or renamed what we remember."""
        with self._lock:
            self._ids.clear()
            self._fields = None

    def type_id(self, name: str) -> int:
        """Return the id of a document type, made if it is missing."""
        return self._id(ObjectKind.DOCUMENT_TYPE, name)

    def path_id(self, name: str) -> int:
        """Return the id of a storage path, made if it is missing."""
        return self._id(ObjectKind.STORAGE_PATH, name)

    def group_ids(self, names: Iterable[str]) -> frozenset[int]:
        """Return the ids of groups, made if they are missing."""
        return frozenset(self._id(ObjectKind.GROUP, name) for name in names)

    def tag_ids(self, names: Iterable[str]) -> frozenset[int]:
        """Return the ids of tags and of those above them, which the server adds by itself; made if they are missing."""
        wanted = set(names)
        wanted |= {parent for name in wanted if (parent := self._catalogue.parent_of(name))}
        return frozenset(self._id(ObjectKind.TAG, name) for name in sorted(wanted))

    def known_tag_ids(self, names: Iterable[str]) -> frozenset[int]:
        """Return the ids of those of the tags that exist."""
        with self._lock:
            known = self._known(ObjectKind.TAG)
            return frozenset(known[name] for name in names if name in known)

    def type_name(self, type_id: int | None) -> str | None:
        """Return the name of a document type, None where there is none or it is not known."""
        with self._lock:
            known = self._known(ObjectKind.DOCUMENT_TYPE)
            return next((name for name, known_id in known.items() if known_id == type_id), None)

    def field_types(self) -> dict[str, str]:
        """Return the type of every custom field by its name."""
        with self._lock:
            return {name: field.data_type for name, field in self._known_fields().items()}

    def known_field(self, definition: FieldDefinition) -> ServerField | None:
        """Return our field if it exists with our type."""
        with self._lock:
            found = self._looked_up(definition)
            return found if found is not None and found.data_type == definition.data_type.value else None

    def field(self, definition: FieldDefinition) -> ServerField:
        """Return our field, made if it is missing, its options added; raises StoreForbidden where it has another type."""
        with self._lock:
            found = self._looked_up(definition) or self._made_field(definition)
            if found.data_type != definition.data_type.value:
                server = self._client.address.url
                raise errors.set_up_wrong(server, found.name, found.data_type, definition.data_type.value)
            if found.options.keys() >= set(definition.options):
                return found
            return self._with_options(found, definition)

    def _id(self, kind: ObjectKind, name: str) -> int:
        name = name.strip()[:MAX_NAME_SIGNS]
        with self._lock:
            wanted = self._catalogue.named(kind, name) or WantedObject(kind, f"{kind.value}/{name}", name)
            known = self._known(kind)
            other = next((one for one in sorted(wanted.other_names) if one in known), name)
            found = known.get(name, known.get(other))
            if found is not None:
                return found
            body = creation_body(wanted, self._id_of)

            def look() -> int | None:
                self._ids.pop(kind, None)
                return self._known(kind).get(name)

            def made(answer: Json) -> int:
                return number(as_object(answer, kind.path), "id")

            new_id = self._made("POST", kind.path, body, made, look)
            self._ids[kind][name] = new_id
            return new_id

    def _id_of(self, ref: Ref) -> int:
        return self._id(ref.kind, ref.name)

    def _made(
        self, method: str, path: str, body: JsonObject, made: Callable[[Json], T], look: Callable[[], T | None]
    ) -> T:
        """Send, and where the answer is no plain yes, look before believing it.

        The server may have made it though it said 500 (Redis away), and 400 may mean that somebody was quicker.
        """
        try:
            answer = self._client.write(method, path, body)
        except errors.NotThere:
            raise
        except errors.RightMissing as error:
            name = body.get("name")
            raise errors.not_prepared(self._client.address.url, str(name or path)) from error
        except StoreRefused:
            found = look()
            if found is None:
                raise
            return found
        except OutcomeUnknown as error:
            found = look()
            if found is None:
                raise errors.away(
                    self._client.address.url, Message(N_("{path} could not be written"), {"path": path})
                ) from error
            return found
        return self._client.shaped(path, partial(made, answer))

    def _known(self, kind: ObjectKind) -> dict[str, int]:
        known = self._ids.get(kind)
        if known is None:
            known = {}
            for entry in self._client.pages(kind.path, page_size=_PAGE_SIZE):
                name, entry_id, is_shared = self._client.shaped(kind.path, partial(_named, entry))
                if name not in known or is_shared:  # twins of several owners may exist; the shared one is ours
                    known[name] = entry_id
            for name, entry_id in self._aliases(kind).items():
                known.setdefault(name, entry_id)
            self._ids[kind] = known
        return known

    def _known_fields(self) -> dict[str, ServerField]:
        if self._fields is None:
            entries = self._client.pages(FIELDS, page_size=_PAGE_SIZE)
            fields = [self._client.shaped(FIELDS, partial(_server_field, entry)) for entry in entries]
            self._fields = {field.name: field for field in fields}
            by_id = {field.field_id: field for field in fields}
            for name, field_id in self._aliases(ObjectKind.FIELD).items():
                if field_id in by_id:
                    self._fields.setdefault(name, by_id[field_id])
        return self._fields

    def _looked_up(self, definition: FieldDefinition, *, anew: bool = False) -> ServerField | None:
        if anew:
            self._fields = None
        fields = self._known_fields()
        wanted = self._catalogue.named(ObjectKind.FIELD, definition.name)
        others = sorted(wanted.other_names) if wanted else ()
        found = next((fields[name] for name in (definition.name, *others) if name in fields), None)
        return None if found is None else _in_our_words(found, definition)

    def _made_field(self, definition: FieldDefinition) -> ServerField:
        body = creation_body(wanted_field(definition), self._id_of)
        look = partial(self._looked_up, definition, anew=True)
        made = self._made("POST", FIELDS, body, lambda answer: _server_field(as_object(answer, FIELDS)), look)
        self._known_fields()[definition.name] = made
        return made

    def _with_options(self, found: ServerField, definition: FieldDefinition) -> ServerField:
        """Add options; the whole list is sent with its ids, because the server drops what is not in it."""
        labels: dict[str, str] = {}
        for label, option_id in found.options.items():
            labels.setdefault(option_id, label)  # the server's own word stands first
        present: list[Json] = [{"label": label, "id": option_id} for option_id, label in labels.items()]
        missing: list[Json] = [{"label": label} for label in definition.options if label not in found.options]
        body: JsonObject = {"extra_data": {"select_options": present + missing}}

        def look() -> ServerField | None:
            looked = self._looked_up(definition, anew=True)
            return looked if looked is not None and looked.options.keys() >= set(definition.options) else None

        path = f"{FIELDS}{found.field_id}/"
        made = self._made("PATCH", path, body, lambda answer: _server_field(as_object(answer, FIELDS)), look)
        self._known_fields()[made.name] = made
        return _in_our_words(made, definition)


def _in_our_words(found: ServerField, definition: FieldDefinition) -> ServerField:
    """Return the field with its options under our labels too, where they stand there in the other language."""
    pairs = zip(definition.options, definition.other_options, strict=False)
    ours = {ours: found.options[other] for ours, other in pairs if other in found.options and ours not in found.options}
    return ServerField(found.field_id, found.name, found.data_type, {**found.options, **ours}) if ours else found


def _named(entry: JsonObject) -> tuple[str, int, bool]:
    return text(entry, "name"), number(entry, "id"), entry.get("owner") is None


def _server_field(entry: JsonObject) -> ServerField:
    extra = entry.get("extra_data")
    options = extra.get("select_options") if isinstance(extra, dict) else None
    labels = {text(option, "label"): text(option, "id") for option in objects(options or [], "select_options")}
    return ServerField(number(entry, "id"), text(entry, "name"), text(entry, "data_type"), labels)
