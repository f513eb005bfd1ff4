"""Which kind a record is: by title, by words, by both; when it is surely none; and when nobody can say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from classifiers.interfaces import IClassifier
from classifiers.rules import RulesClassifier
from classifiers.scheme import Scheme
from classifiers.values import Classification, Verdict
from tests.classifiers.forms import page_of, record_of
from tests.classifiers.other_forms import NO_ARCHIVE_DOCUMENTS, OTHER_FORMS, OTHER_PAPERS
from tests.classifiers.schemes import example_scheme, kind, small_scheme

EXAMPLE = RulesClassifier(example_scheme())
THRESHOLD = 0.6
REJECT = 0.9

RECEIPT = """供热有限公司
热费缴费收据
户名：王小明   客户编号：0312345617
收费项目   面积   单价   金额
采暖费   98.60   25.00   2465.00
合计(大写)：贰仟肆佰陆拾伍元整
收款方式：现金   收款人：李四"""

FLYER = "盛大开业 全场打折\n买一送一 限时抢购\n凭此单到店领取礼品"


def two_kinds() -> Scheme:
    """Return a scheme of two kinds and one sort of paper that is no archive document."""
    return small_scheme(
        kind("repair", titles=["报修单", "维修服务单"], words_for=["故障描述", "维修人员"], words_against=["投诉内容"]),
        kind("complaint", titles=["投诉处理单"], words_for=["投诉内容", "处理部门"], words_against=["故障描述"]),
        none_of_them=[{"name": "flyer", "words": ["开业", "打折", "买一送一", "限时", "到店"]}],
        signs={"number": ["客户编号"], "contract_no": ["合同编号"]},
    )


def said_of(*pages: str, scheme: Scheme | None = None) -> Classification:
    classifier = RulesClassifier(scheme) if scheme else EXAMPLE
    return classifier.classify(record_of(*pages))


def test_classifier_keeps_its_promise() -> None:
    assert verifyObject(IClassifier, EXAMPLE)
    assert EXAMPLE.name == "rules"


def test_form_with_title_and_words_is_surely_its_kind() -> None:
    said = said_of(RECEIPT)

    assert (said.verdict, said.kind, said.said_by) == (Verdict.KIND, "receipt", "rules")
    assert said.confidence > 0.9


def test_title_alone_says_the_kind() -> None:
    said = said_of("热力公司\n用户报修单\n一二三四", scheme=two_kinds())

    assert said.kind == "repair"
    assert said.confidence >= THRESHOLD


def test_words_alone_say_the_kind_less_surely_than_with_its_title() -> None:
    words = "故障描述 暖气不热\n维修人员 张三"

    without = said_of(words, scheme=two_kinds())
    with_title = said_of(f"用户报修单\n{words}", scheme=two_kinds())

    assert without.kind == with_title.kind == "repair"
    assert without.confidence < with_title.confidence


def test_words_against_a_kind_take_from_it() -> None:
    alone = said_of("故障描述 维修人员", scheme=two_kinds())
    against = said_of("故障描述 维修人员 投诉内容", scheme=two_kinds())

    assert alone.kind == "repair"
    assert against.kind != "repair" or against.confidence < alone.confidence


def test_title_with_a_sign_misread_still_says_the_kind() -> None:
    said = said_of("热力公司\n报修登汜表\n一二三四")

    assert said.kind == "repair"


def test_blanks_between_han_signs_do_not_matter() -> None:
    spaced = "\n".join(" ".join(line.replace(" ", "")) for line in RECEIPT.splitlines())

    assert said_of(spaced).kind == "receipt"


def test_title_counts_on_the_first_page_only() -> None:
    said = said_of("一二三四五六", "用户报修单", scheme=two_kinds())

    assert said.verdict is Verdict.UNSURE


def test_title_inside_a_sentence_is_no_title() -> None:
    said = said_of("记者昨日走访多家市场了解到，报修单的价格与往年持平", scheme=two_kinds())

    assert said.verdict is Verdict.UNSURE


def test_two_kinds_that_vie_are_less_sure_than_either_alone() -> None:
    repair = said_of("报修单\n故障描述", scheme=two_kinds())
    complaint = said_of("投诉处理单\n投诉内容", scheme=two_kinds())
    both = said_of("投诉处理单 报修单\n故障描述 投诉内容", scheme=two_kinds())

    assert both.confidence < min(repair.confidence, complaint.confidence) - 0.2
    assert {both.kind, both.rivals[0].kind} == {"repair", "complaint"}


def test_evidence_names_where_title_and_words_stand() -> None:
    said = said_of(RECEIPT)

    page = page_of(RECEIPT)
    assert said.evidence[0].text == "热费缴费收据"
    assert said.evidence[0].box == page.lines[1].box
    assert all(e.page_number == 1 and e.dpi == 300.0 for e in said.evidence)


def test_confidence_of_rivals_is_what_the_best_leaves() -> None:
    said = said_of("投诉处理单 报修单\n故障描述 投诉内容 维修人员", scheme=two_kinds())

    assert said.confidence + sum(rival.confidence for rival in said.rivals) <= 1.0 + 1e-9
    assert [r.confidence for r in said.rivals] == sorted((r.confidence for r in said.rivals), reverse=True)


def test_text_of_no_kind_is_unsure_and_names_none() -> None:
    said = said_of("今天天气很好\n明天再说")

    assert (said.verdict, said.kind, said.confidence) == (Verdict.UNSURE, None, 0.0)


def test_blank_pages_are_no_archive_document() -> None:
    said = said_of("", "")

    assert said.verdict is Verdict.NONE_OF_THEM
    assert said.confidence >= REJECT


def test_flyer_is_surely_no_archive_document_and_says_why() -> None:
    said = said_of(FLYER, scheme=two_kinds())

    assert (said.verdict, said.kind) == (Verdict.NONE_OF_THEM, None)
    assert said.confidence >= REJECT
    assert {"打折", "买一送一"} <= {evidence.text for evidence in said.evidence}


def test_word_or_two_of_a_flyer_rule_nothing_out() -> None:
    said = said_of("开业 到店", scheme=two_kinds())

    assert said.verdict is Verdict.UNSURE


@pytest.mark.parametrize("label", ["客户编号：", "合同编号："])
def test_flyer_with_a_label_of_our_own_forms_is_never_ruled_out(label: str) -> None:
    """Somebody wrote the number of a customer on it: a person must look."""
    said = said_of(f"{FLYER}\n{label}0312345617", scheme=two_kinds())

    assert said.verdict is not Verdict.NONE_OF_THEM


def test_form_with_a_title_of_ours_is_never_surely_none_whatever_else_stands_on_it() -> None:
    said = said_of(f"用户报修单\n故障描述 维修人员\n{FLYER}", scheme=two_kinds())

    assert said.verdict is Verdict.NONE_OF_THEM
    assert said.confidence < REJECT


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in OTHER_FORMS.items() for text in texts])
def test_form_of_another_company_is_named(code: str, text: str) -> None:
    said = said_of(text)

    assert said.kind == code
    assert said.confidence >= THRESHOLD


def test_every_kind_of_the_example_scheme_has_forms_of_other_companies() -> None:
    assert set(OTHER_FORMS) == {kind.code for kind in example_scheme().kinds}


@pytest.mark.parametrize("text", NO_ARCHIVE_DOCUMENTS.values(), ids=NO_ARCHIVE_DOCUMENTS)
def test_paper_of_another_sort_is_ruled_out(text: str) -> None:
    said = said_of(text)

    assert said.verdict is Verdict.NONE_OF_THEM
    assert said.confidence >= REJECT


@pytest.mark.parametrize("text", OTHER_PAPERS.values(), ids=OTHER_PAPERS)
def test_paper_of_the_office_is_neither_filed_nor_ruled_out(text: str) -> None:
    said = said_of(text)

    assert said.verdict is not Verdict.NONE_OF_THEM
    assert said.confidence < THRESHOLD


@settings(max_examples=60)
@given(st.lists(st.text(max_size=40), max_size=8))
def test_no_text_whatever_makes_it_fail(lines: list[str]) -> None:
    said = said_of("\n".join(lines))

    assert 0.0 <= said.confidence <= 1.0
    assert (said.kind is None) == (said.verdict is not Verdict.KIND)
