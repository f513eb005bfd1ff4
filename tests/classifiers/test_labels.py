"""Labels of a form: found as printed, spaced or with a sign misread; the longest wins, and no word is taken for one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.labels import LabelFinder, LabelHit, label_form, labelled
from classifiers.layout import rows_of, sheets_of
from tests.classifiers.forms import page_of, record_of

LABELS = (
    "户名",
    "原户名",
    "用热地址",
    "热量表编号",
    "报修日期",
    "日期",
    "电话",
    "Contract No.",
    "Name",
    "水表号",
    "热表号",
)
FINDER = LabelFinder(LABELS)


def hits(text: str, finder: LabelFinder = FINDER) -> tuple[LabelHit, ...]:
    (row,) = rows_of(page_of(text), 1)
    return finder.hits(row)


def names(text: str) -> list[str]:
    return [hit.label for hit in hits(text)]


def values(text: str) -> dict[str, str]:
    found = labelled(sheets_of(record_of(text)), FINDER.hits)
    return {label: places[0].text for label, places in found.items()}


def test_label_before_a_colon_ends_where_its_value_begins() -> None:
    (hit,) = hits("户名：王小明")

    assert (hit.label, hit.score, hit.has_colon) == ("户名", 1.0, True)
    assert (hit.start, hit.end, hit.value_start) == (0, 2, 3)


def test_label_in_a_cell_of_its_own_has_no_colon() -> None:
    (hit,) = hits("用热地址  锦绣家园12号楼")

    assert (hit.label, hit.has_colon, hit.value_start) == ("用热地址", False, 5)


def test_every_label_of_a_row_ends_the_value_before_it() -> None:
    assert values("户名：王小明  电话：12800001111") == {"户名": "王小明\t", "电话": "12800001111"}


def test_label_right_behind_the_colon_of_another_is_its_value() -> None:
    assert values("户名：电话  水表号：12") == {"户名": "电话\t", "水表号": "12"}
    assert values("户名：电话 12800001111")["电话"] == "12800001111"


def test_longest_label_wins() -> None:
    assert names("原户名：王小明  户名：李四") == ["原户名", "户名"]
    assert names("报修日期：2024-01-03") == ["报修日期"]


@pytest.mark.parametrize(
    "printed", ["用 热 地 址：一", "用热地址(Address)：一", "用热地址:一", "【用热地址】一", "用热地址. 一"]
)
def test_spacing_brackets_and_colons_of_a_label_do_not_matter(printed: str) -> None:
    assert names(printed) == ["用热地址"]


@pytest.mark.parametrize("printed", ["尸名：王小明", "报修曰期：2024", "热势表编号：M889", "用熟地址：一"])
def test_look_alikes_of_a_label_are_forgiven(printed: str) -> None:
    assert len(hits(printed)) == 1


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("热量袤编号：M889120", "热量表编号"),
        ("用热地扯：锦绣家园", "用热地址"),
        ("Contrct No.: HT-2019", "Contract No."),
    ],
)
def test_label_with_a_sign_misread_or_lost_is_found_less_surely(printed: str, label: str) -> None:
    (hit,) = hits(printed)

    assert hit.label == label
    assert hit.score < 1.0


def test_label_of_three_signs_is_never_another_with_a_sign_changed() -> None:
    """水表号 is the water meter, 热表号 the heat meter: one sign apart, two things."""
    finder = LabelFinder(["热表号"])

    assert hits("水表号：889120", finder) == ()


@pytest.mark.parametrize("sentence", ["他的户名下有两套房", "有电话线", "My Namesake came", "Renamed: yes"])
def test_word_of_a_sentence_is_no_label(sentence: str) -> None:
    assert [hit for hit in hits(sentence) if hit.score == 1.0] == []


def test_letters_that_go_on_are_no_label() -> None:
    assert hits("Names of all: A") == ()


def test_label_inside_a_run_of_signs_is_found_less_surely() -> None:
    (hit,) = hits("现用热地址一号")

    assert (hit.label, hit.score) == ("用热地址", 0.6)


def test_label_shattered_over_cells_is_none_unless_all_of_it_is_spaced() -> None:
    assert [hit for hit in hits("用热  地  址") if hit.score == 1.0] == []
    assert names("用  热  地  址") == ["用热地址"]


def test_short_label_printed_wide_is_found() -> None:
    assert names("户  名：王小明") == ["户名"]


def test_labels_are_listed_from_the_top_of_the_first_page() -> None:
    found = labelled(sheets_of(record_of("日期：一\n日期：二", "日期：三")), FINDER.hits)

    assert [(place.sheet.page_number, place.row_index, place.text) for place in found["日期"]] == [
        (1, 0, "一"),
        (1, 1, "二"),
        (2, 0, "三"),
    ]
    assert all(place.is_last for place in found["日期"])


def test_label_before_another_is_not_the_last_of_its_row() -> None:
    found = labelled(sheets_of(record_of("户名：王  电话：1")), FINDER.hits)

    assert [found["户名"][0].is_last, found["电话"][0].is_last] == [False, True]


def test_labels_are_compared_without_signs_that_say_nothing() -> None:
    assert label_form(" 热 表（号）： ") == label_form("热表号") == "热表号"
    assert label_form("Contract No.") == "contractno"


def test_finder_without_labels_finds_none() -> None:
    assert hits("户名：王小明", LabelFinder([])) == ()


@given(st.lists(st.sampled_from(LABELS[:8]), min_size=1, max_size=4))
def test_labels_in_cells_of_their_own_are_all_found(wanted: list[str]) -> None:
    text = "\t".join(f"{label}：\t一二" for label in wanted)

    assert names(text) == wanted


@given(st.text(max_size=30))
def test_hits_never_overlap_whatever_stands_there(text: str) -> None:
    for row in rows_of(page_of(text), 1):
        found = FINDER.hits(row)
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert all(0 <= hit.start < hit.end <= hit.value_start <= len(row.text) for hit in found)


def test_sign_before_a_label_is_no_part_of_it() -> None:
    """The room's 室 belongs to the address: 报修日期 begins after it."""
    assert values("用热地址：7号楼5单元803室报修日期：2024") == {"用热地址": "7号楼5单元803室", "报修日期": "2024"}
