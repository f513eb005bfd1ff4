"""What is asked of and reported by the teaching of a model: plain values that go to a child process and back, and into reports."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from classifiers.scheme import Scheme
from classifiers.values import Example, Verdict


@dataclass(frozen=True)
class Lesson:
    """Everything that persons have said, and from which confidence on something is done without them."""

    scheme: Scheme
    examples: tuple[Example, ...]
    cursor: int
    kind_threshold: float
    reject_threshold: float

    def threshold(self, kind: str) -> float:
        """Return from which confidence a record of this kind is filed by itself."""
        own = self.scheme.kind(kind)
        return self.kind_threshold if own is None or own.threshold is None else own.threshold


def rules_stamp(scheme: Scheme) -> str:
    """Return something that changes with what the rules would say: then what was learned beside them is learned anew."""
    said = [version("guidang"), repr(scheme.kinds), repr(scheme.none_of_them)]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Judged:
    """What would be said of an example, beside what a person said. Kinds None: none of them, or (verdict) unsure."""

    key: str
    told: str | None
    verdict: Verdict
    kind: str | None
    confidence: float

    @property
    def is_right(self) -> bool:
        """Return whether the answer is what the person said."""
        return self.verdict is not Verdict.UNSURE and self.kind == self.told


@dataclass(frozen=True)
class TeachingReport:
    """What became of a teaching. `doubted` are examples that look mislabelled and were left out; `wrong` those done wrongly by itself.

    `checked_right` and `calibration_error` are measured on examples the model had not seen (five folds); None where there were too few.
    """

    accepted: bool
    has_model: bool
    cursor: int
    examples: Mapping[str, int] = field(default_factory=dict)  # kind code ("" = none of them) → how many
    doubted: tuple[Judged, ...] = ()
    wrong: tuple[Judged, ...] = ()
    checked_right: float | None = None
    calibration_error: float | None = None
    seconds: float = 0.0
    rules: str = ""  # `rules_stamp` of the scheme it was taught with


@dataclass(frozen=True)
class Taught:
    """The report, and the file of what was learned."""

    report: TeachingReport
    content: bytes
