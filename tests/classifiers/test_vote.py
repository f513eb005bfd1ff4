"""The vote: the rules alone at first; what a person corrected counts at once; none of them is never said lightly."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zope.interface.verify import verifyObject

from classifiers.grams import Grams, grams_of
from classifiers.hearing import NONE_BY_EXAMPLE
from classifiers.interfaces import IClassifier, IExamples, IModelShelf
from classifiers.knowledge import Knowledge, to_bytes
from classifiers.lessons import LOOK_SECONDS
from classifiers.opinion import SUREST, Calibration
from classifiers.plain_text import record_of_text
from classifiers.rules import RulesClassifier
from classifiers.scheme import Scheme
from classifiers.teaching import fitted
from classifiers.trial import teach
from classifiers.trial_values import Lesson
from classifiers.values import Classification, Example, Verdict
from classifiers.vote import VoteClassifier
from tests.classifiers.archive import OneModel, TaughtExamples
from tests.classifiers.lessons import FORMS, examples, kind, scheme_of, text_of

NOTHING_KNOWN = scheme_of()
MISLED = scheme_of(
    kind("receipt"),
    kind("repair"),
    kind("revisit"),
    kind("contract", ("上门检修派工单",), ("报修人", "故障现象", "检修经过", "完工日期")),
)
"""Rules that take every repair slip for a contract, surely."""


def vote(scheme: Scheme, *given: Example, shelf: OneModel | None = None) -> VoteClassifier:
    return VoteClassifier(scheme, RulesClassifier(scheme), TaughtExamples(*given), shelf or OneModel())


def said_of(classifier: VoteClassifier, text: str) -> Classification:
    return classifier.classify(record_of_text(text))


def model_file(count: int, cursor: int = 0) -> bytes:
    taught = examples(count)
    return to_bytes(Knowledge(cursor, fitted([grams(one) for one in taught], [one.kind for one in taught])))


def grams(example: Example) -> Grams:
    return grams_of(example.text)


def test_parts_keep_their_promises() -> None:
    verifyObject(IClassifier, vote(NOTHING_KNOWN))
    verifyObject(IExamples, TaughtExamples())
    verifyObject(IModelShelf, OneModel())


@pytest.mark.parametrize("text", [text_of("repair", 1), text_of(None, 2), "", "供热"])
def test_without_any_decision_the_answer_is_that_of_the_rules(text: str) -> None:
    rules = RulesClassifier(MISLED).classify(record_of_text(text))

    found = said_of(vote(MISLED), text)

    assert (found.verdict, found.kind, found.evidence, found.rivals) == (
        rules.verdict,
        rules.kind,
        rules.evidence,
        rules.rivals,
    )
    assert found.confidence == pytest.approx(min(rules.confidence, SUREST), abs=1e-5)
    assert found.said_by == "vote: rules"


def test_corrected_form_outvotes_rules_that_are_sure_of_another_kind() -> None:
    paper = text_of("repair", 2)
    assert said_of(vote(MISLED), paper).kind == "contract"
    assert said_of(vote(MISLED), paper).confidence > 0.9

    found = said_of(vote(MISLED, Example("r1", "repair", text_of("repair", 1))), paper)

    assert (found.verdict, found.kind) == (Verdict.KIND, "repair")
    assert found.confidence > 0.6
    assert found.said_by == "vote: memory"
    assert found.rivals[0].kind == "contract"


PATTERN = """长河热力有限公司
{title}
客户编号 {number}  户名 {name}  联系电话 {number}
用热地址 {name}里{number}号楼  供热面积 {number}平方米
办理事项 {what}
办理依据 按公司有关规定办理,提供身份证明和房屋产权证明
受理意见 同意办理  受理人 {name}  部门负责人 {name}
告知事项 办理人应如实填写本表,因填写不实造成的后果由办理人承担
办理人签字 {name}  受理日期 {number}"""
"""All forms of a company on one pattern: only the title and a word tell them apart."""


def printed(title: str, what: str, name: str = "王建国", number: str = "12") -> str:
    return PATTERN.format(title=title, what=what, name=name, number=number)


ON_ONE_PATTERN = scheme_of(
    kind("suspend", ("停止用热申请表",), ("停止用热",)),
    kind("transfer", ("用热过户申请表",), ("过户", "新户名")),
    kind("opening", ("用热开户申请表",), ("开户",)),
)


def test_another_form_on_the_same_pattern_is_not_taken_for_the_corrected_one() -> None:
    """The rules are sure of its title; the person said so of another title. Nobody has told this one yet: a person decides."""
    told = Example("r1", "suspend", printed("停止用热申请表", "停止用热"))
    paper = printed("用热过户申请表", "过户 新户名", "李秀英", "45")

    found = said_of(vote(ON_ONE_PATTERN, told), paper)

    assert found.kind == "transfer"
    assert found.confidence <= 0.5
    assert "suspend" in [rival.kind for rival in found.rivals]


def test_form_on_the_same_pattern_is_sure_once_it_was_told_too() -> None:
    told = [
        Example("r1", "suspend", printed("停止用热申请表", "停止用热")),
        Example("r2", "transfer", printed("用热过户申请表", "过户 新户名", "张伟", "7")),
    ]

    found = said_of(vote(ON_ONE_PATTERN, *told), printed("用热过户申请表", "过户 新户名", "李秀英", "45"))

    assert found.kind == "transfer"
    assert found.confidence > 0.9


def test_untitled_form_on_a_known_pattern_is_not_filed_for_its_likeness() -> None:
    """Two kinds on one pattern were told; a third, its title unread, is like both, and that says nothing here."""
    told = [
        Example("r1", "suspend", printed("停止用热申请表", "停止用热")),
        Example("r2", "opening", printed("用热开户申请表", "开户", "张伟", "7")),
    ]

    found = said_of(vote(ON_ONE_PATTERN, *told), printed("", "", "李秀英", "45"))

    assert found.confidence < 0.6


def test_corrected_form_is_right_on_a_pattern_too() -> None:
    """The rules take it for what they took it for before; so it is the same form."""
    misled = scheme_of(kind("suspend"), kind("transfer", ("停止用热申请表",), ("停止用热",)))
    told = Example("r1", "suspend", printed("停止用热申请表", "停止用热"))

    found = said_of(vote(misled, told), printed("停止用热申请表", "停止用热", "李秀英", "45"))

    assert (found.kind, found.confidence > 0.6) == ("suspend", True)


def test_rejected_form_on_a_pattern_does_not_throw_out_another() -> None:
    told = [Example(f"r{n}", None, printed("员工请假申请表", "请假", "张伟", str(n))) for n in range(3)]

    found = said_of(vote(ON_ONE_PATTERN, *told), printed("用热过户申请表", "过户 新户名", "李秀英", "45"))

    assert found.kind == "transfer"
    assert found.confidence <= 0.5


def test_correction_leaves_other_forms_to_the_rules() -> None:
    correction = Example("r1", "revisit", text_of("receipt", 1))

    assert said_of(vote(MISLED, correction), text_of("repair", 2)).kind == "contract"


def test_model_alone_does_not_outvote_sure_rules() -> None:
    """Learned from records of which none is like this one in the memory."""
    found = said_of(vote(MISLED, shelf=OneModel(model_file(50))), text_of("repair", 900))

    assert found.kind == "contract"


def test_model_decides_where_the_rules_know_nothing() -> None:
    classifier = vote(NOTHING_KNOWN, shelf=OneModel(model_file(50)))

    found = {kind: said_of(classifier, text_of(kind, 900)).kind for kind in FORMS}

    assert found == {kind: kind for kind in FORMS}


def test_evidence_of_what_was_learned_stands_on_the_page() -> None:
    taught = examples(20)
    record = record_of_text(text_of("repair", 900))
    classifier = vote(NOTHING_KNOWN, *taught, shelf=OneModel(model_file(20)))

    found = classifier.classify(record)

    assert found.said_by == "vote: memory, learned"
    assert len(found.evidence) >= 4
    lines = record.pages[0].lines
    for evidence in found.evidence:
        assert any(line.box.top == evidence.box.top and evidence.text[:4] in line.text for line in lines)
    assert any("检修" in evidence.text for evidence in found.evidence)


def test_voices_are_heard_one_by_one() -> None:
    classifier = vote(MISLED, *examples(20), shelf=OneModel(model_file(20)))

    rules, memory, learned = classifier.voices(record_of_text(text_of("repair", 900)))

    assert (rules.said_by, rules.kind) == ("rules", "contract")
    assert (memory.said_by, memory.kind) == ("memory", "repair")
    assert (learned.said_by, learned.kind) == ("learned", "repair")
    assert memory.evidence
    assert learned.evidence


def test_form_rejected_once_is_held_and_never_thrown_out_by_itself() -> None:
    found = said_of(vote(NOTHING_KNOWN, Example("r1", None, text_of(None, 1))), text_of(None, 2))

    assert found.verdict is Verdict.NONE_OF_THEM
    assert found.confidence <= NONE_BY_EXAMPLE


def test_form_rejected_twice_is_surely_none_of_them() -> None:
    rejected = [Example(f"r{number}", None, text_of(None, number)) for number in (1, 3)]

    found = said_of(vote(NOTHING_KNOWN, *rejected), text_of(None, 2))

    assert found.verdict is Verdict.NONE_OF_THEM
    assert found.confidence > 0.9


def test_kind_that_the_scheme_has_no_more_is_not_said() -> None:
    gone = Example("r1", "meter_change", text_of("repair", 1))

    found = said_of(vote(NOTHING_KNOWN, gone), text_of("repair", 2))

    assert found.kind != "meter_change"
    assert found.kind is None or found.confidence < 0.6


def test_confidence_is_calibrated_by_what_stands_on_the_shelf() -> None:
    shelf = OneModel(to_bytes(Knowledge(calibration=Calibration(-5.0, 0.5))))
    paper = text_of("repair", 2)

    assert said_of(vote(MISLED, shelf=shelf), paper).confidence < 0.6 < said_of(vote(MISLED), paper).confidence


def test_correction_counts_within_a_second_without_a_new_start() -> None:
    given_up_to_now = TaughtExamples()
    classifier = VoteClassifier(MISLED, RulesClassifier(MISLED), given_up_to_now, OneModel())
    paper = text_of("repair", 2)
    assert said_of(classifier, paper).kind == "contract"

    given_up_to_now.given.append(Example("r1", "repair", text_of("repair", 1)))
    time.sleep(LOOK_SECONDS)

    assert LOOK_SECONDS < 1.0
    assert said_of(classifier, paper).kind == "repair"


def test_archive_is_not_asked_more_often_than_needed() -> None:
    given_up_to_now = TaughtExamples()
    classifier = VoteClassifier(MISLED, RulesClassifier(MISLED), given_up_to_now, OneModel())

    for number in range(20):
        said_of(classifier, f"供热 {number}")

    assert given_up_to_now.asked < 20


def test_new_version_is_taken_without_a_new_start_and_decisions_since_are_kept() -> None:
    shelf = OneModel()
    later = Example("r99", "repair", text_of("repair", 1))
    archive = TaughtExamples(*examples(4, ("receipt", "contract")), later)
    classifier = VoteClassifier(NOTHING_KNOWN, RulesClassifier(NOTHING_KNOWN), archive, shelf)
    assert said_of(classifier, text_of("repair", 2)).kind == "repair"

    shelf.put(model_file(50, cursor=4))
    time.sleep(LOOK_SECONDS)
    found = said_of(classifier, text_of("revisit", 2))

    assert (found.kind, found.said_by) == ("revisit", "vote: learned")
    assert "memory" in said_of(classifier, text_of("repair", 2)).said_by


@pytest.mark.parametrize("content", [b"", b"no model", model_file(10)[:-5]])
def test_file_that_cannot_be_used_leaves_the_decisions(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    classifier = vote(MISLED, Example("r1", "repair", text_of("repair", 1)), shelf=OneModel(content))

    assert said_of(classifier, text_of("repair", 2)).kind == "repair"
    assert "cannot be used" in caplog.text


def test_many_threads_may_ask_while_corrections_come_in() -> None:
    archive = TaughtExamples()
    classifier = VoteClassifier(NOTHING_KNOWN, RulesClassifier(NOTHING_KNOWN), archive, OneModel())
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            for number in range(40):
                said_of(classifier, text_of("repair", number))
                archive.given.append(Example(f"{threading.get_ident()}-{number}", "repair", text_of("repair", number)))
        except BaseException as error:  # noqa: BLE001 - to be seen by the test
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200) | st.text("供热用户维修收据abc123 \n", max_size=200))
def test_no_text_makes_it_raise(text: str) -> None:
    found = TRAINED.classify(record_of_text(text))

    assert 0.0 <= found.confidence <= 1.0
    assert (found.kind is not None) == (found.verdict is Verdict.KIND)


TRAINED = vote(NOTHING_KNOWN, *examples(20), shelf=OneModel(model_file(20)))


def test_memory_of_a_taught_version_answers_as_the_decisions_did() -> None:
    taught = teach(Lesson(NOTHING_KNOWN, examples(30), 30, 0.6, 0.9))
    by_file = vote(NOTHING_KNOWN, shelf=OneModel(taught.content))
    assert [said_of(by_file, text_of(kind, 800)).kind for kind in FORMS] == list(FORMS)
