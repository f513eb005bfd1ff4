"""The whole loop with real parts: a person corrects a kind, and the next scan of the same form is right."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifiers.lessons import LOOK_SECONDS
from classifiers.plain_text import record_of_text
from classifiers.rules import RulesClassifier
from classifiers.trial_values import Lesson
from classifiers.values import RecordText
from classifiers.vote import VoteClassifier
from connector.assembly import ChildTeacher, build
from connector.commands.main import guidang
from connector.commands.session import Session
from connector.config import load
from connector.connector_app import Connector
from connector.corrections import change
from connector.learning import TeachingFailed
from connector.model_shelf import ModelShelf
from connector.searching import page_text
from ingest.values import ScanId
from metadata.examples import ArchiveExamples
from metadata.values import Change, RecordState
from tests.classifiers.lessons import examples, scheme_of, text_of
from tests.connector.example_config import written
from tests.connector.fakes import KNOWN
from tests.connector.office import Office, open_office

KINDS = ("repair", "receipt", "revisit", "contract")


def learning_office(folder: Path) -> Office:
    """Open an office whose kinds are said by the rules of the example and what was learned."""
    office = open_office(folder)
    rules = RulesClassifier(office.parts.scheme)
    examples = ArchiveExamples(office.engine, page_text)
    vote = VoteClassifier(office.parts.scheme, rules, examples, ModelShelf(folder / "data"))
    return office.with_parts(classifier=vote)


def take(office: Office, kind: str | None, number: int) -> ScanId:
    return office.take(f"{kind}-{number}.pdf", f"number={KNOWN}\n{text_of(kind, number)}")


def correct(office: Office, scan_id: ScanId, kind: str) -> None:
    change(office.parts, office.record(scan_id), Change(kind=kind, customer_numbers=(KNOWN,), by="Li"))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return learning_office(tmp_path)


def test_next_scan_of_a_corrected_form_is_right_and_filed_by_itself(office: Office) -> None:
    first = take(office, "revisit", 1)
    assert office.record(first).description.kind != "revisit"

    correct(office, first, "revisit")
    time.sleep(LOOK_SECONDS)
    second = take(office, "revisit", 2)

    assert office.record(second).description.kind == "revisit"
    assert office.record(second).state is RecordState.INDEXED


def test_correction_by_another_process_counts_within_a_second(office: Office, tmp_path: Path) -> None:
    first = take(office, "revisit", 1)
    take(office, "receipt", 3)

    correct(open_office(tmp_path), first, "revisit")
    begun = time.monotonic()
    kinds = []
    while time.monotonic() < begun + 1.0:
        kinds = [office.parts.classifier.classify(paper("revisit", 2)).kind]
        if kinds == ["revisit"]:
            break

    assert kinds == ["revisit"]


def paper(kind: str, number: int) -> RecordText:
    return record_of_text(text_of(kind, number))


def test_correction_is_not_forgotten_by_a_new_start(office: Office, tmp_path: Path) -> None:
    correct(office, take(office, "revisit", 1), "revisit")

    again = learning_office(tmp_path)

    assert again.record(take(again, "revisit", 2)).description.kind == "revisit"


@pytest.fixture
def connector(office: Office, tmp_path: Path) -> Iterator[Connector]:
    """The assembled connector on the journal of an office in which sixteen records were corrected."""
    for number in range(16):
        kind = KINDS[number % len(KINDS)]
        correct(office, take(office, kind, number), kind)
    config = load(written(tmp_path, ('url = ""', 'url = "sqlite:///journal.sqlite"')))
    with closing(build(config, {})) as connector:
        yield connector


def test_model_is_taught_in_a_child_goes_into_use_and_can_be_taken_back(connector: Connector) -> None:
    school = connector.school
    assert school.is_due()

    version = school.teach()

    assert version.report.accepted
    assert version.report.examples == dict.fromkeys(sorted(KINDS), 4)
    assert school.shelf.in_use().number == version.number
    classifier = connector._parts.classifier
    assert "learned" in classifier.classify(paper("repair", 99)).said_by
    school.shelf.use(None)
    time.sleep(LOOK_SECONDS)
    said = classifier.classify(paper("repair", 99))
    assert ("learned" in said.said_by, said.kind) == (False, "repair")


def test_teaching_goes_on_beside_the_watch(connector: Connector) -> None:
    stop = threading.Event()
    watch = threading.Thread(target=connector.run, args=(stop,))
    watch.start()

    begun = time.monotonic()
    while connector.school.shelf.in_use().number is None and time.monotonic() < begun + 60:
        time.sleep(0.1)
    stop.set()
    watch.join()

    assert connector.school.shelf.in_use().number == 1


def test_models_are_listed_taught_and_chosen_by_command(connector: Connector) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(guidang, ["models", *arguments], obj=Session(application=connector))
        assert done.exit_code == 0, done.output
        return done.stdout

    assert run("list", "--json") == ""
    taught = json.loads(run("train", "--json"))
    listed = json.loads(run("list", "--json"))
    table = run("list")
    run("use", "none")
    after = json.loads(run("list", "--json"))
    run("use", "1")
    run("use", "latest")

    assert taught == listed
    assert (taught["version"], taught["accepted"], taught["in_use"]) == (1, True, True)
    assert taught["examples"] == dict.fromkeys(sorted(KINDS), 4)
    assert (taught["doubted"], taught["wrong"]) == ([], [])
    assert "16" in table
    assert after["in_use"] is False
    assert connector.school.shelf.in_use().number == 1


def test_version_that_is_not_there_is_a_wrong_use(connector: Connector) -> None:
    session = Session(application=connector)

    for version in ("7", "yesterday"):
        done = CliRunner().invoke(guidang, ["models", "use", version], obj=session, standalone_mode=True)

        assert done.exit_code == 2


def lesson(count: int) -> Lesson:
    return Lesson(scheme_of(), examples(count), count, 0.6, 0.9)


def test_teaching_that_is_under_way_ends_with_the_program() -> None:
    teacher = ChildTeacher()
    failures: list[BaseException] = []

    def teach() -> None:
        try:
            teacher.teach(replace(lesson(3000), cursor=1))
        except TeachingFailed as failure:
            failures.append(failure)

    thread = threading.Thread(target=teach)
    thread.start()
    time.sleep(1.0)
    begun = time.monotonic()
    teacher.close()
    thread.join(20)

    assert not thread.is_alive()
    assert time.monotonic() - begun < 15
    assert len(failures) == 1


def test_teacher_that_was_closed_begins_nothing() -> None:
    teacher = ChildTeacher()
    teacher.close()

    with pytest.raises(TeachingFailed):
        teacher.teach(lesson(10))


def test_child_checks_examples_by_the_others() -> None:
    teacher = ChildTeacher()
    try:
        judged = teacher.cross_check(lesson(20))
    finally:
        teacher.close()

    assert len(judged) == 20
    assert all(one.is_right for one in judged)
