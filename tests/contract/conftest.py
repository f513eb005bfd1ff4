"""The servers under the contract: the stand-in of both lines, and a real one where the environment names it.

A real server is named by GUIDANG_LIVE_URL and GUIDANG_LIVE_TOKEN (plain http to this machine only). The account may make and
delete whatever the setup profile makes: an administrator's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from connector.paperless.address import ServerAddress
from connector.paperless.client import PaperlessClient
from tests.contract.server import Server
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.conftest import PATIENCE

IS_LIVE = "GUIDANG_LIVE_URL" in os.environ and "GUIDANG_LIVE_TOKEN" in os.environ
LIVE = [pytest.param("live", marks=pytest.mark.live)] if IS_LIVE else []
LIVE_PATIENCE_SECONDS = 180.0


@pytest.fixture(scope="module", params=["3.0.5", "2.20.15", *LIVE])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("contract")
    if request.param == "live":
        address = ServerAddress(os.environ["GUIDANG_LIVE_URL"])
        live = Server(PaperlessClient(address, os.environ["GUIDANG_LIVE_TOKEN"]), folder, LIVE_PATIENCE_SECONDS)
        try:
            yield live
        finally:
            live.remove_all()
            live.client.close()
        return
    with StandIn(str(request.param)) as running:
        client = PaperlessClient(ServerAddress(running.url), TOKEN, PATIENCE, sleep=lambda _: None)
        stand_in = Server(client, folder, 5.0)
        yield stand_in
        stand_in.remove_all()
        assert running.state.live == running.state.trash == []
        assert not any(running.state.names.values())
        client.close()
