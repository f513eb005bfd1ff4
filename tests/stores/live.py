"""Clears away on a real server what a test filed there: only what bears the test's own prefix."""

from __future__ import annotations

from connector.paperless.client import PaperlessClient
from connector.paperless.json_values import Json, number, text


def remove_all(client: PaperlessClient, prefix: str) -> None:
    """Move the prefix's documents to the trash, and empty them out of it."""
    live = client.pages("/api/documents/", (("title__icontains", prefix), ("fields", "id,title")))
    for document in list(live):
        if prefix in text(document, "title"):
            client.write("DELETE", f"/api/documents/{number(document, 'id')}/", {})
    gone: list[Json] = [
        number(document, "id") for document in client.pages("/api/trash/") if prefix in text(document, "title")
    ]
    if gone:
        client.write("POST", "/api/trash/", {"action": "empty", "documents": gone})
