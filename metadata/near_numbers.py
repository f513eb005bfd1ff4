"""Registered numbers that a slip of the pen or of the recogniser turns into each other: equal but for two signs at most. Pure.

Check digits catch one wrong sign, not two; where a pair differs only in signs that look alike, name and address must decide. Of
500,000 numbers all pairs are found in seconds: for every two places the numbers without these are compared, as sums of 64 bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt


def is_taken_for(one: str, other: str) -> bool:
    """Return whether two texts of one length differ only in signs that a recogniser takes for each other, by hand ones too."""
    pairs = (frozenset(pair) for pair in zip(one, other, strict=True) if pair[0] != pair[1])
    return all(pair in _ALIKE or pair in _ALIKE_BY_HAND for pair in pairs)


_ALIKE_BY_HAND = frozenset(frozenset(pair) for pair in ("14", "4H", "27"))
"""More of them, where a pen wrote: 4 without its foot, 7 with a bar. Not for numbers of customers, which a person types, too."""

_ALIKE = frozenset(
    frozenset(pair)
    for pair in (
        "0O",
        "0D",
        "0Q",
        "06",
        "08",
        "1I",
        "1L",
        "17",
        "2Z",
        "38",
        "49",
        "56",
        "5S",
        "58",
        "68",
        "69",
        "89",
        "8B",
    )
)
"""Signs that recognisers and pens take for each other."""

Codes = npt.NDArray[np.uint64]


def near_pairs(numbers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each pair of different numbers of one length that differ in two signs at most, in no particular order."""
    by_length: dict[int, list[str]] = {}
    for number in numbers:
        by_length.setdefault(len(number), []).append(number)
    for length, same in by_length.items():
        if len(same) > 1 and length > 2:
            yield from _pairs(sorted(set(same)), length)


def is_alike(one: str, other: str) -> bool:
    """Return whether two numbers of one length differ only in signs that look alike, or by two neighbours that changed places."""
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == other[places[1]]:
        return one[places[1]] == other[places[0]]
    return all(frozenset((one[place], other[place])) in _ALIKE for place in places)


def _pairs(numbers: Sequence[str], length: int) -> Iterator[tuple[str, str]]:
    signs = np.frombuffer("".join(numbers).encode("utf-32-le"), dtype="<u4").reshape(len(numbers), length)
    weights = np.random.default_rng(1).integers(1, 2**63, length, dtype=np.uint64) | np.uint64(1)
    weighted = signs.astype(np.uint64) * weights
    whole: Codes = weighted.sum(axis=1, dtype=np.uint64)
    found: set[tuple[int, int]] = set()
    for first, second in combinations(range(length), 2):
        for pair in _equal(whole - weighted[:, first] - weighted[:, second]):
            if pair not in found and _differ(numbers[pair[0]], numbers[pair[1]]) <= 2:
                found.add(pair)
                yield numbers[pair[0]], numbers[pair[1]]


def _equal(codes: Codes) -> Iterator[tuple[int, int]]:
    """Yield the pairs of places with equal codes, the lower place first."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.append(starts[1:], len(ordered))
    for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
        yield from combinations(sorted(int(place) for place in order[start:end]), 2)


def _differ(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
