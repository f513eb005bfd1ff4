"""A person at the server's web pages: what they change there, and what that does to `modified` and the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.paperless_stand_in.server import StandIn
from tests.paperless_stand_in.state import CustomField, Named, StoredDocument
from tests.paperless_stand_in.webhooks import UPDATED, call_webhooks


class Person:
    """Someone with an account. Names stand for themselves: a tag that is missing is made."""

    def __init__(self, stand_in: StandIn, name: str = "liwei") -> None:
        self.name = name
        self._stand_in = stand_in
        self._state = stand_in.state

    def edit(self, document_id: int | str, **new: Any) -> None:
        """Save the form of one document: `title`, `created`, `type` and `path` (names), `fields` {name: value}, `tags`, `no_tags`."""
        with self._stand_in.lock:
            entry = self._state.documents[int(document_id)]
            self._edit(entry, new)
            self._state.touch(entry)
        call_webhooks(self._state, self._stand_in.url, entry.id, UPDATED)

    def edit_many(self, document_ids: list[int], **new: Any) -> None:
        """Use the bulk editor: `modified` follows when the worker has run."""
        with self._stand_in.lock:
            for document_id in document_ids:
                if self._edit(self._state.documents[document_id], new):
                    self._state.touched_in_bulk.append(document_id)

    def delete(self, document_id: int | str) -> None:
        """Move it to the trash."""
        with self._stand_in.lock:
            self._state.delete(int(document_id))

    def restore(self, document_id: int | str) -> None:
        """Take it out of the trash."""
        with self._stand_in.lock:
            entry = self._state.documents[int(document_id)]
            entry.deleted_at = None
            self._state.touch(entry)

    def empty_trash(self) -> None:
        """Delete for good what lies there."""
        with self._stand_in.lock:
            for entry in self._state.trash:
                del self._state.documents[entry.id]

    def rename(self, kind: str, name: str, new_name: str) -> None:
        """Rename a tag or type, or (kind "custom_fields") a field."""
        with self._stand_in.lock:
            self._named(kind, name).name = new_name

    def remove(self, kind: str, name: str) -> None:
        """Delete a tag, type or field for everybody."""
        with self._stand_in.lock:
            found = self._named(kind, name)
            if kind == "custom_fields":
                self._state.delete_field(found.id)
            else:
                self._state.delete_name(kind, found.id)

    def _named(self, kind: str, name: str) -> Named | CustomField:
        entries = self._state.custom_fields if kind == "custom_fields" else self._state.names[kind]
        return next(entry for entry in entries.values() if entry.name == name)

    def _edit(self, entry: StoredDocument, new: Mapping[str, Any]) -> bool:
        values = {name: value for name, value in new.items() if name in ("title", "created")}
        if "type" in new:
            values["document_type"] = self._named("document_types", new["type"]).id if new["type"] else None
        if "path" in new:
            values["storage_path"] = self._named("storage_paths", new["path"]).id
        if "fields" in new:
            given = {self._named("custom_fields", name).id: value for name, value in new["fields"].items()}
            kept = {number: value for number, value in entry.fields.items() if number not in given}
            values["fields"] = kept | {number: value for number, value in given.items() if value is not None}
        if "tags" in new or "no_tags" in new:
            gone = {self._named("tags", name).id for name in new.get("no_tags", ())}
            values["tags"] = [tag for tag in entry.tags if tag not in gone] + [
                self._tag(n) for n in new.get("tags", ())
            ]
        return self._state.edit(entry, self.name, **values)

    def _tag(self, name: str) -> int:
        for tag in self._state.names["tags"].values():
            if tag.name == name:
                return tag.id
        made = Named(self._state.next_id("tags"), name, 1)
        self._state.names["tags"][made.id] = made
        return made.id
