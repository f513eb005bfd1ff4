"""Killed at any instant and started again: nothing lost, nothing filed twice, the sum balances.

`kill_driver` ends the program by SIGKILL before and after every writing call to journal, store, index, inbox and PDF, about 135
times over a busy day: a clear scan, the same bytes again, a batch, a flyer, an unreadable scan, one that the store refuses,
and a person's corrections. Whatever the instant, the day must end as if nothing had happened.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHARDS = 4
EXPECTED: dict[str, Any] = {
    "scans": {"RECEIVED": 0, "READ": 0, "CLOSED": 3, "QUARANTINED": 1, "DUPLICATE": 1, "REJECTED": 1},
    "states": ["INDEXED"] * 4,
    "codes": ["payment-2026-00001", "service-2026-00001", "service-2026-00002", "service-2026-00003"],
    "kept": {
        "done": ["1 clear.pdf", "2 the same.pdf", "3 batch.pdf", "6 refused.pdf"],
        "failed": ["5 bad.pdf"],
        "rejected": ["4 flyer.pdf"],
        ".guidang": [],
    },
    "notes": 2,
    "left_in_inbox": [],
    "pdfs": 4,
    "stored": 4,
    "coded_in_store": ["payment-2026-00001", "service-2026-00001", "service-2026-00002", "service-2026-00003"],
    "unamended": 0,
    "balanced": True,
    "found": 4,
}


@pytest.mark.parametrize("shard", range(SHARDS))
def test_day_ends_the_same_wherever_it_was_cut(tmp_path: Path, shard: int) -> None:
    command = [sys.executable, "-m", "tests.connector.kill_driver", str(tmp_path), str(shard), str(SHARDS)]

    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])

    assert run.returncode == 0, run.stderr
    days = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(days) > 30
    assert [day["ended_by"] for day in days[:-1]] == [9] * (len(days) - 1)
    for day in days:
        assert {name: day[name] for name in EXPECTED} == EXPECTED, f"killed at {day['kill_at']}"
