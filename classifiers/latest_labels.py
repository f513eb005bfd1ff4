"""Keeps the labels that persons taught in step with the archive, so that a correction counts for the next scan, in every process.

Asked before each record and never more often than a few times a second; the look costs one query. All lessons are derived from the
decisions in the journal, so there is nothing to keep, to restore or to roll back. Not for what a decision teaches (`label_lessons`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from zope.interface import implementer

from classifiers.interfaces import IExamples, ITaughtLabels
from classifiers.scheme import Scheme
from classifiers.values import TaughtLabel, TaughtLabels

if TYPE_CHECKING:
    from classifiers.label_memory import LabelMemory

LOOK_SECONDS = 0.25


@implementer(ITaughtLabels)
class LatestLabels:
    """The taught labels, always the latest. Safe to use from several threads."""

    def __init__(self, examples: IExamples, scheme: Scheme, number_labels: Iterable[str]) -> None:
        """Learn from these examples; `number_labels`, those of customer numbers and of numbers that are none, are never learned."""
        self._examples = examples
        self._scheme = scheme
        self._number_labels = tuple(number_labels)
        self._lock = threading.Lock()
        self._memory: LabelMemory | None = None
        self._cursor = 0
        self._next_look = 0.0

    def current(self) -> TaughtLabels:
        """Return the labels that count now, decisions of the last second included."""
        with self._lock:
            return self._latest().labels

    def lessons(self) -> tuple[TaughtLabel, ...]:
        """Return every label that a kind's own records say something of, those that do not count included."""
        with self._lock:
            return self._latest().all

    def _latest(self) -> LabelMemory:
        from classifiers.label_memory import LabelMemory

        if self._memory is None:
            self._memory = LabelMemory(self._scheme, self._number_labels)
        if time.monotonic() >= self._next_look:
            self._look(self._memory)
            self._next_look = time.monotonic() + LOOK_SECONDS
        return self._memory

    def _look(self, memory: LabelMemory) -> None:
        while True:
            cursor, examples = self._examples.since(self._cursor)
            memory.learn(examples)
            if cursor == self._cursor:
                return
            self._cursor = cursor
