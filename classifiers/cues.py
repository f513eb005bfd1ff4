"""What speaks for a kind on a page: a title at the top, and words anywhere; each with its place. Pure.

Not for deciding: `rules` weighs these cues. Everything is compared squeezed (no blanks, one case), with a few signs misread
allowed in longer words, because recognisers lose and swap signs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from rapidfuzz import fuzz

from classifiers.labels import EDGES
from classifiers.layout import Row, Sheet, Span
from ingest.normalise import squeezed

_TITLE_ROWS = 12
_TITLE_PLACE = 0.5  # of the page's height; a title stands above
_LONGEST_TITLE = 30
_LONGEST_SPECKED = 14  # in a shorter row a comma may be a speck; in a longer one it is a sentence's
_FUZZY_TITLE_FROM = 4
_FUZZY_TITLE = 0.72
_SHARED = 0.56  # of a title's signs stand in what is so like it: 0.72 / (2 - 0.72), however short the stretch that is compared
_FUZZY_WORD_FROM = 4
_SHORT_WORD = 7
_MISREAD_AT_MOST = (
    4  # of a longer word's signs so many may be missing from a text and a stretch of it still be like enough
)
_LONGEST_TEXT = 6000


@dataclass(frozen=True, slots=True)
class TitlePlace:
    """Something at the top of the first page that may be a title: its place, its squeezed text, and how much it looks like one."""

    span: Span
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class TitleCue:
    """A title of a kind found in a title place; `strength` 0.0-1.0 counts likeness, length, how much of the place it fills, and place."""

    title: str
    strength: float
    place: TitlePlace


@lru_cache(maxsize=8192)  # words of the scheme and single signs, again and again
def squeezed_words(text: str) -> str:
    """Return the text squeezed to letters, digits and Han signs."""
    return re.sub(r"[^\w%/]|_", "", squeezed(text))


def title_places(sheet: Sheet) -> tuple[TitlePlace, ...]:
    """Return the cells and whole rows at the top that may be titles: short, with letters, no sentence, no value, few digits."""
    places: list[TitlePlace] = []
    usual = sheet.row_height
    for index, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        middle = (row.top + row.bottom) / 2
        if index >= 5 and middle > _TITLE_PLACE * sheet.page.height_px:
            break
        spans = {*row.cells(), (0, len(row.text))}
        for start, end in sorted(spans):
            text = row.text[start:end]
            plain = squeezed_words(text)
            if not 2 <= len(plain) <= 2 * _LONGEST_TITLE or _is_no_title(text, plain):
                continue
            size = min(1.0, max(0.0, (_sign_height(row, start, end) / usual - 1.0) / 0.5))
            weight = (1.0 if index < 4 else 0.85 if index < 7 else 0.65) * (0.85 + 0.15 * size)
            places.append(TitlePlace(Span(row, start, end), plain, weight))
    return tuple(places)


def _sign_height(row: Row, start: int, end: int) -> float:
    indices = row.word_indices(start, end)
    return median(row.words[i].box.height for i in indices) if indices else row.height


def _is_no_title(text: str, plain: str) -> bool:
    digits = sum(sign.isdigit() for sign in plain)
    if digits > 0.3 * len(plain) or re.search(r"[:：]\s*\S|[。；]", text.strip()):
        return True
    return len(plain) > _LONGEST_SPECKED and re.search(r"[，,]", text) is not None


class Titles:
    """Titles of which it is quickly told where one may stand: most share too few signs with a place to be compared with it at all."""

    def __init__(self, titles: Iterable[str]) -> None:
        """Remember which sign stands in which title, and how often."""
        self._least: dict[str, float] = {}
        self._with_sign: dict[str, list[tuple[str, int]]] = {}
        for title in dict.fromkeys(titles):
            wanted = squeezed_words(title)
            self._least[title] = len(wanted) * (_SHARED if len(wanted) >= _FUZZY_TITLE_FROM else 1.0)
            for sign, count in Counter(wanted).items():
                self._with_sign.setdefault(sign, []).append((title, count))

    def places_of(self, places: Sequence[TitlePlace]) -> Mapping[str, Sequence[TitlePlace]]:
        """Return the places where each title may stand, in their order; those of no title are left out."""
        found: dict[str, list[TitlePlace]] = {}
        for place in places:
            shared: dict[str, int] = {}
            for sign in set(place.text):
                for title, count in self._with_sign.get(sign, ()):
                    shared[title] = shared.get(title, 0) + count
            for title, count in shared.items():
                if count >= self._least[title]:
                    found.setdefault(title, []).append(place)
        return found


def title_cue(titles: Sequence[str], places_of: Mapping[str, Sequence[TitlePlace]]) -> TitleCue | None:
    """Return the strongest of these titles in the places where each may stand; None where none stands there."""
    best: TitleCue | None = None
    for title in titles:
        if title not in places_of:
            continue
        wanted = squeezed_words(title)
        length = min(1.0, 0.40 + 0.10 * _han_length(wanted))
        for place in places_of[title]:
            likeness = _likeness(wanted, place.text)
            if likeness == 0.0:
                continue
            fills = min(1.0, len(wanted) / max(len(place.text), 1))
            strength = place.weight * likeness * length * (0.70 + 0.30 * fills)
            if best is None or strength > best.strength:
                best = TitleCue(title, strength, place)
    return best


@lru_cache(maxsize=8192)
def _signs_of(text: str) -> frozenset[str]:
    return frozenset(text)


@lru_cache(maxsize=8192)
def _han_length(text: str) -> float:
    """Return the length in Han signs: a Latin letter counts as a third of one."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.34 for sign in text)


def _likeness(wanted: str, text: str) -> float:
    if wanted in text:
        return 1.0
    if len(wanted) < _FUZZY_TITLE_FROM:
        return 0.0
    ratio = fuzz.partial_ratio(wanted, text) if len(text) >= len(wanted) else fuzz.ratio(wanted, text)
    likeness = ratio / 100
    return (likeness - 0.45) / 0.55 if likeness >= _FUZZY_TITLE else 0.0


@dataclass(frozen=True, slots=True)
class WordCue:
    """A word found on a page: the word as in the scheme, its place, and how exactly it reads (1.0 or less)."""

    word: str
    likeness: float
    span: Span


class PageWords:
    """The text of a record, page by page, in which words are looked for."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        """Squeeze the rows and remember which sign came from where; only the first signs of a long record."""
        self._signs: list[tuple[Row, int]] = []
        self.text = ""
        self._text_signs: frozenset[str] = frozenset()
        self._add(Span(row, 0, len(row.text)) for sheet in sheets for row in sheet.rows)

    @classmethod
    def of_spans(cls, spans: Iterable[Span]) -> PageWords:
        """Return the same of a few stretches only."""
        words = cls(())
        words._add(spans)
        return words

    def _add(self, spans: Iterable[Span]) -> None:
        text: list[str] = []
        for span in spans:
            for index in range(span.start, span.end):
                sign = span.row.text[index]
                if sign in EDGES:
                    continue
                for plain in squeezed_words(sign):
                    text.append(plain)
                    self._signs.append((span.row, index))
            if len(text) > _LONGEST_TEXT:
                break
        self.text = "".join(text)
        self._text_signs = frozenset(self.text)

    def find(self, word: str) -> WordCue | None:
        """Return where this word stands, exactly or (from four signs) with a sign misread; None if nowhere."""
        wanted = squeezed_words(word)
        if not wanted:
            return None
        at = self.text.find(wanted)
        if at >= 0:
            return WordCue(word, 1.0, self._span(at, at + len(wanted)))
        if len(wanted) < _FUZZY_WORD_FROM or not self.text:
            return None
        is_short = len(wanted) < _SHORT_WORD
        if len(_signs_of(wanted) - self._text_signs) > (1 if is_short else _MISREAD_AT_MOST):
            return None
        cutoff = 100 * (1 - (1.01 if is_short else 2.01) / len(wanted))
        match = fuzz.partial_ratio_alignment(wanted, self.text, score_cutoff=cutoff)
        if match is None or match.dest_end - match.dest_start < len(wanted) - 1:
            return None
        return WordCue(word, 0.8, self._span(match.dest_start, match.dest_end))

    def found(self, words: Iterable[str]) -> tuple[WordCue, ...]:
        """Return the words that stand somewhere."""
        return tuple(cue for cue in map(self.find, dict.fromkeys(words)) if cue is not None)

    def _span(self, start: int, end: int) -> Span:
        """Return the place of the signs; of a word that goes over a row's end, the part in the first row."""
        row, first = self._signs[start]
        last = max(index for other, index in self._signs[start:end] if other is row)
        return Span(row, first, last + 1)


def word_weights(words_of: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
    """Return how much each word says: less where several kinds use it, more where it is long."""
    uses: dict[str, int] = {}
    for words in words_of.values():
        for word in set(words):
            uses[word] = uses.get(word, 0) + 1
    return {word: min(1.5, 0.5 + 0.15 * _han_length(squeezed_words(word))) / count for word, count in uses.items()}
