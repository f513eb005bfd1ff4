"""A server that sends a little, for ever, keeps no call alive longer than its whole time: in the head, in the body, over TLS."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connector.interfaces import OutcomeUnknown, StoreUnreachable
from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.client import PaperlessClient
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN

TAGS = "/api/tags/"
SHORT = Waiting(connect_seconds=1.0, read_seconds=1.0, deadline_seconds=0.6, upload_deadline_seconds=0.6)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
NEVER = 60.0


class Dripping:
    """Answers every connection with a beginning, and then with one byte every 50 ms until the other side goes."""

    def __init__(self, beginning: bytes, context: ssl.SSLContext | None = None) -> None:
        self._beginning = beginning
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._drip, args=(connection,), daemon=True).start()

    def _drip(self, connection: socket.socket) -> None:
        end = time.monotonic() + NEVER
        try:
            used = self._context.wrap_socket(connection, server_side=True) if self._context else connection
            with closing(used):
                used.recv(1 << 16)
                used.sendall(self._beginning)
                while time.monotonic() < end:
                    time.sleep(0.05)
                    used.sendall(b" ")
        except OSError:
            return  # the client gave up

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes], str]]:
    running: list[Dripping] = []

    def start(beginning: bytes) -> str:
        running.append(Dripping(beginning))
        return f"http://127.0.0.1:{running[-1].port}"

    yield start
    for one in running:
        one.close()


def seconds_of(action: Callable[[], object], error: type[Exception]) -> float:
    begun = time.monotonic()
    with pytest.raises(error, match="too long"):
        action()
    return time.monotonic() - begun


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nX-Slow: ", HEAD], ids=["head", "body"])
def test_write_ends_with_its_time_and_its_outcome_is_unknown(
    dripping: Callable[[bytes], str], beginning: bytes
) -> None:
    client = PaperlessClient(ServerAddress(dripping(beginning)), TOKEN, SHORT)

    seconds = seconds_of(lambda: client.write("POST", TAGS, {"name": "x"}), OutcomeUnknown)

    assert 0.5 < seconds < 3.0
    client.close()


def test_read_ends_with_its_time(dripping: Callable[[bytes], str]) -> None:
    client = PaperlessClient(ServerAddress(dripping(HEAD)), TOKEN, SHORT, sleep=lambda _: None)

    assert seconds_of(lambda: client.read(TAGS), StoreUnreachable) < 8.0  # four tries
    client.close()


def test_upload_ends_with_its_time(dripping: Callable[[bytes], str], tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.4")
    client = PaperlessClient(ServerAddress(dripping(HEAD)), TOKEN, SHORT)

    assert seconds_of(lambda: client.upload("/api/x/", (), "paper.pdf", paper), OutcomeUnknown) < 3.0
    client.close()


def test_call_over_tls_ends_with_its_time(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate can be made for this test")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    making += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(making, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Dripping(HEAD, context)
    client = PaperlessClient(ServerAddress(f"https://localhost:{server.port}", verify=certificate), TOKEN, SHORT)

    seconds = seconds_of(lambda: client.write("POST", TAGS, {"name": "x"}), OutcomeUnknown)

    assert seconds < 3.0
    client.close()
    server.close()


def test_connection_that_is_used_again_is_watched_anew_and_not_ended_by_an_old_watch() -> None:
    quick = Waiting(connect_seconds=1.0, read_seconds=1.0, deadline_seconds=0.4)
    with StandIn() as server:
        client = PaperlessClient(ServerAddress(server.url), TOKEN, quick)

        for _ in range(4):
            assert client.read_object(TAGS)["count"] == 0
            time.sleep(0.15)

        assert len(server.requests) == 4
        client.close()
