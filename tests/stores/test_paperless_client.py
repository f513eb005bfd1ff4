"""The client's own promises: where the token goes, that every call ends, and what each answer means."""

from __future__ import annotations

import logging
import pickle
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from connector.interfaces import OutcomeUnknown, StoreForbidden, StoreRefused, StoreUnreachable
from connector.paperless import exchange
from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.client import PaperlessClient
from ingest.message import GuidangError
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.conftest import PATIENCE

TAGS = "/api/tags/"


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(server: StandIn, pauses: list[float]) -> Iterator[PaperlessClient]:
    made = PaperlessClient(ServerAddress(server.url), TOKEN, PATIENCE, sleep=pauses.append)
    yield made
    made.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://dms.example",
        "http://192.168.1.5:8000",
        "ftp://localhost",
        "https://",
        "https://user:secret@dms.example",
        "https://dms.example/?x=1",
        "localhost:8000",
    ],
)
def test_address_that_would_expose_the_token_is_refused(url: str) -> None:
    with pytest.raises(StoreForbidden):
        ServerAddress(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1:8000/", "http://[::1]:8000", "https://dms.example/paperless"]
)
def test_safe_address_is_taken(url: str) -> None:
    assert ServerAddress(url).to(TAGS).endswith(TAGS)
    assert "//api" not in ServerAddress(url).to(TAGS)


def test_plain_http_is_allowed_where_the_configuration_says_so() -> None:
    assert ServerAddress("http://dms.example", allow_plain_http=True).to(TAGS) == "http://dms.example/api/tags/"


@pytest.mark.parametrize("token", ["", "two words", "abc\n", "令牌"])
def test_token_that_cannot_be_one_is_refused_without_being_said(token: str) -> None:
    with pytest.raises(StoreForbidden) as refused:
        PaperlessClient(ServerAddress("https://dms.example"), token)

    assert not token or token not in str(refused.value)


def test_token_is_in_no_error_log_or_printed_session(
    server: StandIn, client: PaperlessClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    server.faults.reset_on[TAGS] = 99
    calls: list[Callable[[], object]] = [
        lambda: client.read(TAGS),
        lambda: client.write("POST", TAGS, {"name": "x"}),
    ]
    for fails in calls:
        with pytest.raises(GuidangError) as error:
            fails()
        cause: BaseException | None = error.value
        while cause is not None:
            said += [str(cause), repr(cause), repr(vars(cause))]
            cause = cause.__cause__ or cause.__context__
    said.append(repr(exchange.new_session(client.address, TOKEN).auth))

    assert TOKEN not in "\n".join(said)
    assert TOKEN not in caplog.text


def test_errors_survive_pickling(server: StandIn, client: PaperlessClient) -> None:
    server.faults.status_of[TAGS] = [(500, {})] * 9
    with pytest.raises(StoreUnreachable) as error:
        client.read(TAGS)

    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_read_is_tried_four_times_with_growing_pauses(
    server: StandIn, client: PaperlessClient, pauses: list[float]
) -> None:
    server.faults.status_of[TAGS] = [(503, {})] * 99

    with pytest.raises(StoreUnreachable):
        client.read(TAGS)

    assert server.count("GET " + TAGS) == 4
    assert len(pauses) == 3
    assert all(0 < pause <= 10.5 for pause in pauses)


def test_retry_after_is_kept_but_not_for_ever(server: StandIn, client: PaperlessClient, pauses: list[float]) -> None:
    server.faults.status_of[TAGS] = [(429, {"Retry-After": "7"}), (429, {"Retry-After": "86400"})]

    client.read(TAGS)

    assert pauses == [7.0, 30.0]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_write_is_never_tried_again_and_its_outcome_is_unknown(
    server: StandIn, client: PaperlessClient, status: int
) -> None:
    server.faults.status_of[TAGS] = [(status, {})]

    with pytest.raises(OutcomeUnknown):
        client.write("POST", TAGS, {"name": "x"})

    assert server.count("POST " + TAGS) == 1


def test_write_that_is_reset_has_an_unknown_outcome(server: StandIn, client: PaperlessClient) -> None:
    server.faults.reset_on[TAGS] = 1

    with pytest.raises(OutcomeUnknown):
        client.write("POST", TAGS, {"name": "x"})

    assert server.count("POST " + TAGS) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, StoreRefused),
        (401, StoreForbidden),
        (403, StoreForbidden),
        (404, StoreRefused),
        (406, StoreForbidden),
        (413, StoreRefused),
        (415, StoreRefused),
        (429, StoreUnreachable),
    ],
)
def test_each_answer_to_a_write_has_its_meaning(
    server: StandIn, client: PaperlessClient, status: int, error: type[Exception]
) -> None:
    server.faults.status_of[TAGS] = [(status, {})]

    with pytest.raises(error):
        client.write("POST", TAGS, {"name": "x"})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_redirect_is_never_followed(server: StandIn, client: PaperlessClient, method: str) -> None:
    with StandIn() as elsewhere:
        server.faults.status_of[TAGS] = [(302, {"Location": f"{elsewhere.url}/api/tags/"})]

        with pytest.raises(StoreForbidden, match="sends guidang on"):
            client.read(TAGS) if method == "GET" else client.write(method, TAGS, {"name": "x"})

        assert elsewhere.requests == []


def test_next_links_are_never_followed(server: StandIn, client: PaperlessClient) -> None:
    """The stand-in names a foreign host in `next`, as a server behind a proxy may."""
    for number in range(7):
        client.write("POST", TAGS, {"name": f"tag {number}"})

    names = [entry["name"] for entry in client.pages(TAGS, page_size=3)]

    assert sorted(map(str, names)) == [f"tag {number}" for number in range(7)]
    assert server.count("GET " + TAGS) == 3


def test_list_whose_last_page_vanished_meanwhile_has_ended(server: StandIn, client: PaperlessClient) -> None:
    for number in range(4):
        client.write("POST", TAGS, {"name": f"tag {number}"})

    names = []
    for entry in client.pages(TAGS, page_size=3):
        names.append(entry["name"])
        with server.lock:
            tags = server.state.names["tags"]
            tags.pop(max(tags), None) if len(tags) > 3 else None

    assert names == ["tag 0", "tag 1", "tag 2"]


def test_list_whose_pages_repeat_ends(server: StandIn, client: PaperlessClient) -> None:
    """A cache in between that does not look at the query would give the first page for ever."""
    for number in range(4):
        client.write("POST", TAGS, {"name": f"tag {number}"})
    server.faults.pages_repeat = True

    with pytest.raises(StoreUnreachable, match="page"):
        list(client.pages(TAGS, page_size=3))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [400, 404, 405])
def test_proxy_s_web_page_means_that_the_server_was_not_reached(
    server: StandIn, client: PaperlessClient, method: str, status: int
) -> None:
    server.faults.proxy_status = status

    with pytest.raises(StoreUnreachable):
        client.read_or_none(TAGS) if method == "GET" else client.write(method, TAGS, {"name": "x"})


def test_web_page_instead_of_the_api_is_said(server: StandIn, client: PaperlessClient) -> None:
    with pytest.raises(StoreUnreachable, match="not JSON"):
        client.read("/api/nope/")


def test_answer_without_end_is_cut_off(server: StandIn) -> None:
    server.faults.huge_answer_bytes = 3 << 20
    client = PaperlessClient(ServerAddress(server.url), TOKEN, Waiting(max_answer_bytes=1 << 20), sleep=lambda _: None)

    with pytest.raises(StoreUnreachable, match="larger"):
        client.read(TAGS)
    client.close()


def test_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    impatient = Waiting(connect_seconds=0.5, read_seconds=0.2, deadline_seconds=1.0)
    with StandIn() as server:
        server.faults.upload_silent_after_accept = 1
        server.faults.silence_seconds = 1.0
        client = PaperlessClient(ServerAddress(server.url), TOKEN, impatient)
        paper = tmp_path / "paper.pdf"
        paper.write_bytes(b"%PDF-1.4")

        with pytest.raises(OutcomeUnknown, match="in time"):
            client.upload("/api/documents/post_document/", (), "paper.pdf", paper)
        client.close()


def test_wrong_api_version_is_said() -> None:
    with StandIn("1.17.4") as old:
        old.faults.status_of[TAGS] = [(406, {})]
        client = PaperlessClient(ServerAddress(old.url), TOKEN)

        with pytest.raises(StoreForbidden, match="version 9"):
            client.read(TAGS)
        client.close()


def test_large_file_arrives_whole(server: StandIn, client: PaperlessClient, tmp_path: Path) -> None:
    content = b"%PDF-1.4\r\n--boundary\r\n" + bytes(range(256)) * 20_000
    paper = tmp_path / "large.pdf"
    paper.write_bytes(content)

    client.upload("/api/documents/post_document/", [("title", '维修单 "一"')], "large.pdf", paper)

    (task,) = server.state.tasks
    assert task.content == content
    assert task.form == {"title": ['维修单 "一"']}


def test_proxy_and_netrc_of_the_environment_are_ignored(
    server: StandIn, client: PaperlessClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert client.read_object(TAGS)["count"] == 0


class _Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"count": 0, "next": null, "results": []}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Be quiet."""


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of its own, and that certificate."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate can be made for this test")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    making += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(making, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), _Empty)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is no error of ours
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_address[1]}", certificate
    server.shutdown()
    thread.join()
    server.server_close()


def test_certificate_that_nobody_vouches_for_is_refused(secure: tuple[str, Path]) -> None:
    client = PaperlessClient(ServerAddress(secure[0]), TOKEN, PATIENCE)

    with pytest.raises(StoreForbidden, match="not trusted"):
        client.write("POST", TAGS, {"name": "x"})
    client.close()


def test_certificate_of_the_own_authority_is_trusted(secure: tuple[str, Path]) -> None:
    client = PaperlessClient(ServerAddress(secure[0], verify=secure[1]), TOKEN, PATIENCE)

    assert client.read_object(TAGS)["count"] == 0
    client.close()


def test_certificate_for_another_name_is_refused_and_said_to_be_one(secure: tuple[str, Path]) -> None:
    client = PaperlessClient(ServerAddress(secure[0].replace("localhost", "127.0.0.1"), verify=secure[1]), TOKEN)

    with pytest.raises(StoreForbidden, match="another name"):
        client.read(TAGS)
    client.close()


def test_certificate_file_that_is_missing_is_said(secure: tuple[str, Path], tmp_path: Path) -> None:
    client = PaperlessClient(ServerAddress(secure[0], verify=tmp_path / "none.pem"), TOKEN, PATIENCE)

    with pytest.raises(StoreForbidden, match="not trusted"):
        client.read(TAGS)
    client.close()
