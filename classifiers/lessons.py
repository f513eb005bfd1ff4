"""Keeps what was learned in step with the archive: the version in use on the shelf, and every decision of a person since.

Asked before each record and never more often than a few times a second; the look costs one query. Whatever lies on the shelf that
cannot be used is passed over: then everything is learned from the decisions alone. Not for making versions: `trial` does.
"""

from __future__ import annotations

import logging
import threading
import time

from classifiers.hearing import Lessons
from classifiers.interfaces import IClassifier, IExamples, IModelShelf
from classifiers.knowledge import NOTHING, Knowledge, KnowledgeUnusable, from_bytes
from classifiers.memory import FormMemory
from classifiers.opinion import word_of
from classifiers.plain_text import record_of_text
from classifiers.values import Example

log = logging.getLogger("guidang.learning")

LOOK_SECONDS = 0.25
"""A correction counts for the next scan within a second; looking more often gains nothing."""


class LatestLessons:
    """What was learned, always the latest. Safe to use from several threads."""

    def __init__(self, examples: IExamples, shelf: IModelShelf, rules: IClassifier) -> None:
        self._examples = examples
        self._shelf = shelf
        self._rules = rules
        self._lock = threading.Lock()
        self._stamp: str | None = None
        self._lessons = Lessons(FormMemory())
        self._cursor = 0
        self._next_look = 0.0

    def current(self) -> Lessons:
        """Return what was learned up to now, corrections of the last second included; never raises for what lies on disk."""
        with self._lock:
            if time.monotonic() >= self._next_look:
                self._look()
                self._next_look = time.monotonic() + LOOK_SECONDS
            return self._lessons

    def _look(self) -> None:
        stamp = self._shelf.stamp()
        if stamp != self._stamp:
            self._take(self._read(), stamp)
        while True:
            cursor, examples = self._examples.since(self._cursor)
            self._lessons.memory.learn(examples, self._ruled)
            if cursor == self._cursor:
                return
            self._cursor = cursor

    def _ruled(self, example: Example) -> str:
        return word_of(self._rules.classify(record_of_text(example.text)))

    def _take(self, knowledge: Knowledge, stamp: str | None) -> None:
        self._lessons = Lessons(FormMemory(knowledge.remembered), knowledge.model, knowledge.calibration)
        self._cursor, self._stamp = knowledge.cursor, stamp

    def _read(self) -> Knowledge:
        content = self._shelf.content()
        if content is None:
            return NOTHING
        try:
            return from_bytes(content)
        except KnowledgeUnusable as error:
            log.warning("the model in use cannot be used (%s); decisions alone count", error)
            return NOTHING
