"""Measures what comparing and moving whole archives costs, against a stand-in that holds many documents: `make bench-moving`.

`guidang reconcile` over all of them with nothing amiss; `guidang push` called with nothing left to carry, and with some records that still
stand in an archive of folders, among all the others. Not for what a server costs: a real one is slower.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.many_records import (
    POLLING,
    Row,
    Server,
    asked_for,
    ended,
    in_child,
    opened,
    peak_megabytes,
    prepared,
    report,
)
from connector.folder_store import FolderStore
from connector.i18n import Language
from connector.pushing import Push, PushResult
from tests.connector.office import REPAIR, Office, open_office
from tests.paperless_stand_in import StandIn

ARCHIVE = "archive"


def main() -> int:
    """Run the benchmark; return 0 where the targets hold."""
    asked = asked_for(
        __doc__,
        {
            "documents": (100_000, "how many there are in the end"),
            "records": (200, "how many of them begin in folders"),
        },
    )
    busy = os.getloadavg()[0]
    with StandIn() as stand_in, tempfile.TemporaryDirectory(prefix="guidang-bench-moving-") as folder:
        in_child(stand_in, _in_folders, Path(folder), asked.records)
        in_child(stand_in, prepared, Path(folder), asked.documents - asked.records)
        rows = [
            *in_child(stand_in, _pushed, Path(folder), asked.records),
            *in_child(stand_in, _pushed_again, Path(folder), 0),
            *in_child(stand_in, _compared, Path(folder), asked.documents),
        ]
        held = len(stand_in.state.live)
    table = report(rows, held, busy, f"{asked.records} records in folders")
    return ended(rows, table, "bench-moving", is_to_be_written=asked.write)


def _in_folders(_server: Server, folder: Path, count: int) -> list[Row]:
    """File records into an archive of folders."""
    office = open_office(folder)
    for number in range(count):
        office.take(f"old-{number}.pdf", f"{REPAIR} old {number}")
    office.engine.dispose()
    return []


def _pushed(server: Server, folder: Path, count: int) -> list[Row]:
    with opened(server, folder) as (office, _), _measuring() as used:
        server.ask("requests")
        carried = list(_push(office).carry(dry_run=False, tell=_quiet))
        asked = server.ask("requests")
    assert [one.result for one in carried] == [PushResult.SENT] * count, carried
    polls = sum(one.startswith(POLLING) for one in asked)
    return [
        Row("requests to carry a record, without polling", (len(asked) - polls) / count, "", 8.0),
        Row("our CPU of carrying a record, with the beginning", used.cpu_seconds / count, "s", None),
        Row("… peak memory of the whole process", used.peak_megabytes, "MB", 200.0),
    ]


def _pushed_again(server: Server, folder: Path, _count: int) -> list[Row]:
    with opened(server, folder) as (office, _), _measuring() as used:
        assert list(_push(office).carry(dry_run=False, tell=_quiet)) == []
        asked = len(server.ask("requests"))
    return [
        Row("our CPU of a push with nothing left to carry", used.cpu_seconds, "s", None),
        Row("… requests", asked, "", None),
        Row("… peak memory of the whole process", used.peak_megabytes, "MB", 200.0),
    ]


def _compared(server: Server, folder: Path, _count: int) -> list[Row]:
    with opened(server, folder) as (office, _):
        server.ask("requests")
        with _measuring() as used:
            found = list(office.connector().reconciler().look())
        asked = len(server.ask("requests"))
        stand = sum(1 for _ in office.parts.journal.records())
    assert found == [], (len(found), found[:3])
    return [
        Row("records compared by reconcile", stand, "", None),
        Row("our CPU of that", used.cpu_seconds, "s", None),
        Row("… from its beginning to its end", used.wall_seconds, "s", None),
        Row("… requests", asked, "", None),
        Row("… peak memory of the whole process", used.peak_megabytes, "MB", None),
    ]


def _push(office: Office) -> Push:
    archive = FolderStore("folder", office.folder / ARCHIVE, office.parts.scheme, Language.ZH)
    return Push(office.parts, archive, _always)


def _quiet(_done: int, _total: int) -> None:
    """Tell nobody."""


@contextmanager
def _always() -> Iterator[bool]:
    yield True


@dataclass
class Used:
    """What a piece of work used."""

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_megabytes: float = 0.0


@contextmanager
def _measuring() -> Iterator[Used]:
    used, begun, cpu = Used(), time.monotonic(), time.process_time()
    yield used
    used.cpu_seconds, used.wall_seconds = time.process_time() - cpu, time.monotonic() - begun
    used.peak_megabytes = peak_megabytes()


if __name__ == "__main__":
    sys.exit(main())
