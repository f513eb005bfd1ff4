"""Kills a push before and after every writing call to the server, the journal and the memory, and pushes again.

Run as a program of its own (`python -m tests.connector.push_driver FOLDER SHARD SHARDS`), as `kill_driver` is. Prints one JSON
object a kill.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from classifiers.scheme import Scheme
from connector.duties import DEFAULT_DUTIES
from connector.i18n import Language
from connector.interfaces import IRecordStore
from connector.paperless.address import ServerAddress
from connector.paperless.client import PaperlessClient
from connector.paperless.store import PaperlessStore
from metadata.store_memory import StoreMemory
from metadata.values import RecordState
from tests.connector.kill_driver import Killer, Killing, in_child
from tests.connector.office import Office, open_office
from tests.connector.synced_office import FILED, HELD, PATIENCE, synced_office
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN


@contextmanager
def opened(folder: Path, stand_in: StandIn, kill_at: int | None) -> Iterator[Office]:
    """Give the office that files into the server, with everything that writes watched by the killer."""
    killer = Killer(kill_at)

    def store(scheme: Scheme, memory: StoreMemory) -> IRecordStore:
        client: Any = PaperlessClient(ServerAddress(stand_in.url), TOKEN, PATIENCE, sleep=lambda _: None)
        return PaperlessStore(
            "paperless",
            Killing(client, {"upload", "write"}, killer),  # type: ignore[arg-type]
            scheme,
            Language.ZH,
            Killing(memory, {"remember"}, killer),  # type: ignore[arg-type]
            duties=DEFAULT_DUTIES,
            task_timeout_seconds=5.0,
            poll_seconds=0.01,
        )

    office = open_office(folder, remembering_store=store)
    journal: Any = Killing(office.parts.journal, {"carried"}, killer)
    yield replace(office, parts=replace(office.parts, journal=journal))
    office.engine.dispose()


def push(folder: Path, stand_in: StandIn, kill_at: int | None) -> None:
    """Carry the archive into the server."""
    with opened(folder, stand_in, kill_at) as office:
        connector = office.connector()
        for _ in connector.push(lambda done, total: None):
            pass
        connector.close()


def tell(folder: Path, stand_in: StandIn, head: dict[str, Any]) -> None:
    """Print how everything stands, after one look at what a sync would take for a person's change."""
    with synced_office(folder, stand_in) as office:
        records = list(office.office.parts.journal.records())
        told = {
            "documents": len(stand_in.state.documents),
            "records": len(records),
            "stores": [record.store for record in records],
            "codes": sorted(record.reference_code for record in records if record.reference_code),
            "held": sum("待核验" in office.tags(r) for r in records if r.state is RecordState.HELD),
            "news": [news.value for news in office.news(sweep=True)],
        }
    print(json.dumps({**head, **told}), flush=True)


def make_template(folder: Path) -> None:
    """File three records into a folder archive."""
    office = open_office(folder)
    office.take("a.pdf", FILED)
    office.take("b.pdf", HELD)
    office.take("c.pdf", f"{FILED}二")
    office.engine.dispose()


def set_up(folder: Path, stand_in: StandIn) -> None:
    """Prepare the server."""
    with synced_office(folder, stand_in):
        pass


def cut_and_go_on(folder: Path, template: Path, kill_at: int) -> int:
    """Push with a kill at this point, push again; return the signal that ended the first push, 0 if none."""
    place = folder / str(kill_at)
    shutil.copytree(template, place)
    with StandIn("3.0.5") as stand_in:
        in_child(lambda: set_up(folder / "template", stand_in))
        ended_by = in_child(lambda: push(place, stand_in, kill_at))
        if ended_by:
            in_child(lambda: push(place, stand_in, None))
        tell(place, stand_in, {"kill_at": kill_at, "ended_by": ended_by})
    shutil.rmtree(place)
    return ended_by


def main(folder: Path, shard: int, shards: int) -> None:
    """Kill at every point of this shard until a push ends without a kill."""
    template = folder / "template"
    in_child(lambda: make_template(template))
    kill_at = 1 + shard
    while cut_and_go_on(folder, template, kill_at):
        kill_at += shards


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
