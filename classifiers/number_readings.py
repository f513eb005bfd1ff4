"""Puts the readings of one number together: the page's, its look-alike letters as digits, and second looks at the image.

Says which signs are doubtful: those read with little confidence, and those on which two readings differ. Repairs nothing;
which of the readings is a customer's number is decided with the register, in `metadata.identify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Hamming, Levenshtein

from classifiers.number_forms import NumberForms, folded_number
from classifiers.number_runs import NumberRun
from classifiers.values import Reading

PAGE, ALIKE, LOOK = "page", "look-alikes", "second look"
_UNCHECKED_LOOK = 0.3  # from here on a look counts against the page where no check can tell which is wrong
_ALIKE_SHARE = 0.7  # a letter taken for a digit is less sure than the letter was


@dataclass(frozen=True, slots=True)
class JoinedReadings:
    """Readings of one place, best first; `doubtful` are places in the best one."""

    readings: tuple[Reading, ...]
    form: str | None
    is_valid: bool
    surely_read: bool
    doubtful: tuple[int, ...]


def joined_readings(
    run: NumberRun | None, looks: Sequence[Reading], forms: NumberForms, surely_read: float
) -> JoinedReadings | None:
    """Return the readings of a run and of second looks at its place; None where neither read a sign.

    1. The best is one that fits a form, then one that passes its check, then the page's own, then the surest.
    2. A sign is surely read where the page's reading is confident, or a confident second look read the same number; never where
       two readings differ, and a number that only second looks read (told to look for one) is doubtful in every sign.
    3. What an unsure look says against a sign that the page surely read does not count: of several looks, one is mostly wrong.
       A number without a check has no other witness: there it counts from a third on. Nor does an unsure look count that lost or added
       a sign, so that it fits no form, where a confident one read what the page surely read.
    """
    own = _own_readings(run)
    readings = _once((*own, *_counting(run, looks, forms, surely_read)))
    if not readings:
        return None
    best = max(
        readings,
        key=lambda r: (forms.form_of(r.text) is not None, forms.is_valid(r.text), r.said_by == PAGE, r.confidence),
    )
    doubtful = _unsure_signs(run, best.text, looks, forms, surely_read)
    for other in readings:
        doubtful |= _differing(best.text, other.text)
    form = forms.form_of(best.text)
    rest = sorted((r for r in readings if r.text != best.text), key=lambda r: (-r.confidence, r.text))
    return JoinedReadings(
        readings=(best, *rest),
        form=form,
        is_valid=forms.is_valid(best.text),
        surely_read=form is not None and not doubtful,
        doubtful=tuple(sorted(doubtful)),
    )


def _own_readings(run: NumberRun | None) -> tuple[Reading, ...]:
    """Return the page's reading, and the same with letters taken for digits where that makes a number."""
    if run is None:
        return ()
    sure = [run.confidence_at(index) for index in range(len(run.text))]
    page = Reading(run.text, round(sum(sure) / len(sure), 3), PAGE)
    if run.alike is None:
        return (page,)
    return page, Reading(run.alike, round(_ALIKE_SHARE * page.confidence, 3), ALIKE)


def _counting(
    run: NumberRun | None, looks: Sequence[Reading], forms: NumberForms, surely_read: float
) -> Iterator[Reading]:
    """Yield the looks' readings, bare; an unsure one with the page's signs in the places that the page surely read."""
    counts_from = surely_read if run is None or forms.is_checked(run.text) else min(surely_read, _UNCHECKED_LOOK)
    is_agreed = run is not None and forms.is_checked(run.text) and _is_surely_agreed(run, looks, forms, surely_read)
    for look in looks:
        text = normal_or_bare(look.text, forms)
        if not text or (is_agreed and look.confidence < counts_from and forms.form_of(text) is None):
            continue
        if run is not None and look.confidence < counts_from and _is_sign_by_sign(run.text, text):
            text = "".join(
                own if run.confidence_at(index) >= surely_read and own.isdigit() else sign
                for index, (own, sign) in enumerate(zip(run.text, text, strict=True))
            )
        yield Reading(text, look.confidence, look.said_by)


def _is_surely_agreed(run: NumberRun, looks: Sequence[Reading], forms: NumberForms, surely_read: float) -> bool:
    """Return whether the page read every sign surely, and a confident look the same number."""
    is_sure = all(run.confidence_at(index) >= surely_read for index in range(len(run.text)))
    return is_sure and any(
        look.confidence >= surely_read and normal_or_bare(look.text, forms) == run.text for look in looks
    )


def _is_sign_by_sign(one: str, two: str) -> bool:
    """Return whether two readings differ in signs only, none lost or added: then their places are the same places."""
    return len(one) == len(two) and Levenshtein.distance(one, two) == Hamming.distance(one, two)


def _once(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings, of equal texts the first, as sure as the surest; one that only look-alikes gave is the look's."""
    by_text: dict[str, Reading] = {}
    for reading in readings:
        first = by_text.setdefault(reading.text, reading)
        if reading.confidence > first.confidence:
            said_by = reading.said_by if first.said_by == ALIKE else first.said_by
            by_text[reading.text] = Reading(first.text, reading.confidence, said_by)
    return list(by_text.values())


def normal_or_bare(text: str, forms: NumberForms) -> str:
    """Return the number that the text is, or else its letters and digits, folded."""
    return forms.normal(text) or "".join(s for s in folded_number(text) if s.isascii() and s.isalnum())


def _unsure_signs(
    run: NumberRun | None, best: str, looks: Sequence[Reading], forms: NumberForms, surely_read: float
) -> set[int]:
    """Return the places of the best reading at which the page was not sure, nor a second look that read the same number."""
    if run is None or len(best) != len(run.text):
        return set(range(len(best)))
    if best == run.text and any(
        look.confidence >= surely_read and normal_or_bare(look.text, forms) == best for look in looks
    ):
        return set()
    return {index for index in range(len(best)) if run.confidence_at(index) < surely_read}


def _differing(best: str, other: str) -> set[int]:
    """Return the places of `best` at which the other reading has another sign, none, or one more."""
    if len(best) == len(other):
        return {index for index, (one, two) in enumerate(zip(best, other, strict=True)) if one != two}
    last = max(len(best) - 1, 0)
    return {min(edit.src_pos, last) for edit in Levenshtein.editops(best, other)}
