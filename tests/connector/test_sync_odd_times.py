"""Clocks that are put back, more changes than a page holds, and cycles that break off: no change of a person is lost or taken for old.

The server's stamps are all that tells old from new; each test is a way in which they mislead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.interfaces import IChangeSource, StoreUnreachable
from connector.paperless.store import PaperlessStore
from connector.sightings import Glance
from connector.sync import GLANCES_AT_ONCE, Sync
from connector.sync_news import News
from metadata.values import Change, Standing, StoreId
from tests.connector.synced_office import SyncedOffice, synced_office
from tests.paperless_stand_in import StandIn


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SyncedOffice]:
    """Give an office that follows a server."""
    with StandIn() as running, synced_office(tmp_path, running) as opened:
        yield opened


@pytest.mark.parametrize("seconds", [5, 59])
def test_server_s_clock_put_back_is_no_restored_backup_where_later_changes_still_stand(
    office: SyncedOffice, seconds: int
) -> None:
    entry, _later = office.take("a.pdf"), office.take("b.pdf", "kind=repair 0.95\nfact.fault=漏水")
    office.stand_in.faults.history_forbidden = True
    office.cycle()

    office.stand_in.state.clock_ahead -= timedelta(seconds=seconds)
    office.edit(entry, title="王家的单子")
    news = office.news()

    assert news == [News.CHANGED]
    assert office.record(entry).description.title == "王家的单子"
    assert office.record(entry).standing is Standing.LIVE
    assert office.news(sweep=True) == []


def test_server_s_clock_put_back_is_no_restored_backup_where_the_log_still_has_the_change(
    office: SyncedOffice,
) -> None:
    entry = office.take("a.pdf")
    office.edit(entry, title="王家的单子")
    office.cycle()

    office.stand_in.state.clock_ahead -= timedelta(seconds=30)
    office.edit(entry, title="李家的单子")

    assert office.news() == [News.CHANGED]
    assert office.record(entry).description.title == "李家的单子"


def test_change_after_the_clock_was_put_back_that_nothing_tells_from_a_backup_is_shown_and_the_next_one_counts(
    office: SyncedOffice,
) -> None:
    office.stand_in.faults.history_forbidden = True
    entry = office.take("a.pdf")
    office.cycle()

    office.stand_in.state.clock_ahead -= timedelta(seconds=30)
    office.edit(entry, title="王家的单子")
    first = office.news()
    office.edit(entry, fields={"故障": "阀门"})
    second = office.news()

    assert set(first) == {News.REWOUND, News.SERVER_RESTORED}
    assert second == [News.CHANGED]
    assert {fact.name: fact.value for fact in office.record(entry).description.facts}["fault"] == "阀门"


def test_correction_here_after_the_clock_was_put_back_is_written(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    before = office.document(entry).modified
    office.edit(entry, title="王家的单子")
    office.document(entry).modified = before - timedelta(seconds=5)
    connector = office.office.connector()

    connector.change(office.record(entry), Change(fields={"fault": "阀门坏了"}, by="Li"))

    connector.close()
    assert office.fields(entry)["故障"] == "阀门坏了"
    assert office.document(entry).title == "王家的单子"
    office.happened()
    assert office.record(entry).description.title == "王家的单子"


def test_document_an_hour_older_still_is_a_restored_backup(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    before = office.document(entry).modified

    office.edit(entry, title="旧单子")
    office.document(entry).modified = before - timedelta(hours=1)
    news = office.news(sweep=True)

    assert set(news) == {News.REWOUND, News.SERVER_RESTORED}


def test_more_changes_than_one_page_holds_make_a_sweep(office: SyncedOffice) -> None:
    """Pages in the order of changes slip while people work; those in the order of numbers do not."""
    office.take("a.pdf")
    office.cycle()
    paperless = office.office.parts.store
    assert isinstance(paperless, PaperlessStore)
    busy: Any = Busy(paperless.changes())
    sync = Sync(office.office.parts, busy, office.memory, lambda: nullcontext(True), timedelta(hours=24))

    assert not office.cycle().swept
    assert sync.cycle().swept


def test_names_that_changed_before_a_cycle_broke_off_are_told_by_the_next(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.edit(entry, tags=["急件"])
    office.happened()
    office.person.rename("tags", "急件", "特急")
    office.stand_in.faults.status_of["/api/documents/"] = [(503, {})] * 50
    with pytest.raises(StoreUnreachable):
        office.cycle()
    office.stand_in.faults.status_of.clear()

    report = office.cycle()

    assert News.NAME_FOLLOWED in [one.news for one in report.happened]
    assert report.swept
    assert "特急" in office.record(entry).description.tags


def test_sweep_that_names_asked_for_is_made_even_by_another_process(tmp_path: Path) -> None:
    with StandIn() as stand_in:
        with synced_office(tmp_path, stand_in) as office:
            entry = office.take("a.pdf")
            office.edit(entry, tags=["急件"])
            office.happened()
            office.person.rename("tags", "急件", "特急")
            stand_in.faults.status_of["/api/documents/"] = [(503, {})] * 50
            with pytest.raises(StoreUnreachable):
                office.cycle()
            stand_in.faults.status_of.clear()

        with synced_office(tmp_path, stand_in) as later:
            later.cycle()

            assert "特急" in later.record(entry).description.tags


@dataclass
class Busy:
    """A source of changes in which more was changed than there is."""

    source: IChangeSource

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)

    def changed_since(self, moment: datetime) -> Iterator[Glance]:
        """Yield what was changed, and a page full of others."""
        yield from self.source.changed_since(moment)
        for number in range(GLANCES_AT_ONCE):
            yield Glance(StoreId(f"x{number}"), moment)
