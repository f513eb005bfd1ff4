"""Facts under labels that persons taught: found at once, explained, never signs of the customer."""

from __future__ import annotations

import time
from datetime import date

from zope.interface.verify import verifyObject

from classifiers.fields import RulesExtractor
from classifiers.interfaces import ITaughtLabels
from classifiers.latest_labels import LOOK_SECONDS, LatestLabels
from classifiers.plain_text import record_of_text, text_with_cells
from classifiers.values import EvidenceSource, Example, Fact, ToldFact
from tests.classifiers.archive import TaughtExamples
from tests.classifiers.forms import placed, record_of
from tests.classifiers.schemes import field, kind, small_scheme

SCHEME = small_scheme(
    kind("repair", fields=["reported", "fitter", "contract_no"]),
    fields=(
        field("reported", "date", "报修日期"),
        field("fitter", "name", "维修人员"),
        field("contract_no", "code", pattern="[A-Z]{2}[0-9]{6}"),
    ),
    signs={"name": ["户名"], "address": ["地址"], "contract_no": ["合同编号"]},
)
PAPER = "热力公司\n检修单\n户名：李秀英\n上门师傅：王强\n来电时间：2024-01-03\n约定书号：HT123456"
NEXT = "热力公司\n检修单\n户名：赵敏\n上门师傅：张伟\n来电时间：2024-02-07\n约定书号：HT654321"


def told(key: str = "r1", **facts: object) -> Example:
    given = tuple(ToldFact(name, value, is_given=True) for name, value in facts.items())  # type: ignore[arg-type]
    return Example(key, "repair", PAPER, given, ("李秀英",))


def facts(extractor: RulesExtractor, page: str) -> dict[str, Fact]:
    return {fact.name: fact for fact in extractor.facts(record_of(page), "repair")}


def extractor_of(archive: TaughtExamples) -> RulesExtractor:
    return RulesExtractor(SCHEME, taught=LatestLabels(archive, SCHEME, ()))


def test_latest_labels_keep_their_promise() -> None:
    verifyObject(ITaughtLabels, LatestLabels(TaughtExamples(), SCHEME, ()))


def test_fact_under_a_taught_label_is_found_on_the_next_paper_and_says_so() -> None:
    taught = extractor_of(TaughtExamples(told(fitter="王强")))

    assert "fitter" not in facts(RulesExtractor(SCHEME), NEXT)
    found = facts(taught, NEXT)["fitter"]
    assert found.value == "张伟"
    assert found.evidence is not None
    assert (found.evidence.text, found.evidence.source) == ("张伟", EvidenceSource.TAUGHT)


def test_decision_counts_within_a_second_without_a_new_start() -> None:
    archive = TaughtExamples()
    extractor = extractor_of(archive)
    assert "fitter" not in facts(extractor, NEXT)

    archive.given.append(told(fitter="王强"))
    begun = time.monotonic()
    while "fitter" not in facts(extractor, NEXT) and time.monotonic() < begun + 1.0:
        time.sleep(0.01)

    assert facts(extractor, NEXT)["fitter"].value == "张伟"


def test_more_decisions_than_are_told_at_once_all_count() -> None:
    archive = TaughtExamples(
        *(told(f"r{number}", reported=date(2023, 5, 5)) for number in range(7)), told(fitter="王强")
    )

    assert facts(extractor_of(archive), NEXT)["fitter"].value == "张伟"


def test_archive_is_not_asked_again_for_every_record() -> None:
    archive = TaughtExamples(told(fitter="王强"))
    labels = LatestLabels(archive, SCHEME, ())

    for _ in range(50):
        labels.current()

    assert archive.asked <= 3
    time.sleep(LOOK_SECONDS)
    labels.lessons()
    assert archive.asked <= 4


def test_taught_label_names_facts_and_never_a_sign_of_the_customer() -> None:
    taught = extractor_of(TaughtExamples(told(contract_no="HT123456")))
    page = record_of(NEXT)

    assert {fact.name: fact.value for fact in taught.facts(page, "repair")}["contract_no"] == "HT654321"
    assert taught.signs(page, "repair") == RulesExtractor(SCHEME).signs(page, "repair")
    assert taught.signs(page, "repair").contract_no is None


def test_kept_text_keeps_cells_apart_and_rows_together() -> None:
    record = placed(("上门师傅", 100, 500), ("王强", 700, 500), ("来电时间", 100, 600), ("2024-01-03", 700, 600))

    text = text_with_cells(record.pages)

    assert text == "上门师傅\t王强\n来电时间\t2024-01-03"
    assert text_with_cells(record_of_text(text).pages) == text
