"""Remembers what was worked out of the latest few objects, so that each step of understanding a page need not do it again.

By identity, not by value: pages hold thousands of words, and to compare them costs as much as what is saved. What is remembered must
be worked out of the object alone, and neither may ever change. Safe to use from several threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_KEPT = 8  # some pages under way, each up to 1 MB with its rows; a longer record is worked out anew, as without this


class OfLatest(Generic[K, V]):
    """What `work_out` gave for the latest objects; two threads may work out the same thing at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, Hashable], tuple[K, V]] = OrderedDict()

    def get(self, of: K, work_out: Callable[[], V], also: Hashable = None) -> V:
        """Return what was worked out of this very object (and of `also`, where that matters), or work it out now."""
        key = (id(of), also)
        with self._lock:
            found = self._kept.get(key)
            if found is not None and found[0] is of:  # kept, so that no other object can have its identity
                self._kept.move_to_end(key)
                return found[1]
        value = work_out()
        with self._lock:
            self._kept[key] = (of, value)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return value
