"""Putting an original away into `done/`, `failed/` or `rejected/`, with its note, when all is said about it.

The plan (folder and free name) is written first, then the note, then the move, then the work folder goes: after a crash at any
point the same call goes on where it stood and ends the same. An original that has other bytes than when it was claimed (a scanner held
it open and went on writing) is no original of what was read: it goes back into the inbox, to be taken anew, whole. Nothing that stands there already is overwritten: the name is taken by an
empty placeholder of our own before the move. A renamed file keeps its bytes, time and owner.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.claim import claimed_digests
from ingest.durable import copy_durably, digests_of, fsync_folder, make_folder, write_durably
from ingest.names import is_numbered_form, numbered
from ingest.values import Scan
from ingest.work import work_path

log = logging.getLogger(__name__)

PLAN = "put_away.json"
BACK = ""
"""The folder of what goes back: the inbox itself."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the original goes. `path` may stand there already, as our placeholder or as the original itself."""

    folder: str
    name: str

    def path(self, top: Path) -> Path:
        """Return the final place."""
        return top / self.folder / self.name


def put_away(top: Path, scan: Scan, folder: str, note: str | None, note_suffix: str) -> Path:
    """Move the original to `top`/`folder`, its note beside it, remove the work folder and return the new path.

    One that was written to since it was claimed stands in the inbox again, without a note.
    """
    work = work_path(scan)
    plan = planned(work)
    if os.path.lexists(scan.path):
        if claimed_digests(scan.path)[0].sha256 != scan.sha256:
            log.warning("the original of scan %s was written to after its claim: it goes back", scan.scan_id)
            folder, note = BACK, None
        plan = _placed(top, scan, folder, note_suffix, plan)
        if note is not None:
            write_durably(_note_path(plan.path(top), note_suffix), note.encode("utf-8"))
        move(scan.path, plan.path(top))
    remove_work(work)
    return plan.path(top) if plan is not None else _stands_at(top, scan, folder)


def planned(work: Path) -> Plan | None:
    """Return the plan that an earlier call left."""
    try:
        parts = json.loads((work / PLAN).read_bytes())
        return Plan(str(parts["folder"]), str(parts["name"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _placed(top: Path, scan: Scan, folder: str, note_suffix: str, earlier: Plan | None) -> Plan:
    """Return a plan whose name is held by our placeholder."""
    make_folder(top / folder)
    if earlier is not None and earlier.folder == folder and _is_placeholder(earlier.path(top)):
        return earlier
    number = 0
    while True:
        number += 1
        plan = Plan(folder, numbered(scan.path.name, number))
        path = plan.path(top)
        note_is_ours = plan == earlier
        if os.path.lexists(path) or (os.path.lexists(_note_path(path, note_suffix)) and not note_is_ours):
            continue
        write_durably(work_path(scan) / PLAN, json.dumps({"folder": folder, "name": plan.name}).encode())
        with suppress(FileExistsError):
            _hold(path, is_folder=scan.path.is_dir() and not scan.path.is_symlink())
            return plan


def _hold(path: Path, *, is_folder: bool) -> None:
    """Take the name; raises FileExistsError."""
    if is_folder:
        path.mkdir()
    else:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
    fsync_folder(path.parent)


def _is_placeholder(path: Path) -> bool:
    """Return whether the planned name is held by us: empty, so that nothing is lost should it be someone else's after all."""
    if path.is_symlink():
        return False
    if path.is_dir():
        return not any(path.iterdir())
    return path.is_file() and path.stat().st_size == 0


def _note_path(path: Path, note_suffix: str) -> Path:
    return path.with_name(path.name + note_suffix)


def move(source: Path, target: Path) -> None:
    """Move durably onto our placeholder; to another file system by a copy that is read back first."""
    try:
        os.rename(source, target)  # noqa: PTH104 - the plain system call: atomic or not at all
    except OSError as error:
        if error.errno != errno.EXDEV or source.is_symlink() or not source.is_file():
            raise
        beside = target.with_name(f".{target.name}.part")
        beside.unlink(missing_ok=True)
        copy_durably(source, beside)
        beside.replace(target)
        fsync_folder(target.parent)
        source.unlink()
    fsync_folder(target.parent)
    fsync_folder(source.parent)


def remove_work(work: Path) -> None:
    """Remove the work folder, the plan last, so that a crash midway leaves the plan to go on by."""
    if not work.is_dir():
        return
    for entry in work.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != PLAN:
            entry.unlink(missing_ok=True)
    (work / PLAN).unlink(missing_ok=True)
    with suppress(OSError):
        work.rmdir()
    fsync_folder(work.parent)


def _stands_at(top: Path, scan: Scan, folder: str) -> Path:
    """Return where an original stands that an earlier call put away completely; where it would, if a person moved it since."""
    target = top / folder
    if target.is_dir():
        for path in sorted(target.iterdir()):
            if is_numbered_form(path.name, scan.path.name) and _is_same(path, scan):
                return path
    return target / scan.path.name


def _is_same(path: Path, scan: Scan) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != scan.size_bytes:
        return False
    return digests_of(path).sha256 == scan.sha256
