"""What the commands work with: the joined parts and the few things one can ask of them. Built by `connector.assembly`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Protocol

from classifiers.interfaces import INumberScheme
from classifiers.scheme import Scheme
from classifiers.values import Classification
from connector.config import Config
from connector.examining import Examined
from connector.interfaces import CheckFinding, IRecordStore, ISetupProfile
from connector.learning import School
from connector.pushing import Counted, Pushed
from connector.repairs import Reconciler
from connector.sync import SyncReport
from ingest.interfaces import IInbox
from ingest.values import ScanId
from metadata.interfaces import IIndex, IJournal, IRegister
from metadata.values import Change, RecordEntry, RegisterFinding


class Progress(Protocol):
    """Told of each step, for progress bars; must not raise."""

    def __call__(self, scan_id: ScanId, step: str, done: int, total: int) -> None:
        """`step` is "received", "page", "filing" or "ended"; `done` of `total` within the step."""


class ImportReport(Protocol):
    """What the import of a customer file did, or would do. `doubles` stood in it again; `bad_checks` are kept all the same."""

    @property
    def customers(self) -> int:
        """How many customers the register has then."""

    @property
    def added(self) -> int:
        """How many were new."""

    @property
    def changed(self) -> int:
        """How many were known and differ."""

    @property
    def removed(self) -> int:
        """How many the file no longer has."""

    @property
    def doubles(self) -> tuple[str, ...]:
        """Numbers that stood in the file again; the first row counts."""

    @property
    def bad_checks(self) -> tuple[str, ...]:
        """Numbers whose check fails, kept all the same."""


class Application(Protocol):
    """The connector, assembled."""

    config: Config
    scheme: Scheme
    journal: IJournal
    index: IIndex
    register: IRegister
    numbers: INumberScheme
    store: IRecordStore
    inboxes: Mapping[str, IInbox]
    school: School

    def take(self, paths: Sequence[Path], inbox: str) -> Iterator[tuple[Path, ScanId | Exception]]:
        """Copy files in, each claimed as a scan; a file that cannot be taken yields its error, and the others go on."""

    def look(self) -> int:
        """Claim what has settled in every inbox and finish what a crash left; return how many scans are under way."""

    def work(self, progress: Progress | None = None, only: frozenset[ScanId] | None = None) -> int:
        """Bring every scan under way as far as it goes; return how many came to an end. Raises StoreForbidden."""

    def run(self, stop: Event, on_idle: Callable[[], None] | None = None) -> None:
        """Watch, take and work until `stop` is set."""

    def change(self, record: RecordEntry, change: Change) -> RecordEntry:
        """Carry out a person's change in the journal, the store and the index; the one code path for corrections."""

    def sync(self, *, sweep: bool = False) -> SyncReport | None:
        """Take over what people changed in the store; return what happened, None where the store cannot tell of changes."""

    def push(self, tell: Counted, *, dry_run: bool = False) -> Iterator[Pushed]:
        """Carry the records of the folder archive into the store; yield what became of each. A dry run only looks."""

    def reconciler(self) -> Reconciler:
        """Return what compares journal, index, store and `done/`, and repairs."""

    def import_customers(self, path: Path, *, dry_run: bool = False) -> ImportReport:
        """Make the register equal to this CSV file and keep a copy at `register.path`; raises RegisterWrong, nothing changed then."""

    def check_customers(self) -> Iterator[RegisterFinding]:
        """Yield what is wrong or dangerous in the register and where it comes from, the worst first; raises RegisterWrong."""

    def check(self) -> Iterator[CheckFinding]:
        """Yield how everything stands, worst things with their remedy; never raises."""

    def ask_store(self) -> tuple[CheckFinding, ...]:
        """Return how the store answers the questions that filing and sync rely on; () where it is no server. Never raises."""

    def profile(self, token_env: str | None = None) -> ISetupProfile | None:
        """Return the setup profile of the store, to be closed by whoever asked; None where the store needs none.

        It acts with the token in the named environment variable, else with guidang's own.
        """

    def examine(self, path: Path, inbox: str) -> tuple[Examined, ...]:
        """Return what would become of a file in this inbox, and why; nothing is filed. Raises ScanUnreadable."""

    def classify(self, path: Path) -> Classification:
        """Return the kind of a file that is one record; nothing is filed. Raises ScanUnreadable."""

    def close(self) -> None:
        """End children, watchers and connections."""
