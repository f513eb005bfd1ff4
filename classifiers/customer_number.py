"""Finds what may be a customer number on a record: under its labels, in boxes, by hand, in barcodes, or under no label.

The heart of it is refusing: a number under another utility's, a telephone's, a contract's or an invoice's label is never a
candidate. What is left is handed on with its readings, its doubtful signs and its evidence; nothing is repaired and no
register is asked. That, and who the customer is, belongs to `metadata.identify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from zope.interface import implementer

from classifiers.interfaces import INumberScheme
from classifiers.latest import OfLatest
from classifiers.layout import Sheet, Span, evidence_of, sheets_of
from classifiers.number_codes import candidates_in_codes
from classifiers.number_forms import NumberForms
from classifiers.number_labels import NumberLabels
from classifiers.number_looks import looks_at, request_beside, request_for, without_doubles
from classifiers.number_places import EmptyPlace, NumberPlace, PlaceFinder, loose_digits
from classifiers.number_readings import PAGE, JoinedReadings, joined_readings
from classifiers.number_roles import RoleMark, role_marks, role_of
from classifiers.scheme import Scheme
from classifiers.values import FoundBy, NumberCandidate, NumberRole, Reading, RecordText, RereadRequest
from ingest.values import UNREAD, TextSource

_HAND_CONFIDENCE = 0.6  # print is read with more, on average
_HAND_HEIGHTS = (0.7, 1.35)  # of the label's height: signs outside are not the form's print
_CORRECTED_SIGNS = 3  # a number written beside a struck-out one differs from it in so many signs at most

Rereads = Sequence[tuple[RereadRequest, Reading]]


@dataclass(frozen=True, slots=True)
class _Found:
    """All places of a record at which numbers stand or should stand, with their roles."""

    numbers: tuple[tuple[NumberPlace, NumberRole], ...]
    empty: tuple[tuple[EmptyPlace, NumberRole], ...]


@implementer(INumberScheme)
class NumberScheme:
    """The forms of customer number of one company, and how its papers announce them. Pure; safe in several threads."""

    def __init__(self, forms: NumberForms, surely_read: float, scheme: Scheme | None = None) -> None:
        """Take the forms and labels of the configuration; the scheme's labels compete with them where it is given."""
        self._forms = forms
        self._surely_read = surely_read
        self._labels = NumberLabels(forms, scheme)
        self._latest: OfLatest[Sheet, _Found] = OfLatest()

    def normal(self, text: str) -> str | None:
        """Return the number that this text is as a whole, without separators and prefix, check ignored; None if no form fits."""
        return self._forms.normal(text)

    def is_valid(self, number: str) -> bool:
        """Return whether a normalised number fits a form and passes that form's check."""
        return self._forms.is_valid(number)

    def is_checked(self, number: str) -> bool:
        """Return whether a normalised number is of a form that has a check, so that a misread sign shows."""
        return self._forms.is_checked(number)

    def form_of(self, number: str) -> str | None:
        """Return the name of the form that a normalised number fits, check ignored; None if none does."""
        return self._forms.form_of(number)

    def candidates(self, record: RecordText, rereads: Rereads = ()) -> tuple[NumberCandidate, ...]:
        """Return everything on the record that may be a customer number, most likely first.

        Numbers under another's label are left out. Where a label announces a number and only some signs of one were read,
        those are a candidate too, without a form. Of a struck-out number and the one written beside it, the one that passes
        the check is left, not surely read.
        """
        found = self._found(record)
        by_label: dict[tuple[int, int], list[NumberCandidate]] = {}
        loose: list[NumberCandidate] = []
        for place, role in found.numbers:
            candidate = self._candidate(place, role, looks_at(request_for(place, role), rereads))
            if place.is_labelled and place.behind:
                loose.append(_rest_behind(place, candidate))
            if place.is_labelled and place.label is not None:
                by_label.setdefault((id(place.label_row), place.label.start), []).append(candidate)
            else:
                loose.append(candidate)
        for empty, role in found.empty:
            seen = self._looked(empty, role, looks_at(request_beside(empty, role), rereads))
            loose += [seen] if seen is not None else []
            if seen is None or seen.number == UNREAD:
                loose += _fragments(empty, role)
        labelled = [candidate for group in by_label.values() for candidate in _corrected(group)]
        return tuple(sorted((*candidates_in_codes(record, self._forms), *labelled, *loose), key=_unlikeliness))

    def rereads(self, record: RecordText) -> tuple[RereadRequest, ...]:
        """Return the places where a second, number-only look would decide something; () where all is surely read.

        Announced numbers first that are doubtful or fail their check, then labels without a number, then doubtful numbers
        without a label. A role whose number is surely read and valid needs no second look, unless its form has no check.
        """
        found = self._found(record)
        candidates = [(place, role, self._candidate(place, role, ())) for place, role in found.numbers]
        codes = candidates_in_codes(record, self._forms)
        if any(code.is_valid and code.labelled for code in codes):
            return ()
        sure = {role for place, role, c in candidates if c.labelled and self._needs_no_look(place, c)}
        wanted = [
            (place, role, candidate)
            for place, role, candidate in candidates
            if role not in sure and not self._needs_no_look(place, candidate) and not _is_no_number(candidate)
        ]
        announced = [request_for(place, role) for place, role, candidate in wanted if candidate.labelled]
        labels = [request_beside(empty, role) for empty, role in found.empty if role not in sure]
        others = [request_for(place, role) for place, role, candidate in wanted if not candidate.labelled]
        return without_doubles([*announced, *(request for request in labels if request is not None), *others])

    def _needs_no_look(self, place: NumberPlace, candidate: NumberCandidate) -> bool:
        """Return whether nothing is left to see: surely read, valid, and either checked or the file's own text."""
        is_own = place.sheet.page.source is TextSource.OWN
        return candidate.surely_read and candidate.is_valid and (is_own or self._forms.is_checked(candidate.number))

    def _found(self, record: RecordText) -> _Found:
        pages = [self._found_on(sheet) for sheet in sheets_of(record)]
        return _Found(
            tuple(number for page in pages for number in page.numbers),
            tuple(place for page in pages for place in page.empty),
        )

    def _found_on(self, sheet: Sheet) -> _Found:
        def find() -> _Found:
            marks: tuple[RoleMark, ...] = role_marks(sheet)
            places, without = PlaceFinder((sheet,), self._labels, self._forms).places()
            numbers = tuple((place, role_of(place, marks)) for place in places)
            return _Found(numbers, tuple((place, place.meaning.role) for place in without))

        return self._latest.get(sheet, find)

    def _candidate(self, place: NumberPlace, role: NumberRole, looks: Sequence[Reading]) -> NumberCandidate:
        run = place.run
        joined = joined_readings(run, looks, self._forms, self._surely_read)
        assert joined is not None  # noqa: S101 - a run has signs
        return NumberCandidate(
            readings=joined.readings,
            form=joined.form,
            is_valid=joined.is_valid,
            surely_read=joined.surely_read and not place.behind,
            doubtful=joined.doubtful,
            labelled=place.is_labelled,
            role=role,
            found_by=FoundBy.HANDWRITTEN if _looks_handwritten(place) else FoundBy.PRINTED,
            evidence=evidence_of([Span(run.row, run.start, run.end)]),
        )

    def _looked(self, empty: EmptyPlace, role: NumberRole, looks: Sequence[Reading]) -> NumberCandidate | None:
        """Return what only a second look read after a label, UNREAD where it saw writing but no signs.

        The evidence is the label, for the page's text has nothing else there.
        """
        joined = joined_readings(None, looks, self._forms, self._surely_read)
        if joined is None:
            if not looks:
                return None
            joined = JoinedReadings((Reading(UNREAD, 0.0, looks[0].said_by),), None, False, False, (0,))
        hit = empty.place.hit
        return NumberCandidate(
            readings=joined.readings,
            form=joined.form,
            is_valid=joined.is_valid,
            surely_read=False,
            doubtful=joined.doubtful,
            labelled=True,
            role=role,
            found_by=FoundBy.HANDWRITTEN,
            evidence=evidence_of([Span(empty.place.row, hit.start, hit.end)]),
        )


def _rest_behind(place: NumberPlace, candidate: NumberCandidate) -> NumberCandidate:
    """Return the signs of the number that may have been written beside this one, struck out."""
    return replace(
        candidate,
        readings=(Reading(place.behind, candidate.readings[0].confidence, PAGE),),
        form=None,
        is_valid=False,
        surely_read=False,
        doubtful=tuple(range(len(place.behind))),
        found_by=FoundBy.HANDWRITTEN,
    )


def _fragments(empty: EmptyPlace, role: NumberRole) -> list[NumberCandidate]:
    """Return the digits above and below a label after which none were read, each cell as signs of its number: they may contradict."""
    return [
        NumberCandidate(
            readings=(Reading(digits, cell.confidence, PAGE),),
            form=None,
            is_valid=False,
            surely_read=False,
            doubtful=tuple(range(len(digits))),
            labelled=True,
            role=role,
            found_by=FoundBy.HANDWRITTEN,
            evidence=evidence_of([cell]),
        )
        for cell in loose_digits(empty.place)
        if (digits := "".join(sign for sign in cell.text if sign.isdigit()))
    ]


def _is_no_number(candidate: NumberCandidate) -> bool:
    """Return whether signs under no label are surely no customer number, though they have the form of one."""
    return not candidate.labelled and candidate.surely_read and not candidate.is_valid


def _unlikeliness(candidate: NumberCandidate) -> tuple[bool, bool, bool, bool, float]:
    return (
        not candidate.labelled,
        candidate.form is None,
        not candidate.is_valid,
        not candidate.surely_read,
        -candidate.readings[0].confidence,
    )


def _corrected(group: Sequence[NumberCandidate]) -> Iterable[NumberCandidate]:
    """Return the candidates of one label; of a wrong number and a right one much like it, the right one, not surely read."""
    right = [candidate for candidate in group if candidate.is_valid]
    wrong = [candidate for candidate in group if not candidate.is_valid]
    if len({candidate.number for candidate in right}) != 1 or not wrong:
        return group
    number = right[0].number
    if any(OSA.distance(number, candidate.number) > _CORRECTED_SIGNS for candidate in wrong):
        return group
    one = right[0]
    return [
        NumberCandidate(
            readings=one.readings,
            form=one.form,
            is_valid=True,
            surely_read=False,
            doubtful=one.doubtful,
            labelled=True,
            role=one.role,
            found_by=FoundBy.HANDWRITTEN,
            evidence=one.evidence,
        )
    ]


def _looks_handwritten(place: NumberPlace) -> bool:
    """Return whether a number looks written by hand: in boxes, hardly readable, or of another height than its label."""
    run = place.run
    sure = [run.confidence_at(index) for index in range(len(run.text))]
    if run.boxed or sum(sure) / len(sure) < _HAND_CONFIDENCE:
        return True
    if place.label is None or place.label_row is None:
        return False
    label = place.label_row.box(place.label.start, place.label.end).height
    own = max(run.row.words[index].box.height for index in run.row.word_indices(run.start, run.end))
    return label > 0 and not _HAND_HEIGHTS[0] <= own / label <= _HAND_HEIGHTS[1]
