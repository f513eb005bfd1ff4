"""Help in straight columns, values as typed, and click's own sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from classifiers.scheme import Choice, FieldSpec, FieldType, Names
from classifiers.values import FieldValue
from connector.commands.click_sentences import SENTENCES
from connector.commands.failures import CODES, code_of
from connector.commands.given_values import value_of
from connector.commands.spoken import Formatter, wrapped
from connector.exit_codes import ExitCode
from ingest.interfaces import InboxUnusable
from ingest.message import GuidangError, Message


@given(st.text(alphabet="ab ，。档案号", max_size=60), st.integers(min_value=6, max_value=40))
def test_wrapped_lines_lose_no_sign_and_keep_to_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width or " " not in line.strip() for line in lines)


def test_second_column_is_straight_under_han_signs() -> None:
    formatter = Formatter(width=40)

    formatter.write_dl([("档号", "第一行很长很长很长很长很长很长很长很长很长"), ("id", "short")])

    lines = formatter.getvalue().splitlines()
    assert lines[0].startswith("档号  第一行")
    assert lines[1].startswith("      ")
    assert lines[-1] == "id    short"


def test_installed_click_still_says_each_sentence_that_we_translate() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(click.__file__).parent.glob("*.py"))

    assert [
        sentence for sentence in SENTENCES if repr(sentence)[1:-1].replace("'", "") not in sources.replace("'", "")
    ] == []


def spec(field_type: FieldType, choices: tuple[Choice, ...] = ()) -> FieldSpec:
    return FieldSpec("x", Names("某", "x"), field_type, (), "", choices, False)


@pytest.mark.parametrize(
    ("field_type", "typed", "value"),
    [
        (FieldType.DATE, "2024-11-03", date(2024, 11, 3)),
        (FieldType.DATE, "2024年1月3日", date(2024, 1, 3)),
        (FieldType.AMOUNT, "￥1,234.50", 1234.5),
        (FieldType.AREA, "86.5㎡", 86.5),
        (FieldType.TEMPERATURE, "21.5℃", 21.5),
        (FieldType.TEMPERATURES, "21.5, 22、20.5", (21.5, 22.0, 20.5)),
        (FieldType.BOOL, "是", True),
        (FieldType.BOOL, "No", False),
        (FieldType.TEXT, " 王 师傅", " 王 师傅"),
    ],
)
def test_typed_value_becomes_what_the_scheme_says(field_type: FieldType, typed: str, value: FieldValue) -> None:
    assert value_of(spec(field_type), typed) == value


def test_choice_may_be_given_by_any_of_its_words() -> None:
    fault = spec(FieldType.CHOICE, (Choice("both", ("both", "身份证和产权证")),))

    assert value_of(fault, "身份证和产权证") == "both"


@pytest.mark.parametrize(
    ("field_type", "typed"),
    [
        (FieldType.DATE, "tomorrow"),
        (FieldType.DATE, "2024-02-30"),
        (FieldType.AMOUNT, "viel"),
        (FieldType.BOOL, "maybe"),
        (FieldType.CLASS, "?"),
    ],
)
def test_value_of_another_type_is_refused(field_type: FieldType, typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        value_of(spec(field_type), typed)


def test_each_error_class_has_its_exit_code() -> None:
    class DriveAway(InboxUnusable):
        """A special case that has no code of its own."""

    assert code_of(DriveAway(Message("Away."), Message("Mount it."))) is ExitCode.FOLDER_NOT_ACCESSIBLE
    assert code_of(GuidangError(Message("?"), Message("!"))) is ExitCode.CONFIGURATION
    assert set(CODES.values()) <= set(ExitCode)
