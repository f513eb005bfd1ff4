"""The shelf of models: whole or not at all, the one in use named last, and always a way back."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from zope.interface.verify import verifyObject

from classifiers.interfaces import IModelShelf
from classifiers.trial_values import Judged, TeachingReport
from classifiers.values import Verdict
from connector.checks import check_models
from connector.model_shelf import KEPT_VERSIONS, InUse, ModelShelf, NoSuchVersion

MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
DOUBTED = Judged("r7", "receipt", Verdict.KIND, "repair", 0.97)
WRONG = Judged("r9", None, Verdict.KIND, "repair", 0.81)
ACCEPTED = TeachingReport(
    accepted=True,
    has_model=True,
    cursor=12,
    examples={"": 2, "repair": 10},
    doubted=(DOUBTED,),
    checked_right=0.75,
    calibration_error=0.03,
    seconds=1.5,
    rules="0123",
)
REFUSED = TeachingReport(accepted=False, has_model=True, cursor=13, wrong=(WRONG,))


@pytest.fixture
def shelf(tmp_path: Path) -> ModelShelf:
    return ModelShelf(tmp_path)


def test_shelf_keeps_its_promise(shelf: ModelShelf) -> None:
    verifyObject(IModelShelf, shelf)


def test_empty_shelf_has_nothing_in_use(shelf: ModelShelf) -> None:
    assert (shelf.stamp(), shelf.content(), shelf.versions(), shelf.in_use()) == (None, None, (), InUse())


def test_accepted_version_goes_into_use_with_its_report(shelf: ModelShelf) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)

    (version,) = shelf.versions()
    assert (version.number, version.made_at, version.report, version.is_kept) == (1, MOMENT, ACCEPTED, True)
    assert (shelf.in_use(), shelf.content()) == (InUse(1), b"one")


def test_refused_version_leaves_its_report_and_the_one_before_in_use(shelf: ModelShelf) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)
    stamp = shelf.stamp()

    shelf.add(REFUSED, b"two", MOMENT)

    assert [(v.number, v.report, v.is_kept) for v in shelf.versions()] == [(1, ACCEPTED, True), (2, REFUSED, False)]
    assert (shelf.content(), shelf.stamp()) == (b"one", stamp)


def test_stamp_changes_with_the_version_in_use(shelf: ModelShelf) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)
    stamps = {shelf.stamp()}

    shelf.add(ACCEPTED, b"two", MOMENT)
    stamps.add(shelf.stamp())
    shelf.use(1)
    stamps.add(shelf.stamp())

    assert len(stamps) == 3


def test_version_that_a_person_chose_stays_in_use_until_they_choose_the_latest(shelf: ModelShelf) -> None:
    for content in (b"one", b"two"):
        shelf.add(ACCEPTED, content, MOMENT)
    shelf.use(1)

    shelf.add(ACCEPTED, b"three", MOMENT)
    assert (shelf.content(), shelf.in_use()) == (b"one", InUse(1, is_chosen=True))

    shelf.use_latest()
    assert (shelf.content(), shelf.in_use()) == (b"three", InUse(3))


def test_no_model_at_all_can_be_chosen(shelf: ModelShelf) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)

    shelf.use(None)

    assert (shelf.content(), shelf.in_use()) == (None, InUse(None, is_chosen=True))


def test_version_that_is_not_there_cannot_be_chosen(shelf: ModelShelf) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)
    shelf.add(REFUSED, b"two", MOMENT)

    for number in (2, 9):
        with pytest.raises(NoSuchVersion) as error:
            shelf.use(number)
        assert "1" in str(error.value.remedy)


def test_old_versions_make_room_and_the_one_in_use_stays(shelf: ModelShelf) -> None:
    shelf.add(ACCEPTED, b"1", MOMENT)
    shelf.use(1)
    shelf.add(REFUSED, b"", MOMENT)

    for number in range(3, 3 + KEPT_VERSIONS + 2):
        shelf.add(ACCEPTED, str(number).encode(), MOMENT)

    kept = [version.number for version in shelf.versions()]
    assert kept == [1, *range(5, 3 + KEPT_VERSIONS + 2)]
    assert shelf.content() == b"1"


def test_numbers_are_never_given_twice(shelf: ModelShelf) -> None:
    numbers = [shelf.add(report, b"x", MOMENT).number for report in (ACCEPTED, REFUSED, ACCEPTED, REFUSED, REFUSED)]

    assert numbers == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"number": "one"}', "\x00"])
def test_damaged_pointer_means_that_none_is_in_use(shelf: ModelShelf, tmp_path: Path, text: str) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)
    (tmp_path / "models" / "in_use.json").write_text(text, encoding="utf-8")

    assert shelf.in_use() == InUse()
    assert shelf.content() is None


def test_half_a_report_is_passed_over(shelf: ModelShelf, tmp_path: Path) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)
    for name, text in (
        ("0002.json", '{"made_at"'),
        ("0003.json", '{"made_at": "2026-03-02T08:30:00+00:00"}'),
        ("00x.json", "{}"),
    ):
        (tmp_path / "models" / name).write_text(text, encoding="utf-8")

    assert [version.number for version in shelf.versions()] == [1]


def test_file_that_is_gone_is_nothing_to_read(shelf: ModelShelf, tmp_path: Path) -> None:
    shelf.add(ACCEPTED, b"one", MOMENT)
    (tmp_path / "models" / "0001.model").unlink()

    assert shelf.content() is None
    assert [version.is_kept for version in shelf.versions()] == [False]


def _add(path: Path) -> None:
    ModelShelf(path).add(ACCEPTED, b"x", MOMENT)


def test_two_processes_take_turns(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_add, args=(tmp_path,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()

    assert [version.number for version in ModelShelf(tmp_path).versions()] == [1, 2, 3]


def said_by_check(shelf: ModelShelf) -> list[tuple[str, str]]:
    return [(finding.severity.value, str(finding.subject)) for finding in check_models(shelf)]


def test_check_says_how_the_model_stands(shelf: ModelShelf, tmp_path: Path) -> None:
    assert said_by_check(shelf) == []

    shelf.add(ACCEPTED, b"one", MOMENT)
    assert said_by_check(shelf) == [("ok", "Model 1 is in use, learned from 12 decided records.")]

    shelf.add(REFUSED, b"", MOMENT)
    assert [severity for severity, _ in said_by_check(shelf)] == ["ok", "warning"]
    assert "refused: 1 decided" in said_by_check(shelf)[1][1]

    (tmp_path / "models" / "0001.model").unlink()
    assert [severity for severity, _ in said_by_check(shelf)] == ["warning", "warning"]
    assert "cannot be read" in said_by_check(shelf)[0][1]
