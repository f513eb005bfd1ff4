"""Opinions add up to one, and the calibration is honest and hard to mislead."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.opinion import (
    SUREST,
    Calibration,
    best_of,
    calibrated,
    choices_of,
    from_scores,
    joined,
    opinion_of,
)
from classifiers.values import Classification, Rival, Verdict
from tests.classifiers.lessons import scheme_of

CHOICES = choices_of(scheme_of())
SHARES = st.floats(0.0, 1.0)


def said(kind: str | None, confidence: float, *rivals: Rival, verdict: Verdict = Verdict.KIND) -> Classification:
    return Classification(verdict, kind, confidence, "rules", (), rivals)


@given(st.sampled_from(CHOICES), SHARES, st.lists(st.tuples(st.sampled_from(CHOICES[:-1]), SHARES), max_size=3))
def test_opinion_of_an_answer_adds_up_to_one_and_rules_nothing_out(
    kind: str | None, confidence: float, rivals: list[tuple[str, float]]
) -> None:
    verdict = Verdict.NONE_OF_THEM if kind is None else Verdict.KIND

    found = opinion_of(said(kind, confidence, *(Rival(k, c) for k, c in rivals), verdict=verdict), CHOICES)

    assert math.isclose(1.0, sum(found.values()))
    assert tuple(found) == CHOICES
    assert min(found.values()) > 0.0


@given(st.sampled_from(CHOICES), st.floats(0.01, 0.98))
def test_opinion_is_as_sure_as_the_answer_was(kind: str | None, confidence: float) -> None:
    verdict = Verdict.NONE_OF_THEM if kind is None else Verdict.KIND

    assert math.isclose(confidence, opinion_of(said(kind, confidence, verdict=verdict), CHOICES)[kind])


def test_unsure_answer_prefers_its_rivals_and_does_not_rule_out_that_it_is_nothing() -> None:
    found = opinion_of(said(None, 0.0, Rival("repair", 0.2), verdict=Verdict.UNSURE), CHOICES)

    assert found["repair"] > found["receipt"]
    assert found[None] > found["receipt"]


@given(st.dictionaries(st.sampled_from(CHOICES), st.floats(-500.0, 500.0)), st.floats(-500.0, 500.0))
def test_scores_of_any_size_become_an_opinion(scores: dict[str | None, float], unknown: float) -> None:
    found = from_scores(scores, CHOICES, unknown)

    assert math.isclose(1.0, sum(found.values()))


def test_voice_without_weight_changes_nothing() -> None:
    one = from_scores({"repair": 2.0}, CHOICES, 0.0)
    other = from_scores({"receipt": 5.0}, CHOICES, 0.0)

    together = joined([(one, 1.0), (other, 0.0)], CHOICES)

    assert together == pytest.approx(one)


def test_voices_that_agree_are_surer_together() -> None:
    one = from_scores({"repair": 2.0}, CHOICES, 0.0)

    together = joined([(one, 1.0), (one, 1.0)], CHOICES)

    assert best_of(together)[0] == "repair"
    assert together["repair"] > one["repair"]


def test_without_voices_all_choices_are_equal() -> None:
    assert set(joined([], CHOICES).values()) == {1 / len(CHOICES)}


def test_calibration_of_few_answers_is_nearly_the_shipped_one() -> None:
    found = calibrated([(0.9, True), (0.8, True), (0.7, False)])

    assert found.confidence(0.9) == pytest.approx(0.9, abs=0.03)


def test_calibration_brings_boasting_down_to_what_is_so() -> None:
    """1,000 answers that say 0.95, of which 70 % are right, and 1,000 that say 0.6, of which 55 % are."""
    answers = [(0.95, number % 10 < 7) for number in range(1000)] + [(0.6, number % 20 < 11) for number in range(1000)]

    found = calibrated(answers)

    assert found.confidence(0.95) == pytest.approx(0.70, abs=0.04)
    assert found.confidence(0.6) == pytest.approx(0.55, abs=0.04)


def test_one_slip_does_not_spoil_the_confidence_in_all() -> None:
    answers = [(0.999, True)] * 60 + [(0.999, False)]

    assert calibrated(answers).confidence(0.999) > 0.97


@given(st.lists(st.tuples(SHARES, st.booleans()), max_size=60), SHARES, SHARES)
def test_calibration_never_changes_the_order(answers: list[tuple[float, bool]], one: float, other: float) -> None:
    found = calibrated(answers)
    low, high = sorted((one, other))

    assert 0.0 <= found.confidence(low) <= found.confidence(high) <= SUREST


def test_calibration_is_the_same_whatever_the_order_of_answers() -> None:
    chance = random.Random(1)
    answers = [(chance.random(), chance.random() < 0.6) for _ in range(200)]
    shuffled = chance.sample(answers, len(answers))

    one, other = calibrated(answers), calibrated(shuffled)

    assert (one.shift, one.slope) == pytest.approx((other.shift, other.slope), abs=1e-3)


def test_nobody_is_quite_sure() -> None:
    assert Calibration().confidence(1.0) == SUREST
