"""The journey of a file from a watched folder into the work folder, whatever the clerk, the scanner or the share does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from zope.interface.verify import verifyObject

from ingest.claim import is_scan_id, received_at
from ingest.durable import digests_of
from ingest.inbox import MOST_CLAIMS_A_LOOK, Inbox, InboxPlace
from ingest.interfaces import Fault, IInbox, ScanUnreadable
from ingest.settle import SettleRule
from ingest.wholeness import fault_of
from tests.ingest.inboxes import PATIENCE, PDF, QUIET, looked, standing_in
from tests.ingest.making import SetClock, jpeg_bytes, pdf_bytes, scanned_pdf, tiff_bytes, written


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
