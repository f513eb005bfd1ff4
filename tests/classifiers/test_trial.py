"""Teaching: accepted only where no decided record would be done wrongly by itself; a slip is named and left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers.knowledge import from_bytes
from classifiers.trial import calibration_error, cross_check, teach
from classifiers.trial_values import Lesson
from classifiers.values import Example, Verdict
from tests.classifiers.lessons import FORMS, examples, kind, scheme_of, text_of

SCHEME = scheme_of()


def lesson(*given: Example, kind_threshold: float = 0.6) -> Lesson:
    return Lesson(SCHEME, given, len(given), kind_threshold, 0.9)


@pytest.mark.parametrize("count", [0, 1, 9])
def test_with_few_examples_nothing_is_held_back_and_all_is_remembered(count: int) -> None:
    taught = teach(lesson(*examples(count)))

    assert taught.report.accepted
    assert taught.report.checked_right is None
    assert len(from_bytes(taught.content).remembered) == count
    assert taught.report.has_model == (count > 1)


@pytest.mark.parametrize("count", [10, 100])
def test_examples_are_learned_and_checked_on_those_it_had_not_seen(count: int) -> None:
    taught = teach(lesson(*examples(count)))

    report = taught.report
    assert (report.accepted, report.has_model, report.doubted, report.wrong) == (True, True, (), ())
    assert report.examples == {kind or "": count // len(FORMS) for kind in FORMS}
    assert report.checked_right is not None
    assert report.checked_right > 0.9
    assert report.calibration_error is not None
    assert report.calibration_error < 0.25
    assert from_bytes(taught.content).cursor == count


def test_one_mislabelled_record_is_named_and_left_out_and_blocks_nothing() -> None:
    slip = Example("slip", "contract", text_of("repair", 77))

    taught = teach(lesson(*examples(60), slip))

    assert taught.report.accepted
    (doubted,) = taught.report.doubted
    assert (doubted.key, doubted.told, doubted.kind) == ("slip", "contract", "repair")
    assert doubted.confidence > 0.9
    remembered = {one.key: one.kind for one in from_bytes(taught.content).remembered}
    assert remembered["slip"] == "contract"


def test_change_of_mind_about_a_form_is_no_slip() -> None:
    """Ten of forty papers of one form are told otherwise: that is not a slip of the pen."""
    told = [Example(f"r{n}", "repair" if n % 4 else "revisit", text_of("repair", n)) for n in range(40)]

    assert teach(lesson(*told, *examples(20, ("receipt", "contract")))).report.doubted == ()


def test_version_that_would_file_a_decided_record_wrongly_is_refused_and_names_it() -> None:
    """The very same text told twice as a receipt and ten times as a repair slip: one answer must be wrong for some."""
    text = text_of("repair", 1)
    repairs = [Example(f"old{n}", "repair", text) for n in range(10)]
    receipts = [Example(f"new{n}", "receipt", text) for n in range(2)]

    taught = teach(lesson(*receipts, *repairs, *examples(10, ("contract", None))))

    assert not taught.report.accepted
    assert {judged.key for judged in taught.report.wrong} == {"new0", "new1"}
    assert {judged.kind for judged in taught.report.wrong} == {"repair"}


def test_same_version_is_accepted_where_nothing_would_be_done_by_itself() -> None:
    text = text_of("repair", 1)
    told = [Example(f"r{n}", "repair" if n > 1 else "receipt", text) for n in range(12)]

    taught = teach(lesson(*told, *examples(10, ("contract", None)), kind_threshold=1.0))

    assert taught.report.accepted


def test_threshold_of_a_kind_counts_before_the_general_one() -> None:
    scheme = scheme_of(replace(kind("repair"), threshold=0.99), kind("receipt"))

    asked = Lesson(scheme, (), 0, 0.6, 0.9)

    assert (asked.threshold("repair"), asked.threshold("receipt"), asked.threshold("unknown")) == (0.99, 0.6, 0.6)


def test_kinds_that_the_scheme_has_no_more_and_empty_texts_are_passed_over() -> None:
    taught = teach(lesson(*examples(10), Example("gone", "meter_change", "换表记录"), Example("back", None, "")))

    assert sum(taught.report.examples.values()) == 10


def test_last_word_on_a_record_counts() -> None:
    taught = teach(lesson(Example("r1", "repair", "检修单"), Example("r1", "receipt", "检修单")))

    assert taught.report.examples == {"receipt": 1}


def test_same_examples_teach_the_same() -> None:
    assert teach(lesson(*examples(25))).content == teach(lesson(*examples(25))).content


def test_cross_check_judges_every_example_by_the_others() -> None:
    given = examples(30)

    judged = cross_check(lesson(*given))

    assert {one.key for one in judged} == {example.key for example in given}
    assert all(one.is_right for one in judged)
    assert all(one.verdict is not Verdict.UNSURE for one in judged)


def test_form_shown_once_only_is_not_judged_by_itself() -> None:
    """Otherwise every check would come out well."""
    single = Example("single", "revisit", text_of("revisit", 1))

    judged = {one.key: one for one in cross_check(lesson(*examples(20, ("repair", "receipt")), single))}

    assert not judged["single"].is_right


def test_too_few_examples_are_not_checked() -> None:
    assert cross_check(lesson(*examples(9))) == ()


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], None),
        ([(1.0, True)] * 4, 0.0),
        ([(0.95, True), (0.95, False)], 0.45),
        ([(0.15, False)] * 3 + [(0.85, True)], (3 * 0.15 + 0.15) / 4),
    ],
)
def test_calibration_error_is_the_gap_between_saying_and_being(
    answers: list[tuple[float, bool]], expected: float | None
) -> None:
    found = calibration_error(answers)

    assert found == (None if expected is None else pytest.approx(expected))
