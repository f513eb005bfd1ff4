"""Events reach whoever asked for them, and one bad subscriber keeps nobody from them."""

from __future__ import annotations

import pytest
from zope.interface.registry import Components

from connector.events import Event, Events, RecordFiled, RecordHeld, ScanReceived
from ingest.values import ScanId
from metadata.values import RecordId

HELD = RecordHeld(RecordId("r1"))


def test_subscriber_gets_its_events_and_no_others() -> None:
    events, got = Events(Components()), list[RecordHeld]()
    events.subscribe(RecordHeld, got.append)

    events.send(HELD)
    events.send(RecordFiled(RecordId("r2")))

    assert got == [HELD]


def test_subscriber_of_all_events_gets_all() -> None:
    events, got = Events(Components()), list[Event]()
    events.subscribe(Event, got.append)

    events.send(HELD)
    events.send(ScanReceived(ScanId("s1")))

    assert got == [HELD, ScanReceived(ScanId("s1"))]


def test_two_subscribers_of_one_event_both_get_it() -> None:
    events, first, second = Events(Components()), list[RecordHeld](), list[RecordHeld]()
    events.subscribe(RecordHeld, first.append)
    events.subscribe(RecordHeld, second.append)

    events.send(HELD)

    assert (first, second) == ([HELD], [HELD])


def test_subscriber_that_raises_does_not_keep_others_from_the_event() -> None:
    events, got = Events(Components()), list[Event]()

    def raises(event: Event) -> None:
        raise RuntimeError("bad subscriber")

    events.subscribe(RecordHeld, raises)
    events.subscribe(Event, got.append)
    events.subscribe(RecordHeld, got.append)

    with pytest.raises(RuntimeError, match="bad subscriber"):
        events.send(HELD)

    assert got == [HELD, HELD]
