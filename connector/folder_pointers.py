"""The folder store's own small files: which record stands where, and which records have which bytes.

They stand under `.guidang-store/` in the archive, so that nothing has to walk the tree to find a record. They can be lost:
the sidecars hold the same facts. Not a journal: a pointer is written *before* its PDF is placed, so it may point at nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from connector.durable_files import make_folder, write_text
from metadata.values import Digests

OWN_FOLDER = ".guidang-store"
_RECORD_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the PDF of a record stands, relative to the archive; `moving_from` where it stood if a move is under way."""

    record: str
    sha256: str
    md5: str
    size_bytes: int
    path: str
    moving_from: str | None = None


class Pointers:
    """Reads and writes the pointer files of one archive. Constructing it touches nothing."""

    def __init__(self, archive: Path) -> None:
        self._folder = archive / OWN_FOLDER
        self.temporary_folder = self._folder / "temporary"

    def prepare(self) -> None:
        """Make our own folder and its temporary one."""
        make_folder(self.temporary_folder)

    def get(self, record_id: str) -> Pointer | None:
        """Return the pointer of a record, None where there is none or it cannot be understood."""
        if not _RECORD_NAME.fullmatch(record_id):
            return None
        try:
            raw = json.loads(self._record_path(record_id).read_text(encoding="utf-8"))
            pointer = Pointer(
                record=str(raw["record"]),
                sha256=str(raw["sha256"]),
                md5=str(raw["md5"]),
                size_bytes=int(raw["size_bytes"]),
                path=str(raw["path"]),
                moving_from=None if raw.get("moving_from") is None else str(raw["moving_from"]),
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return pointer if pointer.record == record_id else None

    def put(self, pointer: Pointer) -> None:
        """Write or replace the pointer of a record, and list the record under its digest."""
        path = self._record_path(pointer.record)
        make_folder(path.parent)
        write_text(path, json.dumps(asdict(pointer), ensure_ascii=False) + "\n", self.temporary_folder)
        listed = self._digest_folder(pointer.sha256) / pointer.record
        if not listed.exists():
            make_folder(listed.parent)
            write_text(listed, "", self.temporary_folder)

    def with_digest(self, digests: Digests) -> Iterator[Pointer]:
        """Yield the pointers of the records that were filed with these bytes, in the order of their ids."""
        if not _DIGEST.fullmatch(digests.sha256):
            return
        folder = self._digest_folder(digests.sha256)
        for name in sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else ():
            pointer = self.get(name)
            if pointer is not None and pointer.sha256 == digests.sha256:
                yield pointer

    @staticmethod
    def takes(record_id: str) -> bool:
        """Return whether a record of this id can be pointed at."""
        return _RECORD_NAME.fullmatch(record_id) is not None

    def _record_path(self, record_id: str) -> Path:
        return self._folder / "records" / record_id[-2:].lower() / f"{record_id}.json"

    def _digest_folder(self, sha256: str) -> Path:
        return self._folder / "digests" / sha256[:2] / sha256
