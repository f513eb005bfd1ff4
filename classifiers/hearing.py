"""Hears the voices on the kind of one record, and joins them into one answer with one honest confidence. Pure.

1. Each voice gives an opinion on all kinds: the scheme's rules, the memory of forms that a person told, the learned model. Their
   weighted product counts.
2. A form that a person corrected outvotes rules that are sure of something else. But where the rules took that form for another thing
   than this record, it is another form on the same pattern; and a model alone may be wrong about what it never saw: then the likeliest
   kind is proposed, and a person decides.
3. Whoever has nothing to say is not asked: without any correction the answer is that of the rules.
4. The confidence is calibrated by the archive's own decided records.
5. None of them: surely so only where the rules say it, or a person has rejected this very form twice. A flyer that
   is held costs ten seconds; a contract that is thrown out may never be missed.
The weights were fitted on 15,000 answers about 5,000 texts: rules whole, with most titles and words struck, and with titles of
other kinds put in; 0 to 1,000 examples; forms seen before, not seen, and with a fifth of their signs exchanged.
Not for finding out what was learned (`lessons`), nor for the rules' own answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from classifiers.grams import Grams, grams_of
from classifiers.interfaces import IClassifier
from classifiers.learned import Model, opinion_of_margins
from classifiers.memory import ALIKE, FormMemory, Near, is_sure_match, opinion_of_nearest
from classifiers.opinion import Calibration, Opinion, best_of, joined, opinion_of, word_of
from classifiers.plain_text import record_of_text
from classifiers.values import Classification, RecordText, Rival, Verdict
from classifiers.weighed import Weigh, like, most_telling, speaking_for

NAME = "vote"

RULES_WEIGHT, MEMORY_WEIGHT, LEARNED_WEIGHT = 1.0, 1.0, 0.45

LEAST_CONFIDENCE = 0.15
"""Below this nothing stands out: with 18 choices even a guess has 0.06."""

NONE_BY_EXAMPLE = 0.5
"""The most that examples alone make of "none of them" until the form was rejected twice: enough to be held, never to be rejected."""

SURE_RULES = 0.6
DOUBTFUL_LIKENESS = 0.3
CONTESTED = 0.5
"""The most where memory and sure rules name different forms, or a model alone names another kind than the rules: enough to propose,
never to file."""

_LIKELIER = 0.5

_MOST_RIVALS = 3
_LEAST_RIVAL = 0.02
_MOST_EVIDENCE = 8


@dataclass(frozen=True)
class Lessons:
    """What was learned, ready to be asked."""

    memory: FormMemory
    model: Model | None = None
    calibration: Calibration = field(default_factory=Calibration)


@dataclass(frozen=True)
class Hearing:
    """One record before the voices: what each said, by name, the nearest examples, and what comes of it uncalibrated."""

    rules: Classification
    near: tuple[Near, ...]
    opinions: Mapping[str, Opinion]
    together: Opinion
    is_contested: bool = False  # like a form that a person told, but the rules surely took that one for something else

    @property
    def is_rules_alone(self) -> bool:
        """Return whether nobody else had anything to say."""
        return set(self.opinions) == {"rules"}

    @property
    def likeliest(self) -> tuple[str | None, float]:
        """Return the likeliest kind and its probability before calibration; that of the rules where they are alone."""
        if self.is_rules_alone and self.rules.verdict is not Verdict.UNSURE:
            return self.rules.kind, self.rules.confidence
        return best_of(self.together)


def hear(
    rules: Classification,
    grams: Grams,
    lessons: Lessons,
    choices: Sequence[str | None],
    *,
    on_text: Callable[[], Classification] | None = None,
    without: str | None = None,
) -> Hearing:
    """Ask memory and model, and join their opinions with the rules'. Pure; `without` leaves one example out of the memory.

    `on_text` is what the rules say of the bare text, where `rules` saw the page: the examples were judged so.
    """
    opinions: dict[str, Opinion] = {"rules": opinion_of(rules, choices)}
    near = lessons.memory.nearest(grams, without)
    others = _other_forms(near, rules, on_text)
    if near:
        told = [replace(one, likeness=one.likeness * DOUBTFUL_LIKENESS) if one in others else one for one in near]
        opinions["memory"] = opinion_of_nearest(told, choices, lessons.memory.unknown_likeness)
    if lessons.model is not None and (margins := lessons.model.margins(grams)):
        opinions["learned"] = opinion_of_margins(margins, choices)
    weights = {"rules": RULES_WEIGHT, "memory": MEMORY_WEIGHT, "learned": LEARNED_WEIGHT}
    together = joined(((opinion, weights[name]) for name, opinion in opinions.items()), choices)
    return Hearing(rules, near, opinions, together, _is_contested(near, others, rules))


def _is_contested(near: Sequence[Near], others: Sequence[Near], rules: Classification) -> bool:
    """Return whether a form of another kind is taken for the same by the memory, and none of the rules' own kind more so."""
    nearest = max((one.likeness for one in others), default=0.0)
    own = max((one.likeness for one in near if one.kind == rules.kind), default=0.0)
    return nearest >= ALIKE and nearest > own


def _other_forms(
    near: Sequence[Near], rules: Classification, on_text: Callable[[], Classification] | None
) -> list[Near]:
    """Return the examples that are like the record and yet of another form: the rules are sure, and took them for something else.

    A company prints all its forms on one pattern; then the title alone tells them apart, and the rules know titles.
    """
    if rules.verdict is Verdict.UNSURE or rules.confidence < SURE_RULES:
        return []
    others = [one for one in near if one.kind != rules.kind]
    if not others:
        return []
    word = word_of(on_text() if on_text else rules)
    return [one for one in others if one.ruled != word]


def answer(hearing: Hearing, calibration: Calibration) -> Classification:
    """Return the answer, its evidence still that of the rules where they agree. Pure."""
    kind, probability = hearing.likeliest
    confidence = calibration.confidence(probability)
    agreeing = _agreeing(hearing, kind)
    names_another = hearing.rules.verdict is not Verdict.UNSURE and hearing.rules.kind != kind
    if hearing.is_contested or (names_another and "memory" not in agreeing):
        confidence = min(confidence, CONTESTED)
    if hearing.is_rules_alone:
        alone = replace(hearing.rules, said_by=f"{NAME}: rules")
        return alone if alone.verdict is Verdict.UNSURE else replace(alone, confidence=confidence)
    rivals = _rivals(hearing.together, kind, hearing.opinions.values())
    said_by = f"{NAME}: {', '.join(agreeing)}" if agreeing else NAME
    if kind is None:
        return _none_of_them(hearing, confidence, said_by, rivals)
    if confidence < LEAST_CONFIDENCE:
        return Classification(Verdict.UNSURE, None, 0.0, said_by, (), (Rival(kind, confidence), *rivals)[:_MOST_RIVALS])
    evidence = hearing.rules.evidence if hearing.rules.kind == kind else ()
    return Classification(Verdict.KIND, kind, confidence, said_by, evidence, rivals)


def _agreeing(hearing: Hearing, kind: str | None) -> list[str]:
    """Return the voices whose answer this is: of what was learned, only where it is likelier than all else."""
    best = {name: best_of(opinion) for name, opinion in hearing.opinions.items()}
    return [name for name, (said, p) in best.items() if said == kind and (name == "rules" or p >= _LIKELIER)]


def _none_of_them(hearing: Hearing, confidence: float, said_by: str, rivals: tuple[Rival, ...]) -> Classification:
    rules = hearing.rules
    if rules.verdict is Verdict.NONE_OF_THEM:
        return Classification(
            Verdict.NONE_OF_THEM,
            None,
            confidence if hearing.is_contested else max(confidence, rules.confidence),
            said_by,
            rules.evidence,
            (),
        )
    if not is_sure_match(hearing.near, None, times=2):
        confidence = min(confidence, NONE_BY_EXAMPLE)
    return Classification(Verdict.NONE_OF_THEM, None, confidence, said_by, (), rivals)


def _rivals(together: Opinion, best: str | None, opinions: Iterable[Opinion] = ()) -> tuple[Rival, ...]:
    """Return the next kinds, likeliest first: those that are possible, and those that a voice prefers to the answer."""
    preferred = {best_of(opinion)[0] for opinion in opinions}
    rest = sorted(((p, kind) for kind, p in together.items() if kind is not None and kind != best), reverse=True)
    return tuple(Rival(kind, p) for p, kind in rest if p >= _LEAST_RIVAL or kind in preferred)[:_MOST_RIVALS]


def classified(
    record: RecordText, rules: IClassifier, lessons: Lessons, choices: Sequence[str | None]
) -> Classification:
    """Return the answer of all voices, with the places on the page that each went by whose answer it is."""
    hearing = _heard(record, rules, lessons, choices)
    said = answer(hearing, lessons.calibration)
    if said.verdict is Verdict.UNSURE:
        return said
    weighings = [weigh for name in hearing.opinions if (weigh := _weighing(hearing, lessons, name, said.kind))]
    seen = (evidence for found in most_telling(record, weighings) for evidence in found)
    return replace(said, evidence=tuple(dict.fromkeys((*said.evidence, *seen)))[:_MOST_EVIDENCE])


def voices(
    record: RecordText, rules: IClassifier, lessons: Lessons, choices: Sequence[str | None]
) -> tuple[Classification, ...]:
    """Return what each voice would have answered alone, the rules first."""
    hearing = _heard(record, rules, lessons, choices)
    return (hearing.rules, *(_alone(record, hearing, lessons, name) for name in hearing.opinions if name != "rules"))


def _heard(record: RecordText, rules: IClassifier, lessons: Lessons, choices: Sequence[str | None]) -> Hearing:
    def on_text() -> Classification:
        return rules.classify(record_of_text(record.text))

    return hear(rules.classify(record), grams_of(record.text), lessons, choices, on_text=on_text)


def _alone(record: RecordText, hearing: Hearing, lessons: Lessons, name: str) -> Classification:
    kind, probability = best_of(hearing.opinions[name])
    verdict = Verdict.NONE_OF_THEM if kind is None else Verdict.KIND
    weigh = _weighing(hearing, lessons, name, kind)
    seen = most_telling(record, [weigh])[0] if weigh else ()
    return Classification(verdict, kind, probability, name, seen, _rivals(hearing.opinions[name], kind))


def _weighing(hearing: Hearing, lessons: Lessons, name: str, kind: str | None) -> Weigh | None:
    """Return what a learned voice went by where the answer is its own; None for the rules, which show their words themselves."""
    if best_of(hearing.opinions[name])[0] != kind:
        return None
    if name == "memory":
        return next((like(near) for near in hearing.near if near.kind == kind), None)
    if name == "learned" and lessons.model is not None and kind in lessons.model.kinds:
        return speaking_for(lessons.model, kind)
    return None
