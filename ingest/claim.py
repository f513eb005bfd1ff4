"""Claiming: making a settled file ours by one move, so that whatever happens midway it is either in the inbox or in our work folder.

`.guidang/<scan id>/original/<clean name>` is a claimed scan; the journal's row comes after, and `recovered` finds what a crash left
between the two. On the inbox's own file system the move is one rename. Elsewhere it is a copy: noted in `source.json`, synced, read
back, moved into place, and only then is the inbox's file removed; until then the inbox's file is the truth, after it the copy.
The bytes of a scan are never changed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.durable import (
    FileDigests,
    copy_durably,
    digests_of,
    digests_of_bytes,
    fsync_folder,
    make_folder,
    write_durably,
)
from ingest.names import clean_name, is_system_name, numbered
from ingest.settle import Sight
from ingest.values import Scan, ScanId

ORIGINAL = "original"
INCOMING = "incoming"
SOURCE = "source.json"
_SCAN_ID = re.compile(r"(\d{8}T\d{12})-[0-9a-f]{10}")
_TIME_FORMAT = "%Y%m%dT%H%M%S%f"


class ChangedAfterAll(Exception):
    """The file changed while it was claimed: it has been given back to the inbox and is still arriving."""


@dataclass(frozen=True, slots=True)
class ScanIds:
    """Makes scan ids that sort by the time of the claim: UTC to the microsecond, and ten random hex digits."""

    def new(self, now: datetime, after: ScanId | None) -> ScanId:
        """Return a new id, later than `after` even where the clock has not moved on."""
        moment = now.astimezone(UTC)
        if after is not None and moment <= received_at(after):
            moment = received_at(after) + timedelta(microseconds=1)
        return ScanId(f"{moment.strftime(_TIME_FORMAT)}-{secrets.token_hex(5)}")


def is_scan_id(text: str) -> bool:
    """Return whether a folder of this name is a claimed scan's."""
    return _SCAN_ID.fullmatch(text) is not None


def received_at(scan_id: ScanId) -> datetime:
    """Return the moment of the claim, which the id carries."""
    return datetime.strptime(scan_id.partition("-")[0], _TIME_FORMAT).replace(tzinfo=UTC)


def claim(source: Path, sight: Sight | None, work: Path) -> Path:
    """Move the inbox's file into the work folder and return where it stands now; raises ChangedAfterAll, OSError.

    `sight` is what the last look saw (None: do not compare, as for folders).
    """
    target = work / ORIGINAL / clean_name(source.name)
    make_folder(target.parent, mode=0o700)
    try:
        os.rename(source, target)  # noqa: PTH104 - the plain system call: never a copy behind our back
    except OSError as error:
        if error.errno != errno.EXDEV:
            forget(work)
            raise
        _claim_by_copy(source, target, work, sight)
        return target
    fsync_folder(target.parent)
    fsync_folder(source.parent)
    if _is_filled_folder(target) or (sight is not None and sight_of(target) != sight):
        give_back(target, source, work)
        raise ChangedAfterAll
    return target


def _is_filled_folder(path: Path) -> bool:
    """Return whether something was put into an empty folder while it was claimed."""
    if path.is_symlink() or not path.is_dir():
        return False
    return not all(is_system_name(entry.name) for entry in path.iterdir())


def sight_of(path: Path) -> Sight:
    """Return what a look sees of this file."""
    seen = path.lstat()
    return Sight(seen.st_size, seen.st_mtime_ns)


def give_back(target: Path, source: Path, work: Path) -> None:
    """Undo a claim: the file stands in the inbox again; under a number where its name has been taken meanwhile."""
    back, number = source, 1
    while os.path.lexists(back):
        number += 1
        back = source.with_name(numbered(source.name, number))
    os.rename(target, back)  # noqa: PTH104
    fsync_folder(back.parent)
    forget(work)


def forget(work: Path) -> None:
    """Remove a work folder that holds no scan; one that does is left as it is."""
    original = work / ORIGINAL
    if original.is_dir() and any(original.iterdir()):
        return
    shutil.rmtree(work, ignore_errors=True)


def _claim_by_copy(source: Path, target: Path, work: Path, sight: Sight | None) -> None:
    """Copy, read back, move into place, and remove the inbox's file unless it has changed meanwhile."""
    seen = source.lstat()
    if not stat.S_ISREG(seen.st_mode):
        _make_like(source, target, seen.st_mode)
    else:
        note = {"source": os.fsencode(source).hex(), "size_bytes": seen.st_size, "changed_ns": seen.st_mtime_ns}
        write_durably(work / SOURCE, json.dumps(note).encode())
        copy_durably(source, work / INCOMING)
        (work / INCOMING).replace(target)
    if sight is not None and sight_of(source) != sight:
        target.unlink()
        forget(work)
        raise ChangedAfterAll
    fsync_folder(target.parent)
    _remove(source)
    fsync_folder(source.parent)
    (work / SOURCE).unlink(missing_ok=True)


def _make_like(source: Path, target: Path, mode: int) -> None:
    """Make a link, folder or fifo like the one in the inbox: there are no bytes to copy."""
    if stat.S_ISLNK(mode):
        target.symlink_to(source.readlink())
    elif stat.S_ISDIR(mode):
        target.mkdir()
    elif stat.S_ISFIFO(mode):
        os.mkfifo(target)
    else:
        raise OSError(errno.EXDEV, "cannot be moved to another file system")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def take_copy(source: Path, work: Path) -> Path:
    """Copy a user's file into the work folder and return where the copy stands; the user's file is only read. Raises OSError."""
    target = work / ORIGINAL / clean_name(source.name)
    make_folder(target.parent, mode=0o700)
    try:
        copy_durably(source, work / INCOMING)
        (work / INCOMING).replace(target)
        fsync_folder(target.parent)
    except OSError:
        forget(work)
        raise
    return target


def recovered(work: Path) -> Path | None:
    """Bring a claim that a crash cut short to its end; return the claimed file, None where nothing was claimed.

    A copy that is in place is the scan, and the inbox's file goes if it is still the same; one that is not in place is removed,
    and the inbox still has the file.
    """
    original = work / ORIGINAL
    claimed = sorted(original.iterdir()) if original.is_dir() else []
    if not claimed:
        if not any(entry.name not in {ORIGINAL, INCOMING, SOURCE} for entry in work.iterdir()):
            forget(work)
        return None
    if (work / SOURCE).exists():
        _finish_copy(work / SOURCE, claimed[0])
    return claimed[0]


def _finish_copy(note_path: Path, copy: Path) -> None:
    try:
        note = json.loads(note_path.read_bytes())
        source = Path(os.fsdecode(bytes.fromhex(note["source"])))
        is_same = sight_of(source) == Sight(note["size_bytes"], note["changed_ns"])
        if is_same and digests_of(source) == digests_of(copy):
            source.unlink()
            fsync_folder(source.parent)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        pass  # gone already; or a note that a broken disk spoilt: then the inbox's file is taken again, and is a duplicate
    note_path.unlink()


def scan_of(scan_id: ScanId, inbox: str, path: Path) -> Scan:
    """Return the claimed scan with its digests; a link's are of where it points to, a folder's and an unreadable file's of nothing."""
    digests, size_bytes = claimed_digests(path)
    return Scan(
        scan_id=scan_id,
        inbox=inbox,
        original_name=path.name,
        path=path,
        sha256=digests.sha256,
        md5=digests.md5,
        size_bytes=size_bytes,
        received_at=received_at(scan_id),
    )


def claimed_digests(path: Path) -> tuple[FileDigests, int]:
    """Return the digests and the size that a claimed scan at this path has; raises OSError."""
    seen = path.lstat()
    if stat.S_ISLNK(seen.st_mode):
        digests = digests_of_bytes(os.fsencode(path.readlink()))
        return digests, digests.size_bytes
    if not stat.S_ISREG(seen.st_mode):
        return digests_of_bytes(b""), 0
    try:
        digests = digests_of(path)
    except PermissionError:
        return digests_of_bytes(b""), seen.st_size
    return digests, digests.size_bytes
