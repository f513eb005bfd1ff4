"""Asks a paperless server the harmless questions whose answers filing and sync rely on: `guidang check --dms`.

For servers that nobody has tried with guidang yet, and after each update. Changes nothing; the questions that file something
stand in `tests/contract`, which runs against any server, too. Where no record of ours stands there, what needs one is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connector.interfaces import CheckFinding, Severity
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document, document_from
from connector.paperless.fields import Own
from connector.paperless.json_values import JsonObject, number, objects, text
from connector.paperless.look import DOCUMENTS, FULL_PERMISSIONS, TRASH
from connector.paperless.profile.present import read_account
from connector.paperless.profile.wanted import Catalogue
from connector.paperless.tasks import TASKS
from connector.paperless.taxonomy import Taxonomy
from ingest.message import N_, GuidangError, Message

_NO_TASK = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Asking:
    """The server under question, and the newest record of ours that stands there."""

    client: PaperlessClient
    own: JsonObject | None
    record_field: int | None


def contract_findings(client: PaperlessClient, catalogue: Catalogue) -> tuple[CheckFinding, ...]:
    """Return one finding a question, each with what to do where the answer is another than filing relies on; never raises."""
    try:
        asking = _begun(client, catalogue)
        client.read_object(DOCUMENTS, (("page_size", "1"), ("fields", "id")))
    except GuidangError as error:
        return (CheckFinding(Severity.ERROR, error.what, error.remedy),)
    return tuple(_findings(asking))


def _findings(asking: Asking) -> Iterator[CheckFinding]:
    for question, ask in _QUESTIONS.items():
        try:
            is_well = ask(asking)
        except GuidangError as error:
            yield CheckFinding(Severity.ERROR, error.what, error.remedy)
            continue
        if is_well is not None:
            yield _finding(question, is_well)


def _finding(question: str, is_well: bool) -> CheckFinding:
    if is_well:
        return CheckFinding(Severity.OK, Message(question), None)
    return CheckFinding(
        Severity.ERROR,
        Message(question),
        Message(N_("This server answers otherwise: do not file into it, and report its version.")),
    )


def _begun(client: PaperlessClient, catalogue: Catalogue) -> Asking:
    field = Taxonomy(client, catalogue).known_field(catalogue.fields[Own.RECORD_ID.value])
    if field is None:
        return Asking(client, None, None)
    query = json.dumps([field.field_id, "exists", True])
    params = (("custom_field_query", query), ("ordering", "-added"), ("page_size", "1"), *FULL_PERMISSIONS)
    page = client.read_object(DOCUMENTS, params)
    found = client.shaped(DOCUMENTS, lambda: list(objects(page.get("results"), "results")))
    return Asking(client, found[0] if found else None, field.field_id)


def _names_version(asking: Asking) -> bool:
    return asking.client.server_version is not None


def _pages(asking: Asking) -> bool:
    page = asking.client.read_object(DOCUMENTS, (("page_size", "1"), ("page", "1")))
    return isinstance(page.get("count"), int) and isinstance(page.get("results"), list) and "next" in page


def _unknown_task(asking: Asking) -> bool:
    return asking.client.read(TASKS, (("task_id", _NO_TASK),)) == []


def _trash(asking: Asking) -> bool:
    return isinstance(asking.client.read_object(TRASH, (("page_size", "1"),)).get("results"), list)


def _nothing_by_wrong_digest(asking: Asking) -> bool:
    """No document has this digest; a server that ignores the filter returns all."""
    page = asking.client.read_object(DOCUMENTS, (("checksum__iexact", "0" * 64), ("page_size", "1")))
    return page.get("count") == 0


def _found_by_digest(asking: Asking) -> bool | None:
    document = _own(asking)
    if document is None:
        return None
    checksum = document.checksum
    if checksum is None:
        path = f"{DOCUMENTS}{document.document_id}/metadata/"
        checksum = text(asking.client.read_object(path), "original_checksum")
    return document.document_id in _ids(asking, ("checksum__iexact", checksum))


def _found_by_field(asking: Asking) -> bool | None:
    document = _own(asking)
    if document is None or asking.record_field is None:
        return None
    query = json.dumps([asking.record_field, "exact", document.fields.get(asking.record_field)])
    return document.document_id in _ids(asking, ("custom_field_query", query))


def _found_by_modified(asking: Asking) -> bool | None:
    if asking.own is None:
        return None
    modified = text(asking.own, "modified")
    try:
        datetime.fromisoformat(modified)
    except ValueError:
        return False
    return number(asking.own, "id") in _ids(asking, ("modified__gte", modified), ("ordering", "modified"))


def _tells_permissions(asking: Asking) -> bool | None:
    document = _own(asking)
    return None if document is None else document.permissions is not None


def _belongs_to_us(asking: Asking) -> bool | None:
    document = _own(asking)
    return None if document is None else document.owner == read_account(asking.client).user_id


def _tells_history(asking: Asking) -> bool | None:
    document = _own(asking)
    if document is None:
        return None
    return isinstance(asking.client.read(f"{DOCUMENTS}{document.document_id}/history/"), list)


_QUESTIONS = {
    N_("paperless names its version"): _names_version,
    N_("lists come in pages"): _pages,
    N_("an unknown task is an empty list"): _unknown_task,
    N_("the trash can be listed"): _trash,
    N_("a digest that no document has finds none"): _nothing_by_wrong_digest,
    N_("a record is found by the digest of its bytes"): _found_by_digest,
    N_("a record is found by its record id"): _found_by_field,
    N_("a record is found by when it was changed"): _found_by_modified,
    N_("a record tells who may see and change it"): _tells_permissions,
    N_("the newest record belongs to guidang's account"): _belongs_to_us,
    N_("a record tells who changed what"): _tells_history,
}


def _own(asking: Asking) -> Document | None:
    own = asking.own
    return None if own is None else asking.client.shaped(DOCUMENTS, lambda: document_from(own))


def _ids(asking: Asking, *params: tuple[str, str]) -> set[int]:
    page = asking.client.read_object(DOCUMENTS, (*params, ("page_size", "100"), ("fields", "id")))
    return asking.client.shaped(
        DOCUMENTS, lambda: {number(one, "id") for one in objects(page.get("results"), "results")}
    )
