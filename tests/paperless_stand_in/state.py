"""What the stand-in holds: documents, tasks, names; how it takes a document in, and who changed what. No HTTP here."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from tests.paperless_stand_in.faults import Faults

ZONE = timezone(timedelta(hours=8))
OWNER = 2
OWN_NAME = "guidang"
"""The account of the token."""


@lru_cache(maxsize=200_000)
def checksum(content: bytes, *, is_v3: bool) -> str:
    """Return the digest that a server of this line keeps."""
    return (hashlib.sha256 if is_v3 else hashlib.md5)(content).hexdigest()


@dataclass
class Named:
    """A tag, document type, correspondent or storage path."""

    id: int
    name: str
    owner: int | None
    match: str = ""
    matching_algorithm: int = 1
    is_inbox_tag: bool = False
    parent: int | None = None
    color: str = "#a6cee3"
    path: str = ""


@dataclass
class CustomField:
    id: int
    name: str
    data_type: str
    extra_data: dict[str, Any] | None


@dataclass
class Version:
    """A file of a document; the first has the document's own id."""

    id: int
    content: bytes
    label: str | None
    added: datetime


@dataclass
class StoredDocument:
    id: int
    content: bytes
    title: str
    created: str
    file_name: str
    document_type: int | None
    tags: list[int]
    fields: dict[int, Any]
    added: datetime
    modified: datetime
    deleted_at: datetime | None = None
    storage_path: int | None = None
    owner: int | None = OWNER
    permissions: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: {action: {"users": [], "groups": []} for action in ("view", "change")}
    )
    later_versions: list[Version] = field(default_factory=list)

    @property
    def all_versions(self) -> list[Version]:
        return [Version(self.id, self.content, None, self.added), *self.later_versions]

    def checksum(self, is_v3: bool) -> str:
        return checksum(self.content, is_v3=is_v3)

    def permit(self, wanted: dict[str, dict[str, list[int]]]) -> None:
        """Set who may see and change: the lists that are given replace what was, and who may change may see."""
        for action, parts in wanted.items():
            for who, ids in parts.items():
                self.permissions[action][who] = sorted(set(ids))
        for who, ids in self.permissions["change"].items():
            self.permissions["view"][who] = sorted({*self.permissions["view"][who], *ids})


@dataclass
class StoredTask:
    id: int
    task_id: str
    file_name: str
    form: dict[str, list[str]]
    content: bytes
    created: datetime
    status: str = "PENDING"
    done: datetime | None = None
    result: str | None = None
    related: int | None = None
    asked: int = 0
    is_lost: bool = False  # no longer in the queue, and shown as pending for ever


@dataclass
class State:
    """The whole server but HTTP."""

    version: str
    faults: Faults
    names: dict[str, dict[int, Named]] = field(
        default_factory=lambda: {kind: {} for kind in ("tags", "document_types", "correspondents", "storage_paths")}
    )
    custom_fields: dict[int, CustomField] = field(default_factory=dict)
    documents: dict[int, StoredDocument] = field(default_factory=dict)
    tasks: list[StoredTask] = field(default_factory=list)
    workflows: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    saved_views: list[dict[str, Any]] = field(default_factory=list)
    permissions: list[str] | None = None  # None: superuser
    history: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    touched_in_bulk: list[int] = field(default_factory=list)
    """Documents whose `modified` the worker has yet to change."""
    clock_ahead: timedelta = timedelta(0)
    """How much later than ours the server's clock is: with it hours pass in a test."""
    user_ids: dict[str, int] = field(default_factory=lambda: {OWN_NAME: OWNER})
    _ids: dict[str, int] = field(default_factory=dict)
    _same_content: tuple[tuple[int, int, int], dict[bytes, list[int]]] = ((0, 0, 0), {})

    @property
    def is_v3(self) -> bool:
        return int(self.version.partition(".")[0]) >= 3

    @property
    def live(self) -> list[StoredDocument]:
        return [document for document in self.documents.values() if document.deleted_at is None]

    @property
    def trash(self) -> list[StoredDocument]:
        return [document for document in self.documents.values() if document.deleted_at is not None]

    def next_id(self, kind: str) -> int:
        self._ids[kind] = self._ids.get(kind, 0) + 1
        return self._ids[kind]

    def first_id(self, kind: str, number: int) -> None:
        """Let the ids of this kind go on from a number."""
        self._ids[kind] = number - 1

    def queue(self, form: dict[str, list[str]], file_name: str, content: bytes) -> StoredTask:
        task = StoredTask(self.next_id("tasks"), str(uuid.uuid4()), file_name, form, content, now())
        self.tasks.append(task)
        return task

    def work(self) -> None:
        """Do what the worker would have done by now."""
        if self.faults.worker_down or self.faults.redis_down:
            return
        if not self.faults.bulk_updates_wait:
            for document_id in self.touched_in_bulk:
                if document_id in self.documents:
                    self.documents[document_id].modified = self.now()
            self.touched_in_bulk.clear()
        queued = [task for task in self.tasks if task.status == "PENDING" and not task.is_lost]
        for task in [task for task in queued if task.asked >= self.faults.slow_polls]:
            self._consume(task)
            if self.faults.lose_tasks or self.faults.lose_tasks_and_documents:
                self.tasks.remove(task)

    def lose_queue(self) -> None:
        """Empty the queue, as a Redis that keeps nothing does when it is started anew; the list of tasks does not notice."""
        for task in self.tasks:
            task.is_lost = task.is_lost or task.status == "PENDING"

    def delete(self, document_id: int) -> None:
        """Move to the trash, as the web pages do; the values of its fields vanish from what the API shows."""
        self.documents[document_id].deleted_at = now()

    def now(self) -> datetime:
        """Return what the server's clock says."""
        return now() + self.clock_ahead

    def touch(self, entry: StoredDocument) -> None:
        """Say that the document was changed now."""
        entry.modified = self.now()

    def edit(self, entry: StoredDocument, by: str, **new: Any) -> bool:
        """Give a document other values (title, created, document_type, tags, fields) and write down who did; return whether any differ."""
        before = len(self.history.get(entry.id, []))
        for name in ("title", "created", "document_type", "storage_path"):
            if name in new and new[name] != getattr(entry, name):
                self._log(entry, by, "update", {name: [str(getattr(entry, name)), str(new[name])]})
                setattr(entry, name, new[name])
        if "tags" in new:
            lost = self.with_children(set(entry.tags) - set(new["tags"]))
            self._edit_tags(entry, by, [tag for tag in self.with_parents(new["tags"]) if tag not in lost])
        if "fields" in new:
            self._edit_fields(entry, by, new["fields"])
        return len(self.history.get(entry.id, [])) > before

    def _edit_tags(self, entry: StoredDocument, by: str, tags: list[int]) -> None:
        for operation, ids in (
            ("remove", [tag for tag in entry.tags if tag not in tags]),
            ("add", [tag for tag in tags if tag not in entry.tags]),
        ):
            if ids:
                names = [self.names["tags"][tag].name for tag in ids if tag in self.names["tags"]]
                self._log(entry, by, "update", {"tags": {"type": "m2m", "operation": operation, "objects": names}})
        entry.tags = tags

    def _edit_fields(self, entry: StoredDocument, by: str, fields: dict[int, Any]) -> None:
        for number in sorted(entry.fields.keys() | fields.keys()):
            old, new = entry.fields.get(number), fields.get(number)
            if old != new:
                action = "create" if number not in entry.fields else "update" if number in fields else "delete"
                change = {"type": "custom_field", "field": self.custom_fields[number].name, "value": str(new)}
                self._log(entry, by, action, {"custom_fields": change})
        entry.fields = dict(fields)

    def _log(self, entry: StoredDocument, by: str, action: str, changes: dict[str, Any]) -> None:
        actor = {"id": self.user_ids.setdefault(by, len(self.user_ids) + 2), "username": by} if by else None
        moment = self.now().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        logged = {"id": self.next_id("history"), "timestamp": moment, "action": action, "changes": changes}
        self.history.setdefault(entry.id, []).append({**logged, "actor": actor})

    def delete_name(self, kind: str, object_id: int) -> None:
        """Delete a tag (with those below it), type …; every document loses it, and its `modified` stays."""
        below = [tag.id for tag in self.names["tags"].values() if kind == "tags" and tag.parent == object_id]
        for tag_id in below:
            self.delete_name(kind, tag_id)
        del self.names[kind][object_id]
        for entry in self.documents.values():
            if kind == "tags":
                entry.tags = [tag for tag in entry.tags if tag != object_id]
            elif kind == "document_types" and entry.document_type == object_id:
                entry.document_type = None
            elif kind == "storage_paths" and entry.storage_path == object_id:
                entry.storage_path = None

    def delete_field(self, field_id: int) -> None:
        """Delete a custom field with its values; `modified` stays."""
        del self.custom_fields[field_id]
        for entry in self.documents.values():
            entry.fields.pop(field_id, None)

    def add_version(self, document_id: int, content: bytes, label: str | None = None) -> None:
        """Give a document a newer file, as 3.x can."""
        entry = self.documents[document_id]
        entry.later_versions.append(Version(self.next_id("documents"), content, label, now()))
        self.touch(entry)

    def backup(self) -> dict[str, Any]:
        """Return what a backup of the server holds."""
        kept = ("names", "custom_fields", "documents", "history", "_ids")
        return {name: deepcopy(getattr(self, name)) for name in kept}

    def restore(self, kept: dict[str, Any]) -> None:
        """Bring the server back to a backup: even its ids go on from there, and its queue is empty."""
        for name, value in kept.items():
            setattr(self, name, deepcopy(value))
        self.tasks.clear()
        self.touched_in_bulk.clear()

    def upgrade(self, version: str) -> None:
        """Become a newer server: checksums are of its line, and the history of tasks is dropped."""
        self.version = version
        self.tasks.clear()

    def counted(self, kind: str) -> dict[int, int]:
        """Return how many live documents bear each tag, or type."""
        if kind == "tags":
            return Counter(tag for entry in self.live for tag in entry.tags)
        bears = "storage_path" if kind == "storage_paths" else "document_type"
        return Counter(getattr(entry, bears) for entry in self.live if getattr(entry, bears) is not None)

    def twins(self, entry: StoredDocument) -> list[StoredDocument]:
        """Return the other documents with the same bytes."""
        documents = self.documents
        known = (id(documents), len(documents), next(reversed(documents), 0))  # cheap: asked for each of 100,000
        if known != self._same_content[0]:
            same: dict[bytes, list[int]] = {}
            for other in documents.values():
                same.setdefault(other.content, []).append(other.id)
            self._same_content = (known, same)
        numbers = self._same_content[1].get(entry.content, [])
        return [documents[number] for number in numbers if number != entry.id and number in documents]

    def _consume(self, task: StoredTask) -> None:
        task.done = now()
        if self.faults.revoke_tasks:
            task.status = "REVOKED"
            return
        if self.faults.lose_tasks_and_documents:
            return
        if self.faults.fail_consuming:
            self._fail(task, self.faults.fail_consuming)
            return
        twin = next((found for found in self.documents.values() if found.content == task.content), None)
        refuses = self.faults.duplicates_refused
        if twin is not None and (refuses if refuses is not None else not self.is_v3):
            self._refuse_twin(task, twin)
            return
        document = self._made(task)
        task.status, task.result, task.related = (
            "SUCCESS",
            f"Success. New document id {document.id} created",
            document.id,
        )

    def _refuse_twin(self, task: StoredTask, twin: StoredDocument) -> None:
        if self.is_v3:
            self._fail(task, f"Not consuming: It is a duplicate of document #{twin.id}", twin.id)
            return
        note = " Note: existing document is in the trash." if twin.deleted_at else ""
        text = (
            f"{task.file_name}: Not consuming {task.file_name}: It is a duplicate of {twin.title} (#{twin.id}).{note}"
        )
        self._fail(task, text, None if twin.deleted_at else twin.id)

    def _fail(self, task: StoredTask, text: str, related: int | None = None) -> None:
        task.status, task.result, task.related = "FAILURE", text, related
        if self.faults.traceback_results:
            task.result, task.related = "<traceback object at 0x7f86177e7c00>", None

    def _made(self, task: StoredTask) -> StoredDocument:
        form = {} if self.faults.drop_fields_on_upload else task.form
        moment = self.now()
        inbox = [tag.id for tag in self.names["tags"].values() if tag.is_inbox_tag]
        document = StoredDocument(
            id=self.next_id("documents"),
            content=task.content,
            title=(form.get("title") or [task.file_name.rpartition(".")[0]])[-1][:127],
            created=(form.get("created") or [moment.date().isoformat()])[-1][:10],
            file_name=task.file_name,
            document_type=int(form["document_type"][-1]) if form.get("document_type") else None,
            tags=self.with_parents([*map(int, form.get("tags", [])), *inbox]),
            fields=task_fields(form),
            storage_path=int(form["storage_path"][-1]) if form.get("storage_path") else None,
            added=moment,
            modified=moment,
        )
        self.documents[document.id] = document
        return document

    def with_children(self, tag_ids: set[int]) -> set[int]:
        """Return the tags and all below them, which the server takes away with them."""
        found = set(tag_ids)
        while below := {tag.id for tag in self.names["tags"].values() if tag.parent in found} - found:
            found |= below
        return found

    def with_parents(self, tag_ids: list[int]) -> list[int]:
        """Return the tags and the parents that the server adds by itself."""
        found: list[int] = []
        for tag_id in tag_ids:
            current: int | None = tag_id
            while current is not None:
                if current not in found:
                    found.append(current)
                current = self.names["tags"][current].parent
        return found


def task_fields(form: dict[str, list[str]]) -> dict[int, Any]:
    """Return the values of the map that came with an upload."""
    values = json.loads((form.get("custom_fields") or ["{}"])[-1])
    return {int(key): value for key, value in values.items()}


def now() -> datetime:
    return datetime.now(UTC).astimezone(ZONE)
