"""How good the kinds are: accuracy, coverage, confusion, reliability, and what each threshold would cost. Pure.

Not for getting the answers: of decided records they come from `classifiers.trial`, each judged by what the others taught; of a labelled
folder from the classifier in use. An answer is right where its kind, or *none of them*, is what a person said; unsure is never right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifiers.scheme import Scheme
from classifiers.trial_values import Judged
from classifiers.values import Verdict
from connector.parts import Thresholds

HELD_SECONDS = 10.0
"""What a record that waits costs an archivist."""

THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)
BINS = 10
UNSURE = "unsure"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in [low, high): how many, how sure they were, and how many of them were right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a threshold would do: so many filed by itself, of these wrongly, and waiting for a person; the others are rejected by itself."""

    threshold: float
    by_itself: int
    wrong: int
    waiting: int

    @property
    def minutes(self) -> float:
        """Return an archivist's minutes for those that wait."""
        return self.waiting * HELD_SECONDS / 60


@dataclass(frozen=True)
class Evaluation:
    """Everything that is said of a set of answers. `now` is what the configuration's own thresholds do, the kinds' included."""

    judged: tuple[Judged, ...]
    accuracy: float
    now: Cost
    rejected: int
    rejected_wrongly: int
    confusion: Mapping[tuple[str, str], int]  # (told, said) by `word_of`
    reliability: tuple[Bin, ...]
    calibration_error: float
    costs: tuple[Cost, ...]

    @property
    def coverage(self) -> float:
        """Return the share that is filed or rejected by itself."""
        return (self.now.by_itself + self.rejected) / len(self.judged)

    @property
    def wrong(self) -> tuple[Judged, ...]:
        """Return the answers that are not right, the surest first."""
        return tuple(
            sorted((one for one in self.judged if not one.is_right), key=lambda one: (-one.confidence, one.key))
        )


def evaluated(judged: Sequence[Judged], scheme: Scheme, thresholds: Thresholds) -> Evaluation | None:
    """Return the evaluation of these answers; None where there are none."""
    if not judged:
        return None
    rejected = [one for one in judged if _is_rejected(one, thresholds)]
    reliability = _reliability(judged)
    return Evaluation(
        judged=tuple(judged),
        accuracy=sum(one.is_right for one in judged) / len(judged),
        now=_cost(judged, {kind.code: kind.threshold for kind in scheme.kinds}, thresholds),
        rejected=len(rejected),
        rejected_wrongly=sum(not one.is_right for one in rejected),
        confusion=dict(Counter((word_of(one.told), said_word(one)) for one in judged)),
        reliability=reliability,
        calibration_error=sum(b.count * abs(b.confidence - b.right) for b in reliability) / len(judged),
        costs=tuple(_cost(judged, {}, Thresholds(kind, thresholds.reject)) for kind in THRESHOLDS),
    )


def word_of(kind: str | None) -> str:
    """Return the code of a kind, or the word for none of them."""
    return kind or NONE


def said_word(judged: Judged) -> str:
    """Return the code of the kind that was said, or the word for none of them or unsure."""
    return UNSURE if judged.verdict is Verdict.UNSURE else word_of(judged.kind)


def order_of(evaluation: Evaluation, scheme: Scheme) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was told and what was said, each in the order of the scheme, only those that occur."""
    known = [*(kind.code for kind in scheme.kinds), NONE, UNSURE]
    told = {told for told, _ in evaluation.confusion}
    said = {said for _, said in evaluation.confusion}
    return (
        tuple(sorted(told, key=lambda word: (known.index(word) if word in known else len(known), word))),
        tuple(sorted(said, key=lambda word: (known.index(word) if word in known else len(known), word))),
    )


def _reliability(judged: Sequence[Judged]) -> tuple[Bin, ...]:
    """Return the bins that hold answers, from the lowest confidence on."""
    inside: dict[int, list[Judged]] = {}
    for one in judged:
        inside.setdefault(min(BINS - 1, int(one.confidence * BINS)), []).append(one)
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(found),
            confidence=sum(one.confidence for one in found) / len(found),
            right=sum(one.is_right for one in found) / len(found),
        )
        for number, found in sorted(inside.items())
    )


def _is_rejected(one: Judged, thresholds: Thresholds) -> bool:
    return one.verdict is Verdict.NONE_OF_THEM and one.confidence >= thresholds.reject


def _cost(judged: Sequence[Judged], own: Mapping[str, float | None], general: Thresholds) -> Cost:
    """Return what thresholds do; a kind's own counts before the general one."""

    def is_filed(one: Judged) -> bool:
        if one.verdict is not Verdict.KIND or one.kind is None:
            return False
        threshold = own.get(one.kind)
        return one.confidence >= (general.kind if threshold is None else threshold)

    filed = [one for one in judged if is_filed(one)]
    waiting = [one for one in judged if not is_filed(one) and not _is_rejected(one, general)]
    return Cost(general.kind, len(filed), sum(not one.is_right for one in filed), len(waiting))
