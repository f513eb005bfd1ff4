"""Tags, types, options and fields that a person renames, deletes or changes on the server: no record changes by itself."""

from __future__ import annotations

from connector.sync_news import News
from metadata.values import RecordState
from tests.connector.fakes import KNOWN
from tests.connector.synced_office import HELD, SyncedOffice, synced_office


def test_renamed_mark_confirms_nobody_and_is_used_under_its_new_name(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", HELD)
    office.cycle()

    office.person.rename("tags", "待核验", "请看一看")
    happened = office.happened()
    later = office.take("b.pdf", f"{HELD}二")

    assert [(one.news, one.facts["name"], one.facts["new_name"]) for one in happened] == [
        (News.NAME_RENAMED, "待核验", "请看一看")
    ]
    assert office.record(entry).state is RecordState.HELD
    assert "请看一看" in office.tags(later)
    assert "待核验" not in {tag.name for tag in office.stand_in.state.names["tags"].values()}
    assert office.happened() == []
    office.edit(entry, no_tags=["请看一看"], fields={"客户编号": KNOWN})
    office.happened()
    assert office.record(entry).state is RecordState.INDEXED


def test_deleted_mark_confirms_nobody_and_is_set_again_with_the_next_change(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", HELD)
    office.cycle()

    office.person.remove("tags", "待核验")
    news = office.news()
    gone = office.tags(entry)
    office.edit(entry, title="x")
    office.happened()

    assert News.NAME_DELETED in news
    assert "待核验" not in gone
    assert office.record(entry).state is RecordState.HELD
    assert "待核验" in office.tags(entry)


def test_mark_that_a_filing_made_anew_confirms_nobody(office: SyncedOffice) -> None:
    """Between two cycles the mark was deleted, and a new record made it again: the old ones lack it, and still wait."""
    entry = office.take("a.pdf", HELD)
    office.cycle()
    office.person.remove("tags", "待核验")

    with synced_office(office.office.folder, office.stand_in) as started_again:
        started_again.take("b.pdf", f"{HELD}二")
        started_again.cycle(sweep=True)

        assert started_again.record(entry).state is RecordState.HELD


def test_renamed_and_deleted_types_and_fields_change_no_record(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    before = office.record(entry).description

    office.person.rename("document_types", "维修(报修)单", "报修单")
    office.person.rename("custom_fields", "故障", "毛病")
    renamed = office.news()
    office.person.remove("document_types", "报修单")
    office.person.remove("custom_fields", "毛病")
    deleted = office.news()

    assert renamed == [News.NAME_RENAMED, News.NAME_RENAMED]
    assert deleted == [News.NAME_DELETED, News.NAME_DELETED]
    assert office.record(entry).description == before
    assert office.type_name(entry) is None
    office.edit(entry, title="x")
    office.happened()
    assert office.type_name(entry) == "维修(报修)单"
    assert office.fields(entry)["故障"] == "暖气片漏水"


def test_relabelled_option_changes_no_record(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    field = next(f for f in office.stand_in.state.custom_fields.values() if f.name == "档案类别")
    assert field.extra_data is not None
    for option in field.extra_data["select_options"]:
        option["label"] = option["label"].replace("供热服务记录", "服务")

    news = office.news(sweep=True)

    assert news == [News.NAME_RENAMED]
    assert office.record(entry).description.category == "service"


def test_field_whose_type_was_changed_is_not_read(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    field = next(f for f in office.stand_in.state.custom_fields.values() if f.name == "故障")
    field.data_type = "integer"
    office.document(entry).fields[field.id] = 7
    office.edit(entry, title="x")

    office.happened()

    facts = {fact.name: fact.value for fact in office.record(entry).description.facts}
    assert facts["fault"] == "暖气片漏水"
    assert office.record(entry).description.title == "x"


def test_records_follow_a_renamed_tag_of_a_person(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.edit(entry, tags=["重要"])
    office.cycle()

    office.person.rename("tags", "重要", "很重要")
    news = office.news()
    office.person.remove("tags", "很重要")
    office.news()

    assert news == [News.NAME_FOLLOWED, News.CHANGED]
    assert office.record(entry).description.tags == ()
    assert [move.changed for move in office.moves(entry)][-2:] == [
        {"tags": [["重要"], ["很重要"]]},
        {"tags": [["很重要"], []]},
    ]
