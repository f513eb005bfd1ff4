"""Switches that make the stand-in behave as real servers were seen to on bad days. Counters run down by one a request."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Faults:
    """Everything off at first. `paths` of a fault are beginnings of request paths."""

    upload_500_after_accept: int = 0  # queued, and 500 nevertheless
    upload_500_before: int = 0  # nothing queued
    upload_reset_after_accept: int = 0  # queued, connection reset without an answer
    upload_html_after_accept: int = 0  # queued, and a proxy's web page with 200
    upload_silent_after_accept: int = 0  # queued, the answer comes only after `silence_seconds`
    silence_seconds: float = 1.0
    redis_down: bool = False  # upload 500 and nothing queued; other writes 500 but saved
    worker_down: bool = False  # tasks stay pending
    slow_polls: int = 0  # a task is worked on only after it was asked for so often
    lose_tasks: bool = False  # the document is taken in, its task is forgotten
    lose_tasks_and_documents: bool = False  # the queue is lost: task forgotten, nothing taken in
    traceback_results: bool = False  # 2.x: the result of a failed task is an object's address
    fail_consuming: str = ""  # every task fails with this text
    revoke_tasks: bool = False
    duplicates_refused: bool | None = None  # None: as the version does by itself
    status_of: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    """Path → answers (status, headers) that come instead of the real one, one a request."""
    proxy_status: int = 0  # a proxy answers in the server's place, with this status and a web page
    pages_repeat: bool = False  # the number of the page is ignored
    html_on: tuple[str, ...] = ()  # these paths answer 200 with a web page
    reset_on: dict[str, int] = field(default_factory=dict)  # path → how many requests are reset unanswered
    ignore_filters: bool = False  # an unknown filter: everything is returned
    keep_nothing: bool = False  # writes answer 200 and change nothing
    history_forbidden: bool = False  # "Insufficient permissions"
    bulk_updates_wait: bool = False  # the task that follows a bulk edit with `modified` has not run yet
    bulk_breaks: int = 0  # a bulk edit meets a locked database: 400 in plain words, nothing saved
    drop_fields_on_upload: bool = False  # the document is made without type, tags and fields
    huge_answer_bytes: int = 0

    def take(self, name: str) -> bool:
        """Return whether this counted fault strikes now."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0
