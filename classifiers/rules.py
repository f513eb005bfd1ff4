"""Says which kind a record is by the scheme's titles and words: no training, every answer with its evidence.

Not for learning from corrections, and never rejects what may be an archive document: `NONE_OF_THEM` is said only of blank
pages, and of those with several words of flyers, newspapers or memos and nothing of the company's own forms. A page on
which nothing could be read is UNSURE: it may be a photograph, or a form that lay upside down (measured: 4 of 134 records).
The weights below were fitted on 5,000 labelled texts, a third of them with their own title struck from the scheme, so that
the confidence is honest for forms whose title nobody listed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zope.interface import implementer

from classifiers.cues import PageWords, TitleCue, TitlePlace, Titles, WordCue, title_cue, title_places, word_weights
from classifiers.interfaces import IClassifier
from classifiers.labels import LabelFinder
from classifiers.layout import Sheet, Span, evidence_of, sheets_of
from classifiers.scheme import Kind, Scheme
from classifiers.values import Classification, Evidence, RecordText, Rival, Verdict

TITLE_WEIGHT = 6.0
WORD_WEIGHT = 1.0
MOST_WORDS = 7.0
AGAINST_WEIGHT = 1.2
CALIBRATION = (-1.6, 0.75, 0.35)
"""Confidence = logistic of these: constant, lead over the second kind, own score."""

LEAST_SCORE = 1.2
"""A kind with less stands on nothing."""

_MOST_RIVALS = 3
_LEAST_RIVAL = 0.02
_EVIDENCE_WORDS = 5
_SURE_WORDS: Mapping[str, int] = {"memo": 5}
_SURE_WORDS_ELSE = 4
_BLANK = 0.99
_TELLING_TITLE = 0.5
_TITLED_NONE = 0.75
"""A paper that bears a title of ours is never surely none, however many words of flyers stand on it: a person looks."""


@dataclass(frozen=True, slots=True)
class KindScore:
    """How much speaks for one kind, and what."""

    kind: Kind
    score: float
    title: TitleCue | None
    words: tuple[WordCue, ...]


@implementer(IClassifier)
class RulesClassifier:
    """The classifier named "rules"."""

    name: str = "rules"

    def __init__(self, scheme: Scheme) -> None:
        """Prepare the words and labels of the scheme."""
        self._scheme = scheme
        self._weights = word_weights({kind.code: kind.words_for for kind in scheme.kinds})
        self._titles = Titles(title for kind in scheme.kinds for title in kind.titles)
        signs = scheme.signs
        own = (*signs.number, *signs.contract_no, *signs.meter_no, *signs.old_name, *signs.new_name)
        self._own_labels = LabelFinder(label for label in own if len(label) > 1)

    def classify(self, record: RecordText) -> Classification:
        """Return the kind with an honest confidence and its evidence; never raises for any text."""
        sheets = sheets_of(record)
        if all(page.is_blank for page in record.pages):
            return self._none(_BLANK, ())
        words = PageWords(sheets)
        scores = self.scores(sheets, words)
        best, second = scores[0], scores[1] if len(scores) > 1 else None
        nothing = self._none_of_them(sheets, words, best)
        if nothing is not None:
            return nothing
        lead = best.score - (second.score if second else 0.0)
        confidence = _logistic(CALIBRATION[0] + CALIBRATION[1] * lead + CALIBRATION[2] * best.score)
        rivals = _rivals(scores, confidence)
        if best.score < LEAST_SCORE:
            return Classification(Verdict.UNSURE, None, 0.0, self.name, (), rivals)
        return Classification(Verdict.KIND, best.kind.code, confidence, self.name, _evidence(best), rivals)

    def scores(self, sheets: Sequence[Sheet], words: PageWords) -> tuple[KindScore, ...]:
        """Return how much speaks for every kind, most first."""
        places = self._titles.places_of(tuple(place for sheet in sheets[:1] for place in title_places(sheet)))
        found = {word: cue for word in self._weights if (cue := words.find(word)) is not None}
        scored = (self._score(kind, places, words, found) for kind in self._scheme.kinds)
        return tuple(sorted(scored, key=lambda s: -s.score))

    def _score(
        self, kind: Kind, places: Mapping[str, Sequence[TitlePlace]], words: PageWords, found: Mapping[str, WordCue]
    ) -> KindScore:
        title = title_cue(kind.titles, places)
        cues = tuple(found[word] for word in dict.fromkeys(kind.words_for) if word in found)
        weight = sum(self._weights[cue.word] * cue.likeness for cue in cues)
        against = sum(cue.likeness for cue in words.found(kind.words_against))
        score = (
            TITLE_WEIGHT * (title.strength if title else 0.0)
            + WORD_WEIGHT * MOST_WORDS * (1 - math.exp(-weight / MOST_WORDS))
            - AGAINST_WEIGHT * against
        )
        return KindScore(kind, score, title, cues)

    def _none_of_them(self, sheets: Sequence[Sheet], words: PageWords, best: KindScore) -> Classification | None:
        """Return the verdict that this is surely no archive document; None where it may be one."""
        if any(self._own_labels.hits(row) for sheet in sheets for row in sheet.rows):
            return None
        for group in self._scheme.none_of_them:
            cues = words.found(group.words)
            enough = _SURE_WORDS.get(group.name, _SURE_WORDS_ELSE)
            exact = sum(cue.likeness for cue in cues)
            if exact >= enough - 1 and best.score < exact + 1.0:
                confidence = min(0.99, 0.80 + 0.05 * (exact - enough + 1) + (0.07 if best.score < 2.0 else 0.0))
                if best.title is not None and best.title.strength >= _TELLING_TITLE:
                    confidence = min(confidence, _TITLED_NONE)
                return self._none(confidence, tuple(evidence_of([cue.span]) for cue in cues[:_EVIDENCE_WORDS]))
        return None

    def _none(self, confidence: float, evidence: tuple[Evidence, ...]) -> Classification:
        return Classification(Verdict.NONE_OF_THEM, None, confidence, self.name, evidence, ())


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def _evidence(best: KindScore) -> tuple[Evidence, ...]:
    spans: list[Span] = [best.title.place.span] if best.title else []
    spans += [cue.span for cue in sorted(best.words, key=lambda c: -len(c.word))[:_EVIDENCE_WORDS]]
    return tuple(evidence_of([span]) for span in spans)


def _rivals(scores: Sequence[KindScore], confidence: float) -> tuple[Rival, ...]:
    """Return the next kinds; what the best leaves is shared out by how near each comes."""
    rest = [(s.kind.code, math.exp(s.score - scores[0].score)) for s in scores[1:]]
    total = sum(weight for _, weight in rest) or 1.0
    shared = [Rival(code, (1 - confidence) * weight / total) for code, weight in rest]
    return tuple(rival for rival in shared[:_MOST_RIVALS] if rival.confidence >= _LEAST_RIVAL)
