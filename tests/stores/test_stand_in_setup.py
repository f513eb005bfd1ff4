"""The stand-in is checked against what real servers answered about the things of the setup profile, and about permissions.

Captured on 3.0.5 and 2.20.15; each test sends the captured requests in the captured order.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.paperless_stand_in import StandIn
from tests.paperless_stand_in.state import StoredDocument, now
from tests.stores.test_stand_in import OURS, RANDOM, body_of, differences, example, replayed

VERSIONS = ("3.0.5", "2.20.15")
IN_ORDER = (
    *("customfield_create_marker", "customfield_change_marker"),
    *("storage_path_create_shared", "storage_path_change", "storage_path_unbalanced"),
    *("group_create_probe", "group_duplicate", "group_unknown_right", "group_change"),
    *("tag_create_shared", "tag_create_below", "tag_lift", "tag_nest"),
    *("saved_view_create_shared", "saved_view_unknown_field", "saved_view_change"),
)
FREE = frozenset(("id", "owner", "text_color", "parent"))


@pytest.fixture(params=VERSIONS)
def server(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """A fresh one whose ids go on where the captured server's stood."""
    with StandIn(str(request.param)) as running:
        for kind, name in (
            ("custom_fields", "customfield_create_marker"),
            ("storage_paths", "storage_path_create_shared"),
            ("groups", "group_create_probe"),
            ("tags", "tag_create_shared"),
            ("saved_views", "saved_view_create_shared"),
        ):
            running.state.first_id(kind, int(example(running.version, name)["body"]["id"]))
        yield running


def prepared(server: StandIn) -> None:
    """Send everything that the captured server was sent before its document came."""
    for name in IN_ORDER:
        replayed(server, example(server.version, name))


def test_things_of_the_profile_are_made_and_changed_as_captured(server: StandIn) -> None:
    for name in IN_ORDER:
        captured = example(server.version, name)

        answer = replayed(server, captured)

        assert answer.status_code == captured["status"], name
        assert list(differences(body_of(answer), captured["body"], FREE, name)) == []


@pytest.mark.parametrize("name", ["document_full_perms", "document_set_permissions", "document_full_perms_after"])
def test_permissions_are_told_and_set_as_captured(server: StandIn, name: str) -> None:
    prepared(server)
    server.state.documents[1] = StoredDocument(1, b"%PDF", "t", "2026-11-24", "p.pdf", None, [], {}, now(), now())
    if name.endswith("_after"):
        replayed(server, example(server.version, "document_set_permissions"))
    captured = example(server.version, name)

    answer = replayed(server, captured)

    assert answer.status_code == captured["status"]
    assert list(differences(answer.json(), captured["body"], RANDOM | OURS, name)) == []
    assert answer.json().get("permissions") == captured["body"].get("permissions")


def test_list_tells_permissions_where_they_are_asked_for(server: StandIn) -> None:
    prepared(server)
    server.state.documents[1] = StoredDocument(1, b"%PDF", "t", "2026-11-24", "p.pdf", None, [], {}, now(), now())
    replayed(server, example(server.version, "document_set_permissions"))
    captured = example(server.version, "document_list_full_perms")

    answer = replayed(server, captured)

    assert list(differences(answer.json(), captured["body"], RANDOM | OURS | {"all"}, "list")) == []
    assert answer.json()["results"][0]["permissions"] == captured["body"]["results"][0]["permissions"]


def test_groups_that_are_not_there_are_refused_as_captured(server: StandIn) -> None:
    server.state.documents[1] = StoredDocument(1, b"%PDF", "t", "2026-11-24", "p.pdf", None, [], {}, now(), now())
    captured = example(server.version, "set_permissions_unknown_group")

    answer = replayed(server, captured)

    assert answer.status_code == captured["status"]
    assert answer.json() == captured["body"]


def test_taking_the_upper_tag_away_takes_the_lower_ones_with_it(server: StandIn) -> None:
    prepared(server)
    upper, lower = (example(server.version, name)["body"]["id"] for name in ("tag_create_shared", "tag_create_below"))
    entry = StoredDocument(1, b"%PDF", "t", "2026-11-24", "p.pdf", None, [upper, lower], {}, now(), now())
    server.state.documents[1] = entry
    patch = {"method": "PATCH", "path": "/api/documents/1/", "json": {"tags": [lower]}}
    replayed(server, {"request": patch})
    captured = example(server.version, "document_tags_parent_taken")

    answer = replayed(server, captured)

    assert answer.json() == captured["body"]


def test_deleting_the_upper_tag_deletes_the_lower_ones(server: StandIn) -> None:
    """Seen on both servers: the child was gone (404) once its parent was deleted."""
    prepared(server)
    upper = example(server.version, "tag_create_shared")["body"]["id"]

    replayed(server, {"request": {"method": "DELETE", "path": f"/api/tags/{upper}/"}})

    assert server.state.names["tags"] == {}
