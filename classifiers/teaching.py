"""Fits the linear model to examples with scikit-learn. Imported in a child process only: it takes 100 MB and a second.

Not for deciding whether a model is used: `trial` does. A linear support vector machine on runs of signs, each record of length one:
93 % of another company's forms right after 100 texts, where words with a neural net, as paperless-ngx has it, came to 59 %.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from classifiers.grams import Grams, Hashes
from classifiers.learned import Model

MOST_RUNS = 60_000
"""Runs of signs that a model keeps: those whose weights differ most between kinds. 4.5 MB with 18 kinds."""

_FEW = 20
"""With fewer examples a run that stands in one of them only counts too."""


def fitted(grams: Sequence[Grams], kinds: Sequence[str | None], most_runs: int = MOST_RUNS) -> Model | None:
    """Return the model of these examples; None where there are fewer than two kinds, or no letters."""
    named = sorted(set(kinds), key=lambda kind: kind or "")
    texts = [one.all for one in grams]
    if len(named) < 2:
        return None
    runs = _runs(texts, 2 if len(texts) >= _FEW else 1)
    if not len(runs):
        return None
    places = {kind: place for place, kind in enumerate(named)}
    labels = np.array([places[kind] for kind in kinds])
    machine = LinearSVC(C=1.0, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few examples of many kinds, or steps that ran out: the model is tried anyhow
        machine.fit(_matrix(texts, runs), labels)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(named) == 2:  # scikit-learn gives one column for two classes
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    telling = _most_telling(weights, most_runs)
    return Model(tuple(named), runs[telling], weights[telling].astype(np.float32), np.asarray(bias, dtype=np.float32))


def _runs(texts: Sequence[Hashes], least: int) -> Hashes:
    every, counts = np.unique(np.concatenate([np.zeros(0, np.uint32), *texts]), return_counts=True)
    return np.asarray(every[counts >= least])


def _matrix(texts: Sequence[Hashes], runs: Hashes) -> csr_matrix:
    columns, sizes, values = [], [0], []
    for hashes in texts:
        places = np.minimum(np.searchsorted(runs, hashes), len(runs) - 1)
        known = places[runs[places] == hashes]
        columns.append(known)
        sizes.append(sizes[-1] + len(known))
        values.append(np.full(len(known), 1 / np.sqrt(max(1, len(hashes)))))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), sizes), shape=(len(texts), len(runs)))


def _most_telling(weights: npt.NDArray[np.float64], most: int) -> npt.NDArray[np.int64]:
    spread = weights.max(axis=1) - weights.min(axis=1)
    if len(spread) <= most:
        return np.arange(len(spread))
    return np.sort(np.argpartition(-spread, most)[:most])
