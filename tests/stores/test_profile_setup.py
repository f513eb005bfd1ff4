"""The setup profile carried out on a server: once, again, with faults, and what filing makes of it."""

from __future__ import annotations

import pytest

from connector.duties import DEFAULT_DUTIES
from connector.i18n import Language
from connector.interfaces import DOING, SetupAction, StoreForbidden, StoreUnreachable
from connector.paperless.profile.plan import MARKER_KEY
from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.state import CustomField, Named
from tests.stores.conftest import applied, paperless_store, setup_profile
from tests.stores.submissions import Paper


def doing(stand_in: StandIn, language: Language = Language.ZH) -> list[tuple[str, str]]:
    profile = setup_profile(stand_in, language=language)
    steps = [(step.sort, step.name) for step in profile.plan() if step.action in DOING]
    profile.close()
    return steps


def test_second_application_has_nothing_to_do(stand_in: StandIn) -> None:
    applied(stand_in)
    writes = len([request for request in stand_in.requests if not request.startswith("GET")])

    applied(stand_in)

    assert doing(stand_in) == []
    assert len([request for request in stand_in.requests if not request.startswith("GET")]) == writes


def test_plan_reads_each_sort_once_and_writes_nothing(stand_in: StandIn) -> None:
    doing(stand_in)

    assert all(request.startswith("GET ") for request in stand_in.requests)
    assert len(stand_in.requests) == 9


def test_names_are_everybodys_and_matched_by_nothing(stand_in: StandIn) -> None:
    applied(stand_in)

    for kind in ("tags", "document_types", "storage_paths"):
        entries = stand_in.state.names[kind].values()
        assert {(entry.owner, entry.matching_algorithm, entry.match) for entry in entries} == {(None, 0, "")}
    assert not any(tag.is_inbox_tag for tag in stand_in.state.names["tags"].values())


def test_no_object_is_made_a_customer(stand_in: StandIn, paper: Paper) -> None:
    applied(stand_in)
    before = {kind: len(entries) for kind, entries in stand_in.state.names.items()}
    store = paperless_store(stand_in, duties=DEFAULT_DUTIES)

    for number in range(3):
        store.file(paper.but(record_id=f"r{number}", content=b"%%PDF %d" % number).submission())
    store.file(paper.but(record_id="r9", content=b"%PDF nine").held().submission())

    assert {kind: len(entries) for kind, entries in stand_in.state.names.items()} == {
        **before,
        "tags": before["tags"] + 1,  # the department, which this profile was not told of
    }
    store.close()


def test_filing_on_an_unprepared_server_makes_what_the_profile_would_have_made(stand_in: StandIn, paper: Paper) -> None:
    store = paperless_store(stand_in, duties=DEFAULT_DUTIES)
    store.file(paper.submission())
    store.file(paper.but(record_id="r2", content=b"%PDF two").held().submission())
    made = {(kind, entry.name) for kind, entries in stand_in.state.names.items() for entry in entries.values()}

    steps = doing(stand_in)

    assert not made & set(steps)
    assert not {("custom_fields", "客户编号"), ("groups", "档案管理员")} & set(steps)
    store.close()


def test_run_cut_short_is_taken_up_by_the_next(stand_in: StandIn) -> None:
    profile = setup_profile(stand_in)
    for count, _ in enumerate(profile.apply()):
        if count == 20:
            break
    profile.close()

    applied(stand_in)

    names = [tag.name for tag in stand_in.state.names["tags"].values()]
    assert len(names) == len(set(names))
    assert doing(stand_in) == []


def test_server_without_redis_saves_and_says_500_and_nothing_is_made_twice(stand_in: StandIn) -> None:
    stand_in.faults.redis_down = True

    applied(stand_in)

    stand_in.faults.redis_down = False
    names = [tag.name for tag in stand_in.state.names["tags"].values()]
    assert len(names) == len(set(names))
    assert doing(stand_in) == []


def test_step_that_fails_stops_no_other(stand_in: StandIn) -> None:
    stand_in.faults.status_of["/api/document_types/"] = [(200, {}), (400, {})]
    del stand_in.faults.status_of["/api/document_types/"][0]
    profile = setup_profile(stand_in)
    steps = profile.apply()
    stand_in.faults.status_of.clear()
    first, *rest = list(steps)

    assert first[0].action is SetupAction.MAKE
    assert all(error is None for _, error in rest)
    profile.close()


def test_marker_stands_in_a_field_that_nobody_else_writes(stand_in: StandIn) -> None:
    applied(stand_in)

    (holder,) = [field for field in stand_in.state.custom_fields.values() if field.name == "件标识"]
    assert holder.extra_data is not None
    assert holder.extra_data[MARKER_KEY]["version"] == 2


def test_foreign_things_of_our_names_are_left_as_they_are(stand_in: StandIn) -> None:
    stand_in.state.names["tags"][900] = Named(900, "居民", 7)
    stand_in.state.custom_fields[900] = CustomField(900, "客户编号", "integer", None)
    stand_in.state.groups.append({"id": 900, "name": "财务", "permissions": ["view_tag"]})
    profile = setup_profile(stand_in)
    conflicts = {step.name for step in profile.plan() if step.action is SetupAction.CONFLICT}

    for _ in profile.apply():
        pass

    assert conflicts >= {"居民", "客户编号", "财务"}
    assert stand_in.state.names["tags"][900].owner == 7
    assert stand_in.state.custom_fields[900].data_type == "integer"
    assert stand_in.state.groups[0]["permissions"] == ["view_tag"]
    profile.close()


def test_account_without_rights_is_told_which(stand_in: StandIn) -> None:
    stand_in.state.permissions = ["view_tag", "add_tag", "view_documenttype", "view_customfield"]
    profile = setup_profile(stand_in)

    said = "\n".join(str(step.remedy) for step in profile.plan() if step.action is SetupAction.CONFLICT)
    outcomes = list(profile.apply())

    assert all(right in said for right in ("view_group", "view_storagepath", "add_documenttype", "add_customfield"))
    assert "add_tag" not in said
    assert {step.sort for step, _ in outcomes} == {"tags"}
    profile.close()


@pytest.mark.parametrize(("status", "error"), [(401, StoreForbidden), (503, StoreUnreachable)])
def test_nothing_is_planned_where_the_server_does_not_answer(
    stand_in: StandIn, status: int, error: type[Exception]
) -> None:
    stand_in.faults.status_of["/api/tags/"] = [(status, {})] * 9
    profile = setup_profile(stand_in)

    with pytest.raises(error):
        profile.plan()
    profile.close()


def test_language_that_changes_renames_and_keeps_what_records_bear(stand_in: StandIn, paper: Paper) -> None:
    applied(stand_in)
    store = paperless_store(stand_in)
    store_id = store.file(paper.submission())
    before = dict(stand_in.state.live[0].fields)
    profile = setup_profile(stand_in, language=Language.EN)
    errors = [error for _, error in profile.apply() if error]

    english = paperless_store(stand_in, language=Language.EN)
    english.complete(store_id, paper.submission())

    assert errors == []
    assert stand_in.state.live[0].fields == before
    assert doing(stand_in, Language.EN) == []
    for one in (store, english, profile):
        one.close()


def test_other_language_is_understood_before_anything_is_renamed(stand_in: StandIn, paper: Paper) -> None:
    applied(stand_in)
    count = len(stand_in.state.custom_fields)
    english = paperless_store(stand_in, language=Language.EN)

    english.file(paper.submission())

    assert len(stand_in.state.custom_fields) == count
    assert [tag.name for tag in stand_in.state.names["tags"].values()].count("residential") == 0
    english.close()
