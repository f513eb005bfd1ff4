"""What filing and the setup profile rely on about types, tags, fields, paths, groups and views. On every server."""

from __future__ import annotations

import pytest

from connector.interfaces import StoreForbidden, StoreRefused, StoreUnreachable
from connector.paperless.client import PaperlessClient
from connector.paperless.json_values import JsonObject, number, objects
from connector.paperless.profile.content import is_as_wanted
from connector.paperless.profile.values import ObjectKind
from tests.contract.server import Server

TAG, FIELD, PATH, GROUP, VIEW = (
    ObjectKind.TAG,
    ObjectKind.FIELD,
    ObjectKind.STORAGE_PATH,
    ObjectKind.GROUP,
    ObjectKind.VIEW,
)


def test_wrong_token_is_refused(server: Server) -> None:
    stranger = PaperlessClient(server.client.address, "0" * 40)

    with pytest.raises(StoreForbidden, match="token"):
        stranger.read(TAG.path)
    stranger.close()


def test_path_that_the_api_does_not_have_is_not_taken_for_an_answer(server: Server) -> None:
    """Servers answer with the web pages, or send on to their log-in; never with JSON."""
    with pytest.raises((StoreUnreachable, StoreRefused, StoreForbidden)):
        server.client.read("/api/guidang-has-no-such-path/")


def test_shared_name_is_taken_once_and_its_case_variant_is_another(server: Server) -> None:
    made = server.make(TAG, "Repair", match="", is_inbox_tag=False)

    other = server.make(TAG, "repair", match="", is_inbox_tag=False)
    with pytest.raises(StoreRefused):
        server.make(TAG, "Repair", match="", is_inbox_tag=False)

    assert made["owner"] is None
    assert made["matching_algorithm"] == 0
    assert number(made, "id") != number(other, "id")


@pytest.mark.parametrize("kind", [ObjectKind.DOCUMENT_TYPE, TAG])
def test_name_of_128_han_signs_fits_and_of_129_does_not(server: Server, kind: ObjectKind) -> None:
    room = 128 - len(server.name(""))

    assert server.make(kind, "字" * room)["name"] == server.name("字" * room)
    with pytest.raises(StoreRefused):
        server.make(kind, "字" * (room + 1))


def test_tag_stands_below_another_and_may_be_put_there_later(server: Server) -> None:
    upper = server.make(TAG, "upper", match="")
    lower = server.make(TAG, "lower", match="")

    changed = server.change(TAG, number(lower, "id"), {"parent": number(upper, "id")})

    assert changed["parent"] == upper["id"]
    assert server.listed(TAG)["lower"]["parent"] == upper["id"]  # at the top of the list, too


def test_choices_of_a_field_keep_their_ids_when_more_come(server: Server) -> None:
    made = server.make(FIELD, "choice", data_type="select", extra_data={"select_options": [{"label": "甲"}]})
    (first,) = options_of(made)

    changed = server.change(
        FIELD, number(made, "id"), {"extra_data": {"select_options": [first, {"label": "乙", "id": None}]}}
    )

    assert options_of(changed)[0] == first
    assert [option["label"] for option in options_of(changed)] == ["甲", "乙"]
    assert all(option["id"] for option in options_of(changed))


def options_of(field: JsonObject) -> list[JsonObject]:
    extra = field["extra_data"]
    assert isinstance(extra, dict)
    return list(objects(extra["select_options"], "select_options"))


def test_field_keeps_what_we_note_in_it(server: Server) -> None:
    note: JsonObject = {"guidang_profile": {"version": 2, "applied": {"tag/held": "0123456789ab"}}}
    made = server.make(FIELD, "noted", data_type="string")

    server.change(FIELD, number(made, "id"), {"extra_data": note})

    assert server.listed(FIELD)["noted"]["extra_data"] == note


@pytest.mark.parametrize("wanted", ["storage_path/residential", "storage_path/held"])
def test_templates_of_the_archives_order_are_taken_as_they_are(server: Server, wanted: str) -> None:
    (template,) = [one.body["path"] for one in server.catalogue().objects if one.code == wanted]
    assert isinstance(template, str)

    made = server.make(PATH, wanted.replace("/", " "), path=template, match="")

    assert made["path"] == template


def test_broken_template_is_refused(server: Server) -> None:
    with pytest.raises(StoreRefused):
        server.make(PATH, "broken", path="{{ title", match="")


def test_rights_of_every_duty_are_known(server: Server) -> None:
    (wanted,) = [one for one in server.catalogue().objects if one.code == "group/archivists"]
    rights = wanted.body["permissions"]
    assert isinstance(rights, list)

    made = server.make(GROUP, "all rights", permissions=[str(right) for right in rights])

    kept = made["permissions"]
    assert isinstance(kept, list)
    assert sorted(map(str, rights)) == sorted(map(str, kept))  # in no order that one could rely on


def test_right_that_does_not_exist_is_refused(server: Server) -> None:
    with pytest.raises(StoreRefused):
        server.make(GROUP, "wrong rights", permissions=["no_such_right"])


def test_saved_view_is_kept_as_it_was_sent(server: Server) -> None:
    tag = server.make(TAG, "viewed", match="")
    column = server.make(FIELD, "column", data_type="string")
    body: JsonObject = {
        "sort_field": f"custom_field_{column['id']}",
        "sort_reverse": True,
        "filter_rules": [{"rule_type": 6, "value": str(tag["id"])}],
        "page_size": 50,
        "display_mode": "table",
        "display_fields": ["title", f"custom_field_{column['id']}"],
    }

    server.make(VIEW, "view", **body, show_on_dashboard=False, show_in_sidebar=True)

    found = server.listed(VIEW)["view"]
    assert is_as_wanted(body, found)
    assert (found["owner"] is None) is server.is_three
