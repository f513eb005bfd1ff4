"""Looks what stands on the server: by digest, by id, in the trash, and among uploads that wait. Sends nothing.

The server's answer to a filter is never trusted: an unknown filter is silently ignored and returns everything, so each
document's own checksum is compared. 3.x keeps SHA-256, 2.x MD5; the server's version says which, and both are asked in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from connector.paperless import errors
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document, DocumentId, document_from, names_bytes
from connector.paperless.json_values import JsonObject, text
from metadata.values import Digests

DOCUMENTS = "/api/documents/"
TRASH = "/api/trash/"
FULL_PERMISSIONS = (("full_perms", "true"),)
_MANY = 50
"""More documents than this with the same bytes means that the server ignored the filter."""


class Look:
    """The reading half of the store."""

    def __init__(self, client: PaperlessClient) -> None:
        self._client = client

    def document(self, document_id: DocumentId) -> Document | None:
        """Return the document, None where it does not stand there or lies in the trash."""
        path = f"{DOCUMENTS}{document_id}/"
        body = self._client.read_or_none(path, FULL_PERMISSIONS)
        return None if body is None else self._client.shaped(path, lambda: document_from(body))

    def with_bytes(self, digests: Digests) -> tuple[Document, ...]:
        """Return the live documents whose original has exactly these bytes, oldest first."""
        asked = self._checksums(digests)
        found = {document.document_id: document for one in asked for document in self._with_checksum(one, digests)}
        for late in self._checksums(digests):  # the answer may have told us that the server was upgraded
            if late not in asked:
                found |= {document.document_id: document for document in self._with_checksum(late, digests)}
        return tuple(found[document_id] for document_id in sorted(found))

    def _with_checksum(self, checksum: str, digests: Digests) -> Iterator[Document]:
        params = (("checksum__iexact", checksum), *FULL_PERMISSIONS)
        for count, body in enumerate(self._client.pages(DOCUMENTS, params), start=1):
            if count > _MANY:
                raise errors.not_understood(self._client.address.url, "checksum__iexact")
            document = self._client.shaped(DOCUMENTS, partial(document_from, body))
            if self.has_bytes(document, digests):
                yield document

    def trashed(self) -> Iterator[Document]:
        """Yield what lies in the trash; its fields may be gone, its file name is not."""
        for body in self._client.pages(TRASH):
            yield self._client.shaped(TRASH, partial(document_from, body))

    def trashed_document(self, document_id: DocumentId) -> Document | None:
        """Return the document if it lies in the trash."""
        return next((found for found in self.trashed() if found.document_id == document_id), None)

    def trashed_with_bytes(self, digests: Digests) -> tuple[Document, ...]:
        """Return what lies in the trash with these bytes."""
        return tuple(document for document in self.trashed() if self.trashed_has_bytes(document, digests))

    def trashed_has_bytes(self, document: Document, digests: Digests) -> bool:
        """Return whether a document in the trash has these bytes: by checksum (3.x) or the file name that we gave (2.x)."""
        if document.checksum is None:
            return names_bytes(document.file_name, digests)
        return document.checksum in (digests.sha256, digests.md5)

    def has_bytes(self, document: Document, digests: Digests) -> bool:
        """Return whether the original of the document, as it was first taken in, has these bytes."""
        checksum = document.checksum
        if checksum is None:
            path = f"{DOCUMENTS}{document.document_id}/metadata/"
            body = self._client.read_or_none(path)
            checksum = None if body is None else self._client.shaped(path, partial(_original_checksum, body))
        return checksum in (digests.sha256, digests.md5)

    def _checksums(self, digests: Digests) -> tuple[str, ...]:
        version = self._client.server_version
        if version is None:
            return (digests.sha256, digests.md5)
        return (digests.sha256,) if version[0] >= 3 else (digests.md5,)


def _original_checksum(body: JsonObject) -> str:
    return text(body, "original_checksum").casefold()
