"""Teaches a new model when persons have decided enough since the last one: in a child process, beside the scans, at low priority.

Reads the journal, so that nothing is missed after a crash; a teaching that was cut off is simply begun again. The new version goes
into use only where `classifiers.trial` accepted it; a refused one leaves its report. Corrections count at once without all this
(`classifiers.memory`). Not for deciding how to learn.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from classifiers.interfaces import IExamples, ITaughtLabels
from classifiers.scheme import Scheme
from classifiers.trial_values import Judged, Lesson, Taught, rules_stamp
from classifiers.values import Example
from connector.model_shelf import ModelShelf, Version
from connector.parts import Thresholds
from ingest.interfaces import IClock
from ingest.message import N_, GuidangError, Message

log = logging.getLogger("guidang.learning")

LOOK_EVERY = timedelta(minutes=1)
REST_AFTER_FAILURE = timedelta(hours=1)
AT_LATEST = timedelta(days=1)
"""A single new decision waits no longer for company than this."""

FEWEST = 10
FRESH_FEWEST = 5
FRESH_SHARE = 0.05
"""So many new decisions, as a share of those already learned from, are worth another teaching."""


WHY_NOT_TAUGHT: Mapping[str, str] = {
    "ChildDied": N_("it broke off, perhaps for want of memory"),
    "ChildTooSlow": N_("it took too long"),
    "ChildrenEnded": N_("guidang was ended meanwhile"),
}
"""By what ended the child."""


class TeachingFailed(GuidangError):
    """The child that taught died, took too long or was ended; nothing was changed."""

    def __init__(self, reason: str) -> None:
        why = Message(WHY_NOT_TAUGHT[reason]) if reason in WHY_NOT_TAUGHT else Message("{reason}", {"reason": reason})
        super().__init__(
            Message(N_("The model could not be taught ({reason}); nothing was changed."), {}, {"reason": why}),
            Message(N_("Try again when the machine has more memory or less to do; `guidang run` does so by itself.")),
        )
        self.args = (reason,)


class ITeacher(Protocol):
    """Carries out lessons, away from this process."""

    def teach(self, lesson: Lesson) -> Taught:
        """Return what was learned; raises TeachingFailed."""

    def cross_check(self, lesson: Lesson) -> tuple[Judged, ...]:
        """Return what would be said of each example by what the others taught; raises TeachingFailed."""


@dataclass(frozen=True)
class School:
    """What a lesson is made of and where its result goes."""

    examples: IExamples
    shelf: ModelShelf
    teacher: ITeacher
    scheme: Scheme
    thresholds: Thresholds
    clock: IClock
    labels: ITaughtLabels

    def lesson(self) -> Lesson:
        """Return everything that persons said up to now."""
        found: list[Example] = []
        cursor = 0
        while True:
            after, examples = self.examples.since(cursor)
            found += examples
            if after == cursor:
                return Lesson(self.scheme, tuple(found), cursor, self.thresholds.kind, self.thresholds.reject)
            cursor = after

    def teach(self) -> Version:
        """Teach a new version and put it on the shelf, into use where it was accepted; raises TeachingFailed."""
        taught = self.teacher.teach(self.lesson())
        version = self.shelf.add(taught.report, taught.content, self.clock.now())
        report = taught.report
        said = "accepted" if report.accepted else "refused"
        log.log(
            logging.INFO if report.accepted else logging.WARNING,
            "model %s %s: %s examples, %s doubted, %s would be done wrongly",
            version.number,
            said,
            sum(report.examples.values()),
            len(report.doubted),
            len(report.wrong),
        )
        return version

    def is_due(self) -> bool:
        """Return whether another teaching is worth its time: not while a person has chosen a version."""
        if self.shelf.in_use().is_chosen:
            return False
        versions = self.shelf.versions()
        if not versions:
            return self._fresh(0, FEWEST) >= FEWEST
        last = versions[-1]
        learned_from = sum(last.report.examples.values())
        if last.report.rules != rules_stamp(self.scheme):
            return learned_from >= FEWEST
        wanted = max(FRESH_FEWEST, round(FRESH_SHARE * learned_from))
        fresh = self._fresh(last.report.cursor, wanted)
        return fresh >= wanted or (fresh > 0 and self.clock.now() >= last.made_at + AT_LATEST)

    def _fresh(self, cursor: int, wanted: int) -> int:
        """Return how many records were decided after this, counted no farther than wanted."""
        keys: set[str] = set()
        while len(keys) < wanted:
            after, examples = self.examples.since(cursor)
            if after == cursor:
                break
            cursor = after
            keys.update(example.key for example in examples)
        return len(keys)


class Learner:
    """Teaches in the background. `tick` is called often from one thread and never waits."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="learning")
        self._lesson: Future[Version] | None = None
        self._next_look = school.clock.now()

    def tick(self) -> None:
        """Begin a teaching where one is due, and take note of one that has ended."""
        now = self._school.clock.now()
        if self._lesson is not None:
            if not self._lesson.done():
                return
            failure, self._lesson = self._lesson.exception(), None
            if failure is not None:
                log.warning("teaching a model failed: %s", type(failure).__name__)
                self._next_look = now + REST_AFTER_FAILURE
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            if self._school.is_due():
                self._lesson = self._thread.submit(self._school.teach)

    def close(self) -> None:
        """Wait for a teaching under way; whoever ends its child first waits only a moment."""
        self._thread.shutdown(wait=True, cancel_futures=True)
