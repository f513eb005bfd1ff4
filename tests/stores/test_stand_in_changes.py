"""What changes a document's `modified` and what the history says, as the captured server showed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import requests

from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.person import Person
from tests.paperless_stand_in.server import TOKEN
from tests.paperless_stand_in.state import CustomField, Named, StoredDocument, now
from tests.stores.test_stand_in import differences, example, replayed

EFFECTS = example("3.0.5", "modified_effects")


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """Give a server with three documents, two tags, a type and a field."""
    with StandIn("3.0.5") as running:
        state = running.state
        for name in ("居民", "重要"):
            tag = Named(state.next_id("tags"), name, None)
            state.names["tags"][tag.id] = tag
        state.names["document_types"][1] = Named(1, "维修单", None)
        state.custom_fields[1] = CustomField(1, "故障", "longtext", None)
        for number in (3, 4, 5):
            moment = now()
            state.documents[number] = StoredDocument(
                number, b"%%PDF %d" % number, "t", "2024-11-13", "a.pdf", 1, [1], {1: "漏水"}, moment, moment
            )
        state.first_id("documents", 6)
        yield running


def answer(stand_in: StandIn, path: str, **params: str) -> Any:
    headers = {"Authorization": f"Token {TOKEN}", "Accept": "application/json; version=9"}
    return requests.get(stand_in.url + path, params=params, headers=headers, timeout=10).json()


def modified(stand_in: StandIn) -> dict[int, datetime]:
    entries = answer(stand_in, "/api/documents/", fields="id,modified")["results"]
    return {entry["id"]: datetime.fromisoformat(entry["modified"]) for entry in entries}


DONE: dict[str, Callable[[Person], None]] = {
    "bulk set_document_type": lambda person: person.edit_many([3, 4, 5], type=None),
    "bulk add_tag": lambda person: person.edit_many([3, 4, 5], tags=["重要"]),
    "bulk add_tag again (no-op)": lambda person: person.edit_many([3, 4, 5], tags=["居民"]),
    "bulk modify_custom_fields": lambda person: person.edit_many([3, 4, 5], fields={"故障": "不热"}),
    "bulk modify_custom_fields remove": lambda person: person.edit_many([3, 4, 5], fields={"故障": None}),
    "tag rename": lambda person: person.rename("tags", "居民", "住户"),
    "tag delete": lambda person: person.remove("tags", "居民"),
    "doctype rename": lambda person: person.rename("document_types", "维修单", "报修单"),
    "doctype delete": lambda person: person.remove("document_types", "维修单"),
    "customfield rename": lambda person: person.rename("custom_fields", "故障", "毛病"),
    "customfield delete": lambda person: person.remove("custom_fields", "故障"),
    "PATCH single doctype": lambda person: person.edit(3, type=None),
    "PATCH single no-op": lambda person: person.edit(3),
}


@pytest.mark.parametrize("action", DONE)
def test_modified_changes_as_captured(stand_in: StandIn, action: str) -> None:
    stand_in.faults.bulk_updates_wait = True
    before = modified(stand_in)

    DONE[action](Person(stand_in))

    at_once = modified(stand_in)
    stand_in.faults.bulk_updates_wait = False
    later = modified(stand_in)
    captured = EFFECTS[action]
    assert {str(n): at_once[n] > before[n] for n in before} == captured["immediate"]
    assert {str(n): later[n] > before[n] for n in before} == captured["after"]


def test_deleted_document_vanishes_and_comes_back_changed(stand_in: StandIn) -> None:
    person, before = Person(stand_in), modified(stand_in)

    person.delete(4)
    without = modified(stand_in)
    person.restore(4)

    assert set(without) == {3, 5}
    assert modified(stand_in)[4] > before[4]


def test_history_says_who_changed_what_as_captured(stand_in: StandIn) -> None:
    person = Person(stand_in, "admin")
    person.edit(3, tags=["重要"])
    person.edit(3, title="新", fields={"故障": "不热"})

    said = answer(stand_in, "/api/documents/3/history/")

    captured = example("3.0.5", "history_tag_change")["body"][0]
    loose = frozenset(("id", "timestamp", "objects"))
    assert [list(entry["changes"]) for entry in said] == [["custom_fields"], ["title"], ["tags"]]
    assert list(differences(said[2], captured, loose)) == []


def test_history_may_be_forbidden(stand_in: StandIn) -> None:
    stand_in.faults.history_forbidden = True

    refused = requests.get(
        f"{stand_in.url}/api/documents/3/history/", headers={"Authorization": f"Token {TOKEN}"}, timeout=10
    )

    assert (refused.status_code, refused.text) == (403, "Insufficient permissions")


def test_later_versions_stand_before_the_first_as_captured(stand_in: StandIn) -> None:
    stand_in.state.add_version(3, b"%PDF better", "v2")

    said = answer(stand_in, "/api/documents/3/")["versions"]

    captured = example("3.0.5", "document_with_versions")["body"]["versions"]
    assert list(differences(said, captured, frozenset(("id", "added", "checksum")))) == []


def test_moment_that_is_none_is_refused_as_captured(stand_in: StandIn) -> None:
    captured = example("3.0.5", "list_bad_modified")

    refused = replayed(stand_in, captured)

    assert (refused.status_code, refused.json()) == (captured["status"], captured["body"])


def test_documents_are_listed_by_when_they_were_changed(stand_in: StandIn) -> None:
    Person(stand_in).edit(4, title="neu")
    newest = modified(stand_in)[4].isoformat()

    by_time = answer(stand_in, "/api/documents/", ordering="modified", fields="id")["results"]
    since = answer(stand_in, "/api/documents/", modified__gte=newest)["results"]

    assert [entry["id"] for entry in by_time] == [3, 5, 4]
    assert [entry["id"] for entry in since] == [4]


def test_server_restored_from_a_backup_is_as_it_was(stand_in: StandIn) -> None:
    backup, before = stand_in.state.backup(), modified(stand_in)
    Person(stand_in).edit(3, title="neu")
    stand_in.state.documents.pop(5)

    stand_in.state.restore(backup)

    assert modified(stand_in) == before
    assert stand_in.state.documents[3].title == "t"
