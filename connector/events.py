"""What happened, told to whoever wants to know: metrics, receipts, later learning and the audit trail.

An event is sent after the move it tells of has been committed, so a subscriber cannot undo it, and one that raises keeps
neither the other subscribers nor the journey from going on to its end; its error comes out afterwards. Not for work that
must not be lost: after a crash between move and event nobody sends the event again; such work reads the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar, cast

from zope.interface import Interface, implementer
from zope.interface.registry import Components

from ingest.values import ScanId
from metadata.values import RecordId


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is so from now on."""


@dataclass(frozen=True, slots=True)
class ScanReceived(Event):
    """A scan is ours and has its row."""

    scan_id: ScanId


@dataclass(frozen=True, slots=True)
class ScanRead(Event):
    """A scan has been read and cut into so many records."""

    scan_id: ScanId
    records: int


@dataclass(frozen=True, slots=True)
class ScanClosed(Event):
    """Every record of the scan stands in the store, read back."""

    scan_id: ScanId


@dataclass(frozen=True, slots=True)
class ScanQuarantined(Event):
    """The scan cannot be read; `reason` is the fault's code."""

    scan_id: ScanId
    reason: str


@dataclass(frozen=True, slots=True)
class ScanRejected(Event):
    """The scan is surely no archive document."""

    scan_id: ScanId
    reason: str


@dataclass(frozen=True, slots=True)
class ScanDuplicate(Event):
    """The scan's bytes stand in the store already, as these records."""

    scan_id: ScanId
    of: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class RecordFiled(Event):
    """A record stands in the store and was filed by itself."""

    record_id: RecordId


@dataclass(frozen=True, slots=True)
class RecordHeld(Event):
    """A record stands in the store and waits for a person."""

    record_id: RecordId


@dataclass(frozen=True, slots=True)
class RecordCorrected(Event):
    """A person corrected, confirmed or rejected a record."""

    record_id: RecordId


E = TypeVar("E", bound=Event)


class IDelivery(Interface):
    """One event on its way to one subscriber."""

    def deliver() -> None:
        """Call the subscriber."""


class Events:
    """Sends events to their subscribers, through the same registry as the components."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def subscribe(self, event: type[E], subscriber: Callable[[E], None]) -> None:
        """Call `subscriber` with every event of this class or a more special one."""

        @implementer(IDelivery)
        class Delivery:
            def __init__(self, sent: E) -> None:
                self._sent = sent

            def deliver(self) -> None:
                subscriber(self._sent)

        self._components.registerSubscriptionAdapter(Delivery, [event], IDelivery)

    def send(self, event: Event) -> None:
        """Call every subscriber, even where one raises; the last error raised comes out when all were called."""
        with ExitStack() as calls:
            found: object = self._components.subscribers((event,), IDelivery)
            for delivery in reversed(cast("list[IDelivery]", found)):  # the stub says one, there are many
                calls.callback(delivery.deliver)
