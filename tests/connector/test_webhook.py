"""The door at which paperless knocks: real HTTP on loopback, and whatever is said there is only a hint."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from connector import webhook as door
from connector.assembly import build
from connector.config import load
from connector.config_errors import ConfigWrong
from connector.credentials import TokenMissing, read_key
from connector.i18n import Language
from connector.interfaces import DOING, SetupAction
from connector.paperless.profile.hook import webhook_workflow
from connector.paperless.profile.plan import marker_of, plan
from connector.paperless.profile.values import ObjectKind
from connector.paperless.profile.wanted import ProfileSource, catalogue_of
from connector.webhook import KEY_HEADER, PATH, Webhook, WebhookListener
from tests.connector.example_config import written
from tests.connector.synced_office import SyncedOffice, synced_office
from tests.connector.test_follower import becomes_true, followed
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.submissions import example_scheme
from tests.stores.test_profile_plan import changed, fresh, prepared, with_object

KEY = "a-key-of-thirty-signs-in-total"
CAPTURED = Path(__file__).parents[1] / "http_examples" / "3.0.5" / "workflow_create_webhook.json"
LISTENING = ('webhook_listen = ""', 'webhook_listen = "127.0.0.1:8765"')


class Door:
    """A listener with a counter."""

    def __init__(self, key: str = KEY) -> None:
        self.hints = 0
        self.listener = WebhookListener(Webhook("127.0.0.1", 0, "http://127.0.0.1/hint", key), self._count)
        assert self.listener.start()

    def _count(self) -> None:
        self.hints += 1

    def knock(
        self, body: bytes = b"{}", path: str = PATH, method: str = "POST", **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers of the answer."""
        with closing(HTTPConnection("127.0.0.1", self.listener.port, timeout=10.0)) as connection:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {KEY_HEADER: KEY, "Content-Type": "application/json", **given})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())


@pytest.fixture
def opened() -> Iterator[Door]:
    """Give an open door."""
    door_ = Door()
    yield door_
    door_.listener.end()


def test_knock_with_the_key_is_a_hint_and_is_answered_with_nothing(opened: Door) -> None:
    status, body, headers = opened.knock(json.dumps({"url": "http://paperless/documents/3/"}).encode())

    assert (status, body) == (204, b"")
    assert headers["Server"].strip() == "guidang"
    assert becomes_true(lambda: opened.hints == 1)


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\x00" * 20, b"[" * 60_000])
def test_what_the_knock_says_does_not_matter(opened: Door, body: bytes) -> None:
    assert opened.knock(body)[0] == 204
    assert becomes_true(lambda: opened.hints == 1)


@pytest.mark.parametrize("key", ["", "wrong", KEY[:-1], KEY + "x", "ä"])
def test_knock_without_the_key_is_refused(opened: Door, key: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        status = opened.knock(b"private", X_Guidang_Key=key)[0]

    assert status == 401
    assert opened.hints == 0
    assert KEY not in caplog.text
    assert "private" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_wrong_keys_are_said_once_until_a_right_one_comes(opened: Door, caplog: pytest.LogCaptureFixture) -> None:
    for key in ("wrong", "wrong", KEY, "wrong"):
        opened.knock(X_Guidang_Key=key)

    assert len([one for one in caplog.records if one.name == "guidang.webhook"]) == 2


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/"), ("POST", "/hint/x"), ("GET", "/hint"), ("DELETE", "/hint")]
)
def test_other_doors_are_not_there(opened: Door, method: str, path: str) -> None:
    assert opened.knock(path=path, method=method)[0] == 404
    assert opened.hints == 0


@pytest.mark.parametrize(
    "header", [("Content-Length", str(64 * 1024 + 1)), ("Content-Length", "9" * 30), ("Transfer-Encoding", "chunked")]
)
def test_body_that_is_too_long_is_refused_unread(opened: Door, header: tuple[str, str]) -> None:
    with closing(HTTPConnection("127.0.0.1", opened.listener.port, timeout=10.0)) as connection:
        connection.putrequest("POST", PATH)
        connection.putheader(KEY_HEADER, KEY)
        connection.putheader(*header)
        connection.endheaders()
        status = connection.getresponse().status

    assert status == 413
    assert opened.hints == 0


def test_those_who_say_nothing_take_no_more_than_their_places(opened: Door) -> None:
    silent = [socket.create_connection(("127.0.0.1", opened.listener.port), timeout=10.0) for _ in range(door.PLACES)]
    time.sleep(0.3)
    late = socket.create_connection(("127.0.0.1", opened.listener.port), timeout=10.0)

    assert late.recv(1) == b""
    for one in (*silent, late):
        one.close()
    assert becomes_true(lambda: _is_let_in(opened))


def _is_let_in(opened: Door) -> bool:
    try:
        return opened.knock()[0] == 204
    except OSError:
        return False


def test_ending_does_not_wait_for_one_who_says_nothing(opened: Door) -> None:
    with closing(socket.create_connection(("127.0.0.1", opened.listener.port))):
        begun = time.monotonic()
        opened.listener.end()

        assert time.monotonic() - begun < door.SILENCE_SECONDS


def test_taken_port_leaves_us_polling(caplog: pytest.LogCaptureFixture, opened: Door) -> None:
    second = WebhookListener(Webhook("127.0.0.1", opened.listener.port, "", KEY), lambda: None)

    assert not second.start()
    second.end()
    assert "polling only" in caplog.text


# The key and the address


def test_key_comes_from_the_environment_or_a_file_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n", encoding="utf-8")
    path.chmod(0o600)

    assert read_key("NAME", None, {"NAME": KEY}) == KEY
    assert read_key("NAME", path, {}) == KEY


@pytest.mark.parametrize("key", ["s3cr3t", "密" * 30, "with a blank in twenty signs", "line\nbreak-in-twenty-signs"])
def test_key_that_can_be_guessed_or_not_be_sent_is_refused_unshown(key: str) -> None:
    with pytest.raises(TokenMissing, match="openssl") as raised:
        read_key("NAME", None, {"NAME": key})

    assert key not in str(raised.value)


def test_missing_key_and_open_file_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY, encoding="utf-8")
    path.chmod(0o644)

    with pytest.raises(TokenMissing, match="webhook_key_file"):
        read_key("NAME", None, {})
    with pytest.raises(TokenMissing, match="profile apply") as raised:
        read_key("NAME", path, {})
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "means"),
    [("127.0.0.1:8765", ("127.0.0.1", 8765)), ("[::1]:1", ("::1", 1)), ("localhost:65535", ("localhost", 65535))],
)
def test_address_is_host_and_port(tmp_path: Path, said: str, means: tuple[str, int]) -> None:
    config = load(written(tmp_path, ('webhook_listen = ""', f'webhook_listen = "{said}"')))

    assert means == config.sync.webhook_address


@pytest.mark.parametrize(
    "said", ["8765", ":8765", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:80", "0.0.0.0:80"]
)
def test_address_that_cannot_be_meant_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(ConfigWrong, match="webhook_listen"):
        load(written(tmp_path, ('webhook_listen = ""', f'webhook_listen = "{said}"')))


def test_nothing_is_listened_for_unless_it_is_configured(tmp_path: Path) -> None:
    assert load(written(tmp_path)).sync.webhook_address is None


# The workflow on the server


def workflow(key: str = KEY) -> ProfileSource:
    hook = webhook_workflow(Webhook("127.0.0.1", 8765, "http://127.0.0.1:8765/hint", key), Language.ZH)
    return ProfileSource(example_scheme(), Language.ZH, more=(hook,))


def test_workflow_is_such_as_a_real_server_took() -> None:
    captured = json.loads(CAPTURED.read_text(encoding="utf-8"))
    entry = {**captured["body"], "name": "归档：有改动即同步"}
    entry["triggers"] = [
        one for one in entry["triggers"] if one["type"] == 3
    ]  # the captured one is called for added ones, too
    entry["actions"][0]["webhook"] |= {
        "url": "http://127.0.0.1:8765/hint",
        "params": {"url": "{{doc_url}}"},
        "headers": {"X-Guidang-Key": KEY},
    }
    of = catalogue_of(workflow())
    present = with_object(fresh(), ObjectKind.WORKFLOW, "归档：有改动即同步", entry)

    steps = [step for step in plan(of, present) if step.kind is ObjectKind.WORKFLOW]

    assert steps == []
    (hook,) = [one for one in of.objects if one.kind is ObjectKind.WORKFLOW]
    assert {"name", *hook.body, *hook.first} <= captured["request"]["json"].keys()


def test_new_key_is_brought_to_the_server_and_neither_is_shown() -> None:
    of, old = catalogue_of(workflow()), "the-key-of-last-year-which-leaked"
    present = prepared(catalogue_of(workflow(old)))

    steps = [step for step in plan(of, present) if step.kind is ObjectKind.WORKFLOW]

    assert [step.action for step in steps] == [SetupAction.CHANGE]
    assert KEY not in repr(steps)
    assert KEY not in str(marker_of(of, present))
    assert KEY not in repr(Webhook("127.0.0.1", 1, "", KEY))


def test_workflow_that_a_person_switched_off_stays_off() -> None:
    of = catalogue_of(workflow())
    present = changed(prepared(of), ObjectKind.WORKFLOW, "归档：有改动即同步", {"enabled": False, "order": 9})

    assert [step for step in plan(of, present) if step.action in DOING] == []


@pytest.mark.parametrize("version", ["3.0.5", "2.20.15"])
def test_profile_makes_the_workflow_once_and_its_plan_shows_no_key(tmp_path: Path, version: str) -> None:
    with StandIn(version) as stand_in:
        paperless = f'use = "paperless"\n[store.paperless]\nurl = "{stand_in.url}"\n'
        config = load(written(tmp_path, ('use = "folder"', paperless), LISTENING))
        with closing(build(config, {"GUIDANG_PAPERLESS_TOKEN": TOKEN, "GUIDANG_WEBHOOK_KEY": KEY})) as connector:
            profile = connector.profile()
            assert profile is not None
            with closing(profile):
                planned = profile.plan()
                errors = [error for _, error in profile.apply() if error]
                again = profile.plan()

        assert [step.action for step in planned if step.sort == "workflows"] == [SetupAction.MAKE]
        assert KEY not in repr(planned)
        assert errors == []
        assert [step for step in again if step.action in DOING] == []
        (made,) = stand_in.state.workflows
        assert made["actions"][0]["webhook"]["url"] == "http://127.0.0.1:8765/hint"
        assert made["actions"][0]["webhook"]["headers"] == {"X-Guidang-Key": KEY}


def test_configured_webhook_without_its_key_is_refused(tmp_path: Path) -> None:
    paperless = 'use = "paperless"\n[store.paperless]\nurl = "https://paperless.example"\n'
    config = load(written(tmp_path, ('use = "folder"', paperless), LISTENING))

    with pytest.raises(TokenMissing, match="GUIDANG_WEBHOOK_KEY"):
        build(config, {"GUIDANG_PAPERLESS_TOKEN": TOKEN})


# All together


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SyncedOffice]:
    """Give an office that follows a server."""
    with StandIn() as stand_in, synced_office(tmp_path, stand_in) as opened:
        yield opened


def test_correction_in_paperless_is_in_the_index_long_before_the_next_poll(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    with followed(office, poll_seconds=3600.0) as follower:
        assert becomes_true(lambda: office.memory.mark("paperless").swept_at is not None)
        listener = WebhookListener(Webhook("127.0.0.1", 0, "", KEY), follower.hint)
        assert listener.start()
        office.stand_in.state.workflows.append(as_made(listener.port))

        office.edit(entry, title="王家的单子")

        assert becomes_true(lambda: office.record(entry).description.title == "王家的单子")
        assert becomes_true(lambda: entry.description.record_id in office.office.parts.index.search("王家"))
        listener.end()


def as_made(port: int) -> dict[str, object]:
    """Return the workflow as it stands on a server."""
    hook = webhook_workflow(Webhook("127.0.0.1", port, f"http://127.0.0.1:{port}{PATH}", KEY), Language.ZH)
    return {"id": 1, "name": hook.name, **hook.first, **hook.body}


def test_storm_of_hints_makes_a_cycle_every_two_seconds(office: SyncedOffice) -> None:
    office.take("a.pdf")
    with followed(office, poll_seconds=3600.0) as follower:
        assert becomes_true(lambda: office.memory.mark("paperless").swept_at is not None)
        before = office.stand_in.count("GET /api/trash/")
        for _ in range(100):
            follower.hint()
            time.sleep(0.03)

    assert 1 <= office.stand_in.count("GET /api/trash/") - before <= 4


def test_running_connector_listens_and_ends_listening(office: SyncedOffice) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = int(free.getsockname()[1])
    connector = office.office.connector(Webhook("127.0.0.1", port, "", KEY))
    stop = threading.Event()
    running = threading.Thread(target=connector.run, args=(stop,))

    before = refuses(port)
    running.start()
    listened = becomes_true(lambda: not refuses(port))
    stop.set()
    running.join(timeout=20.0)
    after = refuses(port)
    connector.close()

    assert (before, listened, after) == (True, True, True)
    assert not running.is_alive()


def refuses(port: int) -> bool:
    """Return whether nobody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except ConnectionRefusedError:
        return True
    return False
