"""The memory of forms: right with the next scan of a form that a person told, hard to outvote by a slip, and bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.grams import grams_of
from classifiers.memory import ALIKE, FormMemory, Remembered, is_sure_match, opinion_of_nearest
from classifiers.opinion import best_of, choices_of
from classifiers.values import Example
from tests.classifiers.lessons import FORMS, examples, scheme_of, text_of

CHOICES = choices_of(scheme_of())


def memory_of(*taught: Example) -> FormMemory:
    memory = FormMemory()
    memory.learn(taught, unruled)
    return memory


def unruled(example: Example) -> str:
    """The rules know nothing."""
    return ""


def kind_of(memory: FormMemory, text: str) -> tuple[str | None, float]:
    return best_of(opinion_of_nearest(memory.nearest(grams_of(text)), CHOICES))


@pytest.mark.parametrize("kind", FORMS)
def test_one_example_is_enough_for_the_next_paper_of_the_form(kind: str | None) -> None:
    memory = memory_of(Example("r1", kind, text_of(kind, 1)))

    told, probability = kind_of(memory, text_of(kind, 2))

    assert told == kind
    assert probability > 0.9


def test_unknown_form_of_the_same_company_is_like_no_other() -> None:
    memory = memory_of(Example("r1", "repair", text_of("repair", 1)), Example("r2", "receipt", text_of("receipt", 2)))

    found = opinion_of_nearest(memory.nearest(grams_of(text_of("contract", 3))), CHOICES)

    assert best_of(found)[1] < 0.5


def test_english_forms_of_other_kinds_are_not_alike() -> None:
    contract = (
        "HEAT SUPPLY CONTRACT\nThe Supplier delivers heat to the premises of the Customer during the heating season."
    )
    receipt = (
        "OFFICIAL RECEIPT\nReceived from the customer named below the heating charges of the season. Cashier and stamp."
    )
    memory = memory_of(Example("r1", "contract", contract))

    (near,) = memory.nearest(grams_of(receipt))

    assert near.likeness < 0.25


def test_correction_takes_the_place_of_what_was_said_before() -> None:
    memory = memory_of(Example("r1", "repair", text_of("revisit", 1)))

    memory.learn([Example("r1", "revisit", text_of("revisit", 1))], unruled)

    assert [one.kind for one in memory.remembered] == ["revisit"]


def test_decision_taken_back_is_forgotten() -> None:
    memory = memory_of(Example("r1", "repair", text_of("repair", 1)), Example("r2", "receipt", text_of("receipt", 2)))

    memory.learn([Example("r1", None, "")], unruled)

    assert [one.key for one in memory.remembered] == ["r2"]


def test_last_word_on_a_record_counts_within_one_lesson() -> None:
    memory = memory_of(Example("r1", "repair", text_of("repair", 1)), Example("r1", "revisit", text_of("repair", 1)))

    assert [one.kind for one in memory.remembered] == ["revisit"]


def test_one_slip_is_outvoted_by_four_papers_of_the_form() -> None:
    right = [Example(f"r{n}", "repair", text_of("repair", n)) for n in range(4)]
    memory = memory_of(*right, Example("slip", "receipt", text_of("repair", 9)))

    assert kind_of(memory, text_of("repair", 20))[0] == "repair"


def test_the_same_paper_again_is_what_was_said_of_it() -> None:
    others = [Example(f"r{n}", "repair", text_of("repair", n)) for n in range(3)]
    memory = memory_of(*others, Example("odd", "receipt", text_of("repair", 9)))

    assert kind_of(memory, text_of("repair", 9))[0] == "receipt"


def test_of_equal_papers_the_latest_comes_first() -> None:
    text = text_of("repair", 1)
    memory = memory_of(Example("old", "repair", text), Example("new", "receipt", text))

    assert [near.key for near in memory.nearest(grams_of(text))] == ["new", "old"]


def test_example_can_be_left_out_of_the_account() -> None:
    memory = memory_of(Example("r1", "repair", text_of("repair", 1)), Example("r2", "repair", text_of("repair", 2)))

    assert [near.key for near in memory.nearest(grams_of(text_of("repair", 1)), without="r1")] == ["r2"]


def test_thousand_papers_of_five_forms_do_not_fill_the_memory() -> None:
    memory = memory_of(*examples(1000))

    assert len(memory) < 120
    assert all(kind_of(memory, text_of(kind, 5000))[0] == kind for kind in FORMS)


def test_form_is_surely_matched_only_where_all_alike_say_so() -> None:
    flyers = [Example(f"r{n}", None, text_of(None, n)) for n in range(2)]
    new = grams_of(text_of(None, 7))

    assert is_sure_match(memory_of(*flyers).nearest(new), None, times=2)
    assert not is_sure_match(memory_of(flyers[0]).nearest(new), None, times=2)
    assert not is_sure_match(memory_of(*flyers, Example("r9", "repair", text_of(None, 9))).nearest(new), None, times=2)


def test_likeness_counts_by_what_is_usual_between_kinds() -> None:
    apart = memory_of(*examples(10))
    pattern = "申请人姓名 联系电话 用热地址 供热面积 办理事项 受理意见 部门负责人 签字 日期 告知事项如实填写 "
    alike = memory_of(Example("a", "repair", pattern + "停止用热"), Example("b", "receipt", pattern + "过户更名"))

    assert apart.unknown_likeness < 0.25
    assert alike.unknown_likeness > 0.5


def test_empty_memory_and_empty_text_are_near_nothing() -> None:
    assert FormMemory().nearest(grams_of("供热")) == ()
    assert memory_of(*examples(5)).nearest(grams_of("")) == ()


@settings(max_examples=30)
@given(st.lists(st.text("供热用户维修abc 1", max_size=30), max_size=6), st.text("供热用户维修abc 1", max_size=30))
def test_likeness_is_a_share_and_whole_for_the_same_text(texts: list[str], asked: str) -> None:
    memory = memory_of(*(Example(f"r{n}", "repair", text) for n, text in enumerate([*texts, asked])))

    found = memory.nearest(grams_of(asked))

    assert all(0.0 < near.likeness <= 1.0 + 1e-9 for near in found)
    if len(grams_of(asked).longer):
        assert found[0].likeness == pytest.approx(1.0)


def test_what_is_remembered_can_be_put_into_another_memory() -> None:
    memory = memory_of(*examples(20))
    copied = FormMemory(Remembered(one.key, one.kind, one.ruled, one.hashes.copy()) for one in memory.remembered)
    asked = grams_of(text_of("contract", 77))

    assert [(n.key, n.likeness) for n in copied.nearest(asked)] == [(n.key, n.likeness) for n in memory.nearest(asked)]
    assert copied.nearest(asked)[0].likeness > ALIKE
    assert np.array_equal(copied.remembered[3].hashes, memory.remembered[3].hashes)
