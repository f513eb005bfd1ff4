"""A paperless document as a value, read from the API's JSON of 2.x and 3.x; and what we send about one.

Not for sending: `store` does. Only what we need is read, so that a server may add keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connector.paperless.json_values import (
    Json,
    JsonObject,
    as_object,
    number,
    numbers,
    objects,
    optional_moment,
    optional_number,
    text,
)
from metadata.values import Digests, RecordId

DocumentId = int

_FILE_NAME = re.compile(r"(?P<record>[A-Za-z0-9_-]{1,64})\.(?P<sha256>[0-9a-f]{32})\.pdf")


@dataclass(frozen=True, slots=True)
class Permissions:
    """Who beside the owner may see and change a document, by the server's ids; who may change may see."""

    view_users: frozenset[int] = frozenset()
    view_groups: frozenset[int] = frozenset()
    change_users: frozenset[int] = frozenset()
    change_groups: frozenset[int] = frozenset()

    def as_json(self) -> Json:
        """Return them as the server takes them: the whole lists, which replace what was."""
        view: JsonObject = {"users": [*sorted(self.view_users)], "groups": [*sorted(self.view_groups)]}
        change: JsonObject = {"users": [*sorted(self.change_users)], "groups": [*sorted(self.change_groups)]}
        return {"view": view, "change": change}


@dataclass(frozen=True, slots=True)
class Document:
    """What stands on the server. `checksum` is of the first version's original, None where the server (2.x) leaves it out.

    `permissions` None where the server was not asked for them, or we may not know them.
    """

    document_id: DocumentId
    title: str
    created: str
    type_id: int | None
    tag_ids: frozenset[int]
    fields: Mapping[int, Json]
    file_name: str
    checksum: str | None
    path_id: int | None = None
    owner: int | None = None
    permissions: Permissions | None = None
    modified: datetime | None = None
    version: str = ""  # the newest file's id, "" where that is the first


def document_from(body: JsonObject) -> Document:
    """Return the document; raises ShapeWrong."""
    return Document(
        document_id=number(body, "id"),
        title=text(body, "title"),
        created=text(body, "created")[:10],
        type_id=optional_number(body, "document_type"),
        tag_ids=frozenset(numbers(body, "tags")),
        fields={number(field, "field"): field.get("value") for field in objects(body.get("custom_fields"), "fields")},
        file_name=text(body, "original_file_name"),
        checksum=_root_checksum(body),
        path_id=optional_number(body, "storage_path"),
        owner=optional_number(body, "owner"),
        permissions=_permissions(body.get("permissions")),
        modified=optional_moment(body, "modified"),
        version=_newest_version(body),
    )


def file_name_for(record_id: RecordId, digests: Digests) -> str:
    """Return the name under which a record's bytes are sent: the server keeps it with the task and in the trash.

    A 2.x server names no digest there and has dropped the fields of what lies in the trash, so the name says both.
    """
    record = re.sub(r"[^A-Za-z0-9_-]", "_", record_id)[:64] or "_"
    return f"{record}.{digests.sha256[:32]}.pdf"


def names_bytes(file_name: str, digests: Digests) -> bool:
    """Return whether a file name is one that we gave to these bytes."""
    match = _FILE_NAME.fullmatch(file_name)
    return match is not None and match["sha256"] == digests.sha256[:32]


def named_record(file_name: str) -> RecordId | None:
    """Return the record that a file name of ours names."""
    match = _FILE_NAME.fullmatch(file_name)
    return RecordId(match["record"]) if match else None


def _permissions(value: Json) -> Permissions | None:
    if not isinstance(value, dict):
        return None
    view, change = as_object(value.get("view"), "view"), as_object(value.get("change"), "change")
    return Permissions(
        view_users=frozenset(numbers(view, "users")),
        view_groups=frozenset(numbers(view, "groups")),
        change_users=frozenset(numbers(change, "users")),
        change_groups=frozenset(numbers(change, "groups")),
    )


def _root_checksum(body: JsonObject) -> str | None:
    versions = body.get("versions")
    if versions is None:
        return None
    for version in objects(versions, "versions"):
        if version.get("is_root") is True:
            return text(version, "checksum").casefold() or None
    return None


def _newest_version(body: JsonObject) -> str:
    later = [
        number(version, "id")
        for version in objects(body.get("versions") or [], "versions")
        if not version.get("is_root")
    ]
    return str(max(later)) if later else ""
