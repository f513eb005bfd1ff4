"""Where a sentence stands that belongs to a label: in running text words like 收费面积 are no labels, and tall cells have no common row.

1. A label's row goes on over words that would be labels elsewhere: 用户反映收费面积有误 ends at no 收费面积.
2. In a form of tall cells the label stands in the middle of its cell, and the sentence beside it begins at the top: in a row of its own
   above the label's. The row below the label is then the beginning of the next cell.
Not for values of a known form (`reach`, `wrapped_cell`). Pure.
"""

from __future__ import annotations

from classifiers.labels import EDGES, LabelHit, Labelled
from classifiers.layout import Row, Span
from classifiers.reach import Hits, Reach

_LEGIBLE = 0.8  # a stamp that lies there is read as well, but badly
_FARTHEST = 4.0  # heights of the label, from its row to the sentence's


def sentence_after(place: Labelled, hits: Hits) -> Reach:
    """Return what stands after the label in its row, up to the next label that stands as one."""
    later = (hit for hit in hits(place.row) if hit.start >= place.hit.value_start)
    end = next((hit.start for hit in later if _is_apart(place.row, hit)), len(place.row.text))
    return Reach((Span(place.row, place.hit.value_start, end),)) if place.hit.value_start < end else Reach(())


def sentence_above(place: Labelled, hits: Hits) -> Reach | None:
    """Return the row right above a label that stands alone in its row, where it is nearer than the one below and beside the label."""
    is_alone = place.is_last and place.hit.start == 0 and not place.text.strip(EDGES + " ")
    if place.own_row is not None or place.row_index == 0 or not is_alone:
        return None
    above, below = place.sheet.rows[place.row_index - 1], place.sheet.below(place.row_index)
    right = place.row.rights[place.hit.end - 1]
    if above.confidence(0, len(above.text)) < _LEGIBLE:
        return None
    if above.lefts[0] < right or any(_is_apart(above, hit) for hit in hits(above)):
        return None
    distance = place.row.top - above.bottom
    if distance > _FARTHEST * place.row.height or (below is not None and below.top - place.row.bottom < distance):
        return None
    return Reach((Span(above, 0, len(above.text)),))


def _is_apart(row: Row, hit: LabelHit) -> bool:
    """Return whether a label stands as one, with its colon, by itself, or before a number, and not inside or at the end of a sentence."""
    before, value = row.text[: hit.start][-1:], row.text[hit.value_start :][:1]
    is_free = bool(before) and not before.isalnum()
    return hit.has_colon or is_free or (hit.value_start > hit.end and value.isascii() and value.isalnum())
