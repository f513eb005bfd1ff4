"""The stand-in calls webhooks as the captured server did: for a changed document, and not for what it was seen to keep quiet about."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.person import Person
from tests.stores.conftest import paperless_store
from tests.stores.submissions import Paper

EXAMPLES = Path(__file__).parents[1] / "http_examples" / "3.0.5"
SECONDS = 10.0
TRANSPORT = {"Accept-Encoding", "Connection"}
"""Headers of the HTTP library's own making."""


class Ear(HTTPServer):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        super().__init__(("127.0.0.1", 0), _Ear)


class _Ear(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.put({"path": self.path, "headers": dict(self.headers), "body": body})
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Be quiet."""


@pytest.fixture
def ear() -> Iterator[Ear]:
    """Give somebody who listens."""
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def captured(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def test_changed_document_is_told_as_a_real_server_told_it(stand_in: StandIn, ear: Ear, paper: Paper) -> None:
    workflow = captured("workflow_create_webhook")["body"]
    workflow["actions"][0]["webhook"]["url"] = f"http://127.0.0.1:{ear.server_address[1]}/hook?t={{{{doc_id}}}}"
    stand_in.state.workflows.append(workflow)
    store = paperless_store(stand_in)
    store_id = store.file(paper.submission())
    (told,) = captured("webhook_deliveries")["patch title"]

    Person(stand_in).edit(store_id, title="另一个题名")
    heard = ear.heard.get(timeout=SECONDS)

    assert told["path"] == heard["path"]
    assert set(told["headers"]) - TRANSPORT == set(heard["headers"]) - TRANSPORT
    assert told["headers"]["User-Agent"] == heard["headers"]["User-Agent"]
    assert told["headers"]["X-Connector-Key"] == heard["headers"]["X-Connector-Key"]
    assert json.loads(told["body"]).keys() == json.loads(heard["body"]).keys()
    assert json.loads(heard["body"])["url"] == f"{stand_in.url}/documents/{store_id}/"
    store.close()


def test_trash_and_deleted_tags_are_not_told(stand_in: StandIn, ear: Ear, paper: Paper) -> None:
    workflow = captured("workflow_create_webhook")["body"]
    workflow["actions"][0]["webhook"]["url"] = f"http://127.0.0.1:{ear.server_address[1]}/"
    stand_in.state.workflows.append(workflow)
    store = paperless_store(stand_in)
    store_id = store.file(paper.held().submission())
    quiet = [captured("webhook_deliveries")[name] for name in ("note", "tag delete", "doc delete (trash)")]

    Person(stand_in).remove("tags", "待核验")
    Person(stand_in).delete(store_id)

    assert quiet == [[], [], []]
    with pytest.raises(queue.Empty):
        ear.heard.get(timeout=0.5)
    store.close()


def test_workflow_that_is_switched_off_calls_nobody(stand_in: StandIn, ear: Ear, paper: Paper) -> None:
    workflow = captured("workflow_create_webhook")["body"] | {"enabled": False}
    workflow["actions"][0]["webhook"]["url"] = f"http://127.0.0.1:{ear.server_address[1]}/"
    stand_in.state.workflows.append(workflow)
    store = paperless_store(stand_in)
    store_id = store.file(paper.submission())

    Person(stand_in).edit(store_id, title="另一个题名")

    with pytest.raises(queue.Empty):
        ear.heard.get(timeout=0.5)
    store.close()
