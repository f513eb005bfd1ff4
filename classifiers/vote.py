"""The classifier named "vote": the rules joined with what persons taught this archive; `hearing` says how.

Loads numpy and what was learned with the first record, not before: most commands classify nothing (75 ms and 15 MB, measured).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from zope.interface import implementer

from classifiers.interfaces import IClassifier
from classifiers.opinion import choices_of
from classifiers.scheme import Scheme
from classifiers.values import Classification, RecordText

if TYPE_CHECKING:
    from classifiers.hearing import Lessons


class Learnt(Protocol):
    """Where the vote finds what was learned."""

    def current(self) -> Lessons:
        """Return what was learned up to now, corrections of the last second included; never raises for what lies on disk."""


@implementer(IClassifier)
class VoteClassifier:
    """The classifier named "vote". Safe to use from several threads."""

    name: str = "vote"

    def __init__(self, scheme: Scheme, rules: IClassifier, learnt: Learnt) -> None:
        """Join these voices."""
        self._rules = rules
        self._learnt = learnt
        self._choices = choices_of(scheme)

    def classify(self, record: RecordText) -> Classification:
        """Return the kind with an honest confidence and its evidence; never raises for any text."""
        from classifiers.hearing import classified

        return classified(record, self._rules.classify(record), self._learnt.current(), self._choices)

    def voices(self, record: RecordText) -> tuple[Classification, ...]:
        """Return what each voice would have answered alone, the rules first, for whoever wants to see why."""
        from classifiers.hearing import voices

        return voices(record, self._rules.classify(record), self._learnt.current(), self._choices)
