"""What `check` can see of the way from paperless to our door: real sockets and the real listener on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from connector.i18n import Language
from connector.interfaces import CheckFinding, Severity
from connector.paperless.address import ServerAddress
from connector.paperless.check import findings
from connector.paperless.client import PaperlessClient
from connector.paperless.hook_check import hook_findings
from connector.paperless.profile.hook import webhook_workflow
from connector.paperless.profile.setup import SetupProfile
from connector.paperless.profile.wanted import ProfileSource, catalogue_of
from connector.webhook import PATH, Webhook, WebhookListener
from tests.connector.test_follower import becomes_true
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.submissions import example_scheme

KEY = "a-key-of-thirty-signs-in-total"
HERE = ServerAddress("http://127.0.0.1:8000")
AWAY = ServerAddress("https://paperless.example")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hook(port: int, url: str = "", host: str = "127.0.0.1") -> Webhook:
    return Webhook(host, port, url or f"http://127.0.0.1:{port}{PATH}", KEY)


@pytest.fixture
def listening() -> Iterator[tuple[Webhook, list[str]]]:
    """Our own listener, and what it was told."""
    hints: list[str] = []
    listener = WebhookListener(hook(0), lambda: hints.append("hint"))
    assert listener.start()
    yield hook(listener.port), hints
    listener.end()


def said(found: Iterator[CheckFinding], severity: Severity) -> str:
    return "\n".join(str(one.subject) for one in found if one.severity is severity)


def test_call_that_comes_in_is_found_well_and_is_a_hint_like_any_other(listening: tuple[Webhook, list[str]]) -> None:
    webhook, hints = listening

    found = tuple(hook_findings(webhook, HERE))

    assert {one.severity for one in found} == {Severity.OK}
    assert "come in" in str(found[0].subject)
    assert becomes_true(lambda: hints == ["hint"])  # the door answers first, and hints then


def test_key_that_was_changed_since_is_a_warning(listening: tuple[Webhook, list[str]]) -> None:
    webhook, hints = listening

    warnings = said(hook_findings(replace(webhook, key="another-key-of-thirty-signs!!"), HERE), Severity.WARNING)

    assert "HTTP 401" in warnings
    assert hints == []


def test_path_that_is_not_ours_is_a_warning(listening: tuple[Webhook, list[str]]) -> None:
    webhook, _ = listening

    assert "HTTP 404" in said(
        hook_findings(replace(webhook, url=webhook.url.replace(PATH, "/x")), HERE), Severity.WARNING
    )


def test_nobody_listening_yet_is_no_trouble() -> None:
    found = tuple(hook_findings(hook(free_port()), HERE))

    assert {one.severity for one in found} == {Severity.OK}
    assert "guidang run" in str(found[0].subject)


def test_port_that_another_program_has_is_a_warning() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.serve_forever, args=(0.02,), daemon=True)
        thread.start()

        warnings = said(hook_findings(hook(int(other.server_address[1])), HERE), Severity.WARNING)

        other.shutdown()
        thread.join()
    assert "does not come in" in warnings


def test_address_that_this_machine_does_not_have_is_an_error() -> None:
    """192.0.2.0/24 is kept for documents (RFC 5737): no machine has it."""
    webhook = hook(free_port(), "http://192.0.2.1:8765/hint", host="192.0.2.1")

    assert "192.0.2.1" in said(hook_findings(webhook, HERE), Severity.ERROR)


def test_server_elsewhere_cannot_call_our_loopback() -> None:
    found = tuple(hook_findings(hook(free_port()), AWAY))

    assert "paperless.example cannot call" in said(iter(found), Severity.WARNING)
    assert all(one.remedy for one in found if one.severity is not Severity.OK)


def test_address_of_the_network_is_of_no_use_while_only_loopback_is_listened_at() -> None:
    port = free_port()

    warnings = said(hook_findings(hook(port, f"http://192.0.2.1:{port}{PATH}"), AWAY), Severity.WARNING)

    assert "Only this machine itself reaches" in warnings


def test_proxy_before_loopback_is_no_trouble() -> None:
    webhook = hook(free_port(), "https://archive.invalid/hint")

    assert said(hook_findings(webhook, AWAY), Severity.WARNING) == ""


def test_key_stands_in_no_finding(listening: tuple[Webhook, list[str]]) -> None:
    webhook, _ = listening

    assert KEY not in repr(tuple(hook_findings(webhook, AWAY)))


@pytest.mark.parametrize("is_enabled", [True, False])
def test_workflow_that_a_person_switched_off_is_warned_of(is_enabled: bool) -> None:
    with StandIn() as stand_in:
        wanted = webhook_workflow(hook(8765), Language.ZH)
        catalogue = catalogue_of(ProfileSource(example_scheme(), Language.ZH, (), more=(wanted,)))
        client = PaperlessClient(ServerAddress(stand_in.url), TOKEN)
        assert [error for _, error in SetupProfile(client, catalogue).apply() if error] == []
        stand_in.state.workflows[0]["enabled"] = is_enabled

        warnings = said(iter(findings(client, catalogue)), Severity.WARNING)

        client.close()
    assert (wanted.name in warnings) is not is_enabled
