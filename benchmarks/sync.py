"""Measures what following paperless costs, against a stand-in that holds many documents: `make bench-sync`.

How there come to be so many is told in `benchmarks/many_records.py`. Not for what a server costs: a real one is slower; nor for comparing and
moving whole archives (`benchmarks/moving.py`).
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.many_records import (
    FILED,
    POLL_SECONDS,
    Row,
    Server,
    apply_profile,
    asked_for,
    ended,
    in_child,
    opened,
    peak_megabytes,
    prepared,
    report,
)
from connector.follower import Follower
from connector.webhook import PATH, Webhook, WebhookListener
from metadata.store_memory import StoreMemory
from metadata.values import RecordEntry, Standing
from tests.connector.office import Office
from tests.paperless_stand_in import StandIn

QUIET_CYCLES = 10
PATIENCE_SECONDS = 120.0
KEY = "the-key-of-a-benchmark-opens-nothing"


def main() -> int:
    """Run the benchmark; return 0 where the targets hold."""
    asked = asked_for(
        __doc__,
        {
            "documents": (100_000, "how many the server holds"),
            "corrections": (3, "corrections a way, by polling and by webhook"),
        },
    )
    busy = os.getloadavg()[0]
    with StandIn() as stand_in, tempfile.TemporaryDirectory(prefix="guidang-bench-sync-") as folder:
        filing = in_child(stand_in, prepared, Path(folder), asked.documents)
        rows = [*filing, *in_child(stand_in, _measured, Path(folder), asked.corrections)]
        held = len(stand_in.state.live)
    table = report(rows, held, busy, f"{asked.corrections} corrections each way")
    return ended(rows, table, "bench-sync", is_to_be_written=asked.write)


def _measured(server: Server, folder: Path, corrections: int) -> list[Row]:
    with opened(server, folder) as (office, follower):
        before = peak_megabytes()
        begun, cpu = time.monotonic(), time.process_time()
        swept = follower.cycle(sweep=True)
        sweep_cpu, sweep_wall = time.process_time() - cpu, time.monotonic() - begun
        peak = peak_megabytes()
        live = StoreMemory(office.engine).standing("paperless", frozenset({Standing.LIVE}))
        assert (swept.swept, swept.looked_at, swept.happened) == (True, len(live), ()), swept.happened
        requests = len(server.ask("requests"))
        quiet = [_quiet_cycle(server, follower) for _ in range(QUIET_CYCLES)]
        filed = [entry for entry in office.parts.journal.records() if int(entry.store_id or 0) < FILED]
        polled = _seconds_to_index(server, office, follower, filed[:corrections], "poll")
    with opened(server, folder, poll_seconds=3600.0) as (office, follower):
        listener = WebhookListener(Webhook("127.0.0.1", 0, "", KEY), follower.hint)
        assert listener.start()
        apply_profile(server, Webhook("127.0.0.1", 0, f"http://127.0.0.1:{listener.port}{PATH}", KEY))
        hinted = _seconds_to_index(server, office, follower, filed[corrections : 2 * corrections], "hint")
        listener.end()
    return [
        Row("requests of a cycle with nothing changed", max(count for count, _ in quiet), "", 7.0),
        Row("our CPU of such a cycle, median", statistics.median(used for _, used in quiet), "s", 0.2),
        Row("records looked at by a full sweep", swept.looked_at, "", None),
        Row("our CPU of a full sweep", sweep_cpu, "s", 60.0),
        Row("… from its beginning to its end", sweep_wall, "s", None),
        Row("… requests", requests, "", None),
        Row("… peak memory of the whole process", peak, "MB", 200.0),
        Row("… of that before it began", before, "MB", None),
        Row(
            f"correction in the index, polling every {POLL_SECONDS:.0f} s, longest", max(polled), "s", POLL_SECONDS + 1
        ),
        Row("correction in the index, by webhook, longest", max(hinted), "s", 3.0),
    ]


def _quiet_cycle(server: Server, follower: Follower) -> tuple[int, float]:
    cpu = time.process_time()
    quiet = follower.cycle()
    used = time.process_time() - cpu
    assert (quiet.swept, quiet.happened) == (False, ()), quiet
    return len(server.ask("requests")), used


def _seconds_to_index(
    server: Server, office: Office, follower: Follower, entries: list[RecordEntry], word: str
) -> list[float]:
    """Return how long each correction took from the person's click until search finds it, at odd moments between polls."""
    waits = []
    follower.start()
    for number, entry in enumerate(entries):
        time.sleep(random.uniform(0.5, 5.0))
        name = f"{word}{number}"
        edited = server.ask("edit", entry.store_id, name)
        while entry.description.record_id not in office.parts.index.search(name):
            if time.time() - edited > PATIENCE_SECONDS:
                raise SystemExit(f"a correction was not in the index after {PATIENCE_SECONDS:.0f} s")
            time.sleep(0.05)
        waits.append(time.time() - edited)
    follower.end()
    return waits


if __name__ == "__main__":
    sys.exit(main())
