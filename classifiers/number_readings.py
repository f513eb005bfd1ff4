"""Puts the readings of one number together: the page's, its look-alike letters as digits, and second looks at the image.

Says which signs are doubtful: those read with little confidence, and those on which two readings differ. Repairs nothing;
which of the readings is a customer's number is decided with the register, in `metadata.identify`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from classifiers.number_forms import NumberForms, folded_number
from classifiers.number_runs import NumberRun
from classifiers.values import Reading

PAGE, ALIKE, LOOK = "page", "look-alikes", "second look"
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

    The best is one that fits a form, then one that passes its check, then the page's own. A sign is surely read where the
    page's reading is confident, or a confident second look read the same; never where two readings differ, and a number that
    only a second look read (told to look for a number) is doubtful in every sign.
    """
    readings = _readings(run, looks, forms)
    if not readings:
        return None
    best = max(readings, key=lambda r: (forms.form_of(r.text) is not None, forms.is_valid(r.text), r.said_by == PAGE))
    doubtful = _unsure_signs(run, best.text, looks, forms, surely_read)
    for other in readings:
        doubtful |= _differing(best.text, other.text)
    form = forms.form_of(best.text)
    rest = sorted((r for r in readings if r.text != best.text), key=lambda r: -r.confidence)
    return JoinedReadings(
        readings=(best, *rest),
        form=form,
        is_valid=forms.is_valid(best.text),
        surely_read=form is not None and not doubtful,
        doubtful=tuple(sorted(doubtful)),
    )


def _readings(run: NumberRun | None, looks: Sequence[Reading], forms: NumberForms) -> list[Reading]:
    """Return the readings, the page's first; of equal texts the first stays, as sure as the surest."""
    found: list[Reading] = []
    if run is not None:
        sure = [run.confidence_at(index) for index in range(len(run.text))]
        found.append(Reading(run.text, round(sum(sure) / len(sure), 3), PAGE))
        if run.alike is not None:
            found.append(Reading(run.alike, round(_ALIKE_SHARE * found[0].confidence, 3), ALIKE))
    for look in looks:
        text = normal_or_bare(look.text, forms)
        if text:
            found.append(Reading(text, look.confidence, look.said_by))
    by_text: dict[str, Reading] = {}
    for reading in found:
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
