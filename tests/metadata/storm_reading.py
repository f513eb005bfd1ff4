"""Reads an invented paper as badly as recognisers do, but honestly: at most one value is read wrong and surely, the others doubtfully.

Signs are taken for ones that look alike, lost, or read with little confidence; labels and whole values are lost; second looks
at the number read right, wrong or nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from classifiers.customer_number import NumberScheme, Rereads
from classifiers.fields import RulesExtractor
from classifiers.values import NumberCandidate, Reading, RecordText, RereadRequest
from ingest.normalise import folded
from ingest.values import UNREAD, Box, Line, PageText, TextSource, Word
from metadata.identify import Identifier
from metadata.values import Identification
from tests.classifiers.forms import HEIGHT_PX, LINE_PX, word_width
from tests.metadata.register_rows import scheme
from tests.metadata.storm_world import LOOK_ALIKE, Paper

_HAN = {
    "晖": "晓辉", "晓": "晖", "花": "家", "家": "花", "园": "苑", "苑": "园", "东": "西", "西": "东", "一": "二", "二": "一", "国": "固",
    "固": "国", "军": "车", "娜": "那", "那": "娜", "辉": "晖", "金": "全", "桥": "侨", "里": "星", "宏": "鸿", "鸿": "宏",
}  # fmt: skip
_TOP, _LEFT = 100.0, 200.0
_WRONG, _LOST, _UNSURE = 0.15, 0.08, 0.2  # shares of values
_WITH_AREA = 0.6  # share of papers
_EXTRACTOR = RulesExtractor(scheme(), 0.8)


def decided(rng: random.Random, one: Paper, numbers: NumberScheme, identifier: Identifier) -> Identification:
    """Return what becomes of a paper, read badly, by the real classifiers and the real table."""
    record = RecordText((_page(tuple(_lines(rng, one))),))
    candidates: tuple[NumberCandidate, ...] = numbers.candidates(record, _looks(rng, one, record, numbers))
    return identifier.identify(one.kind, candidates, _EXTRACTOR.signs(record, one.kind), ())


def _lines(rng: random.Random, one: Paper) -> Iterator[Line]:
    liar = rng.randrange(1, 2 * len(one.lines))  # every second paper has none
    for index, (label, value) in enumerate(one.lines):
        yield from _line(index, _pieces(rng, label, value, is_lie=index == liar))
    chances = random.Random(repr(one))  # of its own, so that all else stays as it was before areas were known
    if one.heated_area and chances.random() < _WITH_AREA:
        yield from _line(len(one.lines), _pieces(chances, "建筑面积", f"{one.heated_area}平方米", is_lie=False))


def _line(index: int, pieces: Iterator[tuple[str, float]]) -> Iterator[Line]:
    top, at = _TOP + LINE_PX * index, _LEFT
    words: list[Word] = []
    for piece, confidence in pieces:
        width = word_width(piece)
        words.append(Word(folded(piece), Box(at, top, at + width, top + HEIGHT_PX), confidence))
        at += width + 0.3 * HEIGHT_PX
    if words:
        yield Line(" ".join(word.text for word in words), tuple(words), Box.around([word.box for word in words]))


def _pieces(rng: random.Random, label: str, value: str, *, is_lie: bool) -> Iterator[tuple[str, float]]:
    """Yield what was read of a line: its label, and its value or both values, with their confidence."""
    read_label = f"{label}{rng.choice(('：', ''))}" if label and rng.random() > 0.05 else ""
    if read_label:
        yield read_label, 0.95
    *struck_out, last = value.split("\t")
    for piece in struck_out:
        yield _misread(rng, piece) if rng.random() < 0.5 else piece, rng.uniform(0.3, 0.79)
    chance = rng.random()
    if is_lie and label:
        yield _misread(rng, last), rng.uniform(0.85, 0.99)
    elif not label or chance > _WRONG + _LOST + _UNSURE:
        yield last, rng.uniform(0.85, 0.99)
    elif chance < _WRONG:
        yield _misread(rng, last), rng.uniform(0.3, 0.79)
    elif chance > _WRONG + _LOST or struck_out:
        yield last, rng.uniform(0.3, 0.79)


def _misread(rng: random.Random, text: str) -> str:
    signs = list(text)
    if rng.random() < 0.25:
        del signs[rng.randrange(len(signs))]
    else:
        places = [place for place, sign in enumerate(signs) if sign in LOOK_ALIKE or sign in _HAN]
        for place in rng.sample(places, min(len(places), rng.choice((1, 1, 2)))):
            signs[place] = rng.choice(LOOK_ALIKE.get(signs[place]) or _HAN[signs[place]])
    return "".join(signs)


def _looks(rng: random.Random, one: Paper, record: RecordText, numbers: NumberScheme) -> Rereads:
    looks: list[tuple[RereadRequest, Reading]] = []
    for request in numbers.rereads(record):
        label, value = one.lines[_line_at(one, request.box)]
        pieces = value.split("\t")
        first_ends = _LEFT + word_width(label) + word_width(pieces[0])
        seen = pieces[-1] if request.box.left > first_ends else pieces[0]
        for _ in range(rng.choice((1, 2))):
            chance = rng.random()
            if not seen.isdigit() or chance > 0.93:
                continue
            if chance < 0.55:
                looks.append((request, Reading(seen, rng.uniform(0.4, 0.97), "second look")))
            elif chance < 0.85:
                looks.append((request, Reading(_misread(rng, seen), rng.uniform(0.2, 0.79), "second look")))
            else:
                looks.append((request, Reading(UNREAD, 0.0, "second look")))
    return tuple(looks)


def _line_at(one: Paper, box: Box) -> int:
    middle = (box.top + box.bottom - HEIGHT_PX) / 2
    return min(max(round((middle - _TOP) / LINE_PX), 0), len(one.lines) - 1)


def _page(lines: tuple[Line, ...]) -> PageText:
    return PageText(
        page_number=1,
        width_px=2480,
        height_px=3508,
        dpi=300.0,
        rotation_cw=0,
        skew_degrees=0.0,
        is_blank=not lines,
        source=TextSource.RECOGNISED,
        lines=lines,
        barcodes=(),
    )
