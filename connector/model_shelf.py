"""The versions of what was learned, as files in the data path, and which one is in use.

`models/0007.model` is what was learned, `0007.json` how it came out (a refused one has only that), `in_use.json` names the version in
use and whether a person chose it. Each file appears whole or not at all; the one that names the version comes last, so that a crash
leaves the version before in use. Not for reading what is in the files (`classifiers.knowledge`) or for making them (`learning`).
Left open knowingly: who may write into the data path may put a model of their own there; it can misjudge, but not run anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from zope.interface import implementer

from classifiers.interfaces import IModelShelf
from classifiers.trial_values import Judged, TeachingReport
from classifiers.values import Verdict
from connector.durable_files import flush_folder, make_folder
from ingest.message import N_, GuidangError, Message

MODELS_NAME = "models"
KEPT_VERSIONS = 5
_IN_USE = "in_use.json"
_TURN_SECONDS = 30.0  # writing a version takes well under one


class NoSuchVersion(GuidangError):
    """There is no such version of the model on the shelf."""


@dataclass(frozen=True)
class Version:
    """One teaching: its number, when it was, how it came out; `is_kept` while its file is still there."""

    number: int
    made_at: datetime
    report: TeachingReport
    is_kept: bool


@dataclass(frozen=True, slots=True)
class InUse:
    """Which version is in use (None = none), and whether a person chose it, so that newer ones wait."""

    number: int | None = None
    is_chosen: bool = False


@implementer(IModelShelf)
class ModelShelf:
    """The shelf in one data path. Reading is safe from any thread and process; those who write take turns."""

    def __init__(self, data_path: Path) -> None:
        self._path = data_path / MODELS_NAME
        self._turn = FileLock(self._path / ".lock", timeout=_TURN_SECONDS)

    def stamp(self) -> str | None:
        """Return something that changes whenever another version is in use; None while none is."""
        try:
            found = (self._path / _IN_USE).stat()
        except OSError:
            return None
        return f"{found.st_mtime_ns}-{found.st_ino}"

    def content(self) -> bytes | None:
        """Return the file of the version in use; None where there is none to be read."""
        number = self.in_use().number
        try:
            return None if number is None else self._file(number).read_bytes()
        except OSError:
            return None

    def in_use(self) -> InUse:
        """Return which version is in use."""
        said = _read(self._path / _IN_USE)
        number = said.get("number")
        return InUse(number if isinstance(number, int) else None, said.get("is_chosen") is True)

    def versions(self) -> tuple[Version, ...]:
        """Return every teaching that is still known, oldest first."""
        return tuple(found for path in sorted(self._path.glob("[0-9]*.json")) if (found := self._version(path)))

    def add(self, report: TeachingReport, content: bytes, made_at: datetime) -> Version:
        """Put a teaching on the shelf and, where it was accepted and no person chose a version, into use; return it."""
        make_folder(self._path)
        with self._turn:
            number = max((version.number for version in self.versions()), default=0) + 1
            if report.accepted:
                self._write(self._file(number), content)
            about = {"made_at": made_at.isoformat(), **_report_out(report)}
            self._write(self._path / f"{number:04}.json", _json(about))
            if report.accepted and not self.in_use().is_chosen:
                self._put_into_use(InUse(number))
            self._clear()
        return Version(number, made_at, report, report.accepted)

    def use(self, number: int | None) -> None:
        """Put a version into use until a person chooses otherwise; None = no model at all. Raises NoSuchVersion."""
        make_folder(self._path)
        kept = [version.number for version in self.versions() if version.is_kept]
        if number is not None and number not in kept:
            raise NoSuchVersion(
                Message(N_("There is no model {number}."), {"number": str(number)}),
                Message(N_("Kept are: {kept}."), {"kept": ", ".join(map(str, kept)) or "–"}),
            )
        with self._turn:
            self._put_into_use(InUse(number, is_chosen=True))

    def use_latest(self) -> None:
        """Put the latest accepted version into use, and every later one when it comes."""
        make_folder(self._path)
        kept = [version.number for version in self.versions() if version.is_kept]
        with self._turn:
            self._put_into_use(InUse(max(kept, default=None)))

    def _put_into_use(self, wanted: InUse) -> None:
        self._write(self._path / _IN_USE, _json({"number": wanted.number, "is_chosen": wanted.is_chosen}))

    def _version(self, path: Path) -> Version | None:
        said = _read(path)
        try:
            number = int(path.stem)
            return Version(
                number, datetime.fromisoformat(said["made_at"]), _report_in(said), self._file(number).is_file()
            )
        except (KeyError, TypeError, ValueError):
            return None  # half a file, or not ours

    def _clear(self) -> None:
        """Remove the oldest versions and reports; the one in use stays, and the latest report."""
        versions = self.versions()
        in_use = self.in_use().number
        kept = [version.number for version in versions if version.is_kept][-KEPT_VERSIONS:]
        for version in versions[:-1]:
            if version.number != in_use and version.number < min(kept, default=0):
                self._file(version.number).unlink(missing_ok=True)
                (self._path / f"{version.number:04}.json").unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self._path / f"{number:04}.model"

    def _write(self, target: Path, content: bytes) -> None:
        temporary = target.with_name(f".{target.name}.part")
        with temporary.open("wb") as writer:
            writer.write(content)
            writer.flush()
            os.fsync(writer.fileno())
        temporary.replace(target)
        flush_folder(self._path)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _report_out(report: TeachingReport) -> dict[str, Any]:
    return {
        "accepted": report.accepted,
        "has_model": report.has_model,
        "cursor": report.cursor,
        "examples": dict(report.examples),
        "doubted": [_judged_out(judged) for judged in report.doubted],
        "wrong": [_judged_out(judged) for judged in report.wrong],
        "checked_right": report.checked_right,
        "calibration_error": report.calibration_error,
        "seconds": round(report.seconds, 1),
        "rules": report.rules,
    }


def _report_in(said: Mapping[str, Any]) -> TeachingReport:
    return TeachingReport(
        accepted=bool(said["accepted"]),
        has_model=bool(said["has_model"]),
        cursor=int(said["cursor"]),
        examples={str(kind): int(count) for kind, count in said["examples"].items()},
        doubted=tuple(_judged_in(judged) for judged in said["doubted"]),
        wrong=tuple(_judged_in(judged) for judged in said["wrong"]),
        checked_right=said["checked_right"],
        calibration_error=said["calibration_error"],
        seconds=float(said["seconds"]),
        rules=str(said.get("rules", "")),
    )


def _judged_out(judged: Judged) -> list[Any]:
    return [judged.key, judged.told, judged.verdict.value, judged.kind, judged.confidence]


def _judged_in(said: list[Any]) -> Judged:
    key, told, verdict, kind, confidence = said
    return Judged(str(key), told, Verdict(verdict), kind, float(confidence))
