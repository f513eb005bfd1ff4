"""The plan of the setup profile is a pure function: wanted state and server state in, steps with their reasons out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from connector.duties import DEFAULT_DUTIES
from connector.i18n import Language
from connector.interfaces import DOING, SetupAction
from connector.paperless.json_values import Json, JsonObject
from connector.paperless.profile.content import digest
from connector.paperless.profile.plan import MARKER_KEY, marker_of, plan
from connector.paperless.profile.upgrades import PROFILE_VERSION, Upgrade
from connector.paperless.profile.values import (
    Account,
    Marker,
    ObjectKind,
    Present,
    PresentObject,
    Step,
    WantedObject,
    Wish,
)
from connector.paperless.profile.wanted import Catalogue, ProfileSource, catalogue_of, creation_body
from ingest.message import Message
from tests.stores.submissions import example_scheme

ME = 2
TAG, FIELD, PATH, GROUP, VIEW = (
    ObjectKind.TAG,
    ObjectKind.FIELD,
    ObjectKind.STORAGE_PATH,
    ObjectKind.GROUP,
    ObjectKind.VIEW,
)


def catalogue(language: Language = Language.ZH) -> Catalogue:
    source = ProfileSource(example_scheme(), language, DEFAULT_DUTIES, ("工程技术部",), ("急件",))
    return catalogue_of(source)


def fresh(version: tuple[int, ...] = (3, 0, 5)) -> Present:
    return Present(version, Account(ME, None), ())


def prepared(of: Catalogue | None = None, version: tuple[int, ...] = (3, 0, 5)) -> Present:
    """Return a server on which the plan was carried out whole."""
    of = of or catalogue()
    present = fresh(version)
    for number, wanted in enumerate(of.objects, start=1):
        body = creation_body(wanted, present.id_of)
        extra = body.get("extra_data")
        options = extra.get("select_options") if isinstance(extra, dict) else None
        for index, option in enumerate(options if isinstance(options, list) else ()):
            assert isinstance(option, dict)
            option["id"] = f"{number}-{index}"
        present = with_object(present, wanted.kind, wanted.name, {"id": number, **body})
    return replace(present, marker=marker_of(of, present))


def with_object(present: Present, kind: ObjectKind, name: str, entry: JsonObject) -> Present:
    owner = entry.get("owner")
    number = entry.setdefault("id", 1000 + len(present.objects))
    assert isinstance(number, int)
    made = PresentObject(kind, number, name, owner if isinstance(owner, int) else None, {"name": name, **entry})
    return replace(present, objects=(*present.objects, made))


def changed(present: Present, kind: ObjectKind, name: str, entry: Mapping[str, object], **more: object) -> Present:
    """Return the server after somebody changed one thing."""

    def one(found: PresentObject) -> PresentObject:
        if (found.kind, found.name) != (kind, name):
            return found
        merged: JsonObject = {**found.entry, **entry}  # type: ignore[dict-item]  # tests give JSON
        return replace(found, entry=merged, **more)  # type: ignore[arg-type]  # the test names fields of PresentObject

    return replace(present, objects=tuple(map(one, present.objects)))


def without(present: Present, kind: ObjectKind, name: str) -> Present:
    kept = tuple(one for one in present.objects if (one.kind, one.name) != (kind, name))
    return replace(present, objects=kept)


def of_action(steps: tuple[Step, ...], action: SetupAction) -> list[tuple[ObjectKind, str]]:
    return [(step.kind, step.name) for step in steps if step.action is action]


def test_fresh_server_gets_everything_in_an_order_that_can_be_made() -> None:
    steps = plan(catalogue(), fresh())

    made = of_action(steps, SetupAction.MAKE)
    assert len(catalogue().objects) == len(made)
    assert made.index((TAG, "待核验")) < made.index((TAG, "核验·无客户编号")) < made.index((VIEW, "待核验"))
    assert made.index((FIELD, "客户编号")) < made.index((VIEW, "按客户编号"))
    assert steps[-1].action is SetupAction.MARK


@pytest.mark.parametrize("version", [(3, 0, 5), (2, 20, 15)])
@pytest.mark.parametrize("language", list(Language))
def test_prepared_server_needs_nothing(language: Language, version: tuple[int, ...]) -> None:
    of = catalogue(language)

    assert [step for step in plan(of, prepared(of, version)) if step.action in DOING] == []


def test_old_server_gets_no_saved_views_and_says_so() -> None:
    steps = plan(catalogue(), fresh((2, 20, 15)))

    assert [step for step in steps if step.action is SetupAction.MAKE and step.kind is VIEW] == []
    assert of_action(steps, SetupAction.NOTE) == [(VIEW, "")]


def test_every_step_says_why_and_every_conflict_what_to_do() -> None:
    present = with_object(fresh(), TAG, "居民", {"owner": 9, "matching_algorithm": 0})
    present = with_object(present, FIELD, "客户编号", {"data_type": "integer"})
    present = with_object(present, GROUP, "财务", {"permissions": []})

    steps = plan(catalogue(), present)

    assert all(str(step.why) for step in steps)
    conflicts = [step for step in steps if step.action is SetupAction.CONFLICT]
    assert {step.name for step in conflicts} == {"居民", "客户编号", "财务"}
    assert all(step.remedy and step.name in str(step.why) for step in conflicts)


def test_tag_of_another_account_is_left_and_said() -> None:
    present = changed(prepared(), TAG, "居民", {"owner": 9}, owner=9)

    steps = plan(catalogue(), present)

    assert of_action(steps, SetupAction.CONFLICT) == [(TAG, "居民")]
    assert [step for step in steps if step.action in DOING and step.name == "居民" and step.kind is TAG] == []


def test_tag_that_belongs_to_our_own_account_is_given_to_everybody() -> None:
    present = changed(prepared(), TAG, "居民", {"owner": ME}, owner=ME)

    (step,) = [step for step in plan(catalogue(), present) if step.action is SetupAction.CHANGE]

    assert (step.name, dict(step.body)) == ("居民", {"owner": None})


@pytest.mark.parametrize("entry", [{"matching_algorithm": 1}, {"matching_algorithm": 6}, {"is_inbox_tag": True}])
def test_tag_of_ours_that_the_server_sets_by_itself_waits_for_a_person(entry: dict[str, object]) -> None:
    steps = plan(catalogue(), changed(prepared(), TAG, "居民", entry))

    assert of_action(steps, SetupAction.CONFLICT) == [(TAG, "居民")]


def test_name_that_differs_in_case_only_is_warned_of_and_ours_is_made() -> None:
    of = catalogue(Language.EN)
    present = with_object(fresh(), TAG, "Held", {"owner": None, "matching_algorithm": 0})

    steps = plan(of, present)

    assert (TAG, "held") in of_action(steps, SetupAction.MAKE)
    assert (TAG, "held") in of_action(steps, SetupAction.WARNING)


def test_twin_of_another_owner_is_warned_of() -> None:
    present = with_object(prepared(), TAG, "居民", {"owner": 9, "matching_algorithm": 0})

    assert of_action(plan(catalogue(), present), SetupAction.WARNING) == [(TAG, "居民")]


def test_field_of_another_type_is_never_touched() -> None:
    present = changed(prepared(), FIELD, "客户编号", {"data_type": "integer"})

    steps = plan(catalogue(), present)

    assert of_action(steps, SetupAction.CONFLICT) == [(FIELD, "客户编号")]
    assert [step for step in steps if step.action in DOING and step.name == "客户编号"] == []


def test_missing_choice_is_added_and_those_of_others_stay() -> None:
    options = [{"label": "基本信息", "id": "b"}, {"label": "自己的", "id": "own"}]
    present = changed(prepared(), FIELD, "档案类别", {"extra_data": {"select_options": options}})

    (step,) = [step for step in plan(catalogue(), present) if step.action is SetupAction.CHANGE]

    sent = step.body["extra_data"]
    assert isinstance(sent, dict)
    listed = sent["select_options"]
    assert isinstance(listed, list)
    assert listed[:2] == options
    assert {"label": "供热缴费信息"} in listed


def test_storage_path_that_we_applied_follows_the_configuration() -> None:
    path = {"path": "居民/old/{{ title }}"}
    present = changed(prepared(), PATH, "居民", path)
    applied = marker_of(catalogue(), prepared()).applied
    ours = replace(present, marker=Marker(PROFILE_VERSION, {**applied, "storage_path/residential": digest_of(present)}))

    (step,) = [step for step in plan(catalogue(), ours) if step.action is SetupAction.CHANGE]

    assert (step.kind, step.name) == (PATH, "居民")
    assert "moves" in str(step.why)


def digest_of(present: Present) -> str:
    """Return the digest that stands in the marker for the path 居民 as it is now."""
    (found,) = [one for one in present.of(PATH) if one.name == "居民"]
    return digest({"path": ""}, found.entry)


@pytest.mark.parametrize(
    ("kind", "name", "entry"),
    [
        (PATH, "居民", {"path": "居民/as a person likes it/{{ title }}"}),
        (GROUP, "财务", {"permissions": ["view_document"]}),
        (VIEW, "待核验", {"sort_reverse": False}),
    ],
)
def test_what_a_person_changed_stays_so(kind: ObjectKind, name: str, entry: dict[str, object]) -> None:
    steps = plan(catalogue(), changed(prepared(), kind, name, entry))

    assert of_action(steps, SetupAction.NOTE) == [(kind, name)]
    assert [step for step in steps if step.action in DOING] == []


@pytest.mark.parametrize("kind", [PATH, GROUP])
def test_something_else_of_our_name_waits_for_a_person(kind: ObjectKind) -> None:
    name = {PATH: "居民", GROUP: "财务"}[kind]
    entry: JsonObject = {"path": "x/{{ title }}", "permissions": ["view_tag"], "matching_algorithm": 0}
    present = with_object(fresh(), kind, name, entry)

    steps = plan(catalogue(), present)

    assert (kind, name) in of_action(steps, SetupAction.CONFLICT)
    assert (kind, name) not in of_action(steps, SetupAction.MAKE)


def test_private_view_of_a_person_is_nothing_to_us() -> None:
    present = with_object(fresh(), VIEW, "待核验", {"owner": 9, "filter_rules": []})

    steps = plan(catalogue(), present)

    assert (VIEW, "待核验") in of_action(steps, SetupAction.MAKE)
    assert of_action(steps, SetupAction.CONFLICT) == []


def test_flat_tag_of_the_first_version_is_put_below_the_one_it_belongs_to() -> None:
    present = replace(changed(prepared(), TAG, "核验·无客户编号", {"parent": None}), marker=Marker())

    steps = plan(catalogue(), present)

    assert of_action(steps, SetupAction.CHANGE) == [(TAG, "核验·无客户编号")]
    assert any("below" in str(step.why) for step in steps if step.action is SetupAction.NOTE)


def test_tag_that_a_person_put_elsewhere_stays_there() -> None:
    present = changed(prepared(), TAG, "核验·无客户编号", {"parent": 777})

    steps = plan(catalogue(), present)

    assert of_action(steps, SetupAction.NOTE) == [(TAG, "核验·无客户编号")]


def test_archive_begun_in_the_other_language_is_renamed_and_not_doubled() -> None:
    steps = plan(catalogue(Language.ZH), prepared(catalogue(Language.EN)))

    renamed = of_action(steps, SetupAction.RENAME)
    assert {(TAG, "待核验"), (FIELD, "客户编号"), (PATH, "居民"), (GROUP, "财务")} <= set(renamed)
    assert of_action(steps, SetupAction.MAKE) == []
    category = next(step for step in steps if step.name == "档案类别")
    sent = category.body["extra_data"]
    assert isinstance(sent, dict)
    options = sent["select_options"]
    assert isinstance(options, list)
    assert all(isinstance(option, dict) and option["id"] for option in options)
    assert {option["label"] for option in options if isinstance(option, dict)} >= {"基本信息", "档案利用"}


def test_upgrade_step_renames_so_that_records_keep_what_they_bear() -> None:
    older = replace(without(prepared(), TAG, "急件"), marker=Marker(1, {}))
    older = with_object(older, TAG, "加急", {"owner": None, "matching_algorithm": 0})
    upgrade = Upgrade(2, Message("Another word for urgent."), {TAG: {"加急": "急件"}})

    steps = plan(catalogue(), older, (upgrade,))

    assert of_action(steps, SetupAction.RENAME) == [(TAG, "急件")]
    assert "Another word for urgent." in [str(step.why) for step in steps]


def test_upgrade_step_that_was_taken_is_not_taken_again() -> None:
    present = without(prepared(), TAG, "急件")
    present = with_object(present, TAG, "加急", {"owner": None, "matching_algorithm": 0})
    upgrade = Upgrade(2, Message("Another word for urgent."), {TAG: {"加急": "急件"}})

    steps = plan(catalogue(), present, (upgrade,))

    assert of_action(steps, SetupAction.MAKE) == [(TAG, "急件")]


def test_missing_rights_are_said_once_each_and_the_rest_goes_on() -> None:
    rights = frozenset({"add_tag", "change_tag", "add_documenttype", "add_customfield", "change_customfield"})
    present = replace(fresh(), account=Account(ME, rights), unreadable=frozenset({GROUP}))

    steps = plan(catalogue(), present)

    conflicts = [step for step in steps if step.action is SetupAction.CONFLICT]
    assert [step.kind for step in conflicts] == [GROUP, PATH, VIEW]
    assert "view_group" in str(conflicts[0].remedy)
    assert "add_storagepath" in str(conflicts[1].remedy)
    assert (TAG, "待核验") in of_action(steps, SetupAction.MAKE)


def test_marker_that_somebody_wiped_is_written_again() -> None:
    steps = plan(catalogue(), replace(prepared(), marker=Marker()))

    assert [step.action for step in steps if step.action in DOING] == [SetupAction.MARK]


def test_workflow_that_another_part_wants_is_part_of_the_plan() -> None:
    hook = WantedObject(
        ObjectKind.WORKFLOW, "workflow/webhook", "guidang", body={"triggers": [{"type": 3}], "actions": [{"type": 4}]}
    )
    of = catalogue_of(ProfileSource(example_scheme(), Language.ZH, more=(hook,)))
    answered: JsonObject = {
        "enabled": True,
        "triggers": [{"id": 7, "type": 3, "filter_path": None}],
        "actions": [{"id": 9, "type": 4}],
    }

    steps = plan(of, fresh())
    bare = without(prepared(of), ObjectKind.WORKFLOW, "guidang")
    present = with_object(bare, ObjectKind.WORKFLOW, "guidang", answered)

    assert (ObjectKind.WORKFLOW, "guidang") in of_action(steps, SetupAction.MAKE)
    assert [step for step in plan(of, present) if step.kind is ObjectKind.WORKFLOW] == []


def test_workflow_of_an_older_profile_that_nobody_touched_is_changed_to_what_is_wanted_now() -> None:
    """Seen on a real 2.20.15: with a trigger less than before it was taken for a person's work, and left."""

    def of(*types: Wish) -> Catalogue:
        triggers: list[Wish] = [{"type": one, "sources": [1, 2]} for one in types]
        hook = WantedObject(ObjectKind.WORKFLOW, "workflow/webhook", "guidang", body={"triggers": triggers})
        return catalogue_of(ProfileSource(example_scheme(), Language.ZH, more=(hook,)))

    kept: JsonObject = {"sources": [1, 2], "match": ""}
    triggers: list[Json] = [{"id": 1, "type": 3, **kept}, {"id": 2, "type": 2, **kept}]
    older = changed(prepared(of(3, 2)), ObjectKind.WORKFLOW, "guidang", {"triggers": triggers})
    by_a_person = changed(older, ObjectKind.WORKFLOW, "guidang", {"triggers": [{**kept, "type": 1}, *triggers[1:]]})

    untouched, touched = (of_action(plan(of(3), one), SetupAction.CHANGE) for one in (older, by_a_person))

    assert untouched == [(ObjectKind.WORKFLOW, "guidang")]
    assert touched == []


def test_marker_is_named_so_that_nobody_takes_it_for_theirs() -> None:
    assert MARKER_KEY == "guidang_profile"
