"""An office that files into a paperless stand-in and follows it; a person works at the server's web pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from classifiers.scheme import Scheme
from connector.duties import DEFAULT_DUTIES, Duty
from connector.i18n import Language
from connector.interfaces import IRecordStore
from connector.paperless.address import ServerAddress, Waiting
from connector.paperless.client import PaperlessClient
from connector.paperless.profile.setup import SetupProfile
from connector.paperless.profile.wanted import ProfileSource, catalogue_of
from connector.paperless.store import PaperlessStore
from connector.sync import Sync, SyncReport
from connector.sync_news import Happening, News
from metadata.audit_log import LoggedMove
from metadata.journal import Journal
from metadata.store_memory import StoreMemory
from metadata.values import RecordEntry
from tests.connector.office import REPAIR, Office, open_office
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.person import Person
from tests.paperless_stand_in.server import TOKEN
from tests.paperless_stand_in.state import StoredDocument

PATIENCE = Waiting(connect_seconds=2.0, read_seconds=5.0, deadline_seconds=10.0, upload_deadline_seconds=20.0)
HELD = "kind=repair 0.95\nfact.fault=漏水"
FILED = REPAIR


@dataclass
class SyncedOffice:
    """What a test of the sync wants to look at."""

    office: Office
    stand_in: StandIn
    person: Person
    memory: StoreMemory
    sync: Sync

    def cycle(self, *, sweep: bool = False) -> SyncReport:
        """Follow the server once."""
        return self.sync.cycle(sweep=sweep)

    def happened(self, *, sweep: bool = False) -> list[Happening]:
        """Follow the server once; return what happened."""
        return list(self.cycle(sweep=sweep).happened)

    def news(self, *, sweep: bool = False) -> list[News]:
        """Follow the server once; return what happened, in a word each."""
        return [one.news for one in self.happened(sweep=sweep)]

    def take(self, name: str, text: str = FILED) -> RecordEntry:
        """File a scan of one record; return it."""
        return self.office.record(self.office.take(name, text))

    def record(self, entry: RecordEntry) -> RecordEntry:
        """Return the record as it stands now."""
        found = self.office.parts.journal.record(entry.description.record_id)
        assert found is not None
        return found

    def document(self, entry: RecordEntry) -> StoredDocument:
        """Return the record's document on the server."""
        assert entry.store_id is not None
        return self.stand_in.state.documents[int(entry.store_id)]

    def tags(self, entry: RecordEntry) -> set[str]:
        """Return the names of the document's tags."""
        names = self.stand_in.state.names["tags"]
        return {names[tag].name for tag in self.document(entry).tags}

    def fields(self, entry: RecordEntry) -> dict[str, Any]:
        """Return the values of the document's custom fields by name."""
        fields = self.stand_in.state.custom_fields
        return {fields[number].name: value for number, value in self.document(entry).fields.items()}

    def type_name(self, entry: RecordEntry) -> str | None:
        """Return the name of the document's type."""
        type_id = self.document(entry).document_type
        return None if type_id is None else self.stand_in.state.names["document_types"][type_id].name

    def moves(self, entry: RecordEntry) -> list[LoggedMove]:
        """Return what the journal says of the record."""
        journal = self.office.parts.journal
        assert isinstance(journal, Journal)
        return journal.moves(entry.description.record_id)

    def edit(self, entry: RecordEntry, **new: Any) -> None:
        """Let the person save the document's form."""
        assert entry.store_id is not None
        self.person.edit(entry.store_id, **new)


@contextmanager
def synced_office(folder: Path, stand_in: StandIn, duties: tuple[Duty, ...] = DEFAULT_DUTIES) -> Iterator[SyncedOffice]:
    """Open an office in a folder; opened again there, with the same server, it goes on where it stood."""

    def store(scheme: Scheme, memory: StoreMemory) -> IRecordStore:
        client = PaperlessClient(ServerAddress(stand_in.url), TOKEN, PATIENCE, sleep=lambda _: None)
        return PaperlessStore(
            "paperless",
            client,
            scheme,
            Language.ZH,
            memory,
            duties=duties,
            task_timeout_seconds=5.0,
            poll_seconds=0.01,
        )

    office = open_office(folder, remembering_store=store)
    _set_up(stand_in, office.parts.scheme)
    memory = StoreMemory(office.engine)
    paperless = office.parts.store
    assert isinstance(paperless, PaperlessStore)
    sync = Sync(office.parts, paperless.changes(), memory, lambda: nullcontext(True), timedelta(hours=24))
    yield SyncedOffice(office, stand_in, Person(stand_in), memory, sync)
    paperless.close()
    office.engine.dispose()


def _set_up(stand_in: StandIn, scheme: Scheme) -> None:
    """Prepare the server with the setup profile, once."""
    if stand_in.state.custom_fields:
        return
    client = PaperlessClient(ServerAddress(stand_in.url), TOKEN, PATIENCE, sleep=lambda _: None)
    profile = SetupProfile(client, catalogue_of(ProfileSource(scheme, Language.ZH, DEFAULT_DUTIES)))
    assert [error for _, error in profile.apply() if error] == []
    profile.close()
