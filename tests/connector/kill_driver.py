"""Kills guidang before and after every writing call of a busy day, starts it again, and says how everything stands then.

Run as a program of its own (`python -m tests.connector.kill_driver FOLDER SHARD SHARDS`): it forks a child for each kill, and the
child ends by SIGKILL in the middle of its work, threads, database connections and all. Prints one JSON object a kill.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from classifiers.scheme import Scheme
from connector.interfaces import IRecordStore
from connector.parts import Desk
from ingest.inbox import Inbox, InboxPlace
from ingest.settle import SettleRule
from metadata.values import Change, RecordState, ScanState
from tests.connector.fakes import KNOWN
from tests.connector.office import NAME, REPAIR, Office, folder_store, open_office
from tests.connector.test_filing import MoodyStore

WRITES = {
    "journal": {
        "receive",
        "read",
        "leave",
        "duplicate",
        "close",
        "put_away",
        "submit",
        "filed",
        "hold",
        "change",
        "amended",
    },
    "store": {"file", "complete", "amend"},
    "index": {"put"},
    "reader": {"write_record_pdf"},
    "inbox": {"look", "put_away"},
}
SCANS = {
    "1 clear.pdf": REPAIR,
    "2 the same.pdf": REPAIR,
    "3 batch.pdf": f"{REPAIR}\n另一张\fSEP\fkind=receipt 0.95\n无编号",
    "4 flyer.pdf": "none=0.99",
    "5 bad.pdf": "BAD",
    "6 refused.pdf": f"{REPAIR}\n拒收",
}


class Killer:
    """Counts the writing calls and kills this process before (odd) or after (even) the one that it was told."""

    def __init__(self, kill_at: int | None) -> None:
        self._kill_at = kill_at
        self._count = 0
        self._lock = threading.Lock()

    def point(self) -> None:
        """Die here if this is the place."""
        with self._lock:
            self._count += 1
            if self._count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)


class Killing:
    """A component whose writing calls are points to die at; everything else goes straight through."""

    def __init__(self, real: Any, writes: set[str], killer: Killer) -> None:
        self._real = real
        self._writes = writes
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        real: Callable[..., Any] = getattr(self._real, name)
        if name not in self._writes:
            return real

        def call(*arguments: Any, **named: Any) -> Any:
            self._killer.point()
            result = real(*arguments, **named)
            self._killer.point()
            return result

        return call


def refusing_store(folder: Path, scheme: Scheme) -> IRecordStore:
    """Return a folder store that refuses one record unless it is held."""
    store = MoodyStore(folder_store(folder, scheme))
    store.refuses = lambda submission: (
        "refused" in submission.description.original_name and not submission.description.is_held
    )
    return store


def opened(folder: Path, kill_at: int | None) -> Office:
    """Return the office with a real inbox and everything that writes watched by the killer."""
    office = open_office(folder, store=refusing_store)
    killer = Killer(kill_at)
    place = InboxPlace(NAME, folder / "inbox", True, SettleRule(0.0, 0.0, 1))
    inbox = Killing(Inbox(place, office.clock, lambda path: None), WRITES["inbox"], killer)
    parts = office.parts
    watched = {name: Killing(getattr(parts, name), WRITES[name], killer) for name in WRITES if name != "inbox"}
    desks = {NAME: Desk(inbox, parts.desks[NAME].cutter, parts.desks[NAME].given)}  # type: ignore[arg-type]
    return replace(office, parts=replace(parts, desks=desks, **watched))  # type: ignore[arg-type]


def day(folder: Path, kill_at: int | None) -> None:
    """Take everything in, file it, and let a person give every held record its customer."""
    connector = opened(folder, kill_at).connector()
    while connector.look():
        connector.work()
    for record in list(connector.journal.records(frozenset({RecordState.HELD}))):
        connector.change(record, Change(customer_numbers=(KNOWN,), confirm=True, by="Li"))
    connector.look()
    connector.close()


def told(folder: Path) -> dict[str, Any]:
    """Return how everything stands."""
    office = open_office(folder, store=refusing_store)
    journal, store = office.parts.journal, office.parts.store
    records = list(journal.records())
    stored = [store.read_back(r.store_id, r.digests) for r in records if r.store_id and r.digests]
    inbox = folder / "inbox"
    kept = {
        name: sorted(p.name for p in (inbox / name).iterdir()) if (inbox / name).is_dir() else []
        for name in ("done", "failed", "rejected", ".guidang")
    }
    result = {
        "scans": {state.value: journal.balance()["scans"][state.value] for state in ScanState},
        "states": sorted(record.state.value for record in records),
        "codes": sorted(record.reference_code or "" for record in records),
        "kept": {name: [n for n in names if not n.endswith(".note.txt")] for name, names in kept.items()},
        "notes": sum(n.endswith(".note.txt") for names in kept.values() for n in names),
        "left_in_inbox": sorted(p.name for p in inbox.iterdir() if p.is_file()),
        "pdfs": len(list((folder / "archive").rglob("*.pdf"))),
        "stored": sum(1 for one in stored if one is not None and one.digests_agree and not one.is_held),
        "coded_in_store": sorted(one.reference_code or "" for one in stored if one is not None),
        "unamended": len(list(journal.unamended())),
        "balanced": office.is_balanced(),
        "found": len(office.parts.index.search(KNOWN)),
    }
    office.engine.dispose()
    return result


def in_child(work: Callable[[], None]) -> int:
    """Carry out the work in a forked child; return the signal that ended it, 0 if none."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"the child ended with {os.WEXITSTATUS(status)}")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def cut_and_go_on(folder: Path, template: Path, kill_at: int) -> int:
    """Live one day that is cut at this point and gone on with; print how everything stands; return the signal that cut it."""
    place = folder / str(kill_at)
    shutil.copytree(template, place)
    (place / "inbox").mkdir(exist_ok=True)
    for name, text in SCANS.items():
        (place / "inbox" / name).write_text(text, encoding="utf-8")

    ended_by = in_child(lambda: day(place, kill_at))
    if ended_by:
        in_child(lambda: day(place, None))
    in_child(lambda: print(json.dumps({"kill_at": kill_at, "ended_by": ended_by, **told(place)}), flush=True))
    shutil.rmtree(place)
    return ended_by


def make_template(folder: Path) -> None:
    """Make an office with an empty journal, to be copied: making one takes longer than living a day."""
    open_office(folder).engine.dispose()


def main(folder: Path, shard: int, shards: int) -> None:
    """Kill at every point of this shard until the day ends without a kill."""
    template = folder / "template"
    in_child(lambda: make_template(template))
    kill_at = 1 + shard
    while cut_and_go_on(folder, template, kill_at):
        kill_at += shards


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
