"""The HTTP side of the stand-in: threads on loopback, tokens, versions, and the faults that strike before or after an answer."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.paperless_stand_in.asked import SERVER_ERROR, WEB_PAGE, Asked, Given, as_bytes
from tests.paperless_stand_in.faults import Faults
from tests.paperless_stand_in.routes import answered
from tests.paperless_stand_in.state import State

TOKEN = "0123456789abcdef0123456789abcdef01234567"
UPLOAD = "/api/documents/post_document/"


class StandIn:
    """A running server. `requests` is every request seen, as "METHOD path"; `state` may be looked at and changed."""

    def __init__(self, version: str = "3.0.5") -> None:
        self.faults = Faults()
        self.state = State(version, self.faults)
        self.requests: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.lock = threading.RLock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stand_in = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def version(self) -> str:
        return self.state.version

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def count(self, request: str) -> int:
        """Return how often a request was made, by its beginning."""
        return sum(seen.startswith(request) for seen in self.requests)

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _query(query: str, faults: Faults) -> str:
    return re.sub(r"\bpage=\d+", "page=1", query) if faults.pages_repeat else query


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stand_in: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Be quiet."""

    def _answer(self) -> None:
        stand_in, faults = self.server.stand_in, self.server.stand_in.faults
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        with stand_in.lock:
            stand_in.requests.append(f"{self.command} {self.path}")
            if faults.reset_on.get(parts.path, 0) > 0:
                faults.reset_on[parts.path] -= 1
                self._reset()
                return
            given, headers = self._early(parts.path)
            if given is None:
                stand_in.state.work()
                asked = self._asked(raw)
                stand_in.bodies.append(asked.body)
                given = answered(stand_in.state, asked)
            is_accepted = parts.path == UPLOAD and given.status == 200 and self.command == "POST"
        if is_accepted and faults.take("upload_silent_after_accept"):
            time.sleep(faults.silence_seconds)
        if is_accepted and faults.take("upload_reset_after_accept"):
            self._reset()
            return
        if is_accepted and faults.take("upload_500_after_accept"):
            given = Given(500, SERVER_ERROR, is_html=True)
        if is_accepted and faults.take("upload_html_after_accept"):
            given = Given(200, WEB_PAGE, is_html=True)
        self._send(given, headers)

    def _early(self, path: str) -> tuple[Given | None, dict[str, str]]:
        """Return the answer that comes before anything is done: token, version, and the faults of the day."""
        faults = self.server.stand_in.faults
        if faults.proxy_status:
            return Given(faults.proxy_status, WEB_PAGE, is_html=True), {}
        waiting = faults.status_of.get(path)
        if waiting:
            status, headers = waiting.pop(0)
            return Given(status, {"detail": "Request was throttled." if status == 429 else "No."}), headers
        if path in faults.html_on:
            return Given(200, WEB_PAGE, is_html=True), {}
        if path == UPLOAD and faults.take("upload_500_before"):
            return Given(500, SERVER_ERROR, is_html=True), {}
        said = self.headers.get("Authorization", "")
        if said != f"Token {TOKEN}":
            detail = "Invalid token." if said.startswith("Token ") else "Authentication credentials were not provided."
            return Given(401, {"detail": detail}), {"WWW-Authenticate": "Token"}
        version = re.search(r"version=(\d+)", self.headers.get("Accept", ""))
        served = (9, 10) if self.server.stand_in.state.is_v3 else range(1, 10)
        if version and int(version[1]) not in served:
            return Given(406, {"detail": 'Invalid version in "Accept" header.'}), {}
        return None, {}

    def _asked(self, raw: bytes) -> Asked:
        parts = urlsplit(self.path)
        content_type = self.headers.get("Content-Type", "")
        body: dict[str, Any] = {}
        form: dict[str, list[str]] = {}
        upload = None
        if content_type.startswith("application/json") and raw:
            body = json.loads(raw)
        elif content_type.startswith("multipart/form-data"):
            form, upload = _form(content_type, raw)
        params = parse_qs(_query(parts.query, self.server.stand_in.faults), keep_blank_values=True)
        version = re.search(r"version=(\d+)", self.headers.get("Accept", ""))
        api_version = int(version[1]) if version else 10 if self.server.stand_in.state.is_v3 else 9
        return Asked(self.command, parts.path, params, body, form, upload, content_type, api_version)

    def _send(self, given: Given, headers: dict[str, str]) -> None:
        stand_in = self.server.stand_in
        data = as_bytes(given)
        if stand_in.faults.huge_answer_bytes:
            data = data.ljust(stand_in.faults.huge_answer_bytes)
        self.send_response(given.status)
        self.send_header("Content-Type", "text/html; charset=utf-8" if given.is_html else "application/json")
        if given.status not in (401, 406) and given.body is not WEB_PAGE:
            self.send_header("X-Api-Version", "10" if stand_in.state.is_v3 else "9")
            self.send_header("X-Version", stand_in.state.version)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _reset(self) -> None:
        """Break the connection hard, as a dying server or proxy does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _form(content_type: str, raw: bytes) -> tuple[dict[str, list[str]], tuple[str, bytes] | None]:
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + raw)
    form: dict[str, list[str]] = {}
    upload = None
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        file_name = part.get_filename()
        if file_name is not None:
            upload = (file_name, content)
        else:
            form.setdefault(name, []).append(content.decode())
    return form, upload
