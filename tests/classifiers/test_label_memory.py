"""What counts as a label after many lessons: agreement, contradiction, other kinds, and what is never learned."""

from __future__ import annotations

from datetime import date

from classifiers.label_memory import OTHER_TRUST, OWN_TRUST, LabelMemory
from classifiers.values import Example, FieldValue, TaughtLabels, ToldFact
from tests.classifiers.schemes import field, kind, small_scheme

SCHEME = small_scheme(
    kind("repair", "维修单", titles=["维修单"], fields=["reported", "done", "fitter"]),
    kind("complaint", "投诉单", titles=["投诉单"], fields=["lodged", "done", "fitter"]),
    kind("receipt", "收据", titles=["收据"], fields=["paid"]),
    fields=(
        field("reported", "date", "报修日期"),
        field("lodged", "date", "投诉日期"),
        field("done", "date", "完成日期"),
        field("fitter", "name", "维修人员"),
        field("paid", "date", "缴费日期"),
    ),
    signs={"number": ["户号"], "name": ["户名"], "phone": ["电话"]},
)
ONE, OTHER = date(2024, 1, 3), date(2024, 1, 5)


def paper(key: str, code: str, text: str, *, is_given: bool = True, **facts: FieldValue | None) -> Example:
    told = tuple(ToldFact(name, value, is_given) for name, value in facts.items())
    return Example(key, code, f"热力公司\n单据\n{text}", told)


def memory_of(*examples: Example) -> LabelMemory:
    memory = LabelMemory(SCHEME, ("客户编号", "燃气户号"))
    for example in examples:
        memory.learn((example,))
    return memory


def labels(memory: LabelMemory, code: str, name: str) -> dict[str, float]:
    return {one.label: one.trust for one in memory.labels.of(code, name)}


def test_label_that_one_person_gave_counts_at_once() -> None:
    memory = memory_of(paper("r1", "repair", "来电时间：2024-01-03", reported=ONE))

    assert labels(memory, "repair", "reported") == {"来电时间": OWN_TRUST}
    assert memory.labels.labels == ("来电时间",)


def test_label_of_facts_that_were_let_stand_counts_from_the_second_record_on() -> None:
    first = paper("r1", "repair", "来电时间：2024-01-03", is_given=False, reported=ONE)
    second = paper("r2", "repair", "来电时间：2024-01-05", is_given=False, reported=OTHER)

    assert labels(memory_of(first), "repair", "reported") == {}
    assert labels(memory_of(first, second), "repair", "reported") == {"来电时间": OWN_TRUST}


def test_label_is_forgotten_when_a_person_says_otherwise() -> None:
    right = paper("r1", "repair", "来电时间：2024-01-03", reported=ONE)
    otherwise = paper("r2", "repair", "来电时间：2024-01-05\n登记：2024-01-03", reported=ONE)

    assert "来电时间" not in labels(memory_of(right, otherwise), "repair", "reported")


def test_order_of_decisions_does_not_matter() -> None:
    right = paper("r1", "repair", "来电时间：2024-01-03", reported=ONE)
    otherwise = paper("r2", "repair", "来电时间：2024-01-05\n登记：2024-01-03", reported=ONE)

    assert memory_of(right, otherwise).all == memory_of(otherwise, right).all


def test_one_that_errs_among_many_does_not_unlearn_a_label() -> None:
    right = [paper(f"r{n}", "repair", "来电时间：2024-01-03", reported=ONE) for n in range(4)]
    slip = paper("slip", "repair", "来电时间：2024-01-05", reported=ONE)

    assert labels(memory_of(*right, slip), "repair", "reported") == {"来电时间": OWN_TRUST}


def test_correcting_the_record_again_takes_its_lesson_back() -> None:
    wrong = paper("r1", "repair", "来电时间：2024-01-03\n办毕时间：2024-01-05", reported=OTHER)
    right = paper("r1", "repair", "来电时间：2024-01-03\n办毕时间：2024-01-05", reported=ONE)

    memory = memory_of(wrong)
    assert labels(memory, "repair", "reported") == {"办毕时间": OWN_TRUST}
    memory.learn((right,))

    assert labels(memory, "repair", "reported") == {"来电时间": OWN_TRUST}


def test_record_that_was_taken_back_teaches_nothing_any_more() -> None:
    memory = memory_of(paper("r1", "repair", "来电时间：2024-01-03", reported=ONE))

    memory.learn((Example("r1", None, ""),))

    assert memory.labels == TaughtLabels()
    assert memory.all == ()


def test_label_that_two_fields_claim_alike_names_neither() -> None:
    one = paper("r1", "repair", "登记：2024-01-03", reported=ONE)
    other = paper("r2", "repair", "登记：2024-01-05", done=OTHER)

    memory = memory_of(one, other)

    assert labels(memory, "repair", "reported") == labels(memory, "repair", "done") == {}


def test_other_kinds_borrow_a_label_for_the_field_of_the_same_name() -> None:
    memory = memory_of(paper("r1", "repair", "上门师傅：王强", fitter="王强"))

    assert labels(memory, "complaint", "fitter") == {"上门师傅": OTHER_TRUST}
    assert not memory.labels.of("complaint", "fitter")[0].is_own


def test_label_that_this_kind_was_only_shown_is_borrowed_meanwhile() -> None:
    lent = paper("r1", "repair", "上门师傅：王强", fitter="王强")
    shown = paper("r2", "complaint", "上门师傅：张伟", is_given=False, fitter="张伟")

    assert labels(memory_of(lent, shown), "complaint", "fitter") == {"上门师傅": OTHER_TRUST}


def test_label_is_not_borrowed_where_kinds_disagree_or_this_one_denies_it() -> None:
    lent = paper("r1", "repair", "登记：2024-01-05", done=OTHER)
    disagreeing = paper("r2", "receipt", "登记：2024-01-03", paid=ONE)
    denying = paper("r3", "complaint", "登记：2024-01-03\n完成：2024-01-05", done=OTHER)

    assert labels(memory_of(lent), "complaint", "done") == {"登记": OTHER_TRUST}
    assert labels(memory_of(lent, disagreeing), "complaint", "done") == {}
    assert "登记" not in labels(memory_of(lent, denying), "complaint", "done")


def test_label_of_another_field_of_the_kind_gives_way_only_to_three_records() -> None:
    papers = [paper(f"r{n}", "repair", "完成日期：2024-01-03", reported=ONE) for n in range(3)]

    assert labels(memory_of(*papers[:2]), "repair", "reported") == {}
    assert labels(memory_of(*papers), "repair", "reported") == {"完成日期": OWN_TRUST}


def test_label_that_the_scheme_has_for_another_kind_is_free_in_this_one() -> None:
    memory = memory_of(paper("r1", "receipt", "报修日期：2024-01-03", paid=ONE))

    assert labels(memory, "receipt", "paid") == {"报修日期": OWN_TRUST}


def test_label_of_the_scheme_is_no_news() -> None:
    memory = memory_of(paper("r1", "repair", "报修日期：2024-01-03", reported=ONE))

    assert memory.labels == TaughtLabels()
    assert memory.all == ()


def test_labels_of_customer_numbers_telephones_and_titles_are_never_learned() -> None:
    texts = (
        "户号：2024-01-03",
        "客户编号：2024-01-03",
        "燃气户号：2024-01-03",
        "电话：2024-01-03",
        "投诉单：2024-01-03",
    )
    papers = [paper(f"{text} {n}", "repair", text, reported=ONE) for text in texts for n in range(4)]

    assert memory_of(*papers).all == ()


def test_what_was_said_for_and_against_can_be_read() -> None:
    right = paper("r1", "repair", "来电时间：2024-01-03", reported=ONE)
    otherwise = paper("r2", "repair", "来电时间：2024-01-05\n登记：2024-01-03", reported=ONE)

    said = {(one.field, one.label): (one.records, one.against, one.trust) for one in memory_of(right, otherwise).all}

    assert said == {("reported", "来电时间"): (1.0, 1.0, 0.0), ("reported", "登记"): (1.0, 0.0, OWN_TRUST)}


def test_kinds_and_facts_that_the_scheme_does_not_have_are_passed_over() -> None:
    unknown_kind = paper("r1", "gone", "来电时间：2024-01-03", reported=ONE)
    unknown_fact = paper("r2", "repair", "来电时间：2024-01-03", gone=ONE)

    assert memory_of(unknown_kind, unknown_fact).all == ()


def test_labels_stay_the_same_object_while_nothing_changes() -> None:
    memory = memory_of(paper("r1", "repair", "来电时间：2024-01-03", reported=ONE))
    before = memory.labels

    memory.learn((paper("r2", "receipt", "缴费日期：2024-01-03", paid=ONE),))

    assert memory.labels is before
