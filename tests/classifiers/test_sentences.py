"""Sentences that belong to a label: beside it in tall cells, and running over words that are labels elsewhere."""

from __future__ import annotations

from dataclasses import replace

from classifiers.fields import RulesExtractor
from classifiers.values import RecordText
from tests.classifiers.forms import placed, record_of
from tests.classifiers.schemes import field, kind, small_scheme

SCHEME = small_scheme(
    kind("paper", fields=["fault", "done", "area"]),
    fields=(field("fault", "text", "故障描述", "用户反映"), field("done", "text", "处理情况"), field("area", "area", "收费面积")),
)  # fmt: skip


def facts(record: RecordText) -> dict[str, object]:
    return {fact.name: fact.value for fact in RulesExtractor(SCHEME).facts(record, "paper")}


def test_sentence_begins_above_the_label_in_the_middle_of_its_tall_cell() -> None:
    record = placed(
        ("入户阀门滴水，请尽快上门。", 600, 300), ("故障描述", 200, 350),
        ("更换铜球阀一个，不再滴水。", 600, 500), ("处理情况", 200, 550),
    )  # fmt: skip

    assert facts(record) == {"fault": "入户阀门滴水", "done": "更换铜球阀一个"}


def test_sentence_stands_below_a_heading() -> None:
    record = placed(
        ("故障描述", 200, 300), ("入户阀门滴水，请尽快上门。", 210, 370),
        ("处理情况", 200, 500), ("更换铜球阀一个，不再滴水。", 210, 570),
    )  # fmt: skip

    assert facts(record) == {"fault": "入户阀门滴水", "done": "更换铜球阀一个"}


def test_class_is_chosen_by_the_sentence_above_its_label_before_the_column_of_another() -> None:
    choices = [{"value": "again", "words": ["复验"]}, {"value": "fit", "words": ["合格"]}]
    scheme = small_scheme(
        kind("paper", fields=["result"]), fields=(field("result", "class", "验收结论", "结论", choices=choices),)
    )
    record = placed(
        ("验收项目", 200, 300), ("结论", 1200, 300),
        ("管道焊接", 200, 370), ("合格", 1200, 370),
        ("压降超标，限期整改后复验。", 600, 500), ("验收结论", 200, 550),
    )  # fmt: skip

    found = RulesExtractor(scheme).facts(record, "paper")

    assert [fact.value for fact in found] == ["again"]


def test_stamp_above_the_label_is_not_the_sentence() -> None:
    stamp = placed(("业务专", 600, 310), confidence=0.6).pages[0].lines
    page = placed(("故障描述", 200, 350), ("入户阀门滴水。", 210, 430)).pages[0]

    found = facts(RecordText((replace(page, lines=(*stamp, *page.lines)),)))

    assert found == {"fault": "入户阀门滴水"}


def test_row_of_another_label_is_not_the_sentence() -> None:
    record = placed(("处理情况：已修", 600, 300), ("故障描述", 200, 350), ("入户阀门滴水。", 600, 400))

    assert facts(record)["fault"] == "入户阀门滴水"


def test_words_that_are_labels_elsewhere_do_not_end_a_sentence() -> None:
    assert facts(record_of("用户反映收费面积有误，要求答复"))["fault"] == "收费面积有误"
    assert facts(record_of("用户反映虚报收费面积"))["fault"] == "虚报收费面积"


def test_label_that_stands_as_one_ends_the_sentence() -> None:
    assert facts(record_of("故障描述：阀门滴水 处理情况：已修"))["fault"] == "阀门滴水"
    assert facts(record_of("故障描述：阀门滴水 收费面积 86.50"))["fault"] == "阀门滴水"
