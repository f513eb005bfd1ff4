"""A paperless document as a value, read from the API's JSON of 2.x and 3.x; and what we send about one.

Not for sending: `store` does. Only what we need is read, so that a server may add keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connector.paperless.json_values import Json, JsonObject, number, numbers, objects, optional_number, text
from metadata.values import Digests, RecordId

DocumentId = int

_FILE_NAME = re.compile(r"(?P<record>[A-Za-z0-9_-]{1,64})\.(?P<sha256>[0-9a-f]{32})\.pdf")


@dataclass(frozen=True, slots=True)
class Document:
    """What stands on the server. `checksum` is of the first version's original, None where the server (2.x) leaves it out."""

    document_id: DocumentId
    title: str
    created: str
    type_id: int | None
    tag_ids: frozenset[int]
    fields: Mapping[int, Json]
    file_name: str
    checksum: str | None


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


def _root_checksum(body: JsonObject) -> str | None:
    versions = body.get("versions")
    if versions is None:
        return None
    for version in objects(versions, "versions"):
        if version.get("is_root") is True:
            return text(version, "checksum").casefold() or None
    return None
