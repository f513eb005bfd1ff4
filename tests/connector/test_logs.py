"""The log shows no customer number, no telephone, no long number of any kind."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from connector.logs import LOG_NAME, masked, start_logging, stop_logging


def _logged(folder: Path, message: str, *args: object) -> str:
    handler = start_logging(folder)
    try:
        logging.getLogger("guidang.test").warning(message, *args)
    finally:
        stop_logging(handler)
    return (folder / LOG_NAME).read_text(encoding="utf-8")


@pytest.mark.parametrize("number", ["0312345617", "03 1234 5617", "03-1234-5617", "12912345678", "110101199001011237"])
def test_long_number_is_masked(tmp_path: Path, number: str) -> None:
    text = _logged(tmp_path, "customer %s moved", number)

    assert number not in text
    assert "****" in text
    assert "moved" in text


def test_id_of_a_scan_and_a_time_stay_readable(tmp_path: Path) -> None:
    text = _logged(tmp_path, "scan 20261124T015253123456-0123456789 received")

    assert "20261124T015253123456-0123456789" in text


def test_traceback_is_masked_too(tmp_path: Path) -> None:
    handler = start_logging(tmp_path)
    try:
        int("0312345617x")
    except ValueError:
        logging.getLogger("guidang.test").exception("a bug")
    finally:
        stop_logging(handler)

    assert "0312345617" not in (tmp_path / LOG_NAME).read_text(encoding="utf-8")


def test_masked_number_keeps_two_signs_at_each_end() -> None:
    assert masked("0312345617") == "03****17"
    assert masked("0317") == "****"
