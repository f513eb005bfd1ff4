"""Ends a call to the server when its whole time is up, whatever the server does.

requests' timeouts are for one read of the socket: a server, or whoever sits between, that sends a byte every few seconds keeps
a call alive for ever. So each call has a watch that shuts the call's own connection down at its deadline; whoever waits for the
socket then sees it end. Not for deciding what that means: `exchange` does.
"""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

_of_thread = threading.local()


class Watch:
    """Watches the connections that this thread uses until it is left. Use as a context manager, one at a time a thread."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._is_over = False
        self.has_struck = False

    def __enter__(self) -> Watch:
        _of_thread.watch = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _of_thread.watch = None
        self._timer.cancel()
        with self._lock:
            self._is_over = True  # a connection that went back to the pool is another call's

    def over(self, used: socket.socket | None) -> None:
        """Watch this socket too; one that comes when the time is up is ended at once."""
        if used is None:
            return
        with self._lock:
            self._sockets.append(used)
            if self.has_struck:
                _shut(used)

    def _end(self) -> None:
        with self._lock:
            if self._is_over:
                return
            self.has_struck = True
            for used in self._sockets:
                _shut(used)


def _shut(used: socket.socket) -> None:
    """End both directions below any TLS, whose own way of closing waits for the other side."""
    try:
        socket.socket.shutdown(used, socket.SHUT_RDWR)
    except OSError:
        return  # it ended by itself


def _watched(connection: HTTPConnection) -> None:
    watch = getattr(_of_thread, "watch", None)
    if isinstance(watch, Watch):
        watch.over(connection.sock)


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _watched(self)

    def request(self, *arguments: Any, **options: Any) -> None:
        _watched(self)
        super().request(*arguments, **options)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _watched(self)

    def request(self, *arguments: Any, **options: Any) -> None:
        _watched(self)
        super().request(*arguments, **options)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections can be watched; never tries a request again by itself."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pools of watched connections."""
        super().init_poolmanager(*arguments, **options)
        _with_watched_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pools through a proxy, watched too."""
        manager = super().proxy_manager_for(proxy, **options)
        _with_watched_pools(manager)
        return manager


def _with_watched_pools(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
