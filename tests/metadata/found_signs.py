"""Makes what a page may have given: number candidates and signs of the customer, sure unless said otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.values import (
    CustomerSigns,
    Evidence,
    EvidenceSource,
    Fact,
    FoundBy,
    NumberCandidate,
    NumberRole,
    Reading,
)
from ingest.values import Box
from tests.metadata.register_rows import number_scheme

SURE, DOUBTFUL = 0.96, 0.4
_BOX = Box(400.0, 300.0, 640.0, 340.0)


def evidence(text: str) -> Evidence:
    """Return where a text was seen."""
    return Evidence(1, _BOX, 300.0, text, EvidenceSource.TEXT)


def sure(
    number: str,
    *,
    labelled: bool = True,
    role: NumberRole = NumberRole.CUSTOMER,
    found_by: FoundBy = FoundBy.PRINTED,
) -> NumberCandidate:
    """Return a number of which every sign was surely read."""
    scheme = number_scheme()
    return NumberCandidate(
        readings=(Reading(number, SURE, "page"),),
        form=scheme.form_of(number),
        is_valid=scheme.is_valid(number),
        surely_read=True,
        doubtful=(),
        labelled=labelled,
        role=role,
        found_by=found_by,
        evidence=evidence(number),
    )


def doubtful(
    number: str,
    *looks: str,
    places: Sequence[int] = (),
    labelled: bool = True,
    role: NumberRole = NumberRole.CUSTOMER,
) -> NumberCandidate:
    """Return a number doubtful in these places and wherever a second look read another sign."""
    scheme = number_scheme()
    differing = {
        index
        for look in looks
        if len(look) == len(number)
        for index in range(len(number))
        if look[index] != number[index]
    }
    return NumberCandidate(
        readings=(Reading(number, DOUBTFUL, "page"), *(Reading(look, 0.6, "second look") for look in looks)),
        form=scheme.form_of(number),
        is_valid=scheme.is_valid(number),
        surely_read=False,
        doubtful=tuple(sorted({*places, *differing})),
        labelled=labelled,
        role=role,
        found_by=FoundBy.HANDWRITTEN,
        evidence=evidence(number),
    )


def said(value: str | None, *, surely: bool = True) -> Fact | None:
    """Return a sign as the page says it, None where it says nothing."""
    if value is None:
        return None
    return Fact("sign", value, SURE if surely else DOUBTFUL, surely, evidence(value))


def signs(
    name: str | None = None,
    address: str | None = None,
    contract_no: str | None = None,
    meter_no: str | None = None,
    old_name: str | None = None,
    new_name: str | None = None,
    *,
    area_m2: float | None = None,
    surely: bool = True,
) -> CustomerSigns:
    """Return what the page says of its customer besides the number."""
    return CustomerSigns(
        name=said(name, surely=surely),
        address=said(address, surely=surely),
        contract_no=said(contract_no, surely=surely),
        meter_no=said(meter_no, surely=surely),
        old_name=said(old_name, surely=surely),
        new_name=said(new_name, surely=surely),
        area_m2=None if area_m2 is None else Fact("area_m2", area_m2, DOUBTFUL, False, evidence(str(area_m2))),
    )
