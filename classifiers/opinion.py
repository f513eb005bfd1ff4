"""Opinions on the kind of a record as probabilities over all kinds of the scheme, and how several are joined. Pure.

Not for deciding: `vote` does. An opinion names every kind and `None`, which stands for none of them; its probabilities add up to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.scheme import Scheme
from classifiers.values import Classification, Verdict

Opinion = Mapping[str | None, float]

SUREST = 0.995
"""No experience of a few thousand records supports more."""

_LEAST = 0.002
"""What a kind that was not named weighs beside rivals that were."""

_UNSURE_NONE = 0.3
"""Of records on which a voice found nothing, so many are no archive documents (photographs, empty forms)."""

_MOST_OF_AN_UNSURE_RIVAL = 0.3
_STEPS = 50
_FEW = 10


def choices_of(scheme: Scheme) -> tuple[str | None, ...]:
    """Return everything that a record may be: the kinds in the order of the scheme, then None."""
    return (*(kind.code for kind in scheme.kinds), None)


def opinion_of(said: Classification, choices: Sequence[str | None]) -> Opinion:
    """Return a classifier's answer as an opinion: as sure of its kind as it said; the others share what that leaves."""
    if said.verdict is Verdict.UNSURE:
        found: dict[str | None, float] = {r.kind: min(r.confidence, _MOST_OF_AN_UNSURE_RIVAL) for r in said.rivals}
        found[None] = _UNSURE_NONE
        return _sharing({choice: max(found.get(choice, 0.0), _LEAST) for choice in choices})
    rivals: dict[str | None, float] = {rival.kind: rival.confidence for rival in said.rivals}
    others = {choice: max(rivals.get(choice, 0.0), _LEAST) for choice in choices if choice != said.kind}
    sure = min(max(said.confidence, _LEAST), SUREST)
    shared = _sharing(others)
    return {choice: sure if choice == said.kind else (1.0 - sure) * shared[choice] for choice in choices}


def word_of(said: Classification) -> str:
    """Return what a classifier took a text for, in one word: a kind, "-" for none of them, "" where nothing stood out."""
    return "" if said.verdict is Verdict.UNSURE else said.kind or "-"


def from_scores(scores: Mapping[str | None, float], choices: Sequence[str | None], unknown: float) -> Opinion:
    """Return the opinion of scores (softmax); a kind that has none counts as `unknown`."""
    wanted = {choice: scores.get(choice, unknown) for choice in choices}
    highest = max(wanted.values())
    return _sharing({choice: math.exp(score - highest) for choice, score in wanted.items()})


def joined(opinions: Iterable[tuple[Opinion, float]], choices: Sequence[str | None]) -> Opinion:
    """Return the weighted product of opinions; without any, all choices are equal."""
    scores = dict.fromkeys(choices, 0.0)
    for opinion, weight in opinions:
        for choice in choices:
            scores[choice] += weight * math.log(max(opinion[choice], 1e-6))
    return from_scores(scores, choices, 0.0)


def best_of(opinion: Opinion) -> tuple[str | None, float]:
    """Return the likeliest choice and its probability; of equals the first."""
    return max(opinion.items(), key=lambda item: item[1])


def _sharing(weights: Mapping[str | None, float]) -> Opinion:
    total = sum(weights.values())
    return {choice: weight / total for choice, weight in weights.items()}


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a probability into a confidence by this archive's experience: logit(confidence) = shift + slope · logit(p)."""

    shift: float = 0.0
    slope: float = 1.0

    def confidence(self, probability: float) -> float:
        """Return how often an answer of this probability is right; never quite always."""
        return min(SUREST, _logistic(self.shift + self.slope * _logit(probability)))


def calibrated(answers: Sequence[tuple[float, bool]], trust: float = 20.0) -> Calibration:
    """Return the calibration that fits answers (probability, was it right); with few answers hardly any (Platt's method).

    `trust` is how much the shipped calibration weighs against the answers; the slope stays positive, so the order stays. The worst
    answer of a hundred is left out: one mislabelled record, surely answered otherwise, would halve the confidence in all.
    """
    shift, slope = 0.0, 1.0
    usual = sorted(answers, key=lambda answer: abs(answer[1] - answer[0]))
    slips = max(1, len(usual) // 100) if len(usual) >= _FEW else 0
    points = [(_logit(probability), float(right)) for probability, right in usual[: len(usual) - slips]]
    for _ in range(_STEPS):
        gradient = [trust * 0.1 * shift, trust * (slope - 1.0)]
        curve = [trust * 0.1, 0.0, trust]
        for x, right in points:
            said = _logistic(shift + slope * x)
            spread = max(said * (1.0 - said), 1e-9)
            gradient[0] += said - right
            gradient[1] += (said - right) * x
            curve[0] += spread
            curve[1] += spread * x
            curve[2] += spread * x * x
        determinant = curve[0] * curve[2] - curve[1] ** 2
        steps = (
            (curve[2] * gradient[0] - curve[1] * gradient[1]) / determinant,
            (curve[0] * gradient[1] - curve[1] * gradient[0]) / determinant,
        )
        shift -= _at_most(steps[0], 2.0)
        slope = max(0.05, slope - _at_most(steps[1], 0.5))
        if max(map(abs, steps)) < 1e-6:
            break
    return Calibration(shift, slope)


def _at_most(step: float, most: float) -> float:
    return max(-most, min(most, step))


def _logit(probability: float) -> float:
    sure = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(sure / (1 - sure))


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
