"""A paperless server of each line, and an office that files into it and follows it; modules with other wants make their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connector.synced_office import SyncedOffice, synced_office
from tests.paperless_stand_in import StandIn


@pytest.fixture(params=["3.0.5", "2.20.15"])
def stand_in(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """Give a server of each line, not prepared."""
    with StandIn(str(request.param)) as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, stand_in: StandIn) -> Iterator[SyncedOffice]:
    """Give an office that files into the server and follows it."""
    with synced_office(tmp_path, stand_in) as opened:
        yield opened
