"""The whole connector around fakes of reading: looks, works, watches, and keeps the trouble of one scan from the others."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.connector_app import Connector
from connector.interfaces import StoreForbidden
from connector.lease import AlreadyRunning, Lease, turn_at_changes
from ingest.values import ScanId
from metadata.values import Change, RecordState, ScanState
from tests.connector.fakes import KNOWN
from tests.connector.office import NAME, REPAIR, Office, open_office
from tests.connector.test_filing import AWAY, FORBIDDEN, REFUSED, MoodyStore, moody_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with an empty inbox."""
    return open_office(tmp_path)


@pytest.fixture
def connector(office: Office) -> Iterator[Connector]:
    """The connector of the office, closed in the end."""
    connector = office.connector()
    yield connector
    connector.close()


def test_scans_that_lie_there_are_brought_to_their_ends(office: Office, connector: Connector) -> None:
    office.put("a.pdf")
    office.put("bad.pdf", "BAD")
    office.put("flyer.pdf", "none=0.99")
    told: list[tuple[str, int, int]] = []

    under_way = connector.look()
    ended = connector.work(lambda scan_id, step, done, total: told.append((step, done, total)))

    assert (under_way, ended) == (3, 3)
    assert connector.journal.balance()["scans"]["CLOSED"] == 1
    assert {step for step, _, _ in told} == {"received", "page", "filing", "ended"}
    assert connector.look() == 0


def test_same_file_dropped_many_times_is_filed_once(office: Office, connector: Connector) -> None:
    for number in range(6):
        office.put(f"{number}.pdf")

    connector.look()
    connector.work()

    sums = connector.journal.balance()
    assert (sums["scans"]["CLOSED"], sums["scans"]["DUPLICATE"]) == (1, 5)
    assert sums["records"]["INDEXED"] == 1


def test_taken_files_stay_where_they_are(office: Office, connector: Connector, tmp_path: Path) -> None:
    own = tmp_path / "own.pdf"
    own.write_text(REPAIR, encoding="utf-8")

    ((path, scan_id),) = list(connector.take([own], NAME))
    connector.work(only=frozenset({ScanId(str(scan_id))}))

    assert path == own
    assert own.exists()
    assert office.scan(ScanId(str(scan_id))).state is ScanState.CLOSED


def test_only_the_wanted_scans_are_worked_on(office: Office, connector: Connector) -> None:
    office.put("a.pdf")
    office.put("b.pdf", REPAIR + "\n其他")
    connector.look()
    first, second = list(connector.journal.scans())

    connector.work(only=frozenset({second.scan_id}))

    assert office.scan(first.scan_id).state is ScanState.RECEIVED
    assert office.scan(second.scan_id).state is ScanState.CLOSED


def test_bug_in_one_scan_does_not_stop_the_others(
    office: Office, connector: Connector, caplog: pytest.LogCaptureFixture
) -> None:
    """The fake reader cannot decode these bytes: an error nobody expects."""
    (office.inbox.folder / "strange.pdf").write_bytes(b"\xff\xfe\xff")
    office.put("a.pdf")
    connector.look()

    with caplog.at_level(logging.ERROR, logger="guidang"):
        connector.work()

    sums = connector.journal.balance()["scans"]
    assert (sums["CLOSED"], sums["RECEIVED"]) == (1, 1)
    assert "a bug of ours" in caplog.text


def test_inbox_that_is_away_is_waited_for(office: Office, connector: Connector) -> None:
    office.inbox.is_away = True
    office.put("a.pdf")
    assert connector.look() == 0
    office.inbox.is_away = False

    connector.look()

    assert connector.work() == 1


def test_scans_go_on_being_read_while_the_store_is_away(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.before = [AWAY]
    connector = office.connector()
    for number in range(4):
        office.put(f"{number}.pdf", f"{REPAIR}\n{number}")
    connector.look()

    connector.work()

    sums = connector.journal.balance()["scans"]
    assert sums["RECEIVED"] == 0
    assert sums["READ"] >= 1
    office.clock.sleep(10)
    connector.work()
    assert connector.journal.balance()["scans"]["CLOSED"] == 4
    assert len(store.sent) == 4
    connector.close()


def test_store_that_failed_is_tried_with_one_record_and_not_with_all_at_once(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    store.before = [AWAY] * 20
    connector = office.connector()
    for number in range(4):
        office.put(f"{number}.pdf", f"{REPAIR}\n{number}")
    connector.look()
    connector.work()
    left = len(store.before)
    office.clock.sleep(400)

    connector.work()

    assert len(store.before) == left - 1
    connector.close()


def test_store_that_forbids_stops_all_sends_with_one_alarm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    office, store = moody_office(tmp_path)
    store.before = [FORBIDDEN] * 10
    connector = office.connector()
    for number in range(5):
        office.put(f"{number}.pdf", f"{REPAIR}\n{number}")
    connector.look()

    with caplog.at_level(logging.WARNING, logger="guidang"), pytest.raises(StoreForbidden):
        connector.work()

    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert connector.journal.balance()["scans"]["READ"] == 5
    connector.close()


def test_change_kept_from_the_store_is_finished_by_the_next_look(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    connector = office.connector()
    office.put("a.pdf", "kind=repair 0.9")
    connector.look()
    connector.work()
    (record,) = connector.journal.records()
    store.amend_fails = [AWAY]
    with pytest.raises(Exception, match="away"):
        connector.change(record, Change(customer_numbers=(KNOWN,)))

    connector.look()

    (after,) = connector.journal.records()
    assert after.state is RecordState.INDEXED
    assert _stored_is_held(store, after.description.record_id) is False
    connector.close()


def _stored_is_held(store: MoodyStore, record_id: str) -> bool | None:
    from metadata.values import Digests, StoreId

    stored = store.real.read_back(StoreId(record_id), Digests("", ""))
    return stored.is_held if stored else None


def test_watching_files_what_arrives_until_stopped(office: Office, connector: Connector) -> None:
    stop, idle = threading.Event(), threading.Event()
    connector.journal.subscribe(lambda _id, state: stop.set() if state == "CLOSED" else None)
    office.put("a.pdf")

    connector.run(stop, idle.set)

    assert connector.journal.balance()["scans"]["CLOSED"] == 1


def test_second_guidang_on_one_data_path_is_refused(tmp_path: Path) -> None:
    first = Lease(tmp_path)
    first.take()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_is_refused, (tmp_path,))

    first.release()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert not pool.apply(_is_refused, (tmp_path,))


def _is_refused(data_path: Path) -> bool:
    try:
        Lease(data_path).take()
    except AlreadyRunning:
        return True
    return False


def test_person_corrects_while_another_guidang_works(tmp_path: Path) -> None:
    working = open_office(tmp_path)
    working.put("a.pdf", "kind=repair 0.9")
    running = working.connector()
    running.look()
    running.work()
    correcting = open_office(tmp_path).connector()
    (record,) = correcting.journal.records()

    after = correcting.change(record, Change(customer_numbers=(KNOWN,)))

    assert after.state is RecordState.INDEXED
    correcting.close()
    running.close()


def test_look_leaves_changes_alone_while_another_carries_them_out(tmp_path: Path) -> None:
    office, store = moody_office(tmp_path)
    connector = office.connector()
    office.put("a.pdf", "kind=repair 0.9")
    connector.look()
    connector.work()
    (record,) = connector.journal.records()
    store.amend_fails = [AWAY]
    with pytest.raises(Exception, match="away"):
        connector.change(record, Change(customer_numbers=(KNOWN,)))

    with turn_at_changes(connector.config.data_path, 0.0) as is_ours:
        assert is_ours
        connector.look()

        assert len(list(connector.journal.unamended())) == 1
    connector.close()


def test_change_that_the_store_refuses_keeps_no_other_from_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    office, store = moody_office(tmp_path)
    connector = office.connector()
    for name in ("a.pdf", "b.pdf"):
        office.put(name, f"kind=repair 0.9\n{name}")
    connector.look()
    connector.work()
    for record in list(connector.journal.records()):
        store.amend_fails = [AWAY]
        with pytest.raises(Exception, match="away"):
            connector.change(record, Change(customer_numbers=(KNOWN,)))
    store.amend_fails = [REFUSED]

    with caplog.at_level(logging.WARNING, logger="guidang"):
        connector.look()

    assert len(list(connector.journal.unamended())) == 1
    assert "refuses the change" in caplog.text
    connector.look()
    assert list(connector.journal.unamended()) == []
    connector.close()


def test_check_names_what_is_missing_and_what_to_do(office: Office, connector: Connector) -> None:
    findings = list(connector.check())

    assert findings
    assert all(finding.remedy is not None for finding in findings if finding.severity != "ok")
    assert any("客户服务" not in str(finding.subject) and "data" in str(finding.subject) for finding in findings)
