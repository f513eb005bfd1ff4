"""Which cells of a table belong to a label where reading row by row would part them: by their places on the page alone.

1. A value of several rows: 松江市河东区阳光新城29号楼8 above the label's middle, 号门市 below it. What begins at one left edge, in
   rows as close as those of a text, evenly above and below the label or from its row on, and beside no other label, is one value.
2. Heads in one row and their values below them, each of one or more rows.
3. A label that is broken itself: 房屋坐落地 above 址, Heat above meter above No.
Not for a value that stands in one row with its label (`reach.after`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from classifiers.labels import EDGES, LabelHit, Labelled, label_form
from classifiers.layout import Cell, Row, Sheet, Span, joined_row
from classifiers.reach import Hits, Reach, after, cells_of
from ingest.normalise import is_han

_FARTHEST = 3.2  # heights of a row from the label's middle; cells of more rows are texts
_SAME_LEFT = 0.7  # heights
_SAME_MIDDLE = 0.4
_EVEN = 0.45  # how far the middle of all rows may be from the label's
_CLOSEST_PART = 0.6  # heights from one row of a label to the next
_CLOSEST, _CLOSE = 0.7, 1.9  # heights from one row of a cell to the next
_CLOSE_BELOW = 1.6  # the same where only rows below belong: the next cell of the table is farther
_MOST_ROWS = 3
_WHOLE_NUMBER = re.compile(r"[¥￥]?[\d.,:/-]+\s?(?:元|㎡|m2|m²|平方米|℃|%)?")
_HEAD_ROWS = 6  # rows below a head in which its value may stand
_BELOW_HEAD = 3.6  # heights from a head to the first row of its value
_LONGEST_LABEL, _LONGEST_END = 12, 5  # signs of a label, and of its part that went into the next row
_BROKEN_SCORE = 0.9


def cell_text(place: Labelled, hits: Hits) -> Reach | None:
    """Return all rows of the label's value where it has several, or stands below it; None where the label's own row has it."""
    if place.own_row is not None:
        return None
    label = place.sheet.cell(place.row, place.hit.start, place.hit.end)
    end = place.row.lefts[place.end] if not place.is_last else place.sheet.right_edge + label.height
    rows = _beside(place.sheet.cells, label, end)
    return Reach(tuple(cell.span for cell in rows)) if len(rows) > 1 else _below(place, hits)


def broken_labels(sheet: Sheet, label_of: Callable[[str], str | None], hits: Hits) -> Iterator[Labelled]:
    """Yield the labels that go on in the next row of their cell or the next two, each in a row of its own with its value."""
    cells = [cell for cell in sheet.cells if len(cell.span.text) <= _LONGEST_LABEL and _is_worded(cell)]
    ends = [cell for cell in cells if len(cell.span.text.strip()) <= _longest_end(cell)]
    for first in cells:
        for second in ends:
            if not _goes_on(first, second) or label_of(second.span.text) == label_of(_text_of((first, second))):
                continue
            thirds = [(first, second, third) for third in ends if not _has_han(first) and _goes_on(second, third)]
            stacks: list[tuple[Cell, ...]] = [*thirds, (first, second)]
            place = next(filter(None, (_labelled_stack(sheet, stack, label_of, hits) for stack in stacks)), None)
            if place is not None:
                yield place


def _labelled_stack(
    sheet: Sheet, stack: tuple[Cell, ...], label_of: Callable[[str], str | None], hits: Hits
) -> Labelled | None:
    label = label_of(_text_of(stack))
    is_whole = _has_han(stack[-1]) and label_of(stack[-1].span.text) is not None  # a label of its own stands below
    return _joined(sheet, label, stack, hits) if label is not None and not is_whole else None


def _text_of(stack: Sequence[Cell]) -> str:
    return "".join(cell.span.text.strip() for cell in stack)


def _longest_end(cell: Cell) -> int:
    return _LONGEST_END if _has_han(cell) else _LONGEST_LABEL


def _joined(sheet: Sheet, label: str, stack: Sequence[Cell], hits: Hits) -> Labelled | None:
    first, right = stack[0], max(cell.right for cell in stack)
    middle = (first.middle + stack[-1].middle) / 2
    whole = Cell(first.span, min(cell.left for cell in stack), right, middle, first.height)
    following = (
        cell.left
        for cell in sheet.cells
        if cell.left > right
        and abs(cell.middle - middle) <= first.height
        and any(hit.start <= cell.span.start < hit.end for hit in hits(cell.span.row))
    )
    others = tuple(cell for cell in sheet.cells if cell not in stack)
    values = _beside(others, whole, min(following, default=sheet.right_edge + first.height))
    if not values:
        return None
    row = joined_row([*(cell.span for cell in stack), *(cell.span for cell in values)], len(stack))
    length = sum(cell.span.end - cell.span.start for cell in stack)
    hit = LabelHit(label, _BROKEN_SCORE, 0, length, length + 1, False)
    index = next(i for i, other in enumerate(sheet.rows) if other is first.span.row)
    return Labelled(hit, sheet, index, len(row.text), row)


def _is_worded(cell: Cell) -> bool:
    return any(map(str.isalpha, cell.span.text)) and not re.search(r"[:：\d]", cell.span.text)


def _has_han(cell: Cell) -> bool:
    return any(map(is_han, cell.span.text))


def _goes_on(first: Cell, second: Cell) -> bool:
    """Return whether the second cell can be the rest of the first: right below it, at the same left edge or middle."""
    if not _CLOSEST_PART * first.height <= second.middle - first.middle <= _CLOSE * first.height:
        return False
    left = abs(second.left - first.left)
    centre = abs((second.left + second.right) - (first.left + first.right)) / 2
    return min(left, centre) <= _SAME_LEFT * first.height


def _beside(cells: Sequence[Cell], label: Cell, end: float) -> tuple[Cell, ...]:
    """Return the rows, from the top, of the value that stands to the right of the label and before `end`; () if there is none."""
    near = [cell for cell in cells if _belongs(cell, label, end)]
    at_height = [cell for cell in near if abs(cell.middle - label.middle) <= label.height]
    if not at_height:
        return ()
    left = min(cell.left for cell in at_height)  # what stands farther right belongs to a label that is not known
    column = [cell for cell in near if abs(cell.left - left) <= _SAME_LEFT * label.height]
    first = min(column, key=lambda cell: abs(cell.middle - label.middle))
    free = [cell for cell in column if not _is_beside_another(cell, label, cells)]
    return _rows(free, first, label)


def _belongs(cell: Cell, label: Cell, end: float) -> bool:
    """Return whether a cell stands to the right of the label, before what follows it in its row, and not far above or below."""
    slack = 0.5 * label.height
    is_near = abs(cell.middle - label.middle) <= _FARTHEST * label.height
    return is_near and cell.left >= label.right - slack and cell.left < end - slack and cell.right <= end + slack


def _is_beside_another(cell: Cell, label: Cell, cells: Sequence[Cell]) -> bool:
    """Return whether another cell stands in the label's column at the height of this one: then that one is its label."""
    return any(
        other.right > label.left
        and other.left < label.right
        and abs(other.middle - cell.middle) <= _SAME_MIDDLE * label.height
        and abs(other.middle - label.middle) > _SAME_MIDDLE * label.height
        for other in cells
    )


def _rows(cells: Sequence[Cell], first: Cell, label: Cell) -> tuple[Cell, ...]:
    """Return the rows that are one value with the one nearest to the label; that one alone where none is."""
    run = _run(sorted(cells, key=lambda cell: cell.middle), first, label.height)
    for count in range(2, min(len(run), _MOST_ROWS) + 1):
        for start in range(len(run) - count + 1):
            rows = run[start : start + count]
            middle = (rows[0].middle + rows[-1].middle) / 2
            if first in rows and abs(middle - label.middle) <= _EVEN * label.height and not _is_single(rows, label):
                return tuple(rows)
    at = next((i for i, cell in enumerate(run) if cell is first), 0)
    below = _run(run[at : at + _MOST_ROWS], first, label.height, _CLOSE_BELOW)
    is_at_top = abs(first.middle - label.middle) <= _SAME_MIDDLE * label.height
    return tuple(below) if is_at_top and len(below) > 1 else (first,)


def _is_single(rows: Sequence[Cell], label: Cell) -> bool:
    """Return whether two rows are one that stands right beside the label, and a neighbour."""
    return len(rows) == 2 and any(abs(row.middle - label.middle) <= 0.2 * label.height for row in rows)


def _run(cells: Sequence[Cell], first: Cell, height: float, close: float = _CLOSE) -> list[Cell]:
    """Return the cells around the first one, from the top, that follow each other as closely as the rows of one text."""
    run: list[Cell] = []
    for cell in cells:
        if run and not _CLOSEST * height <= cell.middle - run[-1].middle <= close * height:
            if first in run:
                break
            run = []
        run.append(cell)
    return run if first in run else [first]


def _below(place: Labelled, hits: Hits) -> Reach | None:
    """Return the value below a label that stands in a row of heads; None where its row is none, or nothing stands below."""
    heads = [place.sheet.cell(place.row, start, end) for start, end in place.row.cells()]
    own = next((head for head in heads if head.span.start <= place.hit.start < head.span.end), None)
    if own is None or place.hit.has_colon or not _is_head(own, hits) or not _are_heads(place, heads, hits):
        return None
    rows = _rows_below(place, own, hits)
    cells = [place.sheet.cell(row, span.start, span.end) for row in rows for span in _parts(row)]
    of_head = [(cell, _head_of(cell, heads)) for cell in cells]
    says_something = re.search(
        r"\w", after(place).text
    )  # a label that is not known, or the value: then no column is empty
    if says_something and not all(any(head is other for _, other in of_head) for head in heads):
        return None
    values = sorted((cell for cell, head in of_head if head is own), key=lambda cell: cell.middle)
    if not values:
        return None
    run = _run(values, values[0], own.height)
    rows_of_table = len(run) > _MOST_ROWS or any(_are_alike(*pair) for pair in pairwise(run))
    return Reach(tuple(cell.span for cell in run[: 1 if rows_of_table else None]))


def _parts(row: Row) -> tuple[Span, ...]:
    """Return the cells of a row of values; a row without edges is one."""
    return cells_of(row) if any(edge in row.text for edge in EDGES) else (Span(row, 0, len(row.text)),)


def _are_alike(one: Cell, other: Cell) -> bool:
    """Return whether two cells below each other are values of two rows of a table: two numbers, or the same word twice."""
    first, second = one.span.text.strip(), other.span.text.strip()
    return first == second or bool(_WHOLE_NUMBER.fullmatch(first) and _WHOLE_NUMBER.fullmatch(second))


def _are_heads(place: Labelled, heads: Sequence[Cell], hits: Hits) -> bool:
    """Return whether a row is one of heads: labels only, or mostly, where something that is no known label stands after this one."""
    known = sum(_is_head(head, hits) for head in heads)
    if any(re.search(r"\d", head.span.text) for head in heads):
        return False
    return known == len(heads) or (known > 1 and 2 * known > len(heads)) or not re.search(r"\w", after(place).text)


def _is_head(cell: Cell, hits: Hits) -> bool:
    """Return whether a label fills the whole cell."""
    wanted = label_form(cell.span.text)
    return any(
        cell.span.start <= hit.start and hit.end <= cell.span.end + 1
        and len(label_form(cell.span.row.text[hit.start : hit.end])) == len(wanted)
        for hit in hits(cell.span.row)
    )  # fmt: skip


def _rows_below(place: Labelled, own: Cell, hits: Hits) -> list[Row]:
    """Return the rows below a row of heads up to the next row that begins with a label."""
    found: list[Row] = []
    for row in place.sheet.rows[place.row_index + 1 : place.row_index + 1 + _HEAD_ROWS]:
        cells = [place.sheet.cell(row, start, end) for start, end in row.cells()]
        far = not found and min((c.middle for c in cells), default=own.middle) - own.middle > _BELOW_HEAD * own.height
        if far or any(_is_head(cell, hits) or _begins(cell, hits) for cell in cells):
            break
        found.append(row)
    return found


def _begins(cell: Cell, hits: Hits) -> bool:
    """Return whether a cell begins with a label and its colon: then it is a line of its own."""
    return any(hit.start == cell.span.start and hit.has_colon for hit in hits(cell.span.row))


def _head_of(cell: Cell, heads: Sequence[Cell]) -> Cell:
    """Return the head in whose column a cell stands: the one at the same left edge or middle, else the one it lies under most."""

    def distance(head: Cell) -> float:
        left = abs(cell.left - head.left)
        centre = abs((cell.left + cell.right) - (head.left + head.right)) / 2
        return min(left, centre)

    aligned = min(heads, key=distance)
    if distance(aligned) <= _SAME_LEFT * cell.height:
        return aligned
    return max(heads, key=lambda head: min(head.right, cell.right) - max(head.left, cell.left))
