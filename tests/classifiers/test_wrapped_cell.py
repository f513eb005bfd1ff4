"""Values of several rows, values below their heads, and labels that are broken themselves, told apart by places alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from classifiers.fields import RulesExtractor
from classifiers.values import CustomerSigns, FieldValue, RecordText
from ingest.values import Box, Line, Word
from tests.classifiers.forms import placed
from tests.classifiers.schemes import example_scheme

EXTRACTOR = RulesExtractor(example_scheme())
ADDRESS = "杏林苑25号楼3单元1103室"


def signs(record: RecordText) -> CustomerSigns:
    return EXTRACTOR.signs(record, "repair")


def address_of(record: RecordText) -> tuple[FieldValue, bool] | None:
    found = signs(record).address
    return None if found is None else (found.value, found.surely_read)


def test_value_of_two_rows_stands_evenly_above_and_below_its_label() -> None:
    record = placed(
        ("户名", 200, 300), ("周明辉", 600, 300), ("联系电话", 1300, 300), ("12355550101", 1700, 300),
        ("杏林苑25号楼", 600, 380), ("用热地址", 200, 405), ("3单元1103室", 600, 430), ("报修日期", 1300, 405),
        ("合同编号", 200, 510), ("HT20190042", 600, 510),
    )  # fmt: skip

    assert address_of(record) == (ADDRESS, True)


def test_value_of_two_rows_begins_beside_a_label_at_the_top_of_its_cell() -> None:
    record = placed(
        ("用热地址", 200, 300), ("杏林苑25号楼", 600, 300), ("3单元1103室", 600, 352),
        ("合同编号", 200, 450), ("HT20190042", 600, 450),
    )  # fmt: skip

    assert address_of(record) == (ADDRESS, True)


def test_value_of_three_rows_is_whole() -> None:
    record = placed(
        ("户名", 200, 300), ("周明辉", 600, 300),
        ("东州市河湾区", 600, 400), ("用热地址", 200, 450), ("杏林苑25号楼3单", 600, 450), ("元1103室", 600, 500),
    )  # fmt: skip

    assert address_of(record) == (f"东州市河湾区{ADDRESS}", True)


def test_cells_of_rows_above_and_below_stay_their_labels_own() -> None:
    record = placed(
        ("户名", 200, 300), ("周明辉", 600, 300),
        ("用热地址", 200, 370), (ADDRESS, 600, 370),
        ("故障描述", 200, 440), ("楼道阀门漏水", 600, 440),
    )  # fmt: skip

    found = signs(record)

    assert found.name is not None
    assert found.name.value == "周明辉"
    assert address_of(record) == (ADDRESS, True)


def test_value_before_a_label_that_nobody_knows_is_its_own() -> None:
    record = placed(
        ("杏林苑25号楼", 600, 380), ("用热地址", 200, 405), ("3单元1103室", 600, 430),
        ("随便什么", 1300, 405), ("12355550101", 1700, 405),
    )  # fmt: skip

    assert address_of(record) == (ADDRESS, True)


def test_label_broken_over_two_rows_has_its_value() -> None:
    record = placed(
        ("房屋坐落地", 200, 300), (ADDRESS, 600, 325), ("址", 200, 350),
        ("户名", 200, 450), ("周明辉", 600, 450),
    )  # fmt: skip

    assert address_of(record) == (ADDRESS, True)


def test_english_labels_of_two_and_three_rows_have_their_values() -> None:
    record = placed(
        ("Heated", 200, 300), ("122.08 m2", 600, 325), ("Unit", 1200, 300), ("CNY 33.00 per m2", 1600, 325),
        ("area", 210, 350), ("price", 1200, 350),
        ("Heat", 230, 450), ("Annual", 1200, 475), ("meter", 220, 500), ("CR38044696", 600, 500),
        ("CNY 4,028.64", 1600, 500), ("No.", 240, 550), ("charge", 1200, 525),
    )  # fmt: skip

    facts = {fact.name: fact.value for fact in EXTRACTOR.facts(record, "contract")}

    assert facts == {"area_m2": 122.08, "meter_no": "CR38044696", "amount": 4028.64}


def test_label_and_value_both_broken_are_whole() -> None:
    record = placed(
        ("采暖房屋位", 200, 300), ("杏林苑25号楼", 600, 300), ("置", 200, 350), ("3单元1103室", 600, 350),
    )  # fmt: skip

    assert address_of(record) == (ADDRESS, True)


def test_values_stand_below_a_row_of_heads() -> None:
    record = placed(
        ("户名", 200, 300), ("用热地址", 900, 300), ("报修日期", 1900, 300),
        ("杏林苑25号楼", 900, 380), ("周明辉", 200, 405), ("3单元1103室", 900, 430), ("2024年1月3日", 1900, 405),
        ("故障描述", 200, 500), ("维修人员", 900, 500), ("完成日期", 1900, 500),
        ("阀门漏水", 200, 590), ("于大海", 900, 590), ("2024年1月4日", 1900, 590),
    )  # fmt: skip

    facts = {fact.name: str(fact.value) for fact in EXTRACTOR.facts(record, "repair")}

    assert signs(record).name is not None
    assert address_of(record) == (ADDRESS, True)
    assert facts == {
        "report_date": "2024-01-03",
        "done_date": "2024-01-04",
        "fault": "阀门漏水",
        "technician": "于大海",
        "address_as_printed": ADDRESS,
    }


def test_row_with_values_is_no_row_of_heads() -> None:
    record = placed(
        ("户名", 200, 300), ("周明辉", 600, 300), ("维修人员", 1300, 300), ("于大海", 1700, 300),
        ("以上情况属实", 200, 390), ("特此登记", 600, 390),
    )  # fmt: skip

    facts = {fact.name: fact.value for fact in EXTRACTOR.facts(record, "repair")}
    name = signs(record).name

    assert name is not None
    assert name.value == "周明辉"
    assert facts == {"technician": "于大海"}


def test_head_set_from_top_to_bottom_parts_no_row_and_joins_none() -> None:
    record = placed(("热用户名称", 365, 300), ("周明辉", 800, 300), ("用热房屋地址", 365, 390), (ADDRESS, 800, 390))
    page, box = record.pages[0], Box(305, 265, 345, 425)
    upright = Line("用户信息", (Word("用户信息", box, 0.95),), box)

    found = signs(RecordText((replace(page, lines=(*page.lines, upright)),)))

    assert (found.name and found.name.value, found.address and found.address.value) == ("周明辉", ADDRESS)


@given(st.lists(st.tuples(st.sampled_from(["户名", "用热地址", "址", "周明辉", ADDRESS, "□现金", "x"]),
       st.floats(0, 2000), st.floats(100, 3000)), min_size=1, max_size=12))  # fmt: skip
def test_cells_at_any_place_never_stop_the_extractor(cells: list[tuple[str, float, float]]) -> None:
    record = placed(*cells)

    found = signs(record)

    assert all(fact is None or fact.evidence is not None for fact in (found.name, found.address))
