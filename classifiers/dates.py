"""Dates as forms print them, Chinese and English, with the look-alikes of a recogniser; pure.

A date that cannot be (31 February, year 3022), or in which a sign that is no digit stands for a digit without being its
look-alike, is no date: left out rather than guessed. Dates with two readings (03/04/2021) are left out too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 1980, 2049
"""Years outside are misread; heating companies' files begin in the 1980s."""

_DIGIT = "0-9OoQlI|\\]ZzSB"
_LOOK_ALIKE = str.maketrans("OoQlI|]ZzSB", "00011112258")
_YEAR, _ONE = f"[12][{_DIGIT}]{{3}}", f"[{_DIGIT}]{{1,2}}"
_END_OF_DAY = r"(?:日|号|目|口|曰|昌|晶|且)?"
_NOT_AFTER = r"(?<![0-9A-Za-z.])"
_NOT_BEFORE = r"(?![0-9])"
_TIME = r"(?=[0-2][0-9]\s?[:：]\s?[0-5][0-9])"  # 2021-12-1518:24: the blank before the time of day is narrow, and was not seen
_YEAR_FIRST = re.compile(
    rf"{_NOT_AFTER}(?P<y>{_YEAR})(?:\s?(?P<han>年)\s?(?P<m>{_ONE})\s?月\s?(?P<d>{_ONE})\s?{_END_OF_DAY}"
    rf"|\s?(?P<sep>[-./])\s?(?P<m2>{_ONE})\s?(?P=sep)\s?(?P<d2>{_ONE}))"
    rf"(?:{_NOT_BEFORE}|(?<=[0-9]{{2}}){_TIME})"
)
_PLAIN = re.compile(r"(?<![0-9A-Za-z])(?P<y>20[0-4][0-9]|19[89][0-9])(?P<m>[01][0-9])(?P<d>[0-3][0-9])(?![0-9])")
_HAN_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0}
_HAN = re.compile(
    r"(?P<y>[〇○O零一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), 1,
    )
    for name in names.split()
}  # fmt: skip
_ENGLISH = re.compile(
    rf"{_NOT_AFTER}(?:(?P<d>[0-3]?[{_DIGIT}])(?:st|nd|rd|th)?\s?(?P<m>[A-Za-z]{{3,9}})\.?,?\s?(?P<y>{_YEAR})"
    rf"|(?P<m2>[A-Za-z]{{3,9}})\.?\s?(?P<d2>[0-3]?[{_DIGIT}])(?:st|nd|rd|th)?,?\s?(?P<y2>{_YEAR})){_NOT_BEFORE}"
)
_DAY_FIRST = re.compile(
    rf"{_NOT_AFTER}(?P<a>[0-3]?[0-9])(?P<sep>[./])(?P<b>[0-3]?[0-9])(?P=sep)(?P<y>[12][0-9]{{3}})(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date in a text: its value, its place, and whether every sign was read as what it is (no look-alikes put right)."""

    value: date
    start: int
    end: int
    is_clean: bool


def dates_in(text: str) -> tuple[DateFound, ...]:
    """Return the dates of a text in order, none overlapping."""
    found: list[DateFound] = []
    for hit in sorted(_all(text), key=lambda f: (f.start, -f.end)):
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return tuple(found)


def _all(text: str) -> Iterator[DateFound]:
    for match in _YEAR_FIRST.finditer(text):
        month, day = match["m"] or match["m2"], match["d"] or match["d2"]
        yield from _found(match, match["y"], month, day)
    for match in _PLAIN.finditer(text):
        yield from _found(match, match["y"], match["m"], match["d"])
    for match in _HAN.finditer(text):
        year = "".join(str(_HAN_DIGITS[sign]) for sign in match["y"])
        yield from _found(match, year, str(_han_number(match["m"])), str(_han_number(match["d"])))
    for match in _ENGLISH.finditer(text):
        month_number = _MONTHS.get((match["m"] or match["m2"]).casefold())
        if month_number:
            yield from _found(match, match["y"] or match["y2"], str(month_number), match["d"] or match["d2"])
    for match in _DAY_FIRST.finditer(text):
        first, second = int(match["a"]), int(match["b"])
        if first == second or (first > 12) != (second > 12):
            day_number, month_only = (first, second) if first > 12 else (second, first)
            yield from _found(match, match["y"], str(month_only), str(day_number))


def _han_number(signs: str) -> int:
    if "十" in signs:
        tens, _, ones = signs.partition("十")
        return 10 * (_HAN_DIGITS.get(tens, 1) if tens else 1) + (_HAN_DIGITS.get(ones, 0) if ones else 0)
    return _HAN_DIGITS.get(signs, 0) if len(signs) == 1 else 0


def _found(match: re.Match[str], year: str, month: str, day: str) -> Iterator[DateFound]:
    plain = tuple(part.translate(_LOOK_ALIKE) for part in (year, month, day))
    try:
        value = date(int(plain[0]), int(plain[1]), int(plain[2]))
    except ValueError:
        return
    if FIRST_YEAR <= value.year <= LAST_YEAR:
        yield DateFound(value, match.start(), match.end(), plain == (year, month, day))
