"""The JSON of each thing, as the captured servers of each version give it (version 9 of the API)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.paperless_stand_in.state import OWNER, CustomField, Named, State, StoredDocument, StoredTask, checksum


def stamp(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="microseconds") if moment else None


def named(state: State, kind: str, entry: Named, *, counts: Mapping[int, int] | None = None) -> dict[str, Any]:
    """Return a tag, type …; in a list with how many documents bear it."""
    slug = re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", entry.name.casefold(), flags=re.ASCII).strip())
    body: dict[str, Any] = {"id": entry.id, "slug": slug, "name": entry.name}
    if kind == "tags":
        body |= {"color": entry.color, "text_color": "#000000"}
    if kind == "storage_paths":
        body["path"] = entry.path
    body |= {"match": entry.match, "matching_algorithm": entry.matching_algorithm, "is_insensitive": True}
    if kind == "tags":
        body["is_inbox_tag"] = entry.is_inbox_tag
    if counts is not None:
        body["document_count"] = counts.get(entry.id, 0)
    body |= {"owner": entry.owner, "user_can_change": True}
    if kind == "tags":
        children = [tag for tag in state.names["tags"].values() if tag.parent == entry.id]
        body["parent"] = entry.parent
        body["children"] = [named(state, kind, child, counts=counts) for child in children]
    return body


def custom_field(entry: CustomField, *, in_list: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": entry.id,
        "name": entry.name,
        "data_type": entry.data_type,
        "extra_data": entry.extra_data,
    }
    return {**body, "document_count": 0} if in_list else body


def document(
    state: State, entry: StoredDocument, *, is_change: bool = False, full_permissions: bool = False
) -> dict[str, Any]:
    is_trashed = entry.deleted_at is not None
    fields = [] if is_trashed else [{"value": value, "field": key} for key, value in sorted(entry.fields.items())]
    body: dict[str, Any] = {
        "id": entry.id,
        "correspondent": None,
        "document_type": entry.document_type,
        "storage_path": entry.storage_path,
        "title": entry.title,
        "content": "供热维修单",
        "tags": list(entry.tags),
        "created": entry.created,
        "created_date": entry.created,
        "modified": stamp(entry.modified),
        "added": stamp(entry.added),
        "deleted_at": stamp(entry.deleted_at),
        "archive_serial_number": None,
        "original_file_name": entry.file_name,
        "archived_file_name": None,
    }
    if state.is_v3:
        twins = state.twins(entry)
        body["duplicate_documents"] = [
            {"id": twin.id, "title": twin.title, "deleted_at": stamp(twin.deleted_at)} for twin in twins
        ]
    body["owner"] = entry.owner
    if full_permissions or is_change:
        body["permissions"] = entry.permissions
    else:
        body |= {"user_can_change": True, "is_shared_by_requester": False}
    body |= {"notes": [], "custom_fields": fields, "page_count": 1, "mime_type": "application/pdf"}
    if state.is_v3:
        versions = [
            {
                "id": version.id,
                "added": version.added.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
                "version_label": version.label,
                "checksum": checksum(version.content, is_v3=True),
                "is_root": version.id == entry.id,
            }
            for version in reversed(entry.all_versions)
        ]
        body |= {"root_document": None, "versions": versions}
    return body


def metadata(state: State, entry: StoredDocument) -> dict[str, Any]:
    return {
        "original_checksum": entry.checksum(state.is_v3),
        "original_size": len(entry.content),
        "original_mime_type": "application/pdf",
        "media_filename": f"{entry.id:07}.pdf",
        "has_archive_version": False,
        "original_metadata": [],
        "archive_checksum": None,
        "archive_media_filename": None,
        "original_filename": entry.file_name,
        "archive_size": None,
        "archive_metadata": None,
        "lang": "en",
    }


def task(state: State, entry: StoredTask) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": entry.id,
        "task_id": entry.task_id,
        "task_name": "consume_file",
        "task_file_name": entry.file_name,
        "date_created": stamp(entry.created),
        "date_done": stamp(entry.done),
        "type": "manual_task" if state.is_v3 else "auto_task",
        "status": entry.status,
        "result": entry.result,
        "acknowledged": False,
        "related_document": entry.related if state.is_v3 or entry.related is None else str(entry.related),
    }
    if state.is_v3:
        twins = [state.documents[entry.related]] if entry.related and entry.status == "FAILURE" else []
        body["duplicate_documents"] = [
            {"id": twin.id, "title": twin.title, "deleted_at": stamp(twin.deleted_at)} for twin in twins
        ]
    return {**body, "owner": OWNER}
