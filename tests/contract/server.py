"""One server under the contract: the stand-in, or a real one, spoken to by the same client, with names that bear a prefix.

What a test makes on a real server bears the prefix, or one of the profile's own names and was not there before; that is
removed afterwards. Everything else is never touched.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from connector.duties import DEFAULT_DUTIES
from connector.i18n import Language
from connector.interfaces import OutcomeUnknown, StoreRefused, StoreUnreachable
from connector.paperless.client import PaperlessClient
from connector.paperless.documents import Document
from connector.paperless.fields import FieldDefinition
from connector.paperless.json_values import Json, JsonObject, as_object, number, objects, optional_number, text
from connector.paperless.look import DOCUMENTS, Look
from connector.paperless.profile.values import ObjectKind, Ref, WantedObject, Wish
from connector.paperless.profile.wanted import Catalogue, ProfileSource, catalogue_of
from connector.paperless.store import PaperlessStore
from connector.paperless.uploads import UPLOAD
from metadata.values import Digests
from tests.metadata.fake_memory import FakeMemory
from tests.stores.submissions import Paper, example_scheme, real_pdf

DEPARTMENT = "工程技术"
"""Of the invented records."""

ENDED = frozenset({"SUCCESS", "FAILURE", "REVOKED"})


@dataclass
class Server:
    """A server, and a folder for what is sent. `patience_seconds` is how long its worker may take."""

    client: PaperlessClient
    folder: Path
    patience_seconds: float
    prefix: str = field(default_factory=lambda: f"guidang-test-{secrets.token_hex(4)}")
    before: set[tuple[ObjectKind, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.before = {
            (kind, number(entry, "id")) for kind in ObjectKind for entry in self.client.pages(kind.path, page_size=1000)
        }

    @property
    def look(self) -> Look:
        return Look(self.client)

    @property
    def is_three(self) -> bool:
        self.client.read_object(DOCUMENTS, (("page_size", "1"), ("fields", "id")))
        return (self.client.server_version or (0,)) >= (3,)

    def name(self, word: str) -> str:
        """Return a name of this run."""
        return f"{self.prefix} {word}"

    def make(self, kind: ObjectKind, word: str, **body: Json) -> JsonObject:
        """Make something shared under a name of this run."""
        whole: JsonObject = {"name": self.name(word), **body}
        if kind.is_owned:
            whole.setdefault("owner", None)
        if kind.is_matched:
            whole.setdefault("matching_algorithm", 0)
        return as_object(self.client.write("POST", kind.path, whole), kind.path)

    def change(self, kind: ObjectKind, object_id: int, body: JsonObject) -> JsonObject:
        """Change something of this run."""
        return as_object(self.client.write("PATCH", f"{kind.path}{object_id}/", body), kind.path)

    def listed(self, kind: ObjectKind) -> dict[str, JsonObject]:
        """Return what of this run stands there, by the words that were given."""
        found = {text(entry, "name"): entry for entry in self.client.pages(kind.path, page_size=1000)}
        start = f"{self.prefix} "
        return {name.removeprefix(start): entry for name, entry in found.items() if name.startswith(start)}

    def pdf(self, said: str = "") -> tuple[Path, Digests]:
        """Return a new PDF of one page, and its digests."""
        path = self.folder / f"{secrets.token_hex(6)}.pdf"
        path.write_bytes(real_pdf(f"{self.prefix} {said} {secrets.token_hex(8)}"))
        return path, digests_of_bytes(path.read_bytes())

    def upload(self, path: Path, **parts: str) -> str:
        """Send a file and return its task."""
        form = (("title", self.name("paper")), *parts.items())
        task = self.client.upload(UPLOAD, form, path.name, path)
        assert isinstance(task, str)
        return task

    def ended(self, task_id: str) -> JsonObject:
        """Return the task once it came to an end."""
        return self.seen(lambda: self._task(task_id))

    def filed(self, path: Path, **parts: str) -> Document:
        """Send a file and return the document that it became."""
        task = self.ended(self.upload(path, **parts))
        assert task["status"] == "SUCCESS", task["result"]
        document = self.look.document(optional_number(task, "related_document") or 0)
        assert document is not None
        return document

    def seen(self, look: Callable[[], JsonObject | None]) -> JsonObject:
        """Return what is seen once it is there; fails when the server's time is up."""
        end = time.monotonic() + self.patience_seconds
        while time.monotonic() < end:
            found = look()
            if found is not None:
                return found
            time.sleep(0.05 if self.patience_seconds < 30 else 0.5)
        raise AssertionError("the server did not come to it in time")

    def bulk(self, document: Document, method: str, **parameters: Json) -> None:
        """Edit in bulk."""
        body: JsonObject = {"documents": [document.document_id], "method": method, "parameters": dict(parameters)}
        self.client.write("POST", f"{DOCUMENTS}bulk_edit/", body)

    def body(self, document: Document) -> JsonObject:
        """Return the document as the server tells it now."""
        return self.client.read_object(f"{DOCUMENTS}{document.document_id}/", (("full_perms", "true"),))

    def store(self) -> PaperlessStore:
        """Return the record store, with the names that it really uses."""
        return PaperlessStore(
            "contract",
            self.client,
            example_scheme(),
            Language.ZH,
            FakeMemory(),
            duties=DEFAULT_DUTIES,
            task_timeout_seconds=self.patience_seconds,
            poll_seconds=0.01 if self.patience_seconds < 30 else 0.5,
        )

    def catalogue(self) -> Catalogue:
        """Return the example's catalogue under names of this run."""
        plain = catalogue_of(ProfileSource(example_scheme(), Language.ZH, DEFAULT_DUTIES))
        wanted = tuple(self._renamed(one) for one in plain.objects)
        fields = {code: self._renamed_field(one) for code, one in plain.fields.items()}
        return Catalogue(wanted, fields, {(one.kind, one.name): one for one in wanted})

    def paper(self) -> Paper:
        """Return a record whose PDF a real server takes as read."""
        path, _ = self.pdf("record")
        return Paper(
            self.folder,
            record_id=f"{self.prefix}-{secrets.token_hex(4)}",
            title=self.name("维修单"),
            content=path.read_bytes(),
        )

    def remove_all(self) -> None:
        """Remove what bears the prefix: documents for good, then names."""
        mine = (("title__icontains", self.prefix), ("fields", "id,title"))
        for found in list(self.client.pages(DOCUMENTS, mine)):
            if self.prefix in text(found, "title"):
                self._remove(f"{DOCUMENTS}{number(found, 'id')}/")
        gone: list[Json] = [
            number(one, "id") for one in self.client.pages("/api/trash/") if self.prefix in text(one, "title")
        ]
        if gone:
            self.client.write("POST", "/api/trash/", {"action": "empty", "documents": gone})
        ours = {
            (one.kind, one.name)
            for one in catalogue_of(ProfileSource(example_scheme(), Language.ZH, DEFAULT_DUTIES)).objects
        }
        ours.add((ObjectKind.TAG, DEPARTMENT))
        for kind in reversed(ObjectKind):
            for entry in list(self.client.pages(kind.path, page_size=1000)):
                object_id, name = number(entry, "id"), text(entry, "name")
                is_made = name.startswith(self.prefix) or (
                    (kind, name) in ours and (kind, object_id) not in self.before
                )
                path = f"{kind.path}{object_id}/"
                if is_made:
                    self._remove(path)

    def _remove(self, path: str) -> None:
        """Remove it, unless it is gone already, as tags below others are; a server on SQLite may be busy just then."""
        for attempt in range(5):
            if self.client.read_or_none(path) is None:
                return
            try:
                self.client.write("DELETE", path, {})
            except (OutcomeUnknown, StoreRefused, StoreUnreachable):  # 2.20 says 400 when it is busy
                self.client.pause(attempt)

    def _task(self, task_id: str) -> JsonObject | None:
        listed = list(objects(self.client.read("/api/tasks/", (("task_id", task_id),)), "tasks"))
        return next((task for task in listed if task["status"] in ENDED), None)

    def _renamed(self, wanted: WantedObject) -> WantedObject:
        body, first = self._wishes(wanted.body), self._wishes(wanted.first)
        return replace(wanted, name=self.name(wanted.name), other_names=frozenset(), body=body, first=first)

    def _renamed_field(self, definition: FieldDefinition) -> FieldDefinition:
        return replace(definition, name=self.name(definition.name), other_names=frozenset())

    def _wishes(self, body: Mapping[str, Wish]) -> Mapping[str, Wish]:
        return {key: self._wish(one) for key, one in body.items()}

    def _wish(self, wish: Wish) -> Wish:
        if isinstance(wish, Ref):
            return replace(wish, name=self.name(wish.name))
        if isinstance(wish, list):
            return [self._wish(one) for one in wish]
        return {key: self._wish(one) for key, one in wish.items()} if isinstance(wish, dict) else wish


def digests_of_bytes(content: bytes) -> Digests:
    """Return both digests of these bytes."""
    return Digests(hashlib.sha256(content).hexdigest(), hashlib.md5(content).hexdigest())
