"""The promises of the third floor: the register, the journal (every move one transaction) and the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from zope.interface import Interface

from classifiers.values import CustomerSigns, Fact, FieldValue, NumberCandidate
from ingest.message import GuidangError
from ingest.values import Scan, ScanId
from metadata.copies import StoreCopy, StoreMark, StoreName, Values
from metadata.values import (
    Change,
    Customer,
    Description,
    Digests,
    Identification,
    ReasonCode,
    RecordEntry,
    RecordId,
    RecordState,
    ScanEntry,
    ScanState,
    Standing,
    StoreId,
)

Before = tuple[FieldValue | None, FieldValue | None]
"""What stood there before a change, and after it."""


class MoveNotAllowed(GuidangError):
    """A move that the state tables do not allow: a bug, or two processes at once."""


class RecordUnknown(GuidangError):
    """No record of this id (or unambiguous beginning of one) or reference code."""


class RegisterWrong(GuidangError):
    """The customer file cannot be read: says which row or heading."""


class DatabaseUnusable(GuidangError):
    """The index and journal cannot be opened: says where it stands and what to do."""


class DatabaseAway(GuidangError):
    """The database does not answer now: another program holds it, its disk is full or broken, its server is not there."""


class ReferencePatternWrong(GuidangError):
    """The pattern of reference codes in the configuration cannot give unique codes; says why and what to write."""


class IRegister(Interface):
    """The company's customers. Look-ups are on normalised forms; all answers in no particular order."""

    def by_number(number: str) -> Customer | None:
        """Return the customer of a normalised number."""

    def by_name(name: str) -> tuple[Customer, ...]:
        """Return the customers whose normalised name is equal."""

    def by_address(address: str) -> tuple[Customer, ...]:
        """Return the customers whose normalised address agrees (a page may leave the city and district out)."""

    def by_contract_no(contract_no: str) -> tuple[Customer, ...]:
        """Return the customers with this contract number."""

    def by_meter_no(meter_no: str) -> tuple[Customer, ...]:
        """Return the customers with this meter number."""

    def near(number: str, limit: int = 3) -> tuple[Customer, ...]:
        """Return the registered customers whose numbers are nearest (at most two signs away), nearest first."""

    def predecessors(number: str) -> tuple[Customer, ...]:
        """Return the closed accounts that were transferred to this number."""

    def count() -> int:
        """Return how many customers there are."""


class IIdentifier(Interface):
    """Candidates and signs against the register: the table of the archive policy, one pure decision."""

    def identify(
        kind: str | None, numbers: tuple[NumberCandidate, ...], signs: CustomerSigns, given: tuple[str, ...]
    ) -> Identification:
        """Return the customer, or the reasons why a person must decide; a wrong customer is never guessed."""

    def on_every_page(
        found: Identification, numbers: tuple[NumberCandidate, ...], pages: tuple[CustomerSigns, ...]
    ) -> Identification:
        """Return what was found, or held where one of the record's pages, by what it says itself, is another customer's."""

    def believed(
        kind: str | None, facts: tuple[Fact, ...], signs: CustomerSigns, found: Identification
    ) -> tuple[Fact, ...]:
        """Return the facts without those that the register shows to be misread, and with the signs that it confirms.

        Confirmed are signs that read exactly as the register has them, for fields of the kind without a fact. All facts as they are
        where no customer was found.
        """


class IJournal(Interface):
    """Where every scan and record stands. Each method is one transaction: all of it holds, or none.

    Nothing else knows states. Raises MoveNotAllowed for moves outside the tables of `metadata.states`.
    """

    def receive(scan: Scan) -> None:
        """Make the scan's row; a second call for the same id changes nothing."""

    def scan(scan_id: ScanId) -> ScanEntry | None:
        """Return the scan's entry."""

    def scans(states: frozenset[ScanState] | None = None) -> Iterator[ScanEntry]:
        """Yield scans in these states (all if None), oldest first."""

    def same_bytes(sha256: str, but: ScanId) -> tuple[ScanEntry, ...]:
        """Return the other scans with these bytes, oldest first."""

    def read(scan_id: ScanId, page_count: int, described: tuple[Description, ...]) -> None:
        """RECEIVED → READ, with one DESCRIBED record a description."""

    def leave(
        scan_id: ScanId, state: ScanState, reason_code: str, reason_facts: dict[str, str], page_count: int | None
    ) -> None:
        """RECEIVED → QUARANTINED or REJECTED."""

    def duplicate(scan_id: ScanId, of: tuple[RecordId, ...], of_scan: ScanId, page_count: int | None) -> None:
        """RECEIVED → DUPLICATE of these records, or of a scan whose records are still to come."""

    def close(scan_id: ScanId) -> None:
        """READ → CLOSED; raises MoveNotAllowed unless each of its records stands in the store."""

    def put_away(scan_id: ScanId, kept_path: str) -> None:
        """Note where the original now stands; the last act on a scan."""

    def not_put_away() -> Iterator[ScanEntry]:
        """Yield scans at an end whose original has not been put away yet."""

    def submit(record_id: RecordId, digests: Digests) -> str | None:
        """DESCRIBED → SUBMITTED with the digests of the fixed bytes; return its reference code, None while held.

        The code is given here, unique under concurrency, and the same for a record ever after.
        """

    def filed(record_id: RecordId, store: str, store_id: StoreId) -> None:
        """SUBMITTED → INDEXED, or HELD where the description has reasons: the store was read back and the digests agree."""

    def carried(record_id: RecordId, store: str, store_id: StoreId) -> None:
        """Note that a record that stands in a store stands in this one now; its state stays. Repeated: nothing changes."""

    def hold(record_id: RecordId, description: Description) -> None:
        """Replace the description of a DESCRIBED record, such as when the store refuses it and it must be held."""

    def change(
        record_id: RecordId, change: Change, description: Description, state: RecordState, copy: StoreCopy | None = None
    ) -> str | None:
        """Write a person's change with the description recomputed; return the reference code, given now if first INDEXED.

        Where the change was seen in a store, what that store holds is remembered in the same transaction (`copy`), so that it
        is never taken for a change again.
        """

    def note(copy: StoreCopy, why: str, by: str = "", changed: Mapping[str, Before] | None = None) -> None:
        """Write down what happened to the record's copy in the store, and how it stands there now; no state moves."""

    def unamended() -> Iterator[RecordEntry]:
        """Yield records changed by `change` whose store has not been told yet (no `amended` since), oldest change first."""

    def amended(record_id: RecordId) -> None:
        """Note that store and index now say what the last `change` said."""

    def record(record_id: RecordId) -> RecordEntry | None:
        """Return the record's entry."""

    def find_record(text: str) -> RecordEntry:
        """Return the record with this id, unambiguous beginning of an id, or reference code; raises RecordUnknown."""

    def records(
        states: frozenset[RecordState] | None = None, scan_id: ScanId | None = None, store: str | None = None
    ) -> Iterator[RecordEntry]:
        """Yield records in these states, of this scan, standing in this store (all if None), in the order of scans and pages."""

    def held_for(code: ReasonCode) -> tuple[RecordEntry, ...]:
        """Return the HELD records that have this reason, in the order of scans and pages."""

    def same_paper(description: Description) -> tuple[RecordEntry, ...]:
        """Return earlier records of another scan, filed or on their way, of the same kind, customer, date and number."""

    def balance() -> dict[str, dict[str, int]]:
        """Return {"scans": {state: n, "seen": n}, "records": {state: n, "itself": n, "person": n, "waiting": n}}."""

    def subscribe(subscriber: Callable[[str, str], None]) -> None:
        """Call `subscriber(id, state)` after each committed move (for progress; never for work that must not be lost)."""


class IStoreMemory(Interface):
    """What is remembered of stores, so that a person's change can be told from ours. Each method is one transaction."""

    def copy(record_id: RecordId) -> StoreCopy | None:
        """Return what is remembered of the record's copy."""

    def copies(store: str, store_ids: Iterable[StoreId]) -> Mapping[StoreId, StoreCopy]:
        """Return what is remembered of these, by their ids in the store; of two of one id the one that is not gone."""

    def remember(copy: StoreCopy) -> None:
        """Replace what is remembered of the record's copy."""

    def standing(store: str, standings: frozenset[Standing]) -> Mapping[StoreId, RecordId]:
        """Return the records whose copies stand so, by their ids in the store."""

    def modified_since(store: str, moment: datetime) -> Mapping[StoreId, datetime]:
        """Return the live copies that we saw changed at or after this moment of the store's time."""

    def unremembered(store: str) -> Mapping[StoreId, RecordId]:
        """Return the records that stand in the store and of whose copies nothing is remembered."""

    def mark(store: str) -> StoreMark:
        """Return how far the store was followed; a new mark where it never was."""

    def set_mark(mark: StoreMark) -> None:
        """Remember how far the store was followed."""

    def names(store: str) -> Sequence[StoreName]:
        """Return all names that were seen in the store."""

    def name(store: str, names: Iterable[StoreName]) -> None:
        """Remember names; replaces those of the same sort and id."""

    def lose(store: str, named: StoreName, lost: Values) -> int:
        """Forget a name that the store has no more, and these values in every agreement; return how many had one."""


class IIndex(Interface):
    """Full-text search over what stands in the archive."""

    def put(record_id: RecordId, text: str) -> None:
        """Keep the words of a record; replaces what was there."""

    def text(record_id: RecordId) -> str:
        """Return the text that was put for a record; "" where there is none."""

    def having_text(record_ids: Sequence[RecordId]) -> frozenset[RecordId]:
        """Return those of these records, at most a thousand, whose text is not empty."""

    def search(words: str, limit: int = 50) -> tuple[RecordId, ...]:
        """Return records that hold all the words, best first: two-character Chinese words and parts of numbers too."""


class IReferenceScheme(Interface):
    """The pattern of reference codes (档号)."""

    def prefix(description: Description) -> str:
        """Return the part of the code before the running number; one series of numbers a prefix."""

    def code(prefix: str, number: int) -> str:
        """Return the whole code."""


class IDescriber(Interface):
    """Title, date, summary, retention of a record, from what was found and given."""

    def describe(description: Description, kept: frozenset[str] = frozenset()) -> Description:
        """Return the description with every derived value (category, title, date, summary, retention) computed anew.

        What was found and given stays, `tags` too: those that follow from other values are made where a record is filed.
        Those named in `kept` (of `metadata.values.DERIVED`) a person gave: they stay as they are, and the others follow them: a
        title not kept says the kept date, an appraisal date not kept is counted from the kept retention.
        Described again it is the same.
        """

    def appraisal_date(retention: str, formed: date) -> date | None:
        """Return when the retention period ends, None for ever."""
