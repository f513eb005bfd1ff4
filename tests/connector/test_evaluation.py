"""Accuracy, coverage, confusion, reliability and cost, counted by hand on small sets."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.trial_values import Judged
from classifiers.values import Verdict
from connector.confusion_picture import picture_of
from connector.evaluation import THRESHOLDS, Evaluation, evaluated, order_of
from connector.parts import Thresholds
from tests.classifiers.lessons import kind, scheme_of

SCHEME = scheme_of()
LIMITS = Thresholds(0.6, 0.9)


def is_kind(told: str | None, said: str, confidence: float, key: str = "r") -> Judged:
    return Judged(key, told, Verdict.KIND, said, confidence)


def is_none(told: str | None, confidence: float) -> Judged:
    return Judged("r", told, Verdict.NONE_OF_THEM, None, confidence)


def is_unsure(told: str | None) -> Judged:
    return Judged("r", told, Verdict.UNSURE, None, 0.0)


def of(*judged: Judged) -> Evaluation:
    found = evaluated(judged, SCHEME, LIMITS)
    assert found is not None
    return found


MIXED = (
    is_kind("repair", "repair", 0.95),
    is_kind("repair", "repair", 0.55),
    is_kind("repair", "receipt", 0.7, "surest"),
    is_kind(None, "receipt", 0.3),
    is_none(None, 0.95),
    is_none("contract", 0.92),
    is_none(None, 0.5),
    is_unsure(None),
)


def test_nothing_to_judge_by_gives_nothing() -> None:
    assert evaluated((), SCHEME, LIMITS) is None


def test_accuracy_counts_none_of_them_and_never_unsure() -> None:
    assert of(*MIXED).accuracy == 4 / 8


def test_what_is_done_by_itself_and_what_waits_adds_up() -> None:
    found = of(*MIXED)

    assert (found.now.by_itself, found.now.wrong, found.now.waiting) == (2, 1, 4)
    assert (found.rejected, found.rejected_wrongly) == (2, 1)
    assert found.coverage == 4 / 8
    assert found.now.minutes == pytest.approx(4 * 10 / 60)


def test_threshold_of_a_kind_counts_before_the_general_one() -> None:
    strict = scheme_of(replace(kind("repair"), threshold=0.99), kind("receipt"))

    found = evaluated(MIXED, strict, LIMITS)

    assert found is not None
    assert (found.now.by_itself, found.now.wrong) == (1, 1)


def test_confusion_says_what_is_taken_for_what() -> None:
    assert of(*MIXED).confusion == {
        ("repair", "repair"): 2,
        ("repair", "receipt"): 1,
        ("none", "receipt"): 1,
        ("none", "none"): 2,
        ("contract", "none"): 1,
        ("none", "unsure"): 1,
    }


def test_kinds_stand_in_the_order_of_the_scheme() -> None:
    assert order_of(of(*MIXED), SCHEME) == (
        ("repair", "contract", "none"),
        ("receipt", "repair", "none", "unsure"),
    )


def test_reliability_compares_saying_with_being() -> None:
    (low, high) = of(
        is_kind("repair", "repair", 0.52), is_kind("repair", "receipt", 0.58), is_kind("x", "x", 1.0)
    ).reliability

    assert (low.low, low.high, low.count, low.right) == (0.5, 0.6, 2, 0.5)
    assert low.confidence == pytest.approx(0.55)
    assert (high.low, high.count, high.right) == (0.9, 1, 1.0)


def test_calibration_error_is_weighted_by_how_many_there_are() -> None:
    found = of(*[is_kind("repair", "repair", 0.95)] * 3, is_kind("repair", "receipt", 0.75))

    assert found.calibration_error == pytest.approx((3 * 0.05 + 0.75) / 4)


def test_surest_errors_come_first() -> None:
    assert [(one.kind, one.confidence) for one in of(*MIXED).wrong] == [
        (None, 0.92),
        ("receipt", 0.7),
        ("receipt", 0.3),
        (None, 0.0),
    ]


CODES = st.sampled_from(["repair", "receipt", "contract"])


@st.composite
def answers(draw: st.DrawFn) -> Judged:
    told = draw(CODES | st.none())
    verdict = draw(st.sampled_from(Verdict))
    said = draw(CODES) if verdict is Verdict.KIND else None
    return Judged("r", told, verdict, said, draw(st.floats(0.0, 1.0)) if verdict is not Verdict.UNSURE else 0.0)


@given(st.lists(answers(), min_size=1, max_size=40))
def test_higher_threshold_never_files_more_and_all_are_accounted_for(judged: list[Judged]) -> None:
    found = of(*judged)

    filed = [cost.by_itself for cost in found.costs]
    assert filed == sorted(filed, reverse=True)
    assert len(found.costs) == len(THRESHOLDS)
    assert all(cost.by_itself + cost.waiting + found.rejected == len(judged) for cost in found.costs)
    assert sum(found.confusion.values()) == len(judged) == sum(one.count for one in found.reliability)
    assert 0.0 <= found.calibration_error <= 1.0
    assert len(found.wrong) == round(len(judged) * (1 - found.accuracy))


def test_picture_shows_every_count_and_every_name() -> None:
    found = of(*MIXED)
    told, said = order_of(found, SCHEME)
    names = {"repair": "维修(报修)单", "none": "<none & nothing>"}

    root = Xml.fromstring(picture_of(found.confusion, told, said, names, "八件"))

    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert texts[0] == "八件"
    assert texts.count("维修(报修)单") == 2
    assert texts.count("<none & nothing>") == 2
    assert sorted(text for text in texts if text is not None and text.isdecimal()) == ["1", "1", "1", "1", "2", "2"]


def test_picture_is_blue_where_right_and_red_where_wrong() -> None:
    picture = picture_of({("a", "a"): 3, ("b", "a"): 3}, ("a", "b"), ("a", "b"), {}, "")

    fills = [element.get("fill", "") for element in Xml.fromstring(picture).iter() if element.tag.endswith("rect")]
    coloured = [tuple(map(int, fill[4:-1].split(","))) for fill in fills if fill.startswith("rgb")]
    assert len(coloured) == 2
    right, wrong = coloured
    assert right[2] > right[0]
    assert wrong[0] > wrong[2]
