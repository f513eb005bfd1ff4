"""Finds, in a row's text, the stretches that have the form of a customer number: plain, grouped, or sign by sign in boxes.

Not for whose number it is: that is `number_places`. A run is what stands there; nothing is repaired, except that a letter
which looks like a digit is offered as a second reading, marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from classifiers.labels import EDGES
from classifiers.layout import Row
from classifiers.number_forms import NumberForm, NumberForms, folded_number
from ingest.normalise import is_han

LONGEST_RUN = 40
"""Signs of a row that are looked at from one start; numbers are shorter, and forms are tried from every start."""

_BOX_SIGNS = frozenset("|丨¦[]【】()（）{}□口▢◻_.,，·'‘’`“”\"~:：;；=" + EDGES)
_MOST_ALIKE = 6
_DIGIT_OF = dict(zip("OQDILSBZ", "00011582", strict=True))
_LETTERS_OF = {
    digit: tuple(letter for letter, of in _DIGIT_OF.items() if of == digit) for digit in set(_DIGIT_OF.values())
}


@dataclass(frozen=True, slots=True)
class NumberRun:
    """Signs in a row that may be a number: bare (folded, without separators), and for each its place in the row.

    `form` is None where they fit no form; `alike` is the number that they are once letters are taken for the digits they
    look like, None where that makes no difference or fits no form. `boxed` = box signs or cell edges stand between
    them, or most stand alone.
    """

    row: Row
    text: str
    places: tuple[int, ...]
    form: str | None
    alike: str | None
    boxed: bool

    @property
    def start(self) -> int:
        """Return where it begins in the row's text."""
        return self.places[0]

    @property
    def end(self) -> int:
        """Return where it ends in the row's text, exclusive."""
        return self.places[-1] + 1

    def confidence_at(self, index: int) -> float:
        """Return how surely the sign at this index of `text` was read."""
        owner = self.row.owners[self.places[index]]
        return self.row.words[owner].confidence if owner >= 0 else 0.0


@dataclass(frozen=True, slots=True)
class _Signs:
    """Bare signs with their places; `edges[i]` = something that is no sign of a number stands before sign i (or the end)."""

    text: str
    places: tuple[int, ...]
    edges: tuple[bool, ...]


def runs_in(row: Row, forms: NumberForms) -> tuple[NumberRun, ...]:
    """Return the numbers of some form in a row, from left to right, not overlapping; look-alike letters only beside digits."""
    found: list[NumberRun] = []
    for signs in _stretches(row, 0, len(row.text), forms.separators):
        at = 0
        while at < len(signs.text):
            run = _run_at(row, signs, at, forms.forms, boxed=False)
            if run is None:
                at += 1
            else:
                found.append(run)
                at += len(run.places)
    return tuple(found)


def boxed_runs(row: Row, start: int, end: int, forms: NumberForms) -> tuple[NumberRun, ...]:
    """Return the number that begins at `start`, its signs in boxes or cells of their own; or what signs stand there instead.

    Reading goes on over blanks, edges and box signs until another sign or `end`. () where no digit stands there. Two numbers of
    one form that touch each other are two: one was struck out, and the other written beside it.
    """
    signs = _loose_signs(row, start, end, forms.separators)
    if not any(sign.isdigit() for sign in signs.text):
        return ()
    run = _run_at(row, signs, 0, forms.forms, boxed=True)
    if run is not None:
        return (run,)
    return _touching(row, signs, forms.forms) or (
        NumberRun(row, signs.text, signs.places, None, None, boxed=any(signs.edges[1:-1])),
    )


def _touching(row: Row, signs: _Signs, forms: Sequence[NumberForm]) -> tuple[NumberRun, ...]:
    half = len(signs.text) // 2
    parts = signs.text[:half], signs.text[half:]
    for form in forms:
        if len(parts[0]) == len(parts[1]) and all(form.pattern.fullmatch(part) for part in parts):
            return (
                NumberRun(row, parts[0], signs.places[:half], form.name, None, boxed=False),
                NumberRun(row, parts[1], signs.places[half:], form.name, None, boxed=False),
            )
    return ()


def _run_at(row: Row, signs: _Signs, at: int, forms: Sequence[NumberForm], boxed: bool) -> NumberRun | None:
    """Return the longest number of a form that begins at this sign, both its ends standing free."""
    if not signs.edges[at]:
        return None
    ends = [end for end in range(at + 1, min(at + LONGEST_RUN, len(signs.text)) + 1) if signs.edges[end]]
    if not boxed:
        ends = [end for end in ends if _is_even(row, signs.places[at], signs.places[end - 1])]
    for end in reversed(ends):
        text = signs.text[at:end]
        for form in forms:
            if form.pattern.fullmatch(text):
                return NumberRun(
                    row, text, signs.places[at:end], form.name, None, boxed or _stands_apart(signs, at, end)
                )
    for end in reversed(ends):
        text = signs.text[at:end]
        if sum(sign.isdigit() for sign in text) * 2 < len(text):
            continue
        alike = alike_of(text, forms)
        if alike is not None:
            return NumberRun(row, text, signs.places[at:end], None, alike, boxed or _stands_apart(signs, at, end))
    return None


def _is_even(row: Row, first: int, last: int) -> bool:
    """Return whether one sort of separator stands between the signs, blanks around it aside: 2023-11-07 12 is no number."""
    between = re.findall(r"[^\w]+", row.text[first : last + 1])
    return len({gap.strip() for gap in between}) <= 1


def _stands_apart(signs: _Signs, at: int, end: int) -> bool:
    """Return whether most signs stand alone, as in boxes."""
    return sum(signs.edges[at + 1 : end]) * 2 > end - at


def alike_of(text: str, forms: Sequence[NumberForm]) -> str | None:
    """Return the number that the signs are once letters are taken for the digits they look like, and one digit for a letter.

    None unless exactly one such number fits a form: 11362SO642 has ten digits, 8I2345678 may be B and eight of them.
    """
    letters = [index for index, sign in enumerate(text) if sign in _DIGIT_OF]
    if len(letters) > _MOST_ALIKE:
        return None
    for digits in ((), *((index,) for index, sign in enumerate(text) if sign in _LETTERS_OF)):
        fitting = {
            number
            for number in _written(text, letters, digits)
            if number != text and any(form.pattern.fullmatch(number) for form in forms)
        }
        if fitting:
            return fitting.pop() if len(fitting) == 1 else None
    return None


def _written(text: str, letters: Sequence[int], digits: Sequence[int]) -> Iterator[str]:
    """Yield the text with each of these letters kept or taken for a digit, and these digits taken for letters."""
    places = (*letters, *digits)
    choices = [(text[i], _DIGIT_OF[text[i]]) for i in letters] + [_LETTERS_OF[text[i]] for i in digits]
    for chosen in product(*choices):
        signs = list(text)
        for index, sign in zip(places, chosen, strict=True):
            signs[index] = sign
        yield "".join(signs)


def _stretches(row: Row, start: int, end: int, separators: str) -> list[_Signs]:
    """Return the runs of number signs between anything that may not stand inside a number."""
    found: list[_Signs] = []
    text: list[str] = []
    places: list[int] = []
    edges: list[bool] = []
    fresh = True
    for index in range(start, end + 1):
        sign = _folded(row.text[index]) if index < end else ""
        if _is_sign(sign):
            text.append(sign)
            places.append(index)
            edges.append(fresh)
            fresh = False
        elif sign in separators and sign:
            fresh = True
        else:
            if text:
                found.append(_Signs("".join(text), tuple(places), (*edges, True)))
            text, places, edges, fresh = [], [], [], True
    return found


def _loose_signs(row: Row, start: int, end: int, separators: str) -> _Signs:
    text: list[str] = []
    places: list[int] = []
    edges: list[bool] = []
    fresh = True
    for index in range(start, end):
        raw = row.text[index]
        sign = _folded(raw)
        if _is_sign(sign):
            text.append(sign)
            places.append(index)
            edges.append(fresh)
            fresh = False
        elif raw.isspace() or raw in _BOX_SIGNS or sign in separators or (not sign.isalnum() and not is_han(raw)):
            fresh = True
        else:
            break
        if len(text) >= LONGEST_RUN:
            break
    return _Signs("".join(text), tuple(places), (*edges, True))


@cache
def _folded(sign: str) -> str:
    """Return one sign as numbers are compared; a blank for every white space but a cell's edge."""
    if sign in EDGES:
        return ""
    return " " if sign.isspace() else folded_number(sign)


def _is_sign(sign: str) -> bool:
    return len(sign) == 1 and sign.isascii() and sign.isalnum()
