"""What a paperless-ngx server's answers mean, as one of the store's four errors; built in one place so that none names a token.

Not for deciding what to do next: the store does. Of what the server said only a
shortened part is told; it never holds what we sent.
"""

from __future__ import annotations

from typing import NewType

from connector.interfaces import OutcomeUnknown, StillUnderWay, StoreForbidden, StoreRefused, StoreUnreachable
from connector.paperless.exchange import CertificateFault
from ingest.message import N_, Message

ServerWords = NewType("ServerWords", str)
"""What the server itself said, or what is the same in every language; anything else that is said of why is a Message."""

Why = Message | ServerWords

_DETAIL_SIGNS = 200
QUEUE_WAIT_SECONDS = 30.0


class NotThere(StoreRefused):
    """404: what was asked for does not stand on the server, or we may not see it."""


class RightMissing(StoreForbidden):
    """403: the token is right, and the account may not do this."""


class ServerAway(StoreUnreachable):
    """The server cannot be reached, is busy, or asks us to come again later."""


def shortened(detail: str) -> str:
    """Return the server's words on one line, not too long."""
    line = " ".join(detail.split())
    return line if len(line) <= _DETAIL_SIGNS else line[: _DETAIL_SIGNS - 1] + "…"


def said_by(server: str, template: str, why: Why) -> Message:
    """Return the sentence about a server with its `{reason}`."""
    if isinstance(why, Message):
        return Message(template, {"server": server}, {"reason": why})
    return Message(template, {"server": server, "reason": shortened(why)})


def away(server: str, reason: Why, retry_after_seconds: float | None = None) -> ServerAway:
    """The server cannot be reached or is busy; nothing was done."""
    error = ServerAway(
        said_by(server, N_("Cannot reach paperless at {server}: {reason}."), reason),
        Message(N_("See that the server runs and the address is right; filing goes on by itself.")),
    )
    error.retry_after_seconds = retry_after_seconds
    return error


def queue_full(server: str, count: int) -> ServerAway:
    """Its workers do not keep up, or are down: nothing more is put on top."""
    error = ServerAway(
        Message(
            N_("paperless at {server} still has {count} records of ours in its queue."),
            {"server": server, "count": str(count)},
        ),
        Message(N_("See that its task worker runs; filing goes on by itself once the queue is shorter.")),
    )
    error.retry_after_seconds = QUEUE_WAIT_SECONDS
    return error


def busy(server: str, reason: Why) -> ServerAway:
    """It gave up on an upload for a reason of its own that passes; nothing of it stands there."""
    return ServerAway(
        said_by(server, N_("paperless at {server} could not take the record just now: {reason}."), reason),
        Message(N_("guidang sends it again. Where this is frequent, give paperless PostgreSQL, or one task worker.")),
    )


def under_way(server: str) -> StillUnderWay:
    """An upload of these very bytes still waits in the queue: nothing is sent before it has had its turn."""
    return StillUnderWay(
        Message(N_("paperless at {server} has taken this record and not worked on it yet."), {"server": server}),
        Message(N_("See that its task worker runs; filing goes on by itself.")),
    )


def no_paperless(server: str, path: str) -> StoreUnreachable:
    """An answer that is not the API's: a web page, a proxy, another program."""
    return StoreUnreachable(
        Message(
            N_("{server} does not answer like paperless at {path}: it sent something that is not JSON."),
            {"server": server, "path": path},
        ),
        Message(N_("Check store.paperless.url: it is the address of paperless itself, without /api.")),
    )


def not_understood(server: str, what: str) -> StoreUnreachable:
    """An answer of the API whose shape we do not know."""
    return StoreUnreachable(
        Message(
            N_("paperless at {server} sent an answer that guidang does not know: {what}."),
            {"server": server, "what": what},
        ),
        Message(N_("See in docs/reference which versions of paperless work, and report this one.")),
    )


def unknown(server: str, reason: Why) -> OutcomeUnknown:
    """No answer, or none that says whether it was done."""
    return OutcomeUnknown(
        said_by(server, N_("paperless at {server} did not say whether it took the record: {reason}."), reason),
        Message(N_("Nothing to do: guidang looks on the server before it sends anything again.")),
    )


class BrokeInside(OutcomeUnknown):
    """The server broke over a request, and says so as if the request were wrong; it may do better the next time."""


def broke_inside(server: str, reason: Why) -> BrokeInside:
    """A 400 that names no fault in the request: 2.20 and 3.0 answer so when a bulk edit meets a locked database."""
    known = unknown(server, reason)
    return BrokeInside(known.what, known.remedy)


def refused(server: str, reason: Why) -> StoreRefused:
    """The server will not take this."""
    return StoreRefused(
        said_by(server, N_("paperless at {server} refused the record: {reason}."), reason),
        Message(N_("Look at the reason, correct the record, and confirm it.")),
    )


def unfit(server: str, names: tuple[str, ...]) -> StoreRefused:
    """Values that the server's field types cannot hold."""
    return StoreRefused(
        Message(
            N_("paperless at {server} cannot hold these values as they are: {names}."),
            {"server": server, "names": ", ".join(names)},
        ),
        Message(N_("Correct them (a text has at most 128 signs, an amount two decimals), and confirm the record.")),
    )


def not_there(server: str, path: str) -> NotThere:
    """The server has no such thing, or hides it from us."""
    return NotThere(
        Message(N_("paperless at {server} has nothing at {path}."), {"server": server, "path": path}),
        Message(N_("See in paperless whether the record was deleted, or whether guidang's account may see it.")),
    )


def token_wrong(server: str) -> StoreForbidden:
    """401."""
    return StoreForbidden(
        Message(N_("paperless at {server} does not accept guidang's token."), {"server": server}),
        Message(N_("Make a new token in paperless and give it to guidang; nothing is sent until then.")),
    )


def right_missing(server: str, path: str) -> RightMissing:
    """403."""
    return RightMissing(
        Message(
            N_("paperless at {server} does not let guidang's account use {path}."), {"server": server, "path": path}
        ),
        Message(N_("Give the account this right in paperless; `guidang check` lists the rights it needs.")),
    )


def not_prepared(server: str, name: str) -> RightMissing:
    """403 on making what a record needs: the profile was not applied, and our account may not do it."""
    return RightMissing(
        Message(
            N_("paperless at {server} has no {name} yet, and guidang's account may not make it."),
            {"server": server, "name": name},
        ),
        Message(
            N_("Run `guidang profile apply` with an administrator's token (--token-env); nothing is sent until then.")
        ),
    )


def version_wrong(server: str) -> StoreForbidden:
    """406."""
    return StoreForbidden(
        Message(N_("paperless at {server} does not serve version 9 of its API."), {"server": server}),
        Message(N_("Use paperless-ngx 2.19 to 3.x, or a newer guidang; nothing is sent until then.")),
    )


def redirected(server: str, target: str) -> StoreForbidden:
    """3xx: a token must not follow to another address."""
    return StoreForbidden(
        Message(N_("{server} sends guidang on to {target}."), {"server": server, "target": shortened(target) or "?"}),
        Message(N_("Write the address that paperless really has into store.paperless.url.")),
    )


def certificate_wrong(server: str, fault: CertificateFault) -> StoreForbidden:
    """TLS certificate not accepted."""
    facts = {"server": server}
    match fault:
        case CertificateFault.OTHER_NAME:
            return StoreForbidden(
                Message(N_("The certificate of {server} is made out to another name."), facts),
                Message(
                    N_("Write the name that stands in it into store.paperless.url, or have one made for this name.")
                ),
            )
        case CertificateFault.EXPIRED:
            return StoreForbidden(
                Message(N_("The certificate of {server} has expired."), facts),
                Message(N_("Have it renewed; nothing is sent until then.")),
            )
    return StoreForbidden(
        Message(N_("The certificate of {server} is not trusted."), facts),
        Message(N_("Name the file of your own certificate authority in store.paperless.verify.")),
    )


def set_up_wrong(server: str, name: str, present: str, wanted: str) -> StoreForbidden:
    """A custom field of our name has another type."""
    return StoreForbidden(
        Message(
            N_("The custom field {name} in paperless at {server} has the type {present}, not {wanted}."),
            {"server": server, "name": name, "present": present, "wanted": wanted},
        ),
        Message(N_("Rename that field in paperless, so that guidang can make its own; nothing is sent until then.")),
    )
