"""A request and an answer as values, and the forms that all answers share: lists in pages, a server without its Redis."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.paperless_stand_in.state import State

SERVER_ERROR = '\n<!doctype html>\n<html lang="en">\n<head>\n  <title>Server Error (500)</title>\n</head>\n<body>\n  <h1>Server Error (500)</h1><p></p>\n</body>\n</html>\n'
WEB_PAGE = "<!doctype html>\n<html><head><title>Paperless-ngx sign in</title></head><body></body></html>\n"

T = TypeVar("T")


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


def saved(state: State, given: Given) -> Given:
    """With Redis away a write is saved, and answered with 500."""
    return Given(500, SERVER_ERROR, is_html=True) if state.faults.redis_down and given.status < 300 else given


def listed(
    asked: Asked, entries: Sequence[T], shape: Callable[[T], dict[str, Any]], id_of: Callable[[T], int]
) -> Given:
    """Return one page of a list; only what is on it is put into shape, for there may be 100,000 entries."""
    size = min(int((asked.params.get("page_size") or ["25"])[-1]) or 25, 100_000)
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
        body["all"] = [id_of(entry) for entry in entries]
    wanted = [name for text in asked.params.get("fields", []) for name in text.split(",")]
    shown = [shape(entry) for entry in entries[first : first + size]]
    body["results"] = [{key: entry[key] for key in wanted if key in entry} for entry in shown] if wanted else shown
    return Given(200, body)


def as_bytes(given: Given) -> bytes:
    """Return the body as it goes over the line."""
    if given.is_html:
        return str(given.body).encode()
    return b"" if given.status == 204 else json.dumps(given.body, ensure_ascii=False).encode()
