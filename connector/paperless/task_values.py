"""An entry of the server's task list as a value. Not for asking for it: `tasks` does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connector.paperless.json_values import JsonObject, optional_moment, optional_number, text

_UPLOAD = "consume_file"


class TaskState(StrEnum):
    """How a task stands; GONE where the server does not know it or lost it (purged, upgraded, another account's)."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    REVOKED = "revoked"
    GONE = "gone"


_STATES = {
    "PENDING": TaskState.WAITING,
    "RECEIVED": TaskState.WAITING,
    "STARTED": TaskState.WAITING,
    "RETRY": TaskState.WAITING,
    "SUCCESS": TaskState.DONE,
    "FAILURE": TaskState.FAILED,
    "REVOKED": TaskState.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Task:
    """An upload on its way, or a job of the server's own. `document_id` as the server names it, `result` in its words.

    `is_passed` where it waits although what was put into the queue after it has had its turn.
    """

    task_id: str
    file_name: str
    state: TaskState
    document_id: int | None = None
    result: str = ""
    created: datetime | None = None
    is_upload: bool = True
    is_passed: bool = False


def task_from(entry: JsonObject) -> Task:
    """Return the task; raises ShapeWrong."""
    return Task(
        task_id=text(entry, "task_id"),
        file_name=text(entry, "task_file_name"),
        state=_STATES.get(text(entry, "status").upper(), TaskState.WAITING),
        document_id=optional_number(entry, "related_document"),
        result=text(entry, "result"),
        created=optional_moment(entry, "date_created"),
        is_upload=text(entry, "task_name") in ("", _UPLOAD),
    )
