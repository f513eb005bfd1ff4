"""A form laid open for extracting: its rows, its labels, its dates; and a value found on it with the words it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from classifiers.dates import dates_in
from classifiers.labels import LabelFinder, LabelHit, Labelled, labelled
from classifiers.layout import Row, Sheet, Span, sheets_of
from classifiers.values import FieldValue, RecordText
from classifiers.wrapped_cell import broken_labels


@dataclass(frozen=True, slots=True)
class Found:
    """A value read at a place: `sureness` says how well it fits its type and place (0.0-1.0), words not yet counted.

    `is_proven` = other values of the form come out with it, so that it is right however badly its signs look. `is_taught` = persons taught the label.
    """

    value: FieldValue
    spans: tuple[Span, ...]
    sureness: float
    is_box: bool = False
    is_proven: bool = False
    is_taught: bool = False

    @property
    def mean_confidence(self) -> float:
        """Return the mean confidence of the words; 1.0 where no words carry the value."""
        weights = [(span.confidence, span.end - span.start) for span in self.spans]
        total = sum(length for _, length in weights)
        return sum(confidence * length for confidence, length in weights) / total if total else 1.0

    @property
    def lowest_confidence(self) -> float:
        """Return the confidence of the least sure word; 1.0 where no words carry the value."""
        return min((span.row.lowest_confidence(span.start, span.end) for span in self.spans), default=1.0)


@dataclass(frozen=True, slots=True)
class DatePlace:
    """A date anywhere on the record."""

    value: date
    sheet: Sheet
    row_index: int
    span: Span
    is_clean: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One record, laid open."""

    sheets: tuple[Sheet, ...]
    places: Mapping[str, tuple[Labelled, ...]]
    dates: tuple[DatePlace, ...]
    hits: Callable[[Row], tuple[LabelHit, ...]]

    def at(self, labels: Sequence[str]) -> tuple[tuple[int, Labelled], ...]:
        """Return where these labels stand, with the label's rank in the list, in order of rank."""
        return tuple((rank, place) for rank, label in enumerate(labels) for place in self.places.get(label, ()))

    def times_seen(self, value: date) -> int:
        """Return in how many places this date stands."""
        return sum(place.value == value for place in self.dates)


def form_of(record: RecordText, finder: LabelFinder) -> Form:
    """Lay a record open."""
    sheets = sheets_of(record)
    known: dict[int, tuple[LabelHit, ...]] = {}

    def hits(row: Row) -> tuple[LabelHit, ...]:
        if id(row) not in known:
            known[id(row)] = finder.hits(row)
        return known[id(row)]

    dates = tuple(
        DatePlace(found.value, sheet, index, Span(row, found.start, found.end), found.is_clean)
        for sheet in sheets
        for index, row in enumerate(sheet.rows)
        for found in dates_in(row.text)
    )
    places = dict(labelled(sheets, hits))
    for sheet in sheets:
        for place in broken_labels(sheet, finder.label_of, hits):
            places[place.hit.label] = (*places.get(place.hit.label, ()), place)
    return Form(sheets, places, dates, hits)
