"""A private folder for what the children leave on disk: page pixels on their way to tesseract, half-written PDFs.

Scans show people's data, so nothing of them may stay behind: the folder goes when the pool closes, and folders of a process that
was killed go when the next one starts. In memory where there is enough, so that page pixels never touch a disk.
It also holds the tether: a `tesseract` of our own that dies with the child that started it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "guidang-children"
_NAME = re.compile(rf"{_PREFIX}-(?P<process>\d+)-\w+")
_MEMORY = Path("/dev/shm")  # noqa: S108 - only private folders are made in it
_ENOUGH_BYTES = 512 << 20
_TETHERED = ("tesseract",)


@dataclass(frozen=True, slots=True)
class ChildSpace:
    """The folder of one pool; `programs` holds tethered programs, None where this machine cannot tether."""

    path: Path
    programs: Path | None

    @classmethod
    def made(cls) -> ChildSpace:
        """Make a new one, and remove those of processes that are no more."""
        for place in {_MEMORY, Path(tempfile.gettempdir())}:
            remove_abandoned(place)
        path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}-{os.getpid()}-", dir=_roomy_parent()))
        return cls(path, _tether(path))

    def use(self) -> None:
        """Let this process put its temporary files there and find the tethered programs first."""
        os.environ["TMPDIR"] = str(self.path)
        tempfile.tempdir = str(self.path)
        if self.programs is not None:
            os.environ["PATH"] = f"{self.programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"

    def remove(self) -> None:
        """Remove it with all it holds."""
        shutil.rmtree(self.path, ignore_errors=True)


def remove_abandoned(parent: Path) -> None:
    """Remove folders of ours whose process was killed before it could."""
    try:
        entries = list(parent.iterdir())
    except OSError:
        return
    for entry in entries:
        found = _NAME.fullmatch(entry.name)
        if found is not None and not _is_alive(int(found["process"])) and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)


def _is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def _roomy_parent() -> Path | None:
    """Return the memory disk where it has room for many pages; None = the usual place."""
    try:
        if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES:
            return _MEMORY
    except OSError:
        pass
    return None


def _tether(path: Path) -> Path | None:
    """Write a starter for each program that asks the kernel to end it with its parent (util-linux's setpriv).

    Without it a tesseract whose child was ended would go on alone until its page is done. None where that cannot be had: setpriv
    missing or too old, or programs may not be started from there.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    folder = path / "programs"
    folder.mkdir()
    for name in _TETHERED:
        program = shutil.which(name)
        if program is None:
            continue
        starter = folder / name
        starter.write_text(f'#!/bin/sh\nexec "{setpriv}" --pdeathsig KILL "{program}" "$@"\n', encoding="utf-8")
        starter.chmod(0o700)
    return folder if _works(folder, setpriv) else None


def _works(folder: Path, setpriv: str) -> bool:
    trial = folder / "trial"
    trial.write_text(f'#!/bin/sh\nexec "{setpriv}" --pdeathsig KILL true\n', encoding="utf-8")
    trial.chmod(0o700)
    try:
        return subprocess.run([trial], check=False, timeout=5, capture_output=True).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        trial.unlink(missing_ok=True)
