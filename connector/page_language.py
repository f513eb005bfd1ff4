"""Which language a record's text is in: Chinese, German or English, told by its signs and commonest words.

For what is written down about a record, and nothing else: nothing is read, classified or filed otherwise because of it. Not for other
languages: what is neither Chinese nor surely German is called English, and Dutch may be called German.
"""

from __future__ import annotations

import re

from ingest.normalise import is_han

HAN_SHARE = 0.1
"""From this share of Han signs among letters on a page is Chinese: forms in Chinese carry Latin names and numbers."""

LEAST_GERMAN = 2
"""So many German words make a page German, if English ones are fewer: one alone may be a name (Müller, von)."""

_WORD = re.compile(r"[^\W\d_]+")
_GERMAN_LETTER = re.compile(r"[äöüß]")
_GERMAN_ENDING = re.compile(  # what forms have for sentences; "ung" only behind five letters: Kampung, Samsung
    r".{5,}(?:ung|ungen)|.{3,}(?:keit|heit|schaft|nummer|strasse|datum|betrag|schrift)"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that both languages have (in, an, am, was, will, war, so) tell nothing and stand in neither list.
_GERMAN = _words(
    "aber als auch auf aus bei beim bis das dass dem den der des die durch ein eine einem einen einer eines für haben hat ihr ihre ihrem"
    " ihren ihrer im ist kein keine können mit nach nicht nur oder sich sie sind sowie über um und unser unsere unter vom von vor"
    " werden wir wird wurde zu zum zur zwischen"
)
_ENGLISH = _words(
    "and any are as at be been by can for from has have he his if is it its may must no not of on or our shall she such than that the"
    " their them there they this to under upon us we were when which who with within would you your"
)


def guessed_language(text: str) -> str | None:
    """Return "zh", "de" or "en" for the text of a record; None where there are no letters."""
    letters = [sign for sign in text if sign.isalpha()]
    if not letters:
        return None
    if sum(map(is_han, letters)) >= HAN_SHARE * len(letters):
        return "zh"
    words = _WORD.findall(text.lower())
    german = sum(map(_is_german, words))
    english = sum(word in _ENGLISH for word in words)
    return "de" if german >= LEAST_GERMAN and german > english else "en"


def _is_german(word: str) -> bool:
    return word in _GERMAN or _GERMAN_LETTER.search(word) is not None or _GERMAN_ENDING.fullmatch(word) is not None
