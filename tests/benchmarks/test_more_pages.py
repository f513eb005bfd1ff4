"""The drawn pages of `make bench-pages`: the same every time, and their numbers can be read at every level of damage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "benchmarks" / "more_pages.py"
LEVELS = ["clean", "office", "worn", "fax", "rotated", "photo"]


def test_the_number_on_a_page_of_every_level_is_read(tmp_path: Path) -> None:
    said_path = tmp_path / "said.jsonl"

    _run("--pages", "1", "--said", str(said_path))

    lines: list[dict[str, Any]] = [json.loads(line) for line in said_path.read_text(encoding="utf-8").splitlines()]
    assert [(level, True) for level in LEVELS] == [(line["sort"][0], line["number_found"]) for line in lines]
    assert all(line["errors"] <= 0.05 * line["signs"] for line in lines)


def test_the_same_pages_are_drawn_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        _run("--pages", "1", "--levels", "worn", "photo", "--keep", str(tmp_path / name))

    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert sorted(one) == ["photo_0000.jpg", "worn_0000.jpg"]
    assert one == two


def _run(*arguments: str) -> None:
    ended = subprocess.run([sys.executable, PROGRAM, *arguments], capture_output=True, text=True, check=False)
    if ended.returncode == 2 and "apt-get install" in ended.stderr:
        pytest.skip(ended.stderr.strip())
    assert ended.returncode == 0, ended.stderr
