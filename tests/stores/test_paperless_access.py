"""Who may see and change a filed record, and in which branch of the archive it stands; a person's own choices stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.duties import DEFAULT_DUTIES, Access, Duty, access_of, known_duties
from connector.interfaces import StoreForbidden
from connector.paperless.check import FILING_RIGHTS
from connector.paperless.store import PaperlessStore
from metadata.values import CustomerType
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.state import OWNER, Named, StoredDocument
from tests.stores.conftest import applied, paperless_store
from tests.stores.submissions import Paper, customer, example_scheme


@pytest.fixture
def store(stand_in: StandIn) -> Iterator[PaperlessStore]:
    applied(stand_in)
    made = paperless_store(stand_in, duties=DEFAULT_DUTIES)
    yield made
    made.close()


def only(stand_in: StandIn) -> StoredDocument:
    (document,) = stand_in.state.live
    return document


def groups(stand_in: StandIn, action: str) -> set[str]:
    names = {group["id"]: group["name"] for group in stand_in.state.groups}
    return {names[number] for number in only(stand_in).permissions[action]["groups"]}


def branch(stand_in: StandIn) -> str:
    return stand_in.state.names["storage_paths"][only(stand_in).storage_path or 0].name


def test_record_is_seen_by_those_whose_work_needs_its_category(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store.file(paper.submission())

    assert groups(stand_in, "view") == {"档案管理员", "业务文员", "客户服务", "工程技术", "管理层"}
    assert groups(stand_in, "change") == {"档案管理员"}
    assert only(stand_in).owner == OWNER


def test_held_record_is_seen_by_those_who_decide_and_opened_when_it_is_confirmed(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store_id = store.file(paper.held().submission())
    before = groups(stand_in, "view"), branch(stand_in)

    store.amend(store_id, paper.submission())

    assert before == ({"档案管理员", "管理层"}, "待核验")
    assert "工程技术" in groups(stand_in, "view")
    assert branch(stand_in) == "居民"


def test_correction_of_the_category_closes_the_record_to_those_who_no_longer_need_it(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    store_id = store.file(paper.submission())

    store.amend(store_id, paper.but(kind="receipt", category="payment", facts=()).submission())

    assert groups(stand_in, "view") == {"档案管理员", "客户服务", "财务", "管理层"}


def test_groups_and_people_that_a_person_added_stay(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    stand_in.state.groups.append({"id": 900, "name": "审计", "permissions": []})
    store_id = store.file(paper.submission())
    only(stand_in).permissions["view"]["groups"].append(900)
    only(stand_in).permissions["change"]["users"].append(41)

    store.amend(store_id, paper.but(kind="receipt", category="payment", facts=()).submission())

    assert "审计" in groups(stand_in, "view")
    assert only(stand_in).permissions["change"]["users"] == [41]


def test_completing_gives_missing_groups_and_takes_none_away(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    """After a crash between upload and completion nothing is remembered of the document."""
    store_id = store.file(paper.submission())
    finance = next(group["id"] for group in stand_in.state.groups if group["name"] == "财务")
    only(stand_in).permissions["view"]["groups"] = [finance]
    started_again = paperless_store(stand_in, duties=DEFAULT_DUTIES)

    started_again.complete(store_id, paper.submission())

    assert groups(stand_in, "view") == {"财务", "档案管理员", "业务文员", "客户服务", "工程技术", "管理层"}
    started_again.close()


def test_group_that_a_person_took_away_stays_away(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:
    store_id = store.file(paper.submission())
    clerks = next(group["id"] for group in stand_in.state.groups if group["name"] == "业务文员")
    only(stand_in).permissions["view"]["groups"].remove(clerks)

    store.complete(store_id, paper.submission())
    store.amend(store_id, paper.but(title="另一个题名").submission())

    assert groups(stand_in, "view") == {"档案管理员", "客户服务", "工程技术", "管理层"}


def test_path_that_a_person_chose_stays(stand_in: StandIn, store: PaperlessStore, paper: Paper) -> None:

    store_id = store.file(paper.held().submission())
    stand_in.state.names["storage_paths"][900] = Named(900, "自己的", None)
    only(stand_in).storage_path = 900

    store.amend(store_id, paper.submission())

    assert branch(stand_in) == "自己的"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "居民"),
        ({"customer": customer(customer_type=CustomerType.NON_RESIDENTIAL, trade="餐饮", scale="大")}, "非居民"),
        ({"customer": None}, "未登记客户"),
        ({"customer": None, "numbers": ()}, "待核验"),
        ({"tags": ("rejected",)}, "退回"),
    ],
)
def test_record_stands_in_its_branch_of_the_archive(
    stand_in: StandIn, store: PaperlessStore, paper: Paper, changes: dict[str, object], expected: str
) -> None:
    store.file(paper.but(**changes).submission())

    assert branch(stand_in) == expected


def test_correction_to_another_sort_of_customer_takes_its_old_place_away(
    stand_in: StandIn, store: PaperlessStore, paper: Paper
) -> None:
    shop = customer(customer_type=CustomerType.NON_RESIDENTIAL, trade="餐饮", scale="大")
    store_id = store.file(paper.submission())

    store.amend(store_id, paper.but(customer=shop).submission())

    names = {field.id: field.name for field in stand_in.state.custom_fields.values()}
    found = {names[number]: value for number, value in only(stand_in).fields.items()}
    assert (found["行业"], found["规模"]) == ("餐饮", "大")
    assert not {"片区", "楼栋"} & found.keys()


def test_without_duties_permissions_are_left_alone(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in)

    store.file(paper.submission())

    assert only(stand_in).permissions["view"]["groups"] == []
    assert stand_in.count("GET /api/groups/") == 0
    store.close()


def test_duties_of_another_trade_keep_only_categories_that_it_has() -> None:
    duty = Duty("x", DEFAULT_DUTIES[0].names, ("basic", "no such"), (), Access.NONE)
    blind = Duty("y", DEFAULT_DUTIES[1].names, ("no such",), (), Access.NONE)

    assert [kept.see for kept in known_duties((duty, blind), example_scheme())] == [("basic",)]


def test_who_may_change_may_see(paper: Paper) -> None:
    duty = Duty("x", DEFAULT_DUTIES[0].names, (), ("service",))

    access = access_of(paper.description(), (duty,), "zh")

    assert access.see == access.change == {"档案管理员"}


def test_group_that_may_not_be_made_stops_the_sends_and_says_what_to_do(stand_in: StandIn, paper: Paper) -> None:
    """A record that nobody can see is no better than one that is lost."""
    stand_in.state.permissions = [*FILING_RIGHTS, "view_group"]
    store = paperless_store(stand_in, duties=DEFAULT_DUTIES)

    with pytest.raises(StoreForbidden, match="guidang profile apply"):
        store.file(paper.submission())

    assert stand_in.state.tasks == []
    store.close()
