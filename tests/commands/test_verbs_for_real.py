"""The verbs on a real journal, index, register and folder store; only reading and understanding are stood in for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from connector import i18n
from connector.commands.main import guidang
from connector.commands.session import Session
from connector.connector_app import Connector
from connector.exit_codes import ExitCode
from tests.connector.fakes import KNOWN
from tests.connector.office import NAME, REPAIR, open_office

HELD = REPAIR.replace(f"number={KNOWN}\n", "")


@pytest.fixture
def connector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connector]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "250")
    connector = open_office(tmp_path).connector()
    yield connector
    connector.close()
    i18n.set_language("en")


def call(connector: Connector, *arguments: str) -> Result:
    return CliRunner().invoke(guidang, list(arguments), obj=Session(application=connector))


def said(connector: Connector, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in call(connector, *arguments, "--json").stdout.splitlines()]


def scan(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_ingested_scan_is_filed_and_the_own_file_stays(connector: Connector, tmp_path: Path) -> None:
    path = scan(tmp_path, "repair.pdf", REPAIR)

    result = call(connector, "ingest", path, "--json")

    (line,) = [json.loads(text) for text in result.stdout.splitlines()]
    assert result.exit_code == ExitCode.DONE
    assert (line["state"], line["kind"], line["customer_numbers"]) == ("INDEXED", "repair", [KNOWN])
    assert line["reference_code"]
    assert Path(path).exists()


def test_same_bytes_again_are_a_duplicate_of_the_record(connector: Connector, tmp_path: Path) -> None:
    (first,) = said(connector, "ingest", scan(tmp_path, "one.pdf", REPAIR))

    (second,) = said(connector, "ingest", scan(tmp_path, "two.pdf", REPAIR))

    assert (second["state"], second["duplicate_of"]) == ("DUPLICATE", [first["record"]])


def test_held_record_that_is_corrected_gets_its_code_and_its_place(connector: Connector, tmp_path: Path) -> None:
    (held,) = said(connector, "ingest", scan(tmp_path, "held.pdf", HELD))

    (listed,) = said(connector, "held")
    (after,) = said(connector, "correct", held["record"], "--customer", KNOWN, "--field", "fault=阀门漏水")

    assert listed["record"] == held["record"]
    assert held["reference_code"] is None
    assert (after["state"], after["decided_by"]) == ("INDEXED", "person")
    assert after["reference_code"]
    assert after["fields"]["fault"] == "阀门漏水"
    assert said(connector, "held") == []
    (pdf,) = (tmp_path / "archive").rglob("*.pdf")
    assert after["reference_code"] in pdf.name


def test_record_without_customer_cannot_be_confirmed(connector: Connector, tmp_path: Path) -> None:
    (held,) = said(connector, "ingest", scan(tmp_path, "held.pdf", HELD))

    result = call(connector, "confirm", held["record"])

    assert result.exit_code == ExitCode.USAGE
    assert "needs a customer" in result.stderr


def test_rejected_record_stays_and_has_no_code(connector: Connector, tmp_path: Path) -> None:
    (held,) = said(connector, "ingest", scan(tmp_path, "held.pdf", HELD))

    (after,) = said(connector, "reject", held["record"])

    assert (after["state"], after["reference_code"]) == ("REJECTED", None)
    assert len(list((tmp_path / "archive").rglob("*.pdf"))) == 1


def test_search_finds_two_characters_of_the_page(connector: Connector, tmp_path: Path) -> None:
    (filed,) = said(connector, "ingest", scan(tmp_path, "repair.pdf", REPAIR))

    assert [line["record"] for line in said(connector, "search", "报修")] == [filed["record"]]
    assert [line["record"] for line in said(connector, "search", KNOWN[-4:])] == [filed["record"]]
    assert said(connector, "search", "合同") == []


def test_export_and_show_say_what_ingest_said(connector: Connector, tmp_path: Path) -> None:
    lines = said(connector, "ingest", scan(tmp_path, "repair.pdf", REPAIR), scan(tmp_path, "held.pdf", HELD))

    assert said(connector, "export") == lines
    assert said(connector, "show", lines[0]["reference_code"]) == lines[:1]


def test_scan_dropped_into_the_inbox_is_taken_by_run_once(connector: Connector, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "dropped.pdf").write_text(REPAIR, encoding="utf-8")

    result = call(connector, "run", "--once")

    assert result.exit_code == ExitCode.DONE
    assert "dropped.pdf" in result.stdout
    assert "filed" in result.stdout


def test_sums_add_up(connector: Connector, tmp_path: Path) -> None:
    said(connector, "ingest", scan(tmp_path, "repair.pdf", REPAIR), scan(tmp_path, "held.pdf", HELD))

    (status,) = said(connector, "status")

    assert status["scans"]["seen"] == status["scans"]["CLOSED"] == 2
    assert (status["records"]["INDEXED"], status["records"]["HELD"]) == (1, 1)


def test_unknown_inbox_is_refused_before_anything_is_taken(connector: Connector, tmp_path: Path) -> None:
    result = call(connector, "ingest", "--inbox", f"{NAME}?", scan(tmp_path, "repair.pdf", REPAIR))

    assert result.exit_code == ExitCode.USAGE
    assert NAME in result.stderr
    assert said(connector, "export") == []


def test_traditional_paper_is_found_by_simplified_words_and_shown_as_printed(
    connector: Connector, tmp_path: Path
) -> None:
    (filed,) = said(connector, "ingest", scan(tmp_path, "one.pdf", f"{REPAIR}\n暖氣漏水，張師傅更換閥門"))

    found = said(connector, "search", "更换阀门", "张师傅")

    assert [line["record"] for line in found] == [filed["record"]]
    assert "張師傅更換閥門" in connector.index.text(found[0]["record"])
