"""Invented scans and records, and an application that holds them, for the tests of what people see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import cast

from classifiers.scheme import Category, FieldSpec, FieldType, Kind, Names, Retention, Scheme, SignLabels
from classifiers.values import Evidence, EvidenceSource, Fact, FoundBy
from connector.application import Application, Progress
from connector.config import Config, InboxSection
from connector.interfaces import DOING, CheckFinding, SetupAction, SetupStep
from connector.pushing import Counted, Pushed
from connector.reconciling import Finding
from connector.sync import SyncReport
from ingest.message import GuidangError, Message
from ingest.values import Box, ScanId
from metadata.interfaces import RecordUnknown
from metadata.values import (
    Change,
    Customer,
    CustomerNumber,
    CustomerState,
    CustomerType,
    DecidedBy,
    Description,
    Digests,
    Identification,
    Reason,
    RecordEntry,
    RecordId,
    RecordState,
    ScanEntry,
    ScanState,
    StoreId,
)

NUMBER = "1687189159"
MOMENT = datetime(2024, 11, 3, 8, 0, tzinfo=UTC)

AMOUNT = FieldSpec("amount", Names("金额", "Amount"), FieldType.AMOUNT, (), "", (), False)
PAY_DATE = FieldSpec("pay_date", Names("缴费日期", "Paid on"), FieldType.DATE, (), "", (), True)
RECEIPT = Kind(
    code="receipt",
    category="payment",
    names=Names("缴费收据", "Receipt"),
    titles=("缴费收据",),
    words_for=(),
    words_against=(),
    fields=(PAY_DATE, AMOUNT),
    retention=Retention.D30,
    needs_customer=True,
    two_customers=False,
    threshold=None,
    tags=(),
)
REPAIR = replace(RECEIPT, code="repair", category="service", names=Names("维修单", "Repair slip"), fields=())
SCHEME = Scheme(
    (
        Category("payment", Names("供热缴费信息", "Payment"), "3-供热缴费信息", "缴费"),
        Category("service", Names("供热服务记录", "Service"), "4-供热服务记录", "服务"),
    ),
    (RECEIPT, REPAIR),
    (),
    SignLabels((), (), (), (), (), (), (), (), ()),
)
CUSTOMER = Customer(
    CustomerNumber(NUMBER),
    "沈树林",
    CustomerType.RESIDENTIAL,
    "百合园",
    "21号楼",
    "3单元104室",
    "云州市高新区百合园21号楼3单元104室",
    146.77,
    "HN-2012-80138",
    "CR44399816",
    "",
    "",
    CustomerState.IN_USE,
    "",
)


def evidence(text: str, page: int = 1) -> Evidence:
    return Evidence(page, Box(100.04, 200.0, 300.5, 240.0), 300.0, text, EvidenceSource.TEXT)


def record(
    number: int = 1,
    *,
    reasons: tuple[Reason, ...] = (),
    notes: tuple[Reason, ...] = (),
    state: RecordState | None = None,
    scan_id: str = "scan-a",
) -> RecordEntry:
    """A receipt; filed, or held where there are reasons."""
    held = bool(reasons)
    found = Identification(
        numbers=() if held else (CustomerNumber(NUMBER),),
        found_by=FoundBy.PRINTED,
        confidence=0.98,
        customer=None if held else CUSTOMER,
        reasons=reasons,
        notes=notes,
        evidence=evidence("16-8718-9159"),
    )
    description = Description(
        record_id=RecordId(f"{scan_id}-{number}"),
        scan_id=ScanId(scan_id),
        scan_sha256="a" * 64,
        original_name="扫描 1.pdf",
        pages=(number, number),
        category="payment",
        kind="receipt",
        kind_confidence=0.91,
        identification=found,
        facts=(
            Fact("pay_date", date(2024, 11, 3), 0.9, True, evidence("2024年11月3日")),
            Fact("amount", 2310.0, 0.95, True, evidence("2,310.00")),
        ),
        title="缴费收据 沈树林 2024-11-03",
        record_date=date(2024, 11, 3),
        summary="采暖费 2310 元",
        retention="D30",
        appraisal_date=date(2054, 11, 3),
        language="zh",
        department="财务部",
        tags=(),
        reasons=reasons,
        second_scan_of=None,
        received_at=MOMENT,
    )
    reached = state or (RecordState.HELD if held else RecordState.INDEXED)
    code = f"JF-2024-receipt·0000{number}" if reached is RecordState.INDEXED else None
    return RecordEntry(
        description, reached, DecidedBy.ITSELF, code, Digests("b" * 64, "c" * 32), "folder", StoreId("7"), frozenset()
    )


def scan(
    state: ScanState = ScanState.CLOSED,
    *,
    scan_id: str = "scan-a",
    name: str = "扫描 1.pdf",
    reason: str | None = None,
    facts: Mapping[str, str] | None = None,
    of: tuple[str, ...] = (),
) -> ScanEntry:
    return ScanEntry(
        scan_id=ScanId(scan_id),
        inbox="财务",
        original_name=name,
        sha256="a" * 64,
        md5="d" * 32,
        size_bytes=1000,
        received_at=MOMENT,
        state=state,
        page_count=None if state is ScanState.QUARANTINED else 2,
        reason_code=reason,
        reason_facts=facts or {},
        duplicate_of=tuple(RecordId(one) for one in of),
        work_path=Path("inbox/.guidang/scan-a/scan.pdf"),
        kept_path=None,
    )


@dataclass
class HeldScans:
    """The journal, index and register of an application that holds what a test gives it."""

    all_scans: list[ScanEntry] = field(default_factory=list)
    all_records: list[RecordEntry] = field(default_factory=list)
    subscribers: list[Callable[[str, str], None]] = field(default_factory=list)

    def scan(self, scan_id: ScanId) -> ScanEntry | None:
        return next((one for one in self.all_scans if one.scan_id == scan_id), None)

    def scans(self, states: frozenset[ScanState] | None = None) -> Iterator[ScanEntry]:
        return (one for one in self.all_scans if states is None or one.state in states)

    def record(self, record_id: RecordId) -> RecordEntry | None:
        return next((one for one in self.all_records if one.description.record_id == record_id), None)

    def records(
        self, states: frozenset[RecordState] | None = None, scan_id: ScanId | None = None
    ) -> Iterator[RecordEntry]:
        for one in self.all_records:
            if (states is None or one.state in states) and scan_id in (None, one.description.scan_id):
                yield one

    def find_record(self, text: str) -> RecordEntry:
        for one in self.all_records:
            if text in (one.reference_code, one.description.record_id):
                return one
        raise RecordUnknown(Message("There is no record “{text}”.", {"text": text}), Message("Look again."))

    def balance(self) -> dict[str, dict[str, int]]:
        scans = {state.value: sum(s.state is state for s in self.all_scans) for state in ScanState}
        records = {state.value: sum(r.state is state for r in self.all_records) for state in RecordState}
        return {"scans": {**scans, "seen": len(self.all_scans)}, "records": {**records, "waiting": records["HELD"]}}

    def subscribe(self, subscriber: Callable[[str, str], None]) -> None:
        self.subscribers.append(subscriber)

    def search(self, words: str, limit: int = 50) -> tuple[RecordId, ...]:
        return tuple(r.description.record_id for r in self.all_records if words in r.description.title)[:limit]

    def by_number(self, number: str) -> Customer | None:
        return CUSTOMER if number == NUMBER else None

    def count(self) -> int:
        return 1


@dataclass
class FakeConfig:
    path: Path
    inboxes: tuple[InboxSection, ...]


@dataclass
class FakeStore:
    name: str = "folder"


@dataclass(frozen=True)
class FakeReport:
    customers: int = 225
    added: int = 3
    changed: int = 2
    removed: int = 1
    doubles: tuple[str, ...] = ()
    bad_checks: tuple[str, ...] = ()


class FakeInbox:
    """An inbox in which everything has settled."""

    def unsettled(self) -> int:
        return 0


class FakeReconciler:
    """Finds what a test gives it, and keeps what it was to repair; those of `fails` cannot be repaired."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.fails: dict[Finding, GuidangError] = {}
        self.repaired: list[Finding] = []

    def look(self) -> Iterator[Finding]:
        yield from self.findings

    def repair(self, finding: Finding) -> None:
        if finding in self.fails:
            raise self.fails[finding]
        self.repaired.append(finding)


class FakeProfile:
    """A setup profile with these steps; each ends with the error that a test gives it."""

    version = 2

    def __init__(self, *steps: SetupStep, errors: Sequence[GuidangError | None] = ()) -> None:
        self.steps = steps
        self.errors = list(errors)
        self.applied = 0
        self.is_closed = False

    def plan(self) -> tuple[SetupStep, ...]:
        return self.steps

    def apply(self) -> Iterator[tuple[SetupStep, GuidangError | None]]:
        self.applied += 1
        for step in self.steps:
            if step.action in DOING:
                yield step, self.errors.pop(0) if self.errors else None

    def close(self) -> None:
        self.is_closed = True


def setup_step(action: SetupAction, name: str = "待核验") -> SetupStep:
    remedy = Message("Rename it.") if action is SetupAction.CONFLICT else None
    return SetupStep(action, "tags", Message("tag"), name, Message("It is not there yet."), remedy)


class FakeApplication:
    """An application whose scans come to the ends that a test wants; keeps the changes it was asked for."""

    def __init__(self, held: HeldScans) -> None:
        self.config = FakeConfig(
            Path("guidang.toml"), (InboxSection(name="财务", path=Path("inbox"), quiet_seconds=0.0),)
        )
        self.scheme = SCHEME
        self.journal = self.index = self.register = held
        self.store = FakeStore()
        self.inboxes = {"财务": FakeInbox()}
        self.taken: list[tuple[Path, ScanId | Exception]] = []
        self.becomes: dict[ScanId, ScanEntry] = {}
        self.changes: list[Change] = []
        self.findings: list[CheckFinding] = []
        self.answers: tuple[CheckFinding, ...] = ()
        self.error: Exception | None = None
        self.interrupted = False
        self.imports: list[bool] = []
        self.synced: SyncReport | None = None
        self.swept = False
        self.setup: FakeProfile | None = None
        self.compared = FakeReconciler()
        self.pushed: list[Pushed] = []
        self.dry_runs: list[bool] = []
        self.token_envs: list[str | None] = []

    def take(self, paths: Sequence[Path], inbox: str) -> Iterator[tuple[Path, ScanId | Exception]]:
        yield from self.taken

    def look(self) -> int:
        for scan_id in self.becomes:
            for subscriber in self.journal.subscribers:
                subscriber(scan_id, "RECEIVED")
        return len(self.becomes)

    def work(self, progress: Progress | None = None, only: frozenset[ScanId] | None = None) -> int:
        if self.interrupted:
            raise KeyboardInterrupt
        if self.error is not None:
            raise self.error
        ended = 0
        for number, entry in enumerate(self.journal.all_scans):
            if entry.scan_id in self.becomes and entry != self.becomes[entry.scan_id]:
                self.journal.all_scans[number] = self.becomes[entry.scan_id]
                ended += 1
                for subscriber in self.journal.subscribers:
                    subscriber(entry.scan_id, self.becomes[entry.scan_id].state)
        return ended

    def run(self, stop: Event, on_idle: Callable[[], None] | None = None) -> None:
        self.work()
        stop.set()

    def change(self, record: RecordEntry, change: Change) -> RecordEntry:
        self.changes.append(change)
        return replace(record, state=RecordState.REJECTED if change.reject else RecordState.INDEXED)

    def sync(self, *, sweep: bool = False) -> SyncReport | None:
        self.swept = sweep
        return self.synced

    def push(self, tell: Counted, *, dry_run: bool = False) -> Iterator[Pushed]:
        self.dry_runs.append(dry_run)
        tell(0, len(self.pushed))
        yield from self.pushed
        if self.error is not None:
            raise self.error

    def reconciler(self) -> FakeReconciler:
        return self.compared

    def import_customers(self, path: Path, *, dry_run: bool = False) -> FakeReport:
        self.imports.append(dry_run)
        return FakeReport()

    def check(self) -> Iterator[CheckFinding]:
        yield from self.findings

    def ask_store(self) -> tuple[CheckFinding, ...]:
        return self.answers

    def profile(self, token_env: str | None = None) -> FakeProfile | None:
        self.token_envs.append(token_env)
        return self.setup

    def close(self) -> None:
        pass


def as_application(fake: FakeApplication) -> Application:
    """The commands ask for no more than the fake has."""
    return cast("Application", fake)


__all__ = ["Config", "FakeApplication", "HeldScans", "as_application", "record", "scan"]
