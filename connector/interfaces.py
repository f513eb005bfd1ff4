"""The promises of the top floor: the record store, and what can go wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from zope.interface import Attribute, Interface

from connector.sightings import Glance, NameNews, Sighting
from ingest.message import GuidangError, Message
from metadata.copies import StoreValue, Values
from metadata.values import Change, Digests, RecordEntry, RecordId, StoreId, Submission

Difference = tuple[StoreValue | None, StoreValue | None]
"""What was agreed with the store, and what stands there now."""


class StoreUnreachable(GuidangError):
    """The store is away; nothing was done, or we know that nothing was. Wait and try again.

    `retry_after_seconds` is how long the store asked us to wait, None where it did not say.
    """

    retry_after_seconds: float | None = None


class StillUnderWay(StoreUnreachable):
    """The store answers, and has this record in its queue: the record waits, and no other has to wait for it."""


class OutcomeUnknown(GuidangError):
    """An answer is missing: the record may or may not be filed. Look by digest before anything is sent again."""


class StoreRefused(GuidangError):
    """The store will not take this record as it is; sending it again changes nothing. The record is held with the reason."""


class BytesTaken(StoreRefused):
    """The store has these very bytes as another record, live or in its trash, and takes none twice."""


class StoreForbidden(GuidangError):
    """Token or rights are wrong: all sends stop until a person has put that right."""


class Presence(StrEnum):
    """Whether a stored record can be seen."""

    LIVE = "live"
    TRASHED = "trashed"


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the store has it, read back: `record_id` None where the store does not say whose it is."""

    store_id: StoreId
    record_id: RecordId | None
    presence: Presence
    digests_agree: bool
    kind: str | None
    is_held: bool
    reference_code: str | None


class Severity(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One line of `guidang check`: what was looked at, how it stands, and the remedy where it does not."""

    severity: Severity
    subject: Message
    remedy: Message | None


class SetupAction(StrEnum):
    """What a step of the setup profile does, or only says. MARK notes in the store what was applied, and comes last.

    CONFLICT waits for a person; WARNING and NOTE stop nothing.
    """

    MAKE = "make"
    CHANGE = "change"
    RENAME = "rename"
    MARK = "mark"
    CONFLICT = "conflict"
    WARNING = "warning"
    NOTE = "note"


DOING = frozenset({SetupAction.MAKE, SetupAction.CHANGE, SetupAction.RENAME, SetupAction.MARK})
"""The actions that change something in the store."""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One line of the plan of a setup profile. `sort` is a stable code, `sort_word` what people call it."""

    action: SetupAction
    sort: str
    sort_word: Message
    name: str
    why: Message
    remedy: Message | None


class ISetupProfile(Interface):
    """Prepares a store for filing, and keeps it prepared. May be applied any number of times."""

    version: int = Attribute("of the profile that this program brings along")

    def plan() -> tuple[SetupStep, ...]:
        """Return what `apply` would do and what a person must see to, in order; changes nothing.

        Raises StoreUnreachable, StoreForbidden.
        """

    def apply() -> Iterator[tuple[SetupStep, GuidangError | None]]:
        """Carry out the plan; yield each step that does something with its error, None where it was done.

        A step that fails stops no other. Raises StoreUnreachable, StoreForbidden before the first step.
        """

    def close() -> None:
        """Let go of connections."""


class IRecordStore(Interface):
    """Where records are filed. Every method may be repeated; none loses or overwrites what a person changed."""

    name: str = Attribute("as in the configuration")

    def check() -> tuple[CheckFinding, ...]:
        """Return how the store stands; never raises."""

    def find(digests: Digests) -> tuple[StoredRecord, ...]:
        """Return what the store holds with exactly these bytes, live or in the trash. Raises StoreUnreachable, StoreForbidden."""

    def file(submission: Submission, *, was_looked_for: bool = False) -> StoreId:
        """Send the record and return its id in the store once it stands there, complete.

        With `was_looked_for` the caller has just asked `find`, which had nothing of it: the store need not look again before it
        sends. Raises StoreUnreachable, OutcomeUnknown, StoreRefused, StoreForbidden. Never sends twice by itself.
        """

    def complete(store_id: StoreId, submission: Submission) -> None:
        """Give a record found by digest whatever the filing had not yet given it (type, tags, fields); merges, never wipes."""

    def read_back(store_id: StoreId, digests: Digests) -> StoredRecord | None:
        """Return the record as it stands now, its bytes' digest compared; None if it is not there."""

    def amend(store_id: StoreId, submission: Submission) -> None:
        """Bring a filed record to a corrected description (kind, customer, title, tags, fields, place); the bytes stay."""

    def close() -> None:
        """Let go of connections."""


class IChangeSource(Interface):
    """A store that can tell what was changed in it. Reads only. Every method raises StoreUnreachable, StoreForbidden."""

    name: str = Attribute("of the store")

    def refresh() -> tuple[NameNews, ...]:
        """Look anew at the names in the store; return what was renamed or deleted since the last look, each once."""

    def server_version() -> str:
        """Return the version that the server named last, "" before its first answer."""

    def changed_since(moment: datetime) -> Iterator[Glance]:
        """Yield everything that was changed at or after this moment of the store's time, ours and others'."""

    def glances() -> Iterator[Glance]:
        """Yield everything that stands there, ours and others'; what is changed meanwhile may be missed or come twice."""

    def look(store_ids: Iterable[StoreId]) -> Iterator[Sighting]:
        """Yield those of these that stand there, in no order."""

    def sightings() -> Iterator[tuple[Sighting, ...]]:
        """Yield everything that stands there, a page at a time; what is changed meanwhile may be missed or come twice."""

    def trash_count() -> int:
        """Return how many lie in the trash: where that changes, something was deleted or came back."""

    def trashed() -> frozenset[StoreId]:
        """Return what lies in the trash."""

    def wanted(submission: Submission) -> Values:
        """Return what we want of a record, under the keys of a sighting. Makes nothing in the store."""

    def understood(record: RecordEntry, changed: Mapping[str, Difference], values: Values) -> Change:
        """Return what a person's changes of these keys mean for the record; `values` is all that stands there. Pure."""

    def was_logged(store_id: StoreId, since: datetime) -> bool:
        """Return whether the store's own log has a change of it at or after this moment; False where we may not read it."""

    def who(store_id: StoreId, since: datetime | None) -> str:
        """Return who changed it since then, as far as the store tells; "" where it does not."""


class ITellsOfChanges(Interface):
    """A record store that can be followed: `guidang sync` brings back what people change there."""

    def changes() -> IChangeSource:
        """Return what tells of changes in this store."""


class IWaitsLong(Interface):
    """A record store whose calls may wait for minutes, such as for a queue on its server."""

    def give_up() -> None:
        """Let every call that only waits end soon with OutcomeUnknown: the program ends, and looks when it runs again."""


class IKeepsFiles(Interface):
    """A record store whose PDFs stand as files on this machine: its records can be carried into another store."""

    name: str = Attribute("of the store")

    def pdf_path(store_id: StoreId) -> Path | None:
        """Return where the record's PDF stands now, None where it does not; raises StoreUnreachable."""

    def record_ids() -> Iterator[RecordId]:
        """Yield the records that stand there, by what stands beside each PDF; raises StoreUnreachable."""
