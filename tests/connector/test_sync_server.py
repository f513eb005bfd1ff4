"""What happens to the server as a whole: the trash, versions, backups, upgrades. Each ends as promised."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.interfaces import OutcomeUnknown, StoreUnreachable
from connector.sync_news import News
from metadata.values import Change, ReasonCode, RecordState, Standing
from tests.connector.synced_office import HELD, SyncedOffice, synced_office
from tests.paperless_stand_in import StandIn

# Deleted, restored, versions


def test_deleted_document_lies_in_the_trash_and_comes_back(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    assert entry.store_id is not None

    office.person.delete(entry.store_id)
    deleted = office.news()
    found = office.office.parts.index.search("暖气片")
    office.person.restore(entry.store_id)
    restored = office.news()

    assert (deleted, found) == ([News.TRASHED], ())
    assert restored == [News.RESTORED]
    assert office.record(entry).standing is Standing.LIVE
    assert office.office.parts.index.search("暖气片") == (entry.description.record_id,)
    assert [move.why for move in office.moves(entry)][-2:] == ["trashed", "restored"]
    assert office.happened() == []


def test_document_deleted_for_good_is_gone_and_never_filed_again_by_itself(office: SyncedOffice) -> None:
    entry, other = office.take("a.pdf"), office.take("b.pdf", HELD)
    office.cycle()
    assert entry.store_id is not None

    office.person.delete(entry.store_id)
    trashed = office.news()
    office.person.empty_trash()
    gone = office.news()

    assert (trashed, gone) == ([News.TRASHED], [News.GONE])
    assert office.record(entry).standing is Standing.GONE
    assert office.record(entry).state is RecordState.INDEXED
    assert office.record(other).standing is Standing.LIVE
    assert len(office.stand_in.state.documents) == 1
    assert office.happened() == []


def test_change_told_to_guidang_of_a_deleted_record_reaches_the_server_when_it_comes_back(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    assert entry.store_id is not None
    office.person.delete(entry.store_id)
    office.cycle()
    connector = office.office.connector()

    connector.change(office.record(entry), Change(fields={"fault": "乙"}))
    office.person.restore(entry.store_id)
    news = office.news()

    assert news == [News.RESTORED]
    assert office.fields(entry)["故障"] == "乙"


def test_document_deleted_between_two_pages_of_a_sweep_is_not_gone(office: SyncedOffice) -> None:
    entries = [office.take(f"{number}.pdf", f"{HELD}{number}") for number in range(3)]
    office.cycle()

    assert office.news(sweep=True) == []
    assert {office.record(entry).standing for entry in entries} == {Standing.LIVE}


def test_newer_file_is_noted_and_the_record_stays_as_it_is(tmp_path: Path) -> None:
    with StandIn("3.0.5") as stand_in, synced_office(tmp_path, stand_in) as office:
        entry = office.take("a.pdf")
        office.cycle()
        assert entry.store_id is not None

        stand_in.state.add_version(int(entry.store_id), b"%PDF a better scan", "v2")

        assert office.news() == [News.NEW_VERSION]
        assert office.happened() == []
        assert office.record(entry).description == entry.description


def test_file_that_is_not_ours_is_told(tmp_path: Path) -> None:
    with StandIn("3.0.5") as stand_in, synced_office(tmp_path, stand_in) as office:
        entry = office.take("a.pdf")
        office.cycle()

        office.document(entry).content = b"%PDF something else"
        office.edit(entry)

        assert office.news() == [News.BYTES_CHANGED]
        assert office.happened() == []


# Backups and upgrades


def backup_of_yesterday(office: SyncedOffice) -> dict[str, Any]:
    """Return a backup of the server; whatever is done afterwards is done a day later."""
    kept = office.stand_in.state.backup()
    office.stand_in.state.clock_ahead += timedelta(days=1)
    return kept


def test_number_given_twice_by_a_restored_server_is_followed_for_whom_it_names(office: SyncedOffice) -> None:
    """Seen on a real 3.0.5: an older backup, a record filed, the newer backup: the first one's corrections were not seen."""
    office.take("a.pdf")
    older = backup_of_yesterday(office)
    first = office.take("b.pdf", HELD)
    office.cycle()
    newer = backup_of_yesterday(office)
    office.stand_in.state.restore(older)
    office.cycle()
    second = office.take("c.pdf", f"{HELD}水")
    office.cycle()

    office.stand_in.state.restore(newer)
    news = office.news()
    office.edit(first, fields={"故障": "阀门"})
    later = office.news()

    assert first.store_id == second.store_id
    assert {News.MISTAKEN, News.RESTORED} <= set(news)
    assert later == [News.CHANGED]
    assert (office.record(first).standing, office.record(second).standing) == (Standing.LIVE, Standing.GONE)
    assert {fact.name: fact.value for fact in office.record(first).description.facts}["fault"] == "阀门"
    assert office.happened() == []


def test_server_restored_from_a_backup_takes_nothing_back(office: SyncedOffice) -> None:
    """The corrections made since the backup are older there now: no person took them back."""
    entry = office.take("a.pdf")
    office.cycle()
    backup = backup_of_yesterday(office)
    office.edit(entry, title="王家的单子", fields={"故障": "阀门"})
    lost = office.take("b.pdf", HELD)
    office.cycle()

    office.stand_in.state.restore(backup)
    news = office.news()

    assert sorted(news) == sorted([News.REWOUND, News.GONE, News.SERVER_RESTORED])
    assert office.record(entry).description.title == "王家的单子"
    assert office.record(entry).standing is Standing.REWOUND
    assert office.record(lost).standing is Standing.GONE
    assert len(office.stand_in.state.documents) == 1
    assert office.happened() == []


def test_document_of_another_under_the_number_of_a_lost_one_is_never_taken_for_it(office: SyncedOffice) -> None:
    office.take("a.pdf")
    backup = backup_of_yesterday(office)
    lost = office.take("b.pdf", HELD)
    office.cycle()
    office.stand_in.state.restore(backup)

    office.stand_in.state.queue({}, "somebody else's.pdf", b"%PDF of another")
    news = office.news()

    assert office.document(lost).content == b"%PDF of another"
    assert News.MISTAKEN in news or News.GONE in news
    assert office.record(lost).standing is Standing.GONE
    assert office.record(lost).description.title != "somebody else's"
    assert office.happened() == []


def test_edit_after_a_restored_backup_is_left_to_a_person(office: SyncedOffice) -> None:
    """Nobody can tell which values the backup took back and which the person changed since."""
    entry, other = office.take("a.pdf"), office.take("c.pdf", f"{HELD}三")
    office.cycle()
    backup = backup_of_yesterday(office)
    office.edit(entry, title="王家的单子")
    office.edit(other, title="x")
    office.take("b.pdf", HELD)
    office.cycle()

    office.stand_in.state.restore(backup)
    office.edit(entry, created="2020-02-03")
    office.happened()

    assert office.record(entry).description.title == "王家的单子"
    assert office.record(entry).standing is Standing.REWOUND


def test_unchanged_records_of_a_restored_server_are_followed_as_before(office: SyncedOffice) -> None:
    entry, other = office.take("a.pdf"), office.take("b.pdf", HELD)
    office.cycle()
    backup = backup_of_yesterday(office)
    office.edit(other, title="x")
    office.cycle()
    office.stand_in.state.restore(backup)
    office.cycle()

    office.edit(entry, title="y")
    news = office.news()

    assert news == [News.CHANGED]
    assert office.record(entry).description.title == "y"


def test_upgraded_server_is_looked_at_whole_and_nothing_changes(tmp_path: Path) -> None:
    """Checksums change from MD5 to SHA-256 and the history of tasks is dropped."""
    with StandIn("2.20.15") as stand_in, synced_office(tmp_path, stand_in) as office:
        entry = office.take("a.pdf")
        office.cycle()
        before = office.record(entry)

        stand_in.state.upgrade("3.0.5")
        report = office.cycle()

        assert [(one.news, one.facts) for one in report.happened] == [
            (News.UPGRADED, {"before": "2.20.15", "after": "3.0.5"})
        ]
        assert report.swept
        assert office.record(entry) == before
        office.edit(entry, title="x")
        assert office.news() == [News.CHANGED]


def test_upload_under_way_across_an_upgrade_is_found_by_its_new_digest(tmp_path: Path) -> None:
    with StandIn("2.20.15") as stand_in:
        with synced_office(tmp_path, stand_in) as office:
            office.take("a.pdf", HELD)
            office.office.put("b.pdf")
            (scan_id,) = office.office.receive()
            stand_in.faults.upload_500_after_accept = 1
            stand_in.faults.worker_down = True
            with pytest.raises(Exception, match=r"did not say"):
                office.office.carry(scan_id)
            stand_in.faults.worker_down = False
            stand_in.state.work()
            stand_in.state.upgrade("3.0.5")

        with synced_office(tmp_path, stand_in) as started_again:
            started_again.office.carry(scan_id)

            assert started_again.office.record(scan_id).state is RecordState.INDEXED
            assert len(stand_in.state.documents) == 2


# Cycles


def test_sweep_is_made_once_a_day(office: SyncedOffice) -> None:
    office.take("a.pdf")
    first, second = office.cycle(), office.cycle()
    office.office.clock.moment += timedelta(hours=25)

    third = office.cycle()

    assert [report.swept for report in (first, second, third)] == [True, False, True]


def test_change_that_the_server_never_stamped_is_seen_by_the_sweep(office: SyncedOffice) -> None:
    """Bulk edits while the worker is down change data and no `modified`."""
    entry = office.take("a.pdf")
    office.cycle()
    assert entry.store_id is not None
    office.person.edit_many([int(entry.store_id)], tags=["重要"])
    office.stand_in.state.touched_in_bulk.clear()

    assert office.news() == []
    assert office.news(sweep=True) == [News.CHANGED]
    assert office.record(entry).description.tags == ("重要",)


def test_cycle_cut_short_is_made_good_by_the_next(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    office.edit(entry, title="x")
    office.stand_in.faults.status_of["/api/trash/"] = [(500, {})] * 8

    with pytest.raises(StoreUnreachable):
        office.cycle()

    office.stand_in.faults.status_of.clear()
    assert office.news() == [News.CHANGED], "what the broken cycle did is told by the next"
    assert office.news() == []
    assert office.record(entry).description.title == "x"


def test_sweep_that_broke_off_after_a_backup_was_restored_is_made_good(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    backup = backup_of_yesterday(office)
    office.edit(entry, title="王家的单子")
    office.cycle()
    office.stand_in.state.restore(backup)
    office.stand_in.faults.status_of["/api/trash/"] = [(500, {})] * 8
    with pytest.raises(StoreUnreachable):
        office.cycle()
    office.stand_in.faults.status_of.clear()

    news = office.news()

    assert sorted(news) == sorted([News.REWOUND, News.SERVER_RESTORED])
    assert office.record(entry).description.title == "王家的单子"
    assert office.happened() == []


def test_our_clock_put_back_by_a_year_does_not_put_the_sweep_off_for_one(office: SyncedOffice) -> None:
    office.take("a.pdf")
    office.cycle()
    office.office.clock.moment -= timedelta(days=365)

    reports = [office.cycle(), office.cycle()]

    assert [report.swept for report in reports] == [True, False]


@pytest.mark.parametrize("status", [400, 404, 405, 502])
def test_proxy_that_answers_in_the_server_s_place_means_that_it_is_away(office: SyncedOffice, status: int) -> None:
    """Not that documents are gone, nor that a scan is refused: 404 is what some proxies say while their server starts."""
    entry = office.take("a.pdf")
    office.cycle()
    office.stand_in.faults.proxy_status = status
    office.office.put("b.pdf", f"{HELD}二")
    (scan_id,) = office.office.receive()

    with pytest.raises(StoreUnreachable):
        office.cycle()
    with pytest.raises((StoreUnreachable, OutcomeUnknown)):
        office.office.carry(scan_id)
    office.stand_in.faults.proxy_status = 0
    office.office.carry(scan_id)

    assert office.news() == []
    assert office.record(entry).standing is Standing.LIVE
    reasons = [reason.code for reason in office.office.record(scan_id).description.reasons]
    assert reasons == [ReasonCode.NO_CUSTOMER]
    assert len(office.stand_in.state.documents) == 2


def test_idle_cycle_costs_at_most_seven_requests(office: SyncedOffice) -> None:
    for number in range(5):
        office.take(f"{number}.pdf", f"{HELD}{number}")
    office.cycle()
    office.cycle()
    before = len(office.stand_in.requests)

    report = office.cycle()

    assert report.happened == ()
    assert len(office.stand_in.requests) - before <= 7


def test_records_of_other_people_are_none_of_ours(office: SyncedOffice) -> None:
    office.take("a.pdf")
    office.stand_in.state.queue({}, "newspaper.pdf", b"%PDF newspaper")

    report = office.cycle(sweep=True)

    assert report.happened == ()
    assert report.looked_at == 2
