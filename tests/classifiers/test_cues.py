"""What speaks for a kind: titles at the top, words anywhere, each with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.cues import (
    PageWords,
    TitleCue,
    TitlePlace,
    Titles,
    squeezed_words,
    title_cue,
    title_places,
    word_weights,
)
from classifiers.layout import Span, sheets_of
from tests.classifiers.forms import record_of


def places(text: str, title_height: float = 40.0) -> tuple[TitlePlace, ...]:
    (sheet,) = sheets_of(record_of(text, title_height=title_height))
    return title_places(sheet)


def texts(text: str) -> set[str]:
    return {place.text for place in places(text)}


def cue(text: str, *titles: str, title_height: float = 40.0) -> TitleCue | None:
    return title_cue(titles, Titles(titles).places_of(places(text, title_height)))


def strength(text: str, *titles: str, title_height: float = 40.0) -> float:
    found = cue(text, *titles, title_height=title_height)
    return found.strength if found else 0.0


def words(*pages: str) -> PageWords:
    return PageWords(sheets_of(record_of(*pages)))


def test_words_are_compared_as_letters_digits_and_han_signs_only() -> None:
    assert squeezed_words(" 供热　合 同（ＡＢ）_- 50% ") == "供热合同ab50%"


def test_short_cells_and_rows_at_the_top_may_be_titles() -> None:
    assert texts("供热公司  报修单") == {"供热公司", "报修单", "供热公司报修单"}


@pytest.mark.parametrize(
    "no_title",
    [
        "户名：王小明",
        "2024年11月03日 第12号",
        "今天天气很好。",
        "一",
        "长" * 61,
        "据了解，今年冬季供热投诉量下降三成以上",
    ],
)
def test_values_sentences_and_long_rows_are_no_titles(no_title: str) -> None:
    assert texts(no_title) == set()


def test_title_with_a_speck_read_as_a_comma_is_still_one() -> None:
    assert texts("热费，缴费收据") == {"热费缴费收据"}


def test_title_before_a_colon_without_a_value_is_still_one() -> None:
    assert texts("情况说明：") == {"情况说明"}


def test_nothing_below_the_top_of_the_page_is_a_title() -> None:
    assert "缴费收据" not in texts("\n".join([*("一二三四五六",) * 12, "缴费收据"]))


def test_title_printed_large_weighs_more() -> None:
    assert strength("公司\n缴费收据\n一\n二", "缴费收据", title_height=80.0) > strength(
        "公司\n缴费收据\n一\n二", "缴费收据"
    )


def test_title_further_down_weighs_less() -> None:
    assert strength("缴费收据", "缴费收据") > strength("一二\n三四\n五六\n七八\n九十\n缴费收据", "缴费收据")


def test_title_that_fills_its_place_weighs_more_than_part_of_a_longer_one() -> None:
    assert strength("缴费收据", "缴费收据") > strength("北方城市热力集团缴费收据专用", "缴费收据") > 0


def test_longer_title_says_more() -> None:
    assert strength("供用热合同", "供用热合同") > strength("合同", "合同")


def test_strongest_title_and_its_place_are_named() -> None:
    found = cue("热费缴费收据", "收据", "缴费收据")

    assert found is not None
    assert (found.title, found.place.span.text) == ("缴费收据", "热费缴费收据")


def test_title_with_a_sign_misread_counts_less() -> None:
    assert 0 < strength("热费徽费收据", "热费缴费收据") < strength("热费缴费收据", "热费缴费收据")


def test_short_title_with_a_sign_misread_is_none() -> None:
    assert cue("收揭", "收据") is None


def test_english_title_is_found_whatever_its_case() -> None:
    found = cue("PAYMENT RECEIPT", "Payment Receipt")

    assert found is not None
    assert found.strength > 0.5


def test_no_title_where_none_stands() -> None:
    assert cue("热费缴费收据", "投诉处理单") is None
    assert cue("", "投诉处理单") is None


def test_word_is_found_with_its_place_on_its_page() -> None:
    found = words("一二三", "故障描述  暖气不热").find("故障描述")

    assert found is not None
    assert (found.likeness, found.span.text, found.span.row.page_number) == (1.0, "故障描述", 2)


def test_word_over_cells_and_rows_is_found_and_its_first_part_named() -> None:
    found = words("一二故障\n描述三四").find("故障描述")

    assert found is not None
    assert found.span.text == "故障"


def test_word_with_a_sign_misread_or_lost_counts_less() -> None:
    misread = words("某某故隙描述某某").find("故障描述")
    lost = words("某某维修后室某某").find("维修后室温")

    assert misread is not None
    assert lost is not None
    assert misread.likeness == lost.likeness == 0.8


@pytest.mark.parametrize("word", ["报修", "故障灯"])
def test_short_word_is_found_only_as_it_stands(word: str) -> None:
    assert words("报俢 故障打").find(word) is None


def test_empty_word_and_empty_page_find_nothing() -> None:
    assert words("故障描述").find("·") is None
    assert words("").find("故障描述") is None


def test_words_are_found_once_each_in_their_order() -> None:
    found = words("维修人员 故障描述 故障描述").found(["故障描述", "报修人", "维修人员", "故障描述"])

    assert [cue.word for cue in found] == ["故障描述", "维修人员"]


def test_words_may_be_looked_for_in_a_stretch_only() -> None:
    (sheet,) = sheets_of(record_of("验收合格  需整改"))
    stretch = PageWords.of_spans([Span(sheet.rows[0], 0, 4)])

    assert stretch.find("验收合格") is not None
    assert stretch.find("需整改") is None


def test_word_that_several_kinds_use_says_less_and_a_long_one_more() -> None:
    weights = word_weights({"a": ["合计", "收款方式"], "b": ["合计", "甲方的权利义务"]})

    assert weights["合计"] == pytest.approx((0.5 + 0.15 * 2) / 2)
    assert weights["收款方式"] == pytest.approx(0.5 + 0.15 * 4)
    assert weights["甲方的权利义务"] == 1.5


@given(st.text("热费缴收据维修人员abc 12", min_size=1, max_size=40), st.data())
def test_every_piece_of_a_page_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    page = words(text)
    if not page.text:
        return
    start = data.draw(st.integers(0, len(page.text) - 1))
    piece = page.text[start : data.draw(st.integers(start + 1, len(page.text)))]

    found = page.find(piece)

    assert found is not None
    assert found.likeness == 1.0
    assert squeezed_words(found.span.text) == piece
