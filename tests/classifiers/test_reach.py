"""Where a value may stand: after its label, going on below, or in a column; and the way back to its words."""

from __future__ import annotations

from dataclasses import replace

from classifiers.labels import LabelFinder, Labelled, labelled
from classifiers.layout import Row, Span, sheets_of
from classifiers.reach import (
    Reach,
    after,
    cells_of,
    column,
    has_gap,
    sheet_text,
    widest_gap,
    with_next_row,
)
from classifiers.values import RecordText
from tests.classifiers.forms import line_of, page_of, record_of

FINDER = LabelFinder(["户名", "用热地址", "室温", "测点", "合计", "备注"])
WIDE = "一" * 30


def place(text: str, label: str = "户名") -> Labelled:
    return labelled(sheets_of(record_of(text)), FINDER.hits)[label][0]


def texts(spans: tuple[Span, ...]) -> list[str]:
    return [span.text for span in spans]


def never(_: Row) -> bool:
    return False


def test_value_stands_after_its_label_up_to_the_next() -> None:
    assert after(place("户名：王小明  备注：无")).text.strip() == "王小明"


def test_bracketed_hint_after_a_label_is_left_out() -> None:
    assert after(place("户名 (签章)：王小明")).text == "王小明"
    assert after(place("户名 (12) 王小明")).text == "(12) 王小明"


def test_nothing_after_a_label_is_an_empty_reach() -> None:
    assert after(place("户名：")).spans == ()


def test_value_of_a_label_with_nothing_after_it_stands_in_the_next_row() -> None:
    reach = with_next_row(place("户名：\n王小明  备注：无"), FINDER.hits)

    assert reach.text.strip() == "王小明"


def test_value_in_a_long_row_goes_on_in_the_next() -> None:
    reach = with_next_row(place(f"用热地址：{WIDE}\n12号楼  备注：无", "用热地址"), FINDER.hits)

    assert reach.text.strip() == f"{WIDE}12号楼"


def test_value_in_a_short_row_does_not_go_on() -> None:
    reach = with_next_row(place(f"用热地址：锦绣家园\n12号楼\n{WIDE}{WIDE}", "用热地址"), FINDER.hits)

    assert reach.text == "锦绣家园"


def test_value_before_another_label_does_not_go_on() -> None:
    reach = with_next_row(place("户名：  备注：无\n王小明"), FINDER.hits)

    assert "王小明" not in reach.text


def test_next_row_that_begins_with_a_label_is_not_the_value() -> None:
    assert with_next_row(place("户名：\n备注：无"), FINDER.hits).spans == ()


def test_last_row_of_a_page_does_not_go_on_to_the_next_page() -> None:
    found = labelled(sheets_of(record_of("户名：", "王小明")), FINDER.hits)

    assert with_next_row(found["户名"][0], FINDER.hits).spans == ()


def test_signs_of_a_reach_lead_back_to_their_rows() -> None:
    reach = with_next_row(place(f"用热地址：{WIDE}\n12号楼", "用热地址"), FINDER.hits)

    back = reach.back(28, 33)

    assert texts(back) == ["一一", "12号"]
    assert reach.back(3, 3) == ()


def test_column_is_what_stands_under_its_head() -> None:
    table = "测点  室温  备注\n客厅  20.1  晴\n主卧  19.5  晴"

    assert texts(column(place(table, "室温"), never)) == ["20.1", "19.5"]


def test_column_ends_where_it_is_told_to() -> None:
    table = "测点  室温\n客厅  20.1\n合计  39.6"

    assert texts(column(place(table, "室温"), lambda row: row.text.startswith("合计"))) == ["20.1"]


def test_column_goes_by_place_where_a_row_lacks_a_cell() -> None:
    head = line_of("测点  室温  备注", 100.0)
    alone = line_of("晴", 160.0, left=head.words[-1].box.left)
    page = replace(page_of("测点"), lines=(head, alone))
    found = labelled(sheets_of(RecordText((page,))), FINDER.hits)

    assert texts(column(found["备注"][0], never)) == ["晴"]
    assert texts(column(found["室温"][0], never)) == []


def test_table_read_without_edges_is_cut_at_blanks() -> None:
    (sheet,) = sheets_of(record_of("a1 b2 c3"))

    assert texts(cells_of(sheet.rows[0])) == ["a1", "b2", "c3"]


def test_two_numbers_that_ran_into_one_cell_are_two() -> None:
    (sheet,) = sheets_of(record_of("采暖费  98.6 25.00"))

    assert texts(cells_of(sheet.rows[0])) == ["采暖费", "98.6", "25.00"]


def test_widest_gap_is_counted_in_heights_of_the_row() -> None:
    (sheet,) = sheets_of(record_of("王小明  李四"))
    row = sheet.rows[0]

    assert widest_gap([Span(row, 0, len(row.text))]) > 2.5
    assert widest_gap([Span(row, 0, 3)]) == 0.0


def test_edge_inside_a_text_is_a_gap_and_one_around_it_is_none() -> None:
    assert has_gap("王\t明")
    assert has_gap("王|明")
    assert not has_gap("\t王小明|")


def test_whole_page_is_one_text() -> None:
    (sheet,) = sheets_of(record_of("一二\n三四"))

    assert sheet_text(sheet) == Reach((Span(sheet.rows[0], 0, 2), Span(sheet.rows[1], 0, 2)))
    assert sheet_text(sheet).text == "一二三四"
