"""Finds what looks like an address of a flat or shop anywhere on a record, for where its label could not be read.

Such a text is never surely read: it may agree with a customer, and where it does not it says that an address stands there.
That matters, for a number alone is trusted only where the page carries nothing that could contradict it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifiers.found import Form, Found
from classifiers.labels import EDGES
from classifiers.layout import Sheet, Span
from classifiers.reach import Reach
from ingest.normalise import HAN, simplified

SURENESS = 0.75
"""Less than what counts as surely read, whatever the words' confidence."""

_ROWS_AROUND = 3
_DOWN = (-0.5, 1.2)  # heights of the cell between its foot and the next row's head
_UNITS = r"(?:(?:\d{1,2}|[A-Z])(?:单元|座|门|层|-|#)){0,2}"
_ROOM = r"[A-Z]?\d{1,4}(?:室|(?:户|层|号?(?:门市|商铺|底商|门面|铺)|号)?(?!\d|单元|座|-|#))"
_ADDRESS = re.compile(
    rf"[{HAN}]{{2,24}}\d{{1,3}}(?:(?:[^\d\s]?楼|栋|幢|#|号院|座){_UNITS}{_ROOM}|-\d{{1,2}}-\d{{2,4}}(?![\d-]))"
)


def looks_like_address(text: str) -> bool:
    """Return whether an address with building and room stands in this text."""
    return _match(_signs(text)) is not None


def loose_address(form: Form, known: tuple[str, ...]) -> Found | None:
    """Return the first address of a record that stands under no label of its own; `known` are the labels to cut off before it.

    One that goes on in the next row of its cell counts where it begins.
    """
    for sheet in form.sheets:
        for index, row in enumerate(sheet.rows):
            found = [
                *_in_cells(sheet, index, known),
                *filter(None, (_in_spans((Span(row, 0, len(row.text)),), known),)),
            ]
            if found:
                return max(found, key=_wholeness)
    return None


def _wholeness(found: Found) -> tuple[int, bool]:
    """Return how much of an address stands there: how many numbers, and whether it ends as one does. Of equal ones the first counts."""
    text = simplified(str(found.value))
    return len(re.findall(r"\d+", text)), re.search(r"(?:室|户|层|门市|商铺|底商|门面|铺)$", text) is not None


def _in_cells(sheet: Sheet, index: int, known: tuple[str, ...]) -> list[Found]:
    """Return the addresses of a row's cells, each with what the cell right below goes on with."""
    row = sheet.rows[index]
    found: list[Found] = []
    for start, end in row.cells():
        span = Span(row, start, end)
        if not re.search(r"\d", span.text):
            continue
        below = _cell_below(sheet, index, span)
        both = _in_spans((span, below), known) if below is not None else None
        if both is not None and len(both.spans) > 1 and re.search(r"\d", both.spans[0].text):
            found.append(both)
        found += filter(None, (_in_spans((span,), known),))
    return found


def _cell_below(sheet: Sheet, index: int, span: Span) -> Span | None:
    """Return the cell that begins right below this one, by its place: a tall word beside it may have drawn it into another row."""
    own = span.row.box(span.start, span.end)
    left = span.row.lefts[span.start]
    best: tuple[float, Span] | None = None
    for other in sheet.rows[max(0, index - _ROWS_AROUND) : index + _ROWS_AROUND + 1]:
        for start, end in other.cells():
            if abs(other.lefts[start] - left) > own.height:
                continue
            down = (other.box(start, end).top - own.bottom) / own.height
            if _DOWN[0] <= down <= _DOWN[1] and (best is None or down < best[0]):
                best = down, Span(other, start, end)
    return best[1] if best else None


def _in_spans(spans: Sequence[Span], known: tuple[str, ...]) -> Found | None:
    reach = Reach(tuple(spans))
    signs = _signs(reach.text)
    match = _match(signs)
    if match is None:
        return None
    start = match.start() + max((len(label) for label in known if match.group().startswith(label)), default=0)
    first, last = signs[start][0], signs[match.end() - 1][0]
    as_read = "".join(sign for _, sign in signs[start : match.end()])
    return Found(as_read, reach.back(first, last + 1), SURENESS)


def _match(signs: Sequence[tuple[int, str]]) -> re.Match[str] | None:
    """Return where in the signs an address stands, whichever forms it is written in."""
    return _ADDRESS.search(simplified("".join(sign for _, sign in signs)))


def _signs(text: str) -> list[tuple[int, str]]:
    """Return the signs in capitals with their places; of blanks and edges only those between two letters or digits."""
    found: list[tuple[int, str]] = []
    blank = False
    for index, sign in enumerate(text):
        if sign.isspace() or sign in EDGES:
            blank = True
            continue
        if blank and found and _is_plain(sign) and _is_plain(found[-1][1]):
            found.append((index, " "))
        blank = False
        capital = sign.upper()
        found.append((index, capital if len(capital) == 1 else sign))
    return found


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
