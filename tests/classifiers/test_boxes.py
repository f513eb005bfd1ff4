"""Which of several printed choices is ticked, however the tick was read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.boxes import Mark, options_in, ticked
from classifiers.scheme import Choice

CHOICES = tuple(Choice(words[0], words) for words in (("非常满意", "很满意"), ("满意",), ("一般",), ("不满意",)))
METHODS = (Choice("散热器", ("散热器", "暖气片")), Choice("地板辐射", ("地板辐射", "地暖")))


def value(text: str, choices: tuple[Choice, ...] = CHOICES) -> str | None:
    found = ticked(text, choices)
    return found.option.value if found else None


@pytest.mark.parametrize(
    "text",
    [
        "□非常满意 ☑满意 □一般 □不满意",
        "口非常满意 √满意 口一般 口不满意",
        "□ 非常满意  ■ 满意  □ 一般  □ 不满意",
        "〇非常满意 ●满意 〇一般 〇不满意",
        "口非常满意 ☒满意",
        "口非常满意 回满意 口一般 口不满意",  # a tick read as another sign
        "口非常满意 满意 口一般 口不满意",  # a tick not read at all
        "满意 □一般 □不满意",
        "满意 □不满意",
    ],
)
def test_ticked_choice_is_known(text: str) -> None:
    assert value(text) == "满意"


@pytest.mark.parametrize(
    "text",
    [
        "□非常满意 □满意 □一般 □不满意",  # none
        "☑非常满意 ☑满意 □一般 □不满意",  # two
        "非常满意 满意 一般 不满意",  # no boxes at all
        "回非常满意 回满意 口一般 口不满意",  # two strange signs
        "口非常满意 满意 一般",  # two that may have lost their ticks
        "☑满意 □满意",  # the same twice
        "",
        "不清楚",
    ],
)
def test_nothing_is_said_where_it_is_not_clear(text: str) -> None:
    assert value(text) is None


def test_longest_word_wins_so_that_dissatisfied_is_not_satisfied() -> None:
    assert [o.value for o in options_in("□非常满意 □满意 ☑不满意", CHOICES)] == ["非常满意", "满意", "不满意"]
    assert value("□非常满意 □满意 □一般 ☑不满意") == "不满意"


def test_other_word_of_a_choice_gives_its_value() -> None:
    assert value("☑暖气片 □地暖", METHODS) == "散热器"


def test_choice_written_as_a_value_is_taken() -> None:
    found = ticked("：地暖", METHODS)

    assert found is not None
    assert (found.option.value, found.is_box) == ("地板辐射", False)


@pytest.mark.parametrize("text", ["□地暖", "口地暖", "采用了楼上的地暖"])
def test_choice_in_an_empty_box_or_inside_a_sentence_is_not_written_as_a_value(text: str) -> None:
    assert value(text, METHODS) is None


def test_case_of_latin_choices_does_not_matter() -> None:
    assert value("☑CASH □Card", (Choice("Cash", ("Cash",)), Choice("Card", ("Card",)))) == "Cash"


def test_lost_tick_is_surer_beside_several_empty_boxes() -> None:
    several, one = ticked("满意 □一般 □不满意", CHOICES), ticked("满意 □不满意", CHOICES)

    assert several is not None
    assert one is not None
    assert several.confidence > one.confidence


def test_real_tick_is_surer_than_a_strange_sign() -> None:
    tick, strange = ticked("☑散热器 □地暖", METHODS), ticked("回散热器 □地暖", METHODS)

    assert tick is not None
    assert strange is not None
    assert tick.confidence > strange.confidence


def test_place_of_an_option_is_that_of_its_word() -> None:
    options = options_in("□散热器 ☑地暖", METHODS)

    assert [(o.start, o.end, o.mark) for o in options] == [(1, 4, Mark.EMPTY), (6, 8, Mark.TICKED)]


@given(st.permutations(CHOICES), st.integers(0, 3), st.sampled_from("☑√✔■"), st.sampled_from("□口○"))
def test_one_tick_among_empty_boxes_is_always_found(order: list[Choice], index: int, tick: str, empty: str) -> None:
    text = "  ".join(f"{tick if i == index else empty}{c.words[0]}" for i, c in enumerate(order))

    assert value(text) == order[index].value


def test_blank_that_was_lost_in_a_choice_does_no_harm() -> None:
    methods = (Choice("Cash", ("Cash",)), Choice("Bank transfer", ("Bank transfer",)))

    assert value("Banktransfer", methods) == "Bank transfer"
