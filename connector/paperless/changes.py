"""What must be changed on a document to make it what is wanted: pure, so that the same look says afterwards whether it was.

*Fill* gives what is missing and touches nothing else: used for a document that was just filed, or found after a crash, which a
person may have been at since. What follows a correction is decided by agreement instead (`connector.paperless.agreed`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from connector.paperless.documents import Document
from connector.paperless.fields import ServerValue
from connector.paperless.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class WantedIds:
    """A wanted document in the server's ids."""

    title: str
    created: date
    type_id: int | None
    tag_ids: frozenset[int]
    fields: Mapping[int, ServerValue]
    path_id: int | None = None
    see_groups: frozenset[int] = frozenset()
    change_groups: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is left to do; empty where nothing is."""

    properties: JsonObject = field(default_factory=dict)
    add_fields: Mapping[int, ServerValue] = field(default_factory=dict)
    remove_fields: frozenset[int] = frozenset()
    add_tags: frozenset[int] = frozenset()
    remove_tags: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.properties or self.add_fields or self.remove_fields or self.add_tags or self.remove_tags)


def to_fill(document: Document, wanted: WantedIds) -> Changes:
    """Return what is missing on the document; a value that stands there stays, whoever wrote it."""
    properties: JsonObject = {}
    if document.type_id is None and wanted.type_id is not None:
        properties["document_type"] = wanted.type_id
    if document.path_id is None and wanted.path_id is not None:
        properties["storage_path"] = wanted.path_id
    properties |= _permissions(document, wanted)
    missing = {
        field_id: value for field_id, value in wanted.fields.items() if document.fields.get(field_id) in (None, "")
    }
    return Changes(properties=properties, add_fields=missing, add_tags=wanted.tag_ids - document.tag_ids)


def _permissions(document: Document, wanted: WantedIds) -> JsonObject:
    """Return the permissions to set: our groups as wanted, beside whatever people gave to others."""
    present = document.permissions
    if present is None:
        return {}
    view, change = present.view_groups | wanted.see_groups, present.change_groups | wanted.change_groups
    aimed = replace(present, view_groups=view, change_groups=change)
    return {} if aimed == present else {"set_permissions": aimed.as_json()}
