"""Which server, how it is trusted, how long we wait: everything about the connection but the token.

The threat: a token sent in clear text, to the wrong host, or along a redirect opens every customer's papers. The rule: https,
or plain http to this machine only unless the configuration allows more; every URL is built from this address and a path.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from connector.interfaces import StoreForbidden
from ingest.message import N_, Message


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long we wait for an answer, in seconds, and how much of one; `deadline` is for one whole call but an upload."""

    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    deadline_seconds: float = 120.0
    upload_deadline_seconds: float = 900.0
    max_answer_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The root of a server, such as "https://dms.example/paperless"; raises StoreForbidden where it must not be used."""

    url: str
    verify: bool | Path = True
    allow_plain_http: bool = False
    trust_environment: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
        if not is_whole or parts.username or parts.password:
            raise StoreForbidden(
                Message(N_("store.paperless.url is not the address of a server.")),
                Message(N_("Write it like https://paperless.example, without a name or password in it.")),
            )
        if parts.scheme == "http" and not self.allow_plain_http and not is_this_machine(parts.hostname or ""):
            raise StoreForbidden(
                Message(N_("guidang does not send its token to {server} without encryption."), {"server": self.url}),
                Message(N_("Use an address with https.")),
            )

    def to(self, path: str) -> str:
        """Return the whole URL of a path of the API ("/api/tags/")."""
        return self.url.rstrip("/") + path

    @property
    def requests_verify(self) -> bool | str:
        """Return what requests wants to know about certificates."""
        return str(self.verify) if isinstance(self.verify, Path) else self.verify


def is_this_machine(host: str) -> bool:
    """Return whether a host of a URL is the machine that names it; a name other than localhost is not looked up."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
