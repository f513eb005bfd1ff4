"""A door at which the store knocks when something was changed there, so that the next look comes at once instead of a little later.

The threat: a port that anybody on the machine or in the network can knock at. The rule: a knock is never more than a hint. What it
says is thrown away unread, it needs the key (compared in constant time), it may bring at most 64 KiB, it is answered before
anything is done, and any number of knocks makes no more looks than the follower allows itself. Loopback unless the configuration
says otherwise. Risks knowingly left open: the key travels in clear text (paperless calls plain http on the same machine; over a
network put a proxy with TLS before it), and who takes all eight places at the door keeps hints out: then the polling finds the change.
Not for reading what was changed (`connector.sync`), and not for making paperless knock (`connector.paperless.profile.hook`).
"""

from __future__ import annotations

import hmac
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlsplit

log = logging.getLogger("guidang.webhook")

PATH = "/hint"
KEY_HEADER = "X-Guidang-Key"
LONGEST_BODY = 64 * 1024
"""Bytes. paperless sends an address, well under a hundred."""

PLACES = 8
"""How many may stand at the door at once; paperless has a worker or two."""

SILENCE_SECONDS = 5.0
"""How long one who says nothing is waited for; paperless itself waits five for an answer."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where we listen, under which address the store reaches that, and the key that the store must show. Port 0: any free one."""

    host: str
    port: int
    url: str
    key: str = field(repr=False)


class WebhookListener:
    """Listens in a thread of its own between `start` and `end`; calls `hint` for each knock with the right key."""

    def __init__(self, webhook: Webhook, hint: Callable[[], None]) -> None:
        self._webhook = webhook
        self._hint = hint
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Return the port that is listened at; that of the configuration while nothing is."""
        return self._webhook.port if self._server is None else int(self._server.server_address[1])

    def start(self) -> bool:
        """Listen; return False, and say why in the log, where the address cannot be had: polling goes on without hints."""
        family = socket.AF_INET6 if ":" in self._webhook.host else socket.AF_INET
        try:
            self._server = _Server((self._webhook.host, self._webhook.port), family, self._webhook.key, self._hint)
        except OSError as error:
            log.warning("cannot listen at port %s (%s): changes are seen by polling only", self.port, error.strerror)
            return False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="webhook", daemon=True)
        self._thread.start()
        return True

    def end(self) -> None:
        """Listen no longer; the port is free afterwards."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = self._thread = None


class _Server(ThreadingMixIn, HTTPServer):
    daemon_threads = True
    block_on_close = False  # one who says nothing must not keep us from ending

    def __init__(self, address: tuple[str, int], family: int, key: str, hint: Callable[[], None]) -> None:
        self.address_family = family
        self.key = key.encode()
        self.hint = hint
        self._places = threading.BoundedSemaphore(PLACES)
        self._was_refused = False
        super().__init__(address, _Knock)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as `HTTPServer` would."""
        super(HTTPServer, self).server_bind()
        self.server_name, self.server_port = "", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Let in while there is a place; others are sent away at once."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Give the place back in the end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One who went away in the middle is no trouble of ours; nothing of what was sent goes to a log."""
        del request, client_address
        log.debug("a call broke off")

    def is_right(self, key: str) -> bool:
        """Return whether this is the key; a wrong one is said once until a right one comes."""
        if hmac.compare_digest(key.encode("utf-8", "replace"), self.key):
            self._was_refused = False
            return True
        if not self._was_refused:
            log.warning("a call without the right key was refused; if it was paperless: `guidang profile apply`")
        self._was_refused = True
        return False


class _Knock(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "guidang", ""
    timeout = SILENCE_SECONDS

    def do_POST(self) -> None:
        """Answer at once, then hint."""
        length = self._length()
        if length is not None and length <= LONGEST_BODY:
            self.rfile.read(length)  # unread bytes would break the connection before the answer is there
        if urlsplit(self.path).path != PATH:
            self._answer(HTTPStatus.NOT_FOUND)
        elif not self.server.is_right(self.headers.get(KEY_HEADER, "")):
            self._answer(HTTPStatus.UNAUTHORIZED)
        elif length is None or length > LONGEST_BODY:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._answer(HTTPStatus.NO_CONTENT)
            self.server.hint()

    def do_GET(self) -> None:
        """Say that there is nothing to see."""
        self._answer(HTTPStatus.NOT_FOUND)

    do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keep addresses and paths out of every log."""

    def _length(self) -> int | None:
        """Return how long the body is; None where that is not said in plain digits, or the body comes in pieces."""
        said = self.headers.get("Content-Length", "0").strip()
        is_plain = said.isascii() and said.isdecimal() and len(said) < 20 and "Transfer-Encoding" not in self.headers
        return int(said) if is_plain else None

    def _answer(self, status: HTTPStatus) -> None:
        self.send_response(status)
        if status is not HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", "0")
        self.end_headers()
