"""All that was learned, as one value on disk: the model, the memory of forms, the calibration, and up to where it was learned.

A model file holds numbers and one JSON text and nothing that could run (numpy's `.npz`, read without pickle), is checked when read,
and is refused where it was made otherwise. Not for choosing a version: `connector.model_shelf` does.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from classifiers import grams
from classifiers.learned import Model
from classifiers.memory import Remembered
from classifiers.opinion import Calibration

FORM = 1
"""Raised whenever a file is laid out otherwise."""


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
        "form": FORM,
        "grams": grams.VERSION,
        "cursor": knowledge.cursor,
        "calibration": [knowledge.calibration.shift, knowledge.calibration.slope],
        "kinds": None if model is None else list(model.kinds),
        "remembered": [[one.key, one.kind, len(one.hashes)] for one in knowledge.remembered],
    }
    arrays: dict[str, Any] = {
        "about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        "remembered": np.concatenate([np.zeros(0, np.uint32), *(one.hashes for one in knowledge.remembered)]),
    }
    if model is not None:
        arrays |= {"hashes": model.hashes, "weights": model.weights, "bias": model.bias}
    written = io.BytesIO()
    np.savez(written, **arrays)
    return written.getvalue()


def from_bytes(content: bytes) -> Knowledge:
    """Return the knowledge of a file; raises KnowledgeUnusable for anything that this version did not write."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return _knowledge({name: arrays[name] for name in arrays.files})
    except (ValueError, KeyError, TypeError, IndexError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise KnowledgeUnusable(f"{type(error).__name__}: {error}") from error


def _knowledge(arrays: dict[str, Any]) -> Knowledge:
    about = json.loads(arrays["about"].astype(np.uint8).tobytes())
    if (about["form"], about["grams"]) != (FORM, grams.VERSION):
        raise KnowledgeUnusable("made by another version")
    model = None
    if about["kinds"] is not None:
        hashes, weights, bias = arrays["hashes"], arrays["weights"], arrays["bias"]
        if (hashes.dtype, weights.dtype, bias.dtype) != (np.uint32, np.float32, np.float32):
            raise KnowledgeUnusable("the model is of other numbers")
        if (hashes[1:] <= hashes[:-1]).any():
            raise KnowledgeUnusable("the runs of the model are not in order")
        model = Model(tuple(_kind(kind) for kind in about["kinds"]), hashes, weights, bias)
    shift, slope = map(float, about["calibration"])
    if not (np.isfinite(shift) and np.isfinite(slope) and slope > 0):
        raise KnowledgeUnusable("the calibration is no calibration")
    remembered = _remembered(about["remembered"], arrays["remembered"])
    return Knowledge(int(about["cursor"]), model, remembered, Calibration(shift, slope))


def _remembered(named: list[Any], hashes: Any) -> tuple[Remembered, ...]:
    ends = np.cumsum([0, *(int(size) for _, _, size in named)])
    if hashes.dtype != np.uint32 or (np.diff(ends) < 0).any() or ends[-1] != len(hashes):
        raise KnowledgeUnusable("the examples do not fit their list")
    return tuple(
        Remembered(str(key), _kind(kind), hashes[ends[place] : ends[place + 1]])
        for place, (key, kind, _) in enumerate(named)
    )


def _kind(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise KnowledgeUnusable("a kind is no text")
