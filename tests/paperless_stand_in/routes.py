"""What the stand-in answers to each request."""

from __future__ import annotations

import secrets
from typing import Any

from tests.paperless_stand_in import shapes
from tests.paperless_stand_in.asked import SERVER_ERROR, WEB_PAGE, Asked, Given, listed, saved
from tests.paperless_stand_in.documents import bulk, change_trash, documents_list, one_document, trash_list
from tests.paperless_stand_in.search import box_at_the_top
from tests.paperless_stand_in.setup import forbidden, setup_changed, setup_list, setup_made, setup_one
from tests.paperless_stand_in.state import OWN_NAME, OWNER, CustomField, Named, State, task_fields
from tests.paperless_stand_in.values import upload_fault, value_fault

NOT_FOUND = {"detail": "Not found."}


def answered(state: State, asked: Asked) -> Given:
    """Return the answer of a healthy server (and of one whose Redis is away)."""
    parts = [part for part in asked.path.split("/") if part][1:]
    refusal = forbidden(state, asked, parts[0]) if parts else None
    if refusal is not None:
        return refusal
    match (asked.method, parts):
        case ("GET", ["tags" | "document_types" | "correspondents" | "storage_paths" as kind]):
            return _names_list(state, kind, asked)
        case ("POST", ["tags" | "document_types" | "correspondents" | "storage_paths" as kind]):
            return saved(state, _make_named(state, kind, asked.body))
        case ("GET", ["tags" | "document_types" | "correspondents" | "storage_paths" as kind, object_id]):
            entry = state.names[kind].get(int(object_id))
            return Given(200, shapes.named(state, kind, entry)) if entry else Given(404, NOT_FOUND)
        case ("GET", ["custom_fields", field_id]):
            field = state.custom_fields.get(int(field_id))
            return Given(200, shapes.custom_field(field, in_list=True)) if field else Given(404, NOT_FOUND)
        case ("PATCH" | "DELETE", ["tags" | "document_types" | "correspondents" | "storage_paths" as kind, object_id]):
            return saved(state, _change_named(state, kind, int(object_id), asked))
        case ("GET", ["custom_fields"]):
            fields = sorted(state.custom_fields.values(), key=lambda entry: entry.name)
            return listed(asked, fields, lambda entry: shapes.custom_field(entry, in_list=True), lambda entry: entry.id)
        case ("POST", ["custom_fields"]):
            return saved(state, _make_field(state, asked.body))
        case ("PATCH", ["custom_fields", field_id]):
            return saved(state, _change_field(state, int(field_id), asked.body))
        case ("DELETE", ["custom_fields", field_id]):
            state.delete_field(int(field_id))
            return Given(204, None)
        case ("POST", ["documents", "post_document"]):
            return _upload(state, asked)
        case ("POST", ["documents", "bulk_edit"]):
            return saved(state, bulk(state, asked.body))
        case ("GET", ["documents"]):
            return documents_list(state, asked)
        case ("GET" | "PATCH" | "DELETE", ["documents", document_id, *rest]) if document_id.isdecimal():
            return one_document(state, asked, int(document_id), rest)
        case ("GET", ["tasks"]):
            return _tasks(state, asked)
        case ("GET", ["trash"]):
            return trash_list(state, asked)
        case ("POST", ["trash"]):
            return change_trash(state, asked.body)
        case ("GET", ["groups" | "saved_views" | "workflows" as kind]):
            return setup_list(state, kind, asked)
        case ("POST", ["groups" | "saved_views" | "workflows" as kind]):
            return saved(state, setup_made(state, kind, asked.body))
        case ("GET", ["groups" | "saved_views" | "workflows" as kind, object_id]):
            return setup_one(state, kind, int(object_id))
        case ("PATCH" | "DELETE", ["groups" | "saved_views" | "workflows" as kind, object_id]):
            return saved(state, setup_changed(state, kind, int(object_id), asked))
        case ("GET", ["search"]):
            return box_at_the_top(state, asked)
        case ("GET", ["ui_settings"]):
            user = {"id": OWNER, "username": OWN_NAME, "is_superuser": state.permissions is None}
            return Given(200, {"user": user, "permissions": state.permissions or []})
    return Given(200, WEB_PAGE, is_html=True)


def _names_list(state: State, kind: str, asked: Asked) -> Given:
    entries = sorted(state.names[kind].values(), key=lambda entry: entry.name.casefold())
    wanted = asked.params.get("name__iexact")
    if wanted:
        entries = [entry for entry in entries if entry.name.casefold() == wanted[-1].casefold()]
    counts = state.counted(kind)
    return listed(asked, entries, lambda entry: shapes.named(state, kind, entry, counts=counts), lambda entry: entry.id)


def _make_named(state: State, kind: str, body: dict[str, Any]) -> Given:
    name = str(body.get("name", "")).strip()
    owner = body.get("owner", OWNER)
    if not name:
        return Given(400, {"name": ["This field may not be blank."]})
    if len(name) > 128:
        return Given(400, {"name": ["Ensure this field has no more than 128 characters."]})
    if any(entry.name == name and entry.owner == owner for entry in state.names[kind].values()):
        said = "Object violates owner / name unique constraint"
        return Given(400, {"error": said if state.is_v3 else [said]})
    entry = Named(
        id=state.next_id(kind),
        name=name,
        owner=owner,
        match=str(body.get("match", "")),
        matching_algorithm=int(body.get("matching_algorithm", 1)),
        is_inbox_tag=bool(body.get("is_inbox_tag", False)),
        parent=body.get("parent"),
        color=str(body.get("color", "#a6cee3")),
        path=str(body.get("path", "")),
    )
    if kind == "storage_paths" and entry.path.count("{{") != entry.path.count("}}"):
        return Given(400, {"path": ["Invalid variable detected."]})
    state.names[kind][entry.id] = entry
    return Given(201, shapes.named(state, kind, entry))


def _change_named(state: State, kind: str, object_id: int, asked: Asked) -> Given:
    entry = state.names[kind].get(object_id)
    if entry is None:
        return Given(404, {"detail": "Not found."})
    if asked.method == "DELETE":
        state.delete_name(kind, object_id)
        return Given(204, None)
    entry.name = str(asked.body.get("name", entry.name)).strip()
    entry.parent = asked.body.get("parent", entry.parent)
    entry.owner = asked.body.get("owner", entry.owner)
    entry.path = asked.body.get("path", entry.path)
    return Given(200, shapes.named(state, kind, entry, counts=state.counted(kind)))


def _make_field(state: State, body: dict[str, Any]) -> Given:
    if any(entry.name == body["name"] for entry in state.custom_fields.values()):
        return Given(400, {"name": ["custom field with this name already exists."]})
    extra: dict[str, Any] | None = body.get("extra_data")
    if body["data_type"] == "select":
        if not extra or not extra.get("select_options"):
            return Given(400, {"error": ["extra_data.select_options must be a valid list"]})
        if not all(isinstance(option, dict) for option in extra["select_options"]):
            return Given(500, SERVER_ERROR, is_html=True)
        extra = _with_option_ids(extra)
    entry = CustomField(state.next_id("custom_fields"), body["name"], body["data_type"], extra)
    state.custom_fields[entry.id] = entry
    return Given(201, shapes.custom_field(entry, in_list=False))


def _change_field(state: State, field_id: int, body: dict[str, Any]) -> Given:
    entry = state.custom_fields.get(field_id)
    if entry is None:
        return Given(404, {"detail": "No CustomField matches the given query."})
    entry.name = body.get("name", entry.name)
    entry.data_type = body.get("data_type", entry.data_type)
    if "extra_data" in body:
        is_select = entry.data_type == "select"
        entry.extra_data = _with_option_ids(body["extra_data"]) if is_select else body["extra_data"]
    return Given(200, shapes.custom_field(entry, in_list=True))


def _with_option_ids(extra: dict[str, Any]) -> dict[str, Any]:
    options = [
        {"label": option["label"], "id": option.get("id") or secrets.token_hex(8)} for option in extra["select_options"]
    ]
    return {"select_options": options}


def _upload(state: State, asked: Asked) -> Given:
    if asked.upload is None:
        said = asked.content_type.partition(";")[0]
        return Given(415, {"detail": f'Unsupported media type "{said}" in request.'})
    file_name, content = asked.upload
    fault = upload_fault(state, asked.form, file_name, content)
    if fault:
        return Given(400, fault)
    for field_id, value in task_fields(asked.form).items():
        entry = state.custom_fields.get(field_id)
        if entry is None:
            return Given(400, {"custom_fields": [f"Custom field with id {field_id} does not exist"]})
        wrong = value_fault(entry, value)
        if wrong:
            return Given(400, {"custom_fields": [wrong]})
    if state.faults.redis_down:
        return Given(500, SERVER_ERROR, is_html=True)
    return Given(200, state.queue(asked.form, file_name, content).task_id)


def _tasks(state: State, asked: Asked) -> Given:
    tasks = list(reversed(state.tasks))
    wanted = asked.params.get("task_id")
    if wanted:
        tasks = [task for task in tasks if task.task_id == wanted[-1]]
        for task in tasks:
            task.asked += 1
    return Given(200, [shapes.task(state, task) for task in tasks])
