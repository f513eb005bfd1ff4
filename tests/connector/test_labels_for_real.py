"""The whole loop with real parts: a person gives a fact, and the next paper with that label has it, in every process."""

from __future__ import annotations

import json
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifiers.fields import RulesExtractor
from classifiers.latest_labels import LOOK_SECONDS, LatestLabels
from classifiers.values import EvidenceSource, Fact
from connector.assembly import build
from connector.commands.main import guidang
from connector.commands.session import Session
from connector.config import load
from connector.corrections import change
from connector.searching import page_text
from ingest.values import ScanId
from metadata.examples import ArchiveExamples
from metadata.values import Change
from tests.connector.example_config import written
from tests.connector.fakes import KNOWN
from tests.connector.office import Office, open_office


def office_that_learns_labels(folder: Path) -> Office:
    office = open_office(folder)
    labels = LatestLabels(ArchiveExamples(office.engine, page_text), office.parts.scheme, ("客户编号",))
    return office.with_parts(extractor=RulesExtractor(office.parts.scheme, taught=labels))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_that_learns_labels(tmp_path)


def take(office: Office, name: str, fitter: str) -> ScanId:
    text = f"kind=repair 0.95\nnumber={KNOWN}\n报修单\n报修日期：2026-01-05\n经手技工：{fitter}"
    return office.take(f"{name}.pdf", text)


def technician(office: Office, scan_id: ScanId) -> Fact | None:
    facts = office.record(scan_id).description.facts
    return next((fact for fact in facts if fact.name == "technician"), None)


def give(office: Office, scan_id: ScanId, fitter: str | None) -> None:
    change(office.parts, office.record(scan_id), Change(fields={"technician": fitter}, by="Li"))


def test_fact_that_a_person_gave_is_found_on_the_next_paper(office: Office) -> None:
    first = take(office, "first", "王强")
    assert technician(office, first) is None

    give(office, first, "王强")
    time.sleep(LOOK_SECONDS)
    found = technician(office, take(office, "second", "张伟"))

    assert found is not None
    assert found.value == "张伟"
    assert found.evidence is not None
    assert found.evidence.source is EvidenceSource.TAUGHT


def test_label_is_known_to_another_process_within_a_second_and_after_a_new_start(
    office: Office, tmp_path: Path
) -> None:
    first, other = take(office, "first", "王强"), office_that_learns_labels(tmp_path)
    assert technician(other, take(other, "before", "赵敏")) is None

    give(office, first, "王强")
    time.sleep(2 * LOOK_SECONDS)

    found = technician(other, take(other, "after", "张伟"))
    again = office_that_learns_labels(tmp_path)
    later = technician(again, take(again, "later", "陈静"))
    assert found is not None
    assert later is not None
    assert (found.value, later.value) == ("张伟", "陈静")


def test_label_is_taken_back_by_correcting_the_record_again(office: Office) -> None:
    first = take(office, "first", "王强")
    give(office, first, "王强")

    give(office, first, None)
    time.sleep(LOOK_SECONDS)

    assert technician(office, take(office, "second", "张伟")) is None


def test_labels_that_were_learned_are_listed(office: Office, tmp_path: Path) -> None:
    config = load(written(tmp_path, ('url = ""', 'url = "sqlite:///journal.sqlite"')))
    with closing(build(config, {})) as connector:

        def run(*arguments: str) -> str:
            done = CliRunner().invoke(guidang, ["models", "labels", *arguments], obj=Session(application=connector))
            assert done.exit_code == 0, done.output
            return done.output

        nothing, no_lines = run(), run("--json")
        give(office, take(office, "first", "王强"), "王强")
        time.sleep(2 * LOOK_SECONDS)
        table, line = run(), json.loads(run("--json"))

    assert "经手技工" not in nothing
    assert no_lines == ""
    assert "经手技工" in table
    assert line == {
        "schema": 1,
        "kind": "repair",
        "field": "technician",
        "label": "经手技工",
        "for": 1.0,
        "against": 0.0,
        "counts": True,
    }
