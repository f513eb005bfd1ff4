"""What people change at the server's web pages reaches index and journal, and is never taken back."""

from __future__ import annotations

from datetime import date

from connector.sync_news import News
from metadata.values import Change, DecidedBy, ReasonCode, RecordState
from tests.connector.fakes import KNOWN
from tests.connector.synced_office import HELD, SyncedOffice


def test_nothing_changed_is_nothing_told(office: SyncedOffice) -> None:
    office.take("a.pdf")
    office.take("b.pdf", HELD)

    first, second = office.cycle(), office.cycle()

    assert (first.happened, second.happened) == ((), ())
    assert (first.swept, second.swept) == (True, False)


def test_kind_changed_by_a_person_reaches_index_and_journal_and_what_follows_reaches_the_server(
    office: SyncedOffice,
) -> None:
    entry = office.take("a.pdf")
    office.take("b.pdf", f"kind=complaint 0.95\nnumber={KNOWN}\n投诉")
    office.cycle()

    office.edit(entry, type="投诉处理单")
    (happened,) = office.happened()

    after = office.record(entry)
    assert (happened.news, happened.by, happened.changed) == (
        News.CHANGED, "liwei", {"kind": ("repair", "complaint")},
    )  # fmt: skip
    assert (after.description.kind, after.state, after.decided_by) == (
        "complaint", RecordState.INDEXED, DecidedBy.PERSON,
    )  # fmt: skip
    assert after.reference_code == entry.reference_code
    move = office.moves(entry)[-1]
    assert (move.moved_by, move.why, move.changed) == ("liwei", "corrected", {"kind": ["repair", "complaint"]})
    assert office.document(entry).title == after.description.title
    assert office.happened() == []


def test_customer_given_by_a_person_files_a_held_record_and_takes_the_mark_away(office: SyncedOffice) -> None:
    office.take("b.pdf")
    entry = office.take("a.pdf", HELD)
    office.cycle()
    before = office.tags(entry)

    office.edit(entry, fields={"客户编号": "031-234-5617"})
    (happened,) = office.happened()

    after = office.record(entry)
    assert {"待核验", "核验·无客户编号"} <= before
    assert (after.state, happened.state) == (RecordState.INDEXED, RecordState.INDEXED)
    assert after.description.identification.numbers == (KNOWN,)
    assert not {tag for tag in office.tags(entry) if tag.startswith(("待核验", "核验"))}
    assert office.fields(entry)["客户编号"] == "031-234-5617"
    assert office.fields(entry)["档号"] == after.reference_code
    assert office.fields(entry).get("核验说明") is None
    assert entry.description.record_id in office.office.parts.index.search(KNOWN)


def test_correction_that_leaves_a_reason_leaves_the_record_held(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", "kind=repair 0.3\nfact.fault=漏水")
    office.cycle()

    office.edit(entry, fields={"故障": "阀门损坏"})
    office.happened()

    after = office.record(entry)
    assert after.state is RecordState.HELD
    assert [reason.code for reason in after.description.reasons] == [ReasonCode.KIND_UNSURE, ReasonCode.NO_CUSTOMER]
    assert {fact.name: fact.value for fact in after.description.facts} == {"fault": "阀门损坏"}
    assert "待核验" in office.tags(entry)


def test_mark_taken_away_confirms(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", f"kind=repair 0.3\nnumber={KNOWN}\nfact.fault=漏水")
    office.cycle()

    office.edit(entry, no_tags=["待核验"])
    office.happened()

    after = office.record(entry)
    assert (after.state, after.description.reasons) == (RecordState.INDEXED, ())
    assert office.moves(entry)[-1].why == "confirmed"
    assert "核验·文种不明" not in office.tags(entry)


def test_mark_taken_away_from_a_record_without_customer_is_set_again_and_the_note_says_why(
    office: SyncedOffice,
) -> None:
    entry = office.take("a.pdf", HELD)
    office.cycle()

    office.edit(entry, no_tags=["待核验"])
    (happened,) = office.happened()

    after = office.record(entry)
    assert (after.state, happened.state) == (RecordState.HELD, RecordState.HELD)
    assert "待核验" in office.tags(entry)
    assert "尚不能确认" in office.fields(entry)["核验说明"]
    assert office.happened() == []
    office.edit(entry, no_tags=["待核验"])
    assert office.news() == [News.CHANGED]
    assert "待核验" in office.tags(entry)


def test_tag_of_rejection_rejects_a_held_record(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", HELD)
    office.cycle()

    office.edit(entry, tags=["退回"])
    office.happened()

    after = office.record(entry)
    assert (after.state, after.reference_code) == (RecordState.REJECTED, None)
    assert "退回" in office.tags(entry)
    assert "待核验" not in office.tags(entry)


def test_rejected_record_whose_tag_is_taken_away_waits_again(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", HELD)
    office.edit(entry, tags=["退回"])
    office.cycle()

    office.edit(entry, no_tags=["退回"])
    office.happened()

    assert office.record(entry).state is RecordState.HELD
    assert "待核验" in office.tags(entry)


def test_tag_of_rejection_on_a_filed_record_is_told_once_and_left(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()

    office.edit(entry, tags=["退回"], title="王家的单子")
    (happened,) = office.happened()

    assert happened.news is News.REFUSED
    assert "filed" in happened.facts["reason"]
    assert office.record(entry).state is RecordState.INDEXED
    assert office.record(entry).description.title == "王家的单子"
    assert "退回" in office.tags(entry)
    assert office.happened() == []


def test_mark_put_on_a_filed_record_asks_for_another_look(office: SyncedOffice) -> None:
    office.take("h.pdf", HELD)
    entry = office.take("a.pdf")
    office.cycle()

    office.edit(entry, tags=["待核验"])
    office.happened()
    held = office.record(entry)
    office.edit(entry, no_tags=["待核验"])
    office.happened()

    assert [reason.code for reason in held.description.reasons] == [ReasonCode.REVIEW_ASKED]
    assert office.record(entry).state is RecordState.INDEXED
    assert office.record(entry).reference_code == entry.reference_code
    assert office.fields(entry)["档号"] == entry.reference_code


def test_customer_taken_away_from_a_filed_record_makes_it_wait(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()

    office.edit(entry, fields={"客户编号": None})
    office.happened()

    after = office.record(entry)
    assert (after.state, after.reference_code) == (RecordState.HELD, None)
    assert "待核验" in office.tags(entry)
    assert not {"档号", "客户编号"} & office.fields(entry).keys()


def test_title_date_and_tags_of_a_person_reach_the_index_and_stay(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()

    office.edit(entry, title="王家的维修单", created="2020-02-03", tags=["重要"])
    office.happened()
    office.edit(entry, fields={"故障": "阀门损坏"})
    office.happened()

    after = office.record(entry).description
    assert (after.title, after.record_date, after.tags) == ("王家的维修单", date(2020, 2, 3), ("重要",))
    assert office.document(entry).title == "王家的维修单"
    assert office.document(entry).created == "2020-02-03"
    assert "重要" in office.tags(entry)
    assert office.office.parts.index.search("重要") == (entry.description.record_id,)
    office.edit(entry, no_tags=["重要"])
    office.happened()
    assert office.record(entry).description.tags == ()


def test_derived_values_follow_and_what_a_person_changed_stays_for_ever(office: SyncedOffice) -> None:
    """The category tag and the customer's name are derived; a person changed the name, and the name stays theirs."""
    entry = office.take("a.pdf")
    office.take("b.pdf", f"kind=receipt 0.95\nnumber={KNOWN}\n收据")
    office.cycle()

    office.edit(entry, fields={"客户名称": "测试户（已搬）"})
    office.happened()
    office.edit(entry, type="缴费收据")
    office.happened()

    assert {"供热缴费信息"} <= office.tags(entry)
    assert "供热服务记录" not in office.tags(entry)
    assert office.fields(entry)["客户名称"] == "测试户（已搬）"
    noted = [move.changed for move in office.moves(entry) if move.changed and "customer_name" in move.changed]
    assert noted == [{"customer_name": [None, "测试户（已搬）"]}]


def test_value_that_the_record_cannot_hold_stays_in_the_archive(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", f"kind=receipt 0.95\nnumber={KNOWN}\nfact.pay_method=现金")
    office.take("b.pdf", f"kind=receipt 0.95\nnumber={KNOWN}\nfact.fee=100.5\n收据")
    office.cycle()

    office.edit(entry, fields={"保管期限": "D50", "档号": "自编-1"})
    office.happened()
    office.edit(entry, title="x")
    office.happened()

    assert (office.fields(entry)["保管期限"], office.fields(entry)["档号"]) == ("D50", "自编-1")
    assert office.record(entry).description.retention == "D30"
    assert office.record(entry).reference_code == entry.reference_code


def test_person_s_note_beside_ours_is_kept(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", HELD)
    office.cycle()
    ours = office.fields(entry)["核验说明"]

    office.edit(entry, fields={"核验说明": f"{ours}\n已打电话，等回复"})
    office.happened()
    office.edit(entry, fields={"客户编号": KNOWN})
    office.happened()

    assert office.record(entry).state is RecordState.INDEXED
    assert office.fields(entry)["核验说明"] == "已打电话，等回复"


def test_change_told_to_guidang_wins_over_an_older_one_in_the_archive(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.edit(entry, fields={"故障": "甲"})
    office.cycle()
    connector = office.office.connector()

    connector.change(office.record(entry), Change(fields={"fault": "乙"}, by="wang"))

    assert office.fields(entry)["故障"] == "乙"
    assert office.happened() == []


def test_change_in_the_archive_is_taken_over_before_one_told_to_guidang(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    connector = office.office.connector()
    office.edit(entry, fields={"故障": "甲"}, title="甲的题名")

    connector.change(office.record(entry), Change(fields={"fault": "乙"}, by="wang"))

    after = office.record(entry).description
    assert office.fields(entry)["故障"] == "乙"
    assert office.document(entry).title == after.title == "甲的题名"
    assert [move.moved_by for move in office.moves(entry)][-2:] == ["liwei", "wang"]


def test_own_bulk_edits_that_are_stamped_late_are_nobody_s_change(office: SyncedOffice) -> None:
    entry = office.take("a.pdf", HELD)
    office.cycle()
    office.stand_in.faults.bulk_updates_wait = True
    office.edit(entry, fields={"客户编号": KNOWN})
    office.cycle()

    office.stand_in.faults.bulk_updates_wait = False
    report = office.cycle()

    assert report.happened == ()
    assert report.looked_at == 1


def test_bulk_edit_of_a_person_that_is_stamped_late_is_seen_then(office: SyncedOffice) -> None:
    first, second = office.take("a.pdf"), office.take("b.pdf", f"kind=repair 0.9\nnumber={KNOWN}\n二")
    office.cycle()
    office.stand_in.faults.bulk_updates_wait = True
    office.person.edit_many([int(e.store_id or 0) for e in (first, second)], tags=["重要"])
    at_once = office.news()

    office.stand_in.faults.bulk_updates_wait = False

    assert at_once == []
    assert office.news() == [News.CHANGED, News.CHANGED]
    assert office.record(second).description.tags == ("重要",)


def test_who_changed_it_is_not_known_where_the_history_is_forbidden(office: SyncedOffice) -> None:
    entry = office.take("a.pdf")
    office.cycle()
    office.stand_in.faults.history_forbidden = True

    office.edit(entry, title="x")
    (happened,) = office.happened()

    assert happened.by == ""
    assert office.moves(entry)[-1].moved_by == "person"
    assert office.record(entry).description.title == "x"
