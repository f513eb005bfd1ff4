"""Teaching beside the scans: begun when there is enough new, never twice at once, and a failure changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classifiers.latest_labels import LatestLabels
from classifiers.trial_values import Judged, Lesson, Taught, TeachingReport, rules_stamp
from classifiers.values import Example
from connector.learning import AT_LATEST, LOOK_EVERY, REST_AFTER_FAILURE, Learner, School, TeachingFailed
from connector.model_shelf import ModelShelf
from connector.parts import Thresholds
from tests.classifiers.archive import TaughtExamples
from tests.classifiers.lessons import examples, kind, scheme_of
from tests.connector.fakes import FakeClock


class WillingTeacher:
    """Accepts what it is given, or does what a test wants."""

    def __init__(self) -> None:
        self.lessons: list[Lesson] = []
        self.refuses = False
        self.before: Callable[[], None] = lambda: None

    def teach(self, lesson: Lesson) -> Taught:
        self.before()
        self.lessons.append(lesson)
        report = TeachingReport(
            accepted=not self.refuses,
            has_model=True,
            cursor=lesson.cursor,
            examples={"repair": len({example.key for example in lesson.examples})},
            rules=rules_stamp(lesson.scheme),
        )
        return Taught(report, b"model")

    def cross_check(self, lesson: Lesson) -> tuple[Judged, ...]:
        raise TeachingFailed("not here")


@pytest.fixture
def teacher() -> WillingTeacher:
    return WillingTeacher()


@pytest.fixture
def archive() -> TaughtExamples:
    return TaughtExamples()


@pytest.fixture
def school(tmp_path: Path, teacher: WillingTeacher, archive: TaughtExamples) -> School:
    labels = LatestLabels(archive, scheme_of(), ())
    return School(archive, ModelShelf(tmp_path), teacher, scheme_of(), Thresholds(0.6, 0.9), FakeClock(), labels)


def more(archive: TaughtExamples, count: int) -> None:
    archive.given += [replace(example, key=f"{len(archive.given)}-{example.key}") for example in examples(count)]


def test_lesson_holds_everything_that_was_decided(school: School, archive: TaughtExamples) -> None:
    more(archive, 11)

    lesson = school.lesson()

    assert lesson.examples == tuple(archive.given)
    assert (lesson.cursor, lesson.kind_threshold, lesson.reject_threshold) == (11, 0.6, 0.9)


def test_first_teaching_is_due_after_ten_decisions(school: School, archive: TaughtExamples) -> None:
    more(archive, 9)
    assert not school.is_due()

    more(archive, 1)

    assert school.is_due()


def test_decision_on_the_same_record_counts_once(school: School, archive: TaughtExamples) -> None:
    archive.given += [Example("r1", "repair", "检修单")] * 20

    assert not school.is_due()


@pytest.mark.parametrize(("learned_from", "wanted"), [(10, 5), (100, 5), (200, 10)])
def test_next_teaching_is_due_after_a_twentieth_more(
    school: School, archive: TaughtExamples, learned_from: int, wanted: int
) -> None:
    more(archive, learned_from)
    school.teach()

    more(archive, wanted - 1)
    assert not school.is_due()
    more(archive, 1)
    assert school.is_due()


def test_one_decision_waits_no_longer_than_a_day(school: School, archive: TaughtExamples) -> None:
    more(archive, 10)
    school.teach()
    more(archive, 1)
    assert not school.is_due()

    assert isinstance(school.clock, FakeClock)
    school.clock.moment += AT_LATEST

    assert school.is_due()


def test_without_anything_new_nothing_is_ever_due(school: School, archive: TaughtExamples) -> None:
    more(archive, 10)
    school.teach()

    assert isinstance(school.clock, FakeClock)
    school.clock.moment += 10 * AT_LATEST

    assert not school.is_due()


def test_new_words_in_the_scheme_are_learned_beside_at_once(school: School, archive: TaughtExamples) -> None:
    more(archive, 10)
    school.teach()
    assert not school.is_due()

    other = replace(school, scheme=scheme_of(kind("repair", ("检修单",)), kind("receipt")))

    assert other.is_due()
    other.teach()
    assert not other.is_due()


def test_refused_version_is_not_tried_again_with_the_same_decisions(
    school: School, archive: TaughtExamples, teacher: WillingTeacher
) -> None:
    teacher.refuses = True
    more(archive, 10)

    version = school.teach()

    assert not version.report.accepted
    assert not school.is_due()


def test_nothing_is_taught_while_a_person_has_chosen_a_version(school: School, archive: TaughtExamples) -> None:
    more(archive, 10)
    school.teach()
    more(archive, 50)
    assert school.is_due()

    school.shelf.use(1)

    assert not school.is_due()


def assert_soon(event: threading.Event) -> None:
    assert event.wait(10)


def waited(learner: Learner, done: Callable[[], bool]) -> bool:
    """Tick until it is so, ten seconds at most."""
    for _ in range(1000):
        learner.tick()
        if done():
            return True
        threading.Event().wait(0.01)
    return False


def test_due_teaching_is_carried_out_in_the_background(school: School, archive: TaughtExamples) -> None:
    more(archive, 10)
    learner = Learner(school)

    assert waited(learner, lambda: school.shelf.in_use().number == 1)
    learner.close()


def test_tick_never_waits_and_begins_no_second_teaching(
    school: School, archive: TaughtExamples, teacher: WillingTeacher
) -> None:
    goes_on = threading.Event()
    teacher.before = lambda: assert_soon(goes_on)
    more(archive, 10)
    learner = Learner(school)
    assert isinstance(school.clock, FakeClock)

    learner.tick()
    more(archive, 10)
    for _ in range(3):
        school.clock.moment += 2 * LOOK_EVERY
        learner.tick()
    goes_on.set()

    assert waited(learner, lambda: len(teacher.lessons) == 1)
    learner.close()
    assert len(teacher.lessons) == 1


def test_archive_is_looked_at_once_a_minute(school: School, archive: TaughtExamples) -> None:
    learner = Learner(school)
    for _ in range(5):
        learner.tick()
    asked = archive.asked

    assert isinstance(school.clock, FakeClock)
    school.clock.moment += LOOK_EVERY
    learner.tick()

    assert asked == 1
    assert archive.asked == 2


def test_failed_teaching_changes_nothing_and_rests_before_the_next(
    school: School, archive: TaughtExamples, teacher: WillingTeacher, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise TeachingFailed("ChildDied")

    teacher.before = fail
    more(archive, 10)
    learner = Learner(school)
    assert isinstance(school.clock, FakeClock)

    assert waited(learner, lambda: "teaching a model failed" in caplog.text)
    assert school.shelf.versions() == ()
    teacher.before = lambda: None
    school.clock.moment += REST_AFTER_FAILURE - timedelta(minutes=2)
    learner.tick()
    learner.tick()
    assert teacher.lessons == []
    school.clock.moment += timedelta(minutes=3)

    assert waited(learner, lambda: school.shelf.in_use().number == 1)
    learner.close()


def test_log_names_no_record(school: School, archive: TaughtExamples, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "guidang")
    more(archive, 10)

    school.teach()

    assert "model 1 accepted: 10 examples" in caplog.text
    assert archive.given[0].key not in caplog.text
