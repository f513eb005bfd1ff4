"""Remembers the forms whose kind a person told: the next scan of the same form is recognised at once, without any training.

Two records are alike by the share of runs of signs (`grams`) that both have, rare runs counting more. What was filled in differs
and costs likeness; the printed form stays: 0.4-0.9 for the same form, below 0.25 for another kind of the same company (1st and
99th percentile of 600 texts). Not for generalising to forms nobody has shown: `learned` does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from classifiers.grams import Grams, Hashes, grams_of
from classifiers.opinion import Opinion, from_scores
from classifiers.values import Example

SHARPNESS = 40.0
UNKNOWN_LIKENESS = 0.16
"""How alike a record is at least to forms of kinds that nobody has shown; more where a company prints its forms on one pattern."""

_COMPARED = 100
_USUAL = 0.75

ALIKE = 0.5
"""From here on two records are taken for the same form."""

_NEAREST = 5
_ENOUGH_ALIKE = 5
"""Of one form and kind so many examples are kept; more say nothing new."""

_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """One example: whose (the record's id), its kind (None = none of them), what the rules took it for, and its runs of signs."""

    key: str
    kind: str | None
    ruled: str
    hashes: Hashes


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """An example that a record is like; likeness 0.0-1.0."""

    key: str
    kind: str | None
    ruled: str
    likeness: float
    hashes: Hashes


class _Shelf:
    """Examples so placed that those which share runs with a record are found without looking at the others. Never changes."""

    def __init__(self, kept: Sequence[Remembered]) -> None:
        self.kept = tuple(kept)
        sizes = [len(one.hashes) for one in self.kept]
        every = np.concatenate([np.zeros(0, np.uint32), *(one.hashes for one in self.kept)])
        owners = np.repeat(np.arange(len(self.kept), dtype=np.int32), sizes)
        order = np.argsort(every, kind="stable")
        self._hashes, self._owners = every[order], owners[order]
        weights = self._weights(*self._span(self._hashes))
        self._norms = np.bincount(self._owners, weights, minlength=len(self.kept))

    def likeness(self, hashes: Hashes) -> npt.NDArray[np.float64]:
        """Return how alike each example is to a record with these runs."""
        left, right = self._span(hashes)
        weights = self._weights(left, right)
        counts = right - left
        places = np.repeat(left - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
        shared = np.bincount(self._owners[places], np.repeat(weights, counts), minlength=len(self.kept))
        whole = np.sqrt(weights.sum() * self._norms)
        return np.asarray(np.divide(shared, whole, out=np.zeros(len(self.kept)), where=whole > 0))

    @cached_property
    def unknown_likeness(self) -> float:
        """Return how alike forms of different kinds usually are here: of the latest examples, each with its nearest of another kind."""
        kinds = np.array([one.kind or "" for one in self.kept])
        nearest = []
        for one in self.kept[-_COMPARED:]:
            likeness = self.likeness(one.hashes)[kinds != (one.kind or "")]
            if len(likeness):
                nearest.append(float(likeness.max()))
        usual = float(np.quantile(nearest, _USUAL)) if nearest else 0.0
        return max(UNKNOWN_LIKENESS, usual)

    def _span(self, hashes: Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        return np.searchsorted(self._hashes, hashes, "left"), np.searchsorted(self._hashes, hashes, "right")

    def _weights(self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return how much a run says: less, the more of the examples have it. With few examples all say nearly the same."""
        weights: npt.NDArray[np.float64] = np.log(1.0 + (len(self.kept) + 10.0) / (1.0 + (right - left)))
        return weights


class FormMemory:
    """The examples. Asking is safe while another thread teaches; only one may teach at a time."""

    def __init__(self, remembered: Iterable[Remembered] = ()) -> None:
        self._shelf = _Shelf(tuple(remembered))

    def __len__(self) -> int:
        return len(self._shelf.kept)

    @property
    def remembered(self) -> tuple[Remembered, ...]:
        """Return what is kept, oldest first."""
        return self._shelf.kept

    @property
    def unknown_likeness(self) -> float:
        """Return how alike a form of a kind that nobody has shown would be to those that are known."""
        return self._shelf.unknown_likeness

    def learn(self, examples: Sequence[Example], ruled: Callable[[Example], str]) -> None:
        """Keep these examples; one whose key is known takes the other's place, one that says nothing new is left out.

        `ruled` is what the rules take the text of an example for (`opinion.word_of`).
        """
        for first in range(0, len(examples), _AT_ONCE):
            part = {example.key: example for example in examples[first : first + _AT_ONCE]}
            old = [one for one in self._shelf.kept if one.key not in part]
            shelf = _Shelf(old) if len(old) < len(self._shelf.kept) else self._shelf
            taught = [(example, grams_of(example.text).longer) for example in part.values()]
            new = [
                Remembered(example.key, example.kind, ruled(example), hashes)
                for example, hashes in taught
                if len(hashes) and not _is_known(shelf, example.kind, hashes)
            ]
            self._shelf = _Shelf((*shelf.kept, *new)) if new else shelf

    def nearest(self, grams: Grams, without: str | None = None) -> tuple[Near, ...]:
        """Return the examples most alike, best first, of equals the latest; at most five. `without` leaves one out of the account."""
        shelf = self._shelf
        likeness = shelf.likeness(grams.longer)
        best = len(likeness) - 1 - np.argsort(-likeness[::-1], kind="stable")[: _NEAREST + 1]
        found = [(shelf.kept[i], float(likeness[i])) for i in best if likeness[i] > 0]
        near = (Near(k.key, k.kind, k.ruled, like, k.hashes) for k, like in found if k.key != without)
        return tuple(near)[:_NEAREST]


def opinion_of_nearest(
    near: Sequence[Near], choices: Sequence[str | None], unknown_likeness: float = UNKNOWN_LIKENESS
) -> Opinion:
    """Return what the nearest examples say; those that differ outvote each other by number and likeness.

    A kind that nobody has shown has one vote of `unknown_likeness`, and so has every other beside its own.
    """
    unknown = SHARPNESS * unknown_likeness
    scores: dict[str | None, float] = {}
    for one in near:
        scores[one.kind] = float(np.logaddexp(scores.get(one.kind, unknown), SHARPNESS * one.likeness))
    return from_scores(scores, choices, unknown)


def _is_known(shelf: _Shelf, kind: str | None, hashes: Hashes) -> bool:
    """Return whether enough examples of this kind are that much alike, and none of another kind."""
    alike = [shelf.kept[i].kind for i in np.flatnonzero(shelf.likeness(hashes) >= ALIKE)]
    return alike.count(kind) >= _ENOUGH_ALIKE and len(set(alike)) == 1


def is_sure_match(near: Sequence[Near], kind: str | None, times: int) -> bool:
    """Return whether so many examples of this kind are the same form, and none of another kind is."""
    alike = [one.kind for one in near if one.likeness >= ALIKE]
    return alike.count(kind) >= times and set(alike) == {kind}
