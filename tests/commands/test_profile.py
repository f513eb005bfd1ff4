"""`guidang profile plan | apply`: what people and scripts see of it, and when it asks."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import Result

from connector import i18n
from connector.exit_codes import ExitCode
from connector.interfaces import SetupAction, StoreRefused
from ingest.message import Message
from tests.commands.examples import FakeApplication, FakeProfile, HeldScans, setup_step
from tests.commands.test_verbs import call, json_lines

MAKE, CHANGE, MARK = (setup_step(action) for action in (SetupAction.MAKE, SetupAction.CHANGE, SetupAction.MARK))
CONFLICT = setup_step(SetupAction.CONFLICT, "客户编号")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    yield
    i18n.set_language("en")


def done(profile: FakeProfile | None, *arguments: str, typed: str | None = None) -> Result:
    application = FakeApplication(HeldScans())
    application.setup = profile
    return call(application, "profile", *arguments, typed=typed)


def test_plan_shows_each_step_with_its_reason_and_changes_nothing() -> None:
    profile = FakeProfile(MAKE, CHANGE, MARK)

    result = done(profile, "plan")

    assert result.exit_code == ExitCode.DONE
    assert "make" in result.stdout
    assert "It is not there yet." in result.stdout
    assert profile.applied == 0
    assert profile.is_closed


def test_plan_for_programs_is_one_object_a_step() -> None:
    lines = json_lines(done(FakeProfile(MAKE, CONFLICT), "plan", "--json"))

    assert [(line["action"], line["sort"], line["name"]) for line in lines] == [
        ("make", "tags", "待核验"),
        ("conflict", "tags", "客户编号"),
    ]
    assert lines[1]["remedy"] == "Rename it."


def test_conflict_is_an_exit_code_for_scripts() -> None:
    assert done(FakeProfile(CONFLICT), "plan").exit_code == ExitCode.CONFIGURATION
    assert done(FakeProfile(CONFLICT, MAKE, MARK), "apply").exit_code == ExitCode.CONFIGURATION


def test_making_things_asks_nothing() -> None:
    profile = FakeProfile(MAKE, MARK)

    result = done(profile, "apply")

    assert result.exit_code == ExitCode.DONE
    assert profile.applied == 1


def test_changing_what_stands_there_asks_first() -> None:
    refused, agreed, told = FakeProfile(CHANGE, MARK), FakeProfile(CHANGE, MARK), FakeProfile(CHANGE, MARK)

    done(refused, "apply", typed="n\n")
    done(agreed, "apply", typed="y\n")
    done(told, "apply", "--yes")

    assert (refused.applied, agreed.applied, told.applied) == (0, 1, 1)
    assert refused.is_closed


def test_second_application_says_that_there_is_nothing_to_do() -> None:
    profile = FakeProfile()

    result = done(profile, "apply")

    assert result.exit_code == ExitCode.DONE
    assert "Nothing to do" in result.stderr
    assert profile.applied == 0


def test_step_that_failed_is_said_and_is_an_exit_code() -> None:
    refusal = StoreRefused(Message("paperless refused it."), Message("Look why."))

    result = done(FakeProfile(MAKE, MARK, errors=[refusal]), "apply", "--json")

    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == ExitCode.STORE_REFUSED
    assert (first["done"], first["error"]) == (False, "paperless refused it. Look why.")
    assert second["done"] is True


def test_folder_archive_needs_no_profile() -> None:
    result = done(None, "apply")

    assert result.exit_code == ExitCode.DONE
    assert "needs no preparing" in result.stderr


def test_token_of_an_administrator_may_be_named() -> None:
    application = FakeApplication(HeldScans())
    application.setup = FakeProfile(MAKE, MARK)

    call(application, "profile", "plan", "--token-env", "GUIDANG_ADMIN_TOKEN")

    assert application.token_envs == ["GUIDANG_ADMIN_TOKEN"]
