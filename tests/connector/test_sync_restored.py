"""A server restored from a backup: what it took back is nobody's word, however young the backup is; what persons do after it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.sync_news import News
from metadata.values import Change, RecordEntry, Standing
from tests.connector.fakes import KNOWN
from tests.connector.synced_office import HELD, SyncedOffice


def later(office: SyncedOffice, seconds: float) -> None:
    """Let time pass on the server."""
    office.stand_in.state.clock_ahead += timedelta(seconds=seconds)


def backed_up(office: SyncedOffice, entry: RecordEntry, seconds: float, **edit: Any) -> dict[str, Any]:
    """Return a backup that a change has followed by so many seconds, and a cycle."""
    kept = office.stand_in.state.backup()
    later(office, seconds)
    office.edit(entry, **edit)
    office.cycle()
    return kept


def fault(office: SyncedOffice, entry: RecordEntry) -> object:
    return {fact.name: fact.value for fact in office.record(entry).description.facts}["fault"]


@pytest.mark.parametrize("is_history_readable", [True, False])
@pytest.mark.parametrize("seconds", [0.5, 20, 59, 3600])
def test_what_a_backup_took_back_is_nobody_s_word_however_young_it_is(
    office: SyncedOffice, seconds: float, is_history_readable: bool
) -> None:
    office.stand_in.faults.history_forbidden = not is_history_readable
    other, entry = office.take("b.pdf", HELD), office.take("a.pdf")
    office.edit(entry, title="甲")
    office.cycle()
    backup = backed_up(office, entry, seconds, title="乙")

    office.stand_in.state.restore(backup)
    news = office.news()

    assert sorted(news) == sorted([News.REWOUND, News.SERVER_RESTORED])
    assert office.record(entry).description.title == "乙"
    assert office.record(entry).standing is Standing.REWOUND
    assert office.record(other).standing is Standing.LIVE
    assert office.document(entry).title == "甲"
    assert office.happened() == []
    assert office.happened(sweep=True) == []


def test_correction_after_a_restored_backup_is_taken_over_and_what_the_backup_took_back_is_not(
    office: SyncedOffice,
) -> None:
    entry = office.take("a.pdf", HELD)
    office.cycle()
    backup = backed_up(office, entry, 20, title="乙", fields={"故障": "阀门"})
    office.stand_in.state.restore(backup)
    office.cycle()
    later(office, 40)

    office.edit(entry, fields={"客户编号": KNOWN})
    news = office.news()

    record = office.record(entry)
    assert news == [News.CHANGED]
    assert record.description.identification.numbers == (KNOWN,)
    assert (record.description.title, fault(office, entry), record.standing) == ("乙", "阀门", Standing.REWOUND)
    assert "待核验" not in office.tags(entry), "what follows from the correction is written"
    assert office.fields(entry)["故障"] == "漏水"
    assert office.happened() == []
    assert office.happened(sweep=True) == []


def test_record_is_as_before_once_all_that_was_taken_back_stands_there_again(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    backup = backed_up(office, entry, 20, title="乙", fields={"故障": "阀门"})
    office.stand_in.state.restore(backup)
    office.cycle()

    office.edit(entry, title="乙")
    half = office.news()
    standing = office.record(entry).standing
    office.edit(entry, fields={"故障": "阀门"})
    whole = office.news()

    assert (half, whole) == ([], [])
    assert (standing, office.record(entry).standing) == (Standing.REWOUND, Standing.LIVE)
    office.edit(entry, title="丙")
    assert office.news() == [News.CHANGED]


def test_person_who_overrules_the_backup_s_value_is_followed(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    backup = backed_up(office, entry, 20, title="乙")
    office.stand_in.state.restore(backup)
    office.cycle()

    office.edit(entry, title="丙")

    assert office.news() == [News.CHANGED]
    assert office.record(entry).description.title == "丙"
    assert office.record(entry).standing is Standing.LIVE


def test_document_that_stood_as_it_was_when_the_backup_was_made_is_followed_in_the_very_cycle_that_sees_the_backup(
    office: SyncedOffice,
) -> None:
    """Of what was not changed since the backup, everything that differs is a person's."""
    untouched, _kept, entry = office.take("b.pdf", HELD), office.take("c.pdf", f"{HELD}三"), office.take("a.pdf")
    office.cycle()
    backup = backed_up(office, entry, 20, title="乙")

    office.stand_in.state.restore(backup)
    later(office, 30)
    office.edit(untouched, title="丁")
    news = office.news()

    assert sorted(news) == sorted([News.CHANGED, News.REWOUND, News.SERVER_RESTORED])
    assert office.record(untouched).description.title == "丁"
    assert office.record(entry).description.title == "乙"


def test_document_edited_before_anybody_saw_that_a_backup_took_something_back_is_left_to_a_person(
    office: SyncedOffice,
) -> None:
    """Nothing tells which of its values are the backup's, until the next change."""
    _other, entry = office.take("b.pdf", HELD), office.take("a.pdf")
    office.cycle()
    backup = backed_up(office, entry, 20, title="乙")
    lost = office.take("c.pdf", f"{HELD}三")
    office.edit(_other, title="x")
    office.cycle()

    office.stand_in.state.restore(backup)
    later(office, 30)
    office.edit(entry, created="2020-02-03")
    first = office.news()
    office.edit(entry, fields={"故障": "阀门"})
    second = office.news()

    assert sorted(first) == sorted([News.REWOUND, News.REWOUND, News.GONE, News.SERVER_RESTORED])
    assert second == [News.CHANGED]
    assert (office.record(entry).description.title, fault(office, entry)) == ("乙", "阀门")
    assert office.record(lost).standing is Standing.GONE


def test_correction_here_is_written_even_over_what_the_backup_brought_back(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    backup = backed_up(office, entry, 20, title="乙", fields={"故障": "阀门"})
    office.stand_in.state.restore(backup)
    office.cycle()
    connector = office.office.connector()

    connector.change(office.record(entry), Change(fields={"fault": "水泵"}, by="Li"))

    connector.close()
    assert office.fields(entry)["故障"] == "水泵"
    assert office.document(entry).title != "乙"
    assert office.happened() == []
    assert fault(office, entry) == "水泵"


def test_second_older_backup_takes_nothing_back_either(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    oldest = office.stand_in.state.backup()
    later(office, 20)
    office.edit(entry, fields={"故障": "阀门"})
    office.cycle()
    backup = backed_up(office, entry, 20, title="乙")
    office.stand_in.state.restore(backup)
    office.cycle()

    office.stand_in.state.restore(oldest)
    news = office.news()

    assert News.REWOUND in news
    assert (office.record(entry).description.title, fault(office, entry)) == ("乙", "阀门")
    assert office.happened() == []


def test_backup_is_noticed_where_the_newest_change_was_made_to_a_document_of_others(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    backup = backed_up(office, entry, 600, title="乙")
    later(office, 3600)
    office.stand_in.state.queue({}, "newspaper.pdf", b"%PDF newspaper")
    office.cycle()

    office.stand_in.state.restore(backup)
    news = office.news()

    assert sorted(news) == sorted([News.REWOUND, News.SERVER_RESTORED])
    assert office.record(entry).description.title == "乙"


def test_newest_document_in_the_trash_makes_no_sweep(office: SyncedOffice) -> None:
    office.take("a.pdf")
    later(office, 3600)
    newest = office.take("b.pdf", HELD)
    office.cycle()
    assert newest.store_id is not None

    office.person.delete(newest.store_id)
    reports = [office.cycle(), office.cycle()]

    assert [report.swept for report in reports] == [False, False]
    assert [one.news for one in reports[0].happened] == [News.TRASHED]


def test_stamps_that_an_export_cut_to_milliseconds_are_no_backup(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.edit(entry, title="甲")
    office.cycle()
    document = office.document(entry)
    document.modified = document.modified.replace(microsecond=document.modified.microsecond // 1000 * 1000)

    assert office.news(sweep=True) == []
    assert office.record(entry).standing is Standing.LIVE
