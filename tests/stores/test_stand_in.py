"""The stand-in is checked field by field against what real servers answered; `tests/http_examples` says it request by request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.server import TOKEN
from tests.paperless_stand_in.state import StoredDocument, now

EXAMPLES = Path(__file__).parents[1] / "http_examples"
RANDOM = frozenset(("task_id", "date_created", "date_done", "modified", "added", "content"))
"""Values that differ from day to day; their type must still be right."""
OURS = frozenset(
    (
        *(
            "id",
            "title",
            "created",
            "created_date",
            "tags",
            "field",
            "value",
            "correspondent",
            "document_type",
            "owner",
        ),
        *(
            "storage_path",
            "archive_serial_number",
            "original_file_name",
            "archived_file_name",
            "checksum",
            "page_count",
        ),
        *("original_checksum", "original_size", "media_filename", "original_filename", "has_archive_version", "lang"),
        *("archive_checksum", "archive_media_filename", "archive_size", "archive_metadata", "task_file_name", "result"),
        *("related_document", "count", "next", "deleted_at", "custom_fields", "mime_type"),
    )
)
"""In answers about documents these follow what was filed; their type must be right, or one of both null."""

MADE_3 = (
    *("tag_create", "tag_create_default_matching", "tag_create_case_variant", "tag_create_otherowner"),
    *("tag_create_child", "tag_inbox", "document_types_create", "document_types_default_alg"),
    *("customfield_create_string", "customfield_create_url", "customfield_create_date", "customfield_create_boolean"),
    *("customfield_create_integer", "customfield_create_float", "customfield_create_monetary"),
    *("customfield_create_documentlink", "customfield_create_select", "customfield_create_longtext"),
)
MADE_2 = (
    "tag_create",
    "tag_child",
    "document_types_create",
    "customfield_string",
    "customfield_select",
    "customfield_monetary",
)
SAID_3 = (
    *("tag_create_duplicate", "tag_long_name_129", "document_types_duplicate", "customfield_duplicate"),
    *("customfield_select_none", "customfield_select_strings", "bulk_bad_cf", "bulk_bad_doc", "bulk_bad_method"),
    *("patch_title_129", "post_err_tag_missing", "post_err_tag_string", "post_err_doctype_missing"),
    *("post_err_cf_map_missing", "post_err_cf_bad_select", "post_err_cf_bad_money", "post_err_created_bad"),
    *("post_err_empty_pdf", "post_err_x_exe", "post_json_body", "bad_token", "no_auth", "version_406"),
    *("doc_get_deleted", "list_page_out", "bulk_modify_custom_fields", "bulk_modify_tags", "404_path"),
)
SAID_2 = ("tag_duplicate", "customfield_duplicate", "bulk_cf", "404_path")


def example(version: str, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / version / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def replayed(stand_in: StandIn, captured: dict[str, Any], name: str = "") -> requests.Response:
    """Send the captured request to the stand-in, with our token unless the capture is about tokens."""
    asked = captured["request"]
    headers = dict(asked.get("headers", {}))
    if name != "no_auth":
        headers.setdefault("Authorization", f"Token {TOKEN}")
    files = None
    if asked.get("files"):
        ((part, file_name),) = asked["files"]
        files = {part: (file_name, b"" if "empty" in file_name else b"%PDF-1.4 captured")}
    data = [tuple(pair) for pair in asked["data"]] if isinstance(asked.get("data"), list) else None
    return requests.request(
        asked["method"],
        stand_in.url + asked["path"],
        params=asked.get("params"),
        json=asked.get("json"),
        data=data,
        files=files,
        headers=headers,
        timeout=10,
    )


def body_of(answer: requests.Response) -> Any:
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    return answer.json() if is_json else {"_non_json": answer.text}


def differences(actual: Any, captured: Any, loose: frozenset[str], where: str = "") -> Iterator[str]:
    """Yield where two answers differ; keys in `loose` may have other values of the same type."""
    key = where.rpartition(".")[2].partition("[")[0]
    if isinstance(captured, dict) and isinstance(actual, dict):
        if list(actual) != list(captured) and set(actual) != set(captured):
            yield f"{where}: keys {sorted(set(actual) ^ set(captured))}"
        for name in captured.keys() & actual.keys():
            yield from differences(actual[name], captured[name], loose, f"{where}.{name}")
    elif isinstance(captured, list) and isinstance(actual, list):
        if key not in loose and where.rpartition(".")[2] != "results" and len(actual) != len(captured):
            yield f"{where}: {len(actual)} entries, captured {len(captured)}"
        for index, (one, other) in enumerate(zip(actual, captured, strict=False)):
            yield from differences(one, other, loose, f"{where}[{index}]")
    elif key in loose:
        if None not in (actual, captured) and type(actual) is not type(captured):
            yield f"{where}: {type(actual).__name__}, captured {type(captured).__name__}"
    elif key == "_non_json":
        if ("Server Error" in actual) != ("Server Error" in captured):
            yield f"{where}: another page"
    elif actual != captured:
        yield f"{where}: {actual!r}, captured {captured!r}"


@pytest.fixture
def three() -> Iterator[StandIn]:
    """3.0.5 with the names and the documents that the captured one had."""
    with StandIn("3.0.5") as running:
        for name in MADE_3:
            assert replayed(running, example("3.0.5", name)).status_code == 201, name
        captured = example("3.0.5", "customfield_create_select")["body"]["extra_data"]
        running.state.custom_fields[9].extra_data = captured
        for number in (1, 3, 4, 5):
            running.state.documents[number] = document(number)
        running.state.first_id("documents", 20)
        yield running


@pytest.fixture
def two() -> Iterator[StandIn]:
    with StandIn("2.20.15") as running:
        for name in MADE_2:
            assert replayed(running, example("2.20.15", name)).status_code == 201, name
        running.state.custom_fields[2].extra_data = example("2.20.15", "customfield_select")["body"]["extra_data"]
        running.state.documents[1] = document(1)
        running.state.first_id("documents", 20)
        yield running


def document(number: int) -> StoredDocument:
    return StoredDocument(
        number, b"%%PDF %d" % number, "t", "2024-11-13", "sw.pdf", 1, [1], {1: "HR1"}, added=now(), modified=now()
    )


@pytest.mark.parametrize(("version", "names"), [("3.0.5", MADE_3), ("2.20.15", MADE_2)])
def test_things_are_made_as_captured(version: str, names: tuple[str, ...]) -> None:
    with StandIn(version) as fresh:
        for name in names:
            captured = example(version, name)

            answer = replayed(fresh, captured)

            loose = frozenset(("id",)) if "select" in name else frozenset[str]()
            assert answer.status_code == captured["status"]
            assert list(differences(answer.json(), captured["body"], loose, name)) == []


@pytest.mark.parametrize("name", SAID_3)
def test_three_says_what_was_captured(three: StandIn, name: str) -> None:
    check_said(three, "3.0.5", name)


@pytest.mark.parametrize("name", SAID_2)
def test_two_says_what_was_captured(two: StandIn, name: str) -> None:
    check_said(two, "2.20.15", name)


def check_said(stand_in: StandIn, version: str, name: str) -> None:
    captured = example(version, name)
    if name == "doc_get_deleted":
        stand_in.state.delete(3)

    answer = replayed(stand_in, captured, name)

    assert answer.status_code == captured["status"]
    assert list(differences(body_of(answer), captured["body"], frozenset())) == []
    for header in ("content-type", "x-version", "x-api-version", "www-authenticate"):
        assert answer.headers.get(header) == captured["headers"].get(header), header


@pytest.mark.parametrize("name", ["redis_down_tag_create", "redis_down_patch"])
def test_writes_without_redis_are_answered_with_500_and_saved(three: StandIn, name: str) -> None:
    three.faults.redis_down = True
    captured = example("3.0.5", name)

    answer = replayed(three, captured)

    assert answer.status_code == captured["status"] == 500
    assert list(differences(body_of(answer), captured["body"], frozenset())) == []
    saved = [tag.name for tag in three.state.names["tags"].values()] + [three.state.documents[1].title]
    assert set(captured["request"]["json"].values()) & set(saved)


def test_locked_database_is_said_as_captured() -> None:
    captured = example("2.20.15", "bulk_database_locked")
    with StandIn("2.20.15") as two:
        two.faults.bulk_breaks = 1

        answer = replayed(two, captured)

    assert answer.status_code == captured["status"] == 400
    assert answer.headers["content-type"] == captured["headers"]["content-type"]
    assert answer.text == captured["body"]["_non_json"]


@pytest.mark.parametrize("name", ["tag_list", "tag_filter_iexact", "customfield_list"])
def test_lists_of_names_have_the_captured_entries(three: StandIn, name: str) -> None:
    captured = example("3.0.5", name)

    answer = replayed(three, captured)

    body, said = answer.json(), captured["body"]
    said.pop("display_count", None)  # added by one list of the captured server, used by nobody
    assert set(body) == set(said)
    entries = {entry["id"]: entry for entry in body["results"]}
    for entry in said["results"]:
        if entry["name"] in ("CF_STRING", "cf_string"):
            continue  # made and changed later on the captured server
        found = list(differences(entries[entry["id"]], entry, frozenset(("document_count",)), name))
        assert found == []


@pytest.mark.parametrize(
    ("version", "name", "path"),
    [
        ("3.0.5", "document_get_v9", "/api/documents/1/"),
        ("3.0.5", "document_metadata", "/api/documents/1/metadata/"),
        ("3.0.5", "list_v9_all", "/api/documents/"),
        ("3.0.5", "list_checksum_iexact", "/api/documents/?id__in=1"),
        ("3.0.5", "patch_title", "/api/documents/1/"),
        ("3.0.5", "trash_list", "/api/trash/"),
        ("2.20.15", "document_get", "/api/documents/1/"),
        ("2.20.15", "document_metadata", "/api/documents/1/metadata/"),
        ("2.20.15", "list", "/api/documents/?page_size=1&fields=id,modified"),
        ("2.20.15", "trash_list", "/api/trash/"),
    ],
)
def test_documents_have_the_captured_shape(three: StandIn, two: StandIn, version: str, name: str, path: str) -> None:
    stand_in = three if version == "3.0.5" else two
    captured = example(version, name)
    if name == "trash_list":
        stand_in.state.delete(1)
    captured["request"]["path"] = path
    captured["request"].pop("params", None)

    answer = replayed(stand_in, captured)

    assert answer.status_code == captured["status"]
    assert list(differences(answer.json(), captured["body"], RANDOM | OURS | {"all"}, name)) == []


@pytest.mark.parametrize(
    ("version", "upload", "task"),
    [("3.0.5", "post_document_ok", "task_success_v9"), ("2.20.15", "post_document", "task_success")],
)
def test_upload_is_answered_with_a_task_that_ends_as_captured(
    three: StandIn, two: StandIn, version: str, upload: str, task: str
) -> None:
    stand_in = three if version == "3.0.5" else two
    posted = example(version, upload)
    posted["request"]["data"] = [
        pair for pair in posted["request"]["data"] if pair[0] not in ("correspondent", "storage_path")
    ]

    answer = replayed(stand_in, posted)

    task_id = answer.json()
    assert answer.status_code == posted["status"]
    assert isinstance(task_id, str)
    asked = {"method": "GET", "path": "/api/tasks/", "params": {"task_id": task_id}}
    ended = replayed(stand_in, {"request": {**asked, "headers": {"Accept": "application/json; version=9"}}})
    assert list(differences(ended.json(), example(version, task)["body"], RANDOM | OURS, task)) == []
    made = max(stand_in.state.documents)
    assert stand_in.state.documents[made].fields[1] == ("HR00007029" if version == "3.0.5" else "HR1")


@pytest.mark.parametrize(
    ("version", "task", "in_trash"),
    [
        ("3.0.5", "task_duplicate_rejected_v9", False),
        ("2.20.15", "task_dup_trash", True),
        ("2.20.15", "task_duplicate", False),
    ],
)
def test_refused_duplicate_ends_as_captured(
    three: StandIn, two: StandIn, version: str, task: str, in_trash: bool
) -> None:
    stand_in = three if version == "3.0.5" else two
    stand_in.faults.duplicates_refused = True
    stand_in.faults.traceback_results = task == "task_duplicate"
    stand_in.state.documents[1].content = b"%PDF-1.4 captured"
    if in_trash:
        stand_in.state.delete(1)
    upload = {"method": "POST", "path": "/api/documents/post_document/", "files": [["document", "sw_201.pdf"]]}
    task_id = replayed(stand_in, {"request": {**upload, "data": []}}).json()

    asked = {"method": "GET", "path": "/api/tasks/", "params": {"task_id": task_id}}
    ended = replayed(stand_in, {"request": {**asked, "headers": {"Accept": "application/json; version=9"}}})

    captured = example(version, task)["body"]
    assert list(differences(ended.json(), captured, RANDOM | OURS, task)) == []
    assert ended.json()[0]["status"] == "FAILURE"


def test_examples_hold_no_token_and_no_traceback() -> None:
    for path in EXAMPLES.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert "Traceback" not in text
        assert TOKEN not in text or path.stem in ("token_ok",)
