"""A record that waits in the queue of the store keeps no other from being filed, however long it waits there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from classifiers.scheme import Scheme
from connector.connector_app import Connector
from connector.i18n import Language
from connector.interfaces import IRecordStore
from connector.paperless.address import ServerAddress
from connector.paperless.client import PaperlessClient
from connector.paperless.store import PaperlessStore
from metadata.store_memory import StoreMemory
from metadata.values import ScanState
from tests.connector.office import REPAIR, Office, open_office
from tests.connector.synced_office import PATIENCE
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN

UPLOAD = "POST /api/documents/post_document/"
LONGEST_REST_SECONDS = 400.0


def office_at(stand_in: StandIn, folder: Path, task_timeout_seconds: float) -> Office:
    """Return an office that files there, and takes what was passed for lost at once."""

    def store(scheme: Scheme, memory: StoreMemory) -> IRecordStore:
        client = PaperlessClient(ServerAddress(stand_in.url), TOKEN, PATIENCE, sleep=lambda _: None)
        return PaperlessStore(
            "paperless",
            client,
            scheme,
            Language.ZH,
            memory,
            task_timeout_seconds=task_timeout_seconds,
            poll_seconds=0.01,
            lost_after_seconds=0.0,
        )

    return open_office(folder, remembering_store=store)


@pytest.fixture
def office(tmp_path: Path, stand_in: StandIn) -> Office:
    """An office that does not wait long for a task."""
    return office_at(stand_in, tmp_path, 0.2)


@pytest.fixture
def connector(office: Office) -> Iterator[Connector]:
    """The connector of the office, closed in the end."""
    connector = office.connector()
    yield connector
    connector.close()
    office.parts.store.close()


def states(connector: Connector) -> dict[str, ScanState]:
    """Return how each scan stands, by its name."""
    return {entry.original_name: entry.state for entry in connector.journal.scans()}


def test_upload_that_waits_in_the_queue_holds_up_no_other_scan(
    office: Office, connector: Connector, stand_in: StandIn
) -> None:
    """Seen on both real servers: one upload lost with their Redis, and nothing was filed any more."""
    stand_in.faults.worker_down = True
    office.put("lost.pdf")
    connector.look()
    connector.work()
    stand_in.state.lose_queue()
    stand_in.faults.worker_down = False
    office.put("other.pdf", REPAIR + "\n其他")

    office.clock.sleep(LONGEST_REST_SECONDS)
    connector.look()
    connector.work()
    after_one_round = states(connector)
    office.clock.sleep(LONGEST_REST_SECONDS)
    connector.work()
    after_two_rounds = states(connector)

    assert after_one_round["other.pdf"] is ScanState.CLOSED
    assert after_two_rounds == {"lost.pdf": ScanState.CLOSED, "other.pdf": ScanState.CLOSED}
    assert (stand_in.count(UPLOAD), len(stand_in.state.live)) == (3, 2)


def test_worker_that_comes_back_finds_each_scan_once(office: Office, connector: Connector, stand_in: StandIn) -> None:
    stand_in.faults.worker_down = True
    for number in range(6):
        office.put(f"{number}.pdf", f"{REPAIR}\n其他 {number}")
    connector.look()
    for _ in range(4):
        connector.work()
        office.clock.sleep(LONGEST_REST_SECONDS)
    sent_meanwhile = stand_in.count(UPLOAD)

    stand_in.faults.worker_down = False
    for _ in range(4):
        connector.work()
        office.clock.sleep(LONGEST_REST_SECONDS)

    assert sent_meanwhile >= 4
    assert set(states(connector).values()) == {ScanState.CLOSED}
    assert (stand_in.count(UPLOAD), len(stand_in.state.live)) == (6, 6)


def test_program_that_is_stopped_does_not_wait_for_the_queue(tmp_path: Path, stand_in: StandIn) -> None:
    """Seen on a real 2.20.15 without its worker: the program ended only after task_timeout_seconds, ten minutes."""
    stand_in.faults.worker_down = True
    office = office_at(stand_in, tmp_path, 600.0)
    office.put("a.pdf")
    connector, stop = office.connector(), threading.Event()
    running = threading.Thread(target=connector.run, args=(stop,), daemon=True)
    running.start()
    while not stand_in.count(UPLOAD):
        time.sleep(0.02)

    stop.set()
    running.join(20.0)
    was_ended = not running.is_alive()
    connector.close()
    stand_in.faults.worker_down = False
    again = office_at(stand_in, tmp_path, 5.0)
    next_run = again.connector()
    next_run.look()
    next_run.work()

    assert was_ended
    assert states(next_run) == {"a.pdf": ScanState.CLOSED}
    assert (stand_in.count(UPLOAD), len(stand_in.state.live)) == (1, 1)
    next_run.close()
    for one in (office, again):
        one.parts.store.close()
