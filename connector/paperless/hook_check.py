"""What `guidang check` says of the way from paperless to our door (`connector.webhook`), as far as that can be seen from this side.

Whether the server's machine reaches us only the server knows, and it does not tell. Seen from here: an address that cannot be
right, a port that cannot be had, and, while `guidang run` listens, whether a call of the very address, with the very key that paperless was
given, comes in. Such a call is a hint like any other and changes nothing. Not for the workflow on the server (the profile's plan).
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from connector.interfaces import CheckFinding, Severity
from connector.paperless.address import ServerAddress, is_this_machine
from connector.webhook import KEY_HEADER, Webhook
from ingest.message import N_, Message, os_reason

CALL_SECONDS = 5.0
"""paperless itself waits so long for an answer."""


def hook_findings(webhook: Webhook, server: ServerAddress) -> Iterator[CheckFinding]:
    """Yield how the way to our door stands; never raises."""
    facts = {"server": server.url, "url": webhook.url, "listen": f"{webhook.host}:{webhook.port}"}
    wrong = tuple(_addresses(webhook, server, facts))
    yield from wrong
    reason = _why_not_free(webhook)
    if reason is None:
        what = Message(N_("`guidang run` will listen at {listen}; now nobody does, and {url} was not tried."), facts)
        yield CheckFinding(Severity.OK, what, None)
    elif reason == errno.EADDRINUSE:
        yield from _called(webhook, server, facts)
    else:
        what = Message(N_("Cannot listen at {listen}: {reason}."), facts, {"reason": _said(reason)})
        remedy = Message(N_("Write an address and a free port of this machine into sync.webhook_listen."))
        yield CheckFinding(Severity.ERROR, what, remedy)
    if not wrong and _is_internal(urlsplit(webhook.url).hostname or ""):
        yield _ok(
            N_(
                "paperless calls {url}, inside its own network, unless PAPERLESS_WEBHOOKS_ALLOW_INTERNAL_REQUESTS there is "
                "false; in a container 127.0.0.1 is the container itself."
            ),
            facts,
        )


def _addresses(webhook: Webhook, server: ServerAddress, facts: dict[str, str]) -> Iterator[CheckFinding]:
    called = urlsplit(webhook.url)
    is_called_here = is_this_machine(called.hostname or "")
    if is_called_here and not is_this_machine(urlsplit(server.url).hostname or ""):
        what = Message(N_("paperless at {server} cannot call {url}: to it, that is its own machine."), facts)
        remedy = Message(N_("Listen at an address that paperless reaches, and write it into sync.webhook_url."))
        yield CheckFinding(Severity.WARNING, what, remedy)
    is_direct = called.scheme == "http" and (called.port or 80) == webhook.port
    if is_direct and is_this_machine(webhook.host) and not is_called_here:
        what = Message(N_("Only this machine itself reaches {listen}, and paperless is to call {url}."), facts)
        remedy = Message(N_("Write that address into sync.webhook_listen, too, or let a proxy carry the calls on."))
        yield CheckFinding(Severity.WARNING, what, remedy)


def _why_not_free(webhook: Webhook) -> int | None:
    """Return the error number that listening there gives now, None where it would succeed."""
    family = socket.AF_INET6 if ":" in webhook.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((webhook.host, webhook.port))
            probe.listen(1)  # beside one who listens already a bind alone may succeed
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return None


def _called(webhook: Webhook, server: ServerAddress, facts: dict[str, str]) -> Iterator[CheckFinding]:
    """Yield whether a call as paperless makes it comes in at a door that is open."""
    reason = _call(webhook, server)
    if reason is None:
        yield _ok(N_("Calls of {url} come in at {listen}."), facts)
        return
    what = Message(N_("A call of {url} does not come in at {listen}: {reason}."), facts, {"reason": reason})
    remedy = Message(
        N_(
            "Another program may have the port, a proxy may lead elsewhere, or the key was changed while `guidang run` ran: "
            "put it right in [sync], start `guidang run` anew, then `guidang profile apply`."
        )
    )
    yield CheckFinding(Severity.WARNING, what, remedy)


def _call(webhook: Webhook, server: ServerAddress) -> Message | None:
    """Call as paperless does; return what is wrong with the answer, None where it is the right one."""
    with requests.Session() as session:
        session.trust_env = server.trust_environment
        try:
            answer = session.post(
                webhook.url,
                json={},
                headers={KEY_HEADER: webhook.key},
                timeout=CALL_SECONDS,
                allow_redirects=False,
                verify=server.requests_verify,
                stream=True,  # whatever else answers there, its body is not read
            )
        except requests.exceptions.SSLError:
            return Message(N_("its certificate is not trusted"))
        except requests.Timeout:
            return Message(N_("no answer in time"))
        except requests.RequestException:
            return Message(N_("no connection"))
    if answer.status_code == HTTPStatus.NO_CONTENT:
        return None
    return Message("HTTP {status}", {"status": str(answer.status_code)})


def _is_internal(host: str) -> bool:
    """Return whether paperless would count it as an address of its own network; a name that cannot be looked up is none."""
    try:
        found = {ipaddress.ip_address(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except (OSError, ValueError):
        return False
    return any(not address.is_global for address in found)


def _said(number: int) -> Message:
    return os_reason(OSError(number, os.strerror(number)))


def _ok(template: str, facts: dict[str, str]) -> CheckFinding:
    return CheckFinding(Severity.OK, Message(template, facts), None)
