"""All that was learned, as one value on disk: the model, the memory of forms, the calibration, and up to where it was learned.

The file is a line that says what it is, the digest of all that follows, one JSON text, and plain arrays of numbers (little-endian). It
holds nothing that could run: no pickle, and not numpy's own format either, whose headers are parsed as Python and answer damage with
errors of every kind. A file that was damaged or made otherwise is refused. Not for choosing a version: `connector.model_shelf` does.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from classifiers import grams
from classifiers.learned import Model
from classifiers.memory import Remembered
from classifiers.opinion import Calibration

HEADING = b"guidang model 1\n"
"""The number is raised whenever a file is laid out otherwise."""

_DIGEST_BYTES = 32
_LENGTH_BYTES = 4
_WHOLE, _FLOAT = np.dtype("<u4"), np.dtype("<f4")


class KnowledgeUnusable(Exception):
    """These bytes are no knowledge of this version: damaged, or made by another one."""


@dataclass(frozen=True)
class Knowledge:
    """What was learned from all examples up to `cursor`; `model` None where there was too little for one."""

    cursor: int = 0
    model: Model | None = None
    remembered: tuple[Remembered, ...] = ()
    calibration: Calibration = field(default_factory=Calibration)


NOTHING = Knowledge()


def to_bytes(knowledge: Knowledge) -> bytes:
    """Return the file."""
    model = knowledge.model
    about = {
        "grams": grams.VERSION,
        "cursor": knowledge.cursor,
        "calibration": [knowledge.calibration.shift, knowledge.calibration.slope],
        "kinds": None if model is None else list(model.kinds),
        "runs": 0 if model is None else len(model.hashes),
        "remembered": [[one.key, one.kind, one.ruled, len(one.hashes)] for one in knowledge.remembered],
    }
    said = json.dumps(about, ensure_ascii=False).encode()
    arrays = [one.hashes.astype(_WHOLE) for one in knowledge.remembered]
    numbers: list[npt.NDArray[Any]] = [*arrays]
    if model is not None:
        numbers += [model.hashes.astype(_WHOLE), model.weights.astype(_FLOAT), model.bias.astype(_FLOAT)]
    rest = len(said).to_bytes(_LENGTH_BYTES, "little") + said + b"".join(array.tobytes() for array in numbers)
    return HEADING + hashlib.sha256(rest).digest() + rest


def from_bytes(content: bytes) -> Knowledge:
    """Return the knowledge of a file; raises KnowledgeUnusable for anything that this version did not write."""
    if not content.startswith(HEADING):
        raise KnowledgeUnusable("no model, or one of another version")
    digest, rest = content[len(HEADING) :][:_DIGEST_BYTES], content[len(HEADING) + _DIGEST_BYTES :]
    if hashlib.sha256(rest).digest() != digest:
        raise KnowledgeUnusable("damaged")
    try:
        said_until = _LENGTH_BYTES + int.from_bytes(rest[:_LENGTH_BYTES], "little")
        about = json.loads(rest[_LENGTH_BYTES:said_until])
        return _knowledge(about, _Numbers(rest[said_until:]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise KnowledgeUnusable(f"{type(error).__name__}: {error}") from error


class _Numbers:
    """The arrays of a file, read one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def next(self, dtype: np.dtype[Any], count: int) -> npt.NDArray[Any]:
        size = count * dtype.itemsize
        if count < 0 or self._at + size > len(self._content):
            raise KnowledgeUnusable("shorter than it says")
        array = np.frombuffer(self._content, dtype, count, self._at)
        self._at += size
        return array

    def end(self) -> None:
        if self._at != len(self._content):
            raise KnowledgeUnusable("longer than it says")


def _knowledge(about: dict[str, Any], numbers: _Numbers) -> Knowledge:
    if about["grams"] != grams.VERSION:
        raise KnowledgeUnusable("made of other runs of signs")
    remembered = tuple(
        Remembered(str(key), _kind(kind), str(ruled), _sorted(numbers.next(_WHOLE, int(size))))
        for key, kind, ruled, size in about["remembered"]
    )
    model = None
    if about["kinds"] is not None:
        kinds = tuple(_kind(kind) for kind in about["kinds"])
        runs = int(about["runs"])
        hashes = _sorted(numbers.next(_WHOLE, runs))
        weights = numbers.next(_FLOAT, runs * len(kinds)).reshape(runs, len(kinds))
        model = Model(kinds, hashes, weights, numbers.next(_FLOAT, len(kinds)))
    numbers.end()
    shift, slope = map(float, about["calibration"])
    if not (np.isfinite(shift) and np.isfinite(slope) and slope > 0):
        raise KnowledgeUnusable("the calibration is no calibration")
    return Knowledge(int(about["cursor"]), model, remembered, Calibration(shift, slope))


def _sorted(hashes: npt.NDArray[Any]) -> grams.Hashes:
    if (hashes[1:] <= hashes[:-1]).any():
        raise KnowledgeUnusable("runs are not in order")
    return hashes.astype(np.uint32, copy=False)


def _kind(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise KnowledgeUnusable("a kind is no text")
