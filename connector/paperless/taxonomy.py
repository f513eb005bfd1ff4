"""Finds or makes the document types, tags and custom fields that our records bear; remembers their ids.

Shared with everybody on the server (`owner: null`) and never matched by the server's own rules (`matching_algorithm: 0`).
Names are compared exactly: the server's `name__iexact` finds `Repair` for `repair`, and both may exist. Not for preparing a
whole server (groups, views, storage paths): the setup profile will.
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
from connector.paperless.fields import MAX_NAME_SIGNS, DataType, FieldDefinition
from connector.paperless.json_values import Json, JsonObject, as_object, number, objects, text

TYPES = "/api/document_types/"
TAGS = "/api/tags/"
FIELDS = "/api/custom_fields/"
_PAGE_SIZE = 1000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServerField:
    """A custom field as it stands on the server; `options` label → id of a select."""

    field_id: int
    name: str
    data_type: str
    options: Mapping[str, str]


class Taxonomy:
    """The names on one server. Asks once and remembers; `forget` makes it ask again. For several threads."""

    def __init__(self, client: PaperlessClient) -> None:
        self._client = client
        self._lock = RLock()
        self._ids: dict[str, dict[str, int]] = {}
        self._fields: dict[str, ServerField] | None = None

    def forget(self) -> None:
        """Ask the server anew next time: somebody may have deleted or renamed what we remember."""
        with self._lock:
            self._ids.clear()
            self._fields = None

    def type_id(self, name: str) -> int:
        """Return the id of a document type, made if it is missing."""
        return self._id(TYPES, name, {})

    def tag_ids(self, names: Iterable[str]) -> frozenset[int]:
        """Return the ids of tags, made if they are missing."""
        return frozenset(self._id(TAGS, name, {"is_inbox_tag": False}) for name in names)

    def known_tag_ids(self, names: Iterable[str]) -> frozenset[int]:
        """Return the ids of those of the tags that exist."""
        with self._lock:
            known = self._known(TAGS)
            return frozenset(known[name] for name in names if name in known)

    def type_name(self, type_id: int | None) -> str | None:
        """Return the name of a document type, None where there is none or it is not known."""
        with self._lock:
            return next((name for name, known in self._known(TYPES).items() if known == type_id), None)

    def field_types(self) -> dict[str, str]:
        """Return the type of every custom field by its name."""
        with self._lock:
            return {name: field.data_type for name, field in self._known_fields().items()}

    def known_field(self, definition: FieldDefinition) -> ServerField | None:
        """Return our field if it exists with our type."""
        with self._lock:
            found = self._known_fields().get(definition.name)
            return found if found is not None and found.data_type == definition.data_type.value else None

    def field(self, definition: FieldDefinition) -> ServerField:
        """Return our field, made if it is missing, its options added; raises StoreForbidden where it has another type."""
        with self._lock:
            found = self._known_fields().get(definition.name) or self._made_field(definition)
            if found.data_type != definition.data_type.value:
                server = self._client.address.url
                raise errors.set_up_wrong(server, definition.name, found.data_type, definition.data_type.value)
            if found.options.keys() >= set(definition.options):
                return found
            return self._with_options(found, definition)

    def _id(self, path: str, name: str, more: JsonObject) -> int:
        name = name.strip()[:MAX_NAME_SIGNS]
        with self._lock:
            found = self._known(path).get(name)
            if found is not None:
                return found
            body: JsonObject = {"name": name, "match": "", "matching_algorithm": 0, "owner": None, **more}

            def look() -> int | None:
                self._ids.pop(path, None)
                return self._known(path).get(name)

            def made(answer: Json) -> int:
                return number(as_object(answer, path), "id")

            new_id = self._made("POST", path, body, made, look)
            self._ids[path][name] = new_id
            return new_id

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
        except StoreRefused:
            found = look()
            if found is None:
                raise
            return found
        except OutcomeUnknown as error:
            found = look()
            if found is None:
                raise errors.away(self._client.address.url, f"{path} could not be written") from error
            return found
        return self._client.shaped(path, partial(made, answer))

    def _known(self, path: str) -> dict[str, int]:
        known = self._ids.get(path)
        if known is None:
            known = {}
            for entry in self._client.pages(path, page_size=_PAGE_SIZE):
                name, entry_id, is_shared = self._client.shaped(path, partial(_named, entry))
                if name not in known or is_shared:  # twins of several owners may exist; the shared one is ours
                    known[name] = entry_id
            self._ids[path] = known
        return known

    def _known_fields(self) -> dict[str, ServerField]:
        if self._fields is None:
            entries = self._client.pages(FIELDS, page_size=_PAGE_SIZE)
            fields = [self._client.shaped(FIELDS, partial(_server_field, entry)) for entry in entries]
            self._fields = {field.name: field for field in fields}
        return self._fields

    def _looked_up(self, name: str) -> ServerField | None:
        self._fields = None
        return self._known_fields().get(name)

    def _made_field(self, definition: FieldDefinition) -> ServerField:
        extra: JsonObject = {}
        if definition.data_type is DataType.SELECT:
            extra = {"select_options": [{"label": label} for label in definition.options]}
        elif definition.data_type is DataType.MONETARY:
            extra = {"default_currency": "CNY"}
        body: JsonObject = {"name": definition.name, "data_type": definition.data_type.value}
        if extra:
            body["extra_data"] = extra
        look = partial(self._looked_up, definition.name)
        made = self._made("POST", FIELDS, body, lambda answer: _server_field(as_object(answer, FIELDS)), look)
        self._known_fields()[definition.name] = made
        return made

    def _with_options(self, found: ServerField, definition: FieldDefinition) -> ServerField:
        """Add options; the whole list is sent with its ids, because the server drops what is not in it."""
        present: list[Json] = [{"label": label, "id": option_id} for label, option_id in found.options.items()]
        missing: list[Json] = [{"label": label} for label in definition.options if label not in found.options]
        body: JsonObject = {"extra_data": {"select_options": present + missing}}

        def look() -> ServerField | None:
            looked = self._looked_up(definition.name)
            return looked if looked is not None and looked.options.keys() >= set(definition.options) else None

        path = f"{FIELDS}{found.field_id}/"
        made = self._made("PATCH", path, body, lambda answer: _server_field(as_object(answer, FIELDS)), look)
        self._known_fields()[definition.name] = made
        return made


def _named(entry: JsonObject) -> tuple[str, int, bool]:
    return text(entry, "name"), number(entry, "id"), entry.get("owner") is None


def _server_field(entry: JsonObject) -> ServerField:
    extra = entry.get("extra_data")
    options = extra.get("select_options") if isinstance(extra, dict) else None
    labels = {text(option, "label"): text(option, "id") for option in objects(options or [], "select_options")}
    return ServerField(number(entry, "id"), text(entry, "name"), text(entry, "data_type"), labels)
