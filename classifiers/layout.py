"""A page's words as rows and cells: what stands in one row, what stands below, and which words a stretch of text came from.

Not for reading: words and boxes are as the recogniser gave them. It exists because forms say things by place: a value stands
right of its label, in the next cell, or below. Columns and rows are compared in the straightened frame (skew taken out);
evidence keeps the boxes of the page as displayed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from classifiers.latest import OfLatest
from classifiers.values import Evidence, EvidenceSource, RecordText
from ingest.normalise import is_han
from ingest.values import Box, Line, PageText, Word

GAP = "\t"
"""Stands in a row's text where the space between two words is wide enough for a cell's edge."""

_GAP_HEIGHTS = 0.9  # a space wider than this share of the row's height may be a cell's edge
_BLANK_HEIGHTS = 0.22  # a narrower one that still counts as a blank between letters or digits
_SAME_ROW_OVERLAP = 0.55  # share of the lower line's height
_UPRIGHT = 1.5  # so much taller than wide, several signs are set from top to bottom


@dataclass(frozen=True)
class Row:
    """One row of a page: its text with GAPs at cell edges, and for each sign the index of its word (-1 for blanks).

    `lefts` and `rights` are the straightened edges of each sign, widths inside a word shared out evenly.
    """

    page_number: int
    dpi: float
    text: str
    words: tuple[Word, ...]
    owners: tuple[int, ...]
    lefts: tuple[float, ...]
    rights: tuple[float, ...]
    top: float
    bottom: float

    @property
    def left(self) -> float:
        """Return the straightened left edge."""
        return self.lefts[0]

    @property
    def right(self) -> float:
        """Return the straightened right edge."""
        return self.rights[-1]

    @property
    def height(self) -> float:
        """Return the height of the row's signs."""
        return self.bottom - self.top

    def word_indices(self, start: int, end: int) -> tuple[int, ...]:
        """Return which words the signs of [start, end) belong to, in order."""
        return tuple(sorted({owner for owner in self.owners[start:end] if owner >= 0}))

    def confidence(self, start: int, end: int) -> float:
        """Return the mean confidence of the signs of [start, end), each as sure as its word; 0.0 if there are none."""
        sure = [self.words[owner].confidence for owner in self.owners[start:end] if owner >= 0]
        return sum(sure) / len(sure) if sure else 0.0

    def lowest_confidence(self, start: int, end: int) -> float:
        """Return the confidence of the least sure word of [start, end); 0.0 if there are none."""
        return min((self.words[i].confidence for i in self.word_indices(start, end)), default=0.0)

    def box(self, start: int, end: int) -> Box:
        """Return the box around the words that [start, end) touches; the whole row's where it touches none."""
        indices = self.word_indices(start, end) or range(len(self.words))
        return Box.around([self.words[i].box for i in indices])

    def cells(self) -> tuple[tuple[int, int], ...]:
        """Return the stretches between GAPs, as (start, end), none empty."""
        spans: list[tuple[int, int]] = []
        start = 0
        for index, sign in enumerate((*self.text, GAP)):
            if sign == GAP:
                if index > start:
                    spans.append((start, index))
                start = index + 1
        return tuple(spans)


@dataclass(frozen=True)
class Span:
    """A stretch of a row; a value that goes on in the next row is several of them."""

    row: Row
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the signs as read, cell edges as blanks."""
        return self.row.text[self.start : self.end].replace(GAP, " ")

    @property
    def confidence(self) -> float:
        """Return the mean confidence of its signs."""
        return self.row.confidence(self.start, self.end)


def evidence_of(spans: Sequence[Span], source: EvidenceSource = EvidenceSource.TEXT) -> Evidence:
    """Return the evidence of spans of one page, in reading order; at least one."""
    boxes = [span.row.box(span.start, span.end) for span in spans]
    first = spans[0].row
    return Evidence(first.page_number, Box.around(boxes), first.dpi, "".join(s.text for s in spans).strip(), source)


@dataclass(frozen=True)
class Cell:
    """A stretch of a row with its place on the straightened page, taken from its own words and not from the whole row's."""

    span: Span
    left: float
    right: float
    middle: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """One page as rows from the top."""

    page: PageText
    page_number: int
    rows: tuple[Row, ...]

    @cached_property
    def row_height(self) -> float:
        """Return the usual height of a row; 1.0 on an empty page."""
        return median(row.height for row in self.rows) if self.rows else 1.0

    @cached_property
    def right_edge(self) -> float:
        """Return where long rows end."""
        return max((row.right for row in self.rows), default=0.0)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Return the cells of all rows, none empty."""
        return tuple(self.cell(row, start, end) for row in self.rows for start, end in row.cells())

    def cell(self, row: Row, start: int, end: int) -> Cell:
        """Return the signs [start, end) of a row with their place."""
        slope = math.tan(math.radians(self.page.skew_degrees))
        boxes = [_straight(row.words[i].box, slope) for i in row.word_indices(start, end)]
        top = median(box.top for box in boxes) if boxes else row.top
        bottom = median(box.bottom for box in boxes) if boxes else row.bottom
        height = max(bottom - top, 1.0)
        return Cell(Span(row, start, end), row.lefts[start], row.rights[end - 1], (top + bottom) / 2, height)

    def below(self, index: int) -> Row | None:
        """Return the row under that one."""
        return self.rows[index + 1] if index + 1 < len(self.rows) else None


def joined_row(spans: Sequence[Span], label_spans: int) -> Row:
    """Return stretches of several rows as one row: first those of a label, then an edge, then those of its value."""
    signs: list[tuple[str, int, float, float]] = []
    words: list[Word] = []
    for count, span in enumerate(spans):
        if count == label_spans:
            signs.append((GAP, -1, signs[-1][3], span.row.lefts[span.start]))
        first = len(words)
        indices = span.row.word_indices(span.start, span.end)
        words += [span.row.words[index] for index in indices]
        at = {index: first + place for place, index in enumerate(indices)}
        for index in range(span.start, span.end):
            row = span.row
            signs.append((row.text[index], at.get(row.owners[index], -1), row.lefts[index], row.rights[index]))
    rows = [span.row for span in spans]
    texts, owners, lefts, rights = zip(*signs, strict=True)
    return Row(
        rows[0].page_number,
        rows[0].dpi,
        "".join(texts),
        tuple(words),
        owners,
        lefts,
        rights,
        min(row.top for row in rows),
        max(row.bottom for row in rows),
    )


def sheets_of(record: RecordText) -> tuple[Sheet, ...]:
    """Return the record's pages as rows, page numbers counted from 1 in the record."""
    return tuple(_sheet(page, number) for number, page in enumerate(record.pages, 1))


def _sheet(page: PageText, page_number: int) -> Sheet:
    return _sheets.get(page, lambda: Sheet(page, page_number, rows_of(page, page_number)), page_number)


# Asked for by the splitter, the rules, the labels and twice for the numbers.
_sheets: OfLatest[PageText, Sheet] = OfLatest()


def rows_of(page: PageText, page_number: int) -> tuple[Row, ...]:
    """Return the rows of a page from the top; lines that stand beside each other become one row."""
    slope = math.tan(math.radians(page.skew_degrees))
    placed = [(_straight(line.box, slope), line) for line in page.lines if line.words]
    placed.sort(key=lambda item: (item[0].top + item[0].bottom, item[0].left))
    groups: list[list[tuple[Box, Line]]] = []
    for box, line in placed:
        if _is_upright(line.box, line.text):
            continue
        group = next((g for g in reversed(groups[-3:]) if _beside(g, box)), None)
        if group is None:
            groups.append([(box, line)])
        else:
            group.append((box, line))
    for box, line in placed:
        if _is_upright(line.box, line.text):
            _place_upright(groups, box, line)
    return tuple(_row([line for _, line in group], slope, page, page_number) for group in groups)


def _is_upright(box: Box, text: str) -> bool:
    """Return whether this is a head set from top to bottom beside several rows, as 用户信息 at the left of a table."""
    return len(text) > 1 and all(map(is_han, text)) and box.height > _UPRIGHT * box.width


def _place_upright(groups: list[list[tuple[Box, Line]]], box: Box, line: Line) -> None:
    """Put a head that stands beside several rows into the row at its middle; into one of its own where none is there."""
    middle = (box.top + box.bottom) / 2

    def distance(group: list[tuple[Box, Line]]) -> float:
        return abs((group[0][0].top + group[0][0].bottom) / 2 - middle)

    nearest = min(groups, key=distance, default=None)
    if nearest is not None and distance(nearest) <= box.height / 2:
        nearest.append((box, line))
        return
    at = next((i for i, g in enumerate(groups) if g[0][0].top + g[0][0].bottom > 2 * middle), len(groups))
    groups.insert(at, [(box, line)])


def _straight(box: Box, slope: float) -> Box:
    """Return the box with the skew taken out: text that rises to the right is let down in proportion."""
    shift = slope * (box.left + box.right) / 2
    return Box(box.left, box.top + shift, box.right, box.bottom + shift)


def _beside(group: Sequence[tuple[Box, Line]], box: Box) -> bool:
    for other, _ in group:
        across = min(other.right, box.right) - max(other.left, box.left)
        if across > 0.1 * min(other.width, box.width) + 1:
            return False
    nearest = min((other for other, _ in group), key=lambda o: max(o.left - box.right, box.left - o.right))
    down = min(nearest.bottom, box.bottom) - max(nearest.top, box.top)
    return down >= _SAME_ROW_OVERLAP * min(nearest.height, box.height) and down > 0


def _row(lines: Sequence[Line], slope: float, page: PageText, page_number: int) -> Row:
    pieces = sorted(
        ((word, blank) for line in lines for word, blank in _words_with_blanks(line)), key=lambda p: p[0].box.left
    )
    words = tuple(word for word, _ in pieces)
    boxes = [_straight(word.box, slope) for word in words]
    heights = sorted(box.height for box in boxes)
    height = max(heights[len(heights) * 2 // 3], 1.0)
    signs: list[str] = []
    owners: list[int] = []
    lefts: list[float] = []
    rights: list[float] = []
    for index, ((word, blank), box) in enumerate(zip(pieces, boxes, strict=True)):
        if index:
            filler = _filler(words[index - 1], word, box.left - boxes[index - 1].right, height, blank)
            if filler:
                signs.append(filler)
                owners.append(-1)
                lefts.append(boxes[index - 1].right)
                rights.append(box.left)
        weights = [2.0 if ord(sign) > 0x2E7F else 1.0 for sign in word.text]
        unit = box.width / sum(weights)
        at = box.left
        for sign, weight in zip(word.text, weights, strict=True):
            signs.append(sign)
            owners.append(index if sign != " " else -1)
            lefts.append(at)
            at += weight * unit
            rights.append(at)
    return Row(
        page_number,
        page.dpi,
        "".join(signs),
        words,
        tuple(owners),
        tuple(lefts),
        tuple(rights),
        median(box.top for box in boxes),
        median(box.bottom for box in boxes),
    )


def _words_with_blanks(line: Line) -> list[tuple[Word, bool]]:
    """Return the line's words, each with whether its text has a blank before it."""
    out: list[tuple[Word, bool]] = []
    at = 0
    for word in line.words:
        found = line.text.find(word.text, at)
        if found < 0:
            out.append((word, True))
            continue
        out.append((word, " " in line.text[at:found]))
        at = found + len(word.text)
    return out


def _filler(before: Word, after: Word, gap: float, height: float, blank: bool) -> str:
    if gap > _GAP_HEIGHTS * height or _is_upright(before.box, before.text) or _is_upright(after.box, after.text):
        return GAP
    both_han = is_han(before.text[-1]) and is_han(after.text[0])
    if blank and not both_han:
        return " "
    if gap > _BLANK_HEIGHTS * height and not both_han and blank:
        return " "
    return ""
