"""Shows on the page what a learned answer went by: the words whose runs of signs speak most for it, line by line.

Not for deciding. A model and a memory know no words; this turns their numbers back into places that a person can look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers.grams import LONGEST_SIGNS, Hashes, placed_grams, plain
from classifiers.learned import Model
from classifiers.memory import Near
from classifiers.values import Evidence, EvidenceSource, RecordText
from ingest.normalise import without_han_blanks
from ingest.values import Box, PageText, Word

_LINES = 4

Weights = npt.NDArray[np.float64]
Weigh = Callable[[Hashes], Weights]


def like(near: Near) -> Weigh:
    """Return the weights by which a record is like an example: for what both have, against the rest."""
    return lambda hashes: _is_in(hashes, near.hashes) - 0.5


def speaking_for(model: Model, kind: str | None) -> Weigh:
    """Return the weights by which a model prefers a kind that it knows."""
    column = model.kinds.index(kind)

    def more_than_others(hashes: Hashes) -> Weights:
        weights = model.weights_of(hashes).astype(np.float64)
        return np.asarray(weights[:, column] - weights.mean(axis=1))

    return more_than_others


@dataclass(frozen=True, slots=True)
class _Place:
    """One word: its line, counted through the record, its page, and its place among the signs that count."""

    line: int
    page_number: int
    page: PageText
    word: Word
    first: int
    last: int  # exclusive


def most_telling(record: RecordText, weighings: Sequence[Weigh]) -> tuple[tuple[Evidence, ...], ...]:
    """Return for each weighing the stretches of at most four lines that speak most for the answer, most first."""
    places, signs = _words_of(record)
    runs = placed_grams(signs)
    if not places or not len(runs.hashes):
        return tuple(() for _ in weighings)
    line_of_sign = np.repeat([place.line for place in places], [place.last - place.first for place in places])
    inside = line_of_sign[runs.starts] == line_of_sign[runs.starts + runs.lengths - 1]
    found = []
    for weigh in weighings:
        by_sign = np.zeros(len(signs))
        weights = weigh(runs.hashes) * inside / runs.lengths
        for offset in range(int(runs.lengths.max())):
            has = runs.lengths > offset
            by_sign += np.bincount(runs.starts[has] + offset, weights[has], minlength=len(signs))
        found.append(_heaviest_lines(places, np.concatenate(([0.0], np.cumsum(by_sign)))))
    return tuple(found)


def _words_of(record: RecordText) -> tuple[list[_Place], str]:
    places: list[_Place] = []
    signs: list[str] = []
    at = line_number = 0
    for page_number, page in enumerate(record.pages, 1):
        for line in page.lines:
            line_number += 1
            for word in line.words:
                kept = plain(word.text)
                if kept and at < LONGEST_SIGNS:
                    places.append(_Place(line_number, page_number, page, word, at, at + len(kept)))
                    signs.append(kept)
                    at += len(kept)
    return places, "".join(signs)


def _heaviest_lines(places: Sequence[_Place], sums: Weights) -> tuple[Evidence, ...]:
    """Return the heaviest stretch of words of each line, of the heaviest lines; `sums` are the weights added up."""
    best: dict[int, tuple[float, int, int]] = {}
    running, start = 0.0, 0
    for index, place in enumerate(places):
        if index == 0 or place.line != places[index - 1].line or running <= 0.0:
            running, start = 0.0, index
        running += float(sums[place.last] - sums[place.first])
        if running > best.get(place.line, (0.0, 0, 0))[0]:
            best[place.line] = (running, start, index + 1)
    heaviest = sorted(best.values(), key=lambda stretch: -stretch[0])[:_LINES]
    return tuple(_evidence(places[first:last]) for _, first, last in heaviest)


def _evidence(places: Sequence[_Place]) -> Evidence:
    words = [place.word for place in places]
    text = without_han_blanks(" ".join(word.text for word in words))
    box = Box.around([word.box for word in words])
    return Evidence(places[0].page_number, box, places[0].page.dpi, text, EvidenceSource.TEXT)


def _is_in(hashes: Hashes, known: Hashes) -> Weights:
    """Return 1.0 for each hash that stands in the sorted `known`, else 0.0."""
    if not len(known):
        return np.zeros(len(hashes))
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.asarray((known[places] == hashes).astype(np.float64))
