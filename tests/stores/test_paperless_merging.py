"""What is ours on a document and what is a person's: merging never wipes what we do not own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from connector.i18n import Language
from connector.interfaces import StoreForbidden, StoreRefused
from connector.paperless.store import PaperlessStore
from metadata.values import Reason, ReasonCode
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.state import CustomField, Named, StoredDocument
from tests.stores.conftest import paperless_store
from tests.stores.submissions import Paper, customer, example_scheme


@pytest.fixture
def store(stand_in: StandIn) -> Iterator[PaperlessStore]:
    made = paperless_store(stand_in)
    yield made
    made.close()


def only(stand_in: StandIn) -> StoredDocument:
    (document,) = stand_in.state.live
    return document


def tags(stand_in: StandIn) -> set[str]:
    names = {tag.id: tag.name for tag in stand_in.state.names["tags"].values()}
    return {names[tag_id] for tag_id in only(stand_in).tags}


def fields(stand_in: StandIn) -> dict[str, object]:
    names = {field.id: field.name for field in stand_in.state.custom_fields.values()}
    return {names[field_id]: value for field_id, value in only(stand_in).fields.items()}


def field_id(stand_in: StandIn, name: str) -> int:
    return next(field.id for field in stand_in.state.custom_fields.values() if field.name == name)


def test_filed_record_bears_everything_that_is_known(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    store.file(paper.submission())

    document = only(stand_in)
    label = {option["id"]: option["label"] for name in ("档案类别", "用户类型") for option in _options(stand_in, name)}
    assert document.title == paper.title
    assert document.created == "2024-11-13"
    assert stand_in.state.names["document_types"][document.document_type or 0].name == "维修(报修)单"
    assert tags(stand_in) == {"供热服务记录", "居民", "工程技术"}
    found = fields(stand_in)
    assert label[str(found.pop("档案类别"))] == "供热服务记录"
    assert label[str(found.pop("用户类型"))] == "居民"
    assert found == {
        "客户编号": "10023456",
        "客户名称": "王小明",
        "片区": "和平里",
        "楼栋": "12号楼",
        "档号": "SV-2024-WX·00001",
        "保管期限": "D30",
        "鉴定日期": "2054-11-13",
        "内容摘要": "报修：暖气片不热",
        "置信度": 0.93,
        "扫描件摘要": paper.description().scan_sha256,
        "件标识": "r0001",
        fact_name("report_date"): "2024-11-13",
        fact_name("fault"): "暖气片不热",
        fact_name("room_temp_c"): 14.5,
    }


def _options(stand_in: StandIn, name: str) -> list[dict[str, str]]:
    extra = next(field for field in stand_in.state.custom_fields.values() if field.name == name).extra_data
    assert extra is not None
    options: list[dict[str, str]] = extra["select_options"]
    return options


def fact_name(name: str) -> str:
    return next(spec.names.zh for spec in example_scheme().field_specs if spec.name == name)


def test_held_record_bears_its_reasons_as_tags_and_in_the_review_note(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    facts = {"rival:10023456": "agrees differs unreadable absent", "rival_name:10023456": "王小明"}
    reasons = (Reason(ReasonCode.NUMBERS_RIVAL, facts, ("10023456", "10023457")),)

    store.file(paper.held(reasons).submission())

    assert {"待核验", "核验·多个客户"} <= tags(stand_in)
    note = str(fields(stand_in)["核验说明"])
    assert "10023456" in note
    assert "10023457" in note
    assert "10023456 王小明：姓名相符；地址不符；合同号看不清。" in note.splitlines()
    assert "扫描件 scan_0007.pdf 第 1 页" in note.splitlines()
    assert "客户编号" not in fields(stand_in)
    assert "档号" not in fields(stand_in)


def test_confirmed_record_loses_reasons_and_note(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    store_id = store.file(paper.held().submission())

    store.amend(store_id, paper.submission())

    assert not {name for name in tags(stand_in) if name.startswith(("待核验", "核验"))}
    assert "核验说明" not in fields(stand_in)


def test_rejected_record_keeps_only_its_tag_of_rejection(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store_id = store.file(paper.held().submission())

    store.amend(store_id, paper.held().but(tags=("rejected",)).submission())

    assert "退回" in tags(stand_in)
    assert "待核验" not in tags(stand_in)


def test_english_archive_speaks_english(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in, language=Language.EN)

    store_id = store.file(paper.held().submission())

    assert {"held", "no customer"} <= tags(stand_in)
    assert "Review note" in fields(stand_in)
    stored = store.read_back(store_id, paper.held().submission().digests)
    assert stored is not None
    assert stored.kind == "repair"
    store.close()


def test_archive_begun_in_the_other_language_is_understood(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    submission = paper.held().submission()
    store_id = store.file(submission)
    english = paperless_store(stand_in, language=Language.EN)

    stored = english.read_back(store_id, submission.digests)

    assert stored is not None
    assert stored.is_held
    assert stored.kind == "repair"
    english.close()


def test_tags_and_fields_of_a_person_survive_every_change(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store_id = store.file(paper.held().submission())
    mine = Named(stand_in.state.next_id("tags"), "请王工看", 1)
    own_field = CustomField(stand_in.state.next_id("custom_fields"), "柜号", "string", None)
    stand_in.state.names["tags"][mine.id] = mine
    stand_in.state.custom_fields[own_field.id] = own_field
    only(stand_in).tags.append(mine.id)
    only(stand_in).fields[own_field.id] = "B-12"

    store.complete(store_id, paper.held().submission())
    store.amend(store_id, paper.submission())

    assert "请王工看" in tags(stand_in)
    assert fields(stand_in)["柜号"] == "B-12"


def test_value_that_a_person_entered_in_one_of_our_fields_survives(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    """The archivist found the technician in the paper; confirming the record must not take that away again."""
    store_id = store.file(paper.held().submission())
    technician = fact_name("technician")
    store.file(paper.but(record_id="r2", content=b"%PDF-1.4 2", facts=(("technician", "李师傅"),)).submission())
    first = stand_in.state.documents[int(store_id)]
    first.fields[field_id(stand_in, technician)] = "赵师傅"

    store.amend(store_id, paper.submission())

    assert first.fields[field_id(stand_in, technician)] == "赵师傅"


def test_completing_leaves_a_title_and_type_that_a_person_changed(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store_id = store.file(paper.submission())
    only(stand_in).title = "王小明家的维修单"
    only(stand_in).fields[field_id(stand_in, "客户名称")] = "王晓明"

    store.complete(store_id, paper.submission())

    assert only(stand_in).title == "王小明家的维修单"
    assert fields(stand_in)["客户名称"] == "王晓明"


def test_facts_of_the_wrong_kind_go_with_it(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    receipt = paper.but(kind="receipt", category="payment", facts=(("amount", 145.5), ("pay_date", date(2024, 1, 2))))
    store_id = store.file(receipt.submission())
    assert "CNY145.50" in fields(stand_in).values()

    store.amend(store_id, paper.submission())

    assert "CNY145.50" not in fields(stand_in).values()
    assert "供热缴费信息" not in tags(stand_in)


def test_transfer_bears_both_numbers_and_loses_the_former_when_corrected(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    transfer = paper.but(
        kind="change_transfer", category="basic", numbers=("10023456", "10027777"), customer=customer("10027777")
    )
    store_id = store.file(transfer.submission())
    both = (fields(stand_in)["客户编号"], fields(stand_in)["原客户编号"])

    store.amend(store_id, paper.submission())

    assert both == ("10027777", "10023456")
    assert "原客户编号" not in fields(stand_in)


def test_value_too_long_for_the_server_is_refused_by_name_and_never_shortened(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    unfit = paper.but(customer=customer(name="长" * 129))

    with pytest.raises(StoreRefused, match="客户名称") as refused:
        store.file(unfit.submission())

    assert "长长" not in str(refused.value)
    assert stand_in.state.documents == {}


def test_record_held_for_a_refused_value_is_filed_without_it_and_says_so(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    unfit = paper.but(
        facts=(("work_order", "9" * 200), ("fault", "暖气片不热")),
        reasons=(Reason(ReasonCode.STORE_REFUSED, {"reason": "…"}),),
        code=None,
    )

    store.file(unfit.submission())

    assert "9" * 100 not in str(fields(stand_in))
    assert "未能写入的字段" in str(fields(stand_in)["核验说明"])
    assert "待核验" in tags(stand_in)


def test_field_of_our_name_with_another_type_stops_and_is_not_forced(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    foreign = CustomField(stand_in.state.next_id("custom_fields"), "客户编号", "integer", None)
    stand_in.state.custom_fields[foreign.id] = foreign

    with pytest.raises(StoreForbidden, match="客户编号"):
        store.file(paper.submission())

    assert foreign.data_type == "integer"
    assert stand_in.state.documents == {}


def test_names_are_shared_never_matched_and_compared_exactly(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    twin = Named(stand_in.state.next_id("tags"), "供热服务记录", owner=7, matching_algorithm=0)
    stand_in.state.names["tags"][twin.id] = twin

    store.file(paper.but(department="eng").submission())
    store.file(paper.but(record_id="r2", content=b"%PDF-1.4 2", department="Eng").submission())

    ours = [tag for tag in stand_in.state.names["tags"].values() if tag is not twin]
    assert {tag.owner for tag in ours} == {None}
    assert {tag.matching_algorithm for tag in ours} == {0}
    assert {"eng", "Eng"} <= {tag.name for tag in ours}


def test_option_missing_in_a_select_is_added_and_the_others_keep_their_ids(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    options = {"select_options": [{"label": "供热服务记录", "id": "aaaa"}]}
    old = CustomField(stand_in.state.next_id("custom_fields"), "档案类别", "select", options)
    stand_in.state.custom_fields[old.id] = old

    store.file(paper.submission())

    now = {option["label"]: option["id"] for option in _options(stand_in, "档案类别")}
    assert now["供热服务记录"] == "aaaa"
    assert len(now) == 6
    assert fields(stand_in)["档案类别"] == "aaaa"


def test_undated_record_takes_the_day_it_came_not_a_date_guessed_by_the_server(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store.file(paper.but(record_date=None).submission())

    assert only(stand_in).created == paper.description().received_at.astimezone().date().isoformat()


def test_record_costs_few_requests(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    """At most eight a record without polling, once the names stand there; 2.x needs one more look for each digest."""
    store.file(paper.submission())
    submission = paper.but(record_id="r2", content=b"%PDF-1.4 2").submission()
    before = len(stand_in.requests)

    store.read_back(store.file(submission), submission.digests)

    asked = [request for request in stand_in.requests[before:] if "/api/tasks/" not in request]
    assert len(asked) <= 8
