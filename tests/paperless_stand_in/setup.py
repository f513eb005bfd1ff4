"""What the stand-in answers about groups, saved views and workflows: things that the setup profile makes and that no document bears."""

from __future__ import annotations

from typing import Any

from tests.paperless_stand_in.asked import Asked, Given, listed
from tests.paperless_stand_in.state import OWNER, State

KINDS = ("groups", "saved_views", "workflows")
RIGHTS = {
    "tags": "tag",
    "document_types": "documenttype",
    "correspondents": "correspondent",
    "storage_paths": "storagepath",
    "custom_fields": "customfield",
    "groups": "group",
    "saved_views": "savedview",
    "workflows": "workflow",
}
NO_RIGHT = {"detail": "You do not have permission to perform this action."}
KNOWN_ACTIONS = ("view_", "add_", "change_", "delete_")


def forbidden(state: State, asked: Asked, kind: str) -> Given | None:
    """Return the 403 that an account without the right gets; None where it may."""
    if state.permissions is None or kind not in RIGHTS:
        return None
    action = {"GET": "view", "POST": "add", "PATCH": "change", "DELETE": "delete"}[asked.method]
    return None if f"{action}_{RIGHTS[kind]}" in state.permissions else Given(403, NO_RIGHT)


def setup_list(state: State, kind: str, asked: Asked) -> Given:
    """Return a page of what the account may see: a server before 3.0 shows saved views to their owner only."""
    entries = _kept(state, kind)
    if kind == "saved_views" and not state.is_v3:
        entries = [entry for entry in entries if entry["owner"] == OWNER]
    return listed(asked, entries, lambda entry: entry, lambda entry: int(entry["id"]))


def setup_one(state: State, kind: str, object_id: int) -> Given:
    """Return one."""
    entry = next((one for one in _kept(state, kind) if one["id"] == object_id), None)
    return Given(404, {"detail": "Not found."}) if entry is None else Given(200, entry)


def setup_made(state: State, kind: str, body: dict[str, Any]) -> Given:
    """Make one."""
    shown = ("show_on_dashboard", "show_in_sidebar")
    if kind == "saved_views" and not state.is_v3 and not set(shown) <= body.keys():
        return Given(400, {key: ["This field is required."] for key in shown if key not in body})
    fault = _fault(state, kind, body)
    if fault:
        return Given(400, fault)
    entry: dict[str, Any] = {"id": state.next_id(kind), **_defaults(state, kind), **_known(state, kind, body)}
    _kept(state, kind).append(entry)
    return Given(201, entry)


def setup_changed(state: State, kind: str, object_id: int, asked: Asked) -> Given:
    """Change or delete one."""
    entry = next((one for one in _kept(state, kind) if one["id"] == object_id), None)
    if entry is None:
        return Given(404, {"detail": "Not found."})
    if asked.method == "DELETE":
        _kept(state, kind).remove(entry)
        return Given(204, None)
    fault = _fault(state, kind, asked.body)
    if fault:
        return Given(400, fault)
    entry |= _known(state, kind, asked.body)
    return Given(200, entry)


def _kept(state: State, kind: str) -> list[dict[str, Any]]:
    return {"groups": state.groups, "saved_views": state.saved_views, "workflows": state.workflows}[kind]


def _defaults(state: State, kind: str) -> dict[str, Any]:
    if kind == "groups":
        return {"name": "", "permissions": []}
    if kind == "workflows":
        return {"name": "", "order": 0, "enabled": True, "triggers": [], "actions": []}
    shown = {"show_on_dashboard": False, "show_in_sidebar": False}
    rest: dict[str, Any] = {
        "sort_field": None,
        "sort_reverse": False,
        "filter_rules": [],
        "page_size": None,
        "display_mode": None,
        "display_fields": None,
        "owner": OWNER,
        "user_can_change": True,
    }
    return {"name": "", **rest, **shown} if state.is_v3 else {"name": "", **shown, **rest}


def _known(state: State, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the keys that the server takes; unknown ones are ignored."""
    taken = {key: value for key, value in body.items() if key in _defaults(state, kind)}
    if "permissions" in taken:
        taken["permissions"] = sorted(taken["permissions"])
    if kind == "saved_views" and not state.is_v3:
        taken["owner"] = OWNER
    return taken


def _fault(state: State, kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
    if kind == "groups":
        names = [group["name"] for group in state.groups]
        if body.get("name") in names:
            return {"name": ["group with this name already exists."]}
        for right in body.get("permissions", []):
            if not right.startswith(KNOWN_ACTIONS):
                return {"permissions": [f"Object with codename={right} does not exist."]}
    for column in body.get("display_fields") or ():
        number = str(column).removeprefix("custom_field_")
        if number != column and int(number) not in state.custom_fields:
            return {"non_field_errors": [f"Invalid field: {column}"]}
    return None
