"""The journey of a file from a watched folder into the work folder, whatever the clerk, the scanner or the share does."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from zope.interface.verify import verifyObject

from ingest.claim import ChangedAfterAll, claim, is_scan_id, received_at, take_copy
from ingest.clock import SystemClock
from ingest.durable import digests_of
from ingest.inbox import MOST_CLAIMS_A_LOOK, Inbox, InboxPlace
from ingest.interfaces import Fault, IInbox, InboxUnusable, ScanUnreadable
from ingest.settle import SettleRule
from ingest.values import Scan
from ingest.wholeness import fault_of
from tests.ingest.making import SetClock, digital_pdf, jpeg_bytes, pdf_bytes, scanned_pdf, tiff_bytes, written

PDF = pdf_bytes(digital_pdf())
QUIET, PATIENCE = 5.0, 600.0


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def inbox(top: Path, clock: SetClock) -> Iterator[Inbox]:
    place = InboxPlace("service", top, is_polled=True, rule=SettleRule(QUIET, PATIENCE))
    inbox = Inbox(place, clock, fault_of)
    yield inbox
    inbox.close()


def looked(inbox: Inbox, clock: SetClock, seconds: float = QUIET) -> tuple[Scan, ...]:
    """Look, wait, and look again: what had settled comes out."""
    first = inbox.look()
    clock.pass_by(seconds)
    return first + inbox.look()


def standing_in(folder: Path) -> list[str]:
    """Return what the clerk sees in the folder, our own folders left out."""
    return sorted(p.name for p in folder.iterdir() if p.name not in {".guidang", "done", "failed", "rejected"})


def test_it_keeps_the_promise_of_an_inbox(inbox: Inbox) -> None:
    assert verifyObject(IInbox, inbox)


def test_settled_scan_is_claimed_with_its_bytes(inbox: Inbox, top: Path, clock: SetClock) -> None:
    path = written(top / "扫描 1.pdf", PDF)
    digests = digests_of(path)

    [scan] = looked(inbox, clock)

    assert scan.original_name == "扫描 1.pdf"
    assert scan.inbox == "service"
    assert scan.path.read_bytes() == PDF
    assert scan.path == top / ".guidang" / scan.scan_id / "original" / "扫描 1.pdf"
    assert (scan.sha256, scan.md5, scan.size_bytes) == (digests.sha256, digests.md5, len(PDF))
    assert scan.received_at == received_at(scan.scan_id)
    assert standing_in(top) == []


def test_one_look_claims_nothing(inbox: Inbox, top: Path) -> None:
    written(top / "a.pdf", PDF)

    assert inbox.look() == ()
    assert inbox.unsettled() == 1


def test_scan_still_growing_is_left_alone(inbox: Inbox, top: Path, clock: SetClock) -> None:
    whole = pdf_bytes(scanned_pdf(3))
    path = top / "slow.pdf"
    for length in range(0, len(whole), len(whole) // 7):
        path.write_bytes(whole[:length])
        os.utime(path, ns=(length, length))
        assert inbox.look() == ()
        clock.pass_by(QUIET)
    path.write_bytes(whole)

    [scan] = looked(inbox, clock)

    assert scan.path.read_bytes() == whole


def test_scan_that_pauses_halfway_is_waited_for(inbox: Inbox, top: Path, clock: SetClock) -> None:
    """A network that stops for a minute: quiet, but not whole."""
    whole = pdf_bytes(scanned_pdf())
    path = written(top / "slow.pdf", whole[: len(whole) // 2])

    paused = [looked(inbox, clock, 60) for _ in range(5)]
    path.write_bytes(whole)
    claimed = looked(inbox, clock)

    assert paused == [()] * 5
    assert [scan.size_bytes for scan in claimed] == [len(whole)]


@pytest.mark.parametrize("content", [b"", PDF[: len(PDF) // 2], bytes(3000), jpeg_bytes()[:-400], tiff_bytes()[:-400]])
def test_file_that_never_becomes_whole_is_claimed_after_patience(
    inbox: Inbox, top: Path, clock: SetClock, content: bytes
) -> None:
    written(top / "broken.pdf", content)

    early = looked(inbox, clock, PATIENCE - 1)
    clock.pass_by(1)
    late = inbox.look()

    assert early == ()
    assert [scan.path.read_bytes() for scan in late] == [content]


def test_what_is_no_scan_is_claimed_for_a_note(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "letter.docx", b"PK\x03\x04 words")

    [scan] = looked(inbox, clock)

    assert scan.original_name == "letter.docx"


def test_temporary_hidden_and_own_files_are_left_alone(inbox: Inbox, top: Path, clock: SetClock) -> None:
    names = [
        ".hidden.pdf", ".~lock.a.pdf#", "a.pdf.part", "a.pdf.tmp", "~$a.pdf", "Thumbs.db", "desktop.ini", ".DS_Store",
        "a.pdf.说明.txt", "a.pdf.note.txt", "b.crdownload",
    ]  # fmt: skip
    for name in names:
        written(top / name, PDF)
    for folder in ("done", "failed", "rejected", ".guidang", ".Trash-1000", "$RECYCLE.BIN"):
        written(top / folder / "a.pdf", PDF)

    claimed = looked(inbox, clock, PATIENCE)

    assert claimed == ()
    assert set(names) <= set(standing_in(top))
    assert inbox.unsettled() == 0


def test_subfolders_are_looked_into_and_equal_names_stay_apart(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a" / "scan.pdf", PDF)
    written(top / "b" / "done" / "scan.pdf", PDF + b"\n")

    scans = looked(inbox, clock)
    paths = [inbox.put_away(scan, "done", None, ".note.txt") for scan in scans]

    assert [scan.original_name for scan in scans] == ["scan.pdf", "scan.pdf"]
    assert sorted(path.name for path in paths) == ["scan (2).pdf", "scan.pdf"]
    assert sorted(path.stat().st_size for path in paths) == [len(PDF), len(PDF) + 1]


def test_oldest_comes_first_and_ids_sort_by_time(inbox: Inbox, top: Path, clock: SetClock) -> None:
    for number in (3, 1, 2):
        path = written(top / f"{number}.pdf", PDF)
        os.utime(path, (number, number))

    scans = looked(inbox, clock)

    assert [scan.original_name for scan in scans] == ["1.pdf", "2.pdf", "3.pdf"]
    assert [scan.scan_id for scan in scans] == sorted({scan.scan_id for scan in scans})
    assert all(is_scan_id(scan.scan_id) for scan in scans)


def test_backlog_is_taken_in_helpings(inbox: Inbox, top: Path, clock: SetClock) -> None:
    for number in range(MOST_CLAIMS_A_LOOK + 3):
        written(top / f"{number}.pdf", PDF)

    first = looked(inbox, clock)
    left = inbox.unsettled()
    second = inbox.look()

    assert (len(first), left, len(second)) == (MOST_CLAIMS_A_LOOK, 3, 3)


def test_link_is_claimed_itself_and_what_it_points_to_stays(
    inbox: Inbox, top: Path, clock: SetClock, tmp_path: Path
) -> None:
    secret = written(tmp_path / "secret.pdf", PDF)
    (top / "link.pdf").symlink_to(secret)
    (top / "loop").symlink_to(top)

    scans = looked(inbox, clock)

    assert sorted(scan.original_name for scan in scans) == ["link.pdf", "loop"]
    assert all(scan.path.is_symlink() for scan in scans)
    assert secret.read_bytes() == PDF
    assert {fault_of(scan.path) for scan in scans} == {Fault.NOT_REGULAR}
    kept = inbox.put_away(scans[0], "failed", "a link", ".note.txt")
    assert kept.is_symlink()


def test_fifo_does_not_block_and_is_claimed(inbox: Inbox, top: Path, clock: SetClock) -> None:
    os.mkfifo(top / "pipe.pdf")

    [scan] = looked(inbox, clock)

    assert fault_of(scan.path) is Fault.NOT_REGULAR
    assert inbox.put_away(scan, "failed", None, "").is_fifo()


def test_folder_named_like_a_pdf_gets_its_note_after_patience(inbox: Inbox, top: Path, clock: SetClock) -> None:
    (top / "scan.pdf").mkdir()

    early = looked(inbox, clock, PATIENCE - 1)
    clock.pass_by(1)
    [scan] = inbox.look()
    kept = inbox.put_away(scan, "failed", "a folder", ".note.txt")

    assert early == ()
    assert scan.original_name == "scan.pdf"
    assert fault_of(scan.path if scan.path.exists() else kept) is Fault.NOT_REGULAR
    assert kept == top / "failed" / "scan.pdf"
    assert (top / "failed" / "scan.pdf.note.txt").read_text() == "a folder"


def test_scans_in_a_folder_named_like_a_pdf_are_taken(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "batch.pdf" / "one.pdf", PDF)

    assert [scan.original_name for scan in looked(inbox, clock)] == ["one.pdf"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"two\nlines.pdf", "two_lines.pdf"),
        (b"bad\xff\xfe.pdf", "bad\ufffd\ufffd.pdf"),
        ("合同扫描.pdf".encode("gb18030"), "合同扫描.pdf"),
        (b"tab\there\x1b[31m.pdf", "tab_here_[31m.pdf"),
        (b"   .pdf", ".pdf"),
        ("长".encode() * 80 + b".pdf", "长" * 65 + ".pdf"),
    ],
)
def test_any_name_becomes_one_that_can_be_kept_and_shown(
    inbox: Inbox, top: Path, clock: SetClock, raw: bytes, expected: str
) -> None:
    (top / os.fsdecode(raw)).write_bytes(PDF)

    [scan] = looked(inbox, clock)
    kept = inbox.put_away(scan, "failed", "why", ".说明.txt")

    assert scan.original_name == expected
    str(scan.path).encode("utf-8")
    assert kept.read_bytes() == PDF
    assert kept.with_name(kept.name + ".说明.txt").read_text() == "why"


def test_file_that_changes_while_it_is_claimed_is_given_back(top: Path, clock: SetClock) -> None:
    path = top / "late.pdf"

    def append_and_find_whole(found: Path) -> Fault | None:
        """The writer wakes up again just after the look."""
        with found.open("ab") as stream:
            stream.write(b"\n%%EOF\n")
        return None

    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(QUIET, PATIENCE)), clock, append_and_find_whole)
    path.write_bytes(PDF)

    claimed = looked(inbox, clock)

    assert claimed == ()
    assert standing_in(top) == ["late.pdf"]
    assert list((top / ".guidang").iterdir()) == []


def test_file_that_vanishes_before_the_claim_is_forgotten(inbox: Inbox, top: Path, clock: SetClock) -> None:
    path = written(top / "a.pdf", PDF)
    inbox.look()
    clock.pass_by(QUIET)
    path.unlink()

    assert inbox.look() == ()
    assert inbox.unsettled() == 0


def test_unreadable_file_is_waited_for_and_then_claimed(top: Path, clock: SetClock) -> None:
    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(QUIET, PATIENCE)), clock, lambda _: Fault.NOT_READABLE)
    written(top / "a.pdf", PDF)

    early = looked(inbox, clock)
    late = looked(inbox, clock, PATIENCE)

    assert early == ()
    assert [scan.original_name for scan in late] == ["a.pdf"]


# ------------------------------------------------------------------ taking a user's file


def test_taking_copies_and_leaves_the_file_as_it_is(inbox: Inbox, tmp_path: Path) -> None:
    mine = written(tmp_path / "mine.pdf", PDF)
    before = mine.stat()

    scan = inbox.take(mine)

    assert scan.path.read_bytes() == PDF == mine.read_bytes()
    assert (mine.stat().st_mtime_ns, mine.stat().st_mode) == (before.st_mtime_ns, before.st_mode)
    assert inbox.recover() == (scan,)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda path: path.mkdir(), Fault.NOT_REGULAR),
        (os.mkfifo, Fault.NOT_REGULAR),
        (lambda path: None, Fault.NOT_READABLE),
    ],
)
def test_what_is_no_file_cannot_be_taken(
    inbox: Inbox, tmp_path: Path, make: Callable[[Path], None], fault: Fault
) -> None:
    make(tmp_path / "thing.pdf")

    with pytest.raises(ScanUnreadable) as raised:
        inbox.take(tmp_path / "thing.pdf")

    assert raised.value.fault is fault


def test_empty_file_is_taken_for_the_journal_to_have_it(inbox: Inbox, tmp_path: Path) -> None:
    assert inbox.take(written(tmp_path / "empty.pdf", b"")).size_bytes == 0


# ------------------------------------------------------------------ after a crash


def test_claim_that_the_journal_never_heard_of_is_recovered(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    scans = looked(inbox, clock)

    again = Inbox(InboxPlace("service", top), SetClock(), fault_of)

    assert again.recover() == scans


def test_crash_between_making_the_work_folder_and_the_move_leaves_the_file_in_the_inbox(
    inbox: Inbox, top: Path, clock: SetClock
) -> None:
    written(top / "a.pdf", PDF)
    (top / ".guidang" / "20241103T120000000000-0123456789" / "original").mkdir(parents=True)

    recovered = inbox.recover()
    claimed = looked(inbox, clock)

    assert recovered == ()
    assert [scan.original_name for scan in claimed] == ["a.pdf"]


def test_crash_while_copying_leaves_the_file_in_the_inbox(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    work = top / ".guidang" / "20241103T120000000000-0123456789"
    written(work / "incoming", PDF[:100])
    (work / "original").mkdir()

    recovered = inbox.recover()

    assert recovered == ()
    assert not work.exists()
    assert len(looked(inbox, clock)) == 1


def test_crash_between_copy_and_removal_does_not_take_the_scan_twice(inbox: Inbox, top: Path, clock: SetClock) -> None:
    source = written(top / "a.pdf", PDF)
    seen = source.lstat()
    work = top / ".guidang" / "20241103T120000000000-0123456789"
    written(work / "original" / "a.pdf", PDF)
    note = (
        f'{{"source": "{os.fsencode(source).hex()}", "size_bytes": {seen.st_size}, "changed_ns": {seen.st_mtime_ns}}}'
    )
    written(work / "source.json", note.encode())

    [scan] = inbox.recover()
    claimed = looked(inbox, clock)

    assert scan.path.read_bytes() == PDF
    assert claimed == ()
    assert standing_in(top) == []


def test_new_file_under_the_old_name_survives_the_recovery_of_a_copy(inbox: Inbox, top: Path) -> None:
    written(top / "a.pdf", PDF + b"another scan")
    work = top / ".guidang" / "20241103T120000000000-0123456789"
    written(work / "original" / "a.pdf", PDF)
    note = f'{{"source": "{os.fsencode(top / "a.pdf").hex()}", "size_bytes": {len(PDF)}, "changed_ns": 1}}'
    written(work / "source.json", note.encode())

    inbox.recover()

    assert standing_in(top) == ["a.pdf"]


def test_one_claimed_scan_that_cannot_be_read_does_not_hold_up_the_others(
    inbox: Inbox, top: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad sector under one scan; the others are recovered, and this one with a later look, once it can be read."""
    for name in ("a.pdf", "bad.pdf", "c.pdf"):
        written(top / name, PDF)
    looked(inbox, clock)
    real_open, is_broken = os.open, [True]

    def broken(path: Path, *rest: int) -> int:
        if is_broken[0] and str(path).endswith("bad.pdf"):
            raise OSError(errno.EIO, "Input/output error")
        return real_open(path, *rest)

    monkeypatch.setattr(os, "open", broken)
    after = Inbox(InboxPlace("service", top, is_polled=True), clock, fault_of)

    recovered_at_first = [scan.original_name for scan in after.recover()]
    still_broken = after.look()
    is_broken[0] = False
    later = [scan.original_name for scan in after.look()]

    assert recovered_at_first == ["a.pdf", "c.pdf"]
    assert still_broken == ()
    assert later == ["bad.pdf"]


def test_spoilt_note_of_a_copy_does_not_stop_the_recovery(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    (scan,) = looked(inbox, clock)
    written(top / "a.pdf", PDF)
    (scan.path.parents[1] / "source.json").write_bytes(b"\0\0\0\0")

    assert [found.scan_id for found in inbox.recover()] == [scan.scan_id]
    assert (top / "a.pdf").exists()


def test_full_disk_is_called_full(inbox: Inbox, top: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    written(top / "a.pdf", PDF)
    real_mkdir, is_full = Path.mkdir, [False]

    def mkdir(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if is_full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        real_mkdir(self, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    inbox.look()
    clock.pass_by(QUIET)
    is_full[0] = True

    with pytest.raises(InboxUnusable) as raised:
        inbox.look()

    assert "full" in str(raised.value)
    assert (top / "a.pdf").read_bytes() == PDF


def test_work_folder_that_holds_kept_pages_is_not_thrown_away(inbox: Inbox, top: Path) -> None:
    kept = written(top / ".guidang" / "20241103T120000000000-0123456789" / "pages.jsonl", b"{}")

    assert inbox.recover() == ()
    assert kept.exists()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_work_folder_on_another_file_system_copies_verifies_and_deletes(top: Path, clock: SetClock) -> None:
    elsewhere = Path("/dev/shm") / f"guidang-test-{os.getpid()}"
    elsewhere.mkdir()
    try:
        (top / ".guidang").symlink_to(elsewhere)
        inbox = Inbox(InboxPlace("service", top, rule=SettleRule(QUIET, PATIENCE)), clock, fault_of)
        written(top / "a.pdf", PDF)
        (top / "link.pdf").symlink_to("a.pdf")

        scans = looked(inbox, clock)
        kept = [inbox.put_away(scan, "done", None, "") for scan in scans if not scan.path.is_symlink()]

        assert sorted(scan.original_name for scan in scans) == ["a.pdf", "link.pdf"]
        assert standing_in(top) == []
        assert [path.read_bytes() for path in kept] == [PDF]
    finally:
        for path in sorted(elsewhere.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        elsewhere.rmdir()


def test_parts_of_a_claim_can_be_called_alone(top: Path) -> None:
    """The tests above stand for crashes between them."""
    path = written(top / "a.pdf", PDF)

    claimed = claim(path, None, top / ".guidang" / "one")
    copied = take_copy(claimed, top / ".guidang" / "two")

    assert copied.read_bytes() == PDF


# ------------------------------------------------------------------ the share away, events


def test_vanished_share_is_said_and_recovers_by_itself(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    inbox.look()
    top.rename(top.with_name("away"))

    with pytest.raises(InboxUnusable) as raised:
        inbox.look()
    top.with_name("away").rename(top)
    back = looked(inbox, clock)

    assert "service" in str(raised.value)
    assert [scan.original_name for scan in back] == ["a.pdf"]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_bare_mount_point_is_not_taken_for_the_inbox(tmp_path: Path, clock: SetClock) -> None:
    """The share is unmounted: its folder is there, empty, on another device. Nothing may be made in it."""
    share = Path("/dev/shm") / f"guidang-share-{os.getpid()}"
    bare = tmp_path / "bare"
    share.mkdir()
    bare.mkdir()
    top = tmp_path / "inbox"
    try:
        top.symlink_to(share)
        inbox = Inbox(InboxPlace("service", top, is_polled=True), clock, fault_of)
        inbox.look()
        top.unlink()
        top.symlink_to(bare)

        with pytest.raises(InboxUnusable):
            inbox.look()
        assert list(bare.iterdir()) == []

        top.unlink()
        top.symlink_to(share)
        assert inbox.look() == ()
    finally:
        (share / ".guidang").rmdir()
        share.rmdir()


def test_one_file_that_cannot_be_moved_does_not_stop_the_others(
    inbox: Inbox, top: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(top / "a.pdf", PDF)
    written(top / "b.pdf", PDF)
    real_rename = os.rename

    def rename(source: Path, target: Path) -> None:
        if source.name == "a.pdf":
            raise PermissionError(13, "no")
        real_rename(source, target)

    monkeypatch.setattr(os, "rename", rename)

    claimed = looked(inbox, clock)

    assert [scan.original_name for scan in claimed] == ["b.pdf"]
    with pytest.raises(InboxUnusable):
        inbox.look()


def test_event_hints_but_our_own_moves_do_not(top: Path, clock: SetClock) -> None:
    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(0, 0)), clock, fault_of)
    hinted = threading.Event()
    inbox.look()
    inbox.hint(hinted.set)
    try:
        written(top / "sub" / "a.pdf", PDF)
        assert hinted.wait(5)
        time.sleep(0.3)
        hinted.clear()

        (top / "sub" / "a.pdf").read_bytes()
        written(top / ".guidang" / "x" / "pages.jsonl", b"{}")

        assert not hinted.wait(0.5)
    finally:
        inbox.close()


def test_events_begin_when_an_inbox_that_was_away_is_there(tmp_path: Path, clock: SetClock) -> None:
    top = tmp_path / "mounted later"
    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(0, 0)), clock, fault_of)
    hinted = threading.Event()
    inbox.hint(hinted.set)
    try:
        with pytest.raises(InboxUnusable):
            inbox.look()
        top.mkdir()
        inbox.look()
        time.sleep(0.2)
        hinted.clear()

        written(top / "a.pdf", PDF)

        assert hinted.wait(5)
    finally:
        inbox.close()


def test_folder_that_is_filled_while_it_is_claimed_is_given_back(top: Path) -> None:
    written(top / "new.pdf" / "a.pdf", PDF)

    with pytest.raises(ChangedAfterAll):
        claim(top / "new.pdf", None, top / ".guidang" / "one")

    assert (top / "new.pdf" / "a.pdf").read_bytes() == PDF


def test_backlog_is_not_looked_through_before_the_first_is_claimed(top: Path, clock: SetClock) -> None:
    """100,000 files: each would be opened to see whether it is whole before one of them is taken."""
    opened: list[Path] = []

    def find_fault(path: Path) -> Fault | None:
        opened.append(path)
        return None

    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(QUIET, PATIENCE)), clock, find_fault)
    for number in range(MOST_CLAIMS_A_LOOK + 50):
        written(top / f"{number}.pdf", PDF)

    looked(inbox, clock)

    assert len(opened) == MOST_CLAIMS_A_LOOK


def test_real_writer_in_real_time_is_left_alone_until_it_has_finished(top: Path) -> None:
    """A scanner that writes for a second, page by page, at its final name; looked at all the while."""
    whole = pdf_bytes(scanned_pdf(5))
    path = top / "scan.pdf"

    def write_slowly() -> None:
        with path.open("wb") as stream:
            for start in range(0, len(whole), len(whole) // 10):
                stream.write(whole[start : start + len(whole) // 10])
                stream.flush()
                time.sleep(0.1)

    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(0.25, 600)), SystemClock(), fault_of)
    writer = threading.Thread(target=write_slowly)
    writer.start()
    claimed: tuple[Scan, ...] = ()
    deadline = time.monotonic() + 20
    while not claimed and time.monotonic() < deadline:
        claimed = inbox.look()
        time.sleep(0.02)
    writer.join()

    assert [scan.path.read_bytes() for scan in claimed] == [whole]
