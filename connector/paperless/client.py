"""Speaks with one paperless-ngx server: version 9 of its API, the one that 2.19 to 3.x serve.

What it promises: the token goes to the configured host only and stands in no log and no error; every call ends; a read is
tried again, a write never; what comes back is JSON, or an error that says whether anything may have been done.
Not for knowing what a document is: `documents`, `taxonomy` and `store` do.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import requests
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from connector.paperless import errors
from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.exchange import (
    Answer,
    CertificateWrong,
    NoAnswer,
    NothingSent,
    Params,
    Request,
    exchange,
    new_session,
)
from connector.paperless.json_values import Json, JsonObject, ShapeWrong, as_object, objects
from connector.paperless.upload_body import UploadBody
from ingest.message import N_, GuidangError, Message

READ_ATTEMPTS = 4
LONGEST_RETRY_AFTER_SECONDS = 30.0
PROXY_SAYS = frozenset({400, 404, 405, 421, 431, 451})
"""In a page without paperless's own header these are a proxy's words: the server was not reached, and nothing was done."""

PAGE_SIZE = 100
BULK_EDIT = "/bulk_edit/"
"""The end of the path whose faults inside the server come as a 400 in plain words; what is wrong with a request comes as JSON."""

_TOKEN = re.compile(r"[!-~]+")
_BACKOFF = wait_exponential(multiplier=0.3, max=10.0) + wait_random(0.0, 0.5)

T = TypeVar("T")


class PaperlessClient:
    """A server and our token. Constructing it sends nothing; may be used by several threads."""

    def __init__(
        self,
        address: ServerAddress,
        token: str,
        waiting: Waiting | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise errors.token_wrong(address.url)
        self.address = address
        self._token = token
        self._waiting = waiting or Waiting()
        self._sleep = sleep
        self._monotonic = monotonic
        self._of_thread = threading.local()
        self._open: list[requests.Session] = []
        self._server_version: tuple[int, ...] | None = None

    @property
    def server_version(self) -> tuple[int, ...] | None:
        """Return the version that the server last named, such as (3, 0, 5); None before its first answer."""
        return self._server_version

    def read(self, path: str, params: Params = ()) -> Json:
        """Return the answer to a GET, tried several times; raises StoreUnreachable, StoreForbidden, NotThere."""
        retrying = Retrying(
            stop=stop_after_attempt(READ_ATTEMPTS),
            wait=_wait,
            retry=retry_if_exception_type(errors.ServerAway),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._read_once, path, params)

    def read_object(self, path: str, params: Params = ()) -> JsonObject:
        """Return the answer to a GET that is an object."""
        return self.shaped(path, lambda: as_object(self.read(path, params), "object"))

    def read_or_none(self, path: str, params: Params = ()) -> JsonObject | None:
        """Return the answer to a GET that is an object, None where the server says 404."""
        try:
            return self.read_object(path, params)
        except errors.NotThere:
            return None

    def pages(self, path: str, params: Params = (), page_size: int = PAGE_SIZE) -> Iterator[JsonObject]:
        """Yield the objects of a paginated list; page numbers are counted here, `next` is never followed."""
        page_number = 1
        before: Json = None
        while True:
            wanted = (*params, ("page", str(page_number)), ("page_size", str(page_size)))
            try:
                page = self.read_object(path, wanted)
            except errors.NotThere:
                if page_number > 1:  # so much was deleted meanwhile that there is no such page any more
                    return
                raise
            if page_number > 1 and page.get("results") == before:  # a cache in between that asks nobody
                raise errors.not_understood(self.address.url, f"{path} page")
            before = page.get("results")
            yield from self.shaped(path, partial(_results, page))
            if not page.get("results") or page.get("next") is None:
                return
            page_number += 1

    def write(self, method: str, path: str, body: JsonObject) -> Json:
        """Send a POST or PATCH once; raises OutcomeUnknown where the answer is missing, StoreRefused, StoreForbidden …."""
        data = json.dumps(body, ensure_ascii=False).encode()
        request = Request(method, path, data=data, deadline_seconds=self._waiting.deadline_seconds)
        return self._write(self._session(), request)

    def upload(self, path: str, parts: Sequence[tuple[str, str]], file_name: str, file_path: Path) -> Json:
        """Send a file once, over a connection of its own: an old one that just closed would blur the outcome."""
        seconds = self._waiting.upload_deadline_seconds
        with (
            UploadBody(parts, file_name, file_path, seconds, self._monotonic) as body,
            new_session(self.address, self._token) as session,
        ):
            request = Request("POST", path, data=body, content_type=body.content_type, deadline_seconds=seconds)
            return self._write(session, request)

    def shaped(self, path: str, build: Callable[[], T]) -> T:
        """Return what `build` makes of an answer; its ShapeWrong becomes StoreUnreachable."""
        try:
            return build()
        except ShapeWrong as error:
            raise errors.not_understood(self.address.url, f"{path} {error}") from error

    def pause(self, attempt: int) -> None:
        """Wait before something is looked at and tried once more, longer each time, with jitter."""
        self._sleep(min(0.3 * 2.0**attempt, 5.0) + random.uniform(0.0, 0.5))  # noqa: S311 - no secret

    def close(self) -> None:
        """Let go of the connections."""
        self._of_thread = threading.local()
        while self._open:
            self._open.pop().close()

    def _session(self) -> requests.Session:
        session = getattr(self._of_thread, "session", None)
        if not isinstance(session, requests.Session):
            session = new_session(self.address, self._token)
            self._of_thread.session = session
            self._open.append(session)
        return session

    def _read_once(self, path: str, params: Params) -> Json:
        server = self.address.url
        request = Request("GET", path, params, deadline_seconds=self._waiting.deadline_seconds)
        try:
            answer = self._exchanged(self._session(), request)
        except (NothingSent, NoAnswer) as error:
            raise errors.away(server, error.why) from error
        if answer.status >= 500 or answer.status in (408, 425):
            raise errors.away(server, _status(answer), _seconds(answer.retry_after))
        return self._judged(request, answer)

    def _write(self, session: requests.Session, request: Request) -> Json:
        server = self.address.url
        try:
            answer = self._exchanged(session, request)
        except NothingSent as error:
            raise errors.away(server, error.why) from error
        except NoAnswer as error:
            raise errors.unknown(server, error.why) from error
        if answer.status >= 500 or answer.status in (408, 425):
            raise errors.unknown(server, _status(answer))
        if answer.status == 400 and request.path.endswith(BULK_EDIT) and not _is_json(answer):
            raise errors.broke_inside(server, Message(N_("it broke over the change, and gives no reason")))
        if answer.status < 300 and not _is_json(answer):
            raise errors.unknown(server, Message(N_("it sent a web page instead of an answer")))
        return self._judged(request, answer)

    def _exchanged(self, session: requests.Session, request: Request) -> Answer:
        try:
            answer = exchange(session, self.address, self._waiting, request, self._monotonic)
        except CertificateWrong as error:
            raise errors.certificate_wrong(self.address.url, error.fault) from error
        version = tuple(int(part) for part in answer.server_version.split(".") if part.isdecimal())
        self._server_version = version or self._server_version
        return answer

    def _judged(self, request: Request, answer: Answer) -> Json:
        """Return the JSON of a 2xx answer; raises what any other answer below 500 means."""
        server = self.address.url
        if answer.status < 300:
            return _decoded(answer, server, request.path)
        if answer.status < 400:
            raise errors.redirected(server, answer.location)
        if answer.status in PROXY_SAYS and not answer.server_version and not _is_json(answer):
            raise errors.away(server, _status(answer))
        if answer.status == 429:
            raise errors.away(server, _status(answer), _seconds(answer.retry_after))
        raise _refusal(server, request.path, answer)


def _results(page: JsonObject) -> tuple[JsonObject, ...]:
    return tuple(objects(page.get("results"), "results"))


def _refusal(server: str, path: str, answer: Answer) -> GuidangError:
    if answer.status == 401:
        return errors.token_wrong(server)
    if answer.status == 403:
        return errors.right_missing(server, path)
    if answer.status == 404:
        return errors.not_there(server, path)
    if answer.status == 406:
        return errors.version_wrong(server)
    detail = answer.body.decode("utf-8", "replace") if _is_json(answer) else ""
    return errors.refused(server, errors.ServerWords(f"{_status(answer)} {detail}".strip()))


def _status(answer: Answer) -> errors.ServerWords:
    return errors.ServerWords(f"HTTP {answer.status}")


def _decoded(answer: Answer, server: str, path: str) -> Json:
    if answer.status == 204 or (not answer.body and answer.status != 200):
        return None
    if not _is_json(answer):
        raise errors.no_paperless(server, path)
    try:
        decoded: Json = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise errors.no_paperless(server, path) from error
    return decoded


def _is_json(answer: Answer) -> bool:
    return answer.content_type == "application/json" or answer.status == 204


def _seconds(retry_after: str) -> float | None:
    """Return the seconds of a Retry-After header; dates are not used by paperless."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else None


def _wait(state: RetryCallState) -> float:
    """Return what the server asked for, at most half a minute, or an exponential time with jitter."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_seconds if isinstance(error, errors.ServerAway) else None
    return min(asked, LONGEST_RETRY_AFTER_SECONDS) if asked is not None else _BACKOFF(state)
