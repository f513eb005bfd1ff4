"""Which label a number on the page belongs to: in its row, beside it at another height, or above it in a table's column.

A number under another's label is nobody's customer number, whatever it looks like. A number whose label we do not know is
unlabelled: worth a look in the register, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.labels import EDGES, LabelHit, Labelled
from classifiers.layout import GAP, Row, Sheet, Span
from classifiers.number_forms import NumberForms
from classifiers.number_labels import LabelSort, NumberLabel, NumberLabels
from classifiers.number_runs import NumberRun, boxed_runs, runs_in
from classifiers.wrapped_number import wrapped_run
from ingest.normalise import is_han

_TEXT_BETWEEN = 2  # Han signs or letters between a label and a number: the number has another, unknown label
_NUMBER_SIGNS = 5  # digits in a row that count as a value of their own
_ROWS_ABOVE = 3
_LOST_SIGNS = 3  # of a number written by hand
_DIGITS_BEHIND = re.compile(rf"[\s{EDGES}/,，、]*(\d{{3,}})(?![\d.:：/年-])")
_SENTENCE = 8  # letters right after a label, with nothing between
_WRAPPED_ROWS = 2.2  # of the row's height: so near stands the other row of a label
_DIGITS_ONLY = re.compile(r"[\d\s|丨口□-]*\d[\d\s|丨口□-]*")
_FEWEST_DIGITS = 4
_ROWS_AROUND = 2
_SAME_HEIGHT = 0.2  # of the lower height: handwriting stands a little above or below its label


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """A run of signs on a page and the label it stands under; `label` is None where none is known.

    `behind` = the digits right behind it, where they are so many that they may be another number, written beside a struck-out one.
    """

    sheet: Sheet
    row_index: int
    run: NumberRun
    label: LabelHit | None
    meaning: NumberLabel | None
    label_row: Row | None
    behind: str = ""

    @property
    def is_labelled(self) -> bool:
        """Return whether a label of customer numbers announces it."""
        return self.meaning is not None and self.meaning.sort is LabelSort.CUSTOMER


@dataclass(frozen=True, slots=True)
class EmptyPlace:
    """A label of customer numbers after which nothing was read that could be one."""

    place: Labelled
    meaning: NumberLabel


@dataclass(frozen=True, slots=True)
class _Governor:
    hit: LabelHit
    row: Row
    meaning: NumberLabel


class PlaceFinder:
    """Finds the numbers of one record's pages; keeps the labels of each row that it has seen."""

    def __init__(self, sheets: Sequence[Sheet], labels: NumberLabels, forms: NumberForms) -> None:
        self._sheets = sheets
        self._labels = labels
        self._forms = forms
        self._hits: dict[int, tuple[LabelHit, ...]] = {}

    def places(self) -> tuple[tuple[NumberPlace, ...], tuple[EmptyPlace, ...]]:
        """Return the numbers that may be a customer's, from the top of the first page, and the labels without one."""
        found: list[NumberPlace] = []
        empty: list[EmptyPlace] = []
        for sheet in self._sheets:
            taken: set[tuple[int, int]] = set()
            plain = [place for index in range(len(sheet.rows)) for place in self._plain(sheet, index)]
            for place in plain:
                if place.label is not None and place.label_row is not None:
                    taken.add((id(place.label_row), place.label.start))
            found += [place for place in plain if place.meaning is None or place.meaning.sort is not LabelSort.NOT]
            for index in range(len(sheet.rows)):
                for labelled, meaning in self._wanted(sheet, index):
                    if (id(labelled.row), labelled.hit.start) in taken:
                        continue
                    wrapped = wrapped_run(labelled, self._forms)
                    if wrapped is not None:
                        found.append(NumberPlace(sheet, index, wrapped, labelled.hit, meaning, labelled.row))
                        continue
                    boxed = self._boxed(labelled, meaning)
                    found += boxed
                    if not boxed and not _goes_on(labelled):
                        empty.append(EmptyPlace(labelled, meaning))
        return tuple(found), tuple(empty)

    def hits(self, row: Row) -> tuple[LabelHit, ...]:
        """Return the labels of a row."""
        if id(row) not in self._hits:
            self._hits[id(row)] = self._labels.hits(row)
        return self._hits[id(row)]

    def _plain(self, sheet: Sheet, row_index: int) -> list[NumberPlace]:
        row = sheet.rows[row_index]
        found: list[NumberPlace] = []
        for run in runs_in(row, self._forms):
            if any(hit.start < run.end and run.start < hit.end for hit in self.hits(row)):
                continue
            governor = self._governor(sheet, row_index, run)
            hit, label_row, meaning = (governor.hit, governor.row, governor.meaning) if governor else (None, None, None)
            behind = _behind(run, self.hits(row)) if hit is not None else ""
            found.append(NumberPlace(sheet, row_index, run, hit, meaning, label_row, behind))
        return found

    def _wanted(self, sheet: Sheet, row_index: int) -> list[tuple[Labelled, NumberLabel]]:
        row = sheet.rows[row_index]
        hits = self.hits(row)
        found = []
        for hit, following in zip(hits, (*hits[1:], None), strict=False):
            meaning = self._labels.meaning(hit)
            if meaning.sort is LabelSort.CUSTOMER and self._labels.stands_alone(row, hit):
                end = following.start if following else len(row.text)
                found.append((Labelled(hit, sheet, row_index, end), meaning))
        return found

    def _boxed(self, labelled: Labelled, meaning: NumberLabel) -> list[NumberPlace]:
        runs = boxed_runs(labelled.row, labelled.hit.end, labelled.end, self._forms)
        at = labelled.sheet, labelled.row_index
        return [NumberPlace(*at, run, labelled.hit, meaning, labelled.row) for run in runs]

    def _governor(self, sheet: Sheet, row_index: int, run: NumberRun) -> _Governor | None:
        """Return the label of a number.

        1. A label that fills the cell to its left in two rows, such as Customer / ID.
        2. The nearest label to its left in its row, unless the number has an unknown label of its own.
        3. A label to its left in a row that reaches to the same height: handwriting stands higher or lower than print.
        4. The label above it in the column of a table, or the last one of the row above where that says nothing more.
        """
        row = sheet.rows[row_index]
        wrapped = self._wrapped(sheet, row_index, run)
        if wrapped is not None:
            return wrapped
        before = [hit for hit in self.hits(row) if hit.end <= run.start]
        if before:
            return self._in_row(row, before[-1], row.text[before[-1].value_start : run.start])
        if _says_something(row.text[: run.start].rpartition(GAP)[2]):
            return None
        return self._beside(sheet, row_index, run) or self._above(sheet, row_index, run)

    def _wrapped(self, sheet: Sheet, row_index: int, run: NumberRun) -> _Governor | None:
        row = sheet.rows[row_index]
        cells = [cell for cell in row.cells() if cell[1] <= run.start and _has_word(row.text[slice(*cell)])]
        if not cells:
            return None
        start, end = cells[-1]
        edges = row.lefts[start], row.rights[end - 1]
        for index in (row_index + 1, row_index - 1):
            other = sheet.rows[index] if 0 <= index < len(sheet.rows) else None
            if other is None or abs(other.top - row.top) > _WRAPPED_ROWS * row.height:
                continue
            texts = [row.text[start:end], _across(other, *edges)]
            label, meaning = self._labels.of_text("".join(texts if index > row_index else reversed(texts)))
            if meaning is not None and meaning.sort is not LabelSort.OTHER and texts[1]:
                hit = LabelHit(label, 1.0, start, end, run.start, has_colon=False)
                return _Governor(hit, row, meaning)
        return None

    def _in_row(self, row: Row, hit: LabelHit, between: str) -> _Governor | None:
        meaning = self._labels.meaning(hit)
        if meaning.sort is LabelSort.OTHER:
            return None
        if meaning.sort is LabelSort.NOT:
            value = re.search(rf"\d{{{_NUMBER_SIGNS},}}", between)
            own_label = value is not None and _says_something(between[value.end() :])
            return None if own_label else _Governor(hit, row, meaning)
        if _says_something(between) or not self._labels.stands_alone(row, hit):
            return None
        return _Governor(hit, row, meaning)

    def _beside(self, sheet: Sheet, row_index: int, run: NumberRun) -> _Governor | None:
        row = sheet.rows[row_index]
        left = row.lefts[run.start]
        for index in (row_index - 1, row_index + 1):
            if not 0 <= index < len(sheet.rows):
                continue
            other = sheet.rows[index]
            common = min(row.bottom, other.bottom) - max(row.top, other.top)
            if common < _SAME_HEIGHT * min(row.height, other.height):
                continue
            before = [hit for hit in self.hits(other) if other.rights[hit.end - 1] <= left + other.height / 2]
            if not before:
                continue
            hit = before[-1]
            stop = next((i for i in range(hit.end, len(other.text)) if other.lefts[i] >= left), len(other.text))
            governor = self._in_row(other, hit, other.text[hit.value_start : stop])
            if governor is not None:
                return governor
        return None

    def _above(self, sheet: Sheet, row_index: int, run: NumberRun) -> _Governor | None:
        row = sheet.rows[row_index]
        left, right = row.lefts[run.start], row.rights[run.end - 1]
        for index in range(row_index - 1, max(-1, row_index - 1 - _ROWS_ABOVE), -1):
            other = sheet.rows[index]
            hits = self.hits(other)
            for position, hit in enumerate(hits):
                stop = hits[position + 1].start if position + 1 < len(hits) else len(other.text)
                rest = other.text[hit.value_start : stop]
                wrapped = index == row_index - 1 and position == len(hits) - 1 and not _has_word(row.text[: run.start])
                over = min(right, other.rights[hit.end - 1]) - max(left, other.lefts[hit.start]) > 0
                if (over or wrapped) and not _has_word(rest):
                    meaning = self._labels.meaning(hit)
                    if meaning.sort is not LabelSort.OTHER and self._labels.stands_alone(other, hit):
                        return _Governor(hit, other, meaning)
                    return None
        return None


def loose_digits(place: Labelled) -> tuple[Span, ...]:
    """Return the cells of mere digits right above and below an empty label, from its left edge on: signs written higher or lower.

    Digits that stand behind words or another label in their row are theirs, and left out.
    """
    row, found = place.row, list[Span]()
    for other in place.sheet.rows[max(0, place.row_index - _ROWS_AROUND) : place.row_index + _ROWS_AROUND + 1]:
        if other is row or abs(other.top - row.top) > _WRAPPED_ROWS * max(row.height, other.height):
            continue
        cells = [Span(other, start, end) for start, end in other.cells()]
        if all(_DIGITS_ONLY.fullmatch(cell.text) for cell in cells):
            found += [cell for cell in cells if other.rights[cell.end - 1] > row.lefts[place.hit.start]]
    return tuple(found) if sum(sign.isdigit() for cell in found for sign in cell.text) >= _FEWEST_DIGITS else ()


def _across(row: Row, left: float, right: float) -> str:
    """Return the text of the cell of a row that stands above or below these edges; "" where none does."""
    cells = (cell for cell in row.cells() if row.lefts[cell[0]] < right and left < row.rights[cell[1] - 1])
    return "".join(row.text[slice(*cell)] for cell in cells).strip()


def _behind(run: NumberRun, hits: Sequence[LabelHit]) -> str:
    """Return the next thing in the row where it is the better part of another number that lost some signs, "" where it is not."""
    stop = next((hit.start for hit in hits if hit.start >= run.end), len(run.row.text))
    found = _DIGITS_BEHIND.match(run.row.text[run.end : stop])
    return found[1] if found is not None and len(run.text) - _LOST_SIGNS <= len(found[1]) < len(run.text) else ""


def _goes_on(labelled: Labelled) -> bool:
    """Return whether a sentence goes on after the label, so that no number is meant to stand there."""
    between = labelled.row.text[labelled.hit.end : labelled.hit.value_start]
    is_form = labelled.hit.has_colon or any(edge in between for edge in EDGES)
    return not is_form and sum(sign.isalpha() for sign in labelled.text) >= _SENTENCE


def _says_something(text: str) -> bool:
    """Return whether words stand there, such as an unknown label."""
    return (
        sum(is_han(sign) or (sign.isascii() and sign.isalpha()) for sign in text if sign not in "口丨一")
        >= _TEXT_BETWEEN
    )


def _has_word(text: str) -> bool:
    return re.search(r"\w", text) is not None
