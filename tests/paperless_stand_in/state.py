"""What the stand-in holds: documents, tasks, names; and how it takes a document in. No HTTP here."""

from __future__ import annotations

import hashlib
import itertools
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.paperless_stand_in.faults import Faults

ZONE = timezone(timedelta(hours=8))
OWNER = 2


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


@dataclass
class CustomField:
    id: int
    name: str
    data_type: str
    extra_data: dict[str, Any] | None


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

    def checksum(self, is_v3: bool) -> str:
        return (hashlib.sha256 if is_v3 else hashlib.md5)(self.content).hexdigest()


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
    permissions: list[str] | None = None  # None: superuser
    _ids: dict[str, itertools.count[int]] = field(default_factory=dict)

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
        return next(self._ids.setdefault(kind, itertools.count(1)))

    def first_id(self, kind: str, number: int) -> None:
        """Let the ids of this kind go on from a number."""
        self._ids[kind] = itertools.count(number)

    def queue(self, form: dict[str, list[str]], file_name: str, content: bytes) -> StoredTask:
        task = StoredTask(self.next_id("tasks"), str(uuid.uuid4()), file_name, form, content, now())
        self.tasks.append(task)
        return task

    def work(self) -> None:
        """Do what the worker would have done by now."""
        if self.faults.worker_down or self.faults.redis_down:
            return
        for task in [task for task in self.tasks if task.status == "PENDING" and task.asked >= self.faults.slow_polls]:
            self._consume(task)
            if self.faults.lose_tasks or self.faults.lose_tasks_and_documents:
                self.tasks.remove(task)

    def delete(self, document_id: int) -> None:
        """Move to the trash, as the web pages do; the values of its fields vanish from what the API shows."""
        self.documents[document_id].deleted_at = now()

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
        moment = now()
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
            added=moment,
            modified=moment,
        )
        self.documents[document.id] = document
        return document

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
