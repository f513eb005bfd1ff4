"""One HTTP request and its whole answer: bounded in time and size, never redirected; says whether anything may have been sent.

Not for judging the answer: `client` does. The token is put on the request by requests' own auth hook, so that neither a
redirect nor a `.netrc` can move or replace it.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import requests
import urllib3
from requests.auth import AuthBase

from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.deadline import Watch, WatchedAdapter
from connector.paperless.upload_body import UploadBody
from ingest.message import N_, Message

API_VERSION = 9
_CHUNK_BYTES = 64 << 10
_TOO_LONG = Message(N_("the answer took too long"))

Params = Sequence[tuple[str, str]]


class Unanswered(Exception):
    """There is no answer; says why."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


class NothingSent(Unanswered):
    """No connection came about."""


class NoAnswer(Unanswered):
    """Something may have been sent, and no whole answer came back."""


class CertificateFault(StrEnum):
    """What is wrong with a server's certificate."""

    UNTRUSTED = "untrusted"  # or the file that should vouch for it cannot be read
    OTHER_NAME = "other name"
    EXPIRED = "expired"


_FAULTS = {10: CertificateFault.EXPIRED, 62: CertificateFault.OTHER_NAME, 64: CertificateFault.OTHER_NAME}
"""OpenSSL's numbers (X509_V_ERR_…): expired, another host name, another IP address; everything else is not trusted."""


class CertificateWrong(Exception):
    """The server's certificate cannot be accepted."""

    def __init__(self, fault: CertificateFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class TokenAuth(AuthBase):
    """Puts the token on a request; says nothing of it when printed."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Token {self._token}"
        return request

    def __repr__(self) -> str:
        return "TokenAuth(…)"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `data` None for a GET."""

    method: str
    path: str
    params: Params = ()
    data: bytes | UploadBody | None = None
    content_type: str = "application/json"
    deadline_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    content_type: str
    location: str
    retry_after: str
    server_version: str
    body: bytes


def new_session(address: ServerAddress, token: str) -> requests.Session:
    """Return a session that takes nothing from the environment unless the configuration says so."""
    session = requests.Session()
    session.trust_env = address.trust_environment
    session.auth = TokenAuth(token)
    session.headers.update({"Accept": f"application/json; version={API_VERSION}", "User-Agent": "guidang"})
    adapter = WatchedAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def exchange(
    session: requests.Session,
    address: ServerAddress,
    waiting: Waiting,
    request: Request,
    monotonic: Callable[[], float] = time.monotonic,
) -> Answer:
    """Return the answer; raises NothingSent, NoAnswer, CertificateWrong."""
    deadline = monotonic() + request.deadline_seconds
    with Watch(request.deadline_seconds) as watch:
        try:
            body_of = partial(_bounded, max_bytes=waiting.max_answer_bytes, deadline=deadline, monotonic=monotonic)
            answer = _whole_answer(session, address, waiting, request, body_of)
        except requests.RequestException as error:
            error.request = None  # it holds the token
            raise NoAnswer(_TOO_LONG) if watch.has_struck else _classified(error) from error
        except OSError as error:
            raise CertificateWrong(CertificateFault.UNTRUSTED) from error
        if watch.has_struck:  # a head that was cut off looks like a whole one
            raise NoAnswer(_TOO_LONG)
        return answer


def _whole_answer(
    session: requests.Session,
    address: ServerAddress,
    waiting: Waiting,
    request: Request,
    body_of: Callable[[requests.Response], bytes],
) -> Answer:
    with session.request(
        request.method,
        address.to(request.path),
        params=list(request.params),
        data=request.data,
        headers={"Content-Type": request.content_type} if request.data is not None else None,
        timeout=(waiting.connect_seconds, waiting.read_seconds),
        verify=address.requests_verify,
        allow_redirects=False,
        stream=True,
    ) as response:
        return Answer(
            status=response.status_code,
            content_type=response.headers.get("Content-Type", "").partition(";")[0].strip().casefold(),
            location=response.headers.get("Location", ""),
            retry_after=response.headers.get("Retry-After", ""),
            server_version=response.headers.get("X-Version", ""),
            body=body_of(response),
        )


def _bounded(response: requests.Response, max_bytes: int, deadline: float, monotonic: Callable[[], float]) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(_CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise NoAnswer(Message(N_("the answer is larger than {size} MB"), {"size": str(max_bytes >> 20)}))
        if monotonic() > deadline:
            raise NoAnswer(_TOO_LONG)
        chunks.append(chunk)
    return b"".join(chunks)


def _classified(error: requests.RequestException) -> Exception:
    causes = tuple(_causes(error))
    refused = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if refused is not None:
        return CertificateWrong(_FAULTS.get(refused.verify_code, CertificateFault.UNTRUSTED))
    if any(
        isinstance(c, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError) for c in causes
    ):
        return NothingSent(Message(N_("no connection")))
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return NothingSent(Message(N_("no connection")))
    if isinstance(error, requests.Timeout):
        return NoAnswer(Message(N_("no answer in time")))
    return NoAnswer(Message(N_("the connection broke")))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and everything that it wraps, whichever way."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        wrapped = (current.__cause__, current.__context__, getattr(current, "reason", None), *current.args)
        waiting += [inner for inner in wrapped if isinstance(inner, BaseException)]
