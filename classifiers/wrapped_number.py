"""A number that a narrow cell broke at a hyphen: 444-8283- and, right below, 8342.

Only a number whose first row ends in one of the form's own separators goes on, and only with what fills a cell that begins at the same
left edge: the two together must be a number, or nothing is joined. Not for values of fields (`wrapped_cell`). Pure.
"""

from __future__ import annotations

import re

from classifiers.labels import EDGES, Labelled
from classifiers.layout import Row, Span, joined_row
from classifiers.number_forms import NumberForms
from classifiers.number_runs import NumberRun, runs_in

_NEXT_ROWS = 2  # a taller cell beside it may have a row between
_FARTHEST = 2.2  # heights from row to row
_SAME_LEFT = 1.0  # heights


def wrapped_run(labelled: Labelled, forms: NumberForms) -> NumberRun | None:
    """Return the number after this label that goes on in the next row of its cell, in a row of its own; None where none does."""
    separators = "".join(sign for sign in forms.separators if not sign.isspace())
    first = re.match(rf"[^{EDGES}]*\d[^{EDGES}]*", labelled.text)
    if not separators or first is None or not first.group().rstrip().endswith(tuple(separators)):
        return None
    start = labelled.hit.value_start
    span = Span(labelled.row, start, start + len(first.group().rstrip()))
    for below in labelled.sheet.rows[labelled.row_index + 1 :][:_NEXT_ROWS]:
        rest = _rest(span, below, separators)
        if rest is not None:
            row = joined_row((span, rest), 2)
            run = next(iter(runs_in(row, forms)), None)
            return run if run is not None and run.start == 0 and run.end == len(row.text) else None
    return None


def _rest(span: Span, below: Row, separators: str) -> Span | None:
    """Return the cell that begins where the number does and says nothing but signs of one."""
    if below.top - span.row.top > _FARTHEST * span.row.height:
        return None
    for start, end in below.cells():
        text = below.text[start:end].rstrip()
        is_near = abs(below.lefts[start] - span.row.lefts[span.start]) <= _SAME_LEFT * span.row.height
        if is_near and re.fullmatch(rf"[A-Z0-9 {re.escape(separators)}]+", text) and re.search(r"\d", text):
            return Span(below, start, start + len(text))
    return None
