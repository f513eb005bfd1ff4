"""The facts of whole forms by the example scheme, with their evidence; and what a page says of its customer."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from classifiers.fields import LEAST_CONFIDENCE, RulesExtractor, scheme_labels
from classifiers.interfaces import IExtractor
from classifiers.values import CustomerSigns, EvidenceSource, Fact, FieldValue, RecordText
from tests.classifiers.forms import record_of
from tests.classifiers.other_forms import OTHER_FORMS
from tests.classifiers.schemes import example_scheme, field, kind, small_scheme

EXAMPLE = RulesExtractor(example_scheme())

RECEIPT = """北方热力有限公司
热费缴费收据
No. 0783566    缴费日期：2023年11月2日
户名：王小明   客户编号：0312345617
用热地址：河东区锦绣家园12号楼3单元501室
收费项目   供热面积(㎡)   单价   金额
采暖费   98.60   25.00   2465.00
采暖期：2023-2024
合计(大写)：贰仟肆佰陆拾伍元整   (小写)：¥2465.00
收款方式：□现金 ☑微信 □银行转账   收款人：李四"""

REPAIR = """供热维修服务单
工单号：WX202401030066   报修时间：2024年1月3日 08:12
用户姓名：王小明   联系电话：128 0000 1111
用热地址：锦绣家园12号楼3单元501室
热量表编号：CR47551104
故障描述：暖气片漏水，请派人
处理情况：更换阀门1个
维修人员：于大海   完成时间：2024年1月3日 10:40
维修后室温：20.5℃   用户评价：☑满意 □一般 □不满意"""

TRANSFER = """用热过户申请表
申请日期：2024年5月8日
原户名：田永福   原户号：0312345617
新户名：鲁春梅   新户号：0312345625
用热地址：北苑小区14号楼1单元602室
变更原因：☑房屋买卖 □继承 □赠与
建筑面积：76.50平方米   合同编号：HT-2019-0042"""

ENGLISH = """NORTH CITY HEATING CO.
Repair Slip
Work order: WO-202401031978    Date reported: 3 January 2024
Customer name: Ada Dalton    Meter No.: CR47551104
Fault reported: Leak at radiator joint
Technician: Guo Tao    Completed: 3 January 2024"""


def values(text: str, code: str) -> dict[str, FieldValue]:
    return {fact.name: fact.value for fact in EXAMPLE.facts(record_of(text), code)}


def value(fact: Fact | None) -> FieldValue | None:
    return fact.value if fact else None


def test_extractor_keeps_its_promise() -> None:
    assert verifyObject(IExtractor, EXAMPLE)
    assert EXAMPLE.name == "rules"


def test_facts_of_a_receipt() -> None:
    expected = {
        "pay_date": date(2023, 11, 2),
        "amount": 2465.0,
        "amount_cn": "贰仟肆佰陆拾伍元整",
        "pay_method": "微信",
        "season": "2023-2024",
        "receipt_no": "0783566",
        "area_m2": 98.6,
        "address_as_printed": "河东区锦绣家园12号楼3单元501室",
    }

    assert values(RECEIPT, "receipt") == expected


def test_facts_of_a_repair_slip() -> None:
    expected = {
        "report_date": date(2024, 1, 3),
        "done_date": date(2024, 1, 3),
        "fault": "暖气片漏水",
        "technician": "于大海",
        "room_temp_c": 20.5,
        "satisfaction": "满意",
        "work_order": "WX202401030066",
        "meter_no": "CR47551104",
        "address_as_printed": "锦绣家园12号楼3单元501室",
    }

    assert values(REPAIR, "repair") == expected


def test_facts_of_a_transfer() -> None:
    expected = {
        "apply_date": date(2024, 5, 8),
        "change_reason": "房屋买卖",
        "old_name": "田永福",
        "new_name": "鲁春梅",
        "area_m2": 76.5,
        "contract_no": "HT-2019-0042",
        "address_as_printed": "北苑小区14号楼1单元602室",
    }

    assert values(TRANSFER, "change_transfer") == expected


def test_facts_of_an_english_slip() -> None:
    expected = {
        "report_date": date(2024, 1, 3),
        "done_date": date(2024, 1, 3),
        "fault": "Leak at radiator joint",
        "technician": "Guo Tao",
        "work_order": "WO-202401031978",
        "meter_no": "CR47551104",
    }

    assert values(ENGLISH, "repair") == expected


def test_fact_says_where_it_was_read_and_how_surely() -> None:
    record = record_of(RECEIPT)
    facts = {fact.name: fact for fact in EXAMPLE.facts(record, "receipt")}

    evidence = facts["season"].evidence
    assert evidence is not None
    assert (evidence.text, evidence.page_number, evidence.source) == ("2023-2024", 1, EvidenceSource.TEXT)
    assert evidence.box == record.pages[0].lines[7].words[-1].box
    assert facts["season"].surely_read
    assert facts["season"].confidence >= LEAST_CONFIDENCE


def test_ticked_box_is_evidence_of_its_own_kind() -> None:
    facts = {fact.name: fact for fact in EXAMPLE.facts(record_of(RECEIPT), "receipt")}

    evidence = facts["pay_method"].evidence
    assert evidence is not None
    assert (evidence.source, evidence.text) == (EvidenceSource.CHECKBOX, "微信")


def test_value_on_the_second_page_says_so() -> None:
    record = record_of("供热维修服务单\n一二三", "工单号：WX202401030066")
    (fact,) = EXAMPLE.facts(record, "repair")

    assert fact.evidence is not None
    assert fact.evidence.page_number == 2


def test_words_read_badly_give_no_facts_but_signs_that_say_so() -> None:
    """A sign that stands there and cannot be read matters too: it must not count as absent. A tick shows itself by its box."""
    record = record_of(REPAIR, confidence=0.3)

    signs = EXAMPLE.signs(record, "repair")

    assert [fact.name for fact in EXAMPLE.facts(record, "repair")] == ["satisfaction"]
    assert signs.meter_no is not None
    assert not signs.meter_no.surely_read


def test_kind_that_the_scheme_does_not_know_has_no_facts() -> None:
    assert EXAMPLE.facts(record_of(RECEIPT), "gone") == ()


def test_empty_page_has_no_facts_and_no_signs() -> None:
    assert EXAMPLE.facts(record_of(""), "receipt") == ()
    assert EXAMPLE.signs(record_of(""), "receipt") == CustomerSigns()


def test_page_says_who_its_customer_is() -> None:
    signs = EXAMPLE.signs(record_of(REPAIR), "repair")

    assert value(signs.name) == "王小明"
    assert value(signs.address) == "锦绣家园12号楼3单元501室"
    assert value(signs.meter_no) == "CR47551104"
    assert (signs.contract_no, signs.old_name, signs.new_name) == (None, None, None)
    assert signs.phones == ("12800001111",)


def test_address_of_a_transfer_is_the_new_customers_whatever_it_is_called() -> None:
    text = "用热过户申请表\n原用户信息\n供热地址：东州市河湾区北苑小区14号楼1单元602室\n新用户信息\n供热地址：北苑小区14号楼1单元602室"

    assert values(text, "change_transfer")["address_as_printed"] == "北苑小区14号楼1单元602室"


def test_specks_between_the_signs_of_an_address_are_left_out() -> None:
    text = "供热服务单\n用热地址：北.苑小区14号楼1单元602室"

    assert values(text, "repair")["address_as_printed"] == "北苑小区14号楼1单元602室"


def test_address_with_a_bracket_for_a_digit_is_left_out() -> None:
    text = "供热服务单\n用热地址：北苑小区14号楼1单元6)2室"

    assert "address_as_printed" not in values(text, "repair")


def test_transfer_says_old_and_new_and_the_new_one_is_the_customer() -> None:
    signs = EXAMPLE.signs(record_of(TRANSFER), "change_transfer")

    assert (value(signs.old_name), value(signs.new_name), value(signs.name)) == ("田永福", "鲁春梅", "鲁春梅")
    assert value(signs.contract_no) == "HT-2019-0042"


def test_only_a_form_with_two_customers_has_an_old_and_a_new_name() -> None:
    signs = EXAMPLE.signs(record_of(TRANSFER), "repair")

    assert (signs.old_name, signs.new_name) == (None, None)


def test_signs_are_read_where_the_kind_is_not_known() -> None:
    assert value(EXAMPLE.signs(record_of(REPAIR), None).name) == "王小明"


@pytest.mark.parametrize("bare", ["A1234", "HT-2019-0042", "YZRL2010/646469"])
def test_contract_number_is_read_without_a_field_of_its_own(bare: str) -> None:
    scheme = small_scheme(kind("paper"), signs={"contract_no": ["合同编号"]})

    signs = RulesExtractor(scheme).signs(record_of(f"合同编号：{bare}"), "paper")

    assert value(signs.contract_no) == bare


def test_field_without_labels_has_those_of_the_sign_of_its_name() -> None:
    scheme = small_scheme(
        kind("paper", fields=["meter_no", "where"]),
        fields=(field("meter_no", "code", pattern="[A-Z0-9]{6,}"), field("where", "address")),
        signs={"meter_no": ["热表号"], "address": ["坐落"]},
    )

    facts = RulesExtractor(scheme).facts(record_of("热表号：CR47551104  坐落：锦绣家园12号楼501室"), "paper")

    assert [fact.value for fact in facts] == ["CR47551104", "锦绣家园12号楼501室"]


def test_label_of_another_field_ends_a_value() -> None:
    scheme = small_scheme(
        kind("paper", fields=["said"]),
        kind("other", fields=["more"]),
        fields=(field("said", "text", "事由"), field("more", "text", "处理意见")),
    )

    (fact,) = RulesExtractor(scheme).facts(record_of("事由：暖气不热  处理意见：上门"), "paper")

    assert fact.value == "暖气不热"


def test_labels_from_outside_only_end_values() -> None:
    scheme = small_scheme(kind("paper", fields=["said"]), fields=(field("said", "text", "事由"),))

    (without,) = RulesExtractor(scheme).facts(record_of("事由：暖气不热 缴费卡号 12"), "paper")
    (with_it,) = RulesExtractor(scheme, more_labels=["缴费卡号"]).facts(
        record_of("事由：暖气不热 缴费卡号 12"), "paper"
    )

    assert (without.value, with_it.value) == ("暖气不热缴费卡号 12", "暖气不热")


def test_every_label_of_a_scheme_is_known_once() -> None:
    labels = scheme_labels(example_scheme())

    assert len(labels) == len(set(labels))
    assert {"热量表编号", "工单号", "户名", "银行账号"} <= set(labels)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in OTHER_FORMS.items() for text in texts])
def test_every_fact_of_a_strange_form_has_its_text_on_the_page(code: str, text: str) -> None:
    record = record_of(text)

    for fact in EXAMPLE.facts(record, code):
        assert fact.evidence is not None
        box = fact.evidence.box
        inside = [
            word.text
            for line in record.pages[0].lines
            for word in line.words
            if word.box.left >= box.left and word.box.right <= box.right
            and word.box.top >= box.top and word.box.bottom <= box.bottom
        ]  # fmt: skip
        assert "".join(fact.evidence.text.split()) in "".join(inside)


def test_two_records_at_once_are_not_mixed_up() -> None:
    """The extractor remembers the last record laid open; another one must never get its facts."""
    receipt, repair = record_of(RECEIPT), record_of(REPAIR)

    first = EXAMPLE.facts(receipt, "receipt")
    EXAMPLE.signs(repair, "repair")

    assert EXAMPLE.facts(receipt, "receipt") == first
    assert EXAMPLE.facts(record_of(RECEIPT), "receipt") == first


CODES = [kind.code for kind in example_scheme().kinds]
LABELS = scheme_labels(example_scheme())
VALUES = st.text("0123456789.-年月日元℃王小明☑□ABC ", max_size=14)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CODES),
    st.lists(st.tuples(st.sampled_from(LABELS), VALUES), max_size=8),
    st.floats(0.0, 1.0),
)
def test_whatever_stands_beside_labels_every_fact_is_sound(
    code: str, rows: list[tuple[str, str]], confidence: float
) -> None:
    record: RecordText = record_of("\n".join(f"{label}：{text}" for label, text in rows), confidence=confidence)

    facts = EXAMPLE.facts(record, code)

    names = [fact.name for fact in facts]
    assert len(names) == len(set(names))
    of_kind = example_scheme().kind(code)
    assert of_kind is not None
    assert all(of_kind.field(name) for name in names)
    assert all(LEAST_CONFIDENCE <= fact.confidence <= 1.0 and fact.evidence is not None for fact in facts)
