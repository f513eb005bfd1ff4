"""An office for tests of the journey: real journal, index, register and folder store; reading and understanding are fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, insert

from classifiers.latest_labels import LatestLabels
from classifiers.scheme import Scheme
from classifiers.trial_values import Judged, Lesson, Taught
from connector.application import ImportReport
from connector.config import load
from connector.connector_app import Connector, Outfit
from connector.events import Events
from connector.folder_store import FolderStore
from connector.i18n import Language
from connector.interfaces import IRecordStore, ITellsOfChanges
from connector.learning import School, TeachingFailed
from connector.model_shelf import ModelShelf
from connector.parts import Desk, Parts, QualityLimits, Thresholds, tell_nobody
from connector.pipeline import carry
from connector.registry import Registry
from connector.searching import page_text
from connector.store_gate import StoreGate
from connector.webhook import Webhook
from ingest.values import ReadingOptions, Scan, ScanId
from ingest.work import WorkFolder, work_path
from metadata.database import open_database, writing
from metadata.describe import Describer
from metadata.examples import ArchiveExamples
from metadata.index import Index
from metadata.journal import Journal
from metadata.reference_code import ReferenceScheme
from metadata.register import Register
from metadata.store_memory import StoreMemory
from metadata.tables import customers
from metadata.values import Given, RecordEntry, RegisterFinding, ScanEntry, ScanState
from tests.connector.example_config import written
from tests.connector.fakes import (
    KNOWN,
    FakeClassifier,
    FakeClock,
    FakeCutter,
    FakeExtractor,
    FakeIdentifier,
    FakeInbox,
    FakeNumbers,
    FakeReader,
)

REPAIR = f"kind=repair 0.95\nnumber={KNOWN}\nfact.report_date=2026-01-05\nfact.fault=暖气片漏水\n报修单"
NAME = "前台"


@dataclass
class Office:
    """One inbox, one store, and what a test wants to look at."""

    parts: Parts
    inbox: FakeInbox
    reader: FakeReader
    clock: FakeClock
    gate: StoreGate
    engine: Engine
    folder: Path

    def put(self, name: str, text: str = REPAIR) -> None:
        """Save a scan into the inbox."""
        (self.inbox.folder / name).write_text(text, encoding="utf-8")

    def receive(self) -> list[ScanId]:
        """Claim what is there; return the ids."""
        scans = self.inbox.look()
        for scan in scans:
            self.parts.journal.receive(scan)
        return [scan.scan_id for scan in scans]

    def carry(self, scan_id: ScanId) -> ScanState:
        """Bring a scan as far as it goes."""
        return carry(self.parts, self.gate, scan_id, tell_nobody)

    def take(self, name: str, text: str = REPAIR) -> ScanId:
        """Save, claim and carry a scan; return its id."""
        self.put(name, text)
        (scan_id,) = self.receive()
        self.carry(scan_id)
        return scan_id

    def scan(self, scan_id: ScanId) -> ScanEntry:
        """Return the scan's entry."""
        entry = self.parts.journal.scan(scan_id)
        assert entry is not None
        return entry

    def records(self, scan_id: ScanId) -> list[RecordEntry]:
        """Return the scan's records."""
        return list(self.parts.journal.records(scan_id=scan_id))

    def record(self, scan_id: ScanId) -> RecordEntry:
        """Return the scan's only record."""
        (record,) = self.records(scan_id)
        return record

    def names(self, folder: str) -> list[str]:
        """Return what stands in a folder of the inbox."""
        place = self.inbox.folder / folder
        return sorted(path.name for path in place.iterdir()) if place.is_dir() else []

    def with_parts(self, **parts: object) -> Office:
        """Return the office with some parts exchanged."""
        return replace(self, parts=replace(self.parts, **parts))  # type: ignore[arg-type]

    def connector(self, webhook: Webhook | None = None) -> Connector:
        """Return the connector around these parts, with one thread more than its one worker."""
        config = load(written(self.folder, ("workers = 0", "workers = 1"), ('name = "客户服务"', f'name = "{NAME}"')))
        config = replace(config, inboxes=(config.inboxes[0].model_copy(update={"path": self.inbox.folder}),))
        store = self.parts.store
        source = store.changes() if ITellsOfChanges.providedBy(store) else None
        memory, closing = StoreMemory(self.engine), (self.engine.dispose,)
        archive = FolderStore("folder", self.folder / "archive", self.parts.scheme, Language.EN)
        said = (NoCustomerFile(), memory, source, None, no_profile, tuple, self.school(), closing)
        outfit = Outfit(*said, webhook=webhook, archive=archive)
        return Connector(config, self.parts, outfit)

    def school(self) -> School:
        """Return the school of this office; its teacher may be exchanged."""
        examples = ArchiveExamples(self.engine, page_text)
        shelf = ModelShelf(self.folder / "data")
        labels = LatestLabels(examples, self.parts.scheme, ())
        return School(examples, shelf, NoTeacher(), self.parts.scheme, self.parts.thresholds, self.clock, labels)

    def is_balanced(self) -> bool:
        """Return whether every scan and record is counted once."""
        sums = self.parts.journal.balance()
        scans = sum(sums["scans"][state.value] for state in ScanState)
        records = sum(1 for _ in self.parts.journal.records())
        by = sums["records"]
        return scans == sums["scans"]["seen"] and by["itself"] + by["person"] + by["waiting"] == records


def no_profile(token_env: str | None) -> None:
    """Return none: the archive of this office is a folder."""
    del token_env


class NoTeacher:
    """Nobody teaches."""

    def teach(self, lesson: Lesson) -> Taught:
        """Refuse."""
        raise TeachingFailed("nobody teaches here")

    def cross_check(self, lesson: Lesson) -> tuple[Judged, ...]:
        """Refuse."""
        raise TeachingFailed("nobody teaches here")


class NoCustomerFile:
    """The register stands as it is."""

    def refresh(self, *, wait: bool = False) -> None:
        """Nothing to refresh."""

    def findings(self) -> Iterator[RegisterFinding]:
        """Find nothing."""
        yield from ()

    def bring_in(self, path: Path, *, dry_run: bool) -> ImportReport:
        """Bring nothing in."""
        raise AssertionError(f"nobody imports {path} here ({dry_run=})")


def folder_store(folder: Path, scheme: Scheme) -> IRecordStore:
    """Return the real folder store."""
    return FolderStore("folder", folder / "archive", scheme, Language.EN)


def work_folder(scan: Scan) -> WorkFolder:
    """Return where the costly results stand."""
    return WorkFolder(work_path(scan))


def open_office(
    folder: Path,
    given: Given | None = None,
    store: Callable[[Path, Scheme], IRecordStore] = folder_store,
    remembering_store: Callable[[Scheme, StoreMemory], IRecordStore] | None = None,
) -> Office:
    """Open an office in a folder; opened again there, it goes on where it stood. A store may remember (`remembering_store`)."""
    scheme = load(written(folder)).scheme
    clock, reader = FakeClock(), FakeReader()
    inbox = FakeInbox(NAME, folder / "inbox", clock)
    engine = open_database(f"sqlite:///{folder}/journal.sqlite")
    _register_known(engine)
    parts = Parts(
        scheme=scheme,
        reading=ReadingOptions("fake", ("zh",), 50, 10.0),
        thresholds=Thresholds(kind=0.6, reject=0.9),
        quality=QualityLimits(),
        language=Language.EN,
        clock=clock,
        reader=reader,
        classifier=FakeClassifier(),
        extractor=FakeExtractor(),
        numbers=FakeNumbers(),
        identifier=FakeIdentifier(),
        describer=Describer(scheme, Language.EN),
        register=Register(engine),
        journal=Journal(engine, ReferenceScheme("{category}-{year}-{number:05}"), clock),
        index=Index(engine),
        store=remembering_store(scheme, StoreMemory(engine)) if remembering_store else store(folder, scheme),
        desks={NAME: Desk(inbox, FakeCutter(), given or Given())},
        work_folder=work_folder,
        events=Events(Registry().components),
    )
    return Office(parts, inbox, reader, clock, StoreGate(clock), engine, folder)


def _register_known(engine: Engine) -> None:
    """Put the one known customer into the register, once."""
    row = dict.fromkeys((column.name for column in customers.columns), "")
    row |= {"number": KNOWN, "name": "测试户", "customer_type": "residential", "state": "in_use", "area": "东区"}
    if Register(engine).by_number(KNOWN) is None:
        with writing(engine) as connection:
            connection.execute(insert(customers).values({**row, "heated_area_m2": 80.0}))
