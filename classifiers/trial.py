"""Teaches a model from everything that persons decided, and tries it on all of that before it may be used. Runs in a child process.

1. Examples are checked against the others (five folds; the memory without the example itself). One that all its like contradict is
   taken for mislabelled: reported, left out of the model, still remembered as it was told.
2. The confidence is calibrated by those answers.
3. The model is fitted to the rest, and asked about every example as it would be asked from now on. It is accepted only if none would be
   filed by itself under another kind, or thrown out, or filed though it is no archive document; mislabelled ones do not count.
Not for reading the archive or keeping models: values come in, a report and a file go out.
"""

from __future__ import annotations

import os
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.grams import Grams, grams_of
from classifiers.hearing import Lessons, answer, hear
from classifiers.knowledge import Knowledge, to_bytes
from classifiers.learned import Model
from classifiers.memory import ALIKE, FormMemory, Near
from classifiers.opinion import Calibration, calibrated, choices_of, word_of
from classifiers.plain_text import record_of_text
from classifiers.rules import RulesClassifier
from classifiers.teaching import fitted
from classifiers.trial_values import Judged, Lesson, Taught, TeachingReport, rules_stamp
from classifiers.values import Classification, Example, Verdict

FOLDS = 5
FEW = 10
"""With fewer examples nothing is held back to check: the folds would say more about chance than about the model."""

MANY_DOUBTED = 0.05
"""More doubted examples than this share (and more than one) are no slips but a change of mind: then none is left out."""

_SURELY_OTHER = 0.9
_LIKE_ENOUGH = 3
_BINS = 10


@dataclass(frozen=True)
class _Pupil:
    """One example, made ready once."""

    example: Example
    rules: Classification
    grams: Grams

    @property
    def key(self) -> str:
        return self.example.key

    @property
    def fold(self) -> int:
        return zlib.crc32(self.key.encode()) % FOLDS


@dataclass(frozen=True)
class _Checked:
    """How an example was judged by what the others taught: the answer before calibration, and what is like it."""

    pupil: _Pupil
    said: Classification
    probability: float
    near: tuple[Near, ...]

    @property
    def is_right(self) -> bool:
        return self.said.verdict is not Verdict.UNSURE and self.said.kind == self.pupil.example.kind


def teach(lesson: Lesson) -> Taught:
    """Return what was learned and whether it may be used; never raises for any text."""
    begun = time.monotonic()
    pupils = _pupils(lesson)
    memory = _memory_of(pupils)
    checked = _checked(lesson, pupils, memory)
    doubted = _doubted(checked)
    sound = [one for one in checked if one not in doubted]
    calibration = calibrated([(one.probability, one.is_right) for one in sound])
    keys = {one.pupil.key for one in doubted}
    model = _fitted([pupil for pupil in pupils if pupil.key not in keys])
    lessons = Lessons(memory, model, calibration)
    wrong = [judged for judged in _judged(lesson, pupils, lessons) if judged.key not in keys and _harms(lesson, judged)]
    report = TeachingReport(
        accepted=not wrong,
        has_model=model is not None,
        cursor=lesson.cursor,
        examples=dict(sorted(Counter(pupil.example.kind or "" for pupil in pupils).items())),
        doubted=tuple(_as_judged(one, calibration) for one in doubted),
        wrong=tuple(wrong),
        checked_right=sum(one.is_right for one in sound) / len(sound) if sound else None,
        calibration_error=calibration_error([(calibration.confidence(o.probability), o.is_right) for o in sound]),
        seconds=time.monotonic() - begun,
        rules=rules_stamp(lesson.scheme),
    )
    return Taught(report, to_bytes(Knowledge(lesson.cursor, model, memory.remembered, calibration)))


def teach_patiently(lesson: Lesson) -> Taught:
    """Return the same, leaving the machine to whatever else wants it."""
    os.nice(19)
    return teach(lesson)


def cross_check(lesson: Lesson) -> tuple[Judged, ...]:
    """Return what would be said of each example by what the others taught; () where there are too few."""
    pupils = _pupils(lesson)
    memory = _memory_of(pupils)
    checked = _checked(lesson, pupils, memory)
    found = []
    for fold in range(FOLDS):
        own = [one for one in checked if one.pupil.fold == fold]
        others = [(one.probability, one.is_right) for one in checked if one.pupil.fold != fold]
        calibration = calibrated(others)
        found += [_as_judged(one, calibration) for one in own]
    return tuple(found)


def calibration_error(answers: Sequence[tuple[float, bool]]) -> float | None:
    """Return how far confidences are from how often they are right, weighted by how many there are (ten bins)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in answers:
        bins.setdefault(min(_BINS - 1, int(confidence * _BINS)), []).append((confidence, right))
    gaps = (abs(sum(c for c, _ in inside) - sum(right for _, right in inside)) for inside in bins.values())
    return sum(gaps) / len(answers) if answers else None


def _pupils(lesson: Lesson) -> list[_Pupil]:
    """Return the examples whose kind the scheme still has, the last word on each record."""
    rules = RulesClassifier(lesson.scheme)
    last = {example.key: example for example in lesson.examples}
    known = set(choices_of(lesson.scheme))
    return [
        _Pupil(example, rules.classify(record_of_text(example.text)), grams_of(example.text))
        for example in last.values()
        if example.kind in known and example.text.strip()
    ]


def _memory_of(pupils: Sequence[_Pupil]) -> FormMemory:
    ruled = {pupil.key: word_of(pupil.rules) for pupil in pupils}
    memory = FormMemory()
    memory.learn([pupil.example for pupil in pupils], lambda example: ruled[example.key])
    return memory


def _checked(lesson: Lesson, pupils: Sequence[_Pupil], memory: FormMemory) -> list[_Checked]:
    if len(pupils) < FEW:
        return []
    choices = choices_of(lesson.scheme)
    found = []
    for fold in range(FOLDS):
        lessons = Lessons(memory, _fitted([pupil for pupil in pupils if pupil.fold != fold]))
        for pupil in (pupil for pupil in pupils if pupil.fold == fold):
            hearing = hear(pupil.rules, pupil.grams, lessons, choices, without=pupil.key)
            said = answer(hearing, Calibration())
            found.append(_Checked(pupil, said, hearing.likeliest[1], hearing.near))
    return found


def _fitted(pupils: Sequence[_Pupil]) -> Model | None:
    return fitted([pupil.grams for pupil in pupils], [pupil.example.kind for pupil in pupils])


def _doubted(checked: Sequence[_Checked]) -> list[_Checked]:
    """Return the examples that look mislabelled: surely something else, as are three others of the form for each like it."""
    doubted = [one for one in checked if not one.is_right and one.said.confidence >= _SURELY_OTHER and _is_alone(one)]
    return doubted if len(doubted) <= max(1, MANY_DOUBTED * len(checked)) else []


def _is_alone(one: _Checked) -> bool:
    alike = [near.kind for near in one.near if near.likeness >= ALIKE]
    others = alike.count(one.said.kind)
    return others >= _LIKE_ENOUGH and others >= _LIKE_ENOUGH * alike.count(one.pupil.example.kind)


def _judged(lesson: Lesson, pupils: Sequence[_Pupil], lessons: Lessons) -> list[Judged]:
    choices = choices_of(lesson.scheme)
    found = []
    for pupil in pupils:
        said = answer(hear(pupil.rules, pupil.grams, lessons, choices), lessons.calibration)
        found.append(Judged(pupil.key, pupil.example.kind, said.verdict, said.kind, said.confidence))
    return found


def _harms(lesson: Lesson, judged: Judged) -> bool:
    """Return whether a record would be filed or thrown out by itself, and wrongly."""
    if judged.is_right or judged.verdict is Verdict.UNSURE:
        return False
    if judged.kind is None:
        return judged.confidence >= lesson.reject_threshold
    return judged.confidence >= lesson.threshold(judged.kind)


def _as_judged(one: _Checked, calibration: Calibration) -> Judged:
    confidence = calibration.confidence(one.probability) if one.said.verdict is not Verdict.UNSURE else 0.0
    return Judged(one.pupil.key, one.pupil.example.kind, one.said.verdict, one.said.kind, confidence)
