"""Every type of field, read where a clerk would read it, and left out where it is not surely whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.fields import RulesExtractor
from classifiers.values import FieldValue, RecordText
from tests.classifiers.forms import placed, record_of
from tests.classifiers.schemes import field, kind, small_scheme

OTHERS = ["户名", "电话", "备注", "用热地址", "测点", "合计", "单价", "经手人"]
FILLED = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
CHOICES = [{"value": "满意"}, {"value": "一般"}, {"value": "不满意"}]


def read(spec: dict[str, Any], *pages: str) -> FieldValue | None:
    """Return what is found for one field on a form that may bear the other labels too."""
    return read_on(spec, record_of(*pages))


def read_on(spec: dict[str, Any], record: RecordText) -> FieldValue | None:
    """Return the same for a record whose texts have their places."""
    scheme = small_scheme(kind("paper", fields=[spec["name"]]), fields=(spec,), signs={"other": OTHERS})
    facts = RulesExtractor(scheme).facts(record, "paper")
    return facts[0].value if facts else None


def dated(*pages: str) -> FieldValue | None:
    return read(field("day", "date", "报修日期", "报修时间", "Reported"), *pages)


@pytest.mark.parametrize(
    "printed",
    [
        "报修日期：2024年1月3日",
        "报修日期  2024-01-03 08:12",
        "报修日期：2024/1/3  备注：无",
        "报修日期\n2024.01.03",
        "报修时间：2024 年 1 月 3 日",
        "报修日期：二〇二四年一月三日",
        "报修日期 (接单)：20240103",
        "Reported: 3 January 2024",
        "Reported  Jan 3, 2024",
        "Reported on 03 Jan 2024",
    ],
)
def test_date_is_read_after_its_label(printed: str) -> None:
    assert dated(printed) == date(2024, 1, 3)


@pytest.mark.parametrize("printed", ["报修日期：", "报修日期：2024年13月3日", "报修日期：见备注", "备注：2024年1月3日"])
def test_no_date_is_read_where_none_belongs_to_the_label(printed: str) -> None:
    assert dated(printed) is None


def test_date_in_a_table_stands_below_its_head() -> None:
    assert dated("报修日期  备注\n2024-01-03  2024-02-01") == date(2024, 1, 3)
    assert dated("备注  报修日期\n2024-02-01  2024-01-03") == date(2024, 1, 3)


def test_date_of_the_next_label_is_not_taken() -> None:
    assert dated("报修日期：  备注：2024年1月3日") is None


def test_label_earlier_in_the_list_wins() -> None:
    assert dated("报修时间：2024年1月5日\n报修日期：2024年1月3日") == date(2024, 1, 3)


def amount(*pages: str) -> FieldValue | None:
    return read(field("sum", "amount", "实收金额", "Amount"), *pages)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("实收金额：2465.00", 2465.0),
        ("实收金额  ¥2,465.5", 2465.5),
        ("实收金额：2465元", 2465.0),
        ("实收金额(小写)：￥113,454.42元", 113454.42),
        ("实收金额\n2465.00元", 2465.0),
        ("Amount: CNY 3,120.00", 3120.0),
    ],
)
def test_amount_is_read_whole(printed: str, expected: float) -> None:
    assert amount(printed) == expected


@pytest.mark.parametrize(
    "printed", ["实收金额：2465", "实收金额：24 65", "实收金额：6,0412.52元", "实收金额：见收据", "备注：实付2465.00"]
)
def test_amount_that_does_not_show_itself_whole_is_left_out(printed: str) -> None:
    assert amount(printed) is None


def test_row_of_several_numbers_does_not_say_which_is_the_amount() -> None:
    assert amount("实收金额  98.60  25.00  2465.00") is None
    assert amount("实收金额：2465.00  98.60  25.00") == 2465.0


def test_amount_in_a_table_stands_below_its_head() -> None:
    assert amount("单价  实收金额\n25.00  2465.00") == 2465.0


def area(*pages: str) -> FieldValue | None:
    return read(field("m2", "area", "供热面积", "Floor area"), *pages)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("供热面积：98.60平方米", 98.6),
        ("供热面积(㎡)：98.6", 98.6),
        ("供热面积  1,260.00 m²", 1260.0),
        ("供热面积：120平方米", 120.0),
        ("Floor area: 124.8 m2", 124.8),
        ("供热面积  单价\n98.60  25.00", 98.6),
    ],
)
def test_area_is_read_with_its_unit_or_its_decimals(printed: str, expected: float) -> None:
    assert area(printed) == expected


@pytest.mark.parametrize("printed", ["供热面积：98", "供热面积：约百平", "供热面积：1.20平方米", "供热面积："])
def test_area_without_unit_or_decimals_or_too_small_is_left_out(printed: str) -> None:
    assert area(printed) is None


def temperature(*pages: str) -> FieldValue | None:
    return read(field("warm", "temperature", "室温", "Room temperature"), *pages)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("室温：20.5℃", 20.5),
        ("室温  18度", 18.0),
        ("室温(℃)：19.0", 19.0),
        ("Room temperature: 21 °C", 21.0),
        ("室温：-3.5℃", -3.5),
    ],
)
def test_temperature_of_a_room_is_read(printed: str, expected: float) -> None:
    assert temperature(printed) == expected


@pytest.mark.parametrize("printed", ["室温：75.0℃", "室温：8:30", "室温：正常"])
def test_what_is_no_temperature_of_a_room_is_left_out(printed: str) -> None:
    assert temperature(printed) is None


def temperatures(*pages: str) -> FieldValue | None:
    return read(field("rooms", "temperatures", "室温(℃)", "室温"), *pages)


def test_temperatures_are_the_column_below_their_head() -> None:
    table = "测点  时间  室温(℃)\n客厅  10:05  20.1\n主卧  10:08  19.5\n次卧  10:10  18.0\n备注：无"

    assert temperatures(table) == (20.1, 19.5, 18.0)


def test_column_with_a_reading_that_is_none_is_left_out_whole() -> None:
    assert temperatures("测点  室温\n客厅  20.1\n主卧  2O.S7\n次卧  18.0") is None


def test_column_wider_than_one_flat_can_be_is_left_out() -> None:
    assert temperatures("测点  室温\n客厅  15.0\n主卧  41.0\n次卧  15.4") is None


def test_single_reading_is_no_column() -> None:
    assert temperatures("测点  室温\n客厅  20.1\n备注：无") is None


def code(*pages: str, pattern: str = "(?=.*[0-9]{4})[A-Z0-9][A-Z0-9-]{4,18}[A-Z0-9]") -> FieldValue | None:
    return read(field("no", "code", "热表编号", "Meter No.", pattern=pattern), *pages)


@pytest.mark.parametrize(
    "printed",
    [
        "热表编号：CR47551104",
        "热表编号  CR4755 1104",
        "热表编号\nCR47551104",
        "Meter No.: CR47551104",
        "热表编号：CR47551104  备注：无",
    ],
)
def test_code_is_read_by_its_pattern_without_blanks(printed: str) -> None:
    assert code(printed) == "CR47551104"


@pytest.mark.parametrize(
    "printed", ["热表编号：12", "热表编号：", "热表编号：CR47551104CR47551104CR47551104", "热表编号：见铭牌"]
)
def test_what_does_not_fit_the_pattern_is_no_code(printed: str) -> None:
    assert code(printed) is None


def test_code_that_goes_on_behind_the_pattern_is_left_out() -> None:
    assert code("热表编号：123456789", pattern="[0-9]{8}") is None


def test_longest_form_of_a_code_is_taken_that_is_all_of_it() -> None:
    assert code("热表编号：12345678901234567890", pattern="[0-9]{8}|[0-9]{20}") == "12345678901234567890"
    assert code("热表编号：1234567890", pattern="[0-9]{8}") is None


def test_letters_cut_off_from_a_code_make_it_doubtful() -> None:
    assert code("热表编号：W×20220124", pattern="[A-Z]{0,2}[0-9]{8}") is None


@pytest.mark.parametrize("printed", ["热表编号：CR475H1104", "热表编号：CR-H7551104"])
def test_letter_like_a_digit_among_digits_makes_a_code_doubtful(printed: str) -> None:
    assert code(printed) is None


def test_code_in_a_table_stands_below_its_head() -> None:
    season = "20[0-9]{2}-20[0-9]{2}"

    assert code("项目  热表编号  单价\n热费  2023-2024 25.00", pattern=season) == "2023-2024"


def test_brackets_of_a_chinese_code_are_wide_as_printed() -> None:
    deed = "[\\u4e00-\\u9fff][(（][0-9]{4}[)）].+第[0-9]{7}号"

    assert code("热表编号：云(2018)北城不动产权第7443802号", pattern=deed) == "云（2018）北城不动产权第7443802号"
    assert code("热表编号：A(12)", pattern=".+") == "A(12)"


def name(*pages: str) -> FieldValue | None:
    return read(field("who", "name", "经办人", "Technician"), *pages)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("经办人：王小明", "王小明"),
        ("经办人  王小明  备注  无", "王小明"),
        ("经办人(签字)：王 小 明", "王小明"),
        ("经办人：宏图超市有限公司", "宏图超市有限公司"),
        ("Technician: Guo Tao", "Guo Tao"),
    ],
)
def test_name_is_read_up_to_the_edge(printed: str, expected: str) -> None:
    assert name(printed) == expected


def test_next_cell_of_a_table_is_not_the_rest_of_a_name() -> None:
    label, near, far = ("经办人", 200, 300), ("是否", 780, 300), ("是否", 900, 300)

    assert read_on(field("who", "name", "经办人"), placed(label, ("王小明", 600, 300), far)) == "王小明"
    assert read_on(field("who", "name", "经办人"), placed(label, ("王小明", 600, 300), near)) is None


def test_name_with_more_behind_it_is_left_out() -> None:
    """What follows may belong to the name or not, so its confidence stays below what names need."""
    assert name("经办人：王小明 2024年1月3日") is None


@pytest.mark.parametrize("printed", ["经办人：", "经办人：12800001111", "经办人：□男 □女", "经办人：A", "经办人：某"])
def test_what_does_not_look_like_a_name_is_none(printed: str) -> None:
    assert name(printed) is None


@pytest.mark.parametrize("heading", ["信息", "须知", "性质", "地址", "签收", "公章"])
def test_heading_of_the_lines_about_a_person_is_not_the_person(heading: str) -> None:
    assert name(f"经办人{heading}\n经办人：王小明") == "王小明"


def test_sentence_that_begins_with_a_label_names_nobody() -> None:
    assert name("经办人应妥善保管档案\n不得转借") is None
    assert name("经办人王小明") == "王小明"
    assert name("经办人北方热力有限公司") == "北方热力有限公司"


def test_name_must_fit_the_pattern_of_its_field() -> None:
    company = field("who", "name", "施工单位", pattern=".+(?:公司|队)")

    assert read(company, "施工单位：鑫达安装队\n施工单位：李工") == "鑫达安装队"
    assert read(company, "施工单位：李工") is None


def address(*pages: str) -> FieldValue | None:
    return read(field("where", "address", "用热地址", "房屋坐落"), *pages)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("用热地址：河东区锦绣家园12号楼3单元501室", "河东区锦绣家园12号楼3单元501室"),
        ("用热地址  锦绣家园 12号楼 3单元 501室  电话：128", "锦绣家园12号楼3单元501室"),
        ("用热地址：锦绣家园12-3-501", "锦绣家园12-3-501"),
        ("房屋坐落：建设大街55号商铺", "建设大街55号商铺"),
        ("用热地址：锦绣家园12号楼]单元501室", "锦绣家园12号楼1单元501室"),
        ("用热地址  锦绣家园12号楼3单元501室  何人可签  128", "锦绣家园12号楼3单元501室"),
    ],
)
def test_address_is_read_without_blanks(printed: str, expected: str) -> None:
    assert address(printed) == expected


def test_address_goes_on_in_the_next_row_where_the_first_is_full() -> None:
    street = "河东区建设大街与金桥路交叉口向南五百米路东锦绣家园小区"

    assert address(f"用热地址：{street}\n12号楼3单元501室") == f"{street}12号楼3单元501室"


@pytest.mark.parametrize(
    "printed", ["锦绣家园12号楼单元501室", "锦绣家园楼号3单元501室", "锦绣家园12号楼H单元501室", "锦绣家园B座1H08室"]
)
def test_address_that_lost_a_number_is_left_out(printed: str) -> None:
    assert address(f"用热地址：{printed}") is None


@pytest.mark.parametrize("printed", ["用热地址：", "用热地址：同上", "用热地址：Harbour"])
def test_what_is_no_address_is_left_out(printed: str) -> None:
    assert address(printed) is None


def text(*pages: str, **more: Any) -> FieldValue | None:
    return read(field("said", "text", "故障描述", "Fault", **more), *pages)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("故障描述：暖气片漏水。请派人", "暖气片漏水"),
        ("故障描述：用户反映暖气不热，要求上门", "暖气不热"),
        ("故障描述\n暖气片漏水", "暖气片漏水"),
        ("Fault: leak at radiator joint, please hurry", "leak at radiator joint"),
    ],
)
def test_text_is_read_up_to_the_first_comma_or_full_stop(printed: str, expected: str) -> None:
    assert text(printed) == expected


def test_text_that_must_fit_a_pattern_is_that_part_of_it() -> None:
    assert text("故障描述：翠园热力站3号机组", pattern="[\\u4e00-\\u9fff]{2,8}站") == "翠园热力站"
    assert text("故障描述：不详", pattern="[\\u4e00-\\u9fff]{2,8}站") is None


@pytest.mark.parametrize("printed", ["故障描述：", "故障描述：12", "故障描述：—"])
def test_text_of_no_words_is_none(printed: str) -> None:
    assert text(printed) is None


def choice(*pages: str) -> FieldValue | None:
    return read(field("pleased", "choice", "满意度", choices=CHOICES), *pages)


@pytest.mark.parametrize(
    "printed",
    [
        "满意度：☑满意 □一般 □不满意",
        "满意度：满意",
        "满意度\n☑满意 □一般 □不满意",
        f"满意度：{FILLED}☑满意 □一般\n□不满意",
    ],
)
def test_choice_is_the_ticked_or_written_one(printed: str) -> None:
    assert choice(printed) == "满意"


def test_choice_that_is_ticked_twice_is_left_out() -> None:
    assert choice("满意度：☑满意 ☑一般 □不满意") is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("是否达标：☑达标 □不达标", True), ("是否达标：□达标 ☑不达标", False), ("是否达标：不达标", False)],
)
def test_yes_or_no_is_read_from_its_box(printed: str, expected: bool) -> None:
    choices = [{"value": "true", "words": ["达标"]}, {"value": "false", "words": ["不达标"]}]

    assert read(field("ok", "bool", "是否达标", choices=choices), printed) is expected


TYPES = ["date", "amount", "area", "temperature", "temperatures", "code", "name", "address", "text", "choice"]


@settings(max_examples=80)
@given(st.sampled_from(TYPES), st.lists(st.text(max_size=30), max_size=4))
def test_no_text_whatever_makes_a_reader_fail(type_: str, lines: list[str]) -> None:
    spec = field("it", type_, "实收", choices=CHOICES, pattern="[0-9]{2,}")

    value = read(spec, "\n".join(["实收：" + "".join(lines), *lines]))

    assert value is None or isinstance(value, str | float | date | tuple)
