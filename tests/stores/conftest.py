"""The stores under the promise tests: the folder, paperless 3.x and 2.x (stand-in), and a real server where one is named."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.duties import DEFAULT_DUTIES, Duty
from connector.folder_store import FolderStore
from connector.i18n import Language
from connector.interfaces import IRecordStore
from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.client import PaperlessClient
from connector.paperless.lost_uploads import LOST_AFTER_SECONDS
from connector.paperless.profile.setup import SetupProfile
from connector.paperless.profile.wanted import ProfileSource, catalogue_of
from connector.paperless.store import PaperlessStore
from metadata.interfaces import IStoreMemory
from metadata.values import StoreId
from tests.metadata.fake_memory import FakeMemory
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.stores.live import remove_all
from tests.stores.submissions import Paper, example_scheme, real_pdf

PATIENCE = Waiting(connect_seconds=2.0, read_seconds=2.0, deadline_seconds=10.0, upload_deadline_seconds=20.0)


@dataclass(frozen=True)
class Bench:
    """A store, and what a person or a test does behind its back."""

    store: IRecordStore
    paper: Paper
    delete: Callable[[StoreId], None]
    count: Callable[[], int]


def setup_profile(
    stand_in: StandIn, *, language: Language = Language.ZH, duties: tuple[Duty, ...] = DEFAULT_DUTIES
) -> SetupProfile:
    """Return the profile of the example scheme for a stand-in."""
    client = PaperlessClient(ServerAddress(stand_in.url), TOKEN, PATIENCE, sleep=lambda _: None)
    return SetupProfile(client, catalogue_of(ProfileSource(example_scheme(), language, duties)))


def applied(stand_in: StandIn, *, duties: tuple[Duty, ...] = DEFAULT_DUTIES) -> None:
    """Prepare a stand-in; every step is done."""
    profile = setup_profile(stand_in, duties=duties)
    assert [error for _, error in profile.apply() if error] == []
    profile.close()


def paperless_store(
    stand_in: StandIn,
    *,
    language: Language = Language.ZH,
    seconds: float = 5.0,
    duties: tuple[Duty, ...] = (),
    memory: IStoreMemory | None = None,
    lost_after_seconds: float = LOST_AFTER_SECONDS,
) -> PaperlessStore:
    client = PaperlessClient(ServerAddress(stand_in.url), TOKEN, PATIENCE, sleep=lambda _: None)
    return PaperlessStore(
        "paperless",
        client,
        example_scheme(),
        language,
        memory or FakeMemory(),
        duties=duties,
        task_timeout_seconds=seconds,
        poll_seconds=0.01,
        lost_after_seconds=lost_after_seconds,
    )


@pytest.fixture(params=["3.0.5", "2.20.15"])
def stand_in(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with StandIn(str(request.param)) as running:
        yield running


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path)


def _folder(folder: Path) -> Iterator[Bench]:
    archive = folder / "archive"
    store = FolderStore("folder", archive, example_scheme(), Language.ZH)

    def pdfs() -> list[Path]:
        return [path for path in archive.rglob("*.pdf") if ".guidang-store" not in path.parts]

    def delete(store_id: StoreId) -> None:
        for path in pdfs():
            if store_id in path.with_suffix(".json").read_text(encoding="utf-8"):
                path.unlink()

    yield Bench(store, Paper(folder), delete, lambda: len(pdfs()))
    store.close()


def _stand_in(folder: Path, version: str) -> Iterator[Bench]:
    with StandIn(version) as running:
        store = paperless_store(running)
        yield Bench(
            store,
            Paper(folder),
            lambda store_id: running.state.delete(int(store_id)),
            lambda: len(running.state.live),
        )
        store.close()


def _live(folder: Path) -> Iterator[Bench]:
    url, token = os.environ["GUIDANG_LIVE_URL"], os.environ["GUIDANG_LIVE_TOKEN"]
    client = PaperlessClient(ServerAddress(url), token, sleep=lambda _: None)
    store = PaperlessStore(
        "live", client, example_scheme(), Language.ZH, FakeMemory(), task_timeout_seconds=180.0, poll_seconds=0.5
    )
    prefix = f"guidang-test-{secrets.token_hex(6)}"
    paper = Paper(folder, record_id=prefix, title=f"{prefix} 维修单", content=real_pdf(prefix))

    def delete(store_id: StoreId) -> None:
        client.write("DELETE", f"/api/documents/{store_id}/", {})

    try:
        yield Bench(store, paper, delete, lambda: sum(1 for _ in client.pages("/api/documents/", _titled(prefix))))
    finally:
        remove_all(client, prefix)
        store.close()


def _titled(prefix: str) -> tuple[tuple[str, str], ...]:
    return (("title__icontains", prefix), ("fields", "id"))


IS_LIVE = "GUIDANG_LIVE_URL" in os.environ and "GUIDANG_LIVE_TOKEN" in os.environ
LIVE = [pytest.param("live", marks=pytest.mark.live)] if IS_LIVE else []


@pytest.fixture(params=["folder", "paperless 3.0.5", "paperless 2.20.15", *LIVE])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    match str(request.param).split():
        case ["folder"]:
            yield from _folder(tmp_path)
        case ["paperless", version]:
            yield from _stand_in(tmp_path, version)
        case _:
            yield from _live(tmp_path)
