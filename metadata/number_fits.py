"""Which registered customers a number candidate can be: exactly as read, or repaired where a reading of the image says so.

A repaired number differs from the best reading only in doubtful places, and has there a sign that another reading of the same
image gave. Nothing is ever taken from the register alone: the paper itself may be wrong.
"""

from __future__ import annotations

from itertools import product

from classifiers.interfaces import INumberScheme
from classifiers.values import NumberCandidate
from metadata.interfaces import IRegister
from metadata.values import Customer

MOST_REPAIRS = 256
"""Numbers that are looked up for one candidate; more doubt than that is no reading."""


def fitting(candidate: NumberCandidate, register: IRegister, scheme: INumberScheme) -> tuple[Customer, ...]:
    """Return the registered customers with valid numbers that the readings allow, in order of number.

    Of a surely read number that is itself alone. Of a doubtful one: every number made of the signs that some reading gave in
    each doubtful place, and every other reading as a whole.
    """
    numbers = {candidate.number} if candidate.surely_read else _possible(candidate)
    valid = sorted(number for number in numbers if scheme.is_valid(number))
    return tuple(customer for number in valid if (customer := register.by_number(number)) is not None)


def _possible(candidate: NumberCandidate) -> set[str]:
    best = candidate.number
    texts = [reading.text for reading in candidate.readings]
    same_length = [text for text in texts if len(text) == len(best)]
    doubtful = set(candidate.doubtful)
    signs = [
        sorted({text[index] for text in same_length}) if index in doubtful else [best[index]]
        for index in range(len(best))
    ]
    count = 1
    for choices in signs:
        count *= len(choices)
    made = {"".join(chosen) for chosen in product(*signs)} if count <= MOST_REPAIRS else {best}
    return made | {text for text in texts if len(text) != len(best)}


def may_be(candidate: NumberCandidate, number: str) -> bool:
    """Return whether the signs that were read do not contradict this number: they stand in it, in this order."""
    return any(_stands_in(reading.text, number) for reading in candidate.readings)


def _stands_in(signs: str, number: str) -> bool:
    rest = iter(number)
    return all(sign in rest for sign in signs)
