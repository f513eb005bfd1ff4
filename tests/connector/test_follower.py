"""While guidang runs, the store is followed by a thread of its own, which a server that is away does not end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connector.config import SyncSection
from connector.follower import Follower
from connector.interfaces import ITellsOfChanges
from tests.connector.synced_office import SyncedOffice, synced_office
from tests.paperless_stand_in import StandIn

WITHIN_SECONDS = 20.0
"""Generous: the machine may be busy. The poll interval below is what decides."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SyncedOffice]:
    """Give an office that follows a server."""
    with StandIn() as stand_in, synced_office(tmp_path, stand_in) as opened:
        yield opened


@contextmanager
def followed(office: SyncedOffice, poll_seconds: float) -> Iterator[Follower]:
    """Follow the office's server in a thread."""
    store = office.office.parts.store
    assert ITellsOfChanges.providedBy(store)
    follower = Follower(
        office.office.parts,
        store.changes(),
        office.memory,
        gate=office.office.gate,
        data_path=office.office.folder,
        section=SyncSection(poll_seconds=poll_seconds),
    )
    follower.start()
    yield follower
    follower.end()


def becomes_true(is_so: Callable[[], bool]) -> bool:
    """Wait until it is so."""
    end = time.monotonic() + WITHIN_SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


def test_correction_is_in_the_index_after_the_next_poll(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")

    with followed(office, poll_seconds=0.2):
        office.edit(entry, title="王家的单子")

        assert becomes_true(lambda: office.record(entry).description.title == "王家的单子")
        assert becomes_true(lambda: entry.description.record_id in office.office.parts.index.search("王家"))


def test_hint_begins_a_cycle_at_once(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")

    with followed(office, poll_seconds=3600.0) as follower:
        assert becomes_true(lambda: office.memory.mark("paperless").swept_at is not None)
        office.edit(entry, title="王家的单子")
        follower.hint()

        assert becomes_true(lambda: office.record(entry).description.title == "王家的单子")


def test_server_that_was_away_is_followed_again(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    office.stand_in.faults.status_of["/api/tags/"] = [(500, {})] * 4
    office.edit(entry, title="王家的单子")

    with followed(office, poll_seconds=0.1):
        assert becomes_true(lambda: not office.office.gate.is_open())
        office.office.clock.sleep(600.0)

        assert becomes_true(lambda: office.record(entry).description.title == "王家的单子")


def test_ending_waits_for_the_cycle_under_way(office: SyncedOffice) -> None:
    office.take("a.pdf")

    with followed(office, poll_seconds=0.1) as follower:
        follower.end()
        seen = len(office.stand_in.requests)
        time.sleep(0.5)

        assert len(office.stand_in.requests) == seen
