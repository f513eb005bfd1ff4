"""Finds the labels of a form ("用热地址", "Contract No.") in its rows, as printed or with a sign misread.

Not for values: this says where a label stands and where the text after it begins. A label is trusted by how it stands (at a
cell's edge, before a colon) and how exactly it reads. All labels compete, wanted or not: the longest exact one wins, so that
原户名 is never taken for 户名, and every known label ends the value before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from classifiers.layout import GAP, Row, Sheet
from ingest.normalise import is_han, squeezed

EDGES = f"{GAP}|丨"
"""Signs that stand for the edge of a cell: wide gaps, and the cell's own border read as a stroke."""

_COLONS = ":：;；"
_AFTER_LABEL = f":：;；.,，、·“”\"'‘’_=-~ {EDGES}"
_BEFORE_LABEL = f" :：;；.,，。、()（）[]【】□☑☒√■口_“”\"'‘’*{EDGES}"
_LOOK_ALIKE = str.maketrans(
    {"尸": "户", "卢": "户", "广": "户", "曰": "日", "収": "收", "熟": "热", "势": "热", "執": "热", "号": "号"}
)
_SHORT = 2
_FUZZY_FROM = 3
_FUZZY_SWAP_FROM = 4
_LONGEST_RUN = 24
_EXACT, _INNER, _COMPOSED, _FUZZY, _FUZZY_LONG = 1.0, 0.6, 0.9, 0.8, 0.7

Composed = Callable[[str], str | None]
"""From a word in `label_form` to the label for which it stands, None where it stands for none."""


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label in a row: which one, how sure (0.0-1.0), its place, and where the text after it (and its colon) begins."""

    label: str
    score: float
    start: int
    end: int
    value_start: int
    has_colon: bool


@lru_cache(maxsize=8192)  # labels of the scheme and single signs, again and again
def label_form(text: str) -> str:
    """Return the form in which labels are compared: squeezed, without dots, brackets and look-alikes."""
    return re.sub(r"[\s.。·()（）\[\]/_|:：]", "", squeezed(text.translate(_LOOK_ALIKE))).translate(_LOOK_ALIKE)


@dataclass(frozen=True, slots=True)
class _Compact:
    """A row without blanks, edges and dots: each sign's place in the row, and whether something ends before it."""

    text: str
    at: tuple[int, ...]
    fresh: tuple[bool, ...]


class LabelFinder:
    """All labels of a scheme, ready to be looked for."""

    def __init__(self, labels: Iterable[str], composed: Composed | None = None) -> None:
        """Prepare the labels; each keeps the spelling of the scheme. `composed` says for which one a word that is none stands."""
        self._composed = composed
        self._spelling: dict[str, str] = {}
        for label in labels:
            form = label_form(label)
            if form:
                self._spelling.setdefault(form, label)
        self._by_first: dict[str, list[str]] = {}
        for form in sorted(self._spelling, key=len, reverse=True):
            self._by_first.setdefault(form[0], []).append(form)
        self._fuzzy = {
            length: [form for form in self._spelling if len(form) == length]
            for length in {len(form) for form in self._spelling}
            if length >= _FUZZY_FROM
        }

    def hits(self, row: Row) -> tuple[LabelHit, ...]:
        """Return the labels of a row from left to right, not overlapping."""
        compact = _compact(row)
        found: list[LabelHit] = []
        index = 0
        while index < len(compact.text):
            hit, length = self._exact_at(row, compact, index)
            if compact.fresh[index]:
                longer, its_length = self._composed_at(row, compact, index)
                if its_length > length:
                    hit, length = longer, its_length
            if hit is None and compact.fresh[index] and self._exact_at(row, compact, index + 1)[0] is None:
                hit, length = self._fuzzy_at(row, compact, index)
            if hit is None:
                index += 1
            else:
                found.append(hit)
                index += length
        return tuple(found)

    def label_of(self, text: str) -> str | None:
        """Return the label that this text is as a whole, or for which it stands; None if none."""
        form = label_form(text)
        if form in self._spelling:
            return self._spelling[form]
        return self._composed(form) if self._composed is not None and len(form) > _SHORT else None

    def _exact_at(self, row: Row, compact: _Compact, index: int) -> tuple[LabelHit | None, int]:
        for form in self._by_first.get(compact.text[index : index + 1], ()):
            if not compact.text.startswith(form, index):
                continue
            fresh = compact.fresh[index]
            if not fresh and (len(form) <= _SHORT or not is_han(form[0])):
                continue
            hit = self._hit(row, compact, (index, index + len(form)), form, _EXACT if fresh else _INNER)
            if _is_shattered(row, hit) or not _ends_well(row, hit, form):
                continue
            return hit, len(form)
        return None, 0

    def _composed_at(self, row: Row, compact: _Compact, index: int) -> tuple[LabelHit | None, int]:
        """Return the label for which all signs from here to an end (colon, edge, blank) stand together, though no list has them."""
        stop = next(_ends_of_run(row, compact, index))
        text = compact.text[index:stop]
        label = self._composed(text) if self._composed is not None and len(text) > _SHORT else None
        if label is None or text in self._spelling:
            return None, 0
        hit = self._hit(row, compact, (index, stop), label_form(label), _COMPOSED)
        ends = hit.has_colon or hit.value_start > hit.end or hit.end >= len(row.text)
        return (hit, stop - index) if ends and not _is_shattered(row, hit) else (None, 0)

    def _fuzzy_at(self, row: Row, compact: _Compact, index: int) -> tuple[LabelHit | None, int]:
        """Return the label that the signs from here to an end (colon, edge, blank) nearly are; Latin ones go over blanks."""
        best: tuple[int, int, str] | None = None
        for stop in _ends_of_run(row, compact, index):
            near = self._near(compact.text[index:stop])
            if near is not None and (best is None or near[0] <= best[0]):
                best = (near[0], stop, near[1])
        if best is None:
            return None, 0
        distance, stop, form = best
        hit = self._hit(row, compact, (index, stop), form, _FUZZY if distance == 1 else _FUZZY_LONG)
        between = row.text[hit.end : hit.value_start]
        is_apart = bool(between) if is_han(form[-1]) else any(sign in EDGES for sign in between)
        ends = hit.has_colon or (distance == 1 and (is_apart or hit.end >= len(row.text)))
        return (hit, stop - index) if ends and not _is_shattered(row, hit) else (None, 0)

    def _near(self, run: str) -> tuple[int, str] | None:
        """Return the label that differs least from these signs, and in how many; None where all differ in too many."""
        if len(run) < _FUZZY_FROM or not any(is_han(s) or s.isalpha() for s in run):
            return None
        best: tuple[int, str] | None = None
        allowed = _allowed(run)
        for length in range(len(run) - allowed, len(run) + allowed + 1):
            for form, distance, _ in process.extract(
                run, self._fuzzy.get(length, ()), scorer=Levenshtein.distance, score_cutoff=allowed, limit=2
            ):
                if len(run) == len(form) and len(run) < _FUZZY_SWAP_FROM:
                    continue  # 水表号 is not 热表号
                if best is None or distance < best[0]:
                    best = (int(distance), form)
        return best

    def _hit(self, row: Row, compact: _Compact, place: tuple[int, int], form: str, score: float) -> LabelHit:
        start, end = compact.at[place[0]], compact.at[place[1] - 1] + 1
        while end < len(row.text) and row.text[end] in ")）" and "(" in row.text[start:end].replace("（", "("):
            end += 1
        value_start = end
        while value_start < len(row.text) and row.text[value_start] in _AFTER_LABEL:
            value_start += 1
        has_colon = any(sign in _COLONS for sign in row.text[end:value_start])
        return LabelHit(self._spelling[form], score, start, end, value_start, has_colon)


def _ends_of_run(row: Row, compact: _Compact, index: int) -> Iterator[int]:
    """Yield where a run of signs may end: at the first end after it, and for Latin letters after each later word of it."""
    stop = index + 1
    while stop < len(compact.text) and stop - index < _LONGEST_RUN:
        if compact.fresh[stop]:
            yield stop
            between = row.text[compact.at[stop - 1] + 1 : compact.at[stop]]
            if is_han(compact.text[stop - 1]) or any(sign in _COLONS + EDGES for sign in between):
                return
        stop += 1
    yield stop


def _allowed(run: str) -> int:
    if is_han(run[0]) or is_han(run[-1]):
        return 2 if len(run) >= 7 else 1
    return 2 if len(run) >= 9 else 1 if len(run) >= 5 else 0


def _compact(row: Row) -> _Compact:
    signs: list[str] = []
    at: list[int] = []
    fresh: list[bool] = []
    before = GAP
    for index, sign in enumerate(row.text):
        form = label_form(sign)
        if len(form) == 1:
            signs.append(form)
            at.append(index)
            fresh.append(before in _BEFORE_LABEL or (is_han(sign) != is_han(before) and not before.isspace()))
        before = sign
    return _Compact("".join(signs), tuple(at), tuple(fresh))


def _is_shattered(row: Row, hit: LabelHit) -> bool:
    """Return whether cell edges run through the label; a short one may be printed s p a c e d."""
    inner = sum(sign in EDGES for sign in row.text[hit.start : hit.end])
    length = len(label_form(hit.label))
    return inner > 0 and not (inner <= 1 and length <= 3) and inner < length - 1


def _ends_well(row: Row, hit: LabelHit, form: str) -> bool:
    """Return whether something ends after the label; a Latin word must not go on, a short one wants a colon or an edge."""
    after = row.text[hit.end : hit.end + 1]
    if not is_han(form[-1]):
        return not (after.isascii() and after.isalpha())
    if len(form) <= _SHORT and is_han(after or " "):
        return form in ("户名", "姓名", "电话", "户号") and hit.score == _EXACT
    return True


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label on a page with the stretch of its row that belongs to it: up to the next label, or the row's end.

    A label that is itself broken over two rows has a row of its own, made of its parts and its value.
    """

    hit: LabelHit
    sheet: Sheet
    row_index: int
    end: int
    own_row: Row | None = None

    @property
    def row(self) -> Row:
        """Return the row the label stands in."""
        return self.own_row or self.sheet.rows[self.row_index]

    @property
    def text(self) -> str:
        """Return what stands between the label and the next one, edges included."""
        return self.row.text[self.hit.value_start : self.end]

    @property
    def is_last(self) -> bool:
        """Return whether no other label follows in the row."""
        return self.end >= len(self.row.text)


def _without_values(row: Row, hits: Sequence[LabelHit]) -> tuple[LabelHit, ...]:
    """Return the hits without those that are another one's value: Payment method: Mobile, and nothing after it."""
    kept: list[LabelHit] = []
    for hit, following in zip(hits, (*hits[1:], None), strict=False):
        end = following.start if following else len(row.text)
        says_nothing = not any(map(str.isalnum, row.text[hit.end : end]))
        before = kept[-1] if kept else None
        if before and before.has_colon and before.value_start == hit.start and not hit.has_colon and says_nothing:
            continue
        kept.append(hit)
    return tuple(kept)


def labelled(
    sheets: Sequence[Sheet], hits_of: Callable[[Row], tuple[LabelHit, ...]]
) -> Mapping[str, tuple[Labelled, ...]]:
    """Return every label that `hits_of` finds, by its spelling in the scheme, from the top of the first page."""
    found: dict[str, list[Labelled]] = {}
    for sheet in sheets:
        for row_index, row in enumerate(sheet.rows):
            hits = _without_values(row, hits_of(row))
            for hit, following in zip(hits, (*hits[1:], None), strict=False):
                end = following.start if following else len(row.text)
                found.setdefault(hit.label, []).append(Labelled(hit, sheet, row_index, end))
    return {label: tuple(places) for label, places in found.items()}
