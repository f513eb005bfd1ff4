"""Brings a document on the server to what is wanted by merging requests, and looks afterwards whether it is so.

A 200 is not believed and a 500 neither (with Redis away the server saves and then says 500): the same pure decision that named
the changes must find none left. Never PATCHes `custom_fields` or `tags`, which would replace the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from connector.interfaces import OutcomeUnknown
from connector.paperless import errors
from connector.paperless.changes import Changes
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document, DocumentId
from connector.paperless.json_values import Json, JsonObject
from connector.paperless.look import DOCUMENTS, Look
from ingest.message import N_, Message

BULK_EDIT = "/api/documents/bulk_edit/"
_ATTEMPTS = 3


class Merge:
    """The changing half of the store; may be repeated, every request is idempotent."""

    def __init__(self, client: PaperlessClient, look: Look) -> None:
        self._client = client
        self._look = look

    def bring(
        self, document_id: DocumentId, decide: Callable[[Document], Changes], known: Document | None = None
    ) -> Document:
        """Carry out what `decide` asks for; return the document as it stands then. `known` is it as it was just read, if it was.

        What a server that is busy (5xx, or a 400 that names no fault: SQLite locked) left undone is sent again after a look, because nothing here does harm
        twice. Raises NotThere, OutcomeUnknown, StoreRefused where something is left.
        """
        document = known or self._found(document_id)
        unclear: OutcomeUnknown | None = None
        for attempt in range(_ATTEMPTS):
            changes = decide(document)
            if not changes:
                return document
            unclear = self._sent(document_id, changes)
            document = self._found(document_id)
            if unclear is None:
                break
            if attempt < _ATTEMPTS - 1 and decide(document):
                self._client.pause(attempt)
        if decide(document):
            if unclear is not None and not isinstance(unclear, errors.BrokeInside):
                raise unclear
            gives_none = Message(N_("it broke over the change, and gives no reason"))
            detail = Message(N_("it did not keep the change")) if unclear is None else gives_none
            raise errors.refused(self._client.address.url, detail)
        return document

    def _sent(self, document_id: DocumentId, changes: Changes) -> OutcomeUnknown | None:
        unclear: OutcomeUnknown | None = None
        for method, path, body in _requests(document_id, changes):
            try:
                self._client.write(method, path, body)
            except OutcomeUnknown as error:
                unclear = error
        return unclear

    def _found(self, document_id: DocumentId) -> Document:
        document = self._look.document(document_id)
        if document is None:
            raise errors.not_there(self._client.address.url, f"{DOCUMENTS}{document_id}/")
        return document


def _requests(document_id: DocumentId, changes: Changes) -> Iterator[tuple[str, str, JsonObject]]:
    """Yield the requests; tags last, so that a record cut short in the middle still bears 待核验."""
    if changes.add_fields or changes.remove_fields:
        added: JsonObject = {str(field_id): value for field_id, value in sorted(changes.add_fields.items())}
        parameters: JsonObject = {
            "add_custom_fields": added,
            "remove_custom_fields": _listed(changes.remove_fields),
        }
        yield "POST", BULK_EDIT, _bulk(document_id, "modify_custom_fields", parameters)
    if changes.properties:
        yield "PATCH", f"{DOCUMENTS}{document_id}/", changes.properties
    if changes.add_tags or changes.remove_tags:
        parameters = {"add_tags": _listed(changes.add_tags), "remove_tags": _listed(changes.remove_tags)}
        yield "POST", BULK_EDIT, _bulk(document_id, "modify_tags", parameters)


def _bulk(document_id: DocumentId, method: str, parameters: JsonObject) -> JsonObject:
    return {"documents": [document_id], "method": method, "parameters": parameters}


def _listed(ids: frozenset[int]) -> Json:
    return [*sorted(ids)]
