"""Words become rows and cells by place, straightened, and every stretch of text knows the words it came from."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.layout import GAP, Row, Span, evidence_of, rows_of, sheets_of
from classifiers.values import EvidenceSource
from ingest.values import Box, Line, PageText, TextSource, Word
from tests.classifiers.forms import line_of, page_of, record_of


def word(text: str, left: float, top: float = 100, width: float | None = None, confidence: float = 0.9) -> Word:
    """Return a word 40 pixels high; a Han sign is 40 wide."""
    wide = width if width is not None else 40.0 * len(text)
    return Word(text, Box(left, top, left + wide, top + 40), confidence)


def line(*words: Word, text: str | None = None) -> Line:
    return Line(text or " ".join(w.text for w in words), words, Box.around([w.box for w in words]))


def page(*lines: Line, skew: float = 0.0) -> PageText:
    return PageText(1, 2480, 3508, 300.0, 0, skew, not lines, TextSource.RECOGNISED, lines, ())


def only_row(*lines: Line, skew: float = 0.0) -> Row:
    (row,) = rows_of(page(*lines, skew=skew), 1)
    return row


def test_lines_beside_each_other_are_one_row_with_an_edge_between() -> None:
    row = only_row(line(word("户名", 200)), line(word("王小明", 700, top=110)))

    assert row.text == f"户名{GAP}王小明"
    assert row.cells() == ((0, 2), (3, 6))


def test_lines_one_below_the_other_are_rows_from_the_top() -> None:
    rows = rows_of(page(line(word("日期", 200, top=300)), line(word("户名", 200, top=100))), 1)

    assert [row.text for row in rows] == ["户名", "日期"]


def test_lines_that_stand_over_each_other_never_become_one_row() -> None:
    rows = rows_of(page(line(word("供热公司", 200, top=100)), line(word("收费专用章", 210, top=112))), 1)

    assert len(rows) == 2


def test_words_read_out_of_order_stand_from_left_to_right() -> None:
    row = only_row(line(word("王小明", 700)), line(word("户名", 200)))

    assert row.text == f"户名{GAP}王小明"


def test_narrow_space_between_han_signs_is_none_and_between_latin_words_a_blank() -> None:
    row = only_row(line(word("用", 200), word("户", 244), word("No", 300), word("12", 395), text="用 户 No 12"))

    assert row.text == "用户 No 12"


def test_tilted_page_is_straightened_before_rows_are_made() -> None:
    """Text that rises to the right by 2° over 1,500 pixels is 52 pixels higher at the end: a whole row."""
    rise = math.tan(math.radians(2.0)) * 1500
    tilted = page(
        line(word("户名", 200, top=300)),
        line(word("王小明", 1700, top=300 - rise)),
        line(word("日期", 200, top=352)),
        line(word("2024", 1700, top=352 - rise)),
        skew=2.0,
    )

    rows = rows_of(tilted, 1)

    assert [row.text for row in rows] == [f"户名{GAP}王小明", f"日期{GAP}2024"]


def test_box_of_a_stretch_is_that_of_its_words_as_displayed() -> None:
    row = only_row(line(word("户名", 200), word("王小明", 700)), skew=1.0)

    assert row.box(3, 6) == Box(700, 100, 820, 140)


def test_box_of_a_stretch_without_words_is_the_whole_row() -> None:
    row = only_row(line(word("户名", 200), word("王小明", 700)))

    assert row.box(2, 3) == Box(200, 100, 820, 140)


def test_confidence_of_a_stretch_is_that_of_its_signs() -> None:
    row = only_row(line(word("户名", 200, confidence=1.0), word("王小明", 700, confidence=0.5)))

    assert row.confidence(0, 2) == 1.0
    assert row.confidence(0, 6) == pytest.approx((2 * 1.0 + 3 * 0.5) / 5)
    assert row.lowest_confidence(0, 6) == 0.5
    assert row.confidence(2, 3) == row.lowest_confidence(2, 3) == 0.0


def test_width_of_a_word_is_shared_out_by_width_of_sign() -> None:
    row = only_row(line(word("户A", 100, width=90)))

    assert row.lefts == (100.0, 160.0)
    assert row.rights == (160.0, 190.0)


def test_evidence_of_a_value_over_two_rows_goes_around_both() -> None:
    above, below = rows_of(page(line(word("锦绣家园", 200)), line(word("12号楼", 200, top=160))), 1)

    evidence = evidence_of([Span(above, 0, 4), Span(below, 0, 4)])

    assert evidence.text == "锦绣家园12号楼"
    assert evidence.box == Box(200, 100, 360, 200)
    assert (evidence.page_number, evidence.dpi, evidence.source) == (1, 300.0, EvidenceSource.TEXT)


def test_pages_are_counted_in_the_record_and_not_in_the_scan() -> None:
    sheets = sheets_of(record_of("第一页", "第二页"))

    assert [sheet.page_number for sheet in sheets] == [1, 2]
    assert [sheet.rows[0].page_number for sheet in sheets] == [1, 2]


def test_sheet_knows_its_usual_height_its_right_edge_and_what_is_below() -> None:
    (sheet,) = sheets_of(record_of("标题\n户名  王小明\n日期", title_height=80))

    assert sheet.row_height == 40
    assert sheet.right_edge == max(row.right for row in sheet.rows)
    assert sheet.below(1) is sheet.rows[2]
    assert sheet.below(2) is None


def test_empty_page_has_no_rows() -> None:
    (sheet,) = sheets_of(record_of(""))

    assert (sheet.rows, sheet.row_height, sheet.right_edge) == ((), 1.0, 0.0)


CELLS = st.lists(st.text("户名王小明Abc0123", min_size=1, max_size=8), min_size=1, max_size=4)


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_every_row_and_cell_of_a_form_comes_back(form: list[list[str]]) -> None:
    text = "\n".join("\t".join(cells) for cells in form)

    rows = rows_of(page_of(text), 1)

    assert [[row.text[start:end] for start, end in row.cells()] for row in rows] == form


@given(CELLS, st.floats(-9, 9))
def test_rows_keep_one_place_for_each_sign_whatever_the_tilt(cells: list[str], skew: float) -> None:
    row = only_row(line_of("\t".join(cells), 400), skew=skew)

    assert len(row.text) == len(row.owners) == len(row.lefts) == len(row.rights)
    assert all(left <= right for left, right in zip(row.lefts, row.rights, strict=True))
    assert "".join(sign for sign, owner in zip(row.text, row.owners, strict=True) if owner >= 0) == "".join(cells)
