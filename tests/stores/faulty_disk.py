"""Stops the program, or fails, just before a chosen act on the disk, without touching our code: by an audit hook of Python's.

Every open for writing, link, rename, removal and new folder raises an audit event first. A hook can never be taken away, so
there is one, and it does nothing while no test has asked for anything.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ACTS = frozenset(("os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Crash(BaseException):
    """The machine stops."""


_on_act: Callable[[str], None] | None = None


def _hook(event: str, args: tuple[object, ...]) -> None:
    if _on_act is None:
        return
    is_open = event == "open" and isinstance(args[2], int) and bool(args[2] & _WRITING)
    if (is_open or event in _ACTS) and isinstance(args[0], str | bytes | os.PathLike):
        _on_act(event)


sys.addaudithook(_hook)


@contextmanager
def crash_at(number: int) -> Iterator[Callable[[], int]]:
    """Raise Crash in place of the act of this number (from 1); yields a count of the acts begun."""
    count = 0

    def act(_: str) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise Crash

    with _acting(act):
        yield lambda: count


@contextmanager
def failing(error_number: int, event: str) -> Iterator[None]:
    """Let every act of this kind fail with this error of the operating system."""

    def act(seen: str) -> None:
        if seen == event:
            raise OSError(error_number, os.strerror(error_number))

    with _acting(act):
        yield


@contextmanager
def _acting(act: Callable[[str], None]) -> Iterator[None]:
    global _on_act  # noqa: PLW0603 - an audit hook is one for the process
    _on_act = act
    try:
        yield
    finally:
        _on_act = None
