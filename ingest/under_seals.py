"""Reads the lines under a gray seal a second time, without the seal, and says which reading of each stands.

A seal makes readers see signs that are not there and leave out others, surely so, and finds a line in pieces. Without it (`seals`) the print is
read well, but what is written in an ink as pale as the seal's is gone. So the better reading of a place stands, and what the other one read
differently is doubtful in it: nothing here makes a number surely read that one reading alone has seen.
Not for where seals lie (`seals`) nor for pages without one, which it costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from ingest.grays import Gray
from ingest.line_signs import SMALL, TINY, Sign, cut_out, levelled, tilted
from ingest.prepare import Prepared
from ingest.resolution import MM_PER_INCH
from ingest.seals import SealedPlace, without_seal
from ingest.second_look import joined_opinions
from ingest.text_boxes import TextBox, text_boxes

_SURE = 0.7
_AT_ODDS = 0.45  # as where two readers differ (`second_look`)
_SAME_PLACE = 0.3  # of the shorter line lies beside the other: both are read in one place
_SCRAP_SIGNS = 3  # of the seal's own writing, in a piece by themselves
_MARGIN_MM = 5.0  # above and below a seal: lines that it touches


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line that was read: where it stands on the level page and on the page itself, what it looks like there, its signs.

    `first` is what the first reader alone said of them.
    """

    box: TextBox
    place: TextBox
    pixels: Gray
    first: tuple[Sign, ...]
    signs: tuple[Sign, ...]


def lines_under_seal(
    pixels: Gray, page: Prepared, seal: SealedPlace, lines: Sequence[ReadLine], detail_px: float
) -> list[ReadLine]:
    """Return the lines of the page, those under the seal as they read best; `detail_px` is the longest side on which lines are found.

    1. Lines of both readings that stand in one place, or hang together by such lines, are compared as one.
    2. What was read without the seal replaces the others where it is better; signs that the page as it is reads otherwise are doubtful.
       Lines without a digit whose signs are all surely read are not looked at again.
    3. Scraps of the seal's own writing, read where nothing stands without it, none of their signs surely, are left out.

    Raises RecogniserMissing.
    """
    bare = without_seal(pixels, page.dpi, seal)
    found = list(_lines_near(bare, page, seal, detail_px))
    stay = dict(enumerate(lines))
    again: list[ReadLine] = []
    together = list(groups([line.place for line in lines], [place for _, place in found]))
    for sealed, others in together:
        before = [lines[index] for index in sealed]
        if not any(_touches(seal, found[index][1]) for index in others) or not any(map(_is_doubtful, before)):
            continue
        after = [_read(bare, *found[index]) for index in others]
        if _said(after) != _said(before) and is_better([line.first for line in after], [line.first for line in before]):
            for index in sealed:
                del stay[index]
            again += [_joined(pixels, line) for line in after]
    for index in set(stay) - {index for sealed, _ in together for index in sealed}:
        if _touches(seal, lines[index].place) and _is_scrap(lines[index].signs):
            del stay[index]
    return [*stay.values(), *again]


def is_better(bare: Sequence[Sequence[Sign]], sealed: Sequence[Sequence[Sign]]) -> bool:
    """Return whether lines as a reader says them without a seal are better than what the same reader says of them with it.

    1. No fewer signs are surely read, or read at all; but where they come in fewer pieces, one sign for each piece: pieces overlap.
    2. More of them are surely read, those not surely read counted off; or they come in fewer pieces.
    """
    pieces = _pieces(sealed) - _pieces(bare)
    spare = max(0, pieces)
    if _sure(bare) < _sure(sealed) - spare or _sure(bare) + _unsure(bare) < _sure(sealed) + _unsure(sealed) - spare:
        return False
    return (pieces > 0 and _sure(bare) > 0) or _sure(bare) - _unsure(bare) > _sure(sealed) - _unsure(sealed)


def groups(first: Sequence[TextBox], second: Sequence[TextBox]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield what hangs together, as indices into both, in order; what stands in no place of the other reading is left out."""
    beside = {
        one: [other for other, box in enumerate(second) if _share_place(line, box)] for one, line in enumerate(first)
    }
    left = {one for one, others in beside.items() if others}
    while left:
        group, others, waiting = set[int](), set[int](), {min(left)}
        while waiting:
            group |= waiting
            others |= {other for one in waiting for other in beside[one]}
            waiting = {one for one in left - group if others & set(beside[one])}
        left -= group
        yield sorted(group), sorted(others)


def _lines_near(bare: Gray, page: Prepared, seal: SealedPlace, detail_px: float) -> Iterator[tuple[TextBox, TextBox]]:
    """Yield the places of lines at the height of the seal, on the level page and on the page itself."""
    height, width = bare.shape
    margin = _MARGIN_MM * page.dpi / MM_PER_INCH + width / 2 * abs(math.sin(math.radians(page.tilt_degrees)))
    top, bottom = max(0, int(seal.top - margin)), min(height, int(seal.bottom + margin))
    strip = bare[top:bottom]
    longest = round(detail_px * max(strip.shape) / max(bare.shape))
    for box in text_boxes(strip, longest, page.tilt_degrees):
        on_strip = tilted(box, (width, bottom - top), page.tilt_degrees)
        place = replace(on_strip, middle_y=on_strip.middle_y + top)
        yield levelled(place, page.size, page.tilt_degrees), place


def _read(bare: Gray, box: TextBox, place: TextBox) -> ReadLine:
    line = cut_out(bare, place)
    signs = TINY.read(line)
    return ReadLine(box, place, line, signs, signs)


def _joined(pixels: Gray, line: ReadLine) -> ReadLine:
    with_seal = SMALL.read(cut_out(pixels, line.place))
    return replace(line, signs=joined_opinions(with_seal, surer_signs(line.first, with_seal)))


def surer_signs(bare: Sequence[Sign], sealed: Sequence[Sign]) -> tuple[Sign, ...]:
    """Return the line as read without the seal; signs that the other reading has in their stead where those are surer.

    A seal adds signs and hides others: which signs there are is for the reading without it to say.
    """
    best = list(bare)
    for edit in Levenshtein.opcodes([sign.text for sign in bare], [sign.text for sign in sealed]):
        if edit.tag != "replace" or edit.src_end - edit.src_start != edit.dest_end - edit.dest_start:
            continue
        for place, other in enumerate(sealed[edit.dest_start : edit.dest_end], edit.src_start):
            if other.confidence > bare[place].confidence:
                best[place] = replace(bare[place], text=other.text, confidence=min(other.confidence, _AT_ODDS))
    return tuple(best)


def _touches(seal: SealedPlace, line: TextBox) -> bool:
    left, right = line.middle_x - line.width / 2, line.middle_x + line.width / 2
    return seal.left < right and seal.right > left and seal.top < line.middle_y < seal.bottom


def _share_place(one: TextBox, other: TextBox) -> bool:
    if abs(one.middle_y - other.middle_y) > max(one.height, other.height) / 2:
        return False
    right = min(one.middle_x + one.width / 2, other.middle_x + other.width / 2)
    left = max(one.middle_x - one.width / 2, other.middle_x - other.width / 2)
    return right - left > _SAME_PLACE * min(one.width, other.width)


def _is_scrap(signs: Sequence[Sign]) -> bool:
    return len(_alnum(signs)) <= _SCRAP_SIGNS and not _sure([signs])


def _alnum(signs: Sequence[Sign]) -> list[Sign]:
    return [sign for sign in signs if sign.text.isalnum()]


def _is_doubtful(line: ReadLine) -> bool:
    """Return whether a line under a seal is worth another look: a seal hides digits from readers who are sure of the others."""
    return any(sign.text.isdigit() or sign.confidence < _SURE for sign in _alnum(line.signs))


def _said(lines: Sequence[ReadLine]) -> str:
    return "".join(sign.text for line in lines for sign in _alnum(line.signs))


def _pieces(lines: Sequence[Sequence[Sign]]) -> int:
    return sum(map(bool, map(_alnum, lines)))


def _sure(lines: Sequence[Sequence[Sign]]) -> int:
    return sum(sign.confidence >= _SURE for signs in lines for sign in _alnum(signs))


def _unsure(lines: Sequence[Sequence[Sign]]) -> int:
    return sum(sign.confidence < _SURE for signs in lines for sign in _alnum(signs))
