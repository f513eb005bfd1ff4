"""`guidang sheets`: what may be given, what is refused, and what stands in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from connector import i18n
from connector.commands.main import guidang
from connector.commands.session import Session
from connector.connector_app import Connector
from connector.exit_codes import ExitCode
from ingest.sheets import barcodes_of
from tests.connector.fakes import KNOWN
from tests.connector.office import open_office


@pytest.fixture
def connector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connector]:
    monkeypatch.setenv("LANGUAGE", "en")
    connector = open_office(tmp_path).connector()
    yield connector
    connector.close()
    i18n.set_language("en")


def call(connector: Connector, *arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(
        guidang, ["sheets", *arguments], obj=Session(application=connector), input=answer, catch_exceptions=True
    )


def codes_in(path: Path) -> list[set[str]]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [
            {code.text for code in barcodes_of(np.asarray(page.render(scale=200 / 72).to_pil().convert("L")))}
            for page in pdf
        ]


def test_sheets_bear_what_is_given(connector: Connector, tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"

    result = call(connector, str(out), "--kind", "维修(报修)单", "--customer", KNOWN, "--copies", "2")

    assert result.exit_code == ExitCode.DONE, result.output
    said = {f"GUIDANG-SEP kind=repair customer={KNOWN}"}
    assert codes_in(out) == [said, said]


def test_department_stands_in_the_qr_code(connector: Connector, tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"

    call(connector, str(out), "--department", "财务部")

    assert codes_in(out) == [{"GUIDANG-SEP department=财务部", "GUIDANG-SEP"}]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "kontrakt"), "There is no kind kontrakt"),
        (("--customer", "nonsense"), "nonsense"),
        (("--customer", "9912345678"), "check digit"),
        (("--customer", "0312345699"), "does not know the customer number 0312345699"),
        (("--department", "Customer Service"), "no blanks"),
        (("--copies", "0"), "--copies"),
    ],
)
def test_what_could_never_be_right_is_refused_and_nothing_is_written(
    connector: Connector, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "sheets.pdf"

    result = call(connector, str(out), *options)

    assert result.exit_code != ExitCode.DONE
    assert said in result.output + str(result.exception)
    assert not out.exists()


def test_file_that_stands_there_is_overwritten_only_when_a_person_says_so(connector: Connector, tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"
    out.write_bytes(b"mine")

    call(connector, str(out), answer="n\n")
    kept = out.read_bytes()
    call(connector, str(out), "--yes")

    assert kept == b"mine"
    assert codes_in(out) == [{"GUIDANG-SEP"}]


def test_folder_that_is_not_there_is_said(connector: Connector, tmp_path: Path) -> None:
    result = call(connector, str(tmp_path / "nowhere" / "sheets.pdf"))

    assert result.exit_code != ExitCode.DONE
    assert "Cannot write" in result.output + str(result.exception)


def test_sheet_is_said_in_both_languages(connector: Connector, tmp_path: Path) -> None:
    out = tmp_path / "sheets.pdf"

    call(connector, str(out), "--kind", "repair")

    with pypdfium2.PdfDocument(out) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    assert "分隔页" in text
    assert "Separator sheet" in text
    assert "维修" in text
    assert "Repair" in text
