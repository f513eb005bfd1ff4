"""The two ends of identifying: filed under customers, or held with the reasons. Makes the values, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifiers.values import Evidence, FoundBy
from metadata.values import Customer, CustomerNumber, Identification, Reason, ReasonCode

MOST_RIVALS = 5
"""Rivals and suggestions that are named; a person looks further in the register."""


def held(
    code: ReasonCode, facts: Mapping[str, str] | None = None, customers: Sequence[Customer | str] = ()
) -> Identification:
    """Return that a person must decide, and between whom."""
    numbers = tuple(dict.fromkeys(c if isinstance(c, str) else c.number for c in customers))[:MOST_RIVALS]
    return Identification(
        numbers=(),
        found_by=None,
        confidence=0.0,
        customer=None,
        reasons=(Reason(code, dict(facts or {}), numbers),),
        notes=(),
        evidence=None,
    )


def filed(
    customer: Customer,
    found_by: FoundBy,
    confidence: float,
    evidence: Evidence | None,
    notes: Sequence[Reason] = (),
) -> Identification:
    """Return that the record is this customer's."""
    return Identification(
        numbers=(customer.number,),
        found_by=found_by,
        confidence=round(min(max(confidence, 0.0), 1.0), 3),
        customer=customer,
        reasons=(),
        notes=tuple(notes),
        evidence=evidence,
    )


def nobody() -> Identification:
    """Return that there is no customer and none is needed."""
    return Identification((), None, 0.0, None, (), (), None)


def kept_as_given(numbers: Sequence[str], customer: Customer | None, notes: Sequence[Reason]) -> Identification:
    """Return the numbers that a person or a sheet gave."""
    return Identification(
        numbers=tuple(CustomerNumber(number) for number in numbers),
        found_by=FoundBy.GIVEN,
        confidence=1.0,
        customer=customer,
        reasons=(),
        notes=tuple(notes),
        evidence=None,
    )
