"""Originals put away: never over anything, with their note, and the same after a crash at any point."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path

import pytest

import ingest.put_away as module
from ingest.claim import ScanIds, claim, scan_of
from ingest.put_away import PLAN, move, planned, put_away, remove_work
from ingest.values import Scan
from ingest.work import work_path
from tests.ingest.making import NOON, written

NOTE_SUFFIX = ".说明.txt"


def claimed(top: Path, name: str = "a.pdf", content: bytes = b"%PDF- one") -> Scan:
    scan_id = ScanIds().new(NOON, None)
    path = claim(written(top / name, content), None, top / ".guidang" / scan_id)
    written(path.parent.parent / "pages.jsonl", b"{}\n")
    return scan_of(scan_id, "service", path)


def test_original_and_note_stand_together_and_the_work_folder_is_gone(tmp_path: Path) -> None:
    scan = claimed(tmp_path)

    path = put_away(tmp_path, scan, "failed", "因为损坏", NOTE_SUFFIX)

    assert path == tmp_path / "failed" / "a.pdf"
    assert path.read_bytes() == b"%PDF- one"
    assert (tmp_path / "failed" / "a.pdf.说明.txt").read_text("utf-8") == "因为损坏"
    assert sorted(p.name for p in (tmp_path / "failed").iterdir()) == ["a.pdf", "a.pdf.说明.txt"]
    assert list((tmp_path / ".guidang").iterdir()) == []


def test_nothing_is_overwritten_neither_scan_nor_note(tmp_path: Path) -> None:
    written(tmp_path / "failed" / "a.pdf", b"an older one")
    written(tmp_path / "failed" / "a (2).pdf.说明.txt", b"somebody's words")

    path = put_away(tmp_path, claimed(tmp_path), "failed", "why", NOTE_SUFFIX)

    assert path.name == "a (3).pdf"
    assert (tmp_path / "failed" / "a.pdf").read_bytes() == b"an older one"
    assert (tmp_path / "failed" / "a (2).pdf.说明.txt").read_bytes() == b"somebody's words"


def test_repeated_after_it_was_complete_returns_the_same_place(tmp_path: Path) -> None:
    written(tmp_path / "done" / "a.pdf", b"another scan of that name")
    scan = claimed(tmp_path)
    first = put_away(tmp_path, scan, "done", None, NOTE_SUFFIX)

    second = put_away(tmp_path, scan, "done", None, NOTE_SUFFIX)

    assert first == second == tmp_path / "done" / "a (2).pdf"


def test_repeated_after_a_person_took_it_away_does_not_complain(tmp_path: Path) -> None:
    scan = claimed(tmp_path)
    put_away(tmp_path, scan, "done", None, NOTE_SUFFIX).unlink()

    assert put_away(tmp_path, scan, "done", None, NOTE_SUFFIX) == tmp_path / "done" / "a.pdf"


def test_original_that_was_written_to_after_its_claim_goes_back_into_the_inbox_whole(tmp_path: Path) -> None:
    """A scanner held it open over a paper jam: three pages were read, and then came four more. None is lost."""
    writer = written(tmp_path / "a.pdf", b"%PDF- three pages").open("ab")
    scan_id = ScanIds().new(NOON, None)
    scan = scan_of(scan_id, "service", claim(tmp_path / "a.pdf", None, tmp_path / ".guidang" / scan_id))
    writer.write(b" and four more")
    writer.close()
    written(tmp_path / "a.pdf", b"%PDF- the next one of that name")

    path = put_away(tmp_path, scan, "done", "a note", NOTE_SUFFIX)

    assert path == tmp_path / "a (2).pdf"
    assert path.read_bytes() == b"%PDF- three pages and four more"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".guidang", "a (2).pdf", "a.pdf"]
    assert put_away(tmp_path, scan, "done", None, NOTE_SUFFIX) == tmp_path / "done" / "a.pdf"


class PowerCut(BaseException):
    """Stands for a kill: nothing of ours catches it."""


@pytest.mark.parametrize("content", [b"%PDF- one", b""])
@pytest.mark.parametrize("step", range(18))
def test_killed_at_any_step_and_called_again_it_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, content: bytes
) -> None:
    """Each system call that changes the disk is a step; the power goes just before one of them."""
    written(tmp_path / "failed" / "a.pdf", b"an older one")
    scan = claimed(tmp_path, content=content)
    counted = 0

    def cut_at_step() -> None:
        nonlocal counted
        counted += 1
        if counted == step + 1:
            raise PowerCut

    for owner, name in (
        (module, "write_durably"), (module, "fsync_folder"), (module, "_hold"), (module, "make_folder"),
        (os, "rename"), (shutil, "rmtree"), (Path, "unlink"), (Path, "rmdir"),
    ):  # fmt: skip
        real = getattr(owner, name)

        def with_cut(*args: object, _real: object = real, **kwargs: object) -> object:
            cut_at_step()
            return _real(*args, **kwargs)  # type: ignore[operator]

        monkeypatch.setattr(owner, name, with_cut)
    with suppress(PowerCut):
        put_away(tmp_path, scan, "failed", "why", NOTE_SUFFIX)
    monkeypatch.undo()

    path = put_away(tmp_path, scan, "failed", "why", NOTE_SUFFIX)

    assert path.read_bytes() == content
    assert path.with_name(path.name + NOTE_SUFFIX).read_text() == "why"
    assert (tmp_path / "failed" / "a.pdf").read_bytes() == b"an older one"
    assert sorted(p.name for p in (tmp_path / "failed").iterdir()) == sorted(
        ["a.pdf", "a (2).pdf", "a (2).pdf" + NOTE_SUFFIX]
    )
    assert list((tmp_path / ".guidang").iterdir()) == []


def test_name_taken_by_another_between_plan_and_hold_is_left_to_him(tmp_path: Path) -> None:
    scan = claimed(tmp_path)
    written(work_path(scan) / PLAN, b'{"folder": "done", "name": "a.pdf"}')
    written(tmp_path / "done" / "a.pdf", b"somebody was faster")

    path = put_away(tmp_path, scan, "done", None, NOTE_SUFFIX)

    assert path.name == "a (2).pdf"
    assert (tmp_path / "done" / "a.pdf").read_bytes() == b"somebody was faster"


def test_half_written_plan_counts_as_none(tmp_path: Path) -> None:
    written(tmp_path / PLAN, b'{"folder": "do')

    assert planned(tmp_path) is None


def test_many_scans_of_one_name_put_away_at_once_all_arrive(tmp_path: Path) -> None:
    scans = [claimed(tmp_path, content=b"%%PDF- %d" % number) for number in range(12)]
    threads = [
        threading.Thread(target=put_away, args=(tmp_path, scan, "done", f"note {scan.size_bytes}", NOTE_SUFFIX))
        for scan in scans
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = {p.read_bytes() for p in (tmp_path / "done").iterdir() if p.suffix == ".pdf"}
    assert kept == {b"%%PDF- %d" % number for number in range(12)}
    assert len(list((tmp_path / "done").iterdir())) == 24


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_move_to_another_file_system_copies_and_reads_back(tmp_path: Path) -> None:
    source = written(Path("/dev/shm") / f"guidang-move-{os.getpid()}" / "a.pdf", b"bytes")
    try:
        move(source, tmp_path / "a.pdf")

        assert (tmp_path / "a.pdf").read_bytes() == b"bytes"
        assert list(source.parent.iterdir()) == []
    finally:
        source.parent.rmdir()


def test_removing_a_work_folder_twice_is_allowed(tmp_path: Path) -> None:
    remove_work(tmp_path / "gone")
