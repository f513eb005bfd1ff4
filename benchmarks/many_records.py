"""A stand-in that holds many documents, and guidang in a process of its own beside it: what the benchmarks of sync and moving share.

The stand-in (`tests/paperless_stand_in`) is checked field by field against captured answers of real servers; it runs in this process,
guidang's part in children of its own, so that their CPU seconds and memory are guidang's alone. A few records are filed for real and
one of them is copied, on both sides, until there are as many as asked for. Measures nothing itself.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import platform
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, insert, select

from classifiers.scheme import Scheme
from connector.config import SyncSection
from connector.duties import DEFAULT_DUTIES
from connector.follower import Follower
from connector.i18n import Language
from connector.interfaces import IRecordStore
from connector.paperless.address import ServerAddress
from connector.paperless.client import PaperlessClient
from connector.paperless.profile.hook import webhook_workflow
from connector.paperless.profile.setup import SetupProfile
from connector.paperless.profile.wanted import ProfileSource, catalogue_of
from connector.paperless.store import PaperlessStore
from connector.webhook import Webhook
from ingest.values import ScanId
from metadata.database import reading, writing
from metadata.store_memory import StoreMemory
from metadata.tables import record_customers, record_facts, record_texts, records, scans, store_copies
from metadata.values import RecordEntry
from tests.connector.office import REPAIR, Office, open_office
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.person import Person
from tests.paperless_stand_in.server import TOKEN

REPORT_PATH = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
FILED = 20
"""Records that are filed for real."""

ROWS_AT_ONCE = 1000
NUMBERED = frozenset({"row_number", "text_number"})
"""Columns that a database numbers by itself."""

POLL_SECONDS = SyncSection().poll_seconds
POLLING = "GET /api/tasks/?task_id="
"""Asking for one upload. The list of all tasks is no polling, and counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `most` None: no target."""

    what: str
    value: float
    unit: str
    most: float | None

    @property
    def is_kept(self) -> bool:
        """Return whether the target is kept."""
        return self.most is None or self.value <= self.most


def in_child(stand_in: StandIn, work: Callable[..., list[Row]], folder: Path, number: int) -> list[Row]:
    """Return what the work in a process of its own says, and do meanwhile at the server what it asks for."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_work, args=(work, theirs, stand_in.url, folder, number))
    child.start()
    theirs.close()
    try:
        while True:
            word, *rest = ours.recv()
            if word == "done":
                return list(rest[0])
            ours.send(_at_the_server(stand_in, word, rest))
    except EOFError:
        raise SystemExit("the measuring process ended in the middle") from None
    finally:
        child.join()


def _at_the_server(stand_in: StandIn, word: str, rest: list[Any]) -> Any:
    if word == "requests":
        with stand_in.lock:
            seen = list(stand_in.requests)
            stand_in.requests.clear()
            stand_in.bodies.clear()
        return seen
    if word == "edit":
        store_id, title = rest
        Person(stand_in).edit(store_id, title=title)
        return time.time()
    assert word == "copy"
    return _copy_documents(stand_in, *rest)


def _copy_documents(stand_in: StandIn, store_id: str, names: dict[str, str], first: int, count: int) -> datetime:
    """Copy a document, `names` in its file name and fields exchanged; each copy a second older. Return the first one's time."""
    state = stand_in.state
    with stand_in.lock:
        one = state.documents[int(store_id)]
        for number in range(first, first + count):
            copied = {key: _renamed(value, names, number) for key, value in one.fields.items()}
            state.documents[number] = replace(
                one,
                id=number,
                content=_content(number),
                file_name=_renamed(one.file_name, names, number),
                fields=copied,
                tags=list(one.tags),
                permissions=deepcopy(one.permissions),
                later_versions=[],
                modified=one.modified - _age(number),
            )
        state.first_id("documents", first + count)
    return one.modified


def _content(number: int) -> bytes:
    """Return the bytes of a copy: each its own, for a server lists all that are equal with every one of them."""
    return b"%%PDF copy %d" % number


def _age(number: int) -> timedelta:
    return timedelta(hours=1, seconds=number)


def _renamed(value: Any, names: dict[str, str], number: int) -> Any:
    """Return the value with these names exchanged for those of the copy of this number."""
    if isinstance(value, str):
        for name, pattern in names.items():
            value = value.replace(name, pattern.format(number))
    elif isinstance(value, dict):
        value = {key: _renamed(inner, names, number) for key, inner in value.items()}
    elif isinstance(value, list):
        value = [_renamed(inner, names, number) for inner in value]
    return value


@dataclass(frozen=True, slots=True)
class Server:
    """The server as a child sees it: by HTTP, and what the benchmark lets a person do there."""

    url: str
    pipe: Connection

    def ask(self, word: str, *rest: Any) -> Any:
        """Return what came of it."""
        self.pipe.send((word, *rest))
        return self.pipe.recv()


def _work(
    work: Callable[[Server, Path, int], list[Row]], pipe: Connection, url: str, folder: Path, number: int
) -> None:
    pipe.send(("done", work(Server(url, pipe), folder, number)))


def prepared(server: Server, folder: Path, documents: int) -> list[Row]:
    """File some records and copy one of them; return what a record cost."""
    apply_profile(server)
    with opened(server, folder) as (office, follower):
        office.take("first.pdf", REPAIR)  # learns the names, once
        server.ask("requests")
        scan_ids = [office.take(f"{number}.pdf", f"{REPAIR} {number}") for number in range(FILED)]
        cost = [one for one in server.ask("requests") if not one.startswith(POLLING)]
        follower.cycle(sweep=True)
        _copy(server, office, office.records(scan_ids[0])[0], scan_ids[0], documents - FILED - 1)
    return [Row("requests to file a record, without polling", len(cost) / FILED, "", 8.0)]


def _copy(server: Server, office: Office, entry: RecordEntry, scan_id: ScanId, count: int) -> None:
    record_id, code = entry.description.record_id, entry.reference_code or "-"
    names = {str(record_id): f"{{:0{len(record_id)}d}}", code: f"{code}.{{}}", str(scan_id): "s{}"}
    first = 1_000
    modified = server.ask("copy", entry.store_id, names, first, count)
    own = {scans: scans.c.scan_id == scan_id}
    own |= {
        table: table.c.record_id == record_id
        for table in (records, record_customers, record_facts, record_texts, store_copies)
    }
    with reading(office.engine) as connection:
        kept = {
            table: [dict(row) for row in connection.execute(select(table).where(its)).mappings()]
            for table, its in own.items()
        }
    for start in range(first, first + count, ROWS_AT_ONCE):
        numbers = range(start, min(start + ROWS_AT_ONCE, first + count))
        _insert_copies(office.engine, kept, names, modified, numbers)


def _original(kept_path: Path, number: int) -> dict[str, str]:
    """Put a scan of its own into `done/`; return where it stands and its digests."""
    path, content = kept_path.with_name(f"copy-{number}.pdf"), b"scan of copy %d" % number
    path.write_bytes(content)
    return {
        "kept_path": str(path),
        "sha256": hashlib.sha256(content).hexdigest(),
        "md5": hashlib.md5(content).hexdigest(),
    }


def _insert_copies(
    engine: Engine, kept: dict[Table, list[dict[str, Any]]], names: dict[str, str], modified: datetime, numbers: range
) -> None:
    with writing(engine) as connection:
        for table, rows in kept.items():
            made = []
            for number in numbers:
                for row in rows:
                    copied = {key: _renamed(value, names, number) for key, value in row.items() if key not in NUMBERED}
                    if "store_id" in copied:
                        copied["store_id"] = str(number)
                    if "kept_path" in copied:
                        copied |= _original(Path(row["kept_path"]), number)
                    if "pdf_sha256" in copied:
                        copied["pdf_sha256"] = hashlib.sha256(_content(number)).hexdigest()
                        copied["pdf_md5"] = hashlib.md5(_content(number)).hexdigest()
                    if "modified" in copied:
                        copied["modified"] = modified - _age(number)
                    made.append(copied)
            if made:
                connection.execute(insert(table), made)


@contextmanager
def opened(server: Server, folder: Path, poll_seconds: float = POLL_SECONDS) -> Iterator[tuple[Office, Follower]]:
    """Open an office whose archive is the server."""

    def store(scheme: Scheme, memory: StoreMemory) -> IRecordStore:
        client = PaperlessClient(ServerAddress(server.url), TOKEN)
        return PaperlessStore("paperless", client, scheme, Language.ZH, memory, duties=DEFAULT_DUTIES)

    office = open_office(folder, remembering_store=store)
    paperless = office.parts.store
    assert isinstance(paperless, PaperlessStore)
    section = SyncSection(poll_seconds=poll_seconds, sweep_hours=1e6)
    memory = StoreMemory(office.engine)
    yield (
        office,
        Follower(office.parts, paperless.changes(), memory, gate=office.gate, data_path=office.folder, section=section),
    )
    paperless.close()
    office.engine.dispose()


def apply_profile(server: Server, webhook: Webhook | None = None) -> None:
    from tests.stores.submissions import example_scheme

    more = () if webhook is None else (webhook_workflow(webhook, Language.ZH),)
    source = ProfileSource(example_scheme(), Language.ZH, DEFAULT_DUTIES, more=more)
    profile = SetupProfile(PaperlessClient(ServerAddress(server.url), TOKEN), catalogue_of(source))
    assert [error for _, error in profile.apply() if error] == []
    profile.close()


def peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmHWM:"))


def report(rows: list[Row], held: int, busy: float, more: str) -> str:
    """Return the table, with what was measured where above it."""
    day = datetime.now(UTC).date().isoformat()
    lines = [
        f"{day}, {os.cpu_count()} cores, Python {platform.python_version()}, load average {busy:.1f} at the beginning; "
        f"the stand-in holds {held:,} documents; {more}.",
        "",
        "| measured | | target | kept |",
        "|---|---|---|---|",
    ]
    for row in rows:
        target = "–" if row.most is None else f"≤ {row.most:g} {row.unit}".strip()
        kept = "–" if row.most is None else "yes" if row.is_kept else "**no**"
        lines.append(f"| {row.what} | {_rounded(row.value)} {row.unit}".rstrip() + f" | {target} | {kept} |")
    return "\n".join(lines)


def ended(rows: list[Row], table: str, name: str, *, is_to_be_written: bool) -> int:
    """Print the table, put it into the docs where that is asked for; return 0 where the targets hold."""
    print(table)
    if is_to_be_written:
        write(table, f"<!-- {name}:begin -->", f"<!-- {name}:end -->")
    return 0 if all(row.is_kept for row in rows) else 1


def asked_for(description: str | None, counts: Mapping[str, tuple[int, str]]) -> argparse.Namespace:
    """Return the arguments: `counts` {name: (default, what it counts)}, and whether the table goes into the docs."""
    parser = argparse.ArgumentParser(description=description)
    for name, (default, what) in counts.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{what} (default {default:,})")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write(table: str, begin: str, end: str) -> None:
    """Put the table between its marks in docs/benchmarks.md."""
    text = REPORT_PATH.read_text(encoding="utf-8")
    between = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    REPORT_PATH.write_text(between.sub(lambda _: f"{begin}\n{table}\n{end}", text), encoding="utf-8")
