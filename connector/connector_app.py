"""The assembled connector: looks into the inboxes, sends scans on their journeys, carries out a person's changes.

Not for what happens to a scan (`connector.pipeline`) or which components there are (`connector.assembly`). Everything here
may be killed and started again: what is under way is what the journal says.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from classifiers.values import Classification
from connector.application import ImportReport, Progress
from connector.checks import check_all
from connector.config import Config
from connector.corrections import change as carry_out_change
from connector.corrections import finish
from connector.crew import UNDER_WAY, Arrival, Crew
from connector.events import ScanReceived
from connector.examining import Examined, classify_file, examine
from connector.follower import Follower
from connector.interfaces import (
    CheckFinding,
    IChangeSource,
    IKeepsFiles,
    ISetupProfile,
    OutcomeUnknown,
    StoreForbidden,
    StoreRefused,
    StoreUnreachable,
)
from connector.learning import School
from connector.lease import CHANGE_WAIT_SECONDS, AlreadyRunning, Lease, TurnNotOurs, turn_at_changes
from connector.parts import Parts, Tell, tell_nobody
from connector.pushing import Counted, Push, Pushed, PushNotOurTurn, impossible
from connector.repairs import DONE, Reconciler
from connector.rounds import TICK_SECONDS, DatabaseTrouble, LookTime, look_again_seconds
from connector.store_gate import StoreGate
from connector.sync import SyncReport
from connector.webhook import Webhook, WebhookListener
from ingest.interfaces import IInbox, InboxUnusable, IRecogniser, RecogniserMissing
from ingest.message import GuidangError
from ingest.values import Scan, ScanId
from metadata.interfaces import DatabaseAway, IStoreMemory, RegisterWrong
from metadata.values import Change, RecordEntry, RecordId, RegisterFinding, ScanEntry

log = logging.getLogger("guidang")


MISSING_WAIT_SECONDS = 60.0
_REGISTER = "[register]"


class CustomerFile(Protocol):
    """The company's customer file beside the register."""

    def refresh(self, *, wait: bool = False) -> None:
        """Bring the register up to where the customers come from; with `wait` at once and to the end. Raises RegisterWrong."""

    def bring_in(self, path: Path, *, dry_run: bool) -> ImportReport:
        """Make the register equal to this file and keep a copy at the configured place; raises RegisterWrong."""

    def findings(self) -> Iterator[RegisterFinding]:
        """Yield what is wrong or dangerous in the register and where it comes from, the worst first; raises RegisterWrong."""


@dataclass(frozen=True)
class Outfit:
    """What the connector has beside the parts of a journey; `closing` is done in the end, in order.

    `chores` are done again and again beside the scans while it watches; each returns at once.
    """

    customer_file: CustomerFile
    memory: IStoreMemory
    source: IChangeSource | None  # None where the store cannot tell of changes
    recogniser: IRecogniser | None
    profile: Callable[[str | None], ISetupProfile | None]
    ask_store: Callable[[], tuple[CheckFinding, ...]]
    school: School
    closing: tuple[Callable[[], object], ...]
    chores: tuple[Callable[[], None], ...] = ()
    webhook: Webhook | None = None  # None: the store is polled only
    check_hints: Callable[[], Iterable[CheckFinding]] = tuple  # how the way to the webhook stands; never raises
    archive: IKeepsFiles | None = None  # the archive of files that is configured, whether or not it is the store


class Connector:
    """See `connector.application.Application`. Used from one thread."""

    def __init__(self, config: Config, parts: Parts, outfit: Outfit) -> None:
        self.config = config
        self.scheme = parts.scheme
        self.journal = parts.journal
        self.index = parts.index
        self.register = parts.register
        self.numbers = parts.numbers
        self.store = parts.store
        self.inboxes: Mapping[str, IInbox] = {name: desk.inbox for name, desk in parts.desks.items()}
        self.school = outfit.school
        self._parts = parts
        self._outfit = outfit
        self._gate = StoreGate(parts.clock)
        self._follower = (
            Follower(
                parts,
                outfit.source,
                outfit.memory,
                gate=self._gate,
                data_path=config.data_path,
                section=config.sync,
            )
            if outfit.source is not None
            else None
        )
        self._listener = (
            WebhookListener(outfit.webhook, self._follower.hint)
            if self._follower is not None and outfit.webhook is not None
            else None
        )
        self._lease = Lease(config.data_path)
        self._turn = partial(turn_at_changes, config.data_path, CHANGE_WAIT_SECONDS)
        self._crew: Crew | None = None
        self._recovered: set[str] = set()
        self._away: set[str] = set()  # what was said to be in trouble, so that it is said once

    def take(self, paths: Sequence[Path], inbox: str) -> Iterator[tuple[Path, ScanId | Exception]]:
        """Copy files in, each claimed as a scan; a file that cannot be taken yields its error, and the others go on."""
        self.config.inbox(inbox)
        self._lease.take()
        for path in paths:
            try:
                scan = self.inboxes[inbox].take(path)
            except GuidangError as error:
                yield path, error
            else:
                self._receive(scan)
                yield path, scan.scan_id

    def look(self) -> int:
        """Claim what has settled in every inbox and finish what a crash left; return how many scans are under way."""
        self._lease.take()
        self._refresh_register()
        for name, inbox in self.inboxes.items():
            try:
                if name not in self._recovered:
                    self._receive(*inbox.recover())
                    self._recovered.add(name)
                self._receive(*inbox.look())
                self._away.discard(name)
            except (InboxUnusable, OSError) as error:
                if name not in self._away:
                    log.warning("inbox %s is away: %s", name, type(error).__name__)
                self._away.add(name)
        self._finish_changes()
        return sum(1 for _ in self._under_way(None))

    def work(self, progress: Progress | None = None, only: frozenset[ScanId] | None = None) -> int:
        """Bring every scan under way as far as it goes; return how many came to an end. Raises StoreForbidden."""
        self._lease.take()
        tell: Tell = progress or tell_nobody
        crew = self._hired()
        pending = deque(self._under_way(only))
        ended = 0
        while pending or crew.is_busy:
            self._send(crew, pending, tell)
            if not crew.is_busy:
                break
            ended += sum(arrival.ended for arrival in self._arrivals(crew))
        forbidden = self._gate.forbidden()
        if forbidden is not None:
            raise forbidden
        return ended

    def run(self, stop: threading.Event, on_idle: Callable[[], None] | None = None) -> None:
        """Watch, take and work until `stop` is set."""
        self._lease.take()
        wake = threading.Event()
        for inbox in self.inboxes.values():
            inbox.hint(wake.set)
        crew = self._hired()
        if self._follower is not None:
            self._follower.start()
        if self._listener is not None:
            self._listener.start()
        pending: deque[ScanEntry] = deque()
        looks, database = LookTime(self._parts.clock), DatabaseTrouble()
        while not stop.is_set():
            try:
                if wake.is_set() or looks.is_due():
                    wake.clear()
                    self.look()
                    looks.looked(look_again_seconds(self.config.inboxes, self.inboxes))
                if not pending:
                    pending.extend(entry for entry in self._under_way(None) if not crew.has(entry))
                self._send(crew, pending, tell_nobody)
                for chore in self._outfit.chores:
                    chore()
                database.over()
            except DatabaseAway as error:
                self._recovered.clear()  # what was claimed meanwhile, the journal may not have
                database.wait(error, stop)
                continue
            if crew.is_busy:
                self._arrivals_or_rest(crew, stop)
            else:
                if on_idle is not None:
                    on_idle()
                wake.wait(TICK_SECONDS)
        self._dismiss()

    def change(self, record: RecordEntry, change: Change) -> RecordEntry:
        """Carry out a person's change in the journal, the store and the index; the one code path for corrections.

        May be called while another guidang works on the same data.
        """
        with self._turn() as is_ours:
            if not is_ours:
                raise AlreadyRunning(self.config.data_path)
            if self._follower is not None:
                self._follower.bring_back(record)
            record = self.journal.find_record(record.description.record_id)
            return carry_out_change(self._parts, record, change)

    def sync(self, *, sweep: bool = False) -> SyncReport | None:
        """Take over what people changed in the store; return what happened, None where the store cannot tell of changes.

        May be called while another guidang works on the same data. Raises StoreUnreachable, StoreForbidden, AlreadyRunning.
        """
        if self._follower is None:
            return None
        self._finish_changes()
        try:
            return self._follower.cycle(sweep=sweep)
        except TurnNotOurs as error:
            raise AlreadyRunning(self.config.data_path) from error

    def push(self, tell: Counted, *, dry_run: bool = False) -> Iterator[Pushed]:
        """Carry the records of the folder archive into the store; yield what became of each. A dry run only looks.

        Called again it goes on. Raises PushImpossible, StoreUnreachable, OutcomeUnknown, StoreForbidden, AlreadyRunning.
        """
        archive = self._outfit.archive
        if archive is None or archive.name == self.store.name:
            raise impossible()
        if not dry_run:
            self._lease.take()
        try:
            yield from Push(self._parts, archive, self._turn).carry(dry_run=dry_run, tell=tell)
        except PushNotOurTurn as error:
            raise AlreadyRunning(self.config.data_path) from error

    def reconciler(self) -> Reconciler:
        """Return what compares journal, index, store and `done/`, and repairs."""
        done_paths = {section.name: section.path / DONE for section in self.config.inboxes}
        source, memory = self._outfit.source, self._outfit.memory
        return Reconciler(
            self._parts, source, memory, done_paths, take=self._take_anew, turn=self._turn, lease=self._lease.take
        )

    def import_customers(self, path: Path, *, dry_run: bool = False) -> ImportReport:
        """Make the register equal to this CSV file and keep a copy at `register.path`; raises RegisterWrong, nothing changed then."""
        return self._outfit.customer_file.bring_in(path, dry_run=dry_run)

    def check_customers(self) -> Iterator[RegisterFinding]:
        """Yield what is wrong or dangerous in the register and where it comes from, the worst first; raises RegisterWrong."""
        return self._outfit.customer_file.findings()

    def check(self) -> Iterator[CheckFinding]:
        """Yield how everything stands, worst things with their remedy; never raises."""
        refresh = partial(self._outfit.customer_file.refresh, wait=True)
        yield from check_all(self.config, self._parts, self._outfit.recogniser, refresh, self.school.shelf)
        yield from self._outfit.check_hints()

    def ask_store(self) -> tuple[CheckFinding, ...]:
        """Return how the store answers the questions that filing and sync rely on; () where it is no server. Never raises."""
        return self._outfit.ask_store()

    def profile(self, token_env: str | None = None) -> ISetupProfile | None:
        """Return the setup profile of the store, to be closed by whoever asked; None where the store needs none."""
        return self._outfit.profile(token_env)

    def examine(self, path: Path, inbox: str) -> tuple[Examined, ...]:
        """Return what would become of a file in this inbox, and why; nothing is filed. Raises ScanUnreadable."""
        self.config.inbox(inbox)
        self._refresh_register()
        return examine(self._parts, path, self._parts.desks[inbox])

    def classify(self, path: Path) -> Classification:
        """Return the kind of a file that is one record; nothing is filed. Raises ScanUnreadable."""
        return classify_file(self._parts, path)

    def close(self) -> None:
        """End children, watchers and connections."""
        self._dismiss()
        for inbox in self.inboxes.values():
            inbox.close()
        for action in self._outfit.closing:
            action()
        self._lease.release()

    def _take_anew(self, path: Path, inbox: str) -> None:
        self._receive(self.inboxes[inbox].take(path))

    def _receive(self, *scans: Scan) -> None:
        for scan in scans:
            is_new = self.journal.scan(scan.scan_id) is None
            self.journal.receive(scan)
            if is_new:
                self._parts.events.send(ScanReceived(scan.scan_id))

    def _under_way(self, only: frozenset[ScanId] | None) -> Iterator[ScanEntry]:
        """Yield what is under way, oldest first; with the wanted scans those of the same bytes, which may have to go first."""
        wanted = None if only is None else {entry.sha256 for entry in map(self.journal.scan, only) if entry is not None}
        for entry in (*self.journal.scans(UNDER_WAY), *self.journal.not_put_away()):
            if wanted is None or entry.sha256 in wanted:
                yield entry

    def _send(self, crew: Crew, pending: deque[ScanEntry], tell: Tell) -> None:
        """Start pending scans while there is room; those that cannot go now are left to a later round."""
        for _ in range(len(pending)):
            if not crew.has_room:
                return
            entry = pending.popleft()
            if crew.must_wait(entry):
                pending.append(entry)
            elif crew.can_go(entry):
                crew.start(entry, tell)

    def _arrivals(self, crew: Crew, timeout_seconds: float | None = None) -> Sequence[Arrival]:
        arrived = crew.arrivals(timeout_seconds)
        for arrival in arrived:
            log.info("scan %s: %s", arrival.scan_id, arrival.state.value if arrival.state else "waits")
        return arrived

    def _arrivals_or_rest(self, crew: Crew, stop: threading.Event) -> None:
        try:
            self._arrivals(crew, TICK_SECONDS)
        except RecogniserMissing as error:
            log.critical("%s", error.what)
            stop.wait(MISSING_WAIT_SECONDS)

    def _refresh_register(self) -> None:
        """Keep to the register as it stands where the file is wrong: `guidang check` says what is."""
        try:
            self._outfit.customer_file.refresh()
            self._away.discard(_REGISTER)
        except RegisterWrong:
            if _REGISTER not in self._away:
                log.warning("the customer file cannot be used; the register stays as it is")
            self._away.add(_REGISTER)

    def _finish_changes(self) -> None:
        """Tell the store of changes that a crash or an outage kept from it."""
        if not self._gate.is_open():
            return
        try:
            with turn_at_changes(self.config.data_path, 0.0) as is_ours:
                for record in tuple(self.journal.unamended()) if is_ours else ():
                    self._finish_change(record.description.record_id)
        except (StoreUnreachable, OutcomeUnknown):
            self._gate.away()
        except StoreForbidden as error:
            self._gate.forbid(error)

    def _finish_change(self, record_id: RecordId) -> None:
        """Tell the store of one change; a refusal is said once and tried again with every look, beside the others."""
        try:
            finish(self._parts, record_id)
            self._away.discard(record_id)
        except StoreRefused:
            if record_id not in self._away:
                log.warning("the store refuses the change of record %s", record_id)
            self._away.add(record_id)

    def _hired(self) -> Crew:
        if self._crew is None:
            self._crew = Crew(self._parts, self._gate, self.config.reading.worker_count + 1)
        return self._crew

    def _dismiss(self) -> None:
        if self._listener is not None:
            self._listener.end()
        if self._follower is not None:
            self._follower.end()
        if self._crew is not None:
            self._crew.stop()
            self._crew = None
