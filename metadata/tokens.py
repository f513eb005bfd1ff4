"""Cuts text into the words of full-text search, the same for every database. Pure.

Databases cannot find two-character Chinese words or the middle of a number by themselves (FTS5's trigrams, PostgreSQL's
parser). So every place of the text begins a word: in a run of Han signs two signs (the last sign alone), in a run of
letters and digits the rest of the run (at most 16 signs). A search word becomes terms, beginnings of such words, which a
text that holds the search word holds too. The other way is not sure, so `occurrences` looks at the text itself.

Raise VERSION with every change here: the index is then made anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.normalise import HAN, folded, simplified

VERSION = 2

LONGEST = 16
"""Signs of a letter-and-digit word that are kept; without a limit a long hash would cost the square of its length."""

_RUNS = re.compile(rf"(?P<han>[{HAN}]+)|(?P<plain>[^\W_{HAN}]+)")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Term:
    """One word that a text must hold; `is_prefix`: as the beginning of a word."""

    text: str
    is_prefix: bool


def searchable(text: str) -> str:
    """Return the form in which texts and search words are compared: folded, simplified, lower case."""
    return simplified(folded(folded(text).casefold()))


def words_of(text: str) -> list[str]:
    """Return the words of a text in reading order, with repetitions. Letters, digits and Han signs only, never empty."""
    return list(_words(searchable(text)))


def terms_of(query: str) -> tuple[Term, ...]:
    """Return the terms that every text that holds the query's words holds; () where the query has no letter or digit."""
    terms: dict[Term, None] = {}
    for run in (run for word in _query_words(query) for run in _RUNS.finditer(word)):
        signs = run.group()
        if run.lastgroup == "plain":
            terms[Term(signs[:LONGEST], is_prefix=True)] = None
        elif len(signs) == 1:
            terms[Term(signs, is_prefix=True)] = None
        else:
            for start in range(len(signs) - 1):
                terms[Term(signs[start : start + 2], is_prefix=False)] = None
    return tuple(terms)


def bare(text: str) -> str:
    """Return the text as words are looked for in it: comparable, and without white space, which is of no account."""
    return _WHITE.sub("", searchable(text))


def occurrences(bare_text: str, query: str) -> tuple[int, ...]:
    """Return how often each word of the query (as cut by blanks) stands in a bare text."""
    return tuple(bare_text.count(word) for word in _query_words(query))


def _query_words(query: str) -> list[str]:
    """Return the comparable words of a query, cut at its blanks before folding: that takes blanks between Han signs away."""
    return [part for word in query.split() for part in searchable(word).split()]


def _words(text: str) -> Iterator[str]:
    for run in _RUNS.finditer(text):
        signs = run.group()
        length = 2 if run.lastgroup == "han" else LONGEST
        for start in range(len(signs)):
            yield signs[start : start + length]
