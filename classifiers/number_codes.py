"""Customer numbers in barcodes: the whole text, or one part of it, behind a prefix or plain.

A barcode reads surely or not at all. Not for separator sheets (`ingest.sheets`) or for invoices' own codes: a part without
a prefix counts as labelled only where it is the whole text and passes the form's check.
"""

from __future__ import annotations

import re

from classifiers.number_forms import NumberForms, folded_number
from classifiers.values import (
    Evidence,
    EvidenceSource,
    FoundBy,
    NumberCandidate,
    NumberRole,
    Reading,
    RecordText,
)
from ingest.values import Barcode

_PARTS = re.compile(r"[;,|\s&?/=#]+")
CODE_CONFIDENCE = 0.99


def candidates_in_codes(record: RecordText, forms: NumberForms) -> tuple[NumberCandidate, ...]:
    """Return the numbers in the record's barcodes, in page order."""
    found = []
    for page_number, page in enumerate(record.pages, 1):
        for code in page.barcodes:
            number, announced = _number_in(code, forms)
            if number is not None:
                evidence = Evidence(page_number, code.box, page.dpi, code.text, EvidenceSource.BARCODE)
                found.append(_candidate(number, announced, forms, evidence))
    return tuple(found)


def _number_in(code: Barcode, forms: NumberForms) -> tuple[str | None, bool]:
    """Return the number in a code's text, and whether the code says that it is a customer number."""
    number = forms.normal(code.text)
    if number is not None:
        return number, _has_prefix(code.text, forms) or forms.is_valid(number)
    parts = [part for part in _PARTS.split(code.text) if part]
    prefixed = {n for part in parts if _has_prefix(part, forms) and (n := forms.normal(part)) is not None}
    plain = {n for part in parts if (n := forms.normal(part)) is not None}
    for numbers, announced in ((prefixed, True), (plain, False)):
        if len(numbers) == 1:
            return numbers.pop(), announced
    return None, False


def _has_prefix(text: str, forms: NumberForms) -> bool:
    return forms.without_prefix(text) != folded_number(text)


def _candidate(number: str, announced: bool, forms: NumberForms, evidence: Evidence) -> NumberCandidate:
    return NumberCandidate(
        readings=(Reading(number, CODE_CONFIDENCE, "barcode"),),
        form=forms.form_of(number),
        is_valid=forms.is_valid(number),
        surely_read=True,
        doubtful=(),
        labelled=announced,
        role=NumberRole.CUSTOMER,
        found_by=FoundBy.BARCODE,
        evidence=evidence,
    )
