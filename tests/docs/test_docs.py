"""The documents say what the program does: every command, option, key, state and code stands in them, and every link leads somewhere."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from connector import config, i18n
from connector.commands.main import VERBS, guidang
from connector.exit_codes import MEANINGS, ExitCode
from connector.json_lines import line_of_record
from ingest.interfaces import Fault
from metadata.states import diagram
from metadata.values import ReasonCode, RecordState, ScanState
from tests.commands import examples

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted([*DOCS.rglob("*.md"), *READMES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"])


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.set_language("en")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def script_module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def all_commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for verb in command.list_commands(context):
            below = command.get_command(context, verb)
            assert below is not None
            yield from all_commands(below, f"{name} {verb}")


@pytest.mark.parametrize("page", ["commands.md", "states.md", "exit-codes.md", "reasons.md"])
def test_made_pages_are_up_to_date(page: str) -> None:
    """Otherwise: make reference."""
    assert text_of(REFERENCE / page) == script_module("make_reference").PAGES[page]()


def test_every_command_and_option_is_in_the_reference() -> None:
    page = text_of(REFERENCE / "commands.md")

    for name, command in all_commands(guidang, "guidang"):
        assert f"## {name}\n" in page
        for param in command.params:
            for option in param.opts if isinstance(param, click.Option) else ():
                assert option in page, f"{name} {option}"


def test_every_verb_is_in_both_readmes() -> None:
    for readme in READMES:
        missing = [verb for verb in VERBS if f"guidang {verb}" not in text_of(readme)]
        assert missing == [], readme.name


def test_every_key_of_the_configuration_is_in_the_reference() -> None:
    page = text_of(REFERENCE / "configuration.md")
    sections = [
        section
        for section in vars(config).values()
        if isinstance(section, type) and issubclass(section, config.Section) and section is not config.Section
    ]

    names = {field.alias or name for section in sections for name, field in section.model_fields.items()}

    assert sections
    assert sorted(name for name in names if not re.search(rf"[`\[.]{name}[`\].]", page)) == []


def test_every_state_reason_fault_and_exit_code_is_in_the_reference() -> None:
    states, reasons, codes = (text_of(REFERENCE / f"{name}.md") for name in ("states", "reasons", "exit-codes"))

    assert [state for state in (*ScanState, *RecordState) if f"| {state} |" not in states] == []
    assert [code for code in (*ReasonCode, *Fault) if f"`{code}`" not in reasons] == []
    assert [code for code in ExitCode if f"| {code.value} | `{code.name}` |" not in codes] == []
    assert set(MEANINGS) == set(ExitCode)


def test_every_key_of_the_contract_is_in_the_reference() -> None:
    page = text_of(REFERENCE / "json.md")
    line = line_of_record(examples.record())

    assert [key for key in line if f"`{key}`" not in page] == []
    assert [key for key in line["evidence"]["amount"] if f'"{key}"' not in page] == []


def test_diagram_of_the_journey_is_the_one_of_the_state_tables() -> None:
    for page in (REFERENCE / "states.md", *READMES):
        assert diagram().rstrip() in text_of(page), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", text_of(page))

    targets = [link.partition("#")[0] for link in links if not link.startswith(("http://", "https://", "mailto:"))]

    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_decisions_are_numbered_without_gaps_and_have_all_parts() -> None:
    pages = sorted((DOCS / "adr").glob("[0-9]*.md"))

    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert [
            part for part in ("## Context", "## Options", "## Choice", "## What we pay") if part not in text_of(page)
        ] == []


def test_sentences_are_collected() -> None:
    """Otherwise: make messages."""
    script = script_module("collect_messages")

    assert text_of(i18n.catalogue_path(i18n.Language.ZH)) == script.as_text(script.collected())
