"""Where the value of a label may stand: after it in the row, going on in the next row, or below it in a table's column.

Not for reading values: it hands out text, and brings a piece of that text back to its words (the evidence).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from classifiers.labels import EDGES, LabelHit, Labelled
from classifiers.layout import GAP, Row, Sheet, Span

_LONG_ROW = 0.80  # of the longest row's reach: a sentence that goes so far may go on below
_TABLE_ROWS = 8

Hits = Callable[[Row], tuple[LabelHit, ...]]


@dataclass(frozen=True, slots=True)
class Reach:
    """Text made of stretches of rows, first to last, with a way back from its signs to their words."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """Return the signs, edges included, rows joined without anything between."""
        return "".join(span.row.text[span.start : span.end] for span in self.spans)

    def back(self, start: int, end: int) -> tuple[Span, ...]:
        """Return where the signs [start, end) of the text stand, none empty."""
        found: list[Span] = []
        offset = 0
        for span in self.spans:
            length = span.end - span.start
            first, last = max(start - offset, 0), min(end - offset, length)
            if first < last:
                found.append(Span(span.row, span.start + first, span.start + last))
            offset += length
        return tuple(found)


def after(place: Labelled) -> Reach:
    """Return what stands after the label in its row, up to the next label; a bracketed hint such as (签章) is left out."""
    start = place.hit.value_start
    hint = re.match(r"\s*[(（〔][^)）\d]{1,6}[)）〕]\s*[:：]?\s*", place.row.text[start : place.end])
    if hint:
        start += hint.end()
    return Reach((Span(place.row, start, place.end),)) if start < place.end else Reach(())


def with_next_row(place: Labelled, hits: Hits) -> Reach:
    """Return the same, going on into the next row where the label is the last of a row that is long or says nothing after it.

    The next row counts up to its first label. Where label and values stand in rows of cells, one below the other, it is the
    cell below the label that counts.
    """
    first = after(place)
    following = place.sheet.below(place.row_index)
    says_nothing = not re.search(r"\w", first.text)
    if following is None:
        return first
    if says_nothing and (place.is_last or not place.hit.has_colon) and not hits(following):
        cell = _cell_below(place, following)
        if cell is not None:
            return Reach((cell,))
    if not place.is_last or (not says_nothing and place.row.right < _LONG_ROW * place.sheet.right_edge):
        return first
    end = next((hit.start for hit in hits(following)), len(following.text))
    return Reach((*first.spans, Span(following, 0, end))) if end else first


def _cell_below(place: Labelled, following: Row) -> Span | None:
    """Return the cell below the label where edges part both rows into cells; None where the next row is no row of values."""
    if not all(any(edge in row.text for edge in EDGES) for row in (place.row, following)):
        return None
    head, cells = cells_of(place.row), cells_of(following)
    index = next((i for i, cell in enumerate(head) if cell.start <= place.hit.start < cell.end), None)
    return _under(head, index, cells) if index is not None and len(head) > 1 and len(cells) > 1 else None


def column(place: Labelled, stops: Callable[[Row], bool]) -> tuple[Span, ...]:
    """Return the cells below a table's head, one a row, from the next row until `stops` or a row without such a cell.

    By place on the page; where the rows have as many cells as the head, by count.
    """
    head = cells_of(place.row)
    index = next((i for i, cell in enumerate(head) if cell.start <= place.hit.start < cell.end), None)
    if index is None:
        return ()
    found: list[Span] = []
    rows = place.sheet.rows[place.row_index + 1 : place.row_index + 1 + _TABLE_ROWS]
    for row in rows:
        if stops(row):
            break
        cell = _under(head, index, cells_of(row))
        if cell is not None:
            found.append(cell)
    return tuple(found)


def cells_of(row: Row) -> tuple[Span, ...]:
    """Return the cells of a table's row: stretches between edges, and between blanks where there are no edges."""
    parts = re.compile(rf"[^{EDGES}]+" if any(e in row.text for e in EDGES) else r"\S+")
    spans = [Span(row, m.start(), m.end()) for m in parts.finditer(row.text) if re.search(r"\w", m.group())]
    out: list[Span] = []
    for span in spans:
        pieces = [Span(row, span.start + m.start(), span.start + m.end()) for m in re.finditer(r"\S+", span.text)]
        both_numbers = len(pieces) > 1 and all(re.search(r"\d", piece.text) for piece in pieces)
        out += pieces if both_numbers else [span]
    return tuple(out)


def _under(head: Sequence[Span], index: int, cells: Sequence[Span]) -> Span | None:
    left, right = _edges(head[index])
    best: tuple[float, Span] | None = None
    for cell in cells:
        cell_left, cell_right = _edges(cell)
        across = min(right, cell_right) - max(left, cell_left)
        if across > 0 and (best is None or across > best[0]):
            best = (across, cell)
    if best is not None:
        return best[1]
    return cells[index] if len(cells) == len(head) else None


def _edges(span: Span) -> tuple[float, float]:
    return span.row.lefts[span.start], span.row.rights[span.end - 1]


def widest_gap(spans: Sequence[Span]) -> float:
    """Return the widest space inside a value, in heights of its row: a wide one means that a sign was lost there."""
    widest = 0.0
    for span in spans:
        row = span.row
        indices = row.word_indices(span.start, span.end)
        for before, following in pairwise(indices):
            gap = row.words[following].box.left - row.words[before].box.right
            widest = max(widest, gap / max(row.height, 1.0))
    return widest


def has_gap(text: str) -> bool:
    """Return whether a cell's edge runs through the text."""
    return any(edge in text.strip(EDGES + " ") for edge in (GAP, "|", "丨"))


def sheet_text(sheet: Sheet) -> Reach:
    """Return the whole page as one text."""
    return Reach(tuple(Span(row, 0, len(row.text)) for row in sheet.rows))
