"""Where a second, number-only look at the image would decide something, and which looks belong to which place.

Not for looking: the connector does that with the scan's pixels. Boxes are in the page's displayed frame, like those of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from classifiers.layout import Row
from classifiers.number_places import EmptyPlace, NumberPlace
from classifiers.values import NumberRole, Reading, RereadRequest
from ingest.values import Box

_PAD = 0.25  # of the row's height, around signs that were read
_EMPTY_PAD = 0.6  # of the label's height, above and below it: handwriting is larger
_LONGEST_EMPTY = 16.0  # heights of the label: so far to its right a number may stand
_SHORTEST_EMPTY = 2.5
_ROWS_AROUND = 2  # whose values show where this label's begins
_OVERLAP = 0.5  # of the smaller box: one look at both is enough


def request_for(place: NumberPlace, role: NumberRole) -> RereadRequest:
    """Return the request for a second look at signs that were read."""
    run = place.run
    box = run.row.box(run.start, run.end)
    pad = _PAD * box.height
    left, right = run.row.lefts[run.start] - pad, run.row.rights[run.end - 1] + pad
    label = place.label.label if place.label is not None else ""
    return RereadRequest(
        run.row.page_number, _on_page(Box(left, box.top - pad, right, box.bottom + pad), place), role, label
    )


def request_beside(empty: EmptyPlace, role: NumberRole) -> RereadRequest | None:
    """Return the request for a look right of a label after which no number was read; None where there is no room."""
    place = empty.place
    row: Row = place.row
    box = row.box(place.hit.start, place.hit.end)
    left = row.rights[place.hit.end - 1]
    edge = row.lefts[place.end] if place.end < len(row.text) else float(place.sheet.page.width_px)
    column = _column_of_values(empty, left, box.height)
    if column is not None and column < edge:
        left = column - _EMPTY_PAD * box.height
    right = min(edge, left + _LONGEST_EMPTY * box.height)
    if right - left < _SHORTEST_EMPTY * box.height:
        return None
    pad = _EMPTY_PAD * box.height
    area = Box(left, max(0.0, box.top - pad), right, min(float(place.sheet.page.height_px), box.bottom + pad))
    return RereadRequest(row.page_number, area, role, place.hit.label)


def _column_of_values(empty: EmptyPlace, left: float, height: float) -> float | None:
    """Return where the values of the rows around begin, where leaders (热户编码……) lead from the label to them; None elsewhere."""
    place = empty.place
    if not re.search(r"[.…·_]", place.row.text[place.hit.end : place.end]):
        return None
    rows = place.sheet.rows[max(0, place.row_index - _ROWS_AROUND) : place.row_index + _ROWS_AROUND + 1]
    lefts = [row.lefts[start] for row in rows if row is not place.row for start, _ in row.cells()]
    far = sorted(other for other in lefts if other > left + _SHORTEST_EMPTY * height)
    return next((one for one, other in pairwise(far) if other - one <= 2 * height), None)


def without_doubles(requests: Sequence[RereadRequest]) -> tuple[RereadRequest, ...]:
    """Return the requests in order, without those that look at a place again."""
    kept: list[RereadRequest] = []
    for request in requests:
        if not any(_same_place(request, other) for other in kept):
            kept.append(request)
    return tuple(kept)


def looks_at(request: RereadRequest | None, rereads: Sequence[tuple[RereadRequest, Reading]]) -> tuple[Reading, ...]:
    """Return the second looks at the place of this request."""
    return tuple(reading for asked, reading in rereads if request is not None and _same_place(request, asked))


def _same_place(one: RereadRequest, other: RereadRequest) -> bool:
    if one.page_number != other.page_number:
        return False
    across = min(one.box.right, other.box.right) - max(one.box.left, other.box.left)
    down = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    if across <= 0 or down <= 0:
        return False
    smaller = min(one.box.width * one.box.height, other.box.width * other.box.height)
    return across * down >= _OVERLAP * smaller


def _on_page(box: Box, place: NumberPlace) -> Box:
    page = place.sheet.page
    return Box(
        max(0.0, box.left),
        max(0.0, box.top),
        min(float(page.width_px), box.right),
        min(float(page.height_px), box.bottom),
    )
