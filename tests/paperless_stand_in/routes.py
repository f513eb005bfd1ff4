"""What the stand-in answers to each request."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.paperless_stand_in import shapes
from tests.paperless_stand_in.state import OWNER, CustomField, Named, State, StoredDocument, now, task_fields
from tests.paperless_stand_in.values import upload_fault, value_fault

SERVER_ERROR = '\n<!doctype html>\n<html lang="en">\n<head>\n  <title>Server Error (500)</title>\n</head>\n<body>\n  <h1>Server Error (500)</h1><p></p>\n</body>\n</html>\n'
WEB_PAGE = "<!doctype html>\n<html><head><title>Paperless-ngx sign in</title></head><body></body></html>\n"


@dataclass
class Asked:
    method: str
    path: str
    params: dict[str, list[str]]
    body: dict[str, Any]
    form: dict[str, list[str]]
    upload: tuple[str, bytes] | None
    content_type: str
    api_version: int


@dataclass
class Given:
    status: int
    body: Any
    is_html: bool = False


def answered(state: State, asked: Asked) -> Given:
    """Return the answer of a healthy server (and of one whose Redis is away)."""
    parts = [part for part in asked.path.split("/") if part][1:]
    match (asked.method, parts):
        case ("GET", ["tags" | "document_types" | "correspondents" | "storage_paths" as kind]):
            return _listed(asked, _filtered_names(state, kind, asked))
        case ("POST", ["tags" | "document_types" | "correspondents" | "storage_paths" as kind]):
            return _saved(state, _make_named(state, kind, asked.body))
        case ("GET", ["custom_fields"]):
            fields = sorted(state.custom_fields.values(), key=lambda entry: entry.name)
            return _listed(asked, [shapes.custom_field(entry, in_list=True) for entry in fields])
        case ("POST", ["custom_fields"]):
            return _make_field(state, asked.body)
        case ("PATCH", ["custom_fields", field_id]):
            return _change_field(state, int(field_id), asked.body)
        case ("POST", ["documents", "post_document"]):
            return _upload(state, asked)
        case ("POST", ["documents", "bulk_edit"]):
            return _saved(state, _bulk(state, asked.body))
        case ("GET", ["documents"]):
            return _listed(asked, _filtered_documents(state, asked))
        case ("GET" | "PATCH" | "DELETE", ["documents", document_id, *rest]) if document_id.isdecimal():
            return _one_document(state, asked, int(document_id), rest)
        case ("GET", ["tasks"]):
            return _tasks(state, asked)
        case ("GET", ["trash"]):
            return _listed(asked, [shapes.document(state, entry) for entry in state.trash])
        case ("POST", ["trash"]):
            return _change_trash(state, asked.body)
        case ("GET", ["workflows"]):
            return _listed(asked, state.workflows)
        case ("GET", ["ui_settings"]):
            user = {"id": OWNER, "username": "guidang", "is_superuser": state.permissions is None}
            return Given(200, {"user": user, "permissions": state.permissions or []})
    return Given(200, WEB_PAGE, is_html=True)


def _saved(state: State, given: Given) -> Given:
    """With Redis away a write is saved, and answered with 500."""
    return Given(500, SERVER_ERROR, is_html=True) if state.faults.redis_down and given.status < 300 else given


def _listed(asked: Asked, entries: list[dict[str, Any]]) -> Given:
    size = int((asked.params.get("page_size") or ["25"])[-1]) or 25
    page = int((asked.params.get("page") or ["1"])[-1])
    first = (page - 1) * size
    if page > 1 and first >= len(entries):
        return Given(404, {"detail": "Invalid page."})
    has_more = first + size < len(entries)
    body: dict[str, Any] = {
        "count": len(entries),
        "next": f"http://elsewhere.example{asked.path}?page={page + 1}" if has_more else None,
        "previous": None,
    }
    if asked.api_version <= 9:
        body["all"] = [entry["id"] for entry in entries]
    wanted = [name for text in asked.params.get("fields", []) for name in text.split(",")]
    shown = entries[first : first + size]
    body["results"] = [{key: entry[key] for key in wanted if key in entry} for entry in shown] if wanted else shown
    return Given(200, body)


def _filtered_names(state: State, kind: str, asked: Asked) -> list[dict[str, Any]]:
    entries = sorted(state.names[kind].values(), key=lambda entry: entry.name.casefold())
    wanted = asked.params.get("name__iexact")
    if wanted:
        entries = [entry for entry in entries if entry.name.casefold() == wanted[-1].casefold()]
    return [shapes.named(state, kind, entry, in_list=True) for entry in entries]


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
    )
    state.names[kind][entry.id] = entry
    return Given(201, shapes.named(state, kind, entry, in_list=False))


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
        entry.extra_data = _with_option_ids(body["extra_data"])
    return Given(200, shapes.custom_field(entry, in_list=False))


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


def _filtered_documents(state: State, asked: Asked) -> list[dict[str, Any]]:
    found = sorted(state.live, key=lambda entry: (entry.created, entry.id), reverse=True)
    filters: dict[str, Callable[[StoredDocument, str], bool]] = {
        "checksum__iexact": lambda entry, value: entry.checksum(state.is_v3) == value.casefold(),
        "id__in": lambda entry, value: str(entry.id) in value.split(","),
        "original_filename__iexact": lambda entry, value: entry.file_name.casefold() == value.casefold(),
    }
    for name, fits in filters.items():
        for value in asked.params.get(name, []) if not state.faults.ignore_filters else ():
            found = [entry for entry in found if fits(entry, value)]
    return [shapes.document(state, entry) for entry in found]


def _one_document(state: State, asked: Asked, document_id: int, rest: list[str]) -> Given:
    entry = state.documents.get(document_id)
    if entry is None or entry.deleted_at is not None:
        return Given(404, {"detail": "No Document matches the given query."})
    if rest == ["metadata"]:
        return Given(200, shapes.metadata(state, entry))
    if asked.method == "DELETE":
        state.delete(document_id)
        return Given(204, None)
    if asked.method == "GET":
        return Given(200, shapes.document(state, entry))
    return _saved(state, _patch(state, entry, asked.body))


def _patch(state: State, entry: StoredDocument, body: dict[str, Any]) -> Given:
    if len(body.get("title", "")) > 128:
        return Given(400, {"title": ["Ensure this field has no more than 128 characters."]})
    if state.faults.keep_nothing:
        return Given(200, shapes.document(state, entry, is_change=True))
    entry.title = body.get("title", entry.title)
    entry.created = body.get("created", entry.created)[:10]
    entry.document_type = body.get("document_type", entry.document_type)
    if "tags" in body:
        entry.tags = state.with_parents(body["tags"])
    if "custom_fields" in body:  # the whole list is replaced
        entry.fields = {field["field"]: field["value"] for field in body["custom_fields"]}
    entry.modified = now()
    return Given(200, shapes.document(state, entry, is_change=True))


def _bulk(state: State, body: dict[str, Any]) -> Given:
    entries = [entry for entry in state.live if entry.id in body["documents"]]
    if len(entries) != len(body["documents"]):
        return Given(400, {"documents": ["Some documents in documents don't exist or were specified twice."]})
    parameters = body["parameters"]
    if body["method"] == "modify_custom_fields":
        added = {int(key): value for key, value in parameters["add_custom_fields"].items()}
        for field_id, value in added.items():
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
            entry.fields = {key: value for key, value in {**entry.fields, **added}.items() if key not in removed}
        else:
            kept = [tag for tag in entry.tags if tag not in parameters["remove_tags"]]
            entry.tags = state.with_parents([*kept, *parameters["add_tags"]])
    return Given(200, {"result": "OK"})


def _change_trash(state: State, body: dict[str, Any]) -> Given:
    wanted = [entry for entry in state.trash if not body.get("documents") or entry.id in body["documents"]]
    for entry in wanted:
        if body["action"] == "restore":
            entry.deleted_at = None
        else:
            del state.documents[entry.id]
    return Given(200, {"result": "OK", "doc_ids": [entry.id for entry in wanted]})


def as_bytes(given: Given) -> bytes:
    if given.is_html:
        return str(given.body).encode()
    return b"" if given.status == 204 else json.dumps(given.body, ensure_ascii=False).encode()
