"""What the stand-in answers about documents: lists, single ones, changes, the trash, their history.

When `modified` changes follows `modified_effects.json` of the captures: a PATCH at once, a bulk edit only when the worker has
run, deleting or renaming a tag, type or field not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.paperless_stand_in import shapes
from tests.paperless_stand_in.asked import SERVER_ERROR, Asked, Given, listed, saved
from tests.paperless_stand_in.search import found_by
from tests.paperless_stand_in.state import OWN_NAME, State, StoredDocument
from tests.paperless_stand_in.values import value_fault

ORDERS: dict[str, Callable[[StoredDocument], Any]] = {
    "id": lambda entry: entry.id,
    "modified": lambda entry: (entry.modified, entry.id),
    "created": lambda entry: (entry.created, entry.id),
    "added": lambda entry: (entry.added, entry.id),
    "title": lambda entry: (entry.title, entry.id),
}
FILTERS: dict[str, Callable[[State, StoredDocument, str], bool]] = {
    "checksum__iexact": lambda state, entry, value: entry.checksum(state.is_v3) == value.casefold(),
    "original_filename__iexact": lambda state, entry, value: entry.file_name.casefold() == value.casefold(),
    "title__icontains": lambda state, entry, value: value.casefold() in entry.title.casefold(),
    "owner__id__none": lambda state, entry, value: str(entry.owner) not in value.split(","),
    "custom_field_query": lambda state, entry, value: _has_field(entry, value),
}
MOMENTS = ("modified__gte", "modified__gt", "modified__lte", "modified__lt")


def documents_list(state: State, asked: Asked) -> Given:
    """Return a page of the live documents that fit."""
    found = state.live
    for name, fits in FILTERS.items():
        for value in asked.params.get(name, []) if not state.faults.ignore_filters else ():
            found = [entry for entry in found if fits(state, entry, value)]
    for value in asked.params.get("id__in", []) if not state.faults.ignore_filters else ():
        wanted = {int(text) for text in value.split(",") if text.isdecimal()}
        found = [entry for entry in found if entry.id in wanted]
    found = found_by(state, asked, found)
    for name in MOMENTS:
        for value in asked.params.get(name, []):
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                return Given(400, {name: ["Enter a valid date/time."]})
            found = [entry for entry in found if _compared(name, entry.modified, moment)]
    wants_all = asked.params.get("full_perms") == ["true"]

    def shape(entry: StoredDocument) -> dict[str, Any]:
        return shapes.document(state, entry, full_permissions=wants_all)

    return listed(asked, _ordered(found, asked), shape, lambda entry: entry.id)


def _has_field(entry: StoredDocument, query: str) -> bool:
    """Return whether the document fits [id, "exists", true] or [id, "exact", value], the forms that are asked."""
    field_id, operator, wanted = json.loads(query)
    if operator == "exists":
        return (field_id in entry.fields) is wanted
    return operator == "exact" and bool(entry.fields.get(field_id) == wanted)


def _compared(name: str, modified: datetime, moment: datetime) -> bool:
    if name.endswith("gte"):
        return modified >= moment
    if name.endswith("gt"):
        return modified > moment
    return modified <= moment if name.endswith("lte") else modified < moment


def _ordered(found: list[StoredDocument], asked: Asked) -> list[StoredDocument]:
    order = (asked.params.get("ordering") or ["-created"])[-1]
    key = ORDERS.get(order.removeprefix("-"), ORDERS["created"])  # an unknown order is ignored
    return sorted(found, key=key, reverse=order.startswith("-") or order not in ORDERS)


def one_document(state: State, asked: Asked, document_id: int, rest: list[str]) -> Given:
    """Answer about one document."""
    entry = state.documents.get(document_id)
    if entry is None or entry.deleted_at is not None:
        return Given(404, {"detail": "No Document matches the given query."})
    if rest == ["metadata"]:
        return Given(200, shapes.metadata(state, entry))
    if rest == ["history"]:
        return _history(state, document_id)
    if asked.method == "DELETE":
        state.delete(document_id)
        return Given(204, None)
    if asked.method == "GET":
        wants_all = asked.params.get("full_perms") == ["true"]
        body = shapes.document(state, entry, full_permissions=wants_all)
        wanted = [name for text in asked.params.get("fields", []) for name in text.split(",")]
        return Given(200, {key: body[key] for key in wanted if key in body} if wanted else body)
    return saved(state, _patch(state, entry, asked.body))


def _history(state: State, document_id: int) -> Given:
    if state.faults.history_forbidden:
        return Given(403, "Insufficient permissions", is_html=True)
    return Given(200, list(reversed(state.history.get(document_id, []))))


def _patch(state: State, entry: StoredDocument, body: dict[str, Any]) -> Given:
    if len(body.get("title", "")) > 128:
        return Given(400, {"title": ["Ensure this field has no more than 128 characters."]})
    known = {group["id"] for group in state.groups}
    for field in body.get("custom_fields", ()):
        wrong = value_fault(state.custom_fields[field["field"]], field["value"])
        if wrong == "500":
            return Given(500, SERVER_ERROR, is_html=True)
        if wrong:
            return Given(400, {"custom_fields": {"0": {"non_field_errors": [wrong]}}})
    asked_for = {number for parts in body.get("set_permissions", {}).values() for number in parts.get("groups", ())}
    if not asked_for <= known:
        return Given(400, {"set_permissions": ["Some groups in don't exist or were specified twice."]})
    if state.faults.keep_nothing:
        return Given(200, shapes.document(state, entry, is_change=True))
    new: dict[str, Any] = {name: body[name] for name in ("title", "document_type", "storage_path") if name in body}
    if "created" in body:
        new["created"] = body["created"][:10]
    if "tags" in body:
        new["tags"] = body["tags"]
    if "custom_fields" in body:  # the whole list is replaced
        new["fields"] = {field["field"]: field["value"] for field in body["custom_fields"]}
    state.edit(entry, OWN_NAME, **new)
    if "set_permissions" in body:
        entry.permit(body["set_permissions"])
    entry.owner = body.get("owner", entry.owner)
    state.touch(entry)
    return Given(200, shapes.document(state, entry, is_change=True))


def bulk(state: State, body: dict[str, Any]) -> Given:
    """Change several documents; their `modified` follows when the worker has run."""
    if state.faults.take("bulk_breaks"):
        return Given(400, "Error performing bulk edit, check logs for more detail.", is_html=True)
    entries = [state.documents[number] for number in body["documents"] if number in state.documents]
    entries = [entry for entry in entries if entry.deleted_at is None]
    if len(entries) != len(body["documents"]):
        return Given(400, {"documents": ["Some documents in documents don't exist or were specified twice."]})
    parameters = body["parameters"]
    if body["method"] == "modify_custom_fields":
        added = {int(key): value for key, value in parameters["add_custom_fields"].items()}
        for field_id, value in added.items() if state.is_v3 else ():  # 2.x saves whatever comes
            wrong = value_fault(state.custom_fields[field_id], value)
            if wrong == "500":
                return Given(500, SERVER_ERROR, is_html=True)
            if wrong:
                return Given(400, {"add_custom_fields": {str(field_id): {"non_field_errors": [wrong]}}})
    elif body["method"] != "modify_tags":
        said = body["method"]
        return Given(400, {"method": [f'"{said}" is not a valid choice.']})
    for entry in entries if not state.faults.keep_nothing else ():
        if body["method"] == "modify_custom_fields":
            removed = parameters["remove_custom_fields"]
            fields = {key: value for key, value in {**entry.fields, **added}.items() if key not in removed}
            is_changed = state.edit(entry, OWN_NAME, fields=fields)
        else:
            kept = [tag for tag in entry.tags if tag not in parameters["remove_tags"]]
            is_changed = state.edit(entry, OWN_NAME, tags=[*kept, *parameters["add_tags"]])
        if is_changed:
            state.touched_in_bulk.append(entry.id)
    return Given(200, {"result": "OK"})


def trash_list(state: State, asked: Asked) -> Given:
    """Return a page of what lies in the trash."""
    return listed(asked, state.trash, lambda entry: shapes.document(state, entry), lambda entry: entry.id)


def change_trash(state: State, body: dict[str, Any]) -> Given:
    """Restore or empty."""
    wanted = [entry for entry in state.trash if not body.get("documents") or entry.id in body["documents"]]
    for entry in wanted:
        if body["action"] == "restore":
            entry.deleted_at = None
            entry.modified = state.now()
        else:
            del state.documents[entry.id]
    return Given(200, {"result": "OK", "doc_ids": [entry.id for entry in wanted]})
