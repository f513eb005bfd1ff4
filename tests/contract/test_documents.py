"""What filing and sync rely on about documents: taken in, found again, merged, opened to groups, trashed. On every server."""

from __future__ import annotations

import json
import time

import pytest

from connector.interfaces import OutcomeUnknown, StoreRefused
from connector.paperless.documents import Permissions
from connector.paperless.json_values import Json, JsonObject, number, text
from connector.paperless.look import DOCUMENTS
from connector.paperless.profile.values import ObjectKind
from tests.contract.server import Server

TAG, FIELD, GROUP = ObjectKind.TAG, ObjectKind.FIELD, ObjectKind.GROUP


def test_upload_becomes_a_document_with_all_that_was_sent(server: Server) -> None:
    path, digests = server.pdf()
    kind = server.make(ObjectKind.DOCUMENT_TYPE, "slip", match="")
    branch = server.make(ObjectKind.STORAGE_PATH, "branch", path="{{ title[:60]|trim }}", match="")
    upper = server.make(TAG, "above", match="")
    lower = server.make(TAG, "below", match="", parent=number(upper, "id"))
    value = server.make(FIELD, "number", data_type="string")

    document = server.filed(
        path,
        created="2024-11-13",
        document_type=str(kind["id"]),
        storage_path=str(branch["id"]),
        tags=str(lower["id"]),
        custom_fields=json.dumps({str(value["id"]): "10023456"}),
    )

    assert (document.created, document.type_id, document.path_id) == ("2024-11-13", kind["id"], branch["id"])
    assert document.tag_ids == {upper["id"], lower["id"]}
    assert document.fields == {value["id"]: "10023456"}
    assert document.file_name == path.name
    assert server.look.has_bytes(document, digests)
    assert document.permissions == Permissions()
    assert document.owner is not None


def test_document_is_found_by_its_digest_and_by_no_other(server: Server) -> None:
    path, digests = server.pdf()
    document = server.filed(path)
    _, others = server.pdf()

    found = server.look.with_bytes(digests)

    assert [one.document_id for one in found] == [document.document_id]
    assert server.look.with_bytes(others) == ()


def test_equal_bytes_end_in_a_document_or_in_a_refusal_and_never_in_nothing(server: Server) -> None:
    path, digests = server.pdf()
    first = server.filed(path)

    task = server.ended(server.upload(path))

    found = {one.document_id for one in server.look.with_bytes(digests)}
    assert first.document_id in found
    assert len(found) == (2 if task["status"] == "SUCCESS" else 1)
    assert server.is_three or task["status"] == "FAILURE"


def test_paper_that_cannot_be_read_ends_in_a_failure(server: Server) -> None:
    if server.patience_seconds < 30:
        pytest.skip("the stand-in reads no PDF; its failures are told to it (tests/stores/test_paperless_faults.py)")
    path, digests = server.pdf()
    path.write_bytes(path.read_bytes()[:200])

    assert server.ended(server.upload(path))["status"] == "FAILURE"
    assert server.look.with_bytes(digests) == ()


@pytest.mark.parametrize(
    "parts", [{"tags": "999999"}, {"document_type": "x"}, {"custom_fields": '{"999999": "x"}'}, {"created": "soon"}]
)
def test_upload_that_names_what_is_not_there_is_refused_at_once(server: Server, parts: dict[str, str]) -> None:
    path, digests = server.pdf()

    with pytest.raises(StoreRefused):
        server.upload(path, **parts)

    assert server.look.with_bytes(digests) == ()


def test_unknown_task_is_an_empty_list(server: Server) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"

    assert server.client.read("/api/tasks/", (("task_id", nobody),)) == []


def test_fields_and_tags_are_merged_in_bulk(server: Server) -> None:
    ours, theirs = (server.make(FIELD, f"{who} field", data_type="string") for who in ("our", "their"))
    one, other = (server.make(TAG, f"{who} tag", match="") for who in ("our", "their"))
    path, _ = server.pdf()
    document = server.filed(path, tags=str(other["id"]), custom_fields=json.dumps({str(theirs["id"]): "kept"}))

    server.bulk(document, "modify_custom_fields", add_custom_fields={str(ours["id"]): "new"}, remove_custom_fields=[])
    server.bulk(document, "modify_tags", add_tags=[one["id"]], remove_tags=[])

    after = server.look.document(document.document_id)
    assert after is not None
    assert after.fields == {theirs["id"]: "kept", ours["id"]: "new"}
    assert after.tag_ids == {one["id"], other["id"]}


def test_bulk_edit_checks_values_on_three_only(server: Server) -> None:
    """Seen on 2.20.15: 129 signs are saved by a bulk edit. So guidang checks each value itself before it sends it."""
    made = server.make(FIELD, "checked", data_type="string")
    path, _ = server.pdf()
    document = server.filed(path)
    too_long: JsonObject = {str(made["id"]): "字" * 129}

    if server.is_three:
        with pytest.raises(StoreRefused):
            server.bulk(document, "modify_custom_fields", add_custom_fields=too_long, remove_custom_fields=[])
    else:
        server.bulk(document, "modify_custom_fields", add_custom_fields=too_long, remove_custom_fields=[])

    after = server.look.document(document.document_id)
    assert after is not None
    assert bool(after.fields) is not server.is_three


def test_upper_tag_comes_and_goes_with_the_lower_one(server: Server) -> None:
    upper = server.make(TAG, "held like", match="")
    lower = server.make(TAG, "reason like", match="", parent=number(upper, "id"))
    path, _ = server.pdf()
    document = server.filed(path, tags=str(lower["id"]))

    server.bulk(document, "modify_tags", add_tags=[], remove_tags=[upper["id"]])

    after = server.look.document(document.document_id)
    assert after is not None
    assert upper["id"] in document.tag_ids
    assert after.tag_ids == frozenset()


@pytest.mark.parametrize(
    ("data_type", "fits", "does_not"),
    [
        ("string", "字" * 128, "字" * 129),
        ("longtext", "多行\n" * 500, None),
        ("date", "2054-11-13", "13.11.2054"),
        ("monetary", "CNY145.50", "145,50"),
        ("float", 89.5, "many"),
        ("boolean", True, None),
    ],
)
def test_value_of_each_type_comes_back_as_it_was_sent(
    server: Server, data_type: str, fits: Json, does_not: Json
) -> None:
    made = server.make(FIELD, f"of {data_type}", data_type=data_type)
    path, _ = server.pdf()
    document = server.filed(path, custom_fields=json.dumps({str(made["id"]): fits}))

    if does_not is not None:
        changed: Json = [{"field": made["id"], "value": does_not}]
        with pytest.raises((StoreRefused, OutcomeUnknown)):  # 3.0.5 breaks (500) over a float that is none
            server.client.write("PATCH", f"{DOCUMENTS}{document.document_id}/", {"custom_fields": changed})

    after = server.look.document(document.document_id)
    assert after is not None
    came_back = after.fields[number(made, "id")]
    assert came_back == (str(fits).strip() if data_type == "longtext" and came_back != fits else fits)


def test_document_is_opened_to_groups_and_who_may_change_may_see(server: Server) -> None:
    group = server.make(GROUP, "readers", permissions=["view_document"])
    other = server.make(GROUP, "writers", permissions=["view_document", "change_document"])
    path, _ = server.pdf()
    document = server.filed(path)
    wanted = Permissions(view_groups=frozenset({number(group, "id")}), change_groups=frozenset({number(other, "id")}))

    server.client.write("PATCH", f"{DOCUMENTS}{document.document_id}/", {"set_permissions": wanted.as_json()})

    after = server.look.document(document.document_id)
    assert after is not None
    assert after.permissions == Permissions(
        view_groups=frozenset({number(group, "id"), number(other, "id")}),
        change_groups=frozenset({number(other, "id")}),
    )
    assert after.owner == document.owner


def test_trashed_document_is_seen_in_the_trash_and_comes_back_whole(server: Server) -> None:
    made = server.make(FIELD, "restored", data_type="string")
    path, digests = server.pdf()
    document = server.filed(path, custom_fields=json.dumps({str(made["id"]): "kept"}))

    server.client.write("DELETE", f"{DOCUMENTS}{document.document_id}/", {})
    is_live = server.look.document(document.document_id) is not None
    found = server.look.with_bytes(digests)
    trashed = server.look.trashed_document(document.document_id)
    server.client.write("POST", "/api/trash/", {"action": "restore", "documents": [document.document_id]})

    after = server.look.document(document.document_id)
    assert (is_live, found) == (False, ())
    assert trashed is not None
    assert trashed.file_name == path.name
    assert after is not None
    assert after.fields == document.fields


def test_change_is_listed_by_when_it_was_made(server: Server) -> None:
    path, _ = server.pdf()
    document = server.filed(path)
    before = text(server.body(document), "modified")
    time.sleep(0.01)

    server.client.write("PATCH", f"{DOCUMENTS}{document.document_id}/", {"title": server.name("renamed")})

    after = text(server.body(document), "modified")
    params = (("modified__gte", after), ("ordering", "modified"), ("fields", "id,modified"), ("page_size", "100"))
    listed = [number(one, "id") for one in server.client.pages(DOCUMENTS, params)]
    assert after > before
    assert document.document_id in listed


def test_deleting_a_tag_does_not_touch_when_a_document_was_changed(server: Server) -> None:
    tag = server.make(TAG, "to be deleted", match="")
    path, _ = server.pdf()
    document = server.filed(path, tags=str(tag["id"]))
    before = server.body(document)

    server.client.write("DELETE", f"{TAG.path}{tag['id']}/", {})

    after = server.body(document)
    assert after["tags"] == []
    assert after["modified"] == before["modified"]


def test_record_is_found_by_the_value_of_a_field(server: Server) -> None:
    made = server.make(FIELD, "id of a record", data_type="string")
    path, _ = server.pdf()
    document = server.filed(path, custom_fields=json.dumps({str(made["id"]): server.prefix}))

    query = json.dumps([made["id"], "exact", server.prefix])
    params = (("custom_field_query", query), ("fields", "id"))

    assert [number(one, "id") for one in server.client.pages(DOCUMENTS, params)] == [document.document_id]


def test_every_answer_about_a_document_has_the_keys_that_are_read(server: Server) -> None:
    path, _ = server.pdf()
    body: JsonObject = server.body(server.filed(path))

    keys = {"id", "title", "created", "document_type", "storage_path", "tags", "custom_fields", "modified", "added"}
    assert keys | {"original_file_name", "owner", "permissions", "notes"} <= body.keys()
