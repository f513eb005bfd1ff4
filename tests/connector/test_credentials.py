"""Tokens come from the environment or from a file that only we can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.credentials import TokenMissing, read_token

VARIABLE = "GUIDANG_PAPERLESS_TOKEN"


def _token_file(folder: Path, text: str, rights: int) -> Path:
    path = folder / "token"
    path.write_text(text, encoding="utf-8")
    path.chmod(rights)
    return path


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = _token_file(tmp_path, "of-the-file\n", 0o600)

    assert read_token(VARIABLE, path, {VARIABLE: " of-the-environment "}) == "of-the-environment"


def test_file_that_only_we_can_read_is_read(tmp_path: Path) -> None:
    assert read_token(VARIABLE, _token_file(tmp_path, "secret\n", 0o600), {}) == "secret"


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o620])
def test_file_that_others_can_read_is_refused_without_showing_it(tmp_path: Path, rights: int) -> None:
    path = _token_file(tmp_path, "secret", rights)

    with pytest.raises(TokenMissing, match="chmod 600") as raised:
        read_token(VARIABLE, path, {})

    assert "secret" not in str(raised.value)


def test_no_token_at_all_names_the_variable() -> None:
    with pytest.raises(TokenMissing, match=VARIABLE):
        read_token(VARIABLE, None, {})


def test_missing_and_empty_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TokenMissing, match="Cannot read"):
        read_token(VARIABLE, tmp_path / "nothing", {})
    with pytest.raises(TokenMissing, match="empty"):
        read_token(VARIABLE, _token_file(tmp_path, "\n", 0o600), {})
