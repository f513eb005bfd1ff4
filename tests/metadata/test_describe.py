"""What is said about a record: derived from kind, customer, facts and what a person gave, the same however often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from classifiers.scheme import Scheme, scheme_from
from classifiers.values import Fact, FoundBy
from metadata.describe import MAX_TITLE_SIGNS, Describer
from metadata.interfaces import IDescriber
from metadata.summary import MAX_SUMMARY_SIGNS
from metadata.values import DERIVED, CustomerNumber, Description
from tests.metadata.samples import CUSTOMER, IDENTIFIED, NO_CUSTOMER, NOBODY, description, fact, held

OLD = CustomerNumber("0310001118")


@cache
def scheme() -> Scheme:
    """Return a small scheme with every sort of field that a summary may meet."""

    def field(name: str, zh: str, en: str, type_: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "zh": zh, "en": en, "type": type_, **more}

    def kind(code: str, category: str, zh: str, en: str, *fields: str, **more: Any) -> dict[str, Any]:
        return {"code": code, "category": category, "zh": zh, "en": en, "fields": list(fields), **more}

    license_ = {"value": "license", "words": ["法定代表人 & 注册资本", "营业执照"]}
    return scheme_from(
        {
            "everywhere": ["address_as_printed", "other_no"],
            "categories": [
                {"code": "payment", "zh": "供热缴费信息", "en": "Payments", "folder": "3-供热缴费信息"},
                {"code": "service", "zh": "供热服务记录", "en": "Service", "folder": "4-供热服务记录"},
            ],
            "kinds": [
                kind(
                    "receipt",
                    "payment",
                    "缴费收据",
                    "Receipt",
                    "pay_date",
                    "amount",
                    "amount_cn",
                    "area_m2",
                    "paid",
                    "shown",
                ),
                kind(
                    "repair",
                    "service",
                    "维修(报修)单",
                    "Repair slip",
                    "done_date",
                    "report_date",
                    "fault",
                    "room_temp_c",
                    "temps",
                ),
                kind("contract", "service", "供用热合同", "Contract", "report_date", "amount_cn", retention="Y"),
            ],
            "fields": [
                field("address_as_printed", "用热地址", "Address", "address"),
                field("other_no", "其他户号", "Other number", "code"),
                field("pay_date", "缴费日期", "Paid on", "date", date_of_paper=True),
                field("amount", "金额", "Amount", "amount"),
                field("amount_cn", "金额(大写)", "Amount in words", "amount_words"),
                field("area_m2", "供热面积", "Heated area", "area"),
                field("paid", "已缴", "Paid", "bool", choices=[{"value": "true", "words": ["是"]}]),
                field("shown", "证件", "Shown", "class", choices=[license_]),
                field("done_date", "完成日期", "Completed", "date"),
                field("report_date", "报修日期", "Reported", "date", date_of_paper=True),
                field("fault", "故障", "Fault", "text"),
                field("room_temp_c", "室温", "Room temperature", "temperature"),
                field("temps", "各室温度", "Temperatures", "temperatures"),
            ],
        }
    )


def describe(said: Description, language: str = "zh") -> Description:
    return Describer(scheme(), language).describe(said)


def receipt(*facts: Fact, **changes: Any) -> Description:
    return description(kind="receipt", facts=(fact("pay_date", date(2025, 11, 3)), *facts), **changes)


def test_describer_keeps_its_promise() -> None:
    assert verifyObject(IDescriber, Describer(scheme(), "zh"))


def test_title_is_kind_name_number_and_date() -> None:
    assert describe(receipt()).title == "缴费收据 · 王小明 · 0310004217 · 2025-11-03"


def test_title_speaks_the_language_of_the_archive() -> None:
    assert describe(receipt(), "en").title == "Receipt · 王小明 · 0310004217 · 2025-11-03"


def test_title_of_a_transfer_bears_both_numbers() -> None:
    both = replace(IDENTIFIED, numbers=(OLD, CUSTOMER.number))

    assert describe(receipt(identification=both)).title == "缴费收据 · 王小明 · 0310001118 → 0310004217 · 2025-11-03"


def test_record_without_a_customer_bears_the_name_of_its_file() -> None:
    said = held(kind="receipt", facts=(), original_name="扫描件\n 263.pdf")

    assert describe(said).title == "缴费收据 · 扫描件 263.pdf"


def test_record_without_a_kind_is_said_to_be_unclassified() -> None:
    said = held(kind=None, facts=(fact("pay_date", date(2025, 11, 3)),), original_name="SCAN0001.PDF")

    assert describe(said).title == "未分类 · SCAN0001.PDF"
    assert describe(said, "en").title == "Unclassified · SCAN0001.PDF"


def test_given_number_that_the_register_does_not_know_stands_in_the_title() -> None:
    typed = replace(NOBODY, numbers=(OLD,), found_by=FoundBy.GIVEN, reasons=())

    assert describe(receipt(identification=typed)).title == "缴费收据 · 0310001118 · 2025-11-03"


def test_long_name_is_cut_and_number_and_date_stay() -> None:
    long = replace(IDENTIFIED, customer=replace(CUSTOMER, name="热力" * 100))

    title = describe(receipt(identification=long)).title

    assert len(title) == MAX_TITLE_SIGNS
    assert title.endswith("热… · 0310004217 · 2025-11-03") or title.endswith("力… · 0310004217 · 2025-11-03")


def test_signs_that_cannot_be_seen_never_reach_a_title() -> None:
    said = held(kind=None, original_name="a\u202eb\x00c\ud800 d\u2028.pdf")

    assert describe(said).title == "未分类 · abc d .pdf"


def test_category_and_retention_come_from_the_kind() -> None:
    said = describe(receipt(category="service", retention="D10"))

    assert (said.category, said.retention) == ("payment", "D30")


def test_period_is_counted_from_the_date_of_the_paper() -> None:
    assert describe(receipt()).appraisal_date == date(2055, 11, 3)


def test_period_is_counted_from_the_day_of_arrival_where_the_paper_bears_no_date() -> None:
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    said = describe(description(kind="receipt", facts=(), received_at=noon))

    assert (said.record_date, said.appraisal_date) == (None, date(2056, 3, 2))


def test_what_is_kept_for_ever_is_never_appraised() -> None:
    said = describe(description(kind="contract"))

    assert (said.retention, said.appraisal_date) == ("Y", None)


def test_given_period_that_is_none_of_ours_never_ends_by_itself() -> None:
    said = Describer(scheme(), "zh").describe(receipt(retention="长期"), frozenset({"retention"}))

    assert (said.retention, said.appraisal_date) == ("长期", None)


def test_record_whose_kind_was_taken_away_loses_what_came_from_it() -> None:
    said = describe(replace(describe(receipt()), kind=None))

    assert (said.category, said.retention, said.appraisal_date, said.record_date, said.summary) == (
        None, None, None, None, "",
    )  # fmt: skip


def test_record_of_a_kind_that_the_scheme_has_no_more_keeps_what_was_said() -> None:
    said = describe(description(kind="gone", category="service", retention="D10", summary="旧摘要"))

    assert (said.category, said.retention, said.summary) == ("service", "D10", "旧摘要")
    assert said.title == "gone · 王小明 · 0310004217 · 2026-01-15"


def test_date_is_that_of_the_field_marked_as_date_of_the_paper() -> None:
    said = description(facts=(fact("done_date", date(2026, 1, 20)), fact("report_date", date(2026, 1, 15))))

    assert describe(said).record_date == date(2026, 1, 15)


@pytest.mark.parametrize("misread", [date(1925, 11, 3), date(2026, 3, 5), date(2062, 11, 3)])
def test_misread_date_is_no_date_of_the_paper(misread: date) -> None:
    """The scan arrived on 2 March 2026: no paper of a later day was in it."""
    said = describe(description(kind="receipt", facts=(fact("pay_date", misread),)))

    assert said.record_date is None
    assert misread.isoformat() not in said.title


def test_paper_of_the_day_of_its_arrival_keeps_its_date_in_every_time_zone() -> None:
    night = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)

    said = describe(description(kind="receipt", facts=(fact("pay_date", date(2026, 3, 2)),), received_at=night))

    assert said.record_date == date(2026, 3, 2)


def test_date_that_a_person_gave_is_kept_whatever_it_is() -> None:
    by_hand = Fact("pay_date", date(1938, 5, 1), 1.0, surely_read=True, evidence=None)

    assert describe(description(kind="receipt", facts=(by_hand,))).record_date == date(1938, 5, 1)


def test_text_where_a_date_should_stand_is_no_date() -> None:
    assert describe(description(kind="receipt", facts=(fact("pay_date", "2025"),))).record_date is None


def test_summary_says_the_facts_of_the_kind_in_the_order_of_the_scheme() -> None:
    said = receipt(
        fact("area_m2", 98.60),
        fact("amount", 2465.0),
        fact("paid", True),
        fact("shown", "license"),
        fact("address_as_printed", "锦绣家园"),
        fact("other_no", "55501"),
        fact("amount_cn", "贰仟肆佰陆拾伍元整"),
        fact("fault", "暖气不热"),
    )

    assert describe(said).summary == "金额：2465.00元；供热面积：98.6 m²；已缴：是；证件：营业执照"
    assert describe(said, "en").summary == "Amount: CNY 2465.00; Heated area: 98.6 m²; Paid: yes; Shown: license"


def test_summary_of_a_repair_has_dates_and_temperatures() -> None:
    said = description(
        facts=(
            fact("done_date", date(2026, 1, 20)),
            fact("fault", "不\n热"),
            fact("room_temp_c", 18.0),
            fact("temps", (17.5, 20.0)),
        )
    )

    assert describe(said).summary == "完成日期：2026-01-20；故障：不 热；室温：18 ℃；各室温度：17.5, 20 ℃"


def test_amount_in_words_is_said_where_there_is_no_other() -> None:
    assert (
        describe(description(kind="contract", facts=(fact("amount_cn", "伍佰元整"),))).summary == "金额(大写)：伍佰元整"
    )


def test_summary_is_one_line_and_a_long_fact_is_cut() -> None:
    said = description(facts=(fact("fault", "漏水" * 100), fact("room_temp_c", 18.0)))

    summary = describe(said).summary

    assert len(summary) == MAX_SUMMARY_SIGNS
    assert summary.startswith("故障：漏水")
    assert summary.endswith("…")


def test_given_values_stay() -> None:
    said = description(
        language="en", department="财务部", tags=(" 加急 ", "热费", "加急", ""), facts=(fact("fault", "漏水"),)
    )

    after = describe(said)

    assert (after.language, after.department, after.tags) == ("en", "财务部", ("加急", "热费"))
    assert after.facts == said.facts
    assert (after.identification, after.reasons, after.record_id) == (said.identification, said.reasons, said.record_id)


def test_held_record_keeps_its_reasons_and_its_best_guess() -> None:
    said = describe(held(kind="receipt"))

    assert said.reasons == (NO_CUSTOMER,)
    assert said.category == "payment"


def test_others_follow_the_date_and_retention_that_a_person_gave() -> None:
    kept = frozenset({"record_date", "retention"})
    given_by_person = receipt(record_date=date(2024, 1, 2), retention="D10")

    said = Describer(scheme(), "zh").describe(given_by_person, kept)

    assert (said.record_date, said.retention) == (date(2024, 1, 2), "D10")
    assert said.title.endswith("2024-01-02")
    assert said.appraisal_date == date(2034, 1, 2)


VALUES = st.one_of(
    st.text(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.tuples(st.floats(-50, 50)),
)
FACTS = st.lists(st.builds(fact, st.sampled_from([spec.name for spec in scheme().field_specs]), VALUES), max_size=6)
DESCRIPTIONS = st.builds(
    lambda kind, name, number, facts, tags, original: description(
        kind=kind,
        facts=tuple(facts),
        tags=tuple(tags),
        original_name=original,
        identification=replace(
            IDENTIFIED, customer=replace(CUSTOMER, name=name), numbers=(CustomerNumber(number),) if number else ()
        ),
    ),
    st.sampled_from([None, "receipt", "repair", "contract", "gone"]),
    st.text(max_size=200),
    st.text(alphabet="0123456789", max_size=20),
    FACTS,
    st.lists(st.text(max_size=5), max_size=3),
    st.text(max_size=300),
)


@given(DESCRIPTIONS, st.sampled_from(["zh", "en"]))
def test_describing_again_changes_nothing(said: Description, language: str) -> None:
    once = describe(said, language)

    assert describe(once, language) == once


@given(DESCRIPTIONS, st.sampled_from(["zh", "en"]))
def test_title_and_summary_are_lines_that_fit(said: Description, language: str) -> None:
    after = describe(said, language)

    assert 0 < len(after.title) <= MAX_TITLE_SIGNS
    assert len(after.summary) <= MAX_SUMMARY_SIGNS
    assert after.title.isprintable()
    assert after.summary.isprintable()
    assert all(number in after.title for number in said.identification.numbers)


@given(DESCRIPTIONS, st.sets(st.sampled_from(sorted(DERIVED - {"retention"}))))
def test_what_a_person_gave_stays_and_describing_again_changes_nothing(said: Description, names: set[str]) -> None:
    mine: dict[str, Any] = {
        "category": "other", "title": "我的", "record_date": date(2001, 2, 3), "summary": "话", "appraisal_date": None,
    }  # fmt: skip
    kept = frozenset(names)
    described = Describer(scheme(), "zh").describe(replace(said, **{name: mine[name] for name in kept}), kept)

    assert {name: getattr(described, name) for name in kept} == {name: mine[name] for name in kept}
    assert Describer(scheme(), "zh").describe(described, kept) == described
