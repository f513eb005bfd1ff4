"""The classifier named "vote": the rules joined with what persons taught this archive; `hearing` says how.

Loads numpy and what was learned with the first record, not before: most commands classify nothing (75 ms and 15 MB, measured).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from zope.interface import implementer

from classifiers.interfaces import IClassifier, IExamples, IJoinedClassifier, IModelShelf
from classifiers.opinion import choices_of
from classifiers.scheme import Scheme
from classifiers.values import Classification, RecordText

if TYPE_CHECKING:
    from classifiers.hearing import Lessons
    from classifiers.lessons import LatestLessons


@implementer(IJoinedClassifier)
class VoteClassifier:
    """The classifier named "vote". Safe to use from several threads."""

    name: str = "vote"

    def __init__(self, scheme: Scheme, rules: IClassifier, examples: IExamples, shelf: IModelShelf) -> None:
        """Join the rules with what the examples and the model on the shelf teach."""
        self._rules = rules
        self._examples = examples
        self._shelf = shelf
        self._choices = choices_of(scheme)
        self._lock = threading.Lock()
        self._latest: LatestLessons | None = None

    def classify(self, record: RecordText) -> Classification:
        """Return the kind with an honest confidence and its evidence; never raises for any text."""
        from classifiers.hearing import classified

        return classified(record, self._rules, self._lessons(), self._choices)

    def voices(self, record: RecordText) -> tuple[Classification, ...]:
        """Return what each voice would have answered alone, the rules first, for whoever wants to see why."""
        from classifiers.hearing import voices

        return voices(record, self._rules, self._lessons(), self._choices)

    def _lessons(self) -> Lessons:
        from classifiers.lessons import LatestLessons

        with self._lock:
            if self._latest is None:
                self._latest = LatestLessons(self._examples, self._shelf, self._rules)
        return self._latest.current()
