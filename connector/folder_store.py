"""The embedded archive: a tree of folders in the archive's order, each record a PDF with a JSON sidecar.

Exactly once, and whole after a crash, by the order of the steps: 1. pointer (may point at nothing), 2. PDF, 3. sidecar.
What `find` sees without a sidecar, `complete` finishes. A move: 1. pointer names both places, 2. new sidecar, 3. PDF, 4. old
sidecar away, 5. pointer names the new place. A name that is taken is never written over; it gets a number.
Not for several machines writing at once: one process owns the archive (the lease in the data path sees to that). People may
read, copy and move what stands there; a PDF they moved is found again by its bytes, one they deleted stays deleted.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import RLock

from zope.interface import implementer

from classifiers.scheme import Scheme
from connector.archive_order import Place, place_of
from connector.durable_files import copy_beside, digests_of, flush_folder, make_folder, place, write_text
from connector.folder_errors import ArchiveGone, bytes_changed, not_there, told_as_store_errors
from connector.folder_pointers import OWN_FOLDER, Pointer, Pointers
from connector.folder_search import moved_pdf, owner_of, owners, rebuild
from connector.i18n import Language
from connector.interfaces import CheckFinding, IKeepsFiles, IRecordStore, Presence, Severity, StoredRecord
from connector.sidecar import Sidecar, SidecarDamaged, amended, as_text, filled, read_sidecar, sidecar_of
from ingest.message import N_, Message, os_reason
from metadata.values import Digests, RecordId, StoreId, Submission

_LITTLE_ROOM_BYTES = 1 << 30


@implementer(IRecordStore, IKeepsFiles)
class FolderStore:
    """An archive in a folder. The id of a record in it is the record's own id."""

    def __init__(
        self,
        name: str,
        archive: Path,
        scheme: Scheme,
        language: Language,
        has_records: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take the archive's folder; `has_records` says whether records were filed there, so that an empty folder is no new archive."""
        self.name = name
        self._has_records = has_records
        self._archive = archive
        self._scheme = scheme
        self._language = language
        self._pointers = Pointers(archive)
        self._lock = RLock()
        self._is_prepared = False

    def check(self) -> tuple[CheckFinding, ...]:
        """Return whether the folder can be written to and has room."""
        facts = {"folder": str(self._archive)}
        try:
            self._prepare()
            write_text(self._pointers.temporary_folder / "check", "", self._pointers.temporary_folder)
            (self._pointers.temporary_folder / "check").unlink()
            free_bytes = shutil.disk_usage(self._archive).free
        except ArchiveGone as gone:
            return (CheckFinding(Severity.ERROR, *gone.told()),)
        except OSError as error:
            why = {"reason": os_reason(error)}
            what = Message(N_("The archive folder {folder} cannot be written to: {reason}."), facts, why)
            remedy = Message(N_("Make the folder and give the account that runs guidang the right to write there."))
            return (CheckFinding(Severity.ERROR, what, remedy),)
        if free_bytes < _LITTLE_ROOM_BYTES:
            facts["megabytes"] = str(free_bytes // (1 << 20))
            what = Message(N_("The archive folder {folder} has only {megabytes} MB left."), facts)
            return (CheckFinding(Severity.WARNING, what, Message(N_("Make room there before it is full."))),)
        return (CheckFinding(Severity.OK, Message(N_("The archive folder {folder} can be written to."), facts), None),)

    def find(self, digests: Digests) -> tuple[StoredRecord, ...]:
        """Return the records whose PDF has exactly these bytes now."""
        with self._lock, told_as_store_errors(self._archive):
            self._prepare()
            found = [self._stored(pointer, digests) for pointer in self._pointers.with_digest(digests)]
            return tuple(record for record in found if record is not None and record.digests_agree)

    def file(self, submission: Submission, *, was_looked_for: bool = False) -> StoreId:  # noqa: ARG002 (of the interface)
        """Place PDF and sidecar; a record that stands there already is only completed: to look costs nothing here."""
        record_id = submission.description.record_id
        with self._lock, told_as_store_errors(self._archive):
            self._prepare()
            pointer = self._pointers.get(record_id)
            path = self._pdf_path(pointer) if pointer else None
            if path is None or digests_of(path).sha256 != submission.digests.sha256:
                path = self._place_pdf(submission)
            else:
                self._temporary_pdf(record_id).unlink(missing_ok=True)
            self._write_sidecar(path, submission, is_amendment=False)
        return StoreId(record_id)

    def complete(self, store_id: StoreId, submission: Submission) -> None:
        """Write the sidecar, or what is missing in it."""
        with self._lock, told_as_store_errors(self._archive):
            self._prepare()
            path = self._known_path(store_id)
            self._temporary_pdf(store_id).unlink(missing_ok=True)
            self._write_sidecar(path, submission, is_amendment=False)

    def read_back(self, store_id: StoreId, digests: Digests) -> StoredRecord | None:
        """Return what stands there, its bytes read and digested; None if a person deleted it."""
        with self._lock, told_as_store_errors(self._archive):
            self._prepare()
            pointer = self._pointers.get(store_id)
            return self._stored(pointer, digests) if pointer else None

    def pdf_path(self, store_id: StoreId) -> Path | None:
        """Return where the record's PDF stands now, also where a person moved it to; None if a person deleted it."""
        with self._lock, told_as_store_errors(self._archive):
            self._prepare()
            pointer = self._pointers.get(store_id)
            return self._pdf_path(pointer) if pointer else None

    def record_ids(self) -> Iterator[RecordId]:
        """Yield the records that stand there, by their sidecars."""
        with told_as_store_errors(self._archive):
            found = [RecordId(record) for record in owners(self._archive)]
        yield from found

    def amend(self, store_id: StoreId, submission: Submission) -> None:
        """Write the sidecar anew and move both to the place that the corrected description asks for."""
        with self._lock, told_as_store_errors(self._archive):
            self._prepare()
            path = self._known_path(store_id)
            wanted = self._wanted_place(submission)
            if not _is_at(path, self._archive, wanted):
                path = self._move(store_id, path, wanted, submission)
            self._write_sidecar(path, submission, is_amendment=True)

    def close(self) -> None:
        """Nothing is held open."""

    def _prepare(self) -> None:
        """Make the archive's own folder once; where it was lost, find out anew what stands where. Raises ArchiveGone.

        An empty folder where records were filed is the bare place where the archive's disk is mounted: nothing is made in it.
        """
        was_there = (self._archive / OWN_FOLDER).is_dir()
        if self._is_prepared and was_there:
            return
        if not was_there and next(owners(self._archive), None) is None and (self._is_prepared or self._has_records()):
            raise ArchiveGone(self._archive)
        make_folder(self._archive)
        self._pointers.prepare()
        if not was_there:
            rebuild(self._archive, self._pointers)
        self._is_prepared = True

    def _wanted_place(self, submission: Submission) -> Place:
        return place_of(submission, self._scheme, self._language)

    def _place_pdf(self, submission: Submission) -> Path:
        """Copy the bytes in, under a name that nothing bears, the pointer first."""
        temporary = self._temporary_pdf(submission.description.record_id)
        if not submission.pdf_path.is_file():
            raise bytes_changed()
        copied = copy_beside(submission.pdf_path, temporary)
        if copied.sha256 != submission.digests.sha256:
            temporary.unlink()
            raise bytes_changed()
        wanted = self._wanted_place(submission)
        make_folder(self._archive / wanted.folder)
        while True:
            path = self._free_path(wanted)
            self._pointers.put(
                Pointer(
                    record=submission.description.record_id,
                    sha256=copied.sha256,
                    md5=copied.md5,
                    size_bytes=temporary.stat().st_size,
                    path=path.relative_to(self._archive).as_posix(),
                )
            )
            try:
                place(temporary, path)
            except FileExistsError:
                continue
            return path

    def _temporary_pdf(self, record_id: str) -> Path:
        """Return where its PDF stands until it is placed; a crash between the placing and the end leaves it there, too."""
        return self._pointers.temporary_folder / f"{record_id}.pdf"

    def _move(self, store_id: StoreId, old_path: Path, wanted: Place, submission: Submission) -> Path:
        pointer = self._pointers.get(store_id)
        if pointer is None:
            raise not_there(store_id)
        make_folder(self._archive / wanted.folder)
        path = self._free_path(wanted)
        before, after = (p.relative_to(self._archive).as_posix() for p in (old_path, path))
        self._pointers.put(replace(pointer, path=after, moving_from=before))
        self._write_sidecar(path, submission, is_amendment=True, before=old_path)
        place(old_path, path)
        old_path.with_suffix(".json").unlink(missing_ok=True)
        flush_folder(old_path.parent)
        self._pointers.put(replace(pointer, path=after, moving_from=None))
        self._remove_empty(old_path.parent)
        return path

    def _write_sidecar(
        self, path: Path, submission: Submission, *, is_amendment: bool, before: Path | None = None
    ) -> None:
        sidecar_path = path.with_suffix(".json")
        wanted = sidecar_of(submission, self._scheme, self._language)
        present = self._sidecar(sidecar_path if before is None else before.with_suffix(".json"))
        sidecar = amended(present, wanted) if is_amendment else filled(present, wanted)
        if sidecar != present or not sidecar_path.exists():
            write_text(sidecar_path, as_text(sidecar), self._pointers.temporary_folder)

    def _sidecar(self, path: Path) -> Sidecar:
        """Return what stands there; what cannot be understood is kept beside, under another name, and counts as nothing."""
        try:
            return read_sidecar(path) or {}
        except SidecarDamaged:
            path.replace(_numbered(path.with_suffix(".damaged.json")))
            return {}

    def _free_path(self, wanted: Place) -> Path:
        folder = self._archive / wanted.folder
        number = 1
        while True:
            stem = wanted.stem if number == 1 else f"{wanted.stem} ({number})"
            path = folder / f"{stem}.pdf"
            if not any(_is_taken(folder / f"{stem}{suffix}") for suffix in (".pdf", ".json")):
                return path
            number += 1

    def _known_path(self, store_id: StoreId) -> Path:
        pointer = self._pointers.get(store_id)
        path = self._pdf_path(pointer) if pointer else None
        if path is None:
            raise not_there(store_id)
        return path

    def _pdf_path(self, pointer: Pointer) -> Path | None:
        """Return where the PDF stands now, finishing a move that a crash cut short; None if it is gone."""
        path = self._archive / pointer.path
        if pointer.moving_from is not None:
            return self._after_crash(pointer, path, self._archive / pointer.moving_from)
        if path.is_file():
            return path
        moved = moved_pdf(self._archive, pointer)
        if moved is not None:
            self._pointers.put(replace(pointer, path=moved.relative_to(self._archive).as_posix()))
        return moved

    def _after_crash(self, pointer: Pointer, path: Path, old_path: Path) -> Path | None:
        """Finish a move: the PDF may stand at either place, or, where links were used, at both."""
        if path.is_file() and digests_of(path).sha256 == pointer.sha256:
            for leftover in (old_path, old_path.with_suffix(".json")):
                leftover.unlink(missing_ok=True)
            finished = replace(pointer, moving_from=None)
        elif old_path.is_file():
            if owner_of(path) == pointer.record:
                path.with_suffix(".json").unlink(missing_ok=True)
            finished = replace(pointer, path=pointer.moving_from or pointer.path, moving_from=None)
        else:
            finished = replace(pointer, moving_from=None)
        self._pointers.put(finished)
        return self._pdf_path(finished)

    def _stored(self, pointer: Pointer, digests: Digests) -> StoredRecord | None:
        path = self._pdf_path(pointer)
        if path is None:
            return None
        try:
            sidecar = read_sidecar(path.with_suffix(".json")) or {}
        except SidecarDamaged:
            sidecar = {}
        kind, code = sidecar.get("kind"), sidecar.get("reference_code")
        return StoredRecord(
            store_id=StoreId(pointer.record),
            record_id=RecordId(pointer.record),
            presence=Presence.LIVE,
            digests_agree=digests_of(path).sha256 == digests.sha256,
            kind=kind if isinstance(kind, str) else None,
            is_held=sidecar.get("held") is True,
            reference_code=code if isinstance(code, str) else None,
        )

    def _remove_empty(self, folder: Path) -> None:
        """Take away folders that a move left empty, up to the archive itself."""
        while folder != self._archive and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def _is_at(path: Path, archive: Path, wanted: Place) -> bool:
    """Return whether the PDF stands in the wanted folder under the wanted name, with or without a number."""
    if path.parent != archive / wanted.folder:
        return False
    stem = path.stem
    if stem == wanted.stem:
        return True
    number = stem.removeprefix(f"{wanted.stem} (").removesuffix(")")
    return stem == f"{wanted.stem} ({number})" and number.isdecimal()


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _numbered(path: Path) -> Path:
    number, free = 1, path
    while _is_taken(free):
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
