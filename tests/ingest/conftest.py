"""Fixtures of the tests of reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.inbox import Inbox, InboxPlace
from ingest.settle import SettleRule
from ingest.wholeness import fault_of
from tests.ingest.inboxes import PATIENCE, QUIET
from tests.ingest.making import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def inbox(top: Path, clock: SetClock) -> Iterator[Inbox]:
    place = InboxPlace("service", top, is_polled=True, rule=SettleRule(QUIET, PATIENCE))
    inbox = Inbox(place, clock, fault_of)
    yield inbox
    inbox.close()
