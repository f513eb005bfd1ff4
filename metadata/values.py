"""What is said about a record and what became of it; the words of the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import NewType

from classifiers.values import Evidence, Fact, FieldValue, FoundBy
from ingest.values import ScanId

RecordId = NewType("RecordId", str)
StoreId = NewType("StoreId", str)
CustomerNumber = NewType("CustomerNumber", str)


class ScanState(StrEnum):
    """Where a scan stands; see `metadata.states` for the moves."""

    RECEIVED = "RECEIVED"
    READ = "READ"
    CLOSED = "CLOSED"
    QUARANTINED = "QUARANTINED"
    DUPLICATE = "DUPLICATE"
    REJECTED = "REJECTED"


class RecordState(StrEnum):
    """Where a record stands."""

    DESCRIBED = "DESCRIBED"
    SUBMITTED = "SUBMITTED"
    INDEXED = "INDEXED"
    HELD = "HELD"
    REJECTED = "REJECTED"


class Standing(StrEnum):
    """How a record's copy stands in the store, as last seen."""

    LIVE = "live"
    TRASHED = "trashed"
    GONE = "gone"  # neither there nor in the trash, or another document stands under its number
    REWOUND = "rewound"  # older than we have seen it: the store was restored from a backup


class DecidedBy(StrEnum):
    """Who brought a record to its end."""

    ITSELF = "itself"
    PERSON = "person"


class CustomerType(StrEnum):
    """居民 or 非居民."""

    RESIDENTIAL = "residential"
    NON_RESIDENTIAL = "non_residential"


class CustomerState(StrEnum):
    """在用 or 已过户."""

    IN_USE = "in_use"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of the register; absent texts are ""."""

    number: CustomerNumber
    name: str
    customer_type: CustomerType
    area: str
    building: str
    room: str
    address: str
    heated_area_m2: float | None
    contract_no: str
    meter_no: str
    trade: str
    scale: str
    state: CustomerState
    transferred_to: str


class RegisterFault(StrEnum):
    """What can be wrong or dangerous in the register of customers."""

    TWICE = "twice"  # the source has the number again
    NO_FORM = "no_form"  # fits none of the forms of customer numbers
    BAD_CHECK = "bad_check"
    SAME_PERSON = "same_person"  # one name at one address, twice in use
    NO_SUCCESSOR = "no_successor"  # closed by a transfer to nobody, or to a number that is not registered
    SAME_METER = "same_meter"
    SAME_CONTRACT = "same_contract"
    NO_PLACE = "no_place"  # neither address nor contract nor meter
    NEAR_ALIKE = "near_alike"  # differ in two signs at most, which look alike or changed places
    NEAR = "near"  # differ in two signs at most


@dataclass(frozen=True, slots=True)
class RegisterFinding:
    """One fault, and the customer numbers that have it, in groups that belong together; never empty."""

    fault: RegisterFault
    groups: tuple[tuple[str, ...], ...]


class ReasonCode(StrEnum):
    """Why a record is held (or, in `notes`, what an archivist may want to know though it was filed)."""

    KIND_UNSURE = "kind_unsure"
    NO_ARCHIVE_DOCUMENT = "no_archive_document"  # in a batch: held, never rejected by itself
    NO_CUSTOMER = "no_customer"
    NUMBER_CHECK_FAILS = "number_check_fails"
    NUMBER_UNREGISTERED = "number_unregistered"
    NUMBER_DOUBTFUL = "number_doubtful"
    NUMBERS_RIVAL = "numbers_rival"
    SIGNS_UNREADABLE = "signs_unreadable"
    SIGNS_DIFFER = "signs_differ"
    NAME_DIFFERS = "name_differs"
    OTHER_CUSTOMER_SIGNS = "other_customer_signs"
    NAME_SHARED = "name_shared"
    NAME_ALONE = "name_alone"
    ADDRESS_ALONE = "address_alone"
    TRANSFER_INCOMPLETE = "transfer_incomplete"
    CUSTOMER_TRANSFERRED = "customer_transferred"
    DELETED_BEFORE = "deleted_before"
    STORE_REFUSED = "store_refused"
    BATCH_UNSURE = "batch_unsure"
    REVIEW_ASKED = "review_asked"
    CONFIRMED_TOO_EARLY = "confirmed_too_early"
    SCAN_COARSE = "scan_coarse"
    SCAN_TILTED = "scan_tilted"
    SCAN_DARK = "scan_dark"
    SCAN_FAINT = "scan_faint"
    SCAN_CUT_OFF = "scan_cut_off"
    PAGES_MISSING = "pages_missing"
    PAGES_DOUBLED = "pages_doubled"
    SCAN_GREW = "scan_grew"
    # notes
    NAME_DIFFERS_NOTED = "name_differs_noted"
    REPAIRED = "repaired"
    FOUND_IN_REGISTER = "found_in_register"
    SECOND_SCAN = "second_scan"
    GIVEN_NUMBER_UNCHECKED = "given_number_unchecked"


RIVAL = "rival:"
"""With a number behind it, the name of a fact of a reason: how name, address, contract and meter of the page stand to that
customer, four words parted by blanks, each one of agrees, differs, unreadable, absent."""

RIVAL_NAME = "rival_name:"
"""With a number behind it, the name of a fact of a reason: that customer's name."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in data; the sentence is made in the reader's language. `customer_numbers` are rivals and suggestions."""

    code: ReasonCode
    facts: Mapping[str, str] = field(default_factory=dict)
    customer_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identification:
    """Which customer, by the table of the archive policy. `numbers` is () exactly where a person must decide.

    On a transfer form `numbers` is (old, new). `notes` are said but do not hold.
    """

    numbers: tuple[CustomerNumber, ...]
    found_by: FoundBy | None
    confidence: float
    customer: Customer | None
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Given:
    """What an inbox, a separator sheet or a person gave; it always wins over what was guessed."""

    kind: str | None = None
    language: str | None = None
    department: str | None = None
    tags: tuple[str, ...] = ()
    customer_numbers: tuple[str, ...] = ()
    fields: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Description:
    """All that is said about a record before it is filed. `reasons` is () where it is filed by itself."""

    record_id: RecordId
    scan_id: ScanId
    scan_sha256: str
    original_name: str
    pages: tuple[int, int]  # first and last of the scan, from 1
    category: str | None
    kind: str | None
    kind_confidence: float
    identification: Identification
    facts: tuple[Fact, ...]
    title: str
    record_date: date | None
    summary: str
    retention: str | None
    appraisal_date: date | None
    language: str | None
    department: str | None
    tags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    second_scan_of: RecordId | None
    received_at: datetime

    @property
    def is_held(self) -> bool:
        """Return whether a person has to look before it counts as filed."""
        return bool(self.reasons)


DERIVED = frozenset({"category", "title", "record_date", "summary", "retention", "appraisal_date"})
"""The derived values of a description that a person may give instead; named so in `RecordEntry.touched`."""

OURSELVES = "guidang"
"""Who made the moves that no person made."""

TAG = "tag:"
"""What begins the name of a tag in `RecordEntry.touched`: a person put it on the record, or took it away."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Of the bytes that are sent, hex: paperless 3.x looks up by SHA-256, 2.x by MD5."""

    sha256: str
    md5: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A record ready to be filed: its description, its code (None while held) and the fixed bytes to send.

    `touched` names what a person gave, as in `RecordEntry`; nothing before it was filed.
    """

    description: Description
    reference_code: str | None
    pdf_path: Path
    digests: Digests
    touched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one scan or one record stands, for tables and balances."""

    scan_id: ScanId
    record_id: RecordId | None
    state: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changed on a record; only what is not None or empty was touched.

    `kind` "" takes the kind away. `derived` gives values of DERIVED. `noted` are changes that only the store can hold, {name:
    (before, after)}: written down, never undone. With `holds` a filed record that is left without what it needs waits again
    instead of being refused; `review` asks for that though nothing is missing; `take_back` brings back a rejected one.
    """

    kind: str | None = None
    customer_numbers: tuple[str, ...] | None = None
    fields: Mapping[str, FieldValue | None] = field(default_factory=dict)
    derived: Mapping[str, FieldValue | None] = field(default_factory=dict)
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    noted: Mapping[str, tuple[FieldValue | None, FieldValue | None]] = field(default_factory=dict)
    confirm: bool = False
    reject: bool = False
    review: bool = False
    take_back: bool = False
    holds: bool = False
    by: str = ""

    @property
    def touched(self) -> frozenset[str]:
        """Return the names that this change makes a person's own, as in `RecordEntry.touched`."""
        names = {*self.fields, *self.derived, *(TAG + tag for tag in (*self.tags_added, *self.tags_removed))}
        if self.kind is not None:
            names.add("kind")
        if self.customer_numbers is not None:
            names.add("customer_numbers")
        return frozenset(names)


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A record as the index knows it: everything `--json` says."""

    description: Description
    state: RecordState
    decided_by: DecidedBy
    reference_code: str | None
    digests: Digests | None
    store: str | None
    store_id: StoreId | None
    touched: frozenset[
        str
    ]  # names a person gave: "kind", "customer_numbers", names of fields and of DERIVED, "tag:" + a tag
    standing: Standing | None = None  # how its copy stands in the store; None where that was never looked at


@dataclass(frozen=True, slots=True)
class ScanEntry:
    """A scan as the journal knows it. `reason_*` where it became no record; `duplicate_of` names records."""

    scan_id: ScanId
    inbox: str
    original_name: str
    sha256: str
    md5: str
    size_bytes: int
    received_at: datetime
    state: ScanState
    page_count: int | None
    reason_code: str | None
    reason_facts: Mapping[str, str]
    duplicate_of: tuple[RecordId, ...]
    work_path: Path
    kept_path: Path | None  # where the original stands once put away
