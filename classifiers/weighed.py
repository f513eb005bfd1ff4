"""Shows on the page what a learned answer went by: the rows, cut to the stretch, whose runs of signs speak most for it.

Not for deciding. A model and a memory know no words; this turns their numbers back into places that a person can look at.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from classifiers.grams import Hashes, placed_grams, plain
from classifiers.layout import Row, Span, evidence_of, sheets_of
from classifiers.learned import Model
from classifiers.memory import Near
from classifiers.values import Evidence, RecordText

_ROWS = 4

Weights = npt.NDArray[np.float64]


def seen_by_memory(record: RecordText, near: Near) -> tuple[Evidence, ...]:
    """Return the rows that the record shares with an example, most first."""
    return _most_telling(record, lambda hashes: np.isin(hashes, near.hashes).astype(np.float64) - 0.5)


def seen_by_model(record: RecordText, model: Model, kind: str | None) -> tuple[Evidence, ...]:
    """Return the rows that speak most for a kind the model knows, most first."""
    column = model.kinds.index(kind)

    def more_than_others(hashes: Hashes) -> Weights:
        weights = model.weights_of(hashes).astype(np.float64)
        return np.asarray(weights[:, column] - weights.mean(axis=1))

    return _most_telling(record, more_than_others)


def _most_telling(record: RecordText, weigh: Callable[[Hashes], Weights]) -> tuple[Evidence, ...]:
    found = [
        stretch for sheet in sheets_of(record) for row in sheet.rows if (stretch := _stretch(row, weigh)) is not None
    ]
    found.sort(key=lambda item: -item[0])
    return tuple(evidence_of([span]) for _, span in found[:_ROWS])


def _stretch(row: Row, weigh: Callable[[Hashes], Weights]) -> tuple[float, Span] | None:
    """Return the stretch of a row whose signs together speak most for the answer, and how much; None where none does."""
    places: list[int] = []
    signs: list[str] = []
    for index, sign in enumerate(row.text):
        for kept in plain(sign):
            signs.append(kept)
            places.append(index)
    placed = placed_grams("".join(signs))
    if not len(placed.hashes):
        return None
    weights = weigh(placed.hashes) / placed.lengths
    by_sign = np.zeros(len(signs))
    for offset in range(int(placed.lengths.max())):
        inside = placed.lengths > offset
        np.add.at(by_sign, placed.starts[inside] + offset, weights[inside])
    total, first, last = _heaviest(by_sign)
    return (total, Span(row, places[first], places[last] + 1)) if total > 0 else None


def _heaviest(weights: Weights) -> tuple[float, int, int]:
    """Return the sum of the heaviest stretch, its first and last place."""
    best, running, start = (float(weights[0]), 0, 0), 0.0, 0
    for place, weight in enumerate(weights):
        if running <= 0.0:
            running, start = 0.0, place
        running += float(weight)
        if running > best[0]:
            best = (running, start, place)
    return best
