"""`guidang init` writes the example, fills paths in, and may be run twice."""

from __future__ import annotations

import tomllib
from pathlib import Path

from click.testing import CliRunner, Result

from connector.commands.init import EXAMPLE_PATH, filled_in
from connector.commands.main import guidang
from connector.config import load
from connector.exit_codes import ExitCode


def init(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(guidang, ["init", *arguments], input=typed)


def test_yes_writes_exactly_the_example_and_it_runs_as_it_stands(tmp_path: Path) -> None:
    result = init(str(tmp_path / "归档"), "--yes")

    config_path = tmp_path / "归档" / "guidang.toml"
    config = load(config_path)
    assert result.exit_code == ExitCode.DONE
    assert result.stdout.strip() == str(config_path)
    assert config_path.read_bytes() == EXAMPLE_PATH.read_bytes()
    assert config.data_path.is_dir()
    assert all(inbox.path.is_dir() for inbox in config.inboxes)


def test_data_folder_is_private(tmp_path: Path) -> None:
    init(str(tmp_path / "a"), "--yes")

    assert (tmp_path / "a" / "data").stat().st_mode & 0o077 == 0


def test_second_run_leaves_the_configuration_as_it_is(tmp_path: Path) -> None:
    init(str(tmp_path), "--yes")
    config_path = tmp_path / "guidang.toml"
    changed = config_path.read_text(encoding="utf-8").replace('language = "auto"', 'language = "zh"', 1)
    config_path.write_text(changed, encoding="utf-8")

    result = init(str(tmp_path), "--yes")

    assert result.exit_code == ExitCode.DONE
    assert config_path.read_text(encoding="utf-8") == changed


def test_answers_are_filled_in_as_paths(tmp_path: Path) -> None:
    archive, inbox = tmp_path / 'das "Archiv"', tmp_path / "scans"
    answers = ["", str(archive), "", str(inbox), "", ""]

    result = init(str(tmp_path / "a"), typed="\n".join(answers) + "\n")

    config = load(tmp_path / "a" / "guidang.toml")
    assert result.exit_code == ExitCode.DONE
    assert config.store.folder is not None
    assert config.store.folder.path == archive
    assert config.inboxes[0].path == inbox
    assert inbox.is_dir()


def test_filling_in_changes_paths_only() -> None:
    example = EXAMPLE_PATH.read_text(encoding="utf-8")

    before = tomllib.loads(example)
    after = tomllib.loads(filled_in(example, {"archive": "/srv/archive"}))

    assert after["store"]["folder"].pop("path") == "/srv/archive"
    assert before["store"]["folder"].pop("path") == "archive"
    assert after == before


def test_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("no folder")

    result = init(str(tmp_path / "plain" / "below"), "--yes")

    assert result.exit_code == ExitCode.CONFIGURATION
    assert "plain" in result.stderr
