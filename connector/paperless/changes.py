"""What must be changed on a document to make it what is wanted: pure, so that the same look says afterwards whether it was.

Two ways. *Fill* gives what is missing and touches nothing else: used for a document found after a crash, which a person may
have been at since. *Set* brings what is ours to a corrected description. Neither ever touches a tag or field that is not ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from connector.paperless.documents import Document
from connector.paperless.fields import ServerValue
from connector.paperless.json_values import Json, JsonObject


@dataclass(frozen=True, slots=True)
class WantedIds:
    """A wanted document in the server's ids.

    `removable_tags` and `removable_fields` are ours, and taken away by *set* where they are not wanted. `own_paths` and
    `own_groups` are all that the profile wants: a document that stands in another path, or that a person opened to other
    groups and people, keeps them.
    """

    title: str
    created: date
    is_dated: bool
    type_id: int | None
    tag_ids: frozenset[int]
    fields: Mapping[int, ServerValue]
    removable_tags: frozenset[int] = frozenset()
    removable_fields: frozenset[int] = frozenset()
    path_id: int | None = None
    own_paths: frozenset[int] = frozenset()
    see_groups: frozenset[int] = frozenset()
    change_groups: frozenset[int] = frozenset()
    own_groups: frozenset[int] = frozenset()


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
    properties |= _permissions(document, wanted, frozenset())
    missing = {
        field_id: value for field_id, value in wanted.fields.items() if document.fields.get(field_id) in (None, "")
    }
    return Changes(properties=properties, add_fields=missing, add_tags=wanted.tag_ids - document.tag_ids)


def to_set(document: Document, wanted: WantedIds) -> Changes:
    """Return what differs from what is wanted, as far as it is ours."""
    properties: JsonObject = {}
    if document.title != wanted.title:
        properties["title"] = wanted.title
    if wanted.is_dated and document.created != wanted.created.isoformat():
        properties["created"] = wanted.created.isoformat()
    if document.type_id != wanted.type_id and wanted.type_id is not None:
        properties["document_type"] = wanted.type_id
    if wanted.path_id not in (None, document.path_id) and document.path_id in (None, *wanted.own_paths):
        properties["storage_path"] = wanted.path_id
    properties |= _permissions(document, wanted, wanted.own_groups)
    differing = {
        field_id: value
        for field_id, value in wanted.fields.items()
        if not is_same(document.fields.get(field_id), value)
    }
    return Changes(
        properties=properties,
        add_fields=differing,
        remove_fields=frozenset(wanted.removable_fields & document.fields.keys()) - wanted.fields.keys(),
        add_tags=wanted.tag_ids - document.tag_ids,
        remove_tags=(wanted.removable_tags & document.tag_ids) - wanted.tag_ids,
    )


def _permissions(document: Document, wanted: WantedIds, removable: frozenset[int]) -> JsonObject:
    """Return the permissions to set: our groups as wanted, beside whatever people gave to others."""
    present = document.permissions
    if not wanted.own_groups or present is None:
        return {}
    view = (present.view_groups - removable) | wanted.see_groups
    change = (present.change_groups - removable) | wanted.change_groups
    aimed = replace(present, view_groups=view, change_groups=change)
    return {} if aimed == present else {"set_permissions": aimed.as_json()}


def is_same(present: Json, wanted: ServerValue) -> bool:
    """Return whether the server's value is the wanted one; numbers may come back as text or with other zeros."""
    if isinstance(wanted, bool) or isinstance(present, bool):
        return present is wanted
    if isinstance(wanted, float) and isinstance(present, int | float):
        return abs(wanted - present) < 1e-9
    if isinstance(wanted, str) and isinstance(present, str):
        return present.strip() == wanted.strip()
    return str(present) == str(wanted)
