"""The signs of a printed line as strings with one stretch each, and the steps between words: pure geometry for `invisible_text`.

A *chunk* is a row of signs without a gap, that one stretch of the font's widths lays on their places; a *run* is as many chunks as share
a stretch and a height (`line_bands`), shown by one operator. Between chunks with a blank the run takes a step after the blank; where the line's text has no blank,
the last sign gets an advance of its own that bridges a gap such as spaced labels have, since readers of a PDF suppose a blank in every
gap. Wider gaps, between the cells of a row, stay: viewers (pdf.js) spread a string evenly over its length, and would highlight the wrong
place. Poppler then takes the cells apart, or shows them side by side with -layout.
Lengths are in pixels, advances and steps in ems of the stretched font.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.box_font import ADVANCE_STEP, width_of
from ingest.line_bands import THINNEST, Band, bands_of
from ingest.values import Line

_TOLERANCE = (
    0.2  # of the height (less where signs are pressed): so far may a sign stand from where its word's box puts it
)
_GAP = 0.12  # of the height: more is a gap
_BRIDGED = 0.06  # ems: less is left as it is; from a tenth on, poppler supposes a blank
_MOST_BRIDGED = 2.5  # of the height: spaced labels (姓　　名) are one word, the cells of a row are not
_LEAST_MOVE = 0.15  # of the height: less, and readers of the PDF take two like signs for one printed twice
_MOST_STRETCH = 40.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Signs shown by one string; then a step, forwards if positive. `last_advance` is that of the last sign, None = the font's own."""

    text: str
    last_advance: float | None
    step: float


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces shown one after the other from `left` on, as high as `band`; `stretch` multiplies the font's own widths at that height."""

    band: Band
    left: float
    stretch: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    text: str
    left: float
    right: float
    band: Band


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Signs without a gap, and the stretches that keep each of them within the tolerance of its place."""

    text: str
    band: Band
    left: float
    right: float
    least: float
    most: float
    ems: float
    blank_follows: bool


def runs_of(line: Line) -> tuple[Run, ...]:
    """Return the line's text, from left to right, as runs that keep every sign near its place."""
    return tuple(_run(chunks, following) for chunks, following in _grouped(list(_chunks(_signs(line)))))


def _signs(line: Line) -> list[_Sign]:
    """Return the signs of the line's text with the places their words give them; evenly along the line where the two disagree."""
    places = [place for word in _side_by_side(line) for place in _spread(word)]
    shown = [sign for sign in line.text if not sign.isspace()]
    if shown != [place.text for place in places]:
        places = _spread(_Sign("".join(shown), line.box.left, line.box.right, bands_of(line)[0]))
    following = iter(places)
    signs: list[_Sign] = []
    for sign in line.text.strip():
        if not sign.isspace():
            signs.append(next(following))
        elif signs[-1].text != " ":
            signs.append(_Sign(" ", signs[-1].right, signs[-1].right, signs[-1].band))
    return signs


def _side_by_side(line: Line) -> Iterator[_Sign]:
    """Yield the words' texts and places so that none overlaps the next.

    tesseract gives words boxes that reach over their neighbours or hold them, and boxes without a width; a word ends where the next
    begins, and the next begins where it can be told apart.
    """
    end = -math.inf
    for word, after, band in zip(line.words, (*line.words[1:], None), bands_of(line), strict=True):
        left = max(word.box.left, end)
        right = word.box.right if after is None else min(word.box.right, after.box.left)
        thinnest = THINNEST * band.height * sum(width_of(sign) for sign in word.text)
        end = max(right, left + thinnest)
        yield _Sign(word.text, left, end, band)


def _spread(word: _Sign) -> list[_Sign]:
    """Return the signs of a word spread evenly by their usual widths, blanks left out but given their room."""
    unit = (word.right - word.left) / sum(width_of(sign) for sign in word.text)
    signs: list[_Sign] = []
    at = word.left
    for sign in word.text:
        end = at + width_of(sign) * unit
        if not sign.isspace():
            signs.append(_Sign(sign, at, end, word.band))
        at = end
    return signs


def _chunks(signs: Sequence[_Sign]) -> Iterator[_Chunk]:
    """Yield the chunks in order: ended by a blank, a gap, another band, and where no stretch would keep a further sign near its place."""
    start = 0
    while start < len(signs):
        chunk = _chunk(signs, start)
        yield chunk
        start += len(chunk.text) + chunk.blank_follows


def _chunk(signs: Sequence[_Sign], start: int) -> _Chunk:
    """Return the longest chunk from `start` on; the first sign alone allows every stretch."""
    first = before = signs[start]
    height = first.band.height
    pressed = (first.right - first.left) / (width_of(first.text) * height)
    slack = _TOLERANCE * height * min(max(pressed, THINNEST), 1.0)
    least, most = 0.0, math.inf
    ems = width_of(first.text) * height
    end = start + 1
    for sign in islice(signs, end, None):
        if sign.text == " " or sign.band is not first.band or sign.left - before.right > _GAP * height:
            break
        offset, reach = sign.left - first.left, sign.right - first.left
        longer = ems + width_of(sign.text) * height
        lower = max(least, (offset - slack) / ems, (reach - slack) / longer)
        upper = min(most, (offset + slack) / ems, (reach + slack) / longer)
        if lower > upper:
            break
        least, most, ems, before = lower, upper, longer, sign
        end += 1
    return _Chunk(
        text="".join(sign.text for sign in signs[start:end]),
        band=first.band,
        left=first.left,
        right=max(before.right, first.left),
        least=least,
        most=most,
        ems=ems / height,
        blank_follows=end < len(signs) and signs[end].text == " ",
    )


def _grouped(chunks: Sequence[_Chunk]) -> Iterator[tuple[list[_Chunk], _Chunk | None]]:
    """Yield the chunks of each run, and the chunk that follows them: neighbours that have a band and a stretch in common."""
    group: list[_Chunk] = []
    least, most = 0.0, math.inf
    for chunk in chunks:
        if group and (chunk.band != group[0].band or max(least, chunk.least) > min(most, chunk.most)):
            yield group, chunk
            group, least, most = [], 0.0, math.inf
        group.append(chunk)
        least, most = max(least, chunk.least), min(most, chunk.most)
    if group:
        yield group, None


def _run(chunks: Sequence[_Chunk], following: _Chunk | None) -> Run:
    band = chunks[0].band
    stretch = _stretch(chunks, band.height)
    em = stretch * band.height
    pieces: list[Piece] = []
    at = chunks[0].left
    for chunk, after in zip(chunks, (*chunks[1:], following), strict=True):
        piece = _piece(chunk, after, at, em)
        pieces.append(piece)
        at += (_length(piece) + piece.step) * em
    pieces[-1] = replace(pieces[-1], step=0.0)  # the next run is placed anew
    if following is None and len(pieces[0].text) == len(pieces) == 1:
        # By a single sign PDFium cannot tell which way the line runs, and guesses it from the page; a blank behind it is not seen.
        pieces = [replace(pieces[0], text=pieces[0].text + " ")]
    return Run(band, chunks[0].left, stretch, tuple(pieces))


def _stretch(chunks: Sequence[_Chunk], height: float) -> float:
    """Return the stretch that suits the chunks best on the whole, among those that suit each."""
    wanted = sum(chunk.right - chunk.left for chunk in chunks) / (sum(chunk.ems for chunk in chunks) * height)
    least, most = max(chunk.least for chunk in chunks), min(chunk.most for chunk in chunks)
    return min(max(wanted, least, THINNEST), max(most, THINNEST), _MOST_STRETCH)


def _piece(chunk: _Chunk, after: _Chunk | None, at: float, em: float) -> Piece:
    """Return the chunk that is shown from `at` on, and what leads from its end to the next."""
    if after is None:
        return Piece(chunk.text, None, 0.0)
    missing = (after.left - at) / em - chunk.ems
    least_advance = _LEAST_MOVE * chunk.band.height / em
    if chunk.blank_follows:
        least = least_advance - width_of(chunk.text[-1])
        return Piece(chunk.text + " ", None, max(missing, least) - width_of(" "))
    if abs(missing) <= _BRIDGED:
        return Piece(chunk.text, None, 0.0)
    if missing * em > _MOST_BRIDGED * chunk.band.height:
        return Piece(chunk.text, None, missing)
    steps = max(round((width_of(chunk.text[-1]) + missing) / ADVANCE_STEP), math.ceil(least_advance / ADVANCE_STEP))
    return Piece(chunk.text, steps * ADVANCE_STEP, 0.0)


def _length(piece: Piece) -> float:
    ems = sum(width_of(sign) for sign in piece.text)
    return ems if piece.last_advance is None else ems - width_of(piece.text[-1]) + piece.last_advance
