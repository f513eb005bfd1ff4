"""Text as short runs of signs, hashed: what the learned classifier and the memory compare instead of words.

Chinese needs no segmentation so, and a misread sign spoils a few runs only. Digits and punctuation are left out: they are what was
filled in, not the form. A Han sign says as much as a syllable, so runs of one to three of them are taken, but runs of four and six
Latin letters: with shorter ones every English page resembled every other (likeness 0.28-0.45 between kinds; so 0.05-0.23).
Hashes instead of a vocabulary: nothing to keep in step, and a page costs 0.2 ms. Whoever keeps hashes keeps `VERSION` with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.normalise import squeezed

VERSION = 2
"""Raised whenever another text would give other hashes; what was learned with another version is not used."""

LONGEST_SIGNS = 12_000
"""Of a longer record only the beginning counts: a contract of fifty pages says on the first ten what it is."""

Hashes = npt.NDArray[np.uint32]

_LEFT_OUT = re.compile(r"\W|\d|_")
_HAN_FROM = 0x2E80
_HAN_LENGTHS = (1, 2, 3)
_LATIN_LENGTHS = (4, 6)
_MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Grams:
    """The different runs of a text, each once, sorted: `single` Han signs, and all `longer` runs."""

    single: Hashes
    longer: Hashes

    @property
    def all(self) -> Hashes:
        """Return both, sorted."""
        return np.union1d(self.single, self.longer)


@dataclass(frozen=True, slots=True)
class PlacedGrams:
    """Every run of a text in its place: the hash, the first sign, and how many signs it is long."""

    hashes: Hashes
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]


def plain(text: str) -> str:
    """Return the signs of a text that count: folded, in lower case, letters and Han signs only."""
    return _LEFT_OUT.sub("", squeezed(text))[:LONGEST_SIGNS]


def grams_of(text: str) -> Grams:
    """Return the runs of a text; none of an empty one."""
    runs = _runs(plain(text))
    single = [hashes for length, hashes, _ in runs if length == 1]
    longer = [hashes for length, hashes, _ in runs if length > 1]
    return Grams(_different(single), _different(longer))


def placed_grams(signs: str) -> PlacedGrams:
    """Return every run of signs that are `plain` already."""
    runs = _runs(signs)
    if not runs:
        return PlacedGrams(np.zeros(0, np.uint32), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return PlacedGrams(
        np.concatenate([hashes for _, hashes, _ in runs]),
        np.concatenate([starts for _, _, starts in runs]),
        np.concatenate([np.full(len(starts), length, np.int64) for length, _, starts in runs]),
    )


def _runs(signs: str) -> list[tuple[int, Hashes, npt.NDArray[np.int64]]]:
    """Return for each length the hashes of its runs and where they begin."""
    codes = np.frombuffer(signs.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    han_before = np.concatenate(([0], np.cumsum(codes >= _HAN_FROM)))
    runs = []
    for length in sorted({*_HAN_LENGTHS, *_LATIN_LENGTHS}):
        count = len(codes) - length + 1
        if count <= 0:
            continue
        has_han = han_before[length:] > han_before[:count]
        starts = np.flatnonzero(has_han if length in _HAN_LENGTHS else ~has_han)
        runs.append((length, _hashed(codes, length, starts), starts))
    return runs


def _hashed(codes: npt.NDArray[np.uint64], length: int, starts: npt.NDArray[np.int64]) -> Hashes:
    """Return 32 well mixed bits a run (splitmix64's steps); the same on every machine."""
    mixed = np.full(len(starts), length, np.uint64)
    for place in range(length):
        mixed = (mixed ^ codes[starts + place]) * _MIX_A
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX_B
        mixed ^= mixed >> np.uint64(32)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _different(parts: list[Hashes]) -> Hashes:
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.uint32)
