"""Says the kind by what the confirmed and corrected records of this archive have taught: a linear model over runs of signs.

Not for teaching: `teaching` fits the model with scikit-learn in a child process; here it is a table of weights, and asking it needs
numpy alone (0.1 ms). A kind that nobody has confirmed yet is not known to the model and stays possible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifiers.grams import Grams, Hashes
from classifiers.opinion import Opinion, from_scores

SHARPNESS = 12.0
_ABOVE_MEAN = 0.28


def unknown_margin(kinds: int) -> float:
    """Return where a record counts as standing to the boundary of a kind that a model of so many kinds does not know.

    Somewhat above the mean of all margins, which is 0 with two kinds and near -1 with many: best so with 5, 10 and 17 kinds (-0.36,
    -0.6, -0.65 measured).
    """
    return _ABOVE_MEAN - (kinds - 2) / kinds


@dataclass(frozen=True, eq=False)
class Model:
    """What was learned: for each run of signs (sorted hashes) a weight a kind; `kinds` may hold None, none of them."""

    kinds: tuple[str | None, ...]
    hashes: Hashes
    weights: npt.NDArray[np.float32]  # runs × kinds
    bias: npt.NDArray[np.float32]  # kinds

    def __post_init__(self) -> None:
        """Refuse a table whose parts do not fit: it is read from a file."""
        if self.weights.shape != (len(self.hashes), len(self.kinds)) or self.bias.shape != (len(self.kinds),):
            raise ValueError("the parts of the model do not fit each other")
        if not (np.isfinite(self.weights).all() and np.isfinite(self.bias).all()):
            raise ValueError("the model has weights that are no numbers")

    def margins(self, grams: Grams) -> Mapping[str | None, float]:
        """Return for each kind the distance to its boundary; positive inside, larger is surer."""
        hashes = grams.all
        if not len(hashes):
            return {}
        weights = self.weights_of(hashes).sum(axis=0) / np.sqrt(len(hashes))
        return {kind: float(value) for kind, value in zip(self.kinds, weights + self.bias, strict=True)}

    def weights_of(self, hashes: Hashes) -> npt.NDArray[np.float32]:
        """Return the weights of runs, zeros for unknown ones."""
        if not len(self.hashes):
            return np.zeros((len(hashes), len(self.kinds)), np.float32)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = self.hashes[places] == hashes
        return np.asarray(self.weights[places] * known[:, np.newaxis])


def opinion_of_margins(margins: Mapping[str | None, float], choices: Sequence[str | None]) -> Opinion:
    """Return what the model says; without margins (nothing to read) all choices are equal."""
    scores = {kind: SHARPNESS * margin for kind, margin in margins.items()}
    return from_scores(scores, choices, SHARPNESS * unknown_margin(len(margins)) if margins else 0.0)
