"""When a line is read a second time, by the better and five times dearer reader, and how two opinions on it become one.

Measured on 181 pages of the corpus (docs/adr/0011): about one line in eight is looked at again, which takes away half of the errors that the
first reader makes. Latin lines are looked at again below 0.85 instead of 0.7: on four scanned German pages of small print that takes away
a third of the errors that were left, on 48 forms in Chinese and English it costs 14 looks more among 1,361 lines. Where the two readers
differ in a digit, the second is right about as often as it is wrong: such a digit is never surely read. Pure; not for reading
(`line_signs`) nor for what a number means (`classifiers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from ingest.line_signs import Sign

_DOUBTFUL_SIGN = 0.7
_DOUBTFUL_LATIN = 0.85  # the first reader is surer of a wrong n, u, c or e than of a wrong Han sign
_LATIN_LETTERS = 10  # so many make a line one of words; codes and units are not
_FIRST_NOT_LATIN = "\u0250"
_DOUBTFUL_DIGIT = 0.98  # a wrong digit costs more, and a misread one was seen at 0.977
_AT_ODDS = 0.45  # of 20 numbers that the two read differently, the second had 9 right


def is_doubtful(signs: Sequence[Sign]) -> bool:
    """Return whether a letter or digit of the line is not surely read; blanks and marks do not count."""
    least = _DOUBTFUL_LATIN if _is_latin(signs) else _DOUBTFUL_SIGN
    return any(
        sign.confidence < (_DOUBTFUL_DIGIT if sign.text.isdigit() else least) for sign in signs if sign.text.isalnum()
    )


def _is_latin(signs: Sequence[Sign]) -> bool:
    """Return whether the line is a line of Latin words: enough letters, and none of another script."""
    letters = [sign.text for sign in signs if sign.text.isalpha()]
    return len(letters) >= _LATIN_LETTERS and max(letters) < _FIRST_NOT_LATIN


def joined_opinions(first: Sequence[Sign], second: Sequence[Sign]) -> tuple[Sign, ...]:
    """Return the second opinion, each sign as sure as the two opinions together make it.

    1. Signs that both read are as sure as the two readers on the average, the better one counted twice.
    2. Signs that the second reads differently, or alone, are at most as sure as such signs turned out to be right.
    3. Where the first alone read a sign, the sign before (or the first one) is no surer than that.
    """
    joined = list(second)
    at_odds: set[int] = set()
    for edit in Levenshtein.opcodes([sign.text for sign in first], [sign.text for sign in second]):
        if edit.tag == "equal":
            for one, place in zip(
                range(edit.src_start, edit.src_end), range(edit.dest_start, edit.dest_end), strict=True
            ):
                both = (first[one].confidence + 2 * second[place].confidence) / 3
                joined[place] = replace(second[place], confidence=both)
        elif edit.tag != "delete":
            at_odds.update(range(edit.dest_start, edit.dest_end))
        elif second and any(sign.text.isalnum() for sign in first[edit.src_start : edit.src_end]):
            at_odds.add(max(edit.dest_start - 1, 0))
    return tuple(_at_odds(sign) if place in at_odds else sign for place, sign in enumerate(joined))


def _at_odds(sign: Sign) -> Sign:
    return replace(sign, confidence=min(sign.confidence, _AT_ODDS))
