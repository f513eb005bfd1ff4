"""Words of a recogniser in printed rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rows import in_rows, joined, line_of
from ingest.values import Box, Word


def word(text: str, left: float, top: float = 0.0, height: float = 30.0) -> Word:
    """Return a word whose signs are as wide as Han signs or digits of this height are."""
    width = sum(height if ord(sign) > 0x2E80 else height / 2 for sign in text)
    return Word(text, Box(left, top, left + width, top + height), 0.9)


def texts(pieces: Sequence[Sequence[Word]]) -> list[str]:
    return [line.text for line in in_rows(pieces)]


def test_label_and_value_far_apart_are_one_line() -> None:
    label, value = [word("户号:", 100, 50)], [word("3119262009", 600, 52)]

    assert texts([value, label]) == ["户号: 3119262009"]


def test_cells_one_below_the_other_are_two_lines_though_the_recogniser_overlapped_them() -> None:
    upper, lower = [word("散热器", 100, 50)], [word("温控阀", 100, 70)]

    assert texts([lower, upper]) == ["散热器", "温控阀"]


def test_rows_of_a_table_are_read_across_and_downwards() -> None:
    first_column = [[word("客厅", 100, top)] for top in (100, 150, 200)]
    second_column = [[word(value, 400, top + 2)] for value, top in (("21.1", 100), ("21.5", 150), ("20.9", 200))]

    assert texts(first_column + second_column) == ["客厅 21.1", "客厅 21.5", "客厅 20.9"]


def test_tall_stamp_does_not_pull_two_rows_into_one() -> None:
    stamp = [word("热", 900, 40, height=200)]
    rows = [[word("供热地址", 100, 50)], [word("供热面积", 100, 150)]]

    lines = in_rows([*rows, stamp])

    assert [line.text for line in lines if "供热地址" in line.text and "供热面积" in line.text] == []
    assert sum(len(line.words) for line in lines) == 3


def test_no_blank_stands_between_han_signs() -> None:
    assert joined([word("客户", 0), word("编号", 66)]) == "客户编号"


def test_blank_stands_where_a_gap_as_wide_as_a_sign_shows_one() -> None:
    assert joined([word("户名", 0), word(":", 95), word("李艳", 112)]) == "户名 :李艳"


def test_latin_words_keep_their_blanks() -> None:
    assert joined([word("Heat", 0), word("Supply", 68), word("Contract", 166)]) == "Heat Supply Contract"


def test_digits_that_touch_are_one_number() -> None:
    assert joined([word("31192", 0), word("62009", 76)]) == "3119262009"


def test_grouped_digits_stay_grouped() -> None:
    assert joined([word("31", 0), word("1926", 40), word("2009", 110)]) == "31 1926 2009"


def test_closing_sign_stands_at_its_word() -> None:
    assert joined([word("今后热费由新用户承担", 0), word("。", 306)]) == "今后热费由新用户承担。"


def test_line_needs_a_word() -> None:
    with pytest.raises(ValueError):
        line_of([])


def test_nothing_gives_no_lines() -> None:
    assert in_rows([[], []]) == ()


WORDS = st.builds(
    word,
    st.text("热力用户0123456789ABC:。", min_size=1, max_size=6),
    st.integers(0, 2000),
    st.integers(0, 3000),
    st.integers(8, 90),
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=12))
def test_every_word_is_kept_once_and_lines_run_downwards(pieces: list[list[Word]]) -> None:
    lines = in_rows(pieces)

    kept = sorted((w for line in lines for w in line.words), key=repr)
    assert sorted((w for piece in pieces for w in piece), key=repr) == kept
    assert all(list(line.words) == sorted(line.words, key=lambda w: w.box.left) for line in lines)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=12))
def test_box_of_a_line_is_drawn_around_its_words(pieces: list[list[Word]]) -> None:
    assert all(line.box == Box.around([w.box for w in line.words]) for line in in_rows(pieces))


@given(st.permutations(range(8)))
def test_rows_come_out_alike_in_whatever_order_the_recogniser_saw_them(order: list[int]) -> None:
    pieces = [[word(text, left, top)] for top in (100, 150, 200, 250) for text, left in (("户名", 100), ("3119", 400))]

    lines = in_rows([pieces[index] for index in order])

    assert [line.text for line in lines] == ["户名 3119"] * 4
